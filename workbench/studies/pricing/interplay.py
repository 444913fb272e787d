"""How sure is what findings do together beyond their sum? As sure as the findings, and as the simulation, are.

What two repairs do together is simulated at one point, the middle of either doubt. Where a finding turns out
half as large, so does what it takes from another: each draw scales what was simulated with the product of the
findings' draws over their means, as depths of repair do with shares (Owen 1972). What an hour costs is in every
price and counts once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from workbench.student import student
from workbench.studies.pricing.doubts import NORMAL_90, Floats
from workbench.studies.pricing.price import CONFIDENCE, Price


class Interplay:
    """Draws of what sets of findings do beyond their sum, from what was simulated of them.

    A price whose interval holds 0 scales nothing: an effect that cannot be told from none has no share.

    Parameters
    ----------
    prices : all of them.
    labour : draws of what all paid hours of a month cost, shape (n,); None: not known.
    """

    def __init__(self, prices: Sequence[Price], labour: Floats | None, seed: int) -> None:
        self._prices, self._seed = {p.code: p for p in prices}, seed
        self._n = len(prices[0].drawn) if prices else 1
        pay = np.ones(self._n)
        if labour is not None and len(labour) == self._n and labour.mean() > 0:
            pay = labour / labour.mean()
        self._pay = pay

    @cached_property
    def _weights(self) -> Mapping[str, Floats]:
        """By code: draws over their mean, with what an hour costs taken off."""
        return {code: self._weight(price) for code, price in self._prices.items()}

    def _weight(self, price: Price) -> Floats:
        if price.amount.low <= 0 <= price.amount.high:
            return np.ones(self._n)
        lines = {} if price.by_line is None else price.by_line("", 1.0)
        drawn = np.asarray(
            sum(x / self._pay if line in price.pay_lines else x for line, x in lines.items())
            if lines
            else price.drawn
        )
        return np.asarray(drawn / drawn.mean()) if drawn.mean() else np.ones(self._n)

    def _by_the_hour(self, codes: Iterable[str]) -> float:
        """Return the share of the findings' amounts that grows with what an hour costs."""
        prices = [self._prices[code] for code in codes]
        parts = [(line in p.pay_lines, abs(a.value)) for p in prices for line, a in p.lines.items()]
        whole = sum(size for _, size in parts)
        return sum(size for paid, size in parts if paid) / whole if whole else 0.0

    def scale(self, codes: Iterable[str]) -> Floats:
        """Return by how much what a set does together is larger or smaller in each draw: around 1, shape (n,)."""
        codes = sorted(codes)
        found = np.prod([self._weights[code] for code in codes], axis=0)
        found = found * (1 + self._by_the_hour(codes) * (self._pay - 1))
        return np.asarray(found / found.mean())

    def drawn(self, months: Floats, effects: Mapping[frozenset[str], float], stream: int = 99) -> Floats:
        """Return draws of what findings do beyond their sum: shape (n,), around the mean of the months.

        The simulation's own error is normal, as wide at 90 % as Student's is for so many months.

        Parameters
        ----------
        months : what it was in each simulated month.
        effects : by set of findings; what they lack of the mean of the months is scaled by nothing.
        """
        size, mean = np.size(months), float(np.mean(months))
        spread = np.sum([e * (self.scale(which) - 1) for which, e in effects.items() if e], axis=0)
        error = 0.0
        if size > 1:
            error = (
                float(np.std(months, ddof=1)) / math.sqrt(size) * student(size - 1, CONFIDENCE) / NORMAL_90
            )
        noise = np.random.default_rng([self._seed, stream]).standard_normal(self._n)
        return np.asarray(mean + spread + error * (noise - noise.mean()))
