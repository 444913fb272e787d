"""How busy will the days to come be: which level, which season, which dates stand out?

The level of a week is its contacts over what its weekdays usually bring. From a year on, trend and season are
regressed on the logarithm of the level and compared by BIC, which of few weeks makes no season by chance. Of less
than a year nothing is said of season; a planner then trusts recent weeks more, by exponential smoothing with the
weight that would have foreseen the weeks of the log best. In both, how far it would have been off is its uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from workbench.intake.dataset import Dataset
from workbench.studies.fits.arrivals import coverage, weekday_of
from workbench.studies.fits.log import Floats, Ints, Log

YEAR_DAYS = 365
YEAR_WEEKS = 365.25 / 7
FEWEST_WEEKS = 3
"""Weeks below which nothing is said of the level."""
WEIGHTS = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Of the latest week, in exponential smoothing."""
STANDS_OUT, LEAST = 5.0, 0.25
"""So many robust standard deviations from its week, and at least such a part of it, make a date stand out."""
STRONG = 6.0
"""Difference of BIC from which evidence is strong (Kass and Raftery 1995); less is no season and no trend."""
LANGUAGE = "en_US"
NO_HOLIDAYS = (
    "Dates that stand out are not named as holidays: the optional package `holidays` is not installed "
    "(pip install holidays)."
)
HARMONICS = {"no season": 0, "season, one wave": 1, "season, two waves": 2}


@dataclass(frozen=True)
class Season:
    """What is known of levels.

    Attributes
    ----------
    weeks : one row per week of seven days, counted back from the end: start, level, fitted, days.
    models : compared by BIC, best first: model, parameters, bic; empty with less than a year.
    dates : that stand out: date, name, factor (over the day as usual), contacts.
    chosen : in words, which.
    unnamed : why no date that stands out could be named; "" where names were looked up or nothing calls for them.
    """

    first_day: int
    weeks: pd.DataFrame
    models: pd.DataFrame
    dates: pd.DataFrame
    chosen: str
    columns: tuple[int, bool] = (0, False)
    coefficients: Floats | None = None
    covariance: Floats | None = None
    rest_sd: float = 0.0
    latest: float = 1.0
    smoothed: bool = False
    unnamed: str = ""

    @property
    def out(self) -> Ints:
        """The days that stand out, since 1970."""
        return np.array([_ordinal(d) for d in self.dates["date"]], np.int64)

    def level(self, day: int) -> tuple[float, float]:
        """Return the level foreseen for the week of a day and its standard deviation over its mean."""
        if self.coefficients is None or self.covariance is None:
            return self.latest, self.rest_sd
        x = _design(np.array([(day - self.first_day) / 7.0]), *self.columns)[0]
        sd = float(np.sqrt(max(x @ self.covariance @ x, 0.0) + self.rest_sd**2))
        return float(np.exp(x @ self.coefficients)), sd

    def fitted(self, days: Ints) -> Floats:
        """Return the level of days of the log: by season and trend, or of their week where recent weeks count."""
        if self.coefficients is None:
            if not self.smoothed or self.weeks.empty:
                return np.ones(len(days))
            starts = pd.to_datetime(self.weeks["start"]).to_numpy("datetime64[D]").astype(np.int64)
            place = np.clip(np.searchsorted(starts, days, side="right") - 1, 0, len(starts) - 1)
            return np.asarray(self.weeks["level"].to_numpy(float)[place])
        x = _design((np.asarray(days) - self.first_day) / 7.0, *self.columns)
        return np.asarray(np.exp(x @ self.coefficients))

    def special(self, first: date, n_days: int) -> dict[str, Any]:
        """Return spikes for days of a horizon on which a date stood out a year before: same name, or same date."""
        found: dict[str, Any] = {}
        for i in range(n_days):
            on = first + timedelta(days=i)
            for row in self.dates.itertuples():
                was = pd.Timestamp(row.date).date()
                if (on.month, on.day) == (was.month, was.day) and on.year > was.year:
                    name = f"{row.name or 'as on'} {was}"
                    found[name] = {
                        "start": "00:00",
                        "end": "24:00",
                        "day": i,
                        "factor": round(float(row.factor), 4),
                    }
        return found


