"""How long does pricing take, with how many contacts, and how often do prices cover the truth?

The truth of a generated floor is the cost at the true share passed on and the true factor of the mapping,
simulated with many months; the floor is measured on a few hundred contacts, as a client's would be.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from benchmarks.bench_studies import say, timed
from tests.studies.pricing.prices import assessed, floor, found, measured
from workbench.diagnostics.assess import assess
from workbench.intake.read import read_client
from workbench.studies.calibrate import calibrate
from workbench.studies.pricing.doubts import Triangle
from workbench.studies.pricing.study import Pricing, price

CLIENT = "WORKBENCH_BENCH_CLIENT"
CASES, FACTOR = 200, Triangle(0.6, 1.0, 1.4)


def clients() -> None:
    """Pricing all findings of an example client, to a half-width of a tenth of the largest."""
    for name in os.environ.get(CLIENT, "brightwave_telecom,quillbay_outsourcing").split(","):
        dataset = read_client(Path("data/example") / name)
        assessment, scenario = assess(dataset), calibrate(dataset).scenario
        made: Pricing
        made, wall, own = timed(lambda a=assessment, s=scenario: price(a, s, seed=1))  # type: ignore[misc]
        say(f"all findings of {name}", wall, own, 30.0)
        print(
            f"    {len(made.prices)} prices, {len(made.unpriced)} without, {made.contacts:,} contacts simulated, "
            f"{made.months} months of each variant, half-width {made.width:.1%} of the largest price",
            flush=True,
        )
        one = next((p for p in made.prices if p.way == "simulated"), None)
        if one is not None:
            _, wall, own = timed(lambda p=one: p.at(0.37))  # type: ignore[misc]
            say("  a price at another depth of repair (a slider)", wall, own, 1.0)


def back_test(seed: int = 1) -> None:
    """Coverage of the truth, a fault without effect, and twice the volume."""
    rng = np.random.default_rng(seed)
    # the floor's own exchange of points for money, from a long simulation and linear in points
    whole = price(
        assessed(found("FM-2", measured("contacts escalated", 0.30, 0.10, n=10**7))), floor(escalated=0.30),
        seed=99, months=96,
    ).prices[0]  # fmt: skip
    slope = whole.amount.value / 0.20
    hits = none = 0
    for _ in range(CASES):
        true, factor = rng.uniform(0.20, 0.40), float(FACTOR.at(rng.random(1))[0])
        seen = rng.binomial(300, true) / 300
        one = price(
            assessed(found("FM-2", measured("contacts escalated", seen, 0.10, n=300))), floor(escalated=0.30),
            seed=int(rng.integers(10**6)), months=2,
        ).prices[0]  # fmt: skip
        hits += one.amount.low <= slope * factor * (true - 0.10) <= one.amount.high
        seen = rng.binomial(300, 0.30) / 300
        if seen > 0.30:
            idle = price(
                assessed(found("FM-2", measured("contacts escalated", seen, 0.30, n=300))), floor(escalated=0.30),
                seed=int(rng.integers(10**6)), months=2,
            ).prices[0]  # fmt: skip
            none += idle.amount.low <= 0 <= idle.amount.high
        else:
            none += 1  # nothing is found, so nothing is priced
    error = 1.645 * np.sqrt(0.9 * 0.1 / CASES)
    print(
        f"    90 % intervals hold the truth in {hits / CASES:.1%} of {CASES} generated floors (0.9 ± {error:.3f}); "
        f"a fault without effect is priced around zero, or not at all, in {none / CASES:.1%}",
        flush=True,
    )
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


def main() -> None:
    """Print every figure."""
    clients()
    back_test()
