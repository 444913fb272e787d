"""Prices of simulated findings: exactly zero at today's value, twice for twice the volume, never added twice."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pytest

from tests.studies.pricing.prices import assessed, floor, found, measured, roster
from tests.studies.pricing.truth import Planted, escalating, miscounting
from workbench.diagnostics.finding import Finding, Grade
from workbench.errors import CallError
from workbench.intake.period import Period
from workbench.sim.scenario import Scenario
from workbench.studies.fits.money import fit_money
from workbench.studies.pricing.assumed_pay import assumed_pay
from workbench.studies.pricing.basis import basis_of
from workbench.studies.pricing.client import keys_of
from workbench.studies.pricing.doubts import Triangle, draws, known
from workbench.studies.pricing.effort import read_efforts
from workbench.studies.pricing.price import lines_of_pay, saving_by_sum
from workbench.studies.pricing.rule import RULES, Counted
from workbench.studies.pricing.study import Pricing, price

ESCALATED = found("FM-2", measured("contacts escalated", 0.30, 0.10, n=5000))


@pytest.fixture(scope="module")
def priced() -> Pricing:
    """Three in ten contacts passed on where one would do; a desk of its own takes them."""
    return price(assessed(ESCALATED), floor(escalated=0.30), seed=1, months=6)


def test_a_price_is_what_the_simulation_saves_at_the_target(priced: Pricing) -> None:
    """Worked by hand: 20 points fewer of the contacts are passed on, 300 s each, at what a handled hour costs.

    Met within twice the half-width (90 %) that the simulation states of itself.
    """
    one = priced.prices[0]
    labour = priced.basis.labour
    assert labour is not None
    handled_h = 6 * 168 * (1 + 0.30) * 300 / 3600
    freed_h = 6 * 168 * 0.20 * 300 / 3600

    assert labour * freed_h / handled_h == pytest.approx(one.amount.value, rel=2 * priced.width)
    assert priced.width < 0.05
    assert {"repeat handling"} == set(one.lines)
    assert one.amount.low < one.amount.value < one.amount.high
    assert 1.0 == pytest.approx(sum(one.doubts.values()))
    assert "mapping" == max(one.doubts, key=lambda d: one.doubts[d])
    assert "second level" in one.narrows


def test_a_second_level_that_no_log_shows_is_paid_for_its_hours() -> None:
    """20 points fewer of 1,008 contacts a week, as long as a first one, at 20 an hour, busy for 80 % of it."""
    made = price(assessed(ESCALATED), floor(), seed=1, months=8)
    month_h = 6 * 24 * 365.25 / 12 * 0.20 * 300 / 3600

    assert month_h * 20 / 0.8 == pytest.approx(made.prices[0].amount.value, rel=2 * made.width)
    assert "added (A)" in made.prices[0].notes[0]


def test_not_repaired_at_all_it_is_exactly_zero(priced: Pricing) -> None:
    """A lever at today's value, in every draw; half of the way about half of the price; the whole is the price."""
    one = priced.prices[0]
    assert one.saving is not None

    assert 0.0 == np.abs(one.saving(0.0)).max()
    assert (0.0, 0.0, 0.0) == (one.at(0).value, one.at(0).low, one.at(0).high)
    assert one.amount.value / 2 == pytest.approx(one.at(0.5).value, rel=0.05)
    assert one.amount == one.at(1.0)
    assert one.at(0.5).value == pytest.approx(replace(one, saving=None).at(0.5).value)


def test_a_finding_at_its_target_contains_zero() -> None:
    """Where what is expected is what was measured the interval holds zero; here it is a hair beyond, to be priced."""
    none = found("FM-2", measured("contacts escalated", 0.30, 0.2999, n=400))
    one = price(assessed(none), floor(escalated=0.30), seed=1, months=4).prices[0]

    assert one.amount.low <= 0 <= one.amount.high


def test_twice_the_volume_costs_about_twice_as_much(priced: Pricing) -> None:
    """Twice the contacts and twice the people."""
    double = price(assessed(ESCALATED), floor(12.0, 4, escalated=0.30, second=16), seed=1, months=6)

    assert 2.0 == pytest.approx(double.prices[0].amount.value / priced.prices[0].amount.value, rel=0.03)


def test_the_same_seed_gives_the_same_prices_and_workers_change_nothing(priced: Pricing) -> None:
    """Byte for byte, as JSON; nothing in it tells when it was made."""
    again = price(assessed(ESCALATED), floor(escalated=0.30), seed=1, months=6, workers=1)

    assert json.dumps(priced.to_data()) == json.dumps(again.to_data())
    assert "seconds" not in priced.to_data()


