"""Which credits are due on the contract's own figures, and which were paid?"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import rows_within, whole_months
from workbench.diagnostics.terms import service_level_terms, stated_terms
from workbench.errors import CallError
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import any_of, equals, filled, numbers, spelled
from workbench.metrics.contact_outcome import contact_outcome
from workbench.metrics.penalty import Level, Line, Settlement, Steps, Terms, settle
from workbench.metrics.service_level import service_level_by_window
from workbench.metrics.sla_terms import read_earnback_rule, read_penalty_rule
from workbench.wording import counted, listing, number

SETTLED = Scale(
    zero=0.5,
    hundred=0.0,
    target=0.0,
    source="METHOD EXP-2; that half of what is at risk earns nothing is ours",
)
ASSUMED_POINTS = 10.0
"""Where the rule cannot be read, all that is at risk is lost ten points below the target. Assumed (grade A)."""

MISSING_ORDER = ("sla_result", "contacts", "sla")


@diagnostic("EXP-2", area="exposures")
def credits_as_due(
    contacts: Table, sla: Table, sla_result: Table | None, client: Client, period: Period
) -> Verdict:
    """Credits paid are those that the contract's formulas give on the raw contacts, queue by queue.

    Why: a credit on a wrong figure is money lost by one side, and trust by both.
    Healthy: 12,000 due, 12,000 paid.
    Unhealthy: 31,000 due on the contract's formula, nothing paid, as the report used another one.
    Remedy: settle the formula, compute again, and agree on how the past months are treated.
    """
    label = "credits due and not paid, of what was at risk"
    months = whole_months(period)
    promised = sla[
        spelled(sla, "metric", ("service_level",))
        & equals(sla, "client", client.id)
        & (numbers(sla, "at_risk") > 0)
    ]
    if promised.empty or not months:
        reason = "no service level with an amount at risk" if months else "no whole month"
        return Verdict((missing(label, "fraction", table="sla", reason=reason),))
    inside = rows_within(contacts, "offered_ts", period, client)
    inside = contact_outcome(inside).assign(offered_ts=inside["offered_ts"], queue=inside["queue"])
    settled: list[_Settled] = []
    open_terms: list[tuple[str, str]] = []
    for row in sorted(
        promised.to_dict("records"), key=lambda row: "" if pd.isna(row["queue"]) else row["queue"]
    ):
        one = _settled(row, inside, sla_result, client, months)
        if isinstance(one, _Settled):
            settled.append(one)
        else:
            open_terms.append(one)
    currencies = {one.due.currency for one in settled}
    if len(currencies) > 1:
        why = f"amounts at risk in {listing(sorted(currencies))} are not added without dated rates"
        return Verdict((missing(label, "fraction", table="sla", reason=why),))
    if not settled:
        table, reason = min(open_terms, key=lambda term: MISSING_ORDER.index(term[0]))
        return Verdict((missing(label, "fraction", table=table, reason=reason),))
    due, paid = sum(one.due.net for one in settled), sum(one.paid for one in settled)
    open_, risked = due - paid, sum(one.risked for one in settled)
    wrong = sum(abs(one.due.net - one.paid) for one in settled)
    currency, counted_months = currencies.pop(), max(len(one.due.lines) for one in settled)
    names = sorted({one.formula for one in settled})
    formulas = f"formula{'s' if len(names) > 1 else ''} {listing(names)}"
    rules = "; ".join(dict.fromkeys(one.rule for one in settled))
    scopes = "" if len(settled) == 1 else f" ({listing([one.scope for one in settled])})"
    part = quantity(
        label,
        wrong / risked,
        "fraction",
        sum(len(one.due.lines) for one in settled),
        table="sla_result",
        period=period,
        scale=SETTLED,
        grade="A" if any(one.rule.startswith("assumed") for one in settled) else "M",
        formula=f"|credits due by {formulas} − credits paid| / (months at risk){scopes}; {rules}",
    )
    said = found(
        "EXP-2",
        part,
        f"{_money(due, currency)} were due over {counted(counted_months, 'month')} on the contract's "
        f"{formulas}{scopes} and {_money(paid, currency)} were paid: {_money(abs(open_), currency)} "
        f"{'too little' if open_ > 0 else 'too much'} (expected none; rule: {rules}), {period}.",
        "Settle the formula, compute again, and agree on how the past months are treated.",
        step="data",
        lever="money.terms",
        commitments="the promise was missed and not credited"
        if open_ > 0
        else "more was credited than missed",
        margin=f"{_money(abs(open_), currency)} in {counted(counted_months, 'month')}",
    )
    unsettled = [f"{table}: {reason}" for table, reason in open_terms]
    return Verdict(
        (part,),
        said,
        {"credits by month": _table(settled), **({"not settled": unsettled} if unsettled else {})},
    )


@dataclass(frozen=True)
class _Settled:
    """One promised level with what is due on it and what was paid."""

    scope: str
    formula: str
    rule: str
    due: Settlement
    paid: float
    risked: float


def _settled(
    row: dict[Hashable, Any], contacts: pd.DataFrame, sla_result: pd.DataFrame | None, client: Client,
    months: list[str],
) -> _Settled | tuple[str, str]:  # fmt: skip
    """Settle one promised level, or say which table lacks what."""
    queue = None if pd.isna(row["queue"]) else str(row["queue"])
    scope = queue or "all queues"
    term = (stated_terms([row]) or service_level_terms(client, None)[0])[0]
    rule, read = _rule(row["penalty_rule"], term.target)
    earned = read_earnback_rule(row["earnback_rule"]) if isinstance(row["earnback_rule"], str) else None
    try:
        level = Level("service_level", term.target, 1.0, rule, earn_back=earned)
    except CallError as error:
        return "sla", f"sla.penalty_rule, {scope}: {error}"
    contract = Terms(levels=(level,), at_risk=float(row["at_risk"]), currency=str(row["currency"]))
    mine = contacts if queue is None else contacts[equals(contacts, "queue", queue)]
    levels = service_level_by_window(
        mine, "month", variant=term.formula, threshold_s=term.threshold_s, short_abandon_s=term.short_abandon_s,
        time_zone=client.time_zone,
    )  # fmt: skip
    names = levels["start"].dt.strftime("%Y-%m").tolist()
    by_month = dict(zip(names, levels["service_level"].tolist(), strict=True))
    known = {month: by_month[month] for month in months if month in by_month}
    if not known:
        return "contacts", "no contacts in a whole month" if queue is None else f"no contacts of {queue}"
    due = settle(contract, {"service_level": list(known.values())}, list(known))
    paid = _paid(sla_result, client, queue, list(known))
    if paid is None:
        return "sla_result", "needs sla_result with credits" + ("" if queue is None else f" of {queue}")
    at_risk = contract.at_risk if isinstance(contract.at_risk, float) else sum(contract.at_risk)
    return _Settled(scope, term.formula, read, due, paid, at_risk * len(known))


def _rule(text: object, target: float) -> tuple[Steps | Line, str]:
    """Return how a miss becomes a credit, and how that is known."""
    read = read_penalty_rule(text, target) if isinstance(text, str) else None
    if read is not None:
        return read, str(text)
    told = f"assumed: all at risk is lost {number(ASSUMED_POINTS)} points below the target"
    return Line(all_at=target - ASSUMED_POINTS / 100), told


def _paid(
    sla_result: pd.DataFrame | None, client: Client, queue: str | None, months: list[str]
) -> float | None:
    if sla_result is None:
        return None
    mine = ~filled(sla_result, "queue") if queue is None else equals(sla_result, "queue", queue)
    mine = mine & spelled(sla_result, "metric", ("service_level",)) & equals(sla_result, "client", client.id)
    credit = numbers(sla_result, "credit")[mine & any_of(sla_result, "period", months)]
    if np.isnan(credit).all():
        return None
    return float(np.nansum(credit))  # where credits are kept at all, an empty one is none


def _money(amount: float, currency: str) -> str:
    return f"{number(amount)} {currency}"


def _table(settled: list[_Settled]) -> pd.DataFrame:
    return pd.DataFrame(
        [{"scope": one.scope, "month": line.period, "service level": line.value, "credit due": line.credit,
          "why": line.reason}
         for one in settled for line in one.due.lines]
    )  # fmt: skip
