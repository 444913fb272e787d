"""What do all parts of a scenario have in common? They are frozen and refuse what they do not know."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

US = 1_000_000
"""Microseconds in a second."""


class Part(BaseModel):
    """A part of a scenario: a frozen value."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=True, use_attribute_docstrings=True
    )


Probability = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
Rate = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def _pattern(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _plain(value: tuple[Any, ...]) -> Any:
    return value[0] if len(value) == 1 else list(value)


_as_pattern = (BeforeValidator(_pattern), PlainSerializer(_plain))
FactorPattern = Annotated[tuple[Factor, ...], *_as_pattern]
ProbabilityPattern = Annotated[tuple[Probability, ...], *_as_pattern]
RatePattern = Annotated[tuple[Rate, ...], *_as_pattern]
CountPattern = Annotated[tuple[Annotated[int, Field(ge=0, le=100_000)], ...], *_as_pattern]
"""One value for the whole horizon, or one per interval: of the horizon, of a day, or of a week."""

_CLOCK = re.compile(r"^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$")


def _clock(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(f'{value} is not a time of day. Put it in quotes, as "09:30"')
    match = _CLOCK.match(value) if isinstance(value, str) else None
    if match is None or int(match[1]) > 48:
        raise ValueError(
            f'"{value}" is not a time of day. Write it as "09:30"; "26:00" is 2 a.m. of the next day'
        )
    return value


Clock = Annotated[str, BeforeValidator(_clock)]
"""A local time of day, "09:30"; hours past 24 belong to the next day."""


def clock_s(clock: str) -> int:
    """Return the seconds since local midnight of a time of day."""
    hours, minutes, *rest = (int(part) for part in clock.split(":"))
    return hours * 3600 + minutes * 60 + (rest[0] if rest else 0)


def clock_of(seconds: int) -> str:
    """Return the time of day so many seconds after local midnight; beyond 24:00 it goes on."""
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{second:02d}" if second else "")


class Window(Part):
    """From one time of day to another, on one day of the horizon."""

    start: Clock
    """Local time."""
    end: Clock
    """Local time."""
    day: int = Field(0, ge=0)
    """0 is the first day."""
