"""Which share was answered within the threshold: over what, and weighted how?

Five formulas go by the name of service level (METRICS, V1 to V5), and four ways to sum a period up.
Each is declared once, in FORMULAS and WEIGHTINGS, and works on single contacts (a client's log or a
simulated one) as on counts per interval. Two figures are comparable only when formula, threshold and
weighting are the same; every Measure says which.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import CallError, UnknownName
from workbench.metrics import estimate
from workbench.metrics.columns import SECOND_US, Floats, Times, numbers, times
from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, codes_and_waits
from workbench.metrics.measure import Measure
from workbench.once import once_per_table

Window: TypeAlias = Literal["interval", "day", "week", "month"]
Weighting: TypeAlias = Literal["volume", "interval", "day", "intervals at target"]

WEIGHTINGS: Mapping[Weighting, str] = {
    "volume": "all contacts of the period weigh alike",
    "interval": "mean of the intervals that had contacts",
    "day": "mean of the days that had contacts",
    "intervals at target": "share of the intervals that had contacts and met the target",
}

Counts: TypeAlias = Mapping[str, Floats]
"""Contacts in each cell of time, under these names; a count that the source does not give is not there:
offered, answered, answered within T, abandoned within T, short abandons."""


@dataclass(frozen=True)
class Formula:
    """One definition of the service level: the sum of `met` over `of` less `less`."""

    variant: str
    title: str
    formula: str
    met: tuple[str, ...]
    of: str
    less: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The formula as a reader takes it: "answered within the threshold / offered (V2)"."""
        return f"{self.formula.replace('within T', 'within the threshold')} ({self.variant})"

    def met_in(self, counts: Counts) -> Floats:
        """Return the numerator of each cell."""
        return np.asarray(sum(counts[name] for name in self.met))

    def counted_in(self, counts: Counts) -> Floats:
        """Return the denominator of each cell."""
        return np.asarray(counts[self.of] - sum(counts[name] for name in self.less))

    @property
    def needs(self) -> tuple[str, ...]:
        """The counts it cannot do without."""
        return (*self.met, self.of, *self.less)


FORMULAS: Mapping[str, Formula] = {
    f.variant: f
    for f in (
        Formula("V1", "answered only", "answered within T / answered",
                met=("answered within T",), of="answered"),
        Formula("V2", "all offered", "answered within T / offered",
                met=("answered within T",), of="offered"),
        Formula("V3", "abandons within T dropped",
                "answered within T / (offered − abandoned within T)",
                met=("answered within T",), of="offered", less=("abandoned within T",)),
        Formula("V4", "abandons within T count as met",
                "(answered within T + abandoned within T) / offered",
                met=("answered within T", "abandoned within T"), of="offered"),
        Formula("V5", "short abandons excluded",
                "answered within T / (offered − short abandons)",
                met=("answered within T",), of="offered", less=("short abandons",)),
    )
}  # fmt: skip


@dataclass(frozen=True)
class _Cells:
    """Counts per cell of time, in the order of time, and what had to be left out."""

    counts: Counts
    start_us: NDArray[np.int64]
    left_out: str = ""
    why_not: Mapping[str, str] = field(default_factory=dict)
    """Why a count is not known, by its name."""


def service_level(
    contacts: pd.DataFrame,
    *,
    variant: str = "V2",
    threshold_s: float = 20.0,
    short_abandon_s: float = 5.0,
    weighting: Weighting = "volume",
    target: float | None = None,
    interval_s: float = 1800.0,
    time_zone: str = "UTC",
    scope: str = "",
    confidence: float = 0.95,
) -> Measure:
    """Return the service level of single contacts.

    Parameters
    ----------
    contacts : canonical table, or what `with_outcome` made of it; the contacts of a simulation too.
    variant : a key of FORMULAS.
    threshold_s : T; answered in exactly T is within. [s]
    short_abandon_s : an abandon within it is short (V5). [s]
    weighting : a key of WEIGHTINGS; "intervals at target" needs `target`.
    interval_s : length of an interval, counted from midnight UTC; by `offered_ts`. [s]
    time_zone : in which days begin.

    Returns
    -------
    Measure with n the contacts in the denominator (or the intervals, or the days), and Wilson's
    interval (or Student's over the means). Contacts of unknown wait are left out and counted in the
    scope. Neighbouring contacts share their fate, so that Wilson's interval is on the narrow side.
    """
    cells = _cells_of_contacts(contacts, threshold_s, short_abandon_s, interval_s, weighting)
    return _measure(
        cells, _formula(variant), weighting, threshold_s, short_abandon_s, target,
        interval_s, time_zone, scope, confidence,
    )  # fmt: skip


