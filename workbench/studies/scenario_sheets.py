"""How does a scenario look as one Excel workbook, and how is it read back?

A sheet each for what planners look at: arrivals, handle times, staffing, shrinkage, skills, money. They are
for reading and for other tools: typed numbers, units in the heads, no formula. The sheet "scenario" holds the
whole file line by line; every command that
reads a scenario takes it from there, so that nothing is lost on the way.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from workbench.errors import CallError
from workbench.sim.mistakes import WORKBOOK_SHEET
from workbench.sim.people import Group
from workbench.sim.scenario import Scenario
from workbench.studies.sheets import Sheet, workbook, write_whole

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ENDINGS = (".yaml", ".yml", ".xlsx")
Rows = list[list[object]]
READ_BACK = (
    "The whole scenario, a line of its file in each row. This sheet is read back; keep the spaces in front."
)


def write_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario as its ending says, .yaml, .yml or .xlsx; the file appears whole or not at all.

    Raises
    ------
    CallError
        for another ending.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise CallError(f'{path}: a scenario is written as {", ".join(ENDINGS)}, not as "{ending}".')
    write_whole(path, workbook(sheets_of(scenario)) if ending == ".xlsx" else scenario.to_yaml().encode())


def sheets_of(scenario: Scenario) -> list[Sheet]:
    """Return the sheets of a scenario."""
    lines = scenario.to_yaml().splitlines()
    return [
        _arrivals(scenario), _handle(scenario), _staffing(scenario), _people(scenario), _shrinkage(scenario),
        _skills(scenario), _follow_ups(scenario), _money(scenario),
        Sheet(WORKBOOK_SHEET, "The scenario", [("line of the file", 100)], [[line] for line in lines], [READ_BACK]),
    ]  # fmt: skip


def _clocks(scenario: Scenario) -> tuple[list[str], list[str]]:
    """Return the day and the local time at which each interval begins."""
    edges, start = scenario.horizon.edges_us[:-1], scenario.horizon.start_utc
    zone = scenario.horizon.zone
    local = [np.datetime64(start.replace(tzinfo=None)) + np.timedelta64(int(e), "us") for e in edges]
    stamps = pd.DatetimeIndex(local).tz_localize("UTC").tz_convert(zone)
    return [f"{t:%Y-%m-%d}" for t in stamps], [f"{t:%H:%M}" for t in stamps]


def _arrivals(scenario: Scenario) -> Sheet:
    names = list(scenario.queues)
    spread = scenario.horizon.spread
    rates = [spread(list(q.arrivals.per_hour)) for q in scenario.queues.values()]
    day, clock = _clocks(scenario)
    rows: Rows = [
        [d, DAYS[np.datetime64(d).astype(object).weekday()], c, *(round(float(r[i]), 4) for r in rates)]
        for i, (d, c) in enumerate(zip(day, clock, strict=True))
    ]
    notes = [f"Contacts that come of themselves, local time of {scenario.time.zone}; follow-ups come on top."]
    for name, queue in scenario.queues.items():
        if queue.opening:
            hours = "; ".join(f"{label} {o.start} to {o.end}" for label, o in queue.opening.items())
            late = "later" if queue.when_closed == "later" else "not at all"
            notes.append(f"{name} is open {hours}; follow-ups that would come after closing come {late}.")
        a = queue.arrivals
        said = [f"days vary by {a.day_factor.shape**-0.5:.1%}"] if a.day_factor else []
        said += [f"intervals vary by {a.interval_shape**-0.5:.1%} beyond chance"] if a.interval_shape else []
        said += [f"the level may be off by {a.forecast_error.spread:.1%}"] if a.forecast_error else []
        if said:
            notes.append(f"{name}: {', '.join(said)} (standard deviation over mean).")
    heads = [("day", 12), ("weekday", 12), ("from", 8), *((f"{n} [contacts/h]", 16) for n in names)]
    return Sheet("arrivals", "Arrivals", heads, rows, notes)


def _handle(scenario: Scenario) -> Sheet:
    rows: Rows = []
    for name, queue in scenario.queues.items():
        for part, law in (
            ("talk", queue.handle.talk), ("hold", queue.handle.hold), ("wrap-up", queue.handle.wrap_up),
            ("patience", queue.patience),
        ):  # fmt: skip
            if law is not None:
                share = queue.handle.hold_probability if part == "hold" else 1.0
                rows.append(
                    [name, queue.channel, part, law.family, round(law.mean, 2), law.shape, law.cv, share]
                )
    heads = ["mean [s]", "shape", "cv", "share of contacts with it"]
    columns = [("queue", 24), ("channel", 12), ("part", 12), ("family", 14), *((h, 14) for h in heads)]
    return Sheet("handle times", "Handle times and patience", columns, rows)


def _staffing(scenario: Scenario) -> Sheet:
    day, clock = _clocks(scenario)
    counted = {n: g for n, g in scenario.groups.items() if g.agents is not None}
    columns = {n: scenario.horizon.spread(list(g.agents or ()), int) for n, g in counted.items()}
    planned = [n for n in scenario.groups if n not in counted]
    for name in planned:
        columns[name] = _planned(scenario, scenario.groups[name])
    names = [n for n in scenario.groups if n in columns]
    rows: Rows = [
        [d, DAYS[np.datetime64(d).astype(object).weekday()], c, *(float(columns[n][i]) for n in names)]
        for i, (d, c) in enumerate(zip(day, clock, strict=True))
    ]
    notes = ["People at work by interval."]
    if planned:
        notes.append(
            f"{', '.join(planned)}: as shifts and breaks plan; see the sheet shrinkage for what takes from it."
        )
    heads = [("day", 12), ("weekday", 12), ("from", 8), *((f"{n} [people]", 16) for n in names)]
    return Sheet("staffing", "Staffing", heads, rows, notes=notes)


def _planned(scenario: Scenario, group: Group) -> np.ndarray:
    """Return the people of a group by interval as their shifts plan them, breaks taken out."""
    h = scenario.horizon
    total = np.zeros(h.n_intervals)
    for block in group.people.values():
        shift = scenario.shifts[block.shift]
        for day in range(-1, h.n_days):
            if h.day(day).weekday() not in shift.days:
                continue
            total += block.count * _overlap(h.edges_us, h.at_us(day, shift.start), h.at_us(day, shift.end))
            for activity in shift.activities.values():
                for wave in range(activity.waves):
                    start = h.at_us(day, activity.start) + round(wave * activity.wave_minutes * 60e6)
                    away = _overlap(h.edges_us, start, start + round(activity.minutes * 60e6))
                    total -= block.count / activity.waves * away
    return np.round(np.maximum(total, 0.0), 3)


def _overlap(edges: np.ndarray, start: int, end: int) -> np.ndarray:
    """Return the share of each interval that lies between two moments."""
    inside = np.clip(np.minimum(edges[1:], end) - np.maximum(edges[:-1], start), 0, None)
    return np.asarray(inside / np.diff(edges))


def _people(scenario: Scenario) -> Sheet:
    rows: Rows = []
    for name, group in scenario.groups.items():
        for block, people in group.people.items():
            shift = scenario.shifts[people.shift]
            weeks = people.tenure_weeks
            said = (
                None
                if weeks is None
                else weeks
                if isinstance(weeks, float | int)
                else f"{weeks[0]:g} to {weeks[1]:g}"
            )
            breaks = "; ".join(f"{n} {a.start}, {a.minutes:g} min" for n, a in shift.activities.items())
            days = ", ".join(DAYS[d][:3] for d in shift.days)
            rows.append([name, block, people.count, shift.start, shift.end, days, breaks, said])
    heads = [
        ("group", 16), ("block", 30), ("people", 10), ("from", 8), ("to", 8), ("days", 26), ("away in the shift", 40),
        ("tenure [weeks]", 14),
    ]  # fmt: skip
    notes = [] if rows else ["Agents are counts in this scenario; see the sheet staffing."]
    return Sheet("people", "People and shifts", heads, rows, notes=notes)


def _shrinkage(scenario: Scenario) -> Sheet:
    rows: Rows = []
    for name, group in scenario.groups.items():
        for kind, s in group.shrinkage.items():
            of = "shifts" if s.whole_days else "time of a shift"
            if not s.whole_days and s.in_shifts < 1:
                of += f", in {s.in_shifts:.0%} of shifts"
            rows.append([name, kind, s.share, of, s.planned, s.paid])
        if group.adherence is not None:
            rows.append([name, "comes late", group.adherence.late, "shifts", False, False])
            rows.append([name, "leaves early", group.adherence.early, "shifts", False, False])
        if group.attrition is not None:
            rows.append(
                [
                    name,
                    "leaves for good, tenured, per week",
                    group.attrition.weekly[-1],
                    "people",
                    False,
                    False,
                ]
            )
    notes = [] if rows else ["None in this scenario: it is inside the counts of staffing."]
    heads = [("group", 16), ("kind", 34), ("share [fraction]", 16), ("of", 18), ("planned", 10), ("paid", 8)]
    return Sheet("shrinkage", "Shrinkage, absence and turnover", heads, rows, notes=notes)


def _skills(scenario: Scenario) -> Sheet:
    rows: Rows = [
        [name, skill, s.level, s.handle_factor * group.handle_factor, s.after_s]
        for name, group in scenario.groups.items()
        for skill, s in group.skills.items()
    ]
    heads = [
        ("group", 16),
        ("skill", 30),
        ("level (1 first)", 14),
        ("handle-time factor", 18),
        ("only after waiting [s]", 20),
    ]
    return Sheet("skills", "Skills", heads, rows)


def _follow_ups(scenario: Scenario) -> Sheet:
    rows: Rows = []
    for name, queue in scenario.queues.items():
        rows.append([name, "resolved", "served", queue.resolution, None, None])
        for what, rule in queue.follow_ups.items():
            delay = rule.delay.mean if rule.delay is not None else 0.0
            rows.append([name, what, rule.after, rule.probability, rule.to or name, round(delay, 1)])
    heads = [
        ("queue", 24),
        ("what", 20),
        ("after", 14),
        ("probability [fraction]", 20),
        ("to", 24),
        ("mean delay [s]", 14),
    ]
    return Sheet("follow-ups", "What contacts bring about", heads, rows)


def _money(scenario: Scenario) -> Sheet:
    money, currency = scenario.money, scenario.money.currency
    rows: Rows = [
        ["pay", money.pay_per_hour, f"{currency}/h", None],
        ["overtime over ordinary pay", money.overtime_factor, "factor", None],
        ["cost of a contact", money.cost_per_contact, f"{currency}/contact", None],
        ["revenue", money.revenue_per_hour, f"{currency}/h", None],
    ]
    if money.terms is not None:
        rows.append(["at risk", money.terms.at_risk, f"{currency} per {money.terms.window}", None])
        rows += [[name, level.target, "target", level.weight] for name, level in money.terms.levels.items()]
    heads = [("what", 34), ("value", 14), ("unit", 20), ("weight", 10)]
    return Sheet("money", "Money", heads, rows)
