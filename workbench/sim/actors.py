"""Who and what is on the floor of the SimPy engine? Contacts, agents, and moments to wait for."""

from __future__ import annotations

from dataclasses import dataclass, field

import simpy
from simpy.events import EventPriority

from workbench.metrics.contact_outcome import WAITING
from workbench.sim.model import FRESH, OFF
from workbench.sim.records import NO_REASON


@dataclass(eq=False)
class Contact:
    """One contact; its record, and where it is just now."""

    number: int
    key: int
    queue: int
    offered_us: int
    parent: int = -1
    kind: int = FRESH
    attempt: int = 0
    complexity: int = 0
    answer_us: int = -1
    abandon_us: int = -1
    end_us: int = -1
    outcome: int = WAITING
    reason: int = NO_REASON
    talk_us: int = 0
    hold_us: int = 0
    wrap_us: int = 0
    stay_us: int = 0
    resolved: int = -1
    escalated: int = 0
    transferred: int = 0
    callback: int = 0
    put_down: int = 0
    in_hand: int = 0

    last_agent: Agent | None = None
    line_us: int = 0
    """The time from which its wait counts in routing: credit included."""
    in_line: bool = False
    on_trunk: bool = False
    misrouted: bool = False
    talking: bool = False
    over_us: int = 0
    """When the talk will be over."""
    left_us: int = 0
    """Work left when it was put down."""
    dialled: int = 0
    """Attempts to call it back."""
    work: simpy.Process | None = None

    @property
    def agent(self) -> int:
        """The number of the last agent who took it, -1 if none did."""
        return -1 if self.last_agent is None else self.last_agent.number


@dataclass(eq=False)
class Agent:
    """One agent: duty, contacts in hand, and the states so far."""

    number: int
    team: int
    group: int
    speed: float
    curve: int
    hired_us: int
    duty: int = OFF
    hand: list[Contact] = field(default_factory=list)
    since_us: int = 0
    """Since when duty and hand have been as they are."""
    until_us: int = 0
    """When what is in hand will be done, as known now."""
    rows: list[tuple[int, int, int, int]] = field(default_factory=list)
    """duty, handling, start, end of the states that are over."""
    state: tuple[int, int, int] = (OFF, 0, 0)
    """duty, handling, start of the present one."""

    def note(self, now: int) -> None:
        """Write down a state that is over."""
        duty, handling, start = self.state
        if (duty, handling) != (self.duty, int(bool(self.hand))):
            self.rows.append((duty, handling, start, now))
            self.state = (self.duty, int(bool(self.hand)), now)


class Moment(simpy.Event):
    """A moment at which a process goes on, in the order of time, kind and number."""

    def __init__(self, env: simpy.Environment, time_us: int, kind: int, number: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        rank = (kind + 1) * 2**48 + number  # SimPy's own priorities, 0 and 1, mean "at once"
        env.schedule(self, priority=EventPriority(rank), delay=time_us - env.now)
