"""Do leaders use the reports, or have they stopped?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import kept, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period

OPENED = Scale(zero=0.2, hundred=0.9, target=0.8, source="METHOD VL-3e; ends are ours")
NO_SHADOW = Scale(zero=0.6, hundred=1.0, target=0.95, source="METHOD VL-3e, RISK-3, NOT-2; ends are ours")


@diagnostic("VL-3e", area="value leaks")
def reports_are_used(
    report_log: Table | None, tool_inventory: Table | None, client: Client, period: Period
) -> Verdict:
    """Reports that are issued are opened, and nobody keeps a spreadsheet beside them.

    Why: when reports turn to noise leaders work around them, and the noise is never cleaned.
    Healthy: 85 % of reports opened; no unapproved file or tool in use.
    Unhealthy: 30 % opened; five supervisors keep their own sheet.
    Remedy: drop the reports nobody opens, mend the ones they replaced, retire the sheets by date.
    """
    opened, shadow = _opened(report_log, client, period), _shadow(tool_inventory)
    return Verdict(
        (opened, shadow),
        findings(
            "VL-3e",
            (
                (
                    opened,
                    "report",
                    "Drop reports that nobody opens; ask the readers of the rest what they miss.",
                ),
                (shadow, "tool", "Retire each sheet by a date, with the report that takes its place."),
            ),
            step="data",
            margin="hours for reports that nobody reads",
        ),
    )


def _opened(report_log: Table | None, client: Client, period: Period) -> Evidence:
    label = "reports that somebody opened"
    if report_log is None:
        return missing(label, "fraction", table="report_log", lack=Lack(tables=("report_log",)))
    sent = rows_within(report_log, "issued_ts", period, client)
    sent = kept(sent, sent["opened"].notna())
    read = sent["opened"].astype(bool)
    return share(
        label,
        int(read.sum()),
        len(sent),
        of="reports",
        table="report_log",
        period=period,
        scale=OPENED,
        rows=sent.index[~read],
    )


def _shadow(tool_inventory: Table | None) -> Evidence:
    label = "tools in use that are approved"
    if tool_inventory is None:
        return missing(label, "fraction", table="tool_inventory", lack=Lack(tables=("tool_inventory",)))
    used = tool_inventory[tool_inventory["status"].notna() & (tool_inventory["status"] != "retired")]
    beside = used["status"] == "shadow"
    return share(
        label,
        int((~beside).sum()),
        len(used),
        of="tools",
        table="tool_inventory",
        scale=NO_SHADOW,
        grade="D",
        rows=used.index[beside],
    )
