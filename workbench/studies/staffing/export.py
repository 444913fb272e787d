"""How does a plan leave the house? As tables that workforce-management suites import, CSV and Excel.

`shifts.csv` has one row per person, day and activity: agent number, group, shift number, date, start and
end as local times, activity, paid. `requirements.csv` has one row per interval and group. Persons are
numbers; who they are is decided elsewhere. Text is written as text, whatever it begins with.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.studies.sheets import Sheet, workbook, write_whole
from workbench.studies.staffing.plan import Check, Plan, Requirement
from workbench.studies.staffing.shifts import days_of
from workbench.studies.staffing.staff import Staffing

ROSTER = ["agent", "group", "shift", "shift_name", "date", "start", "end", "activity", "paid"]


def activities(plan: Plan) -> pd.DataFrame:
    """Return one row per person, day and stretch of a shift.

    agent : number, 1 and up, the same person on all days. shift : number of the shift with its breaks.
    start, end : local date and time, as a night shift ends on another day.
    """
    scenario = plan.pool.goals.scenario
    rows: list[tuple[object, ...]] = []
    agent = 0
    used = {name: i + 1 for i, name in enumerate(sorted({v.name for v in plan.pool.variants}))}
    for j in np.flatnonzero(plan.x).tolist():
        v, unit = plan.pool.variants[j], plan.pool.units[plan.pool.unit[j]]
        for _ in range(int(plan.x[j])):
            agent += 1
            for day in days_of(scenario, v):
                midnight = datetime.combine(day, datetime.min.time())
                for start, end, activity, paid in v.segments():
                    begin, finish = (midnight + timedelta(seconds=s) for s in (start, end))
                    rows.append(
                        (agent, unit.name, used[v.name], v.template, day.isoformat(), f"{begin:%Y-%m-%d %H:%M}",
                         f"{finish:%Y-%m-%d %H:%M}", activity, "yes" if paid else "no")
                    )  # fmt: skip
    return pd.DataFrame(rows, columns=ROSTER)


def requirements(requirement: Requirement) -> pd.DataFrame:
    """Return one row per interval and group: date, start, end, required, to schedule, Erlang A's number."""
    goals = requirement.pool.goals
    table = requirement.table()
    minutes = int(np.diff(goals.slot_us)[0] // 60_000_000)
    start = table.start
    return pd.DataFrame(
        {
            "group": table.group,
            "date": [f"{s:%Y-%m-%d}" for s in start],
            "start": [f"{s:%H:%M}" for s in start],
            "minutes": minutes,
            "required": table.required,
            "scheduled": table.scheduled,
            "erlang_a": table.erlang_a,
        }
    )


def checks(check: Check) -> pd.DataFrame:
    """Return the goals of a check with local times as text."""
    table = check.table.copy()
    for name in ("start", "end"):
        table[name] = [f"{s:%Y-%m-%d %H:%M}" for s in table[name]]
    return table.round(4)


def write(found: Staffing, out: Path) -> list[Path]:
    """Write everything into a folder; each file appears whole or not at all."""
    tables: dict[str, pd.DataFrame] = {}
    if found.requirement is not None:
        tables["requirements"] = requirements(found.requirement)
        tables["requirement_check"] = checks(found.requirement.check)
    if found.plan is not None:
        tables["plan"] = found.plan.table()
        tables["shifts"] = activities(found.plan)
        tables["plan_check"] = checks(found.plan.check)
    written = []
    for name, table in tables.items():
        written.append(out / f"{name}.csv")
        write_whole(written[-1], _csv(table))
    written.append(out / "staffing.xlsx")
    write_whole(written[-1], workbook([_about(found), *(_sheet(n, t) for n, t in tables.items())]))
    written.append(out / "staffing.json")
    text = json.dumps(found.to_data(), ensure_ascii=False, indent=1)
    write_whole(written[-1], text.encode())
    written.append(out / "scenario.yaml")
    proposal = found.proposal
    write_whole(written[-1], proposal.pool.written(proposal.x).to_yaml().encode())
    return written


def _csv(table: pd.DataFrame) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    for row in table.itertuples(index=False):
        writer.writerow([_harmless(v) for v in row])
    return ("\ufeff" + out.getvalue()).encode()


def _harmless(value: object) -> object:
    """Return a cell in which a spreadsheet finds no formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return "'" + value
    return "" if value is None or value != value else value


def _sheet(name: str, table: pd.DataFrame) -> Sheet:
    rows = [[_plain(v) for v in row] for row in table.itertuples(index=False)]
    return Sheet(name, name.replace("_", " ").capitalize(), [(c, 16.0) for c in table.columns], rows)


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


def _about(found: Staffing) -> Sheet:
    p = found.proposal
    mean, low, high = p.check.overtime
    currency = found.currency
    counts = p.check.counts()
    rows: list[list[object]] = [
        ["scenario", found.scenario.name],
        ["cost as scheduled", f"{p.cost:,.2f} {currency}"],
        ["overtime on top", f"{mean:,.2f} {currency} ({low:,.2f} to {high:,.2f})"],
        ["goals met, open, missed", f"{counts['met']}, {counts['open']}, {counts['missed']}"],
        ["checked with", f"{p.check.n} replications of seed {p.check.checked.seed}"],
        [
            "lower bound (statistical)",
            "unknown" if p.bounds.cuts is None else f"{p.bounds.cuts:,.2f} {currency}",
        ],
        ["lower bound (work alone)", f"{p.bounds.work:,.2f} {currency}"],
        ["Erlang A rounded up, cost", f"{p.erlang_a.cost:,.2f} {currency}"],
        ["seed of the search", found.request.seed],
    ]
    rows += [[f"people in {name}", n] for name, n in p.people.items()]
    rows += [["remedy", r.words] for r in found.remedies]
    rows += [["note", n] for n in found.notes]
    return Sheet("about", f"Staffing of {found.scenario.name}", [("what", 32.0), ("value", 90.0)], rows)
