"""Which scenario does a log describe? A fitted week, with a report on every part of it.

From contacts: arrivals, handle times, patience, retrials, who was there. From interval counts alone: what
these identify, and a list of what they do not. Whatever nobody recorded is listed with its grade: M measured,
D documentary, A assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import DataError
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.sim.scenario import Scenario
from workbench.studies.fit_tables import (
    Beside,
    arrivals_table,
    beside_actual,
    beside_table,
    families_table,
    figures_table,
    lines_table,
    notes_on,
    notes_on_people,
    notes_on_season,
)
from workbench.studies.fits.arrivals import correlation, coverage, fit_profile
from workbench.studies.fits.assumed import assumptions, premises
from workbench.studies.fits.at_work import hours_table, kept_as_said, recorded_hours, settled
from workbench.studies.fits.concurrency import notes_on as notes_on_hand
from workbench.studies.fits.floor import FloorFit, channels_of, fit_floor, foreseen, presence_of, queues_of
from workbench.studies.fits.flows import fit_flows, flows_table, notes_on_flows, with_flows
from workbench.studies.fits.follow_ups import fit_retrials
from workbench.studies.fits.from_intervals import FromIntervals, scenario_of_intervals
from workbench.studies.fits.groups import counted_groups, staffing_by_week, teams_of
from workbench.studies.fits.holes import note_on as note_on_gaps
from workbench.studies.fits.hours import with_hours
from workbench.studies.fits.log import Log, read_log
from workbench.studies.fits.money import MoneyFit, fit_money
from workbench.studies.fits.people import Workforce, workforce
from workbench.studies.fits.reproduce import Reproduced, reproduce
from workbench.studies.fits.rosters import away_from_plan, planned
from workbench.studies.fits.seasons import YEAR_DAYS, fit_season
from workbench.studies.fits.variation import fit_variation
from workbench.studies.replicate import replicate

FEWEST = 50
"""Contacts below which nothing is fitted."""
WEEKS, WEEK_SEED = 20, 1
RECENT_DAYS = 56
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
    beside : figures of the fitted week beside the recorded ones: service level and abandonment; from interval counts
        abandonment and the mean wait of the answered, where they are recorded.
    contradictions : what is recorded and cannot be true together, in words.
    """

    scenario: Scenario
    period: Period
    tables: Mapping[str, pd.DataFrame]
    assumed: tuple[tuple[str, str], ...]
    not_identifiable: tuple[str, ...] = ()
    reproduced: Reproduced | None = None
    fit: FloorFit | None = field(default=None, repr=False)
    beside: tuple[Beside, ...] = ()
    contradictions: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the report as plain data for JSON."""
        return {
            "scenario": self.scenario.to_data(),
            "period": f"{self.period.start}:{self.period.end}",
            "tables": {name: _records(table) for name, table in self.tables.items()},
            "assumed": [{"what": what, "grade": grade} for what, grade in self.assumed],
            "not_identifiable": list(self.not_identifiable),
            "contradictions": list(self.contradictions),
        }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): None if v != v else v for k, v in row.items()} for row in table.to_dict("records")]


def calibrate(
    dataset: Dataset, period: Period | None = None, *, interval_s: int | None = None, fit_factors: bool = True
) -> Calibration:
    """Return the scenario that a client's data describe, with the report on its fit.

    Parameters
    ----------
    period : the days to fit; None: those of the dataset.
    interval_s : of the scenario; None: 1800 of a log, and what interval counts are counted by. [s]
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
        return _of_intervals(scenario_of_intervals(dataset, period, interval_s))
    log = read_log(dataset, interval_s or 1800)
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
    teams = teams_of(fit)
    varies = fit_variation(dataset, log, teams.of)
    fit = replace(fit, hours=varies.hours)
    if fit_factors:
        fit, reproduced = reproduce(fit, dataset, threshold)
    season = fit_season(log, dataset)
    profiles = [fit_profile(log, i, season.fitted, season.out) for i in range(len(log.lines))]
    together = correlation(profiles)
    retrials, flows = fit_retrials(log), fit_flows(dataset, log)
    now = recent(log)
    presence = presence_of(dataset, fit, now)
    plan = planned(dataset, now)
    people, recorded = None, None
    if plan is not None:
        away = away_from_plan(dataset, now, plan)
        people = workforce(dataset, fit, now, teams, plan, away, varies)
        recorded = recorded_hours(dataset, now, plan, teams.of, len(teams.names))
    money = fit_money(dataset, {line.queue: line.name for line in log.lines})
    monday = log.period.end + timedelta(days=1)
    monday += timedelta(days=(-monday.weekday()) % 7)
    a_year = log.period.days >= YEAR_DAYS
    arrivals = [foreseen(p, season, monday, 7, a_year) for p in profiles]
    queues = _queues(fit, arrivals, together, threshold, short)
    with_flows(queues, fit, flows, retrials)
    hours = with_hours(queues, log)
    for queue in queues.values():
        queue["service_level"]["target"] = term.target if term else 0.8
        queue["revenue_per_contact"] = round(money.per_contact, 4)
    if people is not None and not people.groups:
        people = None
    counted = counted_groups(now, presence, teams) if people is None else {}
    graded = premises(fit, presence.source) | ({"pay": "M"} if money.money.get("pay_per_hour") else {})

    def with_people(times: float) -> Scenario:
        own = people
        if plan is not None and people is not None and times != 1.0:
            own = workforce(dataset, fit, now, teams, plan, away, varies, times)
        return _scenario(dataset, log, monday, channels_of(fit), queues, own, counted, money, graded)

    week, more = settled(with_people, recorded if people is not None else None, WEEKS, WEEK_SEED)
    scenario = week.scenario
    covered = coverage(log)
    beside = beside_actual(now, week)
    tables = {
        "lines": lines_table(log, fit),
        "families": families_table(log, fit),
        "arrivals": arrivals_table(log, profiles),
        "weeks": season.weeks,
        "season": season.models,
        "dates that stand out": season.dates,
        "handle time": varies.models,
        "handle time by hour": varies.by_hour,
        "handle time by tenure": varies.by_tenure,
        "follow-ups": flows_table(log, flows),
        "people": people.table if people is not None else pd.DataFrame(),
        "hours at work in a week": hours_table(recorded if people is not None else None, week),
        "money": money.table,
        "staffing": staffing_by_week(now, presence),
        "agents": pd.DataFrame({"agent": range(1, len(fit.speed) + 1), "handle_factor": fit.speed}),
        "figures": figures_table(dataset, now, retrials, reproduced, fit, beside),
    }
    found = [
        *assumptions(dataset, fit, presence.source, kept_as_said(recorded, more)),
        *notes_on(log, covered.closed, together, retrials),
        *note_on_gaps(covered.gaps, covered.days, log.interval_s),
        *notes_on_season(log, season, monday, now),
        *notes_on_people(presence.source, people, varies, reproduced),
        *notes_on_flows(log, flows),
        *hours,
        *notes_on_hand(fit.in_hand),
        *money.notes,
    ]
    return Calibration(scenario, log.period, tables, tuple(found), (), reproduced, fit, beside)


