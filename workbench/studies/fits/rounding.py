"""Which whole people cover a week as the mean of people did? Shifts rounded against who is on duty when.

A kind of shift that two people worked in half of the weeks is one person in a fitted week, and it matters
which: rounded one kind at a time, an interval that somebody always covered can be left with nobody. So each
kind and weekday is rounded down or up, and which is chosen by the people on duty in each interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.studies.fits.log import Bools, Floats, Ints

WEEK_S, DAY_S = 7 * 86_400.0, 86_400.0
NOBODY = 100.0
"""Weight of an interval left with nobody that always had somebody, beside one person too many or few, squared."""
NEAR = 1e-9


def covered_by(start_s: Floats, end_s: Floats, interval_s: int) -> Floats:
    """Return who is on duty when, of a shift that begins on Monday, in a week that goes round.

    Parameters
    ----------
    start_s, end_s : arrays of shape (kinds,): since local midnight; an end may lie beyond 24 hours. [s]

    Returns
    -------
    array of shape (kinds, intervals per week): share of the interval in which the shift is on.
    """
    n = round(WEEK_S / interval_s)
    low = np.arange(-n, 2 * n) * float(interval_s)
    on = np.minimum(end_s[:, None], low + interval_s) - np.maximum(start_s[:, None], low)
    return np.asarray(np.maximum(on, 0.0).reshape(len(start_s), 3, n).sum(axis=1) / interval_s)


def always_covered(
    day: Ints, start_s: Floats, end_s: Floats, open_days: Ints, weekday: Ints, interval_s: int
) -> Bools:
    """Return the intervals of a week in which, on every open day, somebody was on duty from begin to end.

    Parameters
    ----------
    day, start_s, end_s : arrays of shape (shifts,): the local day (since 1970) and when on it. [-, s, s]
    open_days, weekday : arrays of shape (days,): the days that count, and their weekdays.

    Returns
    -------
    array of shape (intervals per week,); False on weekdays without an open day.
    """
    per_day = round(DAY_S / interval_s)
    always = np.zeros((7, per_day), bool)
    if not len(open_days) or not len(day):
        return always.ravel()
    first, last = min(int(open_days.min()), int(day.min())), max(int(open_days.max()), int(day.max()))
    change = np.zeros((last - first + 4) * per_day + 1, np.int64)
    at = (day - first) * per_day
    low = np.clip(at + np.ceil(start_s / interval_s).astype(np.int64), 0, len(change) - 1)
    high = np.clip(at + np.floor(end_s / interval_s).astype(np.int64), low, len(change) - 1)
    np.add.at(change, low, 1)
    np.add.at(change, high, -1)
    there = (np.cumsum(change)[:-1] > 0).reshape(-1, per_day)
    for one in range(7):
        own = open_days[weekday == one]
        if len(own) > 1:
            own = own[own > first]  # who came the evening before the first day is not known
        if len(own):
            always[one] = there[own - first].all(axis=0)
    return always.ravel()


@dataclass(frozen=True)
class _Steps:
    """Changes of a day's people by one: one more of a kind, one fewer, or both; `nobody` is the last kind.

    more, fewer : arrays of shape (changes,) ; cost : what each adds, but for the week ; hours : (sets, changes) what
    each adds to the work of the sets. [people times intervals]
    """

    more: Ints
    fewer: Ints
    cost: Floats
    hours: Floats


@dataclass(frozen=True)
class _Aim:
    """What whole people are held against: `off` below is people on duty over the mean, `work` a day's sum."""

    members: Floats
    target: Floats
    must: Bools
    per_day: int
    shift: float
    """Intervals of a shift, on average."""

    def steps(self, off: Floats, work: Floats, cover: Floats, more: Ints, fewer: Ints) -> _Steps:
        """Return the changes of a day's people and what each adds to the cost.

        Parameters
        ----------
        off : array of shape (sets, n); work : array of shape (sets,): of the day, in people times intervals.
        cover : array of shape (kinds + 1, n): of shifts that begin that day; the last row is nobody.
        more, fewer : kinds of which there may be one more, one fewer.
        """
        nobody = len(cover) - 1
        into = np.concatenate([more, np.full(len(fewer), nobody), np.repeat(more, len(fewer))])
        out = np.concatenate([np.full(len(more), nobody), fewer, np.tile(fewer, len(more))])
        length = cover.sum(axis=1)
        hours = self.members[:, into] * length[into] - self.members[:, out] * length[out]
        total = ((2 * work[:, None] + hours) * hours).sum(axis=0) / self.per_day
        cells = np.flatnonzero(cover.any(axis=0))
        off, must, own, target = off[:, cells], self.must[:, cells], cover[:, cells], self.target[:, cells]
        empty = (must & (target + off < 1.0 - NEAR)).sum()
        for part in np.array_split(np.arange(len(into)), len(into) // 500 + 1):
            a, b = into[part], out[part]
            cost = np.full(len(part), -NOBODY * float(empty))
            for s, member in enumerate(self.members):
                moved = member[a, None] * own[a] - member[b, None] * own[b]
                cost += 2 * moved @ off[s] + (moved**2).sum(axis=1)
                if must[s].any():
                    on = (target[s] + off[s] + moved)[:, must[s]]
                    cost += NOBODY * (on < 1.0 - NEAR).sum(axis=1)
            total[part] += cost
        return _Steps(into, out, total, hours)

    def cost(self, off: Floats, work: Floats) -> float:
        """Return the cost that is to be least. `work` : array of shape (sets, 7)."""
        hours = (work**2).sum() / self.per_day + (work.sum(axis=1) ** 2).sum() / self.shift
        empty = (self.must & (self.target + off < 1.0 - NEAR)).sum()
        return float((off**2).sum() + hours + NOBODY * empty)

    def best(self, steps: _Steps, week: Floats) -> tuple[float, tuple[int, int]]:
        """Return by how much the best of a day's changes changes the cost, and which it is: one more, one fewer.

        `week` : array of shape (sets,): work of the whole week, over that of the mean people.
        """
        if not len(steps.cost):
            return 0.0, (-1, -1)
        cost = steps.cost + ((2 * week[:, None] + steps.hours) * steps.hours).sum(axis=0) / self.shift
        i = int(np.argmin(cost))
        return float(cost[i]), (int(steps.more[i]), int(steps.fewer[i]))


def rounded(people: Floats, cover: Floats, sets: Sequence[Bools], always: Bools) -> Ints:
    """Return whole people of each kind and weekday whose coverage is nearest to that of the mean people.

    Least squares over the intervals of each set of kinds, over the hours of each set's day, so that thin intervals
    do not all go the same way, and over those of its week, so that days do not either. The week's hours count by the
    length of one shift, not of a day, and so most: half an hour that lacks somebody on Monday and has one too many on
    Tuesday is still as it was, but a week with more hours serves better than it did. From rounding each kind, and from
    rounding the running sum over kinds by length, people are added, taken off or exchanged within a weekday, the best
    such step first, until none helps; the better end counts.

    Parameters
    ----------
    people : array of shape (kinds, 7): mean people by kind of shift and weekday.
    cover : array of shape (kinds, n): a shift of Monday in the intervals of a week; see `covered_by`.
    sets : masks of shape (kinds,): those who serve a queue, a team, everybody.
    always : array of shape (sets, n): intervals in which one of the set always was on duty.

    Returns
    -------
    array of shape (kinds, 7): each the mean rounded down or up.
    """
    lower = np.floor(people + NEAR).astype(np.int64)
    upper = np.ceil(people - NEAR).astype(np.int64)
    per_day = cover.shape[1] // 7
    padded = np.vstack([cover, np.zeros(cover.shape[1])])
    turned = [np.roll(padded, day * per_day, axis=1) for day in range(7)]
    members = np.hstack([np.stack([np.asarray(s, float) for s in sets]), np.zeros((len(sets), 1))])
    target = _on_duty(people, members, turned)
    length = cover.sum(axis=1)
    shift = float(length @ people.sum(axis=1)) / max(float(people.sum()), NEAR)
    must = np.asarray(always, bool) & (target >= 1.0 - NEAR)
    aim = _Aim(members, target, must, per_day, max(shift, 1.0))
    by_length = np.argsort(length, kind="stable")
    carried = np.zeros_like(people)
    carried[by_length] = np.diff(np.rint(np.cumsum(people[by_length], axis=0)), axis=0, prepend=0.0)
    starts = (np.clip(first.astype(np.int64), lower, upper) for first in (np.rint(people), carried))
    found = [_improved(first, people, lower, upper, aim, turned) for first in starts]
    return min(found, key=lambda one: one[0])[1]


def _on_duty(people: np.ndarray, members: Floats, turned: list[Floats]) -> Floats:
    """Return people on duty: array of shape (sets, intervals per week)."""
    each = [(members[:, :-1] * people[:, day]) @ turned[day][:-1] for day in range(7)]
    return np.asarray(np.sum(each, axis=0))


def _improved(
    whole: Ints, people: Floats, lower: Ints, upper: Ints, aim: _Aim, turned: list[Floats]
) -> tuple[float, Ints]:
    """Return what whole people cost that no step within a day makes better, and how many they are."""
    members, padded = aim.members, turned[0]
    off = _on_duty(whole, members, turned) - aim.target
    work = (members[:, :-1] * padded[:-1].sum(axis=1)) @ (whole - people)
    known: dict[int, _Steps] = {}
    while True:
        for day in range(7):
            if day not in known:
                more = np.flatnonzero(whole[:, day] < upper[:, day])
                fewer = np.flatnonzero(whole[:, day] > lower[:, day])
                known[day] = aim.steps(off, work[:, day], turned[day], more, fewer)
        found = {day: aim.best(steps, work.sum(axis=1)) for day, steps in known.items()}
        day = min(found, key=lambda d: (found[d][0], d))
        gain, (a, b) = found[day]
        if gain >= -NEAR:
            return aim.cost(off, work), whole
        for kind, by in ((a, 1), (b, -1)):
            if kind < len(whole):
                whole[kind, day] += by
            off = off + by * np.outer(members[:, kind], turned[day][kind])
            work[:, day] += by * members[:, kind] * padded[kind].sum()
        # shifts reach into the next day and the one after: the steps of days that share an interval are stale
        touched = turned[day].any(axis=0)
        known = {d: s for d, s in known.items() if not (turned[d].any(axis=0) & touched).any()}
