"""Which figures does a run give: overall, by queue, by group and by interval?

Every figure is a sum, or a ratio of sums, of what the engine counted; so a run that kept counters only
gives the same figures as one that kept every contact, and replications can be added up. The service
level is computed by the formulas of `metrics.service_level`, over contacts that were answered or
abandoned, as for a client's log. A contact counts in the interval in which it was offered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np

from workbench.errors import UnknownName
from workbench.metrics.penalty import credits_for
from workbench.metrics.service_level import FORMULAS
from workbench.sim.model import ON, Floats, Names
from workbench.sim.parts import US
from workbench.sim.records import COUNTERS, IntervalCounts
from workbench.sim.run import Run
from workbench.sim.scenario import Scenario

HOUR_US = 3600 * US
SCOPES = ("overall", "queue", "group", "interval")
TIMES = ("handling_us", "available_us", "paid_us", "overtime_us", "pay")
"""What is summed of agents' time; pay is an amount."""
Sums: TypeAlias = Mapping[str, Floats]


@dataclass(frozen=True)
class Tally:
    """What one replication counted: for each scope, sums by name, each of shape (things,)."""

    sums: Mapping[str, Sums]

    def __getitem__(self, scope: str) -> Sums:
        return self.sums[scope]


@dataclass(frozen=True)
class Figure:
    """One figure: `above` over `below`, both linear in what is counted.

    Attributes
    ----------
    below : None where the figure is a sum, of which the mean over replications is reported.
    scopes : where it can be known; `why_not` is said elsewhere.
    nothing : the reason given where there is nothing to divide by.
    """

    name: str
    unit: str
    formula: str
    above: Callable[[Sums], Floats]
    below: Callable[[Sums], Floats] | None = None
    scopes: tuple[str, ...] = SCOPES
    why_not: str = ""
    nothing: str = ""
    variant: str = ""


NO_COST = "the scenario names no pay (money.pay_per_hour), so that nothing is known of cost"
NO_REVENUE = "the scenario names no revenue (money.revenue_per_hour), so that nothing is known of it"
NO_TERMS = "the scenario has no terms (money.terms), so that nothing is known of credits"
_BY_QUEUE = ("overall", "queue", "interval")
_BY_GROUP = ("overall", "group", "interval")
_NO_GROUP = "contacts are counted by queue, not by group"
_NO_QUEUE = "agents serve several queues; their time is counted by group"


def _sum(*names: str) -> Callable[[Sums], Floats]:
    return lambda sums: np.asarray(sum(sums[name] for name in names))


def _scaled(factor: float, *names: str) -> Callable[[Sums], Floats]:
    return lambda sums: np.asarray(factor * sum(sums[name] for name in names))


def _counted(name: str, formula: str, counter: str = "") -> Figure:
    return Figure(name, "count", formula, _sum(counter or name), None, _BY_QUEUE, _NO_GROUP)


def _ratio(name: str, unit: str, formula: str, above: Callable[[Sums], Floats], *below: str) -> Figure:
    return Figure(name, unit, formula, above, _sum(*below), _BY_QUEUE, _NO_GROUP, "no contact was offered")


def _service_level(variant: str, name: str) -> Figure:
    formula = FORMULAS[variant]

    def counts(sums: Sums) -> dict[str, Floats]:
        return {
            "offered": sums["answered"] + sums["abandoned"],
            "answered": sums["answered"],
            "answered within T": sums["in_time"],
            "abandoned within T": sums["abandoned_in_time"],
            "short abandons": sums["short_abandoned"],
        }

    return Figure(
        name,
        "fraction",
        f"{formula.formula}, T by queue",
        lambda sums: formula.met_in(counts(sums)),
        lambda sums: formula.counted_in(counts(sums)),
        _BY_QUEUE,
        _NO_GROUP,
        "no contact to count",
        variant,
    )


