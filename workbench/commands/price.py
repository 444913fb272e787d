"""What does each finding cost? `price`."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer()


@app.command("price")
def price_command(
    client: Path = typer.Argument(help="A client folder, or a single log file."),
    scenario: Path | None = typer.Option(
        None, help="A scenario file, as `workbench calibrate --out` writes it; else it is calibrated now."
    ),
    pay: str = typer.Option("", help="What a paid hour costs: 18, or 15:18:22 for low, likely, high."),
    agents: float | None = typer.Option(
        None, help="How many there are, where no roster is handed over; else as in client.yaml."
    ),
    budget: float | None = typer.Option(None, help="Money for changes, once; for the best set of repairs."),
    hours: float | None = typer.Option(None, help="Hours of change, once; for the best set of repairs."),
    efforts: Path | None = typer.Option(
        None,
        help="What mending each finding takes (YAML); else efforts.yaml in the client's folder, else assumed.",
    ),
    switch: Path | None = typer.Option(
        None, help="What is known of a switch of vendor (YAML); else switch.yaml in the folder, else assumed."
    ),
    write_efforts: Path | None = typer.Option(
        None, help="Also write a file of efforts to fill in, with what is assumed."
    ),
    write_switch: Path | None = typer.Option(
        None, help="Also write a file on a switch to fill in, with what is assumed."
    ),
    period: str = typer.Option("", help="2024-06-01:2024-06-30, or 2024-06; else all there is."),
    months: int | None = typer.Option(None, help="Months to simulate; else until the error is small."),
    seed: int = typer.Option(1, help="The same seed gives the same figures."),
    workers: int | None = typer.Option(None, help="Threads; changes no figure."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Price findings: money a month with its interval, the total, the order, what has no price and why."""
    import json

    from rich.console import Console

    from workbench.studies import show_prices
    from workbench.studies.pricing import to_fill_in
    from workbench.studies.pricing.client import price_client

    told = Console(stderr=True, highlight=False, markup=False)
    found = price_client(
        client, scenario=scenario, pay=pay, agents=agents, budget_money=budget, budget_hours=hours, efforts=efforts,
        switch=switch, to_write=(write_efforts, write_switch), period=period, months=months, seed=seed, workers=workers,
        progress=None if as_json else told.print,
    )  # fmt: skip
    for path in to_fill_in.write(found, write_efforts, write_switch):
        told.print(f"{path}: to fill in; what stands there is assumed")
    if as_json:
        typer.echo(json.dumps(found.to_data(), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, markup=False)
    for part in show_prices.pricing(found):
        console.print(part)
        console.print()
