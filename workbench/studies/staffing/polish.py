"""What can still be left out of a plan, exchanged for less, or has to be added? One agent at a time, simulated.

The master problem knows cuts; what is done here is held by simulation alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from workbench.sim.model import Floats, Ints
from workbench.studies.staffing.master import Limits
from workbench.studies.staffing.pool import Pool
from workbench.studies.staffing.search import WORTH, Search, Seen
from workbench.studies.staffing.slopes import reach

SMALL = 12
"""Columns of a problem small enough to look through."""
SLACK = 0.004
"""Of a service level; an agent is not tried away where few replications say that more than this is missed."""
AGAIN, NEAR_ROUNDS, NEAR = 2, 2, 0.05
"""So often a plan of shifts that is good enough is looked at again: rounds of the search, and how far they go."""
IN_VAIN = 3
"""So often in turn people may be added for nothing before no more are."""
SLOW, MOST_PUSH = 0.7, 8
"""Where more than this part of what was missing is missing still, twice as many are added, up to so many times."""
AT_ONCE = 2
"""Agents of slots added for each goal that is short before the next look; of people on shifts one."""


def trim(search: Search, seen: Seen, tries: int = 10) -> Seen:
    """Take agents off one by one, where everything is still met; several at once where far apart."""
    refused: set[tuple[bytes, int]] = set()
    spent = 0
    while spent < tries and seen.missing <= 1e-9:
        turn = _next_off(search, seen, refused)
        if not turn:
            break
        spent += 1
        if len(turn) == 1 and _hopeless(search, seen, turn[0]):
            refused.add((b"", turn[0]))
            continue
        tried = _without(search, seen, turn)
        if tried.missing <= 1e-9:
            seen = tried
            continue
        good = [j for j in turn if _still_met(search, tried, j)]
        refused |= {(seen.x.tobytes(), j) for j in turn if j not in good}
        refused |= {(b"", j) for j in turn if j not in good}
        if good and len(good) < len(turn):
            spent += 1
            again = _without(search, seen, good)
            if again.missing <= 1e-9:
                seen = again
            else:
                refused |= {(b"", j) for j in good[1:]}
        elif good:
            refused |= {(b"", j) for j in good[1:]}
    return seen


def exchange(search: Search, seen: Seen) -> Seen:
    """Put cheaper agents in the place of dearer ones, up to three for three, where everything is still met.

    Small problems are looked through; in others the master problem has done so.
    """
    tries = 100 if len(seen.x) <= SMALL else 0
    tried: set[bytes] = set()
    while tries and seen.missing <= 1e-9:
        for x in _exchanges(search, seen):
            if x.tobytes() in tried or not tries:
                continue
            tried.add(x.tobytes())
            tries -= 1
            other = search.look(x)
            if other.missing <= 1e-9:
                seen = other
                break
        else:
            return seen
    return seen


def _exchanges(search: Search, seen: Seen) -> Iterator[Ints]:
    """Yield cheaper plans with agents exchanged, the most promising first."""
    cost, spare = search.pool.cost, seen.service - search.aim
    gives = np.stack([_hurt(search, seen, j) for j in range(len(seen.x))])
    found = []
    for off, on in product(range(1, 4), range(1, 4)):
        for j in np.flatnonzero(seen.x >= off).tolist():
            for k in np.flatnonzero(on * cost < off * cost[j] - 1e-9).tolist():
                if j != k:
                    worst = float((spare - off * gives[j] + on * gives[k]).min(initial=1.0))
                    found.append((-worst, off, on, j, k))
    for _, off, on, j, k in sorted(found):
        x = seen.x.copy()
        x[j] -= off
        x[k] += on
        if allowed(search.pool, search.limits, x):
            yield x


def _hopeless(search: Search, seen: Seen, j: int) -> bool:
    """Whether the first replications, in which one agent less is seen already, say that goals are then missed."""
    if 2 * search.n_slopes > search.n:
        return False
    x = seen.x.copy()
    x[j] -= 1
    goals, few = search.pool.goals, seen.counted.first(search.n_slopes)
    change = search.floor.serve(x, search.n_slopes).service(goals)[0] - few.service(goals)[0]
    return bool((seen.service + np.nan_to_num(change) < search.aim - SLACK).any())


def _without(search: Search, seen: Seen, columns: list[int]) -> Seen:
    x = seen.x.copy()
    x[columns] -= 1
    return search.look(x)


def _next_off(search: Search, seen: Seen, refused: set[tuple[bytes, int]]) -> list[int]:
    """Return columns to try without one agent, dearest relief first, far enough apart to judge each."""
    pool = search.pool
    tried = {j for _, j in refused}
    spare = seen.service - search.aim
    order = []
    for j in np.flatnonzero(seen.x).tolist():
        if j in tried:
            continue
        hurt = _hurt(search, seen, j)
        worst = float((spare - hurt).min(initial=1.0))
        if worst > -0.006:
            order.append((-worst, j))
    chosen: list[int] = []
    used: set[tuple[int, int]] = set()
    for _, j in sorted(order):
        own = _place(search, j)
        if not (own & used):
            chosen.append(j)
            used |= own
        if pool.by_shifts and len(pool.units) <= 8 and chosen:
            break
    return chosen


def _hurt(search: Search, seen: Seen, j: int) -> Floats:
    """Return what the slopes say that a column's agent gives to each goal."""
    slope = seen.slope if seen.slope is not None else search.nearest(seen)
    if slope is None:
        return np.zeros(len(search.aim))
    hurt: Floats = slope[:, search.pool.unit[j]] @ search.pool.cover[j]
    return hurt


