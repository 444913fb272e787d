"""How far has the score moved since the last released review, and is that more than noise?

A score moves for two reasons: something changed, or other evidence was at hand. So it is compared like
for like, over the diagnostics that had a value both times, with the weights of today. What the samples
leave open is combined by MOVER; diagnostics and reviews are taken as independent. Beside it stands what
can no longer be assessed, and which released figures today's data no longer give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from workbench.diagnostics.assess import Assessment, counted_weight
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.periods import in_period
from workbench.diagnostics.reviews import data_of, released_reviews
from workbench.errors import CallError
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.metrics.contact_outcome import with_outcome
from workbench.metrics.service_level import service_levels
from workbench.statistics.mover import linear


@dataclass(frozen=True)
class Moved:
    """One score, like for like.

    Attributes
    ----------
    scope : "total" or an area.
    then, now : the score at both reviews over the same diagnostics, 0 to 100.
    change, low, high : now − then with its 95 % interval, in points of 100.
    p_value : of no change.
    diagnostics : how many were compared.
    """

    scope: str
    then: float
    now: float
    change: float
    low: float
    high: float
    p_value: float
    diagnostics: int

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval leaves no change out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Restated:
    """A released figure that today's data no longer give for the same days."""

    what: str
    unit: str
    released: float
    now: float
    n_released: int
    n_now: int


@dataclass(frozen=True)
class Movement:
    """What is different from the last released review.

    Attributes
    ----------
    since : last day of its period.
    then, now : the total as it was released, and as it is now, each on what was known.
    total, areas : like for like; total is None where no diagnostic had a value both times.
    lost_tables : tables that came then and do not come now.
    no_longer_assessed, newly_assessed : diagnostics by code.
    restated : figures of that period that the data no longer give; None where they do not reach back.
    """

    since: date
    then: float | None
    now: float | None
    total: Moved | None
    areas: tuple[Moved, ...]
    lost_tables: tuple[str, ...]
    no_longer_assessed: tuple[str, ...]
    newly_assessed: tuple[str, ...]
    restated: tuple[Restated, ...] | None


SAME = 5e-5
"""Two shares that differ by less read alike in every report."""

Interval = tuple[float, float, float]
"""Value, low and high."""


def movement(assessment: Assessment) -> Movement | None:
    """Return what moved since the last released review of an earlier period; None without one."""
    reviews = released_reviews(assessment)
    if not reviews:
        return None
    since, review = reviews[-1]
    said = data_of(review, "scores").get("scores")
    then = {str(code): told for code, told in said.items()} if isinstance(said, Mapping) else {}
    before = {code: found for code, told in then.items() if (found := _interval(told)) is not None}
    now = {code: _of(s.value, s.sampling_low, s.sampling_high) for code, s in assessment.scores.items()}
    after = {code: found for code, found in now.items() if found is not None}
    both = sorted(before.keys() & after.keys())
    weights = {area: _weights(assessment, area, both) for area in assessment.areas}
    between = {area: assessment.weights.areas.get(area, 1.0) for area, w in weights.items() if w}
    whole = sum(between.values())
    flat = {
        code: between[area] / whole * weight
        for area in between
        for code, weight in weights[area].items()
        if whole
    }
    total = data_of(review, "headline").get("total")
    released = total.get("value") if isinstance(total, Mapping) else None
    return Movement(
        since=since,
        then=float(released) if isinstance(released, int | float) else None,
        now=assessment.total.value,
        total=_moved("total", {c: w for c, w in flat.items() if w > 0}, before, after),
        areas=tuple(
            moved for a, w in sorted(weights.items()) if (moved := _moved(a, w, before, after)) is not None
        ),
        lost_tables=_lost(review, assessment.dataset),
        no_longer_assessed=_codes(before.keys() - after.keys(), assessment),
        newly_assessed=_codes({c for c in after.keys() - before.keys() if c in then}, assessment),
        restated=restated(review, assessment.dataset),
    )


def _weights(assessment: Assessment, area: str, codes: Iterable[str]) -> dict[str, float]:
    """Return the share of each of `codes` within its area; empty where none has a weight."""
    mine = {
        code: counted_weight(assessment.weights, CHECKS.get(code), assessment.verdicts)
        for code in codes
        if CHECKS.get(code).area == area
    }
    total = sum(mine.values())
    return {code: weight / total for code, weight in mine.items() if weight > 0} if total else {}


