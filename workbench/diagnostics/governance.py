"""Which forums does METHOD 11 ask for, and how were they held?

One place for what several checks look at: the four forums with the roles that belong in them, how
often each is due in a period, and which of the planned meetings took place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.coverage import Coverage, covered, where_covered
from workbench.diagnostics.evidence import findings, missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Score, Verdict
from workbench.diagnostics.scoring import combine, score
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Bools, equals, filled, numbers, seconds_between, times
from workbench.once import once_per_table


@dataclass(frozen=True, eq=False)
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


@once_per_table
def meetings_of(gov_meeting: Table, forum: Forum, period: Period) -> pd.DataFrame:
    """Return the meetings of one forum planned within the period, with column `as_planned` (bool)."""
    rows = _planned(gov_meeting, period)
    return rows[rows["forum"].to_numpy() == forum.name]


@once_per_table
def _planned(gov_meeting: Table, period: Period) -> pd.DataFrame:
    """Return the meetings of all forums planned within the period, with column `as_planned` (bool)."""
    texts = {name: object for name, dtype in gov_meeting.dtypes.items() if isinstance(dtype, pd.StringDtype)}
    rows = gov_meeting[_within(gov_meeting["date_planned"], period)].astype(
        texts
    )  # few, chosen from many times
    grace = {forum.name: forum.grace_days for forum in FORUMS}
    late = np.abs(seconds_between(times(rows, "date_planned"), times(rows, "date_held"))) / 86400
    return rows.assign(as_planned=late <= np.array([grace.get(name, 0) for name in rows["forum"]], float))


@once_per_table
def held_in(gov_meeting: Table, forum: Forum, period: Period) -> int:
    """Return how many of the meetings of one forum planned within the period were held."""
    return int(filled(meetings_of(gov_meeting, forum, period), "date_held").sum())


@once_per_table
def meetings_of_all(gov_meeting: Table, forums: tuple[Forum, ...], period: Period) -> pd.DataFrame:
    """Return the meetings of several forums, forum by forum, as `meetings_of`."""
    rows, names = _planned(gov_meeting, period), [forum.name for forum in forums]
    rank = np.array([names.index(name) if name in names else -1 for name in rows["forum"]], int)
    order = np.argsort(rank, kind="stable")
    return rows.iloc[order[rank[order] >= 0]]


@once_per_table
def log_of_meetings(gov_meeting: Table, period: Period) -> Coverage:
    """Return which days of the period the log of meetings covers: planned or held, of whichever forum."""
    days = np.concatenate([times(gov_meeting, name) for name in ("date_planned", "date_held")])
    return covered("gov_meeting", days, period)


def due_in(forum: Forum, period: Period | None) -> int:
    """Return how many meetings of the forum are due: working days for the daily one, else whole cycles.

    A month may be three days short of the mean one, a quarter two: a tenth of a cycle is forgiven.
    """
    if period is None:
        return 0
    if forum.name == "daily":
        return int(np.busday_count(period.start, period.end + timedelta(days=1)))
    return int(period.days / forum.every_days + 0.1)


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


def _within(dates: pd.Series, period: Period) -> Bools:
    day = dates.to_numpy("datetime64[us]")
    return np.asarray((day >= np.datetime64(period.start, "us")) & (day <= np.datetime64(period.end, "us")))


HELD = Scale(
    zero=0.5,
    hundred=1.0,
    target=0.9,
    source="METHOD HC-2, GOV-12: held as planned; that half of them earns nothing is ours",
)
ROLES = Scale(zero=0.4, hundred=1.0, target=0.8, source="METHOD GOV-1..4 name the roles; the ends are ours")
DECIDING = Scale(
    zero=0.2, hundred=0.8, target=0.8, source="METHOD GOV-5: decisions, not dates; ends are ours"
)
YIELD = Scale(zero=0.2, hundred=0.9, target=0.8, source="METHOD GOV-1, GOV-2, GOV-9; ends are ours")


ROLES_WANTED = "Invite the missing roles by name; the forum's owner reports who came."
DECISIONS_WANTED = "End each meeting with what was decided, by whom it is done and by when."
"""What is asked for alike by whichever diagnostic meets the fault, so that it is asked for once."""


def owner_wanted(forum: Forum) -> str:
    """Return what a forum that is not held asks for."""
    return f"Give the {forum.name} forum one owner and a fixed day; its work is {forum.purpose}."


def meetings_due(gov_meeting: Table, forum: Forum, period: Period) -> int:
    """Return how many meetings were planned, or due by the calendar if more, on the days that the log covers."""
    days = log_of_meetings(gov_meeting, period).days
    return max(len(meetings_of(gov_meeting, forum, period)), due_in(forum, days))


def held_as_planned(gov_meeting: Table, forum: Forum, period: Period) -> tuple[Evidence, ...]:
    """Return the share of meetings held within the forum's grace of the planned day.

    Of the days that the log covers, first; where it does not cover all, what is missing of the others beside it.
    """
    meetings, log = meetings_of(gov_meeting, forum, period), log_of_meetings(gov_meeting, period)
    due = meetings_due(gov_meeting, forum, period)
    label = f"{forum.name} meetings held as planned"
    if due == 0:
        short = f"shorter than one {forum.name} cycle and none was planned"
        reason = f"the period is {short}" if due_in(forum, period) == 0 else f"{log.covers}, {short}"
        return (missing(label, "fraction", table="gov_meeting", reason=reason),)
    part = share(
        label,
        int(meetings["as_planned"].sum()),
        due,
        of="meetings due",
        table="gov_meeting",
        period=period,
        scale=HELD,
        rows=meetings.index[~meetings["as_planned"]],
        formula="held within the forum's grace of the planned day / planned, or due by the calendar if more",
    )
    return where_covered(part, log)


def roles_there(gov_meeting: Table, forums: Sequence[Forum], period: Period) -> Evidence:
    """Return the share of required roles that were there, over held meetings with a list of attendees."""
    due = present = 0
    for forum in forums:
        there = _roles_seen(gov_meeting, forum, period)
        due += len(there) * len(forum.roles)
        present += sum(there)
    return share(
        "required roles present",
        present,
        due,
        of="roles due",
        table="gov_meeting",
        period=period,
        scale=ROLES,
        formula="roles of the forum that were there / roles that belong there",
    )


@once_per_table
def _roles_seen(gov_meeting: Table, forum: Forum, period: Period) -> list[int]:
    """Return how many of the forum's roles each held meeting with a list of attendees had."""
    meetings = meetings_of(gov_meeting, forum, period)
    listed = attendees_of(meetings)
    seen = {who: len(roles_present(who, forum)) for who in set(listed)}  # the same people come again
    return [seen[who] for who in listed]


