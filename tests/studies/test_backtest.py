"""Is the prediction right where the truth is known, and honest on the real log?"""

from __future__ import annotations

import json
import time
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.studies import floors
from workbench import cli
from workbench.errors import CallError, DataError
from workbench.intake.period import Period
from workbench.intake.read import read_client
from workbench.studies.backtest import Backtest, backtest
from workbench.studies.fits.counts import COLUMNS, Counts
from workbench.studies.fits.scores import quantiles_of_known, score
from workbench.studies.show_fit import backtested

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "bank_calls_january_1999.tsv.gz"
FIT, TEST = Period.parse("2024-06-03:2024-06-16"), Period.parse("2024-06-17:2024-06-23")


@cache
def known_floor() -> Backtest:
    return backtest(floors.floor(days=21, agents=6), FIT, TEST, n=40)


def test_a_floor_that_keeps_its_ways_is_predicted() -> None:
    """The simulator's own log: totals within 3 points, although staffing was inferred from contacts."""
    total = known_floor().scores.total

    assert abs(total["service_level"]["predicted"] - total["service_level"]["actual"]) < 0.03
    assert abs(total["abandon_rate"]["predicted"] - total["abandon_rate"]["actual"]) < 0.02
    assert known_floor().scores.interval_error < 1.3 * known_floor().scores.noise_floor


def test_intervals_hold_what_they_promise() -> None:
    """90 % intervals hold 83–98 % of 112 half-hours; 40 replications blur their ends."""
    assert 0.83 <= known_floor().scores.coverage_90 <= 0.98


def test_the_same_seed_gives_the_same_figures() -> None:
    """All chance is addressed by the seed; threads change nothing."""
    data = floors.floor(days=10, agents=6)
    fit, test = Period.parse("2024-06-03:2024-06-09"), Period.parse("2024-06-10:2024-06-12")
    one, two = (backtest(data, fit, test, n=6, workers=w, decompose=False).scores for w in (1, 2))

    assert one.to_data() == two.to_data()


def test_given_staffing_alone_arrivals_are_those_foreseen() -> None:
    """The interval of what was foreseen is wider than that of what was recorded."""
    data = floors.floor(days=21, agents=6)
    given = [
        backtest(data, FIT, TEST, given=g, n=20, decompose=False).scores.total["service_level"]
        for g in ("staffing,arrivals", "staffing")
    ]

    assert given[0]["high"] - given[0]["low"] < given[1]["high"] - given[1]["low"]


def test_recorded_states_are_used_for_the_test_days() -> None:
    """With agent_state nothing of the staffing is inferred, and nothing is called so."""
    data = floors.with_states(days=14)
    found = backtest(
        data,
        Period.parse("2024-06-03:2024-06-09"),
        Period.parse("2024-06-10:2024-06-16"),
        n=10,
        decompose=False,
    )

    assert "agent_state" == found.staffing_source
    assert not any("inferred" in what for what, _ in found.assumed)


def test_a_prediction_that_is_always_right_has_no_error() -> None:
    """By hand: two intervals, service levels 1/2 and 1; replications that say so, and one that errs."""
    starts = known_starts()
    values = np.zeros((2, len(COLUMNS)))
    values[:, COLUMNS.index("offered")] = [4, 2]
    values[:, COLUMNS.index("answered")] = [4, 2]
    values[:, COLUMNS.index("answered within T")] = [2, 2]
    wrong = values.copy()
    wrong[0, COLUMNS.index("answered within T")] = 4

    right = score(Counts(values), Counts(np.stack([values, values])), starts, "UTC")
    mixed = score(Counts(values), Counts(np.stack([values, wrong])), starts, "UTC")

    assert (0.0, 0.0, 1.0) == (right.interval_error, right.noise_floor, right.coverage_90)
    # means 3/4 and 1: error 1/4 of the first interval, which weighs 4/6; replications are 1/4 off, too
    assert 4 / 6 / 4 == pytest.approx(mixed.interval_error)
    assert 4 / 6 / 4 == pytest.approx(mixed.noise_floor)


