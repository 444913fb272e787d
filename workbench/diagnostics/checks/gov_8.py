"""How many figures are steered by, and do they tie together?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.intake.dataset import Table
from workbench.metrics.columns import among

MANY = Scale(zero=45.0, hundred=20.0, target=20.0,
             source="METHOD GOV-8, STAT-1: 15 to 20 (a vendor's figure, unverified); the zero is ours")  # fmt: skip
REPORTED = Scale(zero=0.3, hundred=1.0, target=0.95, source="METHOD GOV-8; ends are ours")


@diagnostic("GOV-8", area="governance", also=("STAT-1",))
def figures_can_be_overseen(kpi: Table, kpi_value: Table | None) -> Verdict:
    """The figures steered by are few enough to oversee, and each of them is really reported.

    Why: with forty figures each side finds one that is green.
    Healthy: 16 figures, all reported each month.
    Unhealthy: 38 figures, a third never reported.
    Remedy: keep those that lead to an action, and drop the rest.
    """
    many = quantity(
        "figures steered by",
        float(kpi["kpi"].nunique()),
        "figures",
        len(kpi),
        table="kpi",
        scale=MANY,
        grade="D",
    )
    reported = _reported(kpi, kpi_value)
    return Verdict(
        (many, reported),
        findings(
            "GOV-8",
            (
                (many, "row of kpi", "Keep the figures that lead to an action, and drop the rest."),
                (reported, "figure", "Report each figure that is steered by, or take it off the list."),
            ),
            step="cadence",
        ),
    )


def _reported(kpi: Table, kpi_value: Table | None) -> Evidence:
    label = "figures steered by that are reported"
    if kpi_value is None:
        return missing(label, "fraction", table="kpi_value", lack=Lack(tables=("kpi_value",)))
    seen = among(kpi["kpi"], kpi_value["kpi"])
    return share(
        label,
        int(seen.sum()),
        len(kpi),
        of="figures",
        table="kpi",
        scale=REPORTED,
        grade="D",
        rows=kpi.index[~seen],
    )