def fit_season(log: Log, dataset: Dataset | None = None) -> Season:
    """Return levels, season and dates that stand out, of all lines together."""
    seen = coverage(log)
    days, whole = seen.days, seen.whole
    counts = np.bincount(np.searchsorted(days, log.column("day")), minlength=len(days)).astype(float)
    first = int(days[0]) if len(days) else 0
    weekday = weekday_of(days)
    usual = _medians(weekday[whole], counts[whole])
    week = (int(days[-1]) - days) // 7 if len(days) else days
    dates, out = _standing_out(days, counts, usual, week)
    dates["name"], unnamed = _names(list(dates["date"]), dataset)
    kept = ~out & whole  # a day with a gap says nothing of its week's level
    mean = np.array(
        [counts[kept & (weekday == w)].mean() if (kept & (weekday == w)).any() else 0.0 for w in range(7)]
    )
    table = pd.DataFrame({"week": week, "day": days, "n": counts, "usual": mean[weekday]})[
        kept & (mean[weekday] > 0)
    ]
    weeks = table.groupby("week").agg(
        start=("day", "min"), n=("n", "sum"), usual=("usual", "sum"), days=("day", "size")
    )
    weeks = weeks[weeks["days"] >= 0.6 * weeks["days"].max()].sort_values("start") if len(weeks) else weeks
    level = (weeks["n"] / weeks["usual"]).to_numpy(float)
    shown = pd.DataFrame(
        {
            "start": pd.to_datetime(weeks["start"], unit="D").dt.strftime("%Y-%m-%d"),
            "level": level,
            "days": weeks["days"],
        }
    ).reset_index(drop=True)
    if log.period.days >= YEAR_DAYS and len(level) >= 26:
        middle = (weeks["start"].to_numpy(float) + 3 - first) / 7.0
        fitted = _regressed(first, shown, dates, middle, level, weeks["n"].to_numpy(float))
    else:
        fitted = _smoothed(first, shown, dates, level)
    return replace(fitted, unnamed=unnamed)


def _medians(weekday: Ints, counts: Floats) -> Floats:
    return np.array([np.median(counts[weekday == w]) if (weekday == w).any() else 0.0 for w in range(7)])


