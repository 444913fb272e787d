"""How many people does a floor need, in which shifts, and how sure is that?

First a requirement: agents by unit and interval. Then, where there are shifts, a plan of people on shifts,
found with the shifts and their breaks in the loop, so that it is the shifts that meet the targets and not
a curve that they approximate. Both are checked with random numbers that the search never saw.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any, Literal

import numpy as np

from workbench.errors import CallError, UnknownName
from workbench.sim.model import Floats, Ints
from workbench.sim.records import expected_contacts
from workbench.sim.scenario import Scenario
from workbench.studies.staffing import ceiling, erlang
from workbench.studies.staffing.ceiling import OutOfReach, out_of_reach
from workbench.studies.staffing.floor import Floor, check
from workbench.studies.staffing.goals import Goals, goals_of, in_words
from workbench.studies.staffing.master import Cut, Limits, relaxed, solve
from workbench.studies.staffing.plan import Bounds, Check, Plan, Requirement, Textbook
from workbench.studies.staffing.pool import Pool, pool_of_shifts, pool_of_slots
from workbench.studies.staffing.remedies import Case, Remedy, remedies
from workbench.studies.staffing.search import ROUNDS, Search
from workbench.studies.staffing.shifts import Template, Variant, slot_s_of, variants_of
from workbench.studies.staffing.units import mean_handle_s, units_of, unpaid
from workbench.studies.staffing.validated import Found, Sizes, find

CHECKING = 2_000_000
"""Added to the seed for the check of a plan."""
FEWEST = 50
"""Replications for Erlang A's plan, which is no proposal: a quarter of the check's, and not fewer than these."""
NO_SHIFTS = (
    "There is no plan of shifts, because {} names none: give a file of shifts that may be planned "
    "(--shifts FILE)."
)
Stages = Literal["requirement", "shifts", "both"]


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes
    ----------
    per : every target is to be met in every "interval" (of half an hour at least), "hour" or "day".
    formula : of the service level, for queues of which the terms name none.
    few, many : replications of the search; None: by the size of the scenario.
    check : replications of validation and check; None: by the size of the scenario.
    sure : every goal is to be met with its whole interval, not only with its middle.
    stages : the requirement by interval, the plan of shifts, or both.
    """

    per: str = "interval"
    formula: str = "V2"
    seed: int = 1
    few: int | None = None
    many: int | None = None
    check: int | None = None
    sure: bool = False
    limits: Limits = field(default_factory=Limits)
    stages: Stages = "both"
    confidence: float = 0.95
    workers: int | None = None

    def sizes(self, scenario: Scenario) -> Sizes:
        """Return the replications, more of them where days are small."""
        contacts = max(expected_contacts(scenario), 1.0)
        few = self.few or min(int(np.clip(200_000 / contacts, 12, 40)), self.many or 40)
        many = self.many or max(few, int(np.clip(600_000 / contacts, 16, 200)))
        checked = self.check or int(np.clip(3_000_000 / contacts, 100, 1000))
        few, many = (n + n % 2 for n in (few, many))  # they come in mirrored pairs
        return Sizes(few, many, checked, 4 if self.sure else 2, self.sure)


@dataclass(frozen=True)
class Staffing:
    """What a staffing study found.

    Attributes
    ----------
    plan : None where the scenario has no shifts, or only the requirement was asked for.
    remedies : what it would take where not everything is met, the cheapest first.
    out_of_reach : the targets that no number of people on these shifts can meet.
    notes : what is assumed, and what was left out.
    """

    scenario: Scenario
    request: Request
    sizes: Sizes
    goals: Goals
    requirement: Requirement | None
    plan: Plan | None
    remedies: tuple[Remedy, ...]
    out_of_reach: tuple[OutOfReach, ...]
    notes: tuple[str, ...]

    @property
    def currency(self) -> str:
        """In which costs are: "h", paid hours, where the scenario names no pay."""
        return "h" if unpaid(self.scenario) else self.scenario.money.currency

    @property
    def proposal(self) -> Requirement | Plan:
        """The plan of shifts; the requirement where there is none."""
        found = self.plan or self.requirement
        assert found is not None
        return found

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        return {
            "scenario": self.scenario.name,
            "currency": self.currency,
            "goal": in_words(self.goals),
            "seed": self.request.seed,
            "replications": {"first": self.sizes.few, "search": self.sizes.many, "check": self.sizes.check},
            "limits": {"people": dict(self.request.limits.units), "total": self.request.limits.total},
            "versions": versions(),
            "requirement": self.requirement.to_data() if self.requirement else None,
            "plan": self.plan.to_data() if self.plan else None,
            "remedies": [r.to_data() for r in self.remedies],
            "out_of_reach": [o.to_data() for o in self.out_of_reach],
            "notes": list(self.notes),
        }


