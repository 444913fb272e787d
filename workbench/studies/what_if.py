"""What if? Named variants of a base, what each does to service, people and money, and how sure that is.

A variant is a list of levers and changes. Base and variants see the same random numbers, so every
difference is paired; how many people would hold the service level is found by simulation, and what
Erlang C and A say to the same question stands beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workbench.errors import CallError
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.statistics.replications import Estimate, replications_needed
from workbench.studies.compare import Comparison
from workbench.studies.erlang_beside import Beside, at_work_per_head, erlang_beside
from workbench.studies.heads import Heads, heads_to_hold
from workbench.studies.lever import LEVERS, UNPAID, heads, paid_away
from workbench.studies.replicate import Precision, Results, extended, replicate
from workbench.studies.targets import Met, Target, formulas_of, probability_met, targets_of
from workbench.studies.versions import versions_of
from workbench.wording import counted, listing

MEASURES = (
    "service_level", "abandon_rate", "mean_wait_s", "response_level", "occupancy", "paid_hours", "cost", "penalty",
)  # fmt: skip
"""What the table of differences shows, beside people and the probability of meeting the targets."""


@dataclass(frozen=True)
class Variant:
    """One what-if.

    Attributes
    ----------
    levers : as they were written: "shrinkage=+0.05".
    changes : what they, and single changes, come to.
    words : as a planner says it.
    """

    name: str
    levers: tuple[str, ...]
    changes: tuple[Change, ...]
    scenario: Scenario
    words: str
    why: str = ""

    @property
    def not_comparable(self) -> str:
        """Why paid hours and cost say nothing beside the base's; "" where they do."""
        names = {text.partition("=")[0].partition(":")[0].strip() for text in self.levers}
        return paid_away(self.scenario, names, self.changes)


@dataclass(frozen=True)
class WhatIf:
    """A base and its variants, simulated.

    Attributes
    ----------
    comparison : figures and paired differences.
    held : by variant, the people that hold the service level; absent where it was not asked.
    erlang : by variant, what Erlang C and A say.
    lock : hash of the base that a file is bound to; "" if it is bound to none.
    """

    name: str
    comparison: Comparison
    variants: Mapping[str, Variant]
    targets: tuple[Target, ...]
    held: Mapping[str, Heads] = field(default_factory=dict)
    erlang: Mapping[str, tuple[Beside, Beside]] = field(default_factory=dict)
    note: str = ""
    lock: str = ""

    @property
    def base(self) -> Results:
        """Results of the base."""
        return self.comparison.baseline

    def results(self, variant: str) -> Results:
        """Return the results of a variant."""
        return self.comparison.variants[variant]

    def difference(self, measure: str, variant: str) -> Estimate:
        """Return variant minus base of a figure of the whole."""
        if measure in UNPAID and (away := self.variants[variant].not_comparable):
            return Estimate(None, None, None, self.base.n, self.base.confidence, away)
        return self.comparison.differences(measure, "overall", variant)[0]

    def probabilities(self, variant: str | None = None) -> dict[str, Met]:
        """Return how often each target was met by a variant, or by the base."""
        return probability_met(self.base if variant is None else self.results(variant), self.targets)

    def table(self) -> pd.DataFrame:
        """Return one row per variant and measure: base, changed, difference with its interval, n."""
        rows = [row for name in self.variants for row in self._rows(name)]
        columns = [
            "variant",
            "measure",
            "unit",
            "base",
            "changed",
            "difference",
            "low",
            "high",
            "n",
            "reason",
        ]
        numbers = ("base", "changed", "difference", "low", "high")
        return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, float))

    def _rows(self, name: str) -> list[tuple[object, ...]]:
        before, after = people(self.base.scenario), people(self.variants[name].scenario)
        nobody_draws = "counted, not simulated"
        rows: list[tuple[object, ...]] = [
            (name, "people", "people", before, after, after - before, None, None, self.base.n, nobody_draws)
        ]
        for measure in MEASURES:
            d, unit = self.difference(measure, name), self.base.figure(measure).unit
            both = [self.base[measure].mean, self.results(name)[measure].mean]
            if d.mean is None:
                both[1] = None
            rows.append((name, measure, unit, *both, d.mean, d.low, d.high, d.n, d.reason))
        base = self.probabilities()
        for target, met in self.probabilities(name).items():
            how = f"{met.met} of {met.n}, {100 * met.low:.0f} % to {100 * met.high:.0f} % (Wilson)"
            shares = (base[target].share, met.share)
            rows.append((name, f"probability: {target}", "fraction", *shares, None, None, None, met.n, how))
        return rows

    @property
    def assumed(self) -> dict[str, str]:
        """How each lever in use acts and what it assumes, by its title."""
        return assumed(text for v in self.variants.values() for text in v.levers)

    def words(self, name: str) -> str:
        """Return what a variant does, as a planner says it."""
        from workbench.studies.say import said

        return said(self, name)

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        base = self.base
        return {
            "what_if": self.name,
            "note": self.note,
            "baseline": {
                "name": base.scenario.name, "hash": fingerprint(base.scenario), "locked": bool(self.lock),
                "people": people(base.scenario), "measures": _estimates(base),
                "targets": _mets(self.probabilities()),
            },
            "formula": base.formulas[0],
            "targets": [str(t) for t in self.targets],
            "seed": base.seed, "replications": base.n, "confidence": base.confidence, "engine": base.engine,
            "currency": base.scenario.money.currency,
            "versions": versions_of(),
            "variants": {name: self._variant_data(name) for name in self.variants},
        }  # fmt: skip

    def _variant_data(self, name: str) -> dict[str, Any]:
        variant = self.variants[name]
        differences = {m: self.difference(m, name) for m in MEASURES}
        return {
            "levers": list(variant.levers),
            "assumes": assumed(variant.levers),
            "changes": [{"path": c.path, "value": c.value, "why": c.why} for c in variant.changes],
            "move": variant.words,
            "words": self.words(name),
            "people": people(variant.scenario),
            "measures": _estimates(self.results(name), variant.not_comparable),
            "differences": {m: _plain(d) for m, d in differences.items()},
            "targets": _mets(self.probabilities(name)),
            "to_hold": self.held[name].to_data() if name in self.held else None,
            "erlang": {b.model.lower(): b.to_data() for b in self.erlang.get(name, ())},
        }


