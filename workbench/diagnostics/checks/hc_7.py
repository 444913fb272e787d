"""Is money or standing tied to outcomes, and not to activity alone?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Finding, Lack, Scale, Verdict
from workbench.diagnostics.measures_of_success import is_outcome
from workbench.intake.dataset import Table
from workbench.metrics.columns import filled, flags, numbers
from workbench.wording import figure, listing

OUTCOME_SHARE = Scale(
    zero=0.0,
    hundred=0.5,
    target=0.4,
    source="METHOD HC-7, SLA-4: activity alone is not enough; that half is full marks is ours",
)


@diagnostic("HC-7", area="partnership health", also=("FMB-4",))
def measures_tied_to_outcomes(sla: Table, kpi: Table | None) -> Verdict:
    """A fair part of what is promised and paid for is an outcome for the customer.

    Why: what is paid for is what gets done; paid for speed, speed is delivered.
    Healthy: 45 % of the weighted scorecard on resolution, quality and satisfaction.
    Unhealthy: service level, handle time and abandonment only.
    Remedy: move weight in the scorecard to resolution and customer outcome at the next review.
    """
    part, activity = _weighted("weight of service levels on outcomes", sla, "metric", "sla")
    evidence = [part]
    findings: list[Finding] = []
    label = "weight of key figures on outcomes"
    if kpi is None:
        evidence.append(missing(label, "fraction", table="kpi", lack=Lack(tables=("kpi",))))
    else:
        evidence.append(_weighted(label, kpi, "kpi", "kpi")[0])
    for each in evidence:
        what = f"; the rest is {listing(activity)}" if each is part and activity else ""
        findings += found(
            "HC-7",
            each,
            f"{each.measure.capitalize()} was {figure(each.value, 'fraction')} of {each.n} measures "
            f"(expected {figure(each.expected, 'fraction')}){what}.",
            "Move weight from activity to resolution and customer outcome at the next contract review.",
            side="buyer",
            step="process",
            commitments="the promise can be kept while customers are lost",
            margin="incentives pay for the wrong behaviour",
        )
    return Verdict(tuple(evidence), tuple(findings))


def _weighted(label: str, measures: pd.DataFrame, name: str, table: str) -> tuple[Evidence, list[str]]:
    names, (flagged, known) = measures[name].tolist(), flags(measures, "outcome_flag")
    outcome = np.where(known, flagged, [is_outcome(one) for one in names])
    given = filled(measures, "weight").all()
    weight = numbers(measures, "weight") if given else np.ones(len(measures))
    how = "weights as given" if given else "every measure counted alike: no weights given"
    value = float(weight[outcome].sum() / weight.sum()) if weight.sum() else None
    part = quantity(
        label,
        value,
        "fraction",
        len(measures),
        table=table,
        scale=OUTCOME_SHARE,
        grade="D",
        rows=measures.index[~outcome],
        formula=f"weight of outcome measures / all; {how}",
        reason="all weights are 0",
    )
    return part, list(dict.fromkeys(str(one) for one, good in zip(names, outcome, strict=True) if not good))
