"""What quality scores can show: evaluators told from agents, precision, pairs, and hours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.reports.test_health_sections import assessed, built, table
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.quality import evaluator_pairs, ranking
from workbench.errors import CallError
from workbench.reports.declare import SECTIONS
from workbench.reports.parameters import Parameters
from workbench.reports.section import Prose, Section

STRICTNESS = {"E1": -0.10, "E2": 0.0, "E3": 0.10}


def evaluations(per_agent: int = 9) -> list[dict[str, object]]:
    """30 agents who differ by 4 points (1 sd), evaluators who differ by 10, and 4 points of chance."""
    draw = np.random.default_rng(7)
    rows = []
    for agent in range(30):
        own = 0.8 + 0.04 * draw.standard_normal()
        for i in range(per_agent):
            name = f"E{1 + i % 3}"
            score = own + STRICTNESS[name] + 0.04 * draw.standard_normal()
            rows.append(
                {"eval_id": f"{agent}-{i}", "agent_id": f"A{agent}", "evaluator_id": name,
                 "score": round(min(max(score, 0.0), 1.0), 4), "eval_ts": f"2024-06-{1 + i:02d} 10:00"}
            )  # fmt: skip
    return rows


def people(n: int) -> list[dict[str, object]]:
    return [{"agent_id": f"A{i}", "role": "agent", "start_date": "2023-01-01"} for i in range(n)]


def words(section: Section) -> str:
    return " ".join(run.text for b in section.blocks if isinstance(b, Prose) for run in b.runs)


@pytest.fixture
def measured() -> Assessment:
    return assessed(["HC-3"], qa_eval=evaluations())


@pytest.mark.method("BOF-3")
def test_strict_evaluators_are_told_from_weak_agents(measured: Assessment) -> None:
    """The spread of each part is found again, and the precision of a score at 1, 4 and 6 evaluations follows."""
    found = ranking(measured.dataset.tables["qa_eval"], measured.dataset.client, measured.dataset.period)
    section = built("quality measured", measured)

    assert found.model.evaluators.set_index("evaluator")["effect"].to_dict() == pytest.approx(
        STRICTNESS, abs=0.03
    )
    assert found.model.rest_sd == pytest.approx(0.04, abs=0.006)
    precision = table(section, "precision of a quality score").rows
    noise = (found.model.rest_sd**2 + found.model.evaluator_sd**2) ** 0.5
    assert [(1, 4, 6)] == [tuple(row[0] for row in precision[:3])]
    assert [noise, noise / 2, noise / 6**0.5] == pytest.approx([row[1] for row in precision[:3]])


@pytest.mark.method("CX-2")
def test_hours_planned_are_held_against_the_cadence(measured: Assessment) -> None:
    """100 agents, four evaluations a month in 8 hours a week: 5.2 minutes each, which does not suffice."""
    one = assessed(["HC-3"], hris=people(100))
    planned = one.dataset.client.model_copy(update={"qa_hours_per_week": 8.0})
    asked = replace(one, dataset=replace(one.dataset, client=planned))

    said = words(built("quality measured", asked))

    assert "leave 5.2 minutes" in said.replace("\u202f", " ")
    assert "do not suffice" in said
    assert "qa_hours_per_week" in words(built("quality measured", one))


def test_names_of_evaluators_and_agents_stay_with_the_account_team(measured: Assessment) -> None:
    """A client's copy shows precision and no person."""
    section = SECTIONS.get("quality measured").build(
        measured, Parameters(client="somewhere", audience="client")
    )

    assert section is not None
    assert {"precision of a quality score"} == {b.name for b in section.walk() if b.block == "table"}
    assert "E1" not in section.model_dump_json()
    assert '"A1"' not in section.model_dump_json()


def test_one_evaluator_cannot_be_told_from_the_agents() -> None:
    """Said in words, where a ranking would stand."""
    alone = [row for row in evaluations() if row["evaluator_id"] == "E1"]
    one = assessed(["HC-3"], qa_eval=alone)

    with pytest.raises(CallError, match="two or more"):
        ranking(one.dataset.tables["qa_eval"], one.dataset.client, one.dataset.period)
    assert "not ranked" in words(built("quality measured", one))


def test_the_pair_that_agrees_least_stands_first() -> None:
    """E1 and E2 score alike on 12 items; E3 scores at random of them: kappa near 1, and lower."""
    draw = np.random.default_rng(3)
    true = draw.integers(0, 3, 12) / 2
    rows = [
        {"session_id": "S1", "date": "2024-06-05", "contact_id": f"C{i}", "evaluator_id": name,
         "item": "total", "score": float(value)}
        for i, t in enumerate(true)
        for name, value in (("E1", t), ("E2", t), ("E3", draw.integers(0, 3) / 2))
    ]  # fmt: skip
    one = assessed(["HC-3"], calibration=rows)

    pairs = evaluator_pairs(one.dataset.tables["calibration"], one.dataset.client, one.dataset.period)

    assert ("E1", "E2") == tuple(pairs.iloc[-1][["first", "second"]])
    assert pairs.iloc[-1]["kappa"] == pytest.approx(1.0)
    assert pairs.iloc[0]["kappa"] < 0.6


@pytest.mark.method("CX-3")
def test_supervision_follows_the_errors_of_a_channel_not_its_name() -> None:
    """Two of four back-office evaluations are poor, none of four on the phone; the worse stands first."""
    channels = ["voice"] * 4 + ["backoffice"] * 4
    asked = assessed(
        ["HC-3"],
        contacts=[{"contact_id": f"c{i}", "channel": channel, "offered_ts": "2024-06-03 09:00"}
                  for i, channel in enumerate(channels)],
        qa_eval=[{"eval_id": f"e{i}", "contact_id": f"c{i}", "agent_id": "A1", "evaluator_id": "Q1", "item": "all",
                  "weight": 1, "score": 0.5 if i >= 6 else 0.9, "eval_ts": "2024-06-05 10:00"} for i in range(8)],
    )  # fmt: skip
    rows = table(built("quality measured", asked), "supervision by channel").rows

    assert [("backoffice", 4, 0.5), ("voice", 4, 0.0)] == [row[:3] for row in rows]
