"""What is the service level under every formula, and does the contract's own hold?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.periods import in_period
from workbench.diagnostics.terms import ASSUMED, service_level_terms
from workbench.intake.client import SlaTerm
from workbench.intake.dataset import Dataset
from workbench.metrics.contact_outcome import with_outcome
from workbench.metrics.estimate import share
from workbench.metrics.measure import Measure
from workbench.metrics.service_level import (
    FORMULAS,
    WEIGHTINGS,
    service_level_by_window,
    service_level_of_intervals,
    service_levels,
)
from workbench.reports import figures
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import (
    AnyBlock,
    Card,
    Cards,
    Column,
    DataTable,
    Heading,
    Prose,
    Run,
    Tone,
    strong,
)
from workbench.wording import figure

WINDOW_WORDS = {
    "interval": "every interval",
    "day": "every day",
    "week": "every week",
    "month": "every month",
}

OWN_LABEL = {"contract": "As the contract says", "assumed": "As assumed"}
OWN_WORDS = {"contract": "the contract's own", "assumed": "the one assumed"}

DRAWN = 3
"""Of so many terms the course over time is drawn, those that the contract names first."""

MATRIX_COLUMNS = (
    Column(name="variant", label="Formula"),
    Column(name="title", label="Counts"),
    *(
        Column(name=weighting, label=label, type="number", unit="fraction", decimals=1)
        for weighting, label in (
            ("volume", "By volume"),
            ("interval", "Mean of intervals"),
            ("day", "Mean of days"),
            ("intervals at target", "Intervals at target"),
        )
    ),
    Column(name="n", label="Contacts counted", type="count"),
    Column(name="formula", label="Computed as"),
)


@section(
    "service level", title="Service level under every formula", order=30,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
def service_level(assessment: Assessment, parameters: Parameters) -> Content:
    """Show the contract's own formula first, then what the others would say of the same contacts."""
    dataset = assessment.dataset
    terms, source = service_level_terms(dataset.client, dataset.tables.get("sla"))
    said = "assumed" if source == ASSUMED else "contract"
    contacts_of_all = _decided(in_period(dataset, "contacts"))
    intervals_of_all = in_period(dataset, "intervals")
    blocks: list[AnyBlock] = []
    if said == "assumed":
        blocks.append(
            Prose.of(
                "No service level of the contract was handed over. Shown is what many contracts say, "
                f"as an assumption: {_term_words(terms[0])}."
            )
        )
    data = []
    for place, term in enumerate(terms):
        contacts = _of_queue(contacts_of_all, term.queue)
        intervals = _of_queue(intervals_of_all, term.queue)
        if len(contacts) == 0 and len(intervals) == 0:
            where = f" of queue {term.queue}" if term.queue else ""
            blocks.append(
                Prose.of(f"No contacts{where} were handed over, so no service level can be computed.")
            )
            continue
        measures = _measures(dataset, term, contacts, intervals)
        blocks += _of_term(dataset, term, place, contacts, measures, said, titled=len(terms) > 1)
        data.append(
            {
                "queue": term.queue, "own": term.formula, "threshold_s": term.threshold_s,
                "short_abandon_s": term.short_abandon_s,
                "target": term.target, "window": term.window, "measures": [_plain(m) for m in measures],
            }
        )  # fmt: skip
    return Content(blocks, {"service_levels": data})


def _measures(
    dataset: Dataset, term: SlaTerm, contacts: pd.DataFrame, intervals: pd.DataFrame
) -> tuple[Measure, ...]:
    zone, scope = dataset.client.time_zone, str(dataset.period)
    if len(contacts):
        return service_levels(
            contacts, threshold_s=term.threshold_s, short_abandon_s=term.short_abandon_s,
            target=term.target, time_zone=zone, scope=scope,
        )  # fmt: skip
    return tuple(
        service_level_of_intervals(
            intervals, variant=variant, threshold_s=term.threshold_s,
            short_abandon_s=term.short_abandon_s, weighting=weighting, target=term.target,
            time_zone=zone, scope=scope,
        )
        for variant in FORMULAS
        for weighting in WEIGHTINGS
    )  # fmt: skip


