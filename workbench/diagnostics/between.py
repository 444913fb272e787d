"""Do two tables say the same of the same person, contact or interval?

What must agree stands in intake/tables/_contradictions.csv. A row is judged only where both tables know
what it speaks of; what one of them does not know is missing, or a name that refers to nobody, and is
counted elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.diagnostics.periods import days_of, kept
from workbench.intake.contradictions import Rule, between, judged
from workbench.intake.dataset import Dataset
from workbench.metrics.columns import (
    Bools,
    Floats,
    Ints,
    Times,
    array_of,
    coded,
    in_one_list,
    numbers,
    spelled,
    times,
)

SECOND_US = 1_000_000


@dataclass(frozen=True)
class Against:
    """What came of holding the rows of one table against another.

    Attributes
    ----------
    rule : what must agree.
    table : whose rows are counted: the rule's, or the interval report for what is counted there.
    n : rows of it that could be judged.
    rows : those that disagree, as the table numbers them.
    """

    rule: Rule
    table: str
    n: int
    rows: Ints


def against_other_tables(dataset: Dataset) -> tuple[Against, ...]:
    """Return every rule between two tables that came, with the rows that break it; rules without a row to judge not."""
    found = []
    for rule in between():
        if dataset.usable(rule.table) and dataset.usable(rule.other):
            table, seen, wrong = JUDGES[rule.relation](dataset, rule)
            if seen.any():
                rows = dataset.tables[table].index.to_numpy()[seen & wrong]
                found.append(Against(rule, table, int(seen.sum()), rows))
    return tuple(found)


Judged = tuple[str, Bools, Bools]
"""The table whose rows are counted, which of them could be judged, and which of those are wrong."""


def _in_time(dataset: Dataset, rule: Rule) -> Judged:
    """Hold a time of one table against a time, or a day, of another: of a day the whole day counts."""
    table, other = dataset.tables[rule.table], dataset.tables[rule.other]
    column, day = rule.left[0], not isinstance(array_of(other, rule.target).dtype, pd.DatetimeTZDtype)
    mine = days_of(table, column, dataset.client) if day else times(table, column)
    who, whose, names = in_one_list(table, other, rule.by)
    theirs = np.full(names + 1, np.datetime64("NaT"), "datetime64[us]")
    theirs[whose] = times(other, rule.target)
    theirs[-1] = np.datetime64("NaT")  # whom nobody knows
    right = theirs[who]
    seen = judged(table, rule) & ~np.isnat(mine) & (who >= 0)
    if rule.relation == "not_before":
        return rule.table, seen & ~np.isnat(right), np.asarray(mine < right)
    ends = not np.isnat(
        theirs
    ).all()  # whose end is empty has none yet; without a single end nothing is known
    known = np.zeros(names + 1, bool)
    known[whose] = True
    return rule.table, seen & known[who] & ends, np.asarray(mine > right)


def _not_while(dataset: Dataset, rule: Rule) -> Judged:
    """Hold a moment of one table against the state in another: wrong where that is one of `among`.

    Clocks differ, so the state must have begun `slack` seconds before and last as long after.
    """
    table, states = dataset.tables[rule.table], dataset.tables[rule.other]
    at = times(table, rule.left[0])
    who, whose, _ = in_one_list(table, states, rule.by)
    begin, end = times(states, "start"), times(states, "end")
    order = np.lexsort((begin.astype(np.int64), whose))
    order = order[whose[order] >= 0]
    key = _keys(whose[order], begin[order])
    moment = _keys(who, at)
    place = np.searchsorted(key, moment, side="right") - 1
    known = (who >= 0) & ~np.isnat(at) & (place >= 0)
    row = order[np.where(known, place, 0)] if len(order) else np.zeros(len(table), np.int64)
    known &= (whose[row] == who) & (end[row] > at)
    slack = np.timedelta64(int(rule.slack * SECOND_US), "us")
    deep = (begin[row] + slack <= at) & (at + slack <= end[row])
    codes, words = coded(states, rule.target)
    off = np.array([*(str(word).casefold() in rule.among for word in words), False], bool)
    return rule.table, known, deep & off[codes[row]]


def _keys(who: Ints, at: Times) -> Floats:
    """Return one number for a person and a moment that sorts by person, then by moment; exact to the second."""
    seconds = at.astype("datetime64[s]").astype(np.int64).astype(np.float64)
    return np.asarray(who.astype(np.float64) * 1e10 + seconds)


def _counted_in(dataset: Dataset, rule: Rule) -> Judged:
    """Hold the contacts of each interval and queue against the count of the interval report.

    Wrong is an interval that is further away than slack and share allow, for contacts that cross its ends,
    and than the share of contacts that were set aside. Judged are intervals of queues that both tables name
    (those of a report that does not split by queue stand for all), on days on which both have rows, from the
    first contact to the last.
    """
    table, report = dataset.tables[rule.table], dataset.tables[rule.other]
    mine = kept(table, judged(table, rule))
    begin, length = times(report, "interval_start"), numbers(report, "interval_s")
    said = numbers(report, rule.target)
    whole = spelled(report, rule.by, ("all",))
    who, whose, _ = in_one_list(mine, report, rule.by)
    at = times(mine, rule.left[0])
    counts = np.full(len(report), np.nan)
    if not len(mine):
        return rule.other, np.zeros(len(report), bool), np.zeros(len(report), bool)
    days = days_of(mine, rule.left[0], dataset.client)
    shared = np.isin(days_of(report, "interval_start", dataset.client), np.unique(days))
    shared &= (begin >= at.min()) & (begin <= at.max())
    for queue in np.unique(whose[shared]):
        here = (whose == queue) & shared
        arrived = np.sort(at if whole[here].all() else at[who == queue])
        if len(arrived):
            end = begin[here] + (length[here] * SECOND_US).astype("timedelta64[us]")
            counts[here] = np.searchsorted(arrived, end) - np.searchsorted(arrived, begin[here])
    seen = ~np.isnan(counts) & ~np.isnan(said) & ~np.isnan(length)
    apart = np.abs(np.where(seen, counts - said, 0.0))
    read = dataset.provenance.rows_read.get(rule.table, len(table))
    share = rule.share + max(1 - len(table) / read, 0.0) if read else rule.share
    return rule.other, seen, apart > rule.slack + share * np.where(seen, np.maximum(said, counts), 0.0)


JUDGES: dict[str, Callable[[Dataset, Rule], Judged]] = {
    "not_after": _in_time,
    "not_before": _in_time,
    "not_while": _not_while,
    "counted_in": _counted_in,
}
"""How each relation between tables is judged."""