def test_two_findings_on_one_parameter_are_priced_once() -> None:
    """The second is priced with the first, and the total is no more than one price."""
    also = found("HC-6", measured("complex contacts escalated", 0.5, 0.1))
    both = price(assessed(ESCALATED, also), floor(escalated=0.30), seed=1, months=4)

    assert [("FM-2", "HC-6")] == [tuple(f.code for f in p.findings) for p in both.prices]
    assert both.price_of(also) is both.prices[0]
    assert both.joint is not None
    assert both.prices[0].amount.value == pytest.approx(both.joint.total.value)


def test_two_findings_of_one_code_have_each_its_price() -> None:
    """Hours billed wrong, 300 a month, and invoices corrected: 0.48 of 2 a month, 2 h each, at 20: 38.4.

    Each has its own key, effort, place in the waterfall and part of the total; a third by one measure has none.
    """
    leak = found("EXP-3", measured("hours billed differently from what was tracked", 0.07, 0.01, n=500))
    first = found("EXP-3", measured("invoices right the first time", 0.5, 0.98, n=40))
    again = found("EXP-3", measured("credit notes right the first time", 0.5, 0.98, n=40))
    bills = pd.DataFrame(
        {"amount": [6000.0, 4000.0], "period": "2024-06", "currency": "EUR", "invoice_id": ["1", "2"]}
    )
    efforts = read_efforts(
        {"format": 1, "currency": "EUR", "fixes": {"EXP-3/2": {"hours": 7}}},
        keys_of([leak, first]),
        "EUR",
        "x",
    )
    made = price(assessed(leak, first, again, invoice=bills), None, pay=known(20.0), efforts=efforts)
    by_key = {p.code: p for p in made.prices}

    assert {"EXP-3", "EXP-3/2"} == set(by_key)
    assert (leak, first) == (by_key["EXP-3"].findings[0], by_key["EXP-3/2"].findings[0])
    assert made.price_of(first) is by_key["EXP-3/2"]
    assert 38.4 == pytest.approx(by_key["EXP-3/2"].amount.value, rel=0.05)
    assert made.joint is not None
    assert made.best is not None
    assert sum(p.amount.value for p in made.prices) == pytest.approx(made.joint.total.value)
    assert 2 == len(made.joint.waterfall) == len(made.joint.shares)
    assert (7.0, "D") == (made.best.efforts["EXP-3/2"].hours.likely, made.best.efforts["EXP-3/2"].grade)
    [none] = made.unpriced
    assert none.finding is again
    assert "same measure" in none.reason


def test_a_value_outside_of_what_the_parameter_can_be_is_cut_and_said() -> None:
    """A share that the mapping would push below zero is priced at zero, with both numbers."""
    low = found("FM-2", measured("contacts escalated", 0.60, 0.05, n=5000))
    one = price(assessed(low), floor(escalated=0.30), seed=1, months=2).prices[0]

    assert 0.0 == one.target
    assert any("lies outside" in note and "-0.25" in note for note in one.notes)


def test_what_has_no_price_is_listed_with_the_reason() -> None:
    """No wage, no scenario, no rule: never a zero."""
    nowhere = found("RISK-1", measured("access reviews held", 0.2, 1.0))
    unknown = price(assessed(ESCALATED, nowhere), floor(escalated=0.3, money={}), months=2)
    unsimulated = price(assessed(ESCALATED), None, pay=known(20.0), scenario_note="no log")

    assert ((), None) == (unknown.prices, unknown.joint)
    assert {"FM-2", "RISK-1"} == {u.finding.code for u in unknown.unpriced}
    assert "hour" in unknown.unpriced[0].reason
    assert ["no scenario: no log"] == [u.reason for u in unsimulated.unpriced]


def test_pay_in_another_currency_is_not_used() -> None:
    """The scenario in pounds, the account in euros: unpriced, and the note says what to do."""
    mixed = price(
        assessed(ESCALATED), floor(escalated=0.3, money={"pay_per_hour": 20.0, "currency": "GBP"}), months=2
    )

    assert () == mixed.prices
    assert "GBP" in mixed.basis.notes[0]
    assert "write them in EUR" in mixed.basis.notes[0]


def test_credits_and_revenue_in_another_currency_are_not_used() -> None:
    """With a wage given in euros the work is priced; what the scenario says in dollars is named and left out."""
    terms = {"window": "month", "at_risk": 1000, "levels": {"sl": {"target": 0.99, "all_lost_at": 0.5}}}
    scenario = floor(escalated=0.3, money={"pay_per_hour": 20.0, "currency": "USD", "terms": terms})
    mixed = price(assessed(ESCALATED), scenario, pay=known(20.0), months=2)

    assert "penalty" not in mixed.prices[0].lines
    assert () == mixed.credits
    assert any("credits and revenue are in USD" in note for note in mixed.basis.notes)


