"""Does the locked forecast reach the schedule?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.handoff import dwell, judge_handoff, unreturned
from workbench.diagnostics.periods import within
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
    zone = client.time_zone
    locks = forecast[within(forecast["interval_start"], period, client) & forecast["lock_ts"].notna()]
    lock = locks.groupby(locks["interval_start"].dt.tz_convert(zone).dt.date)["lock_ts"].max()
    shifts = schedule[within(schedule["start"], period, client) & schedule["published_ts"].notna()]
    published = shifts.groupby(shifts["start"].dt.tz_convert(zone).dt.date)["published_ts"].min()
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
    dated = locks["version_ts"].notna()
    later = (locks["version_ts"] > locks["lock_ts"])[dated]
    changed = later.groupby(locks.loc[dated, "interval_start"].dt.tz_convert(zone).dt.date).any()
    kept = unreturned("HO-5", "days whose forecast was not changed after its lock", ~changed, of="days",
                      table="forecast", period=period, by_row=False)  # fmt: skip
    measured = ((median, "day"), (arrived, "day"), (after_lock, "day"))
    return judge_handoff(
        "HO-5",
        ownership,
        measured,
        "Tie publishing to the lock and write the version on the schedule.",
        lever="queues.*.arrivals.forecast_error",
        beside=((kept, "day"),),
        waits=median,
        rework=kept,
        carried=after_lock,
    )
