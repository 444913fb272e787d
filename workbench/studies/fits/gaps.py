"""How long is an agent not available after a contact? Read from gaps between an agent's contacts.

After a contact an agent is not available for some time: wrap-up, a break, the end of
the shift. Two things show how long. If the next contact had waited, the agent took it the moment there
was somebody to take it: the gap is the time of not being available. If the next contact was answered at
once, the agent had become available before, and after the last moment at which somebody waited whom the
agent serves: the time lies in an interval. The distribution of these times follows from both by maximum
likelihood (Turnbull 1976). A log of agents' own contacts so says what no report of it records: wrap-up,
and who was signed in but not there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.metrics.columns import SECOND_US
from workbench.studies.fits.log import Bools, Floats, Ints, Log

LONGEST_S = 4 * 3600.0
QUICK_S = 5.0
"""Waits up to this are the time it takes to put a call through; they prove no lack of agents. [s]"""


@dataclass(frozen=True)
class Away:
    """How long after a contact an agent is not available: shares by class of duration.

    edges_s : (K + 1,) [s]; share : (K,) adding up to one.
    exact, bounded : from how many gaps of known and of bounded duration.
    """

    edges_s: Floats
    share: Floats
    exact: int
    bounded: int

    def quantiles(self, p: Floats, up_to_s: float = LONGEST_S) -> Floats:
        """Return quantiles of what is not longer than `up_to_s`. [s]"""
        upto = self._upto(np.array([up_to_s]))[0]
        return np.asarray(
            np.interp(np.asarray(p) * upto, np.append(0.0, np.cumsum(self.share)), self.edges_s)
        )

    def _upto(self, s: Floats) -> Floats:
        return np.asarray(np.interp(s, self.edges_s, np.append(0.0, np.cumsum(self.share))))

    def longer_than(self, s: float) -> float:
        """Return the share of contacts after which an agent is away for longer than `s`."""
        return float(1.0 - self._upto(np.array([s]))[0])

    def draw_within(self, low_s: Floats, high_s: Floats, u: Floats) -> Floats:
        """Return a duration within each (low, high] for numbers in (0, 1). [s]"""
        low, high = self._upto(low_s), self._upto(high_s)
        drawn = np.interp(low + u * (high - low), np.append(0.0, np.cumsum(self.share)), self.edges_s)
        return np.where(high - low > 1e-12, np.clip(drawn, low_s, high_s), low_s + u * (high_s - low_s))


def fit_away(low_s: Floats, high_s: Floats, turns: int = 300) -> Away:
    """Return the distribution of durations of which each lies in [low, high], by maximum likelihood.

    Parameters
    ----------
    low_s, high_s : equal where the duration is known. [s]

    Self-consistent estimate of Turnbull (1976) on classes of a second, then of growing width.
    """
    edges = np.unique(np.concatenate([np.arange(31.0), np.geomspace(30.0, LONGEST_S, 61)]))
    low, high = np.clip(low_s, 0, LONGEST_S), np.clip(high_s, 0, LONGEST_S)
    n = len(edges) - 1
    first = np.clip(np.searchsorted(edges, low, side="right") - 1, 0, n - 1)
    last = np.maximum(np.clip(np.searchsorted(edges, high, side="left") - 1, 0, n - 1), first)
    pairs, weight = np.unique(np.stack([first, last], axis=1), axis=0, return_counts=True)
    first, last = pairs[:, 0], pairs[:, 1]
    share = np.diff(np.log1p(edges)) / np.log1p(LONGEST_S)
    for _ in range(turns):
        upto = np.append(0.0, np.cumsum(share))
        inside = np.maximum(upto[last + 1] - upto[first], 1e-300)
        per = weight / inside
        change = np.zeros(n + 1)
        np.add.at(change, first, per)
        np.add.at(change, last + 1, -per)
        fresh = share * np.cumsum(change)[:n] / weight.sum()
        done = np.abs(fresh - share).max() < 1e-7
        share = fresh / fresh.sum()
        if done:
            break
    exact = int((high_s <= low_s).sum())
    return Away(edges, share, exact, len(low_s) - exact)


@dataclass(frozen=True)
class Stints:
    """What each agent did on each day, contact by contact: sorted by agent, then time.

    agent : (n,) ; day : (n,) ; start_us, end_us : of the contact in the agent's hand. [µs]
    waited : (n,) the contact had waited for somebody to take it.
    seen_us : (n,) the last moment before the contact at which somebody waited whom the agent serves. [µs]
    after_us : (n,) the first such moment after the contact. [µs]
    first, last : (n,) of a stretch of work: none of its gaps is longer than four hours.
    """

    agent: Ints
    day: Ints
    start_us: Ints
    end_us: Ints
    waited: Bools
    seen_us: Ints
    after_us: Ints
    first: Bools
    last: Bools


def served_lines(log: Log, by_day: bool) -> dict[tuple[int, int], frozenset[str]]:
    """Return the queues that each agent serves, by agent and day (0 where `by_day` is not asked for)."""
    known = log.rows[(log.rows["agent"] >= 0)]
    names = [line.queue for line in log.lines]
    seen = pd.DataFrame(
        {
            "agent": known["agent"].to_numpy(np.int64),
            "day": known["day"].to_numpy(np.int64) if by_day else np.zeros(len(known), np.int64),
            "line": known["line"].to_numpy(np.int64),
        }
    )
    found: dict[tuple[int, int], set[str]] = {}
    for agent, day, line in seen.drop_duplicates().sort_values(["agent", "day", "line"]).to_numpy().tolist():
        found.setdefault((agent, day), set()).add(names[line])
    return {key: frozenset(served) for key, served in found.items()}


def stints(log: Log, serves: dict[tuple[int, int], frozenset[str]]) -> Stints:
    """Return what each agent did, with what the line said between contacts."""
    rows = log.rows[(log.rows["agent"] >= 0) & log.rows["answered"]]
    rows = rows.assign(start_us=rows["left_us"]).sort_values(["agent", "left_us"], kind="stable")
    agent, day = rows["agent"].to_numpy(), rows["day"].to_numpy()
    start, end = (
        rows["left_us"].to_numpy(),
        np.maximum(rows["free_us"].to_numpy(), rows["left_us"].to_numpy()),
    )
    apart = (agent[1:] != agent[:-1]) | (start[1:] - end[:-1] > LONGEST_S * SECOND_US)
    first, last = np.append(True, apart), np.append(apart, True)
    end = _no_overlap(start, end, first)
    wait = rows["wait_s"].to_numpy()
    seen, after = _waiting(log, serves, agent, day, start, end)
    return Stints(agent, day, start, end, wait > QUICK_S, seen, after, first, last)


def _no_overlap(start: Ints, end: Ints, first: Bools) -> Ints:
    """Return ends that do not run into the agent's next contact by a fault of the log."""
    following = np.append(start[1:], np.iinfo(np.int64).max)
    following[:-1][first[1:]] = np.iinfo(np.int64).max
    return np.asarray(np.minimum(end, np.maximum(following, start)))


