"""What is true about a fictional client, and how large is each fault planted in it?

Every number here is a parameter, so that a test may ask for the same client with another fault size.
The defaults tell of a healthy operation: a story names only what is wrong with its client.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from typing import Any

COMPLEXITIES = ("simple", "standard", "complex")


@dataclass(frozen=True)
class Queue:
    """One queue of contacts; shares are fractions, times seconds, hours of the client's clock."""

    name: str
    contacts_per_day: float
    aht_s: float = 480.0
    channel: str = "voice"
    opens: float = 8.0
    closes: float = 20.0
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    """0 is Monday."""
    mix: tuple[float, float, float] = (0.55, 0.30, 0.15)
    """Shares of simple, standard and complex contacts."""
    agents: int = 20
    """Agents whose home queue this is."""
    client: str = ""
    """For a BPO: whose contacts these are."""
    course: str = ""
    """The certification that the queue needs; empty: named after the queue."""
    patience_s: float = 240.0
    language: str = "en"
    country: str = ""

    @property
    def certificate(self) -> str:
        """The course that an agent must have passed before it takes this queue."""
        return self.course or f"{self.name} certification"


@dataclass(frozen=True)
class Work:
    """What happens to a contact."""

    resolved: tuple[float, float, float] = (0.94, 0.88, 0.80)
    """Probability that a contact is resolved, by complexity."""
    escalated: tuple[float, float, float] = (0.01, 0.03, 0.07)
    """Probability that a tenured agent escalates, by complexity."""
    escalated_when_new: float = 1.6
    """How many times more often an agent in its first week escalates."""
    tenure_weeks: float = 10.0
    """How fast a new agent's handle time and escalations fall to a tenured one's (e-fold). [weeks]"""
    slow_when_new: float = 1.4
    """How many times longer an agent in its first week takes."""
    resolved_after_escalation: float = 0.97
    """Factor on the probability of being resolved."""
    repeats_if_unresolved: float = 0.65
    retries_if_abandoned: float = 0.35
    returns_among: int = 0
    """Who has something new is one of the customers of so many last matters, from before the log too; 0: of all in the
    log so far, who are few at its beginning, so that more come again soon there."""
    transferred: float = 0.03
    misrouted: float = 0.0
    """Share of contacts of an agent with a wrong skill tag that are transferred on top."""
    onset: date | None = None
    """From this day on fewer contacts are resolved."""
    resolved_lost: float = 0.0
    """By how much the probability of being resolved falls at the onset. [fraction]"""
    csat_sample: float = 0.22
    csat_if_resolved: float = 4.65
    csat_if_not: float = 2.3
    complaints_if_not: float = 0.05
    volume_trend: float = 0.0
    """Growth of volume over the whole period. [fraction]"""
    speeds_up: float = 0.0
    """Fall of the handle time from the onset on. [fraction]"""


@dataclass(frozen=True)
class People:
    """Who works here, who comes and who goes."""

    supervisors: int = 3
    qa_analysts: int = 3
    trainers: int = 1
    new_at_start: float = 0.10
    """Share of agents hired in the six weeks before the period."""
    attrition_per_year: float = 0.28
    lateness_s: float = 110.0
    """Mean lateness at the start of a stretch of work. [s]"""
    absent: float = 0.045
    adherence_lost: float = 0.0
    """Share of working stretches that an agent skips without telling anybody."""
    leave_decided_h: float = 9.0
    first_day_access: float = 0.97
    provisioning_days: float = 0.9
    """Mean business days from hire decision to a system's access. [days]"""
    onboarding_variants: float = 0.04
    """Share of hires whose steps are taken in another order."""
    onboarding_by_mail: float = 0.02
    """Share of steps done outside any system: no request or no grant is recorded."""
    keyed_by_hand: float = 0.03
    """Share of accesses that are typed in by a person."""
    training_variants: float = 0.03
    """Share of agents whose courses come in another order than the curriculum's."""
    uncertified: float = 0.0
    """Share of agents scheduled on a queue without its certificate."""
    wrong_tags: float = 0.0
    """Share of agents whose skill tag is not the queue that they work."""
    never_revoked: float = 0.0
    """Share of leavers of whom at least one account is still open."""
    revoked_late: float = 0.0
    """Share of leavers whose accounts close late."""
    revoked_late_days: float = 6.0
    revoked_h: float = 5.0
    """Mean hours after the last working day at which an account closes. [h]"""
    demo_team_gap: float = 0.0
    """How many points better the demonstration team scored than the people hired. [points]"""
    exits_fed_back: float = 0.95
    payroll_errors: float = 0.004
    schedule_in_tool: float = 1.0
    schedule_revisions: float = 0.06
    published_days_before: int = 21
    coverage_error: float = 0.02
    """How far the roster's shape over the day is off what was required. [fraction]"""


