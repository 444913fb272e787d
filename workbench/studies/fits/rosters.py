"""Which shifts do schedules plan, and who of those planned is not where the plan has them?

Shifts are start and end of an agent's planned day, with what lies between. Away from the plan are those
who do not come at all, come late, leave early, or are off the queue in between; agents' states show all
four, time sheets the first three, contacts alone only who took none.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from workbench.intake.dataset import Dataset
from workbench.metrics.adherence import FITTING_STATES, NO_STATE, planned_and_actual
from workbench.metrics.columns import SECOND_US, flags, times
from workbench.metrics.shrinkage import UNPAID
from workbench.metrics.timeline import in_force
from workbench.statistics.proportions import wilson
from workbench.studies.fits.log import Floats, Log, local_cells
from workbench.studies.fits.presence import AT_WORK, COVERED, ON_QUEUE

OFF_DAY = ("leave", "absence", "vacation", "sick", "holiday")
"""Activities that take a whole day."""
LATE_S = 60.0
"""Nearer than this to the plan is on time. [s]"""
NOT_THERE = (NO_STATE, "away")
HANDLING = ("handling", "acw")
"""States with a contact in hand, in their order."""
USUAL = 5.0
"""Contacts on an ordinary day of an agent from which a day without any says that nobody came."""
ENOUGH = 20
ROUND_S = 900


@dataclass(frozen=True)
class Planned:
    """What schedules plan: one row per agent and day, and one per activity away from contacts.

    shifts : agent (place in the log), day (since 1970), weekday, start_s, end_s (since local midnight,
        to a quarter of an hour), start_us, end_us (as planned), off (the activity that takes the whole day, or "").
    activities : agent, day, code, nth (of its kind that day), start_s, minutes, paid.
    """

    shifts: pd.DataFrame
    activities: pd.DataFrame

    @property
    def worked(self) -> pd.DataFrame:
        """The shifts that were not planned off."""
        return self.shifts[self.shifts["off"] == ""]


@dataclass(frozen=True)
class Away:
    """How people depart from the plan; each share with its 95 % interval and what it is of.

    Attributes
    ----------
    source : "agent_state", "timesheet" or "contacts".
    absent, late, early : (share, low, high, n of shifts); None where the source does not tell.
    late_s, early_s : how late and how early, of those. [s]
    off_queue : share of the time of a shift by state in which somebody was instead of on the queue.
    off_queue_in : share of the shifts in which that was so, by state.
    """

    source: str
    absent: tuple[float, float, float, int]
    late: tuple[float, float, float, int] | None = None
    early: tuple[float, float, float, int] | None = None
    late_s: Floats = field(default_factory=lambda: np.zeros(0))
    early_s: Floats = field(default_factory=lambda: np.zeros(0))
    off_queue: dict[str, float] = field(default_factory=dict)
    off_queue_in: dict[str, float] = field(default_factory=dict)


def planned(dataset: Dataset, log: Log) -> Planned | None:
    """Return what schedules plan for the agents of a log; None if they leave days with contacts out."""
    table = dataset.tables.get("schedule")
    if table is None or table.empty or not log.agents:
        return None
    plan = in_force(table)
    first, after = log.bounds_us
    agent = pd.Index(log.agents).get_indexer(plan["agent_id"].astype("str"))
    use = (agent >= 0) & (plan["start_us"] >= first) & (plan["start_us"] < after)
    plan = plan[use].assign(agent=agent[use])
    if plan.empty:
        return None
    day, _ = local_cells(plan["start_us"].to_numpy(), log.time_zone, log.interval_s)
    plan = plan.assign(day=_of_shift(plan["agent"].to_numpy(), day, plan["start_us"], plan["end_us"]))
    if np.isin(np.array(log.days), plan["day"].unique()).mean() < COVERED:
        return None
    paid, known = flags(table, "paid_flag")
    stated = pd.DataFrame({"paid": paid, "known": known}, index=table.index).loc[plan["row"]]
    plan["paid"] = np.where(stated["known"], stated["paid"], ~plan["label"].isin(UNPAID)).astype(bool)
    midnight = _midnight_us(plan["day"].to_numpy(), log.time_zone)
    for name in ("start", "end"):
        plan[f"{name}_s"] = (plan[f"{name}_us"].to_numpy() - midnight) / SECOND_US
    by = plan.groupby(["agent", "day"], sort=True)
    shifts = by.agg(
        start_s=("start_s", "min"), end_s=("end_s", "max"), start_us=("start_us", "min"), end_us=("end_us", "max"),
        on=("label", lambda s: bool((s == ON_QUEUE).any())), label=("label", "first"),
    ).reset_index()  # fmt: skip
    off = shifts["label"].where(~shifts["on"] & shifts["label"].isin(OFF_DAY), "")
    shifts = shifts.assign(
        off=off, weekday=(shifts["day"] + 3) % 7,
        start_s=np.round(shifts["start_s"] / ROUND_S) * ROUND_S, end_s=np.round(shifts["end_s"] / ROUND_S) * ROUND_S,
    )[shifts["on"] | (off != "")]  # fmt: skip
    away = plan[(plan["label"] != ON_QUEUE) & ~plan["label"].isin(OFF_DAY)].sort_values("start_us")
    away = away.assign(
        code=away["label"].astype("str"), minutes=(away["end_us"] - away["start_us"]) / (60 * SECOND_US),
        nth=away.groupby(["agent", "day", "label"]).cumcount() + 1,
    )  # fmt: skip
    columns = ["agent", "day", "code", "nth", "start_s", "minutes", "paid"]
    return Planned(shifts.drop(columns=["on", "label"]).reset_index(drop=True), away[columns])


def _of_shift(agent: np.ndarray, day: np.ndarray, start: pd.Series, end: pd.Series) -> np.ndarray:
    """Return the day on which each activity's shift began: what follows at once belongs to the shift."""
    order = np.lexsort((start.to_numpy(), agent))
    a, s, e, d = agent[order], start.to_numpy()[order], end.to_numpy()[order], day[order].copy()
    for i in range(1, len(a)):
        if a[i] == a[i - 1] and s[i] <= e[i - 1] + 3600 * SECOND_US and d[i] == d[i - 1] + 1:
            d[i] = d[i - 1]
    found = np.empty_like(d)
    found[order] = d
    return found


