"""What does one finding cost a month, how sure is that, and what would make it surer?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from workbench.diagnostics.finding import Finding, Grade
from workbench.studies.pricing.curve import Curve
from workbench.studies.pricing.doubts import DOUBTS, Draws, Floats, Reading, weakest
from workbench.studies.pricing.doubts import Mapping as How
from workbench.studies.pricing.floor import split
from workbench.studies.pricing.rule import LINES, WHOLE, Counted, Line, Moved, Part
from workbench.wording import figure, money

CONFIDENCE = 0.90
STEPS = tuple(i / 10 for i in range(11))
"""How far a finding is repaired, for the curve of its price."""
PAY_EVIDENCE = "what an hour costs (cost_ledger and time sheets, or payroll)"

ByLine = Callable[[str, float], Mapping[Line, Floats]]
"""Which doubt alone is left ("": all of them), how far it is repaired → draws of what is saved, by line."""


@dataclass(frozen=True)
class Amount:
    """An amount a month, with the interval in which it lies nine times of ten."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of the interval's width."""
        return (self.high - self.low) / 2

    @property
    def between(self) -> str:
        """The interval in words."""
        return f"{money(self.low)} to {money(self.high)}"

    @property
    def words(self) -> str:
        """The amount with its interval in words."""
        return f"{money(self.value)} ({self.between})"

    def to_data(self) -> dict[str, float]:
        """Return plain data for JSON."""
        return {"value": self.value, "low": self.low, "high": self.high}


def amount(values: Floats) -> Amount:
    """Return mean and 90 % interval of draws."""
    low, high = np.quantile(values, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    return Amount(float(np.mean(values)), float(low), float(high))


@dataclass(frozen=True)
class Price:
    """What a finding costs a month: what would be saved if its measure were at the target.

    Attributes
    ----------
    findings : the one that is priced, then those priced with it because they claim the same parameter.
    path : what moves: a path of the scenario, or the ledger line of a sum.
    way : simulated or computed.
    today, target : the parameter; None where a sum has none.
    lines : the amount by money line; only those that are touched.
    doubts : the share of each doubt in the variance; they add up to 1.
    narrows : the one piece of evidence that would narrow the interval most.
    steps : the amount at each of STEPS of the way to the target.
    scenario_grade : of the scenario that was simulated; None: none was.
    pay_grade : of what an hour costs; pay_lines : the lines that it enters.
    part : of what the amount is a part, so that together nothing is counted twice.
    key : what the price goes by where another finding of this code has one too: EXP-3/2; else its code.
    """

    rule: str
    title: str
    findings: tuple[Finding, ...]
    currency: str
    path: str
    way: str
    reading: Reading
    mapping: How
    today: float | None
    target: float | None
    amount: Amount
    lines: Mapping[Line, Amount]
    doubts: Mapping[str, float]
    narrows: str
    steps: tuple[Amount, ...]
    notes: tuple[str, ...] = ()
    drawn: Floats = field(default_factory=lambda: np.zeros(0), repr=False, compare=False)
    saving: Callable[[float], Floats] | None = field(default=None, repr=False, compare=False)
    by_line: ByLine | None = field(default=None, repr=False, compare=False)
    scenario_grade: Grade | None = None
    pay_grade: Grade | None = None
    pay_lines: frozenset[Line] = frozenset()
    part: Part = WHOLE
    key: str = ""

    @property
    def grade(self) -> Grade:
        """The weakest of what the price rests on: mapping, scenario if simulated, what an hour costs if in it."""
        paid = self.pay_grade if self.pay_lines & set(self.lines) else None
        return weakest(*(g for g in (self.mapping.grade, self.scenario_grade, paid) if g is not None))

    @property
    def code(self) -> str:
        """Of the finding that is priced; `key` where another finding of this code has a price too."""
        return self.key or self.findings[0].code

    @property
    def caveat(self) -> str:
        """What the interval does not hold, to be shown with it; "" if it holds every doubt in numbers."""
        return "sampling doubt unknown" if self.reading.sampling_unknown else ""

    @property
    def between(self) -> str:
        """The interval in words; "+ ?": a doubt that nobody can put in numbers comes on top."""
        return self.amount.between + (" + ?" if self.caveat else "")

    def at(self, how_far: float) -> Amount:
        """Return what is saved a month when the finding is repaired `how_far` of the way (0 to 1)."""
        if how_far == 0:
            return Amount(0.0, 0.0, 0.0)
        if self.saving is not None:
            return amount(self.saving(how_far))
        ends = ([a.value for a in self.steps], [a.low for a in self.steps], [a.high for a in self.steps])
        value, low, high = (float(np.interp(how_far, STEPS, e)) for e in ends)
        return Amount(value, low, high)

    def of_lines(self, lines: Sequence[Line]) -> Price | None:
        """Return the price in some money lines alone; None where it touches none of them."""
        kept = [line for line in self.lines if line in lines]
        if not kept or self.by_line is None:
            return None
        if len(kept) == len(self.lines):
            return self
        whole = self.by_line

        def by_line(doubt: str, how_far: float) -> Mapping[Line, Floats]:
            return {line: saved for line, saved in whole(doubt, how_far).items() if line in kept}

        return replace(self, **_figures(by_line, self.reading, self.mapping))

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "code": self.code,
            "finding": self.findings[0].code,
            "rule": self.rule,
            "title": self.title,
            "statement": self.findings[0].statement,
            "priced_with_it": [{"code": f.code, "statement": f.statement} for f in self.findings[1:]],
            "currency": self.currency,
            "moves": self.path,
            "way": self.way,
            "reading": self.reading.to_data(),
            "mapping": self.mapping.to_data(),
            "grade": self.grade,
            "today": self.today,
            "target": self.target,
            "a_month": self.amount.to_data(),
            "lines": {line: a.to_data() for line, a in self.lines.items()},
            "doubts": {d: None if d == "finding" and self.caveat else part for d, part in self.doubts.items()},
            "caveat": self.caveat,
            "narrows": self.narrows,
            "repaired": [
                {"how_far": s, **a.to_data()} for s, a in zip(STEPS, self.steps, strict=True)
            ],
            "commitments": self.findings[0].commitments,
            "margin": self.findings[0].margin,
            "notes": list(self.notes),
        }  # fmt: skip


