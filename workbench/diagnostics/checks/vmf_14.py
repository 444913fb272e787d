"""The executive test: hidden cost, compliance exposure, decision latency."""

from __future__ import annotations

import numpy as np

from workbench.diagnostics.coverage import where_covered
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, median_interval, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.headcount import agents_of
from workbench.diagnostics.log_ends import log_of
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import coded, filled, seconds_between, speaking, times

LATENCY = Scale(zero=30.0, hundred=2.0, target=7.0, source="METHOD VMF-14: decision latency; ends are ours")
OPEN = Scale(zero=0.4, hundred=1.0, target=0.95, source="METHOD VMF-14: compliance exposure; ends are ours")
HIDDEN = Scale(zero=2.0, hundred=0.0, target=0.25,
               source="METHOD VMF-10: client hours a week for each agent; ends are ours")  # fmt: skip
ABSORBED = ("correction", "dispute", "backfill", "rework", "reconcil")


@diagnostic("VMF-14", area="vendor management", also=("VMF-10",))
def executive_test(
    breach: Table | None,
    audit_finding: Table | None,
    routine_request: Table | None,
    hris: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """Decisions come soon, audit findings are closed in time, and the client absorbs little of the work.

    Why: these three tell an executive whether the arrangement pays, whatever the dashboard shows.
    Healthy: 4 days to a decision, all findings closed when due, a few minutes of client work per agent.
    Unhealthy: a month, half overdue, two hours a week per agent spent on corrections.
    Remedy: put the three on the first page of the monthly.
    """
    parts = (_latency(breach, client, period), _compliance(audit_finding, client, period),
             *_absorbed(routine_request, hris, client, period))  # fmt: skip
    return Verdict(
        parts,
        findings(
            "VMF-14",
            (
                (parts[0], "decision", "Let the owner of a figure decide below an agreed size."),
                (parts[1], "due finding", "Give each open finding an owner and a date in the monthly."),
                (
                    parts[2],
                    "agent",
                    "Count the hours for two weeks, then send the work back where it belongs.",
                ),
            ),
            side="both",
            step="cadence",
            margin="hidden cost beside the rate card",
        ),
    )


def _latency(breach: Table | None, client: Client, period: Period) -> Evidence:
    label = "decision latency: median days from signal to decision"
    if breach is None:
        return missing(label, "days", table="breach", lack=Lack(tables=("breach",)))
    mine = rows_within(breach, "ts", period, client)
    days = seconds_between(times(mine, "ts"), times(mine, "decided_ts")) / 86400
    days = days[~np.isnan(days)]
    return quantity(label, float(np.median(days)) if len(days) else None, "days", len(days), table="breach",
                    period=period, scale=LATENCY, interval=median_interval(days),
                    reason="no breach was decided on")  # fmt: skip


def _compliance(audit_finding: Table | None, client: Client, period: Period) -> Evidence:
    label = "compliance exposure: audit findings closed when due"
    if audit_finding is None:
        return missing(label, "fraction", table="audit_finding", lack=Lack(tables=("audit_finding",)))
    due = rows_within(audit_finding, "due", period, client)
    late = ~(times(due, "closed") <= times(due, "due"))
    return share(label, int((~late).sum()), len(due), of="findings due", table="audit_finding", period=period,
                 scale=OPEN, rows=due.index[late])  # fmt: skip


def _absorbed(
    routine_request: Table | None, hris: Table | None, client: Client, period: Period
) -> tuple[Evidence, ...]:
    label = "hidden cost: client hours a week for each agent, on corrections, disputes and backfilling"
    if routine_request is None or hris is None:
        lacking = "routine_request" if routine_request is None else "hris"
        return (missing(label, "h", table=lacking, lack=Lack(tables=(lacking,))),)
    mine = rows_within(routine_request, "ts", period, client)
    absorbed = mine[filled(mine, "minutes") & speaking(mine, "type", ABSORBED)]
    people = agents_of(hris)
    left_before = times(people, "term_date") < np.datetime64(period.start)
    there = ~(times(people, "start_date") > np.datetime64(period.end)) & ~left_before
    who = coded(people, "agent_id")[0][there]
    agents = len(np.unique(who[who >= 0]))
    if absorbed.empty:
        reason = "no request with its minutes is a correction, dispute or backfill"
        return (missing(label, "h", table="routine_request", reason=reason),)
    log = log_of(routine_request, "routine_request", period, client)
    hours = float(absorbed["minutes"].sum() / 60) / ((log.days or period).days / 7)
    part = quantity(label, hours / agents if agents else None, "h", agents, table="routine_request", period=period,
                    scale=HIDDEN, rows=absorbed.index, reason="no agent in hris")  # fmt: skip
    return where_covered(part, log)
