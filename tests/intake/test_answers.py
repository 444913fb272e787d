"""Are answers read with their lines, and written without losing what people noted beside them?"""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from workbench.errors import DataError
from workbench.intake.answers import Answer, read_answers, record_answers

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
    rows, wrong = read_answers(path)

    assert wrong == []
    assert rows.index.tolist() == [4, 5]
    assert rows["answer"].tolist() == ["4", ""]
    assert rows["date"].tolist() == ["", "2024-06-03"]


def test_new_answer_replaces_the_old_one_and_comments_stay(path: Path) -> None:
    """The same person answers the same item again; another one answers for the first time."""
    record_answers(
        path,
        [
            Answer(item="HC-1", respondent="b1", side="buyer", answer=2),
            Answer(item="HC-3", side="buyer", answer=5),
        ],
    )
    rows, _ = read_answers(path)
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
    assert read_answers(tmp_path / "answers.yaml")[0]["answer"].tolist() == [""]


def test_answer_out_of_bounds_is_refused() -> None:
    """1 to 5, or none."""
    with pytest.raises(ValidationError):
        Answer(item="HC-1", side="buyer", answer=6)


def test_newer_format_is_refused(path: Path) -> None:
    """A later workbench may mean something else by the same words."""
    path.write_text(WRITTEN.replace("format: 1", "format: 2"))

    with pytest.raises(DataError, match="format 2 is newer"):
        read_answers(path)
