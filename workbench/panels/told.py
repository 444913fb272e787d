"""What does a what-if come to? Today, what if, and the paired difference, as a table, in words and in pictures."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.panels.curves import Curve, picture
from workbench.panels.words import in_words, one_target
from workbench.statistics.replications import Estimate
from workbench.studies.replicate import Results
from workbench.studies.targets import Met
from workbench.studies.what_if import Variant, WhatIf
from workbench.wording import THIN, counted, figure, span

MEASURES = {
    "service_level": "Service level",
    "abandon_rate": "Abandoned",
    "mean_wait_s": "Mean wait",
    "mean_queue_length": "Mean queue length",
    "occupancy": "Occupancy",
    "paid_hours": "Paid hours",
    "cost": "Cost",
    "penalty": "Penalty",
}
CURVES = {
    "service_level": "service level",
    "backlog": "contacts in line at the end of each interval",
    "occupancy": "occupancy",
    "cost": "cost of each interval",
}
MOST_TARGETS = 6
SHORT = {"backlog": "contacts in line"}


@dataclass(frozen=True)
class Shown:
    """A what-if as it was simulated.

    Attributes
    ----------
    found : the base and one variant.
    seconds : how long the simulation took.
    """

    found: WhatIf
    seconds: float

    @property
    def variant(self) -> Variant:
        """What is changed."""
        return next(iter(self.found.variants.values()))

    @property
    def base(self) -> Results:
        """The floor as it is."""
        return self.found.base

    @property
    def changed(self) -> Results:
        """The floor with the change."""
        return self.found.results(self.variant.name)


def basis(shown: Shown) -> str:
    """Return what the figures rest on: replications, seed, intervals, and how long it took."""
    results = shown.changed
    return (
        f"{counted(results.n, 'replication')} of {shown.base.scenario.name}, seed {results.seed}, "
        f"{100 * results.confidence:g} % intervals, the same random numbers for both. "
        f"Simulated in {1000 * shown.seconds:.0f} ms."
    )


def sentence(shown: Shown) -> str:
    """Return what the moves do to service, in one sentence."""
    if not shown.variant.changes:
        return "Nothing is moved yet: this is the floor as it is today."
    return shown.found.words(shown.variant.name)


def table(shown: Shown) -> str:
    """Return today, what if and the difference of each figure as an HTML table."""
    base, changed = shown.base, shown.changed
    rows = []
    for measure, label in MEASURES.items():
        told, unit = base.figure(measure), base.figure(measure).unit
        a, b, d = base[measure], changed[measure], shown.found.difference(measure, shown.variant.name)
        if measure == "penalty" and a.mean is None:
            continue
        clear = d.low is not None and d.high is not None and (d.low > 0 or d.high < 0)
        rows.append(
            f"<tr data-measure='{measure}'><th scope='row' title='{html.escape(told.formula, quote=True)}'>{label}</th>"
            f"<td>{_cell(a, unit)}</td><td class='now'>{_cell(b if d.mean is not None else d, unit)}</td>"
            f"<td class='{'clear' if clear else 'unclear'}'>{_difference(d, unit)}</td></tr>"
        )
    rows += _met(shown)
    formula = html.escape(base.figure("service_level").formula)
    return (
        "<div class='what-if-scroll' tabindex='0' role='region' aria-label='Figures'><table class='what-if-table'>"
        "<caption>Mean over replications, and its interval</caption>"
        "<thead><tr><th scope='col'>Figure</th><th scope='col'>Today</th><th scope='col'>What if</th>"
        f"<th scope='col'>Difference</th></tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        f"<p class='what-if-quiet'>Service level: {formula}. Grey: the interval of the difference holds 0.</p>"
    )


def pictures(shown: Shown) -> str:
    """Return the pictures over the day, as HTML."""
    base, changed = shown.base, shown.changed
    times = [pd.Timestamp(text).tz_localize(None) for text in changed.names("interval")]
    no_cost = shown.variant.not_comparable or base["cost"].mean is None
    known = [m for m in CURVES if m != "cost" or not no_cost]
    drawn = "".join(_drawn(measure, base, changed, times) for measure in known)
    return (
        "<p class='what-if-legend'><span class='what-if-key now'></span> what if, with its band "
        "<span class='what-if-key before'></span> today <span class='what-if-key target'></span> target</p>"
        f"<div class='what-if-pictures'>{drawn}</div>"
    )


def _drawn(measure: str, base: Results, changed: Results, times: Sequence[pd.Timestamp]) -> str:
    unit = changed.figure(measure).unit
    scale = 100.0 if unit == "fraction" else 1.0
    found = changed.estimates(measure, "interval")
    before = base.estimates(measure, "interval")
    mean = scale * _values([e.mean for e in found])
    name = SHORT.get(measure, CURVES[measure])
    sign = "%" if unit == "fraction" else "" if unit == "count" else unit
    curve = Curve(
        f"{name}, {sign}" if sign else name,
        mean,
        scale * _values([e.low for e in found]),
        scale * _values([e.high for e in found]),
        scale * _values([e.mean for e in before])
        if len(before) == len(found)
        else np.full_like(mean, np.nan),
        top=100.0 if unit == "fraction" else None,
        target=_target(changed) if measure == "service_level" else None,
    )
    return picture(curve, times, in_words(CURVES[measure], times, mean, sign))


def _target(results: Results) -> float | None:
    target = one_target(results)
    return None if target is None else 100.0 * target


def _values(values: Sequence[float | None]) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in values], np.float64)


def _met(shown: Shown) -> list[str]:
    """Return the rows that say how often each target was met; of many targets only the last, all together."""
    said = {target.name: str(target) for target in shown.found.targets}
    before, after = shown.found.probabilities(), shown.found.probabilities(shown.variant.name)
    names = list(before) if len(before) <= MOST_TARGETS else list(before)[-1:]
    return [
        f"<tr data-measure='target'><th scope='row' title='{html.escape(said.get(name, name), quote=True)}'>"
        f"Target met, {html.escape(name)}</th><td>{_often(before[name])}</td>"
        f"<td class='now'>{_often(after[name])}</td><td></td></tr>"
        for name in names
    ]


def _often(met: Met) -> str:
    return f"{met.met} of {met.n} <small>{span(met.low, met.high, 'fraction', 0)}</small>"


def _cell(e: Estimate, unit: str) -> str:
    if e.mean is None:
        return f"unknown <small>{html.escape(e.reason)}</small>"
    decimals = _decimals(e.mean, unit)
    low, high = (_bare(value, unit, decimals) for value in (e.low, e.high))
    return (
        f"{figure(e.mean, unit, decimals)} <small>{f'{low} to {high}' if e.low is not None else ''}</small>"
    )


def _bare(value: float | None, unit: str, decimals: int | None, sign: bool = False) -> str:
    """Return a figure without its unit, which stands beside it already."""
    text = _signed(value, unit, decimals) if sign else figure(value, unit, decimals)
    return text.partition(THIN)[0].removesuffix(" points")


def _decimals(value: float, unit: str) -> int | None:
    """Return two decimals for a small count, such as a short queue; else what is usual."""
    return 2 if unit == "count" and abs(value) < 10 else None


def _difference(d: Estimate, unit: str) -> str:
    if d.mean is None:
        return "unknown"
    decimals = _decimals(d.mean, unit)
    unit = "points" if unit == "fraction" else unit
    low, high = (_bare(value, unit, decimals, sign=True) for value in (d.low, d.high))
    return (
        f"{_signed(d.mean, unit, decimals)} <small>{f'{low} to {high}' if d.low is not None else ''}</small>"
    )


def _signed(value: float | None, unit: str, decimals: int | None) -> str:
    text = figure(value, unit, decimals)
    return f"+{text}" if value is not None and value > 0 else text
