"""The workbench finds what was planted, with its size, and does not accuse what is in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from ruamel.yaml import YAML

from tools.clientgen.stories import STORIES
from workbench.diagnostics.assess import Assessment, assess
from workbench.diagnostics.diagnostic import CHECKS
from workbench.intake.period import Period
from workbench.intake.read import read_client
from workbench.resources import folder

CODE_OF = {identifier: declared.code for declared in CHECKS for identifier in (declared.code, *declared.also)}


@cache
def planted(client: str) -> dict[str, Any]:
    path = folder("example") / client / "expected.yaml"
    return dict(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))


@cache
def assessed(client: str) -> Assessment:
    return assess(read_client(folder("example") / client))


def rows_found(assessment: Assessment, code: str, table: str, column: str) -> list[int]:
    """Return of how many rows of `table` each finding of a diagnostic speaks that names `column` as what is wrong."""
    return [
        finding.evidence[0].n_rows
        for finding in assessment.verdicts[code].findings
        if finding.evidence[0].measure.startswith(f"{table}: ")
        and column in finding.evidence[0].measure.split()
    ]


FAULTS = [
    pytest.param(client, fault, id=f"{client}-{fault['id']}-{fault['measure'][:40]}")
    for client in sorted(STORIES)
    for fault in planted(client)["must_find"]
    if fault["id"] in CODE_OF
]


@pytest.mark.parametrize(("client", "fault"), FAULTS)
def test_planted_fault_is_found_with_its_size(client: str, fault: dict[str, Any]) -> None:
    """The diagnostic of the item has a finding, and a figure within the tolerance of the planted one."""
    assessment = assessed(client)
    if fault["unit"] == "rows":
        found = rows_found(assessment, CODE_OF[fault["id"]], fault["tables"][0], fault["column"])
        assert len(found) == 1
        assert found[0] == pytest.approx(fault["value"], abs=fault["tolerance"])
        return
    verdict = assessment.verdicts[CODE_OF[fault["id"]]]
    said = " ".join(finding.statement for finding in verdict.findings)

    assert said
    if "onset" in fault:
        day = date.fromisoformat(fault["onset"])
        assert f"{day.day} {day:%B %Y}" in said
    elif fault["unit"] == "days":
        assert f"{fault['value']:g} days" in said
    else:
        values = [part.value for part in verdict.evidence if part.value is not None]
        assert any(abs(value - fault["value"]) <= fault["tolerance"] + 1e-9 for value in values), values


@pytest.mark.parametrize("client", sorted(STORIES))
def test_what_is_in_order_is_not_flagged(client: str) -> None:
    """No finding at all is severe where that is said; no listed item, or measure of it, is moderate or worse."""
    assessment = assessed(client)
    for rule in planted(client)["must_not_flag"]:
        if "severity" in rule:
            wrong = [f for f in assessment.findings if f.severity == rule["severity"]]
        else:
            of_item = [f for f in assessment.findings if f.code == CODE_OF[rule["id"]]]
            wrong = [f for f in of_item if f.severity in ("severe", "moderate")]
        if "measure" in rule:  # it was looked at, and so could have been flagged
            known = assessment.verdicts[CODE_OF[rule["id"]]].evidence
            assert [e.value is not None for e in known if e.measure == rule["measure"]] == [True]
            wrong = [f for f in wrong if f.evidence[0].measure == rule["measure"]]
        assert [f.statement for f in wrong] == []


@pytest.mark.method("FM-X1")
def test_thin_transfer_shows_as_two_escalations_in_five() -> None:
    """Escalations stand at 40 %, and the new agents and complex contacts that carry them are named."""
    dataset = read_client(folder("example") / "brightwave_telecom")
    assessment = assess(dataset, only=["FM-2", "HC-6"])
    contacts = dataset.tables["contacts"]
    answered = contacts[contacts["answer_ts"].notna()]

    said = " ".join(finding.statement for finding in assessment.findings)

    assert answered["escalated_flag"].astype(float).mean() == pytest.approx(0.40, abs=0.02)
    assert any(part.value == pytest.approx(0.40, abs=0.02) for part in assessment.verdicts["FM-2"].evidence)
    assert "complex" in said
    assert "new" in said or "under 90 days" in said


@pytest.mark.method("FM-X2")
def test_fall_that_nobody_owned_is_dated() -> None:
    """Satisfaction fell in the week of 3 June 2024; nobody spoke of it for 84 days."""
    assessment = assess(read_client(folder("example") / "pebblecart_shop"), only=["FM-G4"])

    said = " ".join(finding.statement for finding in assessment.findings)

    assert "Customer satisfaction fell" in said
    assert "3 June 2024" in said
    assert "84 days" in said


def test_one_month_of_the_healthy_client_accuses_nobody_of_what_was_not_due_in_it() -> None:
    """October has no quarterly: nothing is severe, and what was not due is not asked for."""
    october = assess(replace(assessed("fernhill_energy").dataset, period=Period.parse("2024-10")))

    assert [] == [finding.statement for finding in october.findings if finding.severity == "severe"]
    assert "quarterly" not in " ".join(finding.statement for finding in october.findings)
