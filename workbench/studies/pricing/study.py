"""What does each finding of a client cost a month, and what do all of them? The whole of `workbench price`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Finding, Grade
from workbench.diagnostics.repair import Recommendation, order_of_repair
from workbench.errors import CallError
from workbench.sim.scenario import Scenario
from workbench.studies.asked import months_mistakes, seed_mistakes
from workbench.studies.pricing.accounts import Account, accounts_of
from workbench.studies.pricing.alignment import Aligned, alignment
from workbench.studies.pricing.basis import Basis, Pay, basis_of
from workbench.studies.pricing.budget import Best, best_set
from workbench.studies.pricing.cadence import Late, by_cadence
from workbench.studies.pricing.contract import Contract, contract_of
from workbench.studies.pricing.distance import Distance, distance_of
from workbench.studies.pricing.doubts import Floats, Triangle, draws
from workbench.studies.pricing.effort import Efforts
from workbench.studies.pricing.floor import DESK_OCCUPANCY, Floor
from workbench.studies.pricing.incentive import Credits, credits_by_formula
from workbench.studies.pricing.months import DRAWS, simulated_and_counted
from workbench.studies.pricing.price import Price
from workbench.studies.pricing.rule import LINES, RULES, Counted, Line, Moved, Unpriced
from workbench.studies.pricing.switch_alone import SwitchAlone, switch_alone
from workbench.studies.pricing.switch_file import SwitchFile
from workbench.studies.pricing.switching import MONTHS, Choice, stay_or_switch
from workbench.studies.pricing.together import Together, together, value_of
from workbench.studies.pricing.without import only_answered, without_price


@dataclass(frozen=True)
class Pricing:
    """Everything that was priced of a client.

    Attributes
    ----------
    prices : the largest first.
    unpriced : what has no price, with the reason and what is missing.
    joint : None where nothing is priced.
    order : what is to be mended first, whatever its size.
    cadence : losses of a drift by chart and forum; `cadence_note` says on what, or why there are none.
    months, replications, contacts : simulated; contacts over all variants.
    width : half-width of the simulation's own error over the largest price.
    lines : the money lines that amounts are of; `elsewhere`: findings with a price in other lines only.
    aligned : whether the contract rewards each simulated repair.
    alone : what a switch costs by itself, where nothing is priced that staying could be set against.
    accounts, distance : beside the findings: margins after shared cost, and what waits for the other side's day.
    """

    client: str
    period: str
    basis: Basis
    contract: Contract
    prices: tuple[Price, ...]
    unpriced: tuple[Unpriced, ...]
    joint: Together | None
    best: Best | None
    order: tuple[Recommendation, ...]
    cadence: tuple[Late, ...]
    cadence_note: str
    credits: tuple[Credits, ...]
    choice: Choice | None
    seed: int
    months: int
    replications: int
    contacts: int
    width: float
    scenario_note: str
    grade: Grade
    seconds: float
    lines: tuple[Line, ...] = LINES
    elsewhere: tuple[Finding, ...] = ()
    aligned: tuple[Aligned, ...] = ()
    accounts: tuple[Account, ...] = ()
    accounts_note: str = ""
    distance: Distance | None = None
    alone: SwitchAlone | None = None
    join: Callable[[Sequence[Price], Sequence[Line]], tuple[Together, Best]] | None = field(
        default=None, repr=False, compare=False
    )

    def of_lines(self, lines: Sequence[Line]) -> Pricing:
        """Return the pricing in some money lines alone: nothing else is left in it, nor what an hour costs.

        Of repairs the hours that they take are left, of a drift the weeks until it is corrected.
        """
        mine = {p.code: p.of_lines(lines) for p in self.prices}
        prices = sorted((p for p in mine.values() if p is not None), key=lambda p: (-p.amount.value, p.code))
        joint, best = self.join(prices, lines) if prices and self.join is not None else (None, None)
        late = tuple(replace(one, loss=float("nan"), low=None, high=None) for one in self.cadence)
        return replace(
            self, prices=tuple(prices), joint=joint, best=best, cadence=late, cadence_note="", credits=(), choice=None,
            basis=replace(self.basis, pay=None, paid_hours=None, notes=()), contract=Contract(None),
            lines=tuple(line for line in LINES if line in lines), join=None,
            aligned=(), accounts=(), accounts_note="", distance=None, alone=None,
            elsewhere=tuple(f for p in self.prices if mine[p.code] is None for f in p.findings),
        )  # fmt: skip

    @property
    def currency(self) -> str:
        """Of every amount."""
        return self.basis.currency

    @property
    def between(self) -> str:
        """The interval of the total in words; "+ ?": a price in it has a doubt that nobody can put in numbers."""
        if self.joint is None:
            return "not known"
        return self.joint.total.between + (" + ?" if any(p.caveat for p in self.prices) else "")

    def price_of(self, finding: Finding) -> Price | None:
        """Return the price that covers a finding, its own or one that it is priced with; None: unpriced."""
        return next((p for p in self.prices if any(f is finding for f in p.findings)), None)

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON; the same for the same inputs (no time of making in it)."""
        return {
            "format": 1,
            "client": self.client,
            "period": self.period,
            "currency": self.currency,
            "confidence": 0.9,
            "basis": self.basis.to_data(),
            "scenario": {"note": self.scenario_note, "grade": self.grade},
            "simulated": {
                "months": self.months, "replications": self.replications, "contacts": self.contacts,
                "seed": self.seed, "half_width_over_largest": self.width,
            },
            "contract": {"source": self.contract.source, "left_out": list(self.contract.left_out)},
            "prices": [p.to_data() for p in self.prices],
            "unpriced": [
                {"code": u.finding.code, "statement": u.finding.statement, "reason": u.reason, "missing": u.missing}
                for u in self.unpriced
            ],
            "together": None if self.joint is None else self.joint.to_data(),
            "best_set": None if self.best is None else self.best.to_data(),
            "order_of_repair": [
                {"place": r.place, "step": r.step, "code": r.code, "remedy": r.remedy, "reason": r.reason,
                 "a_month": part_of(r, self)}
                for r in self.order
            ],
            "cadence": {"note": self.cadence_note, "losses": [one.to_data() for one in self.cadence]},
            "credits": [c.to_data() for c in self.credits],
            "incentives": [one.to_data() for one in self.aligned],
            "accounts": {"note": self.accounts_note, "margins": [one.to_data() for one in self.accounts]},
            "distance": None if self.distance is None else self.distance.to_data(),
            "stay_or_switch": None if self.choice is None else self.choice.to_data(),
            "switch_alone": None if self.alone is None else self.alone.to_data(),
        }  # fmt: skip


