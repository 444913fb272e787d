"""When do people leave?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import evidence_from, findings, missing
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.headcount import agents_of
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.attrition import attrition_compounded, attrition_rate, survival_by_tenure
from workbench.metrics.columns import filled

YEARLY = Scale(zero=0.80, hundred=0.15, target=0.30,
               source="METHOD STAT-7: 30 to 40 % is an author's estimate; the ends are ours")  # fmt: skip

YEARLY_LABEL = "attrition a year (leavers over mean headcount)"


@diagnostic("VIS-6", area="visibility")
def turnover_signals(hris: Table, period: Period) -> Verdict:
    """Attrition is moderate, and one can see at which tenure it happens.

    Why: those who leave in the first weeks were hired or trained wrongly; those who leave late, led wrongly.
    Healthy: 24 % a year, spread over tenure.
    Unhealthy: 70 % a year, half of it in the first 90 days.
    Remedy: look at the tenure band with the highest hazard first.
    """
    agents = agents_of(hris)
    if not filled(hris, "term_date").any():  # a roster in which nobody ever left does not say that all stayed
        reason = "hris.term_date is empty"
        return Verdict((missing(YEARLY_LABEL, "per year", table="hris", reason=reason),))
    rate = evidence_from(attrition_rate(agents, period.start, period.end), table="hris", period=period, scale=YEARLY,
                         label=YEARLY_LABEL)  # fmt: skip
    compounded = evidence_from(attrition_compounded(agents, period.start, period.end), table="hris", period=period,
                               weight=0.0, label="share of a team gone after a year (compounded)")  # fmt: skip
    return Verdict(
        (rate, compounded),
        findings(
            "VIS-6",
            ((rate, "agent", "Look at the tenure band with the highest hazard first."),),
            side="vendor",
            lever="groups.*.shrinkage",
            commitments="experience leaves",
            margin="recruiting, training and ramp",
        ),
        {"staying by tenure": survival_by_tenure(agents, period.start, period.end)},
    )
