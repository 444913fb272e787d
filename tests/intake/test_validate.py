"""Are unusable rows set aside, odd ones flagged, defaults assumed, and all of it said?"""

from __future__ import annotations

from datetime import date

import pandas as pd

from workbench.intake.cells import DTYPES
from workbench.intake.client import Client
from workbench.intake.dataset import Dataset, Part
from workbench.intake.period import Period
from workbench.intake.read import sentence
from workbench.intake.source import Conventions, Raw, problem_rows, stacked
from workbench.intake.spec import table_spec
from workbench.intake.validate import validate

CLIENT = Client(id="acme", name="Acme, fictional", time_zone="Europe/Berlin", currency="EUR", vendor="north")


def frame(*rows: str, header: str) -> pd.DataFrame:
    cells = [[cell.strip() for cell in row.split("|")] for row in rows]
    index = pd.RangeIndex(2, 2 + len(cells), name="row")
    return pd.DataFrame(cells, index=index, columns=[name.strip() for name in header.split("|")], dtype="str")


def read(period: Period | None = None, today: date | None = None, **tables: pd.DataFrame) -> Dataset:
    return validate(Raw("test", CLIENT, tables), period, today)


def contacts(*rows: str, header: str = "contact_id|offered_ts|answer_ts|talk_s") -> pd.DataFrame:
    return frame(*rows, header=header)


def rows_with(dataset: Dataset, severity: str) -> list[tuple[int, str]]:
    chosen = dataset.problems[(dataset.problems["severity"] == severity) & dataset.problems["row"].notna()]
    return list(zip(chosen["row"].astype(int), chosen["column"], strict=True))


def test_table_has_every_column_of_its_spec_with_its_dtype() -> None:
    """What did not come is there as unknown, so that nobody has to ask whether a column exists."""
    table = read(contacts=contacts("c1|2024-06-03 09:00||")).tables["contacts"]

    assert list(table.columns) == [column.name for column in table_spec("contacts").columns]
    for column in table_spec("contacts").columns:
        assert str(table[column.name].dtype) == DTYPES[column.type]
    assert table["hold_s"].isna().all()
    assert table.index.name == "row"


def test_row_of_which_a_cell_cannot_be_read_is_set_aside() -> None:
    """The message says file, row, column, value, what is accepted and what to do."""
    dataset = validate(
        Raw("test", CLIENT, {"contacts": contacts("c1|2024-06-03 09:00|09:61|5", "c2|2024-06-03 09:00||5")},
            files={"contacts": (Part("contacts.csv", 2, 3),)})
    )  # fmt: skip
    aside = dataset.problems[dataset.problems["severity"] == "set aside"]

    assert dataset.tables["contacts"]["contact_id"].tolist() == ["c2"]
    assert [sentence(problem) for _, problem in aside.iterrows()] == [
        'contacts.csv row 2, answer_ts: "09:61" is not a time. Write it as 2024-06-01 09:30, or leave it empty.'
    ]


def test_every_reason_of_a_row_is_said() -> None:
    """A row with three mistakes is set aside once and has three problems."""
    dataset = read(contacts=contacts("|09:61||-5", "c2|2024-06-03 09:00||5"))

    assert len(dataset.tables["contacts"]) == 1
    assert sorted(rows_with(dataset, "set aside")) == [(2, "contact_id"), (2, "offered_ts"), (2, "talk_s")]


def test_default_is_assumed_and_counted() -> None:
    """Two of three rows name no channel: voice stands there, and it is said once with the number."""
    dataset = read(
        contacts=frame("c1|2024-06-03 09:00|chat", "c2|2024-06-03 09:00|", "c3|2024-06-03 09:00|",
                       header="contact_id|offered_ts|channel")
    )  # fmt: skip
    said = dataset.problems[
        (dataset.problems["severity"] == "assumed") & (dataset.problems["column"] == "channel")
    ]

    assert dataset.tables["contacts"]["channel"].tolist() == ["chat", "voice", "voice"]
    assert said["message"].tolist() == ['is empty in 2 of 3 rows; "voice" stands there']


def test_currency_and_vendor_are_the_clients() -> None:
    """What client.yaml says stands where the table says nothing."""
    dataset = read(invoice=frame("i1|100", header="invoice_id|amount"), hris=frame("a1", header="agent_id"))

    assert dataset.tables["invoice"]["currency"].tolist() == ["EUR"]
    assert dataset.tables["invoice"]["client"].tolist() == ["acme"]
    assert dataset.tables["hris"]["vendor"].tolist() == ["north"]


