"""In how many ways is one process really run, and how far from the documented one?

From an event log of (case, activity, time): the variants (orders of activities), the share of the most
frequent, entropy, conformance to a documented order, time between steps, and rework. Own code, plain
pandas: the process-mining library is copyleft.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import CallError
from workbench.once import once_per_table


@dataclass(frozen=True)
class Variants:
    """The ways in which cases ran.

    Attributes
    ----------
    table : variant (tuple of activities), cases, share; the most frequent first.
    cases : number of cases.
    top_share : share of the most frequent variant; None without cases.
    entropy : of the shares, in bits; 0 when all cases run alike.
    evenness : entropy over its maximum for so many variants, 0 to 1; 0 for one variant.
    """

    table: pd.DataFrame
    cases: int
    top_share: float | None
    entropy: float
    evenness: float


def variants(
    log: pd.DataFrame, *, case: str = "case", activity: str = "activity", time: str = "time"
) -> Variants:
    """Return the variants of an event log; events of one instant are ordered by name.

    Events without a case, an activity or a time are left out.
    """
    return variants_of(traces(log, case, activity, time))


def variants_of(runs: Iterable[tuple[str, ...]]) -> Variants:
    """Return the variants of cases whose activities `runs` hold in order."""
    counts = sorted(Counter(runs).items(), key=lambda item: (-item[1], str(item[0])))
    cases = np.array([n for _, n in counts], int)
    total = int(cases.sum())
    share = cases / total if total else cases.astype(float)
    names = pd.Series([run for run, _ in counts], dtype=object)
    table = pd.DataFrame({"variant": names, "cases": cases, "share": share})
    entropy = float(-(share * np.log2(share)).sum()) + 0.0
    even = entropy / np.log2(len(table)) if len(table) > 1 else 0.0
    return Variants(table, total, float(share[0]) if total else None, max(entropy, 0.0), float(even))


def conformance(
    log: pd.DataFrame,
    documented: Sequence[str],
    *,
    case: str = "case",
    activity: str = "activity",
    time: str = "time",
) -> pd.DataFrame:
    """Return how each case keeps to a documented order of steps.

    Returns
    -------
    DataFrame by case: missing and extra (tuples of activities), repeated (count), out_of_order (count
    of documented steps that are not in the longest run in order), conforms (none of these), fitness (share
    of documented steps done in order).
    """
    if len(set(documented)) < len(documented) or not documented:
        raise CallError("The documented order names no step, or one twice. Give each step once.")
    place = {step: i for i, step in enumerate(documented)}
    rows = {}
    for name, trace in traces(log, case, activity, time).items():
        first = [step for step in dict.fromkeys(trace) if step in place]
        in_order = steps_in_order(trace, place)
        rows[name] = {
            "missing": tuple(step for step in documented if step not in first),
            "extra": tuple(dict.fromkeys(step for step in trace if step not in place)),
            "repeated": len(trace) - len(set(trace)),
            "out_of_order": len(first) - in_order,
            "conforms": list(trace) == list(documented),
            "fitness": in_order / len(documented),
        }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index.name = case
    return table


def steps_in_order(trace: Sequence[str], place: Mapping[str, int]) -> int:
    """Return how many documented steps a trace has in their order, by the `place` of each."""
    return _longest_rising(list(dict.fromkeys(place[step] for step in trace if step in place)))


def dwell(
    log: pd.DataFrame, *, case: str = "case", activity: str = "activity", time: str = "time"
) -> pd.DataFrame:
    """Return the time between consecutive steps: start, end, n, median_s, p90_s, longest_s. [s]"""
    events = _ordered(log, case, activity, time)
    follows = events[case].eq(events[case].shift())
    seconds = events[time].diff().dt.total_seconds()
    steps = pd.DataFrame({"start": events[activity].shift(), "end": events[activity], "s": seconds})[follows]
    groups = steps.groupby(["start", "end"], observed=True)["s"]
    table = groups.agg(n="size", median_s="median", longest_s="max")
    table.insert(2, "p90_s", groups.quantile(0.9))
    return table.reset_index()


def rework_share(
    log: pd.DataFrame, *, case: str = "case", activity: str = "activity", time: str = "time"
) -> float | None:
    """Return the share of cases in which any activity happens twice; None without cases."""
    runs = traces(log, case, activity, time)
    if runs.empty:
        return None
    return float(np.mean([len(trace) > len(set(trace)) for trace in runs]))


def _ordered(log: pd.DataFrame, case: str, activity: str, time: str) -> pd.DataFrame:
    events = log[[case, activity, time]].dropna()
    return events.sort_values([case, time, activity], kind="stable").reset_index(drop=True)


@once_per_table
def traces(
    log: pd.DataFrame, case: str = "case", activity: str = "activity", time: str = "time"
) -> pd.Series:
    """Return the activities of each case in order, as a tuple."""
    (of, cases), (done, names), (at, _) = (
        pd.factorize(log[name], sort=True) for name in (case, activity, time)
    )
    known = (of >= 0) & (done >= 0) & (at >= 0)
    runs = runs_of(of[known], names.to_numpy(object)[done[known]], at[known])
    index = pd.Index(cases, name=case)[np.array(list(runs), int)]
    return pd.Series(list(runs.values()), index=index, name=activity, dtype=object)


def runs_of(
    case: NDArray[np.int64], activity: NDArray[np.object_], at: NDArray[np.generic]
) -> dict[int, tuple[str, ...]]:
    """Return the activities of each case in order, as a tuple; of one instant by name, the cases in their order."""
    rank = {name: i for i, name in enumerate(sorted(set(activity.tolist())))}
    order = np.lexsort((np.array([rank[name] for name in activity.tolist()], int), at, case))
    runs: dict[int, list[str]] = {}
    for of, step in zip(case[order].tolist(), activity[order].tolist(), strict=True):
        runs.setdefault(of, []).append(step)
    return {of: tuple(steps) for of, steps in runs.items()}


def _longest_rising(places: Sequence[int]) -> int:
    """Return the length of the longest increasing subsequence."""
    best: list[int] = []
    for i, place in enumerate(places):
        best.append(1 + max((best[j] for j in range(i) if places[j] < place), default=0))
    return max(best, default=0)
