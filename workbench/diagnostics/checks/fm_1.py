"""Are the people who do the work as good as those who were shown?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, found, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.headcount import agents_of
from workbench.diagnostics.periods import each_once, within
from workbench.diagnostics.tenure import NEW_DAYS
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import filled, flags, numbers, seconds_between, times
from workbench.wording import figure, p_words

ALIKE = Scale(
    zero=0.25, hundred=0.0, target=0.05, source="METHOD FM-1: demonstration against production; ends are ours"
)
STAYED = Scale(zero=0.5, hundred=0.95, target=0.85, source="METHOD FM-1: the first 90 days; ends are ours")


@diagnostic("FM-1", area="failure modes", also=("FMV-1", "SEL-P6"))
def talent_as_shown(candidate: Table | None, hris: Table | None, client: Client, period: Period) -> Verdict:
    """The people hired are as good as those who were shown before signature, and they stay.

    Why: the demonstration team is the best of the house; production is the wider market.
    Healthy: hires score 3 points below the demonstration team; 92 % are there after 90 days.
    Unhealthy: 22 points below, and every third leaves within 90 days.
    Remedy: test a sample of the hiring pipeline before signature, and agree on a hiring profile after it.
    """
    gap, stayed = _gap(candidate), _stayed(hris, client, period)
    said = found(
        "FM-1",
        gap,
        f"Hires scored {figure(gap.value, 'points')} below the demonstration team (expected at most "
        f"{figure(gap.expected, 'points')}; {gap.n:,} assessments; {gap.formula}).",
        "Validate the hiring pipeline: test a sample of real candidates, and agree on the profile.",
        side="both",
        step="process",
        lever="groups.*.shrinkage",
    ) + findings(
        "FM-1",
        ((stayed, "hire", "Look at why people leave early, and change the hiring profile with it."),),
        side="vendor",
        lever="groups.*.shrinkage",
        margin="hiring and training are paid twice",
    )
    return Verdict((gap, stayed), said)


def _gap(candidate: Table | None) -> Evidence:
    label = "gap between the demonstration team and the hires"
    if candidate is None:
        return missing(label, "points", table="candidate", lack=Lack(tables=("candidate",)))
    assessment = numbers(candidate, "assessment")
    demonstrated, known = flags(candidate, "demo_team")
    tested = known & ~np.isnan(assessment)
    shown = assessment[tested & demonstrated]
    hired = assessment[tested & ~demonstrated & filled(candidate, "started")]
    if len(shown) < 5 or len(hired) < 5:
        reason = (
            f"{len(shown)} assessments of the demonstration team and {len(hired)} of hires; needs 5 of each"
        )
        return missing(label, "points", table="candidate", reason=reason)
    gap = float(shown.mean() - hired.mean())
    error = float((shown.var(ddof=1) / len(shown) + hired.var(ddof=1) / len(hired)) ** 0.5)
    test = ks_2samp(shown, hired)
    return quantity(
        label,
        gap,
        "points",
        len(shown) + len(hired),
        table="candidate",
        scale=ALIKE,
        interval=(gap - 1.96 * error, gap + 1.96 * error),
        formula=f"difference of means; distributions differ with {p_words(float(test.pvalue))} (Kolmogorov–Smirnov)",
    )


def _stayed(hris: Table | None, client: Client, period: Period) -> Evidence:
    label = f"hires still there after {NEW_DAYS} days"
    if hris is None:
        return missing(label, "fraction", table="hris", lack=Lack(tables=("hris",)))
    if not filled(hris, "term_date").any():  # a roster in which nobody ever left does not say that all stayed
        return missing(label, "fraction", table="hris", lack=Lack(columns=("hris.term_date",)))
    people = each_once(agents_of(hris), "agent_id")
    ripe = within(people["start_date"] + pd.Timedelta(days=NEW_DAYS), period, client)
    stayed_s = seconds_between(times(people, "start_date"), times(people, "term_date"))
    left = ripe & (stayed_s < NEW_DAYS * 86400)
    return share(
        label,
        int((ripe & ~left).sum()),
        int(ripe.sum()),
        of="hires",
        table="hris",
        period=period,
        scale=STAYED,
        rows=people.index[left],
    )
