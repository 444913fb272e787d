"""What is for the account team alone is in no byte of a client's copy, whatever section and format."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.reports.made import executed
from workbench.diagnostics.assess import Assessment, assess
from workbench.diagnostics.diagnostic import CHECKS
from workbench.intake.dataset import Dataset
from workbench.intake.read import read_client
from workbench.reports.declare import EXPORTERS, SECTIONS, Finished
from workbench.reports.exporters import pdf
from workbench.reports.notebook import review_of
from workbench.reports.parameters import check
from workbench.reports.priced import priced as with_its_prices
from workbench.reports.readers import INTERNAL_AREAS, SHARED_LINES, weights_of_health
from workbench.reports.report import Report
from workbench.reports.section import CLIENT_FACING, Audience
from workbench.resources import folder
from workbench.studies.pricing.basis import Pay
from workbench.studies.pricing.budget import Best, best_set
from workbench.studies.pricing.cadence import losses_by_cadence
from workbench.studies.pricing.doubts import Mapping, Reading, draws, known
from workbench.studies.pricing.effort import Effort, Efforts
from workbench.studies.pricing.incentive import Credits
from workbench.studies.pricing.price import Amount, Price, priced, saving_by_sum
from workbench.studies.pricing.rule import LINES, Counted, Line
from workbench.studies.pricing.study import Pricing, price
from workbench.studies.pricing.switching import stay_or_switch
from workbench.studies.pricing.together import Together, together

CANARY = "kanari"
"""Stands in every input that is for the account team alone; in small letters, since formats capitalise."""

PAY, PENALTY, REVENUE, LABOUR = 97.53, 777_123.0, 888_456.0, 4_321.0
MONEY = ("97.53", "777,1", "777123", "777100", "888,4", "888456", "888400", "1,669,9", "1669900")
"""What an hour costs, credits to expect, what is not billed, and all of it: for the account team alone."""

IDENTITIES = ("agent_id", "customer_key", "supervisor_id", "evaluator_id", "coach_id", "respondent")

TEMPLATES = ("partnership_health_review", "operating_model_assessment")


def planted(dataset: Dataset) -> Dataset:
    """Return the dataset with the canary in identities, notes, commentary, actions and earlier reviews."""
    tables = {}
    for name, table in dataset.tables.items():
        marked = {c: CANARY + table[c].astype("str") for c in IDENTITIES if c in table.columns}
        tables[name] = table.assign(**{c: v.where(table[c].notna()) for c, v in marked.items()})
    judgements = [
        {"code": code, "verdict": "override", "score": 70, "reason": f"{CANARY} said so", "author": f"{CANARY} Lind",
         "date": date(2024, 7, 2).isoformat(), "evidence_ref": f"{CANARY} minutes"}
        for code in ("HC-2", "RS-1")
    ] + [{"code": "NO-1", "verdict": "accept", "reason": CANARY, "author": CANARY, "date": "2024-07-02"}]  # fmt: skip
    period = f"{dataset.period.start}:{dataset.period.end}"
    commentary = (
        f"# {period}\n{CANARY} and **{CANARY}** ![{CANARY}](x)\n# {period} for client, joint\nHello.\n"
    )
    rescue = {
        "code": "RS-1",
        "severity": "severe",
        "evidence": [{"measure": f"{CANARY} trust", "value": 0.1}],
    }
    earlier = {
        "origin": {"period": {"start": "2023-01-01", "end": "2023-01-31"}, "rows_read": {}},
        "sections": [{"id": "findings", "data": {"findings": [rescue]}}],
    }
    problems = dataset.problems.astype("object")
    for row, column in enumerate(("agent_id", "customer_key")):
        problems.loc[len(problems) + row] = {
            "table": "contacts", "file": "contacts.csv", "row": 7 + row, "column": column, "value": f"{CANARY}-7",
            "message": f'"{CANARY}-7" is in no roster', "severity": "flagged",
        }  # fmt: skip
    extras = {"judgements": {"judgements": judgements}, "commentary": commentary, "reviews": {"r": earlier}}
    return replace(dataset, tables=tables, extras=extras, problems=problems)


@cache
def assessed() -> Assessment:
    """Return an example client's assessment with the canary in it, and in margins and verdicts on rescue."""
    found = assess(planted(read_client(folder("example") / "quietbrook_travel")), weights=weights_of_health())
    findings = []
    for finding in found.findings:
        marked = replace(finding, margin=f"{CANARY} margin")
        if CHECKS.get(finding.code).area in INTERNAL_AREAS:
            marked = replace(marked, statement=f"{CANARY}: {finding.statement}")
        findings.append(marked)
    verdicts = dict(found.verdicts)
    for code, verdict in verdicts.items():
        if CHECKS.get(code).area in INTERNAL_AREAS:
            evidence = tuple(replace(e, measure=f"{CANARY} {e.measure}") for e in verdict.evidence)
            verdicts[code] = replace(verdict, evidence=evidence)
    return replace(found, findings=tuple(findings), verdicts=verdicts)


