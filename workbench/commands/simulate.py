"""What does a simulated floor do? `simulate`, `compare`."""

from __future__ import annotations

from pathlib import Path

import typer

from workbench.studies.asked import check_folder, check_seed

app = typer.Typer()


@app.command("simulate")
def simulate_command(
    scenario: Path = typer.Argument(help="A scenario file, or the name of one that comes along."),
    replications: int = typer.Option(20, help="How many; intervals come from them."),
    seed: int = typer.Option(1, help="The same seed gives the same figures.", callback=check_seed),
    engine: str = typer.Option("fast", help="fast, or simpy: the definition, slow."),
    formula: list[str] = typer.Option(["V2"], help="Service levels asked for: V1 to V5."),
    precision: float | None = typer.Option(
        None, help="Go on until the service level is known to so much: 0.005."
    ),
    record: list[str] = typer.Option(
        [], help="Also write of one replication: contacts, agents, intervals, trace:NUMBER."
    ),
    out: Path = typer.Option(Path("out/simulate"), help="Folder for records.", callback=check_folder),
    workers: int | None = typer.Option(None, help="Threads; changes no figure."),
    cluster: str | None = typer.Option(None, help="Address of a Dask scheduler."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Simulate a scenario and print its measures with their intervals."""
    import json

    from rich.console import Console

    from workbench.resources import scenario_file
    from workbench.sim.scenario import Scenario
    from workbench.studies import show
    from workbench.studies.record import write_records
    from workbench.studies.replicate import Precision, replicate

    read = Scenario.from_yaml(scenario_file(scenario))
    wanted = Precision("service_level", precision) if precision is not None else None
    results = replicate(
        read, replications, seed, engine=engine, formulas=tuple(formula), precision=wanted,
        workers=workers, cluster=cluster,
    )  # fmt: skip
    files, stories = write_records(read, record, out, seed, engine) if record else ([], [])
    if as_json:
        typer.echo(json.dumps(results.to_data(), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, markup=False)
    console.print(show.overall(results))
    for table in (show.by(results, "queue", "By queue"), show.by(results, "group", "By group")):
        if table is not None:
            console.print(table)
    for text in (*stories, *(f"Written: {file}" for file in files)):
        console.print(text)


@app.command("compare")
def compare_command(
    scenario: Path = typer.Argument(help="A scenario file, or the name of one that comes along."),
    change: list[str] = typer.Option([], help="path=value, as groups.a.agents=12; may be repeated."),
    replications: int = typer.Option(20, help="How many pairs."),
    seed: int = typer.Option(1, help="The same seed gives the same figures.", callback=check_seed),
    engine: str = typer.Option("fast", help="fast, or simpy: the definition, slow."),
    formula: list[str] = typer.Option(["V2"], help="Service levels asked for: V1 to V5."),
    separately: bool = typer.Option(False, help="Each change is a variant of its own."),
    workers: int | None = typer.Option(None, help="Threads; changes no figure."),
    cluster: str | None = typer.Option(None, help="Address of a Dask scheduler."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Simulate a scenario with and without changes, under the same random numbers."""
    import json

    from rich.console import Console

    from workbench.resources import scenario_file
    from workbench.sim.change import Change
    from workbench.sim.scenario import Scenario
    from workbench.studies import show
    from workbench.studies.compare import compare

    changes = [Change.parse(text) for text in change]
    variants = {str(c): [c] for c in changes} if separately else {"changed": changes}
    found = compare(
        Scenario.from_yaml(scenario_file(scenario)), variants, replications, seed, engine=engine,
        formulas=tuple(formula), workers=workers, cluster=cluster,
    )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(found.to_data(), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, markup=False)
    for table in show.comparison(found):
        console.print(table)
