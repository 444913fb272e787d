"""Did moving to a platform clean the data, or only relocate the mess?"""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Finding, Scale, Verdict
from workbench.intake.dataset import Dataset, Table
from workbench.intake.spec import ColumnSpec, table_specs
from workbench.metrics.columns import Bools, Ints, filled
from workbench.metrics.proportion import wilson
from workbench.statistics.mover import linear
from workbench.wording import figure, span

BETTER = Scale(
    zero=-0.05,
    hundred=0.05,
    target=0.0,
    source="METHOD VL-3f: the same rules before and after; ends are ours",
)
LOOKED_AT = ("contacts", "qa_eval", "coaching", "training", "provisioning", "schedule", "timesheet")
LEAST = 50


class Compared(TypedDict):
    """Filled cells of one table before and after a go-live, as shares; `low`, `high`: of their difference."""

    table: str
    live: pd.Timestamp
    before: float
    after: float
    low: float
    high: float
    columns: str
    rows: int
    fewest: int


@diagnostic("VL-3f", area="value leaks")
def migration_cleaned_the_data(dataset: Dataset, process_document: Table) -> Verdict:
    """After a module went live its records are at least as complete as before.

    Why: a platform takes over what it is given; the same gaps look tidier in it.
    Healthy: filled cells 88 % before, 95 % after go-live.
    Unhealthy: 88 % before, 84 % after.
    Remedy: clean by rule before moving, and measure with the same rules after it.
    """
    live = process_document["module_go_live"].dropna()
    moments = [pd.Timestamp(moment) for moment in sorted(live.unique())]
    parts: list[Evidence] = []
    said: list[Finding] = []
    rows: list[Compared] = []
    for name in LOOKED_AT:
        compared = _compared(name, dataset.tables.get(name), moments)
        part = _change(name, compared, dataset)
        parts.append(part)
        if compared is None:
            continue
        rows.append(compared)
        if compared["high"] < 0:  # a fall that chance alone explains accuses nobody
            said += found(
                "VL-3f",
                part,
                f"Filled cells of {name} changed by {figure(part.value, 'points')} "
                f"({span(part.low, part.high, 'points')}) after go-live, from "
                f"{figure(compared['before'], 'fraction')} to {figure(compared['after'], 'fraction')} of "
                f"{part.n:,} rows (expected no fall; cells that must be filled: {compared['columns']}), "
                f"{dataset.period}.",
                "Clean by rule before moving the next module, and measure with the same rules after it.",
                step="data",
            )
    facts = {"filled cells before and after go-live": pd.DataFrame(rows)} if rows else {}
    return Verdict(tuple(parts), tuple(said), facts)


def _change(name: str, compared: Compared | None, dataset: Dataset) -> Evidence:
    label = f"change of filled cells in {name} after go-live"
    if compared is None:
        reason = (
            f"needs {name}"
            if name not in dataset.tables
            else f"needs {LEAST} rows on either side of a go-live, with a cell that must be filled"
        )
        return missing(label, "points", table=name, reason=reason)
    return quantity(
        label,
        compared["after"] - compared["before"],
        "points",
        compared["rows"],
        table=name,
        period=dataset.period,
        scale=BETTER,
        interval=(compared["low"], compared["high"]),
        formula="filled share of the cells that must be filled, mean over columns, after − before",
    )


def _compared(name: str, table: Table | None, moments: list[pd.Timestamp]) -> Compared | None:
    """Return the comparison around the go-live that has most rows on its thinner side."""
    if table is None or not moments:
        return None
    dated = next((c.name for c in table_specs()[name].columns if c.type in ("timestamp", "date")
                  and filled(table, c.name).any()), None)  # fmt: skip
    if dated is None:
        return None
    when = table[dated].to_numpy("datetime64[us]")
    known = ~np.isnat(when)
    stretch = np.searchsorted(np.array([one.to_datetime64() for one in moments]), when, side="right")
    cells = {}
    for column in table_specs()[name].columns:
        must = _must_be_filled(table, column)
        if must is not None:
            cells[column.name] = [
                np.bincount(stretch[known & chosen], minlength=len(moments) + 1)
                for chosen in (must, must & filled(table, column.name))
            ]
    rows = np.bincount(stretch[known], minlength=len(moments) + 1)
    each = [_before_and_after(name, live, place, rows, cells) for place, live in enumerate(moments, 1)]
    return max((one for one in each if one is not None), key=lambda one: one["fewest"], default=None)


def _before_and_after(
    name: str, live: pd.Timestamp, place: int, rows: Ints, cells: dict[str, list[Ints]]
) -> Compared | None:
    """Compare the stretches of time before `place` with those from it on.

    Each column weighs the same on both sides, so that a change of what is due (fewer who have completed a
    course yet) is no change of what is filled. A row counts once, however many of its cells are looked at: those
    of one row are empty together. Both shares have Wilson's interval on the rows of the thinnest column, their
    difference Newcombe's (1998): with the cells of a row wholly dependent it is as wide as it may have to be.
    """
    sides = {
        column: [(int(hit[part].sum()), int(due[part].sum())) for part in (slice(place), slice(place, None))]
        for column, (due, hit) in cells.items()
    }
    judged = {column: both for column, both in sides.items() if min(n for _, n in both) >= LEAST}
    if not judged:
        return None
    shares: list[float] = []
    lows: list[float] = []
    highs: list[float] = []
    for side in (0, 1):
        share = float(np.mean([both[side][0] / both[side][1] for both in judged.values()]))
        n = min(both[side][1] for both in judged.values())
        low, high = wilson(share * n, n)
        shares, lows, highs = [*shares, share], [*lows, min(low, share)], [*highs, max(high, share)]
    change = linear((-1.0, 1.0), shares, lows, highs)
    early, late = int(rows[:place].sum()), int(rows[place:].sum())
    return {
        "table": name, "live": live, "before": shares[0], "after": shares[1], "low": change.low,
        "high": change.high, "columns": ", ".join(judged), "rows": early + late, "fewest": min(early, late),
    }  # fmt: skip


def _must_be_filled(table: pd.DataFrame, column: ColumnSpec) -> Bools | None:
    """Return in which rows a column has to be filled; None where no rule says so, or it is never filled.

    What only a later event fills (the end of an access, the result of a dispute) is emptier in younger rows, and
    tells nothing of a platform. A column without a single value was not handed over.
    """
    if not (column.required or column.filled) or not filled(table, column.name).any():
        return None
    if column.filled and column.filled != "always":
        return filled(table, column.filled)
    return np.ones(len(table), bool)
