"""Does the model reproduce the floor? Real days simulated with what was known before, beside what happened.

Two questions are kept apart. Given staffing and arrivals: the contacts of each day come when they came and
the people work when they worked, and everything else is as fitted before; is the model right? Given staffing
alone: contacts come as the fitted profile foresees; was the day foreseeable? Erlang A and C stand beside,
interval by interval, fed with the same arrivals and people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from workbench.errors import CallError, DataError, UnknownName
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.studies.error_parts import COLUMNS as ERROR_COLUMNS
from workbench.studies.error_parts import error_parts
from workbench.studies.fits.arrivals import fit_profile
from workbench.studies.fits.assumed import assumptions
from workbench.studies.fits.counts import (
    COLUMNS,
    Counts,
    recorded_counts,
    replications,
    settled,
)
from workbench.studies.fits.erlang import erlang_replications
from workbench.studies.fits.floor import Days, FloorFit, days_of, fit_floor, presence_of
from workbench.studies.fits.log import Floats, Log, read_log
from workbench.studies.fits.presence import Presence
from workbench.studies.fits.reproduce import Reproduced, reproduce
from workbench.studies.fits.scores import Scores, score
from workbench.studies.fits.seasons import Season, fit_season
from workbench.studies.fits.variation import fit_variation

Given = Literal["staffing,arrivals", "staffing"]
GIVEN: tuple[Given, ...] = ("staffing,arrivals", "staffing")
FIRST_SEED = 1
SETTLING = 4
ERLANG_DRAWS = 20
MOST_DECOMPOSED = 20
"""Replications of each step of the decomposition, at most."""
FEWEST_FIT = 200
"""Contacts of the fit period below which nothing is fitted."""


@dataclass(frozen=True)
class Backtest:
    """Predicted beside actual.

    Attributes
    ----------
    scores : of the model; erlang_a, erlang_c : of the formulas, None where they cannot be computed.
    errors : what the error of the total comes from, part by part; see `error_parts`.
    reproduced : how well the fit period itself is reproduced.
    assumed : what nobody said, with its grade: pairs of text and grade.
    """

    dataset: Dataset
    fit_period: Period
    test_period: Period
    given: Given
    n: int
    seed: int
    fit: FloorFit
    reproduced: Reproduced
    staffing_source: str
    scores: Scores
    erlang_a: Scores | None
    erlang_c: Scores | None
    errors: pd.DataFrame
    assumed: tuple[tuple[str, str], ...]

    def to_data(self) -> dict[str, Any]:
        """Return the figures as plain data for JSON."""
        return {
            "client": self.dataset.client.name,
            "fit": _period(self.fit_period),
            "test": _period(self.test_period),
            "given": self.given.split(","),
            "replications": self.n,
            "seed": self.seed,
            "staffing_from": self.staffing_source,
            **self.scores.to_data(),
            "erlang_a": None if self.erlang_a is None else self.erlang_a.to_data(short=True),
            "erlang_c": None if self.erlang_c is None else self.erlang_c.to_data(short=True),
            "error_decomposition": self.errors.to_dict("records"),
            "fitted": {
                "patience_factor": self.fit.patience_factor,
                "wrap_up_factor": self.fit.wrap_up_factor,
                "patience_crowding_power": self.fit.crowding.power,
                "leave_busy": self.fit.leave_busy,
                "on": _period(self.fit_period),
                "reason": self.reproduced.reason,
                "service_level": {
                    "actual": self.reproduced.actual[0], "reproduced": self.reproduced.after[0],
                },
                "abandon_rate": {
                    "actual": self.reproduced.actual[1], "reproduced": self.reproduced.after[1],
                },
            },
            "assumed": [{"what": what, "grade": grade} for what, grade in self.assumed],
        }  # fmt: skip


def _period(period: Period) -> str:
    return f"{period.start}:{period.end}"


def backtest(
    dataset: Dataset,
    fit_period: Period,
    test_period: Period,
    *,
    given: str = "staffing,arrivals",
    n: int = 100,
    seed: int = FIRST_SEED,
    threshold_s: float | None = None,
    decompose: bool = True,
    interval_s: int = 1800,
    workers: int | None = None,
) -> Backtest:
    """Fit one period, simulate another, and hold prediction against record.

    Parameters
    ----------
    given : "staffing,arrivals" or "staffing"; see the module.
    n : replications; prediction intervals are quantiles over them.
    threshold_s : of the service level; None: the client's terms, else 20. [s]
    decompose : also find what the error comes from; costs some further replications.

    Raises
    ------
    CallError
        if the periods overlap, or a word is unknown.
    DataError
        if a period has too few contacts.
    """
    asked = ",".join(sorted((part.strip() for part in given.split(",")), reverse=True))
    if asked not in GIVEN:
        raise UnknownName("question (--given)", given, GIVEN)
    check_apart(fit_period, test_period)
    if n < 2:
        raise CallError(f"replications: {n} is too few for an interval. Use 2 or more; 100 are usual.")
    log = read_log(dataset, interval_s)
    fit_log, test_log = log.part(fit_period), log.part(test_period)
    check_enough(fit_log, "fit", FEWEST_FIT)
    check_enough(test_log, "test", 1)
    term = dataset.client.sla_terms[0] if dataset.client.sla_terms else None
    threshold = threshold_s if threshold_s is not None else (term.threshold_s if term else 20.0)
    short = term.short_abandon_s if term else 5.0
    fit = fit_floor(fit_log)
    fit = replace(fit, hours=fit_variation(dataset, fit_log).hours)
    fit, reproduced = reproduce(fit, dataset, threshold)
    presence = presence_of(dataset, fit, test_log)
    floor = _Floor(fit, test_log, presence, threshold, short, seed, workers, dataset)
    actual = recorded_counts(test_log, floor.n_intervals, threshold, short)
    simulated = floor.simulate(asked == "staffing", n)
    # the log records no wrap-up of its own: what is fitted stands in, on both sides alike
    actual = _with_time(actual, simulated, fit)
    scores = score(actual, simulated, floor.starts, dataset.client.time_zone)
    a, c = erlang_replications(
        floor.fit, test_log, presence, floor.arrivals_per_hour(asked), threshold, ERLANG_DRAWS
    )
    errors = pd.DataFrame(columns=ERROR_COLUMNS)
    if decompose:
        errors = error_parts(
            fit, test_log, actual, simulated, foreseen=asked == "staffing", most=MOST_DECOMPOSED,
            simulate=floor.simulate_with,
        )  # fmt: skip
    return Backtest(
        dataset, fit_period, test_period, "staffing" if asked == "staffing" else "staffing,arrivals", n, seed,
        fit, reproduced, presence.source, scores,
        None if a is None else score(actual, a, floor.starts, dataset.client.time_zone),
        None if c is None else score(actual, c, floor.starts, dataset.client.time_zone),
        errors, assumptions(dataset, fit, presence.source),
    )  # fmt: skip


def check_apart(fit: Period, test: Period) -> None:
    """Raise CallError if the periods share a day."""
    if fit.start <= test.end and test.start <= fit.end:
        raise CallError(
            f"Fit {_period(fit)} and test {_period(test)} overlap: a model is not tested on days that it has "
            "seen. Give periods that share no day."
        )


def check_enough(log: Log, which: str, fewest: int) -> None:
    """Raise DataError if a period has fewer contacts than that."""
    if len(log.rows) < fewest:
        raise DataError(
            f"{which} {_period(log.period)}: {len(log.rows):,} contacts were answered or abandoned, and "
            f"{fewest:,} {'is' if fewest == 1 else 'are'} needed. Give a longer period, or one that the log covers."
        )


@dataclass(frozen=True)
class _Floor:
    """The test days, ready to be simulated in several ways."""

    fit: FloorFit
    log: Log
    presence: Presence
    threshold_s: float
    short_s: float
    seed: int
    workers: int | None
    dataset: Dataset | None = None

    @property
    def n_intervals(self) -> int:
        first, after = self.log.bounds_us
        return int((after - first) // (self.log.interval_s * 1_000_000))

    @property
    def starts(self) -> pd.DatetimeIndex:
        first, _ = self.log.bounds_us
        at = first + np.arange(self.n_intervals) * self.log.interval_s * 1_000_000
        return pd.to_datetime(at, unit="us", utc=True).tz_convert(self.log.time_zone)

    def days(self, foreseen: bool, in_line: Floats | None) -> Days:
        profiles = season = None
        if foreseen:
            season = self.season
            profiles = tuple(
                fit_profile(self.fit.log, i, season.fitted, season.out)
                for i in range(len(self.fit.log.lines))
            )
        return days_of(
            self.fit, self.log, self.presence, profiles=profiles, season=season, threshold_s=self.threshold_s,
            short_s=self.short_s, in_line=in_line,
        )  # fmt: skip

    @cached_property
    def season(self) -> Season:
        """Level, season and dates that stand out, of the fit period."""
        return fit_season(self.fit.log, self.dataset)

    def simulate(self, foreseen: bool, n: int) -> Counts:
        """Return the counts of `n` replications: (n, n_intervals, columns)."""
        if self.fit.crowding.power:
            days = settled(lambda length: self.days(foreseen, length), SETTLING, self.seed + 1)
        else:
            days = self.days(foreseen, None)
        return Counts(np.stack([v for v, _, _ in replications(days, n, self.seed, self.workers)]))

    def simulate_with(self, fit: FloorFit, foreseen: bool, n: int) -> Counts:
        """Return what `simulate` does with another fit, who was there as that one tells included."""
        presence = self.presence if self.dataset is None else presence_of(self.dataset, fit, self.log)
        return replace(self, fit=fit, presence=presence).simulate(foreseen, n)

    def arrivals_per_hour(self, given: str) -> Floats:
        """Return the arrivals of each interval that a formula is given: (lines, n_intervals). [1/h]"""
        per_hour = 3600.0 / self.log.interval_s
        first, _ = self.log.bounds_us
        rows = self.log.rows
        cell = (rows["arrival_us"].to_numpy() - first) // (self.log.interval_s * 1_000_000)
        came = np.zeros((len(self.log.lines), self.n_intervals))
        if given == "staffing":
            scenario = self.days(True, None).scenario
            for i, line in enumerate(self.log.lines):
                came[i] = scenario.horizon.spread(list(scenario.queues[line.name].arrivals.per_hour))
            return came
        np.add.at(came, (rows["line"].to_numpy(), cell), per_hour)
        return came


def _with_time(actual: Counts, simulated: Counts, fit: FloorFit) -> Counts:
    values = actual.values.copy()
    wrap = fit.wrap_up
    values[:, COLUMNS.index("on_duty_s")] = simulated["on_duty_s"].mean(axis=0)
    if wrap is not None:
        values[:, COLUMNS.index("handling_s")] += wrap.mean * values[:, COLUMNS.index("answered")]
    return Counts(values)


def actual_and_predicted(result: Backtest, by: str) -> pd.DataFrame:
    """Return the frame of predicted beside actual by "total", "day" or "interval"."""
    frames: Mapping[str, pd.DataFrame] = {
        "total": result.scores.totals, "day": result.scores.by_day, "interval": result.scores.by_interval,
    }  # fmt: skip
    if by not in frames:
        raise UnknownName("scope", by, frames)
    return frames[by]
