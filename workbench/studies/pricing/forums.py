"""What does a forum cost that is not held? A drift waits for the next one that is, and goes on until then."""

from __future__ import annotations

import numpy as np

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.diagnostics.governance import FORUMS, Forum
from workbench.studies.pricing.basis import WEEKS_PER_MONTH, Basis
from workbench.studies.pricing.doubts import Floats, Mapping
from workbench.studies.pricing.rule import Counted, Line, Part, Said, Unpriced, carried, gap_of, named, only

CODES = ("GOV-2", "GOV-3", "GOV-4", "HC-2")
"""Not the daily huddle: it steers the day, and no drift of weeks is decided there."""


@serves("SIM-4", kind="calculator")
def wait_for_forum(held: Floats, weeks_between: float) -> Floats:
    """Return the weeks that a matter waits for a forum of which a share is held: half the time between two.

    Parameters
    ----------
    held : share of the meetings due; so much longer is the time between two that take place.
    weeks_between : as planned.
    """
    return np.asarray(weeks_between / (2 * held))


def not_held(basis: Basis) -> tuple[Finding, ...]:
    """Return the findings of meetings that were not held as planned, those of the most frequent forum first."""
    found = [f for f in named(basis, *CODES) if _forum(f) is not None]
    return tuple(sorted(found, key=lambda f: _every(f)))


def waiting(basis: Basis, findings: tuple[Finding, ...], how: Mapping, drift: float) -> Said:
    """Return the price of forums that are not held, carried by the most frequent: a drift is decided there.

    Parameters
    ----------
    findings : of `not_held`, one at least.
    how : drifts a year; drift : their size, of resolution.
    """
    first = findings[0]
    read = gap_of(basis, first, first.evidence[0], ("labour",), high_is_bad=False)
    if isinstance(read, Unpriced):
        return read
    assert basis.labour is not None
    weeks = _every(first) / 7
    # never held of n due: as if one of n + 1 were
    least = 1.0 / (read.n + 1)
    rate = drift * basis.labour / WEEKS_PER_MONTH

    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        wait = wait_for_forum(np.clip(m, least, 1.0), weeks)
        return only("repeat handling", wait * rate * k / 12 * money)

    return Counted(
        carried(first, findings), f"waiting for a forum: {read.measure}", read, how, "time until a forum is held", cost,
        (f"Five points less in resolution bring five of a hundred contacts again: {rate:,.0f} {basis.currency} a week "
         "of agents' paid hours (A).",),
        Part("floor", ("drifts",)),
    )  # fmt: skip


def _forum(finding: Finding) -> Forum | None:
    measure = finding.evidence[0].measure
    return next((f for f in FORUMS if measure == f"{f.name} meetings held as planned"), None)


def _every(finding: Finding) -> float:
    forum = _forum(finding)
    return float("inf") if forum is None else forum.every_days
