"""The platform is live: did the benefits come, and what was done when they did not?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import earliest_by, kept
from workbench.diagnostics.waiting import median_wait
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import any_of, filled, times

TRACKED = Scale(
    zero=0.0, hundred=1.0, target=1.0, source="METHOD SYM-5, FIX-5: benefits are followed; there or not"
)
RIGHT = Scale(zero=0.2, hundred=0.9, target=0.75, source="METHOD SYM-6, NOT-4, FIX-4; ends are ours")
TECHNICAL = ("configuration", "training")


@diagnostic("SYM-5", area="symptoms", also=("SYM-6", "FIX-5", "NOT-4", "NOT-5"))
def benefits_followed_up(
    process_document: Table | None,
    improvement: Table | None,
    gov_action: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """After go-live benefits are followed, and what is done first is process, ownership and routine.

    Why: training delivered and vendor gone, the platform is blamed for what the organisation left open.
    Healthy: proposals with a measure of success; three quarters of actions on process, ownership, data, cadence.
    Unhealthy: eight months after go-live no benefit measured; most actions are more training and settings.
    Remedy: keep a backlog of operating-model work with an owner, and measure what was promised.
    """
    if client.phase in ("before implementation", "no platform"):
        return Verdict((), not_applicable=f"the client's phase is: {client.phase}")
    tracked, kinds = _tracked(process_document, improvement, period), _kinds(gov_action)
    lag = _until_measured(process_document, improvement, period)
    return Verdict(
        (tracked, kinds, lag),
        findings(
            "SYM-5",
            (
                (
                    tracked,
                    "proposal",
                    "Keep a backlog of operating-model work with an owner and a measure of success.",
                ),
                (
                    kinds,
                    "action",
                    "Before more training or settings, settle process, ownership, data and routine.",
                ),
            ),
            step="cadence",
        ),
    )


def _tracked(process_document: Table | None, improvement: Table | None, period: Period) -> Evidence:
    label = "proposals after go-live with a measure of success"
    if improvement is None:
        return missing(label, "fraction", table="improvement", lack=Lack(tables=("improvement",)))
    live = pd.NaT if process_document is None else process_document["module_go_live"].min()
    if pd.isna(live):
        reason = "needs the day of a module's go-live in process_document"
        return missing(label, "fraction", table="process_document", reason=reason)
    mine = kept(improvement, improvement["raised"] >= live)
    measured = filled(mine, "success_measure")
    months = round((pd.Timestamp(period.end) - live).days / 30.4375)
    return quantity(
        label,
        float(measured.mean()) if len(mine) else 0.0,
        "fraction",
        max(len(mine), 1),
        table="improvement",
        scale=TRACKED,
        grade="D",
        rows=mine.index[~measured],
        formula="proposals with a success measure / proposals since the first go-live, "
        f"{months} months before the end of the period",
    )


def _until_measured(process_document: Table | None, improvement: Table | None, period: Period) -> Evidence:
    """Return the days from a module's go-live to the first proposal that says how its benefit is measured.

    Modules that still wait for one are censored at the end of the period; those that went live before the log of
    improvements begins are left out, since their first proposal may lie before it. Not scored.
    """
    label = "median days from a module's go-live to the first proposal with a measure of success"
    if improvement is None or process_document is None:
        name = "improvement" if improvement is None else "process_document"
        return missing(label, "days", table=name, lack=Lack(tables=(name,)), weight=0.0)
    live = earliest_by(process_document, "module", "module_go_live").to_numpy("datetime64[us]")
    begun = times(improvement, "raised")
    raised = np.sort(begun[filled(improvement, "success_measure") & ~np.isnat(begun)])
    watched = min([np.datetime64(period.start, "us"), *begun[~np.isnat(begun)]])
    live = live[(live >= watched) & (live <= np.datetime64(period.end))]
    place = np.searchsorted(raised, live)
    came = place < len(raised)
    until = np.full(len(live), np.datetime64(period.end), "datetime64[us]")
    until[came] = raised[place[came]]
    days = (until - live) / np.timedelta64(1, "D")
    nobody = "no module went live since the log of improvements begins"
    formula = "first proposal with a measure of success less go-live"
    return median_wait(label, days, came, table="process_document", nobody=nobody, formula=formula)


def _kinds(gov_action: Table | None) -> Evidence:
    label = "actions on process, ownership, data and routine rather than training and settings"
    if gov_action is None:
        return missing(label, "fraction", table="gov_action", lack=Lack(tables=("gov_action",)))
    sound = any_of(gov_action, "kind", ("process", "ownership", "data", "cadence"))
    technical = any_of(gov_action, "kind", TECHNICAL)
    n = int((sound | technical).sum())
    return share(label, n - int(technical.sum()), n, of="actions of these kinds", table="gov_action", scale=RIGHT,
                 rows=gov_action.index[technical])  # fmt: skip
