"""Does exactly one role answer for every stage and every handoff?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.documents import accountable, holds
from workbench.diagnostics.evidence import found, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Finding, Lack, Scale, Verdict
from workbench.diagnostics.lifecycle import FUNCTIONS, HANDOFFS, STAGES
from workbench.diagnostics.owners import (
    WHAT,
    Agreement,
    agreement,
    in_words,
    named_owners,
    owners_table,
    written_owners,
)
from workbench.diagnostics.questions import named_weight
from workbench.intake.dataset import Table
from workbench.metrics.columns import any_of, filled, times
from workbench.wording import counted, figure, listing

OWNED = Scale(
    zero=0.3, hundred=1.0, target=1.0, source="METHOD VL-2: exactly one accountable; the zero is ours"
)


WRITTEN = {
    "stages with exactly one accountable role": 2.0,
    "handoffs with exactly one accountable role": 2.0,
    "functions that answer for what is theirs": 1.0,
    "ownership settled before the first module went live": 1.0,
    "owned handoffs with a document behind them": 1.0,
}
"""What the documents say, and how much each weighs."""


@diagnostic("VL-2", area="value leaks", also=("VL-2b", "CX-17", "OWN-10", *FUNCTIONS))
def one_accountable_everywhere(
    ownership: Table | None,
    process_document: Table | None,
    owner_answer: Table | None,
    *,
    seed: int = 0,
) -> Verdict:
    """Each of the twelve stages and seventeen handoffs has exactly one accountable role, and people name the same.

    Why: every team runs its own module, and what falls between two of them belongs to nobody.
    Healthy: 12 of 12 stages and 16 of 17 handoffs with one accountable role, agreed before go-live; nine of ten
    respondents name the same one.
    Unhealthy: 5 handoffs without an owner, 3 with two; respondents name three different roles.
    Remedy: settle the open ones in one session with all functions, write them down, and check they are known.
    """
    weight = named_weight(sum(WRITTEN.values())) / 2
    named = agreement(owner_answer, ownership, weight=weight, seed=seed)
    if ownership is None:
        parts: tuple[Evidence, ...] = tuple(
            missing(label, "fraction", table="ownership", lack=Lack(tables=("ownership",)), weight=weight)
            for label, weight in WRITTEN.items()
        )
        results: tuple[Finding, ...] = ()
        facts: dict[str, object] = {}
    else:
        parts, results, table = _written(ownership, process_document)
        facts = {"ownership of stages and handoffs": table}
    said = {i: n for i, n in named_owners(owner_answer, ownership).items() if i in WHAT}
    if said:
        facts["who is named as owner"] = owners_table(said, written_owners(ownership))
    return Verdict((*parts, *named.evidence), (*results, *_named(named)), facts)


def _named(named: Agreement) -> tuple[Finding, ...]:
    """Return what to act on where people do not name the same owner, or not the one who is written down."""
    return (
        *found(
            "VL-2",
            named.pairs,
            in_words(named),
            "Show each function the list of who is named; settle what differs, and ask again in a quarter.",
            beside=(named.share, named.kappa, *named.by_side, named.sides),
            step="ownership",
            commitments="what falls between two teams reaches the client",
            margin="questions that go to the wrong desk",
        ),
        *found(
            "VL-2",
            named.documents,
            f"{figure(named.documents.value, 'fraction')} of {counted(named.documents.n, 'answer')} name the owner "
            f"that the documents name (expected {figure(named.documents.expected, 'fraction')}).",
            "Make the written owners known, or write down those who are named.",
            step="ownership",
            at_most="moderate",
        ),
    )


def _written(
    ownership: pd.DataFrame, process_document: pd.DataFrame | None
) -> tuple[tuple[Evidence, ...], tuple[Finding, ...], pd.DataFrame]:
    """Return what the documents say, what to act on, and the owners of each stage and handoff."""
    few = accountable(ownership)
    owners: dict[str, set[str]] = {}
    for subject, role in zip(few["subject"].tolist(), few["role"].tolist(), strict=True):
        owners.setdefault(subject, set()).add(role)
    stages, handoffs = ({one: sorted(owners.get(one, ())) for one in known} for known in (STAGES, HANDOFFS))
    roles = {**stages, **handoffs}
    table = pd.DataFrame(
        {
            "id": list(roles),
            "what": list(WHAT.values()),
            "accountable roles": [len(names) for names in roles.values()],
            "role": [", ".join(names) or None for names in roles.values()],
        }
    )
    stage, handoff = _one_owner("stages", stages, few), _one_owner("handoffs", handoffs, few)
    function = _functions(few)
    early = _before_go_live(few, process_document)
    carried, written = any_of(few, "subject", HANDOFFS), filled(few, "document_ref")
    documented = share(
        "owned handoffs with a document behind them",
        int((carried & written).sum()),
        int(carried.sum()),
        of="handoffs",
        table="ownership",
        scale=OWNED,
        grade="D",
        rows=few.index[carried & ~written],
    )
    parts = (stage, handoff, function, early, documented)
    results = [
        finding
        for part, what, named in ((stage, "stage", stages), (handoff, "handoff", handoffs))
        for finding in found(
            "VL-2",
            part,
            _statement(what, named),
            f"Settle every open {what} in one session with all functions; one accountable role each, in writing.",
            step="ownership",
            commitments="what falls between two teams reaches the client",
            margin="waiting and rework at each seam",
        )
    ]
    results += found(
        "VL-2",
        function,
        f"{figure(function.value, 'fraction')} of 8 functions answer for the stages that are theirs (expected all).",
        "Confirm with each function which stages it answers for.",
        step="ownership",
    )
    results += found(
        "VL-2",
        early,
        f"{figure(early.value, 'fraction')} of {counted(early.n, 'ownership')} was settled before the first module "
        "went live (expected all).",
        "For the next module settle ownership first.",
        step="ownership",
    )
    return parts, tuple(results), table


def _one_owner(what: str, roles: Mapping[str, Sequence[str]], few: pd.DataFrame) -> Evidence:
    label = f"{what} with exactly one accountable role"
    others = [subject for subject, names in roles.items() if len(names) != 1]
    wrong = few.index[any_of(few, "subject", others)]
    return quantity(
        label,
        (len(roles) - len(others)) / len(roles),
        "fraction",
        len(roles),
        table="ownership",
        scale=OWNED,
        grade="D",
        weight=WRITTEN[label],
        rows=wrong,
        formula=f"{what} with one A / {len(roles)}",
    )


def _statement(what: str, roles: Mapping[str, Sequence[str]]) -> str:
    nobody = [subject for subject, names in roles.items() if not names]
    several = [subject for subject, names in roles.items() if len(names) > 1]
    held = len(roles) - len(nobody) - len(several)
    return (
        f"{held} of {counted(len(roles), what)} have exactly one accountable role (expected all)"
        + (f"; nobody answers for {listing(nobody, 20)}" if nobody else "")
        + (f"; several do for {listing(several, 20)}" if several else "")
        + "."
    )


def _functions(few: pd.DataFrame) -> Evidence:
    """Whether each function of LF-1 … LF-8 answers for at least one of its subjects."""
    roles: dict[str, list[str]] = {}
    for subject, role in zip(few["subject"].tolist(), few["role"].tolist(), strict=True):
        roles.setdefault(subject, []).append(str(role).casefold())
    right = [
        any(
            holds(role, word)
            for subject in (code, *function.subjects)
            for role in roles.get(subject, ())
            for word in function.words
        )
        for code, function in FUNCTIONS.items()
    ]
    return quantity(
        "functions that answer for what is theirs",
        sum(right) / len(right),
        "fraction",
        len(right),
        table="ownership",
        scale=OWNED,
        grade="D",
        formula="functions of LF-1 … LF-8 accountable for one of their stages or duties / 8",
    )


def _before_go_live(few: pd.DataFrame, process_document: pd.DataFrame | None) -> Evidence:
    label = "ownership settled before the first module went live"
    live = (
        np.zeros(0, "datetime64[us]")
        if process_document is None
        else times(process_document, "module_go_live")
    )
    live = live[~np.isnat(live)]
    if not len(live):
        return quantity(
            label,
            None,
            "fraction",
            0,
            table="process_document",
            reason="needs process_document.module_go_live",
        )
    mine = any_of(few, "subject", WHAT)
    early = mine & (times(few, "approved_date") < live.min())
    return share(
        label,
        int(early.sum()),
        int(mine.sum()),
        of="ownerships",
        table="ownership",
        scale=OWNED,
        grade="D",
        rows=few.index[mine & ~early],
    )
