"""Each section says what the assessment holds: number, unit, sample, period, and what is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.reports.made import dataset_of, review
from workbench.diagnostics.assess import assess
from workbench.intake.client import Client, SlaTerm
from workbench.intake.period import Period
from workbench.intake.read import read_client
from workbench.intake.source import joined_problems, problem_rows
from workbench.reports.notebook import review_of
from workbench.reports.parameters import check
from workbench.reports.readers import weights_of_health
from workbench.reports.section import Callout, Cards, DataTable, Figure, Prose, Section
from workbench.resources import folder

BANK = Path(__file__).resolve().parents[3] / "shared/data/bank_calls_january_1999.tsv.gz"


def section(id: str, **parameters: Any) -> Section:
    built = review(**parameters).section(id)
    assert built is not None
    return built


def text(section: Section) -> str:
    return section.model_dump_json()


def test_headline_gives_the_score_with_its_bounds_in_words() -> None:
    """Half of the weight is known and scores 0: bounds 0 to 50, critical to weak."""
    card = next(b for b in section("headline").blocks if isinstance(b, Cards)).cards[0]

    assert "0" == card.text
    assert (0.0, 50.0) == (card.low, card.high)
    assert "between critical and weak; 0 to 50 with what is missing, measured" == card.note


def test_headline_names_findings_decisions_and_what_is_unknown() -> None:
    """What is asked for comes in the order of repair, not of severity; what is missing is counted."""
    said = text(section("headline"))

    assert "Hold the weekly review. " in said
    assert "1 diagnostic could not be assessed" in said
    assert "1 in partnership health" in said
    assert "Two findings that matter most" in said


@pytest.mark.method("LENS-1")
def test_finding_says_what_it_means_for_the_commitments() -> None:
    """LENS-1, to every reader."""
    assert "the contract promises a weekly review" in text(section("findings"))


@pytest.mark.method("LENS-2")
def test_margin_is_for_the_account_team_alone() -> None:
    """LENS-2 reaches the internal copy, and not even the JSON of the client's."""
    assert "credits cost 2 %" in text(section("findings", audience="internal"))
    assert "credits cost 2 %" not in text(section("findings", audience="client"))
    assert "margin" not in section("findings", audience="client").data["findings"][0]


def test_finding_carries_its_evidence_and_the_rows_behind_it() -> None:
    """Two clicks from the headline: statement, value, expectation, sample, interval, rows."""
    finding = next(b for b in section("findings").blocks if isinstance(b, Callout))
    said = finding.model_dump_json()

    assert "finding-1" == finding.anchor
    assert "HC-2 · severe · both sides · measured" == finding.label
    table = next(
        b for d in finding.blocks if d.block == "detail" for b in d.blocks if isinstance(b, DataTable)
    )
    assert (
        "meetings held", "50\u202f%", "100\u202f%", "25\u202f% to 75\u202f%", 12, "3–30 June 2024", "gov_meeting",
        "measured", "0",
    ) == table.rows[0]  # fmt: skip
    assert "gov_meeting rows 4, 7" in said


def test_findings_beyond_the_limit_are_counted() -> None:
    """Those not written out stand in the data."""
    limited = section("findings", findings=1)

    assert "1 less severe finding" in text(limited)
    assert ["HC-2", "EXP-6"] == [f["code"] for f in limited.data["findings"]]


def test_not_assessed_gives_each_reason() -> None:
    """It never vanishes and never scores zero."""
    assert {"HC-8": "needs sla_result"} == section("not assessed").data["not_assessed"]


def test_service_level_stands_under_every_formula_the_contracts_own_first() -> None:
    """Of ten offered, six answered in time: V1 6/8, V2 6/10, V3 6/9, V4 7/10, V5 6/9."""
    built = section("service level")
    by_volume = {
        m["variant"]: m["value"]
        for m in built.data["service_levels"][0]["measures"]
        if m["weighting"] == "volume"
    }

    assert {"V1": 0.75, "V2": 0.6, "V3": 6 / 9, "V4": 0.7, "V5": 6 / 9} == pytest.approx(by_volume)
    figure = next(b for b in built.blocks if isinstance(b, Figure))
    assert "V2 all offered (contract)" == figure.rows[0][0]
    assert "target 80 %" in figure.alt or "target of 80 %" in figure.alt


def test_service_level_without_a_contract_is_called_assumed() -> None:
    """Nothing is put into the contract's mouth."""
    dataset = dataset_of(Client(id="a", name="A"))
    built = review(dataset).section("service level")

    assert built is not None
    assert "As assumed (V2)" in text(built)
    assert "(contract)" not in text(built)


def test_each_term_of_the_contract_is_held_against_its_own_queue() -> None:
    """A queue without contacts is said to have none."""
    terms = (SlaTerm(queue="sales", formula="V4", target=0.7), SlaTerm(queue="claims"))
    built = review(dataset_of(Client(id="a", name="A", sla_terms=terms))).section("service level")

    assert built is not None
    assert "target met; 70\u202f% within 20\u202fs" in text(built)
    assert "No contacts of queue claims were handed over" in text(built)


def test_activity_counts_contacts_by_what_became_of_them() -> None:
    """Eight answered, two left the queue."""
    data = section("activity").data

    assert [("answered", 8), ("abandoned", 2)] == [(o["outcome"], o["contacts"]) for o in data["outcomes"]]
    assert 0.2 == next(m["value"] for m in data["measures"] if m["metric"] == "abandon_rate")


