"""Is a cheap partner turning expensive?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import evidence_from, findings, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import each_once, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.attrition import attrition_rate
from workbench.metrics.columns import any_of, equals, filled, flags
from workbench.metrics.resolution import repeat_rate

REWORK = Scale(zero=0.35, hundred=0.10, target=0.2, source="METHOD VMF-18: rework rises; ends are ours")
LEADERS = Scale(
    zero=0.60, hundred=0.0, target=0.2, source="METHOD VMF-18: attrition reaches team leaders; ends are ours"
)
BELIEVED = Scale(
    zero=0.75, hundred=1.0, target=0.95, source="METHOD VMF-18: scores lose credibility; ends are ours"
)
STACK = Scale(
    zero=0.5, hundred=1.0, target=0.9, source="METHOD VMF-18: the stack cannot be supported; ends are ours"
)


@diagnostic("VMF-18", area="vendor management")
def four_cost_escalators(
    contacts: Table | None,
    hris: Table | None,
    qa_eval: Table | None,
    tool_inventory: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """None of the four signs of rising cost is on.

    Why: rework, leaving team leaders, disbelieved scores and a stack that cannot be supported each turn a
        low rate into a high cost within a quarter.
    Healthy: 14 % repeats, no team leader left, 2 % of scores changed on dispute, all tools owned.
    Unhealthy: 30 % repeats, half the team leaders gone, every fifth score changed.
    Remedy: watch the four monthly with a threshold each, and price them.
    """
    parts = (
        _rework(contacts, client, period),
        _leaders(hris, period),
        _believed(qa_eval, client, period),
        _stack(tool_inventory),
    )
    nouns = ("contact", "team leader", "evaluation", "tool")
    remedies = (
        "Find the queue and cause with most repeats, and mend it first.",
        "Keep team leaders: span, pay and a successor for each.",
        "Calibrate before more is evaluated.",
        "Give each tool an owner who can take its data out.",
    )
    return Verdict(
        parts,
        findings(
            "VMF-18",
            list(zip(parts, nouns, remedies, strict=True)),
            side="vendor",
            margin="the low rate turns into a high cost",
        ),
    )


def _rework(contacts: Table | None, client: Client, period: Period) -> Evidence:
    if contacts is None:
        return missing(
            "contacts repeated within 7 days", "fraction", table="contacts", lack=Lack(tables=("contacts",))
        )
    mine = rows_within(contacts, "offered_ts", period, client)
    return evidence_from(repeat_rate(mine), table="contacts", period=period, scale=REWORK,
                         label="contacts repeated within 7 days")  # fmt: skip


def _leaders(hris: Table | None, period: Period) -> Evidence:
    label = "attrition of team leaders, a year"
    if hris is None:
        return missing(label, "fraction", table="hris", lack=Lack(tables=("hris",)))
    if not filled(hris, "term_date").any():  # a roster in which nobody ever left does not say that all stayed
        return missing(label, "fraction", table="hris", lack=Lack(columns=("hris.term_date",)))
    leaders = hris[equals(hris, "role", "TL")]
    if leaders.empty:
        return missing(label, "fraction", table="hris", reason="hris names no team leader")
    measure = attrition_rate(leaders, period.start, period.end)
    return evidence_from(measure, table="hris", period=period, scale=LEADERS, label=label)


def _believed(qa_eval: Table | None, client: Client, period: Period) -> Evidence:
    label = "evaluations not changed on dispute"
    if qa_eval is None:
        return missing(label, "fraction", table="qa_eval", lack=Lack(tables=("qa_eval",)))
    each = each_once(rows_within(qa_eval, "eval_ts", period, client), "eval_id")
    disputed, asked = flags(each, "disputed")
    known = asked & (~disputed | any_of(each, "dispute_result", ("upheld", "changed")))
    changed = known & equals(each, "dispute_result", "changed")
    return share(label, int((known & ~changed).sum()), int(known.sum()), of="evaluations", table="qa_eval",
                 period=period, scale=BELIEVED, rows=each.index[changed])  # fmt: skip


def _stack(tool_inventory: Table | None) -> Evidence:
    label = "tools with an owner whose data can be taken out"
    if tool_inventory is None:
        return missing(label, "fraction", table="tool_inventory", lack=Lack(tables=("tool_inventory",)))
    used = ~equals(tool_inventory, "status", "retired")
    good = used & filled(tool_inventory, "owner") & filled(tool_inventory, "data_export_format")
    n = int(used.sum())
    return quantity(label, float(good.sum() / n) if n else None, "fraction", n, table="tool_inventory", scale=STACK,
                    grade="D", rows=tool_inventory.index[used & ~good], reason="no tool is listed")  # fmt: skip
