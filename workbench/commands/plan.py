"""How many people in which week, and whom to hire when? `plan`."""

from __future__ import annotations

from pathlib import Path

import typer

from workbench.studies.asked import check_folder, check_seed

app = typer.Typer()


@app.command("plan")
def plan_command(
    what: str = typer.Argument(help="A plan file; or a scenario, for which the rest is assumed and said."),
    weeks: int | None = typer.Option(None, help="How far to look; else as in the file, or 52."),
    probability: str | None = typer.Option(
        None, help="With which each week is to meet its targets: 0.8 or 80%."
    ),
    replications: int = typer.Option(20, help="Of each simulated point."),
    draws: int = typer.Option(400, help="Courses of volume, absence and leavers that are drawn."),
    check_draws: int = typer.Option(20, help="So often the least sure weeks are simulated themselves."),
    seed: int = typer.Option(1, help="The same seed gives the same figures.", callback=check_seed),
    out: Path | None = typer.Option(
        None, help="Folder for the plan as CSV and Excel.", callback=check_folder
    ),
    workers: int | None = typer.Option(None, help="Threads; changes no figure."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Plan capacity over weeks to two years: people, probability of service each week, cheapest hires, cost."""
    import json

    from rich.console import Console

    from workbench.studies import show_plan
    from workbench.studies.capacity.plan import plan_capacity
    from workbench.studies.capacity.plan_file import adjusted, read_plan, read_probability

    sure = read_probability(probability) if probability is not None else None
    inputs = adjusted(read_plan(what), weeks=weeks, probability=sure)
    plan = plan_capacity(
        inputs, draws=draws, replications=replications, seed=seed, check_draws=check_draws, workers=workers
    )
    files = show_plan.write_plan(plan, out) if out is not None else []
    if as_json:
        typer.echo(json.dumps(plan.to_data(), ensure_ascii=False, indent=1, default=float))
        return
    console = Console(highlight=False, markup=False)
    console.print(show_plan.said(plan))
    console.print(show_plan.basis(plan))
    for table in show_plan.plan_tables(plan):
        console.print(table)
    for line in show_plan.taken_from(plan):
        console.print(line)
    for file in files:
        console.print(f"Written: {file}")
