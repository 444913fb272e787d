"""What does an hour cost, what does it bring, and what does a missed service level cost? From a client's tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.intake.dataset import Dataset
from workbench.intake.rates import in_own_currency
from workbench.metrics.columns import numbers, times
from workbench.metrics.penalty import Level, Line
from workbench.metrics.sheets import paid_hours
from workbench.metrics.sla_terms import read_sla

WEEKS_PER = {"month": 52.0 / 12.0, "quarter": 13.0, "week": 1.0, "day": 1.0 / 7.0}
METRICS = ("service_level", "abandon_rate")


@dataclass(frozen=True)
class MoneyFit:
    """Money of a scenario, with what it rests on: figure, value, n, what, grade."""

    money: dict[str, Any]
    per_contact: float
    table: pd.DataFrame
    notes: tuple[tuple[str, str], ...]


def fit_money(dataset: Dataset, queues: dict[str, str]) -> MoneyFit:
    """Return pay, revenue and terms as the tables have them, in the client's currency.

    Parameters
    ----------
    queues : the scenario's queues: what the contract calls them → their name in the scenario.
    """
    currency = dataset.client.currency
    money: dict[str, Any] = {"currency": currency}
    rows: list[tuple[str, float, int, str, str]] = []
    notes: list[tuple[str, str]] = []
    hours = sheet_hours(dataset.tables.get("timesheet"))
    pay, n = _pay(dataset, hours, currency)
    if pay:
        money["pay_per_hour"] = round(pay, 2)
        rows.append((f"pay per hour [{currency}]", pay, n, "payroll over hours of time sheets", "M"))
    else:
        notes.append(
            ("Pay is not known: hours cost nothing in the scenario until money.pay_per_hour is set.", "A")
        )
    per_contact = 0.0
    for unit, rate, n, codes in _rates(dataset, hours, currency):
        if unit == "hour":
            money["revenue_per_hour"] = round(rate, 2)
        else:
            per_contact = rate
        rows.append((f"revenue per {unit} [{currency}]", rate, n, f"rate card, {codes}", "D"))
    terms, said = _terms(dataset, queues, currency)
    notes += said
    if terms is not None:
        money["terms"] = terms
        rows.append(
            (f"at risk per week [{currency}]", terms["at_risk"], len(terms["levels"]), "table sla", "D")
        )
    table = pd.DataFrame(rows, columns=["figure", "value", "n", "what", "grade"])
    return MoneyFit(money, per_contact, table, tuple(notes))


def sheet_hours(sheets: pd.DataFrame | None) -> pd.DataFrame:
    """Return the paid hours of time sheets, where they are known: agent_id, month, rate_code, client, hours."""
    columns = ["agent_id", "month", "rate_code", "client", "hours"]
    if sheets is None or sheets.empty:
        return pd.DataFrame({c: pd.Series(dtype=float if c == "hours" else "str") for c in columns})
    words = {c: sheets[c].astype("str") if c in sheets else "" for c in ("agent_id", "rate_code", "client")}
    month = pd.to_datetime(sheets["date"]).dt.strftime("%Y-%m")
    table = pd.DataFrame({**words, "month": month, "hours": paid_hours(sheets)}, index=sheets.index)
    return table[table["hours"].notna()][columns]


def _pay(dataset: Dataset, hours: pd.DataFrame, currency: str) -> tuple[float, int]:
    payroll, _ = in_own_currency(dataset, "payroll")
    if payroll is None or payroll.empty or hours.empty:
        return 0.0, 0
    own = payroll["currency"].isna() | (payroll["currency"] == currency)
    rows = pd.DataFrame({
        "agent_id": payroll["agent_id"].astype("str"), "month": payroll["cycle"].astype("str").str[:7],
        "gross": numbers(payroll, "gross"), "own": own.to_numpy(bool),
    })  # fmt: skip
    by = rows.groupby(["agent_id", "month"])
    table = by[["gross"]].sum()[by["own"].all()]
    both = table.join(hours.groupby(["agent_id", "month"])["hours"].sum(), how="inner")
    return (float(both["gross"].sum() / both["hours"].sum()), len(both)) if len(both) else (0.0, 0)


def _rates(dataset: Dataset, hours: pd.DataFrame, currency: str) -> list[tuple[str, float, int, str]]:
    """Return the rate in force per hour and per contact, weighted by the hours billed under each code."""
    card, _ = in_own_currency(dataset, "rate_card")
    if card is None or card.empty:
        return []
    on = np.datetime64(str(dataset.period.end), "us")
    begins, ends = times(card, "valid_from"), times(card, "valid_to")
    use = (np.isnat(begins) | (begins <= on)) & (np.isnat(ends) | (ends >= on))
    use &= (card["currency"].isna() | (card["currency"] == currency)).to_numpy(bool)
    card = card[use].assign(rate=numbers(card, "rate")[use])
    found = []
    for unit in ("hour", "contact"):
        own = card[card["unit"].astype("str").str.casefold() == unit]
        if own.empty:
            continue
        weight = np.ones(len(own))
        if unit == "hour" and not hours.empty:
            billed = hours.groupby(["client", "rate_code"])["hours"].sum()
            keys = zip(own["client"].astype("str"), own["rate_code"].astype("str"), strict=True)
            weight = np.array([float(billed.get(key, 0.0)) for key in keys])
        if not weight.sum():
            continue
        codes = ", ".join(sorted({str(c) for c, w in zip(own["rate_code"], weight, strict=True) if w}))
        found.append((unit, float(np.average(own["rate"], weights=weight)), int((weight > 0).sum()), codes))
    return found


def _terms(
    dataset: Dataset, queues: dict[str, str], currency: str
) -> tuple[dict[str, Any] | None, list[tuple[str, str]]]:
    sla, _ = in_own_currency(dataset, "sla")
    if sla is None or sla.empty:
        return None, []
    levels: dict[str, Any] = {}
    notes: list[tuple[str, str]] = []
    at_risk, left_out = 0.0, []
    for one in read_sla(sla):
        notes += [(f"Contract, {what}.", "D") for what in one.not_read]
        if one.terms is None or one.window not in WEEKS_PER or one.terms.currency != currency:
            continue
        for level in one.terms.levels:
            metric, variant, queue = _parts(level.name)
            if metric not in METRICS or (queue and queue not in queues):
                left_out.append(level.name)
                continue
            stake = level.weight * float(np.sum(one.terms.at_risk)) / WEEKS_PER[one.window]
            name = f"{level.name} {one.client}" if level.name in levels else level.name
            levels[name.replace(".", " ")] = {
                **_level(level, metric, variant, queues.get(queue)),
                "stake": stake,
            }
            at_risk += stake
    if left_out:
        shown = ", ".join(sorted(set(left_out)))
        notes.append((f"Promised and not simulated, so without credits here: {shown}.", "D"))
    if not levels or not at_risk:
        return None, notes
    for level in levels.values():
        level["weight"] = round(level.pop("stake") / at_risk, 6)
    notes.append(
        ("Credits are settled by the week, each with its share of the contract's window; no earn-back.", "A")
    )
    return {"window": "week", "at_risk": round(at_risk, 2), "levels": levels}, notes


def _level(level: Level, metric: str, variant: str, queue: str | None) -> dict[str, Any]:
    data: dict[str, Any] = {"metric": metric, "target": level.target, "critical": level.critical}
    if queue:
        data["queue"] = queue
    if metric == "service_level" and variant:
        data["formula"] = variant
    if isinstance(level.rule, Line):
        data["all_lost_at"] = level.rule.all_at
    else:
        data["bands"] = [{"worse_than": b.worse_than, "share": b.share} for b in level.rule.bands]
    return data


def _parts(name: str) -> tuple[str, str, str]:
    """Return metric, variant and queue of a level's name: "service_level V2, sales"."""
    words, _, queue = name.partition(", ")
    metric, _, variant = words.partition(" ")
    return metric, variant, queue
