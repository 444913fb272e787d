"""The pictures of the health review: wheel, leaks, lifecycle, forums and failure modes, from small tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.diagnostics.stories import finding, handed
from workbench.diagnostics.assess import Assessment, assess
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Score
from workbench.diagnostics.lifecycle import HANDOFFS, STAGES
from workbench.diagnostics.modes import MODES
from workbench.diagnostics.rescue import FIXABLE, SOUND
from workbench.diagnostics.roots import UNASSIGNED
from workbench.diagnostics.wheel import ITEMS
from workbench.reports.declare import SECTIONS
from workbench.reports.parameters import Parameters
from workbench.reports.section import Cards, DataTable, Figure, Prose, Section

SILENT = {
    "health wheel": "FIG-9", "four leaks": "FIG-2", "lifecycle map": "FIG-1", "governance forums": "FIG-4",
    "failure modes": "FIG-8",
}  # fmt: skip


def assessed(
    only: Sequence[str], period: str = "2024-06", **tables: Sequence[Mapping[str, Any]]
) -> Assessment:
    return assess(handed(period=period, **tables), only=[code for code in only if code in CHECKS.names()])


def built(id: str, assessment: Assessment) -> Section:
    section = SECTIONS.get(id).build(assessment, Parameters(client="somewhere"))
    assert section is not None
    return section


def picture(section: Section) -> Figure:
    return next(block for block in section.blocks if isinstance(block, Figure))


def table(section: Section, name: str) -> DataTable:
    return next(block for block in section.blocks if isinstance(block, DataTable) and block.name == name)


def answer(item: str, side: str, value: int) -> dict[str, Any]:
    return {"item_id": item, "side": side, "respondent": side, "answer": value}


@pytest.mark.parametrize(
    "id", [pytest.param(id, marks=pytest.mark.method(item)) for id, item in SILENT.items()]
)
def test_a_picture_of_nothing_is_not_drawn(id: str) -> None:
    """Where nothing is known the section stays away; "not assessed" lists the reasons elsewhere."""
    nothing = assessed((*ITEMS, "VL-4", "LC-1", "HO-1", "FM-5"))

    assert SECTIONS.get(id).build(nothing, Parameters(client="somewhere")) is None


@pytest.mark.method("FIG-9", "HC-11")
def test_the_wheel_shows_eight_items_and_names_where_the_sides_differ() -> None:
    """HC-5: the buyer's 2 is 25 points, the vendor's 4 is 75; nobody answered on FMB-2 beside it."""
    differ = assessed(ITEMS, survey=[answer("HC-5", "buyer", 2), answer("HC-5", "vendor", 4)])

    section = built("health wheel", differ)

    rows = {row[0]: row[1:] for row in picture(section).rows}
    assert 8 == len(rows)
    # what was answered scores 50 and is half of the fifth that answers weigh; the rest is anything
    assert (50.0, 5.0, 95.0, 25.0, 75.0) == pytest.approx(rows["HC-5 Scope realistic"])
    assert (None, 0.0, 100.0, None, None) == rows["HC-8 Reports reproducible"]
    assert "HC-5 (50 points, the vendor higher)" in section.model_dump_json()
    assert "HC-8 Reports reproducible not assessed (0 to 100)" in picture(section).alt
    assert 8 == len(section.data["health_wheel"])


@pytest.mark.method("HC-11")
def test_the_review_shows_past_reviews_and_says_when_they_decline() -> None:
    """80, 82, 78, 60 and now 50: mean 75, ranges 2 4 18, spread 8 / 1.12838 = 7.09; the falls add up to 4.6."""
    now = assessed(ITEMS, survey=[answer("HC-5", "buyer", 3), answer("HC-5", "vendor", 3)])
    past = {
        f"2023-{month}": {
            "origin": {"period": {"start": f"2023-{month}-01", "end": f"2023-{month}-28"}},
            "sections": [{"id": "headline", "data": {"total": {"value": total}}}],
        }
        for month, total in (("03", 80), ("06", 82), ("09", 78), ("12", 60))
    }
    with_past = replace(now, dataset=replace(now.dataset, extras={"reviews": past}))

    trend = table(built("health wheel", with_past), "trend of reviews")

    assert ("to 2023-12-28", 60.0, pytest.approx(15 / 7.0898 - 0.5, abs=1e-3)) == trend.rows[3]
    assert ("now", 50.0, pytest.approx(40 / 7.0898 - 1.0, abs=1e-3)) == trend.rows[4]
    assert "declines slowly" in trend.note
    assert "above 4 the decline is more than noise" in trend.note
    assert [] == [b for b in built("health wheel", now).blocks if isinstance(b, DataTable)]


@pytest.mark.method("FIG-2")
def test_each_of_the_four_leaks_has_a_panel_with_score_bounds_and_grade() -> None:
    """VL-4: figures (2) and breaches (1) score 0, the rest of 6.25 is unknown: 0 to 52; VL-4a is all unknown."""
    leaking = assessed(
        ("VL-1", "VL-2", "VL-3a", "VL-4", "VL-4a"),
        kpi=[{"kpi": "figure {n}", "owner": "vendor manager", "repeat": 20}],
        breach=[{"kpi": "figure 1", "ts": {"from": "2024-06-03 09:00", "every": "12h"}, "repeat": 20}],
    )

    section = built("four leaks", leaking)

    cards = {c.label: c for b in section.blocks if isinstance(b, Cards) for c in b.cards}
    assert ["Unclear processes", "Role confusion", "Messy data", "No operating rhythm"] == list(cards)
    rhythm, roles = cards["No operating rhythm"], cards["Role confusion"]
    assert (0.0, 0.0, 76.0) == pytest.approx((rhythm.value, rhythm.low, rhythm.high))
    assert (None, 0.0, 100.0) == (roles.value, roles.low, roles.high)
    assert "documented" in rhythm.note or "measured" in rhythm.note
    said = section.model_dump_json()
    assert "VL-4, severe" in said
    assert "Nothing that was assessed calls for action." in said


@pytest.mark.method("FIG-1")
def test_the_lifecycle_has_twelve_stages_and_a_dwell_on_every_measured_arrow() -> None:
    """Two days from approval to opening at HO-1; the other arrows carry a question mark."""
    mapped = assessed(
        (*STAGES, *HANDOFFS),
        requisition=[{"id": "q{n}", "approved": "2024-06-03", "opened": "2024-06-05", "class_size": 12,
                      "class_start": "2024-07-15", "skills": "billing", "repeat": 8}],
    )  # fmt: skip

    section = built("lifecycle map", mapped)

    arrows = {row[0]: row[2] for row in picture(section).rows}
    assert [f"HO-{n}" for n in range(1, 12)] == list(arrows)
    assert 2.0 == arrows["HO-1"]
    assert {None} == {days for code, days in arrows.items() if code != "HO-1"}
    assert "HO-1 Approved plan to open requisition: 2\u202fdays" in picture(section).alt
    for title in STAGES.values():
        assert title.split()[0] in picture(section).svg
    seams = {row[0]: row[1:] for row in table(section, "handoffs").rows}
    assert list(HANDOFFS) == list(seams)
    assert (2.0, 100.0) == (seams["HO-1"][1], seams["HO-1"][2])
    assert "needs ownership" == seams["HO-7"][5]
    assert (None, 0.0, 100.0) == seams["HO-14"][2:5]  # whose check was not run


@pytest.mark.method("FIG-4")
def test_the_four_forums_stand_side_by_side_with_what_is_unknown_left_open() -> None:
    """Weekly: 10 of 26 held, one of five roles at each, half of them with a decision. Quarterly: 0 of 2."""
    met = {"from": "2024-01-02", "every": "7d"}
    meetings = [
        {"forum": "weekly", "date_planned": met, "date_held": met, "attendees": "Vendor manager",
         "decisions_n": {"cycle": [2, 0]}, "repeat": 10},
        {"forum": "weekly", "date_planned": {"from": "2024-03-12", "every": "7d"}, "repeat": 16},
    ]  # fmt: skip
    held = assessed(("GOV-2",), "2024-01-01:2024-06-30", gov_meeting=meetings)

    section = built("governance forums", held)

    rows = {row[0]: row[1:] for row in picture(section).rows}
    assert 4 == len(rows)
    assert (10 / 26, 0.2, 0.5) == pytest.approx(rows["weekly (diagnosis)"])
    assert (0.0, None, None) == rows["quarterly (direction)"]
    assert "weekly (diagnosis): held as planned 38\u202f%" in picture(section).alt
    assert "26 meetings planned or held" in picture(section).caption
    assert ["daily", "weekly", "monthly", "quarterly"] == list(section.data["forums"])


def test_a_drift_is_noticed_then_decided_on_and_the_sum_is_the_tables() -> None:
    """26 weeks, every second with one late contact; two days from a breach to its decision (tests/cases/VMF-4.yaml).

    A weekly forum looks as the table's "3σ weekly" does: 2.05 weeks, half a week for the meeting, and 2/7 of a week.
    """
    weekly = {"from": "2024-01-03", "every": "7d"}
    late, alert = {"from": "2024-01-08 08:00", "every": "14d"}, {"from": "2024-02-05 09:00", "every": "7d"}
    story: dict[str, list[dict[str, Any]]] = {
        "contacts": [
            {"contact_id": "c{n}", "offered_ts": {"from": "2024-01-01 00:00", "every": "252min"},
             "answer_ts": {"from": "2024-01-01 00:01", "every": "252min"}, "wait_s": 10, "repeat": 1040},
            {"contact_id": "d{n}", "offered_ts": late, "answer_ts": {**late, "from": "2024-01-08 08:01"},
             "wait_s": 90, "repeat": 13},
        ],
        "breach": [
            {"kpi": "level", "ts": alert, "decided_ts": {**alert, "from": "2024-02-07 09:00"}, "repeat": 8}
        ],
        "gov_meeting": [{"forum": "weekly", "date_planned": weekly, "date_held": weekly, "repeat": 26}],
    }  # fmt: skip
    section = built("governance forums", assessed(("VMF-4",), "2024-01-01:2024-06-30", **story))
    said = section.model_dump_json().replace("\u202f", " ")
    lags = {row[0]: row[1:] for row in table(section, "detection lag").rows}

    assert (
        "noticed after 2.5 weeks and, with 0.3 weeks from a breach to its decision (the median of 8 breaches)"
        in said
    )
    assert "decided on after 2.8 weeks" in said
    assert 2.546 + 2 / 7 == pytest.approx(lags[0.05][0], abs=0.002)
    assert "26 weeks, 1 January" in table(section, "detection lag").caption
    del story["breach"]
    unknown = built("governance forums", assessed(("VMF-4",), "2024-01-01:2024-06-30", **story))
    assert "its notice; how long a decision takes is not known" in table(unknown, "detection lag").caption


@pytest.mark.method("FIG-8")
def test_the_matrix_shows_each_failure_mode_with_both_sides_part() -> None:
    """FM-4: 10 of 20 escalations came back. The vendor answers 4 on its part, the buyer 2 on its own."""
    again = assessed(
        tuple(code for mode in MODES for code in mode.detectors),
        escalation=[{"id": "e{n}", "raised_ts": "2024-06-03 09:00", "resolved_ts": "2024-06-04 09:00",
                     "owner_side": "vendor", "recurred": {"cycle": [True, False]}, "repeat": 20}],
        survey=[answer("FMV-4", "vendor", 4), answer("FMB-3", "buyer", 2)],
    )  # fmt: skip

    section = built("failure modes", again)

    modes = {row[0]: row[1:] for row in table(section, "failure modes").rows}
    assert [mode.title for mode in MODES] == list(modes)
    row = modes["The same problems again"]
    assert row[0] is not None
    assert 0 <= row[1] < row[2] <= 100
    assert "a dedicated vendor manager" == row[4]
    parts = {row[1]: row[2:] for row in table(section, "both sides").rows if row[0] in modes}
    vendor = parts["vendor: reacts and passes back"]
    buyer = parts["buyer: nobody owns governance"]
    assert ("75 (1 answer)", "FM-4, VMF-11") == vendor[4:]
    assert ("", "25 (1 answer)", "FM-4, VMF-11") == buyer[3:]
    assert buyer[1] < buyer[0] < buyer[2]
    assert (None, 0.0, 100.0, "", "", "") == parts["buyer: the hiring pipeline was never tested"]
    assert modes["Talent mismatch"][:3] == (None, 0.0, 100.0)
    assert (5, 10) == (len(section.data["failure_modes"]), len(section.data["sides"]))
    assert 1.0 == pytest.approx(sum(section.data["roots"].values()))


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("HC-7", "GOV-5", "FM-5", "FM-2", "LC-6"), "The largest of the roots: governance, 20 % of the weight of all "
         "findings; 20 % of the weight of all findings grows from none of the five roots."),
        (("GOV-5", "HC-2", "FM-5"), "Most of what was found grows from one root: governance, 67 % of the weight of all "
         "findings."),
        (("LC-6", "LC-6", "FM-5"), "The largest of the roots: scope, 33 % of the weight of all findings; 67 % of the "
         "weight of all findings grows from none of the five roots."),
        (("LC-6",), "100 % of the weight of all findings grows from none of the five roots."),
    ],
)  # fmt: skip
@pytest.mark.method("FM-G1")
def test_most_is_said_from_half_upwards_and_what_has_no_root_keeps_its_rank(
    codes: Sequence[str], said: str
) -> None:
    """Severe findings, each of weight 4."""
    some = assessed(("FM-4",), escalation=[{"id": "e{n}", "raised_ts": "2024-06-03 09:00", "recurred": False,
                                            "resolved_ts": "2024-06-04 09:00", "repeat": 20}])  # fmt: skip
    section = built("failure modes", replace(some, findings=tuple(finding(code) for code in codes)))

    prose = "".join(run.text for block in section.blocks if isinstance(block, Prose) for run in block.runs)
    ranked = [row[0] for row in table(section, "roots").rows]
    assert said == prose.replace("\u202f", " ")
    assert (UNASSIGNED in ranked) == ("LC-6" in codes)
    assert (ranked[0] == UNASSIGNED) == (codes[0] == "LC-6")


@pytest.mark.method("FM-G5", "CX-4")
def test_preventions_and_both_cadences_stand_where_an_assessor_looks() -> None:
    """Weekly held 4 of 4 with all roles, no other forum planned: the daily one counts in one variant of the cadence."""
    met = {"from": "2024-06-04", "every": "7d"}
    everybody = "Vendor manager; Vendor operations; QA; Training; Reporting"
    held = assessed(
        ("GOV-1", "GOV-2", "GOV-5", "HC-2", "FM-4"),
        gov_meeting=[{"forum": "weekly", "date_planned": met, "date_held": met, "attendees": everybody,
                      "decisions_n": 1, "repeat": 4}],
        escalation=[{"id": "e{n}", "raised_ts": "2024-06-03 09:00", "resolved_ts": "2024-06-04 09:00",
                     "owner_side": "vendor", "recurred": False, "repeat": 20}],
    )  # fmt: skip

    prevented = {row[0]: row[1:] for row in table(built("failure modes", held), "preventions").rows}
    cadences = {row[0]: row[1:4] for row in table(built("governance forums", held), "both cadences").rows}

    assert (None, "", "FM-1") == prevented["evaluate vendors properly"]
    assert "HC-2, GOV-5" == prevented["build strong governance"][1]
    # of three measures each, daily: 0 and two unknown; weekly: 100, 100, unknown; monthly as daily; quarterly: not due
    four, three = cadences["four forums, daily to quarterly"], cadences["three forums, weekly to quarterly"]
    assert (100 / 3, 200 / 3 / 4, 1000 / 3 / 4) == pytest.approx(four)
    assert (100 / 2, 200 / 3 / 3, 800 / 3 / 3) == pytest.approx(three)


@pytest.mark.method("CX-1", "CX-5", "VMO-4")
def test_the_office_is_sized_from_what_was_recorded_and_the_ratio_comes_out() -> None:
    """A month of 30 days; 4 weeklies of 60 minutes; 2 invoices, whose minutes nobody noted; 40 agents, one gone."""
    met = {"from": "2024-06-04", "every": "7d"}
    tables: dict[str, Any] = {
        "gov_meeting": [{"forum": "weekly", "date_planned": met, "date_held": met, "minutes": 60, "repeat": 4}],
        "invoice": [{"invoice_id": f"i{i}", "client": "story", "issued_ts": "2024-06-05 09:00", "amount": 9,
                     "rate_code": code} for i, code in ((1, "a"), (1, "b"), (2, "a"))],
        "hris": [{"agent_id": "A{n}", "role": "agent", "start_date": "2023-01-01", "repeat": 40},
                 {"agent_id": "B1", "role": "agent", "start_date": "2023-01-01", "term_date": "2024-06-03"}],
    }  # fmt: skip
    section = built("vendor office", assessed(("GOV-2",), **tables))
    told = section.data["vendor_office"]
    months = 30 / 30.4375
    low, high = ((4 * 60 + 2 * minutes) / 60 / months for minutes in (30, 90))

    assert (low, high) == pytest.approx(told["hours_a_month"])
    assert (low / 120, high / 120) == pytest.approx(told["people"])
    assert (40 * 120 / high, 40 * 120 / low) == pytest.approx(told["agents_per_person"])
    assert ("recorded, 4 times", "assumed") == tuple(
        row[-1] for row in table(section, "tasks of the vendor office").rows
    )
    assert "no schedule says how many" in section.model_dump_json()
    planned = [{"agent_id": "A1", "start": f"2024-06-03 {at}", "end": f"2024-06-03 {end}", "activity_code": code}
               for at, end, code in (("09:00", "12:00", "on_queue"), ("12:00", "13:00", "training"))]  # fmt: skip
    with_plan = built("vendor office", assessed(("GOV-2",), **tables, schedule=planned))
    week = [hours / (365.25 / 7 / 12) for hours in (low, high)]
    assert 0.25 == with_plan.data["vendor_office"]["shrinkage"]
    said = with_plan.model_dump_json()
    assert (
        f"{week[0]:.1f} to {week[1]:.1f} hours, or {week[0] / 40:.2f} to {week[1] / 40:.2f} full-time" in said
    )
    assert f"training too: {week[0] / 30:.2f} to {week[1] / 30:.2f} at the planned shrinkage of 25" in said
    assert SECTIONS.get("vendor office").build(assessed(("GOV-2",)), Parameters(client="somewhere")) is None


@pytest.mark.method("FIX-1", "VL-1d")
def test_the_order_of_repair_shows_each_gate_and_what_waits() -> None:
    """Three of four processes are unsigned; the tool that lets nothing out is for one of them."""
    papers = [
        {"process": name, "version": "1", "module_go_live": "2024-05-01"}
        for name in ("quality", "training", "coaching")
    ]
    signed = {"process": "scheduling", "version": "1", "approved_date": "2024-03-01", "teams_agreed": True}
    section = built("order of repair", assessed(
        ("VL-1", "RES-4"),
        process_document=[*papers, signed],
        tool_inventory=[{"tool": "QA suite", "function": "QA", "status": "approved"}],
    ))  # fmt: skip

    gates = {row[0]: row[2:] for row in table(section, "gates").rows}
    tool = next(step for step in section.data["order_of_repair"] if step["step"] == "technology")
    assert ("does not pass", "not signed off") == gates["quality"]
    assert ("passes", "signed off 1 March 2024, agreed by all teams") == gates["scheduling"]
    assert ["VL-1"] == tool["waits_for"]
    assert tool["reason"].endswith("Held back until coaching, quality and training pass the gate (VL-1)")
    assert "Not yet" in section.model_dump_json()


@pytest.mark.method("FIG-2")
def test_the_leak_of_processes_shows_in_how_many_ways_they_run() -> None:
    """Ten people took two courses in one order; nobody says who leads them, and what is written."""
    courses = [{"agent_id": f"A{i}", "course": course, "assigned": "2024-01-02", "completed": day}
               for i in range(10) for course, day in (("basics", "2024-01-05"), ("product", "2024-01-12"))]  # fmt: skip
    section = built("four leaks", assessed(("VL-1a", "VL-1b", "VL-1c"), training=courses))

    (row,) = table(section, "ways of processes").rows
    assert ("training", "VL-1b", 10) == row[:3]
    assert row[3].replace("\u202f", " ") == "100 % (72.2 % to 100 %)"
    assert row[4] == "not known: needs hris"
    assert row[5].startswith("not known: no document lists the steps of training")


@pytest.mark.method("RES-8")
def test_both_doubts_are_drawn_on_the_axes_of_rescue_or_switch() -> None:
    """Everything stands at 70, complete, and the samples allow 53 to 82: picture, table and prose say so."""
    empty = assessed(("EXIT-1",))
    one = Score("", 70.0, 70.0, 70.0, "M", "", 53.0, 82.0, 1.0)
    review = replace(empty, scores={code: replace(one, code=code) for code in (*FIXABLE, *SOUND)})
    section = SECTIONS.get("rescue or switch").build(review, Parameters(client="here", audience="internal"))

    assert section is not None
    assert [(70, 70, 70, 53, 82)] * 2 == [row[1:] for row in picture(section).rows]
    assert picture(section).alt.count("70, by missing evidence from 70 to 70; by sampling from 53 to 82") == 2
    assert "cannot be told on which side of 60" in section.model_dump_json()
    assert [53.0, 82.0] == section.data["rescue_or_switch"]["sound_bounds"]
