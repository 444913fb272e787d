"""Does the locked forecast reach the schedule?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.handoff import dwell, judge_handoff, unreturned
from workbench.diagnostics.periods import days_of, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period


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
    day, locked_ts = days_of(locks, "interval_start", client), locks["lock_ts"]
    lock = locked_ts.groupby(day).max()
    shifts = rows_within(schedule, "start", period, client)
    published = shifts["published_ts"].groupby(days_of(shifts, "start", client)).min()
    days = pd.DataFrame({"lock": lock, "published": published}).dropna(subset=["lock"])
    median, arrived = dwell(
        "HO-5",
        days["lock"],
        days["published"],
        table="schedule",
        period=period,
        by_row=False,
        recorded=bool(schedule["published_ts"].notna().any()),
    )
    both = days.dropna()
    after_lock = share(
        "days scheduled after the forecast was locked",
        int((both["published"] >= both["lock"]).sum()),
        len(both),
        of="days",
        table="schedule",
        period=period,
        scale=Scale(
            zero=0.5, hundred=1.0, target=0.95, source="METHOD HO-5: forecast version used; ends are ours"
        ),
    )
    dated = (locks["version_ts"].notna() & locked_ts.notna()).to_numpy()
    changed = (locks["version_ts"] > locked_ts)[dated].groupby(day[dated]).any()
    kept = unreturned("HO-5", "days whose forecast was not changed after its lock", ~changed, of="days",
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
