"""Are parameters of a known floor found again, and small cases fitted as by hand?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.studies import floors
from workbench.errors import DataError
from workbench.studies.fits.arrivals import fit_profile, negative_binomial_shape, weekday_of
from workbench.studies.fits.durations import compare_families, fit_duration, fit_patience
from workbench.studies.fits.floor import fit_floor, presence_of
from workbench.studies.fits.follow_ups import fit_retrials
from workbench.studies.fits.gaps import fit_away
from workbench.studies.fits.line import fit_crowding, head_start_share
from workbench.studies.fits.log import read_log
from workbench.studies.fits.presence import Leaving, in_service, joined, on_duty_s

RNG = np.random.default_rng


def test_the_family_that_made_the_times_is_chosen() -> None:
    """1,000 lognormal times: AIC picks lognormal, and its mean is the sample's within 5 %."""
    times = RNG(1).lognormal(5, 0.8, 1000)

    fitted = fit_duration(times)

    assert fitted is not None
    assert "lognormal" == fitted.chosen.family
    assert times.mean() == pytest.approx(fitted.chosen.mean, rel=0.05)


def test_the_likelihood_of_an_exponential_is_the_formula() -> None:
    """Witness by hand: mean = total time over events, log-likelihood = −d log(mean) − total/mean."""
    times, ended = np.array([10.0, 20.0, 30.0, 40.0]), np.array([True, False, True, True])

    table, _ = compare_families(times, ended, ("exponential",))

    mean = 100 / 3
    assert mean == pytest.approx(table["mean_s"].iloc[0])
    assert -3 * np.log(mean) - 100 / mean == pytest.approx(table["log_likelihood"].iloc[0])


def test_recorded_times_are_used_where_every_family_is_wrong() -> None:
    """Two humps far apart follow no family of the list; the fit keeps their mean."""
    times = np.concatenate([RNG(2).normal(60, 5, 1000), RNG(3).normal(600, 20, 1000)])

    fitted = fit_duration(times)

    assert fitted is not None
    assert "empirical" == fitted.chosen.family
    assert times.mean() == pytest.approx(fitted.chosen.mean, abs=0.01)


def test_zero_length_contacts_are_kept() -> None:
    """A tenth of the contacts took 0 s: the quantiles start with zeros and the mean is theirs."""
    fitted = fit_duration(np.append(np.zeros(50), np.full(450, 200.0) + np.arange(450)))

    assert fitted is not None
    assert 0.0 == fitted.chosen.values[0]
    assert np.append(np.zeros(50), np.full(450, 200.0) + np.arange(450)).mean() == pytest.approx(
        fitted.chosen.mean
    )


@pytest.mark.parametrize("shape", [0.7, 1.0, 1.8])
def test_patience_is_found_behind_censoring(shape: float) -> None:
    """Three of four waits end with an answer; mean patience still comes out within 10 %."""
    rng = RNG(4)
    law = stats.weibull_min(shape, scale=200)
    patience, answer = law.rvs(6000, random_state=rng), rng.exponential(60, 6000)
    left = patience < answer

    fitted = fit_patience(np.minimum(patience, answer), left)

    assert fitted is not None
    assert left.mean() < 0.45
    if fitted.chosen.family != "empirical":
        assert law.mean() == pytest.approx(fitted.chosen.mean, rel=0.10)
    best = fitted.comparison.iloc[0]
    assert best["distance"] < 0.1


def test_without_abandonments_there_is_no_patience() -> None:
    """Nobody left: nothing is said, rather than that patience is endless."""
    assert fit_patience(np.full(100, 30.0), np.zeros(100, bool)) is None


def test_busyness_is_found() -> None:
    """Counts with Gamma(25) busyness give a shape near 25, Poisson counts none."""
    rng = RNG(5)
    mean = np.full(600, 80.0)

    found = negative_binomial_shape(rng.poisson(mean * rng.gamma(25, 1 / 25, 600)).astype(float), mean)
    plain = negative_binomial_shape(RNG(6).poisson(mean).astype(float), mean)

    assert found == pytest.approx(25, rel=0.2)
    assert plain is None or plain > 500


def test_weekdays_are_those_of_the_calendar() -> None:
    """1970-01-01 was a Thursday, 2024-06-03 a Monday."""
    day = np.array([0, int(np.datetime64("2024-06-03", "D").astype(int))])

    assert [3, 0] == weekday_of(day).tolist()


