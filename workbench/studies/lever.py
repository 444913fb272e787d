"""What can a planner turn? A lever: one number in a planner's words, and the changes that it stands for.

A lever is declared in a file of its own in `levers/`, and found there. At today's value it leaves every
simulated figure as it is. What a scenario has nothing for is refused in words (`NotHere`), or falls
back on the nearest thing that the scenario does have, which `says` then tells.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.catalogue import Catalogue
from workbench.errors import CallError, UnknownName
from workbench.sim.arrivals import Queue
from workbench.sim.change import Change
from workbench.sim.people import Group
from workbench.sim.scenario import Scenario
from workbench.wording import counted, listing

UNITS = ("fraction", "factor", "people", "contacts", "s")
"""fraction: a share, moved in points; factor: 1 is today; people, contacts: whole numbers; s: seconds."""


class NotHere(CallError):
    """Met by whoever turns a lever that acts on something which the scenario does not have."""


@dataclass(frozen=True)
class Lever:
    """One number that a planner turns.

    Attributes
    ----------
    name : as it is written on the command line and in files: "handle_time".
    title : as a reader says it: "handle time".
    unit : of the value; one of UNITS.
    low, high, step : of a slider. `bounds` widens them where today lies outside.
    swing : by how much a tornado moves it to each side of today; of people a share, at least one.
    says : how it acts and what is assumed, in a sentence.
    present : scenario, only → the value today; raises NotHere. `only` is "" for the whole.
    move : scenario, value, only → the changes; none or neutral ones at today's value.
    acts_on : what `only` names: "queue", "group", "kind of shrinkage", "skill"; "" if nothing.
    more, less : how a move reads, with {amount}.
    """

    name: str
    title: str
    unit: str
    low: float
    high: float
    step: float
    swing: float
    says: str
    present: Callable[[Scenario, str], float]
    move: Callable[[Scenario, float, str], tuple[Change, ...]]
    acts_on: str = ""
    more: str = ""
    less: str = ""

    def today(self, scenario: Scenario, only: str = "") -> float:
        """Return the value that leaves everything as it is.

        Raises
        ------
        NotHere
            if the scenario has nothing that the lever could act on.
        UnknownName
            if `only` does not exist.
        """
        if only and not self.acts_on:
            raise CallError(f"{self.name}: acts on the whole centre. Leave out :{only}")
        try:
            return float(self.present(scenario, only))
        except NotHere as reason:
            raise NotHere(f"{self.name}: {reason}") from None

    def why_not(self, scenario: Scenario, only: str = "") -> str:
        """Return why the scenario has nothing for this lever; "" if it has."""
        try:
            self.today(scenario, only)
        except NotHere as reason:
            return str(reason)
        return ""

    def bounds(self, scenario: Scenario, only: str = "") -> tuple[float, float]:
        """Return the least and the greatest value; today lies between them."""
        today = self.today(scenario, only)
        reach = math.ceil(1.5 * today) if self.unit == "people" else today
        return min(self.low, today), max(self.high, today, reach)

    def swings(self, scenario: Scenario, only: str = "") -> tuple[float, float]:
        """Return the values between which a tornado moves it: to each side of today, within bounds."""
        today = self.today(scenario, only)
        by = max(1.0, round(self.swing * today)) if self.unit == "people" else self.swing
        low, high = self.bounds(scenario, only)
        return max(low, today - by), min(high, today + by)

    def changes(self, scenario: Scenario, value: float, only: str = "") -> tuple[Change, ...]:
        """Return the changes that put the lever to a value.

        Raises
        ------
        NotHere, UnknownName
            as `today`.
        CallError
            for a value that the lever cannot have.
        """
        today = self.today(scenario, only)
        self._check(value, today)
        why = self.words(scenario, value, only)
        return tuple(Change(c.path, c.value, c.why or why) for c in self.move(scenario, value, only))

    def _check(self, value: float, today: float) -> None:
        least = 0.0 if self.unit != "fraction" or self.low >= 0 else self.low
        most = 1.0 if self.unit == "fraction" else math.inf
        if not min(least, today) <= value <= most or math.isinf(value):
            limits = f"{least:g} to {most:g}" if math.isfinite(most) else f"a number from {least:g}"
            raise CallError(
                f"{self.name}: {value:g} is outside what it can be, {limits}; today it is {today:g}."
            )
        if self.unit in ("people", "contacts") and not float(value).is_integer():
            raise CallError(f"{self.name}: {value:g} is not a whole number of {self.unit}.")

    def at(self, scenario: Scenario, text: str, only: str = "") -> float:
        """Read a value: "0.12", or a move from today: "+0.05", "-10%", "+2".

        "%" are points of a fraction, and a share of today's value of everything else; of people and contacts rounded
        to whole ones.

        Raises
        ------
        CallError
            for a text that is no number.
        """
        number = text.strip().replace("−", "-")
        percent = number.endswith("%")
        try:
            read = float(number.removesuffix("%")) / (100.0 if percent else 1.0)
        except ValueError:
            read = math.nan
        from_today = number[:1] in ("+", "-")
        of_today = percent and self.unit not in ("fraction", "factor")
        if math.isnan(read) or (of_today and not from_today):
            unit = {"fraction": "+0.05 or +5%", "factor": "1.1 or +10%"}.get(
                self.unit, f"+{self.step:g} or +10%"
            )
            raise CallError(f'{self.name}: "{text}" is not a value. Write {unit}; + and - count from today.')
        today = self.today(scenario, only)
        if not of_today:
            return today + read if from_today else read
        turned = today * (1 + read)
        return float(round(turned)) if self.unit in ("people", "contacts") else turned

    def words(self, scenario: Scenario, value: float, only: str = "") -> str:
        """Return a move as a planner says it: "5 points more shrinkage"."""
        moved = value - self.today(scenario, only)
        where = f" ({only})" if only else ""
        if moved == 0:
            return f"{self.title} as today{where}"
        size = abs(moved)
        if self.unit == "fraction":
            amount = f"{_plain(100 * size)} {'point' if round(100 * size, 6) == 1 else 'points'}"
        elif self.unit == "factor":
            amount = f"{_plain(100 * size)} %"
        elif self.unit == "s":
            amount = _duration(size)
        else:
            amount = counted(round(size), "person" if self.unit == "people" else "contact")
        pattern = self.more if moved > 0 else self.less
        return (pattern or f"{{amount}} {'more' if moved > 0 else 'less'} {self.title}").format(
            amount=amount
        ) + where


def _duration(seconds: float) -> str:
    if seconds >= 3600:
        return f"{_plain(seconds / 3600)} h"
    return f"{_plain(seconds / 60)} min" if seconds >= 600 else f"{_plain(seconds)} s"


def _plain(value: float) -> str:
    return f"{round(value, 2):g}"


LEVERS = Catalogue[Lever](
    "lever",
    "workbench.studies.levers",
    lambda thing: thing if isinstance(thing, Lever) else None,
    lambda lever: lever.name,
    "workbench.levers",
)


def applicable(scenario: Scenario) -> tuple[Lever, ...]:
    """Return the levers that the scenario has something for, in the order of names."""
    return tuple(lever for lever in LEVERS if not lever.why_not(scenario))


def levers_in(texts: Iterable[str]) -> list[str]:
    """Return levers as they are written, one by one: "volume=+10%,shrinkage=+0.05" is two of them."""
    found: list[str] = []
    for text in texts:
        parts = re.split(r",(?=[^,=]*=)", text)
        found += [part.strip() for part in parts] if all("=" in part for part in parts) else [text]
    return found


def names_in(texts: Iterable[str]) -> list[str]:
    """Return names of levers, one by one: "volume,shrinkage" is two of them."""
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


# What levers have in common.


def queues_of(scenario: Scenario, only: str) -> Mapping[str, Queue]:
    """Return the queues that a lever acts on; all, or the one called `only`."""
    if only and only not in scenario.queues:
        raise UnknownName("queue", only, scenario.queues)
    return {name: q for name, q in scenario.queues.items() if not only or name == only}


def groups_of(scenario: Scenario, only: str) -> Mapping[str, Group]:
    """Return the groups that a lever acts on; all, or the one called `only`."""
    if only and only not in scenario.groups:
        raise UnknownName("group", only, scenario.groups)
    return {name: g for name, g in scenario.groups.items() if not only or name == only}


def expected_arrivals(scenario: Scenario) -> dict[str, float]:
    """Return how many contacts of each queue come of themselves, by the rates or as recorded."""
    hours = scenario.time.interval_s / 3600
    return {
        name: float(len(a.times_s))
        if (a := queue.arrivals).times_s is not None
        else float(scenario.horizon.spread(a.per_hour).sum()) * hours
        for name, queue in scenario.queues.items()
    }


def heads(group: Group) -> int:
    """Return how many people a group has; of a counted one, the most that are at work at once."""
    if group.agents is not None:
        return max(group.agents)
    return sum(people.count for people in group.people.values())


UNPAID = ("paid_hours", "cost")
"""The figures that a counted group does not know where more of its people are away."""
NETS = ("shrinkage", "absence")
"""Levers that take people who are away out of counted groups."""
AWAY = "paid hours of those away are not in the counts of {}, so that paid hours and cost are not comparable"


def paid_away(scenario: Scenario, levers: Collection[str], changes: Iterable[Change]) -> str:
    """Return why what levers did to `UNPAID` says nothing beside the base's; "" where it does.

    A counted group has who is there: who is away more is no longer counted, but is paid all the same.
    """
    if not set(NETS) & set(levers):
        return ""
    paths = {change.path for change in changes}
    netted = [
        name
        for name, group in scenario.groups.items()
        if group.agents is not None and f"groups.{name}.agents" in paths
    ]
    return AWAY.format(listing(netted)) if netted else ""


def mean_of(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the weighted mean; plain where nothing has weight."""
    total = sum(weights[name] for name in values)
    if total <= 0:
        return sum(values.values()) / len(values)
    return sum(value * weights[name] for name, value in values.items()) / total