def _today(
    basis: Basis,
    floor: Floor | None,
    credit: Sequence[Credits],
    counted: Sequence[Counted],
    moved: Sequence[Moved],
) -> float:
    """Return what a month costs now, as far as it is priced: labour, credits, second level, and what sums add."""
    whole = (basis.labour or 0.0) + (credit[0].expected if credit else 0.0)
    if floor is not None and floor.months and basis.pay is not None:
        whole += basis.pay.per_hour / DESK_OCCUPANCY * float(floor.month({}).desk_h.mean())
    one = np.ones(1)
    sums = [(c, c.cost) for c in counted] + [(m, m.beside) for m in moved if m.beside is not None]
    for c, of in sums:
        cost = of(c.reading.used * one, c.mapping.factor.middle * one, one)
        whole += sum(float(cost[line][0]) for line in cost if line not in ("labour", "repeat handling"))
    return whole


def _labour_drawn(basis: Basis, seed: int) -> Floats | None:
    """Return what all paid hours of a month cost under every draw of what an hour costs; None: not known."""
    if basis.pay is None or basis.labour is None:
        return None
    return np.asarray(basis.labour * basis.pay.factor.at(draws(DRAWS, 2, seed).money))


def people_of(basis: Basis, agents: float | None = None) -> tuple[float | None, tuple[str, ...]]:
    """Return how many agents there are, of the roster, else of the caller, else of client.yaml; and notes on it."""
    if basis.headcount:
        unused = f"is not used: the roster has {basis.headcount:.0f} agents at work on average."
        return basis.headcount, (f"--agents {agents:g} {unused}",) if agents else ()
    people, who = (agents, "the caller says") if agents else (basis.dataset.client.agents, "client.yaml says")
    return people, (
        f"How many agents there are: {people:g}, as {who} (A); no roster counts them.",
    ) if people else ()


