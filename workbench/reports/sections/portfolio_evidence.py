"""What is missing of which client, and by how much would it narrow the score?"""

from __future__ import annotations

from workbench.reports.declare import Content, section
from workbench.reports.portfolio import Portfolio
from workbench.reports.section import INTERNAL, AnyBlock, Column, DataTable, Prose
from workbench.wording import counted, listing

MOST = 3
LEAST = 0.5
"""What would narrow a score by less is not worth asking for here. [points of 100]"""


@section("portfolio evidence", title="Where evidence is missing", order=30, audience=INTERNAL,
         reports=("portfolio",))  # fmt: skip
def portfolio_evidence(subject: Portfolio, _parameters: object) -> Content:
    """Say of each client what to ask for, and what many clients lack."""
    wide = [(m, m.scored()) for m in subject.members]
    wide.sort(key=lambda item: (item[1].low - item[1].high, item[0].client))
    lacking = {m.client: [(t, p) for t, p in m.narrowing if p >= LEAST] for m, _ in wide}
    asked = [(m, s) for m, s in wide if lacking[m.client]]
    data = {
        "narrowing": [
            {
                "client": m.client,
                "low": s.low,
                "high": s.high,
                "tables": [{"table": t, "points": p} for t, p in m.narrowing],
            }
            for m, s in wide
        ]
    }
    if not asked:
        none = "Nothing that could be asked for would narrow any client's score by half a point or more."
        return Content([Prose.of(none)], data)
    rows = tuple(
        (m.client, s.high - s.low, *(_nth(lacking[m.client], place) for place in range(MOST)))
        for m, s in asked
    )
    blocks: list[AnyBlock] = [
        DataTable(
            name="ask for", caption="What to ask each client for, the least known first",
            columns=(
                Column(name="client", label="Client"),
                Column(name="width", label="Bounds apart", type="number", decimals=0),
                *(Column(name=f"table {n}", label=label) for n, label in enumerate(("First", "Then", "After that"), 1)),
            ),
            rows=rows, shown=2 * subject.asked.shown,
            note="In brackets the points of 100 of the bounds that it leaves open; a diagnostic that waits for "
                 "two tables counts for each of them.",
        ),
        _by_table(lacking, subject.asked.shown),
    ]  # fmt: skip
    return Content(blocks, data)


def _nth(tables: list[tuple[str, float]], place: int) -> str:
    return f"{tables[place][0]} ({tables[place][1]:.1f})" if place < len(tables) else ""


def _by_table(lacking: dict[str, list[tuple[str, float]]], shown: int) -> DataTable:
    clients: dict[str, list[tuple[float, str]]] = {}
    for client, tables in lacking.items():
        for table, points in tables:
            clients.setdefault(table, []).append((points, client))
    order = sorted(clients.items(), key=lambda item: (-sum(p for p, _ in item[1]), item[0]))
    rows = tuple(
        (table, len(who), sum(points for points, _ in who),
         listing([client for _, client in sorted(who, key=lambda w: (-w[0], w[1]))], 4))
        for table, who in order
    )  # fmt: skip
    return DataTable(
        name="tables lacking", caption=f"{counted(len(rows), 'thing')} that clients lack",
        columns=(
            Column(name="table", label="What is missing"), Column(name="clients", label="Clients", type="count"),
            Column(name="points", label="Points, all clients", type="number", decimals=1),
            Column(name="who", label="Who gains most"),
        ),
        rows=rows, shown=shown,
    )  # fmt: skip
