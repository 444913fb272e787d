"""Does leadership change so often that progress starts anew?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, quantity, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import equals, flags, times

CHANGES = Scale(
    zero=1.5, hundred=0.0, target=0.33, source="METHOD EXIT-2: one change in three years per role is ours"
)
APPROVED = Scale(zero=0.3, hundred=1.0, target=1.0, source="METHOD CON-1, SLA-2; the zero is ours")
EMPTY = Scale(zero=60.0, hundred=0.0, target=14.0, source="METHOD CON-1: backfill; ends are ours")


@diagnostic("EXIT-2", area="rescue or switch")
def leadership_is_stable(leadership_roster: Table, period: Period) -> Verdict:
    """Key roles stay filled by the same people, and a successor is agreed and in place soon.

    Why: each new leader starts from the beginning, and the client explains the account again.
    Healthy: one change among six roles in a year, approved, the role empty for a week.
    Unhealthy: three account leads in a year, none approved, the role empty for two months.
    Remedy: agree on named roles, notice and transition in the contract, and review the bench each quarter.
    """
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    year = max(start, end - pd.Timedelta(days=365))
    came, went = times(leadership_roster, "start"), times(leadership_roster, "end")
    vendor = ~equals(leadership_roster, "side", "buyer")
    there = leadership_roster[vendor & ~(came > end.to_datetime64()) & ~(went < year.to_datetime64())]
    roles = there["role"].nunique()
    left = there[there["end"].between(year, end)]
    years = max((end - year).days + 1, 1) / 365.25
    changed = left.index
    if np.isnat(went).all():  # who came into a role after another tells of a change too
        later = there.sort_values("start").duplicated("role").reindex(there.index)
        changed = there.index[later & (there["start"] > year)]
    changes = quantity(
        "changes per key role and year",
        len(changed) / roles / years if roles else None,
        "per year",
        roles,
        table="leadership_roster",
        period=period,
        scale=CHANGES,
        rows=changed,
        formula="people who left a key role (where no end is recorded: came into it after another) / roles / years",
        reason="no key role on the vendor's side",
    )
    approved, told = flags(left, "approved_replacement")
    agreed = share(
        "successors that the client approved",
        int(approved.sum()),
        int(told.sum()),
        of="successions",
        table="leadership_roster",
        period=period,
        scale=APPROVED,
        rows=left.index[told & ~approved],
    )
    days = left["backfill_days"].dropna()
    empty = quantity(
        "median days that a key role stood empty",
        float(days.median()) if len(days) else None,
        "days",
        len(days),
        table="leadership_roster",
        period=period,
        scale=EMPTY,
        rows=days.index,
        reason="nobody left a key role, or the days are not recorded",
    )
    if not len(changed) and roles:
        return Verdict((changes,))
    return Verdict(
        (changes, agreed, empty),
        findings(
            "EXIT-2",
            (
                (changes, "key role", "Agree on named roles with notice and transition; review the bench."),
                (agreed, "succession", "Make approval of a successor a condition of the contract."),
                (empty, "succession", "Name a deputy for each key role."),
            ),
            side="vendor",
            step="ownership",
            lever="groups.*.shrinkage",
            commitments="progress starts anew with each leader",
        ),
    )
