"""How does the rest of a day read in a terminal, and in a table?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.table import Table

from workbench.studies.intraday import NOTHING, Intraday
from workbench.studies.intraday_options import Option
from workbench.studies.show import number
from workbench.studies.show_what_if import NAMES, own, share, span
from workbench.wording import counted, listing

SHOWN = ("service_level", "abandon_rate", "occupancy", "paid_hours", "cost")
ABREAST = 2
"""Options in one table beside the plan; more do not fit a terminal."""


def so_far(found: Intraday) -> list[str]:
    """Return sentences on the day so far: how busy, how long, how many people, and whether the model holds."""
    lines = []
    for b in found.busyness:
        if b.to_data()["reason"]:
            lines.append(
                f"{listing(b.queues)}: the scenario knows no day-to-day scatter, so the forecast stands."
            )
            continue
        low, high = b.interval()
        lines.append(
            f"{listing(b.queues)}: {b.observed:,.0f} contacts came of themselves where {b.expected:,.0f} were "
            f"forecast; the rest is expected at {b.mean:.2f} times the forecast ({low:.2f} to {high:.2f})."
        )
    for name, ratio in found.handle.items():
        lines.append(
            f"{name}: contacts took {ratio:.2f} times as long as the scenario says; the rest does too."
        )
    if found.people is not None:
        lines.append(f"People at work: {100 * found.people:.0f} % of those expected.")
    for check in found.checks:
        verdict = "as the model has it" if check.held else "NOT as the model has it: take the rest with care"
        if check.held and check.given:
            verdict = "given to the model, so that it proves nothing"
        lines.append(
            f"So far {check.name}: {check.counted:,.4g} counted, {check.simulated:,.4g} simulated "
            f"({check.low:,.4g} to {check.high:,.4g}), {verdict}."
        )
    return lines


def intraday_tables(found: Intraday) -> list[Table]:
    """Return the options beside the plan, so many abreast as a terminal holds, with paired differences to the plan."""
    options = [option for option in found.options if not option.why_not and option.name != NOTHING]
    return [_abreast(found, options[i : i + ABREAST]) for i in range(0, max(len(options), 1), ABREAST)]


def _abreast(found: Intraday, options: Sequence[Option]) -> Table:
    plan = found.rest[NOTHING]
    shown = Table(
        title=f"{found.scenario.name} from {found.actuals.until}: what would still help",
        caption=f"{counted(plan.n, 'pair')}, seed {plan.seed}, service level by {plan.formulas[0]}; figures of the "
        f"rest of the day with their {100 * plan.confidence:g} % intervals, those of options of the difference to the "
        "plan; the last row counts replications in which the whole day meets every target",
        title_justify="left", caption_justify="left", header_style="",
    )  # fmt: skip
    shown.add_column("")
    for name in (NOTHING, *(option.name for option in options)):
        shown.add_column(name, justify="right")
    for m in SHOWN:
        unit = plan.figure(m).unit
        if plan[m].mean is None:
            continue
        cells = [f"{number(plan[m].mean, unit)}\n{own(plan[m], unit)}"]
        for option in options:
            value = number(found.rest[option.name][m].mean, unit)
            beside = span(found.difference(m, option.name), unit).replace(" (", "\n(")
            cells.append(f"{value}\n{beside}")
        shown.add_row(NAMES[m] if unit == "fraction" else f"{NAMES[m]}, {unit}", *cells)
    shown.add_row(
        "day meets all", *(share(found.met(name)) for name in (NOTHING, *(o.name for o in options)))
    )
    return shown


def options_said(found: Intraday) -> list[str]:
    """Return what each option does, as a planner says it."""
    return [f"{o.name}: {o.words}." for o in found.options if not o.why_not and o.words != o.name]


def refused(found: Intraday) -> list[str]:
    """Return why options cannot be done."""
    return [f"{o.name}: {o.why_not}." for o in found.options if o.why_not]


def intraday_frame(found: Intraday) -> pd.DataFrame:
    """Return one row per option, part of the day and measure."""
    rows: list[tuple[object, ...]] = []
    for option in found.options:
        if option.why_not:
            rows.append((option.name, "", "", "", None, None, None, None, 0, option.why_not))
            continue
        for whole_day, results in ((False, found.rest), (True, found.day)):
            for m in SHOWN:
                e, d = results[option.name][m], found.difference(m, option.name, whole_day)
                unit, part = results[option.name].figure(m).unit, "day" if whole_day else "rest"
                rows.append((option.name, part, m, unit, e.mean, d.mean, d.low, d.high, d.n, option.words))
    columns = ["option", "part", "measure", "unit", "mean", "difference", "low", "high", "n", "words"]
    return pd.DataFrame(rows, columns=columns)
