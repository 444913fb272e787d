"""What prices save together where no simulation says it: nothing is counted twice, and it is worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.studies.pricing.prices import assessed, found, measured, roster
from tests.studies.pricing.test_together import made, nothing
from workbench.studies.pricing.doubts import known
from workbench.studies.pricing.overlaps import overlaps_of
from workbench.studies.pricing.partly import Depths
from workbench.studies.pricing.price import Amount, Price
from workbench.studies.pricing.rule import Line, Part
from workbench.studies.pricing.study import Pricing, price
from workbench.studies.pricing.together import together

LABOUR = np.full(4000, 1000.0)


def computed(
    code: str,
    value: float,
    part: Part,
    lines: dict[Line, float] | None = None,
    way: str = "computed",
    spread: float = 0.0,
) -> Price:
    """Return a price in some lines (labour), of which it is known of what it is a part."""
    shares = lines or {"labour": 1.0}
    return replace(
        made(code, value, spread=spread), part=part, way=way,
        lines={line: Amount(s * value, s * value, s * value) for line, s in shares.items()},
    )  # fmt: skip


def saved(*prices: Price) -> float:
    """Return what prices save together."""
    return together(prices, nothing, [], 1000.0, (), 1, LABOUR).total.value


FLOOR = Part("floor")


@pytest.mark.parametrize(
    ("prices", "whole"),
    [
        # a tenth, and a tenth of what is left
        ([computed("a", 100, FLOOR), computed("b", 100, FLOOR)], 190),
        # a fifth less work was simulated, then a tenth of what is left
        ([computed("a", 200, FLOOR, way="simulated"), computed("b", 100, FLOOR)], 280),
        # two that were simulated: what they do together the simulation says
        ([computed("a", 200, FLOOR, way="simulated"), computed("b", 100, FLOOR, way="simulated")], 300),
        # replacing people is no hour of the floor, yet a floor smaller by a fifth has fewer to replace
        ([computed("a", 200, FLOOR), computed("b", 90, FLOOR, {"replacement": 1.0})], 200 + 0.8 * 90),
        # invoices and the back office do not depend on the floor
        ([computed("a", 200, FLOOR), computed("b", 90, Part(), {"revenue": 1.0})], 290),
        # leavers after wrong pay are among the leavers
        (
            [computed("a", 60, Part("", ("leavers",)), {"replacement": 1.0}),
             computed("b", 20, Part("", ("leavers",)), {"replacement": 1.0})],
            60,
        ),
        # a fall that lasts is one of the drifts, of which the simulated one is larger
        (
            [computed("a", 90, Part("", ("drifts",)), {"repeat handling": 1.0}, "simulated"),
             computed("b", 40, Part("", ("drifts",)), {"repeat handling": 1.0})],
            90,
        ),
        # and what the smaller one has in common with it is not lost a second time on the smaller floor
        (
            [computed("a", 90, Part("floor", ("drifts",)), {"repeat handling": 1.0}, "simulated"),
             computed("b", 40, Part("floor", ("drifts",)), {"repeat handling": 1.0})],
            90,
        ),
        # credits that better service no longer earns are not open either; the rest of the price stays
        (
            [computed("a", 80, Part(), {"penalty": 0.5, "revenue": 0.5}, "simulated"),
             computed("b", 30, Part(), {"penalty": 1.0})],
            80,
        ),
    ],
)  # fmt: skip
def test_what_two_prices_save_together(prices: list[Price], whole: float) -> None:
    """Worked by hand, 1,000 a month for all paid hours."""
    assert whole == pytest.approx(saved(*prices))


def test_who_need_not_be_hired_neither_waits_nor_ramps_up() -> None:
    """Five hires a month ramp up for ten weeks, six are enough: 5 × 10 − 2.5 × 6 = 35 weeks, not 20 + 25.

    A week is worth 2. The hires' own price is 5 × 4 × 2 = 40; with half of the hires it is 20. Leavers are priced in
    a line that does not touch the floor, so that nothing else overlaps.
    """
    ramp = computed("LC-4", 40, Part("hires"), {"replacement": 1.0})
    stay = computed("VIS-6", 50, Part("", ("leavers",), hires_fewer=0.5), {"replacement": 1.0})

    assert 2 * 35 == pytest.approx(saved(ramp, stay))


def test_shares_bars_and_depths_add_up_to_the_total() -> None:
    """Of eleven prices that overlap: fair parts to the total, the last bar to today less the total, depths to both."""
    prices = [
        computed(f"P-{i:02d}", 20.0 + 7 * i, Part("hires" if i % 3 == 0 else "floor", (), 0.2 * (i == 1)), spread=5.0)
        for i in range(11)
    ]  # fmt: skip
    joint = together(prices, nothing, [], 1000.0, tuple(p.findings[0] for p in prices), 1, LABOUR)
    story = price(assessed(), None, seed=1)
    depths = Depths(replace(story, prices=tuple(prices), joint=joint))

    assert joint.total.value < joint.sum_of_prices - 50
    assert joint.total.value == pytest.approx(sum(s.share for s in joint.shares))
    assert 1000.0 - joint.total.value == pytest.approx(joint.waterfall[-1].after)
    assert joint.total.value == pytest.approx(depths({}).total.value)
    assert depths({}).waterfall[-1].after == pytest.approx(joint.waterfall[-1].after)
    assert 0.0 == pytest.approx(depths(dict.fromkeys((p.code for p in prices), 0.0)).total.value)
    alone = dict.fromkeys((p.code for p in prices[1:]), 0.0)
    assert prices[0].amount.value == pytest.approx(depths(alone).total.value)


def test_one_price_alone_overlaps_with_nothing() -> None:
    """Exactly its own amount, whatever it is a part of."""
    one = computed("VIS-6", 300, Part("hires", ("leavers",), 0.9))

    assert 0.0 == np.abs(overlaps_of([one], LABOUR)({"VIS-6": one.drawn})).max()


@pytest.fixture(scope="module")
def hired() -> Pricing:
    """Leavers, wrong pay, days without access and a slow ramp of one client, none of them simulated."""
    payroll = pd.DataFrame({"cycle": "2024-06", "agent_id": [f"A{i}" for i in range(40)]})
    return price(
        assessed(
            found("VIS-6", measured("attrition a year", 0.6, 0.3, unit="per year", interval=(0.5, 0.7))),
            found("NOT-3", measured("payslips late or wrong", 0.2, 0.01)),
            found("LC-3", measured("mean business days at work before all access", 3.0, 0.0, unit="business days",
                                   interval=(2.0, 4.0))),
            found("VIS-2", measured("weeks to proficiency", 12.0, 6.0, unit="weeks", interval=(10.0, 14.0))),
            hris=roster(40, started_in_june=3), payroll=payroll,
        ),
        None, seed=1, pay=known(20.0), scenario_note="none",
    )  # fmt: skip


def test_rules_say_of_what_their_amounts_are_parts(hired: Pricing) -> None:
    """Wrong pay is held by the leavers; hires who are not needed save their part of the access and of the ramp.

    (0.6 − 0.3) / 12 × 39.1 people (three of them for 21 of 30 days) a month fewer, of 3 hires in 30 days.
    """
    assert hired.joint is not None
    amounts = {p.code: p.drawn for p in hired.prices}
    twice = hired.joint.twice
    fewer = (0.6 - 0.3) / 12 * (37 + 3 * 21 / 30) / (3 / (30 / (365.25 / 12)))

    assert {"VIS-6", "NOT-3", "LC-3", "VIS-2"} == set(amounts)
    pay = twice({code: amounts[code] for code in ("VIS-6", "NOT-3")})
    assert np.minimum(amounts["VIS-6"], amounts["NOT-3"]) == pytest.approx(pay)
    for code in ("LC-3", "VIS-2"):
        both = twice({c: amounts[c] for c in ("VIS-6", code)})
        assert fewer == pytest.approx(both.mean() / amounts[code].mean(), rel=0.02)
    assert hired.joint.total.value < hired.joint.sum_of_prices
    assert "overlap" == next(p.word for p in hired.joint.pairs if {p.first, p.second} == {"VIS-6", "NOT-3"})
    assert hired.joint.total.value == pytest.approx(sum(s.share for s in hired.joint.shares))


@pytest.mark.method("SIM-1")
def test_days_at_work_before_all_access_have_a_price(hired: Pricing) -> None:
    """Three hires in 30 days, three days of eight hours, 77 % lost on average, at 20: about 1,120 a month.

    The mean of the triangle 0.5, 0.8, 1 is 0.7667.
    """
    one = next(p for p in hired.prices if p.code == "LC-3")

    assert 3 / (30 / (365.25 / 12)) * 3 * 8 * (2.3 / 3) * 20 == pytest.approx(one.amount.value, rel=0.01)
    assert {"labour"} == set(one.lines)
