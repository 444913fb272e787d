"""Which people with which shifts, absences, learning and turnover work a week? Groups, from schedules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.intake.dataset import Dataset
from workbench.metrics.columns import times as moments
from workbench.studies.fits.arrivals import open_days, weekday_of
from workbench.studies.fits.durations import ENOUGH, empirical
from workbench.studies.fits.floor import FloorFit
from workbench.studies.fits.groups import Teams
from workbench.studies.fits.log import Floats, Ints, Log
from workbench.studies.fits.rosters import Away, Planned
from workbench.studies.fits.rounding import always_covered, covered_by, rounded
from workbench.studies.fits.variation import EDGES_WEEKS, Variation, weeks_at

COMMON = 0.8
"""Share of the shifts of a kind in which an activity has to be for it to be a part of the shift."""
MOST_WAVES = 8
DISTINCT = 20
"""Values kept of how late people come."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CURVE = "learning"


@dataclass(frozen=True)
class Workforce:
    """People of a scenario.

    Attributes
    ----------
    groups, shifts, curves : as a scenario writes them.
    table : one row per figure: figure, value, low, high, n, what, grade.
    """

    groups: dict[str, Any]
    shifts: dict[str, Any]
    curves: dict[str, Any]
    table: pd.DataFrame


def workforce(
    dataset: Dataset, fit: FloorFit, log: Log, teams: Teams, plan: Planned, away: Away, varies: Variation,
    times: float = 1.0,
) -> Workforce:  # fmt: skip
    """Return the people of a week from what schedules plan and how people depart from it.

    `log` : the days that `plan` covers; the fit may rest on more. `times` : so many times the people of the plan.
    """
    worked = plan.worked.assign(team=teams.of[plan.worked["agent"].to_numpy()])
    kinds = worked.groupby(["team", "start_s", "end_s"], sort=True).ngroup()
    worked = worked.assign(kind=kinds)
    of_kind = worked.groupby("kind")[["team", "start_s", "end_s"]].first()
    planned_off = _planned_off(plan)
    new = _new_people(worked, varies, len(teams.names))
    attrition = _attrition(dataset, fit.log)
    stays = 1.0 - _gone([] if attrition is None else attrition[0], new)
    mean = _by_weekday(log, worked, len(of_kind)) / max(1.0 - sum(planned_off.values()), 0.05)
    whole = _whole(log, worked, of_kind, mean * times / stays[of_kind["team"].to_numpy(), None], teams)
    activities, spells = _activities(plan, worked)
    shifts: dict[str, Any] = {}
    groups: dict[str, Any] = {}
    for team in range(len(teams.names)):
        people: dict[str, Any] = {}
        for kind in of_kind.index[of_kind["team"] == team]:
            start, end = (float(of_kind.loc[kind, name]) for name in ("start_s", "end_s"))
            for days, count in peeled(whole[int(kind)]):
                name = f"{_clock(start)} to {_clock(end)}, {_named(days)}"
                most = max(count, shifts[name]["most"]) if name in shifts else count
                shifts[name] = {
                    "start": _clock(start), "end": _clock(end), "days": list(days), "most": most,
                    "activities": activities.get((start, end), {}),
                }  # fmt: skip
                people[name] = {"count": count, "shift": name}
        if people:
            groups[f"group {team + 1}"] = _group(
                fit, teams, team, people, new[team], away, spells, planned_off, varies
            )
    for shift in shifts.values():
        shift["activities"] = _in_waves(shift["activities"], shift.pop("most"))
    if attrition is not None:
        for group in groups.values():
            group["attrition"] = {"weekly": [round(p, 5) for p in attrition[0]]}
    curves = {CURVE: {"handle": list(varies.curve)}} if varies.curve else {}
    return Workforce(groups, shifts, curves, _table(away, spells, planned_off, new, attrition))


