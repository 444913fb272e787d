"""What does an hour of this client's floor cost, and what else do prices need to know of it?

Pay comes from the ledger, else from payroll, else from the rate card (assumed share), else from whoever
asks. What is not known stays None, and what needs it is then listed as unpriced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Grade
from workbench.diagnostics.periods import whole_months, within
from workbench.intake.dataset import Dataset
from workbench.intake.rates import AMOUNTS, in_own_currency
from workbench.metrics.columns import Bools
from workbench.sim.scenario import Scenario
from workbench.studies.fits.money import sheet_hours
from workbench.studies.pricing.doubts import Triangle, known, weakest

WEEKS_PER_MONTH = 52 / 12
PAY_OF_RATE = Triangle(0.50, 0.60, 0.75)
"""Pay over the rate billed for an hour, where only the rate is known. Assumed (grade A)."""
ABOUT = Triangle(0.5, 1.0, 1.5)
"""Around an assumed pay, where nothing else is assumed of its currency (grade A)."""
DAY_H, WEEK_H = 8.0, 40.0
LEANS_ON = {
    "work": ("arrivals", "handle_time"), "service": ("arrivals", "handle_time", "patience", "staffing"),
}  # fmt: skip
"""What of a scenario prices lean on: hours that contacts take on what comes and how long it takes; credits, overtime
and lost contacts also on who waits how long and who is there."""


@dataclass(frozen=True)
class Pay:
    """What a paid hour costs.

    Attributes
    ----------
    per_hour : in the account's currency; factor : the doubt about it, around 1.
    source, grade : where it comes from.
    """

    per_hour: float
    factor: Triangle
    source: str
    grade: Grade


@dataclass(frozen=True)
class Basis:
    """What rules may ask of a client.

    Attributes
    ----------
    assessment : findings and tables.
    scenario : calibrated or given; None where there is none, and `no_scenario` says why.
    pay : None where nobody says what an hour costs.
    headcount : agents at work on average in the period; None without a roster.
    hires_per_month : agents who started in the period.
    paid_hours : per month, of time sheets, else of the scenario's staffing.
    """

    assessment: Assessment
    scenario: Scenario | None
    pay: Pay | None
    headcount: float | None
    hires_per_month: float | None
    paid_hours: float | None
    paid_source: str = ""
    no_scenario: str = ""
    grade: Grade = "M"
    notes: tuple[str, ...] = ()

    @property
    def dataset(self) -> Dataset:
        """The client's tables."""
        return self.assessment.dataset

    @property
    def currency(self) -> str:
        """Of every amount."""
        return self.dataset.client.currency

    @property
    def hour(self) -> float:
        """What a paid hour costs; 0 where nobody says, and a rule that needs it must then say so."""
        return 0.0 if self.pay is None else self.pay.per_hour

    @property
    def labour(self) -> float | None:
        """What all paid hours of a month cost."""
        if self.pay is None or self.paid_hours is None:
            return None
        return self.pay.per_hour * self.paid_hours

    @property
    def months(self) -> float:
        """Months in the period."""
        return self.dataset.period.days / (365.25 / 12)

    def graded(self, acts: Literal["work", "service"]) -> Grade:
        """Return the grade of what of the scenario a parameter leans on, the weakest of `LEANS_ON`."""
        if self.scenario is None:
            return self.grade
        known, other = self.scenario.premises, self.scenario.grade or self.grade
        return weakest(*(getattr(known, part) or other for part in LEANS_ON[acts]))

    def of_hires(self, leavers_fewer: float) -> float:
        """Return the share of a month's hires that so many leavers fewer make needless, 1 at most."""
        return min(leavers_fewer / self.hires_per_month, 1.0) if self.hires_per_month else 0.0

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a table with rows, its amounts in the account's currency where a dated rate says how, or None."""
        found = in_own_currency(self.dataset, name)[0] if name in AMOUNTS else self.dataset.tables.get(name)
        return None if found is None or found.empty else found

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "currency": self.currency,
            "pay_per_hour": None if self.pay is None else self.pay.per_hour,
            "pay_source": "" if self.pay is None else self.pay.source,
            "pay_grade": None if self.pay is None else self.pay.grade,
            "paid_hours_a_month": self.paid_hours,
            "paid_hours_source": self.paid_source,
            "labour_a_month": self.labour,
            "headcount": self.headcount,
            "hires_a_month": self.hires_per_month,
            "notes": list(self.notes),
        }


