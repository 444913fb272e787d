"""What became of what was agreed, and what has changed since the last review?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from workbench.diagnostics.actions import STATES, FollowUp, follow_up
from workbench.diagnostics.aftermath import aftermath, time_to_close
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Evidence
from workbench.diagnostics.movement import Moved, Movement, movement
from workbench.diagnostics.reviews import since_last_review
from workbench.reports import parts
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import (
    AnyBlock,
    Bullets,
    Card,
    Cards,
    Column,
    DataTable,
    Heading,
    Prose,
    Tone,
    strong,
)
from workbench.wording import counted, figure, listing, span

STATE_TONES: dict[str, Tone] = {
    "came back": "severe", "overdue": "moderate", "open": "note", "closed": "good",
}  # fmt: skip
CHANGES = {"new": "new", "stays": "stands as before", "gone": "gone", "unknown": "cannot be assessed now"}

ACTION_COLUMNS = (
    Column(name="id", label="Action"),
    Column(name="state", label="State"),
    Column(name="what", label="What"),
    Column(name="owner", label="Owner"),
    Column(name="forum", label="Forum"),
    Column(name="due", label="Due"),
    Column(name="late", label="Late by"),
    Column(name="measure", label="Measure"),
    Column(name="then", label="Then"),
    Column(name="now", label="Now"),
    Column(name="moved", label="Moved"),
)
CHANGE_COLUMNS = (
    Column(name="code", label="Code"),
    Column(name="measure", label="Measure"),
    Column(name="state", label="Finding"),
    Column(name="then", label="Then"),
    Column(name="now", label="Now"),
    Column(name="moved", label="Moved"),
)


@section(
    "follow up", title="What became of what was agreed", order=8,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
def follow_up_section(assessment: Assessment, parameters: Parameters) -> Content:
    """Open with what was closed, what is overdue, what came back, and whether the measures moved."""
    past, changes, moves = follow_up(assessment), since_last_review(assessment), movement(assessment)
    if past.actions.empty and changes.empty and moves is None and not past.mistakes:
        return Content([])
    took, after = time_to_close(past), aftermath(assessment, past)
    blocks: list[AnyBlock] = [] if moves is None else _movement(moves)
    if len(past.actions):
        blocks += [_cards(past), *_closing(took), _actions(past.actions), *_aftermath(after)]
    if past.mistakes:
        blocks.append(Bullets.of(past.mistakes))
    if len(changes) and past.since is not None:
        blocks += [_since(changes, past.since), _changes(changes)]
    data = {
        "as_of": past.as_of.isoformat(),
        "last_review": None if past.since is None else past.since.isoformat(),
        "actions": {state: past.count(state) for state in STATES},
        "days_to_close": {
            "value": took.value,
            "low": took.low,
            "high": took.high,
            "n": took.n,
            "reason": took.reason,
        },
        "aftermath": [
            {
                key: _plain(row[key])
                for key in ("id", "code", "measure", "before", "after", "jump", "low", "high", "moved")
            }
            for row in after.to_dict("records")
        ],
        "findings": {str(k): int(n) for k, n in changes["state"].value_counts().sort_index().items()},
    }
    moved = None if moves is None else movement_data(moves)
    return Content(blocks, {"follow_up": data, "movement": moved})


def _plain(value: object) -> object:
    return None if value is None or value != value else value


def _between(row: Mapping[Any, Any]) -> str:
    return "" if _plain(row["low"]) is None else span(float(row["low"]), float(row["high"]), "points")


def _closing(took: Evidence) -> list[AnyBlock]:
    """Say how fast actions are closed, the open ones counted as lasting longer."""
    if took.value is None:
        return [Prose.of(f"How long it takes to close an action is not known: {took.reason}.")]
    between = span(took.low, took.high, "days")
    return [
        Prose.of(
            f"Half of {counted(took.n, 'action')} were closed within {figure(took.value, 'days')}"
            f"{f' (95 %: {between})' if between else ''}; open ones count as lasting longer."
        )
    ]


def _aftermath(after: pd.DataFrame) -> list[AnyBlock]:
    """Show what closed actions moved beyond the trend that was there."""
    if after.empty:
        return []
    rows = tuple(
        (row["id"], row["measure"], _day(row["closed"]), row["before"], row["after"], _value(row["jump"], "points"),
         _between(row), row["moved"], row["reason"])
        for row in after.to_dict("records")
    )  # fmt: skip
    return [
        DataTable(
            name="what closed actions moved", caption="Closed actions whose measure has a weekly figure",
            columns=(
                Column(name="id", label="Action"), Column(name="measure", label="Measure"),
                Column(name="closed", label="Closed"), Column(name="before", label="Weeks before", type="count"),
                Column(name="after", label="Weeks after", type="count"), Column(name="jump", label="Jump"),
                Column(name="interval", label="95 % interval"), Column(name="moved", label="Moved"),
                Column(name="reason", label="Why not known"),
            ),
            rows=rows,
            note="The jump of the weekly figure at closing, beyond level and trend before it (interrupted series whose "
                 "errors follow one another).",
        )
    ]  # fmt: skip


def _cards(past: FollowUp) -> Cards:
    return Cards(
        cards=tuple(
            Card(
                label=f"Actions {'that came back' if state == 'came back' else state}",
                text=str(past.count(state)),
                value=past.count(state),
                tone=STATE_TONES[state] if past.count(state) else "note",
                note=f"of {counted(len(past.actions), 'action')}",
            )
            for state in STATES
        )
    )


def _actions(table: pd.DataFrame) -> DataTable:
    rows = tuple(
        (
            row["id"], row["state"], row["what"], row["owner"], row["forum"], _day(row["due"]),
            "" if pd.isna(row["days_overdue"]) else counted(int(row["days_overdue"]), "day"), row["measure"],
            _value(row["then"], row["unit"]), _value(row["now"], row["unit"]),
            row["moved"] if row["measure"] else "",
        )
        for row in table.to_dict("records")
    )  # fmt: skip
    said = [place for place, _ in enumerate(ACTION_COLUMNS) if any(row[place] for row in rows)]
    with_measure = any(ACTION_COLUMNS[place].name == "measure" for place in said)
    return DataTable(
        name="actions agreed", caption="Actions agreed", columns=tuple(ACTION_COLUMNS[p] for p in said),
        rows=tuple(tuple(row[p] for p in said) for row in rows), shown=20,
        note="A measure moved if its old value lies outside the interval of the new one." if with_measure
        else "None of them names the measure by which it would be seen whether it helped.",
    )  # fmt: skip


def _movement(moves: Movement) -> list[AnyBlock]:
    """Say how far the score moved, like for like, what is noise, and what else is different."""
    blocks: list[AnyBlock] = [Heading(text="How far the score moved")]
    since = f"{moves.since.day} {moves.since:%B %Y}"
    if moves.total is None:
        blocks.append(Prose.of(f"No diagnostic had a value both now and in the review to {since}."))
    else:
        told = "beyond chance" if moves.total.beyond_chance else "not beyond chance"
        blocks.append(
            Prose.of(
                f"Over the {counted(moves.total.diagnostics, 'diagnostic')} with evidence now and in the review to "
                f"{since}, the score went from {moves.total.then:.0f} to {moves.total.now:.0f}, by ",
                strong(f"{_points(moves.total)}, {told}"), ". " + _whole(moves),
            )
        )  # fmt: skip
        blocks.append(_by_area(moves))
    lines = []
    if moves.lost_tables:
        lines.append(f"No longer delivered: {listing(list(moves.lost_tables), 8)}.")
    if moves.no_longer_assessed:
        codes = parts.in_order(moves.no_longer_assessed)
        lines.append(f"Had evidence then and have none now: {listing(codes, 8)}.")
    lines += [
        f"Restated: {one.what} of that review was {figure(one.released, one.unit)} of {one.n_released:,}, and is "
        f"{figure(one.now, one.unit)} of {one.n_now:,} in what was delivered now."
        for one in moves.restated or ()
    ]
    if moves.restated is None:
        lines.append(
            "Whether the figures of that review still hold cannot be said: no contacts of its days came."
        )
    return [*blocks, Bullets.of(lines)] if lines else blocks


def _points(moved: Moved) -> str:
    sign = "+" if moved.change > 0 else ""
    return f"{sign}{figure(moved.change, '', 1)} points ({figure(moved.low, '', 1)} to {figure(moved.high, '', 1)})"


def _whole(moves: Movement) -> str:
    if moves.then is None or moves.now is None:
        return ""
    return f"With all that could be assessed either time it was {moves.then:.0f} and is {moves.now:.0f}."


def _by_area(moves: Movement) -> DataTable:
    rows = tuple(
        (parts.area_title(m.scope), m.then, m.now, m.change, m.low, m.high,
         "beyond chance" if m.beyond_chance else "not beyond chance", m.diagnostics)
        for m in moves.areas
    )  # fmt: skip
    labels = {"then": "Then", "now": "Now", "change": "Change", "low": "From", "high": "To"}
    return DataTable(
        name="movement", caption="Scores then and now over the same diagnostics, by area",
        columns=(
            Column(name="area", label="Area"),
            *(Column(name=n, label=label, type="number", decimals=1 if n in ("change", "low", "high") else 0)
              for n, label in labels.items()),
            Column(name="moved", label="Moved"), Column(name="diagnostics", label="Compared", type="count"),
        ),
        rows=rows,
        note="From and To: 95 % interval of the change, from the intervals of the measures both times, taken as "
             "independent (MOVER).",
    )  # fmt: skip


def movement_data(moves: Movement) -> dict[str, object]:
    """Return what moved as plain values."""
    return {
        "since": moves.since.isoformat(), "then": moves.then, "now": moves.now,
        "total": None if moves.total is None else _moved_data(moves.total),
        "areas": [_moved_data(m) for m in moves.areas],
        "lost_tables": list(moves.lost_tables), "no_longer_assessed": list(moves.no_longer_assessed),
        "newly_assessed": list(moves.newly_assessed),
        "restated": None if moves.restated is None else [vars(r) for r in moves.restated],
    }  # fmt: skip


def _moved_data(moved: Moved) -> dict[str, object]:
    return {**vars(moved), "beyond_chance": moved.beyond_chance}


def _since(changes: pd.DataFrame, since: date) -> Prose:
    counts = changes["state"].value_counts()
    words = {**CHANGES, "stays": "as before"}
    told = ", ".join(f"{counts[state]} {words[state]}" for state in CHANGES if state in counts)
    return Prose.of(f"Findings since the review that ended on {since.day} {since:%B %Y}: {told}.")


def _changes(changes: pd.DataFrame) -> DataTable:
    rows = tuple(
        (row["code"], row["measure"], CHANGES[row["state"]], _value(row["then"], row["unit"]),
         _value(row["now"], row["unit"]), row["moved"])
        for row in changes.to_dict("records")
    )  # fmt: skip
    return DataTable(
        name="findings since", caption="Findings since the last review", columns=CHANGE_COLUMNS, rows=rows,
        shown=20,
    )  # fmt: skip


def _day(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else ""


def _value(value: float | None, unit: str) -> str:
    return "" if value is None or pd.isna(value) else figure(float(value), unit)
