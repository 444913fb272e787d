"""Is agent time put on the right side: occupied, paid, shrunk, adherent, productive?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.stories import START, at, plan, states
from workbench.errors import CallError
from workbench.metrics.adherence import adherence, conformance, planned_and_actual
from workbench.metrics.occupancy import (
    occupancy,
    occupancy_of_intervals,
    paid_seconds,
    utilisation,
)
from workbench.metrics.productive import paid_to_productive
from workbench.metrics.shrinkage import additive, gross_up, sequential, shrinkage_of_schedule
from workbench.metrics.timeline import NONE, cross, in_force, spans

H = 3600


def test_occupancy_is_not_utilisation():
    """4 h handling, 1 h wrap-up, 1 h available, 2 h in training: 5/6 occupied, 5/8 utilised."""
    day = states(
        ("ann", "handling", 0, 4 * H), ("ann", "acw", 4 * H, 5 * H),
        ("ann", "available", 5 * H, 6 * H), ("ann", "training", 6 * H, 8 * H),
    )  # fmt: skip

    assert occupancy(day).value == pytest.approx(5 / 6)
    assert utilisation(day).value == pytest.approx(5 / 8)
    assert utilisation(day, pd.Series({"ann": 10.0 * H})).value == pytest.approx(5 / 10)
    assert utilisation(day).formula == "handle time / time logged in"


def test_occupancy_of_intervals():
    """10 contacts of 180 s against 1,200 s available: 0.6; a quiet interval counts its idle time."""
    table = pd.DataFrame({"answered": [10, 0], "aht_s": [180.0, np.nan], "available_s": [1200.0, 1800.0]})

    assert occupancy_of_intervals(table.iloc[:1]).value == pytest.approx(0.6)
    assert occupancy_of_intervals(table).value == pytest.approx(1800 / 4800)
    assert occupancy_of_intervals(table.drop(columns="available_s")).value is None


def test_paid_time_is_the_clock_less_unpaid_breaks():
    """8.5 h with 30 minutes of unpaid break is 8 h; a row without a clock-out is unknown."""
    timesheet = pd.DataFrame(
        {
            "agent_id": ["ann", "bob"], "clock_in": at(0, 0), "clock_out": at(8.5 * H, None),
            "breaks": [30.0, 0.0],
        }
    )  # fmt: skip

    assert paid_seconds(timesheet).to_dict() == {"ann": 8 * H}


def test_shrinkage_both_ways_and_gross_up():
    """METRICS: 10 % and 20 % are 30 % additive, 28 % sequential; 100 at 30 % need 142.857."""
    assert additive({"leave": 10, "training": 20}, 100) == pytest.approx(0.30)
    assert sequential([0.1, 0.2]) == pytest.approx(0.28)
    assert gross_up(100, 0.30) == pytest.approx(142.857, abs=5e-4)
    assert np.ceil(gross_up(14, 0.3)) == 20  # ORACLES, pyworkforce tests


def test_impossible_shrinkage_is_refused():
    """More lost than paid means codes that overlap; 30 is not a fraction."""
    with pytest.raises(CallError, match="exclude each other"):
        additive({"leave": 70, "training": 40}, 100)
    with pytest.raises(CallError, match="shrinkage: 30 came"):
        gross_up(100, 30)
    with pytest.raises(CallError, match="shrinkage: 1 came"):
        sequential([0.1, 1.0])


@given(st.lists(st.floats(0, 0.3), min_size=1, max_size=5))
def test_sequential_never_exceeds_additive(shares):
    """What is already lost cannot be lost again."""
    assert sequential(shares) <= sum(shares) + 1e-12
    assert gross_up(1.0, sequential(shares)) == pytest.approx(np.prod([1 / (1 - s) for s in shares]))


def test_planned_shrinkage_of_a_schedule():
    """8 h paid: 6 on the queue, 1 training, 1 paid break; the unpaid meal is in neither."""
    total, *parts = shrinkage_of_schedule(
        plan(
            ("ann", "on_queue", 0, 6 * H), ("ann", "training", 6 * H, 7 * H),
            ("ann", "meal", 7 * H, 7.5 * H), ("ann", "break", 7.5 * H, 8.5 * H),
        )
    )  # fmt: skip

    assert total.value == pytest.approx(2 / 8)
    assert {m.variant: m.value for m in parts} == pytest.approx({"break": 1 / 8, "training": 1 / 8})


def test_adherence_counts_moments_conformance_amounts():
    """Planned 9–11 on the queue, there 10–12: half adherent, fully conformant on the day."""
    schedule = plan(("ann", "on_queue", 0, 2 * H), ("ann", "break", 2 * H, 3 * H))
    actual = states(
        ("ann", "break", 0, 1 * H), ("ann", "available", 1 * H, 2 * H), ("ann", "handling", 2 * H, 3 * H)
    )
    followed = adherence(schedule, actual)

    assert followed.value == pytest.approx(1 / 3)  # one of three planned hours
    assert followed.n == 180
    assert conformance(schedule, actual).value == pytest.approx(1.0)


def test_excess_of_one_day_does_not_heal_another_when_capped():
    """Two hours planned on each of two days; 4 h worked on one, none on the other."""
    day = 24 * H
    schedule = plan(("ann", "on_queue", 0, 2 * H), ("ann", "on_queue", day, day + 2 * H))
    actual = states(("ann", "handling", 0, 4 * H), ("ann", "break", day, day + 2 * H))

    assert conformance(schedule, actual).value == pytest.approx(1.0)
    assert conformance(schedule, actual, capped=True).value == pytest.approx(0.5)


def test_time_without_a_state_is_logged_out_and_agents_without_states_are_unknown():
    """Ann vanished for half of her hour; nothing is known of Bob, so he is not held against anyone."""
    schedule = plan(("ann", "on_queue", 0, H), ("bob", "on_queue", 0, H), ("cay", "on_queue", 0, H))
    actual = states(("ann", "available", 0, 0.5 * H), ("cay", "available", 0, H))
    pieces = planned_and_actual(schedule, actual)

    assert set(pieces["agent_id"]) == {"ann", "cay"}
    assert pieces.loc[pieces["agent_id"] == "ann", "state"].tolist() == ["available", "logged_out"]
    assert adherence(schedule, actual).value == pytest.approx(0.75)


def test_adherence_is_the_share_of_pieces_that_fit():
    """The long road over every piece of every span says the same, gaps and a planned absence from the log included."""
    draw = np.random.default_rng(5)

    def some(labels: list[str]) -> list[tuple[str, str, float, float]]:
        edges = {agent: np.sort(draw.uniform(0, 24 * H, 41)) for agent in ("ann", "bob", "cay")}
        return [
            (agent, labels[draw.integers(len(labels))], float(e[i]), float(e[i + 1]))
            for agent, e in edges.items() for i in range(40) if draw.random() < 0.8
        ]  # fmt: skip

    schedule = plan(*some(["on_queue", "break", "training", "logged_out", "leave"]))
    actual = states(*some(["available", "handling", "break", "training", "meal"]))
    pieces = planned_and_actual(schedule, actual)

    assert 0 < pieces["fits"].mean() < 1
    fitting = (pieces["seconds"] * pieces["fits"]).sum() / pieces["seconds"].sum()
    assert adherence(schedule, actual).value == pytest.approx(fitting)


def test_leave_is_no_planned_presence():
    """A day of leave cannot be adhered to or missed."""
    schedule = plan(("ann", "on_queue", 0, H), ("ann", "leave", H, 8 * H))
    actual = states(("ann", "available", 0, H), ("bob", "available", 0, 8 * H))

    assert (adherence(schedule, actual).value, adherence(schedule, actual).n) == (1.0, 60)


def test_a_plan_edited_afterwards_raises_adherence():
    """First planned 9–10, then moved to 10–11 when she came late."""
    schedule = plan(
        ("ann", "on_queue", 0, H), ("ann", "break", 0, H), ("ann", "on_queue", H, 2 * H), revision=[0, 1, 1]
    )
    actual = states(("ann", "break", 0, H), ("ann", "available", H, 2 * H))

    assert adherence(schedule, actual).value == 1.0
    assert adherence(schedule, actual, which="first published").value == 0.0


def test_the_highest_revision_holds_where_two_overlap():
    """A coaching hour put into the middle of a shift leaves both ends of it."""
    schedule = plan(("ann", "on_queue", 0, 8 * H), ("ann", "coaching", 3 * H, 4 * H), revision=[0, 2])
    held = in_force(schedule).sort_values("start_us")

    assert held["label"].tolist() == ["on_queue", "coaching", "on_queue"]
    hours = (held[["start_us", "end_us"]] - START.value // 1000) / 3.6e9
    assert hours.to_numpy().tolist() == [[0, 3], [3, 4], [4, 8]]


def test_nobody_in_both_tables_is_unknown():
    """No common agent: no adherence, with a reason; never zero."""
    measure = adherence(plan(("ann", "on_queue", 0, H)), states(("bob", "available", 0, H)))

    assert measure.value is None
    assert measure.reason == "no agent has both a plan and states for the same time"
    assert conformance(plan(), states()).value is None
    assert occupancy(states()).value is None
    assert shrinkage_of_schedule(plan())[0].value is None


times = st.lists(st.integers(0, 300), min_size=0, max_size=12, unique=True).map(sorted)


@given(first=times, second=times, third=times)
def test_crossed_time_equals_time_minute_by_minute(first, second, third):
    """A slow twin: for each agent and minute, which span of each side covers it."""

    def table(label: str, **edges: list[int]) -> pd.DataFrame:
        rows = [(a, label, e[i], e[i + 1]) for a, e in edges.items() for i in range(0, len(e) - 1, 2)]
        return spans(plan(*rows), "activity_code")

    left, right = table("plan", ann=first, bob=second), table("state", ann=third, bob=first)
    pieces = cross(left, right)

    def covered(side: pd.DataFrame) -> set[tuple[str, int]]:
        zero = START.value // 1000
        return {
            (agent, second)
            for agent, a, b in zip(side["agent_id"], side["start_us"], side["end_us"], strict=True)
            for second in range((a - zero) // 1_000_000, (b - zero) // 1_000_000)
        }

    seconds = ((pieces["end_us"] - pieces["start_us"]) // 1_000_000).to_numpy()
    both = (pieces["left"] != NONE) & (pieces["right"] != NONE)
    assert seconds[both].sum() == len(covered(left) & covered(right))
    assert seconds.sum() == len(covered(left) | covered(right))


def test_paid_to_productive_waterfall():
    """8 h paid, 7.5 present, 6 on the queue, 4.5 handling."""
    day = states(
        ("ann", "handling", 0, 4.5 * H), ("ann", "available", 4.5 * H, 6 * H),
        ("ann", "meeting", 6 * H, 7.5 * H), ("ann", "logged_out", 7.5 * H, 8 * H),
    )  # fmt: skip
    steps = paid_to_productive(day, pd.Series({"ann": 8.0 * H}))

    assert [s.name for s in steps] == ["paid", "present", "on queue", "handling"]
    assert [s.of_paid for s in steps] == pytest.approx([1.0, 7.5 / 8, 6 / 8, 4.5 / 8])
    assert steps[3].of_step_before == pytest.approx(0.75)
    unpaid = paid_to_productive(day)
    assert (unpaid[0].seconds, unpaid[1].of_paid) == (None, None)
    assert unpaid[2].of_step_before == pytest.approx(6 / 7.5)
