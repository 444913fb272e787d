"""Hours that come back to a floor: nothing today, as many as are said, worth their pay or the service that they buy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.studies.pricing.prices import assessed, floor, found, measured, roster
from workbench.sim.scenario import Scenario
from workbench.studies.pricing.basis import basis_of
from workbench.studies.pricing.doubts import Mapping, Triangle, known, reading
from workbench.studies.pricing.hours import AWAY, coming_back, hours_back, waiting_to_come
from workbench.studies.pricing.rule import Counted, Moved, only
from workbench.studies.pricing.rules.sim_6 import by_sign
from workbench.studies.pricing.rules.sim_9 import ramp_hours
from workbench.studies.pricing.rules.sim_12 import own_attrition, own_hazard
from workbench.studies.pricing.study import price
from workbench.studies.replicate import replicate

ONE = np.ones(1)
MARK = "back by LC-7"
WEEKLY = {"window": "week", "at_risk": 20_000, "levels": {"sl": {"target": 0.9, "all_lost_at": 0.2}}}


def people_floor(count: int = 6, **more: object) -> Scenario:
    """Return a week in which some people work from 8 to 16 on a line that is busy at that time."""
    rate = [30.0 if 8 <= hour < 16 else 0.0 for hour in range(24)]
    return floor(
        queues={"calls": {"arrivals": {"per_hour": rate}, "handle": {"talk": {"mean_s": 600}},
                          "patience": {"mean_s": 300}}},
        groups={"desk": {"people": {"day": {"count": count, "shift": "day"}}, "skills": ["calls"],
                         "shrinkage": {"sick": {"share": 0.1, "whole_days": True}}}},
        shifts={"day": {"start": "08:00", "end": "16:00"}},
        **more,
    )  # fmt: skip


@pytest.mark.parametrize("base", [people_floor(), floor(30.0, 4)])
def test_people_who_are_all_away_change_nothing(base: Scenario) -> None:
    """Beside people and beside counts: the same contacts at the same times, and the same overtime."""
    beside = base.with_(*waiting_to_come(MARK)(base))
    at_zero = beside.with_(*coming_back(MARK)(beside, 0.0))
    plain, *others = (replicate(s, 2, 1) for s in (base, beside, at_zero))

    for other in others:
        for name in ("answered", "mean_wait_s", "service_level", "overtime_hours"):
            assert plain.counted(name)[0].tolist() == other.counted(name)[0].tolist()


@pytest.mark.parametrize(("base", "there"), [(people_floor(20), 0.9), (floor(30.0, 20), 1.0)])
def test_so_many_of_the_hours_at_work_come_back(base: Scenario, there: float) -> None:
    """A quarter more of those at work: a tenth of the people's paid hours they are sick.

    Within four standard errors of whole shifts drawn at random.
    """
    beside = base.with_(*waiting_to_come(MARK)(base))
    more = beside.with_(*coming_back(MARK)(beside, 0.25))
    before, after = (replicate(s, 12, 1) for s in (beside, more))
    gained = (after.counted("paid_hours")[0] - before.counted("paid_hours")[0])[:, 0]
    whole = there * before.counted("paid_hours")[0][:, 0].mean()

    assert 0.25 == pytest.approx(gained.mean() / whole, abs=4 * gained.std(ddof=1) / np.sqrt(12) / whole)


def test_people_come_back_only_where_they_lack() -> None:
    """A pattern of one person on Mondays from 8 to 12 brings nobody on any other day."""
    base = people_floor()
    lacking = {0: np.array([0.0, 0.0, 1.0, 0.0, 0.0, 0.0]), 3: np.zeros(6)}
    beside = base.with_(*waiting_to_come(MARK, lacking)(base))

    [twin] = [g for name, g in beside.groups.items() if name.endswith(MARK)]
    [block] = twin.people.values()
    shift = beside.shifts[block.shift]
    assert ("08:00", "12:00", (0,)) == (shift.start, shift.end, shift.days)
    assert 1.0 == twin.shrinkage[AWAY].share


@pytest.mark.method("SIM-6")
def test_hours_are_worth_their_pay_or_the_service_that_they_buy_whichever_is_more() -> None:
    """Without credits a tenth off schedule costs its pay; with 20,000 a week at risk on a short-staffed floor, more.

    Never both: the dearer use is the price, and the other stands in a note.
    """
    off = found("LC-7", measured("schedule adherence", 0.75, 0.95, n=5000))
    plain = price(assessed(off), people_floor(), seed=1, months=4).prices[0]
    terms = {"pay_per_hour": 20.0, "currency": "EUR", "terms": WEEKLY}
    dear = price(assessed(off), people_floor(money=terms), seed=1, months=4).prices[0]

    assert ("computed", {"labour"}) == (plain.way, set(plain.lines))
    assert "less than their pay" in plain.notes[-1]
    assert "simulated" == dear.way
    assert "penalty" in dear.lines
    assert "labour" not in dear.lines
    assert dear.amount.value > plain.amount.value
    assert (0.0, 0.0) == (dear.at(0.0).low, dear.at(0.0).high)
    assert dear.saving is not None
    assert 0.0 == np.abs(dear.saving(0.0)).max()


@pytest.mark.method("SIM-9", "SIM-12", "SIM-1")
def test_what_is_lost_besides_is_in_either_use() -> None:
    """Replacing people is paid for whatever the hours of the ramp are used for: in the price of both ways."""
    read = reading(measured("attrition a year", 0.9, 0.3, unit="per year", interval=(0.8, 1.0)))
    assert read is not None
    how = Mapping("as many", "ours", "A", Triangle(1.0, 1.0, 1.0))
    basis = basis_of(assessed(), people_floor(), pay=known(20.0))
    said = hours_back(
        basis, (found("VIS-6", measured("attrition a year", 0.9, 0.3, unit="per year")),), "leavers", read, how,
        lambda m, k: 0.1 * m, lambda m, k, money: only("labour", 100 * m),
        beside=lambda m, k, money: only("replacement", 7 * m),
    )  # fmt: skip
    assert isinstance(said, Moved)
    held = said.held()
    assert held is not None

    assert {"labour": 90.0, "replacement": 6.3} == {
        line: pytest.approx(float(v[0])) for line, v in held.cost(0.9 * ONE, ONE, ONE).items()
    }
    # from 0.9 to 0.3 a year 0.06 of the paid hours come back, whatever was drawn as measured
    for m in (0.9, 1.1):
        before, after = said.ends(m * ONE, (m - 0.6) * ONE, ONE)
        assert (0.0, 0.06) == (before[0], pytest.approx(after[0]))
    nowhere = basis_of(assessed(), None, pay=known(20.0), no_scenario="no log")
    without = hours_back(
        nowhere, said.findings, "x", read, how, lambda m, k: m, lambda m, k, money: only("labour", m)
    )
    assert isinstance(without, Counted)
    assert "no log" in without.notes[-1]


@pytest.mark.method("SIM-9")
def test_the_ramp_of_those_who_follow_leavers_in_hours() -> None:
    """60 % a year of 40 people: two a month, a third of eight weeks of 40 hours each: 213."""
    assert 2 * 320 / 3 == pytest.approx(float(ramp_hours(0.6 * ONE, 40.0, 8 * ONE)[0]))


@pytest.mark.method("SIM-6")
def test_the_gap_by_sign_says_where_people_lack() -> None:
    """Two weeks of days from 8 to 12 and 12 to 16: two too many in the morning, one too few in the afternoon."""
    hours = pd.date_range("2024-06-03 08:00", periods=14 * 24, freq="h")
    hours = hours[(hours.hour >= 8) & (hours.hour < 16)]
    required = pd.Series(5.0, index=hours)
    staffed = required + np.where(hours.hour < 12, 2.0, -1.0)
    gap = by_sign(required, staffed, 1.0, 0.5)
    assert gap is not None

    assert 2 / 3 == pytest.approx(gap.over.likely)
    assert gap.over.low == pytest.approx(gap.over.high)  # every day is alike
    assert 14 * 8 * 5 / 0.5 == pytest.approx(gap.required_h)
    assert [0.0, 0.0, 0.0, 1.0, 0.0, 0.0] == pytest.approx(gap.lacking[0].tolist())
    assert by_sign(required[:4], staffed[:4], 1.0, 0.5) is None


@pytest.mark.method("SIM-12")
def test_leavers_for_pay_rest_on_the_clients_own_roster_and_payslips() -> None:
    """Six of twelve paid wrong left within the month and six of 120 paid right: ten times the hazard, as measured."""
    people = roster(132)
    wrong = np.arange(132) < 12
    left = (np.arange(132) < 6) | (np.arange(132) >= 126)
    people["term_date"] = pd.Series(
        np.where(left, np.datetime64("2024-06-20"), np.datetime64("NaT")), dtype="datetime64[us]"
    )
    slips = pd.DataFrame(
        {"cycle": "2024-06", "agent_id": people["agent_id"], "corrected_flag": wrong,
         "pay_date_due": pd.Timestamp("2024-06-05"), "pay_date_actual": pd.Timestamp("2024-06-05")}
    )  # fmt: skip
    basis = basis_of(assessed(hris=people, payroll=slips), None, pay=known(20.0))
    rate, told = own_attrition(basis)
    how = own_hazard(basis)
    assert how is not None

    assert 12 / 132 * 365 / 30 == pytest.approx(rate, rel=0.05)
    assert "client's own" in told
    assert 9.0 == pytest.approx(how.factor.likely)
    assert "M" == how.grade
    assert how.factor.low > 1
    assert "assumed" in own_attrition(basis_of(assessed(hris=roster(10)), None))[1]
    assert own_hazard(basis_of(assessed(hris=people), None)) is None
