"""What would it take, where not everything can be met? Each remedy is planned and simulated.

What can stand in the way is looked at in turn: a limit on people, hours that no shift covers, lines that
are busy. Whatever is in the way is taken away, a plan is made without it, and the cheapest is named first.
What does not bring more goals to their targets, under random numbers of its own, is no remedy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from workbench.sim.change import Change
from workbench.sim.model import Ints
from workbench.sim.parts import clock_s
from workbench.studies.staffing.floor import Floor, check
from workbench.studies.staffing.master import Limits
from workbench.studies.staffing.plan import Check
from workbench.studies.staffing.pool import Pool, pool_of_shifts, pool_of_slots
from workbench.studies.staffing.shifts import Variant, cover_of, moved
from workbench.studies.staffing.validated import Found, Sizes, find
from workbench.wording import counted, listing

MOVES = 16
"""A shift is moved by at most so many half-hours to reach hours that none covers."""
MOVES_TRIED = 3
"""Of one shift."""
CLEAR = 0.001
"""So few contacts blocked are as good as none."""


@dataclass(frozen=True)
class Remedy:
    """Something that would let the targets be met, or bring them nearer.

    Attributes
    ----------
    extra_cost : over the best partial plan, in the scenario's currency; None where it has no price here.
    met : share of the goals at their target or above with it, in the replications of the check.
    changes : what to change in the scenario, where it is a change of the scenario.
    """

    kind: str
    words: str
    extra_cost: float | None
    met: float
    people: dict[str, int] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "kind": self.kind, "words": self.words, "extra_cost": self.extra_cost, "goals_met": self.met,
            "people": self.people, "changes": [{"path": c.path, "value": c.value} for c in self.changes],
        }  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A search that did not meet everything, and all it takes to search again.

    Attributes
    ----------
    book : Erlang A's plan without limits.
    checked : what the check made of the plan that was found.
    """

    found: Found
    book: Ints
    checked: Check
    limits: Limits
    seed: int
    sizes: Sizes
    variants: dict[str, tuple[Variant, ...]]
    workers: int | None
    say: Callable[[str], None]

    @property
    def pool(self) -> Pool:
        """The columns."""
        return self.found.search.pool

    def again(self, pool: Pool, start: Ints, limits: Limits) -> Found:
        """Search with something else."""
        return find(
            pool,
            start,
            limits,
            seed=self.seed,
            sizes=self.sizes,
            workers=self.workers,
            say=self.say,
            rounds=6,
        )


def remedies(case: Case) -> list[Remedy]:
    """Return what would help, the cheapest that meets most first."""
    before = _reached(case.checked)
    made = [r for r in (*_people(case), *_hours(case), *_lines(case)) if r.met > before + 1e-9]
    made.sort(key=lambda r: (-round(r.met, 3), np.inf if r.extra_cost is None else r.extra_cost, r.kind))
    return made


def _reached(check: Check) -> float:
    return float((check.table.service_level >= check.table.target - 1e-9).mean())


def _share_met(case: Case, found: Found) -> float:
    """Return the share of goals that a plan reaches in the replications of the check."""
    pool = found.search.pool
    checked = check(pool, found.seen.x, case.checked.n, case.checked.checked.seed, case.workers)
    return _reached(Check(pool.goals, checked, case.checked.confidence))


def _people(case: Case) -> list[Remedy]:
    if not case.limits:
        return []
    case.say("remedy: without the limits on people")
    free = case.again(case.pool, case.book, Limits())
    more = case.pool.people(free.seen.x) - case.pool.people(case.found.seen.x)
    if not (more > 0).any():
        return []
    changes = {u.name: int(n) for u, n in zip(case.pool.units, more, strict=True) if n}
    added = [f"{n} more in {name}" for name, n in changes.items() if n > 0]
    fewer = [f"{-n} fewer in {name}" for name, n in changes.items() if n < 0]
    extra = free.seen.cost - case.found.seen.cost
    where = "" if case.pool.by_shifts else " at the busiest time"
    return [
        Remedy(
            "people",
            f"Lift the limit on people: {listing([*added, *fewer], 8)}{where}",
            extra,
            _share_met(case, free),
            changes,
        )
    ]


def uncovered(pool: Pool) -> np.ndarray:
    """Return which slots with contacts nobody can be on duty in who serves them, shape (T, Q)."""
    names = sorted(pool.goals.scenario.queues)
    serves = np.array([[q in u.serves for q in names] for u in pool.units])
    somebody = (pool.coverable.T.astype(int) @ serves.astype(int)) > 0
    found: np.ndarray = (pool.goals.of_slot >= 0) & ~somebody
    return found


