"""Is the cadence of governance held as it was planned?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, sentence, share
from workbench.diagnostics.finding import Evidence, Finding, Scale, Verdict
from workbench.diagnostics.governance import FORUMS, Forum, due_in, meetings_of, roles_present
from workbench.intake.dataset import Table
from workbench.intake.period import Period

HELD = Scale(
    zero=0.5,
    hundred=1.0,
    target=0.9,
    source="METHOD HC-2, GOV-12: weekly, monthly, quarterly; that half of them earns nothing is ours",
)
ROLES = Scale(zero=0.4, hundred=1.0, target=0.8, source="METHOD GOV-1..4 name the roles; the ends are ours")
DECIDING = Scale(
    zero=0.2, hundred=0.8, target=0.8, source="METHOD GOV-5: decisions, not dates; ends are ours"
)


@diagnostic("HC-2", area="partnership health", also=("GOV-12",))
def cadence_held(gov_meeting: Table, period: Period) -> Verdict:
    """The weekly, monthly and quarterly meetings take place as planned, with the right people, and decide.

    Why: a drift that nobody meets about is found by the customer.
    Healthy: 25 of 26 weeklies, 6 of 6 monthlies and 2 of 2 quarterlies held, four in five with a decision.
    Unhealthy: 11 of 26 weeklies held, the quarterly moved twice, no decision on record.
    Remedy: name an owner for each forum, fix its day and its roles, and start each with the open actions.
    """
    evidence: list[Evidence] = []
    findings: list[Finding] = []
    facts = []
    for forum in FORUMS[1:]:
        part, meetings, due = _held(gov_meeting, forum, period)
        evidence.append(part)
        if part.value is not None:
            facts.append(
                {
                    "forum": forum.name,
                    "due": due,
                    "planned": len(meetings),
                    "held": int(meetings["date_held"].notna().sum()),
                    "as planned": int(meetings["as_planned"].sum()),
                }
            )
            none_planned = " None was planned." if meetings.empty else ""
            findings += found(
                "HC-2",
                part,
                sentence(part, "meeting due", f"the {forum.name} forum held as planned") + none_planned,
                f"Give the {forum.name} forum one owner and a fixed day; its work is {forum.purpose}.",
                step="cadence",
                commitments="problems reach the client before the forum",
                margin="loss runs until somebody decides",
            )
    evidence += [_roles(gov_meeting, period), _deciding(gov_meeting, period)]
    for part, remedy in zip(
        evidence[-2:],
        (
            "Invite the missing roles by name and let the forum's owner report who came.",
            "Close each meeting with what was decided, by whom it is done and by when.",
        ),
        strict=True,
    ):
        of = "role due" if part.unit == "fraction" and "roles" in part.measure else "meeting held"
        findings += found("HC-2", part, sentence(part, of), remedy, step="cadence")
    return Verdict(tuple(evidence), tuple(findings), {"forums": pd.DataFrame(facts)})


def _held(gov_meeting: Table, forum: Forum, period: Period) -> tuple[Evidence, pd.DataFrame, int]:
    meetings = meetings_of(gov_meeting, forum, period)
    due = max(len(meetings), due_in(forum, period))
    label = f"{forum.name} meetings held as planned"
    if due == 0:
        reason = f"the period is shorter than one {forum.name} cycle and none was planned"
        return missing(label, "fraction", table="gov_meeting", reason=reason), meetings, due
    part = share(
        label,
        int(meetings["as_planned"].sum()),
        due,
        of="meetings due",
        table="gov_meeting",
        period=period,
        scale=HELD,
        rows=meetings.index[~meetings["as_planned"]],
        formula="held within the forum's grace of the planned day / planned, or due by the calendar if more",
    )
    return part, meetings, due


def _held_meetings(gov_meeting: Table, period: Period) -> pd.DataFrame:
    held = pd.concat([meetings_of(gov_meeting, forum, period) for forum in FORUMS[1:]])
    return held[held["date_held"].notna()]


def _roles(gov_meeting: Table, period: Period) -> Evidence:
    held = _held_meetings(gov_meeting, period)
    listed = held[held["attendees"].notna()] if "attendees" in held else held.iloc[:0]
    forums = {forum.name: forum for forum in FORUMS}
    due = sum(len(forums[name].roles) for name in listed["forum"])
    present = [
        len(roles_present(who, forums[name]))
        for who, name in zip(listed.get("attendees", ()), listed["forum"], strict=True)
    ]
    return share(
        "required roles present",
        sum(present),
        due,
        of="roles due",
        table="gov_meeting",
        period=period,
        scale=ROLES,
        formula="roles of the forum that were there / roles that belong there",
    )


def _deciding(gov_meeting: Table, period: Period) -> Evidence:
    held = _held_meetings(gov_meeting, period)
    noted = held[held["decisions_n"].notna()] if "decisions_n" in held else held.iloc[:0]
    without = noted[noted["decisions_n"] < 1]
    return share(
        "meetings that took a decision",
        len(noted) - len(without),
        len(noted),
        of="meetings held",
        table="gov_meeting",
        period=period,
        scale=DECIDING,
        rows=without.index,
    )
