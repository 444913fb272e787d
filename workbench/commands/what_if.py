"""What if something changes? `what-if`, `tornado`, `frontier`, `intraday`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from workbench.studies.asked import check_seed

if TYPE_CHECKING:
    import pandas as pd

    from workbench.reports.section import Figure

app = typer.Typer()

_BASE = "A scenario file, or the name of one that comes along."


@app.command("what-if")
def what_if_command(
    what: str = typer.Argument("", help="A what-if file, or a scenario for --lever and --change."),
    lever: list[str] = typer.Option(
        [], help="NAME=VALUE, as shrinkage=+0.05 or volume:sales=+10%; several, or with commas."
    ),
    change: list[str] = typer.Option([], help="path=value, as groups.a.agents=12; may be repeated."),
    separately: bool = typer.Option(False, help="Each lever and each change is a variant of its own."),
    replications: int | None = typer.Option(None, help="Pairs; else as in the file, or 20."),
    seed: int | None = typer.Option(
        None, help="The same seed gives the same figures; else the file's, or 1.", callback=check_seed
    ),
    formula: str = typer.Option("", help="Service level, V1 to V5; else the contract's, or V2."),
    precision: float | None = typer.Option(
        None, help="Go on until every difference in service level is known to so much: 0.005."
    ),
    hold: bool = typer.Option(True, help="Also find how many people hold the service level."),
    engine: str = typer.Option("fast", help="fast, or simpy: the definition, slow."),
    out: Path | None = typer.Option(None, help="Also write the table: a file ending in .csv or .xlsx."),
    lock: bool = typer.Option(
        False, "--lock", help="Bind the file to its base as it is now, and run nothing."
    ),
    levers: bool = typer.Option(
        False, "--levers", help="List the levers, with today's values of a scenario."
    ),
    workers: int | None = typer.Option(None, help="Threads; changes no figure."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Compare variants of a scenario: service, people, cost, penalty, and what would hold the service."""
    import json

    from rich.console import Console

    from workbench.errors import CallError
    from workbench.resources import scenario_file
    from workbench.sim.scenario import Scenario
    from workbench.studies import show_what_if
    from workbench.studies.what_if import what_if
    from workbench.studies.what_if_file import base_file, from_call, is_what_if, read_what_if, what_if_file
    from workbench.studies.what_if_file import lock as bind

    console = Console(highlight=False, markup=False)
    if levers:
        console.print(show_what_if.lever_table(Scenario.from_yaml(scenario_file(what)) if what else None))
        return
    if not what:
        raise CallError(
            "Name a what-if file, or a scenario with --lever or --change; --levers lists the levers."
        )
    show_what_if.check_out(out)
    if lock:
        path = what_if_file(what)
        console.print(f"{path}: bound to its base, {bind(path)}")
        return
    asked = bool(lever or change)
    if is_what_if(what) and asked:
        raise CallError(
            f"{what} says itself what is changed. Leave --lever and --change out, or name its base."
        )
    if is_what_if(what):
        read = read_what_if(what_if_file(what))
        text, base, variants = read.text, read.base, list(read.variants)
        name, note, n, first, own = (
            text.name or read.path.stem,
            text.note,
            text.replications,
            text.seed,
            text.formula,
        )
        bound = read.lock
    else:
        base = Scenario.from_yaml(base_file(what))
        if not asked:
            raise CallError(
                f"{what} is a scenario. Say what changes: --lever shrinkage=+0.05; --levers lists them."
            )
        variants = from_call(base, lever, change, separately)
        name, note, n, first, own, bound = base.name, "", 20, 1, "", ""
    found = what_if(
        base, variants, replications if replications is not None else n, seed if seed is not None else first,
        name=name, note=note, lock=bound, formula=formula or own, precision=precision, hold=hold,
        engine=engine, workers=workers,
    )  # fmt: skip
    if out is not None:
        notes = (*show_what_if.not_comparable(found), show_what_if.basis(found), note)
        show_what_if.write_table(out, found.table(), found.name, notes)
    if as_json:
        typer.echo(json.dumps(found.to_data(), ensure_ascii=False, indent=1))
        return
    for v in found.variants:
        console.print(f"{v}: {found.words(v)}" if len(found.variants) > 1 else found.words(v))
    for table in show_what_if.what_if_tables(found):
        console.print(table)
    for line in show_what_if.not_comparable(found):
        console.print(line)
    console.print(show_what_if.basis(found))
    for title, says in found.assumed.items():
        console.print(f"{title}: {says}", style="dim")
    if out is not None:
        console.print(f"Written: {out}")


def _write(
    out: Path, table: pd.DataFrame, title: str, picture: Callable[[], Figure], notes: tuple[str, ...] = ()
) -> None:
    """Write a table, or the picture of it, by the suffix of the file."""
    from workbench.studies.sheets import write_whole
    from workbench.studies.show_what_if import write_table

    if out.suffix.lower() == ".svg":
        write_whole(out, picture().svg.encode())
    else:
        write_table(out, table, title, notes)


