"""Is a stretch that a record does not cover told from a quiet one, and left out of what is usual?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.studies import floors
from workbench.studies.fits.arrivals import coverage, fit_profile
from workbench.studies.fits.holes import IMPOSSIBLE, filled, holes, note_on
from workbench.studies.fits.log import read_log
from workbench.studies.fits.seasons import fit_season

MONDAY = int(np.datetime64("2024-06-03", "D").astype(int))


def weeks(n: int, per_slot: float, slots: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return counts, exposure and weekdays of `n` weeks of Mondays and Tuesdays."""
    days = 2 * n
    return np.full((days, slots), per_slot), np.ones((days, slots)), np.tile([0, 1], n)


def test_the_bound_is_the_chance_that_all_contacts_fell_on_the_other_days() -> None:
    """Two Mondays alike: 29 contacts all on the one are a chance of 2**-29, 30 are less than one in a billion."""
    counts, exposure, weekday = weeks(2, 30.0)
    counts[2, 4] = 0
    assert 2**-29 > IMPOSSIBLE > 2**-30
    assert [[2, 4]] == np.argwhere(holes(counts, exposure, weekday)).tolist()

    counts[0, 4] = 29
    assert not holes(counts, exposure, weekday).any()


def test_a_day_is_held_against_how_busy_the_rest_of_it_was() -> None:
    """A day of a tenth of the usual contacts: 30 elsewhere are 3 there, and (1 / 1.1)**30 is no wonder."""
    counts, exposure, weekday = weeks(2, 30.0)
    counts[2] = 3.0
    counts[2, 4] = 0

    assert not holes(counts, exposure, weekday).any()


def test_hours_that_a_weekday_never_has_are_no_gap() -> None:
    """Every Tuesday ends two intervals before Mondays do; a Monday without its first three is a gap."""
    counts, exposure, weekday = weeks(3, 20.0)
    counts[weekday == 1, 8:] = 0
    counts[2, :3] = 0

    found = holes(counts, exposure, weekday)

    assert [[2, 0], [2, 1], [2, 2]] == np.argwhere(found).tolist()
    note = note_on(found, MONDAY + np.array([0, 1, 7, 8, 14, 15]), 1800)[0][0]
    assert "No contact 00:00–01:30 on 2024-06-10:" in note
    assert "1,000,000,000" in note


def test_a_single_week_is_held_against_its_other_days_between_contacts_only() -> None:
    """Tuesday's 30 missing contacts amid others are a gap, an earlier end of Tuesday may be its hours."""
    counts, exposure = np.full((5, 10), 30.0), np.ones((5, 10))
    counts[1, 4:6] = 0
    counts[2, 8:] = 0

    found = holes(counts, exposure, np.arange(5))

    assert [[1, 4], [1, 5]] == np.argwhere(found).tolist()


def test_what_was_never_seen_is_filled_at_the_level_of_its_weekday() -> None:
    """Tuesday is twice Monday and was not seen at 1: it has twice Monday's 5. A Sunday never seen stays 0."""
    values = np.zeros((7, 3))
    values[0], values[1] = [2, 5, 4], [4, 0, 8]
    seen = np.zeros((7, 3))
    seen[0], seen[1] = 1, [1, 0, 1]

    assert [4, 10, 8] == filled(values, seen)[1].tolist()
    assert not filled(values, seen)[6].any()


def test_a_log_with_a_hole_has_the_rates_of_the_days_that_have_none() -> None:
    """Mornings of a second week missing: rates are those of the first, and the notes and the shape know it."""
    start = pd.date_range("2024-06-03", periods=14, freq="D", tz="Europe/Berlin")
    at = [
        day + pd.Timedelta(minutes=8 * 60 + m)
        for i, day in enumerate(start)
        for m in range(600)
        if i < 7 or m >= 300
    ]
    stamps = pd.Series(pd.DatetimeIndex(at).tz_convert("UTC"))
    table = pd.DataFrame(
        {"contact_id": range(len(at)), "offered_ts": stamps, "answer_ts": stamps, "talk_s": 60.0,
         "agent_id": "a"}
    )  # fmt: skip
    log = read_log(floors.dataset({"contacts": table}))

    seen, profile = coverage(log), fit_profile(log)

    assert [7, 10] == [int(seen.gaps.any(axis=1).sum()), int(seen.gaps[7].sum())]
    assert np.allclose(profile.per_hour[:, 16:36], 60.0)
    assert profile.day_shape is None
    assert not len(profile.day_factor)
    assert 1.0 == fit_season(log).latest
