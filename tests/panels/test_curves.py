"""Does a quick picture show what it was given?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest

from workbench.panels.curves import BOTTOM, TOP, Curve, nice, picture

TIMES = list(pd.date_range("2024-06-03 08:00", periods=5, freq="30min"))
NAN = float("nan")


def drawn(curve: Curve, words: str = "as it is") -> ElementTree.Element:
    return ElementTree.fromstring(picture(curve, TIMES, words))


def heights(svg: ElementTree.Element, kind: str) -> list[float]:
    """Read values back from the picture."""
    path = svg.find(f"path[@class='{kind}']")
    assert path is not None
    ys = [float(y) for _, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path.get("d", ""))]
    return [(BOTTOM - y) / (BOTTOM - TOP) * float(svg.get("data-top", "nan")) for y in ys]


def curve(mean: list[float], spread: float = 1.0, top: float | None = None) -> Curve:
    values = np.array(mean)
    return Curve("contacts in line", values, values - spread, values + spread, values / 2, top)


def test_a_value_stands_as_high_as_it_is() -> None:
    """Mean, both ends of the band and the floor before, to a thousandth of the axis."""
    svg = drawn(curve([2.0, 4.0, 8.0, 16.0, 3.0]))

    assert [2.0, 4.0, 8.0, 16.0, 3.0] == pytest.approx(heights(svg, "mean"), abs=0.02)
    assert [1.0, 2.0, 4.0, 8.0, 1.5] == pytest.approx(heights(svg, "before"), abs=0.02)
    assert [3, 5, 9, 17, 4, 2, 15, 7, 3, 1] == pytest.approx(heights(svg, "band"), abs=0.02)


def test_what_is_not_known_is_a_gap_and_not_a_zero() -> None:
    """Two strokes, and a point on its own is left out of neither."""
    svg = drawn(curve([2.0, NAN, 4.0, 5.0, NAN]))
    path = svg.find("path[@class='mean']")
    assert path is not None

    assert 2 == path.get("d", "").count("M")
    assert [2.0, 4.0, 5.0] == pytest.approx(heights(svg, "mean"), abs=0.02)


def test_nothing_known_is_an_empty_picture() -> None:
    """No stroke, no exception."""
    assert [] == heights(drawn(curve([NAN] * 5)), "mean")


def test_a_client_s_words_stay_words() -> None:
    """Quotes and angle brackets in a name do not end the attribute."""
    svg = drawn(curve([1.0] * 5), 'it\'s <b>"fine"</b> & well')

    assert 'it\'s <b>"fine"</b> & well' == svg.get("aria-label")
    assert "img" == svg.get("role")


def test_percent_end_at_a_hundred() -> None:
    """A band may not leave the picture."""
    svg = drawn(curve([99.5] * 5, spread=2.0, top=100.0))

    assert 100.0 == pytest.approx(max(heights(svg, "band")))


@pytest.mark.parametrize(
    ("largest", "end"), [(0, 1), (1, 1), (1.01, 2), (3, 4), (5.9, 6), (61, 100), (0.03, 0.04)]
)
def test_axes_end_at_round_numbers(largest: float, end: float) -> None:
    """So that their middle is round too."""
    assert end == pytest.approx(nice(largest))
