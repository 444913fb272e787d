"""Has every finding without a price a reason of its own, and does it ask for what the workbench can read?"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from dataclasses import replace

import pandas as pd

from tests.studies.pricing.prices import assessed, found, measured
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Evidence, Verdict
from workbench.diagnostics.questions import survey_evidence
from workbench.intake.spec import table_specs
from workbench.studies.pricing.rule import RULES
from workbench.studies.pricing.study import price
from workbench.studies.pricing.without import only_answered, reasons, without_price


def named_by_rules() -> set[str]:
    """Return the codes that the rules' own text names."""
    found_: set[str] = set()
    for rule in RULES:
        module = inspect.getmodule(rule.price)
        assert module is not None
        found_ |= set(re.findall(r'"([A-Z]{2,4}-[A-Z]?\d+[a-z]?)"', inspect.getsource(module)))
        found_ |= set(getattr(module, "CODES", ()))
    return found_


def test_every_check_that_no_rule_names_has_its_own_reason() -> None:
    """A new check needs a rule or a row; a row of a check that does not exist is a mistake."""
    codes = {check.code for check in CHECKS}
    general = {one.code for one in reasons() if not one.measure}

    assert set() == codes - named_by_rules() - general
    assert set() == {one.code for one in reasons()} - codes


def test_no_reason_is_used_for_two() -> None:
    """What is true of one finding is not the truth of another."""
    assert [] == [why for why, n in Counter(one.why for one in reasons()).items() if n > 1]
    assert all(one.missing for one in reasons())
    assert not any("shows in the other findings" in one.why for one in reasons())


def test_what_is_missing_names_columns_that_the_workbench_reads() -> None:
    """table.column as in the reference; whoever adds it can hand it over."""
    specs = table_specs()
    named = [
        (one.code, *pair)
        for one in reasons()
        for pair in re.findall(r"\b([a-z_]+)\.([a-z_]+)\b", one.missing)
    ]

    assert len(named) > 30
    assert [] == [
        (code, table, column) for code, table, column in named
        if table not in specs or column not in {spec.name for spec in specs[table].columns}
    ]  # fmt: skip


def test_the_measure_decides_between_two_reasons_of_a_check() -> None:
    """Roles that are absent are not meetings that were not held; another package's check says whose rule is missing."""
    roles = without_price(found("GOV-2", measured("required roles present", 0.6, 0.8)))
    causes = without_price(found("GOV-2", measured("actions that name a cause", 0.6, 0.8)))
    other = without_price(found("X-1", measured("something", 0.6, 0.8)))

    assert "role" in roles.reason
    assert roles.reason != causes.reason
    assert "X-1" in other.reason
    assert "workbench.pricing" in other.missing


def test_a_finding_that_no_rule_names_is_listed_with_its_reason() -> None:
    """And is no zero."""
    made = price(assessed(found("EXP-6", measured("accounts revoked", 0.6, 1.0))), None, seed=1)
    [one] = made.unpriced

    assert () == made.prices
    assert "open account" in one.reason
    assert "insurer" in one.missing


def test_what_is_only_answered_low_is_named_with_what_would_price_it() -> None:
    """LC-7 answered 1 and measured by nothing is named; measured as well, answered well or without a rule it is not."""
    bare = assessed()
    low, good = (survey_evidence(["LC-7"], pd.DataFrame({"item_id": ["LC-7"], "side": ["vendor"], "answer": [a],
                 "evidence_ref": [None], "respondent_role": ["WFM"]}), 1.0) for a in (1, 5))  # fmt: skip
    seen = replace(measured("schedule adherence", 0.7, 0.9), weight=1.0)

    def notes(code: str, *evidence: Evidence) -> tuple[str, ...]:
        return only_answered(replace(bare, verdicts={code: Verdict(tuple(evidence))}))

    [said] = notes("LC-7", *low)
    assert "LC-7 (adherence of the last four weeks)" in said
    assert () == notes("LC-7", *low, seen) == notes("LC-7", *good) == notes("RES-1", *low)
    made = price(replace(bare, verdicts={"LC-7": Verdict(low)}), None)
    assert said in made.basis.notes
    assert () == made.prices
