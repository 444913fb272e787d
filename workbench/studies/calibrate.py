"""Which scenario does a log describe? A fitted week, with a report on every part of it.

From contacts: arrivals, handle times, patience, retrials, who was there. From interval counts alone: what
these identify, and a list of what they do not. Whatever nobody recorded is listed with its grade: M measured,
D documentary, A assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import DataError
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.metrics.resolution import fcr
from workbench.metrics.transfers import escalation_rate, transfer_rate
from workbench.sim.scenario import Scenario
from workbench.studies.fits.arrivals import Profile, correlation, fit_profile, open_days, weekday_of
from workbench.studies.fits.assumed import assumptions
from workbench.studies.fits.durations import Fitted
from workbench.studies.fits.floor import FloorFit, fit_floor, foreseen, presence_of, queues_of
from workbench.studies.fits.follow_ups import Retrials, fit_retrials
from workbench.studies.fits.from_intervals import scenario_of_intervals
from workbench.studies.fits.log import Floats, Log, local_cells, read_log
from workbench.studies.fits.presence import Presence, on_duty_s
from workbench.studies.fits.reproduce import Reproduced, reproduce
from workbench.studies.replicate import Results, replicate

STAFFING_DRAWS = 12
FEWEST = 50
"""Contacts below which nothing is fitted."""
WEEKS, WEEK_SEED = 20, 1
SHARED = 0.3
"""Lines whose days correlate by more than this share one factor of busyness."""


@dataclass(frozen=True)
class Calibration:
    """A scenario and what it rests on.

    Attributes
    ----------
    scenario : a week from Monday, with rates, handle times, patience and staffing as fitted.
    tables : the fit report as frames, by name: lines, families, arrivals, staffing, figures ...
    assumed : what nobody recorded: pairs of text and grade.
    not_identifiable : what the data cannot tell, in words.
    reproduced : how well the simulator gives the fitted days back; None from interval counts.
    """

    scenario: Scenario
    period: Period
    tables: Mapping[str, pd.DataFrame]
    assumed: tuple[tuple[str, str], ...]
    not_identifiable: tuple[str, ...] = ()
    reproduced: Reproduced | None = None
    fit: FloorFit | None = field(default=None, repr=False)

    def to_data(self) -> dict[str, Any]:
        """Return the report as plain data for JSON."""
        return {
            "scenario": self.scenario.to_data(),
            "period": f"{self.period.start}:{self.period.end}",
            "tables": {name: _records(table) for name, table in self.tables.items()},
            "assumed": [{"what": what, "grade": grade} for what, grade in self.assumed],
            "not_identifiable": list(self.not_identifiable),
        }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): None if v != v else v for k, v in row.items()} for row in table.to_dict("records")]


def calibrate(
    dataset: Dataset, period: Period | None = None, *, interval_s: int = 1800, fit_factors: bool = True
) -> Calibration:
    """Return the scenario that a client's data describe, with the report on its fit.

    Parameters
    ----------
    period : the days to fit; None: those of the dataset.
    fit_factors : also fit the two factors that reproduce the days; see `fits.reproduce`.

    Raises
    ------
    DataError
        if there are neither enough contacts nor interval counts.
    """
    contacts, intervals = dataset.tables.get("contacts"), dataset.tables.get("intervals")
    if contacts is None or contacts.empty:
        if intervals is None or intervals.empty:
            raise DataError(
                f"{dataset.client.name}: there is neither a contact nor an interval, and one of them is what a "
                "scenario is fitted on. Hand over contacts, or intervals with offered, aht_s and staffed_s."
            )
        made = scenario_of_intervals(dataset, period)
        return Calibration(made.scenario, made.period, made.tables, made.assumed, made.not_identifiable)
    log = read_log(dataset, interval_s)
    if period is not None:
        log = log.part(period)
    if len(log.rows) < FEWEST:
        raise DataError(
            f"{dataset.client.name}, {log.period}: {len(log.rows)} contacts were answered or abandoned, and "
            f"{FEWEST} are needed to fit anything. Hand over a longer log."
        )
    term = dataset.client.sla_terms[0] if dataset.client.sla_terms else None
    threshold, short = (term.threshold_s, term.short_abandon_s) if term else (20.0, 5.0)
    fit, reproduced = fit_floor(log), None
    if fit_factors:
        fit, reproduced = reproduce(fit, dataset, threshold)
    profiles = [fit_profile(log, i) for i in range(len(log.lines))]
    together = correlation(profiles)
    retrials = fit_retrials(log)
    presence = presence_of(dataset, fit, log)
    staffing = staffing_by_week(log, presence)
    scenario = _scenario(dataset, fit, profiles, together, retrials, presence, threshold, short)
    _, closed = open_days(log)
    week = replicate(scenario, WEEKS, WEEK_SEED)
    tables = {
        "lines": _lines_table(log, fit),
        "families": _families_table(log, fit),
        "arrivals": _arrivals_table(log, profiles),
        "staffing": staffing,
        "agents": pd.DataFrame({"agent": range(1, len(fit.speed) + 1), "handle_factor": fit.speed}),
        "figures": _figures_table(dataset, log, retrials, reproduced, fit, week),
    }
    found = [*assumptions(dataset, fit, presence.source), *_notes(log, closed, together, retrials)]
    return Calibration(scenario, log.period, tables, tuple(found), (), reproduced, fit)


def weekly(
    log: Log, presence: Presence, of: Callable[[np.ndarray], np.ndarray] | None = None
) -> tuple[Floats, Floats, Floats, np.ndarray]:
    """Return people at work by weekday and interval, how they vary, and the days behind each.

    Parameters
    ----------
    of : says which spells count, from their agents; None: all.

    Returns
    -------
    arrays of shape (7 × intervals per day,): mean over days and draws; standard deviation between days;
        standard deviation of the mean between draws; days.
    """
    first, after = log.bounds_us
    edges = np.arange(first, after + 1, log.interval_s * 1_000_000)
    draws = []
    for i in range(STAFFING_DRAWS):
        agent, start, end = presence.draw(np.random.default_rng(i))
        use = np.ones(len(agent), bool) if of is None else of(agent)
        draws.append(on_duty_s((agent[use], start[use], end[use]), edges) / log.interval_s)
    day, slot = local_cells(edges[:-1], log.time_zone, log.interval_s)
    days, _ = open_days(log)
    use = np.isin(day, days)
    cell = (weekday_of(day) * log.n_slots + slot)[use]
    n = np.bincount(cell, minlength=7 * log.n_slots)
    per = np.maximum(n, 1)
    means = np.stack([np.bincount(cell, row[use], len(n)) for row in draws]) / per
    centre = np.mean(draws, axis=0)[use]
    square = np.bincount(cell, centre**2, len(n)) / per - means.mean(axis=0) ** 2
    return means.mean(axis=0), np.sqrt(np.maximum(square, 0.0)), means.std(axis=0), n


def staffing_by_week(log: Log, presence: Presence) -> pd.DataFrame:
    """Return people at work by weekday and interval, with how sure that is.

    Returns
    -------
    DataFrame with weekday (0 Monday), slot, people, sd_days (between days), sd_inferred (of the mean,
        between draws of who was there), n_days.
    """
    people, sd_days, sd_inferred, n_days = weekly(log, presence)
    return pd.DataFrame(
        {
            "weekday": np.repeat(np.arange(7), log.n_slots),
            "slot": np.tile(np.arange(log.n_slots), 7),
            "people": people,
            "sd_days": sd_days,
            "sd_inferred": sd_inferred,
            "n_days": n_days,
        }
    )


def _scenario(
    dataset: Dataset, fit: FloorFit, profiles: list[Profile], together: float | None, retrials: Retrials,
    presence: Presence, threshold_s: float, short_s: float,
) -> Scenario:  # fmt: skip
    log = fit.log
    arrivals = [foreseen(p) for p in profiles]
    if together is not None and together > SHARED:
        for one in arrivals:
            if "day_factor" in one:
                one["day_factor"]["name"] = "the day"
    queues = queues_of(fit, arrivals, threshold_s, short_s)
    if retrials.probability:
        _with_retrials(queues, fit, retrials)
    monday = log.period.end + timedelta(days=1)
    monday += timedelta(days=(-monday.weekday()) % 7)
    return Scenario.parse(
        {
            "name": dataset.client.id,
            "note": f"Fitted on {log.period}: {len(log.rows):,} contacts. See the fit report for what is assumed.",
            "time": {
                "start": f"{monday}T00:00:00", "zone": log.time_zone, "days": 7, "interval_s": log.interval_s,
            },
            "queues": queues,
            "groups": groups_of(fit, presence),
            "routing": {"agent": "longest_idle", "queue": "priority"},
            "money": {"currency": dataset.client.currency},
        },
        "the fitted scenario",
    )  # fmt: skip


def _with_retrials(queues: dict[str, Any], fit: FloorFit, retrials: Retrials) -> None:
    """Add retrials, and take them off the arrivals, of which the log counts them as a part."""
    delay = retrials.delay
    for line, known in zip(fit.log.lines, fit.lines, strict=True):
        queue = queues[line.name]
        back = (retrials.probability or 0.0) * known.abandoned / max(known.offered, 1)
        queue["arrivals"]["per_hour"] = [round(r * (1.0 - back), 4) for r in queue["arrivals"]["per_hour"]]
        rule: dict[str, Any] = {
            "after": "abandoned", "kind": "retrial", "probability": round(float(retrials.probability or 0.0), 4),
        }  # fmt: skip
        if delay is not None:
            rule["delay"] = delay.model_dump(mode="json", exclude_defaults=True)
        queue["follow_ups"] = {"tries again": rule}


def groups_of(fit: FloorFit, presence: Presence) -> dict[str, Any]:
    """Return groups of people with the same queues, with counts by weekday and interval.

    An agent serves the queues of at least 2 % of the contacts taken; sets of queues that few have become
    one group that serves everything. Whole people are shared out by largest remainders, so that rounding
    moves the total of an interval by no more than a half.
    """
    log = fit.log
    queues = np.array([line.queue for line in log.lines])
    every = tuple(sorted(set(queues.tolist())))
    rows = log.rows[log.rows["agent"] >= 0]
    taken: dict[tuple[str, ...], float] = {}
    own: dict[int, tuple[str, ...]] = {}
    if len(rows):
        counts = pd.crosstab(rows["agent"], pd.Series(queues[rows["line"].to_numpy()], index=rows.index))
        for agent, row in counts.iterrows():
            served = tuple(str(q) for q in row.index[row >= 0.02 * row.sum()])
            own[int(str(agent))] = served
            taken[served] = taken.get(served, 0.0) + float(row.sum())
    whole = sum(taken.values())
    names = sorted(
        (served for served in taken if taken[served] >= 0.05 * whole), key=lambda n: (-taken[n], n)
    )
    covered = {queue for served in names for queue in served}
    if every not in names and (covered != set(every) or len(names) < len(taken) or not names):
        names.append(every)
    number = {served: i for i, served in enumerate(names)}
    group = {agent: number.get(served, number.get(every, 0)) for agent, served in own.items()}
    spare = number.get(every, 0)
    group_of = np.array([group.get(a, spare) for a in range(max(len(log.agents), 1))])

    def members(i: int) -> Callable[[np.ndarray], np.ndarray]:
        return lambda agent: group_of[np.minimum(agent, len(group_of) - 1)] == i

    present = np.stack([weekly(log, presence, members(i))[0] for i in range(len(names))])
    if not covered >= set(every) and every in number and not present[number[every]].any():
        # nobody was seen with all queues: those of the largest group serve what nobody else does
        names[0] = tuple(sorted({*names[0], *(set(every) - covered)}))
    shared = shared_out(present)
    weight = np.bincount(rows["agent"], minlength=len(fit.speed)) if len(rows) else np.zeros(0)
    found = {}
    for i, served in enumerate(names):
        if not shared[i].any():
            continue
        own_agents = [a for a in group if group[a] == i]
        factor = 1.0
        if own_agents:
            factor = float(np.average(fit.speed[own_agents], weights=weight[own_agents]))
        found[f"group {i + 1}"] = {
            "agents": [int(n) for n in shared[i]],
            "skills": {f"skill {queue}": 1 for queue in served},
            "handle_factor": round(factor, 4),
        }
    return found


def shared_out(people: Floats) -> np.ndarray:
    """Return whole people by group and interval: totals rounded, groups by largest remainder."""
    total = np.rint(people.sum(axis=0)).astype(np.int64)
    sums = people.sum(axis=0)
    exact = people * np.divide(total, sums, out=np.zeros(len(sums)), where=sums > 0)
    whole = np.floor(exact + 1e-9).astype(np.int64)
    rest = total - whole.sum(axis=0)
    order = np.argsort(-(exact - whole), axis=0, kind="stable")
    rank = np.argsort(order, axis=0, kind="stable")
    return np.asarray(whole + (rank < rest[None, :]))


def _fitted_row(part: str, line: str, fit: Fitted | None) -> tuple[Any, ...]:
    if fit is None:
        return (line, part, "", np.nan, 0, 0, "nothing to fit")
    return (line, part, fit.chosen.family, fit.chosen.mean, fit.n, fit.events, fit.reason)


def _lines_table(log: Log, fit: FloorFit) -> pd.DataFrame:
    rows = [
        _fitted_row(part, line.name, getattr(known, part))
        for line, known in zip(log.lines, fit.lines, strict=True)
        for part in ("talk", "hold", "acw", "patience")
    ]
    return pd.DataFrame(rows, columns=["line", "part", "family", "mean_s", "n", "events", "reason"])


def _families_table(log: Log, fit: FloorFit) -> pd.DataFrame:
    frames = [
        known_part.comparison.assign(line=line.name, part=part)
        for line, known in zip(log.lines, fit.lines, strict=True)
        for part in ("talk", "patience")
        if (known_part := getattr(known, part)) is not None and part not in known.pooled
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _arrivals_table(log: Log, profiles: list[Profile]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (line.name, p.n, p.days, p.day_shape or np.nan, p.interval_shape or np.nan)
            for line, p in zip(log.lines, profiles, strict=True)
        ],
        columns=["line", "contacts", "days", "day_shape", "interval_shape"],
    )


def _figures_table(
    dataset: Dataset,
    log: Log,
    retrials: Retrials,
    reproduced: Reproduced | None,
    fit: FloorFit,
    week: Results,
) -> pd.DataFrame:
    """Return figures that are measured beside the scenario: mean, interval, n and what they are."""
    first, after = log.period.bounds(log.time_zone)
    contacts = dataset.tables["contacts"]
    contacts = contacts[contacts["offered_ts"].between(first, after, inclusive="left")]
    rows: list[tuple[str, float | None, float | None, float | None, int, str]] = [
        ("retrial after giving up", retrials.probability, retrials.low, retrials.high, retrials.n,
         "within 4 hours, less the share that comes again after an answer"),
    ]  # fmt: skip
    rows += [
        (m.metric, m.value, m.low, m.high, m.n, m.reason or m.formula)
        for m in (fcr(contacts), transfer_rate(contacts), escalation_rate(contacts))
    ]
    if fit.away is not None:
        rows.append(("away for longer than 5 minutes after a contact", fit.away.longer_than(300.0), None, None,
                     fit.away.exact + fit.away.bounded, "Turnbull, gaps between an agent's contacts"))  # fmt: skip
    if reproduced is not None:
        for i, name in enumerate(("service level reproduced", "abandonment reproduced")):
            rows.append(
                (name, reproduced.after[i], None, None, len(log.rows), f"actual {reproduced.actual[i]:.4f}")
            )
    answered, wait = log.column("answered").astype(bool), log.column("wait_s")
    threshold_s = next(iter(week.scenario.queues.values())).service_level.threshold_s
    happened = {
        "service_level": float((answered & (wait <= threshold_s)).mean()),
        "abandon_rate": float((~answered).mean()),
    }
    for name, value in happened.items():
        e = week[name]
        rows.append(
            (f"{name} of the fitted week, simulated", e.mean, e.low, e.high, e.n, f"actual {value:.4f}")
        )
    columns = ["figure", "value", "low", "high", "n", "what"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("value", "low", "high"), float))


def _notes(
    log: Log, closed: tuple[int, ...], together: float | None, retrials: Retrials
) -> list[tuple[str, str]]:
    notes: list[tuple[str, str]] = [
        ("Staffing is the mean of its weekday and does not follow busy days, as a planner's would.", "A"),
    ]
    days = np.array(log.days)
    seen = np.bincount(weekday_of(days), minlength=7)
    if (seen == 0).any():
        names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        missing = ", ".join(name for name, n in zip(names, seen, strict=True) if not n)
        notes.append((f"No contact on any {missing}: taken as closed.", "A"))
    if len(days) < 14:
        notes.append((f"{len(days)} days with contacts: how days and weekdays differ is hardly known.", "A"))
    if closed:
        shown = ", ".join(str(np.datetime64(d, "D")) for d in closed[:5])
        notes.append((f"{len(closed)} days without a contact are left out as closed: {shown}.", "A"))
    if log.period.days < 365:
        notes.append((f"No trend and no season: {log.period.days} days are less than a year.", "A"))
    if together is not None:
        notes.append((f"Days of different lines correlate by {together:.2f}.", "M"))
    if retrials.probability is None:
        notes.append(
            ("Too few abandonments of a named customer: no retrials; they stay in the arrivals.", "A")
        )
    elif retrials.share_named < 0.9:
        notes.append(
            (
                f"Retrials are known for the {retrials.share_named:.0%} of abandonments that name a customer.",
                "A",
            )
        )
    for reason, n in log.set_aside.items():
        notes.append((f"{n:,} contacts {reason} are not used.", "M"))
    return notes
