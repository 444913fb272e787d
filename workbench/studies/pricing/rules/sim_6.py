"""What do schedules cost that miss the work, or are not kept?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Floats, Mapping, Reading, Triangle, reading
from workbench.studies.pricing.rule import (
    Counted,
    Line,
    Said,
    Unpriced,
    named,
    no_wage,
    not_beyond,
    only,
    pricing,
    worse,
)

KEPT = Mapping(
    "so much of the paid time off schedule is lost to contacts; the rest is made good at other times",
    "ours", "A", Triangle(0.3, 0.6, 1.0), "agent_state: what agents did when they were off schedule",
)  # fmt: skip
COVER = Mapping(
    "so much of the gap between required and staffed time is people paid and not needed; the rest is people lacking",
    "ours; under-staffed time costs service, not pay", "A", Triangle(0.3, 0.5, 0.7),
    "required and staffed time by interval, with their sign",
)  # fmt: skip


@serves("SIM-6", kind="calculator")
def hours_lost(share: Floats, of_it: Floats, labour: float, pay: Floats) -> Floats:
    """Return what a share of all paid time costs of which `of_it` is lost.

    Parameters
    ----------
    labour : what all paid hours of a month cost; pay : factor on it.
    """
    return np.asarray(labour * share * of_it * pay)


@pricing("SIM-6", lines=("labour",))
def schedules(basis: Basis) -> Iterator[Said]:
    """Paid hours off schedule, and hours staffed where nothing needs them."""
    kept = named(basis, "LC-7", "VIS-3", "SYM-4", "LC-6", "DR-5")
    carrier = next(
        (f for f in kept if "adherence" in f.evidence[0].measure and f.code in ("LC-7", "VIS-3")), None
    )
    yield from _one(basis, carrier, kept, KEPT, high_is_bad=False, path="groups.*.adherence",
                    why="it says how schedules come about, not how much paid time is lost")  # fmt: skip
    cover = named(basis, "LC-1")
    carrier = next((f for f in cover if "required and staffed" in f.evidence[0].measure), None)
    yield from _one(
        basis,
        carrier,
        cover,
        COVER,
        high_is_bad=True,
        path="groups.*.agents",
        why="it is no share of staffed time",
    )


def _one(
    basis: Basis, carrier: Finding | None, group: tuple[Finding, ...], how: Mapping, *, high_is_bad: bool,
    path: str, why: str,
) -> Iterator[Said]:  # fmt: skip
    read = reading(carrier.evidence[0]) if carrier is not None else None
    if carrier is None or read is None:
        yield from (Unpriced(f, why, "schedule and agent_state") for f in group)
    elif not worse(read, high_is_bad=high_is_bad):
        yield from (not_beyond(f, read) for f in group)
    elif basis.labour is None:
        yield from (no_wage(f) for f in group)
    else:
        yield _counted(basis, carrier, group, read, how, high_is_bad, path)


def _counted(
    basis: Basis, carrier: Finding, group: tuple[Finding, ...], read: Reading, how: Mapping, high_is_bad: bool,
    path: str,
) -> Counted:  # fmt: skip
    labour = basis.labour or 0.0

    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return only("labour", hours_lost(m if high_is_bad else 1 - m, k, labour, money))

    return Counted(
        (carrier, *(f for f in group if f is not carrier)), f"schedules: {read.measure}", read, how, path, cost,
        (f"All paid hours of a month cost {labour:,.0f} {basis.currency} ({basis.paid_source}).",),
    )  # fmt: skip
