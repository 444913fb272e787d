"""Were processes clear, agreed and signed off before a module went live?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.documents import latest_processes, passes_gate
from workbench.diagnostics.evidence import findings, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.intake.dataset import Table

GATE = Scale(zero=0.3, hundred=1.0, target=1.0, source="METHOD VL-1, VL-1d, DR-2; the zero is ours")


@diagnostic("VL-1", area="value leaks", also=("VL-1d", "CAD-12", "DR-2"))
def processes_defined_before_go_live(process_document: Table) -> Verdict:
    """A process is written down, agreed by all teams and signed off before its module goes live.

    Why: a tool hardens whatever it is given, and is then blamed for it.
    Healthy: 11 of 12 processes signed off and agreed by every team before go-live.
    Unhealthy: 3 of 12; the rest went in as each team happened to work.
    Remedy: stop the next module; write, agree and sign the process first, then digitise it.
    """
    latest = latest_processes(process_document)
    written = latest["approved_date"].notna()
    defined = share(
        "processes written down and signed off",
        int(written.sum()),
        len(latest),
        of="processes",
        table="process_document",
        scale=GATE,
        grade="D",
        rows=latest.index[~written],
    )
    known = latest[latest["teams_agreed"].notna()]
    alike = known["teams_agreed"].astype(bool)
    agreed = share(
        "processes that all teams agreed on",
        int(alike.sum()),
        len(known),
        of="processes",
        table="process_document",
        scale=GATE,
        grade="D",
        rows=known.index[~alike],
    )
    live = latest[latest["module_go_live"].notna()]
    in_time = (live["approved_date"] <= live["module_go_live"]) & live["teams_agreed"].fillna(False).astype(
        bool
    )
    gated = share(
        "live modules whose process passed the gate first",
        int(in_time.sum()),
        len(live),
        of="modules",
        table="process_document",
        scale=GATE,
        grade="D",
        weight=2.0,
        rows=live.index[~in_time],
        formula="approved and agreed by all teams on or before go-live / modules live",
    )
    remedy = "Write the process, agree it with every team and sign it; only then digitise it."
    said = (
        (defined, "process", remedy, latest[~written]),
        (agreed, "process", "Bring the teams together on one order of steps, and sign it.", known[~alike]),
        (
            gated,
            "live module",
            "Put no further module live before its process passes the gate.",
            live[~in_time & ~passes_gate(live).fillna(False).astype(bool)],  # late, and not yet mended
        ),
    )
    return Verdict(
        (defined, agreed, gated),
        tuple(
            finding
            for part, of, what, which in said
            for finding in findings(
                "VL-1",
                ((part, of, what),),
                commitments="agents follow different rules for the same promise",
                margin="rework inside a tool is dearer than on paper",
                about=tuple(which["process"]),
            )
        ),
    )
