"""How sure is a score: in a line for the terminal, and as plain values for a program?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.doubt import FIRMNESS, doubts, tornado
from workbench.reports import parts
from workbench.statistics.ahp import LIMIT
from workbench.wording import figure

SEED = 1
MOST = 12
"""So many things that move the total are listed; the others move it less."""


def doubt_data(assessment: Assessment) -> dict[str, Any]:
    """Return the three doubts as plain values.

    Keys: draws, seed, firmness of the drawn weights; scopes (the total and each area: value, and its ends under
    missing evidence, sampling and other weights, band and how often it is kept); ranking of the areas and how
    often each rank is kept; order_kept; agreement. Scores 0 to 100, shares as fractions, unknown as null.
    """
    found = doubts(assessment, seed=SEED)
    return {
        "draws": found.draws,
        "seed": SEED,
        "firmness": FIRMNESS,
        "scopes": _records(found.scopes),
        "ranking": _records(found.ranking),
        "order_kept": found.order_kept,
        "agreement": found.agreement,
    }


def tornado_data(assessment: Assessment) -> list[dict[str, Any]]:
    """Return what moves the total most, one thing at a time: kind, area, code, what, at_low, at_high, swing."""
    return _records(tornado(assessment, MOST))


def how_sure(assessment: Assessment) -> str:
    """Return one sentence a doubt: sampling, missing evidence, weights; and what would move the total most."""
    total = assessment.total
    if total.value is None:
        return ""
    found = doubts(assessment, seed=SEED)
    row = found.scopes.iloc[0].to_dict()
    said = [f"Missing evidence leaves {total.low:.0f} to {total.high:.0f}."]
    if total.sampling_low is not None and total.sampling_high is not None:
        said.append(
            f"With every measure at the worse or the better end of its interval: {total.sampling_low:.0f} to "
            f"{total.sampling_high:.0f}."
        )
    if row["weights_low"] is not None:
        kept = figure(row["band_kept"], "fraction", 0)
        said.append(
            f"Other weights: {row['weights_low']:.0f} to {row['weights_high']:.0f} in 95 % of {found.draws:,} draws "
            f"(seed {SEED}), the band the same in {kept}"
            + (f", the weakest area the same in {_weakest(found.ranking)}." if len(found.ranking) else ".")
        )
    ratio = assessment.weights.consistency_ratio
    if ratio is not None:
        said.append(
            f"Weights of areas follow from comparisons; consistency ratio {ratio:.2f} (accepted up to {LIMIT:.2f})."
        )
    moves = tornado(assessment, 1)
    if len(moves):
        most = moves.iloc[0]
        where = parts.area_title(most["area"])
        said.append(f"What moves it most: {most['what']} ({where}), by {most['swing']:.1f} points.")
    return " ".join(said)


def _weakest(ranking: pd.DataFrame) -> str:
    return figure(float(ranking["weakest"].iloc[0]), "fraction", 0)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values; what is unknown is None, never NaN, which is no JSON."""
    return [
        {
            str(key): None
            if value is None or value != value
            else value.item()
            if hasattr(value, "item")
            else value
            for key, value in row.items()
        }
        for row in table.to_dict("records")
    ]
