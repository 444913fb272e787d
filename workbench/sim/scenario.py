"""What is a scenario? Everything that a simulated contact centre is told, in one frozen value."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, model_validator

from workbench.errors import ScenarioError
from workbench.sim.arrivals import CHANNELS, Channel, Queue
from workbench.sim.change import Change, changed
from workbench.sim.horizon import Horizon, Time
from workbench.sim.parts import Factor, Part, Probability, Window
from workbench.sim.people import Curve, Group, Shift
from workbench.sim.terms import SlaTerms

if TYPE_CHECKING:
    from workbench.sim.workload import Prepared


class Trunks(Part):
    """Lines that some queues share; a contact that finds none free is blocked."""

    lines: int = Field(ge=0)
    """How many."""
    queues: tuple[str, ...]
    """Whose contacts use them, from arrival to the end of the talk."""


class Routing(Part):
    """Which policies decide."""

    agent: str = "best_skill"
    """Who takes a contact, when several are free."""
    queue: str = "priority"
    """What a free agent takes, when several lines wait."""


class Outage(Window):
    """Something fails from start to end; contacts in progress are finished."""

    site: str | None = None
    """Agents of the site are away."""
    group: str | None = None
    """Agents of the group are away."""
    queue: str | None = None
    """Contacts that come to the queue are blocked."""
    system: bool = False
    """Handle times stretch by `handle_factor`."""
    share: Probability = 1.0
    """Share of the agents that is away."""
    handle_factor: Factor = 1.0
    """Of a system outage: on handle times while it lasts."""
    queues: tuple[str, ...] = ()
    """Queues whose handle times stretch; empty: all."""


class MixShift(Window):
    """In a window, a share of one queue's arrivals comes to another, or complexity shifts."""

    queue: str
    """Where they come from."""
    to: str | None = None
    """Where they come to."""
    share: Probability = 0.0
    """Of the arrivals."""
    complexity: dict[str, Factor] = {}
    """Factor on the weight of each kind of complexity."""


class Money(Part):
    """What it costs and what it brings."""

    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$")
    """Of all amounts."""
    pay_per_hour: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Cost of a paid hour."""
    overtime_factor: float = Field(1.0, ge=1, le=10)
    """Pay of an hour worked past the end of the shift, over that of an ordinary hour."""
    cost_per_contact: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Telephony and the like, per contact answered."""
    revenue_per_hour: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Per paid hour."""
    revenue_per_fte_day: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Per eight paid hours."""
    terms: SlaTerms | None = None
    """What missed service levels cost."""


Known = Literal["M", "D", "A"]


class Premises(Part):
    """How well each part of a scenario is known, where that is told apart: M measured, D documented, A assumed."""

    arrivals: Known | None = None
    """What comes, and when."""
    handle_time: Known | None = None
    """How long contacts take, after-contact work included."""
    patience: Known | None = None
    """How long customers wait."""
    staffing: Known | None = None
    """Who is there, and when."""
    pay: Known | None = None
    """What an hour costs."""


class Scenario(Part):
    """A contact centre and the time for which it is simulated."""

    format: Literal[1] = 1
    """Of this file; a newer one is refused."""
    name: str = "scenario"
    """What reports call it."""
    note: str = ""
    """For the reader."""
    grade: Known | None = None
    """How well it is known: M fitted on a log, D written down by somebody, A assumed; prices carry it on."""
    premises: Premises = Premises()
    """How well its parts are known, where that is not as `grade` says; a price carries on those that it leans on."""
    time: Time
    """When."""
    channels: dict[str, Channel] = {}
    """Further channels, and other properties for voice, chat, email and back office."""
    queues: dict[str, Queue] = Field(min_length=1)
    """What comes, and where it waits."""
    groups: dict[str, Group] = {}
    """Who works."""
    shifts: dict[str, Shift] = {}
    """Working times, by name; people refer to them."""
    curves: dict[str, Curve] = {}
    """Learning curves, by name; groups refer to them."""
    trunks: dict[str, Trunks] = {}
    """Lines that queues share."""
    routing: Routing = Routing()
    """Who takes what."""
    outages: dict[str, Outage] = {}
    """What fails."""
    mix_shifts: dict[str, MixShift] = {}
    """How what comes shifts for a while."""
    money: Money = Money()
    """Costs, revenue, credits."""

    @model_validator(mode="after")
    def _fits_together(self, info: ValidationInfo) -> Scenario:
        from workbench.sim.consistency import problems

        found = problems(self, **(info.context or {}))
        if found:
            raise ScenarioError(found)
        return self

    @cached_property
    def horizon(self) -> Horizon:
        """The horizon in elapsed time."""
        return self.time.horizon

    @cached_property
    def prepared(self) -> Prepared:
        """What all replications share, as arrays; made once."""
        from workbench.sim.workload import prepare

        return prepare(self)

    @property
    def all_channels(self) -> dict[str, Channel]:
        """The channels by name, those that need no naming included."""
        return {**CHANNELS, **self.channels}

    @classmethod
    def parse(cls, data: object, where: str = "scenario") -> Scenario:
        """Return the scenario that plain data describe.

        Raises
        ------
        ScenarioError
            with every problem, each with its path and what to do.
        """
        from workbench.sim.mistakes import all_problems

        try:
            return cls.model_validate(data)
        except (ValidationError, ScenarioError):
            raise ScenarioError(all_problems(cls, data), where) from None

    @classmethod
    def from_yaml(cls, source: str | Path) -> Scenario:
        """Read a scenario from a file, or from YAML text (which has line ends)."""
        from workbench.sim.mistakes import read_yaml

        data, where = read_yaml(source)
        return cls.parse(data, where)

    def to_yaml(self, path: str | Path | None = None) -> str:
        """Return the scenario as YAML without what is as by default; also write it to `path`."""
        from workbench.sim.mistakes import write_yaml

        return write_yaml(self.to_data(), path)

    def to_data(self, *, defaults: bool = False) -> dict[str, Any]:
        """Return plain data from which `parse` makes the same scenario."""
        data: dict[str, Any] = self.model_dump(mode="json", exclude_defaults=not defaults)
        return {"format": self.format, **data}

    def with_(self, *changes: Change | Iterable[Change]) -> Scenario:
        """Return the scenario with changes made in turn; the draws that they share stay the same.

        Raises
        ------
        UnknownName
            for a path that leads nowhere, with the nearest that does.
        ScenarioError
            if the changed scenario does not fit together.
        """
        flat = [c for item in changes for c in ([item] if isinstance(item, Change) else item)]
        return Scenario.parse(changed(self.to_data(defaults=True), flat), self.name)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Return the JSON schema of a scenario; the page docs/scenario.md is made from it."""
        return cls.model_json_schema()
