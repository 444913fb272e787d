"""Does one named person on the buyer's side own the relationship?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Scale, Verdict
from workbench.intake.dataset import Table
from workbench.wording import counted, listing

ONE_OWNER = Scale(zero=0.0, hundred=1.0, target=1.0, source="METHOD HC-1: one clear owner")
DUTIES = ("performance tracking", "issue escalation", "process improvement")
"""METHOD FMB-3: what the buyer's owner answers for."""

OWNER = "the relationship has exactly one accountable owner"
COVERED = "duties of the owner with exactly one accountable role"


@diagnostic("HC-1", area="partnership health", also=("FMB-3", "OWN-4"))
def one_internal_owner(ownership: Table) -> Verdict:
    """One person on the buyer's side answers for the vendor relationship.

    Why: without an owner nobody notices a slow decline, and everybody notices a fast one too late.
    Healthy: one accountable vendor manager on the buyer's side, in writing, for all three duties.
    Unhealthy: procurement and two managers each think that another one does it.
    Remedy: appoint one vendor manager for performance tracking, escalation and improvement, in writing.
    """
    accountable = ownership[ownership["raci"] == "A"]
    if len(accountable) and accountable["side"].isna().all():
        reason = "ownership.side is empty: whose owner it is is not known"
        return Verdict(
            (
                missing(OWNER, "yes = 1", table="ownership", reason=reason, weight=2.0),
                missing(COVERED, "fraction", table="ownership", reason=reason),
            )
        )
    buyer = accountable[accountable["side"].isin(["buyer", "both"])]
    owners = buyer[buyer["subject_kind"].isin(["relationship", "vendor"])]
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
        weight=2.0,
        formula="people accountable (A) on the buyer's side for the relationship = 1",
    )
    duties = buyer[buyer["subject_kind"] == "duty"].groupby("subject")["role"].nunique()
    owned = [duty for duty in DUTIES if duties.get(duty, 0) == 1]
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
    named = f"{counted(len(people), 'person', 'people')} on the buyer's side"
    open_duties = [duty for duty in DUTIES if duty not in owned]
    return Verdict(
        (owner, covered),
        (
            *found(
                "HC-1",
                owner,
                f"{named} {'is' if len(people) == 1 else 'are'} accountable for the relationship "
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
        ),
    )