def service_level_by_formula(
    codes: NDArray[np.int8], wait_s: Floats, *, threshold_s: float = 20.0, short_abandon_s: float = 5.0
) -> dict[str, Measure]:
    """Return the service level of all contacts together under each of FORMULAS, as `service_level` gives it.

    codes, wait_s : what `codes_and_waits` says of the contacts.
    """
    cells = _cells(codes, wait_s, None, threshold_s, short_abandon_s, 1800.0)
    return {
        variant: _measure(
            cells, formula, "volume", threshold_s, short_abandon_s, None, 1800.0, "UTC", "", 0.95
        )
        for variant, formula in FORMULAS.items()
    }


def service_level_of_intervals(
    intervals: pd.DataFrame,
    *,
    variant: str = "V2",
    threshold_s: float | None = None,
    short_abandon_s: float = 5.0,
    weighting: Weighting = "volume",
    target: float | None = None,
    time_zone: str = "UTC",
    scope: str = "",
    confidence: float = 0.95,
) -> Measure:
    """Return the service level of counts per interval, where they identify it.

    An interval export says how many were answered within one threshold; it does not say how many
    abandoned within it, so V3 and V4 cannot be had, and V5 only with its count of short abandons.
    `threshold_s` None takes the one of the table. `offered` is what the export counts as such.
    Otherwise as `service_level`.
    """
    cells, threshold, length = _cells_of_intervals(intervals, threshold_s)
    return _measure(
        cells, _formula(variant), weighting, threshold, short_abandon_s, target,
        length, time_zone, scope, confidence,
    )  # fmt: skip


def service_levels(
    contacts: pd.DataFrame,
    *,
    threshold_s: float = 20.0,
    short_abandon_s: float = 5.0,
    target: float | None = None,
    interval_s: float = 1800.0,
    time_zone: str = "UTC",
    scope: str = "",
) -> tuple[Measure, ...]:
    """Return the service level under every formula and weighting, formula by formula.

    Without a target the share of intervals at target is left out.
    """
    cells = _cells_of_contacts(contacts, threshold_s, short_abandon_s, interval_s, "interval")
    return tuple(
        _measure(
            cells, formula, weighting, threshold_s, short_abandon_s, target,
            interval_s, time_zone, scope, 0.95,
        )
        for formula in FORMULAS.values()
        for weighting in WEIGHTINGS
        if target is not None or weighting != "intervals at target"
    )  # fmt: skip


def service_level_by_window(
    contacts: pd.DataFrame,
    window: Window,
    *,
    variant: str = "V2",
    threshold_s: float = 20.0,
    short_abandon_s: float = 5.0,
    interval_s: float = 1800.0,
    time_zone: str = "UTC",
) -> pd.DataFrame:
    """Return the service level of every interval, day, week (from Monday) or month, by volume.

    Returns
    -------
    DataFrame with start (in `time_zone`), met, counted and service_level, in the order of time;
    windows without contacts do not appear.
    """
    if window not in get_args(Window):
        raise UnknownName("window", window, get_args(Window))
    cells = _cells_of_contacts(contacts, threshold_s, short_abandon_s, interval_s, "interval")
    formula = _formula(variant)
    start, counts = _by_window(cells, window, interval_s, time_zone)
    met, counted = formula.met_in(counts), formula.counted_in(counts)
    some = counted > 0
    return pd.DataFrame(
        {
            "start": start[some],
            "met": met[some].astype(np.int64),
            "counted": counted[some].astype(np.int64),
            "service_level": met[some] / counted[some],
        }
    )


