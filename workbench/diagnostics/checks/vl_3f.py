"""Did moving to a platform clean the data, or only relocate the mess?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Scale, Verdict
from workbench.intake.dataset import Dataset, Table
from workbench.intake.spec import table_specs
from workbench.wording import counted, figure

BETTER = Scale(
    zero=-0.05,
    hundred=0.05,
    target=0.0,
    source="METHOD VL-3f: the same rules before and after; ends are ours",
)
LOOKED_AT = ("contacts", "qa_eval", "coaching", "training", "provisioning", "schedule", "timesheet")
LEAST = 50


@diagnostic("VL-3f", area="value leaks")
def migration_cleaned_the_data(dataset: Dataset, process_document: Table) -> Verdict:
    """After a module went live its records are at least as complete as before.

    Why: a platform takes over what it is given; the same gaps look tidier in it.
    Healthy: filled cells 88 % before, 95 % after go-live.
    Unhealthy: 88 % before, 84 % after.
    Remedy: clean by rule before moving, and measure with the same rules after it.
    """
    label = "change of filled cells after go-live"
    live = process_document["module_go_live"].dropna()
    rows = []
    for moment in sorted(live.unique()):
        for name in LOOKED_AT:
            table = dataset.tables.get(name)
            if table is not None:
                rows += _before_and_after(name, table, pd.Timestamp(moment))
    compared = pd.DataFrame(rows)
    if compared.empty:
        reason = f"no go-live with {LEAST} rows of a table on either side of it"
        return Verdict((missing(label, "points", table="process_document", reason=reason),))
    nearest = compared.sort_values("fewest", ascending=False).drop_duplicates("table")
    change = float((nearest["after"] - nearest["before"]).mean())
    part = quantity(
        label,
        change,
        "points",
        int(nearest["rows"].sum()),
        table="process_document",
        period=dataset.period,
        scale=BETTER,
        formula="filled cells of columns that are ever filled, after − before, mean over tables",
    )
    said = found(
        "VL-3f",
        part,
        f"Filled cells changed by {figure(change, 'points')} after go-live over {counted(len(nearest), 'table')} and "
        f"{part.n:,} rows (expected no fall), {dataset.period}.",
        "Clean by rule before moving the next module, and measure with the same rules after it.",
        step="data",
    )
    return Verdict((part,), said, {"filled cells before and after go-live": nearest})


def _before_and_after(name: str, table: pd.DataFrame, live: pd.Timestamp) -> list[dict[str, object]]:
    spec = table_specs()[name]
    times = [c.name for c in spec.columns if c.type in ("timestamp", "date") and table[c.name].notna().any()]
    if not times:
        return []
    time = times[0]
    when = table[time] if table[time].dt.tz is None else table[time].dt.tz_localize(None)
    used = [c.name for c in spec.columns if table[c.name].notna().any()]
    filled = table[used].notna().mean(axis=1)
    early, late = filled[when < live], filled[when >= live]
    if min(len(early), len(late)) < LEAST:
        return []
    return [{"table": name, "go-live": live, "before": float(early.mean()), "after": float(late.mean()),
             "rows": len(table), "fewest": min(len(early), len(late))}]  # fmt: skip
