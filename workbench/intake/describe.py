"""How are tables and columns described to somebody who fills them, in Markdown?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from workbench.intake.contradictions import Rule, contradictions
from workbench.intake.spec import ColumnSpec, TableSpec, table_specs

PACKS = {
    "A": "the questionnaires alone",
    "B": "also an interval export, the roster, quality evaluations, meetings and actions",
    "C": "everything",
}
"""What is asked for, pack by pack; each holds the ones before it."""
TYPES = {
    "id": "name of a thing, as text; other tables refer to it",
    "text": "free text",
    "category": "one of few words",
    "timestamp": "2024-06-30 14:05, in the client's time zone, or with an offset from UTC",
    "date": "2024-06-30",
    "seconds": "seconds (95), or h:mm:ss (0:01:35)",
    "number": "a number",
    "count": "a whole number",
    "fraction": "a share: 0.85 or 85 %",
    "flag": "yes or no; empty where it is not known",
    "money": "a number; the currency stands in its own column",
}


def tables_of(pack: str) -> list[TableSpec]:
    """Return the tables that a data pack asks for, in the order of the method."""
    return [spec for spec in table_specs().values() if spec.pack <= pack]


def table_section(spec: TableSpec, heading: str = "##") -> str:
    """Describe one table: what a row is, and every column."""
    lines = [f"{heading} {spec.name}", "", f"{spec.description}. Pack {spec.pack}."]
    if spec.key:
        lines.append(f"One row for each {', '.join(spec.key)}.")
    if spec.no_overlap_by:
        lines.append(f"Rows of the same {', '.join(spec.no_overlap_by)} must not overlap in time.")
    lines += ["", "| Column | Type | Needed | What it holds |", "|---|---|---|---|"]
    lines += [_row(column) for column in spec.columns]
    cannot_be = [_cannot_be(rule) for rule in contradictions() if rule.table == spec.name]
    if cannot_be:
        lines += ["", "Cannot be, and is flagged where it is so:", "", *cannot_be]
    return "\n".join(lines)


def _cannot_be(rule: Rule) -> str:
    """Say what a contradiction is, and what is held against what."""
    sides = f"`{'` + `'.join(rule.left)}` against `{rule.right}`"
    together = f" by `{rule.by}`" if rule.by else ""
    return f"- {rule.says} ({sides}{together})"


def _row(column: ColumnSpec) -> str:
    unit = f", {column.unit}" if column.unit and column.unit not in ("s", "count") else ""
    return (
        f"| `{column.name}` | {column.type}{unit} | {_needed(column)} | {_cell('. '.join(_said(column)))}. |"
    )


def _needed(column: ColumnSpec) -> str:
    if column.required:
        return "yes"
    return f"else {column.default}" if column.default else ""


def _said(column: ColumnSpec) -> Iterable[str]:
    yield column.description.rstrip(".")
    if column.filled:
        where = "in every row" if column.filled == "always" else f"wherever {column.filled} is"
        yield f"If the column is kept, it is to be filled {where}"
    if column.in_time:
        days = column.in_time_s / 86400
        yield f"In time up to {f'{days:g} days after ' if days else ''}{column.in_time}"
    if column.allowed:
        yield f"One of: {', '.join(column.allowed)}"
    if column.low is not None and column.high is not None:
        yield f"From {column.low:g} to {column.high:g}"
    elif column.low is not None:
        yield f"Not below {column.low:g}"
    elif column.high is not None:
        yield f"Not above {column.high:g}"
    if column.references:
        yield f"Refers to `{column.references}`"
    if column.not_before:
        yield f"Not before `{column.not_before}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def unmarked(text: str, longest: int = 200) -> str:
    """Return text that somebody typed in, on one line and without what Markdown or HTML would act on."""
    return " ".join(re.sub(r"[\[\]<>#*_`|\\]", " ", text).split())[:longest]


def types_section(heading: str = "##") -> str:
    """Describe how the values of each type are written."""
    lines = [f"{heading} How values are written", "", "| Type | Write it as |", "|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {how} |" for name, how in TYPES.items())])


def tables_page() -> str:
    """Return the reference page of all tables and columns."""
    packs = [f"- Pack {name}: {what}." for name, what in PACKS.items()]
    overview = ["| Table | What it holds | Pack |", "|---|---|---|"]
    overview += [
        f"| [{spec.name}](#{spec.name}) | {_cell(spec.description)} | {spec.pack} |"
        for spec in table_specs().values()
    ]
    parts = [
        "# Tables and columns",
        "A client folder holds one file for each table (CSV, gzipped CSV, Parquet or a sheet of an Excel "
        "workbook), named as the table. Any may be missing: what nobody hands over is shown as unknown, never as "
        "zero. Names of columns may be written in any case; columns that are not listed here are reported.",
        "\n".join(packs),
        types_section(),
        "\n".join(overview),
        *(table_section(spec) for spec in table_specs().values()),
    ]
    return "\n\n".join(parts) + "\n"