@cache
def costed() -> Pricing:
    """Return prices of the example client of which a client's copy may show labour alone."""
    found = price(assessed(), None, seed=1, scenario_note="not calibrated here")
    gap, as_it_is = Reading("gap", 1.0, "", 0.0, 10), Mapping("as it is", "test", "M", known(1.0))
    mine = assessed().findings[0]
    said = Counted(
        (mine,), "a finding with three money lines", gap, as_it_is, "nothing",
        lambda m, k, pay: {"labour": LABOUR * m, "penalty": PENALTY * m, "revenue": REVENUE * m},
    )  # fmt: skip
    also = Counted(
        (assessed().findings[1],), "revenue alone", gap, as_it_is, "nothing",
        lambda m, k, pay: {"revenue": 10 * REVENUE * m},
    )  # fmt: skip
    prices = tuple(
        priced("SIM-0", one, saving_by_sum(one, np.ones_like), draws(50, 2, 1), "AUD") for one in (said, also)
    )

    def nothing(_: frozenset[str]) -> np.ndarray:
        return np.zeros(1)

    def join(some: Sequence[Price], lines: Sequence[Line]) -> tuple[Together, Best]:
        total, known_of = together(some, nothing, [], 0.0, assessed().findings, 1), Efforts()
        return total, best_set(some, total, nothing, [], known_of.hours_alone, assessed().findings)

    # what of choices is the account team's: what repairs cost, credits, the loss of a drift, staying and switching
    spent = {p.code: Effort(known(80.0), known(PENALTY)) for p in prices}
    joint, _ = join(prices, LINES)
    best = best_set(
        prices, joint, nothing, [], lambda those: Efforts().of(those, None) | spent, assessed().findings
    )
    late = tuple(
        replace(one, loss=PENALTY, low=PENALTY, high=PENALTY)
        for one in losses_by_cadence((0.05,), 0.02, 9.0, 2.0)
    )
    credit = (Credits("V2", True, PENALTY, PENALTY, PENALTY, PENALTY, 0.0, 0.1, 12),)
    choice = stay_or_switch(PENALTY, np.full(9, PENALTY), "AUD", seed=1)
    choice = replace(choice, stay=Amount(PENALTY, PENALTY, PENALTY), for_staying=(f"{CANARY} staying",))
    basis = replace(
        found.basis, pay=Pay(PAY, known(1.0), "ledger", "M"), paid_hours=100_000.0, notes=(f"{CANARY} note",)
    )
    contract = replace(found.contract, left_out=(f"{CANARY} term",))
    return replace(
        found, prices=prices, joint=joint, join=join, basis=basis, contract=contract, best=best, credits=credit,
        choice=choice, cadence=late, cadence_note=f"{CANARY} a point costs so much",
    )  # fmt: skip


@cache
def copy_for(audience: Audience, template: str) -> Finished:
    """Return the finished report for one reader with every section that there is of one client."""
    sections = [d.id for d in sorted(SECTIONS, key=lambda d: d.order) if set(d.reports) & set(TEMPLATES)]
    asked = check(template, {"client": "x", "audience": audience, "sections": sections})
    notebook = executed(review_of(with_its_prices(assessed(), costed()), asked, template))
    return Finished(Report.from_notebook(notebook), notebook)


def words_in(name: str, data: bytes, finished: Finished) -> str:
    """Return everything that can be read in a file: what is packed unpacked, and of a PDF its words."""
    text = data.decode("utf-8", "replace")
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            text += "".join(packed.read(part).decode("utf-8", "replace") for part in packed.namelist())
    if name == "pdf":
        text += json.dumps(pdf._told(finished), ensure_ascii=False)
        if shutil.which("pdftotext"):
            said = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
            text += said.stdout.decode("utf-8", "replace")
    return text.casefold()


