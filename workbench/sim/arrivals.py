"""When do contacts come, through which channel, and what do they ask for?"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from workbench.sim.distributions import Distribution
from workbench.sim.parts import (
    Clock,
    Factor,
    FactorPattern,
    Part,
    Probability,
    ProbabilityPattern,
    Rate,
    RatePattern,
    Window,
)

ROUNDS = 100
"""After so many contacts of one matter nobody comes again: the most that a scenario can say."""


class Channel(Part):
    """How contacts of a kind behave: engines know these properties and no channel by name."""

    concurrency: int = Field(1, ge=1, le=20)
    """Contacts of this channel that one agent may have in hand."""
    stretch: tuple[Factor, ...] = ()
    """Handle-time factor with 1, 2, ... in hand when a contact is taken; the last one goes on."""
    deferrable: bool = False
    """Taken when there is time: lines that are not deferrable come first."""
    interruptible: bool = True
    """Deferrable work is put down for anything that is not deferrable, for a break and for the end of
    the shift, and goes back to the line; false: what was begun is finished."""
    survives_night: bool = True
    """Stays in line when lines are cleared at closing."""
    waits_for_ever: bool = False
    """Contacts of this channel have no patience and never balk."""

    @model_validator(mode="after")
    def _one_at_a_time(self) -> Channel:
        if self.deferrable and self.concurrency > 1:
            raise ValueError("a deferrable channel needs concurrency 1: work put down is one piece")
        return self


CHANNELS = {
    "voice": Channel(survives_night=False),
    "chat": Channel(concurrency=3, stretch=(1.0, 1.2, 1.5), survives_night=False),
    "email": Channel(deferrable=True, waits_for_ever=True),
    "back office": Channel(deferrable=True, waits_for_ever=True),
}
"""The channels that a scenario has without naming them."""


class RandomFactor(Part):
    """A Gamma factor with mean one on a whole day, for all queues that give it the same name."""

    shape: float = Field(gt=0, allow_inf_nan=False)
    """Shape; the coefficient of variation is 1/sqrt(shape)."""
    name: str = ""
    """Queues with the same name share the factor; empty: the queue's own."""


class ForecastError(Part):
    """By how much what comes differs from the rates, which are then the forecast."""

    bias: float = Field(0.0, gt=-1, allow_inf_nan=False)
    """What comes is (1 + bias) times the forecast on average."""
    spread: float = Field(0.0, ge=0, le=3)
    """Standard deviation over mean of a Gamma factor drawn once for the whole horizon."""
    name: str = ""
    """Queues with the same name err together; empty: the queue's own error."""


class Spike(Window):
    """A window in which rates are multiplied and contacts are added."""

    factor: Factor = 1.0
    """On the rate."""
    extra_per_hour: Rate = 0.0
    """On top. [1/h]"""


class Arrivals(Part):
    """The contacts that come of themselves."""

    per_hour: RatePattern = (0.0,)
    """Rates of a Poisson stream, constant within an interval. [1/h]"""
    times_s: tuple[float, ...] | None = None
    """Recorded arrivals instead of rates: seconds since the start of the horizon. [s]"""
    day_factor: RandomFactor | None = None
    """Busy and quiet days."""
    interval_shape: float | None = Field(None, gt=0, allow_inf_nan=False)
    """Over-dispersion: shape of a Gamma factor with mean one on each interval's rate."""
    forecast_error: ForecastError | None = None
    """What comes differs from the rates."""
    spikes: dict[str, Spike] = {}
    """Windows with more or less, by name."""
    backlog: int = Field(0, ge=0)
    """Contacts already waiting when the horizon starts."""


class Handle(Part):
    """How long an agent works on a contact, in three parts."""

    talk: Distribution
    """With the customer."""
    hold: Distribution | None = None
    """The customer waits on the line; follows the talk."""
    hold_probability: Probability = 1.0
    """Share of the contacts with a hold."""
    wrap_up: Distribution | None = None
    """Begins when the customer has left."""
    factor: FactorPattern = (1.0,)
    """On all parts, by interval."""


class Complexity(Part):
    """A kind of contact within a queue."""

    share: float = Field(gt=0)
    """Weight among the queue's kinds; the weights need not add up to one."""
    handle_factor: Factor = 1.0
    """On handle times."""
    escalation_factor: Factor = 1.0
    """On the probability of an escalation."""
    resolution_factor: Factor = 1.0
    """On the probability to be resolved."""


class Credit(Part):
    """Some callers enter the line as if they had waited already."""

    wait_s: float = Field(ge=0, allow_inf_nan=False)
    """So long. [s]"""
    share: Probability = 1.0
    """Of the contacts."""


Ending = Literal["abandoned", "blocked", "unresolved", "served"]


