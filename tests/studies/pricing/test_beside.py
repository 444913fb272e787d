"""Margins by account, distance, and whom the contract rewards: what `price` says beside the findings."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.studies.pricing.prices import assessed, floor, found, measured
from workbench.studies.pricing.accounts import accounts_of
from workbench.studies.pricing.alignment import alignment
from workbench.studies.pricing.basis import basis_of
from workbench.studies.pricing.distance import distance_of, overlap_h
from workbench.studies.pricing.doubts import known
from workbench.studies.pricing.price import Amount
from workbench.studies.pricing.study import price


def _money(second_direct: float) -> dict[str, pd.DataFrame]:
    """Two accounts in June: 10,000 and 5,000 billed; 4,000 shared by heads, three of four of them on the first."""
    ledger = pd.DataFrame(
        [("agents", "a", "direct", None, 6000.0), ("agents", "b", "direct", None, second_direct),
         ("supervision", None, "shared", "headcount", 4000.0)],
        columns=["cost_centre", "client", "direct_shared", "driver", "amount"],
    ).assign(month=pd.Timestamp("2024-06-01"), currency="EUR")  # fmt: skip
    begin = pd.to_datetime(["2024-06-03 08:00"] * 4, utc=True)
    sheets = pd.DataFrame(
        {"agent_id": list("wxyz"), "date": pd.Timestamp("2024-06-03"), "client": ["a", "a", "a", "b"],
         "clock_in": begin, "clock_out": begin + pd.Timedelta(hours=8)}
    )  # fmt: skip
    bills = pd.DataFrame(
        {"client": ["a", "b"], "period": "2024-06", "amount": [10_000.0, 5000.0], "currency": "EUR"}
    )
    return {"invoice": bills, "cost_ledger": ledger, "timesheet": sheets}


@pytest.mark.method("SIM-11")
def test_an_account_earns_what_is_left_after_its_part_of_shared_cost() -> None:
    """10,000 − 6,000 − 3,000 and 5,000 − 3,500 − 1,000: a tenth each, thin; June ends its quarter."""
    accounts, note = accounts_of(basis_of(assessed(**_money(3500.0)), None))

    assert {"a": 1000.0, "b": 500.0} == {a.name: a.months[0].margin for a in accounts}
    assert {"2024-06"} == {a.thin_since for a in accounts}
    assert {0} == {a.quarterly for a in accounts}
    assert "headcount" in note


@pytest.mark.method("SIM-11")
def test_margins_without_their_tables_say_what_is_missing() -> None:
    """No invoice, no ledger, or a driver that no table holds: no margin, and why."""
    tables = _money(3500.0)
    odd = tables["cost_ledger"].assign(driver=[None, None, "seats"])

    assert "needs invoice and cost_ledger" in accounts_of(basis_of(assessed(), None))[1]
    assert "seats" in accounts_of(basis_of(assessed(**{**tables, "cost_ledger": odd}), None))[1]


@pytest.mark.method("SIM-15")
def test_distance_is_counted_in_hours_in_common_and_decisions_that_wait() -> None:
    """Nine to five in Berlin and in New York in June: six hours apart leave two in common; none with Auckland."""
    day = pd.Timestamp("2024-06-15").date()
    sites = pd.DataFrame({"site": ["Albany"], "time_zone": ["America/New_York"]})
    actions = pd.DataFrame({"id": range(20)})
    apart = distance_of(basis_of(assessed(site=sites, gov_action=actions), None, pay=known(20.0)))

    assert [2.0, 0.0, 8.0, 1.0] == [
        overlap_h(day, one, other)
        for one, other in (
            ("Europe/Berlin", "America/New_York"),
            ("Europe/Berlin", "Pacific/Auckland"),
            ("Europe/Berlin", "Europe/Paris"),
            ("America/Los_Angeles", "Australia/Sydney"),  # where it is tomorrow
        )
    ]
    # the story's client is in UTC: four hours from New York in June
    assert 4.0 == apart.sites[0].overlap_h
    assert apart.cost is not None
    lag, month = 0.5 * 20 / 2 / 24, 20 / (30 / (365.25 / 12))
    # half a day of eight hours apart at two hours of work for a day waited, most likely
    assert apart.cost.low < lag * month * 2 * 20 < apart.cost.high
    assert "Messages with times" in apart.note
    assert distance_of(basis_of(assessed(), None)).cost is None


@pytest.mark.method("COM-1")
def test_the_contract_rewards_a_repair_or_it_does_not() -> None:
    """Days that scatter less, under a promise: who is answered in time pays fewer credits, and fewer customers go away.

    Without terms by the month there is nothing to reward with.
    """
    poor = found("LC-5", measured("daily forecast error (WAPE)", 0.45, 0.05, n=200))
    terms = {"window": "month", "at_risk": 1000, "levels": {"sl": {"target": 0.9, "all_lost_at": 0.4}}}
    scenario = floor(24.0, 4, money={"pay_per_hour": 20.0, "currency": "EUR", "terms": terms})
    made = price(assessed(poor), scenario, seed=1, months=6)
    [one] = made.aligned

    assert "LC-5" == one.code
    assert one.spared.low > 0
    assert one.vendor.low > 0
    assert "rewarded" == one.word
    assert one.to_data()["word"] == one.word
    assert () == price(assessed(poor), floor(24.0, 4), seed=1, months=2).aligned
    held = Amount(0.0, -1.0, 1.0)
    assert "no difference" in type(one)("X", held, held, held).word
    assert "not rewarded" == type(one)("X", one.spared, held, held).word


def test_alignment_needs_a_simulated_floor() -> None:
    """Nothing simulated, nothing aligned."""
    made = price(assessed(), None, scenario_note="none")

    assert () == made.aligned
    assert alignment.__doc__
