"""What holds for whatever stands in the cells?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.intake import rules
from workbench.intake.cells import DTYPES
from workbench.intake.client import Client
from workbench.intake.dataset import Dataset
from workbench.intake.schema import pandera_schema
from workbench.intake.source import Raw
from workbench.intake.spec import table_spec, table_specs
from workbench.intake.validate import validate

CLIENT = Client(id="acme", name="Acme, fictional", time_zone="Europe/Berlin")

LIKELY = st.sampled_from(
    ["", "a", "b", "1", "-1", "2,5", "1.234,5", "85 %", "yes", "No", "0:01:35", "2024-06-03 09:00", "09:61",
     "2024-06-03T09:00:00Z", "2024-10-27 02:30", "2024-03-31 02:30", "3/4/2024 08:00", "3.4.2024", "9999-12-31",
     "2024-06", "NULL", "inf", "1e400", "voice", "agent", "buyer", "{value}", "\x00", "²", "１２"]
)  # fmt: skip
CELLS = st.one_of(LIKELY, st.text(max_size=12))


def checked(name: str, frame: pd.DataFrame) -> Dataset:
    return validate(Raw("test", CLIENT, {name: frame}))


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, pd.DataFrame]:
    """Draw a table and cells of any kind for some of its columns, the needed ones among them."""
    name = draw(st.sampled_from(list(table_specs())))
    spec = table_spec(name)
    needed = [column.name for column in spec.columns if column.required]
    others = [column.name for column in spec.columns if not column.required]
    names = needed + draw(st.lists(st.sampled_from(others), unique=True, max_size=4)) if others else needed
    n = draw(st.integers(1, 6))
    cells = {column: draw(st.lists(CELLS, min_size=n, max_size=n)) for column in names}
    return name, pd.DataFrame(cells, index=pd.RangeIndex(2, 2 + n, name="row"), dtype="str")


@given(tables())
@settings(max_examples=40, deadline=None)
def test_validation_never_crashes_and_every_row_is_accounted_for(drawn: tuple[str, pd.DataFrame]) -> None:
    """Used and set aside are all rows that were read, whatever strings stand in the cells."""
    name, frame = drawn
    dataset = checked(name, frame)
    used = set(dataset.tables[name].index) if name in dataset.tables else set()
    problems = dataset.problems
    aside = set(problems.loc[(problems["severity"] == "set aside") & problems["row"].notna(), "row"])

    assert used.isdisjoint(aside)
    assert len(used) + len(aside) == dataset.provenance.rows_read[name] == len(frame)
    assert problems["message"].str.len().gt(0).all()
    if used:
        table = dataset.tables[name]
        assert [str(dtype) for dtype in table.dtypes] == [DTYPES[c.type] for c in table_spec(name).columns]


@given(tables(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_order_of_rows_changes_nothing(drawn: tuple[str, pd.DataFrame], random: object) -> None:
    """The values that are used are the same, however the file is sorted."""
    name, frame = drawn
    order = list(range(len(frame)))
    random.shuffle(order)  # type: ignore[attr-defined]
    one, other = (
        validated.tables.get(name) for validated in (checked(name, frame), checked(name, frame.iloc[order]))
    )

    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert sorted(map(str, one.to_numpy("object").tolist())) == sorted(
            map(str, other.to_numpy("object").tolist())
        )


@given(st.lists(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
                                   st.datetimes(), st.dates(), st.binary(max_size=3)),
                         min_size=4, max_size=4), min_size=1, max_size=5))  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_cells_of_any_type_never_crash(cells: list[list[object]]) -> None:
    """A spreadsheet or Parquet may hold anything."""
    names = ["contact_id", "offered_ts", "talk_s", "transfer_flag"]
    frame = pd.DataFrame(cells, columns=names, dtype="object")
    frame.index = pd.RangeIndex(2, 2 + len(frame), name="row")

    assert checked("contacts", frame).provenance.rows_read == {"contacts": len(frame)}


READ = {
    "id": st.one_of(st.just(np.nan), st.sampled_from(["a", "b"])),
    "text": st.one_of(st.just(np.nan), st.just("some")),
    "category": st.one_of(st.just(np.nan), st.sampled_from(["agent", "TL", "buyer", "both", "chief", "other"])),
    "timestamp": st.one_of(st.just(pd.NaT), st.datetimes(pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-03"))),
    "date": st.one_of(st.just(pd.NaT), st.sampled_from([pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-02")])),
    "flag": st.sampled_from([True, False, pd.NA]),
}  # fmt: skip
NUMBER = st.one_of(st.just(np.nan), st.sampled_from([-1.0, 0.0, 0.5, 1.0, 4.0, 5.0, 1e5, 1e9]))


@st.composite
def read_tables(draw: st.DrawFn) -> tuple[str, pd.DataFrame]:
    """Draw a table that is read already: right dtypes, values in and out of bounds."""
    name = draw(st.sampled_from(list(table_specs())))
    n = draw(st.integers(1, 5))
    cells = {}
    for column in table_spec(name).columns:
        values = draw(st.lists(READ.get(column.type, NUMBER), min_size=n, max_size=n))
        if column.type == "timestamp":
            cells[column.name] = pd.Series(pd.to_datetime(values, utc=True)).astype(DTYPES["timestamp"])
        else:
            cells[column.name] = pd.Series(values, dtype=DTYPES[column.type])
    return name, pd.DataFrame(cells).set_axis(pd.RangeIndex(2, 2 + n, name="row"))


@given(read_tables())
@settings(max_examples=40, deadline=None)
def test_masks_reject_the_rows_that_pandera_rejects(drawn: tuple[str, pd.DataFrame]) -> None:
    """Two ways from the same specs: our masks, and pandera's checks on the table that is read."""
    import pandera.errors

    name, frame = drawn
    spec = table_spec(name)
    ours = np.zeros(len(frame), dtype=bool)
    for column in spec.columns:
        values = frame[column.name]
        _, breaches = rules.codes(values, column)
        breaches += rules.beyond(values, column)
        if column.required:
            breaches.append(rules.empty(values, column))
        if column.not_before:
            breaches.append(rules.out_of_order(values, frame[column.not_before], column, frame))
        if column.type == "count":
            ours |= ((values % 1 != 0) & values.notna()).to_numpy()
        for breach in breaches:
            ours |= breach.rows
    schema = pandera_schema(spec)
    schema.unique = None
    theirs: set[int] = set()
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        theirs = {int(row) for row in errors.failure_cases["index"].dropna()}

    assert set(frame.index[ours]) == theirs


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_duplicated_keys_are_those_that_pandera_reports(names: list[str]) -> None:
    """Each key that pandera calls a duplicate keeps one row, the others are set aside."""
    import pandera.errors

    rows = {"agent_id": names, "start_date": [f"2024-01-{n + 1:02d}" for n in range(len(names))]}
    raw = pd.DataFrame(rows, index=pd.RangeIndex(2, 2 + len(names), name="row"), dtype="str")
    kept = checked("hris", raw).tables["hris"]

    pandera_schema(table_spec("hris")).validate(kept, lazy=True)
    assert sorted(kept["agent_id"]) == sorted(set(names))
    if len(set(names)) < len(names):
        again = pd.concat([kept, kept]).set_axis(pd.RangeIndex(2 * len(kept)))
        with pytest.raises(pandera.errors.SchemaErrors):
            pandera_schema(table_spec("hris")).validate(again, lazy=True)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 20), st.integers(0, 6)), min_size=1, max_size=12)
)
@settings(deadline=None)
def test_states_that_are_kept_never_overlap_and_the_others_do(drawn: list[tuple[str, int, int]]) -> None:
    """By the slow and obvious twin: every pair of rows of one agent is compared."""
    start = pd.Timestamp("2024-01-01")
    rows = [(who, f"s{n}", start + pd.Timedelta(minutes=at), start + pd.Timedelta(minutes=at + length))
            for n, (who, at, length) in enumerate(drawn)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["agent_id", "state", "start", "end"])
    frame.index = pd.RangeIndex(2, 2 + len(frame), name="row")
    kept = checked("agent_state", frame).tables["agent_state"]

    def overlap(a: pd.Series, b: pd.Series) -> bool:
        shorter_within = a["start"] == b["start"] and min(a["end"], b["end"]) == a["start"]
        return bool(a["agent_id"] == b["agent_id"] and a["start"] < b["end"] and b["start"] < a["end"]) and (
            not shorter_within
        )

    read = frame.assign(
        start=frame["start"].dt.tz_localize("Europe/Berlin"), end=frame["end"].dt.tz_localize("Europe/Berlin")
    )
    for one in kept.index:
        assert not any(overlap(read.loc[one], read.loc[two]) for two in kept.index if two != one)
    for lost in read.index.difference(kept.index):
        assert any(overlap(read.loc[lost], read.loc[one]) or read.loc[one, "start"] <= read.loc[lost, "start"]
                   for one in kept.index if read.loc[one, "agent_id"] == read.loc[lost, "agent_id"])  # fmt: skip
