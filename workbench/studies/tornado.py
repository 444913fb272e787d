"""Which lever matters most? Each alone to both ends of its swing, and all at once (Morris).

A tornado turns one lever at a time, with paired differences to the base. Morris' elementary effects
(Morris 1991; Campolongo, Cariboni and Saltelli 2007; computed by SALib) turn them all: mu* is the mean size
of a lever's effect over many settings of the others, sigma how much that effect depends on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import CallError
from workbench.sim.scenario import Scenario
from workbench.statistics.replications import Estimate
from workbench.studies.heads import difference
from workbench.studies.lever import LEVERS, NETS, UNPAID, Lever, applicable, paid_away
from workbench.studies.replicate import Results, replicate
from workbench.studies.targets import formulas_of
from workbench.studies.versions import versions_of

OF = ("service_level", "abandon_rate", "occupancy", "cost", "penalty")
"""The figures of which a tornado keeps the differences."""


@dataclass(frozen=True)
class Swing:
    """One lever at one end of its swing.

    Attributes
    ----------
    differences : to the base, by measure.
    """

    value: float
    words: str
    differences: Mapping[str, Estimate]


@dataclass(frozen=True)
class Bar:
    """One lever: today, and down and up (None where it cannot go there)."""

    lever: Lever
    today: float
    down: Swing | None
    up: Swing | None

    def reach(self, measure: str) -> float:
        """Return the size of the greater of its two effects."""
        means = [abs(s.differences[measure].mean or 0.0) for s in (self.down, self.up) if s is not None]
        return max(means, default=0.0)


@dataclass(frozen=True)
class Tornado:
    """The levers of a scenario by their effect on a figure.

    Attributes
    ----------
    bars : the greatest first.
    left_out : by lever, why the scenario has nothing for it.
    """

    base: Results
    measure: str
    bars: tuple[Bar, ...]
    left_out: Mapping[str, str]

    @property
    def not_known(self) -> dict[str, str]:
        """By lever, why its effect on the measure is not known."""
        ends = [(bar.lever.name, swing) for bar in self.bars for swing in (bar.down, bar.up)]
        told = {name: swing.differences[self.measure] for name, swing in ends if swing is not None}
        return {name: d.reason for name, d in told.items() if d.mean is None and d.reason}

    def table(self) -> pd.DataFrame:
        """Return one row per lever, end of its swing and measure."""
        rows = [
            (
                bar.lever.name, end, bar.today, swing.value, bar.lever.unit, swing.words, measure,
                self.base.figure(measure).unit, d.mean, d.low, d.high, d.n, d.reason,
            )
            for bar in self.bars
            for end, swing in (("down", bar.down), ("up", bar.up))
            if swing is not None
            for measure, d in swing.differences.items()
        ]  # fmt: skip
        columns = [
            "lever", "end", "today", "value", "lever_unit", "move", "measure", "unit", "difference", "low", "high", "n",
            "reason",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        base = self.base

        def swing_data(swing: Swing | None) -> dict[str, Any] | None:
            if swing is None:
                return None
            found = {
                m: {
                    "mean": d.mean,
                    "low": d.low,
                    "high": d.high,
                    **({"reason": d.reason} if d.reason else {}),
                }
                for m, d in swing.differences.items()
            }
            return {"value": swing.value, "words": swing.words, "differences": found}

        return {
            "scenario": base.scenario.name, "measure": self.measure, "formula": base.formulas[0],
            "seed": base.seed, "replications": base.n, "confidence": base.confidence, "versions": versions_of(),
            "base": base[self.measure].mean,
            "bars": [
                {
                    "lever": bar.lever.name, "title": bar.lever.title, "unit": bar.lever.unit, "today": bar.today,
                    "down": swing_data(bar.down), "up": swing_data(bar.up), "reach": bar.reach(self.measure),
                    "says": bar.lever.says,
                }
                for bar in self.bars
            ],
            "left_out": dict(self.left_out),
        }  # fmt: skip


def tornado(
    base: Scenario,
    n: int = 20,
    seed: int = 1,
    *,
    measure: str = "service_level",
    only: Sequence[str] = (),
    workers: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Tornado:
    """Turn every lever that the scenario has something for to both ends of its swing.

    Parameters
    ----------
    measure : what bars are sorted by; one of OF.
    only : names of levers; empty: all.

    Raises
    ------
    UnknownName, CallError
        for a lever or a measure that does not exist, or fewer than two replications.
    """
    if n < 2:
        raise CallError(
            f"replications: {n} is too few to know how sure a difference is. Use 2 or more; 20 are usual."
        )
    levers = [LEVERS.get(name) for name in only] if only else list(LEVERS)
    of_base = replicate(base, n, seed, formulas=formulas_of(base), workers=workers)
    if of_base[measure].mean is None:
        raise CallError(f"{measure}: {of_base[measure].reason}. Say it in the scenario, or ask for another.")
    measures = tuple(m for m in dict.fromkeys([measure, *OF]) if of_base[m].mean is not None)
    bars, left_out = [], {}
    for lever in levers:
        why_not = lever.why_not(base)
        if why_not:
            left_out[lever.name] = why_not.partition(": ")[2]
            continue
        if progress is not None:
            progress(lever.title)
        today, (low, high) = lever.today(base), lever.swings(base)
        ends = [
            _swing(of_base, lever, value, measures, workers) if value != today else None
            for value in (low, high)
        ]
        bars.append(Bar(lever, today, *ends))
    bars.sort(key=lambda bar: (-bar.reach(measure), bar.lever.name))
    return Tornado(of_base, measure, tuple(bars), left_out)


def _swing(base: Results, lever: Lever, value: float, measures: Sequence[str], workers: int | None) -> Swing:
    changes = lever.changes(base.scenario, value)
    scenario = base.scenario.with_(changes)
    results = replicate(scenario, base.n, base.seed, formulas=base.formulas, workers=workers)
    away = paid_away(base.scenario, (lever.name,), changes)
    unknown = Estimate(None, None, None, base.n, base.confidence, away)
    differences = {m: unknown if away and m in UNPAID else difference(base, results, m) for m in measures}
    return Swing(value, lever.words(base.scenario, value), differences)


def _away(base: Scenario, lever: Lever) -> str:
    """Return why paid hours and cost are not known where a lever moves; "" if they are."""
    ends = {value for value in lever.swings(base) if value != lever.today(base)}
    reasons = (paid_away(base, (lever.name,), lever.changes(base, value)) for value in sorted(ends))
    return next((reason for reason in reasons if reason), "")


@dataclass(frozen=True)
class Effects:
    """Elementary effects of all levers together.

    Attributes
    ----------
    table : lever, mu_star, low, high (95 % over trajectories), sigma; the greatest mu_star first; in units of
        the measure, for a move over the whole swing.
    settings : how many settings of all levers were simulated, each with `n` replications.
    """

    measure: str
    table: pd.DataFrame
    settings: int
    trajectories: int
    n: int
    seed: int

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        rows = self.table.astype(object).to_dict("records")
        return {
            "measure": self.measure, "method": "Morris", "settings": self.settings, "trajectories": self.trajectories,
            "replications": self.n, "seed": self.seed, "levers": rows,
        }  # fmt: skip


def together(base: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario with several levers moved, each by as much as its value is away from today."""
    scenario = base
    for name, value in values.items():
        lever = LEVERS.get(name)
        by = value - lever.today(base)
        if not by:
            continue
        low, high = lever.bounds(scenario)
        to = min(high, max(low, lever.today(scenario) + by))
        scenario = scenario.with_(lever.changes(scenario, to))
    return scenario


