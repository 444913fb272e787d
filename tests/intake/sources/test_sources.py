"""Do sources recognise what is theirs, and stay calm before everything else?"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import DataError
from workbench.intake.dataset import PROBLEM_COLUMNS
from workbench.intake.source import SOURCES, LogSource, Source
from workbench.intake.sources.bank_log import COLUMNS

LOGS = [source for source in SOURCES if isinstance(source, LogSource)]
NAMES = ("x.csv", "x.tsv", "x.tsv.gz", "x.txt", "x.json", "x.jsonl", "x.ndjson.gz", "x.csv.gz", "x")
HEADERS = (
    b"", "\t".join(COLUMNS).encode() + b"\n", b'{"ContactId": "a", "InitiationTimestamp": "x"}\n',
    b"ContactId,InitiationTimestamp\n", b'{"results": [{"data": [{"metrics": []}]}], "metrics": 1',
    b"Interval Start,nOffered,tHandle_sum\n", b"[", b"\xff\xfe",
)  # fmt: skip


FIELDS = st.sampled_from(
    ["ContactId", "Queue", "Agent", "Name", "EnqueueTimestamp", "Duration", "DisconnectTimestamp", "Channel",
     "InitiationMethod", "LastUpdateTimestamp", "count", "sum", "metrics", "stats", "queueId", "mediaType", "interval"]
)  # fmt: skip


def read_or_refused(source: Source, path: Path) -> bool:
    """Whether a source hands over tables, or says in one message that names the file why not."""
    try:
        raw = source.read(path)
    except DataError as error:
        return path.name in str(error)
    return set(raw.tables) <= {"contacts", "intervals"} and list(raw.problems.columns) == list(
        PROBLEM_COLUMNS
    )


def test_the_logs_of_known_systems_are_found_by_looking_into_the_folder():
    """Adding a source is adding a file: nobody lists them."""
    assert {source.name for source in LOGS} == {"bank_log", "amazon_connect", "genesys_intervals"}


@settings(max_examples=80, deadline=None)
@given(name=st.sampled_from(NAMES), header=st.sampled_from(HEADERS), rest=st.binary(max_size=120))
def test_no_file_whatever_is_more_than_a_message(tmp_path_factory, name, header, rest):
    """Any bytes under any name: a source accepts or not, reads or refuses in a sentence."""
    path = tmp_path_factory.mktemp("any") / name
    content = header + rest
    path.write_bytes(gzip.compress(content)[: len(content) + 8] if name.endswith(".gz") else content)
    for source in LOGS:
        if not source.accepts(path):
            continue
        assert read_or_refused(source, path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**14) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(FIELDS, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=30, deadline=None)
@given(fields=st.dictionaries(FIELDS, JSON, max_size=6), outer=JSON)
def test_json_of_any_shape_is_more_than_nobody_can_read(tmp_path_factory, fields, outer):
    """The fields are there and hold anything: numbers for times, lists for objects, nothing at all."""
    folder = tmp_path_factory.mktemp("json")
    record = {"ContactId": "a", "InitiationTimestamp": "2024-06-03T09:00:00Z", **fields}
    (folder / "records.jsonl").write_text(json.dumps(record))
    data = {
        "interval": "2024-06-03T09:00:00Z/2024-06-03T09:30:00Z",
        "metrics": [{"metric": "nOffered", "stats": fields}],
    }
    answer = {"results": [{"group": fields, "data": [data, {"metrics": outer}, outer]}, outer], "x": outer}
    (folder / "answer.json").write_text(json.dumps(answer))

    assert read_or_refused(SOURCES.get("amazon_connect"), folder / "records.jsonl")
    assert read_or_refused(SOURCES.get("genesys_intervals"), folder / "answer.json")


@pytest.mark.parametrize("source", LOGS, ids=lambda source: source.name)
def test_a_folder_and_nothing_are_not_accepted(tmp_path, source):
    """A client folder belongs to the folder source alone."""
    assert not source.accepts(tmp_path)
    assert not source.accepts(tmp_path / "absent.csv")
