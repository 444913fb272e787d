"""Which six clients are there, and what is wrong with each? All companies and people are fictional."""

from __future__ import annotations

from datetime import date

from tools.clientgen.story import (
    Defects,
    Governance,
    People,
    Quality,
    Queue,
    Story,
    Work,
)

MON_TO_SAT = (0, 1, 2, 3, 4, 5)
ALL_WEEK = (0, 1, 2, 3, 4, 5, 6)

HEALTHY = Story(
    id="fernhill_energy",
    name="Fernhill Energy",
    sector="energy",
    vendor="Larkway Service",
    summary=(
        "An energy supplier whose partnership works. Nothing is planted. Its emergency line never closes, "
        "its period holds the 25-hour day of 27 October 2024, and its times carry their offset from UTC."
    ),
    start=date(2024, 9, 1),
    end=date(2024, 12, 31),
    time_zone="Europe/Berlin",
    currency="EUR",
    sites=(("Larkway Leipzig", "DE", "Europe/Berlin"),),
    contract_start=date(2021, 6, 1),
    go_live=date(2021, 9, 1),
    with_offset=True,
    agent_hours=4.5,
    states_from=date(2024, 11, 1),
    is_healthy=True,
    queues=(
        Queue("billing", 150, 860, agents=15, course="energy billing", language="de"),
        Queue("moves", 74, 800, agents=9, course="supplier change", language="de"),
        Queue("emergency", 34, 330, opens=0, closes=24, weekdays=ALL_WEEK, agents=17, mix=(0.6, 0.3, 0.1),
              course="gas safety", language="de"),
    ),
)  # fmt: skip

TELECOM = Story(
    id="brightwave_telecom",
    name="Brightwave Telecom",
    sector="telecommunications",
    vendor="Halden Contact Partners",
    summary=(
        "A telecom that handed over a short wiki and a few sessions. Within weeks agents pass on two contacts "
        "in five. The service level is green while customers call again; the weekly forum is mostly not held; "
        "the pack reports another formula than the contract's, and more than the log yields."
    ),
    serves=("FM-X1",),
    sound=("EXP-3", "BOM-1", "BOM-7"),
    start=date(2024, 2, 1),
    end=date(2024, 5, 31),
    time_zone="Europe/London",
    currency="GBP",
    sites=(("Halden Cardiff", "GB", "Europe/London"),),
    contract_start=date(2023, 12, 1),
    go_live=date(2024, 2, 1),
    agent_hours=4.5,
    states_from=date(2024, 4, 1),
    contract_mix=(0.72, 0.20, 0.08),
    queues=(
        Queue("technical support", 135, 860, opens=8, closes=20, weekdays=MON_TO_SAT, agents=22,
              mix=(0.40, 0.34, 0.26)),
        Queue("billing", 92, 690, opens=8, closes=20, weekdays=MON_TO_SAT, agents=12, mix=(0.52, 0.32, 0.16)),
        Queue("contracts", 46, 700, opens=9, closes=18, agents=6, mix=(0.50, 0.32, 0.18)),
    ),
    work=Work(
        resolved=(0.88, 0.76, 0.58),
        escalated=(0.155, 0.32, 0.48),
        escalated_when_new=2.0,
        tenure_weeks=16.0,
        slow_when_new=1.35,
        resolved_after_escalation=0.82,
        complaints_if_not=0.09,
    ),
    people=People(
        new_at_start=0.72,
        attrition_per_year=1.1,
        never_revoked=0.40,
        revoked_late=0.20,
        keyed_by_hand=0.55,
        first_day_access=0.80,
        provisioning_days=2.6,
        onboarding_by_mail=0.20,
        onboarding_variants=0.35,
        uncertified=0.18,
        wrong_tags=0.12,
        demo_team_gap=9.0,
        exits_fed_back=0.2,
    ),
    quality=Quality(
        evals_per_month=3.2,
        missed_evals=0.25,
        evaluator_bias=4.5,
        late_entry=0.45,
        rounded=0.5,
        calibrations_held=0.5,
        disagreement=0.30,
        coaching_per_month=1.1,
        coaching_spread=0.65,
        coached_after_eval=0.35,
        coached_in_system=0.6,
    ),
    governance=Governance(
        held={"daily": 0.7, "weekly": 0.35, "monthly": 0.75, "calibration": 0.5},
        roles_missing=0.3,
        decisions=0.9,
        closed_in_time=0.45,
        recurrence=0.35,
        side_channel=0.40,
        response_h=20.0,
        breach_decided_days=16.0,
        breach_undecided=0.4,
        kpis_ruled=0.3,
        reported_formula="V1",
        reported_shift={"service_level": 0.02, "csat": 0.35, "fcr": 0.08},
        edited_last_day=0.7,
        restated=0.2,
        found_by_vendor=0.25,
        detection_days=6.0,
        improvements=2,
        improvements_adopted=0.3,
        leaders_replaced=3,
        stages_unowned=3,
        stages_double=2,
        handoffs_unowned=9,
        handoffs_double=2,
        outcome_weight=0.1,
        outcome_sla=False,
        kpis_cover_tools=False,
        data_standard=False,
        no_relationship_owner=True,
        client_hours_per_week=22.0,
        documents_late=True,
        processes_undefined=5,
        clause_strength=1.6,
        shadow_tools=4,
        transfer_held=(0.55, 0.35, 0.20),
        transfer_artefacts=(2, 1, 1),
        platform_data=0.3,
        escalations_per_week=2.6,
        escalations_unowned=0.3,
        closed_by_vendor=0.35,
        resolve_days=9.0,
        buyer_answers=2.1,
        vendor_answers=3.6,
    ),
    defects=Defects(
        duplicated=45,
        answered_before_offered=60,
        negative_durations=25,
        unknown_agents=40,
        agent_missing=30,
        customer_missing=0.04,
        disposition_missing=0.12,
        complexity_missing=0.05,
    ),
    large_as="csv.gz",
)  # fmt: skip

STORIES = {story.id: story for story in (TELECOM, HEALTHY)}
SEEDS = {story_id: 1 + place for place, story_id in enumerate(STORIES)}
"""The seed from which each committed client is made."""