@dataclass(frozen=True)
class Quality:
    """How work is judged and coached."""

    evals_per_month: float = 5.0
    missed_evals: float = 0.01
    evaluator_bias: float = 0.8
    """Spread of evaluators' leniency. [points of 100]"""
    noise: float = 3.0
    agent_spread: float = 5.0
    mean: float = 86.0
    late_entry: float = 0.03
    """Share of evaluations typed in during the last three days of the month, days after the fact."""
    rounded: float = 0.05
    """Share of item scores rounded to a multiple of ten."""
    disputed: float = 0.03
    calibrations_held: float = 1.0
    disagreement: float = 0.03
    """Probability that an evaluator scores a calibration item differently from the master."""
    coaching_per_month: float = 2.2
    coaching_spread: float = 0.05
    """Spread between supervisors of the number of sessions. [fraction of the mean]"""
    coached_after_eval: float = 0.85
    """Share of low evaluations that are followed by a linked session."""
    coached_in_system: float = 0.97


@dataclass(frozen=True)
class Governance:
    """How the two companies talk, report and decide."""

    held: dict[str, float] = field(default_factory=dict)
    """Share of planned meetings that took place, by forum; healthy where not named."""
    roles_missing: float = 0.04
    decisions: float = 2.6
    closed_in_time: float = 0.90
    reopened: float = 0.03
    recurrence: float = 0.06
    """Share of escalations and actions whose root cause comes back."""
    side_channel: float = 0.04
    response_h: float = 5.0
    breach_decided_days: float = 3.0
    breach_undecided: float = 0.0
    kpis_ruled: float = 1.0
    """Share of KPIs that have owner, forum, threshold and action rule."""
    reported_shift: dict[str, float] = field(default_factory=dict)
    """What the reported figure of a KPI is above the true one. [unit of the KPI]"""
    reported_formula: str = "V2"
    edited_last_day: float = 0.03
    """Share of report packs edited by hand in the 24 hours before they were due."""
    restated: float = 0.01
    opened: float = 0.92
    reports_late: float = 0.03
    found_by_vendor: float = 0.75
    """Share of issues that the vendor raised before the client did."""
    detection_days: float = 1.0
    incident_reported_h: float = 10.0
    misrouted_topics: float = 0.04
    kpis_cover_tools: bool = True
    outcome_sla: bool = True
    """Whether the contract promises outcomes beside the service level."""
    platform_data: float = 0.95
    """Share of meetings whose figures came from the platform."""
    action_mix: tuple[float, ...] = (0.3, 0.15, 0.15, 0.15, 0.1, 0.1, 0.05)
    """Process, ownership, data, cadence, staffing, training, configuration."""
    outcome_weight: float = 0.55
    """Share of the scorecard that lies on outcomes."""
    escalations_per_week: float = 1.2
    escalations_unowned: float = 0.0
    closed_by_vendor: float = 0.75
    resolve_days: float = 2.5
    improvements: int = 6
    improvements_adopted: float = 0.7
    leaders_replaced: int = 0
    controls_unowned: int = 0
    controls_double: int = 0
    stages_unowned: int = 0
    """Of the twelve lifecycle stages: how many nobody is accountable for."""
    stages_double: int = 0
    handoffs_unowned: int = 0
    """Of the seventeen handoffs."""
    handoffs_double: int = 0
    no_relationship_owner: bool = False
    second_owner: str | None = None
    """A role on the buyer's side that also claims the vendor."""
    data_standard: bool = True
    escalation_process: bool = True
    client_hours_per_week: float = 3.0
    processes_undefined: int = 0
    documents_late: bool = False
    """The platform went live before its processes and owners were agreed."""
    access_reviews_held: float = 1.0
    audit_overdue: float = 0.0
    subprocessors_unapproved: int = 0
    clause_strength: float = 3.4
    """Mean specificity of clauses, 0 to 4."""
    shadow_tools: int = 0
    transfer_held: tuple[float, float, float] = (1.0, 1.0, 0.97)
    """Knowledge transfer: hours held over hours planned, by complexity."""
    transfer_artefacts: tuple[int, int, int] = (8, 14, 22)
    buyer_answers: float = 4.2
    vendor_answers: float = 4.3
    answers_about: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Mean answer of buyer and vendor to single items."""
    owner_agreement: float = 0.95
    """Share of respondents who name the owner that the documents name."""


@dataclass(frozen=True)
class Money:
    """Contract and billing."""

    rate_per_hour: float = 27.0
    agent_cost_per_hour: float = 15.5
    invoices_corrected: float = 0.0
    disputed: float = 0.0
    hours_overbilled: float = 0.0
    """Share by which billed hours exceed those on the time sheets."""
    overbilled_clients: tuple[str, ...] = ()
    """Whose invoices carry those hours; empty: everybody's."""
    wrong_rate: float = 0.0
    """Share of worked hours billed under another rate code than worked."""
    margin_erosion: float = 0.0
    """By how much cost grows over the period without anybody noticing. [fraction]"""
    eroding_clients: tuple[str, ...] = ()
    """Whose direct cost grows; empty: everybody's."""
    manual_timesheets: float = 0.02
    approval_minutes: float = 1.5
    credit_per_point: float = 0.01
    prep_hours: float = 2.5
    automation: float = 0.35
    """By how much the hours to prepare a report fall over the period. [fraction]"""