def _midnight_us(day: np.ndarray, zone: str) -> np.ndarray:
    days, place = np.unique(day, return_inverse=True)
    at = pd.to_datetime(days, unit="D").tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    return np.asarray(at.tz_convert("UTC").tz_localize(None).to_numpy("datetime64[us]").astype(np.int64))[
        place
    ]


def away_from_plan(dataset: Dataset, log: Log, plan: Planned) -> Away:
    """Return how people depart from the plan, by the best source that there is."""
    states, sheets = dataset.tables.get("agent_state"), dataset.tables.get("timesheet")
    if states is not None and not states.empty:
        found = _by_states(dataset, log, plan)
        if found is not None:
            return found
    if sheets is not None and not sheets.empty:
        found = _by_sheets(sheets, log, plan)
        if found is not None:
            return found
    return _by_contacts(log, plan)


def _by_states(dataset: Dataset, log: Log, plan: Planned) -> Away | None:
    schedule, states = dataset.tables["schedule"], dataset.tables["agent_state"]
    pieces = planned_and_actual(schedule, states)
    pieces = pieces.assign(agent=pd.Index(log.agents).get_indexer(pieces["agent_id"].astype("str")))
    at = pieces["start"].to_numpy("datetime64[us]").astype(np.int64)
    pieces = pieces[pieces["agent"] >= 0].assign(start_us=at[pieces["agent"] >= 0])
    worked = plan.worked.sort_values("start_us")
    pieces = pd.merge_asof(
        pieces.sort_values("start_us"),
        worked[["agent", "day", "start_us", "end_us"]].assign(begins=worked["start_us"]),
        on="start_us", by="agent",
    )  # fmt: skip
    pieces = pieces[pieces["start_us"] < pieces["end_us"]]
    there = pieces[~pieces["state"].isin(NOT_THERE)]
    watched = there["day"].unique()  # days on which anybody's states were kept
    pieces = pieces[pieces["day"].isin(watched)].assign(there=~pieces["state"].isin(NOT_THERE))
    if pieces.groupby(["agent", "day"]).ngroups < ENOUGH:
        return None
    by = pieces.groupby(["agent", "day"])
    spans = by.agg(begins=("begins", "first"), ends=("end_us", "first"), came=("there", "any"))
    seen = pieces[pieces["there"]].assign(
        until=lambda t: t["start_us"] + (t["seconds"] * SECOND_US).astype("int64")
    )
    edge = seen.groupby(["agent", "day"]).agg(first=("start_us", "min"), last=("until", "max"))
    spans = spans.join(edge)
    came = spans[spans["came"]]
    late = ((came["first"] - came["begins"]) / SECOND_US).to_numpy(float)
    early = ((came["ends"] - came["last"]) / SECOND_US).to_numpy(float)
    inside = pieces.merge(edge.reset_index(), on=["agent", "day"])
    inside = inside[(inside["start_us"] >= inside["first"]) & (inside["start_us"] < inside["last"])]
    return Away(
        "agent_state", _share(int((~spans["came"]).sum()), len(spans)),
        _share(int((late > LATE_S).sum()), len(late)), _share(int((early > LATE_S).sum()), len(early)),
        late[late > LATE_S], early[early > LATE_S],
        *_off_queue(inside, float((came["ends"] - came["begins"]).sum()) / SECOND_US, len(came)),
    )  # fmt: skip


