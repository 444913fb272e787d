"""Do people name the same owner when they are asked who answers for a stage or a handoff?

Every respondent names a role, a person, nobody, or says "do not know". Two agree when both name the same
role. Who knows no owner agrees with nobody, and to agree that there is none is no owner either; what was
left blank is unknown. Per stage or handoff the share who name the commonest role; over all of them the
share of pairs of respondents who name the same one, which unlike the former does not depend on how many
were asked, and Fleiss' kappa. Intervals are over the stages and handoffs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.diagnostics.documents import accountable
from workbench.diagnostics.evidence import missing, quantity
from workbench.diagnostics.finding import Evidence, Scale
from workbench.diagnostics.lifecycle import FUNCTIONS, HANDOFFS, STAGES
from workbench.diagnostics.questions import OWNER_ANSWERS, SIDES
from workbench.once import once_per_table
from workbench.statistics.agreement import fleiss_kappa_partial, gwet, marker, prevalence_note
from workbench.statistics.bootstrap import bootstrap
from workbench.statistics.estimate import Estimate
from workbench.wording import counted, figure, span

NOBODY, DO_NOT_KNOW = "nobody", "do not know"
RELATIONSHIP = "HC-1"
ALIKE = Scale(
    zero=0.3, hundred=1.0, target=0.8, source="METHOD VL-2: the same owner is named; the numbers are ours"
)
WHAT = {**STAGES, **{code: handoff.title for code, handoff in HANDOFFS.items()}}
"""The twelve stages and seventeen handoffs, in words."""

BARE = {
    name.casefold(): function.title
    for function in FUNCTIONS.values()
    for name in (function.title, *function.words, *function.title.split(" and "))
    if name != "head"
}
"""Names under which a function alone is meant: "WFM" and "workforce management" are one owner."""

LABELS = {
    "pairs": "pairs of respondents who name the same owner",
    "share": "respondents who name the commonest owner, mean of stages and handoffs",
    "kappa": "agreement on owners (Fleiss' kappa)",
    "sides": "pairs across the sides who name the same owner",
    "documents": "respondents who name the owner that the documents name",
}


@dataclass(frozen=True)
class Naming:
    """What one respondent said of one subject: an owner in one spelling, nobody, or do not know."""

    respondent: str
    side: str
    owner: str

    @property
    def names_a_role(self) -> bool:
        """Whether there is an owner in it."""
        return self.owner not in (NOBODY, DO_NOT_KNOW)


def offered_owners(ownership: pd.DataFrame | None) -> tuple[str, ...]:
    """Return the owners to choose from in a form: the roles of the client, the functions, nobody, do not know."""
    roles = (
        [] if ownership is None else sorted(set(ownership["role"].dropna().astype("str")), key=str.casefold)
    )
    known = {spelled(role) for role in roles}
    functions = [function.title for function in FUNCTIONS.values() if spelled(function.title) not in known]
    return (*roles, *functions, NOBODY, DO_NOT_KNOW)


def spelled(name: str) -> str:
    """Return an owner as it is compared: without case and spaces, functions under one name.

    >>> spelled(" WFM "), spelled("workforce management"), spelled("Don't know")
    ('Workforce management', 'Workforce management', 'do not know')
    """
    plain = " ".join(name.replace("’", "'").split()).casefold().rstrip(".")
    if plain in ("nobody", "no one", "no-one", "none"):
        return NOBODY
    if plain in ("do not know", "don't know", "dont know", "unknown", "not known", "?"):
        return DO_NOT_KNOW
    return BARE.get(plain, plain)


@once_per_table
def named_owners(
    owner_answer: pd.DataFrame | None, ownership: pd.DataFrame | None
) -> dict[str, tuple[Naming, ...]]:
    """Return who named whom, by stage, handoff and relationship; the latest answer of a respondent counts.

    A person whom the table ownership knows in one role counts as that role.
    """
    if owner_answer is None:
        return {}
    roles = _roles_of_people(ownership)
    said = owner_answer.sort_values(["date", "owner"], kind="stable", na_position="first")
    latest: dict[tuple[str, str], Naming] = {}
    for item, name, role, side, owner in zip(
        *(said[column].tolist() for column in ("item_id", "respondent", "respondent_role", "side", "owner")),
        strict=True,
    ):
        who = f"{side}, {name}" + ("" if pd.isna(role) else f", {role}")
        plain = roles.get(str(owner).strip().casefold(), str(owner))
        latest[str(item), who] = Naming(who, str(side), spelled(plain))
    found: dict[str, list[Naming]] = {}
    for (item, _), naming in sorted(latest.items()):
        found.setdefault(item, []).append(naming)
    return {item: tuple(found[item]) for item in (*WHAT, RELATIONSHIP) if item in found}


def _roles_of_people(ownership: pd.DataFrame | None) -> dict[str, str]:
    if ownership is None:
        return {}
    roles: dict[str, set[str]] = {}
    for person, role in zip(ownership["person"].tolist(), ownership["role"].tolist(), strict=True):
        if isinstance(person, str):
            roles.setdefault(person.strip().casefold(), set()).add(str(role))
    return {person: min(names) for person, names in roles.items() if len(names) == 1}


@once_per_table
def written_owners(ownership: pd.DataFrame | None) -> dict[str, tuple[str, ...]]:
    """Return the owners of each stage, handoff and of the relationship in the documents, none or several."""
    if ownership is None:
        return {}
    few = accountable(ownership)
    found: dict[str, set[str]] = {}
    for subject, role in zip(few["subject"].tolist(), few["role"].tolist(), strict=True):
        item = RELATIONSHIP if str(subject).casefold() == "relationship" else str(subject)
        found.setdefault(item, set()).add(spelled(str(role)))
    return {item: tuple(sorted(owners)) for item, owners in found.items()}


def documented_owners(ownership: pd.DataFrame | None) -> dict[str, str]:
    """Return the owner of what has exactly one in the documents."""
    return {item: owners[0] for item, owners in written_owners(ownership).items() if len(owners) == 1}


def commonest(namings: Sequence[Naming]) -> tuple[str, float]:
    """Return the role that most name and the share of all who answered; of several the first by name."""
    roles = Counter(naming.owner for naming in namings if naming.names_a_role)
    if not roles:
        return "", 0.0
    owner, number = min(roles.items(), key=lambda item: (-item[1], item[0]))
    return owner, number / len(namings)


def alike(pairs: Sequence[tuple[Naming, Naming]]) -> tuple[int, int]:
    """Return how many of the pairs name the same role, and how many pairs there are."""
    return sum(a.owner == b.owner and a.names_a_role for a, b in pairs), len(pairs)


def within(namings: Sequence[Naming], side: str | None = None) -> list[tuple[Naming, Naming]]:
    """Return the pairs of respondents, of one side if named."""
    return list(combinations([n for n in namings if side in (None, n.side)], 2))


def across(namings: Sequence[Naming]) -> list[tuple[Naming, Naming]]:
    """Return the pairs of a respondent of each side."""
    buyers, vendors = ([n for n in namings if n.side == side] for side in SIDES)
    return list(product(buyers, vendors))


def owners_table(named: dict[str, tuple[Naming, ...]], written: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """Return, for each stage and handoff that somebody answered, who is named, how alike, and what is written.

    Returns
    -------
    DataFrame with id, what, respondents, named most, share naming it, buyer names, vendor names (the
    commonest of each side, with its share), sides alike (share of pairs across), documented owner (several
    with "and"), share naming the documented owner (where it is one). Shares are fractions, NaN where nobody
    can be compared.
    """
    rows = []
    for item, namings in named.items():
        owner, share = commonest(namings)
        same, pairs = alike(across(namings))
        documented = written.get(item, ())
        rows.append(
            {
                "id": item,
                "what": WHAT.get(item, "The relationship, buyer's side"),
                "respondents": len(namings),
                "named most": owner or _without_role(namings),
                "share naming it": share if len(namings) > 1 else np.nan,
                **{f"{side} names": _side_names(namings, side) for side in SIDES},
                "sides alike": same / pairs if pairs else np.nan,
                "documented owner": " and ".join(documented),
                "share naming the documented": (
                    sum(n.owner == documented[0] for n in namings) / len(namings)
                    if len(documented) == 1
                    else np.nan
                ),
            }
        )
    return pd.DataFrame(rows)


def _without_role(namings: Sequence[Naming]) -> str:
    return Counter(sorted(n.owner for n in namings)).most_common(1)[0][0]


def _side_names(namings: Sequence[Naming], side: str) -> str:
    mine = [n for n in namings if n.side == side]
    if not mine:
        return ""
    owner, share = commonest(mine)
    return f"{owner} ({round(share * len(mine))} of {len(mine)})" if owner else _without_role(mine)


def ratings(named: dict[str, tuple[Naming, ...]]) -> NDArray[np.float64]:
    """Return the answers as numbers, subjects × respondents: NaN for a blank; who does not know agrees with nobody."""
    people = sorted({n.respondent for namings in named.values() for n in namings})
    codes: dict[str, int] = {}
    table = np.full((len(named), len(people)), np.nan)
    for row, (item, namings) in enumerate(named.items()):
        for n in namings:
            own = f"{item} {n.respondent}" if n.owner == DO_NOT_KNOW else n.owner
            table[row, people.index(n.respondent)] = codes.setdefault(own, len(codes))
    return table


@dataclass(frozen=True)
class Agreement:
    """How alike owners are named: evidence with its interval, per whole, side and against the documents."""

    pairs: Evidence
    share: Evidence
    kappa: Evidence
    by_side: tuple[Evidence, ...]
    sides: Evidence
    documents: Evidence
    note: str
    """What a reader of kappa must know; empty where nothing."""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All of it, the scored first."""
        return (self.pairs, self.documents, self.share, self.kappa, *self.by_side, self.sides)


