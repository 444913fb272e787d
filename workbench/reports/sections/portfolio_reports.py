"""Where is each client's report, is it released, and does it still stand?"""

from __future__ import annotations

from workbench.reports.declare import Content, section
from workbench.reports.portfolio import Portfolio
from workbench.reports.section import INTERNAL, AnyBlock, Column, DataTable, Prose
from workbench.reports.words import audience_words
from workbench.wording import counted


@section("portfolio reports", title="The reports", order=60, audience=INTERNAL, reports=("portfolio",))
def portfolio_reports(subject: Portfolio, _parameters: object) -> Content:
    """List every client with a link to its report, its status, and whether it failed or is stale."""
    members = {m.standing.directory: m for m in subject.members}
    rows = []
    for one in subject.batch.standing:
        member = members.get(one.directory)
        stands = (
            one.failed or one.stale or ("stands" if one.checked else "not checked: its folder is elsewhere")
        )
        rows.append(
            (
                member.client if member else one.client,
                member.period_text if member else "",
                member.status if member else "no report",
                audience_words(member.audience) if member else "",  # type: ignore[arg-type]
                stands,
                member.link if member else None,
            )
        )
    rows.sort(key=lambda row: (row[4] == "stands", str(row[0])))
    wrong = sum(bool(one.failed or one.stale) for one in subject.batch.standing)
    said = "Every report that could be checked stands."
    if wrong:
        said = f"{counted(wrong, 'client')} without a report that stands."
    blocks: list[AnyBlock] = [
        Prose.of(said),
        DataTable(
            name="reports", caption="Reports of all clients, those that failed or are stale first",
            columns=(
                Column(name="client", label="Client"), Column(name="period", label="Period"),
                Column(name="status", label="Status"), Column(name="audience", label="Written for"),
                Column(name="stands", label="Stands"), Column(name="report", label="Report", type="file"),
            ),
            rows=tuple(rows), shown=max(60, 2 * subject.asked.shown),
            note="Links are relative: the directory may be moved as a whole.",
        ),
    ]  # fmt: skip
    names = ("client", "period", "status", "written_for", "stands", "report")
    return Content(blocks, {"reports": [dict(zip(names, row, strict=True)) for row in rows]})