def _off_queue(inside: pd.DataFrame, shift_s: float, n: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return, by state instead of the queue, its share of shift time, and of the shifts in which it was.

    Work in a planned break counts against the break; not the contact in hand when the break was to begin, since a
    simulated agent also finishes that one first.
    """
    lost = inside[(inside["activity"] == ON_QUEUE) & ~inside["state"].isin(AT_WORK)]
    lost = lost.assign(name=lost["state"].astype("str").replace(NO_STATE, "away"))
    share = lost.groupby("name")["seconds"].sum()
    shifts = lost.drop_duplicates(["agent", "day", "name"]).groupby("name").size()
    worked = inside[(inside["activity"] != ON_QUEUE) & inside["state"].isin(AT_WORK) & ~_in_hand(inside)]
    for activity, seconds in worked.groupby("activity", observed=True)["seconds"].sum().items():
        state = FITTING_STATES.get(str(activity), (str(activity),))[0]
        if state in share.index:
            share[state] -= seconds
    part = {str(name): max(float(s), 0.0) / max(shift_s, 1.0) for name, s in share.items()}
    part = {name: value for name, value in sorted(part.items()) if value >= 0.002}
    return part, {name: float(shifts[name]) / max(n, 1) for name in part}


def _in_hand(inside: pd.DataFrame) -> pd.Series:
    """Return which pieces of planned time go to the contact that was in hand when it began."""
    by_time = inside.sort_values(["schedule_row", "start_us"], kind="stable")
    of, state = by_time["schedule_row"], by_time["state"].astype("str")
    before = state.groupby(of).shift()
    over = ~state.isin(HANDLING) | ((state == HANDLING[0]) & before.notna())
    return (over.groupby(of).cumsum() == 0).reindex(inside.index)


def _by_sheets(sheets: pd.DataFrame, log: Log, plan: Planned) -> Away | None:
    agent = pd.Index(log.agents).get_indexer(sheets["agent_id"].astype("str"))
    day = pd.to_datetime(sheets["date"]).to_numpy("datetime64[D]").astype(np.int64)
    own = pd.DataFrame(
        {"agent": agent, "day": day, "first": times(sheets, "clock_in"), "last": times(sheets, "clock_out")}
    )
    own = own[own["agent"] >= 0].groupby(["agent", "day"]).agg(first=("first", "min"), last=("last", "max"))
    worked = plan.worked
    worked = worked[worked["day"].isin(own.index.get_level_values("day").unique())]
    if len(worked) < ENOUGH:
        return None
    both = worked.set_index(["agent", "day"]).join(own)
    clocked = both["first"].notna()
    came = both[clocked]
    late = (
        came["first"].to_numpy("datetime64[us]").astype(np.int64) - came["start_us"].to_numpy()
    ) / SECOND_US
    out = came[came["last"].notna()]
    early = (out["end_us"].to_numpy() - out["last"].to_numpy("datetime64[us]").astype(np.int64)) / SECOND_US
    return Away(
        "timesheet", _share(int((~clocked).sum()), len(both)),
        _share(int((late > LATE_S).sum()), len(late)), _share(int((early > LATE_S).sum()), len(early)),
        late[late > LATE_S], early[early > LATE_S],
    )  # fmt: skip


def _by_contacts(log: Log, plan: Planned) -> Away:
    rows = log.rows[log.rows["agent"] >= 0]
    took = rows.groupby(["agent", "day"]).size()
    both = plan.worked.set_index(["agent", "day"]).index
    n = took.reindex(both).fillna(0.0)
    usual = n[n > 0].groupby("agent").mean().reindex(both.get_level_values("agent")).fillna(0.0).to_numpy()
    use = usual >= USUAL
    return Away("contacts", _share(int((n.to_numpy()[use] == 0).sum()), int(use.sum())))


def _share(count: int, n: int) -> tuple[float, float, float, int]:
    if not n:
        return 0.0, 0.0, 1.0, 0
    around = wilson(count, n)
    return count / n, float(around.low or 0.0), float(around.high or 0.0), n
