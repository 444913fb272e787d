"""Does exactly one role answer for every stage and every handoff?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.documents import holds
from workbench.diagnostics.evidence import found, quantity, share
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.lifecycle import FUNCTIONS, HANDOFFS, STAGES
from workbench.intake.dataset import Table
from workbench.wording import counted, figure, listing

OWNED = Scale(
    zero=0.3, hundred=1.0, target=1.0, source="METHOD VL-2: exactly one accountable; the zero is ours"
)


@diagnostic("VL-2", area="value leaks", also=("VL-2b", "CX-17", "OWN-10", *FUNCTIONS))
def one_accountable_everywhere(ownership: Table, process_document: Table | None) -> Verdict:
    """Each of the twelve stages and seventeen handoffs has exactly one accountable role.

    Why: every team runs its own module, and what falls between two of them belongs to nobody.
    Healthy: 12 of 12 stages and 16 of 17 handoffs with one accountable role, agreed before go-live.
    Unhealthy: 5 handoffs without an owner, 3 with two.
    Remedy: settle the open ones in one session with all functions, write them down, and check they are known.
    """
    accountable = ownership[ownership["raci"] == "A"]
    owners = accountable.groupby("subject")["role"].nunique()
    table = pd.DataFrame(
        {"id": [*STAGES, *HANDOFFS], "what": [*STAGES.values(), *(h.title for h in HANDOFFS.values())]}
    )
    table["accountable roles"] = table["id"].map(owners).fillna(0).astype(int)
    table["role"] = table["id"].map(
        accountable.groupby("subject")["role"].agg(lambda r: ", ".join(sorted(set(r))))
    )
    stage = _one_owner("stages", table[table["id"].isin(STAGES)], accountable)
    handoff = _one_owner("handoffs", table[table["id"].isin(HANDOFFS)], accountable)
    function = _functions(accountable)
    early = _before_go_live(accountable, process_document)
    carried = accountable[accountable["subject"].isin(HANDOFFS)]
    documented = share(
        "owned handoffs with a document behind them",
        int(carried["document_ref"].notna().sum()),
        len(carried),
        of="handoffs",
        table="ownership",
        scale=OWNED,
        grade="D",
        rows=carried.index[carried["document_ref"].isna()],
    )
    parts = (stage, handoff, function, early, documented)
    results = [
        finding
        for part, what in ((stage, "stage"), (handoff, "handoff"))
        for finding in found(
            "VL-2",
            part,
            _statement(what, table),
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
    return Verdict(parts, tuple(results), {"ownership of stages and handoffs": table})


def _one_owner(what: str, table: pd.DataFrame, accountable: pd.DataFrame) -> Evidence:
    one = table["accountable roles"] == 1
    wrong = accountable.index[accountable["subject"].isin(table.loc[~one, "id"])]
    return quantity(
        f"{what} with exactly one accountable role",
        float(one.mean()),
        "fraction",
        len(table),
        table="ownership",
        scale=OWNED,
        grade="D",
        weight=2.0,
        rows=wrong,
        formula=f"{what} with one A / {len(table)}",
    )


def _statement(what: str, table: pd.DataFrame) -> str:
    rows = table[table["id"].str.startswith("LC" if what == "stage" else "HO")]
    nobody = rows.loc[rows["accountable roles"] == 0, "id"].tolist()
    several = rows.loc[rows["accountable roles"] > 1, "id"].tolist()
    held = int((rows["accountable roles"] == 1).sum())
    return (
        f"{held} of {counted(len(rows), what)} have exactly one accountable role (expected all)"
        + (f"; nobody answers for {listing(nobody, 20)}" if nobody else "")
        + (f"; several do for {listing(several, 20)}" if several else "")
        + "."
    )


def _functions(accountable: pd.DataFrame) -> Evidence:
    """Whether each function of LF-1 … LF-8 answers for at least one of its subjects."""
    roles = accountable.assign(role=accountable["role"].astype("str").str.casefold())
    right = []
    for code, function in FUNCTIONS.items():
        own = roles.loc[roles["subject"].isin([code, *function.subjects]), "role"]
        right.append(any(holds(role, word) for role in own for word in function.words))
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


def _before_go_live(accountable: pd.DataFrame, process_document: pd.DataFrame | None) -> Evidence:
    label = "ownership settled before the first module went live"
    live = None if process_document is None else process_document["module_go_live"].min()
    if live is None or pd.isna(live):
        return quantity(
            label,
            None,
            "fraction",
            0,
            table="process_document",
            reason="needs process_document.module_go_live",
        )
    mine = accountable[accountable["subject"].isin([*STAGES, *HANDOFFS])]
    early = mine["approved_date"] < live
    return share(
        label,
        int(early.sum()),
        len(mine),
        of="ownerships",
        table="ownership",
        scale=OWNED,
        grade="D",
        rows=mine.index[~early],
    )
