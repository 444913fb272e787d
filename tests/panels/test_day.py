"""Do the pictures of a simulated day show what was simulated?"""

from __future__ import annotations

import pytest

from workbench.errors import CallError, UnknownName
from workbench.panels.day import differences, over_the_day
from workbench.resources import folder
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.compare import compare
from workbench.studies.replicate import replicate

SMALL = Scenario.from_yaml(folder("templates") / "scenarios" / "small.yaml")


def test_a_line_has_a_point_for_every_interval() -> None:
    """24 half-hours, three panels, each the mean over replications."""
    results = replicate(SMALL, 3)
    picture = over_the_day(results)
    lines = [axes.lines[0] for axes in picture.figure.axes]

    assert [len(line.get_ydata()) for line in lines] == [24, 24, 24]
    assert lines[2].get_ydata()[5] == pytest.approx(
        100 * (results.estimates("service_level", "interval")[5].mean or 0)
    )


def test_the_target_is_drawn_where_there_is_one() -> None:
    """All queues promise 80 %, so one dashed line stands in the service level."""
    axes = over_the_day(replicate(SMALL, 2)).figure.axes[2]

    assert axes.lines[1].get_ydata()[0] == 80


def test_the_words_name_the_worst_hour() -> None:
    """Who cannot see the picture reads where the service level is lowest."""
    picture = over_the_day(replicate(SMALL, 3))

    assert "Service level: highest" in picture.words
    shown, about = picture._repr_mimebundle_()
    assert shown["text/plain"] == picture.words
    assert about == {"image/png": {"alt": picture.words}}


def test_differences_are_in_points() -> None:
    """One dot per measure, with its paired interval in the words."""
    found = compare(SMALL, [Change("groups.team.agents", 14)], 3)
    picture = differences(found, ("service_level",))
    d = found.differences("service_level")[0]

    assert d.mean is not None
    assert f"service_level {100 * d.mean:+.1f} points" in picture.words


def test_what_cannot_be_drawn_is_refused() -> None:
    """Seconds are no points, and an unknown measure is no measure."""
    found = compare(SMALL, [Change("groups.team.agents", 14)], 2)

    with pytest.raises(CallError, match="not a fraction"):
        differences(found, ("mean_wait_s",))
    with pytest.raises(UnknownName, match="service_level"):
        over_the_day(found.baseline, ("servicelevel",))
