"""Do people go around the formal path because it is too slow?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import equals, filled, flags

FORMAL = Scale(zero=0.4, hundred=1.0, target=0.9, source="METHOD VMF-11; ends are ours")
NEW = Scale(zero=0.4, hundred=1.0, target=0.85, source="METHOD VMF-11, FM-4; ends are ours")


@diagnostic("VMF-11", area="vendor management")
def no_side_channels(escalation: Table, client: Client, period: Period) -> Verdict:
    """Issues go the formal path, and what was escalated once does not come again.

    Why: a side channel is the sign that the path is too slow, and it leaves no trace to learn from.
    Healthy: 37 of 40 escalations on the formal path; 5 had come before.
    Unhealthy: every third by a call to a director; half had come before.
    Remedy: shorten the path; treat each side-channel call as a defect of it.
    """
    raised = rows_within(escalation, "raised_ts", period, client)
    told, side = filled(raised, "channel"), equals(raised, "channel", "side")
    formal = share(
        "escalations on the formal path",
        int((told & ~side).sum()),
        int(told.sum()),
        of="escalations",
        table="escalation",
        period=period,
        scale=FORMAL,
        rows=raised.index[side],
    )
    again, known = flags(raised, "recurred")
    new = share(
        "escalations of something new",
        int((known & ~again).sum()),
        int(known.sum()),
        of="escalations",
        table="escalation",
        period=period,
        scale=NEW,
        rows=raised.index[again],
    )
    return Verdict(
        (formal, new),
        findings(
            "VMF-11",
            (
                (
                    formal,
                    "escalation",
                    "Shorten the formal path; treat each side-channel call as a defect of it.",
                ),
                (
                    new,
                    "escalation",
                    "Close an escalation with its root cause, and check for it after four weeks.",
                ),
            ),
            step="cadence",
            commitments="repeated problems reach executives first",
            margin="leaders' hours",
        ),
    )