@app.command("tornado")
def tornado_command(
    scenario: Path = typer.Argument(help=_BASE),
    measure: str = typer.Option(
        "service_level", help="What bars are sorted by: abandon_rate, occupancy, cost …"
    ),
    lever: list[str] = typer.Option(
        [], help="Names of levers, several or with commas; else every one that acts here."
    ),
    replications: int = typer.Option(20, help="How many pairs."),
    seed: int = typer.Option(1, help="The same seed gives the same figures.", callback=check_seed),
    trajectories: int = typer.Option(
        0, help="Also turn all levers at once, so many ways through (Morris): 10."
    ),
    out: Path | None = typer.Option(None, help="Also write it: a file ending in .csv, .xlsx or .svg."),
    workers: int | None = typer.Option(None, help="Threads; changes no figure."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Show which lever matters most: each alone to both ends of its swing, paired with the base."""
    import json

    from rich.console import Console

    from workbench.resources import scenario_file
    from workbench.sim.scenario import Scenario
    from workbench.studies import show_what_if
    from workbench.studies.lever import names_in
    from workbench.studies.tornado import elementary_effects, tornado

    show_what_if.check_out(out, ".svg")
    base = Scenario.from_yaml(scenario_file(scenario))
    only = names_in(lever)
    found = tornado(base, replications, seed, measure=measure, only=only, workers=workers)
    effects = None
    if trajectories:
        effects = elementary_effects(
            base, trajectories, seed=seed, measure=measure, only=only, workers=workers
        )
    if out is not None:
        from workbench.reports.figures_of_what_if import tornado_figure

        notes = tuple(f"{name}: {reason}" for name, reason in found.not_known.items())
        _write(out, found.table(), f"{base.name}: tornado", lambda: tornado_figure("tornado", found), notes)
    if as_json:
        data = found.to_data() | {"together": effects.to_data() if effects is not None else None}
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, markup=False)
    console.print(show_what_if.tornado_table(found))
    if effects is not None:
        console.print(show_what_if.effects_table(effects))
    for name, reason in found.not_known.items():
        console.print(f"{name}: not known, {reason}", style="dim")
    for name, why_not in found.left_out.items():
        console.print(f"{name}: {why_not}", style="dim")
    if out is not None:
        console.print(f"Written: {out}")


@app.command("frontier")
def frontier_command(
    scenario: Path = typer.Argument(help=_BASE),
    reach: float = typer.Option(0.1, help="From so many fewer people to so many more: 0.1 is 10 %."),
    steps: int = typer.Option(3, help="Points to each side."),
    by_group: bool = typer.Option(True, help="Also each group alone, one step to each side."),
    replications: int = typer.Option(20, help="How many pairs."),
    seed: int = typer.Option(1, help="The same seed gives the same figures.", callback=check_seed),
    out: Path | None = typer.Option(None, help="Also write it: a file ending in .csv, .xlsx or .svg."),
    workers: int | None = typer.Option(None, help="Threads; changes no figure."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Show what more service costs: people added and taken away, dominated points marked."""
    import json

    from rich.console import Console

    from workbench.resources import scenario_file
    from workbench.sim.scenario import Scenario
    from workbench.studies import show_what_if
    from workbench.studies.frontier import frontier

    show_what_if.check_out(out, ".svg")
    base = Scenario.from_yaml(scenario_file(scenario))
    found = frontier(base, replications, seed, reach=reach, steps=steps, by_group=by_group, workers=workers)
    if out is not None:
        from workbench.reports.figures_of_what_if import frontier_figure

        _write(
            out, found.table(), f"{base.name}: cost and service", lambda: frontier_figure("frontier", found)
        )
    if as_json:
        typer.echo(json.dumps(found.to_data(), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, markup=False)
    console.print(show_what_if.frontier_table(found))
    if out is not None:
        console.print(f"Written: {out}")


@app.command("intraday")
def intraday_command(
    scenario: Path = typer.Argument(help=_BASE),
    until: str = typer.Option(help="Now, as a local time at which an interval ends: 11:00."),
    actuals: Path = typer.Option(help="Interval counts so far: CSV, Excel or Parquet."),
    day: int = typer.Option(0, help="Which day of a scenario of several; 0 is the first."),
    people: int | None = typer.Option(None, help="On overtime, or on time off; else one in twenty."),
    minutes: int = typer.Option(60, help="Of overtime."),
    share: float = typer.Option(0.2, help="Of a queue's contacts that overflow."),
    notice: int = typer.Option(30, help="Minutes from now until an option acts."),
    move: int = typer.Option(60, help="Minutes by which a break is moved at most."),
    replications: int = typer.Option(100, help="How many days."),
    seed: int = typer.Option(1, help="The same seed gives the same figures.", callback=check_seed),
    out: Path | None = typer.Option(None, help="Also write the table: a file ending in .csv or .xlsx."),
    workers: int | None = typer.Option(None, help="Threads; changes no figure."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Simulate the rest of a day after what was counted, and compare what would still help."""
    import json

    from rich.console import Console

    from workbench.resources import scenario_file
    from workbench.sim.scenario import Scenario
    from workbench.studies import show_intraday, show_what_if
    from workbench.studies.actuals import read_actuals
    from workbench.studies.intraday import APPROXIMATE, intraday, one_day
    from workbench.studies.intraday_options import Wishes

    show_what_if.check_out(out)
    wishes = Wishes(people, minutes, share, notice * 60, move * 60)
    today = one_day(Scenario.from_yaml(scenario_file(scenario)), day)
    found = intraday(
        today, read_actuals(actuals, today, until), replications, seed, wishes=wishes, workers=workers
    )
    if out is not None:
        frame = show_intraday.intraday_frame(found)
        show_what_if.write_table(out, frame, f"{today.name} from {until}", tuple(show_intraday.so_far(found)))
    if as_json:
        typer.echo(json.dumps(found.to_data(), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, markup=False)
    for line in show_intraday.so_far(found):
        console.print(line)
    for table in show_intraday.intraday_tables(found):
        console.print(table)
    for line in show_intraday.options_said(found):
        console.print(line)
    for line in (*show_intraday.refused(found), *APPROXIMATE):
        console.print(line, style="dim")
    if out is not None:
        console.print(f"Written: {out}")
