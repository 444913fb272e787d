"""The total, its fair split, pairs, the order, the best set within a budget."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import astuple, replace

import numpy as np
import pytest

from tests.studies.pricing.prices import assessed, floor, found, measured
from workbench.diagnostics.finding import Finding, RepairStep, Severity
from workbench.studies.pricing.budget import Best, best_set
from workbench.studies.pricing.doubts import Mapping, Reading, known
from workbench.studies.pricing.effort import Effort
from workbench.studies.pricing.price import STEPS, Amount, Price, amount
from workbench.studies.pricing.rule import Part
from workbench.studies.pricing.study import Pricing, price
from workbench.studies.pricing.together import Together, shapley, together

AIRPORT = {"a": 1.0, "b": 4.0, "c": 7.0, "d": 12.0}


def runway(which: frozenset[str]) -> np.ndarray:
    """The cost of a runway is that of the longest that is needed (Littlechild and Owen 1973)."""
    return np.full(3, max((AIRPORT[p] for p in which), default=0.0))


def test_the_airport_game_is_split_as_published() -> None:
    """Each stretch of the runway is shared by those who need it: 1/4, then 3/3, 3/2 and 5/1 more."""
    split, error, orders = shapley(list(AIRPORT), runway, seed=1)

    assert [0.25, 1.25, 2.75, 7.75] == pytest.approx([float(split[p][0]) for p in AIRPORT])
    assert ({0.0}, 24) == (set(error.values()), orders)


def test_sampled_orders_come_near_the_exact_split_within_their_error() -> None:
    """Nine players whose effects overlap in a square root: the formula over all subsets as witness."""
    weight = {f"p{i}": float(i + 1) for i in range(9)}

    def value(which: frozenset[str]) -> np.ndarray:
        return np.full(2, 100 * np.sqrt(sum(weight[p] for p in which)))

    split, error, orders = shapley(list(weight), value, seed=2)
    exact = {p: _exact(p, list(weight), lambda s: float(value(s)[0])) for p in weight}
    far = [abs(float(split[p][0]) - exact[p]) / max(error[p], 1e-9) for p in weight]

    assert 24 == orders
    assert float(value(frozenset(weight))[0]) == pytest.approx(sum(float(s[0]) for s in split.values()))
    assert max(far) < 4.5  # Student with 11 degrees of freedom, nine at once
    assert float(np.mean(far)) < 1.6


def _exact(player: str, players: list[str], value: Callable[[frozenset[str]], float]) -> float:
    """Return the mean marginal over all subsets of the others, each size alike."""
    others = [p for p in players if p != player]
    sizes = [
        np.mean(
            [value(frozenset(g) | {player}) - value(frozenset(g)) for g in itertools.combinations(others, k)]
        )
        for k in range(len(players))
    ]
    return float(np.mean(sizes))


def made(
    code: str,
    value: float,
    *,
    spread: float = 0.0,
    step: RepairStep = "process",
    severity: Severity = "severe",
) -> Price:
    """Return a price of some amount, with normal draws around it."""
    drawn = value + spread * np.random.default_rng([7, *code.encode()]).standard_normal(4000)
    one = Finding(code, severity, code, (), f"mend {code}", step=step)
    return Price(
        "SIM-0", code, (one,), "EUR", "", "computed", Reading(code, 1.0, "", 0.0, 1), Mapping("", "", "A", known(1.0)),
        None, None, amount(drawn), {}, {}, "", tuple(Amount(value * s, value * s, value * s) for s in STEPS), (), drawn,
    )  # fmt: skip


def nothing(_: frozenset[str]) -> np.ndarray:
    return np.zeros(2)


def chosen(
    prices: list[Price], hours: dict[str, float], limit: float | None, findings: tuple[Finding, ...] = ()
) -> tuple[Best, Together]:
    """Return the best set within some hours of change, and the total."""
    flat = findings or tuple(p.findings[0] for p in prices)
    joint = together(prices, nothing, [], 1000.0, flat, 1)
    efforts = {c: Effort(known(h), known(10 * h)) for c, h in hours.items()}

    def takes(those: Mapping[str, Finding]) -> dict[str, Effort]:
        return {code: efforts.get(code, Effort(known(7.0), known(70.0))) for code in those}

    return best_set(prices, joint, nothing, [], takes, flat, hours=limit), joint


def test_the_best_set_is_that_of_all_sets() -> None:
    """A knapsack of twelve against every one of 4,096 sets."""
    rng = np.random.default_rng(3)
    value = {f"c{i:02d}": float(v) for i, v in enumerate(rng.integers(10, 100, 12))}
    hours = {c: float(h) for c, h in zip(value, rng.integers(5, 40, 12), strict=True)}
    best, _ = chosen([made(c, v) for c, v in value.items()], hours, 100.0)
    sets = [s for k in range(13) for s in itertools.combinations(value, k) if sum(hours[c] for c in s) <= 100]
    most = max(sum(value[c] for c in s) for s in sets)

    assert most == pytest.approx(best.saved.value)
    assert best.hours <= 100
    assert best.money == pytest.approx(10 * best.hours)
    assert best.certainty == 1.0  # nothing is uncertain here
    assert set(best.codes) | set(best.open) == set(value)


def test_a_limit_never_leaves_more() -> None:
    """Of two drifts the smaller is part of the larger: as a whole it adds nothing, whatever its fair share."""
    drift = Part("", ("drifts",))
    prices = [
        replace(
            made(code, value, spread=5.0), part=drift, lines={"repeat handling": amount(np.full(9, value))}
        )
        for code, value in (("a", 90.0), ("b", 40.0))
    ]
    free, tight = (chosen(prices, {"a": 2.0, "b": 1.0}, limit)[0] for limit in (None, 2.0))

    assert ("a",) == free.codes == tight.codes
    assert free.net is not None
    assert tight.net is not None
    assert free.net.value >= tight.net.value


def test_a_close_call_is_called_one() -> None:
    """Two that cost the same and save nearly the same: the choice holds in about half of the draws."""
    best, _ = chosen(
        [made("a", 100.0, spread=30.0), made("b", 99.0, spread=30.0)], {"a": 10.0, "b": 10.0}, 10.0
    )

    assert ("a",) == best.codes
    assert 0.35 < best.certainty < 0.65


@pytest.mark.method("FIX-1", "FIX-4")
def test_no_technical_step_is_chosen_while_the_process_is_not_clear() -> None:
    """However much it saves; together with the process finding that holds it back it may be."""
    tool, gate = made("TECH-1", 500.0, step="technology"), made("VL-1a", 10.0)
    hours = {"TECH-1": 10.0, "VL-1a": 10.0}
    both, _ = chosen([tool, gate], hours, 20.0)
    one, joint = chosen([tool, gate], hours, 10.0)

    assert {"TECH-1", "VL-1a"} == set(both.codes)
    assert ("VL-1a",) == one.codes
    assert ["VL-1a", "TECH-1"] == [bar.code for bar in joint.waterfall]


@pytest.mark.method("FIX-1", "FIX-2", "FIX-3", "FIX-4")
def test_a_set_holds_what_comes_before_its_repairs() -> None:
    """A routine needs the owner, who has no price but takes seven hours; both need the process; a tool needs all."""
    owner = Finding("VL-2", "severe", "no owner", (), "name one", step="ownership")
    routine, process = made("VL-4", 100.0, step="cadence"), made("VL-1b", 10.0)
    tool = made("TECH-1", 100.0, step="technology")
    hours = {"VL-4": 10.0, "VL-1b": 10.0, "TECH-1": 10.0}
    prices = [routine, process, tool]
    flat = (owner, *(p.findings[0] for p in prices))
    sets = {limit: chosen(prices, hours, limit, flat)[0] for limit in (26.0, 27.0, 37.0)}

    # 10 + 10 + 7 hours for the routine, 10 more for the tool
    assert [("VL-1b",), {"VL-4", "VL-1b"}, {"VL-4", "VL-1b", "TECH-1"}] == [
        sets[26.0].codes,
        set(sets[27.0].codes),
        set(sets[37.0].codes),
    ]
    assert [(), ("VL-2",), ("VL-2",)] == [best.first for best in sets.values()]
    assert [10.0, 27.0, 37.0] == [best.hours for best in sets.values()]
    met = chosen([routine, tool], hours, 20.0)[0]  # nothing is open before them but the routine itself

    assert ({"VL-4", "TECH-1"}, ()) == (set(met.codes), met.first)


@pytest.mark.method("CX-14")
def test_an_error_of_pay_waits_for_nothing_and_nothing_is_bought_before_it() -> None:
    """However little it saves it is in the set, with no process before it; where it does not fit others may be."""
    pay, other, process = made("NOT-3", 5.0, step="bypass"), made("X-1", 100.0), made("VL-1", 1.0)
    hours = {"NOT-3": 10.0, "X-1": 10.0, "VL-1": 10.0}
    ten, nine = (
        chosen([pay, other, process], hours | {"X-1": h}, limit)[0] for h, limit in ((10.0, 10.0), (9.0, 9.0))
    )

    assert ("NOT-3",) == ten.codes
    assert ("X-1",) == nine.codes


def test_pay_goes_before_everything_in_the_waterfall() -> None:
    """CX-14: what bypasses the order stands first, and the last bar ends at today less the total."""
    prices = [made("VL-4", 50.0, step="cadence"), made("VL-1", 20.0), made("NOT-3", 5.0, step="bypass")]
    _, joint = chosen(prices, {"VL-4": 1.0, "VL-1": 1.0, "NOT-3": 1.0}, None)

    assert ["NOT-3", "VL-1", "VL-4"] == [bar.code for bar in joint.waterfall]
    assert 1000.0 - joint.total.value == pytest.approx(joint.waterfall[-1].after)


def shared_floor(pay: np.ndarray) -> tuple[list[Price], Together, np.ndarray]:
    """Two of a tenth and a fifth of a floor that costs 1,000 an hour's pay, either ± 28 %; simulated without error.

    What they take from each other is their product over what the floor costs.
    """
    share = {"a": 0.1, "b": 0.2}
    whole = 1000.0 * pay
    prices = []
    for i, (code, x) in enumerate(share.items()):
        noise = np.random.default_rng([5, i]).standard_normal(len(pay))
        drawn = whole * x * (1 + 0.28 * (noise - noise.mean()))
        prices.append(
            replace(
                made(code, 1.0),
                amount=amount(drawn),
                drawn=drawn,
                lines={"labour": amount(drawn)},
                pay_lines=frozenset({"labour"}),
                by_line=lambda _, how_far, drawn=drawn: {"labour": how_far * drawn},
            )
        )

    def value(which: frozenset[str]) -> np.ndarray:
        return np.full(8, 1000 * (1 - np.prod([1 - share[c] for c in which])))

    joint = together(prices, value, ["a", "b"], 1000.0, tuple(p.findings[0] for p in prices), 1, whole)
    return prices, joint, -(prices[0].drawn * prices[1].drawn) / whole


@pytest.mark.parametrize("pay_error", [0.0, 0.3])
def test_what_two_do_together_is_as_unsure_as_they_are(pay_error: float) -> None:
    """Of a floor that shrinks by a tenth and by a fifth the pair takes 20 back; how sure, the product's draws say.

    What an hour costs is in both prices and counts once.
    """
    pay = 1 + pay_error * np.random.default_rng(9).uniform(-1, 1, 4000)
    prices, joint, product = shared_floor(pay)
    [pair] = joint.pairs
    alone = np.sum([p.drawn for p in prices], axis=0)

    assert -20.0 == pytest.approx(pair.beyond.value)
    assert "overlap" == pair.word
    assert [amount(product).low, amount(product).high] == pytest.approx(
        [pair.beyond.low, pair.beyond.high], rel=0.02
    )
    # in the total the overlap grows and shrinks with the prices, draw by draw; means of 4,000 are known to 0.5 %
    assert float(np.std(alone + product)) == pytest.approx(float(np.std(joint.drawn)), rel=5e-3)
    assert float(np.std(joint.drawn)) < float(np.std(alone))


def test_the_simulation_s_error_of_a_pair_comes_on_top() -> None:
    """Findings without a doubt: Student's interval over the months is left; one that holds 0 scales nothing."""
    months = np.array([-30.0, -10.0, -24.0, -16.0, -20.0, -26.0])
    sure = [made("a", 100.0), made("b", 200.0)]

    def value(which: frozenset[str]) -> np.ndarray:
        return 100.0 * ("a" in which) + 200.0 * ("b" in which) + months * (len(which) == 2)

    half = 2.015 * months.std(ddof=1) / 6**0.5  # t, 5 degrees of freedom, 90 %
    for prices in (sure, [replace(sure[0], amount=Amount(100.0, -50.0, 250.0)), sure[1]]):
        [pair] = together(prices, value, ["a", "b"], 1000.0, tuple(p.findings[0] for p in prices), 1).pairs

        assert months.mean() == pytest.approx(pair.beyond.value)
        assert [months.mean() - half, months.mean() + half] == pytest.approx(
            [pair.beyond.low, pair.beyond.high], rel=0.03
        )


