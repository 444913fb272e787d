"""How long after the data showed it was a problem spoken of?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, median_interval, quantity, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import kept, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period

LAG = Scale(
    zero=21.0, hundred=1.0, target=2.0, source="METHOD SYM-1: two days is the example; the ends are ours"
)
INSIDE = Scale(
    zero=0.2, hundred=1.0, target=0.8, source="METHOD SYM-1: seen before the client says so; ends are ours"
)


@diagnostic("SYM-1", area="symptoms")
def problems_seen_early(issue: Table, client: Client, period: Period) -> Verdict:
    """A problem is spoken of within two days of the first sign in the data.

    Why: each escalation by the client had been in the data before.
    Healthy: 1.5 days from signal to first mention; four of five seen before customers or auditors.
    Unhealthy: 12 days, and the client calls first.
    Remedy: give each figure an owner and an alert, and look at the lag of each issue when it is closed.
    """
    mine = rows_within(issue, "first_raised_ts", period, client)
    mine = kept(mine, mine["first_data_signal_ts"].notna())
    days = (mine["first_raised_ts"] - mine["first_data_signal_ts"]).dt.total_seconds() / 86400
    lag = quantity(
        "median days from the first signal to the first mention",
        float(days.median()) if len(days) else None,
        "days",
        len(days),
        table="issue",
        period=period,
        scale=LAG,
        interval=median_interval(days),
        rows=days.index[days > LAG.target],
        reason="no issue with both times in the period",
    )
    raised = rows_within(issue, "first_raised_ts", period, client)
    raised = kept(raised, raised["detected_by"].notna())
    outside = raised["detected_by"].isin(["customer", "audit", "buyer"])
    inside = share(
        "issues seen by the vendor or a system, not by the client, customers or auditors",
        int((~outside).sum()),
        len(raised),
        of="issues",
        table="issue",
        period=period,
        scale=INSIDE,
        rows=raised.index[outside],
    )
    return Verdict(
        (lag, inside),
        findings(
            "SYM-1",
            (
                (
                    lag,
                    "issue",
                    "Give each figure an owner and an alert; look at the lag when an issue is closed.",
                ),
                (inside, "issue", "Look daily at what the client would see."),
            ),
            step="cadence",
            commitments="the client knows first",
            margin="loss runs while nobody looks",
        ),
    )
