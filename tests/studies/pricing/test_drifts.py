"""By how much a client's own measures drifted, planted and found again, and what the slow routine then costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.studies.pricing.prices import assessed, found, measured
from workbench.intake.period import Period
from workbench.studies.pricing.basis import WEEKS_PER_MONTH, basis_of
from workbench.studies.pricing.cadence import by_cadence
from workbench.studies.pricing.doubts import known
from workbench.studies.pricing.drifts import known_drifts, own_shift, set_drift
from workbench.studies.pricing.rule import RULES, Counted


def log(longer: float = 1.0, passed: float = 0.0, weeks: int = 16, n: int = 400) -> pd.DataFrame:
    """Return a log of equal weeks around a June: from the ninth week contacts take longer, or more are passed on."""
    rng = np.random.default_rng(7)
    start = pd.Timestamp("2024-03-11 09:00", tz="UTC")
    at = [start + pd.Timedelta(weeks=w) + pd.Timedelta(minutes=5 * i) for w in range(weeks) for i in range(n)]
    late = np.repeat(np.arange(weeks) >= weeks // 2, n)
    frame = pd.DataFrame({"offered_ts": at})
    frame["answer_ts"] = frame["offered_ts"]
    frame["talk_s"] = 300.0 * rng.gamma(9, 1 / 9, len(at)) * np.where(late, longer, 1.0)
    frame["escalated_flag"] = rng.random(len(at)) < 0.10 + passed * late
    frame["customer_key"] = [f"C{i}" for i in range(len(at))]
    return frame


def basis(contacts: pd.DataFrame):  # type: ignore[no-untyped-def]
    """Return the basis of four months of this log with 1,000 paid hours a month at 20."""
    story = assessed(contacts=contacts)
    dataset = replace(story.dataset, period=Period(date(2024, 3, 11), date(2024, 6, 30)))
    return replace(basis_of(replace(story, dataset=dataset), None, pay=known(20.0)), paid_hours=1000.0)


@pytest.mark.method("SIM-4")
def test_a_planted_drift_is_found_with_its_size_and_no_other() -> None:
    """A tenth longer from the ninth week on; then seven points more passed on; then nothing, and nothing is found."""
    [longer] = known_drifts(basis(log(longer=1.1)))
    [passed] = known_drifts(basis(log(passed=0.07)))

    # over the mean of all weeks, which is half of the drift above the first ones
    assert ("handle time", "labour") == (longer.measure.name, longer.measure.line)
    assert 0.1 / 1.05 == pytest.approx(longer.size, abs=4 * longer.error)
    assert 20_000 / WEEKS_PER_MONTH * longer.size == pytest.approx(longer.rate)
    assert ("contacts passed on", "repeat handling") == (passed.measure.name, passed.measure.line)
    assert 0.07 == pytest.approx(passed.size, abs=4 * passed.error)
    assert () == known_drifts(basis(log()))


@pytest.mark.method("SIM-4")
def test_a_change_for_the_better_is_no_drift() -> None:
    """The same step up and down, judged by which side is worse."""
    step = np.repeat([0.0, 1.0], 8) + 0.1 * np.random.default_rng(1).standard_normal(16)

    size, error = own_shift(step, 1) or (0.0, 0.0)
    assert 1.0 == pytest.approx(size, abs=4 * error)
    assert own_shift(step, -1) is None
    assert own_shift(step[:6], 1) is None


@pytest.mark.method("SIM-4")
def test_a_slow_routine_is_priced_by_the_clients_own_drifts() -> None:
    """Four weeks too long: a week of the own drift costs its share of the paid hours; without one, five points do."""
    slow = found(
        "VL-4",
        measured("days from a breach to its correction", 35.0, 7.0, unit="days", interval=(28.0, 42.0)),
    )
    for contacts, size in ((log(longer=1.1), None), (log(), 0.05)):
        of = basis(contacts)
        of = replace(of, assessment=replace(of.assessment, findings=(slow,)))
        [said] = RULES.get("SIM-4").price(of)
        assert isinstance(said, Counted)
        one = np.ones(1)
        cost = said.cost(5.0 * one, one, one), said.cost(1.0 * one, one, one)
        saved = sum(float(cost[0][line][0] - cost[1][line][0]) for line in cost[0])
        drift = known_drifts(of)[0].size if size is None else size

        assert 4 * drift * 20_000 / WEEKS_PER_MONTH / 12 == pytest.approx(saved)
        assert ({"labour"} if size is None else {"repeat handling"}) == set(cost[0])
        assert ("own" if size is None else "set, A") in said.notes[0]


def test_what_noticing_late_costs_is_told_of_each_measure_that_drifted() -> None:
    """Handle time in per cent; where nothing drifted the sizes of resolution are set."""
    late, note = by_cadence(basis(log(longer=1.1)))
    own = set_drift(basis(log()))

    assert {"handle time"} == {one.measure for one in late}
    assert "% of handle time" in late[0].size
    assert "once got worse by" in note
    assert all(one.low is not None and one.low <= one.loss <= (one.high or 0.0) for one in late)
    assert own is not None
    assert (0.05, None) == (own.size, own.error)
