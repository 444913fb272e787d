"""Is what is saved part of the way the same as the simulation says wherever it was asked, and nothing at nothing?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.studies.pricing.prices import assessed, floor, found, measured, roster
from workbench.studies.pricing.doubts import Mapping, Reading, draws, known
from workbench.studies.pricing.partly import Depths
from workbench.studies.pricing.price import Price, priced, saving_by_sum
from workbench.studies.pricing.rule import LINES, Counted
from workbench.studies.pricing.study import Pricing, price
from workbench.studies.pricing.together import together


@pytest.fixture(scope="module")
def pricing() -> Pricing:
    """Two findings that are simulated and act on the same contacts, and one that is computed."""
    return price(
        assessed(
            found("FM-2", measured("contacts escalated", 0.30, 0.10, n=5000)),
            found("HC-5", measured("contacts in another class", 0.30, 0.05, n=5000), step="technology"),
            found("VIS-6", measured("attrition a year", 0.9, 0.3, n=9, unit="per year", interval=(0.4, 1.7))),
            found("LC-5", measured("forecast error (WAPE)", 0.30, 0.08, n=300), step="data"),
            hris=roster(30),
        ),
        floor(escalated=0.30), seed=4, months=3,
    )  # fmt: skip


def test_nothing_repaired_saves_nothing_and_all_repaired_saves_the_total(pricing: Pricing) -> None:
    """Exactly; the steps are those of the waterfall."""
    depths, joint = Depths(pricing), pricing.joint
    assert joint is not None
    none, whole = depths(dict.fromkeys((p.code for p in pricing.prices), 0.0)), depths({})

    assert (0.0, 0.0, 0.0) == pytest.approx((none.total.value, none.total.low, none.total.high), abs=1e-6)
    assert joint.total.value == pytest.approx(whole.total.value)
    assert (joint.total.low, joint.total.high) == pytest.approx((whole.total.low, whole.total.high))
    assert [b.saved for b in joint.waterfall] == pytest.approx([b.saved for b in whole.waterfall])
    assert joint.waterfall[0].before == whole.waterfall[0].before


def test_one_repaired_alone_saves_its_price(pricing: Pricing) -> None:
    """The others at zero; half of the way it saves what its own curve says."""
    depths = Depths(pricing)
    for one in pricing.prices:
        others = {p.code: 0.0 for p in pricing.prices if p is not one}

        assert one.amount.value == pytest.approx(depths(others).total.value, abs=1e-6)
        assert one.at(0.5).value == pytest.approx(depths({**others, one.code: 0.5}).total.value, abs=1e-6)


def test_three_players_who_overlap_are_exact_at_every_corner() -> None:
    """The square root of the sum as witness; halfway between, the multilinear extension worked out by hand."""
    weight = {"FM-2": 1.0, "HC-5": 4.0, "LC-5": 11.0}

    def value(which: frozenset[str]) -> np.ndarray:
        return np.full(3, 100 * np.sqrt(sum(weight[p] for p in which)))

    base = price(assessed(*(found(code, measured("m", 0.3, 0.1)) for code in weight)), None, seed=1)
    prices = [_sum(code, float(value(frozenset({code}))[0])) for code in weight]
    joint = together(prices, value, list(weight), 0.0, [p.findings[0] for p in prices], 1)
    depths = Depths(replace(base, prices=tuple(prices), joint=joint))
    for bits in range(8):
        on = {code: float(bits >> i & 1) for i, code in enumerate(weight)}
        which = frozenset(code for code, far in on.items() if far)

        assert float(value(which)[0]) == pytest.approx(depths(on).total.value, abs=1e-6)
    corners = [
        float(value(frozenset(c for i, c in enumerate(weight) if bits >> i & 1))[0]) for bits in range(8)
    ]
    half = dict.fromkeys(weight, 0.5)
    assert np.mean(corners) == pytest.approx(depths(half).total.value, rel=1e-6)


def _sum(code: str, worth: float) -> Price:
    said = Counted(
        (found(code, measured("m", 0.3, 0.1)),), code, Reading("m", 1.0, "", 0.0, 1),
        Mapping("", "", "M", known(1.0)), "",
        lambda m, k, pay: {"labour": worth * m},
    )  # fmt: skip
    return priced("SIM-0", said, saving_by_sum(said, np.ones_like), draws(20, 2, 1), "EUR")


def test_a_price_in_some_lines_holds_nothing_of_the_others(pricing: Pricing) -> None:
    """Replacement without labour; no line: no price; what joins them is joined anew."""
    leavers = next(p for p in pricing.prices if p.code == "VIS-6")
    half = leavers.of_lines(["replacement"])
    assert half is not None
    assert leavers.of_lines(["penalty"]) is None
    assert leavers.of_lines(LINES) is leavers

    assert {"replacement"} == set(half.lines)
    assert leavers.lines["replacement"].value == pytest.approx(half.amount.value)
    assert half.amount.value < leavers.amount.value
    assert 1.0 == pytest.approx(sum(half.doubts.values()))
    shared = pricing.of_lines(["labour", "overtime", "repeat handling", "replacement"])
    assert not {"penalty", "revenue"} & {line for p in shared.prices for line in p.lines}
    assert shared.joint is not None
    assert shared.basis.pay is None
    assert shared.joint.sum_of_prices == pytest.approx(sum(p.amount.value for p in shared.prices))
