"""Which plan is cheapest and meets every goal? Cuts from simulation, a master problem, and a last look.

1. Start from a plan that covers what Erlang A asks for, and simulate it.
2. For every goal that is near its target or below, add a cut at this plan; the master problem gives the
   next plan, not far from the last one, because cuts hold near where they were made.
3. When the master problem returns a plan that was simulated and meets everything, or rounds are used up,
   take agents off the best plan one by one as long as everything is still met.

Goals are aimed at with a margin, so that they are still met under other random numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from workbench.sim.model import Floats, Ints
from workbench.studies.staffing.floor import Floor
from workbench.studies.staffing.goals import Counted
from workbench.studies.staffing.master import Cut, Limits, solve
from workbench.studies.staffing.pool import Pool
from workbench.studies.staffing.slopes import reach, slopes, touched

BAND = 0.12
"""Goals that are met by so much more get no cut."""
ROUNDS = 10
AFRESH = 2
"""The round in which slopes are simulated anew whatever came; the first has them where none are known."""
WORTH = 30.0
"""Times what a contact costs that it may cost to have one more in time, where not all goals can be met."""
SMALL = 12
"""Columns of a problem small enough to look through."""
LAST_CUTS = 6
"""So many cuts of each goal are used, the latest."""


@dataclass
class Seen:
    """A plan that was simulated."""

    x: Ints
    counted: Counted
    service: Floats
    cost: float
    missing: float
    """What its goals fall short of the aim, weighted by contacts."""
    slope: Floats | None = None


@dataclass
class Search:
    """The state of a search: what was simulated, and the cuts that came of it."""

    floor: Floor
    limits: Limits
    n: int
    """Replications by which a plan is judged."""
    n_slopes: int
    """Replications for slopes, the first of those."""
    aim: Floats
    say: Callable[[str], None]
    cuts: list[Cut] = field(default_factory=list)
    known_slopes: list[tuple[Floats, Floats]] = field(default_factory=list)
    """Agents on duty, (U, T), and the slopes found there, (C, U, T)."""
    each: float = 0.0
    """What a contact costs in the first plan."""
    seen: dict[bytes, Seen] = field(default_factory=dict)
    rounds: int = 0

    @property
    def pool(self) -> Pool:
        """The columns."""
        return self.floor.pool

    def look(self, x: Ints) -> Seen:
        """Simulate a plan, or remember it."""
        key = x.tobytes()
        known = self.seen.get(key)
        if known is not None:
            known.missing = self._missing(known)
            return known
        counted = self.floor.serve(x, self.n)
        value = counted.service(self.pool.goals)[0]
        found = Seen(x, counted, np.where(np.isnan(value), 1.0, value), self.pool.price(x), 0.0)
        found.missing = self._missing(found)
        self.seen[key] = found
        self._lift(found)
        return found

    def _missing(self, seen: Seen) -> float:
        weight = self.pool.goals.summed(seen.counted.of).mean(axis=0)
        return float((np.maximum(self.aim - seen.service, 0.0) * weight).sum())

    def best(self) -> Seen:
        """Return the cheapest plan that meets everything.

        Where none does, the one that is best if a contact in time is worth `WORTH` times what it costs: the
        last few that can be helped are not bought at any price.
        """
        for s in self.seen.values():
            s.missing = self._missing(s)
        met = [s for s in self.seen.values() if s.missing <= 1e-9]
        if met:
            return min(met, key=lambda s: (s.cost, s.x.tolist()))
        return min(self.seen.values(), key=lambda s: (self._merit(s, WORTH), s.x.tolist()))

    def add_cuts(self, seen: Seen, *, fresh: bool) -> None:
        """Add a cut for each goal that is not far above its target.

        Slopes change little from one plan to the next and cost most of the simulation, so those of the
        nearest plan that has some serve where none are asked for afresh.
        """
        near = seen.service < self.aim + BAND
        if seen.slope is None:
            known = None if fresh else self._nearest(seen)
            if known is None:
                counted = seen.counted
                base = Counted(*(a[: self.n_slopes] for a in (counted.met, counted.of, counted.blocked)))
                wide = seen.service < self.aim + 2 * BAND
                known = slopes(self.floor, seen.x, base, self._wanted(wide if wide.any() else ~wide))
                self.known_slopes.append((self.pool.on_duty(seen.x), known))
            seen.slope = known
        at = self.pool.on_duty(seen.x)
        for c in np.flatnonzero(near if near.any() else ~near):
            if seen.slope[c].any():
                self.cuts.append(Cut(int(c), float(seen.service[c]), seen.slope[c], at))

    def latest(self) -> list[Cut]:
        """Return the last few cuts of each goal."""
        count: dict[int, int] = {}
        kept = []
        for cut in reversed(self.cuts):
            count[cut.goal] = count.get(cut.goal, 0) + 1
            if count[cut.goal] <= LAST_CUTS:
                kept.append(cut)
        return kept[::-1]

    def _nearest(self, seen: Seen) -> Floats | None:
        if not self.known_slopes:
            return None
        duty = self.pool.on_duty(seen.x)
        return min(self.known_slopes[-4:], key=lambda pair: float(np.abs(pair[0] - duty).sum()))[1]

    def _lift(self, seen: Seen) -> None:
        """Lift the cuts that a simulated plan disproves: no service lies above a cut that holds."""
        duty = self.pool.on_duty(seen.x)
        for i, cut in enumerate(self.cuts):
            above = seen.service[cut.goal] - cut.value - float((cut.slope * (duty - cut.at)).sum())
            if above > 1e-9:
                self.cuts[i] = replace(cut, value=cut.value + above)

    def _wanted(self, near: np.ndarray) -> np.ndarray:
        """Return for which cells a slope is worth a simulation, shape (U, T)."""
        goals, owns, wide = self.pool.goals, touched(self.pool), reach(self.pool.goals)
        felt = np.zeros((goals.n_slots, owns.shape[1]), dtype=bool)
        for c in np.flatnonzero(near):
            goal = goals.goals[c]
            long = goals.scenario.queues[goal.queue].service_level.threshold_s >= 3600
            felt[0 if long else max(0, goal.first - wide) : goal.stop, goal.number] = True
        wanted: np.ndarray = (owns.astype(int) @ felt.T.astype(int) > 0) & self.pool.coverable
        return wanted

    def climb(self, x: Ints, rounds: int = ROUNDS, stride: float = 0.2) -> Seen:
        """Go from plan to plan of the master problem until it returns one that is met, or gives up.

        A plan that is no better than the last one, in cost and in contacts not served in time, is not gone
        on from: slopes are looked at afresh where the search stands, and the next step is shorter.
        """
        here = self.look(x)
        fresh, vain = False, 0
        for turn in range(rounds):
            self.rounds += 1
            self.add_cuts(here, fresh=fresh or turn == AFRESH)
            duty = self.pool.on_duty(here.x)
            room = np.maximum(1.0 if not self.pool.by_shifts else 1.6, stride * duty)
            near = (np.maximum(duty - room, 0.0), duty + np.maximum(room, 2.0))
            solved = solve(self.pool, self.latest(), self.aim, self.limits, here.x, near=near)
            same = solved.x.tobytes() == here.x.tobytes()
            nxt = self.look(solved.x)
            self.say(
                f"round {self.rounds}: cost {nxt.cost:,.0f}, "
                f"{int((nxt.service < self.aim - 1e-9).sum())} of {len(self.aim)} goals short"
            )
            if same and (fresh or here.missing <= 1e-9):
                break
            fresh = same or self._merit(nxt) >= self._merit(here)
            vain = vain + 1 if fresh else 0
            if vain == 3:
                break
            if fresh:
                stride = max(0.03, stride / 2)
                here.slope = None
            else:
                here = nxt
        return self.best()

    def _merit(self, seen: Seen, times: float = 3.0) -> float:
        """Return cost, and some times what a contact costs for each that is not served in time.

        What a contact costs is that of the first plan, so that dear plans do not make contacts dear.
        """
        if not self.each:
            contacts = float(self.pool.goals.summed(seen.counted.of).mean(axis=0).sum())
            self.each = max(seen.cost, 1.0) / max(contacts, 1.0)
        return seen.cost + times * self.each * self._missing(seen)

    # Taking agents off ------------------------------------------------------------------------------

    def trim(self, seen: Seen, tries: int = 10) -> Seen:
        """Take agents off one by one, where everything is still met; several at once where far apart."""
        refused: set[tuple[bytes, int]] = set()
        spent = 0
        while spent < tries and seen.missing <= 1e-9:
            turn = self._next_off(seen, refused)
            if not turn:
                break
            spent += 1
            tried = self._without(seen, turn)
            if tried.missing <= 1e-9:
                seen = tried
                continue
            good = [j for j in turn if self._still_met(tried, j)]
            refused |= {(seen.x.tobytes(), j) for j in turn if j not in good}
            refused |= {(b"", j) for j in turn if j not in good}
            if good and len(good) < len(turn):
                spent += 1
                again = self._without(seen, good)
                if again.missing <= 1e-9:
                    seen = again
                else:
                    refused |= {(b"", j) for j in good[1:]}
            elif good:
                refused |= {(b"", j) for j in good[1:]}
        return seen

    def exchange(self, seen: Seen) -> Seen:
        """Put a cheaper agent in the place of a dearer one, where everything is still met.

        Small problems are looked through; in others only what the slopes promise is tried.
        """
        small = len(seen.x) <= SMALL
        tries = 100 if small else 4
        tried: set[bytes] = set()
        while tries and seen.missing <= 1e-9:
            for x in self._exchanges(seen, -1.0 if small else -0.003):
                if x.tobytes() in tried or not tries:
                    continue
                tried.add(x.tobytes())
                tries -= 1
                other = self.look(x)
                if other.missing <= 1e-9:
                    seen = other
                    break
            else:
                return seen
        return seen

    def _exchanges(self, seen: Seen, at_least: float) -> Iterator[Ints]:
        """Yield cheaper plans with one agent exchanged, the most promising first."""
        cost, spare = self.pool.cost, seen.service - self.aim
        gives = np.stack([self._hurt(seen, j) for j in range(len(seen.x))])
        found = []
        for j in np.flatnonzero(seen.x).tolist():
            for k in np.flatnonzero(cost < cost[j] - 1e-9).tolist():
                worst = float((spare - gives[j] + gives[k]).min(initial=1.0))
                if worst > at_least:
                    found.append((-worst, j, k))
        for _, j, k in sorted(found):
            x = seen.x.copy()
            x[j] -= 1
            x[k] += 1
            if allowed(self.pool, self.limits, x):
                yield x

    def _without(self, seen: Seen, columns: list[int]) -> Seen:
        x = seen.x.copy()
        x[columns] -= 1
        return self.look(x)

    def _next_off(self, seen: Seen, refused: set[tuple[bytes, int]]) -> list[int]:
        """Return columns to try without one agent, dearest relief first, far enough apart to judge each."""
        pool = self.pool
        tried = {j for _, j in refused}
        spare = seen.service - self.aim
        order = []
        for j in np.flatnonzero(seen.x).tolist():
            if j in tried:
                continue
            hurt = self._hurt(seen, j)
            worst = float((spare - hurt).min(initial=1.0))
            if worst > -0.006:
                order.append((-worst, j))
        chosen: list[int] = []
        used: set[tuple[int, int]] = set()
        for _, j in sorted(order):
            own = self._place(j)
            if not (own & used):
                chosen.append(j)
                used |= own
            if pool.by_shifts and len(pool.units) <= 8 and chosen:
                break
        return chosen

    def _hurt(self, seen: Seen, j: int) -> Floats:
        """Return what the slopes say that a column's agent gives to each goal."""
        slope = seen.slope if seen.slope is not None else self._nearest(seen)
        if slope is None:
            return np.zeros(len(self.aim))
        hurt: Floats = slope[:, self.pool.unit[j]] @ self.pool.cover[j]
        return hurt

    def _place(self, j: int) -> set[tuple[int, int]]:
        """Return the queues and slots in which a column's agent is felt."""
        wide, owns = reach(self.pool.goals), touched(self.pool)
        slots = np.flatnonzero(self.pool.cover[j] > 0)
        near = {t for s in slots.tolist() for t in range(s - wide, s + wide + 1)}
        return {(int(q), t) for q in np.flatnonzero(owns[self.pool.unit[j]]) for t in near}

    def _still_met(self, tried: Seen, j: int) -> bool:
        place = self._place(j)
        goals = self.pool.goals
        for c in np.flatnonzero(tried.service < self.aim - 1e-9):
            goal = goals.goals[c]
            if any((goal.number, t) in place for t in range(goal.first, goal.stop)):
                return False
        return True

    # Adding agents ----------------------------------------------------------------------------------

    def mend(self, seen: Seen, tries: int = 12) -> Seen:
        """Add agents where they help most for what they cost, until everything is met or nobody may come."""
        fresh = False
        for _ in range(tries):
            if seen.missing <= 1e-9:
                return seen
            self.add_cuts(seen, fresh=fresh)
            x = self._helped(seen)
            if x is None:
                return seen
            nxt = self.look(x)
            self.say(
                f"mending: cost {nxt.cost:,.0f}, {int((nxt.service < self.aim - 1e-9).sum())} goals short"
            )
            worse = nxt.missing > 1e-9 and self._merit(nxt, WORTH) >= self._merit(seen, WORTH)
            if worse and fresh:
                return self.best()
            fresh = worse
            seen = nxt
        return seen

    def _helped(self, seen: Seen) -> Ints | None:
        """Return the plan with agents added until the slopes say that it is enough."""
        pool, x = self.pool, seen.x.copy()
        weight = pool.goals.summed(seen.counted.of).mean(axis=0)
        gap = np.maximum(self.aim - seen.service, 0.0)
        assert seen.slope is not None
        gives = np.stack([seen.slope[:, pool.unit[j]] @ pool.cover[j] for j in range(len(x))])
        changed = False
        for _ in range(10 + int(x.sum()) // 10):
            worth = (np.minimum(np.maximum(gives, 0.0), gap) * weight).sum(axis=1) / np.maximum(
                pool.cost, 1e-9
            )
            for j in np.argsort(-worth, kind="stable").tolist():
                if worth[j] <= 0:
                    return x if changed else None
                if self._may_add(x, j):
                    break
            else:
                return x if changed else None
            x[j] += 1
            changed = True
            gap = np.maximum(gap - gives[j], 0.0)
            if not (gap > 1e-9).any():
                return x
        return x

    def _may_add(self, x: Ints, j: int) -> bool:
        more = x.copy()
        more[j] += 1
        return allowed(self.pool, self.limits, more)


def allowed(pool: Pool, limits: Limits, x: Ints) -> bool:
    """Whether a plan keeps the limits."""
    people = pool.people(x)
    if any(people[i] > limits.units[u.name] for i, u in enumerate(pool.units) if u.name in limits.units):
        return False
    if limits.total is None:
        return True
    total = int(people.sum()) if pool.by_shifts else int(pool.on_duty(x).sum(axis=0).max())
    return total <= limits.total
