"""Who is named as owner, how alike, and what counts as the same name."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.diagnostics.stories import handed
from workbench.diagnostics.assess import assess
from workbench.diagnostics.lifecycle import HANDOFFS, STAGES
from workbench.diagnostics.owners import (
    LABELS,
    RELATIONSHIP,
    agreement,
    documented_owners,
    in_words,
    named_owners,
    offered_owners,
    owners_table,
    spelled,
    written_owners,
)
from workbench.diagnostics.questions import owner_questions


def said(*rows: tuple[str, str, str, str], **more: str) -> pd.DataFrame:
    """Return the table of owners named: item, respondent, side, owner."""
    columns = ("item_id", "respondent", "side", "owner")
    return handed(owner_answer=[{**dict(zip(columns, row, strict=True)), **more} for row in rows]).tables[
        "owner_answer"
    ]


def raci(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Return the table ownership: subject, role, person, all accountable."""
    return handed(
        ownership=[{"subject": s, "role": role, "person": person, "raci": "A"} for s, role, person in rows]
    ).tables["ownership"]


def test_every_stage_every_handoff_and_the_relationship_is_asked_about() -> None:
    """12 + 17 + 1, both sides, in plain words; the table accepts exactly these."""
    from workbench.intake.spec import table_spec

    wanted = {*STAGES, *HANDOFFS, RELATIONSHIP}

    assert wanted == set(owner_questions()) == set(table_spec("owner_answer").column("item_id").allowed)
    assert all(
        q.text.startswith(("Who answers for ", "Who sees to it that ")) and len(q.sides) == 2
        for q in owner_questions().values()
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [("WFM", "Workforce management"), ("ops", "Operations"), ("QA", "quality"), ("HR", "human"),
     ("No one", "nobody"), ("don’t know", "Do not know."), ("Claims  desk", "claims desk")],
)  # fmt: skip
def test_one_owner_has_one_name(one: str, other: str) -> None:
    """Case, spaces and the bare names of a function do not make two owners of one."""
    assert spelled(one) == spelled(other)


def test_a_longer_name_is_an_owner_of_its_own() -> None:
    """An operations manager is not the function as a whole; nobody guesses."""
    assert len({spelled(name) for name in ("operations", "operations manager", "head of operations")}) == 3


def test_a_person_counts_as_the_role_that_the_documents_know() -> None:
    """Unless they know the person in two roles."""
    documents = raci(("LC-1", "WFM", "Kim"), ("LC-2", "HR", "Lee"), ("LC-3", "IT", "Lee"))
    named = named_owners(said(("LC-1", "b1", "buyer", "kim"), ("LC-2", "b1", "buyer", "Lee")), documents)

    assert ["Workforce management", "lee"] == [named[item][0].owner for item in ("LC-1", "LC-2")]


def test_the_latest_answer_of_a_respondent_counts() -> None:
    """Somebody who learned better is not two people who differ."""
    early, late = (
        said(("LC-1", "b1", "buyer", owner), date=day)
        for owner, day in (("HR", "2024-05-01"), ("WFM", "2024-06-01"))
    )
    both = pd.concat([late, early])

    assert ["Workforce management"] == [n.owner for n in named_owners(both, None)["LC-1"]]


def test_who_does_not_know_agrees_with_nobody_and_nobody_is_no_owner() -> None:
    """Two who do not know, two who say nobody: no pair names the same owner."""
    found = agreement(
        said(*((item, f"r{i}", "buyer", owner)
               for item, owner in (("LC-1", "do not know"), ("LC-2", "nobody")) for i in range(2))),
        None,
        weight=1.0,
    )  # fmt: skip

    assert (0.0, 2, 0.0) == (found.pairs.value, found.pairs.n, found.share.value)


def test_pairs_do_not_depend_on_how_many_are_asked_the_commonest_share_does() -> None:
    """Everybody names another role: half of two is the commonest, a quarter of four."""
    roles = ("WFM", "HR", "QA", "IT")
    for n in (2, 4):
        found = agreement(said(*(("LC-1", f"r{i}", "buyer", roles[i]) for i in range(n))), None, weight=1.0)

        assert (0.0, 1 / n) == (found.pairs.value, found.share.value)


def test_kappa_under_one_role_named_nearly_everywhere_is_told_as_prevalence() -> None:
    """Ten subjects, two respondents, one of 20 answers differs: raw 0.9, kappa −0.05, Gwet's AC1 0.89."""
    rows = [
        (f"HO-{i}", f"r{j}", ("buyer", "vendor")[j], "operations") for i in range(1, 11) for j in range(2)
    ]
    rows[0] = ("HO-1", "r0", "buyer", "WFM")
    found = agreement(said(*rows), None, weight=1.0)

    assert 0.9 == pytest.approx(found.pairs.value)
    # chance: (19/20)² + (1/20)² = 0.905
    assert (0.9 - 0.905) / (1 - 0.905) == pytest.approx(found.kappa.value)
    assert "prevalence paradox" in found.note
    assert "AC1 of 0.89" in found.note
    assert found.note in in_words(found)


def test_one_respondent_has_no_agreement_and_says_so() -> None:
    """Nor any kappa; that what he names is written down can still be seen."""
    found = agreement(said(("LC-1", "b1", "buyer", "WFM")), raci(("LC-1", "WFM", "Kim")), weight=1.0)

    assert {"one respondent only: agreement needs two"} == {
        part.reason for part in (found.pairs, found.share, found.kappa, found.sides)
    }
    assert (1.0, 1) == (found.documents.value, found.documents.n)


def test_two_documented_owners_are_no_documented_owner() -> None:
    """What is named is then compared with nothing."""
    documents = raci(("LC-1", "WFM", "Kim"), ("LC-1", "HR", "Lee"), ("LC-2", "HR", "Lee"))
    table = owners_table(
        named_owners(said(("LC-1", "b1", "buyer", "HR"), ("LC-2", "b1", "buyer", "HR")), documents),
        written_owners(documents),
    ).set_index("id")

    assert {"LC-2": "HR"} == documented_owners(documents)
    assert "HR and Workforce management" == table.at["LC-1", "documented owner"]
    assert (True, 1.0) == (
        pd.isna(table.at["LC-1", "share naming the documented"]), table.at["LC-2", "share naming the documented"],
    )  # fmt: skip


def test_what_is_offered_are_the_roles_of_the_client_then_the_functions() -> None:
    """A function that a role names already is not offered twice."""
    offered = offered_owners(raci(("LC-1", "WFM", "Kim"), ("LC-2", "claims desk", "Lee")))

    assert ("claims desk", "WFM") == offered[:2]
    assert ("nobody", "do not know") == offered[-2:]
    assert "Workforce management" not in offered


def test_owners_named_are_half_of_what_answers_weigh() -> None:
    """A fifth of the item for all answers: a tenth for owners, a tenth for 1 to 5."""
    dataset = handed(
        owner_answer=[
            {"item_id": "LC-1", "respondent": r, "side": "buyer", "owner": "WFM"} for r in ("b1", "b2")
        ]
    )
    parts = assess(dataset, ["VL-2"]).verdicts["VL-2"].evidence
    whole = sum(part.weight for part in parts)

    assert 0.1 == pytest.approx(sum(p.weight for p in parts if p.table == "owner_answer") / whole)
    assert 0.1 == pytest.approx(sum(p.weight for p in parts if p.table == "survey") / whole)
    assert {LABELS["pairs"], LABELS["documents"]} == {
        p.measure for p in parts if p.table == "owner_answer" and p.weight
    }