def figures(scenario: Scenario, formulas: Sequence[str] = ("V2",)) -> dict[str, Figure]:
    """Return every figure by name.

    Parameters
    ----------
    formulas : which service levels, keys of FORMULAS; the first is called "service_level", further
        ones "service_level V4".

    Raises
    ------
    UnknownName
        for a formula that does not exist.
    """
    money = scenario.money
    per_hour = money.revenue_per_hour + money.revenue_per_fte_day / 8
    for variant in formulas:
        if variant not in FORMULAS:
            raise UnknownName("service level formula", variant, FORMULAS)
    levels = [
        _service_level(variant, "service_level" if i == 0 else f"service_level {variant}")
        for i, variant in enumerate(dict.fromkeys(formulas))
    ]
    hours = "agents' time that is paid, and time past it with a contact in hand"
    all_of_them = [
        _counted("offered", "contacts that came"),
        _counted("answered", "contacts that an agent took"),
        _counted("abandoned", "contacts that left the line"),
        _counted("blocked", "contacts that were turned away"),
        *levels,
        _ratio(
            "mean_wait_s", "s", "sum of waits / (answered + abandoned)",
            _scaled(1 / US, "wait_answered_us", "wait_abandoned_us"), "answered", "abandoned",
        ),
        _ratio(
            "mean_wait_answered_s", "s", "sum of waits of the answered / answered",
            _scaled(1 / US, "wait_answered_us"), "answered",
        ),
        Figure(
            "mean_queue_length", "count", "sum of waits / length of time, as Little's law has it",
            _sum("wait_answered_us", "wait_abandoned_us"), _sum("elapsed_us"), ("overall", "queue"),
            "waits count where they begin, not where they are spent; see backlog",
        ),
        _ratio(
            "abandon_rate", "fraction", "abandoned / (answered + abandoned)",
            _sum("abandoned"), "answered", "abandoned",
        ),
        _ratio(
            "response_level", "fraction", "completed within the response target / offered with one",
            _sum("completed_in_time"), "with_response_target",
        ),
        Figure(
            "occupancy", "fraction", "handle time / (handle + available time)",
            _sum("handling_us"), _sum("handling_us", "available_us"), _BY_GROUP, _NO_QUEUE,
            "nobody was at work",
        ),
        Figure(
            "utilisation", "fraction", "handle time / paid time",
            _sum("handling_us"), _sum("paid_us"), _BY_GROUP, _NO_QUEUE, "nobody was paid",
        ),
        _counted("backlog", "contacts in line for a first answer when the time ends"),
        _counted("escalated", "contacts passed on to another tier"),
        _counted("transferred", "contacts in the wrong queue, passed on"),
        _counted("repeats", "contacts that come because one before was not resolved"),
        _counted("retrials", "contacts that come because one before was not answered"),
        Figure("paid_hours", "h", hours, _scaled(1 / HOUR_US, "paid_us"), None, _BY_GROUP, _NO_QUEUE),
        Figure(
            "overtime_hours", "h", "time with a contact in hand that is not on the schedule as paid",
            _scaled(1 / HOUR_US, "overtime_us"), None, _BY_GROUP, _NO_QUEUE,
        ),
        Figure(
            "cost", money.currency, "pay + cost per contact × answered",
            lambda s: s["pay"] + money.cost_per_contact * s["answered"], _known(_says_cost(scenario), "pay"),
            ("overall", "interval"), "pay is by group, the cost per contact by queue", NO_COST,
        ),
        Figure(
            "revenue", money.currency, "per paid hour + per contact answered",
            lambda s: per_hour / HOUR_US * s["paid_us"] + s["contact_revenue"],
            _known(_says_revenue(scenario), "paid_us"),
            ("overall", "interval"), "paid hours are by group, contacts by queue", NO_REVENUE,
        ),
        Figure(
            "penalty", money.currency, "credits by the terms, less what is earned back",
            _sum("penalty"), _known(money.terms is not None, "penalty"),
            ("overall",), "the terms are settled for the whole", NO_TERMS,
        ),
    ]  # fmt: skip
    return {figure.name: figure for figure in all_of_them}


def _known(said: bool, like: str) -> Callable[[Sums], Floats] | None:
    """Return by what an amount is divided: nothing, or where the scenario names no rate for it, naught."""
    return None if said else lambda sums: np.zeros_like(sums[like])


def _says_cost(scenario: Scenario) -> bool:
    money = scenario.money
    pay = (money.pay_per_hour, money.cost_per_contact, *(g.pay_per_hour for g in scenario.groups.values()))
    return any(pay)


def _says_revenue(scenario: Scenario) -> bool:
    money = scenario.money
    contacts = (queue.revenue_per_contact for queue in scenario.queues.values())
    return any((money.revenue_per_hour, money.revenue_per_fte_day, *contacts))


def first_interval(scenario: Scenario) -> int:
    """Return the first interval that is counted: the first that begins after the warm-up."""
    return math.ceil(scenario.time.warm_up_s / scenario.time.interval_s)


def tally(run: Run) -> Tally:
    """Return what a replication counted after the warm-up, by scope."""
    counts = run.counts
    return tally_of(run.workload.scenario, run.workload.names, counts, first_interval(run.workload.scenario))


