"""What does the contract say about credits, as a scenario writes it?

It is read into the terms of `metrics.penalty`, which alone computes credits.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from workbench.errors import CallError
from workbench.metrics import penalty
from workbench.sim.parts import Part, Probability

Variant = Literal["V1", "V2", "V3", "V4", "V5"]


class CreditBand(Part):
    """A result worse than `worse_than` loses `share` of what the level has at risk."""

    worse_than: float = Field(allow_inf_nan=False)
    """The result."""
    share: Probability
    """Of the amount at risk of the level."""


class EarnBack(Part):
    """A share of a credit returns if each of the next periods reaches the target by a margin."""

    periods: int = Field(1, ge=1)
    """That must all do well."""
    margin: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Above the target."""
    share: Probability = 1.0
    """Of the credit."""


class SlaLevel(Part):
    """One promise: a service level, or an abandon rate, of one queue or of all."""

    metric: Literal["service_level", "abandon_rate"] = "service_level"
    """What is promised."""
    queue: str | None = None
    """Empty: all queues together. The threshold is the queue's own."""
    formula: Variant = "V2"
    """Of the service level."""
    target: Probability
    """What is promised."""
    weight: float = Field(1.0, ge=0, allow_inf_nan=False)
    """Share of the amount at risk."""
    bands: tuple[CreditBand, ...] = ()
    """Steps; the worst band that applies decides."""
    all_lost_at: float | None = None
    """Instead of steps: a straight line from nothing at the target to everything here."""
    critical: bool = False
    """A repeated miss costs more."""
    repeat_factor: float = Field(1.0, ge=0, allow_inf_nan=False)
    """Multiplies the credit of a critical level that was missed in the period before as well."""
    earn_back: EarnBack | None = None
    """How a credit returns."""

    @model_validator(mode="after")
    def _one_rule(self) -> SlaLevel:
        if bool(self.bands) == (self.all_lost_at is not None):
            raise ValueError("say what a miss costs: either bands (steps) or all_lost_at (a line)")
        try:
            self.level("level")
        except CallError as error:
            raise ValueError(str(error)) from None
        return self

    def level(self, name: str) -> penalty.Level:
        """Return the level as the engine of credits takes it."""
        rule: penalty.Steps | penalty.Line
        if self.all_lost_at is not None:
            rule = penalty.Line(self.all_lost_at)
        else:
            rule = penalty.Steps(tuple(penalty.Band(b.worse_than, b.share) for b in self.bands))
        back = self.earn_back
        return penalty.Level(
            name=name,
            target=self.target,
            weight=self.weight,
            rule=rule,
            direction="at most" if self.metric == "abandon_rate" else "at least",
            critical=self.critical,
            repeat_factor=self.repeat_factor,
            earn_back=penalty.EarnBack(back.periods, back.margin, back.share) if back else None,
        )


class SlaTerms(Part):
    """Credits for missed promises, settled window by window; the last window may be cut short."""

    window: Literal["interval", "day", "week", "month"] = "day"
    """Local days; weeks begin on Monday."""
    at_risk: float = Field(ge=0, allow_inf_nan=False)
    """Amount that weights are shares of, per window, in the scenario's currency."""
    cap_per_window: float | None = Field(None, ge=0, allow_inf_nan=False)
    """At most so much in a window."""
    cap_per_year: float | None = Field(None, ge=0, allow_inf_nan=False)
    """At most so much in a year."""
    levels: dict[str, SlaLevel] = Field(min_length=1)
    """The promises."""

    def terms(self, currency: str) -> penalty.Terms:
        """Return the terms as the engine of credits takes them; levels in the order of names."""
        per_year = {"interval": 1_000_000, "day": 365, "week": 52, "month": 12}
        return penalty.Terms(
            levels=tuple(self.levels[name].level(name) for name in sorted(self.levels)),
            at_risk=self.at_risk,
            currency=currency,
            cap_per_period=self.cap_per_window,
            cap_per_year=self.cap_per_year,
            periods_per_year=per_year[self.window],
        )
