"""A ranking of a thousand is computed another way than one of ten, with the same result."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.statistics import robustness


def test_agreement_of_many_is_that_of_every_pair_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above sixty alternatives tau comes from SciPy; the two ways give one number, with ties too."""
    rng = np.random.default_rng(5)
    base, drawn = rng.integers(0, 40, 80).astype(float), rng.integers(0, 40, (20, 80)).astype(float)
    by_sorting = robustness.firmness_of(base, drawn)
    monkeypatch.setattr(robustness, "PAIRWISE", 1_000)

    assert robustness.firmness_of(base, drawn).kendall_tau == pytest.approx(by_sorting.kendall_tau, abs=1e-12)


def test_ranks_are_those_of_counting_who_is_better() -> None:
    """The obvious slow twin; equals share the better rank."""
    rng = np.random.default_rng(6)
    base, drawn = rng.integers(0, 9, 12).astype(float), rng.integers(0, 9, (50, 12)).astype(float)
    firm = robustness.firmness_of(base, drawn)
    slow = np.array([[sum(1 + (row > v).sum() == r for row, v in zip(drawn, drawn[:, i], strict=True)) / 50
                      for r in range(1, 13)] for i in range(12)])  # fmt: skip

    assert np.array_equal(slow, firm.acceptability)
    assert [1 + int((base > v).sum()) for v in base] == firm.declared.tolist()
