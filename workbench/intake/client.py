"""Who is the client, and on which terms: client.yaml.

Bounds of what may be said here are refused with the field, what came and what is accepted.
"""

from __future__ import annotations

from typing import Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator

Phase = Literal["before implementation", "during implementation", "after go-live", "no platform"]


class SlaTerm(BaseModel):
    """One service level that the contract promises (METHOD DEF-1)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: str = "service_level"
    queue: str | None = None
    """None: all queues together."""
    formula: Literal["V1", "V2", "V3", "V4", "V5"] = "V2"
    threshold_s: float = Field(20.0, ge=0)
    """Answered within this many seconds counts as within the threshold. [s]"""
    short_abandon_s: float = Field(5.0, ge=0)
    """For V5: an abandon within this many seconds is short. [s]"""
    target: float = Field(0.80, gt=0, le=1)
    window: Literal["interval", "day", "week", "month"] = "month"


class Client(BaseModel):
    """A client: its name, zone, currency and terms. Frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    time_zone: str = "UTC"
    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$")
    vendor: str = ""
    sector: str = ""
    phase: Phase = "after go-live"
    mode: Literal["running", "pre-contract"] = "running"
    """HC-10: the health review serves a current and a potential partnership."""
    contract_start: str | None = None
    contract: dict[str, object] = Field(default_factory=dict)
    sla_terms: tuple[SlaTerm, ...] = ()
    qa_hours_per_week: float | None = Field(None, gt=0)
    """Hours a week planned for quality evaluations, of everybody together (METHOD BO-4, CX-2). [h]"""
    agents: int | None = Field(None, ge=1)
    """How many there are, where no roster says so; prices then rest on an assumed floor of so many."""
    fictional: bool = False
    assumed: tuple[str, ...] = ()
    """What nobody said and a default stands for, in words."""

    def __hash__(self) -> int:
        """Tell clients apart by id and name, which no two of a run share; equal is who agrees in all."""
        return hash((self.id, self.name))

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f'"{value}" is not a time zone. Write it as Europe/Berlin or America/New_York')
        return value