def agreement(
    owner_answer: pd.DataFrame | None, ownership: pd.DataFrame | None, *, weight: float, seed: int = 0
) -> Agreement:
    """Return how alike the respondents name the owners of the stages and handoffs.

    weight : of the pairs who name the same owner, and of those who name the documented one; the rest
        informs without scoring.
    """
    named = _of_seams(owner_answer, ownership)
    people = {n.respondent for namings in named.values() for n in namings}
    rows = [] if owner_answer is None else owner_answer.index[owner_answer["item_id"].isin(list(WHAT))]
    few = (
        "nobody was asked who owns the stages and handoffs" if not people
        else "one respondent only: agreement needs two" if len(people) == 1
        else "no two respondents answered for the same stage or handoff"
    )  # fmt: skip

    def counted_pairs(
        key: str, choose: Callable[[Sequence[Naming]], list[tuple[Naming, Naming]]], reason: str,
        weight: float = 0.0, label: str = "",
    ) -> Evidence:  # fmt: skip
        tallies = [alike(choose(namings)) for namings in named.values()]
        return _ratio(label or LABELS[key], tallies, reason, seed, weight, rows=rows)

    most = [(commonest(n)[1], 1) for n in named.values() if len(n) > 1]
    documents = documented_owners(ownership)
    to_documents = [
        (sum(n.owner == documents[item] for n in namings), len(namings))
        for item, namings in named.items()
        if item in documents
    ]
    kappa, note = _kappa(owner_answer, ownership, few, seed)
    present = {n.side for namings in named.values() for n in namings}
    apart = (
        few
        if len(people) < 2
        else f"nobody on the {'vendor' if 'buyer' in present else 'buyer'}'s side answered"
    )
    return Agreement(
        pairs=counted_pairs("pairs", within, few, weight),
        share=_ratio(LABELS["share"], most, few, seed, rows=rows),
        kappa=kappa,
        by_side=tuple(
            counted_pairs(
                "pairs",
                partial(within, side=side),
                f"fewer than two on the {side}'s side answered",
                label=f"pairs on the {side}'s side who name the same owner",
            )
            for side in SIDES
        ),
        sides=counted_pairs("sides", across, apart if len(present) < 2 else few),
        documents=_ratio(
            LABELS["documents"],
            to_documents,
            few if not people else "no stage or handoff that was answered has exactly one documented owner",
            seed,
            weight,
            rows=rows,
        ),
        note=note,
    )


