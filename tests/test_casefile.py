"""Does the reader of cases understand what a WFM lead writes, and refuse what nobody meant?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.casefile import Case, cases_in, dataset, differences, frame, result

STORY = """
diagnostic: EXP-6
period: 2024-06
tables:
  hris:
    - {{agent_id: "A{{n}}", role: agent, start_date: 2023-02-01, term_date: 2024-06-10, repeat: 4}}
cases:
  - name: a story
    kind: {kind}
    tables:
      provisioning:
        - {{agent_id: "A{{n}}", system: crm, granted_ts: 2023-02-01 09:00, revoked_ts: 2024-06-10 18:00, repeat: 4}}
    expect: {expect}
"""
MEASURE = "accounts of leavers revoked within 24 hours"


def story(folder: Path, expect: str = "{score: 100}", kind: str = "healthy", text: str = STORY) -> Case:
    path = folder / "EXP-6.yaml"
    path.write_text(text.format(expect=expect, kind=kind), encoding="utf-8")
    (case,) = cases_in(path)
    return case


def told(case: Case) -> str:
    return "\n".join(differences(case, result(case)))


def rows(*written: dict[str, Any]) -> list[dict[str, Any]]:
    return frame("here", list(written)).to_dict("records")


# ---- rows -----------------------------------------------------------------------------------


def test_a_repeated_row_counts_through_the_table() -> None:
    """The second row goes on counting where the first ended."""
    found = rows({"id": "c{n}", "repeat": 2}, {"id": "c{n:03}", "repeat": 2})

    assert ["c1", "c2", "c003", "c004"] == [row["id"] for row in found]


@pytest.mark.parametrize(
    ("first", "every", "expected"),
    [
        ("2024-06-03", "7d", ["2024-06-03", "2024-06-10", "2024-06-17"]),
        ("2024-01-31", "1 month", ["2024-01-31", "2024-02-29", "2024-03-31"]),
        ("2024-06-03 23:50", "5min", ["2024-06-03 23:50:00", "2024-06-03 23:55:00", "2024-06-04 00:00:00"]),
        ("2024-06-03 22:00", "1h", ["2024-06-03 22:00:00", "2024-06-03 23:00:00", "2024-06-04 00:00:00"]),
        (10, "2.5", ["10", "12.5", "15"]),
    ],
)
def test_a_stepped_value_goes_on_in_its_own_form(first: Any, every: str, expected: list[str]) -> None:
    """Days stay days, times stay times, months keep to the calendar."""
    found = rows({"at": {"from": first, "every": every}, "repeat": 3})

    assert expected == [row["at"] for row in found]


def test_a_cycle_takes_its_values_in_turn_and_starts_anew_with_each_row() -> None:
    """Two of three are resolved, in each group."""
    found = rows({"resolved_flag": {"cycle": [True, True, False]}, "repeat": 4})

    assert ["yes", "yes", "no", "yes"] == [row["resolved_flag"] for row in found]


def test_rows_are_numbered_as_a_spreadsheet_counts() -> None:
    """The header is row 1."""
    assert [2, 3] == list(frame("here", {"columns": ["id"], "rows": [["a"], ["b"]]}).index)


def test_the_rows_pass_the_validation_of_a_client_folder(tmp_path: Path) -> None:
    """Times arrive in UTC from the client's zone."""
    case = replace(story(tmp_path), client={"id": "x", "name": "X", "time_zone": "Europe/Berlin"})

    revoked = dataset(case).tables["provisioning"]["revoked_ts"]
    assert "2024-06-10 16:00:00+00:00" == str(revoked.iloc[0])


