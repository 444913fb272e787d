"""Are the routines held that turn what is seen into what is done?"""

from __future__ import annotations

import numpy as np

from workbench.diagnostics.coverage import beside_unknown, covered_by, where_covered
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.joint_review import reviewed_together
from workbench.diagnostics.periods import each_once, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import any_of, equals, filled, listed

TIED = Scale(zero=0.0, hundred=0.9, target=0.7, source="METHOD OR-4; ends are ours")


@diagnostic("OR-1", area="operating rhythm", also=("OR-4",))
def routines_held(
    meeting_topic: Table | None,
    gov_action: Table | None,
    breach: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """Each week scheduling is looked at together with quality, and service misses lead to staffing decisions.

    Why: a late schedule shows in quality first; a missed level is mended by staff, not by a report.
    Healthy: three of four weeklies on both; nine of ten misses followed by an action on staffing.
    Unhealthy: two meetings that never meet; misses reported and filed.
    Remedy: one page with adherence, occupancy and quality side by side, and a decision for each miss.
    """
    joined, (tied, *beyond) = reviewed_together(meeting_topic), _tied(breach, gov_action, client, period)
    return Verdict(
        (joined, tied, *beyond),
        findings(
            "OR-1",
            (
                (joined, "weekly meeting", "Put adherence, occupancy and quality on one page of the weekly."),
                (tied, "missed service level", "Record a staffing decision for each missed level."),
            ),
            step="cadence",
        ),
    )


def _tied(
    breach: Table | None, gov_action: Table | None, client: Client, period: Period
) -> tuple[Evidence, ...]:
    """Return the share of misses with an action on staffing, and what is missing where the log of actions ends.

    A miss that names no action had none. What one was that the log does not hold is not known; where the log does not
    cover the days of such misses, all misses of those days are left out, since it would keep the bad ones alone.
    """
    label = "missed service levels followed by a staffing action"
    if breach is None or gov_action is None:
        lacking = "breach" if breach is None else "gov_action"
        return (missing(label, "fraction", table=lacking, lack=Lack(tables=(lacking,))),)
    missed = within(breach["ts"], period, client)
    missed &= any_of(breach, "kpi", ("service_level", "abandon_rate", "asa_s"))
    actions = each_once(gov_action, "id")
    told = filled(actions, "kind")
    staffing = any_of(breach, "action_id", listed(actions["id"][equals(actions, "kind", "staffing")]))
    waits = missed & filled(breach, "action_id") & ~any_of(breach, "action_id", listed(actions["id"][told]))
    log = covered_by(gov_action, "gov_action", "raised", period, client)
    beyond = ~within(breach["ts"], log.days, client) if log.days else np.ones(len(breach), bool)
    cut = (waits & beyond).any()
    waits |= missed & beyond & cut
    judged, n = missed & ~waits, int(missed.sum())
    why = log.reason if cut else "gov_action does not hold the action, or not its kind"
    if waits.any() and not judged.any():
        return (missing(label, "fraction", table="gov_action", reason=why),)
    done = int((judged & staffing).sum())
    part = share(label, done, int(judged.sum()), of="missed levels", table="breach", period=period, scale=TIED,
                 rows=breach.index[judged & ~staffing])  # fmt: skip
    known = int(judged.sum()) / max(n, 1)
    return (
        where_covered(part, log, known)
        if cut
        else beside_unknown(part, known, table="gov_action", reason=why)
    )
