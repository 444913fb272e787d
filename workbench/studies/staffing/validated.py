"""When does a plan stand? When it meets its goals under random numbers that it was not fitted to.

Whoever fits a plan to some replications flatters it. So a search goes from few replications to many, then
looks at its plan with others, and asks for what was missing there on top.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.sim.model import Floats, Ints
from workbench.studies.staffing.floor import Floor
from workbench.studies.staffing.master import Cut, Limits, solve
from workbench.studies.staffing.polish import exchange, settle, trim
from workbench.studies.staffing.pool import Pool
from workbench.studies.staffing.search import ROUNDS, Search, Seen

AGREES = 1.92
"""Half-widths above the target at which another check of the same size agrees nine times in ten that the
whole interval lies above: 1 + 1.28 · √2 / 1.96."""
OUT_OF_REACH = 0.02
"""A plan comes so near to what is possible where a target is not."""
HARDLY = 0.05
"""Where twice the people bring no more than this, a target out of reach asks for no more of them."""
VALIDATING = 1_000_000
"""Added to the seed for what a plan is validated with; what it is checked with in the end is another."""


@dataclass(frozen=True)
class Sizes:
    """Replications: for the first rounds and slopes, for the last rounds, for validation and check."""

    few: int
    many: int
    check: int
    validations: int = 2
    sure: bool = False
    """Validated is a goal whose whole interval lies at the target or above, not its middle."""


@dataclass(frozen=True)
class Found:
    """What a search came to.

    Attributes
    ----------
    met : whether the replications of the search, and the validation, meet every goal.
    validations : how often it was looked at with further random numbers before it stood.
    """

    seen: Seen
    search: Search
    met: bool
    validations: int


def _in_reach(floor: Floor, seen: Seen, n: int) -> Floats:
    """Return the targets; where twice the people and more do not reach one, nearly what those reach.

    Hours that no shift covers, or lines that are busy, cannot be made good by people elsewhere. Where twice the
    people reach hardly more, what is reached already is enough: mail that is due the moment a shift begins would
    otherwise ask for as many people as there are letters.
    """
    target = floor.goals.target
    ample = np.nan_to_num(floor.serve(2 * seen.x + 2, n).service(floor.goals)[0], nan=1.0)
    worth = np.where(ample - seen.service <= HARDLY, np.minimum(ample, seen.service), ample)
    return np.where(ample < target, np.maximum(worth - OUT_OF_REACH, 0.0), target)


def _gap(floor: Floor, x: Ints, target: Floats, sizes: Sizes) -> Floats:
    """Return what each goal falls short in replications that the plan was not fitted to; 0 or less: met.

    A quarter of them may do: where it shows goals that are surely missed, those are what is short.
    """
    part = 2 * (sizes.check // 8)
    counted = floor.serve(x, max(part, 2))
    value, width = counted.service(floor.goals)
    missed = value + width < target
    if part >= 16 and missed.any():
        return np.where(missed, target - value, 0.0)
    counted = counted.with_more(floor.serve(x, 2 * ((sizes.check + 1) // 2), skip=counted.n))
    value, width = counted.service(floor.goals)
    gap: Floats = np.nan_to_num(target - value + (AGREES * width if sizes.sure else 0.0))
    return gap


def _begin(search: Search, before: Search, start: Ints) -> Ints:
    """Let a search begin with what another one learned, over the same units; return the better first plan."""
    search.cuts, search.known_slopes = carried(before, search.pool)
    if not search.cuts:
        return start
    search.most_slopes = 1
    first = solve(search.pool, search.latest(), search.aim, search.limits, start, exact=False).x
    return search.better(search.look(start), search.look(first)).x


def carried(before: Search, pool: Pool) -> tuple[list[Cut], list[tuple[Floats, Floats]]]:
    """Return cuts and slopes of a search over slots as wide as the pool's, or wider.

    An agent in one of two halves of a slot is half an agent in the slot.
    """
    old, new = before.pool.goals, pool.goals
    into = np.searchsorted(old.slot_us, new.slot_us[:-1], side="right") - 1
    parts = np.bincount(into, minlength=old.n_slots)[into]
    place = {(g.queue, g.start, g.end): c for c, g in enumerate(new.goals)}
    to = [place.get((g.queue, g.start, g.end)) for g in old.goals]
    cuts = [
        Cut(c, cut.value, cut.slope[:, into] / parts, cut.at[:, into])
        for cut in before.cuts
        if (c := to[cut.goal]) is not None
    ]
    slopes = []
    for duty, slope in before.known_slopes:
        mine = np.zeros((len(new.goals), *slope.shape[1:2], new.n_slots))
        for c_old, c in enumerate(to):
            if c is not None:
                mine[c] = slope[c_old][:, into] / parts
        slopes.append((duty[:, into], mine))
    return cuts, slopes


def find(
    pool: Pool,
    start: Ints,
    limits: Limits,
    *,
    seed: int,
    sizes: Sizes,
    say: Callable[[str], None],
    rounds: int = ROUNDS,
    workers: int | None = None,
    before: Search | None = None,
) -> Found:
    """Search from a plan: few replications first, then more, then others that it was not fitted to.

    Where a validation does not find a goal met, what was missing there is asked for on top of what the
    plan reaches here, and the search goes on.

    Parameters
    ----------
    before : a search over the same units, and slots as wide or wider, whose cuts are a beginning.
    """
    floor = Floor(pool, seed, workers, mirrored=True)
    target = pool.goals.target
    rough = Search(floor, limits, sizes.few, sizes.few, target.copy(), say)
    if before is not None:
        start = _begin(rough, before, start)
    first = rough.climb(start, rounds)
    if not limits and first.missing > 1e-9:
        target = _in_reach(floor, first, sizes.few)
        if (target < rough.aim).any():
            rough.aim = target.copy()
            first = rough.climb(first.x, rounds)
    # what the validation will ask for beyond its noise, and half of that noise where middles are to reach the target
    half = (
        (AGREES if sizes.sure else 0.5)
        * first.counted.service(pool.goals)[1]
        * math.sqrt(sizes.few / sizes.check)
    )
    aim = np.minimum(target + np.nan_to_num(half), (1 + target) / 2)
    fine = Search(
        floor, limits, sizes.many, sizes.few, aim, say, rough.cuts, rough.known_slopes,
        most_slopes=max(rough.most_slopes - 1, 1),
    )  # fmt: skip
    fine.climb(first.x, rounds // 2, 0.1)
    seen = trim(fine, exchange(fine, settle(fine, fine.best())), 6)
    validations = 0
    for attempt in range(sizes.validations):
        if seen.missing > 1e-9:
            break
        validations += 1
        other = Floor(pool, seed + VALIDATING + attempt, workers, mirrored=True)
        gap = _gap(other, seen.x, target, sizes)
        floor.simulated += other.simulated
        say(f"validation {validations}: {int((gap > 0).sum())} goals not met")
        if (gap <= 0).all():
            return Found(seen, fine, bool((target == pool.goals.target).all()), validations)
        wanted = np.where(gap > 0, np.maximum(fine.aim, seen.service + gap), fine.aim)
        fine.aim = np.minimum(wanted, 1 - (1 - target) / 20)
        seen = trim(fine, settle(fine, fine.look(seen.x), 1), 2)
    return Found(seen, fine, False, validations)