def _formula(variant: str) -> Formula:
    if variant not in FORMULAS:
        raise UnknownName("service level formula", variant, FORMULAS)
    return FORMULAS[variant]


@once_per_table
def _cells_of_contacts(
    contacts: pd.DataFrame,
    threshold_s: float,
    short_abandon_s: float,
    interval_s: float,
    weighting: str,
) -> _Cells:
    codes, wait = codes_and_waits(contacts)
    offered = None if weighting == "volume" else times(contacts, "offered_ts")
    return _cells(codes, wait, offered, threshold_s, short_abandon_s, interval_s)


def _cells(
    codes: NDArray[np.int8],
    wait: Floats,
    offered: Times | None,
    threshold_s: float,
    short_abandon_s: float,
    interval_s: float,
) -> _Cells:
    """Return the cells of contacts; a single one where no time is `offered`."""
    unknown_wait = np.isnan(wait)
    ended = codes <= ABANDONED
    left_out = int((ended & unknown_wait).sum())
    use = ended & ~unknown_wait
    cell, start = np.zeros(len(codes), np.int64), np.zeros(1, np.int64)
    if offered is not None:
        # days of every zone begin on a quarter hour
        width_us = math.gcd(round(interval_s * SECOND_US), 900 * SECOND_US)
        use &= ~np.isnat(offered)
        number = offered.astype(np.int64) // width_us
        first = int(number[use].min()) if use.any() else 0
        cell = np.where(use, number - first, 0)
        start = (first + np.arange(int(cell.max(initial=0)) + 1)) * width_us
    answered, within = codes == ANSWERED, wait <= threshold_s
    # one pass: 0 answered late, 1 answered within T, 2 abandoned late, 3 abandoned within T
    kind = 2 * ~answered + within
    table = np.bincount(4 * cell[use] + kind[use], minlength=4 * len(start)).reshape(-1, 4)
    short = use & ~answered & (wait <= short_abandon_s)
    counts = {
        "offered": table.sum(axis=1),
        "answered": table[:, :2].sum(axis=1),
        "answered within T": table[:, 1],
        "abandoned within T": table[:, 3],
        "short abandons": np.bincount(cell[short], minlength=len(start)),
    }
    note = f"{left_out} of unknown wait left out" if left_out else ""
    return _Cells({name: count.astype(float) for name, count in counts.items()}, start, note)


_INTERVAL_COLUMNS = {
    "offered": "offered",
    "answered": "answered",
    "answered within T": "answered_in_T",
    "short abandons": "short_abandoned",
}


def _cells_of_intervals(intervals: pd.DataFrame, threshold_s: float | None) -> tuple[_Cells, float, float]:
    """Return the cells, the threshold and the length of an interval. [s]"""
    thresholds = np.unique(numbers(intervals, "threshold_s"))
    thresholds = thresholds[~np.isnan(thresholds)]
    if threshold_s is None:
        threshold_s = float(thresholds[0]) if len(thresholds) == 1 else 20.0
    lengths = numbers(intervals, "interval_s")
    length = float(np.nanmin(lengths)) if np.isfinite(lengths).any() else 1800.0
    why_not = {"abandoned within T": "an interval export does not count the abandons within T"}
    if len(thresholds) and np.any(thresholds != threshold_s):
        counted = ", ".join(f"{t:g}" for t in thresholds)
        why_not["answered within T"] = (
            f"the export counts answers within {counted} s, not within {threshold_s:g} s"
        )
    values = {}
    for name, column in _INTERVAL_COLUMNS.items():
        value = numbers(intervals, column)
        if np.isnan(value).all():
            why_not.setdefault(name, f"the export has no {column}")
        if name not in why_not:
            values[name] = value
    use = np.all([~np.isnan(value) for value in values.values()], axis=0)
    use = use & np.ones(len(intervals), bool)
    left_out = int((~use).sum())
    start = times(intervals, "interval_start").astype(np.int64)
    firsts, cell = np.unique(start[use], return_inverse=True)
    counts = {name: _sums(cell, value[use], len(firsts)) for name, value in values.items()}
    note = f"{left_out} intervals with unknown counts left out" if left_out else ""
    return _Cells(counts, firsts, note, why_not), threshold_s, length


