"""How healthy is the partnership, item by item and side by side?"""

from __future__ import annotations

from workbench.catalogue import serves
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.reviews import totals_of_reviews
from workbench.diagnostics.wheel import ALLOWED, LIMIT, trend_of_reviews
from workbench.diagnostics.wheel import health_wheel as spokes_of
from workbench.reports.declare import Content, section
from workbench.reports.figures_of_health import wheel
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Column, DataTable, Prose, strong
from workbench.wording import listing


@section("health wheel", title="The health wheel", order=12)
@serves("FIG-9", "HC-11", kind="section")
def health_wheel(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show the eight items of the health check with both sides' answers, and the trend over past reviews."""
    spokes = spokes_of(assessment)
    if not any(s.value is not None or s.buyer is not None or s.vendor is not None for s in spokes):
        return Content(())
    answered = any(s.buyer is not None or s.vendor is not None for s in spokes)
    blocks: list[AnyBlock] = [
        wheel(
            "health wheel",
            [(f"{s.code} {s.title}", s.value, s.low, s.high, s.buyer, s.vendor) for s in spokes],
            "Score of each item (outline) between its worst and best (pale)"
            + ("; the buyer's answers are triangles, the vendor's circles" if answered else "")
            + f". {assessment.dataset.period}.",
            on_slide="Score of each item with its worst and best (thin line)"
            + (", and what the answers of buyer and vendor score" if answered else "")
            + f". {assessment.dataset.period}.",
        )
    ]
    wide = [s for s in spokes if s.gap is not None and abs(s.gap) >= 25]
    if wide:
        named = [
            f"{s.code} ({abs(s.gap or 0):.0f} points, the {'vendor' if (s.gap or 0) > 0 else 'buyer'} higher)"
            for s in wide
        ]
        said = ". Go through these together, with the evidence on the table."
        blocks.append(Prose.of("The sides see it differently: ", strong(listing(named, 8)), said))
    blocks += _trend(assessment)
    return Content(blocks, {"health_wheel": [vars(s) for s in spokes]})


def _trend(assessment: Assessment) -> list[AnyBlock]:
    past = totals_of_reviews(assessment)
    if not past:
        return []
    table = trend_of_reviews(past, assessment.total.value)
    falling = bool(table["signal"].fillna(False).any())
    rows = tuple(
        (str(row["period"]), _known(row["total"]), _known(row["fall"])) for _, row in table.iterrows()
    )
    summed = table["fall"].notna().any()
    said = "The score declines slowly: the cumulative sum of its falls passed its limit. " if falling else ""
    how = (
        f"Falls below the mean of the earlier reviews, less {ALLOWED:g} spreads each, add up; above {LIMIT:g} the "
        "decline is more than noise."
        if summed
        else "A slow decline would be signalled from four reviews on."
    )
    return [
        DataTable(
            name="trend of reviews",
            caption="The score over past reviews",
            columns=(Column(name="period", label="Period"),
                     Column(name="total", label="Score", type="number", decimals=0),
                     *([Column(name="fall", label="Falls, added up (in spreads)", type="number", decimals=1)]
                       if summed else [])),
            rows=rows if summed else tuple(row[:2] for row in rows),
            note=said + how,
        )
    ]  # fmt: skip


def _known(value: float) -> float | None:
    return None if value != value else float(value)
