"""An action is credited with what moved beyond the trend; open actions last longer, they are not missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.diagnostics.stories import handed
from workbench.diagnostics.actions import follow_up
from workbench.diagnostics.aftermath import aftermath, time_to_close
from workbench.diagnostics.assess import Assessment, assess
from workbench.reports.declare import SECTIONS
from workbench.reports.parameters import Parameters

WEEKS = 30
CLOSED = "2024-04-12"
"""A Friday in the fifteenth week: its Monday is the last before."""


def contacts(escalated: np.ndarray) -> list[dict[str, Any]]:
    """Return 100 contacts a week from Monday 1 January 2024, so many of them escalated."""
    starts = pd.date_range("2024-01-01 08:00", periods=WEEKS, freq="7D")
    return [
        {"contact_id": f"c{week}-{n}", "offered_ts": f"{start + pd.Timedelta(hours=n):%Y-%m-%d %H:%M}",
         "answer_ts": f"{start + pd.Timedelta(hours=n, minutes=1):%Y-%m-%d %H:%M}",
         "escalated_flag": "yes" if n < escalated[week] else "no"}
        for week, start in enumerate(starts) for n in range(100)
    ]  # fmt: skip


def reviewed(escalated: np.ndarray, *actions: dict[str, str]) -> Assessment:
    rows = pd.DataFrame(list(actions), index=pd.RangeIndex(2, len(actions) + 2, name="row"))
    dataset = handed(period="2024-01-01:2024-07-28", contacts=contacts(escalated))
    return assess(replace(dataset, extras={"actions": rows}), only=["FM-2"])


ACTION = {
    "id": "a1",
    "code": "FM-2",
    "measure": "contacts escalated",
    "raised": "2024-02-01",
    "closed": CLOSED,
}


def test_a_jump_beyond_trend_and_noise_is_the_action_s() -> None:
    """30 of 100 fall to 18 in the week after closing, give or take one."""
    noise = np.random.default_rng(3).integers(-1, 2, WEEKS)
    assessment = reviewed(np.where(np.arange(WEEKS) < 15, 30, 18) + noise, ACTION)

    (row,) = aftermath(assessment, follow_up(assessment)).to_dict("records")

    assert ("a1", 14, 14, "better") == (
        row["id"],
        row["before"],
        row["after"],
        row["moved"],
    )  # ends may be cut
    assert row["low"] <= -0.12 <= row["high"] < 0


def test_a_trend_that_was_there_anyway_is_not() -> None:
    """One contact fewer each week, before and after: then and now differ by fifteen, the jump is none."""
    noise = np.random.default_rng(4).integers(-1, 2, WEEKS)
    assessment = reviewed(45 - np.arange(WEEKS) + noise, ACTION)

    (row,) = aftermath(assessment, follow_up(assessment)).to_dict("records")

    assert "not beyond trend and noise" == row["moved"]
    assert row["low"] <= 0 <= row["high"]


def test_too_few_weeks_say_so_and_other_measures_stay_away() -> None:
    """Closed in July three whole weeks are left; a measure without a weekly figure has no row."""
    late = {**ACTION, "id": "late", "closed": "2024-07-05"}
    other = {**ACTION, "id": "other", "measure": "weekly meetings held as planned"}
    assessment = reviewed(np.full(WEEKS, 20), late, other)

    (row,) = aftermath(assessment, follow_up(assessment)).to_dict("records")

    assert ("late", "unknown") == (row["id"], row["moved"])
    assert "2 after; needs 6 of each" in row["reason"]


def test_open_actions_count_as_lasting_longer() -> None:
    """Closed after 10, 20, 30, 40 and 50 days, five more open after 178: half were closed within 50, not within 30."""
    raised = date(2024, 2, 1)
    ends = [raised + pd.Timedelta(days=10 * n) for n in range(1, 6)]
    rows = [{**ACTION, "id": f"a{n}", "closed": str(end)} for n, end in enumerate(ends)]
    still = [{**ACTION, "id": f"o{n}", "closed": ""} for n in range(5)]
    assessment = reviewed(np.full(WEEKS, 20), *rows, *still)

    took = time_to_close(follow_up(assessment))

    assert (50.0, 10) == (took.value, took.n)
    assert "5 of 10 go on" in took.formula


def test_where_fewer_than_half_are_closed_no_median_is_made_up() -> None:
    """One of three."""
    rows = [{**ACTION, "id": f"a{n}", "closed": CLOSED if n == 0 else ""} for n in range(3)]

    took = time_to_close(follow_up(reviewed(np.full(WEEKS, 20), *rows)))

    assert (None, "fewer than half of 3 have ended") == (took.value, took.reason)
    assert pytest.approx(0.0) == took.weight


def test_the_review_says_how_fast_actions_close_and_what_they_moved() -> None:
    """The sentence carries interval and sample; the table the jump with its interval."""
    noise = np.random.default_rng(3).integers(-1, 2, WEEKS)
    rows = [{**ACTION, "id": f"a{n}"} for n in range(8)]
    assessment = reviewed(np.where(np.arange(WEEKS) < 15, 30, 18) + noise, *rows)

    section = SECTIONS.get("follow up").build(assessment, Parameters(client="story"))

    assert section is not None
    said = section.model_dump_json()
    assert "Half of 8 actions were closed within 71" in said  # 1 February to 12 April
    assert "what closed actions moved" in said
    assert 71.0 == section.data["follow_up"]["days_to_close"]["value"]
    assert ["better"] * 8 == [row["moved"] for row in section.data["follow_up"]["aftermath"]]