@dataclass(frozen=True)
class Defects:
    """Rows of the contact log that are wrong, as counts."""

    duplicated: int = 0
    answered_before_offered: int = 0
    negative_durations: int = 0
    unknown_agents: int = 0
    agent_missing: int = 0
    customer_missing: float = 0.0
    """Share of contacts without a customer key."""
    disposition_missing: float = 0.01
    complexity_missing: float = 0.0

    @property
    def rows(self) -> int:
        """How many rows of the contact log are wrong by construction."""
        return (
            self.duplicated + self.answered_before_offered + self.negative_durations
            + self.unknown_agents
        )  # fmt: skip


@dataclass(frozen=True)
class Story:
    """A fictional client. `with_` returns one with other fault sizes."""

    id: str
    name: str
    sector: str
    vendor: str
    start: date
    end: date
    queues: tuple[Queue, ...]
    time_zone: str = "Europe/London"
    currency: str = "EUR"
    sites: tuple[tuple[str, str, str], ...] = (("Main", "GB", "Europe/London"),)
    """Name, country and time zone."""
    contract_start: date = date(2022, 1, 1)
    threshold_s: float = 30.0
    target: float = 0.80
    with_offset: bool = False
    """Whether times in the files carry their offset from UTC."""
    pack: str = "C"
    only_tables: tuple[str, ...] = ()
    """What was handed over; empty: everything."""
    silent_sides: tuple[str, ...] = ()
    """Sides that did not answer."""
    answered_share: float = 0.85
    """Share of the questions that a respondent answered."""
    contract_mix: tuple[float, float, float] | None = None
    """The mix of complexity that the contract assumed; None: the true one."""
    large_as: str = "parquet"
    """How large tables are written: parquet or csv.gz."""
    phase: str = "after go-live"
    go_live: date = date(2022, 3, 1)
    regulated: bool = False
    states_from: date | None = None
    """From which day on the states of agents were kept."""
    forecast_bias: float = 0.0
    agent_hours: float = 8.0
    """Length of a shift. [h]"""
    work: Work = Work()
    people: People = People()
    quality: Quality = Quality()
    governance: Governance = field(default_factory=Governance)
    money: Money = Money()
    defects: Defects = Defects()
    summary: str = ""
    sound: tuple[str, ...] = ()
    """METHOD ids of what is in order here and may not be flagged, or one measure of it: "EXP-3: invoices right ..."."""
    is_healthy: bool = False
    serves: tuple[str, ...] = ()

    def with_(self, **changes: Any) -> Story:
        """Return the story with other values: ``with_(work__onset=date(2024, 5, 1), start=...)``.

        Two underscores lead into a group. An unknown name raises TypeError.
        """
        groups: dict[str, dict[str, Any]] = {}
        own = {}
        for name, value in changes.items():
            group, _, inner = name.partition("__")
            if inner:
                groups.setdefault(group, {})[inner] = value
            else:
                own[name] = value
        for group, values in groups.items():
            known = {f.name for f in fields(self)}
            if group not in known or not is_dataclass(getattr(self, group)):
                raise TypeError(f"A story has no group called {group}")
            own[group] = replace(getattr(self, group), **values)
        return replace(self, **own)

    @property
    def monthly_fee(self) -> float:
        """Roughly what the vendor bills a month."""
        return sum(q.agents for q in self.queues) * 21 * self.agent_hours * self.money.rate_per_hour

    @property
    def clients(self) -> list[str]:
        """Whose contacts are handled: the client itself, or the clients of a BPO."""
        return sorted({queue.client or self.id for queue in self.queues})

    @property
    def days(self) -> int:
        """Days of the period, both ends included."""
        return (self.end - self.start).days + 1