def _hours(case: Case) -> list[Remedy]:
    pool = case.pool
    gap = uncovered(pool)
    if not pool.by_shifts or not gap.any():
        return []
    names = sorted(pool.goals.scenario.queues)
    missing = {names[q]: np.flatnonzero(gap[:, q]) for q in np.flatnonzero(gap.any(axis=0))}
    more: dict[str, tuple[Variant, ...]] = dict(case.variants)
    for unit in pool.units:
        slots = sorted({int(t) for q, own in missing.items() if q in unit.serves for t in own})
        if slots:
            more[unit.name] = (*case.variants[unit.name], *_moved(pool, case.variants[unit.name], slots))
    if more == case.variants:
        return []
    case.say("remedy: shifts at other hours")
    wider = pool_of_shifts(pool.goals, pool.units, more)
    start = np.zeros(len(wider.unit), dtype=np.int64)
    where = {(int(u), v.name): j for j, (u, v) in enumerate(zip(wider.unit, wider.variants, strict=True))}
    for j, n in enumerate(case.found.seen.x.tolist()):
        start[where[int(pool.unit[j]), pool.variants[j].name]] = n
    found = case.again(wider, start, case.limits)
    old = {v.name for own in case.variants.values() for v in own}
    used: dict[str, int] = {}
    for j in np.flatnonzero(found.seen.x).tolist():
        if wider.variants[j].name not in old:
            shift = wider.variants[j].shift
            label = f"{wider.units[wider.unit[j]].name} {shift.start}–{shift.end}"
            used[label] = used.get(label, 0) + int(found.seen.x[j])
    if not used:
        return []
    words = listing([f"{n} of {label}" for label, n in used.items()], 8)
    return [
        Remedy(
            "hours", f"Add shifts at hours that none covers: {words}", found.seen.cost - case.found.seen.cost,
            _share_met(case, found), used,
        )
    ]  # fmt: skip


def _moved(pool: Pool, variants: tuple[Variant, ...], slots: list[int]) -> list[Variant]:
    """Return the first variant of each shift, moved by half-hours: the least moves that cover most of `slots`.

    Of those that cover as much of them, only shifts with the least time in which nothing comes.
    """
    first = {v.template: v for v in reversed(variants)}
    busy = (pool.goals.of_slot >= 0).any(axis=1)
    found = []
    for template in sorted(first):
        v = first[template]
        start, end = clock_s(v.shift.start), clock_s(v.shift.end)
        steps = [
            step * 1800
            for step in sorted(range(-MOVES, MOVES + 1), key=abs)
            if step and start + step * 1800 >= 0 and end + step * 1800 <= 48 * 3600
        ]
        others = [moved(v, step) for step in steps]
        covers = [cover_of(pool.goals, other) for other in others]
        reached = [(round(float(c[slots].sum()), 6), round(float(c[busy].sum()), 6)) for c in covers]
        best = max(reached, default=(0.0, 0.0))
        found += [o for o, r in zip(others, reached, strict=True) if r == best and r[0] > 0][:MOVES_TRIED]
    return found


def _lines(case: Case) -> list[Remedy]:
    pool, seen = case.pool, case.found.seen
    s = pool.scenario
    goals = pool.goals
    blocked = goals.summed(seen.counted.blocked).sum(axis=0) / np.maximum(
        goals.summed(seen.counted.of).sum(axis=0), 1.0
    )
    short = seen.service < goals.target - 1e-9
    names = {goals.goals[c].queue for c in np.flatnonzero(short & (blocked > CLEAR))}
    found = []
    for trunk in sorted(t for t in s.trunks if names & set(s.trunks[t].queues)):
        case.say(f"remedy: more lines in {trunk}")
        have = s.trunks[trunk].lines
        lines = _enough(case, trunk, have)
        change = Change(f"trunks.{trunk}.lines", lines, "no contact finds all lines busy")
        wider = _with_change(case, change)
        again = case.again(wider, seen.x, case.limits)
        found.append(
            Remedy(
                "lines",
                f"Raise trunks.{trunk}.lines from {have} to {counted(lines, 'line')} "
                "(what a line costs is not in the scenario)",
                again.seen.cost - seen.cost,
                _share_met(case, again),
                changes=(change,),
            )
        )
    return found


def _with_change(case: Case, change: Change) -> Pool:
    pool = case.pool
    goals = replace(pool.goals, scenario=pool.goals.scenario.with_(change))
    if pool.by_shifts:
        return pool_of_shifts(goals, pool.units, case.variants)
    return pool_of_slots(goals, pool.units)


def _enough(case: Case, trunk: str, have: int) -> int:
    """Return the fewest lines, within a twentieth, with which hardly a contact of the plan is blocked."""

    def clear(lines: int) -> bool:
        wider = _with_change(case, Change(f"trunks.{trunk}.lines", lines))
        counted = Floor(wider, case.seed, case.workers).serve(case.found.seen.x, case.sizes.few)
        return bool(counted.blocked.sum() <= CLEAR * counted.of.sum())

    low, high = have, max(2 * have, 1)
    while not clear(high) and high < 100_000:
        low, high = high, 2 * high
    while high - low > max(1, high // 20):
        middle = (low + high) // 2
        low, high = (low, middle) if clear(middle) else (middle, high)
    return high