def _standing_out(days: Ints, counts: Floats, usual: Floats, week: Ints) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the dates whose contacts are not those of their weekday and week."""
    columns = ["date", "name", "factor", "contacts"]
    expected = usual[weekday_of(days)]
    use = expected >= 20
    if use.sum() < 7 * 8:
        return pd.DataFrame(columns=columns), np.zeros(len(days), bool)
    ratio = np.divide(counts, expected, out=np.ones(len(days)), where=expected > 0)
    of_week = pd.Series(ratio[use]).groupby(week[use]).median().reindex(week).fillna(1.0).to_numpy()
    relative = ratio / np.maximum(of_week, 1e-9)
    centre = float(np.median(relative[use]))
    mad = 1.4826 * float(np.median(np.abs(relative[use] - centre)))
    away = np.abs(relative - centre)
    # a quiet weekday scatters more than the others by chance alone
    chance = 1.0 / np.sqrt(np.maximum(expected * of_week, 1.0))
    out = use & (away > STANDS_OUT * np.maximum(mad, chance)) & (away > LEAST)
    rows = [
        (date.fromordinal(int(d) + 719_163), "", float(r), int(n))
        for d, r, n in zip(days[out], relative[out], counts[out], strict=True)
    ]
    return pd.DataFrame(rows, columns=columns), out


def _names(dates: list[date], dataset: Dataset | None) -> tuple[list[str], str]:
    """Return what the package `holidays` calls the dates in the country of the sites, "" where it does not.

    Beside it why nothing could be looked up; "" where it could, or where no country is known.
    """
    site = dataset.tables.get("site") if dataset is not None else None
    if not dates or site is None or "country" not in site.columns:
        return [""] * len(dates), ""
    codes = sorted({str(code) for code in site["country"].dropna()})
    try:
        package = import_module("holidays")
    except ImportError:
        return [""] * len(dates), NO_HOLIDAYS
    known: dict[date, str] = {}
    for code in codes:
        country, _, part = code.partition("-")
        try:
            # in one language, or the names would be those of whoever's machine it is
            found = package.country_holidays(
                country, subdiv=part or None, years={d.year for d in dates}, language=LANGUAGE
            )
            known |= dict(found.items())
        except (NotImplementedError, KeyError):
            continue
    return [known.get(d, "") for d in dates], ""


def _design(weeks: Floats, waves: int, trend: bool) -> Floats:
    columns = [np.ones(len(weeks))]
    if trend:
        columns.append(weeks / 52.0)
    for k in range(1, waves + 1):
        angle = 2 * np.pi * k * weeks / YEAR_WEEKS
        columns += [np.cos(angle), np.sin(angle)]
    return np.column_stack(columns)


def _regressed(
    first: int, shown: pd.DataFrame, dates: pd.DataFrame, middle: Floats, level: Floats, n: Floats
) -> Season:
    """Return trend and season of greatest support among a few, by BIC; weeks are alike in weight."""
    y = np.log(np.maximum(level, 0.5 / np.maximum(n, 1.0)))
    rows, fits = [], {}
    for name, waves in HARMONICS.items():
        for trend in (False, True):
            x = _design(middle, waves, trend)
            beta = np.asarray(np.linalg.lstsq(x, y, rcond=None)[0], np.float64)
            rest = y - x @ beta
            k, size = x.shape[1], len(y)
            variance = float(rest @ rest) / max(size - k, 1)
            bic = size * np.log(max(float(rest @ rest) / size, 1e-12)) + np.log(size) * (k + 1)
            label = f"{name}, {'trend' if trend else 'no trend'}"
            rows.append((label, k + 1, bic))
            # weeks beside each other are alike, so the mean is less certain than so many weeks say
            near = float(np.corrcoef(rest[1:], rest[:-1])[0, 1]) if rest.std() > 1e-9 else 0.0
            grown = (1 + max(near, 0.0)) / max(1 - max(near, 0.0), 0.1)
            fits[label] = (
                waves,
                trend,
                beta,
                np.asarray(variance * grown * np.linalg.pinv(x.T @ x), np.float64),
                float(np.sqrt(variance)),
            )
    models = pd.DataFrame(rows, columns=["model", "parameters", "bic"]).sort_values("bic", kind="stable")
    nothing = rows[0][2]
    chosen = str(models["model"].iloc[0]) if nothing - models["bic"].iloc[0] > STRONG else rows[0][0]
    waves, trend, beta, covariance, sd = fits[chosen]
    shown = shown.assign(fitted=np.exp(_design(middle, waves, trend) @ beta))
    return Season(
        first, shown, models.reset_index(drop=True), dates, chosen, (waves, trend), beta, covariance, sd
    )


def _smoothed(first: int, shown: pd.DataFrame, dates: pd.DataFrame, level: Floats) -> Season:
    none = pd.DataFrame(columns=["model", "parameters", "bic"])
    if len(level) < FEWEST_WEEKS:
        return Season(first, shown.assign(fitted=1.0), none, dates, "too few weeks: their mean")
    y = np.log(np.maximum(level, 1e-3))

    def errors(weight: float) -> tuple[Floats, float]:
        """Return errors one week ahead, and the level after the last week."""
        now, found = y[0], []
        for value in y[1:]:
            found.append(value - now)
            now += weight * (value - now)
        return np.array(found), float(now)

    tried = {weight: errors(weight) for weight in WEIGHTS}
    best = min(tried, key=lambda w: float(np.square(tried[w][0]).sum()))
    wrong, now = tried[best]
    sd, latest = float(np.sqrt(np.square(wrong).mean())), float(np.exp(now))
    words = f"exponential smoothing of weeks, {best:g} for the latest"
    return Season(
        first, shown.assign(fitted=1.0), none, dates, words, rest_sd=sd, latest=latest, smoothed=True
    )


def _ordinal(day: object) -> int:
    return int(np.datetime64(str(day), "D").astype(np.int64))