def test_times_known_exactly_give_their_shares() -> None:
    """Three times of 5.5 s and one of 100 s: a quarter is longer than a minute."""
    known = np.array([5.5, 5.5, 5.5, 100.0])

    away = fit_away(known, known)

    assert 0.25 == pytest.approx(away.longer_than(60.0), abs=0.01)
    assert (4, 0) == (away.exact, away.bounded)


def test_bounds_add_what_exact_times_leave_open() -> None:
    """One exact time of 5.5 s and one somewhere up to 20 s: the second joins the first."""
    away = fit_away(np.array([5.5, 0.0]), np.array([5.5, 20.0]))

    assert away.longer_than(6.0) < 0.01


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.floats(0, 3000), st.floats(0, 3000)), min_size=1, max_size=30),
    st.floats(0.01, 0.99),
)
def test_a_time_drawn_within_bounds_lies_there(bounds: list[tuple[float, float]], u: float) -> None:
    """Whatever is fitted, a draw respects its own bounds."""
    low = np.array([min(b) for b in bounds])
    high = np.array([max(b) for b in bounds])

    drawn = fit_away(low, high).draw_within(low, high, np.full(len(low), u))

    assert (drawn >= low - 1e-6).all()
    assert (drawn <= high + 1e-6).all()


def test_time_at_work_adds_up() -> None:
    """10 minutes in the first and 20 in the second half hour, in any order of spells."""
    minute = 60_000_000
    spells = (np.array([0, 1]), np.array([20, 40]) * minute, np.array([40, 50]) * minute)

    found = on_duty_s(spells, np.array([0, 30, 60]) * minute)

    assert [600.0, 1200.0] == found.tolist()


def test_spells_that_touch_are_one() -> None:
    """9–10 and 10–11 of one agent are one spell; another agent's stays apart."""
    hour = 3_600_000_000
    found = joined(np.array([0, 1, 0]), np.array([9, 9, 10]) * hour, np.array([10, 10, 11]) * hour)

    assert [0, 1] == found[0].tolist()
    assert [11 * hour, 10 * hour] == found[2].tolist()


def test_who_goes_has_the_remaining_time_of_a_contact_ahead() -> None:
    """Contacts of 100 s each met at random have 50 s left on average."""
    go = Leaving(np.full(50, 100_000_000), busy=1.0)

    assert 50e6 == go.mean_us
    assert 50e6 == pytest.approx(go.before_us(RNG(7), 20_000).mean(), rel=0.03)


def test_staffing_is_found_from_the_agents_own_contacts() -> None:
    """Six people were there from 7:30 to 16:30; between 9 and 15 h the inferred number is 6 within 0.5."""
    data = floors.floor(days=10, agents=6)
    log = read_log(data)
    presence = presence_of(data, fit_floor(log), log)

    first, after = log.bounds_us
    edges = np.arange(first, after + 1, 1_800_000_000)
    people = np.mean([on_duty_s(presence.draw(RNG(i)), edges) for i in range(5)], axis=0) / 1800
    hour = np.arange(len(people)) % 48 / 2

    assert "contacts" == presence.source
    assert 6.0 == pytest.approx(people[(hour >= 9) & (hour < 15)].mean(), abs=0.5)


def test_states_of_agents_are_preferred_to_inference() -> None:
    """With agent_state the spells are the recorded ones: six people at noon, whatever they took."""
    data = floors.with_states(days=3)
    log = read_log(data)

    presence = presence_of(data, fit_floor(log), log)

    agent, start, end = presence.draw(RNG(1))
    assert "agent_state" == presence.source
    assert 18 == len(agent)
    assert (end - start <= 9.2 * 3600e6).all()


def test_states_of_half_the_days_are_passed_over() -> None:
    """Nobody is said to have been away on days that the table of states leaves out."""
    data = floors.with_states(days=4)
    states = data.tables["agent_state"]
    half = data.with_table(
        "agent_state", states[states["start"] < states["start"].min() + pd.Timedelta(days=2)]
    )
    log = read_log(half)

    assert "contacts" == presence_of(half, fit_floor(log), log).source


