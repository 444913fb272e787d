"""When is each line open? Read from when contacts come, and when none does.

A stretch of the week without a contact is taken as closed where chance cannot explain it: where even a tenth
of the line's usual rate would have left it empty less than once in a hundred times. A quiet night of a small
line stays open. Between closed stretches less than a tenth of the usual rate opens nothing, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from workbench.sim.arrivals import CHANNELS, Channel
from workbench.sim.parts import clock_of
from workbench.studies.fits.arrivals import coverage, weekday_of
from workbench.studies.fits.log import Bools, Floats, Ints, Log

QUIET = 0.1
"""So much of the usual rate a stretch could have and count as quiet."""
UNLIKELY = 0.01
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def closed_cells(counts: Ints, days: Ints | Floats) -> Bools:
    """Return where a line is closed: array of shape (7, intervals per day).

    Parameters
    ----------
    counts : contacts by weekday and interval, over all days.
    days : (7,) days that were looked at, or how often each interval was, of the shape of `counts`.
    """
    empty = counts == 0
    closed = np.zeros(counts.shape, bool)
    looked_at = np.asarray(days, float)
    if looked_at.ndim == 1:
        looked_at = np.repeat(looked_at[:, None], counts.shape[1], axis=1)
    busy = float(looked_at[~empty].sum())
    if not busy:
        return closed
    # expected contacts of each cell if it were quiet, not closed
    expected = QUIET * counts.sum() / busy * looked_at
    enough = -np.log(UNLIKELY)
    every_day = empty.all(axis=0)
    for run in _runs(every_day):
        if expected[:, run].sum() >= enough:
            closed[:, run] = True
    for weekday in range(7):
        for run in _runs(empty[weekday] & ~closed[weekday]):
            if expected[weekday, run].sum() >= enough:
                closed[weekday, run] = True
        # a stray contact in the night opens nothing
        for run in _runs(~closed[weekday]) if closed[weekday].any() else ():
            if counts[weekday, run].sum() < expected[weekday, run].sum():
                closed[weekday, run] = True
    return closed


def _runs(flag: Bools) -> Iterator[Ints]:
    """Yield the places of each stretch of true values; a day's end and beginning belong together."""
    if flag.all():
        yield np.arange(len(flag))
        return
    turn = int(np.argmin(flag))
    places = np.roll(np.arange(len(flag)), -turn)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flag[places], [False]]).astype(int)))
    for first, after in edges.reshape(-1, 2):
        yield places[first:after]


def opening_of(closed: Bools, interval_s: int) -> dict[str, Any]:
    """Return opening hours as a scenario writes them; empty where the line is always open."""
    if not closed.any():
        return {}
    by_hours: dict[tuple[str, str], list[int]] = {}
    for weekday in range(7):
        flag = np.concatenate([[False], ~closed[weekday], [False]]).astype(int)
        for first, after in np.flatnonzero(np.diff(flag)).reshape(-1, 2):
            hours = (clock_of(first * interval_s), clock_of(after * interval_s))
            by_hours.setdefault(hours, []).append(weekday)
    return {
        _named(days, start, by_hours): {"start": start, "end": end, "days": days}
        for (start, end), days in by_hours.items()
    }


def _named(days: list[int], start: str, by_hours: dict[tuple[str, str], list[int]]) -> str:
    name = NAMES[days[0]] if len(days) == 1 else f"{NAMES[days[0]]} to {NAMES[days[-1]]}"
    if len(days) != days[-1] - days[0] + 1:
        name = " ".join(NAMES[d][:3] for d in days)
    again = sum(other == days for other in by_hours.values()) > 1
    return f"{name} from {start}" if again else name


def hours_of(log: Log, line: int) -> tuple[Bools, int]:
    """Return where a line of a log is closed, shape (7, intervals per day), and contacts that came then."""
    rows = log.rows[log.rows["line"] == line]
    seen = coverage(log)
    rows = rows[rows["day"].isin(seen.days)]
    counts = np.zeros((7, log.n_slots), np.int64)
    np.add.at(counts, (weekday_of(rows["day"].to_numpy()), rows["slot"].to_numpy()), 1)
    looked_at = np.zeros((7, log.n_slots))
    np.add.at(looked_at, weekday_of(seen.days), seen.exposure)
    closed = closed_cells(counts, looked_at)
    return closed, int(counts[closed].sum())


def with_hours(queues: dict[str, Any], log: Log) -> list[tuple[str, str]]:
    """Add opening hours to the queues of a scenario, in place; return what is assumed of them.

    `queues` : as `floor.queues_of` makes them, one for each line of the log, with rates of a week.
    """
    found: dict[str, list[str]] = {}
    stray = 0
    for i, line in enumerate(log.lines):
        if CHANNELS.get(line.channel, Channel()).deferrable:
            continue
        closed, outside = hours_of(log, i)
        opening = opening_of(closed, log.interval_s)
        if opening:
            queue, stray = queues[line.name], stray + outside
            queue["opening"] = opening
            rates = queue["arrivals"]["per_hour"]
            queue["arrivals"]["per_hour"] = np.where(closed.ravel(), 0.0, rates).tolist()
            said = "; ".join(f"{name} {hours['start']} to {hours['end']}" for name, hours in opening.items())
            found.setdefault(said, []).append(line.name)
    notes = [
        (f"Opening hours of {', '.join(names)}, from when contacts come: {said}.", "A")
        for said, names in found.items()
    ]
    if stray:
        notes.append(
            (f"{stray} of {len(log.rows):,} contacts came outside of these hours and are left out.", "M")
        )
    if notes:
        notes.append(
            ("Who would come again after closing does so after the next opening (when_closed: later).", "A")
        )
    return notes