def attendees_of(meetings: pd.DataFrame) -> list[str]:
    """Return the list of attendees of each meeting that was held and has one."""
    held = zip(filled(meetings, "date_held"), meetings["attendees"].tolist(), strict=True)
    return [who for was_held, who in held if was_held and isinstance(who, str)]


def decisions_of(gov_meeting: Table, forum: Forum, period: Period) -> Evidence:
    """Return the share of held meetings of one forum that took a decision."""
    return meetings_deciding(gov_meeting, [forum], period)


def meetings_deciding(gov_meeting: Table, forums: Sequence[Forum], period: Period) -> Evidence:
    """Return the share of held meetings that took at least one decision, where that is noted."""
    held = meetings_of_all(gov_meeting, tuple(forums), period)
    decisions = numbers(held, "decisions_n")
    noted = filled(held, "date_held") & ~np.isnan(decisions)
    without = noted & (decisions < 1)
    return share(
        "meetings that took a decision",
        int((noted & ~without).sum()),
        int(noted.sum()),
        of="meetings held",
        table="gov_meeting",
        period=period,
        scale=DECIDING,
        rows=held.index[without],
    )


def actions_of(gov_action: Table | None, forum: Forum, period: Period, closed_within_days: int) -> Evidence:
    """Return the share of a forum's actions closed within so many days."""
    when = "the same day" if closed_within_days == 0 else f"within {closed_within_days} days"
    label = f"actions of the {forum.name} forum closed {when}"
    mine = _actions(gov_action, forum, period)
    if mine is None:
        return missing(label, "fraction", table="gov_action", lack=Lack(tables=("gov_action",)))
    done = seconds_between(times(mine, "raised"), times(mine, "closed")) < (closed_within_days + 1) * 86400
    return share(
        label,
        int(done.sum()),
        len(mine),
        of="actions",
        table="gov_action",
        period=period,
        scale=YIELD,
        rows=mine.index[~done],
    )


def causes_of(gov_action: Table | None, forum: Forum, period: Period) -> Evidence:
    """Return the share of a forum's actions that name a root cause."""
    label = f"actions of the {forum.name} forum that name a root cause"
    mine = _actions(gov_action, forum, period)
    if mine is None:
        return missing(label, "fraction", table="gov_action", lack=Lack(tables=("gov_action",)))
    named = filled(mine, "root_cause_id")
    return share(
        label,
        int(named.sum()),
        len(mine),
        of="actions",
        table="gov_action",
        period=period,
        scale=YIELD,
        rows=mine.index[~named],
    )


@once_per_table
def _actions(gov_action: Table | None, forum: Forum, period: Period) -> pd.DataFrame | None:
    if gov_action is None:
        return None
    return gov_action[equals(gov_action, "forum", forum.name) & _within(gov_action["raised"], period)]


def judge_forum(forum: Forum, gov_meeting: Table, period: Period, product: Evidence, noun: str) -> Verdict:
    """Return the verdict on one forum: held, with its roles, and what came of it."""
    held = held_as_planned(gov_meeting, forum, period)
    roles = roles_there(gov_meeting, [forum], period)
    said = findings(
        forum.code,
        (
            (held[0], "due meeting", owner_wanted(forum)),
            (roles, "due role", ROLES_WANTED),
            (product, noun, f"Keep the {forum.name} forum to its work, {forum.character}: {forum.purpose}."),
        ),
        step="cadence",
        commitments="problems reach the client before the forum",
        margin="loss runs until somebody decides",
    )
    return Verdict((*held, roles, product), said)


CADENCES = {"four forums, daily to quarterly": FORUMS, "three forums, weekly to quarterly": FORUMS[1:]}
"""The cadence in both variants of the sources (CX-4): with the daily forum, or with it for complex operations only."""


@serves("CX-4", kind="rule")
def both_cadences(gov_meeting: Table, gov_action: Table | None, period: Period) -> dict[str, Score]:
    """Return the score of the cadence with the daily forum and without it: held, its roles, and what came of it.

    A forum that is due on days that the log covers and was not planned was not held. Every forum counts alike.
    """
    products = (
        actions_of(gov_action, FORUMS[0], period, closed_within_days=0),
        causes_of(gov_action, FORUMS[1], period),
        decisions_of(gov_meeting, FORUMS[2], period),
        decisions_of(gov_meeting, FORUMS[3], period),
    )
    each = {
        forum.code: score(forum.code, judge_forum(forum, gov_meeting, period, product, "meeting").evidence)
        for forum, product in zip(FORUMS, products, strict=True)
    }
    return {
        name: combine(name, [(1.0, each[forum.code]) for forum in forums])
        for name, forums in CADENCES.items()
    }
