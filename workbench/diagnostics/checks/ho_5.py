"""Does the locked forecast reach the schedule?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.handoff import dwell, judge_handoff, unreturned
from workbench.diagnostics.periods import days_of, each_day, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import filled, times


@diagnostic("HO-5", area="handoffs")
def forecast_to_schedule(
    forecast: Table,
    schedule: Table,
    ownership: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """Schedules are published within a week of the forecast's lock, on that forecast.

    Why: a schedule on an older forecast is wrong before it is published.
    Healthy: 3 days from lock to publishing.
    Unhealthy: published before the lock, or three weeks after it.
    Remedy: tie publishing to the lock, and write the version on the schedule.
    """
    locks = rows_within(forecast, "interval_start", period, client)
    day, locked_ts = days_of(locks, "interval_start", client), times(locks, "lock_ts")
    lock = each_day(day, locked_ts, latest=True)
    lock = lock[lock.notna()]
    shifts = rows_within(schedule, "start", period, client)
    published = each_day(days_of(shifts, "start", client), times(shifts, "published_ts")).reindex(lock.index)
    median, arrived = dwell(
        "HO-5",
        lock,
        published,
        table="schedule",
        period=period,
        by_row=False,
        recorded=bool(filled(schedule, "published_ts").any()),
    )
    after_lock = share(
        "days scheduled after the forecast was locked",
        int((published >= lock).sum()),
        int(published.notna().sum()),
        of="days",
        table="schedule",
        period=period,
        scale=Scale(
            zero=0.5, hundred=1.0, target=0.95, source="METHOD HO-5: forecast version used; ends are ours"
        ),
    )
    version = times(locks, "version_ts")
    dated = ~np.isnat(version) & ~np.isnat(locked_ts)
    days, of = np.unique(day[dated], return_inverse=True)
    changed = np.bincount(of[(version > locked_ts)[dated]], minlength=len(days)) > 0
    kept = unreturned("HO-5", "days whose forecast was not changed after its lock", pd.Series(~changed), of="days",
                      table="forecast", period=period, by_row=False)  # fmt: skip
    measured = ((median, "day"), (arrived, "day"), (after_lock, "day"))
    return judge_handoff(
        "HO-5",
        ownership,
        measured,
        "Tie publishing to the lock and write the version on the schedule.",
        lever="queues.*.arrivals.day_factor",
        beside=((kept, "day"),),
        waits=median,
        rework=kept,
        carried=after_lock,
    )
