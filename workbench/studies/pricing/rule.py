"""How is a rule declared, and what may it say of a finding? A curve to simulate, a sum, or why there is no price.

A rule is a plain function of the basis in a file of its own in `rules/`, found there and in the entry points
of installed packages (`workbench.pricing`). It looks for the findings that it can price; a finding that
no rule names is listed as unpriced.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar, get_args

import numpy as np

from workbench.catalogue import Catalogue
from workbench.diagnostics.finding import Evidence, Finding
from workbench.errors import WorkbenchError
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Floats, Reading, reading
from workbench.studies.pricing.doubts import Mapping as How
from workbench.wording import figure

Line = Literal["labour", "overtime", "penalty", "repeat handling", "revenue", "replacement"]
LINES: tuple[Line, ...] = get_args(Line)

Acts = Literal["work", "service"]
"""work: the hours that contacts take; freed hours are priced, service is held as it is. service: who waits how
long; hours stay, and credits, overtime and lost contacts are priced. So nothing is counted twice."""


Cost: TypeAlias = Callable[[Floats, Floats, Floats], dict[Line, Floats]]
"""measured, factor of the mapping, factor on the cost of hours → amounts a month by line."""


def _nothing(_: Scenario) -> tuple[Change, ...]:
    return ()


Whole = Literal["leavers", "drifts"]
"""What two prices can both speak of: leavers after wrong pay are among those beyond the usual; a fall in resolution
that lasts is one of the drifts that a slow routine lets last."""


@dataclass(frozen=True)
class Part:
    """Of what an amount is a part, so that together nothing is counted twice (`overlaps.py`).

    Attributes
    ----------
    grows_with : floor: its hours and heads, so that a smaller floor makes it smaller; hires: these and the floor.
    within : wholes of which it is a part.
    hires_fewer : share of a month's hires that are not needed when it is mended.
    """

    grows_with: Literal["", "floor", "hires"] = ""
    within: tuple[Whole, ...] = ()
    hires_fewer: float = 0.0


WHOLE = Part()
"""A part of nothing: it adds up with everything."""


@dataclass(frozen=True)
class Moved:
    """A finding that moves a parameter of the scenario; its price is simulated.

    Attributes
    ----------
    findings : the one that is priced, then those that claim the same parameter and are priced with it.
    path : of the scenario, as a reader sees it.
    today : the parameter in the scenario, its additions included.
    value_at : measured, factor of the mapping → the parameter; arrays of the same shape.
    changes : scenario, parameter → what is changed; nothing at `today`.
    additions : scenario → what is added to it so that the parameter exists; empty where it does already.
    least, most : what the parameter can be.
    from_today : the scenario holds today's floor, whatever was measured, and the parameter says what is gained
        beyond it; else it holds the parameter itself.
    beside : what a month costs besides, computed without contacts.
    instead : what the same hours cost where service is held; the dearer of their two uses is priced, never both.
    part : of what the amount is a part.
    key : what the price goes by where another finding of this code has one too: EXP-3/2; else its code.
    """

    findings: tuple[Finding, ...]
    title: str
    reading: Reading
    mapping: How
    path: str
    today: float
    value_at: Callable[[Floats, Floats], Floats]
    changes: Callable[[Scenario, float], tuple[Change, ...]]
    line: Line
    acts: Acts
    additions: Callable[[Scenario], tuple[Change, ...]] = _nothing
    least: float = 0.0
    most: float = 1.0
    notes: tuple[str, ...] = ()
    from_today: bool = False
    beside: Cost | None = None
    instead: Cost | None = None
    part: Part = WHOLE
    key: str = ""

    @property
    def code(self) -> str:
        """Of the finding that is priced; `key` where another finding of this code has a price too."""
        return self.key or self.findings[0].code

    def ends(self, measured: Floats, then: Floats, factor: Floats) -> tuple[Floats, Floats]:
        """Return the parameter before and after the measure goes to `then`, not yet cut to what it can be."""
        before, after = (self.value_at(np.asarray(m, np.float64), factor) for m in (measured, then))
        if self.from_today:
            start = np.full_like(before, self.today)
            return start, start + after - before
        return before, after

    def held(self) -> Counted | None:
        """Return the price of the same hours with service held; None where they have no other use."""
        if self.instead is None:
            return None
        cost = added(self.instead, self.beside) if self.beside is not None else self.instead
        return Counted(
            self.findings, self.title, self.reading, self.mapping, self.path, cost, self.notes, self.part,
            self.key,
        )  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """A finding whose price is computed without contacts; `cost` is what a month costs at a measured value."""

    findings: tuple[Finding, ...]
    title: str
    reading: Reading
    mapping: How
    path: str
    cost: Cost
    notes: tuple[str, ...] = ()
    part: Part = WHOLE
    key: str = ""

    @property
    def code(self) -> str:
        """Of the finding that is priced; `key` where another finding of this code has a price too."""
        return self.key or self.findings[0].code


@dataclass(frozen=True)
class Unpriced:
    """A finding without a price, and why; never a zero."""

    finding: Finding
    reason: str
    missing: str = ""


Said: TypeAlias = Moved | Counted | Unpriced
RuleFunction = TypeVar("RuleFunction", bound=Callable[[Basis], Iterable[Said]])


@dataclass(frozen=True)
class Rule:
    """A declared rule: the item of METHOD section 34, its title, the money lines that it touches.

    `moves` : path → codes of the findings that move it; the same path as the lever that these findings name.
    """

    code: str
    title: str
    lines: tuple[Line, ...]
    price: Callable[[Basis], Iterable[Said]]
    moves: Mapping[str, tuple[str, ...]]

    def path_of(self, code: str) -> str | None:
        """Return the path that findings of a check move; None: no parameter of the scenario."""
        return next((path for path, codes in self.moves.items() if code in codes), None)


def pricing(
    code: str, *, lines: tuple[Line, ...], moves: Mapping[str, tuple[str, ...]] | None = None
) -> Callable[[RuleFunction], RuleFunction]:
    """Declare a plain function as the rule of METHOD item `code`; its docstring's first line is the title."""

    def declare(function: RuleFunction) -> RuleFunction:
        title = (inspect.getdoc(function) or "").partition("\n")[0].rstrip(".")
        if not title:
            raise WorkbenchError(f"The pricing rule {code} says nothing of itself. Give it a docstring.")
        function.__pricing__ = Rule(code, title, lines, function, dict(moves or {}))  # type: ignore[attr-defined]
        return function

    return declare


