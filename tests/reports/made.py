"""A small hand-made client and toy templates, so that every number in a report's test is known."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Evidence, Finding, Scale, Verdict
from workbench.diagnostics.scoring import combine, score
from workbench.intake.client import Client, SlaTerm
from workbench.intake.dataset import Dataset, Provenance
from workbench.intake.period import Period
from workbench.intake.source import problem_rows
from workbench.reports.declare import Finished
from workbench.reports.job import Failed, Job, Made
from workbench.reports.notebook import Review, review_of
from workbench.reports.parameters import check
from workbench.reports.render import render
from workbench.reports.report import Report

MADE = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
JUNE = Period(date(2024, 6, 3), date(2024, 6, 30))


def contacts() -> pd.DataFrame:
    """Ten contacts of 3 June: eight answered, six of them within 20 s; one abandoned late, one at once."""
    start = pd.Timestamp("2024-06-03 08:00", tz="UTC")
    waits = [0, 5, 10, 15, 20, 20, 30, 40, 60, 3]
    offered = [start + pd.Timedelta(minutes=i) for i in range(10)]
    ended = [at + pd.Timedelta(seconds=wait) for at, wait in zip(offered, waits, strict=True)]
    return pd.DataFrame(
        {
            "contact_id": [f"c{i}" for i in range(10)],
            "agent_id": ["agent-ada"] * 8 + [None, None],
            "direction": "inbound",
            "queue": ["sales"] * 10,
            "offered_ts": offered,
            "queue_ts": offered,
            "answer_ts": [*ended[:8], pd.NaT, pd.NaT],
            "abandon_ts": [*[pd.NaT] * 8, *ended[8:]],
            "talk_s": [100.0] * 8 + [float("nan")] * 2,
            "disposition": ["done"] * 8 + ["left"] * 2,
        },
        index=pd.RangeIndex(2, 12, name="row"),
    )


def dataset_of(client: Client | None = None, problems: pd.DataFrame | None = None) -> Dataset:
    """Return the client's data: contacts alone."""
    return Dataset(
        client=client
        or Client(
            id="harbour", name="Harbour Insurance", time_zone="Europe/Berlin", vendor="Northline",
            fictional=True, sla_terms=(SlaTerm(formula="V2", threshold_s=20, target=0.8),),
        ),
        period=JUNE,
        tables={"contacts": contacts()},
        problems=problem_rows() if problems is None else problems,
        provenance=Provenance("folder", {"contacts.csv": "ab" * 32}, {"contacts": 10}),
    )  # fmt: skip


def assessment_of(dataset: Dataset) -> Assessment:
    """Return an assessment with one severe finding, one note and one diagnostic without evidence."""
    held = Evidence(
        measure="meetings held", value=0.5, unit="fraction", expected=1.0, n=12, period=JUNE, table="gov_meeting",
        grade="M", rows=(4, 7), n_rows=2, low=0.25, high=0.75, scale=Scale(0.5, 1.0, 1.0, "METHOD GOV-2; ours"),
        score=0.0, score_low=0.0, score_high=50.0, formula="held / planned",
    )  # fmt: skip
    unknown = Evidence(
        measure="reported figures", value=None, unit="fraction", expected=None, n=0, period=None, table="sla_result",
        grade="A", reason="needs sla_result",
    )  # fmt: skip
    findings = (
        Finding(
            code="HC-2", severity="severe", statement="6 of 12 planned meetings were held (expected all), June 2024.",
            evidence=(held,), remedy="Hold the weekly review.", side="both", step="cadence",
            commitments="the contract promises a weekly review", margin="credits cost 2 % of the fee",
        ),
        Finding(
            code="EXP-6", severity="minor", statement="1 of 40 accounts is open.", evidence=(), remedy="Close it.",
            side="vendor", step="bypass",
        ),
    )  # fmt: skip
    verdicts = {"HC-2": Verdict((held,), findings[:1]), "HC-8": Verdict((unknown,))}
    scores = {code: score(code, verdict.evidence) for code, verdict in verdicts.items()}
    area = combine("partnership health", [(1.0, s) for s in scores.values()])
    return Assessment(
        dataset=dataset, scores=scores, areas={"partnership health": area}, total=combine("total", [(1.0, area)]),
        verdicts=verdicts, findings=findings,
        not_assessed={code: s.reason for code, s in scores.items() if s.value is None},
    )  # fmt: skip


def review(dataset: Dataset | None = None, **parameters: Any) -> Review:
    """Return the health review of the hand-made client."""
    asked = check("partnership_health_review", {"client": "somewhere", **parameters})
    return review_of(assessment_of(dataset or dataset_of()), asked, "partnership_health_review")


def executed(reviewed: Review) -> NotebookNode:
    """Return the notebook that papermill would have left."""
    shown = [reviewed, *reviewed.sections()]
    outputs = [new_output("display_data", data=thing._repr_mimebundle_()) for thing in shown]
    cells = [new_code_cell("review", id="all", outputs=json.loads(json.dumps(outputs)))]
    return new_notebook(cells=cells, metadata={"workbench": {"template": "partnership_health_review"}})


def finished(reviewed: Review | None = None, made: datetime | None = MADE) -> Finished:
    """Return the finished report of the hand-made client."""
    notebook = executed(reviewed or review())
    return Finished(Report.from_notebook(notebook), notebook, made)


def render_from(place: str, job: Job, scratch: Path) -> Made | Failed:
    """Make a report as a worker does that stands in `place`, and come back to it."""
    os.chdir(place)
    try:
        return render(job, scratch)
    finally:
        os.chdir(place)


def in_environment(added: Mapping[str, str]) -> None:
    """Begin a worker's process: in the environment that a run gives it."""
    os.environ.update(added)


def small_client(place: Path, name: str) -> str:
    """Write a folder with eighteen contacts of two days, and return where it is."""
    folder = place / "clients" / name
    folder.mkdir(parents=True)
    (folder / "client.yaml").write_text(f"format: 1\nid: {name}\nname: {name.title()}\n", encoding="utf-8")
    rows = [
        f"{d}-{i},2024-06-{d} 08:{i:02}:00,2024-06-{d} 08:{i:02}:09,60" for d in (10, 11) for i in range(9)
    ]
    (folder / "contacts.csv").write_text(
        "contact_id,offered_ts,answer_ts,talk_s\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    return str(folder)
