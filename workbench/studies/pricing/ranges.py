"""How does somebody write a number that nobody knows exactly? As 18, or low, likely and high as 15:18:22."""

from __future__ import annotations

import math
from functools import partial
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, InstanceOf

from workbench.studies.pricing.doubts import Triangle, known


def read_range(value: Any, least: float = 0.0, most: float = math.inf, *, above: bool = False) -> Triangle:
    """Read a number, a text as "15:18:22", or three numbers.

    Parameters
    ----------
    least, most : what is accepted; `above` : `least` itself is not.

    Raises
    ------
    ValueError
        for anything else, with what is accepted.
    """
    numbers = _numbers(value)
    fits = bool(numbers) and all((x > least if above else x >= least) and x <= most for x in numbers)
    if fits and len(numbers) == 1 and math.isfinite(numbers[0]):
        return known(numbers[0])
    if fits and len(numbers) == 3 and numbers == sorted(numbers) and math.isfinite(numbers[2]):
        return Triangle(*numbers)
    shown = f'"{value}"' if isinstance(value, str | int | float) else "what came"
    bound = f"above {least:g}" if above else f"from {least:g}"
    upper = f" to {most:g}" if math.isfinite(most) else ""
    raise ValueError(
        f"{shown} is not accepted. Write a number {bound}{upper}, or low, likely and high as 15:18:22, in this order"
    )


def _numbers(value: Any) -> list[float]:
    parts = value.split(":") if isinstance(value, str) else value if isinstance(value, list) else [value]
    try:
        return [float(part) for part in parts if not isinstance(part, bool)]
    except (TypeError, ValueError):
        return []


def written(one: Triangle) -> str:
    """Write a range as it is read."""
    if one.low == one.high:
        return f"{one.likely:.6g}"
    return f"{one.low:.6g}:{one.likely:.6g}:{one.high:.6g}"


Some: TypeAlias = Annotated[InstanceOf[Triangle], BeforeValidator(partial(read_range, above=True))]
"""An amount above 0."""
NotNegative: TypeAlias = Annotated[InstanceOf[Triangle], BeforeValidator(read_range)]
Share: TypeAlias = Annotated[InstanceOf[Triangle], BeforeValidator(partial(read_range, most=1.0))]
Weeks: TypeAlias = Annotated[InstanceOf[Triangle], BeforeValidator(partial(read_range, most=104.0))]
Months: TypeAlias = Annotated[
    InstanceOf[Triangle], BeforeValidator(partial(read_range, most=120.0, above=True))
]
