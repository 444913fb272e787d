"""How much was billed and credited, added only where that is allowed?"""

from __future__ import annotations

from workbench.reports.declare import Content, section
from workbench.reports.money import Amount, Converted, converted
from workbench.reports.portfolio import Portfolio
from workbench.reports.section import INTERNAL, AnyBlock, Column, DataTable, Detail, Prose
from workbench.wording import counted


@section(
    "portfolio amounts", title="Billed and credited", order=50, audience=INTERNAL, reports=("portfolio",)
)
def portfolio_amounts(subject: Portfolio, _parameters: object) -> Content:
    """Add amounts in one currency where a dated rate says how; what has no rate stands in its own."""
    amounts = [amount for m in subject.members for amount in m.amounts]
    if not amounts:
        return Content(())
    currency = subject.currency
    can, cannot = converted(amounts, [rate for m in subject.members for rate in m.rates], currency)
    totals = _totals(can, cannot, currency)
    without = sorted({a.currency for a in cannot})
    blocks: list[AnyBlock] = [
        DataTable(
            name="totals", caption=f"Amounts of the invoices of all clients, {subject.span}",
            columns=(
                Column(name="what", label="What"), Column(name="currency", label="Currency"),
                Column(name="amount", label="Amount", type="number", decimals=2),
                Column(name="clients", label="Clients", type="count"), Column(name="how", label="Of which"),
            ),
            rows=tuple(totals), note="Each client's own period; the periods need not be the same.",
        )
    ]  # fmt: skip
    if without:
        blocks.append(
            Prose.of(
                f"No dated rate from {', '.join(without)} into {currency} came with the data, so that these amounts "
                f"stand in their own currency and are in no sum. A rate in table fx of any client's folder, dated on "
                "or before the last day of the period, adds them."
            )
        )  # fmt: skip
    blocks.append(Detail(summary="Client by client", blocks=(_rows(can, cannot, currency),)))
    names = ("what", "currency", "amount", "clients", "how")
    return Content(
        blocks, {"currency": currency, "totals": [dict(zip(names, t, strict=True)) for t in totals]}
    )


def _totals(
    can: list[Converted], cannot: list[Amount], currency: str
) -> list[tuple[str, str, float, int, str]]:
    rows = []
    for what in dict.fromkeys(a.what for a in (*(c.amount for c in can), *cannot)):
        mine = [c for c in can if c.amount.what == what]
        if mine:
            rates = sum(c.rate is not None for c in mine)
            how = f"{counted(rates, 'amount')} converted by dated rates" if rates else "none converted"
            rows.append(
                (what, currency, sum(c.value for c in mine), len({c.amount.owner for c in mine}), how)
            )
        for other in sorted({a.currency for a in cannot if a.what == what}):
            alone = [a for a in cannot if a.what == what and a.currency == other]
            rows.append(
                (what, other, sum(a.amount for a in alone), len({a.owner for a in alone}), "not converted")
            )
    return rows


def _rows(can: list[Converted], cannot: list[Amount], currency: str) -> DataTable:
    rows = [
        (c.amount.owner, c.amount.what, c.amount.amount, c.amount.currency, c.value,
         "" if c.rate is None else f"{c.rate.rate:.4f} of {c.rate.day.isoformat()}")
        for c in can
    ] + [(a.owner, a.what, a.amount, a.currency, None, "no dated rate") for a in cannot]  # fmt: skip
    return DataTable(
        name="amounts", caption=f"Amounts of each client, and in {currency}",
        columns=(
            Column(name="client", label="Client"), Column(name="what", label="What"),
            Column(name="amount", label="Amount", type="number", decimals=2),
            Column(name="currency", label="Currency"),
            Column(name="converted", label=f"In {currency}", type="number", decimals=2),
            Column(name="rate", label="Rate"),
        ),
        rows=tuple(sorted(rows, key=lambda row: (row[0], row[1], row[3]))), shown=60,
    )  # fmt: skip
