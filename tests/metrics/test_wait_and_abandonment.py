"""Are waits and abandons counted over the contacts that the figure names?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.metrics.stories import at
from workbench.errors import CallError, UnknownName
from workbench.metrics.abandonment import abandon_rate, abandon_rate_of_intervals
from workbench.metrics.wait import mean_wait, wait_figures, wait_percentile


def log(answered: list[float], abandoned: list[float]) -> pd.DataFrame:
    n = len(answered) + len(abandoned)
    return pd.DataFrame(
        {
            "offered_ts": at(*[0] * n),
            "answer_ts": at(*answered, *[None] * len(abandoned)),
            "abandon_ts": at(*[None] * len(answered), *abandoned),
        }
    )


def test_speed_of_answer_leaves_out_those_who_left():
    """Answered after 0, 10 and 50 s, one left after 100 s: ASA 20 s, mean of all 40 s."""
    contacts = log([0, 10, 50], [100])

    assert mean_wait(contacts).value == pytest.approx(20)
    assert mean_wait(contacts).metric == "asa_s"
    assert mean_wait(contacts, of="answered after waiting").value == pytest.approx(30)
    assert mean_wait(contacts, of="offered").value == pytest.approx(40)
    assert mean_wait(contacts, of="abandoned").value == pytest.approx(100)


def test_percentile_is_a_wait_that_happened():
    """The 90th percentile of 1 … 100 s is 90 s; the median 50 s."""
    contacts = log(list(range(1, 101)), [])

    assert wait_percentile(contacts, 0.9).value == 90
    assert wait_percentile(contacts, 0.5).value == 50
    measure = wait_percentile(contacts, 0.5)
    assert (measure.low, measure.high) == (40, 61)


def test_percentile_interval_covers_as_often_as_it_says():
    """400 samples of 200 exponential waits, seed 7: the interval holds the true 90th percentile."""
    rng = np.random.default_rng(7)
    truth, held = 30 * np.log(10), 0
    for _ in range(400):
        measure = wait_percentile(log(list(rng.exponential(30, 200)), []), 0.9)
        held += measure.low <= truth <= measure.high

    assert 0.93 <= held / 400 <= 0.98


def test_no_answered_contact_has_no_speed_of_answer():
    """Everybody left: the speed of answer is unknown, with a reason."""
    figures = wait_figures(log([], [30]))

    assert len(figures) == 9
    assert [m.value for m in figures[:6]] == [None] * 6
    assert figures[0].reason == "no contact with a known wait"
    assert figures[6].value == 30


def test_wrong_words_are_refused():
    """A percentile of 90 instead of 0.9, a group that does not exist."""
    with pytest.raises(CallError, match="share: 90 came"):
        wait_percentile(log([1], []), 90)
    with pytest.raises(UnknownName, match='Did you mean "answered"'):
        mean_wait(log([1], []), of="answred")


def test_abandon_rate_with_and_without_short():
    """Six answered, four left, two of them within 5 s: 40 %, and 25 % without the short ones."""
    contacts = log([1] * 6, [2, 5, 30, 90])

    assert abandon_rate(contacts).value == pytest.approx(0.4)
    without = abandon_rate(contacts, short_abandon_s=5)
    assert (without.value, without.n, without.variant) == (0.25, 8, "without short")
    assert abandon_rate(log([], [])).value is None


def test_abandon_rate_of_intervals():
    """40 + 10 offered, 8 + 2 abandoned, 4 of them short."""
    table = pd.DataFrame({"offered": [40, 10], "abandoned": [8, 2], "short_abandoned": [4, 0]})

    assert abandon_rate_of_intervals(table).value == pytest.approx(0.2)
    assert abandon_rate_of_intervals(table, without_short=True).value == pytest.approx(6 / 46)
    lacking = abandon_rate_of_intervals(table.drop(columns="short_abandoned"), without_short=True)
    assert (lacking.value, lacking.reason) == (None, "the export has no short_abandoned")
