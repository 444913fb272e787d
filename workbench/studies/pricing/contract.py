"""Which credits does the contract promise, of those that a simulation can tell?

From the scenario's own terms, else from the client's table `sla`. A level of a measure that no contact
simulation yields (satisfaction, quality) is left out and named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.diagnostics.periods import whole_months
from workbench.errors import CallError
from workbench.intake.dataset import Dataset
from workbench.intake.rates import in_own_currency
from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, codes_and_waits
from workbench.metrics.penalty import Terms, credits_for
from workbench.metrics.service_level import service_level_by_window
from workbench.metrics.sla_terms import read_sla
from workbench.sim.model import Floats
from workbench.sim.scenario import Scenario

if TYPE_CHECKING:
    from workbench.studies.replicate import Results

MONTHS_PER_YEAR = 12
FORMULAS = ("V1", "V2", "V3", "V4", "V5")


@dataclass(frozen=True)
class Promise:
    """What one level of the terms is computed from: a measure, its formula, a queue (None: all)."""

    metric: str
    formula: str
    queue: str | None


@dataclass(frozen=True)
class Contract:
    """The terms of a month and what each of their levels is computed from.

    Attributes
    ----------
    promises : in the order of the levels of `terms`.
    left_out : a sentence for everything that could not be used.
    source : where the terms come from.
    by_window : the engine settles them in each replication, since they are not by the month.
    """

    terms: Terms | None
    promises: tuple[Promise, ...] = ()
    left_out: tuple[str, ...] = ()
    source: str = ""
    by_window: bool = False

    def with_formula(self, formula: str) -> Contract:
        """Return the contract as if every service level were computed by another formula."""
        return replace(
            self,
            promises=tuple(
                replace(p, formula=formula) if p.metric == "service_level" else p for p in self.promises
            ),
        )

    def credits(self, results: Results, months: Floats) -> Floats:
        """Return the credit of each simulated month before earn-back: shape (months,).

        Parameters
        ----------
        months : array of shape (months, replications): which replications make up a month.
        """
        if self.by_window:
            return np.asarray(months @ results.counted("penalty")[0][:, 0])
        if self.terms is None:
            return np.zeros(len(months))
        return np.asarray(
            credits_for(self.terms, self.levels(results, months)[:, None, :]).credit.sum((1, 2))
        )

    def levels(self, results: Results, months: Floats) -> Floats:
        """Return the level of every promise in every month: shape (months, promises); NaN where nobody came."""
        found = np.full((len(months), len(self.promises)), np.nan)
        queues = results.names("queue")
        for i, promise in enumerate(self.promises):
            name = "abandon_rate"
            if promise.metric == "service_level":
                name = (
                    "service_level"
                    if promise.formula == results.formulas[0]
                    else f"service_level {promise.formula}"
                )
            above, below = results.counted(name, "queue")
            place = [queues.index(promise.queue)] if promise.queue is not None else list(range(len(queues)))
            up, down = months @ above[:, place].sum(axis=1), months @ below[:, place].sum(axis=1)
            found[:, i] = np.where(down > 0, up / np.maximum(down, 1e-9), np.nan)
        return found


def contract_of(dataset: Dataset | None, scenario: Scenario) -> Contract:
    """Return the contract: by the month from the client's table `sla`, else the scenario's own terms.

    A scenario's terms by the week or the day are settled by the engine, window by window, as they stand.
    """
    table = dataset.tables.get("sla") if dataset is not None else None
    written = Contract(None, left_out=("no table sla says what a miss costs",))
    if dataset is not None and table is not None and not table.empty:
        written = _from_table(dataset, scenario)
    own = scenario.money.terms
    if written.terms is not None or own is None:
        return written
    promises = tuple(Promise(one.metric, one.formula, one.queue) for _, one in sorted(own.levels.items()))
    if own.window == "month":
        return Contract(own.terms(scenario.money.currency), promises, source="the scenario")
    note = f"credits are settled by the {own.window} in the scenario: no months, caps of a year or earn-back"
    return Contract(None, promises, (*written.left_out, note), "the scenario", by_window=True)


def levels_of_log(contract: Contract, dataset: Dataset, scenario: Scenario) -> Floats:
    """Return the level of every promise in every whole month of the client's own log: shape (months, promises).

    Without a row where the log lacks a month, or has no contacts. Thresholds are those of the scenario's queues.
    """
    contacts = dataset.tables.get("contacts")
    months = whole_months(dataset.period)
    if contacts is None or contacts.empty or not months or not contract.promises:
        return np.zeros((0, len(contract.promises)))
    zone = dataset.client.time_zone
    columns = []
    for promise in contract.promises:
        mine = (
            contacts
            if promise.queue is None
            else contacts[(contacts["queue"] == promise.queue).fillna(False)]
        )
        if promise.metric == "service_level":
            names = [promise.queue] if promise.queue is not None else list(scenario.queues)
            terms = scenario.queues[names[0]].service_level
            found = service_level_by_window(
                mine, "month", variant=promise.formula, threshold_s=terms.threshold_s,
                short_abandon_s=terms.short_abandon_s, time_zone=zone,
            )  # fmt: skip
            by_month = found.set_index(found["start"].dt.strftime("%Y-%m"))["service_level"]
        else:
            codes = codes_and_waits(mine)[0]
            use = (codes == ANSWERED) | (codes == ABANDONED)
            month = mine.loc[use, "offered_ts"].dt.tz_convert(zone).dt.strftime("%Y-%m")
            by_month = pd.Series(codes[use] == ABANDONED, index=month.index).groupby(month).mean()
        columns.append(by_month.reindex(months).to_numpy(float))
    levels = np.stack(columns, axis=1)
    return np.asarray(levels[~np.isnan(levels).all(axis=1)])


def _from_table(dataset: Dataset, scenario: Scenario) -> Contract:
    levels, promises, left_out = [], [], []
    currency = dataset.client.currency
    table, _ = in_own_currency(dataset, "sla")
    for found in read_sla(dataset.tables["sla"] if table is None else table):
        left_out += list(found.not_read)
        if found.terms is None:
            continue
        if found.window != "month":
            left_out.append(f"{found.client}: settled by the {found.window}, priced are months")
            continue
        if found.terms.currency != currency:
            left_out.append(
                f"{found.client}: credits in {found.terms.currency}, the account in {currency}, and no dated rate (fx)"
            )
            continue
        at_risk = float(np.atleast_1d(found.terms.at_risk)[0])
        for level in found.terms.levels:
            head, _, queue = level.name.partition(", ")
            metric, _, formula = head.partition(" ")
            if metric not in ("service_level", "abandon_rate"):
                left_out.append(f"{found.client}: {level.name} is not simulated")
            elif queue and queue not in scenario.queues:
                left_out.append(f"{found.client}: {level.name} names a queue that the scenario does not have")
            else:
                promises.append(Promise(metric, formula or "V2", queue or None))
                levels.append(
                    replace(level, name=f"{found.client}: {level.name}", weight=level.weight * at_risk)
                )
    if not levels:
        return Contract(None, (), tuple(left_out), "table sla")
    try:
        terms = Terms(tuple(levels), 1.0, currency)
    except CallError as error:
        return Contract(None, (), (*left_out, str(error)), "table sla")
    return Contract(terms, tuple(promises), tuple(left_out), "table sla")
