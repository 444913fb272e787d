"""Small stories for the tests of diagnostics: tables as a client hands them over, findings and scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.casefile import frame
from workbench.diagnostics.finding import Finding, RepairStep, Score, Severity, Side
from workbench.intake.client import Client
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.intake.source import Raw
from workbench.intake.validate import validate

CLIENT = Client(id="story", name="A fictional client", fictional=True)


def handed(
    client: Client = CLIENT, period: str = "2024-06", **tables: Sequence[Mapping[str, Any]]
) -> Dataset:
    """Return rows, written as in tests/cases, after the validation that every client's tables pass."""
    frames = {name: frame(name, rows) for name, rows in tables.items()}
    return validate(Raw(source="story", client=client, tables=frames), Period.parse(period))


def finding(
    code: str,
    severity: Severity = "severe",
    step: RepairStep = "process",
    remedy: str = "",
    side: Side = "both",
) -> Finding:
    """Return a finding that says its code."""
    return Finding(code, severity, code, (), remedy or f"mend {code}", side=side, step=step)


def score_of(code: str, value: float | None, low: float | None = None, high: float | None = None) -> Score:
    """Return a score; without a value and bounds it may be anything."""
    if value is None:
        return Score(code, None, low or 0.0, 100.0 if high is None else high, None, "not assessed")
    return Score(code, value, value if low is None else low, value if high is None else high, "M")


def scores_of(**values: float | None) -> dict[str, Score]:
    """Return scores by code, an underscore standing for the dash: EXIT_1=30."""
    codes = {name.replace("_", "-"): value for name, value in values.items()}
    return {code: score_of(code, value) for code, value in codes.items()}