def _group(
    fit: FloorFit, teams: Teams, team: int, people: dict[str, Any], new: New,
    away: Away, spells: dict[str, tuple[float, float]], planned_off: dict[str, float], varies: Variation,
) -> dict[str, Any]:  # fmt: skip
    group: dict[str, Any] = {
        "people": people, "skills": teams.skills(team), "handle_factor": round(teams.handle_factor[team], 4),
    }  # fmt: skip
    if varies.curve:
        # the group's own factor holds its new people too: what the curve says of them is taken off it
        group["handle_factor"] = round(
            teams.handle_factor[team] / _mean_curve(fit.log, teams, team, varies), 4
        )
        group["learning"] = CURVE
        group["people"] = dict(_with_tenure(people, new))
    shrinkage = {
        name: {"share": round(share, 4), "planned": True} for name, share in planned_off.items() if share
    }
    if away.absent[0]:
        shrinkage["absent"] = {"share": round(away.absent[0], 4)}
    for name, (share, among) in spells.items():
        shrinkage[f"planned {name}"] = {**_spell(share, among), "planned": True}
    for name, share in away.off_queue.items():
        shrinkage[f"unplanned {name}"] = _spell(share, away.off_queue_in.get(name, 1.0))
    if shrinkage:
        group["shrinkage"] = shrinkage
    adherence: dict[str, Any] = {}
    for name, how_many, by in (("late", away.late, away.late_s), ("early", away.early, away.early_s)):
        if how_many is not None and how_many[0] > 0 and len(by) >= ENOUGH:
            law = empirical(np.quantile(by, (np.arange(DISTINCT) + 0.5) / DISTINCT))
            law = law.model_copy(update={"mean_s": round(float(by.mean()), 1)})
            adherence |= {
                name: round(how_many[0], 4),
                f"{name}_by": law.model_dump(mode="json", exclude_defaults=True),
            }
    if adherence:
        group["adherence"] = adherence
    return group


def _spell(share: float, among: float) -> dict[str, Any]:
    """Return time away within a shift: rare and long is not often and short, of which a contact in hand eats much."""
    return {"share": round(share, 4), "whole_days": False, "in_shifts": round(max(among, share), 4)}


def _by_weekday(log: Log, worked: pd.DataFrame, n_kinds: int) -> Floats:
    """Return the mean number of people per kind of shift and weekday, over the days that are open."""
    days, _ = open_days(log)
    open_per = np.bincount(weekday_of(days), minlength=7)
    use = worked["day"].isin(days)
    counts = np.zeros((n_kinds, 7))
    np.add.at(counts, (worked["kind"].to_numpy()[use], worked["weekday"].to_numpy()[use]), 1.0)
    return counts / np.maximum(open_per, 1)


def _whole(log: Log, worked: pd.DataFrame, of_kind: pd.DataFrame, mean: Floats, teams: Teams) -> Ints:
    """Return whole people per kind of shift and weekday, rounded against who is on duty for each queue."""
    team = of_kind["team"].to_numpy()
    queues = sorted({queue for names in teams.names for queue in names})
    asked = [set(range(len(teams.names)))]
    asked += [{t for t, names in enumerate(teams.names) if queue in names} for queue in queues]
    asked += [{t} for t in range(len(teams.names))]
    members = [frozenset(one) for one in asked]
    sets = [np.isin(team, sorted(one)) for one in dict.fromkeys(members)]
    days, _ = open_days(log)
    always = []
    for own in sets:
        rows = worked[own[worked["kind"].to_numpy()]]
        day, start, end = (rows[name].to_numpy() for name in ("day", "start_s", "end_s"))
        always.append(always_covered(day, start, end, days, weekday_of(days), log.interval_s))
    cover = covered_by(of_kind["start_s"].to_numpy(), of_kind["end_s"].to_numpy(), log.interval_s)
    return rounded(mean, cover, sets, np.stack(always))


