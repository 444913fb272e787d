"""Does the page on how a price comes about add up, and is its client still the one that it tells of?"""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from tools.docs import price
from workbench.diagnostics.assess import Assessment, assess
from workbench.intake.read import read_client
from workbench.resources import folder
from workbench.sim.scenario import Scenario
from workbench.student import student
from workbench.studies.pricing import study
from workbench.wording import money, number

F = json.loads(price.KEPT.read_text(encoding="utf-8"))


@cache
def client_today() -> Assessment:
    """Return the client of the page, as it is assessed now, in the findings of the page alone."""
    codes = [F["finding"]["code"], *F["finding"]["with_it"]]
    return assess(read_client(folder("example") / F["folder"]), only=codes)


def test_rows_measure_and_interval_are_those_of_the_client_today() -> None:
    """Assessed anew: the same statement, count, share; the interval is Wilson's, from another library."""
    [finding] = [f for f in client_today().findings if f.code == F["finding"]["code"]][:1]
    evidence, m = finding.evidence[0], F["measure"]
    low, high = proportion_confint(round(m["value"] * m["n"]), m["n"], alpha=0.05, method="wilson")

    assert F["finding"]["statement"] == finding.statement
    assert (m["n"], m["value"], m["expected"]) == (evidence.n, evidence.value, evidence.expected)
    assert (low, high) == pytest.approx((m["low"], m["high"]), abs=1e-6)
    assert m["value"] == pytest.approx(round(m["value"] * m["n"]) / m["n"])


def test_hours_times_pay_is_the_price() -> None:
    """Hours that the second level is spared, less those of contacts that the first level keeps and that come again."""
    s, pay, p = F["simulated"], F["pay"], F["price"]
    by_hand = (s["second_h"] - s["second_then_h"]) * pay["per_hour"] / pay["occupancy"]
    by_hand -= (s["floor_then_h"] - s["floor_h"]) * pay["per_hour"] * F["paid_hours"] / s["floor_h"]
    months = np.array(s["saved_by_month"])
    half = student(len(months) - 1, 0.90) * months.std(ddof=1) / np.sqrt(len(months))

    assert s["months"] == len(months)
    assert by_hand == pytest.approx(months.mean(), rel=1e-4)
    assert by_hand == pytest.approx(p["value"], abs=half + 0.01 * by_hand)
    assert sum(a["value"] for a in p["lines"].values()) == pytest.approx(p["value"])
    assert F["scenario"]["today"] == pytest.approx(F["measure"]["value"])
    assert F["scenario"]["target"] == pytest.approx(F["measure"]["expected"])


def test_the_interval_is_that_of_its_largest_doubt() -> None:
    """A triangle's quantiles, from SciPy, times the price; shares of the doubts add up to one."""
    k, p = F["mapping"], F["price"]
    width = k["high"] - k["low"]
    triangle = stats.triang((k["likely"] - k["low"]) / width, k["low"], width)

    assert 1.0 == pytest.approx(sum(p["doubts"].values()))
    assert "mapping" == max(p["doubts"], key=p["doubts"].get)
    assert p["value"] * triangle.ppf(0.05) == pytest.approx(p["low"], rel=0.03)
    assert p["value"] * triangle.ppf(0.95) == pytest.approx(p["high"], rel=0.03)
    assert p["value"] / 2 == pytest.approx(p["half"]["value"], rel=0.05)


def test_the_price_is_the_packages_today() -> None:
    """Its findings alone, priced anew in the scenario that was kept: amount, interval, parameter, pay, mapping."""
    made = study.price(
        client_today(), Scenario.from_yaml(price.SCENARIO), seed=F["simulated"]["seed"], months=3
    )
    one = next(p for p in made.prices if p.code == F["finding"]["code"])
    assert made.basis.pay is not None

    # three months of the twelve: their mean scatters by two in a hundred, as the months on the page do
    scatter = 3 * float(np.std(F["simulated"]["saved_by_month"], ddof=1)) / np.sqrt(3) / F["price"]["value"]
    for now, then in ((one.amount.value, "value"), (one.amount.low, "low"), (one.amount.high, "high")):
        assert F["price"][then] == pytest.approx(now, rel=max(scatter, 0.02))
    assert (F["scenario"]["today"], F["scenario"]["target"]) == pytest.approx((one.today, one.target))
    assert F["pay"]["per_hour"] == pytest.approx(made.basis.pay.per_hour)
    assert F["mapping"] == one.mapping.to_data()
    assert F["scenario"]["added"] == list(one.notes)
    assert F["price"]["narrows"] == one.narrows


def test_the_page_says_the_figures_that_were_kept() -> None:
    """Amounts, hours, months, seed; eight steps."""
    text, s, p = price.page(), F["simulated"], F["price"]

    for wanted in (
        f"{money(p['value'])} {F['currency']} a month, {money(p['low'])} to {money(p['high'])}",
        number(s["second_h"] - s["second_then_h"], 1), f"{s['contacts']:,} contacts", f"seed {s['seed']}",
        p["narrows"], "What is not in it", "Month by month",
    ):  # fmt: skip
        assert wanted in text, wanted
    assert 8 == sum(line[:4].startswith("## ") and line[3].isdigit() for line in text.splitlines())