def _of_term(
    dataset: Dataset,
    term: SlaTerm,
    place: int,
    contacts: pd.DataFrame,
    measures: Sequence[Measure],
    said: str,
    titled: bool,
) -> list[AnyBlock]:
    by_volume = {m.variant: m for m in measures if m.parameters["weighting"] == "volume"}
    own = by_volume[term.formula]
    blocks: list[AnyBlock] = []
    if titled:
        blocks.append(Heading(text=f"Queue {term.queue}" if term.queue else "All queues together"))
    blocks.append(Cards(cards=_cards(term, own, by_volume, said)))
    known = {v: m for v, m in by_volume.items() if m.value is not None}
    if len(known) > 1:
        blocks.append(Prose.of(*_spread(term, known)))
        order = sorted(by_volume, key=lambda v: v != term.formula)
        blocks.append(
            figures.shares_beside_target(
                f"Service level under each formula {place + 1}",
                [
                    (_label(v, term, said), by_volume[v].value, by_volume[v].low, by_volume[v].high)
                    for v in order
                ],
                term.target,
                f"Share answered within {figure(term.threshold_s, 's')} under each formula, weighted by "
                f"volume, with 95 % intervals; {OWN_WORDS[said]} is the diamond. {own.n:,} contacts, "
                f"{dataset.period}. Neighbouring contacts share their fate, so the intervals are narrow.",
                highlight=_label(term.formula, term, said),
                on_slide=f"Share answered within {figure(term.threshold_s, 's')} under each formula, weighted by "
                f"volume, with 95 % intervals (thin line); the target is {figure(term.target, 'fraction', 0)}. "
                f"{own.n:,} contacts, {dataset.period}. Neighbouring contacts share their fate, so the intervals are "
                "narrow.",
            )
        )
    blocks.append(_matrix(term, place, measures, _wide(contacts, by_volume["V2"]), said))
    if len(contacts) and dataset.period.days > 1 and place < DRAWN:
        blocks.append(_by_day(dataset, term, place, contacts))
    return blocks


def _cards(term: SlaTerm, own: Measure, by_volume: dict[str, Measure], said: str) -> tuple[Card, ...]:
    tone: Tone = "note"
    verdict = own.reason or "unknown"
    if own.value is not None:
        tone = "good" if own.value >= term.target else "severe"
        missed = figure(term.target - own.value, "points")
        verdict = "target met" if own.value >= term.target else f"{missed} below target"
    cards = [
        Card(
            label=f"{OWN_LABEL[said]} ({term.formula})", text=figure(own.value, "fraction", 1),
            value=own.value, low=own.low, high=own.high, unit="fraction", tone=tone,
            note=f"{verdict}; {_term_words(term)}",
        )
    ]  # fmt: skip
    values = [m.value for m in by_volume.values() if m.value is not None]
    if len(values) > 1:
        spread = max(values) - min(values)
        cards.append(
            Card(
                label="By formula alone", text=figure(spread, "points"), value=spread, unit="points",
                note=f"between the lowest and the highest of {len(values)} formulas, same contacts",
            )
        )  # fmt: skip
    return tuple(cards)


def _spread(term: SlaTerm, known: dict[str, Measure]) -> list[str | Run]:
    values = {v: m.value for v, m in known.items() if m.value is not None}
    met = [v for v in values if values[v] >= term.target]
    missed = [v for v in values if v not in met]
    if met and missed:
        return [
            "Whether the target is met depends on the formula: ", strong(", ".join(met)), " would say yes, ",
            strong(", ".join(missed)), " no. Two figures are comparable only when formula, threshold, weighting "
            "and scope are the same.",
        ]  # fmt: skip
    said = "met" if met else "missed"
    return [
        f"The target is {said} under every formula that can be computed; by how much depends on the formula."
    ]


