"""Is the cadence of governance held as it was planned?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, found, sentence
from workbench.diagnostics.finding import Evidence, Finding, Verdict
from workbench.diagnostics.governance import (
    DECISIONS_WANTED,
    FORUMS,
    ROLES_WANTED,
    held_as_planned,
    meetings_deciding,
    meetings_due,
    meetings_of,
    owner_wanted,
    roles_there,
)
from workbench.intake.dataset import Table
from workbench.intake.period import Period


@diagnostic("HC-2", area="partnership health", also=("GOV-12",))
def cadence_held(gov_meeting: Table, period: Period) -> Verdict:
    """The weekly, monthly and quarterly meetings take place as planned, with the right people, and decide.

    Why: a drift that nobody meets about is found by the customer.
    Healthy: 25 of 26 weeklies, 6 of 6 monthlies and 2 of 2 quarterlies held, four in five with a decision.
    Unhealthy: 11 of 26 weeklies held, the quarterly moved twice, no decision on record.
    Remedy: name an owner for each forum, fix its day and its roles, and start each with the open actions.
    """
    regular = FORUMS[1:]
    evidence: list[Evidence] = []
    said: list[Finding] = []
    facts = []
    for forum in regular:
        part, *beyond = held_as_planned(gov_meeting, forum, period)
        meetings = meetings_of(gov_meeting, forum, period)
        evidence += [part, *beyond]
        facts.append(
            {
                "forum": forum.name,
                "due": meetings_due(gov_meeting, forum, period),
                "planned": len(meetings),
                "held": int(meetings["date_held"].notna().sum()),
                "as planned": int(meetings["as_planned"].sum()),
            }
        )
        none_planned = " None was planned." if meetings.empty else ""
        said += found(
            "HC-2",
            part,
            sentence(part, "due meeting") + none_planned,
            owner_wanted(forum),
            step="cadence",
            commitments="problems reach the client before the forum",
            margin="loss runs until somebody decides",
        )
    roles, deciding = (
        roles_there(gov_meeting, regular, period),
        meetings_deciding(gov_meeting, regular, period),
    )
    said += findings(
        "HC-2",
        (
            (roles, "due role", ROLES_WANTED),
            (deciding, "held meeting", DECISIONS_WANTED),
        ),
        step="cadence",
    )
    return Verdict((*evidence, roles, deciding), tuple(said), {"forums": pd.DataFrame(facts)})
