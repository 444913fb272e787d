"""Does a repeat count as one, and a contact that could not be watched long enough as unknown?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.stories import at
from workbench.metrics.resolution import contacts_per_issue, fcr, fcr_by_flag, repeat_rate
from workbench.metrics.transfers import escalation_rate, transfer_rate

DAY = 86_400


def log(*rows: tuple[str | None, float], **more: object) -> pd.DataFrame:
    """Rows of (customer, day), answered at once."""
    who, days = zip(*rows, strict=True)
    moments = at(*(d * DAY for d in days))
    return pd.DataFrame({"customer_key": list(who), "offered_ts": moments, "answer_ts": moments, **more})


def test_repeat_within_a_week_is_no_first_contact_resolution():
    """Ann comes back after 3 days, Bob after 10, Cay not at all; the log ends on day 20."""
    contacts = log(("ann", 1), ("ann", 4), ("bob", 2), ("bob", 12), ("cay", 5), ("end", 20))
    measure = fcr(contacts)

    assert (measure.value, measure.n) == (pytest.approx(4 / 5), 5)
    assert measure.scope == "1 of the last 7 days left out"
    assert repeat_rate(contacts).value == pytest.approx(1 / 5)
    assert fcr(contacts, window_days=14).value == pytest.approx(2 / 4)


def test_issues_count_chains_once():
    """Ann's three contacts are one issue of three links; Bob's single one is settled at once."""
    contacts = log(("start", 0), ("ann", 10), ("ann", 12), ("ann", 15), ("bob", 11), ("bob", 25), ("end", 40))

    assert fcr(contacts, over="issues").value == pytest.approx(2 / 3)
    assert fcr(contacts, over="issues").n == 3
    assert contacts_per_issue(contacts).value == pytest.approx(7 / 5)


def test_a_transfer_leg_is_no_repeat():
    """The same customer two minutes later is a leg of the contact, not a second one."""
    contacts = log(("ann", 1), ("ann", 1 + 120 / DAY), ("end", 20))

    assert (fcr(contacts).value, fcr(contacts).n) == (1.0, 1)
    assert fcr(contacts, leg_s=60).value == pytest.approx(1 / 2)


def test_a_matter_may_be_told_by_its_type():
    """Two reasons in one week are two matters when the type says so."""
    contacts = log(("ann", 1), ("ann", 3), ("end", 20), contact_type=["bill", "move", "bill"])

    assert fcr(contacts).value == pytest.approx(1 / 2)
    assert fcr(contacts, same=("contact_type",)).value == pytest.approx(1.0)


def test_abandoned_and_anonymous_contacts_are_not_judged():
    """Who left was not served; who has no key cannot be seen again."""
    contacts = log(("ann", 1), ("ann", 2), (None, 3), (None, 20))  # the last still shows how long was watched
    contacts.loc[1, "answer_ts"] = pd.NaT

    assert (fcr(contacts).value, fcr(contacts).n) == (1.0, 1)


def test_a_log_shorter_than_the_window_says_nothing():
    """Three days cannot show repeats within seven; a log without keys cannot show any."""
    short = fcr(log(("ann", 1), ("ann", 2), ("bob", 3)))
    no_keys = fcr(log(("ann", 1), ("bob", 20)).drop(columns="customer_key"))

    assert (short.value, short.reason) == (
        None,
        "no contact of a known customer was observed for 7 days",
    )
    assert no_keys.value is None


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 60)), min_size=1, max_size=40))
def test_repeats_agree_with_looking_at_every_pair(rows):
    """A slow twin: for every contact, look through all others of the customer."""
    rows = sorted(set(rows))
    contacts = log(*rows)
    last = max(day for _, day in rows)
    seen = [(who, day) for who, day in rows if day <= last - 7]
    again = [any(w == who and day < d <= day + 7 for w, d in rows) for who, day in seen]

    measure = repeat_rate(contacts)
    assert measure.n == len(seen)
    assert measure.value == (pytest.approx(np.mean(again)) if seen else None)


def test_flags_count_only_where_known():
    """Two of three marked resolved, one not marked at all; one of two escalated."""
    contacts = log(("a", 1), ("b", 1), ("c", 1), ("d", 1)).assign(
        resolved_flag=pd.array([True, True, False, None], dtype="boolean"),
        escalated_flag=pd.array([True, None, False, None], dtype="boolean"),
    )

    assert (fcr_by_flag(contacts).value, fcr_by_flag(contacts).n) == (pytest.approx(2 / 3), 3)
    assert escalation_rate(contacts).value == pytest.approx(1 / 2)
    assert transfer_rate(contacts).reason == "transfer_flag is known for no answered contact"