RULES: Catalogue[Rule] = Catalogue(
    kind="pricing rule",
    package="workbench.studies.pricing.rules",
    pick=lambda thing: getattr(thing, "__pricing__", None) if inspect.isfunction(thing) else None,
    name=lambda rule: rule.code,
    entry_point="workbench.pricing",
)


# What rules have in common.


def named(basis: Basis, *codes: str) -> tuple[Finding, ...]:
    """Return the findings with these codes, in the order of the codes and then of the assessment."""
    return tuple(f for code in codes for f in basis.assessment.findings if f.code == code)


def first_with(
    findings: Sequence[Finding], wanted: Callable[[Evidence], bool]
) -> tuple[Finding, Evidence] | None:
    """Return the first finding whose leading evidence is as wanted."""
    return next(((f, f.evidence[0]) for f in findings if wanted(f.evidence[0])), None)


def added(first: Cost, second: Cost) -> Cost:
    """Return two costs together, line by line."""

    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        one, other = first(m, k, money), second(m, k, money)
        lines = [line for line in LINES if line in one or line in other]
        return {line: np.asarray(one.get(line, 0.0) + other.get(line, 0.0)) for line in lines}

    return cost


def carried(first: Finding, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the finding that carries a price and the others, which are priced with it."""
    return (first, *(f for f in findings if f is not first))


Need = Literal["pay", "labour", "scenario", "headcount", "hires"]
"""What a rule cannot do without: what an hour costs, what all paid hours cost, a scenario, agents, new hires."""


def gap_of(
    basis: Basis, finding: Finding, evidence: Evidence | Reading, needs: Sequence[Need], *, high_is_bad: bool
) -> Reading | Unpriced:
    """Return what was measured and is expected, or why it has no price, of what every rule asks.

    In this order: nothing measured, nothing to close, no wage, no scenario, no headcount, nobody new.
    """
    read = evidence if isinstance(evidence, Reading) else reading(evidence)
    if read is None:
        return Unpriced(finding, "it has no measured value with an expectation")
    if not worse(read, high_is_bad=high_is_bad):
        return not_beyond(finding, read)
    if ("pay" in needs and basis.pay is None) or ("labour" in needs and basis.labour is None):
        return no_wage(finding) if basis.pay is None else no_hours(finding)
    if "scenario" in needs and basis.scenario is None:
        return Unpriced(finding, f"no scenario: {basis.no_scenario}", "contacts or intervals")
    if "headcount" in needs and not basis.headcount:
        return Unpriced(finding, "how many agents there are is not known", "hris")
    if "hires" in needs and not basis.hires_per_month:
        return Unpriced(finding, "nobody started in the period, or no roster says so", "hris.start_date")
    return read


def all_of(why: Unpriced, group: Iterable[Finding]) -> tuple[Unpriced, ...]:
    """Return the reason for the finding that would carry the price, and for those priced with it."""
    return (why, *(Unpriced(f, why.reason, why.missing) for f in group if f is not why.finding))


def worse(reading: Reading, *, high_is_bad: bool) -> bool:
    """Whether the measured value is on the bad side of what is expected."""
    return reading.value > reading.target if high_is_bad else reading.value < reading.target


def not_beyond(finding: Finding, reading: Reading) -> Unpriced:
    """Say that a finding's measure is no worse than expected, so that closing the gap changes nothing."""
    return Unpriced(
        finding,
        f"{reading.measure} is {figure(reading.value, reading.unit)} and {figure(reading.target, reading.unit)} is "
        "expected: there is no gap to close",
    )


def no_wage(finding: Finding) -> Unpriced:
    """Say that nobody said what an hour costs."""
    return Unpriced(
        finding,
        "nobody says what an hour costs",
        "cost_ledger with agents' cost and time sheets, or payroll, or rate_card; or --pay",
    )


def no_hours(finding: Finding) -> Unpriced:
    """Say that nobody said how many hours are paid."""
    return Unpriced(finding, "how many hours are paid a month is not known", "timesheet, or contacts")


def only(line: Line, amount: Floats) -> dict[Line, Floats]:
    """Return amounts of one line."""
    return {line: np.asarray(amount, np.float64)}
