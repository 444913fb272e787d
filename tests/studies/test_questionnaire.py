"""Nobody needs Jupyter to answer, and no answer is ever lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests.test_cli import call
from workbench.diagnostics.questions import owner_questions, question_bank
from workbench.errors import DATA_FAILED, DONE, WRONG_CALL, Busy, DataError
from workbench.intake import answers as answers_file
from workbench.intake.answers import (
    Answer,
    OwnerAnswer,
    known_answers,
    known_owners,
    merge_answers,
)
from workbench.intake.client import Client
from workbench.studies.questionnaire import (
    ANSWER,
    COMMENT,
    OWNERS,
    REFERENCE,
    asked_roles,
    read_workbook,
    save_workbooks,
    write_questionnaires,
)

CLIENT = Client(id="x", name="=X & Co")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A client's folder with one answer and a comment beside it."""
    path = tmp_path / "client"
    path.mkdir()
    (path / "client.yaml").write_text("format: 1\nid: x\nname: X\n")
    (path / "answers.yaml").write_text(
        "format: 1\nanswers:\n"
        "  - {item: GOV-1, respondent: b-wfm, role: WFM, side: buyer, answer: 4}  # by phone\n"
    )
    return path


def filled(path: Path, **cells: Any) -> Path:
    """Fill in cells of item GOV-1: answer, reference, comment."""
    book = openpyxl.load_workbook(path)
    page = book["Questions"]
    row = next(row[0].row for row in page.iter_rows() if row[0].value == "GOV-1")
    for name, value in cells.items():
        column = {"answer": ANSWER, "reference": REFERENCE, "comment": COMMENT}[name]
        page.cell(row, column + 1).value = value
    book.save(path)
    return path


def workbook_of(folder: Path, out: Path) -> Path:
    write_questionnaires(CLIENT, folder, out)
    return out / "questionnaire_buyer_wfm.xlsx"


def of_gov_1(folder: Path) -> Answer:
    return next(a for a in known_answers(folder / "answers.yaml") if a.item == "GOV-1")


def test_every_question_is_asked_of_somebody_on_each_of_its_sides() -> None:
    """A question may be asked of several roles."""
    asked = {(q.item, one.side) for one in asked_roles() for q in one.questions}

    assert {(q.item, side) for q in question_bank().values() for side in q.sides} == asked
    assert len({one.file for one in asked_roles()}) == len(asked_roles())


