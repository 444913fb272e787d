"""Is the forecast close, unbiased and stable?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import evidence_from, findings, missing, quantity
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.forecast_error import bias, first_and_locked, matched, noise_floor, wape

DAILY = Scale(zero=0.25, hundred=0.03, target=0.08, source="METHOD LC-5; ends are ours")
ABOVE_NOISE = Scale(
    zero=3.0, hundred=1.0, target=1.5, source="METRICS: the noise floor of arrivals; ends are ours"
)
STEADY = Scale(
    zero=0.25, hundred=0.03, target=0.08, source="METHOD LC-5: stability between versions; ends are ours"
)
LEAN = Scale(zero=0.15, hundred=0.0, target=0.03, source="METHOD LC-5: bias; ends are ours")


@diagnostic("LC-5", area="lifecycle")
def forecast_is_close(forecast: Table, intervals: Table, client: Client, period: Period) -> Verdict:
    """The locked forecast is near what came, leans to no side, and misses little more than chance must.

    Why: every point of forecast error is paid as idle time or as waiting.
    Healthy: days within 6 %, intervals 1.3 times the noise floor, no lean.
    Unhealthy: days a fifth off, always too low on Mondays.
    Remedy: forecast by day first, review bias each week, lock once and measure what was locked.
    """
    mine = rows_within(forecast, "interval_start", period, client)
    days = matched(mine, intervals, level="day", time_zone=client.time_zone)
    cells = matched(mine, intervals, level="interval", time_zone=client.time_zone)
    if days.empty:
        reason = "forecast and intervals have no interval and queue in common"
        return Verdict((missing("daily forecast error (WAPE)", "fraction", table="forecast", reason=reason),))
    daily = evidence_from(wape(days["actual"], days["forecast"]), table="forecast", period=period, scale=DAILY,
                          label="daily forecast error (WAPE)")  # fmt: skip
    lean = bias(days["actual"], days["forecast"])
    leaning = quantity(
        "lean of the forecast to one side",
        abs(lean.value) if lean.value is not None else None,
        "fraction",
        lean.n,
        table="forecast",
        period=period,
        scale=LEAN,
        formula=f"|{lean.formula}|; " + ("too high" if (lean.value or 0) > 0 else "too low"),
    )
    fine, floor = wape(cells["actual"], cells["forecast"]), noise_floor(cells["forecast"])
    ratio = fine.value / floor.value if fine.value is not None and floor.value else None
    noisy = quantity(
        "interval forecast error over the least that chance allows",
        ratio,
        "times",
        fine.n,
        table="forecast",
        period=period,
        scale=ABOVE_NOISE,
        formula="WAPE of intervals / WAPE of a perfect forecast of Poisson arrivals",
        reason="no volume to compare",
    )
    steady = _steady(mine, period)
    return Verdict(
        (daily, leaning, noisy, steady),
        findings(
            "LC-5",
            (
                (daily, "queue-day", "Forecast days first, then spread them over intervals."),
                (leaning, "queue-day", "Review the lean each week and correct it."),
                (
                    noisy,
                    "interval",
                    "Mend the intraday profile; below the noise floor nothing can be gained.",
                ),
                (
                    steady,
                    "forecast interval",
                    "Say what moved the forecast between two versions, and stop moving it late.",
                ),
            ),
            lever="queues.*.arrivals.day_factor",
            commitments="waiting where the forecast was low",
            margin="idle time where it was high",
        ),
    )


def _steady(mine: pd.DataFrame, period: Period) -> Evidence:
    """How far the version that scheduling used had moved from the first one."""
    both = first_and_locked(mine)
    total = float(both["held"].sum())
    return quantity(
        "change from the first version to the one that was locked",
        float((both["held"] - both["first"]).abs().sum()) / total if total else None,
        "fraction",
        len(both),
        table="forecast",
        period=period,
        scale=STEADY,
        weight=0.5,
        formula="Σ|locked − first| / Σ locked, over intervals forecast more than once",
        reason="no interval was forecast more than once",
    )
