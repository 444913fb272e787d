"""Does the what-if panel show what the package computes for where its sliders stand?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbench.errors import CallError, UnknownName
from workbench.panels import told
from workbench.panels.slider import Slider
from workbench.panels.told import Shown
from workbench.panels.what_if import WhatIfPanel, what_if_panel
from workbench.resources import folder, scenario_file
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.compare import compare
from workbench.studies.lever import LEVERS, Lever, NotHere
from workbench.studies.what_if import variant, what_if
from workbench.wording import figure

SMALL = Scenario.from_yaml(folder("templates") / "scenarios" / "small.yaml")
MEDIUM = Scenario.from_yaml(folder("templates") / "scenarios" / "medium.yaml")
N = 6


@pytest.fixture
def panel(tmp_path: Path) -> WhatIfPanel:
    return what_if_panel(SMALL, replications=N, seed=3, folder=tmp_path / "kept")


def cells(panel: WhatIfPanel, measure: str) -> list[str]:
    row = re.search(rf"<tr data-measure='{measure}'>(.*?)</tr>", panel.figures.value)
    assert row is not None
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", row[1])]


def test_it_shows_what_the_package_computes_for_the_setting(panel: WhatIfPanel) -> None:
    """Base, changed and paired difference of a comparison made apart, to the last digit shown."""
    panel.put({"volume": 1.1, "staffing": 14})
    made = variant(SMALL, "apart", ["volume=1.1", "staffing=14"])
    apart = compare(SMALL, list(made.changes), N, 3)
    d = apart.differences("service_level")[0]
    base, changed, difference = cells(panel, "service_level")
    assert d.mean is not None

    assert base.startswith(figure(apart.baseline["service_level"].mean, "fraction"))
    assert changed.startswith(figure(apart.variants["changed"]["service_level"].mean, "fraction"))
    assert difference.lstrip("+").startswith(figure(d.mean, "points"))
    assert panel.shown is not None
    assert apart.variants["changed"]["cost"] == panel.shown.changed["cost"]


def test_it_begins_with_the_floor_as_it_is(panel: WhatIfPanel) -> None:
    """Every difference is nothing, and it says so."""
    assert () == panel.levers()
    assert "as it is today" in panel.told.value
    assert cells(panel, "service_level")[2].startswith("0 points")
    assert f"{N} replications of small, seed 3, 95 % intervals" in panel.status.value


def test_a_drag_moves_the_field_and_a_typed_number_the_slider(panel: WhatIfPanel) -> None:
    """Both say the same value; back on today's number is today exactly."""
    slider = panel.sliders["volume"]
    slider.handle.value = 7

    assert 107 == slider.field.value
    assert ("volume=+0.07",) == panel.levers()

    slider.field.value = 93.0

    assert -7 == slider.handle.value
    assert ("volume=-0.07",) == panel.levers()

    slider.field.value = 100.0

    assert () == panel.levers()


def test_back_to_today_takes_everything_back(panel: WhatIfPanel) -> None:
    """Sliders that were added stay, at today."""
    panel.put({"volume": 1.2, "patience": 2.0}, [Change("groups.team.agents", [9] * 24)])
    panel.back.click()

    assert () == panel.levers()
    assert () == panel.fixed
    assert "patience" in panel.sliders
    assert "as it is today" in panel.told.value


def test_every_lever_that_the_scenario_has_something_for_can_be_added(panel: WhatIfPanel) -> None:
    """And none of the others."""
    offered = {value for _, value in panel.more.options if value}
    fitting = {lever.name for lever in LEVERS if not lever.why_not(SMALL)}

    assert fitting == {name.partition(":")[0] for name in offered} | set(panel.sliders)

    panel.more.value = "patience"

    assert "patience" in panel.sliders
    assert "patience" not in {value for _, value in panel.more.options}


@pytest.mark.parametrize(
    ("values", "error"),
    [({"volum": 1.1}, UnknownName), ({"volume": float("nan")}, CallError), ({"shrinkage": 1.5}, CallError),
     ({"concurrency": 2.0}, NotHere)],
)  # fmt: skip
def test_a_setting_that_cannot_be_moves_nothing(
    panel: WhatIfPanel, values: dict[str, float], error: type[Exception]
) -> None:
    """Refused in words before a slider has moved."""
    panel.put({"volume": 1.05})
    with pytest.raises(error):
        panel.put({"handle_time": 1.1, **values})

    assert ("volume=+0.05",) == panel.levers()


def test_what_cannot_be_simulated_is_said_and_not_hidden(panel: WhatIfPanel) -> None:
    """What stands on display is said to belong to the setting before."""
    before = panel.figures.value
    panel.put({}, [Change("groups.nobody.agents", 3, "a group that is not there")])

    assert "role='alert'" in panel.told.value
    assert "groups.nobody" in panel.told.value
    assert "belongs to the setting before" in panel.status.value
    assert before == panel.figures.value


def test_a_stopped_run_shows_what_it_has_with_its_own_number(panel: WhatIfPanel) -> None:
    """Four replications of six, paired with the same four of the base."""
    asked = iter([False, False, False, True])
    made = panel._replicate(SMALL.with_(Change("groups.team.agents", [9] * 24)), lambda: next(asked, True))
    rendered = panel._rendered(variant(SMALL, "x", (), [Change("groups.team.agents", [9] * 24)]), made, 0.1)

    assert 4 == made.n < N
    assert made.n == rendered.shown.base.n == rendered.shown.changed.n
    assert f"{made.n} pairs" in rendered.sentence