@pytest.mark.parametrize(("grade", "then"), [("M", "M"), ("D", "D"), ("A", "A")])
def test_a_price_is_no_surer_than_the_scenario_in_which_it_was_simulated(grade: Grade, then: Grade) -> None:
    """With a mapping that was measured the scenario's grade is that of the price; a sum knows no scenario."""
    again = found("VMF-8", measured("contacts repeated within 7 days rose by", 0.10, 0.0, unit="points"))
    comes = {"after": "unresolved", "kind": "repeat", "probability": 1.0, "delay": {"mean_s": 1800}}
    queue = {"arrivals": {"per_hour": 6.0}, "handle": {"talk": {"mean_s": 300}}, "resolution": 0.7,
             "follow_ups": {"comes again": comes}}  # fmt: skip
    off = found("LC-7", measured("schedule adherence", 0.75, 0.95, n=5000))
    made = price(assessed(again, off), floor(queues={"calls": queue}), seed=1, months=2, grade=grade)
    by = {p.code: p for p in made.prices}

    assert ("simulated", then, "M") == (by["VMF-8"].way, by["VMF-8"].grade, by["VMF-8"].mapping.grade)
    assert then == by["VMF-8"].to_data()["grade"]
    assert ("computed", "A") == (by["LC-7"].way, by["LC-7"].grade)


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (
            found("LC-7", measured("schedule adherence", -0.2, 0.9, interval=(-0.3, -0.1))),
            "−20\u202f% (measured)",
        ),
        (found("LC-7", measured("schedule adherence", 0.8, 1.4)), "140\u202f% (expected)"),
    ],
)
def test_a_sum_whose_measure_cannot_be_is_cut_and_says_so(finding: Finding, words: str) -> None:
    """Adherence of −20 % is priced as none, expected of 140 % as all: with both numbers and the ends."""
    [one] = price(assessed(finding), floor(), seed=1, months=2).prices
    none = found("LC-7", measured("schedule adherence", 0.8, 1.0))
    full = price(assessed(none), floor(), seed=1, months=2).prices[0]

    [note] = [n for n in one.notes if "lies outside of what it can be" in n]
    assert words in note
    assert "0\u202f% to 100\u202f%" in note
    if one.reading.target > 1:
        assert full.amount.value == pytest.approx(one.amount.value)
    else:
        assert (0.0, -0.2) == (one.reading.used, one.reading.value)


def test_an_assumed_pay_widens_the_interval_as_money(priced: Pricing) -> None:
    """From 15 to 30 where 20 is likely: the doubt about money is told apart."""
    wide = price(assessed(ESCALATED), floor(escalated=0.30), seed=1, months=6, pay=Triangle(10.0, 20.0, 30.0))
    one, sure = wide.prices[0], priced.prices[0]

    assert one.doubts["money"] > 0.3
    assert sure.doubts["money"] < 1e-12
    assert one.amount.half_width > sure.amount.half_width


def test_months_go_on_until_the_largest_price_is_precise() -> None:
    """The simulation's own half-width is at most a tenth of the largest price."""
    found_ = price(assessed(ESCALATED), floor(escalated=0.30), seed=1)

    assert 0 < found_.width <= 0.10
    assert found_.months >= 12
    assert found_.contacts > 10_000
    with pytest.raises(CallError, match="months"):
        price(assessed(ESCALATED), floor(), months=1)


def test_a_price_is_no_surer_than_what_an_hour_costs() -> None:
    """Pay assumed from 4 to 24 around 14: A where hours are in the price, M where credits alone are."""
    again = found("VMF-8", measured("contacts repeated within 7 days rose by", 0.10, 0.0, unit="points"))
    comes = {"after": "unresolved", "kind": "repeat", "probability": 1.0, "delay": {"mean_s": 1800}}
    queue = {"arrivals": {"per_hour": 6.0}, "handle": {"talk": {"mean_s": 300}}, "resolution": 0.7,
             "follow_ups": {"comes again": comes}}  # fmt: skip
    scenario = floor(queues={"calls": queue}, money={"currency": "GBP"})
    pounds = assessed(again, currency="GBP")
    by_assumed, given = (
        price(pounds, scenario, assumed=assumed_pay("GBP"), pay=pay, seed=1, months=2).prices[0]
        for pay in (None, known(14.0))
    )
    assert ("M", "A", "D") == (by_assumed.mapping.grade, by_assumed.grade, given.grade)
    assert frozenset({"repeat handling"}) == by_assumed.pay_lines

    leak = found("EXP-3", measured("hours billed differently from what was tracked", 0.07, 0.01, n=500))
    bills = pd.DataFrame({"amount": [6000.0], "period": "2024-06", "currency": "GBP"})
    basis = basis_of(assessed(leak, currency="GBP", invoice=bills), None, otherwise=assumed_pay("GBP"))
    [billed] = RULES.get("SIM-2").price(basis)
    assert isinstance(billed, Counted)
    assert frozenset() == lines_of_pay(partial(saving_by_sum, billed), draws(50, 2, 1))


