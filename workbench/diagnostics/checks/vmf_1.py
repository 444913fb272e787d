"""Who runs the relationship after signature?"""

from __future__ import annotations

from collections import Counter

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.documents import accountable
from workbench.diagnostics.evidence import found, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.governance import FORUMS, attendees_of, meetings_of_all
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import any_of, equals, speaking
from workbench.wording import figure

RUN_BY_OPERATIONS = Scale(
    zero=0.0, hundred=1.0, target=1.0, source="METHOD VMF-1: procurement advises, it does not run"
)
SEATS = Scale(zero=0.6, hundred=0.0, target=0.3, source="METHOD VMF-1; ends are ours")
PAPER = ("procure", "purchas", "legal", "financ", "sourcing")
"""Functions that are needed at the table and must not be the brain of it."""


@diagnostic("VMF-1", area="vendor management")
def run_by_operations(ownership: Table | None, gov_meeting: Table | None, period: Period) -> Verdict:
    """Operations runs the relationship; procurement, legal and finance advise.

    Why: whoever negotiated the paper does not see the floor.
    Healthy: a head of operations answers for the relationship; one seat in five is procurement's or legal's.
    Unhealthy: the category manager answers for it and two thirds of the seats are commercial.
    Remedy: hand accountability to operations at signature, with procurement as adviser.
    """
    owner, seats = _owner(ownership), _seats(gov_meeting, period)
    said = found(
        "VMF-1",
        owner,
        "The accountable owner of the relationship sits in procurement, legal or finance (expected: operations).",
        "Hand accountability to operations, with procurement as adviser.",
        side="buyer",
        step="ownership",
    ) + found(
        "VMF-1",
        seats,
        f"{figure(seats.value, 'fraction')} of {seats.n:,} seats held in governance were commercial ones "
        f"(expected at most {figure(seats.expected, 'fraction')}), {period}.",
        "Seat operations, technology, quality and workforce planning in the forums.",
        side="buyer",
        step="ownership",
    )
    return Verdict((owner, seats), said)


def _owner(ownership: Table | None) -> Evidence:
    label = "the relationship is run by operations"
    if ownership is None:
        return missing(label, "yes = 1", table="ownership", lack=Lack(tables=("ownership",)))
    named = accountable(ownership)
    owners = named[
        ~equals(named, "side", "vendor") & any_of(named, "subject_kind", ("relationship", "vendor"))
    ]
    paper = speaking(owners, "role", PAPER)
    return quantity(
        label,
        float((~paper).any()) if len(owners) else None,
        "yes = 1",
        len(owners),
        table="ownership",
        scale=RUN_BY_OPERATIONS,
        grade="D",
        rows=owners.index[paper],
        reason="nobody is named accountable for the relationship",
    )


def _seats(gov_meeting: Table | None, period: Period) -> Evidence:
    label = "governance seats of procurement, legal and finance"
    if gov_meeting is None:
        return missing(label, "fraction", table="gov_meeting", lack=Lack(tables=("gov_meeting",)))
    held = meetings_of_all(gov_meeting, FORUMS, period)
    seats = [one.strip().casefold() for text in attendees_of(held) for one in text.split(";") if one.strip()]
    paper = sum(n for seat, n in Counter(seats).items() if any(word in seat for word in PAPER))
    return share(label, paper, len(seats), of="seats", table="gov_meeting", period=period, scale=SEATS)
