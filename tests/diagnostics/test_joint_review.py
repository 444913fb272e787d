"""A meeting looks at both when its topics name both."""

from __future__ import annotations

from tests.diagnostics.stories import handed
from workbench.diagnostics.joint_review import reviewed_together


def test_one_of_two_weeklies_spoke_of_shifts_and_of_errors() -> None:
    """In two topics of one meeting; a monthly does not count, and the rows of the other one are named."""
    rows = [
        {"meeting": meeting, "forum": forum, "topic": topic, "kind": "diagnosis"}
        for meeting, forum, topic in (
            ("w1", "weekly", "Night shift"),
            ("w1", "weekly", "Error themes"),
            ("w2", "weekly", "Overtime"),
            ("m1", "monthly", "Staffing and quality"),
        )
    ]
    part = reviewed_together(handed(meeting_topic=rows).tables["meeting_topic"])

    assert (0.5, 2, (4,)) == (part.value, part.n, part.rows)


def test_no_weekly_is_unknown() -> None:
    """Neither a missing table nor one without weeklies is a bad one."""
    rows = [{"meeting": "m1", "forum": "monthly", "topic": "Staffing", "kind": "management"}]

    assert [None, None] == [
        reviewed_together(table).value for table in (None, handed(meeting_topic=rows).tables["meeting_topic"])
    ]
