"""What a switch costs by itself, and from which loss it pays, without a single price."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.errors import CallError
from workbench.studies.pricing.doubts import known
from workbench.studies.pricing.switch_alone import switch_alone
from workbench.studies.pricing.switching import RANGES, Switch, stay_or_switch

SURE = Switch(**{name: known(getattr(Switch(), name).likely) for name in RANGES})
"""Every range shrunk to its likely value."""


@pytest.mark.method("SIM-14")
def test_at_the_loss_from_which_it_pays_both_cost_the_same() -> None:
    """The calculator with prices, given that loss, finds no difference; at twice the loss switching costs less."""
    alone = switch_alone(100_000.0, "EUR", seed=1, switch=SURE)
    loss = alone.pays_from.value
    same, twice = (
        stay_or_switch(100_000.0, np.full(10, times * loss), "EUR", seed=2, switch=SURE)
        for times in (1.0, 2.0)
    )

    assert 0.0 == pytest.approx(same.difference.value, abs=1.0)
    assert twice.difference.high < 0
    assert alone.cost.value == pytest.approx(
        sum(v for name, v in same.parts.items() if "losses" not in name), rel=1e-9
    )


def test_where_more_goes_along_than_staying_leaves_no_loss_is_enough() -> None:
    """Unbounded is said as such, never as a number."""
    bad = Switch(carried_over=known(1.0), mended=known(0.9))
    alone = switch_alone(100_000.0, "EUR", seed=1, switch=bad)

    assert 1.0 == alone.never
    assert alone.to_data()["pays_from"] == {"value": None, "low": None, "high": None}


def test_doubt_widens_the_interval_and_a_floor_without_a_cost_is_refused() -> None:
    """The median lies inside; a seed is a seed."""
    alone = switch_alone(100_000.0, "EUR", seed=1)

    assert alone.pays_from.low < alone.pays_from.value < alone.pays_from.high
    assert alone == switch_alone(100_000.0, "EUR", seed=1)
    with pytest.raises(CallError, match="above 0"):
        switch_alone(0.0, "EUR", seed=1)
