"""Where does the account team look first, in ten seconds?"""

from __future__ import annotations

from workbench.reports import figures, parts
from workbench.reports.declare import Content, section
from workbench.reports.portfolio import Member, Portfolio
from workbench.reports.ranking import Place
from workbench.reports.section import INTERNAL, AnyBlock, Bullets, Card, Cards, Heading, Prose, link
from workbench.wording import counted, figure, listing

WEAKEST, STRONGEST = 14, 8
"""A picture of more clients is not read; of a thousand it shows the two ends."""

NAMED = 5
WEAK_AREAS = 3


@section("portfolio", title="Where to look first", order=5, audience=INTERNAL, reports=("portfolio",))
def portfolio_headline(subject: Portfolio, _parameters: object) -> Content:
    """Count the clients and what is the matter; name the weakest; draw both ends of the order."""
    severe = [m for m in subject.members if any(f["severity"] == "severe" for f in m.findings)]
    failed = [one for one in subject.batch.standing if one.failed]
    stale = [one for one in subject.batch.standing if one.stale]
    places = subject.ranking.places
    blocks: list[AnyBlock] = [
        Cards(
            cards=(
                Card(label="Clients with a report", text=f"{len(subject.members):,}", value=len(subject.members),
                     note=subject.span),
                Card(label="With severe findings", text=f"{len(severe):,}", value=len(severe),
                     tone="severe" if severe else "good", note=f"of {counted(len(subject.members), 'client')}"),
                Card(label="Failed or stale", text=f"{len(failed) + len(stale):,}", value=len(failed) + len(stale),
                     tone="moderate" if failed or stale else "good",
                     note=f"{len(failed)} failed, {len(stale)} made from other data than lies there now"),
            )
        )
    ]  # fmt: skip
    if not places:
        blocks.append(Prose.of("No client has a score: nothing could be assessed of any of them."))
    else:
        blocks.append(Heading(text="The first to look at"))
        blocks.append(Bullets.of([_line(subject, place) for place in places[:NAMED]], numbered=True))
        blocks.append(_picture(subject, places))
    blocks += [Prose.of(f"No report of {one.client}: {one.failed}") for one in failed[:NAMED]]
    if len(failed) > NAMED:
        blocks.append(
            Prose.of(f"{len(failed) - NAMED} more failed; ", link("all of them", "s-portfolio-reports"), ".")
        )
    data = {
        "clients": len(subject.members),
        "with_severe_findings": len(severe),
        "failed": [one.client for one in failed],
        "stale": [one.client for one in stale],
    }
    return Content(blocks, data)


def _line(subject: Portfolio, place: Place) -> str:
    """Say where a client stands, what was found first, and where little is known why it stands there nevertheless."""
    member = subject.by_client[place.client]
    severe = sum(f["severity"] == "severe" for f in member.findings)
    said = [
        f"{place.client}: {place.value:.0f} of 100 ({place.low:.0f} to {place.high:.0f} with what is missing)",
        counted(severe, "severe finding") if severe else "no severe finding",
        f"moved {_moved(member)}" if _moved(member) else "",
        f"first: {_first(member)}" if member.findings else "",
    ]
    return "; ".join(filter(None, said)) + "." + _little_known(member, place)


def _little_known(member: Member, place: Place) -> str:
    if member.evidenced >= parts.KNOWN_ENOUGH:
        return ""
    known = sorted((value, area) for area, value in member.scored().areas.items() if value is not None)
    areas = listing([f"{parts.area_title(area)} {value:.0f}" for value, area in known], WEAK_AREAS)
    ranks = f"{place.missing_first} to {place.missing_last}"
    return (
        f" Little is known of it, {parts.share_words(member.evidenced)} of the evidence: it stands here for what is "
        f"known ({areas}), and with the rest it could take any rank from {ranks}."
    )


def _moved(member: Member) -> str:
    moved = (member.movement or {}).get("total")
    if not moved:
        return ""
    return f"{'+' if moved['change'] > 0 else ''}{moved['change']:.1f} points".replace("-", "\u2212")


def _first(member: Member) -> str:
    """Return what the gravest finding found: its measure, the value and what was expected."""
    finding = member.findings[0]
    evidence = next((e for e in finding.get("evidence", ()) if e.get("value") is not None), None)
    if evidence is None:
        return str(finding["statement"]).rstrip(".")
    expected = evidence.get("expected")
    beside = "" if expected is None else f" (expected {figure(expected, evidence['unit'])})"
    return f"{evidence['measure']} {figure(evidence['value'], evidence['unit'])}{beside} [{finding['code']}]"


def _picture(subject: Portfolio, places: tuple[Place, ...]) -> AnyBlock:
    shown = list(places)
    of = ""
    if len(places) > WEAKEST + STRONGEST:
        shown = [*places[:WEAKEST], *places[-STRONGEST:]]
        of = f" The weakest {WEAKEST} and the strongest {STRONGEST} of {len(places):,}; all stand in the workbook."
    return figures.score_ranges(
        "Scores of clients",
        [(f"{p.rank}. {p.client}", p.value, p.low, p.high) for p in shown],
        "Score of each client on what is known (dark line), and from the worst to the best that the missing "
        f"evidence can turn out to be (pale bar). {subject.span}.{of}",
        on_slide="Score of each client on what is known; the thin line runs from the worst to the best that the "
        f"missing evidence can turn out to be. {subject.span}.{of}",
    )
