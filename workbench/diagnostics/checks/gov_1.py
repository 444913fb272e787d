"""Does the daily huddle act?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.governance import FORUMS, actions_of, judge_forum
from workbench.intake.dataset import Table
from workbench.intake.period import Period


@diagnostic("GOV-1", area="governance", also=("CAD-1", "CX-4"), weight=0.5)
def daily_huddle(
    gov_meeting: Table, gov_action: Table | None, period: Period, *, daily_needed: bool = False
) -> Verdict:
    """The daily huddle takes place with the four roles, and its actions are closed the same day.

    Why: variance, queues and outages cost most in the hours before anybody speaks of them.
    Healthy: 60 of 64 huddles held with all roles; four of five actions closed the same day.
    Unhealthy: held on some days, without WFM, and its actions wait for the weekly.
    Remedy: a fixed quarter of an hour with delivery, operations, WFM and quality; actions for today only.
    """
    forum = FORUMS[0]
    if not daily_needed and not (gov_meeting["forum"] == forum.name).any():
        return Verdict(
            (), not_applicable="no daily forum is planned; for a simple operation it is optional (CX-4)"
        )
    same_day = actions_of(gov_action, forum, period, closed_within_days=0)
    return judge_forum(forum, gov_meeting, period, same_day, "action")
