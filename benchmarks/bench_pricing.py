"""How long does pricing take, with how many contacts, and how often do prices cover the truth?

The truth of a generated client comes from its own parameters and from the simulator alone (tests/studies/pricing/
truth.py); what is found there is measured on a few hundred contacts or payslips, as a client's would be.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

from benchmarks.bench_studies import say, timed
from tests.studies.pricing.prices import assessed, floor, found, measured
from tests.studies.pricing.truth import PAY, escalating, miscounting
from workbench.diagnostics.assess import assess
from workbench.intake.read import read_client
from workbench.studies.pricing.client import scenario_for
from workbench.studies.pricing.doubts import known
from workbench.studies.pricing.study import Pricing, price

CLIENT = "WORKBENCH_BENCH_CLIENT"
CLIENTS = (
    "alderstone_health", "brightwave_telecom", "fernhill_energy", "pebblecart_shop", "quietbrook_travel",
    "quillbay_outsourcing",
)  # fmt: skip
CASES = 200


def clients() -> None:
    """Pricing all findings of an example client, to a half-width of a tenth of the largest."""
    for name in os.environ.get(CLIENT, ",".join(CLIENTS)).split(","):
        assessment = assess(read_client(Path("data/example") / name))
        scenario, note, grade = scenario_for(assessment.dataset, assessment)
        made: Pricing
        made, wall, own = timed(
            lambda a=assessment, s=scenario, n=note, g=grade: price(a, s, seed=1, scenario_note=n, grade=g)  # type: ignore[misc]
        )
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
    """Coverage of the truth for a simulated and for a counted rule, a fault without effect, and twice the volume."""
    rng = np.random.default_rng(seed)
    for what, plant, scenario in (
        ("contacts passed on (simulated)", escalating, floor()),
        ("payslips corrected (computed)", miscounting, None),
    ):
        hits = 0
        for _ in range(CASES):
            planted = plant(rng)
            made = price(
                assessed(planted.finding, **planted.tables), scenario, seed=int(rng.integers(10**6)),
                pay=None if scenario is not None else known(PAY), months=2,
            ).prices  # fmt: skip
            # what was seen at or below the target is no finding: its price would be none, and so is its cover
            hits += bool(made) and made[0].amount.low <= planted.cost <= made[0].amount.high
        ends = binomtest(hits, CASES).proportion_ci(0.95, "exact")
        print(
            f"    {what}: 90 % intervals hold the true cost in {hits} of {CASES} generated clients "
            f"({hits / CASES:.1%}; exact 95 % interval {ends.low:.1%} to {ends.high:.1%})",
            flush=True,
        )
    none = 0
    for _ in range(CASES):
        seen = rng.binomial(300, 0.30) / 300
        if seen <= 0.30:
            none += 1  # nothing is found, so nothing is priced
            continue
        idle = price(
            assessed(found("FM-2", measured("contacts escalated", seen, 0.30, n=300))), floor(),
            seed=int(rng.integers(10**6)), months=2,
        ).prices[0]  # fmt: skip
        none += idle.amount.low <= 0 <= idle.amount.high
    print(
        f"    a fault without effect is priced around zero, or not at all, in {none} of {CASES}", flush=True
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