def _ratio(
    label: str, tallies: Sequence[tuple[float, int]], reason: str, seed: int, weight: float = 0.0,
    rows: Sequence[int] | pd.Index = (),
) -> Evidence:  # fmt: skip
    """Return the ratio of sums over subjects, with its bootstrap over subjects."""
    known = tuple((good, n) for good, n in tallies if n > 0)
    if not known:
        return missing(label, "fraction", table=OWNER_ANSWERS, reason=reason, weight=weight)
    found, n = _resampled(known, seed), np.array([n for _, n in known])
    interval = None if found.low is None or found.high is None else (found.low, found.high)
    what = "the stages and handoffs, each alike" if (n == 1).all() else "stages and handoffs"
    return quantity(
        label, found.value, "fraction", int(n.sum()), table=OWNER_ANSWERS, scale=ALIKE if weight else None,
        expected=ALIKE.target, interval=interval, rows=rows if weight else (), grade="S", weight=weight,
        formula=f"sum over {what}; interval over {counted(len(n), 'of them', 'of them')}",
    )  # fmt: skip


@once_per_table
def _resampled(tallies: tuple[tuple[float, int], ...], seed: int) -> Estimate:
    """Return the ratio of sums over subjects, with its bootstrap over subjects."""
    good, n = np.array(tallies, float).T
    return bootstrap(
        lambda at: float(good[at].sum() / n[at].sum()), len(n), seed=seed, resamples=500, method="percentile",
        together=lambda at: good[at].sum(axis=1) / n[at].sum(axis=1),
    )  # fmt: skip