@pytest.mark.parametrize("grade", ["M", "D", "A"])
def test_pay_in_a_scenario_is_as_sure_as_the_scenario(grade: Grade) -> None:
    """An assumed 20 euros is one between 5 and 28; a part that says its own grade keeps it."""
    plain = basis_of(assessed(), floor(grade=grade), otherwise=assumed_pay("EUR")).pay
    own = basis_of(assessed(), floor(grade=grade, premises={"pay": "D"}), grade="A").pay
    alone = basis_of(assessed(), floor(grade=grade)).pay
    assert plain is not None
    assert own is not None
    assert alone is not None

    assert (grade, "D", grade) == (plain.grade, own.grade, alone.grade)
    wide = (plain.per_hour * plain.factor.low, plain.per_hour * plain.factor.high)
    assert ((5.0, 28.0) if grade == "A" else (20.0, 20.0)) == pytest.approx(wide)
    assert (grade == "A") == (alone.factor.low < alone.factor.high)


def test_a_price_is_as_sure_as_the_parts_of_the_scenario_that_it_leans_on() -> None:
    """Assumed staffing leaves freed hours measured and makes credits assumed; assumed handle time makes both so."""
    for part, work in (("staffing", "M"), ("patience", "M"), ("handle_time", "A"), ("arrivals", "A")):
        basis = basis_of(assessed(), floor(grade="M", premises={part: "A"}))
        assert (work, "A") == (basis.graded("work"), basis.graded("service"))
    assert ("M", "M") == tuple(basis_of(assessed(), floor(grade="M")).graded(a) for a in ("work", "service"))


def sheets(agent: str, days: int, breaks: float = 0.0) -> pd.DataFrame:
    """Return time sheets of ten hours a day, breaks included, in June."""
    start = pd.Timestamp("2024-06-03 08:00", tz="UTC") + pd.to_timedelta(np.arange(days), unit="D")
    return pd.DataFrame(
        {"agent_id": agent, "date": start.tz_localize(None).normalize(), "clock_in": start,
         "clock_out": start + pd.Timedelta(hours=10), "breaks": breaks}
    )  # fmt: skip


def ledger(*rows: tuple[str, float, str]) -> pd.DataFrame:
    """Return a ledger of agents' cost: month, amount, currency."""
    table = pd.DataFrame(rows, columns=["month", "amount", "currency"])
    return table.assign(month=pd.to_datetime(table["month"]), cost_centre="agents")


def payroll(*rows: tuple[str, float, str]) -> pd.DataFrame:
    """Return gross pay of June: agent, amount, currency."""
    table = pd.DataFrame(rows, columns=["agent_id", "gross", "currency"])
    return table.assign(cycle="2024-06", pay_date_due=pd.Timestamp("2024-06-28"))


def test_the_ledger_and_time_sheets_say_what_an_hour_costs() -> None:
    """6,000 over 20 sheets of nine hours after breaks; one of 30 hours is no sheet; pay × hours is the ledger."""
    forgotten = sheets("B", 1).assign(clock_out=pd.Timestamp("2024-06-04 14:00", tz="UTC"))
    tables = {"timesheet": pd.concat([sheets("A", 20, breaks=60.0), forgotten], ignore_index=True)}
    by_ledger = basis_of(assessed(**tables, cost_ledger=ledger(("2024-06", 6000.0, "EUR"))), None)
    by_payroll = basis_of(assessed(**tables, payroll=payroll(("A", 5400.0, "EUR"))), None)

    for basis, amount in ((by_ledger, 6000.0), (by_payroll, 5400.0)):
        assert basis.pay is not None
        assert (amount / 180, "M") == (pytest.approx(basis.pay.per_hour), basis.pay.grade)
        assert amount == pytest.approx((basis.labour or 0.0) * basis.months)