@once_per_table
def _by_window(
    cells: _Cells, window: str, interval_s: float, time_zone: str
) -> tuple[pd.DatetimeIndex, Counts]:
    if window == "interval":
        width_us = round(interval_s * SECOND_US)
        starts, of = np.unique(cells.start_us // width_us * width_us, return_inverse=True)
        labels = pd.to_datetime(starts, unit="us", utc=True).tz_convert(time_zone)
    else:
        local = pd.to_datetime(cells.start_us, unit="us", utc=True).tz_convert(time_zone)
        day = local.tz_localize(None).to_numpy("datetime64[D]")
        if window == "week":
            day = day - (day.astype(np.int64) + 3) % 7  # 1970 began on a Thursday
        elif window == "month":
            day = day.astype("datetime64[M]")
        days, of = np.unique(day.astype("datetime64[us]"), return_inverse=True)
        first_of_two = np.ones(len(days), bool)
        labels = pd.DatetimeIndex(days).tz_localize(
            time_zone, ambiguous=first_of_two, nonexistent="shift_forward"
        )
    counts = {name: _sums(of, value, len(labels)) for name, value in cells.counts.items()}
    return labels, counts


def _sums(of: NDArray[np.int64], values: Floats, size: int) -> Floats:
    return np.bincount(of, values, size).astype(float)


def _measure(
    cells: _Cells,
    formula: Formula,
    weighting: Weighting,
    threshold_s: float,
    short_abandon_s: float,
    target: float | None,
    interval_s: float,
    time_zone: str,
    scope: str,
    confidence: float,
) -> Measure:
    if weighting not in WEIGHTINGS:
        raise UnknownName("weighting", weighting, WEIGHTINGS)
    if weighting == "intervals at target" and target is None:
        raise CallError('The weighting "intervals at target" needs a target, such as 0.8.')
    parameters: dict[str, object] = {"threshold_s": threshold_s, "weighting": weighting}
    if "short abandons" in formula.needs:
        parameters["short_abandon_s"] = short_abandon_s
    if weighting == "day":
        parameters["time_zone"] = time_zone
    elif weighting != "volume":
        parameters["interval_s"] = interval_s
    if weighting == "intervals at target":
        parameters["target"] = target
    text = f"{formula.formula}, T = {threshold_s:g} s"
    if weighting != "volume":
        text += f"; {WEIGHTINGS[weighting]}"
    blank = Measure(
        "service_level", None, "fraction", 0, text, formula.variant, parameters,
        "; ".join(filter(None, (scope, cells.left_out))), confidence=confidence,
    )  # fmt: skip
    missing = [cells.why_not[need] for need in formula.needs if need in cells.why_not]
    if missing:
        return estimate.unknown(blank, "; ".join(dict.fromkeys(missing)))
    if weighting == "volume":
        met, counted = formula.met_in(cells.counts).sum(), formula.counted_in(cells.counts).sum()
        return estimate.share(blank, met, counted, nothing="no contact to count")
    window = "day" if weighting == "day" else "interval"
    _, counts = _by_window(cells, window, interval_s, time_zone)
    met, counted = formula.met_in(counts), formula.counted_in(counts)
    levels = met[counted > 0] / counted[counted > 0]
    nothing = f"no {window} with contacts"
    if target is not None and weighting == "intervals at target":
        reached = int((levels >= target - 1e-12).sum())
        return estimate.share(blank, reached, len(levels), nothing)
    return estimate.mean(blank, levels, nothing, bounds=(0.0, 1.0))
