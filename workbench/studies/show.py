"""How do simulated figures read in a terminal?"""

from __future__ import annotations

import math

import pandas as pd
from rich.table import Table

from workbench.statistics.replications import Estimate
from workbench.studies.compare import Comparison
from workbench.studies.replicate import Results

_FIRST = (
    "offered", "answered", "service_level", "mean_wait_s", "abandon_rate", "occupancy", "backlog",
)  # fmt: skip

OF_MONEY = ("cost", "revenue", "penalty")
"""Figures that are known only where the scenario names their rates."""
NOTHING = 1e-9
"""Below this a difference is one of rounding."""


def number(value: float | None, unit: str) -> str:
    """Return a figure as a reader writes it: percent for fractions, — where it is not known."""
    if value is None or math.isnan(value):
        return "—"
    if unit == "fraction":
        return f"{100 * value:.1f} %"
    if abs(value) < NOTHING:
        return "0"
    if unit in ("count", "s", "h") or len(unit) == 3:
        if abs(value) < 0.1:
            return f"{value:.2g}"  # not 0.0: it may be clear of nothing and still small
        digits = 0 if abs(value) >= 1000 or float(value).is_integer() else 1
        return f"{value:,.{digits}f}"
    return f"{value:,.3g}"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="")
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 else "right", no_wrap=True)
    return table


def overall(results: Results) -> Table:
    """Return all figures of the whole with their intervals."""
    percent = f"{100 * results.confidence:g} %"
    table = _table(
        f"{results.scenario.name}: {results.n} replications, seed {results.seed}, {results.engine} engine",
        "measure", "mean", f"{percent} interval", "unit",
    )  # fmt: skip
    for name, figure in results.figures.items():
        e = results[name]
        if e.mean is None:
            continue
        span = f"{number(e.low, figure.unit)} to {number(e.high, figure.unit)}" if e.low is not None else "—"
        unit = "" if figure.unit in ("fraction", "count") else figure.unit
        table.add_row(name, number(e.mean, figure.unit), span, unit)
    unsaid = [results[name].reason for name in OF_MONEY if results[name].mean is None]
    table.caption = "\n".join(f"Not known: {reason}." for reason in unsaid)
    table.caption_justify = "left"
    return table


def by(results: Results, scope: str, title: str) -> Table | None:
    """Return the main figures of each queue or group; None where there is but one."""
    names = results.names(scope)
    if len(names) < 2:
        return None
    known = [m for m in (*_FIRST, "utilisation", "paid_hours") if scope in results.figure(m).scopes]
    table = _table(title, scope, *known)
    columns = [results.estimates(m, scope) for m in known]
    for i, name in enumerate(names):
        cells = [number(c[i].mean, results.figure(m).unit) for m, c in zip(known, columns, strict=True)]
        table.add_row(name, *cells)
    return table


def comparison(found: Comparison) -> list[Table]:
    """Return a table per variant: base, changed, and the paired difference with its interval.

    Differences of fractions are percentage points; "clear" says whether the interval leaves 0 out.
    """
    tables, frame = [], found.table()
    for variant, changes in found.changes.items():
        title = f"{variant}: {'; '.join(str(c) for c in changes)} — {found.baseline.n} pairs, 95 %"
        table = _table(title, "measure", "base", "with it", "change", "interval", "clear")
        for row in frame[frame.variant == variant].itertuples():
            if pd.isna(row.difference):
                continue
            cells = [number(x, row.unit) for x in (row.base, row.changed)]
            span = f"{signed(row.low, row.unit)} to {signed(row.high, row.unit)}"
            sure = not pd.isna(row.low) and (row.low > NOTHING or row.high < -NOTHING)
            table.add_row(
                row.measure, *cells, signed(row.difference, row.unit), span, "yes" if sure else "no"
            )
        tables.append(table)
    return tables


def signed(value: float, unit: str) -> str:
    """Return a difference with its sign; of fractions in percentage points."""
    text = number(value, unit).removesuffix(" %")
    if not float(text.replace(",", "")):
        return text.removeprefix("-")
    return f"+{text}" if value > 0 else text


def within(d: Estimate, unit: str) -> str:
    """Return a difference with half its interval: "-6.6 ±1.3"."""
    if d.mean is None:
        return "—"
    return f"{signed(d.mean, unit)} {half(d, unit)}".rstrip()


def half(e: Estimate, unit: str) -> str:
    """Return half the interval of a figure: "±1.3"; of fractions in points, "" where there is none."""
    return "" if e.low is None else f"±{_short(100 * e.half_width if unit == 'fraction' else e.half_width)}"


def _short(size: float) -> str:
    """Return a half-width with two digits that say something."""
    if size < NOTHING:
        return "0"
    return f"{size:,.0f}" if size >= 100 else f"{size:.{max(0, 1 - math.floor(math.log10(size)))}f}"
