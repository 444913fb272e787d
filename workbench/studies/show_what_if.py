"""How do what-ifs, tornado and frontier read in a terminal, in a spreadsheet, and in one file?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from rich.table import Table

from workbench.errors import CallError
from workbench.sim.scenario import Scenario
from workbench.statistics.replications import Estimate
from workbench.studies.frontier import Frontier
from workbench.studies.lever import LEVERS
from workbench.studies.sheets import Sheet, workbook, write_whole
from workbench.studies.show import number, signed, within
from workbench.studies.targets import Met
from workbench.studies.tornado import Effects, Tornado
from workbench.studies.what_if import MEASURES, WhatIf, people
from workbench.wording import counted

NAMES = {
    "people": "people", "service_level": "service level", "abandon_rate": "abandonment", "mean_wait_s": "mean wait",
    "response_level": "answered in time", "occupancy": "occupancy", "paid_hours": "paid hours", "cost": "cost",
    "penalty": "expected penalty", "revenue": "revenue",
}  # fmt: skip


def not_comparable(found: WhatIf) -> list[str]:
    """Return why cost, or the paid hours of variants, are not known, once for each reason."""
    unsaid = [found.base[measure].reason for measure in ("cost",) if found.base[measure].mean is None]
    away = [v.not_comparable for v in found.variants.values() if v.not_comparable]
    reasons = dict.fromkeys([*unsaid, *away])
    return [f"Not known: {reason}." for reason in reasons]


def basis(found: WhatIf) -> str:
    """Return on what the figures rest: base, pairs, seed, formula."""
    base = found.base
    lock = f"bound to {found.lock}" if found.lock else "not bound to a base (--lock)"
    return (
        f"Base: {base.scenario.name}, {lock}. {counted(base.n, 'pair')} of replications, seed {base.seed}, "
        f"{base.engine} engine; intervals of {100 * base.confidence:g} %; service level by {base.formulas[0]}."
    )


ABREAST = 3
"""Variants in one table; more do not fit a terminal."""


def what_if_tables(found: WhatIf) -> list[Table]:
    """Return base and variants side by side: each with the paired difference and its interval."""
    names = list(found.variants)
    return [_abreast(found, names[i : i + ABREAST]) for i in range(0, len(names), ABREAST)]


def _abreast(found: WhatIf, names: list[str]) -> Table:
    shown = Table(title=found.name, title_justify="left", header_style="")
    for i, column in enumerate(("", "base", *names)):
        shown.add_column(column, justify="left" if i == 0 else "right", overflow="fold")
    before = people(found.base.scenario)
    theirs = [people(found.variants[name].scenario) for name in names]
    shown.add_row("people", str(before), *(f"{n}\n{signed(n - before, 'count')}" for n in theirs))
    for measure in MEASURES:
        base, differences = found.base[measure], [found.difference(measure, name) for name in names]
        if base.mean is None:
            continue
        unit = found.base.figure(measure).unit
        cells = [
            f"{number(found.results(name)[measure].mean, unit)}\n{span(d, unit)}"
            if d.mean is not None
            else "not known"
            for name, d in zip(names, differences, strict=True)
        ]
        title = NAMES.get(measure, measure)
        title = title if unit == "fraction" else f"{title}, {unit}"
        shown.add_row(title, f"{number(base.mean, unit)}\n{own(base, unit)}", *cells)
    at_base, by_name = found.probabilities(), {name: found.probabilities(name) for name in names}
    for target, met in at_base.items():
        shown.add_row(f"target met: {target}", share(met), *(share(by_name[name][target]) for name in names))
    return shown


def tornado_table(found: Tornado) -> Table:
    """Return one row per lever, the greatest effect first: both ends of its swing."""
    unit, base = found.base.figure(found.measure).unit, found.base[found.measure]
    named = NAMES.get(found.measure, found.measure)
    shown = Table(
        title=f"{found.base.scenario.name}: {named} {number(base.mean, unit)} {own(base, unit)}, and what moves it",
        caption=f"{counted(found.base.n, 'pair')}, seed {found.base.seed}; ± {100 * base.confidence:g} % interval",
        title_justify="left", caption_justify="left", header_style="",
    )  # fmt: skip
    for column in ("lever", "down", "effect", "up", "effect"):
        shown.add_column(
            column, justify="right" if column == "effect" else "left", no_wrap=column in ("lever", "effect")
        )
    for bar in found.bars:
        ends = [
            (s.words, within(s.differences[found.measure], unit)) if s is not None else ("", "")
            for s in (bar.down, bar.up)
        ]
        shown.add_row(bar.lever.name, *ends[0], *ends[1])
    return shown


def effects_table(found: Effects) -> Table:
    """Return one row per lever: Morris' mu* with its interval, and sigma; of fractions in points."""
    scale = 100.0 if found.measure in ("service_level", "abandon_rate", "occupancy") else 1.0
    title = (
        f"All levers at once: {counted(found.settings, 'setting')}, {counted(found.trajectories, 'trajectory')}, "
        f"{counted(found.n, 'replication')} each, seed {found.seed}"
    )
    shown = Table(title=title, title_justify="left", header_style="")
    for i, column in enumerate(
        ("lever", "size of its effect (mu*)", "95 % interval", "depends on others (sigma)")
    ):
        shown.add_column(column, justify="right" if i else "left")
    for row in found.table.itertuples():
        shown.add_row(
            str(row.lever), f"{scale * row.mu_star:.1f}", f"{scale * row.low:.1f} to {scale * row.high:.1f}",
            f"{scale * row.sigma:.1f}",
        )  # fmt: skip
    return shown