# ---- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind:", "sort:", 'nobody knows "sort"'),
        ("expect: {{score: 100}}", "expect: {{scores: 100}}", 'Did you mean "score"'),
        ("expect: {{score: 100}}", "expect: {{}}", "expects nothing, so it cannot fail"),
        ("kind: healthy", "kind: fine", "not one of healthy, unhealthy, missing"),
        ("term_date", "end_date", 'Did you mean "term_date"'),
        ("provisioning:", "provisionings:", 'Did you mean "provisioning"'),
        ("2023-02-01 09:00,", "{{from: 2023-02-01, every: fortnight}},", '"fortnight" is not a step'),
    ],
)
def test_a_word_that_nobody_knows_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    """A mistyped case must not pass in silence."""
    text = STORY.replace("{kind}", "healthy").replace("{expect}", "{{score: 100}}")
    assert old in text

    with pytest.raises(Exception, match=message):
        story(tmp_path, text=text.replace(old, new))


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    """The settings are those of the diagnostic."""
    with pytest.raises(AssertionError, match=r'nobody knows "hours"\. Known: hours_allowed'):
        result(replace(story(tmp_path), settings={"hours": 3}))


# ---- what is told ---------------------------------------------------------------------------


def test_a_case_as_expected_has_no_differences(tmp_path: Path) -> None:
    """4 of 4 accounts were closed on the last day."""
    assert "" == told(
        story(tmp_path, f"{{score: 100, evidence: {{{MEASURE}: {{value: 1, n: 4}}}}, findings: 0}}")
    )


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ("{score: 99}", "score: expected 99 (within 0.05), came 100.0"),
        ("{score: {from: 10, to: 20}}", "score: expected 10 to 20, came 100.0"),
        ("{bounds: [100, 90]}", "upper bound: expected 90"),
        ("{grade: S}", "grade: expected 'S', came 'M'"),
        ("{findings: 1}", "number of findings: expected 1, came 0"),
        ("{findings: [{severity: severe}]}", "no finding is {'severity': 'severe'}"),
        ("{not_assessed: true}", "not assessed: expected True, came False"),
        ("{set_aside: 2}", "rows set aside: expected 2, came 0"),
        ("{evidence: {accounts: 1}}", f'there is no measure "accounts"; there are: {MEASURE}'),
        (f"{{evidence: {{{MEASURE}: unknown}}}}", "value: expected None, came 1.0"),
        (f"{{evidence: {{{MEASURE}: {{n: 5}}}}}}", "n: expected 5, came 4"),
        (f"{{evidence: {{{MEASURE}: {{rows: [3]}}}}}}", "rows: expected [3], came []"),
        (f"{{evidence: {{{MEASURE}: {{low: 0.9}}}}}}", "low: expected 0.9"),
    ],
)
def test_every_kind_of_expectation_can_fail(tmp_path: Path, expect: str, difference: str) -> None:
    """An expectation that cannot fail would prove nothing."""
    assert difference in told(story(tmp_path, expect))


def test_the_kind_of_a_case_is_held_to_its_meaning(tmp_path: Path) -> None:
    """Nothing is wrong here, and nothing is missing."""
    assert "there is no moderate or severe finding" in told(story(tmp_path, kind="unhealthy"))
    assert "missing, and yet nothing is" in told(story(tmp_path, kind="missing"))


def test_a_severe_finding_is_told_in_a_case_called_healthy(tmp_path: Path) -> None:
    """Also where the case says nothing about findings."""
    open_doors = STORY.replace(", revoked_ts: 2024-06-10 18:00", "").replace("repeat: 4", "repeat: 40")

    assert "healthy, and yet severe: Accounts of leavers" in told(
        story(tmp_path, "{score: 0}", text=open_doors)
    )


def test_a_row_that_was_set_aside_unexpectedly_is_told(tmp_path: Path) -> None:
    """A typing error in a time would otherwise only make the sample smaller."""
    mistyped = STORY.replace("revoked_ts: 2024-06-10 18:00", 'revoked_ts: "2024-06-10 18:61"')

    assert "rows set aside: expected 0, came 4" in told(story(tmp_path, text=mistyped))
