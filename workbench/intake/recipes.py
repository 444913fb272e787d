"""Which columns does an export not have, but enough to compute them?

Most systems give the start of a contact and durations, not the moments in between; interval reports give
sums, not means. A synonym that begins with "@" is such a part; here stands what becomes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from workbench.intake.cell_numbers import NO, YES
from workbench.intake.looks import Look
from workbench.intake.mapping import ColumnMapping

DERIVED: dict[tuple[str, str], tuple[str, ...]] = {
    ("contacts", "@wait"): ("answer_ts", "abandon_ts", "wait_s"),
    ("contacts", "@before_queue"): ("queue_ts", "ivr_s"),
    ("intervals", "@talk_total"): ("aht_s",),
    ("intervals", "@wait_total"): ("asa_s",),
}
"""What each part is for, by table."""

YES_GONE = (*YES, "abandoned", "abandon")
"""Words of a column on giving up that mean that somebody did."""


class Part(Protocol):
    """A guess at a part: which column of the export, in which unit, how sure."""

    @property
    def source(self) -> str | tuple[str, ...]:
        """The column of the export."""

    @property
    def unit(self) -> str:
        """Its unit; "" where it has none."""

    @property
    def confidence(self) -> float:
        """0 to 1."""


def derived_columns(
    table: str, columns: Mapping[str, ColumnMapping], parts: Mapping[str, Part], looks: Mapping[str, Look]
) -> dict[str, ColumnMapping]:
    """Return the columns that can be computed from `parts` and from what is mapped already."""
    if table == "contacts" and "offered_ts" in columns:
        return _contacts(columns["offered_ts"], parts, looks)
    if table == "intervals" and "answered" in columns:
        return _intervals(columns["answered"], parts)
    return {}


def _contacts(
    start: ColumnMapping, parts: Mapping[str, Part], looks: Mapping[str, Look]
) -> dict[str, ColumnMapping]:
    made: dict[str, ColumnMapping] = {}
    menu, wait, gone = parts.get("@before_queue"), parts.get("@wait"), parts.get("@abandoned")
    common = {"from": start.source, "date_format": start.date_format}
    if menu:
        made["ivr_s"] = _amount(menu, "time before the queue")
        made["queue_ts"] = _made(
            {**common, "plus": [_added(menu)]}, [start, menu], "start and time before the queue"
        )
    if wait:
        made["wait_s"] = _amount(wait, "wait")
        plus = [_added(menu), _added(wait)] if menu else [_added(wait)]
        taken = parts.get("@answered")
        gone, yes = _gone(gone, YES_GONE, looks) or _gone(taken, NO, looks) or (None, [])
        if gone:
            when = {_header(gone): yes}
            behind = [start, wait, gone]
            made["answer_ts"] = _made(
                {**common, "plus": plus, "unless": when}, behind, "start and wait, where it was not abandoned"
            )
            made["abandon_ts"] = _made(
                {**common, "plus": plus, "only_if": when}, behind, "start and wait, where it was abandoned"
            )
        else:
            made["answer_ts"] = _made(
                {**common, "plus": plus}, [start, wait],
                "start and wait; no column says which were abandoned, so that all count as answered",
                sure=False,
            )  # fmt: skip
    return made


def _gone(
    part: Part | None, words: tuple[str, ...], looks: Mapping[str, Look]
) -> tuple[Part, list[str]] | None:
    """Return the part that says who gave up, and its words for it; None if it says no such word."""
    if part is None:
        return None
    said = [word for word in looks[_header(part)].distinct if word.lower() in words]
    return (part, said) if said else None


def _intervals(answered: ColumnMapping, parts: Mapping[str, Part]) -> dict[str, ColumnMapping]:
    made: dict[str, ColumnMapping] = {}
    talk, wait = parts.get("@talk_total"), parts.get("@wait_total")
    if not isinstance(answered.source, str):
        return made
    if talk:
        others = [parts[name] for name in ("@hold_total", "@acw_total") if name in parts]
        plus = [_added(other) for other in others]
        made["aht_s"] = _made(
            {"from": talk.source, "unit": talk.unit, "plus": plus, "divided_by": answered.source},
            [talk, *others], f"sum of {1 + len(others)} times over the answered", sure=len(others) == 2,
        )  # fmt: skip
    if wait:
        made["asa_s"] = _made(
            {"from": wait.source, "unit": wait.unit, "divided_by": answered.source}, [wait],
            "sum of waits over the answered",
        )  # fmt: skip
    return made


def _amount(part: Part, what: str) -> ColumnMapping:
    return _made({"from": part.source, "unit": part.unit or "seconds"}, [part], what)


def _added(part: Part) -> dict[str, str]:
    return {"from": _header(part), "unit": part.unit or "seconds"}


def _header(part: Part) -> str:
    return part.source if isinstance(part.source, str) else part.source[0]


def _made(values: dict[str, Any], behind: list[Any], why: str, *, sure: bool = True) -> ColumnMapping:
    confidence = min(one.confidence or 1.0 for one in behind)
    settled = all(getattr(one, "confirmed", True) for one in behind)
    return ColumnMapping.model_validate(
        {**values, "confirmed": sure and settled and confidence >= 0.8, "confidence": confidence, "why": why}
    )
