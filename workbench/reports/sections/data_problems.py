"""What is wrong with the data, how often, and what became of it?"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from workbench.diagnostics.assess import Assessment
from workbench.intake.spec import table_specs
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import CLIENT_FACING, AnyBlock, Card, Cards, Column, DataTable, Prose, Tone
from workbench.wording import counted

SEVERITIES = ("unusable", "set aside", "flagged", "assumed")
SEVERITY_WORDS = {
    "unusable": "the whole table or file could not be used",
    "set aside": "the row is not used",
    "flagged": "used, but worth a look",
    "assumed": "a default stands where nothing came",
}
PERSONS = frozenset(
    [
        "agent_id",
        "customer_key",
        "supervisor_id",
        "evaluator_id",
        "coach_id",
        "person",
        "owner",
        "approver",
        "asker",
        "answered_by",
        "approved_replacement",
        "respondent",
    ]
)
"""Columns that name a person: their values do not appear in client-facing copies."""

EXAMPLES = 3


@section(
    "data problems", title="Problems of the data", order=60,
    reports=("partnership_health_review", "operating_model_assessment", "staffing_what_if"),
)  # fmt: skip
def data_problems(assessment: Assessment, parameters: Parameters) -> Content:
    """Count the problems by kind, with examples and what became of the rows."""
    problems, provenance = assessment.dataset.problems, assessment.dataset.provenance
    if problems.empty:
        rows = sum(provenance.rows_read.values())
        return Content(
            [Prose.of(f"None of the {rows:,} rows that were read had a problem.")], {"problems": []}
        )
    groups = grouped(problems, hide=PERSONS if parameters.audience in CLIENT_FACING else ())
    by_severity = problems["severity"].value_counts()
    cards = tuple(
        Card(
            label=severity, text=f"{int(by_severity[severity]):,}", value=float(by_severity[severity]),
            tone=_tone(severity), note=SEVERITY_WORDS[severity],
        )
        for severity in SEVERITIES
        if severity in by_severity
    )  # fmt: skip
    blocks: list[AnyBlock] = [
        Prose.of(
            f"{counted(len(problems), 'problem')} of {counted(len(groups), 'kind')} in "
            f"{counted(problems['table'].nunique(), 'table')}. Nothing was dropped in silence: a row that "
            "cannot be used is set aside and counted here, the others are used."
        ),
        Cards(cards=cards),
        DataTable(
            name="data problems",
            caption="By kind, the gravest first",
            columns=(
                Column(name="table", label="Table"),
                Column(name="column", label="Column"),
                Column(name="severity", label="What became of it"),
                Column(name="rows", label="Times", type="count"),
                Column(name="message", label="What is wrong, and what to do"),
                Column(name="examples", label="For example"),
            ),
            rows=tuple(groups),
            note="Rows are numbered as a spreadsheet numbers them; the head is row 1.",
            shown=60,
        ),
    ]
    told = [
        {"table": table, "column": column, "severity": severity, "count": count, "message": message}
        for table, column, severity, count, message, _ in groups
    ]
    return Content(blocks, {"problems": told})


def grouped(problems: pd.DataFrame, hide: Iterable[str] = ()) -> list[tuple[str, str, str, int, str, str]]:
    """Return the kinds of problems: table, column, severity, count, message and examples.

    Problems are of a kind when they differ in nothing but the row and its value. The values of the
    columns in `hide` are not shown.
    """
    hidden = frozenset(hide)
    said = [
        _without(message, value, row)
        for message, value, row in zip(
            problems["message"].tolist(), problems["value"].tolist(), problems["row"], strict=True
        )
    ]
    groups = []
    keyed = problems.assign(said=said)
    for (table, column, severity, message), rows in keyed.groupby(
        ["table", "column", "severity", "said"], sort=True
    ):
        shown = [
            _example(row, "" if column in hidden else value)
            for row, value in zip(rows["row"].head(EXAMPLES), rows["value"].head(EXAMPLES), strict=True)
        ]
        alike = rows["message"].nunique() == 1
        told = rows["message"].iloc[0] if alike and column not in hidden else message
        groups.append((table, column, severity, len(rows), told, "; ".join(filter(None, shown))))
    specs = list(table_specs())
    places = {name: place for place, name in enumerate(specs)}
    return sorted(
        groups, key=lambda g: (SEVERITIES.index(g[2]), -g[3], places.get(g[0], len(specs)), g[1], g[4])
    )


def _without(message: str, value: str, row: object) -> str:
    """Return the message with the row's own value and number left open, to be compared with others."""
    if pd.isna(row):
        return message
    if value:
        message = re.sub(rf"(?<![\w.,-])(\"?){re.escape(value)}\1(?![\w])", "…", message)
    return re.sub(r'"[^"]*"', "…", re.sub(r"\brow \d+", "row …", message))


def _example(row: object, value: str) -> str:
    where = "" if pd.isna(row) else f"row {row}"
    what = value if len(value) <= 40 else f"{value[:39]}…"
    return f"{where}: {what}" if where and what else where or what


def _tone(severity: str) -> Tone:
    tones: dict[str, Tone] = {"unusable": "severe", "set aside": "moderate", "flagged": "minor"}
    return tones.get(severity, "note")
