"""Is the end of every contact, and its wait, decided as the module says?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.metrics.contact_outcome import OUTCOMES, codes_and_waits, contact_outcome, with_outcome


def at(*seconds: float | None) -> pd.Series:
    start = pd.Timestamp("2024-06-03 09:00", tz="UTC")
    stamps = [pd.NaT if s is None else start + pd.Timedelta(seconds=s) for s in seconds]
    return pd.Series(pd.to_datetime(stamps, utc=True).as_unit("us"))


def log(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_five_endings():
    """Answered, abandoned from the queue, blocked, still waiting, hung up in the menu."""
    contacts = log(
        offered_ts=at(0, 0, 0, 0, 0),
        queue_ts=at(5, 5, None, 5, None),
        answer_ts=at(25, None, None, None, None),
        abandon_ts=at(None, 12, 1, None, 4),
        disposition=[None, None, "blocked", None, None],
    )
    ends = contact_outcome(contacts)

    assert ends["outcome"].tolist() == ["answered", "abandoned", "blocked", "waiting", "not offered"]
    assert ends["wait_s"].tolist()[:2] == [20.0, 7.0]
    assert ends["wait_s"].isna().tolist() == [False, False, True, True, True]


def test_answered_without_queueing_waited_nothing():
    """Where the log records entering the queue, an answered contact that never did waited 0 s."""
    contacts = log(offered_ts=at(0, 0), queue_ts=at(None, 10), answer_ts=at(30, 30))

    assert contact_outcome(contacts)["wait_s"].tolist() == [0.0, 20.0]


def test_clock_starts_when_offered_in_a_log_without_queue_times():
    """No queue_ts anywhere: waits run from offered_ts and every abandon is from the queue."""
    contacts = log(offered_ts=at(0, 0), answer_ts=at(30, None), abandon_ts=at(None, 8))
    ends = contact_outcome(contacts)

    assert ends["outcome"].tolist() == ["answered", "abandoned"]
    assert ends["wait_s"].tolist() == [30.0, 8.0]


def test_reported_wait_goes_before_the_clock():
    """wait_s as the system reports it holds; where it is empty the clock does."""
    contacts = log(offered_ts=at(0, 0), answer_ts=at(30, 30), wait_s=[12.0, np.nan])

    assert contact_outcome(contacts)["wait_s"].tolist() == [12.0, 30.0]


def test_phantoms_and_outbound_calls_are_not_offered():
    """Neither a phantom nor a call that the centre began enters any rate."""
    contacts = log(
        offered_ts=at(0, 0, 0),
        answer_ts=at(1, 1, 1),
        disposition=["phantom", None, None],
        direction=["inbound", "outbound", None],
    )

    assert contact_outcome(contacts)["outcome"].tolist() == ["not offered", "not offered", "answered"]


def test_impossible_wait_is_unknown_not_zero():
    """Answered before it was offered: the end is known, the wait is not."""
    ends = contact_outcome(log(offered_ts=at(60), answer_ts=at(0)))

    assert ends["outcome"].tolist() == ["answered"]
    assert ends["wait_s"].isna().all()


def test_a_part_of_a_log_keeps_what_was_decided_on_the_whole():
    """A queue whose customers all hung up in the menu stays not offered when looked at alone."""
    contacts = log(offered_ts=at(0, 0), queue_ts=at(5, None), abandon_ts=at(9, 3), queue=["sales", "service"])
    part = with_outcome(contacts).query("queue == 'service'")

    assert [OUTCOMES[c] for c in codes_and_waits(part)[0]] == ["not offered"]
    assert [OUTCOMES[c] for c in codes_and_waits(contacts.query("queue == 'service'"))[0]] == ["abandoned"]


def test_an_empty_log_has_no_endings():
    """No rows, no columns: nothing crashes and nothing is made up."""
    assert len(contact_outcome(pd.DataFrame())) == 0
    assert len(contact_outcome(log(offered_ts=at()))) == 0