def _place(search: Search, j: int) -> set[tuple[int, int]]:
    """Return the queues and slots in which a column's agent is felt."""
    wide, owns = reach(search.pool.goals), search.pool.touched
    slots = np.flatnonzero(search.pool.cover[j] > 0)
    near = {t for s in slots.tolist() for t in range(s - wide, s + wide + 1)}
    return {(int(q), t) for q in np.flatnonzero(owns[search.pool.unit[j]]) for t in near}


def _still_met(search: Search, tried: Seen, j: int) -> bool:
    place = _place(search, j)
    goals = search.pool.goals
    for c in np.flatnonzero(tried.service < search.aim - 1e-9):
        goal = goals.goals[c]
        if any((goal.number, t) in place for t in range(goal.first, goal.stop)):
            return False
    return True


def mend(search: Search, seen: Seen, tries: int = 20) -> Seen:
    """Add agents where they help most for what they cost, until everything is met or nobody may come.

    Where a turn brings little, the next adds more at once: what is too much is taken off again, which costs less
    than to find out the exact number. Slopes are looked at anew only where those known help nobody.
    """
    fresh, vain, push = False, 0, 1
    for _ in range(tries):
        if seen.missing <= 1e-9:
            return seen
        if fresh:
            search.look_again(seen)
        search.add_cuts(seen, fresh=False)
        x = _helped(search, seen, push)
        if x is None:  # slopes that were found elsewhere know nobody who helps here
            if fresh:
                return seen
            fresh = True
            continue
        nxt = search.look(x)
        search.say(
            f"mending: cost {nxt.cost:,.0f}, {int((nxt.service < search.aim - 1e-9).sum())} goals short"
        )
        fresh = nxt.missing > 1e-9 and search.merit(nxt, WORTH) >= search.merit(seen, WORTH)
        vain = vain + 1 if fresh else 0
        if vain == IN_VAIN:
            return search.best()
        push = min(2 * push, MOST_PUSH) if nxt.missing > SLOW * seen.missing else 1
        seen = nxt
    return seen


def settle(search: Search, seen: Seen, again: int = AGAIN) -> Seen:
    """Return the cheapest plan that meets everything near one that may not: mended, then looked at again.

    To mend adds people where the slopes say; the master problem, near what came of it, often has shifts that do with
    fewer. Plans that it finds cheaper and nearly good enough are mended too.

    Parameters
    ----------
    again : so often a plan of shifts that is good enough is looked at again.
    """
    seen = mend(search, seen)
    if not search.pool.by_shifts:
        return seen
    for _ in range(again):
        if seen.missing > 1e-9:
            break
        search.climb(seen.x, NEAR_ROUNDS, NEAR)
        below = [s for s in search.seen.values() if s.cost < seen.cost - 1e-9 and s.missing > 1e-9]
        if below:
            mend(search, min(below, key=lambda s: (search.merit(s, WORTH), s.x.tolist())), 3)
        best = search.best()
        if best.missing > 1e-9 or best.cost >= seen.cost - 1e-9:
            break
        seen = best
    return seen


def _helped(search: Search, seen: Seen, push: int) -> Ints | None:
    """Return the plan with agents added until the slopes say that it is so many times enough, a few at a time."""
    pool, x = search.pool, seen.x.copy()
    weight = pool.goals.summed(seen.counted.of).mean(axis=0)
    gap = push * np.maximum(search.aim - seen.service, 0.0)
    assert seen.slope is not None
    gives = np.stack([seen.slope[:, pool.unit[j]] @ pool.cover[j] for j in range(len(x))])
    changed = False
    for _ in range(push * (1 if pool.by_shifts else AT_ONCE) * int((gap > 1e-9).sum())):
        worth = (np.minimum(np.maximum(gives, 0.0), gap) * weight).sum(axis=1) / np.maximum(pool.cost, 1e-9)
        for j in np.argsort(-worth, kind="stable").tolist():
            if worth[j] <= 0:
                return x if changed else None
            if _may_add(search, x, j):
                break
        else:
            return x if changed else None
        x[j] += 1
        changed = True
        gap = np.maximum(gap - gives[j], 0.0)
        if not (gap > 1e-9).any():
            return x
    return x


def _may_add(search: Search, x: Ints, j: int) -> bool:
    more = x.copy()
    more[j] += 1
    return allowed(search.pool, search.limits, more)


def allowed(pool: Pool, limits: Limits, x: Ints) -> bool:
    """Whether a plan keeps the limits."""
    people = pool.people(x)
    if any(people[i] > limits.units[u.name] for i, u in enumerate(pool.units) if u.name in limits.units):
        return False
    if limits.total is None:
        return True
    total = int(people.sum()) if pool.by_shifts else int(pool.on_duty(x).sum(axis=0).max())
    return total <= limits.total
