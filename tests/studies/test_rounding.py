"""Do whole people cover the week as the mean of people did?"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from workbench.studies.fits.rounding import NOBODY, always_covered, covered_by, rounded

H = 3600.0


def on(hours: list[tuple[float, float]], interval_s: int = 3600) -> np.ndarray:
    start, end = (np.array(side) * H for side in zip(*hours, strict=True))
    return covered_by(start, end, interval_s)


def test_a_shift_past_midnight_covers_the_next_morning() -> None:
    """Monday 22:00 to 26:30 by the hour: two whole hours of Monday, two and a half of Tuesday; Sunday's goes round."""
    (cover,) = on([(22, 26.5)])

    assert [1, 1, 1, 1, 0.5] == cover[22:27].tolist()
    assert 4.5 == cover.sum()
    assert [1, 1, 0.5] == np.roll(cover, 6 * 24)[:3].tolist()


def test_thin_shifts_keep_somebody_on_duty() -> None:
    """By hand: of ten Mondays four had somebody from 0 to 8, three from 0 to 7 and three from 1 to 8.

    Rounded one kind at a time all of 0.4, 0.3, 0.3 become nobody, although every Monday one of the three was
    there. One of them has to come: the one nearest to what the three cover together, 0 to 8.
    """
    cover = on([(0, 8), (0, 7), (1, 8)])
    people = np.zeros((3, 7))
    people[:, 0] = [0.4, 0.3, 0.3]
    always = np.zeros((1, 7 * 24), bool)
    always[0, 1:7] = True

    whole = rounded(people, cover, [np.ones(3, bool)], always)

    assert [1, 0, 0] == whole[:, 0].tolist()
    assert 0 == whole[:, 1:].sum()


def test_each_queue_is_covered_by_those_who_serve_it() -> None:
    """Two teams with half an early and half a late person each: one of each team, one early and one late."""
    cover = on([(8, 12), (12, 16), (8, 12), (12, 16)])
    people = np.zeros((4, 7))
    people[:, 2] = [0.5, 0.5, 0.5, 0.5]
    sets = [np.ones(4, bool), np.array([True, True, False, False]), np.array([False, False, True, True])]

    whole = rounded(people, cover, sets, np.zeros((3, 7 * 24), bool))[:, 2]

    assert 1 == whole[:2].sum()  # of each team one, one early and one late
    assert 1 == whole[2:].sum()
    assert 1 == whole[[0, 2]].sum()


def cost(whole: np.ndarray, people: np.ndarray, cover: np.ndarray, must: np.ndarray) -> float:
    """The same as prose says it, slowly: squares by interval, by the hours of day and week, and nobody there."""
    off = (whole - people) @ cover
    alone = must & ((whole @ cover) < 1 - 1e-9)
    hours = ((whole - people) @ cover.sum(axis=1)) ** 2
    shift = people @ cover.sum(axis=1) / people.sum()
    return float((off**2).sum() + hours / 24 + hours / shift + NOBODY * alone.sum())


@pytest.mark.parametrize("seed", range(12))
def test_rounding_is_near_the_best_there_is(seed: int) -> None:
    """Against every way to round seven kinds of a day: never an empty interval more, cost within a tenth and 0.5."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, 20, 7).astype(float)
    cover = on([(s, s + w) for s, w in zip(start, rng.integers(3, 9, 7).astype(float), strict=True)])
    people = np.zeros((7, 7))
    people[:, 0] = np.round(rng.uniform(0, 2, 7), 2)
    must = people[:, 0] @ cover >= 1
    ways = [np.array(w) for w in product(*((np.floor(p), np.ceil(p)) for p in people[:, 0]))]
    best = min(cost(w, people[:, 0], cover, must) for w in ways)

    whole = rounded(people, cover, [np.ones(7, bool)], must[None])[:, 0]

    assert (np.abs(whole - people[:, 0]) < 1).all()
    found = cost(whole, people[:, 0], cover, must)
    assert best <= found + 1e-9
    assert found <= 1.1 * best + 0.5


def test_always_means_every_open_day() -> None:
    """A Sunday's late shift reaches to 1 on Monday; Mondays 8 to 10 and 8 to 12: 8 and 9 are always covered.

    The Sunday's own morning is not known: who came on the Saturday stands in no log, and it has but one day.
    """
    sunday = 3 + 7  # 11 January 1970
    day = np.array([sunday, sunday + 1, sunday + 8, sunday + 8])
    start, end = np.array([20.0, 8.0, 8.0, 10.5]) * H, np.array([25.0, 10.0, 10.5, 12.0]) * H

    covered = always_covered(
        day, start, end, np.array([sunday, sunday + 1, sunday + 8]), np.array([6, 0, 0]), 3600
    )

    assert [8, 9] == np.flatnonzero(covered[: 6 * 24]).tolist()
    assert [20, 21, 22, 23] == np.flatnonzero(covered[6 * 24 :]).tolist()
