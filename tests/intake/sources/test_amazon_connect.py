"""Do contact records become contacts, each once, with transfers, abandons and flows told apart?"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from workbench.errors import DataError
from workbench.intake.source import source_for
from workbench.intake.sources import amazon_connect
from workbench.metrics.contact_outcome import contact_outcome

DAY = "2024-06-03T"


def record(contact: str, **fields: Any) -> dict[str, Any]:
    """Return a record of a fictional contact that an agent answered after 20 s in queue."""
    return {
        "ContactId": contact, "InitialContactId": None, "PreviousContactId": None, "NextContactId": None,
        "Channel": "VOICE", "InitiationMethod": "INBOUND",
        "InitiationTimestamp": f"{DAY}09:00:00Z", "ConnectedToSystemTimestamp": f"{DAY}09:00:00Z",
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15550100"},
        "Queue": {"Name": "orders", "ARN": "arn:q", "EnqueueTimestamp": f"{DAY}09:00:30Z",
                  "DequeueTimestamp": f"{DAY}09:00:50Z", "Duration": 20},
        "Agent": {"Username": "ada", "ARN": "arn:a", "ConnectedToAgentTimestamp": f"{DAY}09:00:50Z",
                  "AgentInteractionDuration": 180, "CustomerHoldDuration": 15, "NumberOfHolds": 1,
                  "AfterContactWorkDuration": 40},
        "DisconnectTimestamp": f"{DAY}09:04:05Z", "DisconnectReason": "CUSTOMER_DISCONNECT",
        "LastUpdateTimestamp": f"{DAY}09:05:00Z", "Attributes": {"language": "en"}, "Recordings": [],
        **fields,
    }  # fmt: skip


GAVE_UP = record("gave-up", Agent=None, DisconnectTimestamp=f"{DAY}09:00:50Z")
IN_FLOW = record("in-flow", Agent=None, Queue=None, DisconnectTimestamp=f"{DAY}09:00:12Z")
FLOWED = record("flowed", Agent=None, NextContactId="gave-up", DisconnectReason=None)


def lines(folder: Path, *records: object, name: str = "records.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records))
    return path


def test_an_answered_record_keeps_its_times_apart(tmp_path):
    """Queued at 9:00:30, connected at 9:00:50: wait 20 s; talk, hold and after-contact work add up."""
    contact = amazon_connect.SOURCE.read(lines(tmp_path, record("a"))).tables["contacts"].loc[1]

    assert (contact["wait_s"], contact["talk_s"], contact["hold_s"], contact["acw_s"]) == (20, 180, 15, 40)
    assert str(contact["queue_ts"]) == "2024-06-03 09:00:30+00:00"
    assert (contact["queue"], contact["agent_id"], contact["channel"]) == ("orders", "ada", "voice")


def test_of_one_contact_delivered_thrice_the_latest_update_holds(tmp_path):
    """The latest is neither the first nor the last that came; two are left out and counted."""
    early = record("a", LastUpdateTimestamp=f"{DAY}09:05:00Z")
    late = record("a", LastUpdateTimestamp=f"{DAY}11:00:00Z", DisconnectReason="AGENT_DISCONNECT")
    late["Agent"] = {**late["Agent"], "AfterContactWorkDuration": 95}
    raw = amazon_connect.SOURCE.read(lines(tmp_path, early, late, record("b"), early))

    contacts = raw.tables["contacts"].set_index("contact_id")
    assert contacts["acw_s"].to_dict() == {"a": 95, "b": 40}
    assert raw.rows_read == {"contacts": 4}
    assert raw.problems["value"].iloc[0] == "2"
    assert "2 records of a contact that came more than once" in raw.problems["message"].iloc[0]


def test_a_later_file_of_the_delivery_corrects_a_contact_of_an_earlier_one(tmp_path):
    """Monday's record of b comes again on Tuesday; what is wrong is named by its own file and row."""
    monday = lines(tmp_path, record("a"), record("b"), name="monday.jsonl")
    later = record("b", LastUpdateTimestamp="2024-06-04T08:00:00Z", DisconnectTimestamp="late")
    tuesday = lines(tmp_path, record("c"), later, name="tuesday.jsonl")
    raw = amazon_connect.SOURCE.read_all([monday, tuesday])

    assert sorted(raw.tables["contacts"]["contact_id"]) == ["a", "b", "c"]
    odd = raw.problems[raw.problems["value"] == "late"].iloc[0]
    assert (odd["file"], odd["row"]) == ("tuesday.jsonl", 2)
    assert raw.rows_read == {"contacts": 4}


def test_a_hang_up_in_queue_in_the_flow_and_a_move_to_another_queue_are_three_things(tmp_path):
    """Only the first is abandoned; who left before a queue was not offered; who was moved on flowed out."""
    contacts = amazon_connect.SOURCE.read(lines(tmp_path, record("a"), GAVE_UP, IN_FLOW, FLOWED)).tables[
        "contacts"
    ]

    assert list(contact_outcome(contacts)["outcome"]) == ["answered", "abandoned", "not offered", "waiting"]
    assert list(contacts["disposition"]) == ["answered", "abandoned", "left in the flow", "flow out"]
    assert contacts["wait_s"].to_list()[:2] == [20, 20]