def frontier_table(found: Frontier) -> Table:
    """Return one row per point, from the cheapest; dominated ones say by which."""
    base, unit = found.base, found.base.figure(found.cost_measure).unit
    shown = Table(
        title=f"{base.scenario.name}: {NAMES[found.cost_measure]} and service",
        caption=f"{counted(base.n, 'pair')}, seed {base.seed}; ± is the {100 * base.confidence:g} % interval of the "
        "change; met: replications in which every target is",
        title_justify="left", caption_justify="left", header_style="",
    )  # fmt: skip
    for i, column in enumerate(("people", unit, "service", "change", "met", "dominated by")):
        shown.add_column(column, justify="right" if 0 < i < 5 else "left", no_wrap=i < 5)
    for p in found.points:
        shown.add_row(
            p.name, number(p.cost.mean, unit), number(p.service.mean, "fraction"),
            within(p.service_change, "fraction"), f"{p.met.met} of {p.met.n}", p.dominated_by,
        )  # fmt: skip
    return shown


def lever_table(scenario: Scenario | None) -> Table:
    """Return the levers: how each acts; with a scenario, today's value, or why there is none."""
    shown = Table(title="Levers", title_justify="left", header_style="")
    shown.add_column("lever", no_wrap=True)
    for column in ("unit", "today"):
        shown.add_column(column, justify="right")
    shown.add_column("how it acts")
    for lever in LEVERS:
        today, says = "", lever.says
        if scenario is not None:
            why_not = lever.why_not(scenario)
            today = "—" if why_not else f"{lever.today(scenario):.4g}"
            says = why_not.partition(": ")[2] if why_not else says
        only = f":{lever.acts_on.upper().replace(' ', '-')}" if lever.acts_on else ""
        shown.add_row(f"{lever.name}[{only}]" if only else lever.name, lever.unit, today, says)
    return shown


def span(d: Estimate, unit: str) -> str:
    """Return a difference with its interval; of fractions in percentage points."""
    if d.mean is None:
        return "—"
    if d.low is None or d.high is None:
        return signed(d.mean, unit)
    return f"{signed(d.mean, unit)} ({signed(d.low, unit)} to {signed(d.high, unit)})"


def own(e: Estimate, unit: str) -> str:
    """Return the interval of a figure: "(73.1 % to 76.9 %)"; "" where there is none."""
    return "" if e.low is None else f"({number(e.low, unit)} to {number(e.high, unit)})"


def share(met: Met) -> str:
    """Return how often a target was met: "85 % (64 to 95, 17 of 20)"."""
    return f"{100 * met.share:.0f} %\n({100 * met.low:.0f} to {100 * met.high:.0f}, {met.met} of {met.n})"


def write_table(path: Path, frame: pd.DataFrame, title: str, notes: tuple[str, ...]) -> None:
    """Write a table as CSV, or as a workbook with its notes, by the suffix of the file.

    Raises
    ------
    CallError
        for another suffix, before anything is computed if `check_out` was asked.
    """
    check_out(path)
    if path.suffix.lower() == ".csv":
        write_whole(path, frame.to_csv(index=False, lineterminator="\n").encode())
        return
    widths = [(str(c), 40.0 if c in ("words", "reason", "variant", "move") else 16.0) for c in frame.columns]
    rows = [[None if pd.isna(cell) else cell for cell in row] for row in frame.itertuples(index=False)]
    write_whole(path, workbook([Sheet("what-if", title, widths, rows, notes)]))


def check_out(path: Path | None, *more: str) -> None:
    """Raise CallError unless a file's suffix says how to write it."""
    accepted = (".csv", ".xlsx", *more)
    if path is not None and path.suffix.lower() not in accepted:
        raise CallError(
            f"--out {path}: ends in none of {', '.join(accepted)}. Name the file so, as out/what-if.csv"
        )
