"""Which families may a duration have, and how is one written?"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from workbench.sim.parts import Part

Family = Literal["exponential", "gamma", "erlang", "weibull", "lognormal", "empirical", "constant"]


class Distribution(Part):
    """A duration: its family, its mean and, where the family has one, its shape.

    ``{mean_s: 300}`` is exponential; ``{family: gamma, mean_s: 360, shape: 18}``;
    ``{family: lognormal, mean_s: 240, cv: 1.2}``; ``{family: empirical, values: [31, 200, 95]}``.
    """

    family: Family = "exponential"
    """Which."""
    mean_s: float | None = Field(None, ge=0, allow_inf_nan=False)
    """The mean; an empirical family has its own unless one is given. [s]"""
    shape: float | None = Field(None, gt=0, allow_inf_nan=False)
    """Of gamma, erlang (a whole number) and weibull."""
    cv: float | None = Field(None, gt=0, le=20)
    """Standard deviation over mean, of lognormal."""
    values: tuple[float, ...] = ()
    """Recorded durations, of empirical; quantiles between them are straight. [s]"""

    @model_validator(mode="after")
    def _complete(self) -> Distribution:
        needs_shape = self.family in ("gamma", "erlang", "weibull")
        if needs_shape != (self.shape is not None):
            word = "needs a shape" if needs_shape else "takes no shape"
            raise ValueError(f"{self.family} {word}")
        if self.family == "erlang" and self.shape != int(self.shape or 0):
            raise ValueError(f"erlang needs a whole shape, not {self.shape}; gamma takes any")
        if (self.family == "lognormal") != (self.cv is not None):
            word = "needs a cv" if self.family == "lognormal" else "takes no cv"
            raise ValueError(f"{self.family} {word} (standard deviation over mean)")
        if (self.family == "empirical") != bool(self.values):
            word = "needs values" if self.family == "empirical" else "takes no values"
            raise ValueError(f"{self.family} {word} (recorded durations in seconds)")
        if any(not 0 <= value < float("inf") for value in self.values):
            raise ValueError("values must be durations in seconds, none negative")
        if self.family == "empirical" and not sum(self.values):
            raise ValueError("values are all 0; write {family: constant, mean_s: 0}")
        if self.family != "empirical" and self.mean_s is None:
            raise ValueError("mean_s is missing: the mean in seconds")
        return self

    @property
    def mean(self) -> float:
        """The mean. [s]"""
        if self.mean_s is not None:
            return self.mean_s
        return sum(self.values) / len(self.values)
