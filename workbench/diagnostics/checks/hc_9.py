"""Is the partnership proactive, and do both sides carry it?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity, sentence, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.log_ends import while_kept
from workbench.diagnostics.periods import kept, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import equals, filled, times

FIRST = Scale(
    zero=0.2, hundred=0.8, target=0.6, source="METHOD HC-9: issues raised before the client; ends are ours"
)
SHARED = Scale(zero=0.0, hundred=0.3, target=0.25, source="METHOD HC-9: shared accountability; ends are ours")
CLOSED = Scale(zero=0.4, hundred=0.95, target=0.85, source="METHOD GOV-5: closure; ends are ours")


@diagnostic("HC-9", area="partnership health")
def healthy_picture(issue: Table | None, gov_action: Table | None, client: Client, period: Period) -> Verdict:
    """The vendor speaks of problems first, and both sides carry and close actions.

    Why: a partner who waits to be told has handed the control of quality to the client.
    Healthy: 70 % of issues raised by the vendor or its systems; a third of the actions with the buyer;
        nine of ten closed in time.
    Unhealthy: customers and auditors find the issues; all actions sit with one side and are overdue.
    Remedy: open each weekly with what the vendor saw first, and give each side its actions by name.
    """
    parts = [_first(issue, client, period), *_actions(gov_action, client, period)]
    remedies = (
        "Open each weekly with what the vendor saw first; track who raised what.",
        "Give each side its own actions: many causes need both.",
        "Start each meeting with the overdue actions; close or re-date them in the room.",
    )
    findings = [
        finding
        for part, remedy, noun in zip(parts, remedies, ("issue", "action", "due action"), strict=True)
        if part.value is not None
        for finding in found("HC-9", part, sentence(part, noun), remedy, step="cadence")
    ]
    return Verdict(tuple(parts), tuple(findings))


def _first(issue: Table | None, client: Client, period: Period) -> Evidence:
    label = "issues that the vendor or its systems saw first"
    if issue is None:
        return missing(label, "fraction", table="issue", lack=Lack(tables=("issue",)))
    raised = rows_within(issue, "first_raised_ts", period, client)
    raised = kept(raised, raised["detected_by"].notna())
    others = raised[~raised["detected_by"].isin(["vendor", "system"])]
    return share(
        label,
        len(raised) - len(others),
        len(raised),
        of="issues",
        table="issue",
        period=period,
        scale=FIRST,
        rows=others.index,
    )


def _actions(gov_action: Table | None, client: Client, period: Period) -> tuple[Evidence, Evidence]:
    labels = ("share of actions with the side that has fewer", "actions closed by their due day")
    if gov_action is None:
        both = [
            missing(label, "fraction", table="gov_action", lack=Lack(tables=("gov_action",)))
            for label in labels
        ]
        return both[0], both[1]
    raised = rows_within(gov_action, "raised", period, client)
    sided = int(filled(raised, "owner_side").sum())
    buyer = equals(raised, "owner_side", "buyer").sum() + equals(raised, "owner_side", "both").sum() / 2
    fewer = min(buyer, sided - buyer) / sided if sided else None
    balance = quantity(
        labels[0],
        fewer,
        "fraction",
        sided,
        table="gov_action",
        period=period,
        scale=SHARED,
        formula="actions of the side with fewer (shared ones half to each) / actions",
        reason="no action names its side",
    )
    due = rows_within(gov_action, "due", while_kept(gov_action, "gov_action", period, client), client)
    late = ~(times(due, "closed") <= times(due, "due"))
    closed = share(
        labels[1],
        int((~late).sum()),
        len(due),
        of="actions",
        table="gov_action",
        period=period,
        scale=CLOSED,
        rows=due.index[late],
    )
    return balance, closed
