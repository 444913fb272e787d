"""Do quality scores measure agents, or evaluators and chance?"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.periods import rows_within
from workbench.diagnostics.quality import (
    CADENCE,
    MINUTES,
    RELIABLE,
    Ranking,
    evaluator_pairs,
    hours_of_cadence,
    ranking,
)
from workbench.diagnostics.supervision import POOR, supervision_need
from workbench.errors import CallError
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import INTERNAL, AnyBlock, Column, DataTable, Heading, Prose
from workbench.wording import figure, span

MOST_PAIRS, MOST_AGENTS = 10, 20


@section(
    "quality measured", title="What the quality scores can show", order=28,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
@serves("CX-2", "CX-3", "BOF-3", kind="section")
def quality_measured(assessment: Assessment, parameters: Parameters) -> Content:
    """Tell evaluators from agents, say what a score of a few evaluations is worth, and what they cost in hours."""
    blocks: list[AnyBlock] = []
    data: dict[str, object] = {}
    tables, client, period = assessment.dataset.tables, assessment.dataset.client, assessment.dataset.period
    evaluations, calibration, hris = (tables.get(n) for n in ("qa_eval", "calibration", "hris"))
    if evaluations is not None and len(evaluations):
        try:
            found = ranking(evaluations, client, period, seed=parameters.seed)
        except CallError as error:
            blocks.append(Prose.of(f"Agents are not ranked: {error}"))
        else:
            blocks += _ranked(found, f"{period}")
            data["evaluators"] = _told(found)
    agreement = assessment.verdicts["HC-3"].facts.get("agreement") if "HC-3" in assessment.verdicts else None
    if isinstance(agreement, pd.DataFrame) and len(agreement):
        blocks.append(_agreement(agreement, f"{period}"))
    if calibration is not None and len(calibration):
        pairs = evaluator_pairs(calibration, client, period)
        if len(pairs):
            blocks.append(_pairs(pairs.head(MOST_PAIRS), len(pairs), f"{period}"))
    contacts = tables.get("contacts")
    if evaluations is not None and contacts is not None:
        judged = rows_within(evaluations, "eval_ts", period, client)
        need = supervision_need(judged, contacts)
        if len(need):
            blocks.append(_supervision(need, f"{period}"))
            data["supervision"] = need.to_dict("records")
    if hris is not None and len(hris):
        blocks += _hours(hours_of_cadence(hris, client, period))
    return Content(blocks, {"quality_measured": data} if data else {})


def _told(found: Ranking) -> dict[str, object]:
    model = found.model
    return {
        "evaluations": model.n, "agents": len(model.agents), "agent_sd": model.agent_sd,
        "evaluator_sd": model.evaluator_sd, "rest_sd": model.rest_sd,
        "reliability": found.reliability(found.evaluations),
        "needed": model.evaluations_needed(RELIABLE), "standing_apart": found.standing_apart,
    }  # fmt: skip


def _ranked(found: Ranking, period: str) -> list[AnyBlock]:
    model, each = found.model, found.evaluations
    needed = model.evaluations_needed(RELIABLE)
    enough = (
        "agents do not differ measurably, and no number of evaluations ranks them"
        if needed is None
        else f"{needed:,} evaluations per agent are needed for {RELIABLE:.1f}"
    )
    blocks: list[AnyBlock] = [
        Prose.of(
            f"{model.n:,} evaluations of {len(model.agents):,} agents by {len(model.evaluators):,} evaluators, "
            f"{period}. Scores spread by {_points(model.agent_sd)} between agents, {_points(model.evaluator_sd)} "
            f"between evaluators, and {_points(model.rest_sd)} from contact to contact (standard deviations). The "
            f"{figure(each, '', 1)} evaluations that an agent had on average tell agents apart with a reliability "
            f"of {figure(found.reliability(each), '', 2)} (1 is perfect); {enough}. Once strict and lenient "
            f"evaluators are told apart, {found.standing_apart:,} of {len(model.agents):,} agents lie surely above "
            "or below the middle."
        ),
        DataTable(
            name="precision of a quality score", caption="What an agent's score is worth, by number of evaluations",
            columns=(Column(name="n", label="Evaluations", type="count"),
                     Column(name="error", label="Standard error", type="number", unit="points", decimals=1),
                     Column(name="reliability", label="Reliability", type="number", decimals=2)),
            rows=tuple((n, found.standard_error(n), found.reliability(n)) for n in (1, *CADENCE, 12, 24)),
            note="Restricted likelihood, agents and evaluators random and crossed; effects shrunk towards the mean.",
        ),
        DataTable(
            name="evaluators told apart", caption="How strict each evaluator is", audience=INTERNAL,
            columns=(Column(name="evaluator", label="Evaluator"), Column(name="n", label="Evaluations", type="count"),
                     Column(name="effect", label="Above the mean", type="number", unit="points", decimals=1),
                     Column(name="interval", label="95 % interval")),
            rows=tuple(
                (str(r["evaluator"]), int(r["n"]), float(r["effect"]),
                 span(float(r["low"]), float(r["high"]), "points", 1))
                for r in model.evaluators.sort_values("effect").to_dict("records")
            ),
            note="Below 0: stricter than the others on the same agents.",
        ),
        DataTable(
            name="agents without their evaluators", caption="Agents, with the evaluators' strictness removed",
            audience=INTERNAL, shown=MOST_AGENTS,
            columns=(Column(name="agent", label="Agent"), Column(name="n", label="Evaluations", type="count"),
                     Column(name="raw", label="Plain mean", type="number", unit="fraction", decimals=1),
                     Column(name="adjusted", label="Adjusted", type="number", unit="fraction", decimals=1),
                     Column(name="rank", label="Rank", type="count"), Column(name="ranks", label="95 % of ranks")),
            rows=tuple(
                (str(r["agent"]), int(r["n"]), float(r["raw"]), float(r["adjusted"]), int(r["rank"]),
                 f"{int(r['rank_low'])} to {int(r['rank_high'])}")
                for r in model.agents.to_dict("records")
            ),
            note="A rank without its interval pretends to know an order.",
        ),
    ]  # fmt: skip
    return blocks


def _points(share: float) -> str:
    return figure(share, "points", 1)


def _agreement(table: pd.DataFrame, period: str) -> DataTable:
    rows = [
        (str(r["statistic"]), r["value"], _interval(r), int(r["n"]), str(r["note"] or ""))
        for r in table.to_dict("records")
    ]
    return DataTable(
        name="agreement of evaluators", caption=f"Agreement in calibration, {period}",
        columns=(Column(name="statistic", label="Statistic"),
                 Column(name="value", label="Value", type="number", decimals=2),
                 Column(name="interval", label="95 % interval"), Column(name="n", label="Items", type="count"),
                 Column(name="note", label="Note")),
        rows=tuple(rows),
    )  # fmt: skip


def _interval(row: dict[Hashable, Any]) -> str:
    known = row["low"] is not None and row["low"] == row["low"]
    return span(row["low"], row["high"], "", 2) if known else ""


def _pairs(pairs: pd.DataFrame, n: int, period: str) -> DataTable:
    rows = tuple(
        (str(r["first"]), str(r["second"]), int(r["n"]), r["kappa"], _interval(r))
        for r in pairs.to_dict("records")
    )
    return DataTable(
        name="pairs of evaluators", caption=f"Who agrees least, {period}", audience=INTERNAL,
        columns=(Column(name="first", label="Evaluator"), Column(name="second", label="and"),
                 Column(name="n", label="Items", type="count"),
                 Column(name="kappa", label="Weighted kappa", type="number", decimals=2),
                 Column(name="interval", label="95 % interval")),
        rows=rows, note=f"Cohen's kappa with quadratic weights; the {len(rows)} lowest of {n:,} pairs.",
    )  # fmt: skip


def _supervision(need: pd.DataFrame, period: str) -> DataTable:
    rows = tuple(
        (str(r["channel"]), int(r["evaluations"]), float(r["poor"]), span(r["low"], r["high"], "fraction", 1))
        for r in need.to_dict("records")
    )
    return DataTable(
        name="supervision by channel", caption=f"How much supervision each kind of work needs, {period}",
        columns=(Column(name="channel", label="Channel"), Column(name="n", label="Evaluations", type="count"),
                 Column(name="poor", label="Poor", type="number", unit="fraction", decimals=1),
                 Column(name="interval", label="95 % interval")),
        rows=rows,
        note=f"Poor: below {figure(POOR, 'fraction', 0)} or failed on a critical item. That back-office work needs "
             "less supervision is claimed by one source and disputed by two (CX-3): its errors decide, not its name. "
             "Kinds of work without evaluations are not known.",
    )  # fmt: skip


def _hours(table: pd.DataFrame) -> list[AnyBlock]:
    rows = table.to_dict("records")
    if not rows:
        return []
    planned = rows[0]["planned"]
    said = [
        f"{int(r['per_month'])} evaluations per agent and month are {figure(r['evaluations_per_week'], '', 0)} a week "
        f"for {figure(r['agents'], '', 0)} agents: {figure(r['hours_low'], '', 0)} to "
        f"{figure(r['hours_high'], '', 0)} hours at {MINUTES[0]:g} to {MINUTES[1]:g} minutes each"
        for r in rows
    ]  # fmt: skip
    blocks: list[AnyBlock] = [
        Heading(text="Do the hours suffice?"),
        Prose.of(". ".join(said) + "."),
    ]
    if planned == planned:
        left = rows[0]["minutes_planned"]
        fits = "suffice" if left >= MINUTES[0] else "do not suffice"
        blocks.append(
            Prose.of(
                f"The {figure(planned, '', 1)} hours a week that are planned leave {figure(left, '', 1)} minutes for "
                f"each at {rows[0]['per_month']:g} per agent and month: they {fits}."
            )
        )
    else:
        blocks.append(
            Prose.of("How many hours are planned is not known (qa_hours_per_week in client.yaml says it).")
        )
    return blocks
