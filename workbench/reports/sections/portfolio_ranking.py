"""In which order do clients need attention, and how firm is it?"""

from __future__ import annotations

from workbench.reports.declare import Content, section
from workbench.reports.portfolio import Member, Portfolio
from workbench.reports.ranking import Place
from workbench.reports.section import INTERNAL, AnyBlock, Column, DataTable, Detail, Prose
from workbench.wording import counted, figure, listing, money

MATRIX = 12
"""Up to so many clients every rank of each is shown; beyond, what matters of it."""

TOLD = 50
"""Up to so many clients every rank of each is in JSON; of a thousand it would be a million shares."""


@section("portfolio ranking", title="The order, and how firm it is", order=10, audience=INTERNAL,
         reports=("portfolio",))  # fmt: skip
def portfolio_ranking(subject: Portfolio, _parameters: object) -> Content:
    """Show each client's rank, what other weights make of it, and what missing evidence leaves open."""
    ranking, shown = subject.ranking, subject.asked.shown
    places = ranking.places
    if not places:
        return Content([Prose.of("No client has a score, so that there is no order.")], {"ranking": []})
    columns = _columns(ranking.first)
    rows = [_row(subject, place) for place in places]
    blocks: list[AnyBlock] = [
        Prose.of(
            f"The weakest stands first. Two doubts are kept apart. Other weights of the areas: {ranking.draws:,} draws "
            "of weights that are just as defensible, the same for all clients (seed "
            f"{subject.asked.seed}); mean agreement with this order, Kendall's tau: {ranking.agreement:.2f}. "
            "Missing evidence: the ranks that are possible when it turns out anywhere between worst and best. A score "
            "is the mean of what is known: a client of whom little is known stands where that little puts it."
        ),
        DataTable(
            name="ranking", caption=f"{counted(len(rows), 'client')}, the weakest first, {subject.span}",
            columns=columns, rows=tuple(rows), shown=shown,
            note="Stays: share of draws of other weights in which the client keeps its rank; other weights: its ranks "
                 f"in 95 % of draws; in weakest {ranking.first}: share of draws. Missing evidence: its possible ranks. "
                 "Costs a month: its findings as far as they are priced, with the 90 % interval; not known is not 0.",
        ),
    ]  # fmt: skip
    if len(places) > 2 * shown:
        strongest = DataTable(
            name="strongest", caption=f"The strongest {shown}", columns=columns, rows=tuple(rows[-shown:]), shown=shown
        )  # fmt: skip
        blocks.append(Detail(summary=f"The strongest {shown}", blocks=(strongest,)))
    if 1 < len(places) <= MATRIX:
        blocks.append(Detail(summary="Every rank of each client", blocks=(_matrix(places),)))
    if ranking.unranked:
        names = listing([s.client for s in ranking.unranked], 12)
        blocks.append(Prose.of(f"Without a score, so without a rank: {names}. Unknown is not zero."))
    data = {
        "seed": subject.asked.seed, "draws": ranking.draws, "kendall_tau": ranking.agreement,
        "unranked": [s.client for s in ranking.unranked],
        "ranking": [
            {**{k: v for k, v in vars(p).items() if k != "acceptability"},
             "a_month": _cost_data(subject.by_client[p.client]),
             "acceptability": {str(r): share for r, share in enumerate(p.acceptability, start=1) if share}
             if len(places) <= TOLD else None}
            for p in places
        ],
    }  # fmt: skip
    return Content(blocks, data)


def _columns(first: int) -> tuple[Column, ...]:
    return (
        Column(name="rank", label="#", type="count"),
        Column(name="client", label="Client"),
        Column(name="value", label="Score", type="number", decimals=0),
        Column(name="evidenced", label="Evidence at hand", type="number", unit="fraction", decimals=0),
        Column(name="bounds", label="With what is missing"),
        Column(name="kept", label="Stays", type="number", unit="fraction", decimals=0),
        Column(name="weights", label="Other weights"),
        Column(
            name="among_first", label=f"In weakest {first}" if first > 1 else "Weakest", type="number", unit="fraction",
            decimals=0,
        ),
        Column(name="missing", label="Missing evidence"),
        Column(name="severe", label="Severe", type="count"),
        Column(name="a month", label="Costs a month"),
        Column(name="report", label="Report", type="file"),
    )  # fmt: skip


def _row(subject: Portfolio, place: Place) -> tuple[object, ...]:
    member = subject.by_client[place.client]
    severe = sum(f["severity"] == "severe" for f in member.findings)
    return (
        place.rank, place.client, place.value, member.evidenced, f"{place.low:.0f} to {place.high:.0f}", place.kept,
        _ranks(place.weights_first, place.weights_last), place.among_first,
        _ranks(place.missing_first, place.missing_last), severe, _cost(member), member.link,
    )  # fmt: skip


def _cost_data(member: Member) -> dict[str, object] | None:
    cost = member.cost
    return None if cost is None else {k: getattr(cost, k) for k in ("value", "low", "high", "currency")}


def _cost(member: Member) -> str:
    cost = member.cost
    if cost is None:
        return "not known"
    return f"{money(cost.value)} {cost.currency} ({cost.between})"


def _ranks(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _matrix(places: tuple[Place, ...]) -> DataTable:
    return DataTable(
        name="rank acceptability", caption="Share of draws in which each client takes each rank",
        columns=(Column(name="client", label="Client"), *(
            Column(name=f"rank {r}", label=f"{r}", type="number", unit="fraction", decimals=0)
            for r in range(1, len(places) + 1)
        )),
        rows=tuple((p.client, *p.acceptability) for p in places),
        note=f"Equals share the better rank. {figure(len(places), '')} ranks, 1 the weakest.",
    )  # fmt: skip
