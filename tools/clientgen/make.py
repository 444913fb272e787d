"""How does a story become a client: tables, terms, answers and the truth behind them?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from tools.clientgen import (
    commerce,
    defects,
    documents,
    figures,
    floor,
    governance,
    logs,
    onboarding,
    people,
    quality,
    shifts,
    trouble,
)
from tools.clientgen.story import Story
from tools.clientgen.world import World

STEPS: tuple[Callable[[World], None], ...] = (
    people.people, people.hris, shifts.shifts, shifts.schedule, onboarding.training, onboarding.provisioning,
    floor.run, floor.contacts, logs.agent_state, logs.intervals, logs.forecast,
    quality.qa_eval, quality.calibration, quality.coaching, quality.ramp, quality.outcome,
    governance.meetings, governance.actions, figures.figures, figures.reports, trouble.escalations,
    commerce.timesheet, commerce.payroll, commerce.billing, commerce.cost_ledger, commerce.requests,
    documents.ownership, documents.processes, documents.contract, documents.controls,
    defects.plant,
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A finished client.

    Attributes
    ----------
    story, seed : what it was made from.
    client : what client.yaml says.
    tables : canonical tables; times in UTC, durations in seconds, shares as fractions.
    answers : what answers.yaml says from 1 to 5.
    owners : whom it names as owners.
    truth : planted parameters and what follows from them, by name.
    counts : what was planted, counted while planting.
    monthly : true figures of each month, counted on the floor before any defect was planted.
    """

    story: Story
    seed: int
    client: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    answers: list[dict[str, Any]]
    owners: list[dict[str, Any]]
    truth: dict[str, float]
    counts: dict[str, int]
    monthly: pd.DataFrame
    parts: dict[str, Any] = field(default_factory=dict, repr=False)


def make_client(story: Story, seed: int) -> Made:
    """Make the client of `story`: the same from the same seed, to the byte.

    Parameters
    ----------
    story : what is true, with the size of every fault.
    seed : of all dice. A fault's size does not change the dice of other faults.
    Raises ValueError for a period under two weeks, in which no forum would meet.
    """
    if story.days < 14:
        raise ValueError(f"The story of {story.id} lasts {story.days} days; give it at least 14.")
    world = World(story, seed)
    for step in STEPS:
        step(world)
    tables = {name: table for name, table in sorted(world.tables.items()) if len(table)}
    if story.only_tables:
        tables = {name: table for name, table in tables.items() if name in story.only_tables}
    return Made(
        story=story,
        seed=seed,
        client=terms(story),
        tables=tables,
        answers=documents.answers(world),
        owners=documents.named_owners(world),
        truth=world.truth,
        counts=world.counts,
        monthly=world.parts["monthly"],
        parts=world.parts,
    )


def terms(story: Story) -> dict[str, Any]:
    """Return what client.yaml says of the client."""
    return {
        "format": 1,
        "id": story.id,
        "name": story.name,
        "time_zone": story.time_zone,
        "currency": story.currency,
        "vendor": story.vendor,
        "sector": story.sector,
        "phase": story.phase,
        "contract_start": f"{story.contract_start:%Y-%m-%d}",
        "contract": {"complexity_mix": _contract_mix(story)},
        "sla_terms": [
            {"metric": "service_level", "formula": "V2", "threshold_s": story.threshold_s,
             "short_abandon_s": 5.0, "target": story.target, "window": "month"}
        ],
        "fictional": True,
    }  # fmt: skip


def _contract_mix(story: Story) -> dict[str, float]:
    """Return the mix of complexity that the contract assumes."""
    mix = story.contract_mix or story.queues[0].mix
    return dict(zip(("simple", "standard", "complex"), mix, strict=True))
