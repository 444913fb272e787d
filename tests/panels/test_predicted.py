"""Does the picture of a backtest show every day, and say in words what it shows?"""

from __future__ import annotations

import pytest

from tests.studies import floors
from workbench.errors import UnknownName
from workbench.intake.period import Period
from workbench.panels.predicted import predicted_beside_actual
from workbench.studies.backtest import Backtest, backtest


@pytest.fixture(scope="module")
def found() -> Backtest:
    fit, test = Period.parse("2024-06-03:2024-06-09"), Period.parse("2024-06-10:2024-06-12")
    return backtest(floors.floor(days=10), fit, test, n=5, decompose=False)


def test_every_test_day_has_its_panel(found: Backtest) -> None:
    """Three days, three panels, and a picture of some size."""
    picture = predicted_beside_actual(found)

    assert 3 == sum(axes.get_visible() for axes in picture.figure.axes)
    assert len(picture.png()) > 5_000


def test_the_words_give_actual_and_predicted(found: Backtest) -> None:
    """Who cannot see the picture reads the totals of it."""
    total = found.scores.total["abandon_rate"]

    words = predicted_beside_actual(found, "abandon_rate").words

    assert f"{total['actual']:.3f} happened" in words
    assert f"{total['predicted']:.3f} was predicted" in words


def test_an_unknown_measure_is_named(found: Backtest) -> None:
    """The nearest one is suggested."""
    with pytest.raises(UnknownName, match="service_level"):
        predicted_beside_actual(found, "service_levels")