def basis_of(
    assessment: Assessment,
    scenario: Scenario | None,
    *,
    pay: Triangle | None = None,
    no_scenario: str = "",
    grade: Grade = "M",
    otherwise: Pay | None = None,
) -> Basis:
    """Return what prices need of a client.

    pay : per hour; where given, it goes before what tables say. otherwise : where neither says it.
    """
    dataset = assessment.dataset
    notes: list[str] = []
    hours, source = _timesheet_hours(dataset)
    if hours is None and scenario is not None:
        hours, source = _staffed_hours(scenario), "people at work in the scenario"
    if scenario is not None and scenario.money.currency != dataset.client.currency:
        scenario = _without_money(scenario, dataset.client.currency, notes)
    for name in AMOUNTS:
        money_of(dataset, name, notes)
    found = _pay(dataset, scenario, pay, grade, otherwise, notes) or otherwise
    headcount, hires = _people(dataset)
    return Basis(
        assessment, scenario, found, headcount, hires, hours, source, no_scenario, grade, tuple(notes)
    )


def _without_money(scenario: Scenario, currency: str, notes: list[str]) -> Scenario:
    """Return the scenario without the amounts of another currency, and name them if there are any."""
    money = scenario.money
    data = scenario.to_data()
    per_contact = [queue.pop("revenue_per_contact", 0.0) for queue in data["queues"].values()]
    hourly = (money.pay_per_hour, money.revenue_per_hour, money.revenue_per_fte_day)
    if money.terms is not None or any((*hourly, money.cost_per_contact, *per_contact)):
        notes.append(
            f"The scenario's pay, credits and revenue are in {money.currency}, the account in {currency}: not used, "
            f"since no day is written beside them for a dated rate; write them in {currency}."
        )
    kept = {"currency": currency, "overtime_factor": money.overtime_factor}
    return Scenario.parse({**data, "money": kept})


def _timesheet_hours(dataset: Dataset) -> tuple[float | None, str]:
    table = dataset.tables.get("timesheet")
    if table is None or not {"clock_in", "clock_out"} <= set(table.columns):
        return None, ""
    hours = _hours(dataset)
    if hours.empty:
        return None, ""
    return float(hours["hours"].sum()) / (dataset.period.days / (365.25 / 12)), "time sheets"


def _hours(dataset: Dataset) -> pd.DataFrame:
    """Return the paid hours of the period's time sheets, as `sheet_hours` does."""
    table = dataset.tables.get("timesheet")
    return sheet_hours(
        None if table is None else table[within(table["date"], dataset.period, dataset.client)]
    )


def _staffed_hours(scenario: Scenario) -> float | None:
    h = scenario.horizon
    if any(group.agents is None for group in scenario.groups.values()):
        counted = _people_hours(scenario)
    else:
        counted = sum(
            float(h.spread(group.agents or (0,)).sum()) * scenario.time.interval_s / 3600
            for group in scenario.groups.values()
        )
    months = h.length_us / 1e6 / 86400 / (365.25 / 12)
    return counted / months if counted > 0 else None


def _people_hours(scenario: Scenario) -> float:
    from workbench.studies.replicate import replicate

    return float(replicate(scenario, 2, 1)["paid_hours"].mean or 0.0)


def _pay(
    dataset: Dataset, scenario: Scenario | None, given: Triangle | None, grade: Grade, assumed: Pay | None,
    notes: list[str],
) -> Pay | None:  # fmt: skip
    if given is not None:
        middle = given.likely
        factor = Triangle(given.low / middle, 1.0, given.high / middle)
        return Pay(middle, factor, "given by the caller", "A" if given.low < given.high else "D")
    if scenario is not None and scenario.money.pay_per_hour > 0:
        return _of_scenario(scenario, scenario.premises.pay or scenario.grade or grade, assumed)
    hours = _hours(dataset)
    for per_hour, source in (_ledger(dataset, hours, notes), _payroll(dataset, hours, notes)):
        if per_hour is not None:
            return Pay(per_hour, known(1.0), f"{source} / hours on time sheets", "M")
    return _from_rate_card(dataset, notes)


def _of_scenario(scenario: Scenario, grade: Grade, assumed: Pay | None) -> Pay:
    """Return the pay that a scenario says; where that is assumed, over the range assumed in its currency."""
    per_hour = scenario.money.pay_per_hour
    if grade != "A":
        return Pay(per_hour, known(1.0), "the scenario", grade)
    if assumed is None:
        factor = ABOUT
    else:
        low, high = (assumed.per_hour * end / per_hour for end in (assumed.factor.low, assumed.factor.high))
        factor = Triangle(min(low, 1.0), 1.0, max(high, 1.0))
    said = f"assumed in the scenario: from {per_hour * factor.low:.4g} to {per_hour * factor.high:.4g}"
    return Pay(per_hour, factor, said, "A")


def _in_own(table: pd.DataFrame, dataset: Dataset) -> Bools:
    """Return which rows are in the account's currency."""
    if "currency" not in table:
        return np.ones(len(table), bool)
    own = table["currency"].isna() | (table["currency"] == dataset.client.currency)
    return np.asarray(own, bool)