class FollowUp(Part):
    """A further contact that one contact brings about.

    After an abandonment or a block: a retrial. Served but not resolved: a repeat. Served: an
    escalation to another tier, at the end of the talk. Any of them into a deferred queue: a client
    escalation with its own clock.
    """

    after: Ending
    """Which end brings it about."""
    kind: Literal["retrial", "repeat", "escalation", "client escalation"]
    """What it counts as."""
    probability: Probability
    """Before the factors of team, tenure and complexity, which act on what follows "served"."""
    to: str | None = None
    """The queue it enters, possibly of another channel; empty: the same."""
    delay: Distribution | None = None
    """Until it comes; empty: at once."""
    at_most: int = Field(3, ge=1, le=ROUNDS)
    """Only contacts with fewer than this many contacts before them in their chain have it."""
    stay_s: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Warm: the first agent stays on for so long after the talk; 0 is cold. [s]"""


class Callback(Part):
    """Virtual hold: who has waited so long is offered to be called back, and keeps the place."""

    offer_after_s: float = Field(ge=0, allow_inf_nan=False)
    """Wait after which it is offered. [s]"""
    accept: Probability = 1.0
    """Probability that the offer is taken."""
    reach: Probability = 1.0
    """Probability that an attempt to call back reaches the customer."""
    attempts: int = Field(1, ge=1, le=20)
    """To reach the customer; then the contact is lost."""
    dial_s: float = Field(30.0, ge=0, allow_inf_nan=False)
    """What an attempt that reaches nobody costs the agent. [s]"""
    retry_s: float = Field(600.0, ge=0, allow_inf_nan=False)
    """From one attempt to the next place in line. [s]"""


class ServiceLevel(Part):
    """What counts as in time."""

    threshold_s: float = Field(20.0, ge=0, allow_inf_nan=False)
    """Answered within so long is in time. [s]"""
    short_abandon_s: float = Field(5.0, ge=0, allow_inf_nan=False)
    """An abandon within so long is short (formula V5). [s]"""
    response_hours: float | None = Field(None, gt=0, allow_inf_nan=False)
    """For deferred work: from arrival to completion."""
    target: Probability = 0.8
    """Share in time that is wanted."""


class Opening(Part):
    """A queue is open from start to end on the given weekdays; at other hours it turns contacts away."""

    start: Clock
    """Local time."""
    end: Clock
    """Local time; "26:00" is 2 a.m. of the next day."""
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    """0 is Monday."""


class Queue(Part):
    """One kind of contact and the line in which it waits."""

    channel: str = "voice"
    """How its contacts behave."""
    skill: str | None = None
    """What an agent needs to take it; empty: a skill of the queue's own name."""
    arrivals: Arrivals = Arrivals()
    """When contacts come of themselves."""
    opening: dict[str, Opening] = {}
    """Opening hours, by name; empty: always open. Who is in line at closing stays (see `time.lines_close`)."""
    when_closed: Literal["later", "lost"] = "later"
    """Follow-ups that would come when it is closed: later, as long after the next opening as they would have
    come after closing; or they do not come at all."""
    handle: Handle
    """How long they take."""
    patience: Distribution | None = None
    """Empty: it waits for ever."""
    patience_factor: FactorPattern = (1.0,)
    """On the mean patience of those who come then."""
    balk: ProbabilityPattern = (0.0,)
    """Probability that a contact that would have to wait leaves at once."""
    waiting_room: int | None = Field(None, ge=0)
    """Places in line; a contact that finds none is blocked."""
    priority: float = Field(1.0, allow_inf_nan=False)
    """1 before 2."""
    score: float = Field(0.0, allow_inf_nan=False)
    """Base of policy "weighted_score"."""
    score_per_s: float = Field(1.0, allow_inf_nan=False)
    """Weighted score of policy "weighted": score + score_per_s times the wait."""
    credit: Credit | None = None
    """Priority callers."""
    complexity: dict[str, Complexity] = {}
    """Kinds of contact within the queue."""
    misroute: ProbabilityPattern = (0.0,)
    """Probability that a contact is in the wrong queue, found out by the agent who takes it."""
    misroute_to: str | None = None
    """Where those contacts belong."""
    misroute_talk: Probability = 0.3
    """Share of the talk time after which it is found out and transferred."""
    resolution: Probability = 1.0
    """Probability that a served contact is resolved (FCR)."""
    follow_ups: dict[str, FollowUp] = {}
    """What contacts bring about, by name."""
    callback: Callback | None = None
    """Virtual hold."""
    service_level: ServiceLevel = ServiceLevel()
    """Which answer, and which completion, is in time."""
    revenue_per_contact: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Per contact answered, in the scenario's currency."""
