"""What does `workbench map` propose for a file, how does it explain it, and where does it write it?"""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

from workbench.errors import CallError
from workbench.intake.files import EXCEL_KINDS, kind_of, read_file, sheet_names
from workbench.intake.mapping import FILE_NAME, ColumnMapping, Mapping, TableMapping, dump_mapping
from workbench.intake.propose import Proposal, propose
from workbench.intake.yaml_file import load_yaml

HEAD = """\
How exports become tables. Columns with `confirmed: false` are doubtful: look at them, correct what is
wrong, and set them to true. Further files go under `tables` as well; `files` may hold patterns (calls_*.csv).
"""


def propose_file(path: Path, table: str | None = None, sheet: str | None = None) -> Proposal:
    """Return what the export at `path` probably is.

    Raises
    ------
    CallError
        if there is no such file, or it is none that can hold a table.
    DataError
        if it cannot be read, or looks like nothing known.
    UnknownName
        if there is no such table.
    """
    if not path.exists():
        raise CallError(f"There is no file {path}. Look at the spelling and where you are.")
    if not kind_of(path):
        raise CallError(f"{path.name}: is no CSV, Excel workbook or Parquet file. Export it as one of them.")
    if sheet is not None and kind_of(path) not in EXCEL_KINDS:
        raise CallError(
            f'{path.name} has no sheets; --sheet "{sheet}" came. Leave it out: only a workbook has them.'
        )
    if kind_of(path) in EXCEL_KINDS and sheet is None:
        sheet = sheet_names(path)[0]
    return propose(read_file(path, sheet=sheet).frame, path.name, table, sheet)


def explained(proposal: Proposal) -> list[tuple[str, str, str, str]]:
    """Return for each mapped column: its name, where it comes from, how sure that is, and why."""
    return [
        (name, said_source(mapped), _said_sure(mapped), mapped.why)
        for name, mapped in proposal.entry.columns.items()
    ]


def said_source(mapped: ColumnMapping) -> str:
    """Say in a line where a column comes from: "TALK TIME (hh:mm:ss)"."""
    if mapped.source is None:
        return f"always {mapped.value}"
    whole = " ".join([mapped.source] if isinstance(mapped.source, str) else mapped.source)
    for added in mapped.plus:
        whole += f" + {added.source}"
    whole += f" / {mapped.divided_by}" if mapped.divided_by else ""
    for column, words in mapped.only_if.items():
        whole += f", where {column} is {' or '.join(words)}"
    for column, words in mapped.unless.items():
        whole += f", unless {column} is {' or '.join(words)}"
    how = mapped.unit or mapped.date_format
    return f"{whole} ({how})" if how else whole


def _said_sure(mapped: ColumnMapping) -> str:
    return f"{mapped.confidence or 0:.2f}{'' if mapped.confirmed else ' ?'}"


def remarks(proposal: Proposal) -> list[str]:
    """Return what else has to be known of a proposal, a sentence each."""
    said = []
    doubtful = [name for name, mapped in proposal.entry.columns.items() if not mapped.confirmed]
    if doubtful:
        said.append(f"Doubtful, to be confirmed in {FILE_NAME}: {', '.join(doubtful)}.")
    if proposal.missing:
        said.append(
            f"Nothing was found for {', '.join(proposal.missing)}, and table {proposal.entry.table} cannot do "
            "without. Add the column that holds it, or a value."
        )
    if proposal.not_mapped:
        headers = ", ".join(header for header, _ in proposal.not_mapped)
        said.append(f"Not mapped, listed under not_used: {headers}.")
    if proposal.close:
        said.append(f"It fits nearly as well: {', '.join(proposal.close)}. Name another with --table.")
    return said


def as_yaml(entry: TableMapping) -> str:
    """Return a mapping.yaml with this one entry."""
    from ruamel.yaml.comments import CommentedMap

    content = CommentedMap(dump_mapping(Mapping(tables=(entry,))))
    content.yaml_set_start_comment(HEAD)
    return _dumped(content)


def write_entry(entry: TableMapping, out: Path) -> None:
    """Write an entry into mapping.yaml; what stands there stays, comments included.

    Raises
    ------
    CallError
        if an entry for the same table, files and sheet stands there already.
    DataError
        if what stands there cannot be read.
    """
    if not out.exists():
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(as_yaml(entry), encoding="utf-8", newline="\n")
        return
    content = load_yaml(out, "how exports become tables", to_write=True)
    known = content.setdefault("tables", [])
    for other in known:
        same = other.get("table") == entry.table and other.get("sheet") == entry.sheet
        if same and set(other.get("files", ())) & set(entry.files):
            raise CallError(
                f"{out}: maps {', '.join(entry.files)} to {entry.table} already. Take that entry out first, or "
                "write elsewhere with --out."
            )
    known.append(dump_mapping(Mapping(tables=(entry,)))["tables"][0])
    partial = out.with_name(f".{out.name}.partial")
    partial.write_text(_dumped(content), encoding="utf-8", newline="\n")
    partial.replace(out)


def _dumped(content: Any) -> str:
    from ruamel.yaml import YAML

    writer = YAML(typ="rt", pure=True)
    writer.width = 110
    writer.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    writer.dump(content, stream)
    return stream.getvalue()
