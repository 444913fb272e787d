"""Does the scorecard see integration risk across the tools?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.documents import covered
from workbench.diagnostics.evidence import found, missing
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.intake.dataset import Table
from workbench.wording import listing

ALL_FIVE = Scale(
    zero=0.0, hundred=1.0, target=0.8, source="METHOD VMF-5 names five classes; the target is ours"
)
TOOL_CLASSES = {
    "contact routing": ("ccaas", "acd", "routing", "telephony", "contact platform"),
    "workforce management": ("wfm", "workforce", "adherence", "schedul"),
    "quality": ("qa", "quality"),
    "analytics": ("analytic", "reporting", "dashboard"),
    "AI tools": ("ai", "automation", "bot", "assist"),
}


@diagnostic("VMF-5", area="vendor management")
def scorecard_covers_tools(kpi: Table | None) -> Verdict:
    """The vendor scorecard covers routing, workforce, quality, analytics and AI tools.

    Why: what is not on the scorecard breaks between two systems and belongs to nobody.
    Healthy: an item for each of the five tool classes.
    Unhealthy: rates, volumes and service level only.
    Remedy: add one item of integration and data flow for each tool class.
    """
    label = "tool classes that the scorecard covers"
    if kpi is None:
        return Verdict((missing(label, "fraction", table="kpi", lack=Lack(tables=("kpi",))),))
    part, absent = _coverage(label, kpi)
    said = found(
        "VMF-5",
        part,
        f"The scorecard of {part.n} figures covers {5 - len(absent)} of 5 tool classes (expected 4); "
        f"none speaks of {listing(absent)}.",
        "Add an item of integration and data flow for each class that is missing.",
        side="buyer",
    )
    return Verdict((part,), said)


def _coverage(label: str, kpi: pd.DataFrame) -> tuple[Evidence, list[str]]:
    texts = kpi["kpi"].astype("str") + " " + kpi["action_rule"].fillna("").astype("str")
    return covered(label, texts, TOOL_CLASSES, table="kpi", scale=ALL_FIVE)
