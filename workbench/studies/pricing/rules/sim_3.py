"""What do thin training and thin transfer cost: contacts passed on, contacts that come again?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from workbench.catalogue import serves
from workbench.diagnostics.finding import Evidence, Finding
from workbench.diagnostics.periods import in_period
from workbench.metrics.columns import flags
from workbench.metrics.resolution import fcr, judged_by_repeat, observed_repeats
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import (
    Floats,
    Mapping,
    Reading,
    Triangle,
    further_share,
    known,
    reading,
)
from workbench.studies.pricing.fallen import part_in_the_mean, put_there
from workbench.studies.pricing.moves import today_of, turn, turn_by, with_escalations, with_repeats
from workbench.studies.pricing.rule import (
    WHOLE,
    Moved,
    Part,
    Said,
    Unpriced,
    all_of,
    carried,
    gap_of,
    named,
    pricing,
)
from workbench.studies.pricing.untaught import PATH as LONGER
from workbench.studies.pricing.untaught import untaught

SECOND = Mapping(
    "the second level takes as long for a contact as the first did, give or take",
    "ours; who takes escalated contacts stands in no log of the vendor's", "A", Triangle(0.6, 1.0, 1.4),
    "handle time of escalated contacts at the second level",
)  # fmt: skip
AGAIN = Mapping(
    "so much of a fall in resolution shows as further contacts within seven days",
    "METHOD VMF-8; customers come again for new reasons too, and not at all when they give up", "A",
    Triangle(0.7, 0.9, 1.0),
    "contacts with a matter or case number",
)  # fmt: skip
SAME = replace(AGAIN, says="the measure is contacts that come again, as the scenario has them", source="contacts",
               grade="M", factor=known(1.0))  # fmt: skip
MARKED = replace(
    AGAIN, says="the measure is resolution as agents mark it, and so is the scenario's; how many of the unresolved "
    "come again is the scenario's own", source="contacts", grade="M", factor=known(1.0),
)  # fmt: skip


@serves("SIM-3", kind="calculator")
def moved_with(today: float, at: float, sign: float) -> Callable[[Floats, Floats], Floats]:
    """Return how a probability moves with its measure: by `sign` times as many points, times the factor.

    `today` is the probability where the measure is `at`.
    """
    return lambda m, k: np.asarray(today + sign * k * (m - at))


PASSED_ON, PASSED = "queues.*.follow_ups.*.probability", ("FM-2", "HC-6")
UNRESOLVED, AGAIN_FROM = "queues.*.resolution", ("FM-G4", "VMF-8", "VMF-3", "VMF-2")


@pricing(
    "SIM-3",
    lines=("repeat handling", "labour"),
    moves={PASSED_ON: PASSED, UNRESOLVED: AGAIN_FROM, LONGER: ("VL-3a",)},
)
def training_and_transfer(basis: Basis) -> Iterator[Said]:
    """Contacts that agents pass on, and contacts that come again because nothing was settled."""
    passed = named(basis, *PASSED)
    carrier = next((f for f in passed if "escalated" in f.evidence[0].measure), None)
    yield from _one(
        basis,
        carrier,
        passed,
        _escalating,
        "its measure says how knowledge was handed over, not what is passed on",
        "contacts.escalated_flag",
    )
    again = named(basis, *AGAIN_FROM)
    fell = next((f for f in again if "not repeated" in f.evidence[0].measure), None)
    rose = next((f for f in again if "repeated within" in f.evidence[0].measure), None)
    flag = next(
        (f for f in again if "resolution" in f.evidence[0].measure and "fall" in f.evidence[0].measure), None
    )
    yield from _one(
        basis,
        fell or rose or flag or next(iter(again), None),
        again,
        _repeating,
        "it counts months or shares of work, not contacts left unresolved",
        "contacts.customer_key",
    )
    for finding in named(basis, "VL-3a"):
        yield untaught(basis, finding)


def _one(
    basis: Basis, carrier: Finding | None, group: tuple[Finding, ...],
    moved: Callable[[Basis, Finding], Said], why_not: str, lacking: str,
) -> Iterator[Said]:  # fmt: skip
    if carrier is None:
        yield from (Unpriced(f, why_not, lacking) for f in group)
        return
    said = moved(basis, carrier)
    if isinstance(said, Moved):
        yield replace(said, findings=carried(carrier, group))
    elif isinstance(said, Unpriced):
        yield from all_of(said, group)


def _escalating(basis: Basis, finding: Finding) -> Said:
    read = gap_of(basis, finding, finding.evidence[0], ("pay", "scenario"), high_is_bad=True)
    if isinstance(read, Unpriced):
        return read
    assert basis.scenario is not None
    today = today_of(basis.scenario, "escalation")
    start = read.used if today is None else today
    return Moved(
        (finding,), f"thin transfer: {read.measure}", read, SECOND, PASSED_ON, start,
        moved_with(start, read.used, 1.0), turn("escalation"), "repeat handling", "work",
        with_escalations(start) if today is None else _nothing,
        # who takes them beside the floor is none of its paid hours
        part=WHOLE if today is None else Part("floor"),
        notes=("Nobody takes escalated contacts in the scenario: a second level was added (A), paid as agents are.",
               _who_come_again(basis)) if today is None else (),
    )  # fmt: skip


def _who_come_again(basis: Basis) -> str:
    """Say whether those who were passed on come again as often as others: the scenario lets them."""
    said = "Whom the second level served comes again as often as others"
    contacts = in_period(basis.dataset, "contacts")
    if contacts is None or "escalated_flag" not in contacts:
        return f"{said} (assumed)."
    judged = judged_by_repeat(contacts)
    judged = judged[judged["observed"]]
    up = contacts.loc[judged.index, "escalated_flag"]
    known = up.notna().to_numpy()
    passed = up[known].astype(bool).to_numpy()
    again = judged["repeated"].to_numpy(bool)[known]
    if min(passed.sum(), (~passed).sum()) < 30:
        return f"{said} (assumed)."
    return (
        f"{said} (assumed); in the log {again[passed].mean():.1%} of {int(passed.sum()):,} who were passed on and "
        f"{again[~passed].mean():.1%} of {int((~passed).sum()):,} others called again within 7 days."
    )


def _repeating(basis: Basis, finding: Finding) -> Said:
    found = _resolution(basis, finding.evidence[0])
    if isinstance(found, str):
        return Unpriced(
            finding, found, "contacts.customer_key, and a target for resolution (table kpi or sla)"
        )
    one, how, sign, by_repeats = found
    read = gap_of(basis, finding, one, ("pay", "scenario"), high_is_bad=sign < 0)
    if isinstance(read, Unpriced):
        return read
    assert basis.scenario is not None
    today = today_of(basis.scenario, "fcr")
    added = today is None
    if today is None:
        contacts = in_period(basis.dataset, "contacts")
        measured = fcr(contacts).value if contacts is not None else None
        if measured is None:
            return Unpriced(
                finding, "no contact names a customer: who comes again is not known", "contacts.customer_key"
            )
        today = measured
    again = 1.0 if added else comes_again(basis.scenario)
    if not added and how is AGAIN:
        how = replace(MARKED, factor=_how_surely_again(basis))
    mean, today = today, today - _since_it_fell(basis, finding, read, how) / (again if by_repeats else 1.0)
    today = max(today, 0.0)
    return Moved(
        (finding,), f"left unresolved: {read.measure}", read, how, UNRESOLVED, today,
        moved_with(today, read.used, sign / again if by_repeats else sign), turn_by("fcr", today),
        "repeat handling", "work",
        with_repeats(today) if added else put_there(mean, today),
        # a fall that lasts is one of the drifts that a slow routine lets last
        part=Part("floor", ("drifts",) if sign < 0 else ()),
        notes=(
            "The scenario has no repeat contacts: those of the log were added and taken off the arrivals (A)." if added
            else f"Of contacts left unresolved {again:.0%} come again in the scenario, as in the log.",
            *((f"Since it fell {today:.1%} are resolved, and {mean:.1%} over the period: priced from where it stands "
               "since, with the load as recorded.",) if today < mean else ()),
        ),
    )  # fmt: skip


def _how_surely_again(basis: Basis) -> Triangle:
    """Return the doubt about how many of the unresolved come again, around 1: by as many as were watched."""
    contacts = in_period(basis.dataset, "contacts")
    if contacts is None or "resolved_flag" not in contacts:
        return known(1.0)
    place, again = observed_repeats(contacts)
    settled, marked = (one[place] for one in flags(contacts, "resolved_flag"))
    open_, done = again[marked & ~settled], again[marked & settled]
    if not len(open_) or not len(done):
        return known(1.0)
    excess = further_share(len(open_), int(open_.sum()), len(done), int(done.sum()))
    if excess.likely <= 0:
        return known(1.0)
    return Triangle(excess.low / excess.likely, 1.0, excess.high / excess.likely)


def _since_it_fell(basis: Basis, finding: Finding, read: Reading, how: Mapping) -> float:
    """Return how far resolution stands below the mean of the period, where a fall or a rise of repeats is measured."""
    if read.measure != finding.evidence[0].measure or finding.evidence[0].unit != "points":
        return 0.0
    return (1.0 - part_in_the_mean(basis, finding.evidence[0])) * read.used * how.factor.middle


@serves("SIM-3", kind="calculator")
def comes_again(scenario: Scenario) -> float:
    """Return the share of unresolved contacts that come again: mean over the queues where any do, by volume."""
    found = [
        (max(sum(queue.arrivals.per_hour), 1e-9), min(sum(rules), 1.0))
        for queue in scenario.queues.values()
        if (rules := [f.probability for f in queue.follow_ups.values() if f.after == "unresolved"])
    ]
    whole = sum(weight for weight, _ in found)
    share = sum(weight * p for weight, p in found) / whole if whole else 1.0
    return share if share > 0 else 1.0


def _resolution(basis: Basis, evidence: Evidence) -> tuple[Reading, Mapping, float, bool] | str:
    """Return what says how much is left unresolved, and whether it counts those who come again.

    The sign is −1 where the measure is a loss.
    """
    read = reading(evidence)
    if evidence.unit == "points" and read is not None:
        repeats = "repeated" in evidence.measure
        return replace(read, least=0.0, most=1.0), SAME if repeats else AGAIN, -1.0, repeats
    contacts = in_period(basis.dataset, "contacts")
    target = _target(basis)
    if contacts is None or target is None:
        return "it counts months, not contacts left unresolved, and no target for resolution is on record"
    own = fcr(contacts)
    if own.value is None:
        return f"resolution is not known: {own.reason}"
    measure = "contacts that no other follows within 7 days"
    return (
        Reading(measure, own.value, "fraction", target, own.n, own.low, own.high, 0.0, 1.0),
        SAME,
        1.0,
        True,
    )


def _target(basis: Basis) -> float | None:
    for table, name, value in (("sla", "metric", "target"), ("kpi", "kpi", "threshold")):
        rows = basis.table(table)
        if rows is None or name not in rows or value not in rows:
            continue
        mine = rows[
            rows[name].astype("str").str.casefold().isin(("fcr", "resolution")) & rows[value].between(0, 1)
        ]
        if len(mine):
            return float(mine[value].iloc[0])
    return None


def _nothing(_: Scenario) -> tuple[Change, ...]:
    return ()
