"""What of a table is worth printing? Not a head over a single row, not a column that says one thing throughout.

The workbook and JSON hold every table whole.
"""

from __future__ import annotations

from workbench.reports.section import AnyBlock, Cell, Column, DataTable, Prose, Run, quiet
from workbench.wording import figure

UNKNOWN = "unknown"
FEWEST = 3
"""From so many rows upwards a column that says one thing is said below the table."""


def printed(block: AnyBlock, alike: bool = True) -> AnyBlock:
    """Return a block as it is printed: of a table only what tells its rows apart; another block as it is.

    alike : say columns that are the same in every row in the note; else only empty ones go, for where no note is shown.
    """
    if not isinstance(block, DataTable):
        return block
    if len(block.rows) == 1 and not any(column.type == "file" for column in block.columns):
        return _in_a_line(block)
    return _said_once(block, alike)


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


def _in_a_line(table: DataTable) -> Prose:
    """Return the only row as a sentence of names and values; what is empty is left out."""
    told = [(c.label, cell_text(v, c)) for c, v in zip(table.columns, table.rows[0], strict=True)]
    said: list[Run] = [quiet(f"{table.caption}.")]
    for label, text in told:
        if text:
            said += [quiet(f" {label}: "), Run(text=text.removesuffix(".")), quiet(";")]
    said[-1] = quiet(f". {table.note}".rstrip() if table.note else ".")
    return Prose(runs=tuple(said), audience=table.audience)


def _said_once(table: DataTable, alike: bool) -> DataTable:
    """Return the table without columns that are the same in every row; its note says them."""
    kept, said = [0], []
    for place, column in enumerate(table.columns[1:], start=1):
        texts = {cell_text(row[place], column) for row in table.rows}
        enough = alike and len(table.rows) >= FEWEST
        once = len(texts) == 1 and (enough or (len(table.rows) > 1 and texts == {""}))
        if once and column.type != "file":
            (text,) = texts
            said.append(f"{column.label}: {text} throughout." if text else f"No entry under {column.label}.")
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
