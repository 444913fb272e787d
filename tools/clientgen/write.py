"""How is a made client written down, so that the same client is the same bytes?

Small tables are CSV, large ones Parquet or gzipped CSV. Times are the client's local time, with the
offset where the story says so.
"""

from __future__ import annotations

import gzip
import io
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from tools.clientgen.make import Made

LARGE = 800
"""From this many rows on a table is not written as plain CSV."""


def write(made: Made, folder: Path, expected: dict[str, Any] | None = None, readme: str = "") -> None:
    """Write the client into `folder` (made anew; files of an earlier making are taken away)."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.iterdir()):
        if old.is_file():
            old.unlink()
    (folder / "client.yaml").write_bytes(_yaml(made.client))
    if made.answers:
        lists = {
            name: [CommentedMap(said) for said in entries]
            for name, entries in (("answers", made.answers), ("owners", made.owners))
        }
        for line in [line for lines in lists.values() for line in lines]:
            line.fa.set_flow_style()
        (folder / "answers.yaml").write_bytes(_yaml({"format": 1, **lists}))
    if expected is not None:
        (folder / "expected.yaml").write_bytes(_yaml(expected))
    if readme:
        (folder / "README.md").write_bytes(readme.encode())
    for name, table in made.tables.items():
        if len(table) < LARGE:
            (folder / f"{name}.csv").write_bytes(_csv(made, table))
        elif made.story.large_as == "parquet":
            (folder / f"{name}.parquet").write_bytes(_parquet(made, table))
        else:
            (folder / f"{name}.csv.gz").write_bytes(gzip.compress(_csv(made, table), 9, mtime=0))


def _yaml(value: Any) -> bytes:
    writer = YAML()
    writer.width = 110
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.BytesIO()
    writer.dump(value, out)
    return out.getvalue()


def _csv(made: Made, table: pd.DataFrame) -> bytes:
    text = pd.DataFrame({name: _cells(made, table[name]) for name in table.columns})
    return text.to_csv(index=False, lineterminator="\n").encode()


def _cells(made: Made, column: pd.Series) -> pd.Series:
    """Return a column as it is to stand in a CSV file."""
    kind = column.dtype
    if isinstance(kind, pd.DatetimeTZDtype):
        return _local_text(made, column)
    if pd.api.types.is_datetime64_dtype(kind):
        return column.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_bool_dtype(kind) or str(kind) == "boolean":
        return column.map({True: "yes", False: "no"})
    if pd.api.types.is_float_dtype(kind):
        known = column.dropna()
        if len(known) and np.all(known == np.floor(known)) and column.name != "rate":
            return column.astype("Int64")
    return column


def _local_text(made: Made, column: pd.Series) -> pd.Series:
    local = column.dt.tz_convert(made.story.time_zone)
    naive = local.dt.tz_localize(None)
    text = naive.dt.strftime("%Y-%m-%d %H:%M:%S")
    if made.story.with_offset:
        minutes = ((naive - column.dt.tz_convert("UTC").dt.tz_localize(None)).dt.total_seconds() / 60).fillna(
            0
        )
        sign = np.where(minutes < 0, "-", "+")
        size = minutes.abs().astype(int)
        offset = (
            pd.Series(sign, index=text.index)
            + (size // 60).astype(str).str.zfill(2)
            + ":"
            + (size % 60).astype(str).str.zfill(2)
        )
        text = text + offset
    return text.where(column.notna())


def _parquet(made: Made, table: pd.DataFrame) -> bytes:
    """Write Parquet without pandas' own metadata; whole numbers and times as differences."""
    arrays, deltas, dictionaries = {}, [], []
    for name in table.columns:
        column = table[name]
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            zone = "UTC" if made.story.with_offset else None
            moment = column if zone else column.dt.tz_convert(made.story.time_zone).dt.tz_localize(None)
            arrays[name] = pa.array(moment.dt.as_unit("ms"), pa.timestamp("ms", tz=zone))
            deltas.append(name)
        elif pd.api.types.is_datetime64_dtype(column.dtype):
            arrays[name] = pa.array(column.dt.date.where(column.notna(), None), pa.date32())
            deltas.append(name)
        elif pd.api.types.is_float_dtype(column.dtype):
            known = column.dropna()
            if len(known) and bool(np.all(known == np.floor(known))):
                arrays[name] = pa.array(column.astype("Int64"), pa.int32())
                deltas.append(name)
            else:
                arrays[name] = pa.array(column.astype(float), from_pandas=True)
        elif pd.api.types.is_integer_dtype(column.dtype):
            arrays[name] = pa.array(column.astype("int64"), pa.int32())
            deltas.append(name)
        elif pd.api.types.is_bool_dtype(column.dtype) or str(column.dtype) == "boolean":
            arrays[name] = pa.array(column.astype("boolean"), pa.bool_())
        else:
            values = column.astype(object).where(column.notna(), None)
            if any(isinstance(value, date) for value in values):
                values = values.map(str, na_action="ignore")
            arrays[name] = pa.array(values, pa.string())
            if values.nunique() < 500:
                dictionaries.append(name)
    out = io.BytesIO()
    plain = [name for name in arrays if name not in deltas and name not in dictionaries]
    encoding = dict.fromkeys(deltas, "DELTA_BINARY_PACKED")
    encoding |= {name: "DELTA_BYTE_ARRAY" for name in plain if pa.types.is_string(arrays[name].type)}
    pq.write_table(
        pa.table(arrays), out, compression="zstd", compression_level=19, use_dictionary=dictionaries,
        column_encoding=encoding, store_schema=False, write_statistics=False,
    )  # fmt: skip
    return out.getvalue()
