"""Can one see how long people need to become proficient?"""

from __future__ import annotations

import numpy as np

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import evidence_from, findings, missing
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import kept
from workbench.intake.dataset import Table
from workbench.metrics.columns import coded, numbers
from workbench.metrics.ramp import learning_ratio, speed_to_proficiency

WEEKS = Scale(zero=26.0, hundred=6.0, target=12.0, source="METHOD VIS-2; ends are ours")

SEEN_FROM_WEEK = 4
"""Who is not followed from these first weeks on tells nothing about how long it took."""

TENURED_FROM_WEEK = 26
"""From this week on everybody's handle time says what a tenured agent needs."""


@diagnostic("VIS-2", area="visibility")
def time_to_proficiency(ramp: Table) -> Verdict:
    """New people reach the tenured band within about twelve weeks.

    Why: each week of ramp is paid in full and works at a part.
    Healthy: 9 weeks to the tenured handle time and quality.
    Unhealthy: 24 weeks, and every fourth never gets there.
    Remedy: look at which contacts keep people back, and ramp by contact type.
    """
    (who, agents), week = coded(ramp, "agent_id"), numbers(ramp, "week_since_start")
    first = np.full(len(agents) + 1, np.inf)  # the last: of rows without an agent
    np.fmin.at(first, who[who >= 0], week[who >= 0])
    followed = int((first <= SEEN_FROM_WEEK).sum())
    if followed < 3:
        reason = f"{followed} agents were followed from their first weeks; needs 3"
        return Verdict((missing("median weeks to proficiency", "weeks", table="ramp", reason=reason),))
    tenured_s = numbers(ramp, "aht_s")[week >= TENURED_FROM_WEEK]
    tenured_s = tenured_s[~np.isnan(tenured_s)]
    if not len(tenured_s):
        reason = f"no handle time from week {TENURED_FROM_WEEK} on says what a tenured agent needs"
        return Verdict((missing("median weeks to proficiency", "weeks", table="ramp", reason=reason),))
    seen = kept(ramp, first[who] <= SEEN_FROM_WEEK)
    speed = speed_to_proficiency(seen, tenured_aht_s=float(np.median(tenured_s)))
    weeks = evidence_from(speed, table="ramp", scale=WEEKS, label="median weeks to proficiency")
    return Verdict(
        (weeks,),
        findings(
            "VIS-2",
            ((weeks, "new agent", "Ramp by contact type, and release by test."),),
            side="vendor",
            lever="groups.*.shrinkage",
            margin="weeks paid in full for a part of the work",
        ),
        {"learning curve": learning_ratio(ramp)},
    )
