"""How long does the governance take to notice a drift of the size that this client has?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, found, median_interval, missing, quantity
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.governance import FORUMS, held_in, log_of_meetings
from workbench.diagnostics.periods import rows_within
from workbench.diagnostics.terms import service_level_terms, term_for
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import seconds_between, times
from workbench.metrics.service_level import service_level_by_window
from workbench.statistics.control_charts import moving_range_sigma
from workbench.statistics.run_length import FALSE_ALARM_WEEKS, detection_lags, weeks_to_signal
from workbench.wording import figure, number

LAG = Scale(zero=20.0, hundred=4.0, target=8.0, source="METHOD VMF-4, GOV-14; ends are ours")
ACT = Scale(
    zero=4.0, hundred=2 / 7, target=1.0, source="METHOD VMF-4, VL-4: two days to a decision; ends are ours"
)


@diagnostic("VMF-4", area="governance", also=("GOV-14",))
def drift_noticed_in_time(
    contacts: Table,
    gov_meeting: Table,
    breach: Table | None,
    sla: Table | None,
    client: Client,
    period: Period,
    *,
    drift: float = 0.05,
    false_alarm_weeks: float = FALSE_ALARM_WEEKS,
) -> Verdict:
    """A drift of five points is noticed, decided on and acted upon within two months.

    Why: a quarterly look has a floor of a quarter, and a weekly look without a cumulative chart misses
        what is small.
    Healthy: 6 weeks from drift to action, by a weekly with a cumulative chart.
    Unhealthy: 19 weeks, by a quarterly deck.
    Remedy: look weekly, with a cumulative chart (CUSUM or EWMA), at an agreed rate of false alarms.
    """
    label = "weeks until a drift is noticed"
    act = _act_weeks(breach, client, period)
    terms, _ = service_level_terms(client, sla)
    term = term_for(terms, None)
    mine = rows_within(contacts, "offered_ts", period, client)
    weeks = service_level_by_window(
        mine, "week", variant=term.formula, threshold_s=term.threshold_s,
        short_abandon_s=term.short_abandon_s, time_zone=client.time_zone,
    )  # fmt: skip
    weeks = weeks[weeks["counted"] >= 30]
    sigma = moving_range_sigma(weeks["service_level"]) if len(weeks) >= 6 else 0.0
    if sigma < 1e-9:
        few = f"{len(weeks)} weeks with 30 contacts; needs 6"
        reason = few if len(weeks) < 6 else "every week has the same level"
        return Verdict((missing(label, "weeks", table="contacts", reason=reason, weight=2.0), act))
    held = _interval_weeks(gov_meeting, period)
    alarms = max(false_alarm_weeks, 4 * held)
    noticed = weeks_to_signal(drift / sigma, weeks_per_point=held, in_control_weeks=alarms) + held / 2
    part = quantity(
        label,
        noticed,
        "weeks",
        len(weeks),
        table="contacts",
        period=period,
        scale=LAG,
        weight=2.0,
        formula=f"until a 3σ look at means of {number(held, 1)} weeks signals + half that for the forum; weekly "
        f"spread {figure(sigma, 'points')}, one false alarm in {number(alarms)} weeks",
    )
    table = detection_lags(
        tuple(float(s) for s in np.round(np.array([0.02, 0.05, 0.10]) / sigma, 3)),
        in_control_weeks=false_alarm_weeks,
        action_weeks=act.value or 0.0,
        with_meeting=True,
    )
    table.insert(0, "drift", [0.02, 0.05, 0.10])
    best = float(table.loc[table.index[1], ["CUSUM weekly", "EWMA weekly"]].min()) - (act.value or 0.0)
    said = found(
        "VMF-4",
        part,
        f"A drift of {figure(drift, 'points')} in the service level would be noticed after {figure(noticed, 'weeks')} "
        f"(expected {number(LAG.target)}) at the cadence held, one meeting {_every(held)}; a weekly with "
        f"a cumulative chart would take {number(best, 1)} at one false alarm a year. {len(weeks)} weeks, {period}.",
        "Look weekly with a cumulative chart, at an agreed rate of false alarms.",
        step="cadence",
        margin="loss runs at the drift's rate until then",
    )
    decided = findings(
        "VMF-4",
        (
            (
                act,
                "breach",
                "Let the owner of a figure decide below an agreed size, without waiting for a forum.",
            ),
        ),
        step="cadence",
    )
    until = "action" if act.value is not None else "notice, the time to act unknown"
    return Verdict(
        (part, act), (*said, *decided), {f"weeks from drift to {until}": table.reset_index(drop=True)}
    )


def _every(weeks: float) -> str:
    """Return how often a forum is held, in words: "a week", "in 4.3 weeks"."""
    return "a week" if number(weeks, 1) == "1" else f"in {figure(weeks, 'weeks')}"


def _interval_weeks(gov_meeting: pd.DataFrame, period: Period) -> float:
    """Return the weeks between held meetings of the most frequent forum that looks at trends."""
    held = [held_in(gov_meeting, forum, period) for forum in FORUMS[1:]]
    days = log_of_meetings(gov_meeting, period).days or period
    return max(days.days / 7 / max(held), 1.0) if max(held) else 13.0


def _act_weeks(breach: pd.DataFrame | None, client: Client, period: Period) -> Evidence:
    label = "median weeks from a breach to its decision"
    if breach is None:
        return missing(label, "weeks", table="breach", lack=Lack(tables=("breach",)))
    mine = rows_within(breach, "ts", period, client)
    weeks = seconds_between(times(mine, "ts"), times(mine, "decided_ts")) / (7 * 86400)
    weeks = weeks[~np.isnan(weeks)]
    return quantity(label, float(np.median(weeks)) if len(weeks) else None, "weeks", len(weeks), table="breach",
                    period=period, scale=ACT, interval=median_interval(weeks),
                    reason="no breach was decided on")  # fmt: skip
