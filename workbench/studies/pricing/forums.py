"""What does a forum cost that is not held? A drift waits for the next one that is, and goes on until then."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.diagnostics.governance import FORUMS, Forum
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Floats, Mapping
from workbench.studies.pricing.drifts import Drift
from workbench.studies.pricing.rule import Counted, Line, Part, Said, Unpriced, carried, gap_of, named
from workbench.wording import listing

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


def waiting(basis: Basis, findings: tuple[Finding, ...], how: Mapping, drifts: Sequence[Drift]) -> Said:
    """Return the price of forums that are not held, carried by the most frequent: a drift is decided there.

    Parameters
    ----------
    findings : of `not_held`, one at least.
    how : drifts a year; drifts : what drifts, and what a week of it costs.
    """
    first = findings[0]
    read = gap_of(basis, first, first.evidence[0], ("labour",), high_is_bad=False)
    if isinstance(read, Unpriced):
        return read
    weeks = _every(first) / 7
    # never held of n due: as if one of n + 1 were
    least = 1.0 / (read.n + 1)

    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        wait = wait_for_forum(np.clip(m, least, 1.0), weeks)
        return by_line(drifts, lambda rate: wait * rate * k / 12 * money)

    return Counted(
        carried(first, findings), f"waiting for a forum: {read.measure}", read, how, "time until a forum is held", cost,
        (rates_words(drifts, basis.currency),), Part("floor", ("drifts",)),
    )  # fmt: skip


def by_line(drifts: Sequence[Drift], cost: Callable[[float], Floats]) -> dict[Line, Floats]:
    """Return what drifts cost by money line; `cost` : of one whose week costs so much."""
    found: dict[Line, Floats] = {}
    for drift in drifts:
        line = drift.measure.line
        found[line] = np.asarray(found.get(line, 0.0) + cost(drift.rate))
    return found


def rates_words(drifts: Sequence[Drift], currency: str) -> str:
    """Say what a week of each drift costs, of agents' paid hours."""
    each = listing(
        [
            f"{d.words} ({'own' if d.error is not None else 'set, A'}): {d.rate:,.0f} {currency}"
            for d in drifts
        ]
    )
    return f"What a week of a drift costs of agents' paid hours: {each}."


def _forum(finding: Finding) -> Forum | None:
    measure = finding.evidence[0].measure
    return next((f for f in FORUMS if measure == f"{f.name} meetings held as planned"), None)


def _every(finding: Finding) -> float:
    forum = _forum(finding)
    return float("inf") if forum is None else forum.every_days