def test_unrecorded_wrap_up_is_found() -> None:
    """After each contact 20 s go by that the log does not record: the median time not available is near."""
    data = floors.floor(
        days=10,
        agents=5,
        wrap_recorded=False,
        handle={"talk": {"mean_s": 300}, "wrap_up": {"family": "constant", "mean_s": 20}},
    )
    away = fit_floor(read_log(data)).away

    assert away is not None
    assert 20.0 == pytest.approx(float(away.quantiles(np.array([0.5]))[0]), abs=1.5)


def test_without_named_agents_contacts_in_service_are_counted() -> None:
    """Two contacts in service while a third waits for ten minutes: two people."""
    start = pd.Timestamp("2024-06-03 09:00", tz="Europe/Berlin").tz_convert("UTC")
    minutes = pd.to_timedelta([0, 0, 5], unit="min")
    table = pd.DataFrame(
        {
            "contact_id": ["a", "b", "c"],
            "offered_ts": start + minutes,
            "answer_ts": start + pd.to_timedelta([0, 0, 15], unit="min"),
            "abandon_ts": pd.NaT,
            "talk_s": [1500.0, 900.0, 600.0],
            "wait_s": [0.0, 0.0, 600.0],
        }
    )

    counts, _ = in_service(read_log(floors.dataset({"contacts": table}, 1)))

    assert [2] == counts.tolist()


def test_retrials_are_found() -> None:
    """Half of those who give up come again after ten minutes or so; the estimate's interval holds it."""
    again = {"after": "abandoned", "kind": "retrial", "probability": 0.5, "delay": {"mean_s": 600}}
    data = floors.floor(days=14, agents=4, follow_ups={"again": again})

    found = fit_retrials(read_log(data))

    assert found.probability is not None
    assert 0.5 == pytest.approx(found.probability, abs=0.07)
    assert found.delay is not None
    assert 600 == pytest.approx(found.delay.mean, rel=0.2)


def test_without_customer_keys_nothing_is_said_of_retrials() -> None:
    """No customer is named: unknown, not zero."""
    data = floors.floor(days=7, agents=4)
    table = data.tables["contacts"].assign(customer_key=None)

    found = fit_retrials(read_log(data.with_table("contacts", table)))

    assert found.probability is None


def test_a_head_start_is_counted_among_those_who_waited() -> None:
    """A log knows the rank only of those who waited: the share is theirs, and ranks make no lines."""
    data = floors.floor(days=10, agents=4)
    table = data.tables["contacts"]
    waited = table["wait_s"] > 5
    rank = np.where(waited & (RNG(8).random(len(table)) < 0.4), 1.0, 0.0)
    data = floors.dataset({"contacts": table.assign(priority=rank)}, 10, priority_head_start_s=90.0)

    log = read_log(data)

    assert ["calls"] == [line.name for line in log.lines]
    assert 90.0 == log.head_start_s
    assert head_start_share(log, None) <= 0.45


def test_patience_that_does_not_know_the_line_shows_no_crowding() -> None:
    """In the simulator nobody looks at the line; the fitted power is nothing, or hardly anything."""
    assert fit_crowding(read_log(floors.floor(days=14, agents=4))).power < 0.15


def test_profiles_keep_local_hours_through_a_clock_change() -> None:
    """Nine o'clock is nine o'clock before and after the night of 31 March 2024."""
    stamps = [
        pd.Timestamp(f"2024-03-{day} 09:05", tz="Europe/Berlin").tz_convert("UTC") for day in range(25, 32)
    ]
    table = pd.DataFrame(
        {
            "contact_id": [str(i) for i in range(7)],
            "offered_ts": pd.DatetimeIndex(stamps),
            "answer_ts": pd.DatetimeIndex(stamps),
            "abandon_ts": pd.NaT,
            "talk_s": 60.0,
            "wait_s": 0.0,
        }
    )
    data = floors.dataset({"contacts": table}, 7, start=pd.Timestamp("2024-03-25").date())

    profile = fit_profile(read_log(data))

    assert {18} == set(np.nonzero(profile.per_hour)[1].tolist())


def test_a_dataset_without_contacts_is_refused_in_words() -> None:
    """The message says what is missing and what would do instead."""
    with pytest.raises(DataError, match="no contact in table contacts"):
        read_log(floors.dataset({}))
