"""The report for WFM leads: days held back, questions that apply, parts that cannot be had, and who sees money."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.studies import floors
from workbench.intake.period import Period
from workbench.reports.declare import SECTIONS, sections_of
from workbench.reports.enough import Enough, enough
from workbench.reports.parameters import StaffingWhatIf
from workbench.reports.section import INTERNAL, DataTable, Section
from workbench.reports.sections.staffing_scenarios import staffing_scenarios
from workbench.reports.staffing import NAME, StaffingStudy, split, study
from workbench.resources import scenario_file
from workbench.sim.scenario import Scenario
from workbench.studies.one_day import days_of, one_day
from workbench.studies.replicate import replicate
from workbench.studies.staffing.goals import goals_of
from workbench.studies.what_if import variant, what_if

ASKED = StaffingWhatIf(client="nowhere", replications=4, backtest_replications=10)


@cache
def studied() -> StaffingStudy:
    return study(floors.floor(days=14, agents=5), ASKED)


def built(id: str, audience: str = "internal") -> Section:
    section = SECTIONS.get(id).build(studied(), ASKED.model_copy(update={"audience": audience}))
    assert section is not None
    return section


def test_the_last_quarter_at_most_a_week_is_predicted_from_four_weeks_before() -> None:
    """Twelve weeks: the last one from the four before; seven days are too few to hold any back."""
    long, short = Period.parse("2024-04-01:2024-06-23"), Period.parse("2024-06-17:2024-06-23")

    assert (Period.parse("2024-05-20:2024-06-16"), Period.parse("2024-06-17:2024-06-23")) == split(long, 0)
    assert (short, None) == split(short, 0)
    assert Period.parse("2024-06-21:2024-06-23") == split(long, 3)[1]


def test_every_part_of_a_good_log_is_there() -> None:
    """Fitted, predicted, asked and staffed; nothing is missing."""
    found = studied()

    assert {} == found.missing
    assert found.staffed is not None
    assert found.staffed.requirement is not None
    names = {d.id for d in sections_of(NAME)}
    assert {"staffing headline", "staffing backtest", "staffing scenarios", "staffing need", "title"} <= names


def test_money_and_plans_stay_with_the_account_team() -> None:
    """A client's copy shows service and people's need, and no cost, in blocks or data."""
    ours, theirs = built("staffing scenarios"), built("staffing scenarios", "client")

    assert "what-ifs in money" in {b.name for b in ours.walk() if isinstance(b, DataTable)}
    assert {"what-ifs"} == {b.name for b in theirs.walk() if isinstance(b, DataTable)}
    assert "cost" in built("staffing need").model_dump_json()
    assert '"cost"' not in built("staffing need", "client").model_dump_json()


def test_the_first_page_says_whether_there_are_enough_people() -> None:
    """Needed, there and the gap add up; target, formula and sample are named; nobody reads an inside name."""
    found, section = studied(), built("staffing headline", "client")
    assert found.enough is not None
    assert found.staffed is not None
    assert found.staffed.requirement is not None
    assert found.day is not None
    e, told = found.enough, section.data["enough"]
    slots = found.staffed.requirement.table().groupby("start")["required"].sum()

    assert 0.5 * slots.sum() == pytest.approx(e.needed_hours)
    assert e.needed_hours - told["there_hours"]["mean"] == pytest.approx(told["gap_hours"])
    said = section.model_dump_json().replace("\u202f", " ")
    assert "80 % within 20 s in every hour takes" in said
    assert "The level is answered within the threshold / offered (V2)." in said
    assert f"{e.needed_hours:.0f} h on contacts (200 replications)" in said
    assert found.day.name not in said + built("staffing need", "client").model_dump_json()


def test_a_client_reads_words_and_units_and_no_name_from_inside() -> None:
    """Figures of the fit, differences with units and true minus signs, captions with sample and period."""
    sections = {d.id: d.build(studied(), ASKED) for d in sections_of(NAME) if d.id.startswith("staffing")}
    told = "".join(
        s.model_copy(update={"data": {}}).model_dump_json() for s in sections.values() if s is not None
    )
    tables = [b for s in sections.values() if s is not None for b in s.walk() if isinstance(b, DataTable)]
    what_ifs = next(table for table in tables if table.name == "what-ifs")

    for inside in (
        "pay_per_hour",
        '"fcr"',
        "transfer_rate",
        "service_level of",
        "actual 0.",
        "people fewer cost, or",
    ):
        assert inside not in told
    waits = [row for row in what_ifs.rows if row[1] == "Mean wait"]
    assert all(str(cell).endswith("\u202fs") for row in waits for cell in row[2:])
    assert not any("-" in str(cell) for row in what_ifs.rows for cell in row[2:])
    assert "4 pairs, seed 1; Fictional, mean week of 3" in what_ifs.caption
    assert all("\u2013" in table.caption for table in tables if table.name == "predicted and actual")


def test_who_is_there_is_counted_on_shifts_too() -> None:
    """Five people on one shift from 7:30 to 16:30 are 45 hours, whatever the day needs.

    Four needed all that time and seven from 10:00 to 10:30 are 37.5 h, at the wrong time; seven all the time are too
    many for five.
    """
    day = floors.scenario(days=1, agents=5)
    goals, today = goals_of(day, "hour"), replicate(day, 4, 1)

    def needing(usual: int, at_ten: int) -> Enough:
        by_slot = np.repeat([0, usual, at_ten, usual, 0], [15, 5, 1, 12, 15])
        table = pd.DataFrame({"start": range(48), "required": by_slot})
        requirement = SimpleNamespace(
            table=lambda: table, pool=SimpleNamespace(goals=goals), check=SimpleNamespace(n=100)
        )
        return enough(requirement, today)  # type: ignore[arg-type]

    found = needing(4, 7)
    at = dict(zip(found.starts, found.there, strict=True))
    assert {0.0} == {at["06:30"], at["07:00"]}
    assert 5.0 == pytest.approx(at["10:00"])
    assert 45.0 == pytest.approx(found.there_hours.mean, abs=0.5)
    assert (37.5, 1.0) == pytest.approx((found.needed_hours, found.short_hours), abs=0.01)
    assert ("at other times", "1\u202fh short at times") == (found.verdict, found.answer)
    assert "Most is lacking from 10:00: 7 needed, 5 there" in found.words
    assert ("too few", "enough") == (needing(7, 7).verdict, needing(4, 5).verdict)


def test_a_floor_of_a_few_contacts_says_what_cannot_be_had() -> None:
    """Thirty contacts: nothing is fitted, and every section says why instead of failing."""
    whole = floors.floor(days=14, agents=5)
    few = replace(whole, tables={"contacts": whole.tables["contacts"].head(30)})
    found = study(few, ASKED)

    assert {"calibration", "scenarios", "plan"} <= set(found.missing)
    for declared in sections_of(NAME):
        declared.build(found, ASKED)


def test_the_busiest_day_of_a_week_is_that_day() -> None:
    """The same contacts as on that day of the week, with the patterns cut to it."""
    week = Scenario.from_yaml(scenario_file("week"))
    by_day = []
    for day in range(len(days_of(week))):
        one = one_day(week, day)
        by_day.append(replicate(one, 4, 1)["offered"].mean)
    whole = replicate(week, 4, 1)["offered"].mean

    assert sum(by_day) == pytest.approx(whole, rel=0.05)
    assert one_day(week).name == one_day(week, by_day.index(max(by_day))).name


def test_people_away_from_counted_groups_are_no_saving_in_the_report() -> None:
    """The table of money has "not known" for both figures, and the reason below it for the account team alone."""
    small = Scenario.from_yaml(scenario_file("small"))
    asked = what_if(small, [variant(small, "away", ["shrinkage=+0.05"])], 2, hold=False)
    content = staffing_scenarios(
        SimpleNamespace(asked=asked, moves=None, missing={}, dataset=studied().dataset),
        StaffingWhatIf(client="x"),
    )  # type: ignore[arg-type]
    money = next(b for b in content.blocks if isinstance(b, DataTable) and b.name == "what-ifs in money")
    reasons = [b for b in content.blocks if "not in the counts of team" in str(b)]

    assert ["Paid hours", "Cost"] == [row[1] for row in money.rows if row[3] == "not known"]
    assert all(row[4] == "" for row in money.rows if row[3] == "not known")
    assert [INTERNAL] == [b.audience for b in reasons]
