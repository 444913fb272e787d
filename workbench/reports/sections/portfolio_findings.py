"""Which severe findings do clients share, and which has one alone?"""

from __future__ import annotations

from workbench.reports import parts
from workbench.reports.declare import Content, section
from workbench.reports.portfolio import Portfolio
from workbench.reports.section import INTERNAL, AnyBlock, Column, DataTable, Prose
from workbench.wording import counted, listing


@section("portfolio findings", title="Severe findings across clients", order=40, audience=INTERNAL,
         reports=("portfolio",))  # fmt: skip
def portfolio_findings(subject: Portfolio, _parameters: object) -> Content:
    """Count severe findings by diagnostic, and write each of them out."""
    severe = [(m.client, f) for m in subject.members for f in m.findings if f["severity"] == "severe"]
    told = [{"client": c, "code": f["code"], "statement": f["statement"]} for c, f in severe]
    if not severe:
        return Content([Prose.of("No client has a severe finding.")], {"severe": []})
    by_code: dict[str, dict[str, None]] = {}
    for client, finding in severe:
        by_code.setdefault(str(finding["code"]), {})[client] = None
    order = sorted(parts.in_order(by_code), key=lambda code: -len(by_code[code]))
    shared = tuple(
        (code, parts.title_of(code), len(by_code[code]), listing(list(by_code[code]), 6)) for code in order
    )
    rows = tuple((c, str(f["code"]), f["statement"], f["remedy"]) for c, f in severe)
    blocks: list[AnyBlock] = [
        DataTable(
            name="shared", caption=f"{counted(len(severe), 'severe finding')} by diagnostic",
            columns=(
                Column(name="code", label="Code"), Column(name="title", label="What a healthy client shows"),
                Column(name="clients", label="Clients", type="count"), Column(name="who", label="Who"),
            ),
            rows=shared, shown=subject.asked.shown,
        ),
        DataTable(
            name="severe findings", caption="Severe findings, client by client",
            columns=(
                Column(name="client", label="Client"), Column(name="code", label="Code"),
                Column(name="statement", label="Found"), Column(name="remedy", label="To do"),
            ),
            rows=rows, shown=subject.asked.shown,
        ),
    ]  # fmt: skip
    return Content(blocks, {"severe": told})
