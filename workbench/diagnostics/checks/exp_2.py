"""Which credits are due on the contract's own figures, and which were paid?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import whole_months, within
from workbench.diagnostics.terms import service_level_terms, term_for
from workbench.errors import CallError
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.penalty import Level, Line, Settlement, Steps, Terms, settle
from workbench.metrics.service_level import service_level_by_window
from workbench.metrics.sla_terms import read_earnback_rule, read_penalty_rule
from workbench.wording import counted, number

SETTLED = Scale(
    zero=0.5,
    hundred=0.0,
    target=0.0,
    source="METHOD EXP-2; that half of what is at risk earns nothing is ours",
)
ASSUMED_POINTS = 10.0
"""Where the rule cannot be read, all that is at risk is lost ten points below the target. Assumed (grade A)."""


@diagnostic("EXP-2", area="exposures")
def credits_as_due(
    contacts: Table, sla: Table, sla_result: Table | None, client: Client, period: Period
) -> Verdict:
    """Credits paid are those that the contract's formula gives on the raw contacts.

    Why: a credit on a wrong figure is money lost by one side, and trust by both.
    Healthy: 12,000 due, 12,000 paid.
    Unhealthy: 31,000 due on the contract's formula, nothing paid, as the report used another one.
    Remedy: settle the formula, compute again, and agree on how the past months are treated.
    """
    label = "credits due and not paid, of what was at risk"
    mine = sla[_service_level(sla) & sla["queue"].isna() & (sla["client"] == client.id)]
    mine = mine[mine["at_risk"] > 0]
    months = whole_months(period)
    if mine.empty or not months:
        reason = "no service level over all queues with an amount at risk" if months else "no whole month"
        return Verdict((missing(label, "fraction", table="sla", reason=reason),))
    row = mine.iloc[0]
    terms, _ = service_level_terms(client, sla)
    term = term_for(terms, None)
    rule, read = _rule(row["penalty_rule"], term.target)
    earned = read_earnback_rule(row["earnback_rule"]) if isinstance(row["earnback_rule"], str) else None
    try:
        level = Level("service_level", term.target, 1.0, rule, earn_back=earned)
    except CallError as error:
        return Verdict((missing(label, "fraction", table="sla", reason=f"sla.penalty_rule: {error}"),))
    contract = Terms(levels=(level,), at_risk=float(row["at_risk"]), currency=str(row["currency"]))
    inside = contacts[within(contacts["offered_ts"], period, client)]
    levels = service_level_by_window(
        inside, "month", variant=term.formula, threshold_s=term.threshold_s, short_abandon_s=term.short_abandon_s,
        time_zone=client.time_zone,
    )  # fmt: skip
    by_month = levels.set_index(levels["start"].dt.strftime("%Y-%m"))["service_level"].reindex(months)
    known = by_month.dropna()
    if known.empty:
        return Verdict((missing(label, "fraction", table="contacts", reason="no contacts in a whole month"),))
    due = settle(contract, {"service_level": [float(v) for v in known]}, list(known.index))
    paid = _paid(sla_result, client, list(known.index))
    if paid is None:
        return Verdict(
            (missing(label, "fraction", table="sla_result", reason="needs sla_result with credits"),)
        )
    open_ = due.net - paid
    at_risk = contract.at_risk if isinstance(contract.at_risk, float) else sum(contract.at_risk)
    part = quantity(
        label,
        abs(open_) / (at_risk * len(known)),
        "fraction",
        len(known),
        table="sla_result",
        period=period,
        scale=SETTLED,
        grade="A" if read.startswith("assumed") else "M",
        formula=f"|credits due by {term.formula} − credits paid| / ({len(known)} months at risk); {read}",
    )
    said = found(
        "EXP-2",
        part,
        f"{_money(due.net, due.currency)} were due over {counted(len(known), 'month')} on the contract's formula "
        f"{term.formula} and {_money(paid, due.currency)} were paid: {_money(abs(open_), due.currency)} "
        f"{'too little' if open_ > 0 else 'too much'} (expected none; rule: {read}), {period}.",
        "Settle the formula, compute again, and agree on how the past months are treated.",
        step="data",
        lever="money.terms",
        commitments="the promise was missed and not credited"
        if open_ > 0
        else "more was credited than missed",
        margin=f"{_money(abs(open_), due.currency)} in {counted(len(known), 'month')}",
    )
    return Verdict((part,), said, {"credits by month": _table(due)})


def _rule(text: object, target: float) -> tuple[Steps | Line, str]:
    """Return how a miss becomes a credit, and how that is known."""
    read = read_penalty_rule(text, target) if isinstance(text, str) else None
    if read is not None:
        return read, str(text)
    told = f"assumed: all at risk is lost {number(ASSUMED_POINTS)} points below the target"
    return Line(all_at=target - ASSUMED_POINTS / 100), told


def _paid(sla_result: pd.DataFrame | None, client: Client, months: list[str]) -> float | None:
    if sla_result is None:
        return None
    mine = sla_result[
        _service_level(sla_result) & sla_result["queue"].isna() & (sla_result["client"] == client.id)
        & sla_result["period"].isin(months)
    ]  # fmt: skip
    if mine["credit"].isna().all():
        return None
    return float(mine["credit"].fillna(0.0).sum())  # where credits are kept at all, an empty one is none


def _service_level(table: pd.DataFrame) -> pd.Series:
    return table["metric"].astype("str").str.casefold() == "service_level"


def _money(amount: float, currency: str) -> str:
    return f"{number(amount)} {currency}"


def _table(due: Settlement) -> pd.DataFrame:
    return pd.DataFrame(
        [{"month": line.period, "service level": line.value, "credit due": line.credit, "why": line.reason}
         for line in due.lines]
    )  # fmt: skip