@once_per_table
def _of_seams(
    owner_answer: pd.DataFrame | None, ownership: pd.DataFrame | None
) -> dict[str, tuple[Naming, ...]]:
    """Return who named whom as the owner of each stage and handoff."""
    return {item: n for item, n in named_owners(owner_answer, ownership).items() if item in WHAT}


@once_per_table
def _kappa(
    owner_answer: pd.DataFrame | None, ownership: pd.DataFrame | None, few: str, seed: int
) -> tuple[Evidence, str]:
    label, table = LABELS["kappa"], ratings(_of_seams(owner_answer, ownership))
    if not table.size or table.shape[1] < 2:
        return missing(label, "kappa", table=OWNER_ANSWERS, reason=few, weight=0.0), ""
    found = fleiss_kappa_partial(table, seed=seed)
    if found.value is None:
        note = "everybody names the same owner everywhere: agreement beyond chance cannot be judged"
        return missing(
            label, "kappa", table=OWNER_ANSWERS, reason=note if "equal" in found.note else few, weight=0.0
        ), (note if "equal" in found.note else "")
    part = quantity(
        label, found.value, "kappa", found.n, table=OWNER_ANSWERS, grade="S", weight=0.0,
        interval=None if found.low is None or found.high is None else (found.low, found.high),
        formula=f"bootstrap over stages and handoffs; {marker(max(found.value, -1.0))} by Krippendorff's marks",
    )  # fmt: skip
    return part, _prevalence(table, found.value)


def _prevalence(table: NDArray[np.float64], kappa: float) -> str:
    """Say when kappa is low because one role is named nearly everywhere, without the codes of the table."""
    if not prevalence_note(table):
        return ""
    ac1 = gwet(table).value
    return (
        "One role is named nearly everywhere, so that kappa is low although respondents agree (the prevalence "
        f"paradox): {figure(kappa, '', 2)} beside Gwet's AC1 of {figure(ac1, '', 2)}."
    )


def in_words(found: Agreement) -> str:
    """Say share, pairs, kappa and the gap between the sides in two sentences."""
    between = span(found.pairs.low, found.pairs.high, "fraction")
    said = (
        f"On average {figure(found.share.value, 'fraction')} of respondents name the same owner of a stage or "
        f"handoff; two of them agree in {figure(found.pairs.value, 'fraction')}"
        f"{f' ({between})' if between else ''} of {counted(found.pairs.n, 'pair')} (expected "
        f"{figure(found.pairs.expected, 'fraction')})"
    )
    if found.kappa.value is not None:
        between = span(found.kappa.low, found.kappa.high, "", 2)
        said += f", Fleiss' kappa {figure(found.kappa.value, '', 2)}{f' ({between})' if between else ''}"
    said += "."
    if found.sides.value is not None:
        own = [part.value for part in found.by_side]
        said += (
            f" Within the buyer's side {figure(own[0], 'fraction')} of pairs agree, within the vendor's "
            f"{figure(own[1], 'fraction')}, across the sides {figure(found.sides.value, 'fraction')}."
        )
    return f"{said} {found.note}".rstrip()
