"""Which client needs attention first, and how firm is that order?

The order is by score, the weakest first. Two doubts are kept apart, as in every report. Weights of
areas are conventions: other weights that are just as defensible are drawn around the declared ones, the
same for all clients in one draw, and it is counted which rank each client takes (stochastic
multicriteria acceptability, Lahdelma and Salminen 2001). Missing evidence: the ranks that a client can
have when whatever is missing, of it and of the others, turns out anywhere between worst and best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.diagnostics.doubt import FIRMNESS
from workbench.statistics.robustness import dirichlet_weights, firmness_of


@dataclass(frozen=True)
class Scored:
    """One client: its score and bounds, and the score of each area, None where nothing is known."""

    client: str
    value: float | None
    low: float
    high: float
    areas: Mapping[str, float | None]


@dataclass(frozen=True)
class Place:
    """The place of one client; rank 1 is the weakest.

    Attributes
    ----------
    kept : share of draws in which it has this rank.
    weights_first, weights_last : its rank in 95 % of draws.
    among_first : share of draws in which it is among the weakest `Ranking.first`.
    missing_first, missing_last : the ranks that missing evidence leaves open; certain bounds.
    acceptability : share of draws by rank, ranks from 1.
    """

    client: str
    rank: int
    value: float
    low: float
    high: float
    kept: float
    weights_first: int
    weights_last: int
    among_first: float
    missing_first: int
    missing_last: int
    acceptability: tuple[float, ...]


@dataclass(frozen=True)
class Ranking:
    """All clients that have a score, the weakest first, and those that have none.

    Attributes
    ----------
    agreement : mean Kendall's tau of drawn orders with this one; 1: weights do not matter.
    first : how many count as "among the weakest".
    """

    places: tuple[Place, ...]
    unranked: tuple[Scored, ...]
    agreement: float
    first: int
    draws: int


def ranked(
    scored: Sequence[Scored], weights: Mapping[str, float], *, seed: int, draws: int, first: int = 5
) -> Ranking:
    """Return the order of clients under declared weights of areas (1 where nothing is said).

    first : how many count as the weakest; a quarter of the clients at most.
    """
    known = [s for s in scored if s.value is not None and _weighed(s, weights)]
    unranked = tuple(s for s in scored if s not in known)
    if not known:
        return Ranking((), unranked, 1.0, 0, draws)
    first = min(first, max(1, len(known) // 4))
    base = np.array([s.value for s in known], float)
    firm = firmness_of(-base, -_drawn(known, weights, seed, draws))  # the weakest is rank 1
    cumulated = firm.acceptability.cumsum(axis=1)
    low, high = np.array([s.low for s in known]), np.array([s.high for s in known])
    places = [
        Place(
            client=s.client, rank=int(firm.declared[i]), value=float(base[i]), low=s.low, high=s.high,
            kept=float(firm.acceptability[i, firm.declared[i] - 1]),
            weights_first=int(1 + (cumulated[i] < 0.025).sum()),
            weights_last=int(1 + (cumulated[i] < 0.975 - 1e-12).sum()),
            among_first=float(cumulated[i, first - 1]),
            missing_first=int(1 + (high < s.low).sum()),
            missing_last=int(len(known) - (low > s.high).sum()),
            acceptability=tuple(float(share) for share in firm.acceptability[i]),
        )
        for i, s in enumerate(known)
    ]  # fmt: skip
    places.sort(key=lambda p: (p.rank, p.low, p.client))
    return Ranking(tuple(places), unranked, firm.kendall_tau, first, draws)


def _weighed(one: Scored, weights: Mapping[str, float]) -> list[str]:
    return [a for a, value in one.areas.items() if value is not None and weights.get(a, 1.0) > 0]


def _drawn(
    known: Sequence[Scored], weights: Mapping[str, float], seed: int, draws: int
) -> NDArray[np.float64]:
    """Return the score of each client under drawn weights, shape (draws, clients).

    As in the score itself an area of which nothing is known leaves its weight to the others.
    """
    areas = sorted({a for s in known for a in _weighed(s, weights)})
    values = np.array([[s.areas.get(a) for a in areas] for s in known], float)
    there = ~np.isnan(values)
    declared = [weights.get(a, 1.0) for a in areas]
    drawn = dirichlet_weights(declared, draws=draws, seed=seed, concentration=FIRMNESS * len(areas))
    return np.asarray((drawn @ np.where(there, values, 0.0).T) / (drawn @ there.T))
