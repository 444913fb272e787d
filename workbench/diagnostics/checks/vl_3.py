"""How much of what was handed over can be used as it is?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity, sentence
from workbench.diagnostics.finding import Evidence, Finding, Scale, Verdict
from workbench.intake.dataset import Dataset
from workbench.intake.spec import table_specs
from workbench.metrics.columns import among
from workbench.wording import counted, figure, listing

USABLE = Scale(zero=0.90, hundred=1.0, target=0.99, source="METHOD VL-3; that 90 % earns nothing is ours")
CLEAN = Scale(zero=0.70, hundred=1.0, target=0.97, source="METHOD VL-3; that 70 % earns nothing is ours")


@diagnostic("VL-3", area="value leaks")
def records_are_usable(dataset: Dataset) -> Verdict:
    """Records can be used as they were handed over.

    Why: bad data does not mend itself; it travels with the employee into every figure behind it.
    Healthy: 99.8 % of rows usable in every table, 98 % without any remark.
    Unhealthy: one row in eight set aside, tables that cannot be read at all.
    Remedy: mend at the source: checks at entry, one owner for each table, and the same rules at each delivery.
    """
    table = quality_by_table(dataset)
    if table.empty:
        reason = "no table with rows was handed over"
        return Verdict((missing("rows that can be used", "fraction", table="contacts", reason=reason),))
    usable = _mean("rows that can be used, mean of the tables", table, "usable", USABLE, dataset)
    clean = _mean("rows without any remark, mean of the tables", table, "clean", CLEAN, dataset)
    absent = [name for name in table_specs() if name not in set(table["table"])]
    unknown = missing(
        "rows of tables that were not handed over",
        "fraction",
        table=absent[0] if absent else "contacts",
        reason=f"{counted(len(absent), 'table')} not handed over: {listing(absent, 4)}",
        weight=2.0 * len(absent) / len(table_specs()),
    )
    said: list[Finding] = []
    worst = table.sort_values(["usable", "clean"]).head(3)
    for part, column in ((usable, "usable"), (clean, "clean")):
        named = listing(
            [f"{row['table']} {figure(row[column], 'fraction')}" for row in worst.to_dict("records")]
        )
        said += found(
            "VL-3",
            part,
            f"{part.measure.capitalize()}, were {figure(part.value, 'fraction')} of {counted(part.n, 'row')} in "
            f"{counted(len(table), 'table')} (expected {figure(part.expected, 'fraction')}); lowest: {named}.",
            "Mend at the source: checks at entry and one owner for each table; the problems list names every row.",
            step="data",
            commitments="figures for the client rest on it",
            margin="hours of repair at each report",
        )
    for row in table.to_dict("records"):
        one = quantity(
            f"rows of {row['table']} that can be used",
            float(row["usable"]),
            "fraction",
            int(row["rows"]),
            table=str(row["table"]),
            period=dataset.period,
            scale=USABLE,
            weight=0.0,
            formula="rows not set aside / rows read",
        )
        said += found(
            "VL-3",
            one,
            f"{sentence(one, 'row')} {int(row['set aside']):,} rows were set aside.",
            f"Mend {row['table']} at its source; the problems list names every row.",
            step="data",
            commitments="figures for the client rest on it",
        )
    parts = (usable, clean, unknown) if absent else (usable, clean)
    return Verdict(parts, tuple(said), {"data quality by table": table})


def quality_by_table(dataset: Dataset) -> pd.DataFrame:
    """Return, for each table that came, rows read, set aside and flagged, and the shares usable and clean."""
    problems = dataset.problems
    rowwise = problems[problems["row"].notna()]
    set_aside = rowwise["severity"] == "set aside"
    # validation says each name that refers to nobody once: those rows are counted by `_dangling`
    nobody = rowwise["message"].str.contains("is in no row of", regex=False)
    asides = _rows_named(rowwise[set_aside])
    remarks = _rows_named(rowwise[(set_aside | (rowwise["severity"] == "flagged")) & ~nobody])
    rows = []
    for name, read in sorted(dataset.provenance.rows_read.items()):
        if read == 0 or name not in table_specs():
            continue
        aside = asides.get(name, 0) if name in dataset.tables else read
        touched = min(max(remarks.get(name, 0), aside) + _dangling(dataset, name), read)
        rows.append(
            {
                "table": name,
                "rows": read,
                "set aside": aside,
                "flagged": touched - aside,
                "usable": 1 - aside / read,
                "clean": 1 - touched / read,
            }
        )
    return pd.DataFrame(rows)


def _rows_named(problems: pd.DataFrame) -> Counter[str]:
    """Return how many rows of each table the problems name."""
    return Counter(problems.drop_duplicates(["table", "file", "row"])["table"].tolist())


def _dangling(dataset: Dataset, name: str) -> int:
    """Return how many rows of a table refer to nobody."""
    frame = dataset.tables.get(name)
    if frame is None:
        return 0
    lost = np.zeros(len(frame), bool)
    for column in table_specs()[name].columns:
        table, _, target = column.references.partition(".")
        others = dataset.tables.get(table)
        if table and others is not None:
            named = frame[column.name]
            lost |= named.notna().to_numpy() & ~among(named, others[target])
    return int(lost.sum())


def _mean(label: str, table: pd.DataFrame, column: str, scale: Scale, dataset: Dataset) -> Evidence:
    weight = len(table) / len(table_specs())
    part = quantity(
        label,
        float(table[column].mean()),
        "fraction",
        int(table["rows"].sum()),
        table="problems",
        period=dataset.period,
        scale=scale,
        weight=weight,
        formula=f"mean over tables of {column} rows / rows read; the score is the mean of the tables' scores",
    )
    score = float(table[column].map(scale.score).mean())
    return replace(part, score=score, score_low=score, score_high=score)