def _plain(e: Estimate) -> dict[str, Any]:
    data: dict[str, Any] = {"mean": e.mean, "low": e.low, "high": e.high, "n": e.n}
    return {**data, "reason": e.reason} if e.reason else data


def _estimates(results: Results, unpaid: str = "") -> dict[str, Any]:
    unknown = Estimate(None, None, None, results.n, results.confidence, unpaid)
    return {m: _plain(unknown if unpaid and m in UNPAID else results[m]) for m in MEASURES}


def _mets(mets: Mapping[str, Met]) -> dict[str, Any]:
    return {name: met.to_data() for name, met in mets.items()}


def people(scenario: Scenario) -> int:
    """Return how many people work; of counted groups the most that are at work at once."""
    return sum(heads(group) for group in scenario.groups.values())


def fingerprint(scenario: Scenario) -> str:
    """Return a hash of everything that a scenario says; comments and the order of names do not count.

    Nor does what stands as by default, written or not: a field that the language gains unbinds no file.
    """
    data = scenario.to_data()
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def pulled(scenario: Scenario, text: str) -> tuple[tuple[Change, ...], str]:
    """Return the changes and the words of a lever as it is written: "shrinkage=+0.05", "shrinkage:sick=0.1".

    Raises
    ------
    UnknownName, CallError
        for a lever, a thing or a value that does not exist.
    """
    name, sign, value = text.partition("=")
    lever_name, _, only = name.strip().partition(":")
    if not sign or not lever_name or not value.strip():
        raise CallError(f'"{text}" is not a lever. Write NAME=VALUE, as shrinkage=+0.05 or volume:sales=+10%')
    lever = LEVERS.get(lever_name)
    to = lever.at(scenario, value, only.strip())
    return lever.changes(scenario, to, only.strip()), lever.words(scenario, to, only.strip())


def assumed(levers: Iterable[str]) -> dict[str, str]:
    """Return how each lever that is written acts and what it assumes, by its title."""
    names = [text.partition("=")[0].partition(":")[0].strip() for text in levers]
    return {LEVERS.get(name).title: LEVERS.get(name).says for name in dict.fromkeys(names)}