def _moved(
    scope: str, weights: Mapping[str, float], before: Mapping[str, Interval], after: Mapping[str, Interval]
) -> Moved | None:
    if not weights:
        return None
    w = list(weights.values())
    sides = [[told[code] for code in weights] for told in (after, before)]
    value, low, high = ([part[i] for side in sides for part in side] for i in range(3))
    change = linear([*w, *(-one for one in w)], value, low, high)
    now, then = (sum(one * part[0] for one, part in zip(w, side, strict=True)) for side in sides)
    return Moved(scope, then, now, change.value, change.low, change.high, change.p_value, len(w))


def _codes(codes: Iterable[str], assessment: Assessment) -> tuple[str, ...]:
    return tuple(sorted(code for code in codes if code in assessment.scores))


def _lost(review: Mapping[str, object], dataset: Dataset) -> tuple[str, ...]:
    origin = review.get("origin")
    read = origin.get("rows_read") if isinstance(origin, Mapping) else None
    came = {str(t) for t, rows in read.items() if rows} if isinstance(read, Mapping) else set()
    here = {table for table, rows in dataset.tables.items() if len(rows)}
    return tuple(sorted(came - here))


def restated(review: Mapping[str, object], dataset: Dataset) -> tuple[Restated, ...] | None:
    """Return the figures of a released review that today's contacts no longer give for its days.

    The count of contacts, and the service level of each term on the contract's own formula as it was
    released. None where today's contacts do not cover those days whole.
    """
    period = _period(review)
    contacts = None if period is None else in_period(dataset, "contacts", period)
    if period is None or contacts is None or contacts.empty:
        return None
    days = dataset.tables["contacts"]["offered_ts"].dt.tz_convert(dataset.client.time_zone).dt.date
    if days.min() > period.start or days.max() < period.end:
        return None
    found = []
    outcomes = data_of(review, "activity").get("outcomes")
    if isinstance(outcomes, list) and outcomes:
        released = sum(int(o["contacts"]) for o in outcomes)
        if released != len(contacts):
            found.append(Restated("contacts", "contacts", released, len(contacts), released, len(contacts)))
    decided = with_outcome(contacts)
    terms = data_of(review, "service level").get("service_levels")
    for term in terms if isinstance(terms, list) else []:
        then = next(
            (m for m in term["measures"] if m["variant"] == term["own"] and m["weighting"] == "volume"), None
        )
        rows = decided if term["queue"] is None else decided[decided["queue"] == term["queue"]]
        if then is None or then["value"] is None or rows.empty:
            continue
        measures = service_levels(
            rows, threshold_s=term["threshold_s"], short_abandon_s=term.get("short_abandon_s", 5.0),
            target=term["target"], time_zone=dataset.client.time_zone, scope=str(period),
        )  # fmt: skip
        own = (m for m in measures if m.variant == term["own"] and m.parameters["weighting"] == "volume")
        now = next(own)
        if now.value is not None and abs(now.value - then["value"]) > SAME:
            queue = f" of {term['queue']}" if term["queue"] else ""
            found.append(
                Restated(f"service level {term['own']}{queue}", "fraction", then["value"], now.value, then["n"], now.n)
            )  # fmt: skip
    return tuple(found)


def _period(review: Mapping[str, object]) -> Period | None:
    origin = review.get("origin")
    told = origin.get("period") if isinstance(origin, Mapping) else None
    try:
        return Period.parse(f"{told['start']}:{told['end']}") if isinstance(told, Mapping) else None
    except (CallError, KeyError):
        return None


def _interval(told: object) -> Interval | None:
    if not isinstance(told, Mapping):
        return None
    value, low, high = (told.get(name) for name in ("value", "sampling_low", "sampling_high"))
    return _of(value, low, high)


def _of(value: object, low: object, high: object) -> Interval | None:
    if not isinstance(value, int | float):
        return None
    ends = [float(end) if isinstance(end, int | float) else float(value) for end in (low, high)]
    return float(value), min(ends[0], float(value)), max(ends[1], float(value))
