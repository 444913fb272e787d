"""Which floor do the data describe? What was fitted, and what nobody recorded."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Column, DataTable, Prose
from workbench.reports.staffing import StaffingStudy
from workbench.reports.words import plainly
from workbench.wording import counted, span

NAMES = {
    "fcr": "solved at the first contact", "transfer_rate": "transferred", "escalation_rate": "escalated",
}  # fmt: skip
PARTS = {"talk": "Talk", "hold": "Hold", "acw": "After-contact work", "patience": "Patience"}


@section("staffing fit", title="What was fitted", order=50, reports=("staffing_what_if",))
def staffing_fit(study: StaffingStudy, _parameters: Parameters) -> Content:
    """Show the fitted lines, the figures behind them, and the list of what is assumed, each with its grade."""
    made = study.calibration
    if made is None:
        return Content([Prose.of(study.missing.get("calibration", "Nothing was fitted."))])
    blocks: list[AnyBlock] = []
    lines = made.tables.get("lines")
    if lines is not None and len(lines):
        blocks.append(
            DataTable(
                name="fitted times", caption=f"Times of each line, {made.period}",
                columns=(Column(name="line", label="Line"), Column(name="part", label="Part"),
                         Column(name="family", label="Family"),
                         Column(name="mean_s", label="Mean", type="number", unit="s", decimals=0),
                         Column(name="n", label="Contacts", type="count"), Column(name="reason", label="Note")),
                rows=tuple(
                    (r["line"], PARTS.get(str(r["part"]), r["part"]), r["family"], r["mean_s"], int(r["n"]),
                     r["reason"])
                    for r in lines.to_dict("records")
                ),
            )
        )  # fmt: skip
    figures = made.tables.get("figures")
    if figures is not None and len(figures):
        blocks.append(
            DataTable(
                name="fitted figures", caption=f"Figures of the log and of the fitted week, {made.period}",
                columns=(Column(name="figure", label="Figure"),
                         Column(name="value", label="Value", type="number", unit="fraction", decimals=1),
                         Column(name="interval", label="Interval"), Column(name="n", label="Sample"),
                         Column(name="what", label="How")),
                rows=tuple((_named(str(r["figure"])), r["value"], _interval(r["low"], r["high"]), _sample(r), r["what"])
                           for r in figures.to_dict("records")),
            )
        )  # fmt: skip
    blocks.append(
        DataTable(name="assumed in the fit", caption="What nobody recorded (M measured, D documentary, A assumed)",
                  columns=(Column(name="grade", label="Grade"), Column(name="what", label="What")),
                  rows=tuple((grade, plainly(what)) for what, grade in made.assumed))
    )  # fmt: skip
    blocks += [Prose.of(f"The record contradicts itself. {text}") for text in made.contradictions]
    if made.not_identifiable:
        blocks.append(Prose.of("Not to be told from these data: " + "; ".join(made.not_identifiable) + "."))
    return Content(blocks, {})


def _named(figure: str) -> str:
    """Return a figure in a reader's words."""
    return NAMES.get(figure) or figure.replace("service_level", "service level").replace(
        "abandon_rate", "abandonment"
    )


def _sample(row: Mapping[Hashable, Any]) -> str:
    n = int(row["n"])
    return counted(n, "replication") if str(row["figure"]).endswith("simulated") else f"{n:,}"


def _interval(low: float, high: float) -> str:
    return "" if low != low or high != high else span(low, high, "fraction", 1)
