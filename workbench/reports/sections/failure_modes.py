"""Which failure mode is the partnership drifting into, and whose part is it?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.modes import failure_modes as modes_of
from workbench.diagnostics.modes import prevention_plan, two_sided
from workbench.diagnostics.roots import UNASSIGNED, roots_of
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Column, DataTable, Prose, Run, strong
from workbench.wording import counted, figure


@section(
    "failure modes", title="Five failure modes, both sides", order=17,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
@serves("FIG-8", "FM-G5", kind="section")
def failure_modes(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show the five modes with both sides' causes, and the roots that all findings grow from."""
    modes = modes_of(assessment.scores, assessment.findings)
    roots = roots_of(assessment.findings)
    if modes["score"].isna().all():
        return Content(())
    answers = assessment.dataset.tables.get("survey")
    sides = two_sided(assessment.verdicts, assessment.findings, answers)
    names = ("mode", "score", "low", "high", "findings", "prevention")
    labels = ("Failure mode", "Score", "At worst", "At best", "Findings", "Prevention")
    parts = ("mode", "side", "cause", "score", "low", "high", "measured", "measured_by", "answers", "n_answers",
             "findings")  # fmt: skip
    rows, side_rows = _rows(modes, names), _rows(sides, parts)
    blocks: list[AnyBlock] = [
        DataTable(name="failure modes", caption="The five failure modes", rows=rows,
                  columns=_columns(names, labels, {"mode", "prevention"}),
                  note="Score: mean of the diagnostics that show the mode, 0 to 100, with its bounds."),
        DataTable(name="both sides", caption="Whose part it is",
                  rows=tuple(_part_row(r) for r in sides.to_dict("records")),
                  columns=_columns(("mode", "part", "score", "low", "high", "measured", "answered", "findings"),
                                   ("Failure mode", "Part", "Score", "At worst", "At best", "Measured", "Answered",
                                    "Findings"), {"mode", "part", "measured", "answered", "findings"}),
                  note="0 to 100; 100: the cause is absent. Score: what was measured of the cause together with what "
                       "both sides answered to the questions that ask for it (a fifth of the weight, all of it where "
                       "nothing measures the cause). Findings: on this side or on both."),
    ]  # fmt: skip
    plan = prevention_plan(assessment.scores)
    prevented = tuple(
        (str(r["prevention"]), _plain(r["score"]), ", ".join(r["known"]), ", ".join(r["lacking"]))
        for r in plan.to_dict("records")
    )
    blocks.append(
        DataTable(
            name="preventions", caption="The three preventions, and how far each is in place",
            columns=(Column(name="prevention", label="Prevention"),
                     Column(name="score", label="Score", type="number", decimals=0),
                     Column(name="known", label="Shown by"), Column(name="lacking", label="Not assessed")),
            rows=prevented,
            note="Mean score of what shows it, 0 to 100; empty: nothing assessed shows it, and the plan is to be made.",
        )
    )  # fmt: skip
    known = roots[roots["weight"] > 0]
    if len(known):
        blocks.append(Prose.of(*_said(known)))
        blocks.append(
            DataTable(
                name="roots", caption="Roots of the findings",
                columns=(Column(name="root", label="Root"), Column(name="findings", label="Findings", type="count"),
                         Column(name="share", label="Share of the weight", type="number", unit="fraction", decimals=0),
                         Column(name="codes", label="From")),
                rows=tuple((str(r["root"]), int(r["findings"]), float(r["share"]), ", ".join(r["codes"]))
                           for r in known.to_dict("records")),
                note="A severe finding weighs 4, a moderate 2, a minor 1. Which root a diagnostic's findings grow from "
                     "is read from the method, or is ours where the method does not say.",
            )
        )  # fmt: skip
    shares = {str(r["root"]): float(r["share"]) for r in roots.to_dict("records")}
    data = {
        "failure_modes": [dict(zip(names, r, strict=True)) for r in rows],
        "sides": [dict(zip(parts, r, strict=True)) for r in side_rows],
        "roots": shares,
        "preventions": {name: score for name, score, *_ in prevented},
    }
    return Content(blocks, data)


def _said(roots: pd.DataFrame) -> tuple[str | Run, ...]:
    """Return the sentence on the heaviest root: "most" from half upwards, else "largest"; what has none is named."""
    records = roots.to_dict("records")
    first = next((r for r in records if r["root"] != UNASSIGNED), None)
    without = next((float(r["share"]) for r in records if r["root"] == UNASSIGNED), 0.0)
    alone = (
        f"{figure(without, 'fraction', 0)} of the weight of all findings grows from none of the five roots"
    )
    if first is None:
        return (f"{alone}.",)
    share = float(first["share"])
    begins = "Most of what was found grows from one root: " if share > 0.5 else "The largest of the roots: "
    rest = f"; {alone}" if without else ""
    weight = figure(share, "fraction", 0)
    return begins, strong(str(first["root"])), f", {weight} of the weight of all findings{rest}."


def _part_row(part: dict[Hashable, Any]) -> tuple[str | float | int | None, ...]:
    """Return one side's part as a reader meets it: measured by which diagnostics, answered by how many."""
    measured = f"{part['measured']:.0f} ({', '.join(part['measured_by'])})" if part["measured_by"] else ""
    answered = f"{part['answers']:.0f} ({counted(part['n_answers'], 'answer')})" if part["n_answers"] else ""
    return (
        part["mode"],
        f"{part['side']}: {part['cause']}",
        *(_plain(part[name]) for name in ("score", "low", "high")),
        measured,
        answered,
        ", ".join(part["findings"]),
    )


def _columns(names: Sequence[str], labels: Sequence[str], texts: set[str]) -> tuple[Column, ...]:
    return tuple(
        Column(name=n, label=label) if n in texts else Column(name=n, label=label, type="number", decimals=0)
        for n, label in zip(names, labels, strict=True)
    )


def _rows(table: pd.DataFrame, names: Sequence[str]) -> tuple[tuple[str | float | int | None, ...], ...]:
    return tuple(tuple(_plain(row[n]) for n in names) for row in table.to_dict("records"))


def _plain(value: object) -> str | float | int | None:
    if isinstance(value, tuple):
        return ", ".join(value)
    if value is None or value != value:
        return None
    return value if isinstance(value, str) else float(value)  # type: ignore[arg-type]
