"""Do money and quality figures divide by what they say, and refuse what cannot be added?"""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.errors import CallError
from workbench.metrics.cost import bill_error_rate, cost_per_contact, cost_per_resolution, total_cost
from workbench.metrics.fte import fte_of_hours
from workbench.metrics.growth import yearly_growth
from workbench.metrics.qa_feasibility import qa_feasibility
from workbench.metrics.qa_score import (
    critical_fail_rate,
    evaluation_scores,
    evaluations_needed,
    qa_score,
    standard_error,
)


def test_a_cheap_contact_may_be_a_dear_resolution():
    """9,000 EUR for 1,500 contacts that settle 1,000 matters: 6 a contact, 9 a resolution."""
    cost = total_cost(pd.DataFrame({"amount": [4000.0, 5000.0], "currency": ["EUR", "EUR"]}))

    assert (cost_per_contact(cost, 1500).value, cost_per_contact(cost, 1500).unit) == (6.0, "EUR")
    assert cost_per_resolution(cost, 1000).value == 9.0
    assert cost_per_resolution(cost, 0).reason == "nothing to divide by"


def test_currencies_are_never_added():
    """Euros and dollars have no sum."""
    cost = total_cost(pd.DataFrame({"amount": [1.0, 1.0], "currency": ["EUR", "USD"]}))

    assert (cost.value, cost.reason) == (None, "amounts need one currency; these say EUR, USD")
    assert cost_per_contact(cost, 10).value is None


def test_bill_errors_by_count_and_value():
    """One of two invoices corrected, worth 300 of 400; its two lines are one invoice."""
    invoices = pd.DataFrame(
        {
            "invoice_id": ["a", "b", "b", "c"], "amount": [100.0, 100.0, 200.0, 50.0],
            "currency": ["EUR"] * 4,
            "corrected_flag": pd.array([False, False, True, None], dtype="boolean"),
        }
    )  # fmt: skip

    assert (bill_error_rate(invoices).value, bill_error_rate(invoices).n) == (0.5, 2)
    assert bill_error_rate(invoices, by_value=True).value == pytest.approx(0.75)
    assert bill_error_rate(invoices.iloc[3:]).value is None


def form(*rows: tuple[str, str, str, float | None, float, bool]) -> pd.DataFrame:
    columns = ["eval_id", "agent_id", "item", "score", "weight", "critical_flag"]
    return pd.DataFrame(list(rows), columns=columns)


def test_weighted_score_without_items_that_do_not_apply():
    """2/3 × 1.0 + 1/3 × 0.4; the item that did not apply carries no weight."""
    table = form(
        ("e1", "ann", "greeting", 1.0, 2.0, False), ("e1", "ann", "solution", 0.4, 1.0, False),
        ("e1", "ann", "upsell", None, 5.0, False),
    )  # fmt: skip

    assert evaluation_scores(table)["score"].tolist() == pytest.approx([0.8])


def test_a_critical_fail_fails_the_evaluation():
    """99 points and one breach of data protection: 0, and counted as a fail."""
    table = form(
        ("e1", "ann", "solution", 1.0, 99.0, False), ("e1", "ann", "identity", 0.0, 1.0, True),
        ("e2", "bob", "solution", 0.9, 1.0, False), ("e2", "bob", "identity", 1.0, 1.0, True),
    )  # fmt: skip

    assert evaluation_scores(table)["score"].tolist() == pytest.approx([0.0, 0.95])
    assert qa_score(table).value == pytest.approx(0.475)
    assert critical_fail_rate(table).value == 0.5


def test_totals_beside_items_are_not_counted_twice():
    """A form with items and their total has the score of its items; a total alone stands."""
    table = form(
        ("e1", "ann", "a", 0.5, 1.0, False), ("e1", "ann", "total", 0.9, 1.0, False),
        ("e2", "ann", "total", 0.7, 1.0, False),
    )  # fmt: skip

    assert evaluation_scores(table)["score"].tolist() == [0.5, 0.7]


def test_precision_of_few_evaluations():
    """METRICS: five evaluations at 85 % have a standard error of 0.1597; ±5 points need 196."""
    assert standard_error(0.85, 5) == pytest.approx(0.1597, abs=5e-5)
    assert evaluations_needed(0.85, 0.05) == 196


@pytest.mark.method("CX-2")
def test_eight_hours_leave_five_minutes_an_evaluation():
    """METHOD CX-2: 100 agents, 4 to 6 evaluations a month in 8 to 12 hours a week: 5.2 minutes each."""
    low, high = qa_feasibility(100, 4, 8), qa_feasibility(100, 6, 12, minutes_each=30)

    assert (low.minutes_available, high.minutes_available) == pytest.approx((5.2, 5.2))
    assert (low.evaluations_per_week, high.evaluations_per_week) == pytest.approx((92.3, 138.5), abs=0.05)
    assert (low.hours_needed, high.hours_needed) == pytest.approx((23.1, 69.2), abs=0.05)
    assert not low.feasible
    assert low.warning == (
        "92 evaluations a week in 8 hours leave 5.2 minutes each; at 15 minutes they take 23 hours."
    )
    assert qa_feasibility(100, 4, 24).warning == ""


@pytest.mark.method("CX-1")
def test_forty_to_sixty_hours_are_one_to_one_and_a_half_employees():
    """METHOD CX-1: and more of them once shrinkage is paid for."""
    assert [fte_of_hours(h).of_hours for h in (40, 60)] == [1.0, 1.5]
    assert fte_of_hours(60, shrinkage=0.25).after_shrinkage == pytest.approx(2.0)
    assert fte_of_hours(40, paid_week_h=37.5).of_hours == pytest.approx(1.0667, abs=5e-5)


@pytest.mark.method("MKT-2")
def test_growth_of_the_market():
    """METHOD MKT-2: 140 to 163 in five years is 3.09 % a year."""
    assert yearly_growth(140, 163, 5) == pytest.approx(0.0309, abs=5e-5)


def test_impossible_inputs_are_refused():
    """Each names what came and what is accepted."""
    with pytest.raises(CallError, match="agents: 0 came"):
        qa_feasibility(0, 4, 8)
    with pytest.raises(CallError, match="paid week above 0"):
        fte_of_hours(40, paid_week_h=0)
    with pytest.raises(CallError, match="numbers above 0"):
        yearly_growth(0, 163, 5)
    with pytest.raises(CallError, match="half_width: 5 came"):
        evaluations_needed(0.85, 5)
