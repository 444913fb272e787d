"""What repairs and a switch take, as somebody wrote it down: read back as written, every mistake told at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.studies.pricing.prices import assessed, found, measured
from tests.studies.pricing.test_together import made, nothing
from workbench.diagnostics.finding import Finding
from workbench.errors import CallError, ScenarioError
from workbench.studies.pricing.basis import basis_of
from workbench.studies.pricing.budget import best_set
from workbench.studies.pricing.client import written_down
from workbench.studies.pricing.doubts import Triangle, known
from workbench.studies.pricing.effort import Effort, Efforts, read_efforts
from workbench.studies.pricing.effort import template as efforts_template
from workbench.studies.pricing.price import Price
from workbench.studies.pricing.ranges import read_range, written
from workbench.studies.pricing.switch_file import read_switch
from workbench.studies.pricing.switch_file import template as switch_template
from workbench.studies.pricing.switching import Switch, stay_or_switch, worth
from workbench.studies.pricing.together import together

EFFORTS = """\
format: 1
currency: EUR
months: 12
hour: 50
fixes:
  FM-2:
    hours: 20:40:80
  VL-1a:
    money: 9000
    source: offer of 3 June
"""


def test_a_range_is_read_as_it_is_written() -> None:
    """One number or three; text, list or number; anything else says what is accepted."""
    assert Triangle(15.0, 18.0, 22.0) == read_range("15:18:22") == read_range([15, 18, 22])
    assert known(18.0) == read_range(18) == read_range("18")
    assert "15:18:22" == written(read_range("15:18:22"))
    for wrong in ("22:18:15", "1:2", "many", True, None, -1, float("nan"), float("inf"), {"low": 1}):
        with pytest.raises(ValueError, match="low, likely and high as 15:18:22"):
            read_range(wrong)
    with pytest.raises(ValueError, match="from 0 to 1"):
        read_range(1.5, most=1.0)


def behind(prices: list[Price]) -> list[Finding]:
    """Return the findings that carry prices."""
    return [p.findings[0] for p in prices]


def by_code(prices: list[Price]) -> dict[str, Finding]:
    """Return the findings that carry prices, by what the prices go by."""
    return {p.code: p.findings[0] for p in prices}


def test_efforts_are_taken_as_written_and_assumed_where_they_are_not(tmp_path: Path) -> None:
    """Forty hours at 50 are 2,000; 9,000 stand as they are; what nobody wrote down is assumed by its step."""
    file = tmp_path / "efforts.yaml"
    file.write_text(EFFORTS)
    given = read_efforts(file, ["FM-2", "VL-1a", "VL-4"], "EUR")
    of = given.of(by_code([made("FM-2", 1.0), made("VL-1a", 1.0), made("VL-4", 1.0, step="cadence")]), 20.0)

    assert 12 == given.months
    assert ("D", 2000.0, Triangle(20.0, 40.0, 80.0)) == (
        of["FM-2"].grade,
        of["FM-2"].likely_money,
        of["FM-2"].hours,
    )
    assert (9000.0, "offer of 3 June", "efforts.yaml") == (
        of["VL-1a"].likely_money, of["VL-1a"].source, of["FM-2"].source,
    )  # fmt: skip
    assert ("A", Triangle(20.0, 40.0, 80.0)) == (of["VL-4"].grade, of["VL-4"].hours)
    assert ("VL-4",) == tuple(note.split(": ")[0].split(", ")[1] for note in Efforts(
        {"VL-4": given.fixes["FM-2"], "FM-2": given.fixes["FM-2"]}, source="efforts.yaml"
    ).unused([made("FM-2", 1.0)]))  # fmt: skip
    assert Efforts().of(by_code([made("VL-4", 1.0, step="cadence")]), None)["VL-4"].likely_money is None


def test_every_mistake_in_a_file_of_efforts_is_told_at_once(tmp_path: Path) -> None:
    """A field, a range, a code, the currency, an entry that says nothing: five sentences."""
    file = tmp_path / "efforts.yaml"
    file.write_text(
        "currency: USD\nhuor: 3\nfixes:\n  FM-2:\n    hours: 80:40:20\n  FM-22:\n    hours: 3\n"
        "  VL-1a:\n    source: me\n"
    )
    with pytest.raises(ScenarioError) as told:
        read_efforts(file, ["FM-2", "VL-1a"], "EUR")

    text = str(told.value)
    for wanted in (
        "5 problems", 'huor: there is no such field. Did you mean "hour"?',
        'fixes.FM-2.hours: "80:40:20" is not accepted',
        'fixes.FM-22: There is no finding of this client called "FM-22". Did you mean "FM-2"?',
        "fixes.VL-1a: say hours, money or both", 'amounts are in "USD" and the account is in EUR',
    ):  # fmt: skip
        assert wanted in text, wanted


def test_what_a_repair_takes_counts_against_what_it_saves() -> None:
    """100 a month for two years are 2,400: worth 2,000 once, not 3,000; at 30 months it is worth those too."""
    prices = [made("a", 100.0), made("b", 100.0)]
    joint = together(prices, nothing, [], 1000.0, behind(prices), 1)
    takes = {"a": Effort(known(10.0), known(2000.0)), "b": Effort(known(10.0), known(3000.0))}
    two, longer = (
        best_set(prices, joint, nothing, [], lambda _: takes, behind(prices), months=m) for m in (24.0, 31.0)
    )

    assert (("a",), ("b",)) == (two.codes, two.open)
    assert two.net is not None
    assert 400.0 == pytest.approx(two.net.value)
    assert (20.0, 1.0) == (pytest.approx(two.months_to_pay), two.paid)
    assert {"a", "b"} == set(longer.codes)


def test_how_often_each_repair_is_in_the_best_set_is_that_of_the_doubts() -> None:
    """One that is worth its money in half of the draws of what it takes is in the best set in half of them."""
    prices = [made("a", 100.0), made("b", 100.0)]
    joint = together(prices, nothing, [], 1000.0, behind(prices), 1)
    takes = {
        "a": Effort(known(10.0), known(100.0)),
        "b": Effort(known(10.0), Triangle(1400.0, 2399.0, 3400.0)),
    }
    best = best_set(prices, joint, nothing, [], lambda _: takes, behind(prices))

    assert {"a", "b"} == set(best.codes)
    assert 1.0 == best.chosen_in["a"]
    assert 0.5 == pytest.approx(best.chosen_in["b"], abs=0.08)
    assert best.chosen_in["b"] == best.certainty


def test_what_nobody_knows_the_cost_of_fits_into_no_budget_of_money() -> None:
    """Unknown is not zero: no sum of it is told, and no limit lets it in."""
    prices = [made("a", 100.0)]
    joint = together(prices, nothing, [], 1000.0, [prices[0].findings[0]], 1)
    takes = Efforts().of(by_code(prices), None)
    free, limited = (
        best_set(prices, joint, nothing, [], lambda _: takes, behind(prices), money=m) for m in (None, 1e9)
    )

    assert (("a",), None, None, None) == (free.codes, free.money, free.net, free.months_to_pay)
    assert () == limited.codes


def test_templates_are_read_back_as_what_is_assumed(tmp_path: Path) -> None:
    """Filled in by nobody, they change no figure."""
    prices = [made("FM-2", 100.0), made("VL-1a", 50.0)]
    assumed = Efforts().of(by_code(prices), 20.0)
    (tmp_path / "efforts.yaml").write_text(efforts_template(prices, assumed, 'Smith: "& Sons"', "EUR"))
    again = read_efforts(tmp_path / "efforts.yaml", ["FM-2", "VL-1a"], "EUR").of(by_code(prices), 20.0)
    basis = basis_of(assessed(), None, pay=known(20.0))
    (tmp_path / "switch.yaml").write_text(switch_template(basis))
    way = read_switch(tmp_path / "switch.yaml", "EUR").on(basis)

    assert {c: (e.hours, e.likely_money) for c, e in assumed.items()} == {
        c: (e.hours, e.likely_money) for c, e in again.items()
    }
    assert [getattr(Switch(), n) for n in way.given] == [getattr(way, n) for n in way.given]
    assert "transition_weeks" in way.given


def test_the_other_vendors_price_is_held_against_todays(tmp_path: Path) -> None:
    """20 an hour by the rate card, 17 offered, 1,000 hours: 3,000 a month less; unknown today, it is asked for."""
    file = tmp_path / "switch.yaml"
    file.write_text("currency: EUR\nhour_then: 17\nhours: 1000\n")
    card = pd.DataFrame(
        {"unit": ["hour", "hour", "FTE"], "rate": [20.0, 20.0, 9000.0], "currency": ["EUR"] * 3}
    )
    way = read_switch(file, "EUR").on(basis_of(assessed(rate_card=card), None))

    assert known(-3000.0) == way.dearer
    assert ("dearer",) == way.given
    with pytest.raises(ScenarioError, match="hour_now: what an hour is charged at today is in no table"):
        read_switch(file, "EUR").on(basis_of(assessed(), None))


def test_every_mistake_of_both_files_is_told_at_once(tmp_path: Path) -> None:
    """Two files, two sets of sentences, one refusal."""
    (tmp_path / "e.yaml").write_text("currency: GBP\n")
    (tmp_path / "s.yaml").write_text(
        "currency: EUR\ntransition_wekes: 4\nparallel_share: 3\nhour_then: 3\nmonth_then: 4\n"
    )
    with pytest.raises(CallError) as told:
        written_down(
            assessed(found("FM-2", measured("escalated", 0.3, 0.1))), tmp_path / "e.yaml", tmp_path / "s.yaml"
        )

    text = str(told.value)
    for wanted in (
        '"GBP"',
        'Did you mean "transition_weeks"?',
        "parallel_share",
        "by the hour and by the month",
    ):
        assert wanted in text, wanted


def test_what_must_be_true_is_where_both_cost_the_same() -> None:
    """Put into the switch, the price and the share that go with it make staying and switching equal on average."""
    losses = np.full(5, 6000.0)
    first = stay_or_switch(10_000.0, losses, "EUR", seed=1)
    equal = stay_or_switch(10_000.0, losses, "EUR", seed=1, switch=Switch(dearer=known(first.dearer_even)))
    along = stay_or_switch(
        10_000.0, losses, "EUR", seed=1, switch=Switch(carried_over=known(first.carried_even or 0.0))
    )

    assert first.carried_even is not None
    assert 0.0 == pytest.approx(equal.difference.value, abs=1e-6 * equal.stay.value)
    assert 0.0 == pytest.approx(along.difference.value, abs=0.01 * along.stay.value)


def test_what_falls_due_later_is_worth_less() -> None:
    """1 a month over a year at 8 % a year: the sum over 1,200 steps; without discount exactly twelve."""
    steps = (np.arange(1200) + 0.5) / 100

    assert float((1.08 ** (-steps / 12)).sum() / 100) == pytest.approx(
        float(worth(0.0, 12.0, 0.08)), rel=1e-6
    )
    assert 12.0 == float(worth(0.0, 12.0, 0.0))