def test_pay_by_payroll_in_the_scenario_and_its_hours_are_the_payroll() -> None:
    """The fit's pay per hour times the hours that are priced is what was paid, breaks or not."""
    tables = {"timesheet": sheets("A", 20, breaks=45.0), "payroll": payroll(("A", 5400.0, "EUR"))}
    data = assessed(**tables).dataset
    fitted = fit_money(data, {}).money["pay_per_hour"]
    basis = basis_of(assessed(**tables), floor(money={"pay_per_hour": fitted, "currency": "EUR"}))

    assert 5400.0 == pytest.approx((basis.labour or 0.0) * basis.months, rel=1e-3)


def test_a_month_partly_in_another_currency_says_no_pay_until_a_dated_rate_does() -> None:
    """6,000 euros and 900 dollars: the payroll is asked instead; at 0.5 of 15 June it is 6,450."""
    mixed = ledger(("2024-06", 6000.0, "EUR"), ("2024-06", 900.0, "USD"))
    slips = payroll(("A", 3000.0, "EUR"), ("B", 700.0, "USD"))
    hours = pd.concat([sheets("A", 20), sheets("B", 10)], ignore_index=True)
    fx = pd.DataFrame({"date": pd.to_datetime(["2024-06-15"]), "from": ["USD"], "to": ["EUR"], "rate": [0.5]})
    without = basis_of(assessed(timesheet=hours, cost_ledger=mixed, payroll=slips), None)
    rated = basis_of(assessed(timesheet=hours, cost_ledger=mixed, fx=fx), None)
    neither = basis_of(assessed(timesheet=hours, cost_ledger=mixed), None)
    assert without.pay is not None
    assert rated.pay is not None

    assert 3000 / 200 == pytest.approx(
        without.pay.per_hour
    )  # of the agent whose pay is in euros, with his hours
    assert "gross pay" in without.pay.source
    assert ["cost_ledger: 1 of 1 months (2024-06)", "payroll: 1 of 2 agents"] == [
        note.partition(" left out")[0] for note in without.notes
    ]
    assert 6450 / 300 == pytest.approx(rated.pay.per_hour)
    assert any("0.5 EUR for 1 USD from 2024-06-15" in note for note in rated.notes)
    assert neither.pay is None


def test_months_in_another_currency_are_left_out_with_their_hours() -> None:
    """June in euros, July in dollars: what June says of an hour, not half of it."""
    both = assessed(
        timesheet=pd.concat([sheets("A", 20), sheets("A", 20).assign(date=pd.Timestamp("2024-07-03"))]),
        cost_ledger=ledger(("2024-06", 3000.0, "EUR"), ("2024-07", 3300.0, "USD")),
    )
    data = replace(both.dataset, period=Period(date(2024, 6, 1), date(2024, 7, 31)))
    pay = basis_of(replace(both, dataset=data), None).pay
    assert pay is not None

    assert 3000 / 200 == pytest.approx(pay.per_hour)


@pytest.mark.parametrize(
    ("plant", "scenario"), [(escalating, floor()), (miscounting, None)], ids=["simulated", "computed"]
)
def test_prices_cover_the_truth_as_often_as_they_say(
    plant: Callable[[np.random.Generator], Planted], scenario: Scenario | None
) -> None:
    """Generated clients, of whom a few hundred rows were seen: of 16 intervals of 90 % 12 at least hold the true cost.

    Fewer than 12 of 16 come by chance once in 600. The truth is simulated from the generator's own parameters,
    without pricing; `make bench` does it 200 times.
    """
    rng, hits = np.random.default_rng(5), 0
    for _ in range(16):
        planted = plant(rng)
        one = price(
            assessed(planted.finding, **planted.tables), scenario, seed=int(rng.integers(1000)), months=2,
            pay=None if scenario is not None else known(20.0),
        ).prices[0]  # fmt: skip
        hits += one.amount.low <= planted.cost <= one.amount.high

    assert hits >= 12


def test_a_days_scatter_acts_on_service_and_frees_no_hours() -> None:
    """A poor forecast costs credits and overtime, no labour; with no terms there are no credits either."""
    poor = found("LC-5", measured("daily forecast error (WAPE)", 0.25, 0.08, n=100))
    one = price(assessed(poor, hris=roster(8)), floor(18.0, 2), seed=1, months=3).prices[0]

    assert set(one.lines) <= {"overtime", "penalty", "revenue"}
    assert math.isclose(one.today or 0.0, math.sqrt((1.2533 * 0.25) ** 2 - 1 / (18 * 24)), rel_tol=1e-3)
