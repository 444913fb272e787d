"""What is saved when findings are repaired part of the way? From what was simulated already, in milliseconds.

Each finding's own effect comes from its curve; what they do together is exact for every set that was simulated, and
in between each set counts with the product of the shares of their effects that its findings have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workbench.studies.pricing.doubts import Floats
from workbench.studies.pricing.price import Amount, Price, amount
from workbench.studies.pricing.study import Pricing
from workbench.studies.pricing.together import Bar

NOTHING = Amount(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Partly:
    """What findings save a month at some depth of repair.

    Attributes
    ----------
    alone : by code, what each saves by itself.
    waterfall : in the order of repair, from what a month costs today.
    """

    total: Amount
    alone: Mapping[str, Amount]
    waterfall: tuple[Bar, ...]


class Depths:
    """Answers what is saved at any depths of repair; what was asked of a finding before is kept."""

    def __init__(self, found: Pricing) -> None:
        self.found = found
        self._drawn: dict[tuple[str, float], Floats] = {}

    def __call__(self, how_far: Mapping[str, float]) -> Partly:
        """Return what is saved with each finding repaired `how_far` of the way (0 to 1); one not named: wholly."""
        joint = self.found.joint
        if joint is None:
            return Partly(NOTHING, {}, ())
        prices = {p.code: p for p in self.found.prices}
        drawn = {code: self._saved(p, how_far.get(code, 1.0)) for code, p in prices.items()}
        means = {code: float(values.mean()) for code, values in drawn.items()}
        weights = {
            code: float(np.clip(means[code] / p.amount.value, 0.0, 1.0))
            if p.amount.value
            else how_far.get(code, 1.0)
            for code, p in prices.items()
        }
        full = {code: p.drawn for code, p in prices.items()}
        doubt = joint.drawn - np.sum(list(full.values()), axis=0) + joint.twice(full)
        whole = np.sum(list(drawn.values()), axis=0) + joint.beyond(weights) - joint.twice(drawn)
        whole = whole + (doubt - joint.beyond(dict.fromkeys(prices, 1.0))) * max(
            weights.values(), default=0.0
        )
        bars, done, before, saved = [], dict[str, float](), joint.waterfall[0].before, 0.0
        for bar in joint.waterfall:
            done[bar.code] = weights[bar.code]
            once = float(joint.twice({code: drawn[code] for code in done}).mean())
            after = sum(means[code] for code in done) + joint.beyond(done) - once
            bars.append(Bar(bar.code, bar.title, before - saved, after - saved))
            saved = after
        return Partly(amount(whole), {code: amount(values) for code, values in drawn.items()}, tuple(bars))

    def _saved(self, price: Price, how_far: float) -> Floats:
        key = (price.code, how_far)
        if key not in self._drawn:
            whole = price.saving
            self._drawn[key] = (
                price.drawn if how_far == 1.0 else np.zeros_like(price.drawn) if how_far == 0.0
                else price.drawn * how_far if whole is None else whole(how_far)
            )  # fmt: skip
        return self._drawn[key]