def test_a_workbook_has_plain_questions_lists_and_no_formula(folder: Path, tmp_path: Path) -> None:
    """A list with the anchors in front of each answer; what was answered stands in it."""
    book = openpyxl.load_workbook(workbook_of(folder, tmp_path / "out"))
    page = book["Questions"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert "f" not in {cell.data_type for cell in cells}
    assert page["A1"].value.startswith("=X & Co: questions for WFM, buyer's side")
    assert "hidden" == book["about"].sheet_state == book["lists"].sheet_state
    assert len(page.data_validations.dataValidation) == sum(
        1 for q in question_bank().values() if "WFM" in q.asked.split(", ") and "buyer" in q.sides
    )
    row = next(row for row in page.iter_rows(values_only=True) if row[0] == "GOV-1")
    assert (question_bank()["GOV-1"].text, "4") == (row[1], row[ANSWER])


@pytest.mark.parametrize(("cell", "expected"), [("5 – daily", 5), ("2", 2), (3, 3), (1.0, 1), (" 4 ", 4)])
def test_an_answer_is_read_as_it_was_chosen_or_typed(
    folder: Path, tmp_path: Path, cell: object, expected: int
) -> None:
    """The list's words, or a number; comments of the file stay."""
    path = filled(
        workbook_of(folder, tmp_path / "out"), answer=cell, reference="minutes 3 June", comment="well"
    )
    saved = save_workbooks(folder, CLIENT, [path])
    found = of_gov_1(folder)

    assert (1, [], []) == (saved.answers, saved.conflicts, saved.mistakes)
    assert (expected, "minutes 3 June", "well") == (found.answer, found.evidence_ref, found.comment)
    assert "# by phone" in (folder / "answers.yaml").read_text()


def test_a_workbook_sent_back_unchanged_changes_nothing(folder: Path, tmp_path: Path) -> None:
    """Byte by byte."""
    before = (folder / "answers.yaml").read_bytes()
    save_workbooks(folder, CLIENT, [workbook_of(folder, tmp_path / "out")])

    assert before == (folder / "answers.yaml").read_bytes()


def test_a_blank_never_takes_an_answer_away(folder: Path, tmp_path: Path) -> None:
    """Somebody who clears a cell does not delete what was said."""
    save_workbooks(folder, CLIENT, [filled(workbook_of(folder, tmp_path / "out"), answer=None)])

    assert 4 == of_gov_1(folder).answer


def test_what_both_changed_is_a_conflict_and_the_first_stays(folder: Path, tmp_path: Path) -> None:
    """Told with both values; with replace the workbook wins."""
    path = filled(workbook_of(folder, tmp_path / "out"), answer=5)
    merge_answers(
        folder / "answers.yaml", [Answer(item="GOV-1", respondent="b-wfm", role="WFM", side="buyer", answer=2)],
        [Answer(item="GOV-1", respondent="b-wfm", role="WFM", side="buyer", answer=4)],
    )  # fmt: skip
    saved = save_workbooks(folder, CLIENT, [path])

    assert ["GOV-1, b-wfm (buyer): 5 was to be saved, but 2 was saved meanwhile and stays."] == [
        str(conflict) for conflict in saved.conflicts
    ]
    assert (0, 2) == (saved.answers, of_gov_1(folder).answer)
    save_workbooks(folder, CLIENT, [path], replace=True)
    assert 5 == of_gov_1(folder).answer


def test_two_sides_that_save_at_once_lose_nothing(folder: Path) -> None:
    """Forty answers of eight threads are all there, and nothing else is left behind."""
    path = folder / "answers.yaml"

    def save(number: int) -> None:
        side: Any = ("buyer", "vendor")[number % 2]
        for item in ("HC-1", "HC-2", "HC-3", "HC-4", "HC-5"):
            merge_answers(path, [Answer(item=item, respondent=f"r{number}", side=side, answer=3)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, range(8)))

    assert 41 == len(known_answers(path))
    assert {"client.yaml", "answers.yaml"} == {p.name for p in folder.iterdir()}


def test_a_lock_left_behind_is_taken_over_and_a_live_one_is_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a minute it counts as left behind."""
    path, lock = folder / "answers.yaml", folder / ".answers.yaml.lock"
    monkeypatch.setattr(answers_file, "PATIENCE_S", 0.1)
    lock.touch()
    with pytest.raises(Busy, match=r"answers\.yaml is being saved"):
        merge_answers(path, [Answer(item="HC-1", side="buyer", answer=3)])
    monkeypatch.setattr(answers_file, "STALE_S", -1.0)
    merge_answers(path, [Answer(item="HC-1", side="buyer", answer=3)])

    assert 2 == len(known_answers(path))


def test_a_file_that_cannot_be_read_is_not_written_over(folder: Path) -> None:
    """Somebody has to mend it first."""
    (folder / "answers.yaml").write_text("answers: [")

    with pytest.raises(DataError, match="is not YAML"):
        merge_answers(folder / "answers.yaml", [Answer(item="HC-1", side="buyer", answer=3)])
    assert "answers: [" == (folder / "answers.yaml").read_text()


def test_what_is_not_an_answer_is_told_and_leaves_the_others(folder: Path, tmp_path: Path) -> None:
    """With file, row and item; the reference and other items are kept."""
    path = filled(workbook_of(folder, tmp_path / "out"), answer="often", comment="see mail")
    read = read_workbook(path, CLIENT)

    assert len(read.mistakes) == 1
    assert read.mistakes[0].endswith(
        'GOV-1: "often" is not an answer. Choose from the list, or write 1 to 5.'
    )
    saved = save_workbooks(folder, CLIENT, [path, tmp_path / "out" / "questionnaire_vendor_wfm.xlsx"])
    assert 4 == of_gov_1(folder).answer
    assert len(saved.mistakes) == 1


@pytest.mark.parametrize("content", [b"no workbook", b"PK\x03\x04broken"])
def test_a_file_that_is_no_questionnaire_leaves_the_others(
    folder: Path, tmp_path: Path, content: bytes
) -> None:
    """The other side's answers are saved."""
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_bytes(content)
    path = filled(workbook_of(folder, tmp_path / "out"), answer=5)
    saved = save_workbooks(folder, CLIENT, [wrong, path])

    assert ["wrong.xlsx: is not an Excel workbook. Save it as .xlsx."] == saved.mistakes
    assert 5 == of_gov_1(folder).answer


def test_a_questionnaire_of_another_client_is_refused(folder: Path, tmp_path: Path) -> None:
    """Answers do not wander."""
    path = workbook_of(folder, tmp_path / "out")

    with pytest.raises(DataError, match="is a questionnaire of x, not of y"):
        read_workbook(path, Client(id="y", name="Y"))


def test_the_command_writes_and_reads(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1 for a workbook that cannot be used, 2 for a client that is no folder."""
    out = tmp_path / "out"
    assert DONE == call(monkeypatch, "questionnaire", str(folder), "--out", str(out))
    path = filled(out / "questionnaire_buyer_wfm.xlsx", answer=5)
    assert DONE == call(monkeypatch, "questionnaire", str(folder), "--read", str(path))
    assert 5 == of_gov_1(folder).answer
    path.write_bytes(b"x")
    assert DATA_FAILED == call(monkeypatch, "questionnaire", str(folder), "--read", str(path))
    assert WRONG_CALL == call(monkeypatch, "questionnaire", str(tmp_path / "nowhere"))
    assert "is not an Excel workbook" in capsys.readouterr().err


def named(path: Path, **owners: str) -> Path:
    """Fill in owners of the sheet on which everybody names them: HO_5="WFM"."""
    book = openpyxl.load_workbook(path)
    page = book[OWNERS]
    rows = {row[0].value: row[0].row for row in page.iter_rows()}
    for item, owner in owners.items():
        page.cell(rows[item.replace("_", "-")], 3).value = owner
    book.save(path)
    return path


def test_everybody_is_asked_who_owns_each_stage_and_handoff(folder: Path, tmp_path: Path) -> None:
    """The roles that the client's documents know are offered, then nobody and do not know; others may be typed."""
    roles = pd.DataFrame({"role": ["WFM", "claims desk", "WFM"]})
    for path in write_questionnaires(CLIENT, folder, tmp_path / "out", roles):
        page = openpyxl.load_workbook(path)[OWNERS]
        items = [row[0] for row in page.iter_rows(min_row=1, values_only=True) if row[0] in owner_questions()]

        assert list(owner_questions()) == items
        assert not any(rule.showErrorMessage for rule in page.data_validations.dataValidation)
    lists = openpyxl.load_workbook(path)["lists"]
    offered = next(row for row in lists.iter_rows(values_only=True) if "nobody" in row)
    assert ("claims desk", "WFM", "HR") == offered[:3]
    assert "Workforce management" not in offered


def test_owners_named_in_a_workbook_go_into_the_file_and_back_into_the_next_one(
    folder: Path, tmp_path: Path
) -> None:
    """Beside the answer to the same item; sent back unchanged, nothing changes."""
    path = named(workbook_of(folder, tmp_path / "out"), HO_5=" WFM  lead ", LC_3="nobody", HC_1="do not know")
    saved = save_workbooks(folder, CLIENT, [path])
    whom = {o.item: (o.owner, o.respondent, o.side) for o in known_owners(folder / "answers.yaml")}

    assert (4, [], []) == (saved.answers, saved.conflicts, saved.mistakes)  # GOV-1 was answered before
    assert {"HO-5", "LC-3", "HC-1"} == set(whom)
    assert ("WFM lead", "b-wfm", "buyer") == whom["HO-5"]
    before = (folder / "answers.yaml").read_bytes()
    again = workbook_of(folder, tmp_path / "again")
    save_workbooks(folder, CLIENT, [again])
    assert before == (folder / "answers.yaml").read_bytes()


def test_an_owner_that_somebody_else_changed_meanwhile_stays(folder: Path, tmp_path: Path) -> None:
    """As with an answer; a blank takes none away."""
    one = OwnerAnswer(item="HO-5", respondent="b-wfm", role="WFM", side="buyer", owner="WFM")
    merge_answers(folder / "answers.yaml", [one])
    path = workbook_of(folder, tmp_path / "out")
    merge_answers(folder / "answers.yaml", [one.model_copy(update={"owner": "HR"})], [one])
    saved = save_workbooks(folder, CLIENT, [named(path, HO_5="operations")])

    assert ["HO-5, b-wfm (buyer): operations was to be saved, but HR was saved meanwhile and stays."] == [
        str(conflict) for conflict in saved.conflicts
    ]
    save_workbooks(folder, CLIENT, [named(path, HO_5="")])
    assert ["HR"] == [o.owner for o in known_owners(folder / "answers.yaml")]


def test_a_stage_that_nobody_asks_about_is_told_and_an_older_workbook_is_still_read(
    folder: Path, tmp_path: Path
) -> None:
    """With file, sheet and row; a workbook written before owners were asked for has no such sheet."""
    path = workbook_of(folder, tmp_path / "out")
    book = openpyxl.load_workbook(path)
    next(cell for row in book[OWNERS].iter_rows() for cell in row if cell.value == "HO-5").value = "HO5"
    book.save(path)

    assert read_workbook(path, CLIENT).mistakes[0].endswith('nobody asks who owns HO5. Did you mean "HO-5"?')
    del book[OWNERS]
    book.save(path)
    assert () == read_workbook(path, CLIENT).mistakes
