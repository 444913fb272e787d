"""Are there a data standard, checks at entry, and one person who answers for data?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.documents import accountable
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.intake.dataset import Table
from workbench.metrics.columns import equals, filled, speaking, spelled

THERE = Scale(zero=0.0, hundred=1.0, target=1.0, source="METHOD VL-3d: standard, checks, owner")
YES = "yes = 1"


@diagnostic("VL-3d", area="value leaks", also=("OWN-6", "CX-13"))
def data_discipline(ownership: Table | None, process_document: Table | None) -> Verdict:
    """A written data standard, checks at the point of entry and one accountable person come before the tool.

    Why: data does not clean itself by moving house.
    Healthy: a signed standard, validation rules for each table, one data owner.
    Unhealthy: none of the three; everybody corrects in his own copy.
    Remedy: appoint the data owner (with ownership, step 2), then put the checks in (before step 3).
    """
    parts = (
        _owner(ownership),
        _written(process_document, "data standard"),
        _written(process_document, "validation"),
    )
    remedies = (
        ("ownership", "Appoint one data owner with the right to refuse a bad record."),
        ("data", "Write the data standard: which field, which values, filled by whom, by when."),
        ("data", "Put validation checks where records are entered, not where they are read."),
    )
    results = [
        finding
        for part, (step, remedy) in zip(parts, remedies, strict=True)
        for finding in found(
            "VL-3d",
            part,
            f"It was looked for and not found: {part.measure} ({part.n} rows of {part.table} read; expected: there).",
            remedy,
            step="ownership" if step == "ownership" else "data",
        )
    ]
    return Verdict(parts, tuple(results))


def _owner(ownership: Table | None) -> Evidence:
    label = "one accountable data owner"
    if ownership is None:
        return missing(label, YES, table="ownership", lack=Lack(tables=("ownership",)))
    mine = accountable(ownership)
    mine = mine[equals(mine, "subject_kind", "data")]
    general = spelled(mine, "subject", ("data", "data quality", "all data"))
    people = (mine["role"][general] if general.any() else mine["role"]).nunique()
    return quantity(
        label,
        float(people == 1),
        YES,
        len(ownership),
        table="ownership",
        scale=THERE,
        grade="D",
        rows=mine.index,
    )


def _written(process_document: Table | None, what: str) -> Evidence:
    label = "a signed data standard" if what == "data standard" else "signed validation rules at entry"
    if process_document is None:
        return missing(label, YES, table="process_document", lack=Lack(tables=("process_document",)))
    mine = speaking(process_document, "process", (what,))
    return quantity(
        label,
        float((mine & filled(process_document, "approved_date")).any()),
        YES,
        len(process_document),
        table="process_document",
        scale=THERE,
        grade="D",
        rows=process_document.index[mine],
    )