@pytest.fixture(scope="module")
def overlapping() -> Pricing:
    """Contacts that are passed on, and contacts that take longer than contracted: fewer hours by each, not by both."""
    passed = found("FM-2", measured("contacts escalated", 0.30, 0.10, n=5000))
    longer = found("FM-5", measured("handle time above the contract's of 240 s", 0.25, 0.0, n=5000))
    return price(assessed(passed, longer), floor(escalated=0.30), seed=1, months=8)


def test_effects_that_overlap_are_found_to(overlapping: Pricing) -> None:
    """The total lies below the sum by the pair's overlap; shares add up to the total and say so for each."""
    joint = overlapping.joint
    assert joint is not None
    [pair] = joint.pairs

    assert "overlap" == pair.word
    assert joint.total.value - joint.sum_of_prices == pytest.approx(pair.beyond.value, rel=0.05)
    assert joint.total.value == pytest.approx(sum(s.share for s in joint.shares), rel=0.01)
    assert all(s.share < s.alone for s in joint.shares)
    # worked by hand: passed-on contacts are 20/130 of the work; handle time falls by a fifth
    labour = overlapping.basis.labour or 0.0
    assert labour * (1 - (1.1 / 1.3) * 0.8) == pytest.approx(joint.total.value, rel=2 * overlapping.width)


def test_the_waterfall_and_the_best_set_are_simulated_as_a_whole(overlapping: Pricing) -> None:
    """Without a limit the best set is everything, and saves the total."""
    joint, best = overlapping.joint, overlapping.best
    assert joint is not None
    assert best is not None

    assert {"FM-2", "FM-5"} == set(best.codes)
    assert astuple(joint.total) == pytest.approx(astuple(best.saved), rel=1e-12)  # as unsure, too
    assert joint.waterfall[0].before - joint.total.value == pytest.approx(joint.waterfall[-1].after, rel=0.01)
