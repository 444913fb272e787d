"""Are escalations high because knowledge was handed over too thinly?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import evidence_from, found, missing, quantity
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.knowledge import hours_held
from workbench.diagnostics.periods import rows_within
from workbench.diagnostics.tenure import NEW_DAYS, tenure_days
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import coded, flags, listed, times
from workbench.metrics.proportion import wilson
from workbench.metrics.transfers import escalation_rate
from workbench.statistics.ratios import share_difference
from workbench.wording import figure, number

RATE = Scale(
    zero=0.40,
    hundred=0.05,
    target=0.10,
    source="METHOD FM-2, STAT-8: 40 % is the example of failure; ends are ours",
)
DEPTH = Scale(
    zero=0.3, hundred=1.0, target=0.95, source="METHOD FMB-1: hours held of hours planned; ends are ours"
)


@diagnostic("FM-2", area="failure modes", also=("FMB-1", "STAT-8"))
def escalations_are_few(
    contacts: Table, hris: Table | None, knowledge_transfer: Table | None, client: Client, period: Period
) -> Verdict:
    """Agents settle what they are given, the complex contacts too.

    Why: thin transfer works for simple contacts and breaks on the others.
    Healthy: 6 % escalated; new agents on complex contacts 11 %.
    Unhealthy: 40 % escalated, carried by new agents on complex contacts.
    Remedy: transfer by contact type with shadowing (buyer), and release by test after calibration (vendor).
    """
    mine = rows_within(contacts, "offered_ts", period, client)
    rate = evidence_from(escalation_rate(mine), table="contacts", period=period, scale=RATE, weight=2.0,
                         label="contacts escalated")  # fmt: skip
    table = _by_tenure_and_complexity(mine, hris)
    depth = hours_held(knowledge_transfer, DEPTH)
    carried = ""
    if len(table):
        worst = table.loc[table["rate"].idxmax()]
        carried = (
            f" The rate is carried by {worst['tenure']} agents on {worst['complexity']} contacts: "
            f"{figure(worst['rate'], 'fraction')} of {int(worst['n']):,}."
        )
    thin = depth.value is not None and depth.value < 0.7
    transfer = (
        f" {number(100 * (depth.value or 0))} % of the planned transfer hours were held." if thin else ""
    )
    said = found(
        "FM-2",
        rate,
        f"{figure(rate.value, 'fraction')} ({figure(rate.low, 'fraction')} to {figure(rate.high, 'fraction')}) of "
        f"{rate.n:,} contacts were escalated (expected {figure(rate.expected, 'fraction')}), {period}."
        f"{carried}{transfer}",
        "Buyer: transfer knowledge by contact type, with shadowing. Vendor: release to complex contacts by test, after "
        "calibration.",
        beside=(depth,),
        lever="queues.*.follow_ups.*.probability",
        commitments="the client does the work that was bought",
        margin="every escalation is handled twice",
    )
    gap = _new_against_tenured(table, period)
    return Verdict((rate, depth, gap), said, {"escalation by tenure and complexity": table})


def _new_against_tenured(table: pd.DataFrame, period: Period) -> Evidence:
    """Return how much more often new agents escalate than tenured ones, all difficulties together; not scored."""
    label = "contacts escalated by new agents, above tenured agents' share"
    counts: dict[str, tuple[int, int]] = {}
    for name, escalated, n in zip(
        *(table[column].tolist() for column in ("tenure", "escalated", "n")), strict=True
    ):
        before = counts.get(name, (0, 0))
        counts[name] = before[0] + escalated, before[1] + n
    names = [name for name in counts if name.startswith("new")]
    if not names or "tenured" not in counts:
        reason = "needs contacts of new and of tenured agents, and their start in hris"
        return missing(label, "points", table="contacts", reason=reason, weight=0.0)
    found = share_difference(*counts[names[0]], *counts["tenured"])
    ends = (found.low, found.high) if found.low is not None and found.high is not None else None
    return quantity(label, found.value, "points", found.n, table="contacts", period=period, weight=0.0, interval=ends,
                    formula=found.method)  # fmt: skip


def _by_tenure_and_complexity(mine: pd.DataFrame, hris: pd.DataFrame | None) -> pd.DataFrame:
    escalated, known = flags(mine, "escalated_flag")
    use = known & ~np.isnat(times(mine, "answer_ts"))
    names = ("all", "unknown", f"new (under {NEW_DAYS} days)", "tenured")
    tenure = np.zeros(len(mine), np.int64)
    if hris is not None:
        days = tenure_days(mine, hris).to_numpy()
        tenure = np.select([np.isnan(days), days < NEW_DAYS], [1, 2], 3)
    tag, tags = coded(mine, "complexity_tag")
    tags = [*map(str, listed(tags)), "unclassified"]  # the last: where none is given
    cell = (tenure * len(tags) + np.where(tag < 0, len(tags) - 1, tag))[use]
    n = np.bincount(cell, minlength=len(names) * len(tags))
    hit = np.bincount(cell[escalated[use]], minlength=len(n))
    cells = [(name, tag) for name in names for tag in tags]
    rows = [
        (*at, k, of, k / of, *wilson(k, of))
        for at, k, of in sorted(zip(cells, hit.tolist(), n.tolist(), strict=True))
        if of >= 20
    ]
    return pd.DataFrame(rows, columns=["tenure", "complexity", "escalated", "n", "rate", "low", "high"])