def test_codes_are_spelled_as_the_table_spells_them() -> None:
    """TL, tl and Self Service are what the spec calls them; an unknown code sets its row aside."""
    dataset = read(
        hris=frame("a1|tl", "a2|Agent", "a3|chief", header="agent_id|role"),
        leave_request=frame("l1|2024-06-03 09:00|Self_Service", header="id|submitted_ts|route"),
    )

    assert dataset.tables["hris"]["role"].tolist() == ["TL", "agent"]
    assert dataset.tables["leave_request"]["route"].tolist() == ["self-service"]
    assert rows_with(dataset, "set aside") == [(4, "role")]


def test_headers_may_be_written_as_people_write_them() -> None:
    """Contact ID is contact_id."""
    dataset = read(contacts=frame("c1|2024-06-03 09:00|4", header="Contact ID|OFFERED-TS| Answered in T"))

    assert dataset.tables["contacts"]["contact_id"].tolist() == ["c1"]


def test_answered_before_offered_is_set_aside() -> None:
    """No order of events can be made of it."""
    dataset = read(
        contacts=contacts("c1|2024-06-03 09:00|2024-06-03 08:59|5", "c2|2024-06-03 09:00|2024-06-03 09:00|5")
    )

    assert dataset.tables["contacts"]["contact_id"].tolist() == ["c2"]
    assert rows_with(dataset, "set aside") == [(2, "answer_ts")]


def test_answer_in_the_repeated_hour_is_its_second_passing_when_that_fits() -> None:
    """Offered 02:50, answered 02:05 on the day of 25 hours: a quarter of an hour later, not earlier."""
    table = read(contacts=contacts("c1|2024-10-27 02:50|2024-10-27 02:05|5")).tables["contacts"]

    assert (table["answer_ts"] - table["offered_ts"]).dt.total_seconds().tolist() == [900.0]


def test_of_equal_rows_one_stays() -> None:
    """A row that came twice counts once."""
    dataset = read(contacts=contacts("c1|2024-06-03 09:00||5", "c1|2024-06-03 09:00||5"))

    assert len(dataset.tables["contacts"]) == 1
    assert "in every column" in dataset.problems["message"].iloc[-1]


def test_of_rows_with_one_key_the_earliest_stays() -> None:
    """The legs of a transferred contact share its id: the first leg is the contact."""
    for legs in (("09:00", "09:10"), ("09:10", "09:00")):
        dataset = read(contacts=contacts(*(f"c1|2024-06-03 {leg}||5" for leg in legs)))

        assert dataset.tables["contacts"]["offered_ts"].dt.strftime("%H:%M").tolist() == ["07:00"]


def test_overlapping_states_lose_the_later_one() -> None:
    """An agent cannot be in two states at once; states that touch do not overlap."""
    header = "agent_id|state|start|end"
    dataset = read(
        agent_state=frame(
            "a1|available|2024-06-03 09:00|2024-06-03 10:00", "a1|break|2024-06-03 09:30|2024-06-03 09:40",
            "a1|handling|2024-06-03 10:00|2024-06-03 10:05", "a2|break|2024-06-03 09:30|2024-06-03 09:40",
            header=header,
        )
    )  # fmt: skip

    assert dataset.tables["agent_state"].index.tolist() == [2, 4, 5]
    assert rows_with(dataset, "set aside") == [(3, "start")]


def test_reference_to_nobody_is_flagged_and_kept() -> None:
    """Contacts of an agent who is in no roster are contacts all the same; said once for each name."""
    rows = frame("c1|2024-06-03 09:00|a9", "c2|2024-06-03 09:00|a9", "c3|2024-06-03 09:00|a1",
                 header="contact_id|offered_ts|agent_id")  # fmt: skip
    dataset = read(contacts=rows, hris=frame("a1", header="agent_id"))
    flagged = dataset.problems[dataset.problems["severity"] == "flagged"]

    assert len(dataset.tables["contacts"]) == 3
    assert flagged[["row", "value"]].values.tolist() == [[2, "a9"]]
    assert "2 rows here say it" in flagged["message"].iloc[0]


def test_reference_to_a_row_that_was_set_aside_is_no_reference_to_nobody() -> None:
    """An agent whose row has a date that cannot be read is still in the roster."""
    dataset = read(
        contacts=frame("c1|2024-06-03 09:00|a1", header="contact_id|offered_ts|agent_id"),
        hris=frame("a1|soon", "a2|2024-01-01", header="agent_id|start_date"),
    )

    assert not (dataset.problems["severity"] == "flagged").any()


