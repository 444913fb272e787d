"""Each of the seventeen seams says five things, or which table would say them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.diagnostics.stories import handed
from workbench.diagnostics.assess import assess
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.lifecycle import HANDOFFS
from workbench.diagnostics.seams import NOT_MEASURED, Seam, seams
from workbench.metrics.proportion import rare

SERVED = {"HO-12": "LC-12", "HO-14": "VMF-9", "HO-15": "EXP-3"}
"""The seams that another item's check judges."""

OWNED = [{"subject": "HO-6", "subject_kind": "handoff", "role": "WFM", "raci": "A", "document_ref": "sheet"}]


def told(code: str, period: str = "2024-06", **tables: Any) -> Seam:
    assessment = assess(handed(period=period, **tables), only=[SERVED.get(code, code)])
    return next(seam for seam in seams(assessment) if seam.code == code)


def test_what_nothing_measured_says_which_table_would_show_it() -> None:
    """Without any table of events all seventeen stand there, each with five reasons or documents."""
    known = seams(assess(handed(ownership=OWNED), only=["HO-6"]))

    assert list(HANDOFFS) == [seam.code for seam in known]
    assert (1.0, 1.0) == (known[5].owner.value, known[5].written.value)
    for seam in known:
        for part in (seam.dwell, seam.rework, seam.carried):
            assert (None, True) == (part.value, bool(part.reason)), seam.code
    assert "log of the real-time board" in known[5].dwell.reason
    assert set(NOT_MEASURED) < set(HANDOFFS)


@pytest.mark.parametrize("code", list(HANDOFFS))
def test_every_seam_is_measured_or_named_as_not_measurable(code: str) -> None:
    """A check answers for whatever is not in the list of what no table carries."""
    assert SERVED.get(code, code) in CHECKS.names()


@pytest.mark.method("HO-2")
def test_requests_that_were_done_twice_are_rework_of_onboarding() -> None:
    """Of eight hires' requests two were done again."""
    seam = told(
        "HO-2",
        candidate=[{"id": "c{n}", "accepted": "2024-06-03", "repeat": 8}],
        hris=[{"agent_id": "A{n}", "role": "agent", "start_date": "2024-06-10", "candidate_id": "c{n}", "repeat": 8}],
        provisioning=[{"agent_id": "A{n}", "system": "crm", "requested_ts": "2024-06-05 09:00", "keyed_by": "auto",
                       "reworked": {"cycle": ["yes", "no", "no", "no"]}, "repeat": 8}],
    )  # fmt: skip

    assert (0.75, 8, (2, 6)) == (seam.rework.value, seam.rework.n, seam.rework.rows)
    assert rare(6, 8) == (seam.rework.low, seam.rework.high)
    assert (1.0, 2.0) == (seam.carried.value, round(seam.dwell.value or 0.0))


@pytest.mark.method("HO-3")
def test_access_waits_for_the_class() -> None:
    """Granted on Monday, first class on Thursday: three days."""
    seam = told(
        "HO-3",
        hris=[{"agent_id": "A{n}", "role": "agent", "start_date": "2024-06-03", "repeat": 6}],
        provisioning=[{"agent_id": "A{n}", "system": "crm", "requested_ts": "2024-06-01 09:00",
                       "granted_ts": "2024-06-03 09:00", "repeat": 6}],
        training=[{"agent_id": "A{n}", "course": "basics", "assigned": "2024-06-06 09:00", "repeat": 6}],
    )  # fmt: skip

    assert (3.0, 6, 1.0) == (seam.dwell.value, seam.dwell.n, seam.carried.value)
    assert "sent back" in seam.rework.reason


@pytest.mark.method("HO-4")
def test_a_certified_agent_carries_a_ramp_curve_or_not() -> None:
    """Three of four have one; an export without any ramp table tells nothing."""
    tables: dict[str, Any] = {
        "training": [{"agent_id": "A{n}", "course": "basics", "completed": "2024-06-03 17:00", "certified": "yes",
                      "repeat": 4}],
        "schedule": [{"agent_id": "A{n}", "activity_code": "on_queue", "start": "2024-06-06 08:00",
                      "end": "2024-06-06 16:00", "queue": "billing", "repeat": 4}],
    }  # fmt: skip
    ramp = [{"agent_id": "A{n}", "week_since_start": 0, "aht_s": 600, "repeat": 3}]

    seam = told("HO-4", **tables, ramp=ramp)

    assert (0.75, 4) == (seam.carried.value, seam.carried.n)
    assert None is told("HO-4", **tables).carried.value


