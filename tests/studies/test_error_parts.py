"""Do the parts of a prediction's error add up, and is what was planted found in its own part?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.studies import floors
from workbench.intake.period import Period
from workbench.studies.backtest import Backtest, backtest
from workbench.studies.error_parts import PARTS, SHARES, error_parts
from workbench.studies.fits.counts import COLUMNS, Counts
from workbench.studies.fits.floor import FloorFit, fit_floor
from workbench.studies.fits.log import read_log

FIT, TEST = Period.parse("2024-06-03:2024-06-16"), Period.parse("2024-06-17:2024-06-23")
SLOWER = {"talk": {"family": "gamma", "mean_s": 375, "shape": 2}, "wrap_up": {"mean_s": 20}}


def counts(*in_time: float, left: float = 10) -> Counts:
    """Replications of one interval with 100 contacts, of which so many are answered in time."""
    values = np.zeros((len(in_time), 1, len(COLUMNS)))
    values[:, 0, COLUMNS.index("offered")] = 100
    values[:, 0, COLUMNS.index("abandoned")] = left
    values[:, 0, COLUMNS.index("answered")] = 100 - left
    values[:, 0, COLUMNS.index("answered within T")] = in_time
    return Counts(values)


def test_parts_are_what_each_replacement_takes_off_by_hand() -> None:
    """Predicted 80 %, then 74, 70, 69, 67 %; 60 % happened: 6 + 4 + 1 + 2 points, and 7 are the model's."""
    log = read_log(floors.floor(days=3))
    fit = fit_floor(log)
    steps = iter([counts(74, 74), counts(70, 70), counts(69, 69), counts(67, 67)])
    asked: list[tuple[FloorFit, bool, int]] = []

    def simulate(one: FloorFit, foreseen: bool, n: int) -> Counts:
        asked.append((one, foreseen, n))
        return next(steps)

    happened = Counts(counts(60).values[0])
    table = error_parts(fit, log, happened, counts(80, 80, 80), foreseen=True, most=2, simulate=simulate)

    assert list(PARTS) == list(table["part"])
    assert pytest.approx([0.06, 0.04, 0.01, 0.02, 0.07, 0.20]) == table["service_level"]
    assert pytest.approx([0.0] * 6) == table["abandon_rate"]
    assert [(False, 2)] * 4 == [(foreseen, n) for _, foreseen, n in asked]
    assert asked[0][0] is fit
    assert pytest.approx([0.0] * 6) == table["service_level_within"]


@pytest.fixture(scope="module")
def slower() -> Backtest:
    """A floor whose contacts take a quarter longer from the third week on."""
    before = floors.contacts(floors.scenario(days=21, agents=7))
    later = floors.contacts(floors.scenario(days=21, agents=7, handle=SLOWER))
    change = pd.Timestamp("2024-06-17", tz="Europe/Berlin")
    both = pd.concat([before[before["offered_ts"] < change], later[later["offered_ts"] >= change]])
    ids = [f"c{i}" for i in range(len(both))]
    return backtest(
        floors.dataset({"contacts": both.assign(contact_id=ids)}, 21), FIT, TEST, given="staffing", n=12
    )


def test_parts_add_up_to_the_error_of_the_total(slower: Backtest) -> None:
    """To the last digit, for both measures; the total is that of the listing."""
    table = slower.errors.set_index("part")

    for name in SHARES:
        row = slower.scores.total[name]
        assert row["predicted"] - row["actual"] == pytest.approx(table.loc["total", name])
        assert table.loc["total", name] == pytest.approx(table.loc[list(PARTS[:-1]), name].sum())


def test_longer_handle_times_are_found_as_such(slower: Backtest) -> None:
    """The prediction is too good by handle times; no other part is as large."""
    table = slower.errors.set_index("part").drop("total")

    assert table.loc["handle time", "service_level"] > 0.05
    assert "handle time" == table["service_level"].abs().idxmax()


def test_what_is_given_has_no_part_in_the_error() -> None:
    """Arrivals that were given make none of it, and are said to be given."""
    data = floors.floor(days=12, agents=6)
    found = backtest(data, Period.parse("2024-06-03:2024-06-09"), Period.parse("2024-06-10:2024-06-12"), n=4)
    table = found.errors.set_index("part")

    assert table.loc["arrivals", list(SHARES)].tolist() == [0.0, 0.0]
    assert "given as they came" == table.loc["arrivals", "what"]
