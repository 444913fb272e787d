"""Is handle time the sum of what was recorded, and does it say what was not?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.metrics.stories import at
from workbench.metrics.handle_time import aht, aht_of_intervals, aht_parts, handle_time_by


def log(**columns: object) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    return pd.DataFrame({"offered_ts": at(*[0] * n), "answer_ts": at(*[5] * n), **columns})


def test_handle_time_is_talk_hold_and_wrap_up():
    """200 + 20 + 30 and 100 + 0 + 50: an average of 200 s."""
    contacts = log(talk_s=[200.0, 100.0], hold_s=[20.0, 0.0], acw_s=[30.0, 50.0])

    assert aht(contacts).value == pytest.approx(200)
    assert aht(contacts).formula == "(talk + hold + after-contact work) / answered"
    assert [m.value for m in aht_parts(contacts)] == pytest.approx([150, 10, 40])


def test_after_contact_work_never_recorded_is_left_out_and_said():
    """Talk time only, as in the bank's log: the figure is not called complete."""
    measure = aht(log(talk_s=[200.0, 100.0]))

    assert (measure.value, measure.variant) == (150, "talk")
    assert measure.formula == "(talk (hold, after-contact work not recorded)) / answered"
    assert aht_parts(log(talk_s=[200.0]))[2].value is None


def test_a_contact_that_lacks_a_part_others_have_is_left_out():
    """A missing wrap-up is unknown, not zero."""
    measure = aht(log(talk_s=[200.0, 100.0], acw_s=[30.0, np.nan]))

    assert (measure.value, measure.n) == (230, 1)
    assert measure.scope == "1 with an unknown part left out"


def test_abandoned_contact_uses_no_agent_time():
    """Somebody who left is not in the denominator."""
    contacts = log(talk_s=[200.0, 0.0]).assign(answer_ts=at(5, None), abandon_ts=at(None, 9))

    assert (aht(contacts).value, aht(contacts).n) == (200, 1)


def test_chats_at_the_same_time_are_not_agent_time():
    """The caveat travels with the figure."""
    assert "not agent time" in aht(log(talk_s=[200.0], channel=["chat"])).scope
    assert aht(log(talk_s=[200.0], channel=["voice"])).scope == ""


def test_handle_time_by_group():
    """Two queues, one of them without a name: each its own row."""
    contacts = log(talk_s=[100.0, 300.0, 50.0], acw_s=[10.0, 30.0, 0.0], queue=["sales", "sales", None])
    table = handle_time_by(contacts, ["queue"])

    assert table["n"].tolist() == [2, 1]
    assert table["aht_s"].tolist() == [220, 50]
    assert table["acw_s"].tolist() == [20, 0]
    assert table["scv"].tolist()[0] == pytest.approx((220**2 / 2) / 220**2)


def test_intervals_are_weighted_by_what_they_answered():
    """30 contacts of 200 s and 10 of 400 s: 250 s; an interval without answers weighs nothing."""
    table = pd.DataFrame({"answered": [30, 10, 0], "aht_s": [200.0, 400.0, np.nan]})
    measure = aht_of_intervals(table)

    assert (measure.value, measure.n) == (250, 40)
