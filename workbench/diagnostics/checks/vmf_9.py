"""Does each control have exactly one owner?"""

from __future__ import annotations

import numpy as np

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.handoff import told_of
from workbench.intake.dataset import Table
from workbench.metrics.columns import coded, equals, filled
from workbench.wording import counted

OWNED = Scale(zero=0.5, hundred=1.0, target=1.0, source="METHOD VMF-9: exactly one owner; the zero is ours")


@diagnostic("VMF-9", area="vendor management", also=("EXP-4", "HO-14"))
def controls_have_one_owner(ownership: Table) -> Verdict:
    """Each control has exactly one accountable owner, with the evidence written down.

    Why: compliance thinks that operations holds it, operations that the contract does.
    Healthy: 24 of 24 controls with one owner and a document.
    Unhealthy: 6 controls without an owner, 3 with two.
    Remedy: go through the controls with compliance, operations and legal in one session; one name each.
    """
    label = "controls with exactly one accountable owner"
    controls = ownership[equals(ownership, "subject_kind", "control")]
    if controls.empty:
        reason = "no control is listed in ownership"
        return Verdict((missing(label, "fraction", table="ownership", reason=reason),))
    subject, subjects = coded(controls, "subject")
    named = [set[object]() for _ in subjects]
    for control, role, accountable in zip(
        subject.tolist(), coded(controls, "role")[0].tolist(), equals(controls, "raci", "A"), strict=True
    ):
        if control >= 0 and role >= 0 and accountable:
            named[control].add(role)
    owners = np.array([len(roles) for roles in named])
    nobody, several = int((owners == 0).sum()), int((owners > 1).sum())
    wrong = controls.index[np.append(owners != 1, False)[subject]]
    one = share(
        label,
        int((owners == 1).sum()),
        len(owners),
        of="controls",
        table="ownership",
        scale=OWNED,
        grade="D",
        weight=2.0,
        rows=wrong,
    )
    documented = np.zeros(len(subjects) + 1, bool)
    documented[subject[filled(controls, "document_ref")]] = True
    documented = documented[:-1]  # the last: of rows without a subject
    evidenced = share(
        "controls with a document behind them",
        int(documented.sum()),
        len(documented),
        of="controls",
        table="ownership",
        scale=OWNED,
        grade="D",
        rows=controls.index[np.append(~documented, False)[subject]],
    )
    said = found(
        "VMF-9",
        one,
        f"{nobody} of {counted(len(owners), 'control')} have no accountable owner and {several} have several "
        "(expected none).",
        "Settle one owner for each control in one session with compliance, operations and legal.",
        step="bypass",
        commitments="a control that nobody holds fails an audit",
    ) + found(
        "VMF-9",
        evidenced,
        f"{int((~documented).sum())} of {counted(len(documented), 'control')} have no document behind them "
        "(expected none).",
        "Attach the evidence to each control.",
        step="bypass",
    )
    return Verdict((one, evidenced), said, told_of("HO-14", None, None, evidenced))
