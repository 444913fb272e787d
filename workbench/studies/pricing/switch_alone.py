"""What does a switch cost where no finding has a price, and from which loss a month would it pay?

Staying and switching both grow in proportion to what the findings cost a month, so that in each draw there is one loss
at which they cost the same. Above it switching costs less; where more of a loss goes along than staying leaves, none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.catalogue import serves
from workbench.errors import CallError
from workbench.studies.pricing.doubts import Floats
from workbench.studies.pricing.price import CONFIDENCE, Amount, amount
from workbench.studies.pricing.switching import (
    DRAWS,
    MONTHS,
    RANGES,
    Switch,
    cost_of_switching,
    drawn,
    mending,
    worth,
)


@dataclass(frozen=True)
class SwitchAlone:
    """A switch over `months`, in present values of the whole time.

    Attributes
    ----------
    labour : monthly cost of the floor.
    cost, parts : of the switch itself, without any loss; means by part.
    pays_from : the loss a month above which switching costs less: median and 90 % interval; inf: no loss is enough.
    never : share of the draws in which no loss is enough.
    """

    months: int
    currency: str
    labour: float
    cost: Amount
    parts: dict[str, float]
    pays_from: Amount
    never: float
    draws: int
    way: Switch

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON; None in place of a loss that no amount is enough for."""
        ends = {k: None if np.isinf(v) else v for k, v in self.pays_from.to_data().items()}
        return {
            "months": self.months, "currency": self.currency, "labour": self.labour, "cost": self.cost.to_data(),
            "parts": self.parts, "pays_from": ends, "never": self.never, "draws": self.draws,
        }  # fmt: skip


@serves("SIM-14", kind="calculator")
def switch_alone(
    labour: float, currency: str, *, seed: int, switch: Switch | None = None, months: int = MONTHS
) -> SwitchAlone:
    """Return what a switch costs by itself, and from which loss a month it costs less than staying.

    labour : monthly cost of the floor.

    Raises
    ------
    CallError
        without a cost of the floor.
    """
    if not labour > 0:
        raise CallError(f"labour {labour:g} came. A monthly cost of the floor above 0 is needed.")
    way = switch or Switch()
    u = np.random.default_rng(seed).random((len(RANGES), DRAWS))
    nothing, one = (cost_of_switching(labour, np.full(DRAWS, loss), u, way, months) for loss in (0.0, 1.0))
    cost = np.asarray(sum(nothing.values()))
    along = np.asarray(sum(one.values())) - cost
    *_, mended, until, _, _ = drawn(way, u)
    left = worth(0.0, float(months), way.discount) - mended * mending(until, months, way.discount)
    saved = left - along
    even = np.divide(cost, saved, out=np.full(DRAWS, np.inf), where=saved > 0)
    return SwitchAlone(
        months, currency, labour, amount(cost), {name: float(v.mean()) for name, v in nothing.items() if v.any()},
        _middle(even), float(np.isinf(even).mean()), DRAWS, way,
    )  # fmt: skip


def _middle(values: Floats) -> Amount:
    """Return median and 90 % interval of draws of which some may be without end."""
    edges = ((1 - CONFIDENCE) / 2, 0.5, (1 + CONFIDENCE) / 2)
    low, middle, high = np.quantile(values, edges, method="inverted_cdf")
    return Amount(float(middle), float(low), float(high))
