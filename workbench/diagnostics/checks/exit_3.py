"""Must the client step in to keep the vendor compliant?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.coverage import where_covered
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.log_ends import log_of
from workbench.diagnostics.periods import months_of, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import any_of, filled, flags
from workbench.once import once_per_table

INTERVENTIONS = Scale(zero=4.0, hundred=0.0, target=1.0, source="METHOD EXIT-3; ends are ours")
SELF = Scale(zero=0.2, hundred=1.0, target=0.8, source="METHOD EXIT-3; ends are ours")


@diagnostic("EXIT-3", area="rescue or switch")
def compliance_without_the_client(
    issue: Table | None, access_review: Table | None, client: Client, period: Period
) -> Verdict:
    """The vendor keeps itself compliant; the client does not have to step in.

    Why: a control that needs the client is the client's control.
    Healthy: one intervention in half a year; compliance issues found by the vendor itself.
    Unhealthy: four a month.
    Remedy: give each control an owner at the vendor who reports on it unasked.
    """
    interventions, *no_issues = _interventions(issue, client, period)
    own = _own(issue, client, period)
    reviews, *no_reviews = _reviews(access_review, client, period)
    return Verdict(
        (interventions, *no_issues, own, reviews, *no_reviews),
        findings(
            "EXIT-3",
            (
                (interventions, "month", "Give each control an owner at the vendor who reports unasked."),
                (own, "compliance issue", "Let the vendor test its own controls monthly."),
                (reviews, "month", "Review access each month, and close exceptions at once."),
            ),
            side="vendor",
            step="bypass",
            commitments="an auditor sees the gap as the client's",
        ),
    )


@once_per_table
def _compliance(issue: pd.DataFrame, client: Client, period: Period) -> tuple[pd.DataFrame, str]:
    """Return the compliance issues of the period by whom they were found, or why that is not known."""
    mine = rows_within(issue, "first_raised_ts", period, client)
    ours, flagged = flags(mine, "compliance_flag")
    if len(mine) and not flagged.any():
        return mine.iloc[:0], "issue.compliance_flag is empty"
    known = ours & filled(mine, "detected_by")
    return mine[known], "issue.detected_by is empty" if ours.any() and not known.any() else ""


def _interventions(issue: Table | None, client: Client, period: Period) -> tuple[Evidence, ...]:
    label = "compliance interventions by the client a month"
    if issue is None:
        return (missing(label, "per month", table="issue", lack=Lack(tables=("issue",))),)
    log = log_of(issue, "issue", period, client)
    if log.days is None:
        return (missing(label, "per month", table="issue", reason=log.reason),)
    mine, unknown = _compliance(issue, client, log.days)
    if unknown:
        return (missing(label, "per month", table="issue", reason=unknown),)
    months = max(round(log.days.days / 30.4375), 1)
    by_client = any_of(mine, "detected_by", ("buyer", "audit"))
    part = quantity(label, float(by_client.sum()) / months, "per month", months, table="issue", period=period,
                    scale=INTERVENTIONS, rows=mine.index[by_client])  # fmt: skip
    return where_covered(part, log)


def _own(issue: Table | None, client: Client, period: Period) -> Evidence:
    label = "compliance issues that the vendor found itself"
    if issue is None:
        return missing(label, "fraction", table="issue", lack=Lack(tables=("issue",)))
    known, unknown = _compliance(issue, client, period)
    if unknown:
        return missing(label, "fraction", table="issue", reason=unknown)
    own = any_of(known, "detected_by", ("vendor", "system"))
    return share(label, int(own.sum()), len(known), of="compliance issues", table="issue", period=period, scale=SELF,
                 rows=known.index[~own])  # fmt: skip


def _reviews(access_review: Table | None, client: Client, period: Period) -> tuple[Evidence, ...]:
    label = "months with an access review"
    if access_review is None:
        return (missing(label, "fraction", table="access_review", lack=Lack(tables=("access_review",))),)
    log = log_of(access_review, "access_review", period, client)
    if log.days is None:
        return (missing(label, "fraction", table="access_review", reason=log.reason),)
    mine = rows_within(access_review, "reviewed_ts", log.days, client)
    months = round(log.days.days / 30.4375)  # none is due in a period shorter than one
    reviewed = months_of(mine, "reviewed_ts", client)
    some = len(np.unique(reviewed[~np.isnat(reviewed)]))
    months = max(months, min(some, 1))
    held = min(some, months)
    part = share(label, held, months, of="months", table="access_review", period=period, scale=SELF)
    return where_covered(part, log)