def tally_of(
    scenario: Scenario, names: Names, counts: IntervalCounts, first: int, stop: int | None = None
) -> Tally:
    """Return the sums of the intervals from `first` to before `stop` (None: all, and what follows)."""
    queue = counts.queue[first:stop].astype(np.float64)
    time = _times(scenario, names, counts.group_us)
    time = time[first:stop]
    inside = time[: len(queue)]
    extra = _extra(scenario, names, queue)
    by_interval = {**_named(COUNTERS, queue.sum(axis=1)), **_named(TIMES, inside.sum(axis=1))}
    by_queue = _named(COUNTERS, queue.sum(axis=0))
    overall = {
        **_named(COUNTERS, queue.sum(axis=(0, 1))[None]),
        **_named(TIMES, time.sum(axis=(0, 1))[None]),
    }
    for sums, axis in ((by_interval, 1), (by_queue, 0), (overall, (0, 1))):
        for name, values in extra.items():
            sums[name] = np.atleast_1d(values.sum(axis=axis))
    width_us = float(scenario.horizon.interval_us)
    overall["elapsed_us"] = np.array([len(queue) * width_us])
    by_queue["elapsed_us"] = np.full(queue.shape[1], len(queue) * width_us)
    by_queue["backlog"] = queue[-1, :, COUNTERS.index("backlog")]
    overall["backlog"] = by_queue["backlog"].sum()[None]
    overall["penalty"] = np.array([_penalty(scenario, names, counts.queue, first, stop)])
    return Tally(
        {
            "overall": overall,
            "queue": by_queue,
            "group": _named(TIMES, time.sum(axis=0)),
            "interval": by_interval,
        }
    )


def _named(names: Sequence[str], values: Floats) -> dict[str, Floats]:
    return {name: values[..., i] for i, name in enumerate(names)}


def _extra(scenario: Scenario, names: Names, queue: Floats) -> dict[str, Floats]:
    """Return what is weighted by queue: arrays of shape (n_intervals, Q)."""
    queues = [scenario.queues[name] for name in names.queues]
    ended = queue[..., COUNTERS.index("answered")] + queue[..., COUNTERS.index("abandoned")]
    has_target = np.array([q.service_level.response_hours is not None for q in queues])
    revenue = np.array([q.revenue_per_contact for q in queues])
    return {
        "contact_revenue": queue[..., COUNTERS.index("answered")] * revenue,
        "with_response_target": np.where(has_target, ended, 0.0),
    }


def _times(scenario: Scenario, names: Names, group_us: np.ndarray) -> Floats:
    """Return TIMES by interval and group: shape (n_intervals + 1, G, len(TIMES))."""
    time = group_us.astype(np.float64)
    paid_duty = np.array(names.duty_paid)
    handling = time[..., 1].sum(axis=2)
    overtime = time[:, :, ~paid_duty, 1].sum(axis=2)
    paid = time[:, :, paid_duty, :].sum(axis=(2, 3)) + overtime
    money = scenario.money
    per_hour = np.array(
        [
            money.pay_per_hour if (own := scenario.groups[g].pay_per_hour) is None else own
            for g in names.groups
        ]
    )
    pay = (paid + (money.overtime_factor - 1.0) * overtime) / HOUR_US * per_hour
    return np.stack([handling, time[:, :, ON, 0], paid, overtime, pay], axis=-1)


def windows(scenario: Scenario) -> np.ndarray:
    """Return the window of the terms in which each interval lies: shape (n_intervals,)."""
    h = scenario.horizon
    kind = scenario.money.terms.window if scenario.money.terms is not None else "day"
    if kind == "interval":
        return np.arange(h.n_intervals)
    days = np.array([_window_of(h.day(d), kind) for d in range(h.n_days)], dtype=np.int64)
    _, number = np.unique(days, return_inverse=True)
    return np.asarray(number[h.day_of_interval])


def _window_of(day: date, kind: str) -> int:
    if kind == "month":
        return day.year * 12 + day.month
    return day.toordinal() if kind == "day" else (day.toordinal() - 1) // 7


def _penalty(scenario: Scenario, names: Names, queue: np.ndarray, first: int, stop: int | None) -> float:
    """Return the net credits of the windows that the intervals touch; 0 where there are no terms."""
    terms = scenario.money.terms
    if terms is None:
        return 0.0
    window = windows(scenario)[first:stop]
    used, place = np.unique(window, return_inverse=True)
    counts = np.zeros((len(used), *queue.shape[1:]))
    np.add.at(counts, place, queue[first:stop])
    known = figures(scenario)
    values = np.full((len(used), len(terms.levels)), np.nan)
    for i, name in enumerate(sorted(terms.levels)):
        level = terms.levels[name]
        of = counts.sum(axis=1) if level.queue is None else counts[:, names.queues.index(level.queue)]
        figure = known["abandon_rate"]
        if level.metric == "service_level":
            figure = _service_level(level.formula, "service_level")
        sums = _named(COUNTERS, of)
        below = figure.below(sums) if figure.below is not None else np.ones(len(used))
        values[:, i] = np.where(below > 0, figure.above(sums) / np.maximum(below, 1.0), np.nan)
    return float(credits_for(terms.terms(scenario.money.currency), values).net.sum())
