"""How sure is a score, and what would move it most?

Three doubts are kept apart. Sampling: the measures' own intervals. Missing evidence: everything missing
at its worst and at its best. Weights: they are conventions, so other weights that are just as
defensible are drawn around the declared ones, within areas and between them, and it is counted how
often the band and the ranking of the areas stay. Frames of plain values; nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.diagnostics.assess import Assessment, area_scores, counted_weight, total_score
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Evidence, Score
from workbench.diagnostics.scoring import BANDS, band, score
from workbench.statistics.robustness import dirichlet_weights, firmness_of

DRAWS = 2000
FIRMNESS = 5.0
"""How firmly each weight is held: nine in ten of the drawn weights, where there are many, lie between
0.4 and 1.8 times the declared one. Ours; 1 would be "any weights at all"."""

TOTAL = "total"


@dataclass(frozen=True)
class Doubts:
    """What is in doubt about the total and the areas.

    Attributes
    ----------
    scopes : one row for "total" and for each area. value; missing_low, missing_high; sampling_low,
        sampling_high (every measure at the worse, and at the better end of its interval: wider than
        95 %); weights_low, weights_high (95 % of draws); band, that of the value; band_kept, the share
        of draws in the same band. 0 to 100 and fractions.
    ranking : one row an area with a value, the weakest first. rank under the declared weights, 1 the
        weakest; rank_kept, the share of draws in which it has that rank; rank_low, rank_high, where it
        stands in 95 % of draws; weakest, the share of draws in which it is the weakest.
    order_kept : the share of draws in which the whole order of the areas stays.
    agreement : mean Kendall's tau of drawn rankings with the declared one; None with fewer than two areas.
    draws : how many.
    """

    scopes: pd.DataFrame
    ranking: pd.DataFrame
    order_kept: float | None
    agreement: float | None
    draws: int


def doubts(
    assessment: Assessment, *, seed: int = 1, draws: int = DRAWS, firmness: float = FIRMNESS
) -> Doubts:
    """Return the three doubts about an assessment.

    Parameters
    ----------
    seed : of the drawn weights; the same seed gives the same figures.
    firmness : concentration of the Dirichlet distribution for each of the weights drawn.
    """
    areas = [area for area, one in assessment.areas.items() if one.value is not None]
    drawn = np.column_stack(
        [_drawn_area(assessment, area, seed + 1 + place, draws, firmness) for place, area in enumerate(areas)]
        or [np.empty((draws, 0))]
    )
    scopes = [_scope(assessment.total, _drawn_total(assessment, areas, drawn, seed, firmness))]
    for area, one in assessment.areas.items():
        scopes.append(_scope(one, drawn[:, areas.index(area)] if area in areas else None))
    ranking, kept, agreement = _ranking(assessment, areas, drawn)
    return Doubts(pd.DataFrame(scopes), ranking, kept, agreement, draws)


def _drawn_area(
    assessment: Assessment, area: str, seed: int, draws: int, firmness: float
) -> NDArray[np.float64]:
    """Return the score of an area under drawn weights of its diagnostics, shape (draws,)."""
    known = [
        (counted_weight(assessment.weights, CHECKS.get(code), assessment.verdicts), one.value)
        for code, one in assessment.scores.items()
        if one.value is not None and CHECKS.get(code).area == area
    ]
    weights = np.array([weight for weight, _ in known])
    values = np.array([value for _, value in known])
    drawn = dirichlet_weights(weights, draws=draws, seed=seed, concentration=firmness * (weights > 0).sum())
    return np.asarray(drawn @ values)


def _drawn_total(
    assessment: Assessment, areas: list[str], drawn: NDArray[np.float64], seed: int, firmness: float
) -> NDArray[np.float64] | None:
    weights = np.array([assessment.weights.areas.get(area, 1.0) for area in areas])
    if not weights.sum() > 0:
        return None
    between = dirichlet_weights(
        weights, draws=len(drawn), seed=seed, concentration=firmness * (weights > 0).sum()
    )
    return np.asarray((between * drawn).sum(axis=1))


def _scope(one: Score, drawn: NDArray[np.float64] | None) -> dict[str, object]:
    row: dict[str, object] = {
        "scope": one.code,
        "value": one.value,
        "missing_low": one.low,
        "missing_high": one.high,
        "sampling_low": one.sampling_low,
        "sampling_high": one.sampling_high,
        "weights_low": None,
        "weights_high": None,
        "band": None if one.value is None else band(one.value),
        "band_kept": None,
    }
    if one.value is not None and drawn is not None:
        low, high = np.quantile(drawn, [0.025, 0.975])
        limits = np.array(sorted(limit for limit, _ in BANDS))
        places = np.searchsorted(limits, np.round(drawn, 9), side="right")
        mine = np.searchsorted(limits, round(one.value, 9), side="right")
        row |= {
            "weights_low": float(low),
            "weights_high": float(high),
            "band_kept": float((places == mine).mean()),
        }
    return row


def _ranking(
    assessment: Assessment, areas: list[str], drawn: NDArray[np.float64]
) -> tuple[pd.DataFrame, float | None, float | None]:
    columns = ["area", "value", "rank", "rank_kept", "rank_low", "rank_high", "weakest"]
    if len(areas) < 2:
        return pd.DataFrame(columns=columns), None, None
    values = np.array([assessment.areas[area].value for area in areas], float)
    firm = firmness_of(-values, -drawn)  # the weakest is what a reader looks for: rank 1
    cumulated = firm.acceptability.cumsum(axis=1)
    table = pd.DataFrame(
        {
            "area": areas,
            "value": values,
            "rank": firm.declared,
            "rank_kept": [firm.acceptability[i, rank - 1] for i, rank in enumerate(firm.declared)],
            "rank_low": 1 + (cumulated < 0.025).sum(axis=1),
            "rank_high": 1 + (cumulated < 0.975 - 1e-12).sum(axis=1),
            "weakest": firm.p_best,
        }
    )
    order = np.argsort(values, kind="stable")
    kept = float((np.diff(drawn[:, order], axis=1) >= 0).all(axis=1).mean())
    return table.sort_values(["rank", "area"], ignore_index=True), kept, firm.kendall_tau


def tornado(assessment: Assessment, most: int | None = None) -> pd.DataFrame:
    """Return what moves the total most, one thing at a time, the widest swing first.

    Returns
    -------
    DataFrame with kind ("missing": a missing piece of evidence at 0 and at 100; "weight": the weight of
    an area halved and doubled; "sampling": a measure at both ends of its interval), area, code, what,
    at_low and at_high (the total then, 0 to 100), and swing (their distance). What moves nothing is
    left out. `most` cuts the list.
    """
    if assessment.total.value is None:
        return pd.DataFrame(columns=["kind", "area", "code", "what", "at_low", "at_high", "swing"])
    rows = [*_pieces(assessment), *_area_weights(assessment)]
    table = pd.DataFrame(rows, columns=["kind", "area", "code", "what", "at_low", "at_high"])
    table["swing"] = (table["at_high"] - table["at_low"]).abs()
    table = table[table["swing"] > 1e-9]
    table = table.sort_values(["swing", "code", "what"], ascending=[False, True, True], ignore_index=True)
    return table if most is None else table.head(most)


def _pieces(assessment: Assessment) -> Iterator[tuple[object, ...]]:
    """Yield what each piece of evidence does to the total: missing ones at 0 and 100, others at their ends."""
    for code, verdict in assessment.verdicts.items():
        area = CHECKS.get(code).area
        for place, part in enumerate(verdict.evidence):
            if part.weight <= 0:
                continue
            if part.score is None:
                kind, ends = "missing", (0.0, 100.0)
            elif part.score_low is not None and part.score_high is not None:
                kind, ends = "sampling", (part.score_low, part.score_high)
            else:
                continue
            low, high = (_total_with(assessment, code, _at(verdict.evidence, place, end)) for end in ends)
            yield kind, area, code, part.measure, low, high


def _at(evidence: tuple[Evidence, ...], place: int, value: float) -> tuple[Evidence, ...]:
    changed = replace(evidence[place], score=value, score_low=value, score_high=value)
    return (*evidence[:place], changed, *evidence[place + 1 :])


def _total_with(assessment: Assessment, code: str, evidence: tuple[Evidence, ...]) -> float | None:
    """Return the total with other evidence for one diagnostic; only its area is made anew."""
    area = CHECKS.get(code).area
    in_area = {c: s for c, s in assessment.scores.items() if CHECKS.get(c).area == area}
    in_area[code] = score(code, evidence)
    areas = {**assessment.areas, **area_scores(in_area, assessment.verdicts, assessment.weights)}
    return total_score(areas, assessment.verdicts, assessment.weights).value


def _area_weights(assessment: Assessment) -> Iterator[tuple[object, ...]]:
    for area in assessment.areas:
        weight = assessment.weights.areas.get(area, 1.0)
        low, high = (_total_weighted(assessment, {area: weight * factor}) for factor in (0.5, 2.0))
        yield "weight", area, "", f"weight of {area}, halved and doubled", low, high


def _total_weighted(assessment: Assessment, areas: Mapping[str, float]) -> float | None:
    weights = replace(assessment.weights, areas={**assessment.weights.areas, **areas})
    return total_score(assessment.areas, assessment.verdicts, weights).value
