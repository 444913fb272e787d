"""Are answers read with their lines, and written without losing what people noted beside them?"""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from workbench.errors import DataError
from workbench.intake.answers import (
    Answer,
    OwnerAnswer,
    known_answers,
    known_owners,
    merge_answers,
    read_answers,
    record_answers,
)
from workbench.intake.read import examine

WRITTEN = """\
format: 1
# asked in June
answers:
  - {item: HC-1, respondent: b1, side: buyer, answer: 4}  # by phone
  - item: HC-2
    respondent: v1
    side: vendor
    answer:
    date: 2024-06-03
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(WRITTEN)
    return path


def test_answers_become_rows_of_the_survey(path: Path) -> None:
    """The index is the line of the file; asked and not answered stays empty."""
    tables, wrong = read_answers(path)
    rows = tables["survey"]

    assert ["survey"] == list(tables)
    assert wrong == []
    assert rows.index.tolist() == [4, 5]
    assert rows["answer"].tolist() == ["4", ""]
    assert rows["date"].tolist() == ["", "2024-06-03"]


def test_a_time_of_day_needs_no_quotes_and_lines_stay_true(path: Path) -> None:
    """The fast reader refuses {at: 08:30}, which people write; the patient one reads it alike."""
    path.write_text(WRITTEN.replace("respondent: b1", "respondent: desk 08:30"))

    tables, wrong = read_answers(path)

    assert wrong == []
    assert tables["survey"].index.tolist() == [4, 5]
    assert tables["survey"]["respondent"].tolist() == ["desk 08:30", "v1"]


def test_new_answer_replaces_the_old_one_and_comments_stay(path: Path) -> None:
    """The same person answers the same item again; another one answers for the first time."""
    record_answers(
        path,
        [
            Answer(item="HC-1", respondent="b1", side="buyer", answer=2),
            Answer(item="HC-3", side="buyer", answer=5),
        ],
    )
    rows = read_answers(path)[0]["survey"]
    text = path.read_text()

    assert rows["item_id"].tolist() == ["HC-1", "HC-2", "HC-3"]
    assert rows["answer"].tolist() == ["2", "", "5"]
    assert "# asked in June" in text
    assert "# by phone" in text
    assert list(path.parent.iterdir()) == [path]


def test_first_answer_makes_the_file(tmp_path: Path) -> None:
    """It carries its format."""
    record_answers(tmp_path / "answers.yaml", [Answer(item="HC-1", side="vendor", answer=None)])

    assert (tmp_path / "answers.yaml").read_text().startswith("format: 1")
    assert read_answers(tmp_path / "answers.yaml")[0]["survey"]["answer"].tolist() == [""]


def test_answer_out_of_bounds_is_refused() -> None:
    """1 to 5, or none."""
    with pytest.raises(ValidationError):
        Answer(item="HC-1", side="buyer", answer=6)


def test_newer_format_is_refused(path: Path) -> None:
    """A later workbench may mean something else by the same words."""
    path.write_text(WRITTEN.replace("format: 1", "format: 2"))

    with pytest.raises(DataError, match="format 2 is newer"):
        read_answers(path)


OWNERS = (
    WRITTEN
    + """\
owners:
  - {item: HO-5, respondent: b1, side: buyer, owner: WFM}  # without thinking
  - {item: LC-3, respondent: b1, side: buyer, owner: do not know}
  - {item: LC-4, respondent: b1, side: buyer, owner: }
"""
)


def test_owners_named_become_a_table_of_their_own(path: Path) -> None:
    """Whom somebody names is no answer from 1 to 5; asked and not answered is no row."""
    path.write_text(OWNERS)
    tables, wrong = read_answers(path)

    assert [] == wrong
    assert [11, 12] == tables["owner_answer"].index.tolist()
    assert ["WFM", "do not know"] == tables["owner_answer"]["owner"].tolist()
    assert 2 == len(tables["survey"])


def test_an_owner_and_an_answer_to_the_same_item_stand_beside_each_other(path: Path) -> None:
    """HO-5 has a question from 1 to 5 as well; neither replaces the other, and comments stay."""
    path.write_text(OWNERS)
    record_answers(
        path,
        [
            Answer(item="HO-5", respondent="b1", side="buyer", answer=2),
            OwnerAnswer(item="HO-5", respondent="b1", side="buyer", owner="operations"),
            OwnerAnswer(item="HO-6", respondent="v1", role="WFM", side="vendor", owner="nobody"),
        ],
    )

    assert 2 == next(a.answer for a in known_answers(path) if a.item == "HO-5")
    assert {("HO-5", "operations"), ("LC-3", "do not know"), ("LC-4", ""), ("HO-6", "nobody")} == {
        (o.item, o.owner) for o in known_owners(path)
    }
    line = next(line for line in path.read_text().splitlines() if "owner: operations" in line)
    assert line.endswith("# without thinking")


def test_an_owner_changed_by_two_is_a_conflict_and_a_blank_takes_none_away(path: Path) -> None:
    """As with answers: what was saved meanwhile stays, and both are told."""
    path.write_text(OWNERS)
    whose = {"item": "HO-5", "respondent": "b1", "side": "buyer"}
    named = [OwnerAnswer.model_validate({**whose, "owner": name}) for name in ("HR", "WFM", "")]
    conflicts = merge_answers(path, named[:1], seen=[])

    assert ["HO-5, b1 (buyer): HR was to be saved, but WFM was saved meanwhile and stays."] == [
        str(conflict) for conflict in conflicts
    ]
    assert [] == merge_answers(path, named[:1], seen=named[1:2])
    assert [] == merge_answers(path, named[2:])
    assert "HR" == next(o.owner for o in known_owners(path) if o.item == "HO-5")


def test_what_stands_in_the_wrong_list_or_names_no_stage_is_told(path: Path) -> None:
    """With its line, what is accepted, and what to write instead."""
    path.write_text(
        WRITTEN
        + """\
owners:
  - {item: HO-5, side: buyer, answer: 4, owner: WFM}
  - {item: HO-55, respondent: b2, side: buyer, owner: WFM}
  - {item: ho 6, respondent: b3, side: byer, owner: WFM}
  - WFM
"""
    )
    dataset = examine(path.parent)
    told = [(int(row), message) for row, message in dataset.problems[["row", "message"]].dropna().to_numpy()]

    assert (
        11,
        'an owner named has no "answer". It stands under answers: {item: HC-1, side: buyer, answer: 4}',
    ) in told
    assert (14, '"WFM" is not an owner named. Write {item: HO-5, side: buyer, owner: WFM}') in told
    assert any(row == 12 and message.startswith('"HO-55" is not one of LC-1, LC-2') for row, message in told)
    assert any(
        row == 13 and message.startswith('"byer" is not one of buyer, vendor') for row, message in told
    )
    assert ["HO-5"] == dataset.tables["owner_answer"]["item_id"].tolist()
