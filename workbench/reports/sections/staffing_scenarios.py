"""What if something changes? Each question with its difference, in a planner's words, beside Erlang."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.metrics.service_level import FORMULAS
from workbench.reports.declare import Content, section
from workbench.reports.figures_of_what_if import tornado_figure
from workbench.reports.parameters import Parameters
from workbench.reports.section import (
    AUDIENCES,
    INTERNAL,
    AnyBlock,
    Audience,
    Bullets,
    Column,
    DataTable,
    Prose,
)
from workbench.reports.staffing import StaffingStudy
from workbench.studies import show_what_if
from workbench.studies.show import number, signed
from workbench.studies.what_if import WhatIf
from workbench.wording import THIN, counted, minus

SHOWN = {
    "service_level": "Service level",
    "abandon_rate": "Abandoned",
    "mean_wait_s": "Mean wait",
    "occupancy": "Occupancy",
}
OURS = {"people": "People", "paid_hours": "Paid hours", "cost": "Cost", "penalty": "Expected credits"}
"""What it costs is the account team's matter alone."""


@section("staffing scenarios", title="What if something changes?", order=30, reports=("staffing_what_if",))
def staffing_scenarios(study: StaffingStudy, parameters: Parameters) -> Content:
    """Show paired differences to the fitted week, and what moves service most."""
    asked = study.asked
    if asked is None:
        return Content([Prose.of(study.missing.get("scenarios", "Nothing was asked."))])
    week = f"{study.dataset.client.name}, mean week of {study.dataset.period}"
    sample = f"{counted(asked.base.n, 'pair')}, seed {asked.base.seed}; {week}"
    blocks: list[AnyBlock] = [
        Prose.of(
            f"The fitted week, with and without each change, under the same random numbers: "
            f"{counted(asked.base.n, 'pair')}, seed {asked.base.seed}. The service level is "
            f"{FORMULAS[asked.base.formulas[0]].words}."
        ),
        Bullets.of([[asked.words(name)] for name in asked.variants]),
        _differences(asked, "what-ifs", f"Service: differences to the fitted week, {sample}", SHOWN),
        _differences(
            asked,
            "what-ifs in money",
            f"People and money: differences to the fitted week, {sample}",
            OURS,
            INTERNAL,
        ),
    ]
    blocks += [
        Prose.of(line).model_copy(update={"audience": INTERNAL})
        for line in show_what_if.not_comparable(asked)
    ]
    if study.moves is not None and study.moves.bars:
        how = f"{counted(study.moves.base.n, 'pair')}, seed {study.moves.base.seed}"
        blocks.append(
            tornado_figure(
                "what moves service most", study.moves, f"What moves the service level most. {week}, {how}."
            )
        )
    data = {
        name: {"words": asked.words(name), "service_level": _plain(asked, name)} for name in asked.variants
    }
    return Content(blocks, {"what_if": data})


def _differences(
    asked: WhatIf,
    name: str,
    caption: str,
    shown: Mapping[str, str],
    audience: tuple[Audience, ...] = AUDIENCES,
) -> DataTable:
    table = asked.table()
    rows = []
    for variant in asked.variants:
        own = table[(table["variant"] == variant) & table["measure"].isin(shown) & table["base"].notna()]
        for row in own.to_dict("records"):
            unit, known = str(row["unit"]), row["difference"] == row["difference"]
            rows.append(
                (variant, shown[str(row["measure"])], _written(row["base"], unit),
                 _written(row["changed"], unit) if known else "not known",
                 _change(row["difference"], unit) if known else "", _between(row["low"], row["high"], unit))
            )  # fmt: skip
    return DataTable(
        name=name, caption=caption, audience=audience,
        columns=(Column(name="variant", label="What if"), Column(name="measure", label="Measure"),
                 Column(name="base", label="Now"), Column(name="changed", label="Then"),
                 Column(name="difference", label="Change"), Column(name="interval", label="95 % interval")),
        rows=tuple(rows),
    )  # fmt: skip


def _plain(asked: WhatIf, name: str) -> dict[str, float | None]:
    d = asked.difference("service_level", name)
    return {"mean": d.mean, "low": d.low, "high": d.high}


def _between(low: float, high: float, unit: str) -> str:
    if low != low or high != high:
        return ""
    return f"{_change(low, unit, False)} to {_change(high, unit)}"


def _written(value: float, unit: str) -> str:
    """Return a figure with its unit."""
    text = minus(number(value, unit))
    return text if unit in ("fraction", "count", "people") or text == "—" else f"{text}{THIN}{unit}"


def _change(value: float, unit: str, with_unit: bool = True) -> str:
    """Return a difference with its sign and unit; of fractions in points."""
    said = "points" if unit == "fraction" else "" if unit in ("count", "people") else unit
    return f"{minus(signed(value, unit))}{THIN if with_unit and said else ''}{said if with_unit else ''}"
