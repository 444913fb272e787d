"""What has the day brought so far? Interval counts until a time of the day, read and checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.errors import CallError, DataError, UnknownName, suggestion
from workbench.intake.files import read_file
from workbench.sim.model import Floats
from workbench.sim.parts import US, clock_of
from workbench.sim.scenario import Scenario
from workbench.wording import counted

COLUMNS = {
    "interval_start": "when the interval begins: 08:30, or 2024-06-03 08:30",
    "queue": "a queue of the scenario; may be missing where there is but one",
    "offered": "contacts that came",
    "aht_s": "mean handle time of the answered [s]; may be empty",
    "answered": "contacts that were answered, the weight of aht_s; may be empty",
    "abandoned": "contacts that gave up; may be empty",
    "answered_in_T": "answered within the queue's threshold; may be empty",
    "people": "at work, on average over the interval; rows of an interval are added up; may be empty",
}
"""The columns of a file of actuals; interval_start and offered are needed."""
ALIASES = {"handled": "answered"}
"""Other names of columns."""


@dataclass(frozen=True)
class Actuals:
    """Counts of the intervals that are over: arrays of shape (n_past, Q), NaN where not known.

    Attributes
    ----------
    answered : where it is not known, it is taken as offered less abandoned.
    people : array of shape (n_past,): at work, all groups together.
    later : rows of the file that lie at or after `until` and were not used.
    """

    until: str
    offered: Floats
    aht_s: Floats
    answered: Floats
    abandoned: Floats
    in_time: Floats
    people: Floats
    later: int = 0

    @property
    def n_past(self) -> int:
        """Intervals that are over."""
        return len(self.offered)


def intervals_until(scenario: Scenario, until: str) -> int:
    """Return how many intervals of the scenario are over at a local time of its first day.

    Raises
    ------
    CallError
        if it is no time, or no interval ends then.
    """
    try:
        moment = datetime.strptime(until.strip(), "%H:%M")
    except ValueError:
        raise CallError(f'--until: "{until}" is not a time of day. Write it as 11:00') from None
    h = scenario.horizon
    at_us = h.at_us(0, f"{moment.hour:02d}:{moment.minute:02d}")
    if not 0 < at_us < h.length_us or at_us % h.interval_us:
        first, last = (_clock(scenario, i) for i in (1, h.n_intervals - 1))
        raise CallError(
            f"--until {until}: no interval of {scenario.name} ends then. Use a time from {first} to {last}, in "
            f"steps of {scenario.time.interval_s // 60} minutes."
        )
    return int(at_us // h.interval_us)


def read_actuals(path: Path, scenario: Scenario, until: str) -> Actuals:
    """Read what came until a time of the day.

    Raises
    ------
    CallError
        for a time that does not fit, or a file that is not there.
    DataError
        with every problem of the file: columns, cells, intervals that are missing or twice.
    """
    n_past = intervals_until(scenario, until)
    if not path.is_file():
        raise CallError(f"--actuals {path}: there is no such file. Its columns are {', '.join(COLUMNS)}.")
    frame, twice = _renamed(read_file(path).frame)
    rows, problems, later = _rows(path.name, frame, scenario, n_past, twice)
    names = list(scenario.prepared.names.queues)
    shape = (n_past, len(names))
    found = {
        c: np.full(shape, np.nan) for c in ("offered", "aht_s", "answered", "abandoned", "answered_in_T")
    }
    people = np.full(n_past, np.nan)
    for (i, q), cells in rows.items():
        for column, values in found.items():
            values[i, q] = cells.get(column, np.nan)
        if not np.isnan(cells.get("people", np.nan)):
            people[i] = np.nan_to_num(people[i]) + cells["people"]
    if not problems:
        missing = [(i, q) for i in range(n_past) for q in range(len(names)) if (i, q) not in rows]
        problems += [f"no row for {names[q]} at {_clock(scenario, i)}" for i, q in missing[:10]]
        problems += [f"and {len(missing) - 10} further rows are missing"] if len(missing) > 10 else []
    if problems:
        said = (f"  {p}" if p.endswith(("?", ".")) else f"  {p}." for p in problems)
        raise DataError("\n".join([f"{path}: {counted(len(problems), 'problem')}", *said]))
    return Actuals(
        until, found["offered"], found["aht_s"], found["answered"], found["abandoned"], found["answered_in_T"],
        people, later,
    )  # fmt: skip


def _renamed(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return a table with columns called as in COLUMNS, and which stand there under two names."""
    twice = [
        f"columns {a} and {c} are the same; leave one out" for a, c in ALIASES.items() if {a, c} <= {*frame}
    ]
    return frame if twice else frame.rename(columns=ALIASES), twice