def moved(
    values: Mapping[str, float], weights: Mapping[str, float], mean: float, most: float = 1.0
) -> dict[str, float]:
    """Return values whose mean is another: raised by the same amount each, lowered in proportion.

    So nothing falls below 0; what would pass `most` stays there.
    """
    before = mean_of(values, weights)
    if mean >= before:
        return {name: min(most, value + (mean - before)) for name, value in values.items()}
    return {name: value * (mean / before) for name, value in values.items()}


def whole(values: Sequence[float]) -> list[int]:
    """Return whole numbers that follow values and have their total: what is cut off is carried on."""
    upto = np.floor(np.cumsum(np.asarray(values, np.float64)) + 0.5 + 1e-9)
    return [max(0, int(n)) for n in np.diff(upto, prepend=0.0)]


def shared_out(
    total: int, sizes: Mapping[str, int], limits: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Return how `total` is shared out in proportion to sizes, one after another (Sainte-Laguë).

    One more never takes from anybody, so that answers for 3 and for 4 differ by one person.
    `limits` are the most that each can get.
    """
    got = dict.fromkeys(sizes, 0)
    for _ in range(total):
        open_ = [n for n in sizes if sizes[n] > 0 and (limits is None or got[n] < limits[n])]
        if not open_:
            break
        best = max(open_, key=lambda n: sizes[n] / (2 * got[n] + 1))
        got[best] += 1
    return got