Saving = Callable[[Draws, float], dict[Line, Floats]]


def saving_by_curve(moved: Moved, curve: Curve, pay: Callable[[Floats], Floats]) -> Saving:
    """Return what is saved by moving a parameter, from its simulated curve.

    `pay` : number in (0, 1) → factor on what an hour costs.
    """

    def saving(drawn: Draws, how_far: float) -> dict[Line, Floats]:
        m, k = moved.reading.at(drawn.finding), moved.mapping.factor.at(drawn.mapping)
        then = moved.reading.part_way(how_far, m)
        ends = [np.clip(x, moved.least, moved.most) for x in moved.ends(m, then, k)]
        before, after = (curve(x, drawn.noise) for x in ends)
        hours = pay(drawn.money)
        as_it_is = np.ones_like(hours)
        factor = {"work": hours, "overtime": hours, "penalty": as_it_is, "revenue": as_it_is}
        found = split(moved, {name: (after[name] - before[name]) * factor[name] for name in after})
        if moved.beside is not None:
            then_, now = (moved.beside(x, k, hours) for x in (then, m))
            found |= {line: np.asarray(found.get(line, 0.0) + now[line] - then_[line]) for line in now}
        return found

    return saving


def saving_by_sum(counted: Counted, pay: Callable[[Floats], Floats]) -> Saving:
    """Return what is saved where a price is computed without contacts."""

    def saving(drawn: Draws, how_far: float) -> dict[Line, Floats]:
        m, k = counted.reading.at(drawn.finding), counted.mapping.factor.at(drawn.mapping)
        hours = pay(drawn.money)
        before = counted.cost(m, k, hours)
        after = counted.cost(counted.reading.part_way(how_far, m), k, hours)
        return {line: before[line] - after[line] for line in before}

    return saving


def lines_of_pay(saving_at: Callable[[Callable[[Floats], Floats]], Saving], drawn: Draws) -> frozenset[Line]:
    """Return the money lines in which twice the pay saves another amount.

    saving_at : factor on what an hour costs, of a number in (0, 1) → what is saved.
    """
    once = saving_at(np.ones_like)(drawn, 1.0)
    twice = saving_at(lambda u: np.full_like(u, 2.0))(drawn, 1.0)
    return frozenset(line for line in once if not np.allclose(once[line], twice[line], rtol=1e-9, atol=1e-9))