def _rows(
    file: str, frame: pd.DataFrame, scenario: Scenario, n_past: int, twice: list[str]
) -> tuple[dict[tuple[int, int], dict[str, float]], list[str], int]:
    """Return the cells by interval and queue, what is wrong, and how many rows lie later."""
    unknown = [str(c) for c in frame.columns if c not in COLUMNS and c not in ALIASES]
    problems = [*twice, *(_unknown(c) for c in unknown)]
    problems += [
        f"column {c} is needed: {COLUMNS[c]}" for c in ("interval_start", "offered") if c not in frame
    ]
    names = list(scenario.prepared.names.queues)
    if "queue" not in frame and len(names) > 1:
        problems.append(f"column queue is needed: {scenario.name} has {len(names)} queues")
    if problems:
        return {}, problems, 0
    rows: dict[tuple[int, int], dict[str, float]] = {}
    later = 0
    for place, row in enumerate(frame.to_dict("records")):
        at = f"{file} row {place + 2}"
        interval, wrong = _interval(scenario, row["interval_start"])
        cells, more = _cells(row)
        queue = str(row.get("queue", names[0])).strip()
        if queue not in names:
            more.append(f"queue: {UnknownName('queue', queue, names)}")
        told = [*wrong, *more]
        if interval is not None and interval >= n_past and not told:
            later += 1
            continue
        if not told and interval is not None:
            key = (interval, names.index(queue))
            if key in rows:
                told.append(f"{queue} at {_clock(scenario, interval)} is there twice")
            rows[key] = cells
        problems += [f"{at}, {problem}".rstrip(".") for problem in told]
    return rows, problems, later


def _unknown(column: str) -> str:
    """Return what is wrong with a column that is not known: what it may have been, and what is accepted."""
    near = suggestion(column, [*COLUMNS, *ALIASES])
    also = ", ".join(f"{alias} for {name}" for alias, name in ALIASES.items())
    hint = f" {near}" if near.startswith("Did") else ""
    return f'column "{column}" is not known.{hint} Accepted: {", ".join(COLUMNS)}; also {also}'


def _interval(scenario: Scenario, cell: object) -> tuple[int | None, list[str]]:
    """Return the interval that begins at a time, or what is wrong with it."""
    text = str(cell).strip()
    moment = None
    for form in ("%H:%M", "%H:%M:%S"):
        try:
            clock = datetime.strptime(text, form)
        except ValueError:
            continue
        moment = datetime.combine(scenario.time.start.date(), clock.time())
    if moment is None:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None, [f'interval_start: "{text}" is not a time. Use 08:30 or 2024-06-03 08:30']
        if moment.tzinfo is not None:
            moment = moment.astimezone(scenario.horizon.zone).replace(tzinfo=None)
        if moment.date() != scenario.time.start.date():
            return None, [
                f"interval_start: {moment.date()} is not the day of the scenario, {scenario.time.start.date()}"
            ]
    h = scenario.horizon
    at_us = h.at_us(0, f"{moment:%H:%M:%S}")
    if not 0 <= at_us < h.length_us or at_us % h.interval_us:
        return None, [
            f'interval_start: no interval begins at "{text}"; they last {scenario.time.interval_s // 60} minutes'
        ]
    return int(at_us // h.interval_us), []


def _cells(row: dict[object, object]) -> tuple[dict[str, float], list[str]]:
    """Return the numbers of a row, and what is wrong with them."""
    found: dict[str, float] = {}
    problems = []
    for column in ("offered", "aht_s", "answered", "abandoned", "answered_in_T", "people"):
        cell = row.get(column)
        text = "" if cell is None or cell != cell else str(cell).strip()
        if not text:
            if column == "offered":
                problems.append("offered: is empty. Write 0 if nobody came")
            continue
        try:
            value = float(text)
        except ValueError:
            value = np.nan
        if not 0 <= value < np.inf:
            problems.append(f'{column}: "{text}" is not a number of 0 or more')
        elif column in ("offered", "answered", "abandoned", "answered_in_T") and not value.is_integer():
            problems.append(f"{column}: {text} is not a whole number")
        else:
            found[column] = value
    offered = found.get("offered", np.inf)
    if found.get("abandoned", 0.0) + found.get("answered_in_T", 0.0) > offered:
        problems.append("abandoned and answered_in_T together are more than offered")
    if found.get("answered_in_T", 0.0) > found.get("answered", np.inf):
        problems.append("answered_in_T is more than answered")
    return found, problems


def _clock(scenario: Scenario, interval: int) -> str:
    h = scenario.horizon
    return clock_of(int((h.edges_us[interval] - h.at_us(0, "00:00")) // US))