@pytest.mark.method("HO-5", "HO-17")
def test_a_forecast_changed_after_its_lock_or_sent_again_comes_back() -> None:
    """Two days: one was made anew a day after its lock and sent again after it was confirmed."""
    fields = ("interval_start", "queue", "version_ts", "lock_ts", "sent_ts", "confirmed_ts")
    rows = [
        (
            "2024-06-10 08:00",
            "billing",
            "2024-05-20 08:00",
            "2024-05-27 08:00",
            "2024-05-20 09:00",
            "2024-05-21 09:00",
        ),
        (
            "2024-06-11 08:00",
            "billing",
            "2024-05-28 08:00",
            "2024-05-27 08:00",
            "2024-05-20 09:00",
            "2024-05-21 09:00",
        ),
        (
            "2024-06-11 08:30",
            "billing",
            "2024-05-28 08:00",
            "2024-05-27 08:00",
            "2024-05-28 09:00",
            "2024-05-28 12:00",
        ),
    ]
    forecast = [
        {**dict(zip(fields, row, strict=True)), "volume": 20, "aht_s": 300 if n else None}
        for n, row in enumerate(rows)
    ]
    shifts = [{"agent_id": "A1", "activity_code": "on_queue", "start": f"2024-06-{day} 08:00",
               "end": f"2024-06-{day} 16:00", "published_ts": "2024-05-30 08:00"} for day in (10, 11)]  # fmt: skip

    assert (0.5, 2) == ((part := told("HO-5", forecast=forecast, schedule=shifts).rework).value, part.n)
    seam = told("HO-17", forecast=forecast)
    assert (0.5, 2, pytest.approx(2 / 3), 3) == (
        seam.rework.value, seam.rework.n, seam.carried.value, seam.carried.n,
    )  # fmt: skip


@pytest.mark.method("HO-6")
def test_shifts_changed_after_publishing_come_back_to_the_board() -> None:
    """One of four agent-days was revised."""
    shifts = [
        {"agent_id": "A{n}", "activity_code": "on_queue", "start": "2024-06-03 08:00", "end": "2024-06-03 16:00",
         "published_ts": "2024-05-20 08:00", "revision": {"cycle": [0, 0, 0, 1]}, "repeat": 4}
    ]  # fmt: skip

    seam = told("HO-6", ownership=OWNED, schedule=shifts)

    assert (0.75, 4) == (seam.rework.value, seam.rework.n)


@pytest.mark.method("HO-8", "HO-9")
def test_disputes_change_scores_and_sessions_name_their_evaluation() -> None:
    """Of four evaluations one was changed and one names no contact; two of three sessions are linked."""
    evaluations = [
        {"eval_id": "v{n}", "agent_id": "A1", "evaluator_id": "Q1", "form_version": "1", "score": 0.6,
         "contact_id": {"cycle": ["c1", "c2", "c3", None]}, "eval_ts": "2024-06-03 09:00",
         "shown_ts": "2024-06-04 09:00",
         "disputed": {"cycle": ["yes", "no", "yes", "no"]},
         "dispute_result": {"cycle": ["changed", None, "upheld", None]},
         "repeat": 4}
    ]  # fmt: skip
    sessions = [
        {"agent_id": "A1", "coach_id": "T1", "date": "2024-06-07", "linked_eval_id": {"cycle": ["v1", "v2", None]},
         "repeat": 3}
    ]  # fmt: skip

    eight = told("HO-8", qa_eval=evaluations)
    nine = told("HO-9", qa_eval=evaluations, coaching=sessions)

    assert (0.75, 0.75, 1.0) == (eight.rework.value, eight.carried.value, eight.dwell.value)
    assert (pytest.approx(2 / 3), 3) == (nine.carried.value, nine.carried.n)


@pytest.mark.method("HO-10")
def test_a_plan_waits_from_the_second_missed_month_and_says_why() -> None:
    """Misses in April and May; plans of 10 June: ten days after 31 May; one of two is the agent's second."""
    evaluations = [
        {"eval_id": f"{month}{agent}", "agent_id": agent, "score": 0.5, "eval_ts": f"2024-0{month}-10 09:00"}
        for month in (4, 5) for agent in ("A1", "A2")
    ]  # fmt: skip
    plans = [
        {"agent_id": "A1", "opened": "2024-06-10", "reason": "quality"},
        {"agent_id": "A2", "opened": "2023-02-01", "closed": "2023-04-01", "reason": "quality"},
        {"agent_id": "A2", "opened": "2024-06-10"},
    ]

    seam = told("HO-10", period="2024-04-01:2024-07-31", qa_eval=evaluations, performance_plan=plans)

    assert (10.0, 2) == (seam.dwell.value, seam.dwell.n)
    assert (0.5, 0.5) == (seam.rework.value, seam.carried.value)


@pytest.mark.method("HO-13", "HO-15")
def test_disputed_results_and_corrected_invoices_come_back() -> None:
    """One of two disputed results was changed; of invoices five and seven days after the month one was corrected."""
    results = [
        {"client": "story", "metric": "service_level", "period": f"2024-0{month}", "value": 0.8, "disputed": "yes",
         "dispute_result": result}
        for month, result in ((5, "changed"), (6, "upheld"))
    ]  # fmt: skip
    invoices = [
        {"invoice_id": f"i{day}", "client": "story", "period": "2024-05", "issued_ts": f"2024-06-0{day} 00:00",
         "amount": 100, "corrected_flag": "no" if day == 6 else "yes", "units": 10, "rate_code": "day"}
        for day in (6, 8)
    ]  # fmt: skip

    assert 0.5 == told("HO-13", sla_result=results).rework.value
    billing = told("HO-15", invoice=invoices)
    assert (6.0, 2, 0.5) == (billing.dwell.value, billing.dwell.n, billing.rework.value)