def priced(
    rule: str, said: Moved | Counted, saving: Saving, drawn: Draws, currency: str, scenario_grade: Grade = "M",
    pay_grade: Grade | None = None, pay_lines: frozenset[Line] = frozenset(),
) -> Price:  # fmt: skip
    """Return the price of a finding from what is saved under every draw of the doubts.

    scenario_grade : of what of the scenario a moved parameter leans on; pay_grade : of what an hour costs;
    pay_lines : the lines that it enters, as `lines_of_pay` finds them.
    """
    today = target = None
    notes = [*said.notes, *_cut(said.reading)]
    if said.reading.sampling_unknown:
        notes.append(
            f"Sampling doubt unknown: n = {said.reading.n:,} gives no interval, so that the price is less sure than "
            "its interval says."
        )
    if isinstance(said, Moved):
        one = np.ones(1)
        ends = [
            float(x[0])
            for x in said.ends(
                one * said.reading.used, one * said.reading.aimed, one * said.mapping.factor.middle
            )
        ]
        today, target = (float(np.clip(x, said.least, said.most)) for x in ends)
        for name, raw, used in (("today", ends[0], today), ("target", ends[1], target)):
            if abs(raw - used) > 1e-9:
                notes.append(
                    f"{said.path}: {raw:.3g} ({name}) lies outside of what it can be, {said.least:g} to "
                    f"{said.most:g}; priced at {used:g}."
                )
    simulated = isinstance(said, Moved)
    return Price(
        rule=rule,
        title=said.title,
        findings=said.findings,
        currency=currency,
        path=said.path,
        way="simulated" if simulated else "computed",
        scenario_grade=scenario_grade if simulated else None,
        pay_grade=pay_grade,
        pay_lines=pay_lines,
        part=said.part,
        key=said.key,
        reading=said.reading,
        mapping=said.mapping,
        today=today,
        target=target,
        notes=tuple(notes),
        **_figures(
            lambda doubt, how_far: saving(drawn.only(doubt) if doubt else drawn, how_far), said.reading, said.mapping
        ),
    )  # fmt: skip


def _cut(read: Reading) -> list[str]:
    """Say where a measured value, or what is expected, lies outside of what the measure can be."""
    ends = f"{figure(read.least, read.unit)} to {figure(read.most, read.unit)}"
    return [
        f"{read.measure}: {figure(raw, read.unit)} ({name}) lies outside of what it can be, {ends}; priced at "
        f"{figure(used, read.unit)}."
        for name, raw, used in (("measured", read.value, read.used), ("expected", read.target, read.aimed))
        if abs(raw - used) > 1e-9
    ]  # fmt: skip


def dearer(service: Price, held: Price, beside: Floats) -> Price:
    """Return the price of hours by the use that is worth more, the other told in a note; never both.

    Parameters
    ----------
    service : everybody stays, and contacts are served sooner; simulated.
    held : service stays, and hours are saved.
    beside : draws of what is saved in either use, whatever the hours are worth.
    """
    used, other = (service, held) if service.amount.value > held.amount.value else (held, service)
    worth = f"{amount(other.drawn - beside).words} {used.currency}"
    told = (
        f"With service held as it is the same hours would save {worth}: less, so that the service they buy is priced."
        if used is service
        else f"Kept on the floor the same hours would save {worth} in credits, overtime and lost contacts (simulated): "
        "less than their pay, which is priced."
    )
    return replace(used, notes=(*used.notes, told))


def _figures(by_line: ByLine, reading: Reading, mapping: How) -> dict[str, Any]:
    """Return what of a price follows from its draws."""
    found = by_line("", 1.0)
    total = _total(found)
    parts = {doubt: float(np.var(_total(by_line(doubt, 1.0)))) for doubt in DOUBTS}
    whole = sum(parts.values())
    doubts = {doubt: (part / whole if whole > 0 else 0.0) for doubt, part in parts.items()}
    return {
        "amount": amount(total),
        "lines": {line: amount(found[line]) for line in LINES if line in found and found[line].any()},
        "doubts": doubts,
        "narrows": _narrows(reading, mapping, doubts),
        "steps": tuple(
            Amount(0.0, 0.0, 0.0) if step == 0 else amount(_total(by_line("", step))) for step in STEPS
        ),
        "drawn": total,
        "saving": lambda how_far: _total(by_line("", how_far)),
        "by_line": by_line,
    }


def _total(by_line: Mapping[Line, Floats]) -> Floats:
    return np.asarray(sum(by_line.values()))


def _narrows(reading: Reading, mapping: How, doubts: Mapping[str, float]) -> str:
    if reading.sampling_unknown:
        return f"a longer record of: {reading.measure} (n = {reading.n:,} gives no interval)"
    if not any(doubts.values()):
        return "nothing: no doubt about it is quantified"
    largest = max(DOUBTS, key=lambda doubt: doubts[doubt])
    if largest == "finding":
        return f"a longer record of: {reading.measure} (now n = {reading.n:,}; four times as many halve it)"
    if largest == "mapping":
        return mapping.evidence or f"evidence for: {mapping.says}"
    if largest == "money":
        return PAY_EVIDENCE
    return "more simulated months (--months)"