def elementary_effects(
    base: Scenario,
    trajectories: int = 10,
    n: int = 5,
    seed: int = 1,
    *,
    measure: str = "service_level",
    only: Sequence[str] = (),
    workers: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Effects:
    """Return Morris' elementary effects of the levers on a figure of the whole.

    All settings share their random numbers. Moves of people and contacts are rounded to whole ones.

    Parameters
    ----------
    trajectories : ways through the space of settings; each turns every lever once.
    n : replications of each setting.
    """
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    levers = [LEVERS.get(name) for name in only] if only else [
        lever for lever in applicable(base) if lever.swings(base)[0] < lever.swings(base)[1]
    ]  # fmt: skip
    if measure in UNPAID:  # a counted group does not know them of those who are away
        away = {lever.name: _away(base, lever) for lever in levers if lever.name in NETS}
        if reason := next((away[name] for name in only if away.get(name)), ""):
            raise CallError(f"{measure}: {reason}. Leave such levers out.")
        levers = [lever for lever in levers if not away.get(lever.name)]
    if len(levers) < 2:
        raise CallError("Effects of levers on one another need two levers or more that act in this scenario.")
    problem = {
        "num_vars": len(levers),
        "names": [lever.name for lever in levers],
        "bounds": [list(lever.swings(base)) for lever in levers],
    }
    settings = sampling.sample(problem, trajectories, num_levels=4, seed=seed)
    formulas, answers = formulas_of(base), []
    for i, row in enumerate(settings):
        if progress is not None:
            progress(f"setting {i + 1} of {len(settings)}")
        values = {
            lever.name: float(round(x)) if lever.unit in ("people", "contacts") else float(x)
            for lever, x in zip(levers, row, strict=True)
        }
        results = replicate(together(base, values), n, seed, formulas=formulas, workers=workers)
        answers.append(results[measure].mean)
    known = np.array([np.nan if a is None else a for a in answers], dtype=np.float64)
    if np.isnan(known).any():
        raise CallError(
            f"{measure} is not known in every setting, so that effects cannot be told. Choose another."
        )
    found = analysis.analyze(problem, settings, known, num_levels=4, seed=seed)
    size, doubt = np.asarray(found["mu_star"], float), np.asarray(found["mu_star_conf"], float)
    table = pd.DataFrame(
        {
            "lever": problem["names"], "mu_star": size, "low": np.maximum(size - doubt, 0.0), "high": size + doubt,
            "mu": np.asarray(found["mu"], float), "sigma": np.asarray(found["sigma"], float),
        }
    )  # fmt: skip
    table = table.sort_values(["mu_star", "lever"], ascending=[False, True], ignore_index=True)
    return Effects(measure, table, len(settings), trajectories, n, seed)
