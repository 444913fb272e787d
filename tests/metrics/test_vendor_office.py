"""The size of a vendor office follows from its tasks; the ratio is what comes out."""

from __future__ import annotations

import pytest

from workbench.errors import CallError
from workbench.metrics.vendor_office import Task, office_size

REVIEWS = Task("weekly review", per_month=4, least_minutes=180, most_minutes=360)
INVOICES = Task("check an invoice", per_month=30, least_minutes=60, most_minutes=120)


@pytest.mark.method("CX-5", "VMO-4")
def test_tasks_become_hours_hours_people_and_people_a_ratio() -> None:
    """12 + 30 = 42 h at least, 24 + 60 = 84 h at most; of 120 h that is 0.35 to 0.70 people."""
    office = office_size([REVIEWS, INVOICES], agents=84)

    assert (42.0, 84.0) == (office.hours_low, office.hours_high)
    assert (0.35, 0.70) == pytest.approx((office.fte_low, office.fte_high))
    assert (120.0, 240.0) == pytest.approx((office.agents_per_fte_low, office.agents_per_fte_high))


@pytest.mark.method("CX-5", "VMO-4")
def test_more_agents_change_the_ratio_and_not_the_office() -> None:
    """A ratio that was an input would make the office grow."""
    small, large = (office_size([REVIEWS], agents=agents) for agents in (50, 500))

    assert (small.fte_low, small.fte_high) == (large.fte_low, large.fte_high)
    assert large.agents_per_fte_low == pytest.approx(10 * (small.agents_per_fte_low or 0))


@pytest.mark.method("VMO-4")
def test_without_tasks_there_is_no_office_and_no_ratio() -> None:
    """A division by no people is not a ratio."""
    office = office_size([], agents=100)

    assert (0.0, None, None) == (office.fte_high, office.agents_per_fte_low, office.agents_per_fte_high)


@pytest.mark.parametrize(
    ("task", "hours"),
    [(Task("review", -1, 10, 20), 120), (Task("review", 1, 30, 20), 120), (Task("review", 1, 10, 20), 0)],
)
def test_what_cannot_be_is_refused_in_words(task: Task, hours: float) -> None:
    """The sentence names the task or the hours, and what is accepted."""
    with pytest.raises(CallError, match=r"review|productive_hours 0"):
        office_size([task], agents=10, productive_hours=hours)