def part_of(step: Recommendation, found: Pricing) -> float | None:
    """Return the fair share of what a step of repair prices; None where nothing in it has a price."""
    if found.joint is None:
        return None
    mine = [p for p in found.prices if any(p.findings[0] is f for f in step.findings)]
    return sum(found.joint.share_of(p.code).share for p in mine) if mine else None


def price(
    assessment: Assessment,
    scenario: Scenario | None,
    *,
    seed: int = 1,
    pay: Triangle | None = None,
    assumed: Pay | None = None,
    agents: float | None = None,
    months: int | None = None,
    budget_money: float | None = None,
    budget_hours: float | None = None,
    efforts: Efforts | None = None,
    switch: SwitchFile | None = None,
    scenario_note: str = "",
    grade: Grade = "M",
    workers: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Pricing:
    """Return what the findings of an assessment cost.

    Parameters
    ----------
    scenario : the client's own, calibrated or given; None: what needs it is listed as unpriced, with
        `scenario_note` as the reason.
    pay : per hour, where tables do not say it or somebody knows better; assumed : where nobody says it at all.
    agents : how many there are, where no roster says it; goes before client.yaml.
    months : simulated for each variant; None: until the simulation's own error is small against the largest price.
    budget_money, budget_hours : for the best set of repairs; None: no limit.
    efforts : what mending a finding takes, as somebody wrote it down; else assumed by its step.
    switch : what is known of a switch; else assumed.
    grade : of the scenario: M calibrated, A assumed.

    Raises
    ------
    CallError
        for fewer than two months, or too many; for a seed below 0.
    """
    if problems := [*months_mistakes(months), *seed_mistakes(seed)]:
        raise CallError("\n".join(problems))
    begun, tell = time.perf_counter(), progress or (lambda _: None)
    basis = basis_of(assessment, scenario, pay=pay, no_scenario=scenario_note, grade=grade, otherwise=assumed)
    people, said_of = people_of(basis, agents)
    basis = replace(basis, headcount=people, notes=(*basis.notes, *said_of, *only_answered(assessment)))
    scenario = basis.scenario
    said, unpriced = _said(basis)
    moved = {s.code: (rule, s) for rule, s in said if isinstance(s, Moved)}
    counted = [(rule, s) for rule, s in said if isinstance(s, Counted)]
    contract = Contract(None) if scenario is None else contract_of(assessment.dataset, scenario)
    floor = None
    if scenario is not None:
        base = scenario
        for code in sorted(moved):
            one = moved[code][1]
            added = one.additions(base) if one.instead is None else ()
            base = base.with_(*added) if added else base
        floor = Floor(base, {c: s for c, (_, s) in moved.items()}, basis, contract, seed, workers)
    tell(f"{len(moved)} findings to simulate, {len(counted)} to compute, {len(unpriced)} without a price")
    prices, width = simulated_and_counted(floor, moved, counted, basis, seed, months, tell)
    joint = best = choice = join = alone = None
    way = switch.on(basis) if switch and basis.labour else None
    term = switch.text.months if switch else MONTHS
    credit = credits_by_formula(floor) if floor is not None and floor.months else ()
    aligned: tuple[Aligned, ...] = ()
    if prices:
        targets = {p.code: p.target for p in prices if p.way == "simulated" and p.target is not None}
        value = value_of(floor, targets) if floor is not None else (lambda _: np.zeros(1))
        now = _today(basis, floor, credit, [one for _, one in counted], [one for _, one in moved.values()])
        aligned = alignment(floor, targets) if floor is not None else ()
        tell("what they cost together")
        labour = _labour_drawn(basis, seed)
        joint = together(prices, value, list(targets), now, assessment.findings, seed, labour)

        known = efforts or Efforts()

        def joined(some: Sequence[Price], lines: Sequence[Line]) -> tuple[Together, Best]:
            of = value_of(floor, targets, lines) if floor is not None else (lambda _: np.zeros(1))
            here = [p.code for p in some if p.code in targets]
            theirs = together(some, of, here, 0.0, assessment.findings, seed, labour)
            return theirs, best_set(
                some, theirs, of, here, known.hours_alone, assessment.findings, hours=budget_hours,
                months=known.months, seed=seed,
            )  # fmt: skip

        join = joined
        best = best_set(
            prices, joint, value, list(targets), lambda those: known.of(those, basis.hour or None),
            assessment.findings, money=budget_money, hours=budget_hours, months=known.months, seed=seed,
        )  # fmt: skip
        basis = replace(basis, notes=(*basis.notes, *known.unused(prices, best.efforts)))
        if basis.labour:
            choice = stay_or_switch(
                basis.labour, joint.drawn, basis.currency, seed=seed, switch=way, months=term
            )
    elif basis.labour:
        alone = switch_alone(basis.labour, basis.currency, seed=seed, switch=way, months=term)
    late, note = by_cadence(basis, seed)
    accounts, accounts_note = accounts_of(basis)
    return Pricing(
        client=assessment.dataset.client.name,
        period=str(assessment.dataset.period),
        basis=basis,
        contract=contract,
        prices=prices,
        unpriced=tuple(unpriced),
        joint=joint,
        best=best,
        order=order_of_repair(assessment.findings),
        cadence=late,
        cadence_note=note,
        credits=credit,
        choice=choice,
        seed=seed,
        months=0 if floor is None else floor.months,
        replications=0 if floor is None else floor.replications,
        contacts=0 if floor is None else floor.contacts,
        width=width,
        scenario_note=scenario_note,
        grade=grade,
        seconds=time.perf_counter() - begun,
        aligned=aligned,
        accounts=accounts,
        accounts_note=accounts_note,
        distance=distance_of(basis, seed),
        alone=alone,
        join=join,
    )


def _said(basis: Basis) -> tuple[list[tuple[str, Moved | Counted]], list[Unpriced]]:
    """Return what rules say, each finding once; a price goes before a reason for none, whichever came first."""
    said: list[tuple[str, Moved | Counted]] = []
    unpriced: list[Unpriced] = []
    seen: set[int] = set()
    claimed: dict[str, list[str]] = {}
    without: list[Unpriced] = []
    for rule in RULES:
        for one in rule.price(basis):
            if isinstance(one, Unpriced):
                without.append(one)
            elif id(one.findings[0]) not in seen and one.path not in claimed.get(one.code, []):
                claimed.setdefault(one.code, []).append(one.path)
                said.append((rule.code, one))
                seen |= {id(f) for f in one.findings}
            else:
                unpriced += [
                    Unpriced(f, f"another finding of {one.code} is priced by the same measure already")
                    for f in one.findings if id(f) not in seen
                ]  # fmt: skip
                seen |= {id(f) for f in one.findings}
    for none in without:
        if id(none.finding) not in seen:
            unpriced.append(none)
            seen.add(id(none.finding))
    for finding in basis.assessment.findings:
        if id(finding) not in seen:
            unpriced.append(without_price(finding))
    return _keyed(said, basis.assessment.findings), unpriced


def _keyed(
    said: Sequence[tuple[str, Moved | Counted]], findings: Sequence[Finding]
) -> list[tuple[str, Moved | Counted]]:
    """Return what is priced with a key of its own each: its code, and EXP-3/2 for a further finding of that code."""
    place = {id(f): i for i, f in enumerate(findings)}
    many: dict[str, int] = {}
    keys: dict[int, str] = {}
    for _, one in sorted(said, key=lambda pair: place[id(pair[1].findings[0])]):
        many[one.code] = many.get(one.code, 0) + 1
        if many[one.code] > 1:
            keys[id(one)] = f"{one.code}/{many[one.code]}"
    return [(rule, replace(one, key=keys.get(id(one), ""))) for rule, one in said]
