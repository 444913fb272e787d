"""Which forums does METHOD 11 ask for, and how were they held?

One place for what several checks look at: the four forums with the roles that belong in them, how
often each is due in a period, and which of the planned meetings took place.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workbench.intake.dataset import Table
from workbench.intake.period import Period


@dataclass(frozen=True)
class Forum:
    """One layer of governance (METHOD GOV-1 … GOV-4).

    Attributes
    ----------
    name : as gov_meeting.forum spells it.
    code : its METHOD id.
    every_days : how often it is due.
    grace_days : held so many days from plan still counts as held as planned.
    purpose, character : what it is for; one word for its kind of work.
    roles : who belongs there, each as the words by which an attendee list may name the role.
    """

    name: str
    code: str
    every_days: float
    grace_days: int
    purpose: str
    character: str
    roles: dict[str, tuple[str, ...]]


FORUMS = (
    Forum(
        "daily",
        "GOV-1",
        1,
        0,
        "staffing variance, queues at risk, outages, urgent quality",
        "action",
        {
            "service delivery": ("delivery", "bpo", "vendor operations"),
            "operations": ("internal operations", "client operations", "operations", "ops"),
            "WFM": ("wfm", "workforce"),
            "quality": ("qa", "quality"),
        },
    ),
    Forum(
        "weekly",
        "GOV-2",
        7,
        3,
        "trends, actions, root causes, remedies at hand",
        "diagnosis",
        {
            "vendor manager": ("vendor manager", "vendor management"),
            "vendor operations": ("vendor operations", "bpo operations", "bpo ops", "ops", "operations"),
            "quality": ("qa", "quality"),
            "training": ("train",),
            "reporting": ("report", "analyt"),
        },
    ),
    Forum(
        "monthly",
        "GOV-3",
        365.25 / 12,
        7,
        "performance, cost, changes, roadmap",
        "management",
        {
            "operations leadership": (
                "operations lead",
                "ops lead",
                "head of operations",
                "operations director",
                "operations",
                "ops",
            ),
            "account leadership": ("account",),
            "finance": ("financ",),
            "technology": ("tech", "it"),
        },
    ),
    Forum(
        "quarterly",
        "GOV-4",
        365.25 / 4,
        14,
        "structural risk, footprint, contract",
        "direction",
        {
            "executive sponsor": ("executive", "sponsor", "coo", "cfo", "cio"),
            "procurement": ("procure", "purchas"),
            "compliance": ("complian", "risk", "legal"),
            "operations": ("operations", "ops"),
            "vendor leadership": ("vendor lead", "bpo lead", "vendor exec", "account"),
        },
    ),
)


def meetings_of(gov_meeting: Table, forum: Forum, period: Period) -> pd.DataFrame:
    """Return the meetings of one forum planned within the period, with column `as_planned` (bool)."""
    planned = gov_meeting["date_planned"]
    rows = gov_meeting[(gov_meeting["forum"] == forum.name) & _within(planned, period)].copy()
    late = (rows["date_held"] - rows["date_planned"]).dt.days
    rows["as_planned"] = rows["date_held"].notna() & (late.abs() <= forum.grace_days)
    return rows


def due_in(forum: Forum, period: Period) -> int:
    """Return how many whole cycles of the forum fit into the period."""
    days = period.days * 5 / 7 if forum.name == "daily" else period.days
    return int((days + 0.5) // forum.every_days)


def roles_present(attendees: str, forum: Forum) -> frozenset[str]:
    """Return the roles of the forum that an attendee list names.

    >>> sorted(roles_present("Vendor manager; QA lead", FORUMS[1]))
    ['quality', 'vendor manager']
    """
    people = [one.strip().casefold() for one in attendees.split(";") if one.strip()]
    return frozenset(
        role
        for role, words in forum.roles.items()
        if any(_names(person, word) for person in people for word in words)
    )


def _names(person: str, word: str) -> bool:
    return person == word or (len(word) > 3 and word in person) or word in person.split()


def _within(dates: pd.Series, period: Period) -> pd.Series:
    return dates.between(pd.Timestamp(period.start), pd.Timestamp(period.end))
