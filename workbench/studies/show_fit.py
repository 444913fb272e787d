"""How do a calibration and a backtest look in a terminal?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from rich.table import Table as Listing

from workbench.errors import CallError
from workbench.metrics.service_level import FORMULAS
from workbench.studies.backtest import Backtest
from workbench.studies.calibrate import Calibration
from workbench.studies.fit_summary import summary_of_backtest, summary_of_fit

ACCEPTED_MINUTES = (15, 30, 60)
SHARES = ("service_level", "abandon_rate", "occupancy")
TOTALS = {
    "abandon_rate": "abandonment", "mean_wait_answered_s": "wait of the answered",
    "mean_wait_s": "wait of everybody",
    **{f"service_level_{v}": f"service by {v}" for v in FORMULAS},
}  # fmt: skip
"""How a reader calls the totals of a backtest."""
WIDEST = 7
"""Columns that a terminal of usual width holds; a wider table of few rows is turned."""


def check_interval(minutes: int | None) -> None:
    """Raise CallError for an interval that planners do not use; None leaves it to the data."""
    if minutes is not None and minutes not in ACCEPTED_MINUTES:
        raise CallError(f"interval: {minutes} minutes came. Accepted: 15, 30 or 60.")


def _written(measure: str, value: float) -> str:
    if np.isnan(value):
        return "not known"
    return f"{value:.1%}" if measure.startswith(SHARES) else f"{value:.1f} s"


def _as_share(value: float) -> str:
    return f"{value:.1%}"


def _as_seconds(value: float) -> str:
    return f"{value:,.1f} s"


def _as_scatter(shape: float) -> str:
    """Write the shape of a Gamma factor as the standard deviation that it stands for."""
    return "chance alone" if np.isnan(shape) else f"{shape**-0.5:.1%}"


def _as_points(value: float) -> str:
    return f"{100 * value:+.2f}"


HEADS: Mapping[str, tuple[str, Callable[[float], str] | None]] = {
    "n": ("sample", None),
    "offered": ("contacts", None),
    "aht_s": ("handle time, mean", _as_seconds),
    "mean_s": ("mean", _as_seconds),
    "patience_s": ("patience, mean", _as_seconds),
    "asa_s": ("speed of answer", _as_seconds),
    "abandon_rate": ("abandoned", _as_share),
    "people_mean": ("people at work, mean", None),
    "day_shape": ("days scatter by", _as_scatter),
    "interval_shape": ("intervals scatter by", _as_scatter),
    "events": ("of those, seen to the end", None),
    "low": ("from", None),
    "high": ("to", None),
    "aic": ("AIC (lowest is best)", None),
    "bic": ("BIC (lowest is best)", None),
    "above_best": ("above the best", None),
    "resolved": ("resolved", _as_share),
    "repeat if not": ("comes again if not", _as_share),
    "misrouted": ("misrouted", _as_share),
    "escalated": ("escalated", _as_share),
    "shown": ("escalated, next contact seen", _as_share),
}
"""How columns are headed and written in a terminal; others stand as they are called, with spaces."""
ERROR_HEADS: Mapping[str, tuple[str, Callable[[float], str] | None]] = {
    "service_level": ("service level [points]", _as_points),
    "abandon_rate": ("abandonment [points]", _as_points),
    "service_level_within": ("service, known to ±", lambda value: f"{100 * value:.2f}"),
    "abandon_rate_within": ("abandonment, to ±", lambda value: f"{100 * value:.2f}"),
}


def frame(table: pd.DataFrame, title: str, heads: Mapping[str, Any] = HEADS) -> Listing:
    """Return a frame as a listing with plain heads; numbers without a unit to three digits."""
    listing = Listing(title=title)
    ways = [heads.get(str(column), (str(column).replace("_", " "), None)) for column in table.columns]
    cells = [
        [_cell(v, write) for v, (_, write) in zip(row, ways, strict=True)]
        for row in table.itertuples(index=False)
    ]
    if len(ways) > WIDEST and len(cells) < WIDEST:
        for i, head in enumerate((ways[0][0], *(row[0] for row in cells))):
            listing.add_column(head, justify="right" if i else "left")
        for place, (head, _) in enumerate(ways[1:], 1):
            listing.add_row(head, *(row[place] for row in cells))
        return listing
    for column, (head, _) in zip(table.columns, ways, strict=True):
        listing.add_column(head, justify="right" if table[column].dtype.kind in "fi" else "left")
    for row in cells:
        listing.add_row(*row)
    return listing


def _cell(value: Any, write: Callable[[float], str] | None) -> str:
    if value is None or (value != value and write is not _as_scatter):
        return ""
    if write is not None and isinstance(value, float):
        return write(value)
    if isinstance(value, float):
        return f"{value:,.0f}" if value == round(value) and abs(value) >= 100 else f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _assumed(assumed: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield "What nobody recorded (M measured, D documentary, A assumed):"
    yield from (f"  {grade}  {what}" for what, grade in assumed)


def calibration(made: Calibration) -> Iterator[Listing | str]:
    """Yield the fit report, part by part, the summary first."""
    yield " ".join(summary_of_fit(made))
    for name, table in made.tables.items():
        if name not in ("staffing", "agents", "families") and not table.empty:
            yield frame(table, f"{name}, {made.period}")
    yield from _assumed(made.assumed)
    if made.not_identifiable:
        yield "Not identifiable from these data:"
        yield from (f"  {what}" for what in made.not_identifiable)


def backtested(found: Backtest) -> Iterator[Listing | str]:
    """Yield a summary, predicted beside actual, the errors, and what is assumed."""
    yield " ".join(summary_of_backtest(found))
    listing = Listing(title=f"Test {found.test_period}, fitted on {found.fit_period}, given {found.given}")
    for head in ("", "actual", "predicted", "90 % interval", "Erlang A", "Erlang C"):
        listing.add_column(head, justify="left" if not head else "right")
    for name, row in found.scores.total.items():
        if name == "service_level":  # V2 once more
            continue
        formulas = [
            "not known" if e is None else _written(name, e.total[name]["predicted"])
            for e in (found.erlang_a, found.erlang_c)
        ]
        between = f"{_written(name, row['low'])} – {_written(name, row['high'])}"
        listing.add_row(
            TOTALS.get(name, name),
            _written(name, row["actual"]),
            _written(name, row["predicted"]),
            between,
            *formulas,
        )
    yield listing
    yield "Service level, " + "; ".join(f"{v}: {formula.title}" for v, formula in FORMULAS.items()) + "."
    s = found.scores
    yield (
        f"Interval error {s.interval_error:.3f}, noise floor {s.noise_floor:.3f} "
        f"({s.interval_error / s.noise_floor if s.noise_floor else float('nan'):.2f} times); 90 % intervals hold "
        f"{s.coverage_90:.1%} of {s.n_intervals} intervals with contacts; {found.n} replications, seed {found.seed}."
    )
    if not found.errors.empty:
        yield from _errors(found.errors)
    yield from _assumed(found.assumed)


def _errors(errors: pd.DataFrame) -> Iterator[Listing | str]:
    """Yield the parts of the error, and below them what each stands for."""
    said = [column for column in errors.columns if column == "what"]
    yield frame(
        errors.drop(columns=said),
        "What the error of the total comes from (predicted minus actual)",
        ERROR_HEADS,
    )
    if said:
        yield from (f"  {row[0]}: {row[1]}." for row in errors[[errors.columns[0], "what"]].to_numpy())


def comparison(found: Backtest) -> pd.DataFrame:
    """Return the totals as a frame: actual, predicted, its 90 % interval, Erlang A, Erlang C."""
    table = found.scores.totals
    for name, formula in (("erlang_a", found.erlang_a), ("erlang_c", found.erlang_c)):
        table[name] = float("nan") if formula is None else formula.totals["predicted"].to_numpy()
    return table


__all__ = ["backtested", "calibration", "check_interval", "comparison", "frame"]