def _waiting(
    log: Log, serves: dict[tuple[int, int], frozenset[str]], agent: Ints, day: Ints, start: Ints, end: Ints
) -> tuple[Ints, Ints]:
    """Return the last moment before `start`, and the first after `end`, with somebody to take."""
    waiting = log.rows[log.rows["wait_s"] > QUICK_S]
    queue_of = np.array([line.queue for line in log.lines])[waiting["line"].to_numpy()]
    sets = [
        serves.get((int(a), int(d))) or serves.get((int(a), 0), frozenset())
        for a, d in zip(agent, day, strict=True)
    ]
    kinds = {s: i for i, s in enumerate(dict.fromkeys(sets))}
    kind = np.array([kinds[s] for s in sets])
    seen, after = np.zeros(len(start), np.int64), np.full(len(start), np.iinfo(np.int64).max)
    for group, i in kinds.items():
        mine = kind == i
        use = np.isin(queue_of, list(group))
        came = waiting["arrival_us"].to_numpy()[use] + round(QUICK_S * SECOND_US)
        left = waiting["left_us"].to_numpy()[use]
        if not len(came):
            continue
        order = np.argsort(came, kind="stable")
        came, left = came[order], left[order]
        longest = np.maximum.accumulate(left)
        place = np.searchsorted(came, start[mine]) - 1
        seen[mine] = np.where(place >= 0, np.minimum(longest[place], start[mine]), 0)
        # the first waiting moment after `end`: somebody there already, or the next who comes
        place = np.searchsorted(came, end[mine], side="right")
        there = np.where(place > 0, longest[np.maximum(place - 1, 0)], 0) > end[mine]
        coming = np.append(came, np.iinfo(np.int64).max)[place]
        after[mine] = np.where(there, end[mine], coming)
    return seen, after


def gaps(s: Stints) -> tuple[Floats, Floats, Ints]:
    """Return bounds of the time not available after each contact but an agent's last, and which. [s]"""
    which = np.flatnonzero(~s.last)
    gap = (s.start_us[which + 1] - s.end_us[which]) / SECOND_US
    seen = (s.seen_us[which + 1] - s.end_us[which]) / SECOND_US
    low = np.where(s.waited[which + 1], gap, np.clip(seen, 0.0, gap))
    return low, gap, which
