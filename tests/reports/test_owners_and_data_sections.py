"""Who is named as owner, and how good the data are: what a reader sees of both."""

from __future__ import annotations

import pytest

from tests.reports.test_health_sections import assessed, built, table
from workbench.reports.declare import SECTIONS
from workbench.reports.parameters import Parameters
from workbench.reports.section import Prose, Section

OWNERS = [
    {"item_id": item, "respondent": name, "side": side, "owner": owner}
    for item, name, side, owner in (
        ("HO-5", "b1", "buyer", "WFM"), ("HO-5", "v1", "vendor", "HR"), ("HO-5", "v2", "vendor", "nobody"),
        ("LC-3", "b1", "buyer", "HR"), ("LC-3", "v1", "vendor", "HR"), ("HC-1", "b1", "buyer", "vendor manager"),
    )
]  # fmt: skip
RACI = [
    {"subject": "HO-5", "role": "WFM", "raci": "A", "side": "vendor"},
    {"subject": "LC-3", "role": "HR", "raci": "A", "side": "vendor"},
    {"subject": "LC-3", "role": "IT", "raci": "A", "side": "vendor"},
]


def words(section: Section) -> str:
    said = " ".join(run.text for b in section.blocks if isinstance(b, Prose) for run in b.runs)
    return said.replace("\u202f", " ")


def test_owners_stand_beside_each_other_with_the_least_agreed_first() -> None:
    """One of three names WFM for HO-5, which is what is written; both name HR for LC-3, where two are written."""
    section = built("named owners", assessed(["VL-2", "HC-1"], owner_answer=OWNERS, ownership=RACI))
    rows = {row[0]: row for row in table(section, "who is named as owner").rows}

    assert ["HO-5", "LC-3", "HC-1"] == list(rows)
    assert (3, pytest.approx(1 / 3), 0.0, "Workforce management", pytest.approx(1 / 3)) == (
        rows["HO-5"][2], rows["HO-5"][4], rows["HO-5"][7], rows["HO-5"][8], rows["HO-5"][9],
    )  # fmt: skip
    assert ("HR", 1.0, "HR and IT and security", None) == (
        rows["LC-3"][3], rows["LC-3"][4], rows["LC-3"][8], rows["LC-3"][9],
    )  # fmt: skip
    # pairs: none of three for HO-5, the one of LC-3
    assert "Pairs of respondents who name the same owner: 25 %" in words(section)
    assert 0.25 == next(
        m["value"] for m in section.data["named_owners"]["measures"] if m["measure"].startswith("pairs of")
    )


def test_one_respondent_is_said_and_nobody_asked_says_nothing() -> None:
    """No agreement from one, no section from none."""
    one = built("named owners", assessed(["VL-2"], owner_answer=OWNERS[:1], ownership=RACI))

    assert "unknown, one respondent only: agreement needs two" in words(one)
    nobody = assessed(["VL-2"], ownership=RACI)
    assert SECTIONS.get("named owners").build(nobody, Parameters(client="somewhere")) is None


def test_each_table_stands_in_six_dimensions_with_what_a_weak_column_spoils() -> None:
    """Half of the skill tags that were looked at are wrong; what is not measured is a dash."""
    section = built(
        "data quality",
        assessed(
            ["VL-3", "VL-3b"],
            hris=[{"agent_id": f"A{i}", "start_date": "2023-01-01" if i else "", "skill_tags": "sales"}
                  for i in range(10)],
            accuracy_sample=[{"table": "hris", "column": "skill_tags", "record": f"A{i}", "recorded": "sales",
                              "in_source": ("sales", "billing")[i % 2]} for i in range(10)],
        ),
    )  # fmt: skip
    rows = {row[0]: row for row in table(section, "data quality by dimension").rows}
    cells = [str(cell).replace("\u202f", " ") for cell in rows["hris"]]

    assert [
        "hris",
        "10",
        "95 % (1 of 20)",
        "100 %",
        "100 %",
        "100 %",
        "–",
        "50 % (23.7 % to 76.3 %; 5 of 10)",
    ] == cells
    spoiled = {(row[1], row[2]): row for row in table(section, "what it spoils").rows}
    assert "VL-3b" == spoiled["skill_tags", "accuracy"][6]
    assert (0.9, 1, 10) == spoiled["start_date", "completeness"][3:6]
    assert "hris.skill_tags: 50 % of 10 sampled records good in accuracy" in words(section)


def test_accuracy_without_a_sample_is_not_measured_and_says_what_would_show_it() -> None:
    """Not measured is not good."""
    section = built("data quality", assessed(["VL-3"], hris=[{"agent_id": "A1", "start_date": "2023-01-01"}]))

    assert "Accuracy is not measured: no record was held against its source" in words(section)
    assert "No column misses the target" in words(section)


def test_rows_that_cannot_be_right_stand_kind_by_kind_with_what_they_spoil() -> None:
    """One of two people was hired after the first paid day: used, and the diagnostics of both days are named."""
    roster = [{"agent_id": f"A{i}", "start_date": "2024-06-03", "hire_decision_date": f"2024-06-0{2 + 2 * i}"}
              for i in range(2)]  # fmt: skip
    (row,) = table(built("data quality", assessed(["VL-3"], hris=roster)), "rows that cannot be right").rows

    assert ("hris", "hired after the first paid day", "consistency", 1, 2, 0.5, "yes") == row[:7]
    assert "LC-3" in str(row[7])