@pytest.mark.parametrize("name", EXPORTERS.names())
def test_clients_copy_holds_nothing_that_is_for_the_account_team_alone(name: str) -> None:
    """Notes of judgements, margins, the verdict on rescue, internal commentary, who agents and customers are."""
    for audience in CLIENT_FACING:
        finished = copy_for(audience, TEMPLATES[0])
        said = words_in(name, EXPORTERS.get(name).write(finished), finished)

        assert CANARY not in said, said[max(0, said.index(CANARY) - 300) : said.index(CANARY) + 80]
        assert "rescue or switch" not in said.replace(
            '"rescue or switch",\n    "stay or switch"', ""
        )  # asked for by name


@pytest.mark.parametrize("name", EXPORTERS.names())
def test_internal_copy_shows_that_the_test_can_fail(name: str) -> None:
    """The same canaries are in every format of the account team's own copy."""
    finished = copy_for("internal", TEMPLATES[0])
    said = words_in(name, EXPORTERS.get(name).write(finished), finished)

    assert CANARY in said
    if name == "json":
        assert all(f"{CANARY} {word}" in said for word in ("margin", "said so", "and"))


@pytest.mark.parametrize("name", EXPORTERS.names())
def test_clients_copy_holds_no_money_that_is_the_account_teams(name: str) -> None:
    """No pay, no credits to expect, nothing unbilled, and no sum that holds them; labour is shown, and said so."""
    for audience in CLIENT_FACING:
        finished = copy_for(audience, TEMPLATES[1])
        said = words_in(name, EXPORTERS.get(name).write(finished), finished)

        assert [] == [amount for amount in MONEY if amount in said]
        assert "4,32" in said or "4321" in said or "4320" in said
    ours = copy_for("internal", TEMPLATES[1])
    said = words_in(name, EXPORTERS.get(name).write(ours), ours)
    assert "777,1" in said or "777123" in said


def test_clients_copy_says_which_money_it_shows_and_what_it_leaves_out() -> None:
    """A finding that is priced in other lines only is listed without an amount; no verdict on rescue is."""
    told: dict[str, Any] = copy_for("client", TEMPLATES[1]).report.data("prices")["prices"]
    hidden = {declared.code for declared in CHECKS if declared.area in INTERNAL_AREAS}

    assert set(SHARED_LINES) == set(told["lines"])
    assert LABOUR == pytest.approx(told["total"]["value"])
    assert [assessed().findings[0].code] == [one["code"] for one in told["findings"]]
    assert [assessed().findings[1].code] == told["in_other_lines"]
    assert not hidden & {one["code"] for one in told["unpriced"]}
    ours: dict[str, Any] = copy_for("internal", TEMPLATES[1]).report.data("prices")["prices"]
    assert LABOUR + PENALTY + 11 * REVENUE == pytest.approx(ours["total"]["value"])


@pytest.mark.parametrize("template", TEMPLATES)
def test_clients_copy_leads_with_the_contracts_own_formula(template: str) -> None:
    """Before the four that the contract does not name."""
    for audience in CLIENT_FACING:
        told: dict[str, Any] = copy_for(audience, template).report.data("service level")
        for level in told["service_levels"]:
            section = next(s for s in copy_for(audience, template).report.sections if s.id == "service level")
            matrix = next(b for b in section.walk() if b.block == "table")

            assert str(matrix.rows[0][0]).startswith(level["own"])


def test_every_copy_counts_the_same_diagnostics() -> None:
    """What is drawn from the others is not counted among them, for any reader and on the terminal."""
    from workbench.reports.parts import assessed_counts
    from workbench.reports.readers import shown_to

    counts = {assessed_counts(shown_to(assessed(), audience)) for audience in ("client", "joint", "internal")}

    assert 1 == len(counts)


def test_folder_of_the_sections_is_covered() -> None:
    """A section of a client's report that this file does not build would be untested."""
    built = {s.id for s in copy_for("internal", TEMPLATES[0]).report.sections}
    declared = {d.id for d in SECTIONS if set(d.reports) & set(TEMPLATES)}
    empty = declared - built

    assert {"findings", "judgements", "commentary", "rescue or switch", "follow up", "data problems"} <= built
    assert len(empty) <= len(declared) // 3, f"with nothing to say of this client: {sorted(empty)}"
