"""What if the lines close earlier?"""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.errors import CallError
from workbench.sim.change import Change
from workbench.sim.parts import US, clock_of, clock_s
from workbench.sim.people import Shift
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, whole


def _live(scenario: Scenario) -> list[str]:
    """Return the queues that have opening hours: not deferred, and with rates."""
    return [
        name
        for name, queue in scenario.queues.items()
        if not scenario.all_channels[queue.channel].deferrable and queue.arrivals.times_s is None
    ]


def _closings(scenario: Scenario) -> dict[int, int]:
    """Return by local day the interval before which the lines close."""
    h, live = scenario.horizon, _live(scenario)
    rate = sum((h.spread(scenario.queues[n].arrivals.per_hour) for n in live), np.zeros(h.n_intervals))
    found = {}
    for day in range(h.n_days):
        open_ = np.flatnonzero((h.day_of_interval == day) & (rate > 0))
        if len(open_) and not ((h.day_of_interval == day) & (rate <= 0)).any() and h.n_days > 1:
            raise NotHere("the lines are open round the clock here, so that no hour is the last")
        if len(open_):
            found[day] = int(open_[-1]) + 1
    if not found:
        raise NotHere("no queue has opening hours here (live contacts that come by rates)")
    return found


def _present(scenario: Scenario, _only: str) -> float:
    _closings(scenario)
    return 0.0


def _move(scenario: Scenario, value: float, _only: str) -> tuple[Change, ...]:
    earlier = round(value / scenario.time.interval_s)
    if earlier == 0:
        return ()
    h, closings = scenario.horizon, _closings(scenario)
    shut = np.zeros(h.n_intervals, dtype=bool)
    for end in closings.values():
        shut[max(0, end - earlier) : end] = True
    changes = [_squeezed(scenario, name, shut) for name in _live(scenario)]
    for name, group in scenario.groups.items():
        if group.agents is not None:
            changes.append(Change(f"groups.{name}.agents", _moved_counts(h.spread(group.agents), shut)))
    latest = max(_second_of(scenario, day, end) for day, end in closings.items())
    closed_at = latest - earlier * scenario.time.interval_s
    changes += [c for n, s in scenario.shifts.items() for c in _moved_shift(n, s, closed_at)]
    changes += [c for name in _live(scenario) for c in _moved_opening(scenario, name, closings, earlier)]
    if scenario.time.lines_close is not None:
        changes.append(
            Change("time.lines_close", clock_of(min(closed_at, clock_s(scenario.time.lines_close))))
        )
    return tuple(changes)


def _squeezed(scenario: Scenario, name: str, shut: np.ndarray) -> Change:
    """Return a queue's rates with those of the closed hours spread over the open ones of the same day."""
    h = scenario.horizon
    rate = h.spread(scenario.queues[name].arrivals.per_hour).astype(float)
    after = np.where(shut, 0.0, rate)
    for day in range(h.n_days):
        own = h.day_of_interval == day
        left = after[own].sum()
        if not left and rate[own].sum():
            raise CallError(f"opening_hours: nothing is left open on day {day}. Close for less.")
        if left:
            after[own] *= rate[own].sum() / left
    return Change(f"queues.{name}.arrivals.per_hour", after.tolist())


def _moved_opening(scenario: Scenario, name: str, closings: dict[int, int], earlier: int) -> list[Change]:
    """Return a queue's own opening hours, ended as much before the last interval of their days."""
    moved: dict[str, Any] = {}
    opening = scenario.queues[name].opening
    for label, one in opening.items():
        days = [day for day in closings if scenario.horizon.day(day).weekday() in one.days]
        end = clock_s(one.end)
        if days:
            last = max(_second_of(scenario, day, closings[day]) for day in days)
            end = min(end, last - earlier * scenario.time.interval_s)
        if end > clock_s(one.start):
            moved[label] = {**one.model_dump(mode="json"), "end": clock_of(end)}
    if opening and not moved:
        raise CallError(f"opening_hours: {name} is not open in the hours that are left. Close for less.")
    return [Change(f"queues.{name}.opening", moved)] if opening else []


def _moved_counts(counts: np.ndarray, shut: np.ndarray) -> list[int]:
    """Return counts with the people of the closed hours spread over the open ones."""
    there = np.where(shut, 0.0, counts.astype(float))
    if not there.sum():
        raise CallError("opening_hours: nobody is at work in the hours that are left. Close for less.")
    return whole((there * (counts.sum() / there.sum())).tolist())


def _moved_shift(name: str, shift: Shift, closed_at: int) -> list[Change]:
    """Return a shift that would end after closing, begun earlier with everything in it."""
    by = clock_s(shift.end) - closed_at
    if by <= 0 or clock_s(shift.start) >= closed_at:
        return []
    if clock_s(shift.start) < by:
        raise CallError(f"opening_hours: shift {name} would begin before midnight. Close for less.")
    at = f"shifts.{name}"
    return [
        Change(f"{at}.start", clock_of(clock_s(shift.start) - by)),
        Change(f"{at}.end", clock_of(closed_at)),
        *(
            Change(f"{at}.activities.{label}.start", clock_of(max(0, clock_s(activity.start) - by)))
            for label, activity in shift.activities.items()
        ),
    ]


def _second_of(scenario: Scenario, day: int, interval: int) -> int:
    """Return the second of the local day at which an interval begins."""
    h = scenario.horizon
    return int((interval * h.interval_us - h.at_us(day, "00:00")) // US)


opening_hours = Lever(
    name="opening_hours",
    title="earlier closing",
    unit="s",
    low=0.0,
    high=4 * 3600.0,
    step=1800.0,
    swing=3600.0,
    says="Lines close so much earlier, in whole intervals. Whoever would have come later comes in the open hours "
    "of the same day, and paid hours stay: late shifts begin earlier, counted people move into the open hours.",
    present=_present,
    move=_move,
    more="closing {amount} earlier",
)
