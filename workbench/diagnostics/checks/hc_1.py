"""Does one named person on the buyer's side own the relationship?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.documents import accountable
from workbench.diagnostics.evidence import found, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Finding, Scale, Verdict
from workbench.diagnostics.owners import (
    ALIKE,
    RELATIONSHIP,
    Naming,
    agreement,
    commonest,
    named_owners,
    owners_table,
    written_owners,
)
from workbench.diagnostics.questions import SIDES, named_weight
from workbench.intake.dataset import Table
from workbench.metrics.columns import any_of, equals, filled
from workbench.wording import counted, figure, listing

ONE_OWNER = Scale(zero=0.0, hundred=1.0, target=1.0, source="METHOD HC-1: one clear owner")
DUTIES = ("performance tracking", "issue escalation", "process improvement")
"""METHOD FMB-3: what the buyer's owner answers for."""

OWNER = "the relationship has exactly one accountable owner"
COVERED = "duties of the owner with exactly one accountable role"


SAME = "respondents who name the same owner of the relationship"
BOTH = "both sides name the same owner of the relationship"
WEIGHTS = {OWNER: 2.0, COVERED: 1.0}
NAMED = named_weight(sum(WEIGHTS.values())) / 2


@diagnostic("HC-1", area="partnership health", also=("FMB-3", "OWN-4"))
def one_internal_owner(ownership: Table | None, owner_answer: Table | None, *, seed: int = 0) -> Verdict:
    """One person on the buyer's side answers for the vendor relationship, and both sides name the same one.

    Why: without an owner nobody notices a slow decline, and everybody notices a fast one too late.
    Healthy: one accountable vendor manager on the buyer's side, in writing, for all three duties; everybody names him.
    Unhealthy: procurement and two managers each think that another one does it.
    Remedy: appoint one vendor manager for performance tracking, escalation and improvement, in writing.
    """
    written, results = _written(ownership)
    named = named_owners(owner_answer, ownership)
    namings = named.get(RELATIONSHIP, ())
    same, both = _named(namings, owner_answer)
    everywhere = agreement(owner_answer, ownership, weight=0.0, seed=seed)
    results += found(
        "HC-1",
        same,
        f"{figure(same.value, 'fraction')} of {counted(same.n, 'respondent')} name the same owner of the relationship "
        f"(expected {figure(same.expected, 'fraction')}): {_who(namings)}.",
        "Tell both sides in one message who it is.",
        beside=(both, everywhere.share, everywhere.kappa),
        side="buyer",
        step="ownership",
    )
    results += found(
        "HC-1",
        both,
        f"The two sides do not name the same owner of the relationship: {_who(namings)}.",
        "Let the executive sponsor introduce the one owner to the vendor.",
        side="buyer",
        step="ownership",
        at_most="moderate",
    )
    facts: dict[str, object] = {}
    if namings:
        facts["who is named as owner"] = owners_table({RELATIONSHIP: namings}, written_owners(ownership))
    informing = (everywhere.share, everywhere.pairs, everywhere.kappa, everywhere.sides)
    return Verdict((*written, same, both, *informing), results, facts)


