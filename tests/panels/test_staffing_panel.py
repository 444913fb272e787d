"""Does the staffing panel show the plan that the package finds, and say what stops it?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from workbench.panels.curves import BOTTOM, TOP
from workbench.panels.newest import Stopped
from workbench.panels.staffing import StaffingPanel, staffing_panel
from workbench.sim.scenario import Scenario
from workbench.studies.staffing.staff import Request, staff
from workbench.wording import number

QUICK = Request(per="hour", few=20, many=40, check=60, workers=1)
CALLS = {"arrivals": {"per_hour": [40, 90]}, "handle": {"talk": {"mean_s": 240}}, "patience": {"mean_s": 120}}
FLOOR = Scenario.parse(
    {
        "time": {"start": "2024-06-03T08:00:00", "hours": 2, "interval_s": 3600},
        "queues": {"calls": CALLS},
        "groups": {"team": {"agents": 9, "skills": ["calls"]}},
        "money": {"currency": "EUR", "pay_per_hour": 20},
    }
)


@pytest.fixture(scope="module")
def planned() -> StaffingPanel:
    panel = staffing_panel(FLOOR, QUICK)
    panel.go.click()
    return panel


def test_it_shows_the_plan_that_the_package_finds(planned: StaffingPanel) -> None:
    """Cost, people and targets of a study made apart; so does Erlang A."""
    found = staff(FLOOR, QUICK)
    shown = re.sub(r"<[^>]+>", " ", planned.listed.value)

    assert f"{number(found.proposal.cost)} EUR" in planned.told.value
    assert f"{number(found.proposal.cost)} EUR" in shown
    assert f"{number(found.proposal.erlang_a.cost)} EUR" in shown
    assert found.proposal.people == (planned.found.proposal.people if planned.found else {})
    assert "checked with 60 replications that the search never saw" in planned.status.value


def test_pictures_stand_as_high_as_the_plan(planned: StaffingPanel) -> None:
    """Agents on duty of the group, read back from the curve; the service of the queue with its target."""
    assert planned.found is not None
    duty = planned.found.proposal.on_duty["team"].to_numpy()
    first, second = re.findall(r"<svg.*?</svg>", planned.drawn.value)
    svg = ElementTree.fromstring(first)
    path = svg.find("path[@class='mean']")
    assert path is not None
    ys = np.array([float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path.get("d", ""))])

    assert (BOTTOM - ys) / (BOTTOM - TOP) * float(svg.get("data-top", "nan")) == pytest.approx(duty, abs=0.02)
    assert "class='target'" in second


def test_too_few_people_are_said_with_what_would_help(planned: StaffingPanel) -> None:
    """Three people where six are needed: the best part, and the remedies."""
    panel = staffing_panel(FLOOR, QUICK)
    panel.most.value = 3
    panel.go.click()

    assert panel.found is not None
    assert 3 == sum(panel.found.proposal.people.values())
    assert "not met; this is the best part" in panel.listed.value
    assert "of the targets met then" in panel.listed.value


def test_a_search_is_stopped_at_its_next_word() -> None:
    """The plan before stays, and nothing is called found."""
    panel = staffing_panel(FLOOR, QUICK)
    with pytest.raises(Stopped):
        panel._plan(QUICK, lambda: True)
    panel.stop.click()

    assert panel.found is None
    assert "Stopped." in panel.status.value


def test_what_cannot_be_planned_is_said() -> None:
    """A target of all contacts is more than people can promise."""
    calls = {**CALLS, "service_level": {"threshold_s": 20, "target": 1.0}}
    panel = staffing_panel(Scenario.parse({**FLOOR.to_data(), "queues": {"calls": calls}}), QUICK)
    panel.go.click()

    assert "role='alert'" in panel.told.value
    assert "more than any number of people can promise" in panel.told.value
