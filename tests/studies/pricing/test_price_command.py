"""Does `workbench price` say what it should, refuse what it must, and does its page still work?"""

from __future__ import annotations

import doctest
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.studies.pricing.prices import assessed, floor, found, measured, roster
from workbench.cli import app
from workbench.errors import CallError, UnknownName
from workbench.intake.read import read_client
from workbench.studies import show_prices
from workbench.studies.asked import check_seed
from workbench.studies.pricing import client
from workbench.studies.pricing.assumed_pay import assumed_pay
from workbench.studies.pricing.client import assumed_scenario, parse_pay, price_client, scenario_for
from workbench.studies.pricing.rule import RULES
from workbench.studies.pricing.study import price
from workbench.wording import money

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


def test_every_mistake_of_a_call_is_told_at_once_and_before_the_client_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers, files, scenario and period; nothing is read, assessed or calibrated for it."""
    monkeypatch.setattr(client, "read_client", lambda *_: pytest.fail("the client was read"))
    (tmp_path / "switch.yaml").write_text("format: [1\n")
    (tmp_path / "efforts.yaml").write_text(
        "format: 1\ncurency: EUR\nfixes: {FM-2O: {hours: 3}, EXP-3/2: {hours: 2}}\n"
    )
    with pytest.raises(CallError) as refused:
        price_client(
            tmp_path / "nobody", efforts=tmp_path / "efforts.yaml", pay="many",
            to_write=(tmp_path / "switch.yaml", tmp_path / "no" / "s.yaml"),
        )  # fmt: skip
    told = str(refused.value)
    for wanted in ("pay: ", '"FM-2O"', 'Did you mean "FM-2', "curency", "there already", "is no folder"):
        assert wanted in told, wanted
    assert "EXP-3/2" not in told
    with pytest.raises(CallError) as refused:
        price_client(
            tmp_path / "nobody", scenario=Path("smal"), pay="many", budget_money=-1.0, agents=0, period="June",
            months=0, seed=-1, workers=0, efforts=tmp_path / "nofile.yaml", switch=tmp_path / "switch.yaml",
        )  # fmt: skip
    told = str(refused.value)

    for wanted in (
        "pay: ", "budget: -1", "agents: 0", "months: 0 is too few", "seed: -1", "workers: 0", '"June" is not a period',
        'called "smal"', "nofile.yaml: 1 problem", "this is not YAML",
    ):  # fmt: skip
        assert wanted in told, wanted
    for months in (1, 100_000_000):
        with pytest.raises(CallError, match=rf"months: {months:,} "):
            price_client(tmp_path, months=months)


@pytest.mark.parametrize(
    "words", ["simulate x", "compare x", "staff x", "plan x", "what-if x", "tornado x", "frontier x",
              "intraday x --until 11:00 --actuals y", "backtest x --fit a --test b", "price x", "portfolio x"],
)  # fmt: skip
def test_a_seed_below_0_is_refused_by_every_command_before_anything_is_read(words: str) -> None:
    """Else some end in a traceback after minutes; 0 is a seed."""
    with pytest.raises(CallError, match=r"seed: -1 is none\. Use a whole number from 0 upwards"):
        RUN.invoke(app, [*words.split(), "--seed", "-1"], catch_exceptions=False)

    assert 0 == check_seed(0)


def test_every_command_with_a_seed_is_among_them() -> None:
    """A command that is added later is to refuse the same."""
    from typer.main import get_command

    seeded = {
        name
        for name, one in get_command(app).commands.items()  # type: ignore[attr-defined]
        if any(p.name == "seed" for p in one.params)
    }

    assert {
        "simulate", "compare", "staff", "plan", "what-if", "tornado", "frontier", "intraday", "backtest", "price",
        "portfolio",
    } == seeded  # fmt: skip


def test_who_answers_a_questionnaire_alone_can_say_how_many_agents_there_are() -> None:
    """By the call, else in client.yaml; assumed (A), with a note; what a roster counts goes before both."""
    late = found("VIS-6", measured("attrition a year", 0.9, 0.3, n=9, unit="per year", interval=(0.4, 1.7)))
    bare = assessed(late)
    said = replace(
        bare,
        dataset=replace(bare.dataset, client=bare.dataset.client.model_copy(update={"agents": 24})),
    )
    none, why, _ = scenario_for(bare.dataset, bare)
    made, note, grade = scenario_for(bare.dataset, bare, 24)
    assert made is not None
    priced = price(
        bare, made, agents=24, scenario_note=note, grade=grade, months=2, assumed=assumed_pay("EUR")
    )
    nothing = price(bare, None, scenario_note=why, assumed=assumed_pay("EUR"))
    counted = price(assessed(late, hris=roster(30)), None, agents=24, assumed=assumed_pay("EUR"))

    assert none is None
    assert (made, note, grade) == scenario_for(said.dataset, said)
    assert ("A", assumed_scenario(bare.dataset, 24)) == (grade, made)
    assert ["VIS-6"] == [p.code for p in priced.prices]
    assert {"A"} == {p.grade for p in priced.prices}
    assert "24, as the caller says (A)" in shown(priced)
    unmeasured = price(
        assessed(found("RES-4", measured("answered", 0.2, 1.0))), made, assumed=assumed_pay("EUR")
    )
    assert (
        unmeasured.alone is not None
    )  # no amount for any finding; what a switch of such a floor costs has one
    assert f"A switch by itself costs {money(unmeasured.alone.cost.value)} EUR" in shown(unmeasured)
    assert None is priced.alone
    assert None is nothing.alone
    assert "--agents, or agents in client.yaml, says it" in shown(nothing).partition("Order of repair")[0]
    assert 30 == counted.basis.headcount
    assert "--agents 24 is not used" in shown(counted)


def test_the_error_of_fair_parts_is_printed_and_none_where_nothing_was_simulated() -> None:
    """Two simulated findings: the larger of both errors. A price that is computed has no error of simulation."""
    simulated = price(
        assessed(
            found("FM-2", measured("contacts escalated", 0.30, 0.10, n=5000)),
            found("FM-5", measured("handle time above the contract's of 240 s", 0.25, 0.0, n=5000)),
        ),
        floor(escalated=0.30), seed=1, months=4,
    )  # fmt: skip
    assert simulated.joint is not None
    error = max(max(s.error_orders, s.error_simulation) for s in simulated.joint.shares)
    leavers = found(
        "VIS-6", measured("attrition a year", 0.9, 0.3, n=9, unit="per year", interval=(0.4, 1.7))
    )
    late = found("FM-2", measured("contacts escalated", 0.05, 0.10, n=5000))  # no gap: nothing to simulate
    computed = price(assessed(leavers, late, hris=roster(30)), floor(), seed=1, months=2)

    assert error > 0
    assert f"standard error {money(error)} at most" in shown(simulated)
    assert "the simulation's own error is" in shown(simulated)
    assert {"computed"} == {p.way for p in computed.prices}
    assert "the simulation's own error is" not in shown(computed)
    assert "standard error" not in shown(computed)


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