def read_limits(texts: Sequence[str]) -> Limits:
    """Read "GROUP=PEOPLE" as the command line gives it; "total" is everybody together.

    Raises
    ------
    CallError
        for what is not of this form, or not a whole number.
    """
    units: dict[str, int] = {}
    total = None
    for text in texts:
        name, _, number = text.rpartition("=")
        if not name or not number.strip().isdigit():
            raise CallError(f'"{text}" is not a limit. Write GROUP=PEOPLE, as "team=12", or total=40.')
        if name.strip() == "total":
            total = int(number)
        else:
            units[name.strip()] = int(number)
    return Limits(units, total)


def versions() -> dict[str, str]:
    """Return what the figures were computed with."""
    names = ("contact-centre-workbench", "ortools", "scipy", "numba", "numpy")
    return {"python": platform.python_version(), **{name: _version(name) for name in names}}


def _version(name: str) -> str:
    try:
        return version(name)
    except Exception:  # not installed as a distribution
        return "unknown"


def staff(
    scenario: Scenario,
    request: Request | None = None,
    templates: dict[str, Template] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Staffing:
    """Find and check a requirement and a plan of shifts.

    Parameters
    ----------
    templates : shifts that may be planned; None: those of the scenario.
    say : is told how far it is.

    Raises
    ------
    CallError
        if shifts are asked for and there are none, or a limit is not one.
    UnknownName
        for a limit of a group that does not exist, an unknown stretch or formula.
    """
    request = request or Request()
    units = units_of(scenario)
    _check(request, scenario, tuple(u.name for u in units))
    goals = goals_of(scenario, request.per, request.formula)
    sizes = request.sizes(scenario)
    variants = variants_of(scenario, units, templates) if request.stages != "requirement" else {}
    if request.stages == "shifts" and not variants:
        raise CallError(
            f"{scenario.name}: there are no shifts to plan with. Write some under shifts, or name a file of them."
        )
    slots = pool_of_slots(goals, units)
    floor = Floor(slots, request.seed, request.workers)
    offered = _offered(floor, sizes)
    goals = goals.only(goals.summed(offered[None])[0] > 0.05)
    if not goals.goals:
        raise CallError(f"{scenario.name}: nothing comes in, so nobody is needed. Give arrivals first.")
    slots = pool_of_slots(goals, units)
    needed = erlang.required(goals, offered)
    requirement = plan = found = None
    helped: list[Remedy] = []
    bare: tuple[OutOfReach, ...] = ()
    study = _Study(request, sizes, needed, say)
    if request.stages != "shifts":
        say(f"requirement: {len(goals.goals)} goals, {len(units)} groups, {goals.n_slots} intervals")
        book = study.textbook(slots, Limits())
        found = study.found(slots, book, None, 6 if variants else ROUNDS)
        requirement = study.requirement(slots, found, book)
        if not variants:
            helped = study.remedies(found, book, requirement.check, {})
    if variants:
        fine = goals_of(scenario, request.per, request.formula, slot_s_of(scenario, variants))
        if fine.n_slots != goals.n_slots:
            floor = Floor(pool_of_slots(fine, units), request.seed, request.workers)
            offered = _offered(floor, sizes)
            fine = fine.only(fine.summed(offered[None])[0] > 0.05)
            study = replace(study, needed=erlang.required(fine, offered))
            goals = fine
        pool = pool_of_shifts(goals, units, variants)
        say(f"shifts: {len(pool.unit)} shifts with their breaks")
        book = study.textbook(pool, Limits())
        found = study.found(pool, book, found.search if found is not None else None)
        plan = study.plan(pool, found, book)
        bare = out_of_reach(pool, plan.check.checked.counted.of.mean(axis=0))
        helped = study.remedies(found, book, plan.check, variants)
    notes = (*ceiling.in_words(bare), *_notes(scenario, goals, plan.pool if plan else slots))
    if request.stages == "both" and not variants:
        notes = (NO_SHIFTS.format(scenario.name), *notes)
    return Staffing(scenario, request, sizes, goals, requirement, plan, tuple(helped), bare, notes)


def _check(request: Request, scenario: Scenario, names: tuple[str, ...]) -> None:
    for name, n in request.limits.units.items():
        if name not in names:
            raise UnknownName("group", name, names)
        if n < 0:
            raise CallError(f"at most {n} in {name}: a limit is 0 or more.")
    if request.limits.total is not None and request.limits.total < 0:
        raise CallError(f"at most {request.limits.total} in all: a limit is 0 or more.")
    for name, value in (("few", request.few), ("many", request.many), ("check", request.check)):
        if value is not None and value < 2:
            raise CallError(f"replications ({name}): {value} is too few for an interval. Use 2 or more.")
    if not 0 < request.confidence < 1:
        raise CallError(f"confidence: {request.confidence} is not between 0 and 1. Use 0.95 for 95 %.")
    if request.stages not in ("requirement", "shifts", "both"):
        raise UnknownName("stage", request.stages, ("requirement", "shifts", "both"))
    missed = [q for q, queue in sorted(scenario.queues.items()) if queue.service_level.target >= 1]
    if missed:
        raise CallError(
            f"queues.{missed[0]}.service_level.target: all contacts in time is more than any number of "
            "people can promise. Use 0.99 or less."
        )


def _offered(floor: Floor, sizes: Sizes) -> Floats:
    """Return contacts by slot and queue, follow-ups included, where nearly nobody has to wait."""
    goals, pool = floor.goals, floor.pool
    n = min(sizes.few, 20)
    came = np.zeros((goals.n_slots, len(goals.formulas)))
    for w in floor.drawn(n):
        slot = np.searchsorted(goals.slot_us, w.arrival_us, side="right") - 1
        np.add.at(came, (slot, w.arrival_queue), 1.0 / n)
    ample = np.ceil(1.3 * erlang.assigned(pool, erlang.required(goals, came)) + 3)
    return floor.offered(ample.ravel().astype(np.int64), n)


@dataclass(frozen=True)
class _Study:
    """One search after another, each checked in the same way."""

    request: Request
    sizes: Sizes
    needed: Floats
    say: Callable[[str], None]

    def textbook(self, pool: Pool, limits: Limits) -> Ints:
        """Return Erlang A rounded up as a plan: the cheapest that puts its agents on duty."""
        want = erlang.assigned(pool, self.needed)
        none = np.zeros(len(pool.unit), dtype=np.int64)
        return solve(pool, [], pool.goals.target, limits, none, at_least=want, effort=0.5).x

    def found(self, pool: Pool, book: Ints, before: Search | None, rounds: int = ROUNDS) -> Found:
        """Return the best plan of a problem; `book` is Erlang A's."""
        r = self.request
        start = self.textbook(pool, r.limits) if r.limits else book
        return find(
            pool, start, r.limits, seed=r.seed, sizes=self.sizes,
            workers=r.workers, say=self.say, before=before, rounds=rounds,
        )  # fmt: skip

    def requirement(self, pool: Pool, found: Found, book: Ints) -> Requirement:
        """Return the requirement with its check."""
        return Requirement(**self._common(pool, found, book))

    def plan(self, pool: Pool, found: Found, book: Ints) -> Plan:
        """Return the plan with its check."""
        return Plan(**self._common(pool, found, book))

    def _common(self, pool: Pool, found: Found, book: Ints) -> dict[str, Any]:
        r = self.request
        x, sizes = found.seen.x, (self.sizes.check, min(self.sizes.check, max(self.sizes.check // 4, FEWEST)))
        self.say(f"check: {sizes[0]} fresh replications of the plan, {sizes[1]} of Erlang A")
        checks = [
            Check(pool.goals, check(pool, plan, n, r.seed + CHECKING, r.workers), r.confidence)
            for plan, n in zip((x, book), sizes, strict=True)
        ]
        people = dict(zip((u.name for u in pool.units), pool.people(book).tolist(), strict=True))
        return {
            "pool": pool,
            "x": x,
            "check": checks[0],
            "bounds": Bounds(_by_cuts(pool, found, r.confidence), by_work(pool)),
            "erlang_a": Textbook(book, pool.price(book), people, checks[1]),
            "validations": found.validations,
            "simulated": found.search.floor.simulated + sum(sizes),
        }

    def remedies(
        self, found: Found, book: Ints, checked: Check, variants: dict[str, tuple[Variant, ...]]
    ) -> list[Remedy]:
        """Return what would help where the check shows goals below their targets."""
        if not len(checked.short):
            return []
        r = self.request
        return remedies(
            Case(found, book, checked, r.limits, r.seed, self.sizes, variants, r.workers, self.say)
        )


def _by_cuts(pool: Pool, found: Found, confidence: float) -> float | None:
    """Return the cost below which the cuts, each loosened by its noise, leave no plan."""
    loose = []
    half = found.seen.counted.service(pool.goals, confidence)[1]
    for cut in found.search.cuts:
        width = half[cut.goal]
        loose.append(Cut(cut.goal, cut.value + (0.0 if np.isnan(width) else float(width)), cut.slope, cut.at))
    if (found.seen.service < pool.goals.target - 1e-9).any():
        return None
    bound = relaxed(pool, loose, pool.goals.target, Limits())
    # a bound above a plan that meets everything is disproved by it
    return bound if bound is not None and bound <= found.seen.cost + 1e-6 else None


def by_work(pool: Pool) -> float:
    """Return the pay of the hours of work in the contacts that must be answered in time.

    Only contacts that come of themselves count, at the cheapest pay and pace of who may take them, and
    only where the formula makes answers necessary (V2).
    """
    goals, s = pool.goals, pool.scenario
    p, m = s.prepared, s.prepared.model
    hours = np.diff(p.edge_us)
    expected = p.rate * hours[None, :]  # contacts by queue and segment
    handle = mean_handle_s(s)
    names = sorted(s.queues)
    teams = [group for group, _ in p.names.teams]
    total = 0.0
    for q, name in enumerate(names):
        if goals.formulas[q] != "V2":
            continue
        channel = s.all_channels[s.queues[name].channel]
        stretch = [
            m.stretch[p.names.channels.index(s.queues[name].channel)][k] / k
            for k in range(1, channel.concurrency + 1)
        ]
        prices = [
            u.per_hour * float(m.route_handle[q, teams.index(u.name)]) * (u.speed if pool.by_shifts else 1.0)
            for u in pool.units
            if name in u.serves
        ]
        if not prices:
            continue
        judged = goals.of_slot[np.searchsorted(goals.slot_start, p.interval, side="right") - 1, q] >= 0
        error = s.queues[name].arrivals.forecast_error
        bias = 1.0 + (error.bias if error is not None else 0.0)
        work_s = float((expected[q] * judged * handle[p.interval, q]).sum()) * bias
        total += s.queues[name].service_level.target * work_s / 3600 * min(stretch) * min(prices)
    return total


def _notes(scenario: Scenario, goals: Goals, pool: Pool) -> tuple[str, ...]:
    notes = []
    slow = [u for u in pool.units if abs(u.speed - 1) > 0.005]
    if slow:
        pace = ", ".join(f"{u.name}: {u.speed:.2f}" for u in slow)
        notes.append(f"People are planned at the mean handle-time factor of those in the scenario: {pace}.")
    if any(g.attrition is not None for g in scenario.groups.values()):
        notes.append("Attrition within the horizon is left out: who is planned stays.")
    if goals.left_out:
        notes.append(
            f"{len(goals.left_out)} stretches without contacts are not judged, the first: {goals.left_out[0]}."
        )
    if unpaid(scenario):
        notes.append(
            "The scenario names no pay (money.pay_per_hour): costs are paid hours here, and plans are compared by them."
        )
    return tuple(notes)
