"""Are escalations owned, answered and resolved on a written path?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity, sentence, share
from workbench.diagnostics.finding import Evidence, Finding, Lack, Scale, Verdict
from workbench.diagnostics.log_ends import while_kept
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Bools, equals, filled, speaking, times

OWNED = Scale(zero=0.5, hundred=1.0, target=0.95, source="METHOD HC-4, GOV-10; ends are ours")
IN_TIME = Scale(zero=0.5, hundred=1.0, target=0.9, source="METHOD GOV-10: response timelines; ends are ours")
FORMAL = Scale(zero=0.5, hundred=1.0, target=0.9, source="METHOD VMF-11: side channels; ends are ours")
PATH = Scale(zero=0.0, hundred=1.0, target=1.0, source="METHOD HC-4: the path is documented")


@diagnostic("HC-4", area="partnership health", also=("GOV-10",))
def escalations_answered_for(
    escalation: Table,
    process_document: Table | None,
    client: Client,
    period: Period,
    *,
    response_hours: float = 24.0,
    resolution_days: float = 14.0,
) -> Verdict:
    """Escalations follow a written path, have an owner and are answered in time.

    Why: a problem that finds no owner is raised again, louder and elsewhere.
    Healthy: 40 escalations, all with an owner, 38 answered within a day, two through side channels.
    Unhealthy: a third without owner, half answered after days, the rest by telephone to a director.
    Remedy: write the path with one role per step and a response time, and review what went around it.
    """
    raised = rows_within(escalation, "raised_ts", period, client)
    everyone = np.ones(len(raised), bool)
    owned = everyone, filled(raised, "owner_side")
    until = while_kept(escalation, "escalation", period, client)
    answered = _in_time(raised, "first_response_ts", pd.Timedelta(hours=response_hours), until, client)
    resolved = _in_time(raised, "resolved_ts", pd.Timedelta(days=resolution_days), until, client)
    formal = filled(raised, "channel"), equals(raised, "channel", "formal")
    wanted = [
        (
            "escalations with an owner",
            owned,
            OWNED,
            "Let no escalation be opened without the side and the role that answer for it.",
        ),
        (
            f"escalations answered within {response_hours:g} hours",
            answered,
            IN_TIME,
            "Agree a response time for each severity and look at the late ones in the weekly.",
        ),
        (
            f"escalations resolved within {resolution_days:g} days",
            resolved,
            IN_TIME,
            "Review every escalation older than the agreed time in the weekly.",
        ),
        (
            "escalations through the formal path",
            formal,
            FORMAL,
            "Ask those who went around the path why, and mend the path.",
        ),
    ]
    evidence: list[Evidence] = []
    findings: list[Finding] = []
    for label, (known, good), scale, remedy in wanted:
        part = share(
            label,
            int((known & good).sum()),
            int(known.sum()),
            of="escalations",
            table="escalation",
            period=period,
            scale=scale,
            rows=raised.index[known & ~good],
        )
        evidence.append(part)
        findings += found(
            "HC-4",
            part,
            sentence(part, "escalation"),
            remedy,
            step="ownership",
            commitments="the client waits without an answer",
            margin="hours of both sides, and repeats",
        )
    return Verdict((*evidence, _path(process_document)), tuple(findings))


def _in_time(
    raised: pd.DataFrame, done: str, allowed: pd.Timedelta, period: Period, client: Client
) -> tuple[Bools, Bools]:
    """Return which matters are old enough for it to be known whether they were done in time, and which were."""
    _, after = period.bounds(client.time_zone)
    began, limit = times(raised, "raised_ts"), allowed.to_timedelta64()
    return began + limit <= after.to_datetime64(), times(raised, done) - began <= limit


def _path(process_document: Table | None) -> Evidence:
    label = "a signed-off escalation path exists"
    if process_document is None:
        return missing(label, "yes = 1", table="process_document", lack=Lack(tables=("process_document",)))
    paths = speaking(process_document, "process", ("escalation",))
    return quantity(
        label,
        float((paths & filled(process_document, "approved_date")).any()),
        "yes = 1",
        max(int(paths.sum()), 1),
        table="process_document",
        scale=PATH,
        grade="D",
        rows=process_document.index[paths],
    )
