"""Which findings speak of an exit? They are priced as a choice, not as a loss."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.rule import Said, Unpriced, named, pricing


@pricing("SIM-14", lines=())
def exit_or_stay(basis: Basis) -> Iterator[Said]:
    """Staying against switching: a choice over two years."""
    for finding in named(basis, "EXIT-12", "EXIT-15"):
        yield Unpriced(
            finding, "an exit is a choice over two years and no monthly loss: see staying or switching", ""
        )
