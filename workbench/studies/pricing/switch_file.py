"""What does somebody know of a switch? Transition, parallel run, ramp and the other vendor's price, as written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from workbench.errors import ScenarioError
from workbench.sim.mistakes import read_as, read_yaml
from workbench.sim.parts import Part
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Triangle, known
from workbench.studies.pricing.effort import wrong_currency
from workbench.studies.pricing.ranges import Months, NotNegative, Share, Some, Weeks, written
from workbench.studies.pricing.switching import DISCOUNT, MONTHS, Switch

SAME = (
    "transition_weeks",
    "parallel_share",
    "ramp_weeks",
    "ramp_loss",
    "mended",
    "mending_months",
    "carried_over",
)
"""Fields that mean in the file what they mean in a switch."""


class SwitchText(Part):
    """What a file on a switch says; whatever it leaves out is assumed."""

    format: Literal[1] = 1
    """Of this file; a newer one is refused."""
    currency: str
    """Of every amount here: the account's."""
    months: int = Field(MONTHS, ge=6, le=120)
    """Over so many months staying and switching are compared."""
    discount: float = Field(DISCOUNT, ge=0, le=0.5)
    """A year."""
    source: str = ""
    """Who says so."""
    transition_weeks: Weeks | None = None
    """From the decision to the last contact of today's vendor."""
    parallel_share: Share | None = None
    """Of the monthly cost of the floor that is paid a second time during the transition."""
    ramp_weeks: Weeks | None = None
    """So long the new floor is slower."""
    ramp_loss: Share | None = None
    """By so much of its time, on average."""
    one_time: NotNegative | None = None
    """Contract, knowledge transfer and tools: money, once."""
    mended: Share | None = None
    """Of today's losses, what staying would mend."""
    mending_months: Months | None = None
    """Until it is mended."""
    carried_over: Share | None = None
    """Of today's losses, what goes along, since its causes are the buyer's."""
    hour_then: Some | None = None
    """What the other vendor charges for an hour."""
    hour_now: Some | None = None
    """What is charged for an hour today; else the rate card's."""
    hours: Some | None = None
    """Hours billed a month; else the paid ones."""
    month_then: Some | None = None
    """What the other vendor charges a month, where it is not by the hour."""
    month_now: Some | None = None
    """What is charged a month today; else the invoices'."""

    @model_validator(mode="after")
    def _one_price(self) -> SwitchText:
        if self.hour_then is not None and self.month_then is not None:
            raise ValueError(
                "the other vendor's price is given by the hour and by the month. Leave one of them out"
            )
        for then, now, name in (
            (self.hour_then, self.hour_now, "hour"), (self.month_then, self.month_now, "month"),
        ):  # fmt: skip
            if then is None and now is not None:
                raise ValueError(f"{name}_now is of use only beside {name}_then, the other vendor's price")
        return self


@dataclass(frozen=True)
class SwitchFile:
    """What was written down of a switch, before the client's own figures are put beside it."""

    text: SwitchText
    name: str

    def on(self, basis: Basis) -> Switch:
        """Return the switch of a client.

        Raises
        ------
        ScenarioError
            where today's price is needed and neither the file nor the client's tables say it.
        """
        text, given = self.text, list[str]()
        way = replace(Switch(), discount=text.discount, source=text.source or self.name)
        for name in SAME:
            if (value := getattr(text, name)) is not None:
                way = replace(way, **{name: value})
                given.append(name)
        if text.one_time is not None and basis.labour:
            way, given = (
                replace(way, one_time_months=_times(text.one_time, 1 / basis.labour)),
                [*given, "one_time_months"],
            )
        if (dearer := self._dearer(basis)) is not None:
            way = replace(way, dearer=dearer)
            given.append("dearer")
        return replace(way, given=tuple(given))

    def _dearer(self, basis: Basis) -> Triangle | None:
        text = self.text
        if text.hour_then is not None:
            now = text.hour_now or _rate_now(basis)
            hours = text.hours.likely if text.hours is not None else basis.paid_hours
            if now is None:
                raise self._lacks("hour_now", "what an hour is charged at today", "rate_card by the hour")
            if hours is None:
                raise self._lacks("hours", "how many hours are billed a month", "timesheet")
            return _times(_less(text.hour_then, now), hours)
        if text.month_then is not None:
            now = text.month_now or _billed_now(basis)
            if now is None:
                raise self._lacks("month_now", "what is charged a month today", "invoice")
            return _less(text.month_then, now)
        return None

    def _lacks(self, field: str, what: str, table: str) -> ScenarioError:
        return ScenarioError(
            [f"{field}: {what} is in no table of the client ({table}), and is needed beside the other vendor's price. "
             "Add it"], self.name,
        )  # fmt: skip