def peeled(counts: np.ndarray) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield sets of weekdays with a number of people who work all of them, so that `counts` are met."""
    left = np.array(counts, np.int64)
    while (left > 0).any():
        days = np.flatnonzero(left > 0)
        n = int(left[days].min())
        yield tuple(int(d) for d in days), n
        left[days] -= n


def _planned_off(plan: Planned) -> dict[str, float]:
    n = max(len(plan.shifts), 1)
    return {str(k): v / n for k, v in plan.shifts["off"].value_counts().items() if k}


def _activities(
    plan: Planned, worked: pd.DataFrame
) -> tuple[dict[tuple[float, float], dict[str, Any]], dict[str, tuple[float, float]]]:
    """Return activities of each kind of shift; and of the rarer ones the share of shift time and of shifts."""
    table = plan.activities.merge(worked[["agent", "day", "start_s", "end_s"]].rename(
        columns={"start_s": "from_s", "end_s": "to_s"}), on=["agent", "day"])  # fmt: skip
    n = worked.groupby(["start_s", "end_s"]).size()
    found: dict[tuple[float, float], dict[str, Any]] = {}
    rest: dict[str, float] = {}
    seen: dict[str, int] = {}
    several = table.groupby("code")["nth"].max()
    for (start, end, code, nth), rows in table.groupby(["from_s", "to_s", "code", "nth"]):
        if len(rows) < COMMON * n[start, end]:
            rest[str(code)] = rest.get(str(code), 0.0) + float(rows["minutes"].sum()) * 60.0
            seen[str(code)] = seen.get(str(code), 0) + len(rows)
            continue
        one: dict[str, Any] = {
            "starts_s": rows["start_s"].to_numpy(float), "minutes": round(float(rows["minutes"].mean()), 1),
        }  # fmt: skip
        if not rows["paid"].mean() >= 0.5:
            one["paid"] = False
        name = f"{code} {nth}" if several[code] > 1 else str(code)
        found.setdefault((float(start), float(end)), {})[name] = one
    whole = float((worked["end_s"] - worked["start_s"]).sum())
    rare = {code: (s / whole, min(seen[code] / len(worked), 1.0)) for code, s in sorted(rest.items())}
    return found, {code: parts for code, parts in rare.items() if parts[0] >= 0.002}


def _in_waves(activities: dict[str, Any], most: int) -> dict[str, Any]:
    """Return activities as a scenario writes them, for blocks of at most so many people.

    Who takes which wave goes by the place in the block, so a block of one person would always take the first:
    waves are no more than people, evenly spread over when the activity began.
    """
    found = {}
    for name, one in activities.items():
        starts = one["starts_s"]
        waves = int(min(MOST_WAVES, most, max(1, len(np.unique(starts.round(-2))))))
        low, high = np.quantile(starts, [0.5 / waves, 1 - 0.5 / waves])
        found[name] = {"start": _clock(round(float(low) / 60) * 60), **one}
        del found[name]["starts_s"]
        if waves > 1 and high > low:
            found[name] |= {"waves": waves, "wave_minutes": round(float(high - low) / 60 / (waves - 1), 1)}
    return found


@dataclass(frozen=True)
class New:
    """People of a group who are on the learning curve: share of its shifts, and their tenure then. [weeks]"""

    share: float
    weeks: Floats


def _new_people(worked: pd.DataFrame, varies: Variation, n_teams: int) -> list[New]:
    """Return, by team, who is new: on the days that staffing and handle times are means of, not on the last one."""
    weeks = weeks_at(varies.start_day[worked["agent"].to_numpy()], worked["day"].to_numpy())
    found = []
    for team in range(n_teams):
        own = weeks[worked["team"].to_numpy() == team]
        new = np.sort(own[own < EDGES_WEEKS[-1]])
        found.append(New(len(new) / max(len(own), 1), new))
    return found


def _gone(hazard: list[float], new: list[New]) -> Floats:
    """Return, by team, the share of a week's work that goes with those who leave in it.

    The recorded weeks have no such holes: who had left was not planned any more. Who leaves in a week does so at any
    moment of it, so that half of the week is lost.
    """
    if not hazard:
        return np.zeros(len(new))
    early = [
        one.share * float((one.weeks < len(hazard) - 1).mean()) if len(one.weeks) else 0.0 for one in new
    ]
    share = np.array(early)
    return (share * hazard[0] + (1.0 - share) * hazard[-1]) / 2.0


def _with_tenure(people: dict[str, Any], new: New) -> Iterator[tuple[str, Any]]:
    """Yield blocks of people, of which a share is new: largest remainders over the blocks.

    The new people of all blocks together have the tenure of the shifts: each the middle of an equal part of it.
    """
    counts = np.array([block["count"] for block in people.values()], float)
    n_new = round(new.share * counts.sum())
    exact = counts * (n_new / max(counts.sum(), 1.0))
    whole = np.floor(exact + 1e-9).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: n_new - int(whole.sum())]] += 1
    before = 0
    for (name, block), n in zip(people.items(), whole, strict=True):
        if block["count"] > n:
            yield name, {**block, "count": int(block["count"] - n)}
        if n:
            places = [(before + 0.5) / n_new] if n == 1 else [before / n_new, (before + n) / n_new]
            tenure = [round(float(w), 1) for w in np.quantile(new.weeks, places)]
            before += int(n)
            one = tenure[0] if tenure[0] == tenure[-1] else tenure
            yield f"{name}, new", {**block, "count": int(n), "tenure_weeks": one}


def _mean_curve(log: Log, teams: Teams, team: int, varies: Variation) -> float:
    rows = log.rows[log.rows["answered"] & (log.rows["agent"] >= 0)]
    agent = rows["agent"].to_numpy()
    use = teams.of[agent] == team
    if not use.any():
        return 1.0
    weeks = weeks_at(varies.start_day[agent[use]], rows["day"].to_numpy()[use])
    return float(varies.curve_at(weeks).mean())


def _attrition(dataset: Dataset, log: Log) -> tuple[list[float], int, int] | None:
    """Return the probability to leave by week of tenure, leavers, and person-weeks; None without a roster.

    One hazard for people on their first 13 weeks and one for later, each leavers over weeks at risk.
    """
    hris = dataset.tables.get("hris")
    if hris is None or hris.empty:
        return None
    if "role" in hris.columns:
        hris = hris[hris["role"].isna() | (hris["role"] == "agent")]
    began, gone = (
        moments(hris, n).astype("datetime64[D]").astype(float) for n in ("start_date", "term_date")
    )
    began, gone = (np.where(x < -1e6, np.nan, x) for x in (began, gone))
    first, last = (
        float(np.datetime64(str(d), "D").astype(np.int64)) for d in (log.period.start, log.period.end)
    )
    early = 7.0 * EDGES_WEEKS[3]
    hazards, leavers, risk = [], 0, 0.0
    for low, high in ((0.0, early), (early, 1e6)):
        enter = np.maximum(first, began + low)
        until = np.fmin(np.fmin(last + 1, gone + 1), began + high)
        weeks = float(np.nansum(np.maximum(until - enter, 0.0))) / 7.0
        n = int(np.nansum((gone >= enter) & (gone < began + high) & (gone <= last)))
        hazards.append(n / weeks if weeks else np.nan)
        leavers, risk = leavers + n, risk + weeks
    if leavers < ENOUGH or not risk:
        return None
    hazards = [leavers / risk if np.isnan(h) else h for h in hazards]
    return [*[hazards[0]] * EDGES_WEEKS[3], hazards[1]], leavers, round(risk)


_FROM = {
    "agent_state": ("from agents' states", "M"), "timesheet": ("from time sheets", "M"),
    "contacts": ("shifts in which the agent took no contact", "A"),
}  # fmt: skip


def _table(
    away: Away, spells: dict[str, tuple[float, float]], planned_off: dict[str, float],
    new: list[New], attrition: tuple[list[float], int, int] | None,
) -> pd.DataFrame:  # fmt: skip
    said, grade = _FROM[away.source]
    rows: list[tuple[str, float, float, float, int, str, str]] = []
    nan, n = float("nan"), away.absent[3]
    for name, share in (("absent", away.absent), ("late", away.late), ("leave early", away.early)):
        if share is not None:
            rows.append((f"{name}, share of shifts", *share[:3], share[3], said, grade))
    for name, by in (("late by [s]", away.late_s), ("early by [s]", away.early_s)):
        if len(by):
            half = 1.96 * float(by.std()) / np.sqrt(len(by))
            rows.append(
                (
                    name,
                    float(by.mean()),
                    float(by.mean()) - half,
                    float(by.mean()) + half,
                    len(by),
                    said,
                    grade,
                )
            )
    rows += [
        (f"unplanned {k}, share of shift time", v, nan, nan, n, said, grade)
        for k, v in away.off_queue.items()
    ]
    rows += [(f"planned {k}, share of shift time", v[0], nan, nan, n, "in schedules, not in every shift", "D")
             for k, v in spells.items()]  # fmt: skip
    rows += [
        (f"planned {k}, share of shifts", v, nan, nan, n, "in schedules", "D") for k, v in planned_off.items()
    ]
    rows += [(f"on the learning curve in group {i + 1}", one.share, nan, nan, n,
              "shifts of people with less than 26 weeks of tenure", "M")
             for i, one in enumerate(new) if one.share]  # fmt: skip
    if attrition is not None:
        hazards, leavers, weeks = attrition
        for name, p in (
            ("leave in a week, first 13 weeks", hazards[0]),
            ("leave in a week, later", hazards[-1]),
        ):
            rows.append((name, p, nan, nan, leavers, f"leavers over {weeks:,} weeks of people, roster", "D"))
    return pd.DataFrame(rows, columns=["figure", "value", "low", "high", "n", "what", "grade"])


def _clock(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _named(days: tuple[int, ...]) -> str:
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{WEEKDAYS[days[0]]} to {WEEKDAYS[days[-1]]}"
    return " ".join(WEEKDAYS[d] for d in days)
