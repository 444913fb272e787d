"""How does the rest of a day read in a terminal, and in a table?"""

from __future__ import annotations

import pandas as pd
from rich.table import Table

from workbench.studies.intraday import NOTHING, Intraday
from workbench.studies.show import number, within
from workbench.wording import counted, listing

SHOWN = ("service_level", "abandon_rate", "occupancy", "paid_hours", "cost")


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
        lines.append(
            f"So far {check.name}: {check.counted:,.4g} counted, {check.simulated:,.4g} simulated "
            f"({check.low:,.4g} to {check.high:,.4g}), {verdict}."
        )
    return lines


def intraday_table(found: Intraday) -> Table:
    """Return one row per option: the rest of the day, with paired differences to doing nothing."""
    first = found.rest[NOTHING]
    shown = Table(
        title=f"{found.scenario.name} from {found.actuals.until}: what would still help",
        caption=f"{counted(first.n, 'pair')}, seed {first.seed}, service level by {first.formulas[0]}; figures of the "
        f"rest of the day, ± {100 * first.confidence:g} % interval of the difference; day met: every target of the day",
        title_justify="left", caption_justify="left", header_style="",
    )  # fmt: skip
    units = {m: first.figure(m).unit for m in SHOWN}
    shown.add_column("option", overflow="fold")
    for m in SHOWN:
        shown.add_column(
            m.replace("_", " ") + (f", {units[m]}" if units[m] != "fraction" else ""), justify="right"
        )
    shown.add_column("day met", justify="right", no_wrap=True)
    for option in found.options:
        if option.why_not:
            continue
        cells = []
        for m in SHOWN:
            value = number(found.rest[option.name][m].mean, units[m])
            cells.append(
                value
                if option.name == NOTHING
                else f"{value}\n{within(found.difference(m, option.name), units[m])}"
            )
        met = found.met(option.name)
        name = option.name if option.words == option.name else f"{option.name}: {option.words}"
        shown.add_row(name, *cells, f"{met.met} of {met.n}")
    return shown


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
