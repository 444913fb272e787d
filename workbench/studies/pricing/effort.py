"""What does mending a finding take, once? Hours of change and money: as somebody wrote it down, else assumed.

The file is YAML; `template` writes it with what is assumed, to be replaced line by line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from workbench.diagnostics.finding import Finding, Grade, RepairStep
from workbench.errors import ScenarioError, UnknownName
from workbench.sim.mistakes import read_as, read_yaml
from workbench.sim.parts import Part
from workbench.studies.pricing.doubts import Floats, Triangle
from workbench.studies.pricing.price import Price
from workbench.studies.pricing.ranges import NotNegative, Some, written
from workbench.wording import money

HOURS_OF_STEP: dict[RepairStep, float] = {
    "bypass": 40.0, "process": 80.0, "ownership": 40.0, "data": 60.0, "cadence": 40.0, "technology": 160.0,
}  # fmt: skip
"""Hours of change that a finding takes, by its step of repair. Ours, assumed (grade A), to be replaced."""
HALF_OR_TWICE = (0.5, 2.0)
"""How far the assumed hours may be off. Ours (grade A)."""
CHANGE_PAY = Triangle(1.5, 2.5, 4.0)
"""An hour of change costs so many times an agent's hour. Ours, assumed (grade A)."""
MONTHS = 24.0
"""Within so many months a repair is to earn what it took."""


@dataclass(frozen=True)
class Effort:
    """What mending a finding takes once.

    Attributes
    ----------
    hours : of change; money : everything, these hours included.
    hour : what an hour of change costs, where `money` is not given.
    grade : D as somebody wrote it down, A assumed.
    """

    hours: Triangle
    money: Triangle | None = None
    hour: Triangle | None = None
    grade: Grade = "A"
    source: str = ""

    @property
    def known(self) -> bool:
        """Whether anybody can say what it costs."""
        return self.money is not None or self.hour is not None

    @property
    def likely_money(self) -> float | None:
        """What it most likely costs; None where nobody says what an hour costs."""
        if self.money is not None:
            return self.money.likely
        return None if self.hour is None else self.hours.likely * self.hour.likely

    def at(self, hours: Floats, rate: Floats) -> tuple[Floats, Floats]:
        """Return hours and money at numbers in (0, 1), one for how much it is and one for what an hour costs."""
        took = self.hours.at(hours)
        if self.money is not None:
            return took, self.money.at(hours)
        return took, np.zeros_like(took) if self.hour is None else took * self.hour.at(rate)

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "hours": self.hours.likely, "hours_range": [self.hours.low, self.hours.high], "money": self.likely_money,
            "grade": self.grade, "source": self.source,
        }  # fmt: skip


class FixText(Part):
    """What mending one finding takes."""

    hours: NotNegative | None = None
    """Of change, once."""
    money: NotNegative | None = None
    """Everything it costs once, those hours included."""
    source: str = ""
    """Who says so: an offer, an estimate of whom."""


class EffortsText(Part):
    """What a file of efforts says."""

    format: Literal[1] = 1
    """Of this file; a newer one is refused."""
    currency: str
    """Of every amount here: the account's."""
    months: float = Field(MONTHS, ge=1, le=120)
    """Within so many months a repair is to earn what it took."""
    hour: Some | None = None
    """What an hour of change costs; else so many times an agent's hour."""
    fixes: dict[str, FixText] = Field(default_factory=dict)
    """By code of the finding; EXP-3/2 where a second finding of this code has a price."""


