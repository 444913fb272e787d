"""Which six clients are there, and what is wrong with each? All companies and people are fictional."""

from __future__ import annotations

from datetime import date

from tools.clientgen.story import (
    Defects,
    Governance,
    Money,
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
    sound=(
        "EXP-3", "EXP-3: invoices right the first time", "HO-11: final pay there by its day and right at once",
        "VL-3f: change of filled cells in provisioning after go-live",
    ),
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
        resolved=(0.85, 0.71, 0.52),
        escalated=(0.158, 0.322, 0.483),
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
        escalation_process=False,
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
        duplicated=700,
        answered_before_offered=450,
        negative_durations=300,
        unknown_agents=380,
        agent_missing=200,
        customer_missing=0.04,
        disposition_missing=0.12,
        complexity_missing=0.05,
    ),
    large_as="csv.gz",
)  # fmt: skip

INSURER = Story(
    id="alderstone_health",
    name="Alderstone Health Insurance",
    sector="health insurance",
    vendor="Penmark Member Services",
    summary=(
        "A regulated health insurer whose service is good and whose roles are not clear: stages and handoffs with "
        "two accountable roles or none, controls that each side takes for the other's, procurement and operations "
        "both in charge of the vendor. Accounts of leavers close more than a week late, access reviews are "
        "skipped, incidents are told days later. Its period holds the 23-hour day of 10 March 2024."
    ),
    sound=(
        "VMF-3", "HC-8", "VL-3a", "HC-6", "FM-2", "VL-3f: change of filled cells in provisioning after go-live",
    ),
    start=date(2024, 2, 1),
    end=date(2024, 5, 31),
    time_zone="America/New_York",
    currency="USD",
    sites=(("Penmark Albany", "US", "America/New_York"),),
    contract_start=date(2022, 9, 1),
    go_live=date(2022, 11, 1),
    regulated=True,
    agent_hours=4.5,
    states_from=date(2024, 4, 15),
    queues=(
        Queue("claims", 132, 900, opens=8, closes=19, agents=16, course="claims handling"),
        Queue("eligibility", 84, 640, opens=8, closes=19, agents=10, course="member eligibility"),
        Queue("providers", 40, 780, opens=8, closes=18, agents=7, course="provider contracts"),
    ),
    people=People(
        attrition_per_year=0.85,
        never_revoked=0.10,
        revoked_late=0.65,
        revoked_late_days=9.0,
    ),
    governance=Governance(
        stages_unowned=2,
        stages_double=4,
        handoffs_unowned=4,
        handoffs_double=6,
        controls_unowned=2,
        controls_double=2,
        second_owner="procurement",
        owner_agreement=0.45,
        access_reviews_held=0.35,
        audit_overdue=0.6,
        incident_reported_h=64.0,
        subprocessors_unapproved=1,
        misrouted_topics=0.10,
        buyer_answers=3.6,
        vendor_answers=3.9,
        answers_about={
            "VL-2": (1.8, 2.3), "VMF-9": (1.7, 2.2), "HC-1": (2.2, 2.8), "LC-12": (1.9, 2.4), "EXP-4": (2.1, 3.2),
        },
    ),
)  # fmt: skip

SHOP = Story(
    id="pebblecart_shop",
    name="Pebblecart",
    sector="online retail",
    vendor="Odelia Care",
    summary=(
        "An online shop that nobody on its own side looks after. The service level is green in every month. On "
        "3 June 2024, three months in, agents begin to close contacts faster and to resolve fewer; satisfaction "
        "falls at once, and nobody can say since when or why. Reviews were released as long as all was well: of March, "
        "April and May (`reviews/`)."
    ),
    serves=("FM-X2",),
    sound=("EXP-6", "VL-3a", "HC-8", "HO-11: final pay there by its day and right at once"),
    start=date(2024, 3, 1),
    end=date(2024, 8, 31),
    time_zone="Europe/Amsterdam",
    currency="EUR",
    sites=(("Odelia Utrecht", "NL", "Europe/Amsterdam"),),
    contract_start=date(2024, 1, 8),
    go_live=date(2024, 3, 1),
    agent_hours=4.5,
    states_from=date(2024, 7, 15),
    queues=(
        Queue("orders", 104, 760, opens=9, closes=20, weekdays=MON_TO_SAT, agents=15),
        Queue("returns", 56, 640, opens=9, closes=20, weekdays=MON_TO_SAT, agents=9, channel="chat"),
    ),
    work=Work(
        onset=date(2024, 6, 3),
        resolved_lost=0.24,
        speeds_up=0.16,
        complaints_if_not=0.08,
    ),
    people=People(supervisors=2, qa_analysts=2, new_at_start=0.2, attrition_per_year=0.4),
    governance=Governance(
        held={"weekly": 0.6, "monthly": 0.84, "quarterly": 0.5},
        no_relationship_owner=True,
        roles_missing=0.2,
        kpis_ruled=0.3,
        kpis_cover_tools=False,
        outcome_weight=0.05,
        outcome_sla=False,
        breach_decided_days=24.0,
        breach_undecided=0.75,
        detection_days=18.0,
        found_by_vendor=0.2,
        recurrence=0.3,
        opened=0.4,
        improvements=1,
        improvements_adopted=0.0,
        closed_in_time=0.6,
        buyer_answers=2.6,
        vendor_answers=3.8,
        answers_about={"HC-1": (1.3, 2.0), "FMB-3": (1.3, 2.1), "HC-7": (1.8, 2.4), "FM-3": (1.9, 3.5)},
    ),
)  # fmt: skip

