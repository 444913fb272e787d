"""Does governance decide and close, or only meet?"""

from __future__ import annotations

from workbench.diagnostics.coverage import covered_by, where_covered
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.governance import (
    DECISIONS_WANTED,
    FORUMS,
    held_in,
    meetings_deciding,
    meetings_of_all,
)
from workbench.diagnostics.log_ends import while_kept
from workbench.diagnostics.periods import kept, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period

CLOSED = Scale(zero=0.3, hundred=0.95, target=0.85, source="METHOD GOV-5: closure; ends are ours")
YIELD = Scale(
    zero=0.2, hundred=2.0, target=1.0, source="METHOD GOV-9: action yield of a meeting; ends are ours"
)
DATA = Scale(zero=0.2, hundred=0.95, target=0.8, source="METHOD OR-5; ends are ours")


@diagnostic("GOV-5", area="governance", also=("GOV-9", "OR-5", "NOT-9", "NOT-14"))
def governance_controls(
    gov_meeting: Table, gov_action: Table | None, client: Client, period: Period
) -> Verdict:
    """Meetings produce decisions and actions from data, and the actions are closed.

    Why: a calendar is not a control; only what is decided and closed changes the floor.
    Healthy: four of five meetings decide, 1.4 actions each, nine of ten closed in time, on platform data.
    Unhealthy: status is read out, a third of the actions overdue, figures from memory.
    Remedy: start with open actions, end with decisions; no status that can be read beforehand.
    """
    deciding = meetings_deciding(gov_meeting, FORUMS, period)
    yields, *beyond = _yield(gov_action, gov_meeting, client, period)
    closed = _closed(gov_action, client, period)
    based = _on_data(gov_meeting, period)
    return Verdict(
        (deciding, yields, *beyond, closed, based),
        findings(
            "GOV-5",
            (
                (deciding, "held meeting", DECISIONS_WANTED),
                (
                    yields,
                    "weekly meeting",
                    "Make the weekly a working session: trends, issues, next actions.",
                ),
                (closed, "due action", "Start each meeting with the overdue actions."),
                (based, "held meeting", "Decide from the platform, and note the figure behind the decision."),
            ),
            step="cadence",
            margin="loss runs until an action is closed",
        ),
    )


def _yield(
    gov_action: Table | None, gov_meeting: Table, client: Client, period: Period
) -> tuple[Evidence, ...]:
    label = "actions per weekly meeting held"
    if gov_action is None:
        return (missing(label, "actions", table="gov_action", lack=Lack(tables=("gov_action",))),)
    log = covered_by(gov_action, "gov_action", "raised", period, client)
    if log.days is None:
        return (missing(label, "actions", table="gov_action", reason=log.reason),)
    held = held_in(gov_meeting, FORUMS[1], log.days)
    raised = rows_within(gov_action, "raised", log.days, client)
    raised = kept(raised, (raised["forum"] == "weekly"))
    part = quantity(
        label,
        len(raised) / held if held else None,
        "actions",
        held,
        table="gov_action",
        period=period,
        scale=YIELD,
        reason="no weekly meeting was held",
    )
    return where_covered(part, log)


def _closed(gov_action: Table | None, client: Client, period: Period) -> Evidence:
    label = "actions closed by their due day and not opened again"
    if gov_action is None:
        return missing(label, "fraction", table="gov_action", lack=Lack(tables=("gov_action",)))
    due = rows_within(gov_action, "due", while_kept(gov_action, "gov_action", period, client), client)
    good = (due["closed"] <= due["due"]) & ~due["reopened"].fillna(False).astype(bool)
    return share(
        label,
        int(good.sum()),
        len(due),
        of="actions",
        table="gov_action",
        period=period,
        scale=CLOSED,
        rows=due.index[~good],
    )


def _on_data(gov_meeting: Table, period: Period) -> Evidence:
    held = meetings_of_all(gov_meeting, FORUMS, period)
    known = held[held["date_held"].notna() & held["data_source"].notna()]
    platform = known["data_source"] == "platform"
    return share(
        "meetings that rest on platform data",
        int(platform.sum()),
        len(known),
        of="meetings held",
        table="gov_meeting",
        period=period,
        scale=DATA,
        rows=known.index[~platform],
    )