@dataclass(frozen=True)
class Efforts:
    """What is known of the efforts of a client; by itself: nothing, so that all is assumed."""

    fixes: Mapping[str, FixText] = field(default_factory=dict)
    hour: Triangle | None = None
    months: float = MONTHS
    source: str = ""

    def of(self, findings: Mapping[str, Finding], pay_per_hour: float | None) -> dict[str, Effort]:
        """Return what mending each finding takes: as given, else assumed by its step.

        pay_per_hour : of an agent; None: nobody says, and what is not given then costs nobody knows what.
        """
        hour = self.hour
        if hour is None and pay_per_hour:
            hour = Triangle(*(pay_per_hour * x for x in (CHANGE_PAY.low, CHANGE_PAY.likely, CHANGE_PAY.high)))
        found = {}
        for code, one in findings.items():
            likely = HOURS_OF_STEP[one.step]
            hours = Triangle(HALF_OR_TWICE[0] * likely, likely, HALF_OR_TWICE[1] * likely)
            text = self.fixes.get(code)
            source = self.source if text is None else text.source or self.source
            found[code] = (
                Effort(hours, None, hour, "A", f"assumed for a step of {one.step}")
                if text is None
                else Effort(text.hours or hours, text.money, hour, "D", source)
            )
        return found

    def unused(self, prices: Sequence[Price], counted: Iterable[str] = ()) -> tuple[str, ...]:
        """Say of which findings an effort was written down that counts for nothing, and why.

        counted : codes of findings without a price whose effort counts, since they come before others.
        """
        carrier = {f.code: p.code for p in reversed(prices) for f in p.findings} | {
            p.code: p.code for p in prices
        }
        found = []
        for code in self.fixes:
            if code in counted:
                continue
            if code not in carrier:
                found.append(
                    f"{self.source}, {code}: the finding has no price, so that what it takes is not counted."
                )
            elif carrier[code] != code and code not in {p.code for p in prices}:
                found.append(
                    f"{self.source}, {code}: it is priced with {carrier[code]}; write there what both take, here it is "
                    "not counted."
                )
        return tuple(found)

    def hours_alone(self, findings: Mapping[str, Finding]) -> dict[str, Effort]:
        """Return what mending each finding takes without a word of money."""
        return {code: replace(e, money=None, hour=None) for code, e in self.of(findings, None).items()}


def read_efforts(
    source: Path | Mapping[str, Any],
    codes: Iterable[str],
    currency: str | None,
    where: str = "",
    what: str = "finding of this client",
) -> Efforts:
    """Read a file of efforts, or its content that was read already.

    Parameters
    ----------
    codes : of the client's findings.
    currency : of the account; None: not known yet.
    what : is asked for by the codes, in the words of a mistake.

    Raises
    ------
    ScenarioError
        with every mistake at once: of form, of codes that the client has no finding of, of the currency.
    """
    data, name = read_yaml(source) if isinstance(source, Path) else (source, where)
    if not isinstance(data, dict):
        raise ScenarioError(
            ["efforts are written as fields with their values: format, currency, fixes"], name
        )
    text, problems = read_as(EffortsText, data)
    named = data.get("fixes")
    known_codes = sorted(set(codes))
    for code, entry in named.items() if isinstance(named, dict) else ():
        if code not in known_codes:
            problems.append(f"fixes.{code}: {UnknownName(what, str(code), known_codes)}")
        if isinstance(entry, dict) and not {"hours", "money"} & set(entry):
            problems.append(f"fixes.{code}: say hours, money or both")
    problems += wrong_currency(data, currency)
    if problems or text is None:
        raise ScenarioError(list(dict.fromkeys(problems)), name)
    return Efforts(dict(text.fixes), text.hour, text.months, Path(name).name)


def wrong_currency(data: Mapping[str, Any], currency: str | None) -> list[str]:
    """Say that amounts are in another currency than the account, where they are; None: not known yet."""
    came = data.get("currency")
    if not isinstance(came, str) or currency is None or came == currency:
        return []
    return [
        f'currency: amounts are in "{came}" and the account is in {currency}. Convert them at a dated rate and write '
        f"currency: {currency}"
    ]


def template(prices: Sequence[Price], efforts: Mapping[str, Effort], client: str, currency: str) -> str:
    """Return a file of efforts with what is assumed, a comment for each finding."""
    comments = {
        p.code: f"{p.title.partition(' (')[0]}: {money(p.amount.value)} {currency} a month" for p in prices
    }
    hour = next((e.hour for e in efforts.values() if e.hour is not None), None)
    lines = [
        f"# What mending each finding of {client} takes, once. What stands here is assumed: replace it, take out",
        "# what you do not know, and run workbench price CLIENT --efforts with this file.",
        "# A number, or low, likely and high as 20:40:80.",
        "format: 1",
        f"currency: {currency}",
        f"months: {MONTHS:g}  # within so many months a repair is to earn what it took",
        f"hour: {written(hour)}  # what an hour of change costs" if hour is not None
        else "# hour: 60  # what an hour of change costs: nobody says what an agent's hour does",
        "fixes:" if efforts else "fixes: {}",
    ]  # fmt: skip
    for code, effort in efforts.items():
        lines += [
            f"  # {comments.get(code, 'no price; it comes before others in the order of repair')}",
            f"  {code}:",
            f"    hours: {written(effort.hours)}",
            "    # money: 5000  # everything it costs once, those hours included; else hours times hour",
            f"    source: {json.dumps(effort.source, ensure_ascii=False)}",
        ]
    return "\n".join(lines) + "\n"