ACCOUNTS = (
    ("tarnfield_bank", "tarnfield cards", 44, 520),
    ("ovalle_travel", "ovalle bookings", 40, 640),
    ("brindle_foods", "brindle orders", 36, 430),
    ("kestrel_rail", "kestrel tickets", 46, 480),
    ("mossgate_water", "mossgate bills", 38, 600),
    ("lindqvist_home", "lindqvist returns", 34, 560),
    ("harrow_media", "harrow subscriptions", 42, 450),
    ("sablewood_auto", "sablewood roadside", 40, 540),
)
"""Client, queue, contacts a day, handle time. All fictional."""

BPO = Story(
    id="quillbay_outsourcing",
    name="Quillbay Outsourcing",
    sector="business process outsourcing",
    vendor="Quillbay Outsourcing",
    summary=(
        "A BPO with eight clients and agents in five states. Evaluators disagree and score by habit, calibration "
        "is mostly skipped, coaching depends on the team leader, and the weekly is held every second time. Every "
        "client has its own pack made by hand. Invoices carry hours that no time sheet holds for two clients, hours "
        "move into the dearer rate code, and the cost of two accounts grows unnoticed."
    ),
    sound=("VMF-3", "EXP-6", "FM-2", "HC-5"),
    start=date(2024, 7, 1),
    end=date(2024, 10, 31),
    time_zone="America/Chicago",
    currency="USD",
    sites=(
        ("Quillbay Omaha", "US-NE", "America/Chicago"),
        ("Quillbay Tulsa", "US-OK", "America/Chicago"),
        ("Quillbay Boise", "US-ID", "America/Boise"),
        ("Quillbay Akron", "US-OH", "America/New_York"),
        ("Quillbay Reno", "US-NV", "America/Los_Angeles"),
    ),
    contract_start=date(2021, 3, 1),
    go_live=date(2021, 6, 1),
    agent_hours=4.5,
    states_from=date(2024, 9, 15),
    queues=tuple(
        Queue(queue, volume, aht, opens=8, closes=18, agents=6, client=client)
        for client, queue, volume, aht in ACCOUNTS
    ),
    people=People(
        supervisors=5,
        qa_analysts=5,
        attrition_per_year=0.45,
        schedule_in_tool=0.35,
        schedule_revisions=0.35,
        leave_decided_h=44.0,
        payroll_errors=0.05,
        published_days_before=6,
        adherence_lost=0.06,
        coverage_error=0.25,
        lateness_s=280.0,
    ),
    quality=Quality(
        evals_per_month=2.6,
        missed_evals=0.35,
        evaluator_bias=6.0,
        late_entry=0.4,
        rounded=0.7,
        disputed=0.12,
        calibrations_held=0.4,
        disagreement=0.35,
        coaching_per_month=1.3,
        coaching_spread=0.6,
        coached_after_eval=0.4,
        coached_in_system=0.55,
    ),
    governance=Governance(
        held={"weekly": 0.5, "calibration": 0.4},
        edited_last_day=0.5,
        platform_data=0.4,
        restated=0.12,
        shadow_tools=3,
        closed_in_time=0.55,
        buyer_answers=3.2,
        vendor_answers=3.9,
        answers_about={"HC-3": (2.0, 3.2), "VL-1c": (2.0, 2.9), "HC-2": (2.1, 3.1)},
    ),
    money=Money(
        invoices_corrected=0.16,
        disputed=0.12,
        hours_overbilled=0.05,
        overbilled_clients=("kestrel_rail", "harrow_media"),
        wrong_rate=0.04,
        margin_erosion=0.30,
        eroding_clients=("brindle_foods", "sablewood_auto"),
        manual_timesheets=0.35,
        approval_minutes=5.0,
        prep_hours=6.0,
        automation=0.0,
    ),
)  # fmt: skip

LITTLE = Story(
    id="quietbrook_travel",
    name="Quietbrook Travel",
    sector="travel",
    vendor="Sundial Contact",
    summary=(
        "A travel agency that delivered little: an interval export, a roster, a QA export, the log of meetings "
        "and actions, and the answers of its own side to half of the questions (data packs A and B). The weekly "
        "is mostly not held. Everything else has to stay open: wide bounds, few scores. Its period holds the "
        "25-hour day of 7 April 2024 in Sydney."
    ),
    sound=("EXP-6", "VMF-3", "HC-8", "VL-3a"),
    start=date(2024, 3, 1),
    end=date(2024, 4, 30),
    time_zone="Australia/Sydney",
    currency="AUD",
    sites=(("Sundial Hobart", "AU", "Australia/Hobart"),),
    contract_start=date(2023, 5, 1),
    go_live=date(2023, 7, 1),
    with_offset=True,
    pack="A and B",
    only_tables=("intervals", "hris", "qa_eval", "gov_meeting", "gov_action"),
    silent_sides=("vendor",),
    answered_share=0.5,
    agent_hours=4.5,
    queues=(
        Queue("bookings", 96, 700, opens=8, closes=20, weekdays=ALL_WEEK, agents=14),
        Queue("changes", 60, 620, opens=8, closes=20, weekdays=ALL_WEEK, agents=9),
    ),
    governance=Governance(
        held={"daily": 0.9, "weekly": 0.45},
        roles_missing=0.15,
        closed_in_time=0.55,
        decisions=1.2,
        buyer_answers=2.9,
    ),
)  # fmt: skip

STORIES = {story.id: story for story in (TELECOM, HEALTHY, INSURER, SHOP, BPO, LITTLE)}
SEEDS = {
    "brightwave_telecom": 1,
    "fernhill_energy": 2,
    "alderstone_health": 8,
    "pebblecart_shop": 7,
    "quillbay_outsourcing": 8,
    "quietbrook_travel": 10,
}
"""The seed from which each committed client is made."""