def test_without_the_other_table_a_reference_cannot_be_wrong() -> None:
    """Nobody knows the roster: nothing is said about agents."""
    dataset = read(contacts=frame("c1|2024-06-03 09:00|a1", header="contact_id|offered_ts|agent_id"))

    assert not (dataset.problems["severity"] == "flagged").any()


def test_period_is_what_the_data_covers_in_the_clients_zone() -> None:
    """23:30 UTC on 30 June is 1 July in Berlin."""
    dataset = read(contacts=contacts("c1|2024-06-03T09:00:00Z||", "c2|2024-06-30T23:30:00Z||"))

    assert dataset.period == Period(date(2024, 6, 3), date(2024, 7, 1))


def test_a_row_far_from_all_others_does_not_stretch_the_period() -> None:
    """A typing error in a year is flagged; the row stays."""
    dataset = read(
        contacts=contacts("c1|2024-06-03 09:00||", "c2|2024-06-05 09:00||", "c3|2042-06-04 09:00||")
    )

    assert dataset.period == Period(date(2024, 6, 3), date(2024, 6, 5))
    assert rows_with(dataset, "flagged") == [(4, "offered_ts")]
    assert len(dataset.tables["contacts"]) == 3


def test_period_given_is_kept_and_leaves_the_rows() -> None:
    """Earlier rows are needed to see repeats: whoever computes a figure chooses by period."""
    june = Period.parse("2024-06")
    dataset = read(june, contacts=contacts("c1|2024-05-31 09:00||", "c2|2024-06-05 09:00||"))

    assert dataset.period == june
    assert len(dataset.tables["contacts"]) == 2


def test_future_is_judged_only_by_a_day_that_is_given() -> None:
    """The clock never changes a result by itself."""
    rows = contacts("c1|2024-06-03 09:00||", "c2|2024-06-05 09:00||")

    assert rows_with(read(contacts=rows, today=date(2024, 6, 4)), "flagged") == [(3, "offered_ts")]
    assert rows_with(read(contacts=rows), "flagged") == []


def test_table_without_a_needed_column_is_unusable_and_leaves_the_others() -> None:
    """No offered_ts: no contact can be used; the roster can."""
    dataset = read(contacts=frame("c1", header="contact_id"), hris=frame("a1", header="agent_id"))

    assert set(dataset.tables) == {"hris"}
    assert dataset.problems.loc[dataset.problems["severity"] == "unusable", "column"].tolist() == [
        "offered_ts"
    ]


def test_conventions_of_a_table_overrule_the_clients_zone() -> None:
    """An export written in Manila is read so."""
    raw = Raw("test", CLIENT, {"contacts": contacts("c1|2024-06-03 09:00||2,5")},
              conventions={"contacts": Conventions(time_zone="Asia/Manila", decimal=",")})  # fmt: skip
    table = validate(raw).tables["contacts"]

    assert table["offered_ts"].dt.strftime("%H:%M").tolist() == ["01:00"]
    assert table["talk_s"].tolist() == [2.5]


def test_rows_of_several_files_are_named_by_their_own_file() -> None:
    """The second row of the second file is row 3 of that file, whatever it is in the table."""
    whole, parts = stacked([("a.csv", contacts("c1|2024-06-03 09:00||")),
                            ("b.csv", contacts("c2|2024-06-03 09:00||", "c3|09:61||"))])  # fmt: skip
    dataset = validate(Raw("test", CLIENT, {"contacts": whole}, files={"contacts": parts}))
    aside = dataset.problems[dataset.problems["severity"] == "set aside"]

    assert aside[["file", "row"]].values.tolist() == [["b.csv", 3]]
    kept = dataset.tables["contacts"]
    assert [dataset.provenance.located("contacts", row) for row in kept.index] == [("a.csv", 2), ("b.csv", 2)]


def test_what_the_source_set_aside_is_counted_as_read() -> None:
    """rows_read is the source's word: the row that it refused came too."""
    refused = problem_rows("contacts", "log", [3], message="is torn", severity="set aside")
    raw = Raw(
        "test", CLIENT, {"contacts": contacts("c1|2024-06-03 09:00||")}, refused, rows_read={"contacts": 2}
    )
    dataset = validate(raw)

    assert dataset.provenance.rows_read == {"contacts": 2}
    assert (dataset.problems["message"] == "is torn").sum() == 1


def test_what_came_is_left_as_it_came() -> None:
    """Validation changes nothing in the raw tables."""
    rows = contacts("c1|2024-06-03 09:00||5", "c1|09:61||")
    before = rows.copy(deep=True)
    read(contacts=rows)

    pd.testing.assert_frame_equal(before, rows)
