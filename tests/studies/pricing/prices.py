"""Small floors and findings whose prices can be worked out, for the tests and the back-test of pricing."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Evidence, Finding, RepairStep, Score, Severity
from workbench.intake.client import Client
from workbench.intake.dataset import PROBLEM_COLUMNS, Dataset, Provenance
from workbench.intake.period import Period
from workbench.metrics.proportion import wilson
from workbench.sim.scenario import Scenario

JUNE = Period(date(2024, 6, 1), date(2024, 6, 30))


def measured(
    measure: str, value: float, expected: float, *, n: int = 1000, unit: str = "fraction",
    interval: tuple[float, float] | None = None,
) -> Evidence:  # fmt: skip
    """Return evidence; a fraction without an interval gets Wilson's, n = 0: none at all."""
    if interval is None and unit == "fraction" and n:
        interval = wilson(round(value * n), n)
    low, high = interval or (None, None)
    return Evidence(measure, value, unit, expected, n, JUNE, "contacts", "M", low=low, high=high)


def found(
    code: str, evidence: Evidence, *, step: RepairStep = "process", severity: Severity = "severe",
    lever: str | None = None,
) -> Finding:  # fmt: skip
    """Return a finding on one piece of evidence."""
    return Finding(
        code, severity, f"{code}: {evidence.measure}", (evidence,), f"mend {code}", step=step, lever=lever
    )


def assessed(*findings: Finding, currency: str = "EUR", **tables: pd.DataFrame) -> Assessment:
    """Return an assessment that says just these findings."""
    dataset = Dataset(
        Client(id="story", name="A fictional client", currency=currency, fictional=True), JUNE, tables,
        pd.DataFrame(columns=list(PROBLEM_COLUMNS)), Provenance("story"),
    )  # fmt: skip
    return Assessment(dataset, {}, {}, Score("total", None, 0.0, 100.0, None), {}, findings, {})


def floor(
    per_hour: float = 6.0, agents: int = 2, escalated: float = 0.0, second: int = 8, **more: Any
) -> Scenario:
    """Return a week round the clock at one queue, with a desk for what is passed on if any is."""
    queue: dict[str, Any] = {
        "arrivals": {"per_hour": per_hour},
        "handle": {"talk": {"family": "gamma", "mean_s": 300, "shape": 4}},
        "patience": {"mean_s": 300},
    }
    data: dict[str, Any] = {
        "name": "story",
        "time": {"days": 7, "interval_s": 3600},
        "queues": {"calls": queue},
        "groups": {"desk": {"agents": agents, "skills": ["calls"]}},
        "money": {"pay_per_hour": 20.0, "currency": "EUR"},
    }
    if escalated:
        queue["follow_ups"] = {
            "up": {"after": "served", "kind": "escalation", "probability": escalated, "to": "second"}
        }
        data["queues"]["second"] = {"handle": {"talk": {"mean_s": 300}}}
        data["groups"]["second"] = {"agents": second, "skills": ["second"]}
    data.update(more)
    return Scenario.parse(data)


def roster(people: int, started_in_june: int = 0) -> pd.DataFrame:
    """Return a roster of agents of whom some started in June."""
    start = ["2024-06-10"] * started_in_june + ["2023-01-02"] * (people - started_in_june)
    return pd.DataFrame(
        {
            "agent_id": [f"A{i}" for i in range(people)],
            "role": "agent",
            "start_date": pd.to_datetime(start),
            "term_date": pd.Series([pd.NaT] * people, dtype="datetime64[us]"),
            "skill_tags": pd.Series([np.nan] * people, dtype="str"),
        }
    )
