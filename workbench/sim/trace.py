"""What happened to one contact, told in words?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import CallError
from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, BLOCKED
from workbench.sim.model import KINDS
from workbench.sim.parts import US
from workbench.sim.records import REASONS

if TYPE_CHECKING:
    from workbench.sim.run import Run


def story(run: Run, contact: int) -> str:
    """Return the story of a contact, a sentence per line, times since the start of the horizon.

    Raises
    ------
    CallError
        if there is no such contact, or contacts were not recorded.
    """
    c = run.contact_rows
    if c is None:
        raise CallError('contacts were not recorded. Run again with record="contacts"')
    if not 0 <= contact < len(c.key):
        raise CallError(f"there is no contact {contact}. Contacts are 0 to {len(c.key) - 1}")
    names, agents = run.workload.names, run.workload.agents.names
    queue = names.queues[c.queue[contact]]
    kind = names.complexity[c.queue[contact]][c.complexity[contact]]
    lines = [
        f"{_clock(c.offered_us[contact])} contact {contact} comes to {queue}"
        f"{f', {kind}' if kind else ''}: {KINDS[c.kind[contact]]}"
        f"{f' after contact {c.parent[contact]}' if c.parent[contact] >= 0 else ''}."
    ]
    outcome, reason = c.outcome[contact], REASONS[c.reason[contact]]
    if c.callback[contact]:
        lines.append("It accepts to be called back and keeps its place.")
    if outcome == BLOCKED:
        lines.append(f"It is blocked: {reason}.")
    elif outcome == ABANDONED:
        waited = _seconds(c.abandon_us[contact] - c.offered_us[contact])
        lines.append(f"{_clock(c.abandon_us[contact])} it leaves after {waited}: {reason}.")
    elif outcome == ANSWERED:
        lines += _service(run, contact, agents[c.agent[contact]])
    else:
        lines.append("It still waits when the run ends.")
    children = [i for i, parent in enumerate(c.parent.tolist()) if parent == contact]
    for child in children:
        lines.append(
            f"It brings about contact {child} in {names.queues[c.queue[child]]}: {KINDS[c.kind[child]]}."
        )
    return "\n".join(lines)


def _service(run: Run, contact: int, agent: str) -> list[str]:
    c = run.contact_rows
    assert c is not None
    waited = _seconds(c.answer_us[contact] - c.offered_us[contact])
    parts = [f"talk {_seconds(c.talk_us[contact])}"]
    for word, column in (("hold", c.hold_us), ("stays on", c.stay_us), ("wrap-up", c.wrap_us)):
        if column[contact]:
            parts.append(f"{word} {_seconds(column[contact])}")
    hand = c.in_hand[contact]
    beside = f", one of {hand} in hand" if hand > 1 else ""
    lines = [f"{_clock(c.answer_us[contact])} it is taken after {waited}{beside}: {', '.join(parts)}."]
    if c.put_down[contact]:
        lines.append(f"It is put down {c.put_down[contact]} times.")
    if c.end_us[contact] < 0:
        return [*lines, f"{agent} is not finished when the run ends."]
    ending = {1: "resolved", 0: "not resolved"}.get(int(c.resolved[contact]), "passed on")
    return [*lines, f"{_clock(c.end_us[contact])} {agent} lets it go: {ending}."]


def _clock(us: int) -> str:
    seconds = int(us) / US
    return f"{int(seconds // 3600):02d}:{int(seconds % 3600 // 60):02d}:{seconds % 60:06.3f}"


def _seconds(us: int) -> str:
    return f"{int(us) / US:g} s"
