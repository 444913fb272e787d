"""Are the words of a contract read as they are meant, and not guessed at?"""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.metrics.penalty import Band, EarnBack, Line, Steps, settle
from workbench.metrics.sla_terms import read_earnback_rule, read_penalty_rule, read_sla

RULE = "1 % of the fee for each point missed, at most 10 %"
BACK = "returned if the two following months are above target"


def sla(**changes: object) -> pd.DataFrame:
    row = {
        "client": "harbour", "metric": "service_level", "queue": None, "formula_variant": "V2",
        "target": 0.80, "direction": "at least", "window": "month", "critical_flag": True,
        "at_risk": 6000.0, "currency": "EUR", "penalty_rule": RULE, "earnback_rule": BACK,
    }  # fmt: skip
    return pd.DataFrame([row | changes])


def test_a_point_missed_costs_a_tenth_of_what_is_at_risk():
    """A fee of 60,000, 1 % a point up to 10 %: 77 % against 80 % costs 1,800, returned in March."""
    (read,) = read_sla(sla())
    due = settle(read.terms, {"service_level V2": [0.77, 0.81, 0.82]}, ["01", "02", "03"])

    assert read.not_read == ()
    assert list(due.by_period.values()) == pytest.approx([1800, 0, -1800])


def test_rows_share_one_pool():
    """6,000 and 3,000 at risk: each level can lose its own amount and no more."""
    both = pd.concat([sla(earnback_rule=None), sla(metric="fcr", formula_variant=None, at_risk=3000.0)])
    (read,) = read_sla(both)
    due = settle(read.terms, {"service_level V2": [0.5], "fcr": [0.5]}, ["01"])

    assert read.terms.at_risk == 9000
    assert [line.credit for line in due.lines] == pytest.approx([6000, 3000])


@pytest.mark.parametrize(
    ("text", "direction", "rule"),
    [
        (RULE, "at least", Line(all_at=0.70)),
        ("2 percent of the fee per point missed, at most 10 percent.", "at most", Line(all_at=0.85)),
        ("all at 0.65", "at least", Line(all_at=0.65)),
        ("below 0.80: 25 %; below 0.75: 100%", "at least", Steps((Band(0.80, 0.25), Band(0.75, 1.0)))),
        ("a reasonable credit to be agreed", "at least", None),
        ("below 0.80: 25 %; else by agreement", "at least", None),
        ("", "at least", None),
    ],
)
def test_wordings(text, direction, rule):
    """What is understood, and what is not."""
    assert read_penalty_rule(text, 0.80, direction) == rule


def test_earn_back_wordings():
    """In words, in digits, with a margin; anything else is not understood."""
    assert read_earnback_rule(BACK) == EarnBack(periods=2)
    assert read_earnback_rule("Returned if the 3 following weeks are 0.02 above target") == EarnBack(3, 0.02)
    assert read_earnback_rule("by mutual consent") is None


def test_rules_that_cannot_be_read_are_handed_back_with_their_words():
    """Nothing is guessed; the rest of the table still counts."""
    table = pd.concat([sla(), sla(metric="csat", formula_variant=None, penalty_rule="to be agreed")])
    (read,) = read_sla(table)

    assert [level.name for level in read.terms.levels] == ["service_level V2"]
    assert read.not_read == ('csat: penalty_rule "to be agreed" is in no wording that is understood',)
    assert read_sla(sla(at_risk=None))[0].not_read == ("service_level V2: no amount at risk, or no target",)
    assert read_sla(sla(earnback_rule="maybe"))[0].terms.levels[0].earn_back is None


def test_currencies_and_windows_are_kept_apart():
    """Two windows are two settlements; two currencies in one are none."""
    two = pd.concat([sla(), sla(metric="fcr", currency="USD")])
    apart = pd.concat([sla(), sla(window="week")])

    assert read_sla(two)[0].terms is None
    assert read_sla(two)[0].not_read == ("one currency is needed; the rows say EUR, USD",)
    assert [r.window for r in read_sla(apart)] == ["month", "week"]