def variant(
    base: Scenario, name: str, levers: Sequence[str] = (), changes: Iterable[Change] = (), why: str = ""
) -> Variant:
    """Return a variant: levers first, each on what those before it left, then single changes."""
    scenario, made, words = base, list[Change](), []
    for text in levers:
        those, said = pulled(scenario, text)
        scenario = scenario.with_(those) if those else scenario
        made += those
        words.append(said)
    for change in changes:
        scenario = scenario.with_(change)
        made.append(change)
        words.append(change.why or _shown(change))
    return Variant(name, tuple(levers), tuple(made), scenario, listing(words, most=4), why)


def _shown(change: Change) -> str:
    value = str(change.value)
    return f"{change.path} = {value if len(value) <= 40 else value[:37] + '…'}"


def what_if(
    base: Scenario,
    variants: Sequence[Variant],
    n: int = 20,
    seed: int = 1,
    *,
    name: str = "",
    note: str = "",
    lock: str = "",
    formula: str = "",
    precision: float | None = None,
    hold: bool = True,
    engine: str = "fast",
    workers: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> WhatIf:
    """Simulate a base and its variants under the same random numbers.

    Parameters
    ----------
    n : pairs of replications; with `precision` the first ones.
    formula : of the service level; else the contract's, else V2.
    precision : go on until every difference in service level is known to so much on each side.
    hold : also ask how many people hold the service level.
    progress : told what is being done.

    Raises
    ------
    CallError
        without a variant, or for fewer than two replications: one has no interval.
    """
    if not variants:
        raise CallError("Nothing is asked. Give at least one --lever or --change, or a file with variants.")
    if n < 2:
        raise CallError(
            f"replications: {n} is too few to know how sure a difference is. Use 2 or more; 20 are usual."
        )
    tell = progress or (lambda _: None)
    formulas = tuple(dict.fromkeys([*([formula] if formula else []), *formulas_of(base)]))
    tell(f"the base, {counted(n, 'replication')}")
    of_base = replicate(base, n, seed, engine=engine, formulas=formulas, workers=workers)
    of: dict[str, Results] = {}
    for v in variants:
        tell(v.name)
        of[v.name] = of_base
        if v.changes:
            of[v.name] = replicate(v.scenario, n, seed, engine=engine, formulas=formulas, workers=workers)
    comparison = Comparison(of_base, of, {v.name: v.changes for v in variants})
    if precision is not None:
        comparison = _precise(comparison, Precision("service_level", precision), tell, workers)
    held, erlang = {}, {}
    for v in variants:
        base_results, results = comparison.baseline, comparison.variants[v.name]
        each = None
        if hold:
            tell(f"{v.name}: people who hold the service level")
            held[v.name] = heads_to_hold(base_results, results, workers=workers)
            each = at_work_per_head(results, workers) if people(v.scenario) else None
        erlang[v.name] = erlang_beside(base_results, results, each)
    return WhatIf(
        name or base.name,
        comparison,
        {v.name: v for v in variants},
        targets_of(base),
        held,
        erlang,
        note,
        lock,
    )


def _precise(
    comparison: Comparison, wanted: Precision, tell: Callable[[str], None], workers: int | None
) -> Comparison:
    """Return the comparison with as many pairs as it takes; at most twice as many in one step."""
    while True:
        have = comparison.baseline.n
        widest = max(
            replications_needed(comparison.differences(wanted.measure, "overall", name)[0], wanted.half_width)
            for name in comparison.variants
        )
        n = min(widest, 2 * have, wanted.at_most)
        if n <= have:
            return comparison
        tell(f"{n} pairs for the precision asked")
        comparison = Comparison(
            extended(comparison.baseline, n, workers=workers),
            {name: extended(results, n, workers=workers) for name, results in comparison.variants.items()},
            comparison.changes,
        )


_PLURAL = re.compile(r"[\d.]+ (points|people|contacts)\b")


def many(words: str) -> bool:
    """Whether a move takes a plural verb: "5 points more shrinkage cost", "10 % more volume costs"."""
    return bool(_PLURAL.match(words)) or " and " in words
