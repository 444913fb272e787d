"""What became of what was agreed, and what has changed since the last review?"""

from __future__ import annotations

from datetime import date

import pandas as pd

from workbench.diagnostics.actions import STATES, FollowUp, follow_up
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.reviews import since_last_review
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Bullets, Card, Cards, Column, DataTable, Prose, Tone
from workbench.wording import counted, figure

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
    Column(name="days_overdue", label="Days overdue", type="number", decimals=0),
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
    past, changes = follow_up(assessment), since_last_review(assessment)
    if past.actions.empty and changes.empty and not past.mistakes:
        return Content([])
    blocks: list[AnyBlock] = []
    if len(past.actions):
        blocks += [_cards(past), _actions(past.actions)]
    if past.mistakes:
        blocks.append(Bullets.of(past.mistakes))
    if len(changes) and past.since is not None:
        blocks += [_since(changes, past.since), _changes(changes)]
    data = {
        "as_of": past.as_of.isoformat(),
        "last_review": None if past.since is None else past.since.isoformat(),
        "actions": {state: past.count(state) for state in STATES},
        "findings": {str(k): int(n) for k, n in changes["state"].value_counts().sort_index().items()},
    }
    return Content(blocks, {"follow_up": data})


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
            None if pd.isna(row["days_overdue"]) else float(row["days_overdue"]), row["measure"],
            _value(row["then"], row["unit"]), _value(row["now"], row["unit"]),
            row["moved"] if row["measure"] else "",
        )
        for row in table.to_dict("records")
    )  # fmt: skip
    return DataTable(
        name="actions agreed", caption="Actions agreed", columns=ACTION_COLUMNS, rows=rows, shown=20,
        note="A measure moved if its old value lies outside the interval of the new one.",
    )  # fmt: skip


def _since(changes: pd.DataFrame, since: date) -> Prose:
    counts = changes["state"].value_counts()
    told = ", ".join(f"{counts[state]} {words}" for state, words in CHANGES.items() if state in counts)
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
