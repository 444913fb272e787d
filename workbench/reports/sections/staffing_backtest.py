"""Does the model reproduce this floor? Predicted beside actual, and the textbook beside both."""

from __future__ import annotations

import math

from workbench.metrics.service_level import FORMULAS
from workbench.reports.declare import Content, section
from workbench.reports.figures_of_staffing import predicted_beside_actual
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Column, DataTable, Detail, Prose
from workbench.reports.staffing import StaffingStudy
from workbench.reports.words import plainly
from workbench.wording import counted, figure, span

WORDS = {
    "service_level": "Service level, all offered (V2)",
    **{f"service_level_{v}": f"Service level, {FORMULAS[v].title} ({v})" for v in ("V1", "V3", "V4", "V5")},
    "abandon_rate": "Abandoned", "mean_wait_answered_s": "Wait of the answered", "mean_wait_s": "Wait of everybody",
    "occupancy": "Occupancy",
}  # fmt: skip


@section("staffing backtest", title="Predicted beside actual", order=20, reports=("staffing_what_if",))
def staffing_backtest(study: StaffingStudy, _parameters: Parameters) -> Content:
    """Show days that the model had not seen: predicted, what happened, Erlang C and A."""
    found = study.backtested
    if found is None:
        return Content([Prose.of(study.missing.get("backtest", "Nothing was predicted."))])
    zone = found.dataset.client.time_zone
    rows = []
    for name, total in found.scores.total.items():
        if name not in WORDS or (name == "service_level_V2"):
            continue
        formulas = [
            None if e is None else _written(name, e.total[name]["predicted"])
            for e in (found.erlang_a, found.erlang_c)
        ]
        between = "" if math.isnan(total["low"]) else span(total["low"], total["high"], _unit(name), 1)
        both = [_written(name, total[which]) for which in ("actual", "predicted")]
        rows.append((WORDS[name], *both, between, *formulas))
    sample = f"{found.test_period}, {counted(found.n, 'replication')}"
    blocks: list[AnyBlock] = [
        Prose.of(
            f"Fitted on {found.fit_period} and held against {found.test_period}, of which it knew who was there and "
            f"when contacts came, and nothing else. {counted(found.n, 'replication')}, seed {found.seed}."
        ),
        predicted_beside_actual(
            "predicted beside actual", found.scores, zone,
            f"Service level within the threshold, all offered. {sample}.",
        ),
        DataTable(
            name="predicted and actual", caption=f"In total; {sample}",
            columns=(Column(name="measure", label="Measure"), Column(name="actual", label="Happened"),
                     Column(name="predicted", label="Predicted"), Column(name="interval", label="90 % interval"),
                     Column(name="erlang_a", label="Erlang A"), Column(name="erlang_c", label="Erlang C")),
            rows=tuple(rows),
        ),
    ]  # fmt: skip
    if not found.errors.empty:
        blocks.append(
            DataTable(
                name="error taken apart",
                caption=f"Where the error of the total comes from, predicted less actual; {sample}",
                columns=tuple(
                    Column(name=str(c), label=str(c).replace("_", " ").capitalize(),
                           **({} if found.errors[c].dtype == object or found.errors[c].dtype == "str"
                              else {"type": "number", "unit": "points", "decimals": 1}))
                    for c in found.errors.columns
                ),
                rows=tuple(tuple(row) for row in found.errors.itertuples(index=False)),
            )
        )  # fmt: skip
    blocks.append(
        Detail(summary="What is assumed, and how it is known",
               blocks=(DataTable(name="assumed", caption="Assumed or inferred (M measured, D documentary, A assumed)",
                                 columns=(Column(name="grade", label="Grade"), Column(name="what", label="What")),
                                 rows=tuple((grade, plainly(what)) for what, grade in found.assumed)),))
    )  # fmt: skip
    return Content(blocks, {"backtest": found.to_data()["total"], "coverage_90": found.scores.coverage_90})


def _unit(name: str) -> str:
    return "s" if name.endswith("_s") else "fraction"


def _written(name: str, value: float) -> str | None:
    return None if math.isnan(value) else figure(value, _unit(name), 1)
