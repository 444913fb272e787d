"""What does a change do? Base and variants under the same random numbers, and the paired differences.

Replication r of the base and of every variant share their numbers contact by contact, so that what
they have in common cancels from the difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.errors import CallError, UnknownName
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.statistics.replications import Estimate, estimate, paired_differences
from workbench.studies.replicate import Results, replicate


@dataclass(frozen=True)
class Comparison:
    """Base and variants with the same replications.

    Attributes
    ----------
    baseline : results of the base.
    variants : results by name of the variant, in the order asked for.
    changes : what each variant changes.
    """

    baseline: Results
    variants: Mapping[str, Results]
    changes: Mapping[str, tuple[Change, ...]]

    def differences(self, measure: str, scope: str = "overall", variant: str = "") -> list[Estimate]:
        """Return variant minus base of a figure, for each thing of a scope; the first variant if unnamed.

        Raises
        ------
        UnknownName
            for a variant or a measure that does not exist.
        CallError
            if the variant has other queues or groups than the base, and the scope tells them apart.
        """
        name = variant or next(iter(self.variants))
        if name not in self.variants:
            raise UnknownName("variant", name, self.variants)
        base, other = self.baseline, self.variants[name]
        figure, things = base.figure(measure), base.names(scope)
        if things != other.names(scope):
            raise CallError(f"{name}: its {scope}s are not those of the base. Compare overall.")
        if scope not in figure.scopes:
            return [Estimate(None, None, None, base.n, base.confidence, figure.why_not)] * len(things)
        value, half, n = paired_differences(
            base.counted(measure, scope), other.counted(measure, scope), base.confidence
        )
        return [
            estimate(v, h, n, base.confidence, figure.nothing)
            for v, h in zip(value.tolist(), half.tolist(), strict=True)
        ]

    def table(self, scope: str = "overall") -> pd.DataFrame:
        """Return base, variant and difference of every figure: one row per variant, thing and measure."""
        rows = []
        for variant, results in self.variants.items():
            for measure, figure in self.baseline.figures.items():
                cells = zip(
                    self.baseline.names(scope),
                    self.baseline.estimates(measure, scope),
                    results.estimates(measure, scope),
                    self.differences(measure, scope, variant),
                    strict=True,
                )
                for thing, a, b, d in cells:
                    rows.append(
                        (variant, thing, measure, figure.unit, a.mean, b.mean, d.mean, d.low, d.high, d.n)
                    )
        columns = ["variant", scope, "measure", "unit", "base", "changed", "difference", "low", "high", "n"]
        numbers = ("base", "changed", "difference", "low", "high")
        return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, float))

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        return {
            "baseline": self.baseline.to_data(),
            "variants": {
                name: {
                    "changes": [{"path": c.path, "value": c.value, "why": c.why} for c in self.changes[name]],
                    **results.to_data(),
                    "differences": {
                        measure: {"mean": d.mean, "low": d.low, "high": d.high, "n": d.n}
                        for measure in self.baseline.figures
                        for d in self.differences(measure, "overall", name)
                    },
                }
                for name, results in self.variants.items()
            },
        }


def compare(
    base: Scenario,
    changes: Sequence[Change] | Mapping[str, Iterable[Change]],
    n: int = 20,
    seed: int = 1,
    *,
    engine: str = "fast",
    formulas: Sequence[str] = ("V2",),
    workers: int | None = None,
    cluster: str | None = None,
    confidence: float = 0.95,
) -> Comparison:
    """Simulate a base and what becomes of it, each `n` times under the same random numbers.

    Parameters
    ----------
    changes : changes that make one variant together, or several variants by name.

    Raises
    ------
    CallError
        if nothing is changed, or `n` is below 1.
    UnknownName, ScenarioError
        for a change that cannot be made, before anything runs.
    """
    variants = changes if isinstance(changes, Mapping) else {"changed": changes}
    made = {name: tuple(those) for name, those in variants.items()}
    if not made or not all(made.values()):
        raise CallError("Nothing is changed. Give at least one change, as groups.a.agents=12.")
    scenarios = {name: base.with_(*those) for name, those in made.items()}

    def results(scenario: Scenario) -> Results:
        return replicate(
            scenario, n, seed, engine=engine, formulas=formulas, workers=workers, cluster=cluster,
            confidence=confidence,
        )  # fmt: skip

    return Comparison(results(base), {name: results(s) for name, s in scenarios.items()}, made)
