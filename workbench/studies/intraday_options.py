"""What can still be done today? Overtime, moved breaks, overflow, voluntary time off: from now on only.

Each option is a set of changes that acts after a notice, and leaves everything before as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workbench.errors import CallError, ScenarioError
from workbench.sim.change import Change
from workbench.sim.model import Floats
from workbench.sim.parts import US, clock_of, clock_s
from workbench.sim.people import Shift, Skill
from workbench.sim.scenario import Scenario
from workbench.studies.lever import shared_out
from workbench.wording import counted

TIME_OFF = "time off"
"""How outages of people on voluntary time off are called."""


@dataclass(frozen=True)
class Option:
    """Something that can still be done.

    Attributes
    ----------
    changes : to the scenario.
    moves : queue from, queue to and share of what comes there after the notice; None: nothing is moved.
    unpaid : time of people struck by an outage called TIME_OFF is not paid.
    why_not : why it cannot be done; "" if it can.
    """

    name: str
    words: str
    changes: tuple[Change, ...] = ()
    moves: tuple[str, str, float] | None = None
    unpaid: bool = False
    why_not: str = ""


@dataclass(frozen=True)
class Wishes:
    """How much of each is looked at.

    Attributes
    ----------
    people : on overtime, or on time off; None: one in twenty of those at work, at least one.
    minutes : of overtime.
    share : of a queue's contacts that overflow.
    notice_s : from now to the first effect; rounded up to whole intervals. [s]
    moved_s : by how much a break is moved at most. [s]
    """

    people: int | None = None
    minutes: int = 60
    share: float = 0.2
    notice_s: int = 1800
    moved_s: int = 3600

    def __post_init__(self) -> None:
        wrong = [
            f"--{name} {value:g}: use {accepted}"
            for name, value, good, accepted in (
                ("people", self.people or 0, self.people is None or self.people >= 1, "1 or more"),
                ("minutes", self.minutes, self.minutes >= 1, "1 or more"),
                ("share", self.share, 0 < self.share <= 1, "a share above 0 up to 1, as 0.2"),
                ("notice", self.notice_s // 60, self.notice_s >= 0, "0 or more"),
                ("move", self.moved_s // 60, self.moved_s >= 0, "0 or more"),
            )
            if not good
        ]
        if wrong:
            raise CallError(". ".join(wrong) + ".")


def first_moved(scenario: Scenario, n_past: int, notice_s: int) -> int:
    """Return the first interval on which anything can still act."""
    return min(scenario.horizon.n_intervals - 1, n_past + -(-notice_s // scenario.time.interval_s))


def clock_at(scenario: Scenario, interval: int) -> str:
    """Return the local clock at which an interval begins."""
    h = scenario.horizon
    edge = interval * h.interval_us
    return clock_of(int((edge - h.at_us(0, "00:00")) // US))


def overtime(scenario: Scenario, start: int, people: int, minutes: int) -> Option:
    """Some of those whose shift ends later today stay on, paid by the overtime factor."""
    h = scenario.horizon
    length = max(1, round(minutes * 60 / scenario.time.interval_s))
    leaving = {name: left for name in scenario.groups if (left := _leaving(scenario, name, start)).any()}
    name = "overtime"
    if not leaving:
        return Option(name, name, why_not="nobody's shift ends later today")
    shares = shared_out(people, {g: int(left.sum()) for g, left in leaving.items()})
    changes = []
    for g, n in shares.items():
        group = scenario.groups[g]
        stay = np.zeros(h.n_intervals)
        left_over = n
        for i in np.flatnonzero(leaving[g]):
            staying = min(left_over, int(leaving[g][i]))
            stay[i : i + length] += staying
            left_over -= staying
        if not stay.any():
            continue
        pay = scenario.money.pay_per_hour if group.pay_per_hour is None else group.pay_per_hour
        data = {
            "site": group.site, "agents": [int(x) for x in stay], "handle_factor": group.handle_factor,
            "skills": {k: s.model_dump(mode="json") for k, s in _skills(scenario, g).items()},
            "pay_per_hour": pay * scenario.money.overtime_factor,
        }  # fmt: skip
        changes.append(Change(f"groups.{g} overtime", data))
    stayed = sum(shares.values())
    return Option(
        name,
        f"{counted(stayed, 'person')} staying {length * scenario.time.interval_s // 60} min",
        tuple(changes),
    )


def _skills(scenario: Scenario, group: str) -> Mapping[str, Skill]:
    g = scenario.groups[group]
    own = [p.skills for p in g.people.values() if p.skills is not None]
    return g.skills or (own[0] if own else {})


def _leaving(scenario: Scenario, group: str, start: int) -> np.ndarray:
    """Return how many people of a group go home at the beginning of each interval from `start` on."""
    h, g = scenario.horizon, scenario.groups[group]
    found = np.zeros(h.n_intervals)
    if g.agents is not None:
        counts = h.spread(g.agents).astype(float)
        found[1:] = np.maximum(counts[:-1] - counts[1:], 0)
    for people in g.people.values():
        shift = scenario.shifts[people.shift]
        end_us = h.at_us(0, shift.end)
        if h.day(0).weekday() in shift.days and 0 < end_us < h.length_us:
            found[-(-end_us // h.interval_us)] += (
                people.count if end_us // h.interval_us < h.n_intervals - 1 else 0
            )
    found[: start + 1] = 0
    return found


def time_off(scenario: Scenario, start: int, people: int) -> Option:
    """Some go home unpaid: of counted groups fewer are there, of the others so many are struck, by lot."""
    sizes = {name: _still_there(scenario, name, start) for name in scenario.groups}
    shares = shared_out(people, sizes, sizes)
    changes = []
    for g, n in shares.items():
        group = scenario.groups[g]
        if not n:
            continue
        if group.agents is not None:
            counts = scenario.horizon.spread(group.agents, int)
            changes.append(
                Change(
                    f"groups.{g}.agents",
                    [int(c) if i < start else max(0, int(c) - n) for i, c in enumerate(counts)],
                )
            )
            continue
        end = clock_at(scenario, scenario.horizon.n_intervals)
        window = {"start": clock_at(scenario, start), "end": end, "group": g, "share": n / sizes[g]}
        changes.append(Change(f"outages.{TIME_OFF} {g}", window))
    name = "voluntary time off"
    if not changes:
        return Option(name, name, why_not="nobody is at work")
    words = f"{counted(sum(shares.values()), 'person')} home from {clock_at(scenario, start)}, unpaid"
    return Option(name, words, tuple(changes), unpaid=True)


def _still_there(scenario: Scenario, group: str, start: int) -> int:
    """Return how many people of a group work after the beginning of an interval."""
    h, g = scenario.horizon, scenario.groups[group]
    if g.agents is not None:
        return int(h.spread(g.agents, int)[start:].max())
    today = h.day(0).weekday()
    return sum(
        p.count
        for p in g.people.values()
        if today in (shift := scenario.shifts[p.shift]).days and h.at_us(0, shift.end) > start * h.interval_us
    )


def overflow(scenario: Scenario, start: int, share: float, level: Mapping[str, float]) -> Option:
    """A share of what comes to the worst served queue goes to the best served one of its channel.

    `level` is the service level of the rest of the day by queue, less the queue's target.
    """
    name = "overflow"
    best: tuple[float, str, str] | None = None
    for giver in sorted(level):
        for taker in sorted(level):
            alike = scenario.queues[giver].channel == scenario.queues[taker].channel
            gap = level[taker] - level[giver]
            if giver != taker and alike and gap > 0 and (best is None or gap > best[0]):
                best = (gap, giver, taker)
    if best is None:
        return Option(name, name, why_not="no other queue of the same channel is served better")
    _, giver, taker = best
    words = f"{100 * share:g} % of {giver} to {taker} from {clock_at(scenario, start)}"
    return Option(name, words, moves=(giver, taker, share))


def moved_breaks(scenario: Scenario, start: int, spare: Floats, most_s: int) -> Option:
    """Breaks, meals, training that have not begun go to where most people are free, one after another.

    `spare` is the people waiting for a contact in each interval, on average: shape (n_intervals,).
    """
    name = "moved breaks"
    if not scenario.shifts:
        return Option(name, name, why_not="agents are counts here, and no breaks are known")
    free, now, changes, words = spare.copy(), scenario, list[Change](), list[str]()
    for label in sorted(scenario.shifts):
        n = sum(p.count for g in scenario.groups.values() for p in g.people.values() if p.shift == label)
        for activity in sorted(scenario.shifts[label].activities):
            found = _better(now, label, activity, start, free, n, most_s)
            if found is None:
                continue
            now, free, clock = found
            was = scenario.shifts[label].activities[activity].start
            changes.append(Change(f"shifts.{label}.activities.{activity}.start", clock))
            words.append(f"{activity} ({label}) {was} → {clock}")
    if not changes:
        return Option(name, name, why_not="no break that has not begun finds a better place near by")
    return Option(name, "; ".join(words), tuple(changes))


def _better(
    scenario: Scenario, label: str, activity: str, start: int, free: Floats, n: int, most_s: int
) -> tuple[Scenario, Floats, str] | None:
    """Return the scenario with an activity where it takes most from the free; None if it is there."""
    shift = scenario.shifts[label]
    began = clock_s(shift.activities[activity].start)
    earliest = clock_s(clock_at(scenario, start))
    step = scenario.time.interval_s
    if began < earliest or not n:
        return None
    without = free + _taken(scenario, shift, activity, began, n)
    choices = [t for t in range(began - most_s // step * step, began + most_s + 1, step) if t >= earliest]
    worth = {t: _left_short(without - _taken(scenario, shift, activity, t, n)) for t in choices}
    for t in sorted(choices, key=lambda t: (worth[t], abs(t - began))):
        if t == began or worth[t] >= worth[began] - 1e-9:
            return None
        try:
            moved = scenario.with_(Change(f"shifts.{label}.activities.{activity}.start", clock_of(t)))
        except ScenarioError:
            continue  # outside the shift, or into another activity
        return moved, without - _taken(scenario, shift, activity, t, n), clock_of(t)
    return None


def _left_short(free: Floats) -> float:
    """Return how little is left free where it is least: what waits grows out of proportion as it nears 0."""
    return float(np.sum(1.0 / np.maximum(free, 0.25)))


def _taken(scenario: Scenario, shift: Shift, activity: str, began: int, n: int) -> Floats:
    """Return how many people an activity takes in each interval, on average."""
    a, h = shift.activities[activity], scenario.horizon
    edges = (h.edges_us - h.at_us(0, "00:00")) / US
    taken = np.zeros(h.n_intervals)
    for wave in range(a.waves):
        low = began + 60 * a.wave_minutes * wave
        high = low + 60 * a.minutes
        inside = np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)
        taken += n / a.waves * np.maximum(inside, 0) / scenario.time.interval_s
    return taken
