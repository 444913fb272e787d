"""What is to be done by whom until when, and what became of what was agreed last time?

Actions are prefilled from the findings in the order of repair: owner, side, forum, due date and the
measure by which it will be seen whether they helped. People confirm or change them in actions.csv in
the client's folder. The next review opens with what was closed, what is overdue, what came back and
whether the measure moved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

import pandas as pd

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Evidence, RepairStep
from workbench.diagnostics.repair import order_of_repair
from workbench.diagnostics.reviews import last_review, moved

FILE_NAME = "actions.csv"

DUE_DAYS: dict[RepairStep, int] = {
    "bypass": 7, "process": 30, "ownership": 45, "data": 60, "cadence": 75, "technology": 120,
}  # fmt: skip
"""Days until due, by step: a later step of repair is never due before an earlier one (METHOD FIX-1 … 4;
the days are ours, to be confirmed)."""

FORUM: dict[RepairStep, str] = {
    "bypass": "daily", "process": "weekly", "ownership": "monthly", "data": "weekly", "cadence": "weekly",
    "technology": "monthly",
}  # fmt: skip
"""Where it is followed up: action daily, diagnosis weekly, management monthly (METHOD GOV-1 … 3)."""

OWNER: dict[RepairStep, str] = {
    "bypass": "IT and security", "process": "process owner", "ownership": "executive sponsor",
    "data": "data owner", "cadence": "vendor manager", "technology": "platform owner",
}  # fmt: skip
"""The role proposed where no document names one for the item."""

STATES = ("came back", "overdue", "open", "closed")


@dataclass(frozen=True)
class Action:
    """One thing to do.

    Attributes
    ----------
    id : the same for the same measure in every review, so that what comes back is known again.
    code, measure, unit : the diagnostic and the measure that has to move.
    value, expected : the measure when the action was raised, and what a healthy client shows.
    what : the remedy in words.
    owner, owner_side, forum, raised, due : who, on which side, where, since when, by when.
    closed : when it was closed; None while open.
    reopened : it was closed once before.
    """

    id: str
    code: str
    what: str
    owner: str
    owner_side: str
    forum: str
    raised: date | None
    due: date | None
    measure: str = ""
    unit: str = ""
    value: float | None = None
    expected: float | None = None
    closed: date | None = None
    reopened: bool = False


COLUMNS = tuple(f.name for f in fields(Action))


def action_id(code: str, measure: str) -> str:
    """Return the id of the action on a measure: "HC-2-3fa1c0"."""
    return f"{code}-{hashlib.sha256(measure.encode()).hexdigest()[:6]}"


def prefilled(assessment: Assessment, raised: date | None = None) -> tuple[Action, ...]:
    """Return one action for each recommendation, in the order of repair.

    Parameters
    ----------
    raised : the day on which they are agreed; None: the day after the period.

    An owner named in `ownership` as accountable for the item is proposed; else the role of the step.
    """
    day = raised or assessment.dataset.period.end + timedelta(days=1)
    accountable = _accountable(assessment)
    actions: dict[str, Action] = {}
    for step in order_of_repair(assessment.findings):
        first = step.findings[0]
        part = first.evidence[0] if first.evidence else None
        identity = action_id(first.code, part.measure if part else first.remedy)
        if identity in actions:
            identity = action_id(first.code, first.remedy)
        actions[identity] = Action(
            id=identity,
            code=first.code,
            what=step.remedy,
            owner=accountable.get(first.code, OWNER[step.step]),
            owner_side=first.side,
            forum=FORUM[step.step],
            raised=day,
            due=day + timedelta(days=DUE_DAYS[step.step]),
            measure=part.measure if part else "",
            unit=part.unit if part else "",
            value=part.value if part else None,
            expected=part.expected if part else None,
        )
    return tuple(actions.values())


def as_frame(actions: Sequence[Action]) -> pd.DataFrame:
    """Return actions as the rows of actions.csv, with `COLUMNS`."""
    return pd.DataFrame([[getattr(a, name) for name in COLUMNS] for a in actions], columns=list(COLUMNS))


def _accountable(assessment: Assessment) -> dict[str, str]:
    table = assessment.dataset.tables.get("ownership")
    if table is None:
        return {}
    named = table[table["raci"] == "A"].groupby("subject")["role"].agg(lambda roles: sorted(set(roles)))
    return {str(subject): roles[0] for subject, roles in named.items() if len(roles) == 1}


@dataclass(frozen=True)
class FollowUp:
    """What became of the actions that were agreed.

    Attributes
    ----------
    actions : one row each: id, code, what, owner, forum, raised, due, closed, state, days_overdue,
        measure, unit, then, now, moved; what came back first, then the overdue, the longest first.
    as_of : the day on which it is judged.
    since : the last day of the last released review; None without one.
    mistakes : what in actions.csv could not be used, in sentences.
    """

    actions: pd.DataFrame
    as_of: date
    since: date | None
    mistakes: tuple[str, ...] = ()

    def count(self, state: str) -> int:
        """Return how many actions are in `state`."""
        return int((self.actions["state"] == state).sum())


FOLLOWED = ("id", "code", "what", "owner", "forum", "raised", "due", "closed", "state", "days_overdue",
            "measure", "unit", "then", "now", "moved")  # fmt: skip


def follow_up(assessment: Assessment, as_of: date | None = None) -> FollowUp:
    """Return what became of the actions in actions.csv and in table `gov_action`.

    An action raised after `as_of` (None: the last day of the period) is left out, and so is one on a
    diagnostic that is not part of this assessment. It came back if it
    was closed and is open again, or if it was closed and its finding stands in this assessment. A
    measure has moved if its old value lies outside the sampling interval of the new one.
    """
    day = as_of or assessment.dataset.period.end
    own, mistakes = read_actions(assessment.dataset.extras.get("actions"))
    known = {action.id for action in own}
    actions = [
        *own,
        *(a for a in _governed(assessment.dataset.tables.get("gov_action")) if a.id not in known),
    ]
    parts = {(code, e.measure): e for code, v in assessment.verdicts.items() for e in v.evidence}
    standing = {(f.code, e.measure) for f in assessment.findings for e in f.evidence[:1]}
    rows = [
        _followed(action, day, parts.get((action.code, action.measure)), standing)
        for action in actions
        if (action.raised is None or action.raised <= day)
        and (action.code in assessment.scores or action.code not in CHECKS.by_name)
    ]
    table = pd.DataFrame(rows, columns=list(FOLLOWED))
    order = table.assign(place=table["state"].map(STATES.index), late=-table["days_overdue"].fillna(0))
    order = order.sort_values(["place", "late", "id"], ignore_index=True)
    return FollowUp(order[list(FOLLOWED)], day, last_review(assessment), mistakes)


def _followed(
    action: Action, day: date, now: Evidence | None, standing: set[tuple[str, str]]
) -> tuple[object, ...]:
    closed = action.closed is not None and action.closed <= day
    back = action.reopened or (closed and (action.code, action.measure) in standing)
    overdue = not closed and action.due is not None and action.due < day
    state = "came back" if back else "closed" if closed else "overdue" if overdue else "open"
    late = (day - action.due).days if overdue and action.due is not None else None
    return (
        action.id, action.code, action.what, action.owner, action.forum, action.raised, action.due,
        action.closed if closed else None, state, late, action.measure, action.unit, action.value,
        None if now is None else now.value, moved(action.value, now),
    )  # fmt: skip


def read_actions(content: object) -> tuple[tuple[Action, ...], tuple[str, ...]]:
    """Return the actions in what actions.csv holds, and a sentence on each value that cannot be used.

    `content` is a frame of text with some of `COLUMNS`; only id is needed. A value that cannot be
    read is left blank, so that the action itself is never lost.
    """
    if not isinstance(content, pd.DataFrame):
        return (), ()
    frame = content.rename(columns=lambda name: str(name).strip().lower())
    if "id" not in frame.columns:
        return (), (f"{FILE_NAME}: there is no column id. Accepted: {', '.join(COLUMNS)}.",)
    actions, mistakes = [], []
    for row, cells in zip(frame.index, frame.to_dict("records"), strict=True):
        said = {str(k): "" if pd.isna(v) else str(v).strip() for k, v in cells.items()}
        if not said["id"]:
            mistakes.append(f"{FILE_NAME} row {row}, id: is empty. Give the action a name.")
            continue
        values: dict[str, object] = {n: said.get(n, "") for n in COLUMNS}
        for name in ("raised", "due", "closed"):
            values[name] = _day(said.get(name, ""), f"{FILE_NAME} row {row}, {name}", mistakes)
        for name in ("value", "expected"):
            values[name] = _number(said.get(name, ""), f"{FILE_NAME} row {row}, {name}", mistakes)
        values["reopened"] = said.get("reopened", "").lower() in ("yes", "true", "1", "y")
        actions.append(Action(**values))  # type: ignore[arg-type]
    return tuple(actions), tuple(mistakes)


def _day(text: str, where: str, mistakes: list[str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        mistakes.append(f'{where}: "{text}" is not a day. Write it as 2024-06-30.')
        return None


def _number(text: str, where: str, mistakes: list[str]) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        mistakes.append(f'{where}: "{text}" is not a number. Write it as 0.85.')
        return None


def _governed(table: pd.DataFrame | None) -> list[Action]:
    """Return the actions of the client's own log; they name no measure of ours."""
    if table is None:
        return []
    return [
        Action(
            id=str(row["id"]),
            code="",
            what=_text(row["kind"]),
            owner=_text(row["owner"]),
            owner_side=_text(row["owner_side"]),
            forum=_text(row["forum"]),
            raised=_date(row["raised"]),
            due=_date(row["due"]),
            closed=_date(row["closed"]),
            reopened=bool(row["reopened"]) if pd.notna(row["reopened"]) else False,
        )
        for row in table.to_dict("records")
    ]


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _date(value: object) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()
