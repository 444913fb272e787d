"""Were processes clear, agreed and signed off before a module went live?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.documents import latest_processes, passes_gate
from workbench.diagnostics.evidence import findings, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.intake.dataset import Table
from workbench.metrics.columns import filled, flags, times

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
    written, live = filled(latest, "approved_date"), filled(latest, "module_go_live")
    alike, known = flags(latest, "teams_agreed")
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
    agreed = share(
        "processes that all teams agreed on",
        int(alike.sum()),
        int(known.sum()),
        of="processes",
        table="process_document",
        scale=GATE,
        grade="D",
        rows=latest.index[known & ~alike],
    )
    in_time = live & alike & (times(latest, "approved_date") <= times(latest, "module_go_live"))
    gated = share(
        "live modules whose process passed the gate first",
        int(in_time.sum()),
        int(live.sum()),
        of="modules",
        table="process_document",
        scale=GATE,
        grade="D",
        weight=2.0,
        rows=latest.index[live & ~in_time],
        formula="approved and agreed by all teams on or before go-live / modules live",
    )
    remedy = "Write the process, agree it with every team and sign it; only then digitise it."
    passed = passes_gate(latest).fillna(False).to_numpy(bool)
    said = (
        (defined, "process", remedy, ~written),
        (agreed, "process", "Bring the teams together on one order of steps, and sign it.", known & ~alike),
        (
            gated,
            "live module",
            "Put no further module live before its process passes the gate.",
            live & ~in_time & ~passed,  # late, and not yet mended
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
                about=tuple(latest["process"][which]),
            )
        ),
    )
