"""How long does pricing take, with how many contacts, and how often do prices cover the truth?

Twice: on findings that are drawn with a known fault (tests/studies/pricing/truth.py), many and cheap, and on whole
clients of the generator, whose findings come from the diagnostics (planted_prices.py). What has no price is counted
apart: it neither holds the truth nor misses it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

from benchmarks.bench_studies import say, timed
from benchmarks.planted_prices import FAULTS, OTHERS, SOUND, client, codes, of, priced, said_why
from tests.studies.pricing.prices import assessed, floor, found, measured
from tests.studies.pricing.truth import PAY, escalating, miscounting
from tools.clientgen import as_dataset, make_client
from workbench.diagnostics.assess import assess
from workbench.intake.read import read_client
from workbench.studies.pricing.client import scenario_for
from workbench.studies.pricing.doubts import known
from workbench.studies.pricing.months import PRECISION
from workbench.studies.pricing.price import Amount
from workbench.studies.pricing.rule import RULES
from workbench.studies.pricing.study import Pricing, price

CLIENT = "WORKBENCH_BENCH_CLIENT"
CLIENTS = (
    "alderstone_health", "brightwave_telecom", "fernhill_energy", "pebblecart_shop", "quietbrook_travel",
    "quillbay_outsourcing",
)  # fmt: skip
CASES = 200
PARTS = "WORKBENCH_BENCH_PRICES"
GENERATED = int(os.environ.get("WORKBENCH_BENCH_GENERATED", "20"))
"""Clients that are generated with all faults; half as many without any."""


def clients() -> None:
    """Pricing all findings of an example client, to a half-width of a tenth of the largest."""
    for name in os.environ.get(CLIENT, ",".join(CLIENTS)).split(","):
        assessment = assess(read_client(Path("data/example") / name))
        (scenario, note, grade), wall, own = timed(
            lambda a=assessment: scenario_for(a.dataset, a)  # type: ignore[misc]
        )
        print(
            f"  calibrating {name}, before and beside the goal: {wall:.1f} s, processor {own:.1f} s",
            flush=True,
        )
        made: Pricing
        made, wall, own = timed(
            lambda a=assessment, s=scenario, n=note, g=grade: price(a, s, seed=1, scenario_note=n, grade=g)  # type: ignore[misc]
        )
        say(f"all findings of {name}", wall, own, 30.0)
        print(
            f"    {len(made.prices)} prices, {len(made.unpriced)} without, {made.contacts:,} contacts simulated, "
            f"{made.months} months of each variant, half-width {made.width:.1%} of the largest price (goal "
            f"{PRECISION:.0%}: {'met' if made.width <= PRECISION else 'NOT met'})",
            flush=True,
        )
        one = next((p for p in made.prices if p.way == "simulated"), None)
        if one is not None:
            _, wall, own = timed(lambda p=one: p.at(0.37))  # type: ignore[misc]
            say("  a price at another depth of repair (a slider)", wall, own, 1.0)


def back_test(seed: int = 1) -> None:
    """Coverage of the truth for a simulated and for a counted rule, and twice the volume: findings as they are drawn.

    What was seen at or below the target is no finding: nothing is priced, which is counted apart.
    """
    rng = np.random.default_rng(seed)
    for what, plant, scenario in (
        ("contacts passed on (simulated)", escalating, floor()),
        ("payslips corrected (computed)", miscounting, None),
    ):
        kept = Counter[str]()
        for _ in range(CASES):
            planted = plant(rng)
            made = price(
                assessed(planted.finding, **planted.tables), scenario, seed=int(rng.integers(10**6)),
                pay=None if scenario is not None else known(PAY), months=2,
            ).prices  # fmt: skip
            kept["without" if not made else _held(made[0].amount, planted.cost)] += 1
        print(f"    {what}: {_coverage(kept)}", flush=True)
    kept = Counter[str]()
    for _ in range(CASES):
        seen = rng.binomial(300, 0.30) / 300
        made = price(
            assessed(found("FM-2", measured("contacts escalated", seen, 0.30, n=300))), floor(),
            seed=int(rng.integers(10**6)), months=2,
        ).prices  # fmt: skip
        kept["without" if not made else _held(made[0].amount, 0.0)] += 1
    print(f"    contacts passed on as often as expected: {_coverage(kept)}", flush=True)
    finding = found("FM-2", measured("contacts escalated", 0.30, 0.10, n=5000))
    sizes = [
        price(assessed(finding), floor(6.0 * k, 2 * k, escalated=0.30, second=8 * k), seed=1, months=24)
        .prices[0]
        .amount.value
        for k in (1, 2)
    ]
    print(
        f"    twice the volume and the people of the floor: {sizes[1] / sizes[0]:.3f} times the price",
        flush=True,
    )


def _held(amount: Amount, truth: float) -> str:
    return (
        "held"
        if amount.low - 1e-9 <= truth <= amount.high + 1e-9
        else "low"
        if amount.high < truth
        else "high"
    )


def _coverage(kept: Mapping[str, int]) -> str:
    """Say how many intervals held the truth of those that were priced, and how many were not priced."""
    n = sum(kept.get(k, 0) for k in ("held", "low", "high"))
    rest = f"; {kept['without']} without a price, not counted" if kept.get("without") else ""
    if not n:
        return f"none priced{rest}"
    held, low, high = (kept.get(k, 0) for k in ("held", "low", "high"))
    ends = binomtest(held, n).proportion_ci(0.95, "exact")
    return (
        f"90 % intervals hold the truth in {held} of {n} priced ({held / n:.1%}; exact 95 % interval {ends.low:.1%} to "
        f"{ends.high:.1%}; below it {low}, above it {high}){rest}"
    )


def planted(seed: int = 1) -> None:
    """Coverage of the truth on generated clients, from their tables through the checks to the price, rule by rule."""
    rng = np.random.default_rng(seed)
    kept = _schedule_kept(seed)
    by: dict[str, Counter[str]] = {fault.code: Counter() for fault in FAULTS}
    why: dict[str, Counter[str]] = {fault.code: Counter() for fault in FAULTS}
    claimed = Counter[str]()
    off: dict[str, list[float]] = {fault.code: [] for fault in FAULTS}
    for _ in range(GENERATED):
        one, sizes = client(rng, kept)
        assessment, made = priced(one.dataset, int(rng.integers(10**6)), codes())
        for fault in FAULTS:
            factor = float(fault.factor.at(rng.random(1))[0]) if fault.factor else 1.0
            truth, mine = fault.cost(one, sizes[fault.code], factor), of(made, fault)
            if mine is None:
                by[fault.code]["without"] += 1
                why[fault.code][said_why(made, assessment, fault)] += 1
            else:
                by[fault.code][_held(mine.amount, truth)] += 1
                claimed[_held(mine.amount, truth)] += not mine.caveat
                middle = fault.cost(one, sizes[fault.code], fault.factor.middle if fault.factor else 1.0)
                off[fault.code].append(mine.amount.value / middle if middle else float("nan"))
    print(f"  {GENERATED} generated clients, each with {len(FAULTS)} faults; seed {seed}", flush=True)
    for fault in FAULTS:
        ratio = [r for r in off[fault.code] if r == r]
        over = f"; price over truth at the likely factor: median {np.median(ratio):.2f}" if ratio else ""
        print(f"    {fault.rule} {fault.code}, {fault.what}: {_coverage(by[fault.code])}{over}", flush=True)
        for reason, n in why[fault.code].most_common():
            print(f"        {n} times: {reason}", flush=True)
    whole = sum(by.values(), Counter[str]())
    print(f"    all rules: {_coverage(whole)}", flush=True)
    print(f'    those whose interval claims to hold every doubt (no "+ ?"): {_coverage(claimed)}', flush=True)
    for rule, reason in OTHERS.items():
        print(f"    {rule} is not planted: {reason}", flush=True)


def _schedule_kept(seed: int) -> float:
    """Return the share of scheduled time in which clients without faults keep their schedule."""
    shares = []
    for i in range(3):
        assessment = assess(as_dataset(make_client(SOUND, seed + i)), only=["LC-7"])
        shares += [
            e.value
            for e in assessment.verdicts["LC-7"].evidence
            if "adherence" in e.measure and e.value is not None
        ]
    return float(np.mean(shares))


def nothing_planted(seed: int = 1) -> None:
    """What clients without a fault are priced at, over all rules: nothing, or around zero."""
    kept: dict[str, Counter[str]] = {rule.code: Counter() for rule in RULES}
    for i in range(max(GENERATED // 2, 1)):
        assessment, made = priced(as_dataset(make_client(SOUND, 1000 * seed + i)), seed + i, None)
        for rule in kept:
            mine = [p for p in made.prices if p.rule == rule]
            for p in mine:
                kept[rule][_held(p.amount, 0.0)] += 1
            kept[rule]["without"] += not mine
        del assessment
    print(f"  {max(GENERATED // 2, 1)} generated clients without a fault", flush=True)
    for rule, counted in kept.items():
        print(f"    {rule}: {_coverage(counted)}", flush=True)


def main() -> None:
    """Print every figure; WORKBENCH_BENCH_PRICES names parts of them."""
    parts: dict[str, Callable[[], None]] = {
        "clients": clients, "drawn": back_test, "planted": planted, "nothing": nothing_planted,
    }  # fmt: skip
    for name in os.environ.get(PARTS, ",".join(parts)).split(","):
        parts[name]()
