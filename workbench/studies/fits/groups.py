"""How many people with which queues are at work, by weekday and interval?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.studies.fits.arrivals import coverage, weekday_of
from workbench.studies.fits.floor import FloorFit
from workbench.studies.fits.holes import filled
from workbench.studies.fits.log import Floats, Log, local_cells
from workbench.studies.fits.presence import Presence, on_duty_s

STAFFING_DRAWS = 12


def weekly(
    log: Log, presence: Presence, of: Callable[[np.ndarray], np.ndarray] | None = None
) -> tuple[Floats, Floats, Floats, np.ndarray]:
    """Return people at work by weekday and interval, how they vary, and the days behind each.

    Parameters
    ----------
    of : says which spells count, from their agents; None: all.

    Returns
    -------
    arrays of shape (7 × intervals per day,): mean over days and draws; standard deviation between days;
        standard deviation of the mean between draws; days.
    """
    first, after = log.bounds_us
    edges = np.arange(first, after + 1, log.interval_s * 1_000_000)
    draws = []
    for i in range(STAFFING_DRAWS):
        agent, start, end = presence.draw(np.random.default_rng(i))
        use = np.ones(len(agent), bool) if of is None else of(agent)
        draws.append(on_duty_s((agent[use], start[use], end[use]), edges) / log.interval_s)
    day, slot = local_cells(edges[:-1], log.time_zone, log.interval_s)
    seen = coverage(log)
    use = np.isin(day, seen.days)
    gap = np.zeros(len(day), bool)
    gap[use] = seen.gaps[np.searchsorted(seen.days, day[use]), slot[use]]
    use &= ~gap  # who was there in a gap of the log nobody knows
    cell = (weekday_of(day) * log.n_slots + slot)[use]
    n = np.bincount(cell, minlength=7 * log.n_slots)
    per = np.maximum(n, 1)
    means = np.stack([np.bincount(cell, row[use], len(n)) for row in draws]) / per
    centre = np.mean(draws, axis=0)[use]
    square = np.bincount(cell, centre**2, len(n)) / per - means.mean(axis=0) ** 2
    people = means.mean(axis=0)
    if gap.any():
        people = filled(people.reshape(7, -1), n.reshape(7, -1).astype(float)).ravel()
    return people, np.sqrt(np.maximum(square, 0.0)), means.std(axis=0), n


def staffing_by_week(log: Log, presence: Presence) -> pd.DataFrame:
    """Return people at work by weekday and interval, with how sure that is.

    Returns
    -------
    DataFrame with weekday (0 Monday), slot, people, sd_days (between days), sd_inferred (of the mean,
        between draws of who was there), n_days.
    """
    people, sd_days, sd_inferred, n_days = weekly(log, presence)
    return pd.DataFrame(
        {
            "weekday": np.repeat(np.arange(7), log.n_slots),
            "slot": np.tile(np.arange(log.n_slots), 7),
            "people": people,
            "sd_days": sd_days,
            "sd_inferred": sd_inferred,
            "n_days": n_days,
        }
    )


@dataclass(frozen=True)
class Teams:
    """Which agents serve the same queues.

    Attributes
    ----------
    names : queues of each team.
    of : team of each agent of the log; who is not known belongs to the one that serves everything.
    handle_factor : of each team, weighted by contacts.
    """

    names: tuple[tuple[str, ...], ...]
    of: np.ndarray
    handle_factor: tuple[float, ...]

    def skills(self, team: int) -> dict[str, int]:
        """Return the skills of a team as a scenario writes them."""
        return {f"skill {queue}": 1 for queue in self.names[team]}


def teams_of(fit: FloorFit) -> Teams:
    """Return agents by the queues that they serve.

    An agent serves the queues of at least 2 % of the contacts taken; sets of queues that few have become
    one team that serves everything. Every queue is served by somebody.
    """
    log = fit.log
    queues = np.array([line.queue for line in log.lines])
    every = tuple(sorted(set(queues.tolist())))
    rows = log.rows[log.rows["agent"] >= 0]
    taken: dict[tuple[str, ...], float] = {}
    own: dict[int, tuple[str, ...]] = {}
    if len(rows):
        counts = pd.crosstab(rows["agent"], pd.Series(queues[rows["line"].to_numpy()], index=rows.index))
        for agent, row in counts.iterrows():
            served = tuple(str(q) for q in row.index[row >= 0.02 * row.sum()])
            own[int(str(agent))] = served
            taken[served] = taken.get(served, 0.0) + float(row.sum())
    whole = sum(taken.values())
    names = sorted(
        (served for served in taken if taken[served] >= 0.05 * whole), key=lambda n: (-taken[n], n)
    )
    covered = {queue for served in names for queue in served}
    if every not in names and (covered != set(every) or len(names) < len(taken) or not names):
        names.append(every)
    number = {served: i for i, served in enumerate(names)}
    spare = number.get(every, 0)
    n_agents = max(len(log.agents), 1)
    of = np.array([number.get(own.get(a, every), spare) for a in range(n_agents)])
    seen = np.unique(of[list(own)]) if own else np.array([spare])
    if not covered >= set(every) and every in number and number[every] not in seen:
        # nobody was seen with all queues: those of the largest team serve what nobody else does
        names[0] = tuple(sorted({*names[0], *(set(every) - covered)}))
    weight = np.bincount(rows["agent"], minlength=len(fit.speed)) if len(rows) else np.zeros(len(fit.speed))
    factors = []
    for i in range(len(names)):
        mine = [a for a in own if of[a] == i]
        factors.append(float(np.average(fit.speed[mine], weights=weight[mine])) if mine else 1.0)
    return Teams(tuple(names), of, tuple(factors))


def counted_groups(log: Log, presence: Presence, teams: Teams) -> dict[str, Any]:
    """Return groups with counts by weekday and interval.

    Whole people are shared out by largest remainders, so that rounding moves the total of an interval by
    no more than a half.
    """

    def members(i: int) -> Callable[[np.ndarray], np.ndarray]:
        return lambda agent: teams.of[np.minimum(agent, len(teams.of) - 1)] == i

    present = np.stack([weekly(log, presence, members(i))[0] for i in range(len(teams.names))])
    shared = shared_out(present)
    return {
        f"group {i + 1}": {
            "agents": [int(n) for n in shared[i]],
            "skills": teams.skills(i),
            "handle_factor": round(teams.handle_factor[i], 4),
        }
        for i in range(len(teams.names))
        if shared[i].any()
    }


def shared_out(people: Floats) -> np.ndarray:
    """Return whole people by group and interval: totals rounded, groups by largest remainder."""
    total = np.rint(people.sum(axis=0)).astype(np.int64)
    sums = people.sum(axis=0)
    exact = people * np.divide(total, sums, out=np.zeros(len(sums)), where=sums > 0)
    whole = np.floor(exact + 1e-9).astype(np.int64)
    rest = total - whole.sum(axis=0)
    order = np.argsort(-(exact - whole), axis=0, kind="stable")
    rank = np.argsort(order, axis=0, kind="stable")
    return np.asarray(whole + (rank < rest[None, :]))
