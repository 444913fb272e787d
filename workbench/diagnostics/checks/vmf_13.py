"""Is the posture right: one executive, all functions, outcomes above wording?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.documents import one_owner, owners_of
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.governance import FORUMS, attendees_of, meetings_of_all
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.wording import figure, listing

SIX = {
    "operations": ("operation", "ops"),
    "technology": ("tech", "it"),
    "security": ("secur",),
    "compliance": ("complian", "risk", "legal"),
    "finance": ("financ", "cfo"),
    "workforce planning": ("wfm", "workforce", "planning"),
}
ALL_SIX = Scale(
    zero=0.2, hundred=1.0, target=1.0, source="METHOD VMF-13 names six functions; the zero is ours"
)
FRAMEWORK = Scale(
    zero=0.0, hundred=0.75, target=0.75, source="METHOD VMF-16 names four roles; three suffice is ours"
)
FOUR_PARTS = {
    "clear authority": ("relationship", "vendor", "vendor relationship"),
    "escalation paths": ("escalation", "issue escalation", "escalation path"),
}
CHIEFS = {"COO": ("coo", "operating"), "CFO": ("cfo", "financial"), "CIO": ("cio", "cto", "information"),
          "Chief Risk Officer": ("cro", "risk")}  # fmt: skip


@diagnostic("VMF-13", area="vendor management", also=("VMF-16", "OWN-1", "OWN-2", "CX-15"))
def posture(ownership: Table | None, gov_meeting: Table | None, period: Period) -> Verdict:
    """One accountable executive, six functions at the table, the framework owned at the top.

    Why: a capability in the portfolio needs the functions that it touches, not a contract manager alone.
    Healthy: a named executive; all six functions seen in the forums of the quarter; three chiefs own the framework.
    Unhealthy: no executive; operations and procurement only.
    Remedy: name the executive, seat the missing functions, and adopt the four parts of a partner system.
    """
    executive = one_owner("one accountable executive for the relationship", ownership,
                          ["accountable executive", "executive sponsor", "vendor relationship executive"])  # fmt: skip
    seen, absent = _functions(gov_meeting, period)
    chiefs = _chiefs(ownership)
    parts = _four_parts(ownership)
    said = (
        *found("VMF-13", executive, "No single executive is accountable for the relationship (expected exactly 1).",
               "Name one accountable executive.", side="buyer", step="ownership"),
        *found("VMF-13", seen,
               f"{6 - len(absent)} of 6 functions were seen in {seen.n:,} meetings (expected all); "
               f"never there: {listing(absent)}, {period}.",
               "Seat the missing functions in the forum they belong to.", side="buyer", step="ownership"),
        *found("VMF-13", chiefs,
               f"{figure(chiefs.value, 'fraction')} of the four chief officers own a part of the framework "
               f"(expected {figure(chiefs.expected, 'fraction')}).",
               "Let the chief officers whom the work touches own the framework.", side="buyer", step="ownership"),
    )  # fmt: skip
    return Verdict((executive, seen, chiefs, parts), said)


def _functions(gov_meeting: Table | None, period: Period) -> tuple[Evidence, list[str]]:
    label = "functions seen in governance"
    if gov_meeting is None:
        return missing(label, "fraction", table="gov_meeting", lack=Lack(tables=("gov_meeting",))), []
    held = meetings_of_all(gov_meeting, FORUMS, period)
    listed = attendees_of(held)
    people = {one.strip().casefold() for text in listed for one in text.split(";")}
    absent = [
        name for name, words in SIX.items() if not any(_is(person, w) for person in people for w in words)
    ]
    part = quantity(
        label,
        1 - len(absent) / len(SIX) if len(listed) else None,
        "fraction",
        len(listed),
        table="gov_meeting",
        period=period,
        scale=ALL_SIX,
        formula="functions among the attendees of held meetings / 6",
        reason="no held meeting lists who was there",
    )
    return part, absent


def _chiefs(ownership: Table | None) -> Evidence:
    label = "chief officers who own a part of the framework"
    if ownership is None:
        return missing(label, "fraction", table="ownership", lack=Lack(tables=("ownership",)))
    mine = owners_of(ownership, ["framework", "vendor framework", "vendor management framework"])
    roles = set(mine["role"].astype("str").str.casefold())
    named = [chief for chief, words in CHIEFS.items() if any(_is(role, w) for role in roles for w in words)]
    return quantity(
        label,
        len(named) / len(CHIEFS),
        "fraction",
        len(ownership),
        table="ownership",
        scale=FRAMEWORK,
        grade="D",
        rows=mine.index,
        formula="COO, CFO, CIO and risk officer accountable for the framework / 4",
    )


def _four_parts(ownership: Table | None) -> Evidence:
    """Two of the four parts of a partner system that no other check holds: authority and escalation paths."""
    label = "authority and escalation paths have one owner each"
    if ownership is None:
        return missing(label, "fraction", table="ownership", lack=Lack(tables=("ownership",)))
    held = [owners_of(ownership, subjects)["role"].nunique() == 1 for subjects in FOUR_PARTS.values()]
    return quantity(label, sum(held) / len(held), "fraction", len(ownership), table="ownership", scale=ALL_SIX,
                    grade="D", formula="parts with exactly one accountable role / 2")  # fmt: skip


def _is(person: str, word: str) -> bool:
    return word in person.split() if len(word) <= 3 else word in person
