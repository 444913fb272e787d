"""Is a shift short because the schedule differs from the floor?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity, sentence
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.periods import days_of, rows_within
from workbench.diagnostics.waiting import median_wait
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Bools, Times, any_of, equals, spelled
from workbench.metrics.timeline import in_force, spans
from workbench.wording import counted, figure

SHORT = Scale(zero=0.40, hundred=0.0, target=0.08, source="METHOD SYM-4; ends are ours")
ON_QUEUE = ("available", "handling", "acw", "not_responding")


@diagnostic("SYM-4", area="symptoms")
def floor_as_scheduled(
    schedule: Table,
    agent_state: Table,
    client: Client,
    period: Period,
    *,
    minutes: int = 30,
    short_by: float = 0.15,
) -> Verdict:
    """In every half hour about as many agents are on the queue as the schedule says.

    Why: the plan was enough; the floor was not, and service paid for the difference.
    Healthy: 5 % of half hours short by more than 15 %.
    Unhealthy: a third of them, most before noon.
    Remedy: load absences and changes into the plan the same day, and let the intraday desk act on the gap.
    """
    label = f"half hours with over {100 * short_by:g} % fewer on the queue than scheduled"
    planned = in_force(rows_within(schedule, "start", period, client))
    at_work = equals(planned, "label", "on_queue")
    states = rows_within(agent_state, "start", period, client)
    actual = spans(states, "state")
    on_queue = any_of(actual, "label", ON_QUEUE)
    if not (at_work.any() and on_queue.any()):
        where = "agent_state" if at_work.any() else "schedule"
        return Verdict((missing(label, "fraction", table=where, reason=f"no time on the queue in {where}"),))
    start, after = period.bounds(client.time_zone)
    edges = np.arange(_us(start), _us(after) + 1, minutes * 60_000_000, dtype=np.int64)
    plan, floor = _per_cell(planned, at_work, edges), _per_cell(actual, on_queue, edges)
    local = pd.to_datetime(edges[:-1], unit="us", utc=True).tz_convert(client.time_zone)
    day = local.tz_localize(None).to_numpy("datetime64[D]")
    began = days_of(states, "start", client)[spelled(states, "state", ON_QUEUE)].astype("datetime64[D]")
    seen = np.isin(day, began)
    staffed = (plan >= 1.0) & seen
    short = staffed & (floor < (1 - short_by) * plan)
    part = quantity(
        label,
        float(short.sum() / staffed.sum()) if staffed.any() else None,
        "fraction",
        int(staffed.sum()),
        table="schedule",
        period=period,
        scale=SHORT,
        formula="half hours with on-queue agents more than 15 % below the schedule / half hours with one scheduled, "
        "on days for which states were delivered",
        reason="no half hour has an agent scheduled for all of it",
    )
    hours, hour = np.unique(local.hour[staffed], return_inverse=True)
    means = {
        name: np.bincount(hour, values[staffed]) / np.bincount(hour)
        for name, values in (("scheduled", plan), ("on queue", floor), ("short", short))
    }
    by_hour = pd.DataFrame({"hour": hours, **means})
    lag = _days_of_a_gap(short[staffed], day[staffed], minutes, period)
    stood = (
        f" A gap stood for {figure(lag.value, 'days')} in the median over {counted(lag.n, 'gap')}."
        if lag.value is not None
        else ""
    )
    return Verdict(
        (part, lag),
        found(
            "SYM-4",
            part,
            sentence(part, "half hour") + stood,
            "Load absences into the plan the same day; let the intraday desk act on the gap.",
            beside=(lag,),
            side="vendor",
            step="data",
            lever="groups.*.shrinkage",
            commitments="service falls in those half hours",
            margin="scheduled and paid time that was not there",
        ),
        {"scheduled and on queue by hour": by_hour},
    )


def _days_of_a_gap(short: Bools, day: Times, minutes: int, period: Period) -> Evidence:
    """Return how many days in a row the floor stayed behind the plan; a run at the end may go on. Not scored."""
    label = "median days in a row on which the floor was behind the schedule"
    days, of = np.unique(day, return_inverse=True)
    n = np.bincount(of, minlength=len(days))
    behind = np.bincount(of[short], minlength=len(days)) / n > SHORT.target
    turns = np.flatnonzero(np.diff(np.concatenate([[False], behind, [False]])))
    first, after = turns[::2], turns[1::2]  # of each run of days behind the plan
    return median_wait(label, after - first, after < len(days), table="schedule", period=period,
                       nobody="no day was behind the schedule", formula="days in a row with over "
                       f"{SHORT.target:.0%} of their {minutes}-minute cells short")  # fmt: skip


def _us(moment: pd.Timestamp) -> int:
    return int(moment.value // 1000)


def _per_cell(spans: pd.DataFrame, there: Bools, edges: np.ndarray) -> np.ndarray:
    """Return the mean number of agents in each cell: time of spans `there` that overlaps it, over its length."""

    def elapsed(times: np.ndarray) -> np.ndarray:
        """Return, at each edge, the time that spans beginning (or ending) at `times` have run so far."""
        ordered = np.sort(times)
        sums = np.concatenate([[0.0], np.cumsum(ordered.astype(float))])
        before = np.searchsorted(ordered, edges)
        return np.asarray(before * edges.astype(float) - sums[before])

    starts, ends = (spans[end].to_numpy()[there] for end in ("start_us", "end_us"))
    covered = elapsed(starts) - elapsed(ends)
    return np.asarray(np.diff(covered) / np.diff(edges))
