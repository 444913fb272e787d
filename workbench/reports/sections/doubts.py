"""How sure are we of the score, and what moves it most?"""

from __future__ import annotations

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.doubt import doubts as doubts_of
from workbench.diagnostics.doubt import tornado
from workbench.reports import parts
from workbench.reports.declare import Content, section
from workbench.reports.figures_of_health import swings
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Column, DataTable, Prose
from workbench.wording import figure

MOST = 12


@section(
    "doubts", title="How sure the score is", order=78,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
def doubts(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show the three doubts apart, and what moves the total most."""
    if assessment.total.value is None:
        return Content(())
    found = doubts_of(assessment)
    names = (
        "value",
        "missing_low",
        "missing_high",
        "sampling_low",
        "sampling_high",
        "weights_low",
        "weights_high",
    )
    labels = ("Score", "Missing, worst", "Missing, best", "Sampling, low", "Sampling, high", "Weights, low",
              "Weights, high")  # fmt: skip
    rows = []
    for row in found.scopes.to_dict("records"):
        scope = "All areas" if row["scope"] == "total" else parts.area_title(str(row["scope"]))
        kept = row["band_kept"]
        rows.append((scope, *(_plain(row[name]) for name in names), _plain(kept)))
    moves = tornado(assessment, MOST)
    blocks: list[AnyBlock] = [
        Prose.of(
            "Three doubts are kept apart. Missing evidence: the score with every missing piece at its worst and "
            "at its best. Sampling: every measure at the worse and at the better end of its own interval. "
            f"Weights: 95 % of {found.draws:,} draws of other weights that are just as defensible, and how often "
            "the band stays the same."
        ),
        DataTable(
            name="three doubts", caption="The three doubts, for the total and each area",
            columns=(Column(name="scope", label="Area"),
                     *(Column(name=n, label=label, type="number", decimals=0)
                       for n, label in zip(names, labels, strict=True)),
                     Column(name="band_kept", label="Band stays", type="number", unit="fraction", decimals=0)),
            rows=tuple(rows),
        ),
    ]  # fmt: skip
    if found.order_kept is not None:
        blocks.append(
            Prose.of(
                f"The whole order of the areas stays in {figure(found.order_kept, 'fraction', 0)} of the draws."
            )
        )
    if len(moves):
        blocks.append(
            swings(
                "what moves the total most",
                [
                    (_named(row), float(row["at_low"]), float(row["at_high"]))
                    for row in moves.to_dict("records")
                ],
                assessment.total.value,
                "The total score with one thing changed at a time: a missing piece at 0 and at 100, a measure at both "
                f"ends of its interval, an area's weight halved and doubled. {assessment.dataset.period}.",
            )
        )
    return Content(
        blocks, {"doubts": [dict(zip(("scope", *names, "band_kept"), row, strict=True)) for row in rows]}
    )


def _named(row: dict[object, object]) -> str:
    what = str(row["what"]).replace(", halved and doubled", " × ½ to × 2")
    return f"missing: {what}" if row["kind"] == "missing" else what


def _plain(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value == value else None
