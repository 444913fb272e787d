"""Does one person own the whole thread across functions?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, quantity
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import kept
from workbench.intake.dataset import Table
from workbench.metrics.columns import equals, spelled
from workbench.wording import counted

OWNER = Scale(zero=0.0, hundred=1.0, target=1.0, source="METHOD VL-2a: one owner of the whole thread")


@diagnostic("VL-2a", area="value leaks", also=("OWN-5",))
def lifecycle_owner(ownership: Table) -> Verdict:
    """One named person answers for the employee's way across all functions.

    Why: owners of modules optimise modules; the thread between them needs an owner of its own.
    Healthy: one named lifecycle owner, known to every function.
    Unhealthy: nobody, or a committee.
    Remedy: appoint a lifecycle owner with a mandate across functions.
    """
    whole = spelled(ownership, "subject", ("lifecycle", "employee lifecycle", "whole thread"))
    thread = kept(ownership, whole & equals(ownership, "raci", "A"))
    people = thread["person"].fillna(thread["role"]).nunique()
    part = quantity(
        "the lifecycle has exactly one accountable owner",
        float(people == 1),
        "yes = 1",
        max(len(thread), 1),
        table="ownership",
        scale=OWNER,
        grade="D",
        rows=thread.index,
        formula="people accountable (A) for the lifecycle = 1",
    )
    return Verdict(
        (part,),
        found(
            "VL-2a",
            part,
            f"{counted(people, 'person', 'people')} answer for the whole lifecycle (expected exactly 1).",
            "Appoint one lifecycle owner with a mandate across functions.",
            step="ownership",
        ),
    )
