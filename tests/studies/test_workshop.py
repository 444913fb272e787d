"""In the room: what an answer does to score and bounds, and that nothing said is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from workbench.diagnostics.questions import question_bank
from workbench.errors import CallError, UnknownName
from workbench.intake.answers import Answer, known_answers, known_owners, merge_answers
from workbench.panels.workshop import OwnerCard, workshop_panel
from workbench.resources import folder
from workbench.studies.workshop import ELSEWHERE, IN_THE_ROOM, WHO_OWNS, Session


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """The example client who delivered little, where it may be written to."""
    return Path(shutil.copytree(folder("example") / "quietbrook_travel", tmp_path / "client"))


def test_an_answer_narrows_the_bounds_of_its_score_and_of_the_total(client: Path) -> None:
    """HC-7 of this client rests on answers alone, and one side is silent."""
    session = Session(client)
    silent = next(s for s in ("buyer", "vendor") if not session.dataset.tables["survey"]["side"].eq(s).any())
    before, total = session.score_of("HC-7"), session.now.total
    session.say("HC-7", silent, 5)
    after = session.score_of("HC-7")

    assert before is not None
    assert after is not None
    assert after.high - after.low < before.high - before.low
    assert session.now.total.high - session.now.total.low < total.high - total.low
    assert (1, session.before.total) == (session.unsaved, total)


def test_a_session_that_answers_assesses_as_a_fresh_reading_of_the_saved_file(client: Path) -> None:
    """What the room sees is what the next assessment says."""
    session = Session(client)
    for item, side, answer in (("HC-7", "buyer", 2), ("HC-7", "vendor", 5), ("RES-6", "vendor", 1)):
        session.say(item, side, answer, "minutes 3 June" if item == "HC-7" else "")
    assert [] == session.save()
    fresh = Session(client)

    assert {c: (s.value, s.low, s.high, s.grade) for c, s in session.now.scores.items()} == {
        c: (s.value, s.low, s.high, s.grade) for c, s in fresh.before.scores.items()
    }
    assert (0, 2, "minutes 3 June") == (
        session.unsaved, fresh.entry("HC-7", "buyer").answer, fresh.entry("HC-7", "buyer").evidence_ref,
    )  # fmt: skip


def test_saving_keeps_what_others_said_meanwhile(client: Path) -> None:
    """A respondent answered by workbook while the room spoke."""
    session = Session(client)
    session.say("HC-7", "buyer", 2)
    other = Answer(item="HC-7", respondent="b-finance", role="finance", side="buyer", answer=4)
    merge_answers(client / "answers.yaml", [other])
    session.save()

    assert {2, 4} <= {a.answer for a in known_answers(client / "answers.yaml") if a.item == "HC-7"}


def test_two_rooms_in_conflict_are_told_and_keep_their_word(client: Path) -> None:
    """The first one saved stays; the second keeps what it said, unsaved."""
    one, two = Session(client), Session(client)
    one.say("HC-7", "buyer", 2)
    two.say("HC-7", "buyer", 4)
    one.save()
    conflicts = two.save()

    assert [(4, 2)] == [(c.answer.answer, c.there.answer) for c in conflicts]
    assert (1, 4) == (two.unsaved, two.entry("HC-7", "buyer").answer)
    assert [] == two.save()  # having seen what stands there, saying it again replaces it
    assert 4 == Session(client).entry("HC-7", "buyer").answer


def test_an_answer_taken_back_in_the_room_counts_as_unanswered(client: Path) -> None:
    """As if it had never been said."""
    session = Session(client)
    session.say("HC-7", "buyer", 2)
    session.say("HC-7", "buyer", None)

    assert session.before.scores["HC-7"] == session.score_of("HC-7")


def test_every_question_stands_in_one_area(client: Path) -> None:
    """Those without a score of their own at the end."""
    areas = Session(client).areas()

    assert sorted(question_bank()) == sorted(q.item for questions in areas.values() for q in questions)
    assert ELSEWHERE not in list(areas)[:-1]


def test_wrong_words_are_refused(client: Path) -> None:
    """An unknown item, a side that is not asked, a path that is no folder."""
    session = Session(client)
    with pytest.raises(UnknownName, match='Did you mean "HC-7"'):
        session.say("HC7", "buyer", 2)
    with pytest.raises(UnknownName, match="buyer"):
        session.say("VMF-1", "vendor", 2)
    with pytest.raises(CallError, match="is not a client folder"):
        Session(client / "answers.yaml")
    assert IN_THE_ROOM not in session.dataset.tables["survey"]["respondent"].to_list()


def test_owners_named_in_the_room_move_the_score_and_a_fresh_reading_says_the_same(client: Path) -> None:
    """Each side names one owner per handoff; nobody had named any before."""
    answers = client / "answers.yaml"
    answers.write_text(answers.read_text(encoding="utf-8").partition("owners:")[0], encoding="utf-8")
    shutil.copy(folder("example") / "alderstone_health" / "ownership.csv", client)
    session = Session(client)
    for item, buyer, vendor in (
        ("HO-5", "WFM", "HR"),
        ("LC-3", "HR", "HR"),
        ("HC-1", "vendor manager", "nobody"),
    ):
        session.name_owner(item, "buyer", buyer)
        session.name_owner(item, "vendor", f" {vendor} ")
    before, after = session.moved_by_owner("HO-5")

    assert after.high - after.low < before.high - before.low
    assert 6 == session.unsaved
    assert [] == session.save()
    assert {"HO-5", "LC-3", "HC-1"} == {o.item for o in known_owners(answers)}
    fresh = Session(client)
    assert "HR" == fresh.owner("HO-5", "vendor")
    for code in ("VL-2", "HC-1"):
        assert session.now.scores[code] == fresh.before.scores[code]


def test_an_owner_taken_back_in_the_room_counts_as_not_asked(client: Path) -> None:
    """As if it had never been named; an unknown handoff is refused with the nearest."""
    session = Session(client)
    session.name_owner("HO-5", "buyer", "WFM")
    session.name_owner("HO-5", "buyer", "")

    assert session.before.scores["VL-2"] == session.now.scores["VL-2"]
    with pytest.raises(UnknownName, match='Did you mean "HO-5"'):
        session.name_owner("HO5", "buyer", "WFM")


def test_the_panel_asks_each_side_who_owns_what(client: Path) -> None:
    """What is chosen in the list is what the session holds."""
    panel = workshop_panel(client)
    panel.area.value = WHO_OWNS
    card = panel.cards["HO-5"]
    assert isinstance(card, OwnerCard)
    card.owners["buyer"].value = "WFM"

    assert "WFM" == panel.session.owner("HO-5", "buyer")
    assert "Save 1 answer" == panel.save.description
    assert {"nobody", "do not know"} <= set(card.owners["vendor"].options)
