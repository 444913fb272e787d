"""How do a calibration and a backtest look in a terminal?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from rich.table import Table as Listing

from workbench.errors import CallError
from workbench.studies.backtest import Backtest
from workbench.studies.calibrate import Calibration
from workbench.studies.fit_summary import summary_of_backtest, summary_of_fit

ACCEPTED_MINUTES = (15, 30, 60)
SHARES = ("service_level", "abandon_rate", "occupancy")


def check_interval(minutes: int) -> None:
    """Raise CallError for an interval that planners do not use."""
    if minutes not in ACCEPTED_MINUTES:
        raise CallError(f"interval: {minutes} minutes came. Accepted: 15, 30 or 60.")


def _written(measure: str, value: float) -> str:
    if np.isnan(value):
        return "not known"
    return f"{value:.1%}" if measure.startswith(SHARES) else f"{value:.1f} s"


def frame(table: pd.DataFrame, title: str) -> Listing:
    """Return a frame as a listing, numbers to three digits."""
    listing = Listing(title=title)
    for column in table.columns:
        listing.add_column(str(column), justify="right" if table[column].dtype.kind in "fi" else "left")
    for row in table.itertuples(index=False):
        listing.add_row(*("" if v != v else f"{v:.3f}" if isinstance(v, float) else str(v) for v in row))
    return listing


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
        formulas = [
            "not known" if e is None else _written(name, e.total[name]["predicted"])
            for e in (found.erlang_a, found.erlang_c)
        ]
        between = f"{_written(name, row['low'])} – {_written(name, row['high'])}"
        listing.add_row(
            name, _written(name, row["actual"]), _written(name, row["predicted"]), between, *formulas
        )
    yield listing
    s = found.scores
    yield (
        f"Interval error {s.interval_error:.3f}, noise floor {s.noise_floor:.3f} "
        f"({s.interval_error / s.noise_floor if s.noise_floor else float('nan'):.2f} times); 90 % intervals hold "
        f"{s.coverage_90:.1%} of {s.n_intervals} intervals with contacts; {found.n} replications, seed {found.seed}."
    )
    if not found.errors.empty:
        yield frame(found.errors, "Error of the total, predicted minus actual")
    yield from _assumed(found.assumed)


def comparison(found: Backtest) -> pd.DataFrame:
    """Return the totals as a frame: actual, predicted, its 90 % interval, Erlang A, Erlang C."""
    table = found.scores.totals
    for name, formula in (("erlang_a", found.erlang_a), ("erlang_c", found.erlang_c)):
        table[name] = float("nan") if formula is None else formula.totals["predicted"].to_numpy()
    return table


__all__ = ["backtested", "calibration", "check_interval", "comparison", "frame"]
