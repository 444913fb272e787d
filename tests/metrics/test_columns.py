"""Are values read, compared and counted the same way by the short road and the long one?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.metrics.columns import among
from workbench.metrics.contact_outcome import codes_and_waits
from workbench.metrics.service_level import FORMULAS, service_level, service_level_by_formula


@pytest.mark.parametrize("dtype", ["str", "object", "float64"])
def test_among_is_isin_and_unknown_is_in_nothing(dtype: str) -> None:
    """NaN in both is no match: nobody is not somebody."""
    values = pd.Series(["1", "2", None, "4"]).astype(dtype)
    others = pd.Series(["4", None, "1", "1"]).astype(dtype)

    assert [True, False, False, True] == among(values, others).tolist()
    assert not among(values, others.iloc[:0]).any()


def test_all_formulas_at_once_are_the_formulas_one_by_one() -> None:
    """Counting once and dividing five times changes nothing, down to what a Measure says of itself."""
    draw = np.random.default_rng(8)
    offered = pd.Timestamp("2024-06-03 08:00", tz="UTC") + pd.to_timedelta(
        draw.uniform(0, 9e4, 400), unit="s"
    )
    ends = offered + pd.to_timedelta(draw.gamma(1.5, 15, 400), unit="s")
    left = draw.random(400) < 0.2
    contacts = pd.DataFrame(
        {"offered_ts": offered, "answer_ts": ends.where(~left), "abandon_ts": ends.where(left)}
    )
    at_once = service_level_by_formula(*codes_and_waits(contacts), threshold_s=15.0, short_abandon_s=4.0)

    assert at_once == {
        variant: service_level(contacts, variant=variant, threshold_s=15.0, short_abandon_s=4.0)
        for variant in FORMULAS
    }
