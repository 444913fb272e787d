"""What came in, and what became of it?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.periods import in_period
from workbench.metrics.abandonment import abandon_rate, abandon_rate_of_intervals
from workbench.metrics.contact_outcome import OUTCOMES, with_outcome
from workbench.metrics.handle_time import aht, aht_of_intervals, aht_parts
from workbench.metrics.measure import Measure
from workbench.metrics.occupancy import occupancy, occupancy_of_intervals
from workbench.metrics.resolution import fcr
from workbench.metrics.transfers import escalation_rate, transfer_rate
from workbench.metrics.wait import wait_figures
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Column, DataTable, Prose
from workbench.wording import figure, span

OUTCOME_WORDS = {
    "answered": "an agent took it",
    "abandoned": "the customer left the queue",
    "blocked": "turned away before the queue",
    "waiting": "neither end is recorded",
    "not offered": "never offered to agents: not inbound, no customer's, or ended in the voice menu",
}
METRIC_WORDS = {
    "asa_s": "Speed of answer, mean",
    "mean_wait_s": "Wait, mean",
    "wait_s": "Wait",
    "abandon_rate": "Abandoned",
    "aht_s": "Handle time, mean",
    "mean_talk_s": "Talk time, mean",
    "mean_hold_s": "Hold time, mean",
    "mean_acw_s": "After-contact work, mean",
    "transfer_rate": "Transferred",
    "escalation_rate": "Escalated",
    "fcr": "Resolved at first contact",
    "occupancy": "Occupancy",
}

MEASURE_COLUMNS = (
    Column(name="metric", label="Measure"),
    Column(name="value", label="Value"),
    Column(name="interval", label="95 % interval"),
    Column(name="n", label="Sample", type="count"),
    Column(name="formula", label="Computed as"),
)


@section(
    "activity", title="What came in, and what became of it", order=25,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
def activity(assessment: Assessment, parameters: Parameters) -> Content:
    """Count the contacts by what became of them, and say how long they waited and took."""
    dataset, scope = assessment.dataset, str(assessment.dataset.period)
    contacts, intervals, states = (in_period(dataset, t) for t in ("contacts", "intervals", "agent_state"))
    measures: list[Measure] = []
    blocks: list[AnyBlock] = []
    counts: list[tuple[object, ...]] = []
    if contacts is not None and len(contacts):
        contacts = with_outcome(contacts)
        counts = counted_outcomes(contacts)
        blocks.append(_outcomes(counts, len(contacts), scope))
        measures += [
            *wait_figures(contacts, scope=scope), abandon_rate(contacts, scope=scope),
            aht(contacts, scope=scope), *aht_parts(contacts, scope=scope),
            transfer_rate(contacts, scope=scope), escalation_rate(contacts, scope=scope), fcr(contacts, scope=scope),
        ]  # fmt: skip
    elif intervals is not None and len(intervals):
        measures += [
            abandon_rate_of_intervals(intervals, scope=scope),
            aht_of_intervals(intervals, scope=scope),
        ]
    if states is not None and len(states):
        measures.append(occupancy(states, scope=scope))
    elif intervals is not None and len(intervals):
        measures.append(occupancy_of_intervals(intervals, scope=scope))
    if not measures:
        return Content([Prose.of("Neither contacts nor counts per interval were handed over.")])
    blocks.append(_measures(measures))
    data = {
        "outcomes": [
            dict(zip(("outcome", "disposition", "contacts"), row[:3], strict=True)) for row in counts
        ],
        "measures": [measure_data(m) for m in measures],
    }
    return Content(blocks, data)


def counted_outcomes(contacts: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return outcome, disposition, count and share of all, in the order of outcomes, most first."""
    dispositions = contacts.get("disposition", pd.Series("", index=contacts.index)).fillna("").astype(str)
    found = pd.crosstab(contacts["outcome"].astype(str), dispositions)
    rows: list[tuple[object, ...]] = []
    for outcome in OUTCOMES:
        if outcome not in found.index:
            continue
        for disposition, count in found.loc[outcome].sort_values(ascending=False, kind="stable").items():
            if count:
                rows.append((outcome, disposition, int(count), int(count) / len(contacts)))
    return rows


def _outcomes(counts: Sequence[tuple[object, ...]], total: int, scope: str) -> DataTable:
    there = {str(row[0]) for row in counts}
    meaning = "; ".join(f"{name}: {words}" for name, words in OUTCOME_WORDS.items() if name in there)
    return DataTable(
        name="outcomes",
        caption=f"{total:,} contacts by what became of them, {scope}",
        columns=(
            Column(name="outcome", label="Outcome"),
            Column(name="disposition", label="Disposition in the log"),
            Column(name="contacts", label="Contacts", type="count"),
            Column(name="share", label="Of all", type="number", unit="fraction", decimals=1),
        ),
        rows=tuple(counts),
        note=f"{meaning}.",
        shown=24,
    )


def _measures(measures: Sequence[Measure]) -> DataTable:
    rows = []
    for m in measures:
        name = METRIC_WORDS.get(m.metric, m.metric.replace("_", " "))
        value = figure(m.value, m.unit) if m.value is not None else f"unknown: {m.reason}"
        percentile = m.parameters.get("share")
        name += f", {100 * percentile:.0f} %" if isinstance(percentile, float) else ""
        label = f"{name} ({m.variant})" if m.variant else name
        rows.append((label, value, span(m.low, m.high, m.unit), m.n, m.formula))
    notes = [
        f"{METRIC_WORDS.get(m.metric, m.metric)}: {m.scope.partition('; ')[2]}."
        for m in measures
        if "; " in m.scope
    ]
    return DataTable(
        name="activity", caption="Waiting, handling, resolving", columns=MEASURE_COLUMNS, rows=tuple(rows),
        note=" ".join(dict.fromkeys(notes)),
    )  # fmt: skip


def measure_data(measure: Measure) -> dict[str, object]:
    """Return a measure as plain values."""
    return {
        "metric": measure.metric, "variant": measure.variant, "value": measure.value, "unit": measure.unit,
        "low": measure.low, "high": measure.high, "n": measure.n, "formula": measure.formula,
        "scope": measure.scope, "reason": measure.reason,
    }  # fmt: skip
