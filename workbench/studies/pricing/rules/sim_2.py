"""What do wrong skill tags and rate codes cost: contacts handled twice, hours billed wrong?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.diagnostics.periods import in_period
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Floats, Mapping, Triangle, further_share
from workbench.studies.pricing.moves import today_of, turn, with_misroutes
from workbench.studies.pricing.rule import (
    Counted,
    Line,
    Moved,
    Part,
    Said,
    Unpriced,
    gap_of,
    named,
    only,
    pricing,
)

PATH = "queues.*.misroute"
ASSUMED = Triangle(0.1, 0.3, 0.6)
LOST = Mapping(
    "so much of the difference between tracked and billed hours is not recovered: the rest is billed late or "
    "credited back", "ours", "A", Triangle(0.3, 0.5, 1.0),
    "what became of each difference: billed later, credited, lost",
)  # fmt: skip


@serves("SIM-2", kind="calculator")
def passed_on_for_want_of_a_tag(
    untagged: int, passed_untagged: int, tagged: int, passed_tagged: int
) -> Triangle:
    """Return by how much likelier an agent without the queue's tag passes a contact on.

    The difference of two shares, with Newcombe's interval.
    """
    return further_share(untagged, passed_untagged, tagged, passed_tagged)


@pricing("SIM-2", lines=("repeat handling", "revenue"), moves={PATH: ("VL-3b",)})
def wrong_tags_and_codes(basis: Basis) -> Iterator[Said]:
    """Contacts passed on for want of the tag, and hours billed under another code."""
    tags = named(basis, "VL-3b")
    carrier = next((f for f in tags if "contacts handled" in f.evidence[0].measure), None)
    for finding in tags:
        if finding is carrier:
            yield _misrouted(basis, finding)
        elif carrier is None:
            yield Unpriced(
                finding,
                "it counts tags or days, not contacts that reach the wrong agent",
                "contacts and hris.skill_tags",
            )
        else:
            yield Unpriced(finding, f"claims the same parameter as {carrier.code}, priced there once", "")
    for finding in named(basis, "EXP-3"):
        if "billed differently" in finding.evidence[0].measure:
            yield _leaking(basis, finding)


def _misrouted(basis: Basis, finding: Finding) -> Said:
    read = gap_of(basis, finding, finding.evidence[0], ("pay", "scenario"), high_is_bad=False)
    if isinstance(read, Unpriced):
        return read
    assert basis.scenario is not None
    how = _mapping(basis)
    if how.factor.high <= 0:
        return Unpriced(finding, f"no contact is passed on for want of the tag ({how.source})", "")
    today = today_of(basis.scenario, "misroutes")
    added = today is None
    if today is None:
        today = (1 - read.used) * how.factor.middle
    if len(basis.scenario.queues) < 2:
        return Unpriced(finding, "there is one queue only, so that no contact can be in a wrong one", "")
    start, at = today, read.used

    def value_at(m: Floats, k: Floats) -> Floats:
        return np.asarray(start + k * (at - m))

    return Moved(
        (finding,), f"wrong skill tags: {read.measure}", read, how, PATH, today, value_at,
        turn("misroutes"), "repeat handling", "work",
        with_misroutes(today) if added else (lambda _: ()),
        most=0.95, part=Part("floor"),
        notes=("The scenario has no misroutes: those of the tags were added and taken off the arrivals (A).",)
        if added else (),
    )  # fmt: skip


def _mapping(basis: Basis) -> Mapping:
    says = "a contact that an untagged agent takes is passed on with this much more probability"
    contacts, roster = in_period(basis.dataset, "contacts"), basis.table("hris")
    lacking = "contacts.transfer_flag"
    if contacts is None or roster is None or contacts["transfer_flag"].isna().all():
        return Mapping(says, "ours", "A", ASSUMED, lacking)
    tags = (
        roster.dropna(subset=["skill_tags"]).drop_duplicates("agent_id").set_index("agent_id")["skill_tags"]
    )
    held = {(a, q.strip()) for a, text in tags.astype("str").items() for q in text.split(";")}
    used = contacts[
        contacts["answer_ts"].notna()
        & contacts["transfer_flag"].notna()
        & contacts["agent_id"].isin(tags.index)
    ]
    right = pd.MultiIndex.from_arrays([used["agent_id"].astype("str"), used["queue"].astype("str")]).isin(
        pd.MultiIndex.from_tuples(sorted(held))
    )
    passed = used["transfer_flag"].astype(bool).to_numpy()
    if (~right).sum() < 30 or right.sum() < 30:
        return Mapping(says, "ours", "A", ASSUMED, "30 contacts of tagged and of untagged agents")
    factor = passed_on_for_want_of_a_tag(
        int((~right).sum()), int(passed[~right].sum()), int(right.sum()), int(passed[right].sum())
    )
    source = (
        f"contacts: {passed[~right].mean():.1%} of {(~right).sum():,} passed on without the tag, "
        f"{passed[right].mean():.1%} of {right.sum():,} with it"
    )
    return Mapping(says, source, "M", factor, "more contacts with transfer_flag")


def _leaking(basis: Basis, finding: Finding) -> Said:
    read = gap_of(basis, finding, finding.evidence[0], (), high_is_bad=True)
    invoices = basis.table("invoice")
    if isinstance(read, Unpriced):
        return read
    if invoices is None:
        return Unpriced(finding, "no invoice says what an hour is billed at", "invoice")
    strange = sorted({str(c) for c in invoices["currency"].dropna()} - {basis.currency})
    if strange:
        return Unpriced(
            finding,
            f"invoices are in {', '.join(strange)} and the account in {basis.currency}",
            "a rate in fx, dated on or before the invoice's month ends",
        )
    billed = float(invoices["amount"].sum()) / max(invoices["period"].nunique(), 1)

    def cost(m: Floats, k: Floats, _money: Floats) -> dict[Line, Floats]:
        return only("revenue", billed * m * k)

    return Counted(
        (finding,), f"billing: {read.measure}", read, LOST, "invoice.amount", cost,
        (f"{billed:,.0f} {basis.currency} are billed a month.",),
    )  # fmt: skip
