"""Does the contract reward the vendor for what helps the client's customers?

Each repair that was simulated is looked at from both sides, month by month and paired: how many contacts fewer are
lost or come again, and how much less is credited and more earned as a bonus (METHOD COM-1, SIM-8).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.catalogue import serves
from workbench.student import student
from workbench.studies.pricing.doubts import Floats
from workbench.studies.pricing.floor import Floor
from workbench.studies.pricing.incentive import bonus_for
from workbench.studies.pricing.price import CONFIDENCE, Amount

BONUS, MARGIN = 0.10, 0.02
"""A bonus that a contract may add: a tenth of what is at risk where every level is reached by two points (A)."""


@dataclass(frozen=True)
class Aligned:
    """One repair as customers and as the vendor meet it.

    Attributes
    ----------
    spared : contacts a month fewer that are lost or come again.
    vendor : credits a month less; with_bonus : and bonus more, if the contract had one.
    """

    code: str
    spared: Amount
    vendor: Amount
    with_bonus: Amount

    @property
    def word(self) -> str:
        """What the contract does with a repair that helps customers."""
        if self.spared.low <= 0:
            return "customers: no difference beyond chance"
        if self.vendor.low > 0:
            return "rewarded"
        if self.with_bonus.low > 0:
            return "rewarded by a bonus alone"
        return "punished" if self.vendor.high < 0 else "not rewarded"

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "code": self.code, "word": self.word, "contacts_spared": self.spared.to_data(),
            "credits_less": self.vendor.to_data(), "credits_less_and_bonus_more": self.with_bonus.to_data(),
        }  # fmt: skip


@serves("COM-1", kind="calculator")
def alignment(floor: Floor, targets: Mapping[str, float]) -> tuple[Aligned, ...]:
    """Return how the contract rewards each simulated repair; nothing without terms by the month.

    Parameters
    ----------
    targets : by code, the parameter when the finding is repaired.
    """
    if floor.contract.terms is None or not floor.months:
        return ()
    before = _sides(floor, {})
    found = []
    for code in sorted(targets):
        after = _sides(floor, {code: targets[code]})
        spared, credit, bonus = (b - a for b, a in zip(before, after, strict=True))
        found.append(Aligned(code, _mean(spared), _mean(credit), _mean(credit - bonus)))
    return tuple(found)


def _sides(floor: Floor, at: Mapping[str, float]) -> tuple[Floats, Floats, Floats]:
    """Return contacts lost or coming again, credits, and bonus, month by month: arrays of shape (months,)."""
    results, contract = floor.results(at), floor.contract
    assert contract.terms is not None
    blocks = floor.blocks(results.n)
    lost = np.sum([results.counted(name)[0][:, 0] for name in ("abandoned", "blocked", "repeats")], axis=0)
    levels = contract.levels(results, blocks)
    bonus = bonus_for(contract.terms, levels, BONUS, [MARGIN] * len(contract.terms.levels))
    return np.asarray(blocks @ lost * floor.scale), contract.credits(results, blocks), bonus


def _mean(months: Floats) -> Amount:
    n, mean = len(months), float(months.mean())
    half = float(student(n - 1, CONFIDENCE) * months.std(ddof=1) / math.sqrt(n)) if n > 1 else math.inf
    return Amount(mean, mean - half, mean + half)
