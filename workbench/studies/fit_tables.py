"""What does the fit report show? The tables of a calibration, and its notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.metrics.resolution import fcr
from workbench.metrics.transfers import escalation_rate, transfer_rate
from workbench.studies.fits.arrivals import Profile, weekday_of
from workbench.studies.fits.durations import Fitted
from workbench.studies.fits.floor import FloorFit
from workbench.studies.fits.follow_ups import Retrials
from workbench.studies.fits.log import Log
from workbench.studies.fits.people import Workforce
from workbench.studies.fits.reproduce import Reproduced
from workbench.studies.fits.seasons import YEAR_DAYS, Season
from workbench.studies.fits.variation import Variation
from workbench.studies.replicate import Results
from workbench.wording import figure


def _fitted_row(part: str, line: str, fit: Fitted | None) -> tuple[Any, ...]:
    if fit is None:
        return (line, part, "", np.nan, 0, 0, "nothing to fit")
    return (line, part, fit.chosen.family, fit.chosen.mean, fit.n, fit.events, fit.reason)


NEAR = 0.01
"""Farther from service level or abandonment than this, fitted days are called not reproduced."""


def lines_table(log: Log, fit: FloorFit) -> pd.DataFrame:
    """Return the durations of each line as fitted."""
    rows = [
        _fitted_row(part, line.name, getattr(known, part))
        for line, known in zip(log.lines, fit.lines, strict=True)
        for part in ("talk", "hold", "acw", "patience")
    ]
    return pd.DataFrame(rows, columns=["line", "part", "family", "mean_s", "n", "events", "reason"])


def families_table(log: Log, fit: FloorFit) -> pd.DataFrame:
    """Return the families compared for talk and patience."""
    frames = [
        known_part.comparison.assign(line=line.name, part=part)
        for line, known in zip(log.lines, fit.lines, strict=True)
        for part in ("talk", "patience")
        if (known_part := getattr(known, part)) is not None and part not in known.pooled
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def arrivals_table(log: Log, profiles: list[Profile]) -> pd.DataFrame:
    """Return contacts, days and over-dispersion of each line."""
    return pd.DataFrame(
        [
            (line.name, p.n, p.days, p.day_shape or np.nan, p.interval_shape or np.nan)
            for line, p in zip(log.lines, profiles, strict=True)
        ],
        columns=["line", "contacts", "days", "day_shape", "interval_shape"],
    )


@dataclass(frozen=True)
class Beside:
    """A figure of the fitted week, simulated `n` times, beside what was recorded of `contacts` in a period."""

    measure: str
    actual: float
    predicted: float | None
    low: float | None
    high: float | None
    n: int
    contacts: int
    period: Period


def beside_actual(log: Log, week: Results) -> tuple[Beside, ...]:
    """Return service level and abandonment of a simulated week beside those of a log."""
    answered, wait = log.column("answered").astype(bool), log.column("wait_s")
    threshold_s = next(iter(week.scenario.queues.values())).service_level.threshold_s
    happened = {
        "service_level": float((answered & (wait <= threshold_s)).mean()),
        "abandon_rate": float((~answered).mean()),
    }
    return tuple(
        Beside(name, value, e.mean, e.low, e.high, e.n, len(log.rows), log.period)
        for name, value in happened.items()
        for e in (week[name],)
    )


WORDS = {
    "service_level": "service level", "abandon_rate": "abandonment", "mean_wait_answered_s": "speed of answer",
}  # fmt: skip


def beside_table(beside: tuple[Beside, ...]) -> pd.DataFrame:
    """Return figures of the fitted week beside the recorded ones: a share is a fraction, a wait in seconds."""
    rows = [
        (
            WORDS.get(b.measure, b.measure),
            "s" if b.measure.endswith("_s") else "fraction",
            b.actual,
            b.predicted,
            b.low,
            b.high,
            b.n,
        )
        for b in beside
    ]
    columns = ["figure", "unit", "recorded", "simulated", "low", "high", "replications"]
    return pd.DataFrame(rows, columns=columns)


def figures_table(
    dataset: Dataset,
    log: Log,
    retrials: Retrials,
    reproduced: Reproduced | None,
    fit: FloorFit,
    beside: tuple[Beside, ...],
) -> pd.DataFrame:
    """Return figures that are measured beside the scenario: mean, interval, n and what they are."""
    first, after = log.period.bounds(log.time_zone)
    contacts = dataset.tables["contacts"]
    contacts = contacts[contacts["offered_ts"].between(first, after, inclusive="left")]
    rows: list[tuple[str, float | None, float | None, float | None, int, str]] = [
        ("retrial after giving up", retrials.probability, retrials.low, retrials.high, retrials.n,
         "within 4 hours, less the share that comes again after an answer; interval of the difference (Newcombe)"),
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
                (
                    name,
                    reproduced.after[i],
                    None,
                    None,
                    len(log.rows),
                    f"{figure(reproduced.actual[i], 'fraction', 1)} in the log",
                )
            )
    rows += [
        (
            f"{b.measure} of the fitted week, simulated",
            b.predicted,
            b.low,
            b.high,
            b.n,
            f"{figure(b.actual, 'fraction', 1)} in the log",
        )
        for b in beside
    ]
    columns = ["figure", "value", "low", "high", "n", "what"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("value", "low", "high"), float))


def notes_on(
    log: Log, closed: tuple[int, ...], together: float | None, retrials: Retrials
) -> list[tuple[str, str]]:
    """Return what is assumed of days and arrivals: pairs of text and grade."""
    notes: list[tuple[str, str]] = []
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


def notes_on_season(log: Log, season: Season, monday: date, now: Log) -> list[tuple[str, str]]:
    """Return what is said of level, season and dates: pairs of text and grade."""
    level, spread = season.level(int(np.datetime64(str(monday), "D").astype(np.int64)) + 3)
    off = f"{level:.2f} times the mean, give or take {spread:.0%} (standard deviation)"
    notes = []
    if log.period.days < YEAR_DAYS:
        notes.append((f"No season: {log.period.days} days are less than a year.", "A"))
        if spread:
            notes.append(
                (
                    f"The scenario is the mean week. The week from {monday} is expected at {off}; {season.chosen}.",
                    "A",
                )
            )
    else:
        notes.append((f"The scenario is the week from {monday}, {off}; {season.chosen}.", "M"))
        notes.append((f"Staffing is that of {now.period}, the latest eight weeks.", "A"))
        if log.period.days < 2 * YEAR_DAYS:
            notes.append(
                ("Less than two years: a season seen once and a trend cannot be told apart for certain.", "A")
            )
    if len(season.dates):
        shown = ", ".join(
            f"{row.date}{f' ({row.name})' if row.name else ''}" for row in season.dates.itertuples()
        )
        notes.append((f"Dates that stand out, left out of the profile: {shown}.", "M"))
    if season.unnamed:
        notes.append((season.unnamed, "A"))
    return notes


def notes_on_people(
    source: str, people: Workforce | None, varies: Variation, reproduced: Reproduced | None = None
) -> list[tuple[str, str]]:
    """Return what is assumed of who works: pairs of text and grade."""
    notes: list[tuple[str, str]] = []
    pairs = zip(reproduced.after, reproduced.actual, strict=True) if reproduced is not None else ()
    said = [(f"{after:.1%} for {actual:.1%}", abs(after - actual)) for after, actual in pairs]
    if said and max(off for _, off in said) > NEAR:
        (level, _), (left, _) = said
        notes.append(
            (f"The fitted days are not quite reproduced: service level {level}, abandonment {left}.", "M")
        )
    notes += [
        ("Staffing is the mean of its weekday and does not follow busy days, as a planner's would.", "A")
    ]
    if people is None:
        notes.append(
            (
                "No schedule covers the days: agents are counts, shrinkage, lateness and turnover are inside them.",
                "A",
            )
        )
    elif source != "agent_state":
        notes.append(
            (
                "The days are simulated with schedules; who did not keep them is known from a part of the days.",
                "A",
            )
        )
    if varies.source == "first contact":
        notes.append(("Who first appears two weeks into the log or later is taken as new then.", "A"))
    if not varies.source:
        notes.append(("Nobody says who is new: handle time by tenure is not known.", "A"))
    if varies.hours.std() > 0:
        notes.append(
            (f"Handle time varies by hour, {varies.hours.min():.2f} to {varies.hours.max():.2f} times.", "M")
        )
    return notes
