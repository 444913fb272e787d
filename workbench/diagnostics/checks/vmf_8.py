"""Does the service level stay flat while repeats or transfers rise?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.periods import counted_by, rows_within, weeks_of
from workbench.diagnostics.terms import service_level_terms, term_for
from workbench.diagnostics.weekly import weekly_slope
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import flags, times
from workbench.metrics.resolution import observed_repeats
from workbench.metrics.service_level import service_level_by_window
from workbench.wording import figure

RISE = Scale(
    zero=0.10,
    hundred=0.0,
    target=0.0,
    source="METHOD VMF-8: effort rises unseen; that ten points are the worst is ours",
)
EFFORT = {"transferred": "transfer_flag", "escalated": "escalated_flag"}


@diagnostic("VMF-8", area="vendor management")
def effort_not_rising(
    contacts: Table, sla: Table | None, client: Client, period: Period, *, least_weeks: int = 8
) -> Verdict:
    """While the service level holds, customers do not have to try harder.

    Why: repeats, transfers and escalations rise first; the service level is the last to know.
    Healthy: level flat at 82 %, repeats flat at 14 %.
    Unhealthy: level flat at 82 %, repeats up by 9 points in four months.
    Remedy: review effort beside the level, and trace the rise to its queue and cause.
    """
    mine = rows_within(contacts, "offered_ts", period, client)
    terms, _ = service_level_terms(client, sla)
    term = term_for(terms, None)
    levels = service_level_by_window(
        mine, "week", variant=term.formula, threshold_s=term.threshold_s,
        short_abandon_s=term.short_abandon_s, time_zone=client.time_zone,
    )  # fmt: skip
    levels = levels[levels["counted"] >= 30]
    if len(levels) < least_weeks:
        reason = f"{len(levels)} weeks with 30 contacts; needs {least_weeks}"
        return Verdict(
            (missing("rise of effort while the level holds", "points", table="contacts", reason=reason),)
        )
    level = weekly_slope(levels["service_level"].to_numpy(float))
    steady = level.high >= -0.02
    parts = [_rise(name, series, steady, period) for name, series in _efforts(mine, client).items()]
    said = [
        finding
        for part in parts
        for finding in found(
            "VMF-8",
            part,
            f"The service level changed by {figure(level.change, 'points')} over {len(levels)} weeks while "
            f"{part.measure} by {figure(part.value, 'points')} ({figure(part.low, 'points')} to "
            f"{figure(part.high, 'points')}; {part.n:,} contacts; expected none), {period}.",
            "Review effort beside the level, and trace the rise to its queue and cause.",
            lever="queues.*.resolution",
            commitments="green reports and tired customers",
            margin="each repeat is handled and paid again",
        )
    ]
    return Verdict(tuple(parts), tuple(said))


def _efforts(mine: pd.DataFrame, client: Client) -> dict[str, pd.DataFrame]:
    week, answered = weeks_of(mine, "offered_ts", client), ~np.isnat(times(mine, "answer_ts"))
    weekly = {}
    for name, column in EFFORT.items():
        true, known = flags(mine, column)
        weekly[name] = counted_by(week[known & answered], true[known & answered])
    seen, repeated = observed_repeats(mine)
    weekly["repeated within 7 days"] = counted_by(week[seen], repeated)
    return weekly


def _rise(name: str, weekly: pd.DataFrame, steady: bool, period: Period) -> Evidence:
    label = f"contacts {name} rose"
    good, n = weekly["good"].to_numpy(float), weekly["n"].to_numpy(float)
    good, n = good[n >= 30], n[n >= 30]
    if len(n) < 8:
        return missing(
            label, "points", table="contacts", reason=f"{len(n)} weeks with 30 known contacts; needs 8"
        )
    slope = weekly_slope(good / n, weights=n)
    rise = np.array([slope.change, slope.low, slope.high])
    value, low, high = (float(v) for v in (rise if steady else np.minimum(rise, 0.0)))
    return quantity(
        label,
        value,
        "points",
        int(n.sum()),
        table="contacts",
        period=period,
        scale=RISE,
        interval=(low, high),
        formula="weighted trend of the weekly share over the period; a rise counts only while the level holds",
    )
