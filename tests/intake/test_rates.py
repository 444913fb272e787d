"""Amounts in the account's currency: all rows at once, as each would be converted by itself."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.studies.pricing.prices import assessed
from workbench.intake.rates import in_own_currency, rate_on, rates_of


def test_rows_converted_at_once_are_those_converted_one_by_one() -> None:
    """The slow twin asks for every row: days before, on and between those of rates, both directions, a pair twice."""
    rng = np.random.default_rng(3)
    day = pd.Timestamp("2024-05-25") + pd.to_timedelta(rng.integers(0, 30, 60), unit="D")
    pairs = np.array([("USD", "EUR"), ("EUR", "USD"), ("GBP", "EUR"), ("USD", "GBP")])[rng.integers(0, 4, 60)]
    fx = pd.DataFrame(
        {"date": day, "from": pairs[:, 0], "to": pairs[:, 1], "rate": rng.uniform(0.5, 2.0, 60)}
    )
    due = pd.Timestamp("2024-05-20") + pd.to_timedelta(rng.integers(0, 45, 200), unit="D")
    currency = rng.choice(np.array(["USD", "GBP", "EUR", "CHF", None], object), 200)
    pay = pd.DataFrame({"gross": np.ones(200), "currency": currency, "pay_date_due": due})
    dataset = assessed(payroll=pay, fx=fx).dataset
    made, said = in_own_currency(dataset, "payroll")
    assert made is not None
    rates, expected, converted = rates_of(dataset), [], 0
    for of, when in zip(currency, due, strict=True):
        rate = None if of in (None, "EUR") else rate_on(rates, of, "EUR", when.date())
        expected.append(1.0 if rate is None else rate.rate)
        converted += rate is not None

    assert np.allclose(expected, made["gross"])
    assert f"{converted} rows converted" in said
    assert set(made.loc[currency == "CHF", "currency"]) == {"CHF"}
