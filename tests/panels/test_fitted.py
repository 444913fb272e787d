"""Do pictures of a fit show what was fitted, and say it in words?"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.studies import floors
from workbench.errors import CallError
from workbench.panels.fitted import families_beside_recorded, handle_time_varies
from workbench.studies.calibrate import Calibration, calibrate


@cache
def made() -> Calibration:
    return calibrate(floors.floor(days=14), fit_factors=False)


def test_families_are_drawn_beside_the_record() -> None:
    """Gamma made the times: its curve is nearest, and the words say so."""
    picture = families_beside_recorded(made())

    (axes,) = (a for a in picture.figure.axes if a.get_visible())
    recorded, *curves = axes.lines
    best = next(line for line in curves if "gamma" in str(line.get_label()))
    x, y = (np.asarray(v, float) for v in best.get_data())
    steps, shares = (np.asarray(v, float) for v in recorded.get_data())
    assert np.abs(np.interp(x, steps, shares, left=1.0) - y).max() < 0.06
    assert "gamma is best" in picture.words


def test_factors_by_hour_have_their_intervals() -> None:
    """One point for each hour with enough contacts; the words name the least and the most with their samples."""
    picture = handle_time_varies(made())

    assert "By hour of the day: from" in picture.words
    assert "contacts)" in picture.words
    assert len(made().tables["handle time by hour"]) == 8


def test_without_contacts_there_is_no_picture() -> None:
    """A scenario of interval counts has no shapes to draw, and says so."""
    from dataclasses import replace

    with pytest.raises(CallError, match="a mean and no shape"):
        families_beside_recorded(replace(made(), fit=None))
