"""Does the client's forecast reach the provider in time?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import quantity
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.handoff import carried_whole, dwell, judge_handoff, unreturned
from workbench.diagnostics.periods import days_of, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period


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
    known = mine["sent_ts"].notna()
    sent = mine if known.all() else mine[known]
    day = days_of(sent, "interval_start", client)
    ahead = (sent["interval_start"] - sent["sent_ts"]).dt.total_seconds() / 86400
    by_day = ahead.groupby(day).min()
    horizon = quantity(
        "median days that the forecast was sent ahead",
        float(by_day.median()) if len(by_day) else None,
        "days ahead",
        len(by_day),
        table="forecast",
        period=period,
        scale=Scale(zero=3.0, hundred=28.0, target=21.0, source="METHOD HO-17: horizon; ends are ours"),
        reason="forecast.sent_ts is empty",
    )
    versions = mine.drop_duplicates(["version_ts", "sent_ts"])
    confirmed = dwell("HO-17", versions["sent_ts"], versions["confirmed_ts"], table="forecast", period=period)
    settled = sent["confirmed_ts"].groupby(day).min()
    stood = ~(sent["sent_ts"].groupby(day).max() > settled)[settled.notna()]
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