def _named(namings: Sequence[Naming], owner_answer: pd.DataFrame | None) -> tuple[Evidence, Evidence]:
    """Return how many name the same owner of the relationship, and whether the sides do."""
    rows = [] if owner_answer is None else owner_answer.index[owner_answer["item_id"] == RELATIONSHIP]
    by_side = {side: [n for n in namings if n.side == side] for side in SIDES}
    if len(namings) < 2:
        reason = (
            "one respondent only: agreement needs two"
            if namings
            else "nobody was asked who owns the relationship"
        )
        same = missing(SAME, "fraction", table="owner_answer", reason=reason, weight=NAMED)
    else:
        k = round(commonest(namings)[1] * len(namings))
        same = share(SAME, k, len(namings), of="respondents", table="owner_answer", scale=ALIKE, rows=rows,
                     grade="S", weight=NAMED, formula="who name the commonest role / who answered")  # fmt: skip
    silent = [side for side, said in by_side.items() if not said]
    if silent:
        reason = (
            f"nobody on the {silent[0]}'s side answered" if len(silent) == 1
            else "nobody was asked who owns the relationship"
        )  # fmt: skip
        return same, missing(BOTH, "yes = 1", table="owner_answer", reason=reason, weight=NAMED)
    first, second = (commonest(said)[0] for said in by_side.values())
    both = quantity(BOTH, float(first == second != ""), "yes = 1", len(namings), table="owner_answer", rows=rows,
                    scale=ONE_OWNER, grade="S", weight=NAMED, formula="each side's commonest role")  # fmt: skip
    return same, both


def _who(namings: Sequence[Naming]) -> str:
    said = []
    for side in SIDES:
        mine = [n.owner for n in namings if n.side == side]
        names = [
            f"{name} ({mine.count(name)})" for name in sorted(set(mine), key=lambda n: (-mine.count(n), n))
        ]
        said.append(f"the {side}'s side {listing(names, 4) if names else 'did not answer'}")
    return ", ".join(said)


def _written(ownership: pd.DataFrame | None) -> tuple[tuple[Evidence, ...], tuple[Finding, ...]]:
    """Return what the documents say of the owner and the duties, and what to act on."""
    reason = "needs ownership"
    if ownership is not None:
        few = accountable(ownership)
        sides_unknown = len(few) > 0 and not filled(few, "side").any()
        reason = "ownership.side is empty: whose owner it is is not known" if sides_unknown else ""
    if ownership is None or reason:
        return (
            missing(OWNER, "yes = 1", table="ownership", reason=reason, weight=WEIGHTS[OWNER]),
            missing(COVERED, "fraction", table="ownership", reason=reason),
        ), ()
    buyer = any_of(few, "side", ("buyer", "both"))
    owners = few[buyer & any_of(few, "subject_kind", ("relationship", "vendor"))]
    people = owners["person"].fillna(owners["role"]).unique()
    owner = quantity(
        OWNER,
        float(len(people) == 1),
        "yes = 1",
        max(len(owners), 1),
        table="ownership",
        scale=ONE_OWNER,
        grade="D",
        rows=owners.index,
        weight=WEIGHTS[OWNER],
        formula="people accountable (A) on the buyer's side for the relationship = 1",
    )
    duties: dict[str, set[str]] = {}
    named = few[buyer & equals(few, "subject_kind", "duty") & filled(few, "role")]
    for subject, role in zip(named["subject"].tolist(), named["role"].tolist(), strict=True):
        duties.setdefault(subject, set()).add(role)
    owned = [duty for duty in DUTIES if len(duties.get(duty, ())) == 1]
    covered = quantity(
        COVERED,
        len(owned) / len(DUTIES),
        "fraction",
        len(DUTIES),
        table="ownership",
        scale=ONE_OWNER,
        grade="D",
        formula="duties with one A / 3",
    )
    told = f"{counted(len(people), 'person', 'people')} on the buyer's side"
    open_duties = [duty for duty in DUTIES if duty not in owned]
    return (owner, covered), (
        *found(
            "HC-1",
            owner,
            f"{told} {'is' if len(people) == 1 else 'are'} accountable for the relationship "
            "(expected exactly 1).",
            "Appoint one vendor manager on the buyer's side and write it down.",
            side="buyer",
            step="ownership",
            commitments="nobody answers for what was promised",
            margin="decline is found late",
        ),
        *found(
            "HC-1",
            covered,
            f"{len(owned)} of {len(DUTIES)} duties of the owner have exactly one accountable role "
            f"(expected all); open: {listing(open_duties)}.",
            "Give each open duty to the vendor manager by name.",
            side="buyer",
            step="ownership",
        ),
    )
