"""What do the findings of each client cost a month, and of whom is it not known?"""

from __future__ import annotations

from workbench.reports.declare import Content, section
from workbench.reports.money import Amount, Converted, converted
from workbench.reports.portfolio import Cost, Member, Portfolio
from workbench.reports.section import INTERNAL, AnyBlock, Column, DataTable, Prose, strong
from workbench.wording import as_known, counted, listing, money


@section(
    "portfolio prices", title="What the findings cost", order=12, audience=INTERNAL, reports=("portfolio",)
)
def portfolio_prices(subject: Portfolio, _parameters: object) -> Content:
    """Order clients by what their findings cost a month; those of whom it is not known stand below, with the reason."""
    priced = [(m, cost) for m in subject.members if (cost := m.cost) is not None]
    without = [m for m in subject.members if m.cost is None]
    if not priced:
        told = [f"{m.client} ({m.no_cost})" for m in without]
        said = f"What findings cost a month is not known of {listing(told, 20)}. "
        how = "Reports carry prices with --param prices=true, or where the operating model assessment lies beside them."
        return Content([Prose.of(said, how)], {"prices": []})
    currency = subject.currency
    amounts = [Amount("a month", m.client, cost.value, cost.currency, m.period.end) for m, cost in priced]
    can, cannot = converted(amounts, [rate for m in subject.members for rate in m.rates], currency)
    value = {one.amount.owner: one for one in can}
    # what has no rate stands behind what can be compared, and the largest first in either
    ordered = sorted(priced, key=lambda p: (p[0].client not in value, -_in(value, p).value, p[0].client))
    rows = tuple(_row(m, cost, value.get(m.client)) for m, cost in ordered)
    blocks: list[AnyBlock] = [
        _said(can, currency, [a.currency for a in cannot]),
        _table(subject, rows),
    ]
    if without:
        told = [f"{m.client} ({m.no_cost})" for m in without]
        blocks.append(Prose.of(f"Not known, which is not 0: {listing(told, 20)}."))
    data = [
        {"client": m.client, "value": c.value, "low": c.low, "high": c.high, "currency": c.currency,
         "in": None if m.client not in value else {"currency": currency, "value": value[m.client].value},
         "priced": c.priced, "unpriced": c.unpriced, "lines": list(c.lines)}
        for m, c in ordered
    ]  # fmt: skip
    return Content(
        blocks, {"prices": data, "not_known": [{"client": m.client, "reason": m.no_cost} for m in without]}
    )


def _in(value: dict[str, Converted], one: tuple[Member, Cost]) -> Converted | Cost:
    return value.get(one[0].client, one[1])


def _said(can: list[Converted], currency: str, alone: list[str]) -> Prose:
    total = sum(one.value for one in can)
    words: list[str] = []
    if alone:
        words.append(
            f" No dated rate into {currency} came for {listing(sorted(set(alone)))}: these amounts are in no sum."
        )
    words.append(
        " The sum has no interval: how far the doubts of clients go together is not known. Each client's own period."
    )
    if not can:
        return Prose.of("What the findings cost can be added in no one currency.", *words[:-1])
    of = f" a month in {counted(len(can), 'client')}, as far as findings are priced."
    return Prose.of("The findings cost ", strong(f"{money(total)} {currency}"), of, *words)


def _row(member: Member, cost: Cost, there: Converted | None) -> tuple[object, ...]:
    return (
        member.client, None if there is None else as_known(there.value), as_known(cost.value), cost.currency,
        cost.between, cost.priced, cost.unpriced, cost.largest.partition(":")[0],
        member.period_text,
    )  # fmt: skip


def _table(subject: Portfolio, rows: tuple[tuple[object, ...], ...]) -> DataTable:
    lines = sorted({line for m in subject.members if m.cost for line in m.cost.lines})
    return DataTable(
        name="prices of clients", caption=f"What findings cost a month, the most first; {subject.span}",
        columns=(Column(name="client", label="Client"),
                 Column(name="converted", label=f"{subject.currency} a month", type="number", decimals=0),
                 Column(name="a month", label="In its own currency", type="number", decimals=0),
                 Column(name="currency", label="Currency"), Column(name="interval", label="90 % interval"),
                 Column(name="priced", label="Prices", type="count"),
                 Column(name="unpriced", label="Findings without", type="count"),
                 Column(name="largest", label="The largest is"), Column(name="period", label="Period")),
        rows=rows, shown=subject.asked.shown,
        note=f"Money lines: {listing(lines, 9)}. Findings without a price are not in it, so that a client of whom less "
             "can be priced looks cheaper than it is.",
    )  # fmt: skip