def test_quantiles_of_known_are_those_of_numpy() -> None:
    """To the last digit, with a fifth not known; columns of one and of all known among them."""
    rng = np.random.default_rng(5)
    values = rng.random((31, 40))
    values[rng.random((31, 40)) < 0.2] = np.nan
    values[1:, 0], values[:, 1], values[0, 0] = np.nan, 0.25, 0.5

    assert np.array_equal(
        np.nanquantile(values, [0.05, 0.95], axis=0), quantiles_of_known(values, [0.05, 0.95])
    )


def known_starts() -> pd.DatetimeIndex:
    return pd.date_range("2024-06-03 09:00", periods=2, freq="30min", tz="UTC")


def test_overlapping_periods_are_refused() -> None:
    """One shared day is one too many."""
    with pytest.raises(CallError, match="overlap"):
        backtest(
            floors.floor(days=7), Period.parse("2024-06-03:2024-06-05"), Period.parse("2024-06-05:2024-06-07")
        )


def test_a_test_period_without_contacts_is_refused() -> None:
    """The message names the period and says what to do."""
    with pytest.raises(DataError, match=r"test 2024-08-01:2024-08-02: 0 contacts .* Give a longer period"):
        backtest(
            floors.floor(days=7), Period.parse("2024-06-03:2024-06-09"), Period.parse("2024-08-01:2024-08-02")
        )


def test_the_listing_shows_every_measure_and_what_is_assumed() -> None:
    """A reader sees the noise floor, the errors, and a grade beside each assumption."""
    shown = list(backtested(known_floor()))

    words = [part for part in shown if isinstance(part, str)]
    assert any("noise floor" in part for part in words)
    assert any(part.startswith("  A  ") for part in words)


def test_the_command_refuses_an_overlap_with_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, before anything is read."""
    words = ["backtest", "nowhere", "--fit", "1999-01-01:1999-01-22", "--test", "1999-01-22:1999-01-31"]

    result = CliRunner().invoke(cli.app, words)

    assert isinstance(result.exception, CallError)
    assert 2 == result.exception.exit_code


def needs_log() -> None:
    if not SHARED.exists():
        pytest.skip("the public call log is not at ../shared/data; it has no licence to be copied here")


@pytest.mark.slow
def test_the_real_month_is_predicted_beside_erlang_a() -> None:
    """Fitted on three weeks, tested on the rest: the aims set beforehand, and better than Erlang A."""
    needs_log()
    started = time.process_time()
    words = [
        "backtest",
        str(SHARED),
        "--fit",
        "1999-01-01:1999-01-21",
        "--test",
        "1999-01-22:1999-01-31",
        "--json",
    ]

    result = CliRunner().invoke(cli.app, words)

    data = json.loads(result.stdout)
    level, left = data["total"]["service_level"], data["total"]["abandon_rate"]
    assert abs(level["predicted"] - level["actual"]) < 0.03
    assert abs(left["predicted"] - left["actual"]) < 0.015
    assert data["interval_error"] <= 1.3 * data["noise_floor"]
    assert 0.85 <= data["coverage_90"] <= 0.95
    formula = data["erlang_a"]
    assert set(formula) >= {"total", "interval_error", "noise_floor", "coverage_90"}
    assert data["interval_error"] < formula["interval_error"]
    assert time.process_time() - started < 60


@pytest.mark.slow
def test_the_real_log_counts_as_published() -> None:
    """27,060 answered and 3,080 abandoned from the queue (Data at hand)."""
    needs_log()
    from workbench.studies.fits.log import read_log

    rows = read_log(read_client(SHARED)).rows

    assert (27_060, 3_080) == (int(rows["answered"].sum()), int((~rows["answered"]).sum()))
