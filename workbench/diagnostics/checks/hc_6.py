"""Is training as deep as the product and the process?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity, sentence, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.knowledge import hours_held
from workbench.diagnostics.periods import rows_within
from workbench.diagnostics.sides import training_side
from workbench.diagnostics.tenure import NEW_DAYS, tenure_days
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Bools, flags, spelled, times
from workbench.wording import counted, figure

KEPT = Scale(
    zero=0.4, hundred=1.0, target=0.95, source="METHOD HC-6, FMB-1: hours held as planned; ends are ours"
)
ESCALATED = Scale(
    zero=0.40, hundred=0.05, target=0.10, source="METHOD FM-X1 shows 40 %; the healthy end is ours"
)
GAP = Scale(
    zero=0.25,
    hundred=0.0,
    target=0.05,
    source="METHOD FMV-2: ramp that ends at standard cases; ends are ours",
)


HARD = ("complex", "high", "hard")


@diagnostic("HC-6", area="partnership health", also=("FMV-2",))
def training_matches_depth(
    contacts: Table | None,
    hris: Table | None,
    knowledge_transfer: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """Training reaches the contacts that are hard, not only the ones that are common.

    Why: agents who were taught the standard case pass everything else on.
    Healthy: every hour of planned transfer held; new agents escalate 6 % of complex contacts, others 5 %.
    Unhealthy: two thirds of the hours dropped; new agents escalate 40 % of complex contacts.
    Remedy: transfer knowledge by contact type with shadowing on the complex ones, and test before release.
    """
    parts = [hours_held(knowledge_transfer, KEPT), *_escalation(contacts, hris, client, period)]
    remedies = (
        "Hold the missing sessions, the complex contact types first, with shadowing.",
        "Teach the complex contact types by case, and let new agents decide them beside a tenured one.",
        "Extend the ramp to complex contacts: release an agent to them by test, not by date.",
    )
    nouns = ("planned hour", "complex contact", "complex contact of new agents")
    findings = [
        finding
        for part, remedy, noun in zip(parts, remedies, nouns, strict=True)
        if part.value is not None
        for finding in found(
            "HC-6",
            part,
            sentence(part, noun),
            remedy,
            side=training_side(client),
            lever="queues.*.follow_ups.*.probability",
            commitments="hard contacts are answered late or wrongly",
            margin="every escalation is handled twice",
        )
    ]
    return Verdict(tuple(parts), tuple(findings))


def _escalation(
    contacts: pd.DataFrame | None, hris: pd.DataFrame | None, client: Client, period: Period
) -> tuple[Evidence, Evidence]:
    labels = (
        "complex contacts escalated",
        f"escalation of complex contacts by agents under {NEW_DAYS} days, above that of the others",
    )
    if contacts is None:
        both = [
            missing(label, "fraction", table="contacts", lack=Lack(tables=("contacts",))) for label in labels
        ]
        return both[0], both[1]
    mine = rows_within(contacts, "offered_ts", period, client)
    escalated, known = flags(mine, "escalated_flag")
    hard = known & ~np.isnat(times(mine, "answer_ts")) & spelled(mine, "complexity_tag", HARD)
    rate = share(
        labels[0],
        int((hard & ~escalated).sum()),
        int(hard.sum()),
        of="complex contacts",
        table="contacts",
        period=period,
    )
    if rate.value is not None and rate.low is not None and rate.high is not None:
        rate = quantity(
            labels[0],
            1 - rate.value,
            "fraction",
            rate.n,
            table="contacts",
            period=period,
            scale=ESCALATED,
            interval=(1 - rate.high, 1 - rate.low),
            rows=mine.index[hard & escalated],
            formula="escalated / answered complex contacts",
        )
    return rate, _gap(labels[1], mine, hard, hris, period)


def _gap(label: str, mine: pd.DataFrame, hard: Bools, hris: pd.DataFrame | None, period: Period) -> Evidence:
    if hris is None:
        return missing(label, "fraction", table="hris", lack=Lack(tables=("hris",)))
    tenure, escalated = tenure_days(mine, hris).to_numpy(), flags(mine, "escalated_flag")[0]
    new, old = escalated[hard & (tenure < NEW_DAYS)], escalated[hard & (tenure >= NEW_DAYS)]
    if len(new) < 20 or len(old) < 20:
        few = f"{counted(len(new), 'complex contact')} of new agents, {len(old):,} of others; needs 20 each"
        return missing(label, "fraction", table="contacts", reason=few)
    difference = float(new.mean() - old.mean())
    error = (new.mean() * (1 - new.mean()) / len(new) + old.mean() * (1 - old.mean()) / len(old)) ** 0.5
    return quantity(
        label,
        difference,
        "fraction",
        len(new),
        table="contacts",
        period=period,
        scale=GAP,
        interval=(difference - 1.96 * error, difference + 1.96 * error),
        formula=f"{figure(float(new.mean()), 'fraction')} of new agents' complex contacts − "
        f"{figure(float(old.mean()), 'fraction')} of the others'",
    )