def _told(name: str, what: str, table: pd.DataFrame, own: Bools, dataset: Dataset) -> str:
    strange = ", ".join(sorted({str(c) for c in table.loc[~own, "currency"]}))
    return f"{name}: {what} left out, with amounts in {strange} and no dated rate (fx) into {dataset.client.currency}."


def _ledger(dataset: Dataset, hours: pd.DataFrame, notes: list[str]) -> tuple[float | None, str]:
    """Return the cost of an hour in the months of which both the whole cost and the hours are known."""
    table, source = money_of(dataset, "cost_ledger", notes), "agents' direct cost in the ledger"
    if table is None:
        return None, source
    months = table["month"].dt.strftime("%Y-%m")
    agents = table["cost_centre"].astype("str").str.casefold().str.contains("agent")
    rows = table[months.isin(whole_months(dataset.period)) & agents]
    own, months = _in_own(rows, dataset), months[rows.index]
    mixed = set(months[~own])
    if mixed:
        many = f"{len(mixed)} of {months.nunique()} months ({', '.join(sorted(mixed))})"
        notes.append(_told("cost_ledger", many, rows, own, dataset))
    use = ~months.isin(mixed)
    return _over(rows.loc[use, "amount"].groupby(months[use]).sum(), hours.groupby("month")), source


def _payroll(dataset: Dataset, hours: pd.DataFrame, notes: list[str]) -> tuple[float | None, str]:
    """Return the pay of an hour of the agents whose whole pay and hours are known."""
    table, source = money_of(dataset, "payroll", notes), "gross pay of agents (employer's charges not in it)"
    if table is None or "pay_date_due" not in table:
        return None, source
    rows = table[within(table["pay_date_due"], dataset.period, dataset.client)]
    own, agents = _in_own(rows, dataset), rows["agent_id"].astype("str")
    mixed = set(agents[~own])
    if mixed:
        notes.append(_told("payroll", f"{len(mixed)} of {agents.nunique()} agents", rows, own, dataset))
    use = ~agents.isin(mixed | set(agents[rows["gross"].isna()]))
    return _over(rows.loc[use, "gross"].groupby(agents[use]).sum(), hours.groupby("agent_id")), source


def _over(amounts: pd.Series, hours: Any) -> float | None:
    """Return amounts over hours of those who have both; None: nobody has."""
    both = pd.DataFrame({"amount": amounts}).join(hours["hours"].sum(), how="inner")
    return float(both["amount"].sum() / both["hours"].sum()) if both["hours"].sum() > 0 else None


def money_of(dataset: Dataset, name: str, notes: list[str]) -> pd.DataFrame | None:
    """Return a table with rows, its amounts converted where a dated rate says how, which is noted; or None."""
    table, converted = in_own_currency(dataset, name)
    if converted and converted not in notes:
        notes.append(converted)
    return None if table is None or table.empty else table


def _from_rate_card(dataset: Dataset, notes: list[str]) -> Pay | None:
    table = money_of(dataset, "rate_card", notes)
    if table is None:
        return None
    rows = table[table["unit"].isin(("hour", "hours", "h"))]
    own = _in_own(rows, dataset)
    if not own.all():
        notes.append(_told("rate_card", f"{(~own).sum()} of {len(rows)} rates", rows, own, dataset))
    rates = rows.loc[own, "rate"].dropna()
    if rates.empty:
        return None
    middle, rate = PAY_OF_RATE.likely, float(np.median(rates))
    factor = Triangle(PAY_OF_RATE.low / middle, 1.0, PAY_OF_RATE.high / middle)
    return Pay(
        rate * middle, factor,
        f"assumed: {PAY_OF_RATE.low:.0%} to {PAY_OF_RATE.high:.0%} of the rate billed for an hour", "A",
    )  # fmt: skip


def _people(dataset: Dataset) -> tuple[float | None, float | None]:
    table = dataset.tables.get("hris")
    if table is None or table.empty:
        return None, None
    agents = (
        table[table["role"].astype("str").str.casefold().str.contains("agent")] if "role" in table else table
    )
    if agents.empty:
        return None, None
    first, last = pd.Timestamp(dataset.period.start), pd.Timestamp(dataset.period.end)
    start = agents["start_date"].fillna(first)
    end = agents["term_date"].fillna(last + pd.Timedelta(days=1)) if "term_date" in agents else last
    inside = (np.minimum(end, last + pd.Timedelta(days=1)) - np.maximum(start, first)).dt.days.clip(lower=0)
    months = dataset.period.days / (365.25 / 12)
    hires = agents["start_date"].between(first, last).sum() / months
    return float(inside.sum() / dataset.period.days), float(hires)
