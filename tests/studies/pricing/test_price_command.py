"""Does `workbench price` say what it should, refuse what it must, and does its page still work?"""

from __future__ import annotations

import doctest
import io
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.studies.pricing.prices import assessed, floor, found, measured, roster
from workbench.cli import app
from workbench.errors import CallError, UnknownName
from workbench.intake.read import read_client
from workbench.studies import show_prices
from workbench.studies.pricing.client import assumed_scenario, parse_pay, price_client, scenario_for
from workbench.studies.pricing.rule import RULES
from workbench.studies.pricing.study import price

ROOT = Path(__file__).resolve().parents[3]
RUN = CliRunner()


def shown(found_: object) -> str:
    """Return what a terminal shows, wide enough for every table."""
    from rich.console import Console

    console = Console(width=200, record=True, file=io.StringIO(), highlight=False, markup=False)
    for part in show_prices.pricing(found_):  # type: ignore[arg-type]
        console.print(part)
    return console.export_text()


def test_the_page_works_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line of Python on it gives what stands there."""
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(
        str(ROOT / "docs/how-to/price-findings.md"), module_relative=False, encoding="utf-8"
    )

    assert tried > 8
    assert 0 == failed


def test_a_client_of_interval_counts_is_priced_or_says_why_not(tmp_path: Path) -> None:
    """Quietbrook handed over no wage, so that one is assumed; what has no price has a reason; twice the same bytes."""
    folder, file = str(ROOT / "data/example/quietbrook_travel"), tmp_path / "floor.yaml"
    floor(money={"currency": "AUD"}).to_yaml(file)
    words = ["price", folder, "--scenario", str(file), "--months", "2", "--json"]
    first, second = (RUN.invoke(app, words, catch_exceptions=False) for _ in range(2))
    data = json.loads(first.stdout)

    assert first.stdout == second.stdout
    assert "AUD" == data["currency"]
    assert data["unpriced"]
    assert all(one["reason"] for one in data["unpriced"])
    assert "A" == data["basis"]["pay_grade"]
    assert data["together"]["total"]["high"] > 2 * data["together"]["total"]["low"] > 0
    assert data["order_of_repair"]


def test_files_to_fill_in_are_written_once_and_read_back_without_a_change(tmp_path: Path) -> None:
    """As written they are what is assumed; nothing is written over; mistakes of both are told before any computing."""
    folder, file = str(ROOT / "data/example/quietbrook_travel"), tmp_path / "floor.yaml"
    floor(money={"currency": "AUD"}).to_yaml(file)
    words = ["price", folder, "--scenario", str(file), "--months", "2", "--json"]
    efforts, switch = str(tmp_path / "efforts.yaml"), str(tmp_path / "switch.yaml")
    first = RUN.invoke(
        app, [*words, "--write-efforts", efforts, "--write-switch", switch], catch_exceptions=False
    )
    again = RUN.invoke(app, [*words, "--efforts", efforts, "--switch", switch], catch_exceptions=False)
    before, after = (json.loads(run.stdout) for run in (first, again))

    assert "D" == before["scenario"]["grade"]  # a file that does not say how well it is known is written down
    assert before["best_set"]["money"] == pytest.approx(after["best_set"]["money"], rel=1e-4)
    assert before["best_set"]["chosen_in"] == after["best_set"]["chosen_in"]
    assert before["stay_or_switch"]["difference"] == pytest.approx(
        after["stay_or_switch"]["difference"], rel=1e-4
    )
    assert "A" == before["stay_or_switch"]["rests_on"]["ramp_weeks"]["grade"]
    assert "D" == after["stay_or_switch"]["rests_on"]["ramp_weeks"]["grade"]
    with pytest.raises(CallError, match="there already"):
        RUN.invoke(app, [*words, "--write-efforts", efforts], catch_exceptions=False)


def test_the_terminal_shows_amount_interval_grade_reason_and_sample() -> None:
    """What a finance director asks: how much, how sure, from what, and what is not in it."""
    made = price(
        assessed(
            found("FM-2", measured("contacts escalated", 0.30, 0.10, n=5000)),
            found("VIS-6", measured("attrition a year", 0.9, 0.3, n=9, unit="per year", interval=(0.4, 1.7))),
            found("RISK-1", measured("access reviews held", 0.2, 1.0)),
            hris=roster(30),
        ),
        floor(escalated=0.30), seed=4, months=4, budget_hours=80.0,
    )  # fmt: skip
    text = shown(made)

    for wanted in (
        "FM-2", "VIS-6", "90 % interval", "A assumed", "Would narrow it most", "Together", "From today to target",
        "Order of repair", "80 hours of change", "Staying or switching", "which is not a price of 0", "RISK-1",
        "seed 4", "4 months (16 replications)", "EUR", "1–30 June 2024",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_a_mistaken_call_is_refused_in_a_sentence() -> None:
    """Pay, budget and rule: what came and what is accepted."""
    assert (15.0, 18.0, 22.0) == (
        parse_pay("15:18:22").low,
        parse_pay("15:18:22").likely,
        parse_pay("15:18:22").high,
    )
    for text in ("many", "22:18:15", "0", "1:2", "nan", "-4"):
        with pytest.raises(CallError, match=r"pay: .*15:18:22"):
            parse_pay(text)
    with pytest.raises(CallError, match="budget"):
        price_client(ROOT / "data/example/quietbrook_travel", budget_money=-1.0)
    with pytest.raises(UnknownName, match="SIM-1"):
        RULES.get("SIM-1x")


def test_without_a_log_a_floor_is_assumed_from_the_roster_and_said_so() -> None:
    """Data packs A and B: graded A, with every number of it; without a roster there is none, and why."""
    dataset = read_client(ROOT / "data/example/quietbrook_travel").without("intervals")
    assessment = assessed(hris=roster(24))
    made, note, grade = scenario_for(dataset, assessment)
    none, why, _ = scenario_for(dataset, assessed())

    assert made is not None
    assert assumed_scenario(dataset, 24.0) == made
    assert "A" == grade
    assert re.search(r"assumed \(A\): 24 agents.*360 s.*80%", note)
    assert none is None
    assert "No roster" in why
