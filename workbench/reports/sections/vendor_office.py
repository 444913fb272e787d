"""How many people does it take to look after the vendor?"""

from __future__ import annotations

from workbench.catalogue import serves
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.office import agents_there, office_tasks
from workbench.diagnostics.periods import rows_within
from workbench.metrics.fte import fte_of_hours
from workbench.metrics.shrinkage import shrinkage_of_schedule
from workbench.metrics.vendor_office import Office, office_size
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Column, DataTable, Prose, strong
from workbench.wording import counted, figure

WEEKS_OF_MONTH = 365.25 / 7 / 12
PRODUCTIVE_HOURS, PAID_WEEK = 120.0, 40.0
"""Of one full-time employee: hours for tasks in a month, and paid hours in a week. Ours, to be replaced."""


@section(
    "vendor office", title="What looking after the vendor takes", order=19,
    reports=("operating_model_assessment",),
)  # fmt: skip
@serves("CX-1", "CX-5", "VMO-4", kind="section")
def vendor_office(assessment: Assessment, _parameters: Parameters) -> Content:
    """Size the vendor office from its recorded tasks; the ratio to agents is what comes out, never what goes in."""
    tables, client, period = assessment.dataset.tables, assessment.dataset.client, assessment.dataset.period
    tasks = office_tasks(tables, client, period)
    if not tasks:
        return Content(())
    hris = tables.get("hris")
    agents = agents_there(hris, period) if hris is not None else 0
    office = office_size([one.task for one in tasks], agents=agents, productive_hours=PRODUCTIVE_HOURS)
    shrinkage, sample = _shrinkage(assessment)
    assumed = sum(one.minutes_from == "assumed" for one in tasks)
    blocks: list[AnyBlock] = [
        Prose.of(
            "The tasks on record take ", strong(f"{_range(office.hours_low, office.hours_high, 0)} hours a month"),
            f": {_range(office.fte_low, office.fte_high, 1)} people at {PRODUCTIVE_HOURS:g} productive hours a month "
            f"each, {period}. {_ratio(office, agents)} The ratio follows from the tasks; published ratios of vendor "
            "managers to agents hold no figures (CX-5).",
        ),
        Prose.of(_as_employees(office, shrinkage, sample)),
        DataTable(
            name="tasks of the vendor office", caption=f"Recurring tasks, {period}",
            columns=(Column(name="task", label="Task"), Column(name="n", label="Times", type="count"),
                     Column(name="per_month", label="A month", type="number", decimals=1),
                     Column(name="least", label="At least", type="number", unit="min", decimals=0),
                     Column(name="most", label="At most", type="number", unit="min", decimals=0),
                     Column(name="days", label="Days that its table covers"),
                     Column(name="source", label="Minutes")),
            rows=tuple((one.task.name, one.times, one.task.per_month, one.task.least_minutes, one.task.most_minutes,
                        str(one.period), one.minutes_from) for one in tasks),
            note=f"Recorded: the middle half of the times. Assumed (grade A): ours, for {counted(assumed, 'task')}; a "
                 "time log of two weeks replaces it. What no table records is not in it.",
        ),
    ]  # fmt: skip
    data = {
        "hours_a_month": [office.hours_low, office.hours_high],
        "people": [office.fte_low, office.fte_high],
        "agents_per_person": [office.agents_per_fte_low, office.agents_per_fte_high] if agents else None,
        "agents": agents or None,
        "shrinkage": shrinkage,
    }
    return Content(blocks, {"vendor_office": data})


def _ratio(office: Office, agents: int) -> str:
    low, high = office.agents_per_fte_low, office.agents_per_fte_high
    if not agents or low is None or high is None:
        return "How many agents that is for each of them needs hris."
    return (
        f"That is one for {_range(low, high, 0)} of the {counted(agents, 'agent')} employed on the last day."
    )


def _as_employees(office: Office, shrinkage: float | None, sample: str) -> str:
    """Say hours a week as full-time employees, of hours and as paid (CX-1)."""
    week = [hours / WEEKS_OF_MONTH for hours in (office.hours_low, office.hours_high)]
    low, high = (fte_of_hours(hours, paid_week_h=PAID_WEEK, shrinkage=shrinkage or 0.0) for hours in week)
    said = (
        f"A week that is {_range(week[0], week[1], 1)} hours, or {_range(low.of_hours, high.of_hours, 2)} full-time "
        f"employees of {PAID_WEEK:g} hours."
    )
    if shrinkage is None:
        return f"{said} As paid time holds leave, illness and training, more are paid; no schedule says how many."
    paid = _range(low.after_shrinkage, high.after_shrinkage, 2)
    share = figure(shrinkage, "fraction", 0)
    return f"{said} Paid time holds leave and training too: {paid} at the planned shrinkage of {share} ({sample})."


def _shrinkage(assessment: Assessment) -> tuple[float | None, str]:
    schedule, period = assessment.dataset.tables.get("schedule"), assessment.dataset.period
    if schedule is None:
        return None, ""
    total = shrinkage_of_schedule(rows_within(schedule, "start", period, assessment.dataset.client))[0]
    if (
        total.value is None or total.value >= 1
    ):  # nothing is planned on the queue: what is paid for it is not known
        return None, ""
    return total.value, f"schedules of {counted(total.n, 'agent')}, {period}"


def _range(low: float, high: float, decimals: int) -> str:
    return f"{figure(low, '', decimals)} to {figure(high, '', decimals)}"
