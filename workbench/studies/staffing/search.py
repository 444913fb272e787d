"""Which plan is cheapest and meets every goal? Cuts from simulation, a master problem, and a last look.

1. Start from a plan that covers what Erlang A asks for, and simulate it.
2. For every goal that is near its target or below, add a cut at this plan; the master problem gives the
   next plan, not far from the last one, because cuts hold near where they were made.
3. When the master problem returns a plan that was simulated and meets everything, or rounds are used up,
   take agents off the best plan one by one as long as everything is still met.

Goals are aimed at with a margin, so that they are still met under other random numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from workbench.sim.model import Floats, Ints
from workbench.studies.staffing.floor import Floor
from workbench.studies.staffing.goals import Counted
from workbench.studies.staffing.master import Cut, Limits, solve
from workbench.studies.staffing.pool import Pool
from workbench.studies.staffing.slopes import reach, slopes

BAND = 0.12
"""Goals that are met by so much more get no cut."""
ROUNDS = 10
AFRESH = 2
"""The round in which slopes are simulated anew whatever came; the first has them where none are known."""
MOST_SLOPES = 3
"""So often a search may simulate slopes; they cost more than everything else and change little. One that begins with
what another learned may less often."""
WORTH = 30.0
"""Times what a contact costs that it may cost to have one more in time, where not all goals can be met."""
QUICK = 100
"""Columns of a problem so small that branching costs less than a round that it saves."""
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
    looked: int = 0
    """How often slopes were simulated."""
    most_slopes: int = MOST_SLOPES
    """How often they may be."""

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
        return min(self.seen.values(), key=lambda s: (self.merit(s, WORTH), s.x.tolist()))

    def better(self, one: Seen, other: Seen) -> Seen:
        """Return the better of two plans, in cost and in contacts not served in time."""
        return other if self.merit(other) < self.merit(one) else one

    def add_cuts(self, seen: Seen, *, fresh: bool) -> None:
        """Add a cut for each goal that is not far above its target.

        Slopes change little from one plan to the next and cost most of the simulation, so those of the
        nearest plan that has some serve where none are asked for afresh.
        """
        near = seen.service < self.aim + BAND
        if seen.slope is None:
            known = None if fresh else self.nearest(seen)
            if known is None:
                wide = seen.service < self.aim + 2 * BAND
                wanted = self._wanted(wide if wide.any() else ~wide, reach(self.pool.goals))
                known = slopes(self.floor, seen.x, seen.counted.first(self.n_slopes), wanted)
                self.looked += 1
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

    def nearest(self, seen: Seen) -> Floats | None:
        """Return the slopes of the nearest plan that has some, of the last few."""
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

    def look_again(self, seen: Seen) -> None:
        """Simulate slopes anew for those who are there while a goal is short; elsewhere those known remain."""
        known = self.nearest(seen)
        wanted = self._wanted(seen.service < self.aim - 1e-9, 0)
        found = slopes(self.floor, seen.x, seen.counted.first(self.n_slopes), wanted)
        for kind in self.pool.kinds:
            wanted[kind] = wanted[kind].any(axis=0)
        seen.slope = found if known is None else np.where(wanted, found, known)
        self.known_slopes.append((self.pool.on_duty(seen.x), seen.slope))

    def _wanted(self, near: np.ndarray, wide: int) -> np.ndarray:
        """Return for which cells a slope is worth a simulation, shape (U, T): from so many slots before a goal."""
        goals, owns = self.pool.goals, self.pool.touched
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
            anew = fresh or (turn == AFRESH and self.n == self.n_slopes)
            self.add_cuts(here, fresh=anew and self.looked < self.most_slopes)
            x = self._next(here, stride)
            same = x.tobytes() == here.x.tobytes()
            nxt = self.look(x)
            self.say(
                f"round {self.rounds}: cost {nxt.cost:,.0f}, "
                f"{int((nxt.service < self.aim - 1e-9).sum())} of {len(self.aim)} goals short"
            )
            if same and (fresh or here.missing <= 1e-9):
                break
            fresh = same or self.merit(nxt) >= self.merit(here)
            vain = vain + 1 if fresh else 0
            if vain == 3:
                break
            if fresh:
                stride = max(0.03, stride / 2)
                here.slope = None
            else:
                here = nxt
        return self.best()

    def _next(self, here: Seen, stride: float) -> Ints:
        """Return the plan of the master problem near another; branched only where rounding has nothing new."""
        duty = self.pool.on_duty(here.x)
        room = np.maximum(1.0 if not self.pool.by_shifts else 1.6, stride * duty)
        near = (np.maximum(duty - room, 0.0), duty + np.maximum(room, 2.0))
        x = here.x
        for exact in (False, True) if len(x) > QUICK else (True,):
            x = solve(self.pool, self.latest(), self.aim, self.limits, here.x, near=near, exact=exact).x
            if x.tobytes() != here.x.tobytes():
                break
        return x

    def merit(self, seen: Seen, times: float = 3.0) -> float:
        """Return cost, and some times what a contact costs for each that is not served in time.

        What a contact costs is that of the first plan, so that dear plans do not make contacts dear.
        """
        if not self.each:
            contacts = float(self.pool.goals.summed(seen.counted.of).mean(axis=0).sum())
            self.each = max(seen.cost, 1.0) / max(contacts, 1.0)
        return seen.cost + times * self.each * self._missing(seen)
