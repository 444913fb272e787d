"""At which yearly rate does one amount become another?"""

from __future__ import annotations

from workbench.catalogue import serves
from workbench.errors import CallError


@serves("MKT-2")
def yearly_growth(first: float, last: float, years: float) -> float:
    """Return the compound yearly growth from `first` to `last`, as a fraction."""
    if not (first > 0 and last > 0 and years > 0):
        raise CallError(
            f"Growth from {first:g} to {last:g} in {years:g} years came. Accepted: numbers above 0."
        )
    return float((last / first) ** (1 / years) - 1)
