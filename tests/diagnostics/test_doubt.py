"""Three doubts, each worked by hand; what moves the total most."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbench.diagnostics.assess import Assessment, Weights, compose
from workbench.diagnostics.doubt import doubts, tornado
from workbench.diagnostics.evidence import missing
from workbench.diagnostics.finding import Evidence, Verdict
from workbench.intake.client import Client
from workbench.intake.dataset import Dataset, Provenance
from workbench.intake.period import Period


def known(value: float, low: float | None = None, high: float | None = None, weight: float = 1.0) -> Evidence:
    return Evidence(
        measure=f"m{value:g}", value=value, unit="", expected=None, n=10, period=None, table="kpi", grade="M",
        score=value, score_low=low, score_high=high, weight=weight,
    )  # fmt: skip


def unknown() -> Evidence:
    return missing("gap", "", table="kpi", reason="needs kpi")


def assessment(weights: Weights | None = None, **evidence: list[Evidence]) -> Assessment:
    """Codes with an underscore for the dash: GOV_1 is of governance, HC_2 of partnership health."""
    dataset = Dataset(
        Client(id="x", name="X"), Period.parse("2024-06"), {}, pd.DataFrame(), Provenance(source="test")
    )
    verdicts = {code.replace("_", "-"): Verdict(tuple(parts)) for code, parts in evidence.items()}
    alike = dict.fromkeys(verdicts, 1.0)
    return compose(dataset, verdicts, weights or Weights(diagnostics=alike))


def scope(found: Any, name: str) -> Any:
    return found.scopes.set_index("scope").loc[name]


def test_each_doubt_has_its_own_columns() -> None:
    """GOV-1 is 50 (40 to 60), half of GOV-2 is missing, HC-2 is 90."""
    found = doubts(assessment(GOV_1=[known(50, 40, 60)], GOV_2=[known(70), unknown()], HC_2=[known(90)]))

    governance = scope(found, "governance")
    assert (60.0, 42.5, 67.5) == tuple(governance[["value", "missing_low", "missing_high"]])
    assert (55.0, 65.0) == tuple(governance[["sampling_low", "sampling_high"]])
    assert 50.0 < governance["weights_low"] < 60.0 < governance["weights_high"] < 70.0
    assert scope(found, "total")["value"] == 75.0


def test_a_score_far_from_every_limit_keeps_its_band_under_any_weights() -> None:
    """All of it good: the weights do not matter; at the limit they decide half the time."""
    firm = doubts(assessment(GOV_1=[known(95)], GOV_2=[known(85)]))
    open_ = doubts(assessment(GOV_1=[known(100)], GOV_2=[known(60)]))

    assert (scope(firm, "governance")["band"], scope(firm, "governance")["band_kept"]) == ("good", 1.0)
    assert scope(open_, "governance")["band_kept"] == pytest.approx(0.5, abs=0.05)


def test_two_equal_weights_scatter_as_the_beta_distribution_says() -> None:
    """Weights of two diagnostics, firmness 5: Beta(5, 5), standard deviation 1/√44 of a score from 0 to 100."""
    found = doubts(assessment(GOV_1=[known(100)], GOV_2=[known(0)]), draws=20_000)
    row = scope(found, "governance")
    low, high = 100 * 0.2120, 100 * 0.7880  # quantiles of Beta(5, 5) at 2.5 % and 97.5 %

    assert row["weights_low"] == pytest.approx(low, abs=1.0)
    assert row["weights_high"] == pytest.approx(high, abs=1.0)


def test_the_ranking_of_areas_is_firm_where_they_do_not_overlap() -> None:
    """Governance between 10 and 30, health between 70 and 90: never the other way round."""
    found = doubts(assessment(GOV_1=[known(10)], GOV_2=[known(30)], HC_1=[known(70)], HC_2=[known(90)]))

    assert ["governance", "partnership health"] == list(found.ranking["area"])
    assert [1.0, 1.0] == list(found.ranking["rank_kept"])
    assert (1.0, 1.0) == (found.order_kept, found.agreement)


def test_the_ranking_of_areas_is_open_where_weights_decide() -> None:
    """Two areas with the same diagnostics' scores: each is the weaker in half of the draws."""
    found = doubts(assessment(GOV_1=[known(0)], GOV_2=[known(100)], HC_1=[known(1)], HC_2=[known(100)]))

    assert found.ranking["weakest"].tolist() == pytest.approx([0.5, 0.5], abs=0.05)
    assert found.order_kept == pytest.approx(0.5, abs=0.05)


def test_the_same_seed_gives_the_same_doubts() -> None:
    """Another seed gives others."""
    subject = assessment(GOV_1=[known(10)], GOV_2=[known(30)], HC_1=[known(70)])
    one, same, other = (doubts(subject, seed=seed).scopes for seed in (1, 1, 2))

    pd.testing.assert_frame_equal(one, same)
    assert not one.equals(other)


def test_a_client_of_whom_nothing_is_known_has_bounds_and_nothing_else() -> None:
    """No value, no band, no ranking; never a zero."""
    found = doubts(assessment(GOV_1=[unknown()]))
    row = scope(found, "total")

    assert (row["missing_low"], row["missing_high"]) == (0.0, 100.0)
    assert row[["value", "band", "weights_low", "sampling_low"]].isna().all()
    assert (len(found.ranking), found.order_kept) == (0, None)
    assert tornado(assessment(GOV_1=[unknown()])).empty


def test_the_tornado_says_what_each_piece_does_to_the_total() -> None:
    """Governance: a piece of 60 and a missing one; health: 90, known to 80 to 95. Two areas of equal weight."""
    table = tornado(assessment(GOV_1=[known(60), unknown()], HC_2=[known(90, 80, 95)])).set_index("kind")

    assert (60.0, 85.0, 25.0) == tuple(table.loc["missing", ["at_low", "at_high", "swing"]])
    assert (70.0, 77.5) == tuple(table.loc["sampling", ["at_low", "at_high"]])
    governance = table[table["area"] == "governance"].loc["weight"]
    assert (80.0, 70.0) == tuple(governance[["at_low", "at_high"]])
    assert list(table["swing"]) == sorted(table["swing"], reverse=True)


def test_the_tornado_moves_by_the_weights_that_were_declared() -> None:
    """An area without weight moves nothing; its pieces are left out."""
    table = tornado(
        assessment(Weights(areas={"governance": 0.0}), GOV_1=[known(60), unknown()], HC_2=[known(90, 80, 95)])
    )

    assert ["sampling"] == list(table["kind"])
    assert np.isclose(15.0, table["swing"][0])
