"""How does a capacity plan read, in a terminal and in a workbook?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
from rich.table import Table

from workbench.studies.capacity.plan import CapacityPlan
from workbench.studies.sheets import Sheet, workbook, write_whole
from workbench.wording import counted

MOST_ROWS, NAMED = 26, 6


def said(plan: CapacityPlan) -> str:
    """Return the plan in a planner's words."""
    inputs, found = plan.inputs, plan.cheapest
    hires, asked = found.outlook.hires, f"{inputs.text.probability:.0%}"
    do = "Hire nobody."
    if hires:
        dates = ", ".join(f"{n} on {_day(inputs.mondays[w])}" for w, n in sorted(hires.items())[:NAMED])
        more = f" and {len(hires) - NAMED} more" if len(hires) > NAMED else ""
        classes = counted(len(hires), "class", "classes")
        do = f"Start {counted(sum(hires.values()), 'hire')} in {classes}: {dates}{more}."
    reach, late = plan.table[plan.table["reached"]], plan.table[~plan.table["reached"]]
    short = reach[reach["probability"] < inputs.text.probability]
    if len(short):
        worst = short.loc[short["probability"].idxmin()]
        most = (short["needed"] - short["supply"]).max()
        then = (
            f"Even so {counted(len(short), 'week')} that hires can reach stay below {asked}; the least sure is that of "
            f"{_day(date.fromisoformat(str(worst['week'])))}, with {worst['probability']:.0%}. Classes of up to "
            f"{inputs.text.hiring.most} every {counted(inputs.text.hiring.every_weeks, 'week')} cannot close the gap, "
            f"which is {most:.0f} people at its widest."
        )
    elif len(reach):
        then = (
            "Then every week that hires can reach meets its targets with a probability of at least "
            f"{reach['probability'].min():.0%} ({asked} asked)."
        )
    else:
        then = "No class can be ready before the plan ends."
    told = [do, then]
    n_late = int((late["probability"] < inputs.text.probability).sum())
    if n_late:
        verb = "is" if n_late == 1 else "are"
        told.append(f"{counted(n_late, 'week')} before that {verb} below {asked}, too early for any class.")
    return " ".join(told)


def basis(plan: CapacityPlan) -> str:
    """Return what the figures rest on."""
    inputs, surface = plan.inputs, plan.surface
    points = sum(len(row.people) for row in surface.rows)
    return (
        f"{inputs.scenario.name}, {inputs.weeks} weeks from {_day(inputs.start)}; {plan.draws} drawn courses, seed "
        f"{plan.seed}; service from {points} simulated points at {len(surface.rows)} volumes, each of "
        f"{counted(surface.replications, 'replication')} ({surface.contacts:,} contacts). "
        f"Targets: {'; '.join(map(str, surface.targets))}."
    )


def plan_tables(plan: CapacityPlan) -> list[Table]:
    """Return weeks, policies and the simulated check as tables."""
    return [_weeks(plan), _policies(plan), _checked(plan)]


def _weeks(plan: CapacityPlan) -> Table:
    frame = plan.table
    every = -(-len(frame) // MOST_ROWS)
    title = "Week by week" if every == 1 else f"One week in {every}, and those with a class"
    extra = ("overtime",) if frame["overtime"].max() > 0 else ()
    table = _table(title, "week of", "load", "needed", "there", "90 %", "starting", "sure", *extra)
    for i, row in enumerate(frame.to_dict("records")):
        if i % every and not row["starting"]:
            continue
        cells = [
            str(row["week"]), f"{row['load']:.2f}", f"{row['needed']:.1f}", f"{row['supply']:.1f}",
            f"{row['supply_low']:.0f}–{row['supply_high']:.0f}", str(row["starting"] or ""),
            f"{row['probability']:.0%}{'' if row['reached'] else '*'}",
        ]  # fmt: skip
        table.add_row(*cells, *([f"{row['overtime']:.1%}"] if extra else []))
    table.caption = "People, new ones by their speed." + (
        " * No class can start early enough to change it." if (~frame["reached"]).any() else ""
    )
    return table


def _policies(plan: CapacityPlan) -> Table:
    paid = plan.inputs.pay_per_hour is not None
    unit = plan.inputs.scenario.money.currency if paid else "no wage given"
    shown = ("pay", "joining", "overtime", "total")
    table = _table(
        f"What it costs (thousand {unit}; credits are not in it)", "policy", "hired", "sure", *shown
    )
    for row in plan.costs.assign(joining=plan.costs["training"] + plan.costs["hiring"]).to_dict("records"):
        money = ["—" if row[line] != row[line] else f"{row[line] / 1000:,.0f}" for line in shown]
        table.add_row(str(row["policy"]), str(row["hired"]), f"{row['least_probable_week']:.0%}", *money)
    found = plan.cheapest
    if found.bound is not None:
        table.caption = (
            f"The hires cost {found.cost:,.0f} {unit if paid else 'person-weeks'}; for the people needed as drawn no "
            f"plan costs less than {found.bound:,.0f}."
        )
    return table


def _checked(plan: CapacityPlan) -> Table:
    title = "The least sure weeks, simulated themselves with other random numbers"
    table = _table(title, "week of", "met", "95 % interval", "foreseen")
    for one in plan.checked:
        table.add_row(
            plan.inputs.mondays[one.week].isoformat(), f"{one.met} of {one.n}", f"{one.low:.0%} to {one.high:.0%}",
            f"{one.predicted:.0%}",
        )  # fmt: skip
    return table


def taken_from(plan: CapacityPlan) -> list[str]:
    """Return what the file did not say and where it was taken from."""
    words = {"A": "assumed", "D": "from the scenario"}
    return [f"{what} [{words.get(grade, grade)}]" for what, grade in plan.inputs.told]


def write_plan(plan: CapacityPlan, out: Path) -> list[Path]:
    """Write the plan as CSV and as one workbook; return the files."""
    frames = {"weeks": plan.table, "policies": plan.costs}
    files = []
    for name, frame in frames.items():
        path = out / f"{name}.csv"
        write_whole(path, frame.to_csv(index=False, lineterminator="\n").encode())
        files.append(path)
    sheets = [_sheet(name, frame) for name, frame in frames.items()]
    told = pd.DataFrame({"what": [said(plan), basis(plan), *taken_from(plan)]})
    path = out / "plan.xlsx"
    write_whole(path, workbook([_sheet("plan", told, 120), *sheets]))
    return [*files, path]


def _sheet(name: str, frame: pd.DataFrame, width: int = 14) -> Sheet:
    rows = [[None if v != v else v for v in row] for row in frame.astype(object).to_numpy().tolist()]
    return Sheet(name=name, title=name, columns=[(str(c), width) for c in frame.columns], rows=rows)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="")
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 else "right", no_wrap=True)
    return table
