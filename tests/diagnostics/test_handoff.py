"""A seam: how long, how much arrives, who answers for it and where it is written."""

from __future__ import annotations

import pandas as pd

from tests.diagnostics.stories import CLIENT, handed
from workbench.diagnostics.evidence import missing
from workbench.diagnostics.handoff import (
    carried_whole,
    dwell,
    judge_handoff,
    owner_and_document,
    ripe,
    unreturned,
)
from workbench.diagnostics.lifecycle import HANDOFFS
from workbench.diagnostics.scoring import score
from workbench.intake.period import Period

JUNE = Period.parse("2024-06")
TITLE = HANDOFFS["HO-1"].title


def days(*values: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(values)), index=range(2, 2 + len(values)))


def test_dwell_is_the_median_of_what_arrived_and_the_rest_is_lost() -> None:
    """1, 2 and 9 days: median 2, of a healthy 5 (HO-1); one of four never came."""
    start = days("2024-06-03", "2024-06-03", "2024-06-03", "2024-06-03")
    took, arrived = dwell(
        "HO-1", start, days("2024-06-04", "2024-06-05", "2024-06-12", None), table="t", period=JUNE
    )

    assert (2.0, 3, 5.0, 100.0) == (took.value, took.n, took.expected, took.score)
    assert (0.75, 4, (5,)) == (arrived.value, arrived.n, arrived.rows)
    assert "90th percentile 7.6" in took.formula  # 2 + 0.8 × (9 − 2)


def test_what_arrived_before_it_was_due_took_no_time() -> None:
    """An end before its start is no negative dwell."""
    took, arrived = dwell("HO-1", days("2024-06-03"), days("2024-06-01"), table="t", period=JUNE)

    assert (0.0, 1.0) == (took.value, arrived.value)


def test_a_day_and_a_time_may_be_compared() -> None:
    """A day begins at midnight."""
    noon = pd.Series(pd.to_datetime(["2024-06-04 12:00"], utc=True), index=[2])

    assert 1.5 == dwell("HO-1", days("2024-06-03"), noon, table="t", period=JUNE)[0].value


def test_nothing_to_hand_over_is_unknown() -> None:
    """Without a case neither the days nor the share is zero; a look-up that found nothing has no dtype."""
    took, arrived = dwell("HO-1", days(), pd.Series(dtype=object), table="t", period=JUNE)

    assert (None, None) == (took.value, arrived.value)


def test_what_began_at_the_end_of_the_period_may_still_arrive() -> None:
    """Fourteen days before 30 June is the 16th."""
    assert ["2024-06-03", "2024-06-16"] == [
        str(day.date()) for day in ripe(days("2024-06-03", "2024-06-16", "2024-06-17"), JUNE, CLIENT, 14)
    ]


def test_exactly_one_role_owns_a_seam() -> None:
    """None and two are both nobody; the document counts half."""
    row = {"subject": "ho-1", "subject_kind": "handoff", "raci": "A"}
    cases = {
        "one": [{**row, "role": "WFM", "document_ref": "sheet"}],
        "two": [{**row, "role": "WFM"}, {**row, "role": "HR"}],
        "only told": [{**row, "role": "WFM", "raci": "I", "document_ref": "sheet"}],
    }
    found = {
        name: [part.value for part in owner_and_document("HO-1", handed(ownership=rows).tables["ownership"])]
        for name, rows in cases.items()
    }

    assert {"one": [1.0, 1.0], "two": [0.0, 0.0], "only told": [0.0, 0.0]} == found
    assert [(None, 1.0), (None, 0.5)] == [(p.value, p.weight) for p in owner_and_document("HO-1", None)]


def test_a_missing_owner_is_moderate_at_most_and_a_missing_document_minor() -> None:
    """Papers alone are never severe; the measured dwell may be."""
    took, arrived = dwell(
        "HO-1", days(*["2024-05-01"] * 8), days(*["2024-06-30"] * 8), table="t", period=JUNE
    )
    other = handed(ownership=[{"subject": "LC-1", "role": "WFM", "raci": "A"}]).tables["ownership"]
    verdict = judge_handoff(
        "HO-1", other, [(took, "opening"), (arrived, "opening")], "Open it.", lever="staffing"
    )

    assert [("severe", "Open it."), ("moderate", f"Name one accountable role for: {TITLE}.")] == [
        (f.severity, f.remedy) for f in verdict.findings[:2]
    ]
    assert ["ownership"] * 3 == [f.step for f in verdict.findings]
    assert ["severe", "moderate", "minor"] == [f.severity for f in verdict.findings]
    assert {"seam": "HO-1", "dwell": None, "rework": None, "carried": None} == verdict.facts


def test_what_stands_beside_is_called_out_as_minor_and_not_scored() -> None:
    """Half of forty came back; the score is the papers' alone, and the facts say which figure answers what."""
    good = pd.Series([True] * 20 + [False] * 20, index=range(2, 42))
    back = unreturned("HO-1", "openings not sent back", good, of="openings", table="requisition", period=JUNE)
    none = unreturned(
        "HO-1", "openings not sent back", good[:0], of="openings", table="requisition", period=JUNE
    )
    papers = handed(ownership=[{"subject": "HO-1", "role": "WFM", "raci": "A", "document_ref": "sheet"}])
    verdict = judge_handoff(
        "HO-1", papers.tables["ownership"], (), "Open it.", beside=((back, "opening"),), rework=back
    )

    assert (0.5, 40, tuple(range(22, 42)), 0.0) == (back.value, back.n, back.rows, back.weight)
    assert ["minor"] == [f.severity for f in verdict.findings]
    assert 100.0 == score("HO-1", verdict.evidence).value
    assert back is verdict.facts["rework"]
    assert None is none.value


def test_a_field_that_was_not_exported_is_not_missing_in_every_case() -> None:
    """One of four has no skills; a column without a single value says nothing."""
    fields = pd.DataFrame({"size": [12.0, 12, 12, 12], "skills": ["a", "a", "a", None]}, index=range(2, 6))
    known = carried_whole("HO-1", "carried", fields, of="openings", table="requisition", period=JUNE)
    empty = fields.assign(skills=None)
    unknown = carried_whole("HO-1", "carried", empty, of="openings", table="requisition", period=JUNE)

    assert (0.75, (5,)) == (known.value, known.rows)
    assert (None, "requisition.skills is nowhere filled") == (unknown.value, unknown.reason)


def test_missing_measures_leave_only_the_papers() -> None:
    """A seam of which no log tells is judged by owner and document, its bounds open."""
    gone = missing("median days", "days", table="requisition", reason="needs requisition")
    verdict = judge_handoff("HO-1", None, [(gone, "opening")], "Open it.")

    assert () == verdict.findings
    assert [1.0, 1.0, 0.5] == [part.weight for part in verdict.evidence]
    assert None is verdict.facts["dwell"]
