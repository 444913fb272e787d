"""How many people, in which shifts? `staff`."""

from __future__ import annotations

from pathlib import Path

import typer

from workbench.studies.asked import check_folder, check_seed

app = typer.Typer()


@app.command("staff")
def staff_command(
    scenario: Path = typer.Argument(help="A scenario file, or the name of one that comes along."),
    shifts: Path | None = typer.Option(
        None, help="YAML file of shifts that may be planned; else the scenario's."
    ),
    per: str = typer.Option("interval", help="Targets hold in every interval, hour or day."),
    formula: str = typer.Option("V2", help="Service level where the terms name none: V1 to V5."),
    at_most: list[str] = typer.Option([], help="GROUP=PEOPLE, or total=PEOPLE; may be repeated."),
    only: str = typer.Option("both", help="requirement, shifts, or both."),
    sure: bool = typer.Option(False, help="Every target met with its whole interval, not only its middle."),
    replications: int | None = typer.Option(None, help="Of the search; else by the size of the scenario."),
    check: int | None = typer.Option(None, help="Of the check, with other random numbers."),
    seed: int = typer.Option(1, help="The same seed gives the same plan.", callback=check_seed),
    out: Path | None = typer.Option(
        None, help="Folder for CSV, Excel, JSON and the scenario with the plan in it.", callback=check_folder
    ),
    workers: int | None = typer.Option(None, help="Threads; changes no figure."),
    verbose: bool = typer.Option(False, help="Tell how far it is."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Plan the cheapest staffing that meets the targets, and check it with fresh random numbers."""
    import json

    from rich.console import Console

    from workbench.resources import scenario_file
    from workbench.sim.scenario import Scenario
    from workbench.studies.staffing import export, show
    from workbench.studies.staffing.shifts import read_templates
    from workbench.studies.staffing.staff import Request, read_limits, staff

    read = Scenario.from_yaml(scenario_file(scenario))
    templates = read_templates(shifts) if shifts is not None else None
    request = Request(
        per=per, formula=formula, seed=seed, few=None, many=replications, check=check, sure=sure,
        limits=read_limits(at_most), stages=only, workers=workers,  # type: ignore[arg-type]
    )  # fmt: skip
    found = staff(read, request, templates, lambda text: typer.echo(text, err=True) if verbose else None)
    written = export.write(found, out) if out is not None else []
    if as_json:
        typer.echo(json.dumps(found.to_data(), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, markup=False)
    for part in show.staffing(found):
        console.print(part)
    for file in written:
        console.print(f"Written: {file}")
