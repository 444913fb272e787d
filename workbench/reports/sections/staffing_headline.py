"""What does a WFM lead take away in ten seconds?"""

from __future__ import annotations

from collections.abc import Mapping

from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Bullets, Card, Cards, Prose, strong
from workbench.reports.staffing import StaffingStudy
from workbench.wording import figure, span

MOST = 3


@section("staffing headline", title="Headline", order=5, reports=("staffing_what_if",))
def staffing_headline(study: StaffingStudy, _parameters: Parameters) -> Content:
    """Say whether there are enough people, how well the model gives the floor back, and what moves service most."""
    blocks: list[AnyBlock] = []
    cards, said = _cards(study), _said(study)
    if cards:
        blocks.append(Cards(cards=tuple(cards)))
    blocks.append(Bullets.of([[text] for text in said]))
    if study.missing:
        blocks.append(
            Prose.of(strong("What could not be done. "), " ".join(dict.fromkeys(study.missing.values())))
        )
    data = {"enough": study.enough.to_data()} if study.enough is not None else {}
    return Content(blocks, {"missing": dict(study.missing), **data})


def _cards(study: StaffingStudy) -> list[Card]:
    cards = []
    if study.enough is not None:
        e = study.enough
        cards.append(
            Card(
                label="Enough people on the busiest day?", text=e.answer, value=e.gap_hours,
                note=e.note,
                tone="good" if e.verdict == "enough" else "moderate" if e.verdict == "at other times" else "severe",
            )
        )  # fmt: skip
    if study.backtested is not None:
        scores = study.backtested.scores
        total = scores.total["service_level"]
        happened = f"{figure(total['actual'], 'fraction', 1)} happened, {study.backtested.test_period}"
        cards.append(
            Card(
                label="Service level predicted", text=figure(total["predicted"], "fraction", 1),
                value=total["predicted"], low=total["low"], high=total["high"], unit="fraction",
                note=f"{span(total['low'], total['high'], 'fraction', 1)}; {happened}",
                tone="good" if _inside(total) else "moderate",
            )
        )  # fmt: skip
        if study.backtested.erlang_a is not None:
            textbook = study.backtested.erlang_a.total["service_level"]["predicted"]
            cards.append(
                Card(
                    label="Erlang A on the same days", text=figure(textbook, "fraction", 1), value=textbook,
                    unit="fraction", note=f"{figure(textbook - total['actual'], 'points', 1)} from what happened",
                )
            )  # fmt: skip
    return cards


def _inside(total: Mapping[str, float]) -> bool:
    return bool(total["low"] <= total["actual"] <= total["high"])


def _said(study: StaffingStudy) -> list[str]:
    said = [study.enough.words] if study.enough is not None else []
    if study.backtested is not None:
        s = study.backtested.scores
        ratio = s.interval_error / s.noise_floor if s.noise_floor else float("nan")
        said.append(
            f"Interval by interval the model is off by {figure(s.interval_error, 'points', 1)} of service level, "
            f"{figure(ratio, '', 2)} times what chance alone makes; its 90 % intervals hold "
            f"{figure(s.coverage_90, 'fraction', 0)} of {s.n_intervals:,} intervals."
        )
    if study.asked is not None:
        said += [study.asked.words(name) for name in list(study.asked.variants)[:MOST]]
    return said or ["Neither contacts nor interval counts suffice to say anything about staffing."]
