"""Where does a floor stand since an outcome fell: how far below the mean of the period on which its scenario rests?

A scenario is fitted on the whole period, before and after a fall. What the fall costs a month is what it costs since:
so the scenario is put where the floor stands now, and what comes of itself is less by as much as now comes again. The
load stays as it was recorded.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.finding import Evidence
from workbench.diagnostics.periods import in_period, weeks_of
from workbench.sim.arrivals import Queue
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.moves import thinned_by_queue, turn_by

TREND = 0.5
"""Of a steady rise over the period, the part that the period's mean holds; also where no date of a fall is known."""


@serves("SIM-3", kind="calculator")
def part_in_the_mean(basis: Basis, evidence: Evidence) -> float:
    """Return which part of a fall the mean of the period holds already: the share of contacts that came since.

    A fall that a check dated (FM-G4) holds since the week that it names; a steady rise is half in the mean.
    """
    verdict, contacts = basis.assessment.verdicts.get("FM-G4"), in_period(basis.dataset, "contacts")
    facts = None if verdict is None else verdict.facts.get("onset of decline")
    if contacts is None or not isinstance(facts, pd.DataFrame) or facts.empty:
        return TREND
    of_it = facts[("fall of " + facts["outcome"].astype("str")) == evidence.measure]
    if of_it.empty or of_it["onset"].isna().all():
        return TREND
    answered = contacts[contacts["answer_ts"].notna()]
    weeks = weeks_of(answered, "offered_ts", basis.dataset.client)
    known = ~np.isnat(weeks)
    onset = pd.Timestamp(of_it["onset"].iloc[0]).to_datetime64()
    return float((weeks[known] >= onset).mean()) if known.any() else TREND


def put_there(mean: float, now: float) -> Callable[[Scenario], tuple[Change, ...]]:
    """Return what puts resolution from the mean of the period to where it stands now, today's load kept."""

    def additions(scenario: Scenario) -> tuple[Change, ...]:
        if now == mean:
            return ()
        lower = turn_by("fcr", mean)(scenario, now)
        after = scenario.with_(*lower)
        share = {
            name: 1 - (1 - _brings(after.queues[name])) / (1 - _brings(queue))
            for name, queue in scenario.queues.items()
            if _brings(queue) < 1
        }
        why = "more of them are contacts that come again since the fall"
        return (*lower, *thinned_by_queue(scenario, share, why))

    return additions


def _brings(queue: Queue) -> float:
    """Return how many further contacts of the same matter a served one brings about."""
    again = sum(rule.probability for rule in queue.follow_ups.values() if rule.after == "unresolved")
    kinds = queue.complexity.values()
    whole = sum(kind.share for kind in kinds)
    mixed = sum(kind.share * kind.resolution_factor for kind in kinds) / whole if whole else 1.0
    return (1.0 - queue.resolution * mixed) * min(again, 1.0)
