"""Does the client's forecast reach the provider in time?"""

from __future__ import annotations

import numpy as np

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import quantity
from workbench.diagnostics.finding import Lack, Scale, Verdict
from workbench.diagnostics.handoff import carried_whole, dwell, judge_handoff, unreturned
from workbench.diagnostics.periods import days_of, each_day, kept, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import filled, numbered, seconds_between, times


@diagnostic("HO-17", area="handoffs")
def client_forecast_to_provider(
    forecast: Table,
    ownership: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """The client's forecast is sent weeks ahead and confirmed.

    Why: a forecast that arrives after the shifts are published is a record, not a plan.
    Healthy: sent four weeks ahead, confirmed in a day.
    Unhealthy: sent on the Friday before, never confirmed.
    Remedy: agree on a date, a horizon and a confirmation, and review the error at the lock.
    """
    mine = rows_within(forecast, "interval_start", period, client)
    sent = kept(mine, filled(mine, "sent_ts"))
    day = days_of(sent, "interval_start", client)
    ahead = seconds_between(times(sent, "sent_ts"), times(sent, "interval_start")) / 86400
    days, of = np.unique(day, return_inverse=True)
    by_day = np.full(len(days), np.inf)
    np.minimum.at(by_day, of, ahead)
    horizon = quantity(
        "median days that the forecast was sent ahead",
        float(np.median(by_day)) if len(by_day) else None,
        "days ahead",
        len(by_day),
        table="forecast",
        period=period,
        scale=Scale(zero=3.0, hundred=28.0, target=21.0, source="METHOD HO-17: horizon; ends are ours"),
        lack=Lack(columns=("forecast.sent_ts",)),
    )
    _, versions = np.unique(numbered(mine, ("version_ts", "sent_ts")), return_index=True)
    confirmed = dwell("HO-17", mine["sent_ts"].iloc[versions], mine["confirmed_ts"].iloc[versions],
                      table="forecast", period=period)  # fmt: skip
    settled = each_day(day, times(sent, "confirmed_ts"))
    stood = ~(each_day(day, times(sent, "sent_ts"), latest=True) > settled)[settled.notna()]
    once = unreturned("HO-17", "days whose forecast was not sent again after it was confirmed", stood, of="days",
                      table="forecast", period=period, by_row=False)  # fmt: skip
    whole = carried_whole("HO-17", "forecast intervals sent with volume and handle time",
                          sent[["volume", "aht_s"]], of="intervals", table="forecast",
                          period=period)  # fmt: skip
    measured = [(horizon, "day"), *((part, "version") for part in confirmed)]
    return judge_handoff(
        "HO-17",
        ownership,
        measured,
        "Agree on date, horizon and confirmation; review the error at the lock.",
        lever="queues.*.arrivals.day_factor",
        beside=((once, "day"), (whole, "interval")),
        waits=confirmed[0],
        rework=once,
        carried=whole,
    )
