"""What does a log tell of each contact, in the form in which everything is fitted?

One row per contact that was offered to a queue and came to an end. Times are whole microseconds since
1970 in UTC; a contact's *line* is its queue, told apart by rank where the log has several.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import DataError
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.metrics.columns import SECOND_US, numbers, times
from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, codes_and_waits

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

DAY_US = 86_400 * SECOND_US
HEAD_START = "priority_head_start_s"
"""The extra of a dataset that says with which wait ranked contacts enter the line. [s]"""


@dataclass(frozen=True)
class Line:
    """One line of a scenario: a queue, or those of one rank in it."""

    name: str
    queue: str
    channel: str
    rank: int
    """0 is served first, among the ranks of the log."""


@dataclass(frozen=True)
class Log:
    """The contacts of some days, ready to be fitted.

    Attributes
    ----------
    rows : one row per contact, in the order of arrival:
        arrival_us, left_us : it entered the line, and was answered or gave up. [µs]
        free_us : its agent was done with all that the log records of it; -1 if not answered. [µs]
        wait_s : as the system reports it. [s]
        answered : else it was abandoned.
        line : place in `lines`.
        ranked : it is of a rank that enters the line with a head start, as far as the log tells.
        agent : place in `agents`; -1 where nobody is named.
        talk_s, hold_s, acw_s : NaN where not recorded. [s]
        customer : code of the customer; -1 where nobody is named.
        day : local days since 1970; slot : the interval of the local day.
        row : where it stands in the table of contacts (its index).
    """

    rows: pd.DataFrame
    lines: tuple[Line, ...]
    agents: tuple[str, ...]
    period: Period
    time_zone: str
    interval_s: int
    head_start_s: float = 0.0
    """The wait with which ranked contacts enter the line. [s]"""
    set_aside: dict[str, int] = field(default_factory=dict)
    """How many contacts could not be used, by reason."""

    def part(self, period: Period) -> Log:
        """Return the contacts of some days; lines and agents stay as they are."""
        first, last = _ordinal(period.start), _ordinal(period.end)
        keep = self.rows["day"].between(first, last)
        return Log(
            self.rows[keep].reset_index(drop=True), self.lines, self.agents, period,
            self.time_zone, self.interval_s, self.head_start_s, self.set_aside,
        )  # fmt: skip

    @cached_property
    def days(self) -> tuple[int, ...]:
        """The local days with contacts, as days since 1970."""
        return tuple(int(d) for d in np.unique(self.rows["day"].to_numpy()))

    def column(self, name: str) -> np.ndarray:
        """Return a column as an array."""
        return np.asarray(self.rows[name].to_numpy())

    @property
    def bounds_us(self) -> tuple[int, int]:
        """The first moment of the period and the first one after it, since 1970. [µs]"""
        first, after = self.period.bounds(self.time_zone)
        return round(first.timestamp()) * SECOND_US, round(after.timestamp()) * SECOND_US

    @property
    def n_slots(self) -> int:
        """Intervals in a day of 24 hours."""
        return 86_400 // self.interval_s


def _ordinal(day: object) -> int:
    return int(np.datetime64(str(day), "D").astype(np.int64))


def read_log(dataset: Dataset, interval_s: int = 1800) -> Log:
    """Return the contacts of a dataset, ready to be fitted.

    Raises
    ------
    DataError
        if there are no contacts, or none that ended in a known way.
    """
    table = dataset.tables.get("contacts")
    if table is None or table.empty:
        intervals = dataset.tables.get("intervals")
        instead = (
            f" The {len(intervals):,} intervals that came say how many contacts there were, not when each came and how "
            "long it waited; a fit, what-ifs and staffing rest on them all the same."
            if intervals is not None and len(intervals)
            else ""
        )
        raise DataError(
            f"{dataset.client.name}: this needs a log of contacts, and there is no contact in table contacts.{instead} "
            "Hand over contacts."
        )
    codes, wait = codes_and_waits(table)
    queued, offered = times(table, "queue_ts"), times(table, "offered_ts")
    arrival = np.where(np.isnat(queued), offered, queued)
    ended = (codes == ANSWERED) | (codes == ABANDONED)
    usable = ended & ~np.isnan(wait) & ~np.isnat(arrival)
    usable &= _inside(arrival, dataset)
    if not usable.any():
        raise DataError(
            f"{dataset.client.name}: none of {len(table):,} contacts of {dataset.period} was answered or "
            "abandoned at a known time. Fill in answer_ts and abandon_ts."
        )
    set_aside = {
        "neither answered nor abandoned": int((codes > ABANDONED).sum()),
        "of unknown wait or time": int((ended & ~usable).sum()),
    }
    part = table[usable]
    at_us = arrival[usable].astype(np.int64)
    wait_s, answered = wait[usable], codes[usable] == ANSWERED
    line, lines, ranked = _lines(part, dataset)
    talk, hold, acw = (numbers(part, name) for name in ("talk_s", "hold_s", "acw_s"))
    _check_work(dataset, answered, np.nan_to_num(talk) + np.nan_to_num(hold) + np.nan_to_num(acw))
    work_us = np.rint((np.nan_to_num(talk) + np.nan_to_num(hold) + np.nan_to_num(acw)) * SECOND_US)
    left_us = at_us + np.rint(wait_s * SECOND_US).astype(np.int64)
    agent, agents = _codes(part, "agent_id", answered)
    customer, _ = _codes(part, "customer_key", np.ones(len(part), bool))
    day, slot = local_cells(at_us, dataset.client.time_zone, interval_s)
    rows = pd.DataFrame(
        {
            "arrival_us": at_us,
            "left_us": left_us,
            "free_us": np.where(answered, left_us + work_us.astype(np.int64), -1),
            "wait_s": wait_s,
            "answered": answered,
            "line": line,
            "ranked": ranked,
            "agent": agent,
            "talk_s": np.where(answered, talk, np.nan),
            "hold_s": np.where(answered, hold, np.nan),
            "acw_s": np.where(answered, acw, np.nan),
            "customer": customer,
            "day": day,
            "slot": slot,
            "row": part.index.to_numpy(),
        }
    )
    rows = rows.sort_values(["arrival_us", "line"], kind="stable").reset_index(drop=True)
    return Log(
        rows, lines, agents, dataset.period, dataset.client.time_zone, interval_s,
        float(str(dataset.extras.get(HEAD_START, 0.0))),
        {reason: n for reason, n in set_aside.items() if n},
    )  # fmt: skip


def _check_work(dataset: Dataset, answered: Bools, work_s: Floats) -> None:
    """Refuse a log that knows of no work: who was there cannot be told from contacts that took no time."""
    if answered.any() and not (work_s[answered] > 0).any():
        raise DataError(
            f"{dataset.client.name}: none of {int(answered.sum()):,} answered contacts of {dataset.period} has a "
            "handle time above 0, and people are worth what they handle. Fill in talk_s, with hold_s and acw_s where "
            "they are recorded, or hand over intervals with offered, aht_s and staffed_s."
        )


def _inside(arrival: np.ndarray, dataset: Dataset) -> Bools:
    first, after = dataset.period.bounds(dataset.client.time_zone)
    low, high = (np.datetime64(t.tz_localize(None)) for t in (first, after))
    return np.asarray((arrival >= low) & (arrival < high))


def local_cells(at_us: Ints, time_zone: str, interval_s: int) -> tuple[Ints, Ints]:
    """Return local day (since 1970) and interval of the local day of moments."""
    stamps = pd.to_datetime(at_us, unit="us", utc=True).tz_convert(time_zone).tz_localize(None)
    local_us = stamps.to_numpy("datetime64[us]").astype(np.int64)
    return local_us // DAY_US, local_us % DAY_US // (interval_s * SECOND_US)


def _codes(part: pd.DataFrame, name: str, known: Bools) -> tuple[Ints, tuple[str, ...]]:
    if name not in part.columns:
        return np.full(len(part), -1, np.int64), ()
    codes, names = pd.factorize(part[name].where(pd.Series(known, index=part.index)), sort=True)
    return np.asarray(codes, dtype=np.int64), tuple(str(n) for n in names)


def _lines(part: pd.DataFrame, dataset: Dataset) -> tuple[Ints, tuple[Line, ...], Bools]:
    def words(name: str, default: str) -> pd.Series:
        if name not in part.columns:
            return pd.Series(default, index=part.index, dtype="str")
        return part[name].astype("str").where(part[name].notna(), default)

    queue = words("queue", "all").map(_plain)
    channel = words("channel", "voice").map(_plain)
    rank = pd.Series(numbers(part, "priority"), index=part.index).fillna(0.0)
    ranks = sorted(rank.unique(), reverse=True)
    ranked = (rank > ranks[-1]).to_numpy(bool)
    names = queue
    if HEAD_START in dataset.extras:
        # one line: a log may know the rank only of those who waited, so a rank makes no line of its own
        ranks = [0.0]
    else:
        names = names.where(rank == ranks[-1], names + " rank " + rank.map("{:g}".format))
        ranked = np.zeros(len(part), bool)
    several = channel.groupby(names).transform("nunique") > 1
    names = names.where(~several, names + " " + channel)
    code, known = pd.factorize(names, sort=True)
    _, firsts = np.unique(code, return_index=True)
    lines = tuple(
        Line(
            name=str(name),
            queue=str(queue.iloc[i]),
            channel=str(channel.iloc[i]),
            rank=ranks.index(rank.iloc[i]) if len(ranks) > 1 else 0,
        )
        for name, i in zip(known, firsts, strict=True)
    )
    return np.asarray(code, dtype=np.int64), lines, ranked


def _plain(name: str) -> str:
    """Return a name that a path of the scenario language can hold."""
    return name.replace(".", " ").replace("*", " ").strip() or "all"
