"""Are the four forums held, with the right roles, and do they decide?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Evidence, Score
from workbench.diagnostics.governance import FORUMS, both_cadences, decisions_of, held_as_planned, roles_there
from workbench.diagnostics.scoring import band_words
from workbench.reports.declare import Content, section
from workbench.reports.figures_of_health import heat
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Column, DataTable, Prose
from workbench.wording import counted, figure

LOOKED_AT = ("held as planned", "required roles there", "took a decision")


@section(
    "governance forums", title="Governance, forum by forum", order=16,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
@serves("FIG-4", "CX-4", kind="section")
def governance_forums(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show the four forums as a heat map, and how long a drift would go unnoticed."""
    meetings = assessment.dataset.tables.get("gov_meeting")
    if meetings is None:
        return Content(())
    period = assessment.dataset.period
    shares = []
    for forum in FORUMS:
        parts = (held_as_planned(meetings, forum, period)[0], roles_there(meetings, [forum], period),
                 decisions_of(meetings, forum, period))  # fmt: skip
        shares.append([part.value for part in parts])
    names = [f"{forum.name} ({forum.character})" for forum in FORUMS]
    blocks: list[AnyBlock] = [
        heat(
            "governance forums", names, LOOKED_AT, shares,
            f"Share of due meetings held as planned, of required roles present, of held meetings with a decision. "
            f"{len(meetings):,} meetings planned or held, {period}.",
        )
    ]  # fmt: skip
    cadences = both_cadences(meetings, assessment.dataset.tables.get("gov_action"), period)
    blocks.append(_both(cadences))
    blocks += _lag(assessment)
    data = {f.name: dict(zip(LOOKED_AT, row, strict=True)) for f, row in zip(FORUMS, shares, strict=True)}
    scores = {name: {"value": s.value, "low": s.low, "high": s.high} for name, s in cadences.items()}
    return Content(blocks, {"forums": data, "cadences": scores})


def _both(cadences: Mapping[str, Score]) -> DataTable:
    return DataTable(
        name="both cadences", caption="The cadence with the daily forum, and without it",
        columns=(Column(name="cadence", label="Cadence"),
                 Column(name="score", label="Score", type="number", decimals=0),
                 Column(name="low", label="At worst", type="number", decimals=0),
                 Column(name="high", label="At best", type="number", decimals=0),
                 Column(name="words", label="In words")),
        rows=tuple((name, s.value, s.low, s.high, band_words(s)) for name, s in cadences.items()),
        note="One source asks for four forums, another for three (CX-4). In the scores above the daily forum counts "
             "where one is planned. Mean of the forums: held as planned, with their roles, and what came of them.",
    )  # fmt: skip


def _lag(assessment: Assessment) -> list[AnyBlock]:
    verdict = assessment.verdicts.get("VMF-4")
    name = (
        next((fact for fact in verdict.facts if fact.startswith("weeks from drift")), "") if verdict else ""
    )
    table = verdict.facts.get(name) if verdict else None
    if not isinstance(table, pd.DataFrame) or table.empty or verdict is None:
        return []
    noticed = next((e for e in verdict.evidence if e.table == "contacts" and e.value is not None), None)
    decided = next((e for e in verdict.evidence if e.table == "breach" and e.value is not None), None)
    looks = [c for c in table.columns if c != "drift"]
    rows = tuple((float(row["drift"]), *(float(row[c]) for c in looks)) for _, row in table.iterrows())
    until = "the decision on it" if decided else "its notice; how long a decision takes is not known"
    return [
        Prose.of(_at_the_cadence_held(noticed, decided) + "By chart and forum, at one false alarm a year, the wait for "
                 f"the meeting{' and that for the decision' if decided else ''} included:"),
        DataTable(
            name="detection lag",
            caption=f"Weeks from a drift of the service level to {until}; "
                    f"{counted(noticed.n if noticed else 0, 'week')}, {assessment.dataset.period}",
            columns=(Column(name="drift", label="Drift", type="number", unit="points"),
                     *(Column(name=c, label=c, type="number", decimals=0) for c in looks)),
            rows=rows,
            note="Markov-chain run lengths on independent weekly values with this client's own weekly spread.",
        ),
    ]  # fmt: skip


def _at_the_cadence_held(noticed: Evidence | None, decided: Evidence | None) -> str:
    """Return after how long a drift of 5 points is noticed and decided on; one is not taken for the other."""
    if noticed is None or noticed.value is None:
        return ""
    said = f"At the cadence held, a drift of 5 points would be noticed after {figure(noticed.value, 'weeks')}"
    if decided is None or decided.value is None:
        return f"{said}. "
    total = noticed.value + decided.value
    return (
        f"{said} and, with {figure(decided.value, 'weeks')} from a breach to its decision (the median of "
        f"{counted(decided.n, 'breach')}), decided on after {figure(total, 'weeks')}. "
    )
