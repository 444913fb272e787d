"""Do interval aggregates keep their meaning: offered here, answered there, handle time as a whole?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.errors import DataError
from workbench.intake.source import Raw, source_for
from workbench.intake.sources import genesys_intervals

NINE = "2024-06-03T09:00:00.000Z/2024-06-03T09:30:00.000Z"
HALF_PAST = "2024-06-03T09:30:00.000Z/2024-06-03T10:00:00.000Z"


def interval(span: str, **metrics: Any) -> dict[str, Any]:
    """Return what the API says of one interval; a pair is (count, sum in ms), a number a count."""
    said = []
    for name, value in metrics.items():
        stats = {"count": value} if isinstance(value, int) else {"count": value[0], "sum": value[1]}
        said.append({"metric": name, "stats": stats})
    return {"interval": span, "metrics": said}


def answer(folder: Path, *intervals: dict[str, Any], queue: str = "orders") -> Path:
    path = folder / "aggregates.json"
    group = {"queueId": queue, "mediaType": "voice"}
    path.write_text(json.dumps({"results": [{"group": group, "data": list(intervals)}]}))
    return path


def said(raw: Raw) -> str:
    return " ".join(raw.problems["message"])


FIRST = interval(NINE, nOffered=10, tAnswered=(7, 84_000), nOverSla=2, tAbandon=(1, 30_000), tTalk=(7, 1_400_000),
                 tHeld=(2, 70_000), tAcw=(7, 210_000), tHandle=(7, 1_680_000))  # fmt: skip
SECOND = interval(HALF_PAST, nOffered=4, tAnswered=(5, 20_000), tTalk=(5, 900_000), tAcw=(5, 100_000),
                  tHandle=(5, 1_150_000), nFlow=1)  # fmt: skip


def test_milliseconds_become_seconds_and_late_answers_are_taken_off(tmp_path):
    """7 answered, 2 of them late: 5 within the threshold; 84 s of waiting over 7 is 12 s."""
    row = genesys_intervals.SOURCE.read(answer(tmp_path, FIRST, SECOND)).tables["intervals"].iloc[0]

    assert (row["offered"], row["answered"], row["answered_in_T"], row["abandoned"]) == (10, 7, 5, 1)
    assert (row["asa_s"], row["aht_s"], row["interval_s"]) == (12, 240, 1800)
    assert (row["queue"], row["channel"]) == ("orders", "voice")


def test_more_answered_than_offered_in_one_interval_is_said_and_kept(tmp_path):
    """5 were answered where 4 were offered, because one had come before; over the day they add up."""
    raw = genesys_intervals.SOURCE.read(answer(tmp_path, FIRST, SECOND))

    assert raw.tables["intervals"]["answered"].to_list() == [7, 5]
    assert "In 1 interval more contacts were answered than offered" in said(raw)
    assert "over the whole export" not in said(raw)


def test_contacts_that_do_not_add_up_over_the_export_are_reported_for_their_queue(tmp_path):
    """13 answered, abandoned and flowed out of 14 offered: one contact is missing."""
    short = interval(HALF_PAST, nOffered=4, tAnswered=(5, 20_000))
    raw = genesys_intervals.SOURCE.read(answer(tmp_path, FIRST, short))

    assert "Queue orders, voice: 14 offered, but answered, abandoned and flow-out make 13" in said(raw)
    assert "no flow-out, which may be the difference" in said(raw)


def test_handle_time_is_taken_whole_where_its_parts_do_not_add_up(tmp_path):
    """900 + 100 s of talk and wrap-up in 1,150 s of handle time: 150 s of something else, kept."""
    raw = genesys_intervals.SOURCE.read(answer(tmp_path, FIRST, SECOND))

    assert raw.tables["intervals"]["aht_s"].to_list() == [240, 230]
    assert "In 1 of 2 intervals tHandle is not tTalk + tHeld + tAcw (+150 s in all)" in said(raw)


def test_a_service_level_numerator_is_preferred_to_the_late_ones(tmp_path):
    """oServiceLevel says how many it counted as met; nOverSla leaves flow-outs open."""
    with_level = interval(NINE, nOffered=10, tAnswered=(7, 84_000), nOverSla=2)
    with_level["metrics"].append(
        {"metric": "oServiceLevel", "stats": {"ratio": 0.6, "numerator": 6, "denominator": 10}}
    )
    raw = genesys_intervals.SOURCE.read(answer(tmp_path, with_level))

    assert raw.tables["intervals"]["answered_in_T"].to_list() == [6]


def test_an_interval_without_a_metric_counts_zero_and_an_export_without_it_knows_nothing(tmp_path):
    """Nobody abandoned in the second interval: 0. Short abandons are in no interval: unknown."""
    table = genesys_intervals.SOURCE.read(answer(tmp_path, FIRST, SECOND)).tables["intervals"]

    assert table["abandoned"].to_list() == [1, 0]
    assert table["short_abandoned"].isna().all()


def test_csv_with_metric_names_says_the_same(tmp_path):
    """Two columns for the interval, one for each metric and statistic; a broken row is set aside."""
    path = tmp_path / "export.csv"
    path.write_text(
        "Interval Start,Interval End,Queue Name,Media Type,nOffered,tAnswered.count,tAnswered.sum,nOverSla,"
        "tAbandon_count,tHandle_sum,tHandle_count\n"
        "2024-06-03T09:00:00Z,2024-06-03T09:30:00Z,orders,VOICE,10,7,84000,2,1,1680000,7\n"
        "2024-06-03T09:30:00Z,2024-06-03T09:45:00Z,orders,VOICE,2,2,0,0,0,460000,2\n"
        "2024-06-03T09:45:00Z,orders\n"
    )
    raw = genesys_intervals.SOURCE.read(path)

    table = raw.tables["intervals"]
    assert source_for(path) is genesys_intervals.SOURCE
    assert table["aht_s"].to_list() == [240, 230]
    assert table["answered_in_T"].to_list() == [5, 2]
    assert "1 of 2 intervals do not last 30 minutes but 15 minutes" in said(raw)
    assert raw.problems.loc[raw.problems["severity"] == "set aside", "row"].to_list() == [4]


def test_an_answer_without_intervals_and_broken_json_are_refused(tmp_path):
    """Both in one sentence that names the file."""
    empty = tmp_path / "empty.json"
    empty.write_text('{"results": [{"group": {}, "data": []}], "metrics": 0}')
    broken = tmp_path / "broken.json"
    broken.write_text('{"results": [}')

    with pytest.raises(DataError, match=r"empty\.json: has no interval"):
        genesys_intervals.SOURCE.read(empty)
    with pytest.raises(DataError, match=r"broken\.json line 1: not JSON"):
        genesys_intervals.SOURCE.read(broken)


def test_canonical_tables_are_left_to_others(tmp_path):
    """A table with interval_start and offered is nobody's export."""
    table = tmp_path / "intervals.csv"
    table.write_text("interval_start,queue,offered\n2024-06-03 09:00,orders,10\n")

    assert not genesys_intervals.SOURCE.accepts(table)
