"""What of a table is worth printing? Not a head over a single row, not a column that says one thing throughout.

The workbook and JSON hold every table whole.
"""

from __future__ import annotations

from collections import Counter

from workbench.reports.section import AnyBlock, Cell, Column, DataTable, Prose, Run, quiet
from workbench.wording import figure, listing

UNKNOWN = "unknown"
NO_BREAK = "\u00a0"

FEWEST = 3
"""From so many rows upwards a column that says one thing is said below the table."""

MANY = 6
"""From so many rows upwards, so is a column that says it but for a few rows."""

FEW = 3
"""So many rows at most may say another thing, and no more than one in four."""

IN_A_LINE = 3
"""Up to so many values of an only row are a sentence; more would be a wall."""

DASHES = ("", "\u2013", "\u2014")
"""What stands for nothing."""

SHORT = 24
"""A text of so many letters fits into a sentence on rows that say another thing."""


def printed(block: AnyBlock, alike: bool = True) -> AnyBlock:
    """Return a block as it is printed: of a table only what tells its rows apart; another block as it is.

    alike : say columns that are the same in every row in the note; else only empty ones go, for where no note is shown.
    """
    if not isinstance(block, DataTable):
        return block
    if len(block.rows) == 1 and not any(column.type == "file" for column in block.columns):
        return _only_row(block)
    return _said_once(_with_bounds(block), alike)


def cell_text(value: Cell, column: Column) -> str:
    """Write one value of a table as a reader meets it, in every format alike."""
    if value is None:
        return "" if column.type in ("text", "file") else UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        unit = "" if column.type == "count" else column.unit
        return figure(value, unit, 0 if column.type == "count" else column.decimals)
    return value


def _only_row(table: DataTable) -> AnyBlock:
    """Return the only row as a sentence of names and values, or, where that is a wall, one below the other.

    What is empty is left out. Evidence stands in its finding, whose heading says of what it is.
    """
    told = [(c.label, cell_text(v, c)) for c, v in zip(table.columns, table.rows[0], strict=True)]
    told = [(label, text) for label, text in told if text]
    evidence = table.name.startswith("evidence ")
    if not evidence and len(told) > IN_A_LINE:
        return _upright(table, told)
    said: list[Run] = []
    before = "" if evidence else f"{table.caption}. "
    for label, text in told:
        said += [quiet(f"{before}{label}: "), Run(text=text.removesuffix("."))]
        before = "; "
    said.append(quiet(f". {table.note}".rstrip() if said else f"{table.caption}. {table.note}".rstrip()))
    return Prose(runs=tuple(said), audience=table.audience)


def _upright(table: DataTable, told: list[tuple[str, str]]) -> DataTable:
    """Return the only row of a table as one of two columns, name and value; the first pair is its head."""
    (name, value), *rest = told
    return table.model_copy(
        update={
            "columns": (Column(name="what", label=name), Column(name="value", label=value)),
            "rows": tuple(rest),
        }
    )


def _with_bounds(table: DataTable) -> DataTable:
    """Return the table with a score and its bounds, three columns, as one: "56 (53 to 61)", or "88" if all are 88."""
    names = tuple(column.name for column in table.columns)
    at = next((i for i in range(1, len(names)) if names[i : i + 3] == ("score", "low", "high")), 0)
    if not at:
        return table
    score, low, high = table.columns[at : at + 3]
    bounds = f"({low.label.lower()} to {high.label.lower()})".replace(" ", NO_BREAK)
    label = f"{score.label} {bounds}"

    def together(row: tuple[Cell, ...]) -> str:
        value, worst, best = map(cell_text, row[at : at + 3], (score, low, high))
        return value if value == worst == best else f"{value} ({worst} to {best})"

    return table.model_copy(
        update={
            "columns": (*table.columns[:at], Column(name=score.name, label=label), *table.columns[at + 3 :]),
            "rows": tuple((*row[:at], together(row), *row[at + 3 :]) for row in table.rows),
        }
    )


def _said_once(table: DataTable, alike: bool) -> DataTable:
    """Return the table without columns that are the same in every row, or in all but a few; its note says them.

    A column that says nothing, or that every row weighs alike, goes without a word.
    """
    kept, said = [0], []
    for place, column in enumerate(table.columns[1:], start=1):
        texts = [cell_text(row[place], column) for row in table.rows]
        if column.type != "file" and _says_nothing(column, texts, alike):
            continue
        sentence = _in_a_sentence(column, texts, alike) if column.type != "file" else ""
        sentence = sentence or (alike and table.rows and _but_for_few(table, column, texts)) or ""
        if sentence:
            said.append(sentence)
        else:
            kept.append(place)
    if len(kept) in (1, len(table.columns)):
        return table
    return table.model_copy(
        update={
            "columns": tuple(table.columns[place] for place in kept),
            "rows": tuple(tuple(row[place] for place in kept) for row in table.rows),
            "note": " ".join([*said, table.note]).strip(),
        }
    )


def _in_a_sentence(column: Column, texts: list[str], alike: bool) -> str:
    """Return what a column says in every row, in words; nothing if it says more than one thing."""
    once = alike and len(texts) >= FEWEST and len(set(texts)) == 1
    return f"{column.label}: {texts[0]} throughout." if once else ""


def _says_nothing(column: Column, texts: list[str], alike: bool) -> bool:
    """Whether a column has no entry in any of several rows, or one weight in all of them."""
    if len(texts) < 2 or len(set(texts)) != 1:
        return False
    return texts[0] in DASHES or (alike and len(texts) >= FEWEST and column.name == "weight")


def _but_for_few(table: DataTable, column: Column, texts: list[str]) -> str:
    """Return what a column says but for a few rows, named by their first column; nothing if it says too much for that.

    A score is what a table is read for: it always has its column.
    """
    named = [cell_text(row[0], table.columns[0]) for row in table.rows]
    ((most, _),) = Counter(texts).most_common(1)
    others = [f"{name} ({text})" for name, text in zip(named, texts, strict=True) if text != most]
    if (
        column.type == "file"
        or column.name == "score"
        or len(texts) < MANY
        or not 0 < len(others) <= min(FEW, len(texts) // 4)
        or len(set(named)) < len(named)
        or not all(0 < len(text) <= SHORT for text in {*named, *texts})
    ):
        return ""
    return f"{column.label}: {most} but for {listing(others)}."