def test_problems_of_a_kind_are_counted_together_with_examples() -> None:
    """They differ in the row and its value only; the gravest come first."""
    problems = joined_problems(
        [
            problem_rows("contacts", "contacts.csv", [3, 9], "talk_s", ["-5", "-7"], "{value} s is below 0."),
            problem_rows("hris", "hris.csv", [4], "agent_id", ["ada"], '"{value}" comes twice.', "set aside"),
        ]
    )
    built = review(dataset_of(problems=problems)).section("data problems")
    assert built is not None
    rows = next(b for b in built.blocks if isinstance(b, DataTable)).rows

    assert ("hris", "agent_id", "set aside", 1) == rows[0][:4]
    assert ("contacts", "talk_s", "flagged", 2, "… s is below 0.", "row 3: -5; row 9: -7") == rows[1]


def test_persons_are_not_named_to_the_client() -> None:
    """The value of a column that names a person is in the internal copy alone."""
    problems = problem_rows(
        "hris", "hris.csv", [4], "agent_id", ["ada"], '"{value}" comes twice.', "set aside"
    )
    theirs = review(dataset_of(problems=problems), audience="client").section("data problems")
    ours = review(dataset_of(problems=problems), audience="internal").section("data problems")

    assert theirs is not None
    assert ours is not None
    assert "ada" not in text(theirs)
    assert "row 4: ada" in text(ours)


def test_scores_can_be_computed_by_hand() -> None:
    """Weights, scales and their sources stand beside each score."""
    said = text(section("scores"))

    assert "METHOD GOV-2; ours" in said
    assert "good 80 to 100, fair 60 to 80, weak 40 to 60, critical 0 to 40" in said


def test_title_says_from_what_it_was_made() -> None:
    """Hashes, versions and seed; and that the client is invented."""
    said = text(section("title", seed=7)) + text(section("provenance", seed=7))

    assert "ab" * 32 in said
    assert "Every name, person and figure in this report is fictional." in said
    assert '"Seed"' in said
    assert "3–30 June 2024" in said


def test_sections_come_in_the_order_asked_for() -> None:
    """A client's own order of sections needs no change of the package."""
    asked = review(sections=["scores", "headline"])

    assert ["scores", "headline"] == [s.id for s in asked.sections()]


@pytest.mark.skipif(not BANK.is_file(), reason="the bank's call log is not beside this checkout")
def test_bank_log_gives_the_figures_published_for_it() -> None:
    """DATA.md: outcomes, defects and service levels of January 1999."""
    asked = check("partnership_health_review", {"client": str(BANK)})
    made = {
        s.id: s for s in review_of(assess(read_client(BANK)), asked, "partnership_health_review").sections()
    }

    outcomes = {(o["outcome"], o["disposition"]): o["contacts"] for o in made["activity"].data["outcomes"]}
    assert {
        ("answered", "agent"): 27060,
        ("abandoned", "hang"): 3080,
        ("not offered", "hang"): 4299 - 3080,
        ("not offered", "phantom"): 240,
    } == outcomes
    counts = {
        (p["column"], p["message"].split()[0]): p["count"] for p in made["data problems"].data["problems"]
    }
    assert 33 == counts["vru_time", "…"]
    assert 490 == counts["server", "Served,"]
    assert 277 == counts["ser_time", "Served"]
    assert 2 == counts["type", '"AA"']
    matrix = next(b for b in made["service level"].blocks if isinstance(b, DataTable))
    shown = {row[0]: row[2:4] for row in matrix.rows}
    assert 0.544 == pytest.approx(shown["V2 (assumed)"][0], abs=5e-4)
    assert 0.626 == pytest.approx(shown["V2 (assumed)"][1], abs=5e-4)
    assert 0.606 == pytest.approx(shown["V1"][0], abs=5e-4)
    assert 0.523 == pytest.approx(shown["V2 wide"][0], abs=5e-4)


def test_client_copy_holds_no_agent() -> None:
    """An agent's name is in the contacts, and in no section of a client's copy."""
    for built in review(audience="client").sections():
        assert "agent-ada" not in text(built)


def test_prose_is_not_empty_anywhere() -> None:
    """A section that has nothing to say says so, or stays away."""
    for built in review().sections():
        assert all(block.runs for block in built.walk() if isinstance(block, Prose))


def test_verdict_on_rescue_or_switch_is_for_the_account_team_alone() -> None:
    """It is drawn from the rest, so that it counts in nobody's score: both copies show the same health."""
    client = read_client(folder("example") / "quietbrook_travel")
    assessment = assess(client, weights=weights_of_health())
    copies = {}
    for audience in ("client", "joint", "internal"):
        asked = check("partnership_health_review", {"client": "somewhere", "audience": audience})
        reviewed = review_of(assessment, asked, "partnership_health_review")
        copies[audience] = {s.id: s for s in reviewed.sections()}

    said = {audience: "".join(text(s) for s in copy.values()).lower() for audience, copy in copies.items()}
    assert "rescue or switch" in said["internal"]
    assert "rescue or switch" not in said["client"] + said["joint"]
    assert not [
        code for code in copies["client"]["scores"].data["scores"] if code.startswith(("EXIT", "RES"))
    ]
    totals = [copy["headline"].data["total"] for copy in copies.values()]
    assert totals[0] == totals[1] == totals[2]


def test_figures_of_a_period_count_no_contact_of_other_days() -> None:
    """Rows outside the period stay in the tables, for trends; a figure that names its period leaves them out."""
    day = replace(dataset_of(), period=Period(date(2024, 6, 4), date(2024, 6, 30)))
    shown = review(day)
    activity, level = shown.section("activity"), shown.section("service level")

    assert activity is not None
    assert level is not None
    assert [] == activity.data.get("outcomes", [])
    assert [] == level.data["service_levels"]
