"""What was billed and credited, in which currency, and which dated rates came along?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.periods import whole_months, within
from workbench.intake.dataset import Dataset
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Column, DataTable

SUMS = {"billed": "amount", "credited": "credit_amount", "disputed": "amount"}


@section(
    "amounts", title="Billed and credited", order=35,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
def amounts(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show the sums of the period's invoices, each currency for itself; nothing is converted here."""
    dataset = assessment.dataset
    rows = [row for what in SUMS for row in _sums(dataset, what)]
    if not rows:
        return Content(())
    blocks: list[AnyBlock] = [
        DataTable(
            name="amounts", caption=f"Amounts of the invoices of {dataset.period}, by currency",
            columns=(
                Column(name="what", label="What"), Column(name="currency", label="Currency"),
                Column(name="amount", label="Amount", type="number", decimals=2),
                Column(name="lines", label="Lines of invoices", type="count"),
            ),
            rows=tuple(rows), note="Lines without an amount are not counted. Currencies are not added.",
        )
    ]  # fmt: skip
    names = ("what", "currency", "amount", "lines")
    told = [dict(zip(names, row, strict=True)) for row in rows]
    return Content(blocks, {"amounts": told, "rates": rates(dataset)})


def _sums(dataset: Dataset, what: str) -> list[tuple[str, str, float, int]]:
    invoices = dataset.tables.get("invoice")
    if invoices is None or not {"amount", "currency"} <= set(invoices.columns):
        return []
    here = pd.Series(False, index=invoices.index)
    if "period" in invoices.columns:
        here |= invoices["period"].isin(whole_months(dataset.period))
    if "issued_ts" in invoices.columns:
        unnamed = invoices["period"].isna() if "period" in invoices.columns else True
        here |= within(invoices["issued_ts"], dataset.period, dataset.client) & unnamed
    if what == "disputed":
        if "disputed" not in invoices.columns:
            return []
        here &= invoices["disputed"].fillna(False).astype(bool)
    column = SUMS[what]
    if column not in invoices.columns:
        return []
    mine = invoices[here & invoices[column].notna() & invoices["currency"].notna()]
    by_currency = mine.groupby("currency")[column].agg(["sum", "count"]).sort_index()
    return [(what, str(c), float(r["sum"]), int(r["count"])) for c, r in by_currency.iterrows()]


def rates(dataset: Dataset) -> list[dict[str, object]]:
    """Return the last rate of each pair on or before the last day of the period, from table `fx`."""
    fx = dataset.tables.get("fx")
    if fx is None or fx.empty:
        return []
    until = fx[fx["date"].notna() & (fx["date"] <= pd.Timestamp(dataset.period.end)) & fx["rate"].notna()]
    last = until.sort_values("date", kind="stable").groupby(["from", "to"], as_index=False).last()
    return [
        {"date": f"{row['date']:%Y-%m-%d}", "from": str(row["from"]), "to": str(row["to"]), "rate": float(row["rate"])}
        for row in last.to_dict("records")
    ]  # fmt: skip
