"""Does the client meeting rest on trusted data, or on a pack reconciled the night before?"""

from __future__ import annotations

import numpy as np

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import numbers, seconds_between, times

QUIET = Scale(zero=0.3, hundred=1.0, target=0.9, source="METHOD VL-4a, SYM-2; ends are ours")
TRACED = Scale(zero=0.4, hundred=1.0, target=0.95, source="METHOD VL-4a; ends are ours")


@diagnostic("VL-4a", area="value leaks", also=("SYM-2",))
def packs_not_reconciled_by_hand(
    report_log: Table, client: Client, period: Period, *, hours: float = 24.0
) -> Verdict:
    """Packs for the client come from the systems, unchanged by hand on the last day.

    Why: a figure mended at night cannot be explained in the morning.
    Healthy: 23 of 24 packs untouched in the last day; all figures name their system.
    Unhealthy: most packs edited by hand within hours of the meeting.
    Remedy: freeze the data two days ahead, mend the source instead of the pack.
    """
    served = report_log["meeting_ts"].fillna(report_log["due_ts"]).fillna(report_log["issued_ts"])
    mine = within(served, period, client)
    packs, meeting = report_log[mine], served.to_numpy("datetime64[us]")[mine]
    edits, edited = numbers(packs, "manual_edits"), times(packs, "last_edit_ts")
    known = (edits == 0) | (~np.isnan(edits) & ~np.isnat(edited))  # edits of an unknown day tell nothing
    ahead_s = seconds_between(edited, meeting)
    by_hand = (edits > 0) & (ahead_s >= 0) & (ahead_s <= hours * 3600)
    quiet = share(
        f"packs not edited by hand within {hours:g} hours of the meeting",
        int((known & ~by_hand).sum()),
        int(known.sum()),
        of="packs",
        table="report_log",
        period=period,
        scale=QUIET,
        weight=2.0,
        rows=packs.index[known & by_hand],
        formula=f"packs without manual edits in the {hours:g} h before the meeting (else due, else issue) / packs",
    )
    named = np.array(
        [isinstance(text, str) and bool(text.strip()) and "manual" not in text.casefold()
         for text in packs["source_systems"].tolist()],
        bool,
    )  # fmt: skip
    traced = share(
        "packs traceable to systems of record",
        int(named.sum()),
        len(packs),
        of="packs",
        table="report_log",
        period=period,
        scale=TRACED,
        rows=packs.index[~named],
    )
    return Verdict(
        (quiet, traced),
        findings(
            "VL-4a",
            (
                (quiet, "pack", "Freeze the data two days ahead; mend the source, never the pack."),
                (traced, "pack", "Name the system of record beside each figure of the pack."),
            ),
            step="cadence",
            commitments="figures do not stand when they are questioned",
            margin="hours of preparation each month",
        ),
    )
