"""Which stretches of which days does a record not cover?

A stretch without a contact is held against the other days of its weekday. If counts there are Poisson with
the same profile, and the day as busy as the rest of it was, all of the `k` contacts of both fell on the `m` other
days by a chance of (m / (m + f)) ** k, f being the day's factor (Przyborowski and Wilenski 1940: given the sum,
the split is binomial, so that the means need not be known). Below `IMPOSSIBLE` it is a gap: of a record that
was cut, or of a day that began late or closed early. Neither says anything of a usual day.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.sim.parts import clock_of
from workbench.studies.fits.log import Bools, Floats, Ints
from workbench.wording import listing

IMPOSSIBLE = 1e-9
"""A stretch that chance leaves empty more seldom than this is a gap."""
EDGE = 0.1
"""A gap ends where others have less than this part of the most that they have in it."""
SHOWN = 5


def holes(counts: Floats, exposure: Floats, weekday: Ints) -> Bools:
    """Return which intervals of which days are gaps: array of shape (days, intervals per day).

    A weekday that was seen once has no other days: a stretch between contacts is then held against those of
    other weekdays; one at its edge may be hours of its own.

    Parameters
    ----------
    counts : contacts, of shape (days, intervals per day).
    exposure : how often the interval was looked at: 1, 0 where nothing is known, 2 in an hour that came twice.
    weekday : (days,), 0 is Monday.
    """
    found = np.zeros(counts.shape, bool)
    often = np.bincount(weekday, minlength=7)
    for i in range(len(counts)):
        alone = often[weekday[i]] < 2
        others = np.flatnonzero(weekday != weekday[i] if alone else weekday == weekday[i])
        others = others[others != i]
        if not counts[i].any() or not len(others):
            continue
        seen = exposure[others].sum(axis=0)
        there = counts[others].sum(axis=0)
        mean = np.divide(there, seen, out=np.zeros(len(seen)), where=seen > 0)
        looked_at = exposure[i] > 0
        for stretch in _stretches((counts[i] == 0) | ~looked_at):
            run = stretch
            inside = counts[i, : run[0]].any() and counts[i, run[-1] + 1 :].any()
            if (alone and not inside) or not mean[run].any():
                continue
            busy = mean[run] >= EDGE * mean[run].max()
            run = run[np.flatnonzero(busy)[0] : np.flatnonzero(busy)[-1] + 1]
            run = run[looked_at[run]]
            rest = np.setdiff1d(np.flatnonzero(looked_at), run)
            usual = float((mean * exposure[i])[rest].sum())
            if not len(run) or not usual > 0:
                continue
            factor = counts[i, rest].sum() / usual
            m, k = seen[run].mean(), there[run].sum()
            if m > 0 and k * np.log1p(factor / m) > -np.log(IMPOSSIBLE):
                found[i, run] = True
    return found


def _stretches(flag: Bools) -> Iterator[Ints]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flag, [False]]).astype(int)))
    for first, after in edges.reshape(-1, 2):
        yield np.arange(first, after)


def filled(values: Floats, seen: Floats) -> Floats:
    """Return a week in which intervals never seen have what the other weekdays say, at the level of their weekday.

    Parameters
    ----------
    values : means by weekday and interval, of shape (7, intervals per day).
    seen : how often each interval was looked at; of a weekday never seen at all nothing is filled.
    """
    out = values.copy()
    for w in range(7):
        missing = seen[w] == 0
        if not missing.any() or missing.all():
            continue
        use = np.arange(7) != w
        weight = seen[use].sum(axis=0)
        usual = np.divide(
            (values * seen)[use].sum(axis=0), weight, out=np.zeros(len(weight)), where=weight > 0
        )
        both = ~missing & (weight > 0)
        level = values[w][both].sum() / usual[both].sum() if usual[both].sum() > 0 else 1.0
        out[w, missing] = level * usual[missing]
    return out


def named(gaps: Bools, days: Ints, interval_s: int) -> str:
    """Return days and times of gaps in words, those of the same hours together; "" where there is none."""
    by_hours: dict[str, list[str]] = {}
    for i in np.flatnonzero(gaps.any(axis=1)):
        hours = [
            f"{clock_of(int(run[0]) * interval_s)}–{clock_of(int(run[-1] + 1) * interval_s)}"
            for run in _stretches(gaps[i])
        ]
        by_hours.setdefault(" and ".join(hours), []).append(str(np.datetime64(int(days[i]), "D")))
    parts = [f"{hours_} on {listing(dates)}" for hours_, dates in by_hours.items()]
    more = f"; and {len(parts) - SHOWN} other stretches" if len(parts) > SHOWN else ""
    return "; ".join(parts[:SHOWN]) + more


def note_on(gaps: Bools, days: Ints, interval_s: int) -> list[tuple[str, str]]:
    """Return what is said of gaps: none or one pair of text and grade."""
    where = named(gaps, days, interval_s)
    if not where:
        return []
    return [
        (
            f"No contact {where}: by other days of the weekday chance leaves that empty less than once in "
            f"{round(1 / IMPOSSIBLE):,} times. Taken as gaps in the record (or a late start, an early closing), left "
            "out of rates, staffing and scatter. If opening hours changed, calibrate a --period after the change.",
            "A",
        )
    ]