def test_a_saved_what_if_comes_back_and_is_the_command_line_s_file(
    panel: WhatIfPanel, tmp_path: Path
) -> None:
    """Bound to its base; read by the same reader as `workbench what-if`."""
    from workbench.studies.what_if_file import read_what_if

    panel.put({"volume": 1.1, "shrinkage": 0.05}, [Change("money.pay_per_hour", 30.0, "a new agreement")])
    shown, levers = panel.told.value, panel.levers()
    panel.keeping.name.value = "busy monday"
    panel.keeping.save.click()
    file = read_what_if(tmp_path / "kept" / "busy monday.yaml")

    assert "Saved as" in panel.keeping.said.value
    assert levers == file.variants[0].levers
    assert "small" == file.base.name
    assert file.lock

    panel.back.click()
    panel.keeping.load.click()

    assert shown == panel.told.value
    assert levers == panel.levers()
    assert "a new agreement" == panel.fixed[0].why


def test_a_base_that_does_not_come_along_is_saved_beside(tmp_path: Path) -> None:
    """So that the file stands on its own."""
    own = SMALL.with_(Change("groups.team.agents", [11] * 24)).model_copy(update={"name": "ours"})
    panel = what_if_panel(own, replications=2, folder=tmp_path)
    panel.put({"volume": 1.1})
    panel.keeping.name.value = "more"
    panel.keeping.save.click()
    again = what_if_panel(own, replications=2, folder=tmp_path)
    again.keeping.load.click()

    assert ("volume=+0.1",) == again.levers()
    assert 2 == len(list(tmp_path.iterdir()))


@pytest.mark.parametrize("name", ["", "../out", "a/b", "nul", "-rf", "x" * 80, "a\\b"])
def test_a_name_leads_nowhere_else(panel: WhatIfPanel, tmp_path: Path, name: str) -> None:
    """Somebody at a browser writes into one folder and nowhere else."""
    panel.put({"volume": 1.1})
    panel.keeping.name.value = name
    panel.keeping.save.click()

    assert "cannot be the name of a file" in panel.keeping.said.value
    assert [] == [p for p in tmp_path.rglob("*") if p.is_file()]


def test_what_somebody_else_saved_is_not_written_over(panel: WhatIfPanel, tmp_path: Path) -> None:
    """Before it is loaded it is not one's own."""
    other = what_if_panel(SMALL, replications=2, folder=tmp_path / "kept")
    for one, value in ((other, 1.2), (panel, 1.1)):
        one.put({"volume": value})
        one.keeping.name.value = "monday"
        one.keeping.save.click()

    assert "is there already" in panel.keeping.said.value
    assert "volume=+0.2" in (tmp_path / "kept" / "monday.yaml").read_text()


def test_a_what_if_of_another_scenario_is_refused(panel: WhatIfPanel, tmp_path: Path) -> None:
    """Its differences would be those of another floor."""
    other = what_if_panel(MEDIUM, replications=2, folder=tmp_path / "kept")
    other.put({"volume": 1.1})
    other.keeping.name.value = "theirs"
    other.keeping.save.click()
    panel.keeping._offer()
    panel.keeping.load.click()

    assert "belongs to medium, not to small" in panel.keeping.said.value
    assert () == panel.levers()


def test_what_a_scenario_says_stays_text(tmp_path: Path) -> None:
    """A name or a note is shown, not carried out."""
    bad = SMALL.model_copy(
        update={"name": "<img src=x onerror=alert(1)>", "note": "<script>alert(2)</script>"}
    )
    panel = what_if_panel(bad, replications=2, folder=tmp_path)
    panel.put({"volume": 1.1})
    shown = "".join(w.value for w in (panel.told, panel.status, panel.figures, panel.drawn))
    head = panel.children[0].value

    assert "<img" not in shown + head
    assert "<script" not in shown + head


@pytest.mark.parametrize("lever", list(LEVERS), ids=lambda lever: lever.name)
def test_a_slider_can_be_drawn_for_every_lever(lever: Lever) -> None:
    """On the scenario that has most: today is on the slider, and both ends are values that the lever takes."""
    slider = Slider(MEDIUM, lever, "", lambda: None)

    assert 0 == slider.handle.value
    assert slider.handle.min <= 0 <= slider.handle.max
    assert slider.handle.min < slider.handle.max

    for end in (slider.handle.min, slider.handle.max):
        slider.handle.value = end
        slider.check(slider.value)


def test_people_away_from_a_counted_group_are_shown_as_no_saving() -> None:
    """Cost and paid hours of the what-if are unknown with the reason, and the picture of cost is left out."""
    small = Scenario.from_yaml(scenario_file("small"))
    away, fewer = (
        Shown(what_if(small, [variant(small, "moved", [lever])], 2, hold=False), 0.1)
        for lever in ("shrinkage=+0.05", "volume=-10%")
    )

    assert 2 == told.table(away).count(
        "unknown <small>paid hours of those away are not in the counts of team"
    )
    assert "those away" not in told.table(fewer)
    assert 1 == told.pictures(fewer).count("<svg") - told.pictures(away).count("<svg")