def _of_intervals(made: FromIntervals) -> Calibration:
    """Return the calibration on interval counts, its week simulated and held against what they record."""
    contacts, *happened = made.recorded
    beside: tuple[Beside, ...] = ()
    if not all(np.isnan(value) for value in happened):
        week = replicate(made.scenario, WEEKS, WEEK_SEED)
        beside = tuple(
            Beside(name, value, e.mean, e.low, e.high, e.n, round(contacts), made.period)
            for name, value in zip(("abandon_rate", "mean_wait_answered_s"), happened, strict=True)
            if not np.isnan(value)
            for e in (week[name],)
        )
    tables = {**made.tables, "fitted week beside the record": beside_table(beside)}
    return Calibration(
        made.scenario, made.period, tables, made.assumed, made.not_identifiable, beside=beside,
        contradictions=made.contradictions,
    )  # fmt: skip


def recent(log: Log) -> Log:
    """Return the part of a log from which staffing is read: of a year or more, the last eight weeks."""
    if log.period.days < YEAR_DAYS:
        return log
    return log.part(Period(log.period.end - timedelta(days=RECENT_DAYS - 1), log.period.end))


def _queues(
    fit: FloorFit, arrivals: list[dict[str, Any]], together: float | None, threshold_s: float, short_s: float
) -> dict[str, Any]:
    if together is not None and together > SHARED:
        for one in arrivals:
            if "day_factor" in one:
                one["day_factor"]["name"] = "the day"
    return queues_of(fit, arrivals, threshold_s, short_s)


def _scenario(
    dataset: Dataset, log: Log, monday: date, channels: dict[str, Any], queues: dict[str, Any],
    people: Workforce | None, counted: dict[str, Any], money: MoneyFit, graded: Mapping[str, str],
) -> Scenario:  # fmt: skip
    data: dict[str, Any] = {
        "name": dataset.client.id,
        "note": f"Fitted on {log.period}: {len(log.rows):,} contacts. See the fit report for what is assumed.",
        "grade": "M",
        "premises": dict(graded),
        "time": {
            "start": f"{monday}T00:00:00", "zone": log.time_zone, "days": 7, "interval_s": log.interval_s,
        },
        "channels": channels,
        "queues": queues,
        "groups": counted,
        "routing": {"agent": "longest_idle", "queue": "priority"},
        "money": money.money,
    }  # fmt: skip
    if people is not None:
        data |= {"groups": people.groups, "shifts": people.shifts, "curves": people.curves}
    return Scenario.parse(data, "the fitted scenario")
