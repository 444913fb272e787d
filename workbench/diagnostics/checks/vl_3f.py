"""Did moving to a platform clean the data, or only relocate the mess?"""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Finding, Scale, Verdict
from workbench.intake.dataset import Dataset, Table
from workbench.intake.spec import table_specs
from workbench.metrics.columns import Floats, Times, filled
from workbench.once import once_per_table
from workbench.wording import figure

BETTER = Scale(
    zero=-0.05,
    hundred=0.05,
    target=0.0,
    source="METHOD VL-3f: the same rules before and after; ends are ours",
)
LOOKED_AT = ("contacts", "qa_eval", "coaching", "training", "provisioning", "schedule", "timesheet")
LEAST = 50


class Compared(TypedDict):
    """Filled cells of one table before and after a go-live, as shares."""

    table: str
    live: pd.Timestamp
    before: float
    after: float
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
        if compared is not None:
            rows.append(compared)
            said += found(
                "VL-3f",
                part,
                f"Filled cells of {name} changed by {figure(part.value, 'points')} after go-live, from "
                f"{figure(compared['before'], 'fraction')} to {figure(compared['after'], 'fraction')} of "
                f"{part.n:,} rows (expected no fall), {dataset.period}.",
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
            else f"needs {LEAST} rows on either side of a go-live"
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
        formula="filled cells of columns that are ever filled, after − before",
    )


def _compared(name: str, table: Table | None, moments: list[pd.Timestamp]) -> Compared | None:
    """Return the comparison around the go-live that has most rows on its thinner side."""
    if table is None:
        return None
    each = [found for moment in moments if (found := _before_and_after(name, table, moment)) is not None]
    return max(each, key=lambda one: one["fewest"], default=None)


def _before_and_after(name: str, table: pd.DataFrame, live: pd.Timestamp) -> Compared | None:
    by_time = _filled(name, table)
    if by_time is None:
        return None
    when, share = by_time
    moment = live.to_datetime64()
    early, late = share[when < moment], share[when >= moment]
    if min(len(early), len(late)) < LEAST:
        return None
    return {
        "table": name, "live": live, "before": float(early.mean()), "after": float(late.mean()),
        "rows": len(early) + len(late), "fewest": min(len(early), len(late)),
    }  # fmt: skip


@once_per_table
def _filled(name: str, table: pd.DataFrame) -> tuple[Times, Floats] | None:
    """Return the time of each row and the share of its cells that are filled, of columns that are ever filled."""
    cells, used, times = np.zeros(len(table), np.int64), 0, []
    for column in table_specs()[name].columns:
        known = filled(table, column.name)
        if known.any():
            cells, used = cells + known, used + 1
            times += [column.name] if column.type in ("timestamp", "date") else []
    return (table[times[0]].to_numpy("datetime64[us]"), cells / used) if times else None