def test_a_transfer_points_to_the_contact_before_it_and_that_one_is_flagged(tmp_path):
    """a was transferred to b and b to c: the parent of c is b, and a and b are transfers."""
    chain = [
        record("a", NextContactId="b"),
        record("b", InitiationMethod="TRANSFER", PreviousContactId="a", InitialContactId="a", NextContactId="c"),
        record("c", InitiationMethod="TRANSFER", PreviousContactId="b", InitialContactId="a"),
        record("d", InitiationMethod="CALLBACK", InitialContactId="a"),
        record("e", InitiationMethod="OUTBOUND", InitialContactId="e"),
    ]  # fmt: skip
    contacts = amazon_connect.SOURCE.read(lines(tmp_path, *chain)).tables["contacts"].set_index("contact_id")

    assert contacts["parent_contact_id"].dropna().to_dict() == {"b": "a", "c": "b", "d": "a"}
    assert contacts["transfer_flag"].to_dict() == {"a": True, "b": True, "c": False, "d": False, "e": False}
    assert list(contacts["direction"]) == ["inbound", "inbound", "inbound", "callback", "outbound"]


def test_no_telephone_number_goes_past_the_source_and_the_same_one_gets_the_same_pseudonym(tmp_path):
    """Repeats stay visible, numbers do not."""
    other = record("c", CustomerEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+15550199"})
    contacts = amazon_connect.SOURCE.read(lines(tmp_path, record("a"), record("b"), other)).tables["contacts"]

    first, second, third = contacts["customer_key"]
    assert first == second != third
    assert "555" not in contacts.to_csv()


@pytest.mark.parametrize("separator", [".", "_"])
def test_flat_csv_says_the_same_as_json_lines(tmp_path, separator):
    """Flattened names with a point or an underscore, an empty cell for what a record does not have."""
    flat = []
    for one in (record("a"), GAVE_UP, IN_FLOW, FLOWED):
        row = {}
        for name, value in one.items():
            if isinstance(value, dict):
                row |= {f"{name}{separator}{inner}": cell for inner, cell in value.items()}
            elif not isinstance(value, list):
                row[name] = value
        flat.append(row)
    header = list(dict.fromkeys(name for row in flat for name in row))
    path = tmp_path / "records.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, header)
        writer.writeheader()
        writer.writerows(flat)

    from_csv = amazon_connect.SOURCE.read(path).tables["contacts"].reset_index(drop=True)
    from_json = amazon_connect.SOURCE.read(lines(tmp_path, record("a"), GAVE_UP, IN_FLOW, FLOWED))
    assert source_for(path) is amazon_connect.SOURCE
    assert from_csv.astype("str").equals(from_json.tables["contacts"].reset_index(drop=True).astype("str"))


def test_lines_that_are_no_records_are_set_aside_with_their_number(tmp_path):
    """Half a line, a record without an id and a time that is none: the rest is read."""
    odd = record("odd", InitiationMethod="PIGEON", DisconnectTimestamp="yesterday")
    raw = amazon_connect.SOURCE.read(
        lines(tmp_path, record("a"), '{"ContactId": "b"', {"Channel": "VOICE"}, odd)
    )

    aside = raw.problems[raw.problems["severity"] == "set aside"]
    flagged = raw.problems[raw.problems["severity"] == "flagged"]
    assert list(aside["row"]) == [2, 3]
    assert list(flagged["row"]) == [4, 4]
    assert '"yesterday" is not a time' in flagged["message"].iloc[0]
    assert '"PIGEON" is not known as InitiationMethod' in flagged["message"].iloc[1]


def test_a_json_list_is_read_and_a_broken_one_is_refused_with_its_line(tmp_path):
    """Both forms of JSON are deliveries; half a list has nothing that could be trusted."""
    whole = tmp_path / "list.json"
    whole.write_text(json.dumps([record("a"), record("b")], indent=1))
    half = tmp_path / "half.json"
    half.write_text(whole.read_text()[:-40])

    assert len(amazon_connect.SOURCE.read(whole).tables["contacts"]) == 2
    with pytest.raises(DataError, match=r"half\.json line \d+: not JSON"):
        amazon_connect.SOURCE.read(half)


def test_files_of_others_are_not_accepted(tmp_path):
    """JSON without contact ids, CSV with other headers, a folder, a file that is not there."""
    other = tmp_path / "other.json"
    other.write_text('{"results": []}')
    table = tmp_path / "contacts.csv"
    table.write_text("contact_id,offered_ts\n1,2024-06-03\n")

    assert not any(map(amazon_connect.SOURCE.accepts, (other, table, tmp_path, tmp_path / "absent.json")))
