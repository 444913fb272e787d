"""How much of what was handed over can be used as it is, how good is it, and which figures does the rest spoil?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from operator import itemgetter
from statistics import fmean
from typing import Any

import pandas as pd

from workbench.diagnostics.between import against_other_tables
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.dimensions import (
    DIMENSIONS,
    OF,
    SAMPLE,
    Lost,
    Row,
    as_frame,
    dangling,
    in_any,
    of_nobody,
    rows_by_dimension,
)
from workbench.diagnostics.evidence import found, missing, quantity, sentence, severity, share
from workbench.diagnostics.faults import agreement, as_table, evidence_of, faults, finding_on
from workbench.diagnostics.finding import Evidence, Finding, Grade, Scale, Severity, Verdict
from workbench.diagnostics.lineage import spoiled
from workbench.diagnostics.periods import kept
from workbench.intake.dataset import Dataset
from workbench.intake.days import ANSWERED
from workbench.intake.delivered import why_not_there
from workbench.intake.spec import table_specs
from workbench.metrics.columns import equals, filled
from workbench.wording import counted, figure, listing

USABLE = Scale(zero=0.90, hundred=1.0, target=0.99, source="METHOD VL-3; that 90 % earns nothing is ours")
CLEAN = Scale(zero=0.70, hundred=1.0, target=0.97, source="METHOD VL-3; that 70 % earns nothing is ours")

WEIGHTS = {"timeliness": 0.5, "accuracy": 0.5}
"""Beside usable, clean and complete rows, which weigh 1 each, and agreement between tables. Valid, unique and
consistent rows are in those."""

JUDGED: dict[str, tuple[str, Severity]] = {
    "completeness": ("that are filled", "moderate"),
    "timeliness": ("that came in time", "moderate"),
    "accuracy": ("that agree with the source", "severe"),
}
"""The dimensions in which a column is found on its own, in words, and how severe that may be."""


@diagnostic("VL-3", area="value leaks")
def records_are_usable(dataset: Dataset) -> Verdict:
    """Records can be used as they were handed over.

    Why: bad data does not mend itself; it travels with the employee into every figure behind it. Rows that
    contradict themselves or another table say that at least one of the two is wrong.
    Healthy: 99.8 % of rows usable in every table, 98 % without any remark; 49 of 50 sampled records agree with
    their source.
    Unhealthy: one row in eight set aside, tables that cannot be read at all; a third of contacts without a code.
    Remedy: mend at the source: checks at entry, one owner for each table, and the same rules at each delivery.
    """
    lost = {name: dangling(dataset, name) for name in dataset.tables}
    table = quality_by_table(dataset, lost)
    if table.empty or set(table["table"]) <= set(ANSWERED):
        reason = "no table with rows was handed over" + (", only answers" if len(table) else "")
        return Verdict((missing("rows that can be used", "fraction", table="contacts", reason=reason),))
    usable = _mean("rows that can be used, mean of the tables", table, "usable", USABLE, dataset)
    clean = _mean("rows without any remark, mean of the tables", table, "clean", CLEAN, dataset)
    came = set(table["table"])
    absent = [name for name in table_specs() if name not in came]
    unread = [name for name in absent if name not in ANSWERED and why_not_there(dataset, name)]
    never = [name for name in absent if name not in unread]
    unknown = missing(
        "rows of tables that were not handed over",
        "fraction",
        table=absent[0] if absent else "contacts",
        reason=f"{counted(len(never), 'table')} not handed over: {listing(never, 4)}"
        + (f"; delivered, could not be read: {listing(unread, 4)}" if unread else ""),
        weight=3.0 * len(absent) / len(table_specs()),
    )
    measured = rows_by_dimension(dataset, lost)
    records = table.to_dict("records")
    dimensions = _dimensions(measured, dataset)
    said: list[Finding] = []
    worst = sorted(records, key=lambda row: (row["usable"], row["clean"]))[:3]
    for part, column in ((usable, "usable"), (clean, "clean")):
        named = listing([f"{row['table']} {figure(row[column], 'fraction')}" for row in worst])
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
    for row in records:
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
        if severity(one) is None:
            continue
        said += found(
            "VL-3",
            one,
            f"{sentence(one, 'row')} {int(row['set aside']):,} rows were set aside. {_spoils(str(row['table']))}",
            f"Mend {row['table']} at its source; the problems list names every row.",
            step="data",
            commitments="figures for the client rest on it",
        )
    against = against_other_tables(dataset)
    kinds = faults(dataset, lost, against)
    agree = agreement(against, dataset)
    by_label = {part.measure: part for part in agree}
    wrong = [by_label.get(part.measure, part) for part in (evidence_of(kind, dataset) for kind in kinds)]
    for kind, part in zip(kinds, wrong, strict=True):
        said += finding_on(kind, part, dataset)
    columns = _columns(measured, dataset)
    said += columns
    shown = [finding.evidence[0] for finding in columns]
    shown += [part for part in wrong if part.measure not in by_label]
    parts = (usable, clean, *((unknown,) if absent else ()), *dimensions, *agree, *shown)
    facts: dict[str, object] = {
        "data quality by table": table,
        "data quality by dimension": as_frame(measured),
        "what it spoils": what_it_spoils(measured),
        "rows that cannot be right": as_table(kinds),
    }
    return Verdict(parts, tuple(said), facts)


def _dimensions(rows: list[dict[Hashable, Any]], dataset: Dataset) -> tuple[Evidence, ...]:
    """Return one piece of evidence for each dimension: the mean of the tables in which it was measured."""
    found_parts: list[Evidence] = []
    judged = [name for name, spec in table_specs().items() if any(c.in_time for c in spec.columns)]
    for dimension, scale in DIMENSIONS.items():
        mine = [row for row in rows if row["dimension"] == dimension and row["n"] > 0]
        n = sum(row["n"] for row in mine)
        label = f"{dimension}: good {OF[dimension]}s" + (
            "" if dimension == "accuracy" else ", mean of the tables"
        )
        if dimension == "accuracy":
            if n:
                found_parts.append(
                    share(label, n - sum(row["bad"] for row in mine), n, of="records", table=SAMPLE,
                          period=dataset.period, scale=scale, weight=WEIGHTS[dimension],
                          formula="sampled records that agree / sampled")
                )  # fmt: skip
            else:
                reason = "not measured: no record was held against its source (accuracy_sample)"
                found_parts.append(
                    missing(label, "fraction", table=SAMPLE, reason=reason, weight=WEIGHTS[dimension])
                )
            continue
        whole = {"completeness": 1.0, **WEIGHTS}.get(dimension, 0.0)
        over = len(judged) if dimension == "timeliness" else len(table_specs())
        if len(mine):
            part = quantity(
                label, fmean(row["share"] for row in mine), "fraction", n, table="problems",
                period=dataset.period, scale=scale, weight=whole * len(mine) / over,
                formula=f"mean over {counted(len(mine), 'table')} of good / looked at; scored table by table",
                grade=_grade(row["table"] for row in mine),
            )  # fmt: skip
            score = fmean(scale.score(row["share"]) for row in mine)
            found_parts.append(replace(part, score=score, score_low=score, score_high=score))
        if dimension == "timeliness" and len(mine) < over:
            lacking = [name for name in judged if name not in {row["table"] for row in mine}]
            found_parts.append(
                missing(f"{label}, of {listing(lacking)}", "fraction", table=lacking[0],
                        reason="nothing says when these records came", weight=whole * len(lacking) / over)
            )  # fmt: skip
    return tuple(found_parts)


def _columns(rows: list[dict[Hashable, Any]], dataset: Dataset) -> list[Finding]:
    """Return, for each table and dimension, what is to be said of its worst column."""
    said: list[Finding] = []
    for row in rows:
        table, dimension = str(row["table"]), str(row["dimension"])
        if dimension not in JUDGED or not row["columns"]:
            continue
        words, at_most = JUDGED[dimension]
        scale = DIMENSIONS[dimension]
        column, bad, n = row["columns"][0]
        spoils = _spoils(table, dimension, column)
        label = f"{OF[dimension]}s of {table}.{column} {words}"
        one = share(label, n - bad, n, of="rows", table=table, period=dataset.period, scale=scale, weight=0.0,
                    formula=f"good {OF[dimension]}s / looked at")  # fmt: skip
        if dimension != "accuracy":  # counted whole, not sampled
            one = replace(one, low=None, high=None, score_low=one.score, score_high=one.score)
        others = [
            f"{c} {figure(1 - b / k, 'fraction')}"
            for c, b, k in row["columns"][1:4]
            if 1 - b / k < scale.target
        ]
        also = f" Also {listing(others)}." if others else ""
        said += found(
            "VL-3",
            one,
            f"{sentence(one, OF[dimension], label)}{also} {spoils}",
            f"Make {column} of {table} a field that cannot be left out or late, and name who answers for it."
            if dimension != "accuracy"
            else f"Correct {column} of {table} at its source, and sample again.",
            step="data",
            at_most=at_most,
            commitments="figures for the client rest on it",
        )
    return said


def what_it_spoils(measured: Sequence[Row]) -> pd.DataFrame:
    """Return each column that misses the target of a dimension, with the diagnostics that read it.

    Returns
    -------
    DataFrame with table, dimension, column, bad, n, share, spoils (a tuple of codes); the worst first.
    """
    rows = [
        (row["table"], row["dimension"], column, bad, n, 1 - bad / n,
         _readers(row["table"], row["dimension"], column))
        for row in measured
        for column, bad, n in row["columns"]
        if n and 1 - bad / n < DIMENSIONS[row["dimension"]].target
    ]  # fmt: skip
    columns = ["table", "dimension", "column", "bad", "n", "share", "spoils"]
    rows.sort(key=itemgetter(*(columns.index(name) for name in ("share", "table", "column"))))
    return pd.DataFrame(rows, columns=columns)


def _readers(table: str, dimension: str, column: str) -> tuple[str, ...]:
    """Return the diagnostics that a weak column spoils: where a row is lost for it, every reader of the table."""
    spec = table_specs()[table].column(column)
    kept = dimension in ("timeliness", "accuracy") or (dimension == "completeness" and not spec.required)
    # a name that refers to nobody and figures that contradict one another are flagged, and their row used
    flagged = dimension == "consistency" and not spec.not_before and column != "start"
    readers = spoiled(table, column if kept or flagged else "")
    return tuple(code for code in readers if code != "VL-3")


def _spoils(table: str, dimension: str = "", column: str = "") -> str:
    codes = _readers(table, dimension, column) if column else [c for c in spoiled(table) if c != "VL-3"]
    return f"It spoils {listing(codes, 8)}." if codes else "No figure of this report rests on it."


def quality_by_table(dataset: Dataset, lost: Lost) -> pd.DataFrame:
    """Return, for each table that came, rows read, set aside and flagged, and the shares usable and clean.

    lost : by table and column, the rows that refer to nobody.
    """
    problems = dataset.problems
    rowwise = filled(problems, "row")
    set_aside = rowwise & equals(problems, "severity", "set aside")
    flagged = rowwise & equals(problems, "severity", "flagged")
    # validation says each name that refers to nobody once: those rows are counted by `dangling`
    asides = _rows_named(kept(problems, set_aside))
    remarks = _rows_named(kept(problems, (set_aside | flagged) & ~of_nobody(problems)))
    rows = []
    for name, read in sorted(dataset.provenance.rows_read.items()):
        if read == 0 or name not in table_specs():
            continue
        aside = asides.get(name, 0) if name in dataset.tables else read
        touched = min(max(remarks.get(name, 0), aside) + in_any(lost.get(name, {})), read)
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


def _grade(tables: Iterable[Any]) -> Grade:
    """Return "M", or "S" where most of the tables hold answers: a form filled in well measures nothing."""
    answers = [name in ANSWERED for name in tables]
    return "S" if 2 * sum(answers) > len(answers) else "M"


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
        grade=_grade(table["table"]),
    )
    score = float(table[column].map(scale.score).mean())
    return replace(part, score=score, score_low=score, score_high=score)