def _matrix(
    term: SlaTerm, place: int, measures: Sequence[Measure], wide: Measure | None, said: str
) -> DataTable:
    variants = sorted(FORMULAS, key=lambda v: v != term.formula)
    rows = []
    for variant in variants:
        of = {m.parameters["weighting"]: m for m in measures if m.variant == variant}
        by_volume = of["volume"]
        rows.append(
            (
                f"{variant} ({said})" if variant == term.formula else variant,
                FORMULAS[variant].title,
                *(of[w].value if w in of else None for w in WEIGHTINGS),
                by_volume.n,
                FORMULAS[variant].formula if by_volume.value is not None else by_volume.reason,
            )
        )
    if wide is not None:
        rows.append(("V2 wide", "every hang-up", wide.value, None, None, None, wide.n, wide.formula))
    left_out = {m.scope for m in measures if "left out" in m.scope}
    note = (
        f"T = {term.threshold_s:g} s. Short abandons (V5) are those within {term.short_abandon_s:g} s. "
        f"Intervals are half hours. {'; '.join(sorted(left_out))}"
    )
    return DataTable(
        name=f"service level {place + 1}",
        caption="Every formula, under every weighting",
        columns=MATRIX_COLUMNS,
        rows=tuple(rows),
        note=note.strip(),
    )


def _by_day(dataset: Dataset, term: SlaTerm, place: int, contacts: pd.DataFrame) -> AnyBlock:
    frame = service_level_by_window(
        contacts, "day", variant=term.formula, threshold_s=term.threshold_s,
        short_abandon_s=term.short_abandon_s, time_zone=dataset.client.time_zone,
    )  # fmt: skip
    window = "day"
    if len(frame) > 92:
        window = "week"
        frame = service_level_by_window(
            contacts, "week", variant=term.formula, threshold_s=term.threshold_s,
            short_abandon_s=term.short_abandon_s, time_zone=dataset.client.time_zone,
        )  # fmt: skip
    label = f"Service level {term.formula}"
    levels = frame.set_index(frame["start"].dt.tz_localize(None).dt.normalize())["service_level"]
    levels = levels.asfreq("D" if window == "day" else "7D")  # a day without contacts leaves a gap
    return figures.share_over_time(
        f"Service level by {window} {place + 1}",
        [f"{day.day} {day:%b}" for day in levels.index],
        [float(value) for value in levels],
        f"{label} within {figure(term.threshold_s, 's')} of each {window}, by volume; the line is the target. "
        f"{int(frame['counted'].sum()):,} contacts, {dataset.period}, days of {dataset.client.time_zone}.",
        label=label,
        target=term.target,
    )


def _decided(contacts: pd.DataFrame | None) -> pd.DataFrame | None:
    return contacts if contacts is None or contacts.empty else with_outcome(contacts)


def _wide(contacts: pd.DataFrame, offered: Measure) -> Measure | None:
    """Return V2 with those who hung up before the queue in its denominator; None if there are none."""
    if contacts.empty or offered.value is None:
        return None
    before = (contacts["outcome"] == "not offered") & contacts["abandon_ts"].notna()
    if "direction" in contacts.columns:
        before &= contacts["direction"].fillna("inbound") == "inbound"
    if not before.any():
        return None
    counted = offered.n + int(before.sum())
    blank = replace(offered, formula="answered within T / (offered + hung up before the queue)")
    return share(blank, round(offered.value * offered.n), counted)


def _of_queue(rows: pd.DataFrame | None, queue: str | None) -> pd.DataFrame:
    if rows is None:
        return pd.DataFrame()
    return rows if queue is None else rows[rows["queue"] == queue]


def _label(variant: str, term: SlaTerm, said: str) -> str:
    own = f" ({said})" if variant == term.formula else ""
    return f"{variant} {FORMULAS[variant].title}{own}"


def _term_words(term: SlaTerm) -> str:
    return (
        f"{figure(term.target, 'fraction', 0)} within {figure(term.threshold_s, 's')}, "
        f"{FORMULAS[term.formula].formula}, {WINDOW_WORDS[term.window]}"
    )


def _plain(measure: Measure) -> dict[str, object]:
    return {
        "variant": measure.variant,
        "weighting": measure.parameters["weighting"],
        "value": measure.value,
        "low": measure.low,
        "high": measure.high,
        "n": measure.n,
        "formula": measure.formula,
        "scope": measure.scope,
        "reason": measure.reason,
    }
