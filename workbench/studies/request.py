"""What should the client be asked for next, and what would each table bring?

The letter asks first for what would narrow the client's score most: for each table (and client.yaml) the
points of the score's bounds that stay open because it is not there, or because something in it is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.gaps import SETTINGS, Gap, narrowing
from workbench.diagnostics.questions import OWNER_ANSWERS
from workbench.intake.dataset import Dataset
from workbench.intake.delivered import why_not_there
from workbench.intake.describe import table_section, unmarked
from workbench.intake.period import NO_DATE
from workbench.intake.spec import table_specs
from workbench.wording import counted, listing

SURVEY = "survey"
AT_LENGTH = 8
"""How many tables are described column by column; the others are named with what they bring."""


@dataclass(frozen=True)
class Ask:
    """One table to ask for, or what to write into client.yaml.

    Attributes
    ----------
    table : its name.
    points : of the 100 of the client's score, how many its absence leaves open.
    serves : the diagnostics that wait for it, by code.
    state : what there is of it: "not delivered", or how many of its rows can be used.
    gaps : what is missing, why and what to send, the one that leaves most open first.
    """

    table: str
    points: float
    serves: tuple[str, ...]
    state: str
    gaps: tuple[Gap, ...] = ()


def asks(assessment: Assessment) -> list[Ask]:
    """Return what to ask for, table by table, what narrows most first."""
    by_table: dict[str, list[Gap]] = {}
    for gap in narrowing(assessment):
        by_table.setdefault(gap.table, []).append(gap)
    wanted = [
        Ask(
            table,
            sum(gap.points for gap in gaps),
            tuple(dict.fromkeys(code for gap in gaps for code in gap.serves)),
            _state(assessment.dataset, table, gaps),
            tuple(gaps),
        )
        for table, gaps in by_table.items()
    ]
    return sorted(wanted, key=lambda ask: (-ask.points, ask.table))


def request_letter(assessment: Assessment) -> str:
    """Return the letter that asks the client for data, in Markdown."""
    dataset = assessment.dataset
    client = dataset.client
    wanted = asks(assessment)
    total = assessment.total
    parts = [
        f"# Request for data: {unmarked(client.name) or client.id}",
        f"{_period(dataset)} Times in {client.time_zone}, amounts in {client.currency}.",
        f"From what is at hand the score lies between {total.low:.0f} and {total.high:.0f} of 100. "
        "What is missing is counted as unknown, so that every table below narrows that range. They stand in the "
        "order of what they would bring. A table that serves a question together with another one counts for "
        "both, so that the points do not add up.",
        _at_hand(dataset),
    ]
    tables = [ask for ask in wanted if ask.table not in (SURVEY, OWNER_ANSWERS, SETTINGS)]
    settings = next((ask for ask in wanted if ask.table == SETTINGS), None)
    survey = next((ask for ask in wanted if ask.table == SURVEY), None)
    if wanted:
        parts.append(_overview(wanted))
    if survey:
        parts.append(
            f"## The questionnaires\n\n{_brings(survey)} One person on each side fills in `answers.yaml`; a "
            "reference to a document behind an answer makes it documentary evidence. Who answers for each stage and "
            "handoff is asked of everybody, with `workbench questionnaire`: agreement needs two respondents or more."
        )
    if settings:
        parts.append(f"## client.yaml\n\n{_brings(settings)}\n\n{_lacking(settings)}")
    for ask in tables[:AT_LENGTH]:
        section = table_section(table_specs()[ask.table])
        head, _, rest = section.partition("\n")
        lacks = _lacking(ask)
        missing = f"\n\nIt came. What is not known from it:\n\n{lacks}" if lacks else ""
        parts.append(f"{head}\n\n{_brings(ask)}{missing}\n{rest}")
    if len(tables) > AT_LENGTH:
        rest_of_them = ", ".join(ask.table for ask in tables[AT_LENGTH:])
        parts.append(f"The columns of {rest_of_them} are described in the reference page of tables.")
    if not wanted:
        parts.append("Nothing is missing that would narrow the score further.")
    parts.append(
        "## How to hand it over\n\nAny export will do: CSV, Excel or Parquet, in the system's own columns, for the "
        "period above. Columns need not be renamed. Customers may be pseudonyms, if the same customer always has the "
        "same one. A table or column that does not exist is worth a word, because then nobody waits for it."
    )
    return "\n\n".join(parts) + "\n"


def _period(dataset: Dataset) -> str:
    if dataset.period.start == NO_DATE:
        return "No dated row is at hand yet; the last full month is the one to send."
    return f"Period: {dataset.period}."


def _state(dataset: Dataset, table: str, gaps: Sequence[Gap]) -> str:
    if table == SETTINGS:
        return f"{counted(len(gaps), 'setting')} not said"
    if table == SURVEY and table in dataset.tables:
        answers = dataset.tables[table]["answer"]
        return f"{int(answers.notna().sum()):,} of {counted(len(answers), 'question')} answered"
    rows = len(dataset.tables[table]) if table in dataset.tables else 0
    read = dataset.provenance.rows_read.get(table, rows)
    if not read:
        return _named(why_not_there(dataset, table) or "not delivered")
    if not rows:
        return f"0 of {counted(read, 'row')} can be used"
    return f"{counted(rows, 'row')} at hand; {_named(gaps[0].why)}"


def _lacking(ask: Ask) -> str:
    """Say what of a table that came is missing, and what would close it."""
    lines = [
        f"- {_named(gap.why)} ({listing(gap.serves, 4)}; {_points(gap.points)}). "
        f"What would close it: {gap.send}"
        for gap in ask.gaps
        if gap.kind != "table"
    ]
    more = [f"- and {counted(len(lines) - AT_LENGTH, 'thing')} more"] if len(lines) > AT_LENGTH else []
    return "\n".join(lines[:AT_LENGTH] + more)


def _named(text: str) -> str:
    """Return a reason without markup; the underscore inside of a column's name is none."""
    return unmarked(re.sub(r"(?<=\w)_(?=\w)", "\0", text)).replace("\0", "_")


def _brings(ask: Ask) -> str:
    titles = [CHECKS.get(code).title[:1].lower() + CHECKS.get(code).title[1:] for code in ask.serves]
    further = f"; and {len(titles) - 3} more" if len(titles) > 3 else ""
    serves = f" It is needed to see whether {'; whether '.join(titles[:3])}{further}." if titles else ""
    state = f"{ask.state[:1].upper()}{ask.state[1:]}."
    return f"{state} It leaves {_points(ask.points)} open.{serves}"


def _points(points: float) -> str:
    return f"{points:.1f} of 100 points"


def _overview(wanted: Sequence[Ask]) -> str:
    lines = ["## In this order", "", "| | Table | What there is | Points left open | Questions |"]
    lines.append("|---|---|---|---|---|")
    for place, ask in enumerate(wanted, start=1):
        serves = listing(ask.serves, most=4) if ask.serves else ""
        lines.append(f"| {place} | {ask.table} | {ask.state} | {ask.points:.1f} | {serves} |")
    return "\n".join(lines)


def _at_hand(dataset: Dataset) -> str:
    usable = [
        f"{name} ({counted(len(table), 'row')})"
        for name, table in sorted(dataset.tables.items())
        if len(table)
    ]
    return f"At hand: {', '.join(usable)}." if usable else "Nothing is at hand yet."