def read_switch(source: Path | Mapping[str, Any], currency: str | None, where: str = "") -> SwitchFile:
    """Read a file on a switch, or its content that was read already.

    currency : of the account; None: not known yet.

    Raises
    ------
    ScenarioError
        with every mistake at once.
    """
    data, name = read_yaml(source) if isinstance(source, Path) else (source, where)
    if not isinstance(data, dict):
        raise ScenarioError(
            ["a switch is written as fields with their values: format, currency, transition_weeks …"], name
        )
    text, of_form = read_as(SwitchText, data)
    problems = [problem.removeprefix("scenario: ") for problem in of_form] + wrong_currency(data, currency)
    if problems or text is None:
        raise ScenarioError(list(dict.fromkeys(problems)), name)
    return SwitchFile(text, Path(name).name)


def template(basis: Basis) -> str:
    """Return a file on a switch with what is assumed, each line explained."""
    way, fields = Switch(), SwitchText.model_fields
    lines = [
        f"# What is known of a switch of {basis.dataset.client.name} to another vendor. What stands here is assumed:",
        "# replace it, take out what you do not know, and run workbench price CLIENT --switch with this file.",
        "# A number, or low, likely and high as 4:6:8.",
        "format: 1",
        f"currency: {basis.currency}",
        f"months: {MONTHS}  # {fields['months'].description}",
        f"discount: {DISCOUNT}  # {fields['discount'].description}",
    ]
    lines += [f"{name}: {written(getattr(way, name))}  # {fields[name].description}" for name in SAME]
    if basis.labour:
        once = written(_times(way.one_time_months, basis.labour))
        lines.append(f"one_time: {once}  # {fields['one_time'].description}")
    rate, billed = _rate_now(basis), _billed_now(basis)
    examples = (
        ("hour_then", "the offer"),
        ("hour_now", written(rate) if rate is not None else "today's"),
        ("hours", f"{basis.paid_hours:.0f}" if basis.paid_hours else "billed"),
        ("month_then", "the offer"),
        ("month_now", written(billed) if billed is not None else "today's"),
    )
    lines += ["# The other vendor's price, by the hour or by the month; left out: as today's.",
              *(f"# {name}: {value}  # {fields[name].description}" for name, value in examples)]  # fmt: skip
    return "\n".join(lines) + "\n"


def _times(one: Triangle, factor: float) -> Triangle:
    return Triangle(*sorted((one.low * factor, one.likely * factor, one.high * factor)))


def _less(then: Triangle, now: Triangle) -> Triangle:
    return Triangle(then.low - now.high, then.likely - now.likely, then.high - now.low)


def _rate_now(basis: Basis) -> Triangle | None:
    """Return what an hour is charged at by the rate card: the median of its rates."""
    table = basis.table("rate_card")
    if table is None:
        return None
    mine = table["unit"].isin(("hour", "hours", "h")) & (
        table["currency"].isna() | (table["currency"] == basis.currency)
    )
    rates = table.loc[mine, "rate"].dropna()
    rates = rates[rates > 0]
    return None if rates.empty else known(float(np.median(rates)))


def _billed_now(basis: Basis) -> Triangle | None:
    """Return what is billed a month by the invoices: the median of its months."""
    table = basis.table("invoice")
    if table is None:
        return None
    mine = table[table["currency"].isna() | (table["currency"] == basis.currency)]
    months = mine.groupby("period")["amount"].sum()
    months = months[months > 0]
    return None if months.empty else known(float(months.median()))
