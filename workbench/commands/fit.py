"""Does the model reproduce a client's floor? `calibrate`, `backtest`."""

from __future__ import annotations

from pathlib import Path

import typer

from workbench.studies.asked import check_seed

app = typer.Typer()


@app.command("calibrate")
def calibrate_command(
    client: Path = typer.Argument(help="A client folder, or a single log file."),
    out: Path | None = typer.Option(
        None, help="File for the scenario: .yaml, or .xlsx as a workbook; else it is printed."
    ),
    period: str = typer.Option("", help="2024-06-01:2024-06-30, or 2024-06; else all there is."),
    interval: int | None = typer.Option(
        None, help="Minutes of an interval: 15, 30 or 60; else 30, or those of the counts handed over."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print scenario and fit report as JSON."),
) -> None:
    """Fit a scenario on what a client handed over, and report what it rests on."""
    import json

    from rich.console import Console

    from workbench.intake.period import Period
    from workbench.intake.read import read_client
    from workbench.studies import show_fit
    from workbench.studies.calibrate import calibrate
    from workbench.studies.scenario_sheets import write_scenario

    show_fit.check_interval(interval)
    days = Period.parse(period) if period else None
    made = calibrate(read_client(client), days, interval_s=60 * interval if interval else None)
    text = made.scenario.to_yaml()
    if out is not None:
        write_scenario(made.scenario, out)
    if as_json:
        typer.echo(json.dumps(made.to_data(), ensure_ascii=False, indent=1, default=float))
        return
    if out is None:
        typer.echo(text)
    console = Console(stderr=out is None, highlight=False, markup=False)
    for part in show_fit.calibration(made):
        console.print(part)
    if out is not None:
        console.print(f"Written: {out}")


@app.command("backtest")
def backtest_command(
    client: Path = typer.Argument(help="A client folder, or a single log file."),
    fit: str = typer.Option(help="Days to fit on: 2024-06-01:2024-06-21."),
    test: str = typer.Option(help="Days to predict: 2024-06-22:2024-06-30; none of those fitted on."),
    given: str = typer.Option("staffing,arrivals", help="What is known of the days: or staffing alone."),
    replications: int = typer.Option(100, help="How many; prediction intervals come from them."),
    seed: int = typer.Option(1, help="The same seed gives the same figures.", callback=check_seed),
    threshold: float | None = typer.Option(None, help="Seconds; else the contract's, or 20."),
    interval: int = typer.Option(30, help="Minutes of an interval: 15, 30 or 60."),
    workers: int | None = typer.Option(None, help="Threads; changes no figure."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Fit some days, simulate others, and show predicted beside actual, Erlang C and A with it."""
    import json

    from rich.console import Console

    from workbench.intake.period import Period
    from workbench.intake.read import read_client
    from workbench.studies import show_fit
    from workbench.studies.backtest import backtest, check_apart

    show_fit.check_interval(interval)
    fit_days, test_days = Period.parse(fit), Period.parse(test)
    check_apart(fit_days, test_days)
    found = backtest(
        read_client(client), fit_days, test_days, given=given, n=replications, seed=seed,
        threshold_s=threshold, interval_s=60 * interval, workers=workers,
    )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(found.to_data(), ensure_ascii=False, indent=1, default=float))
        return
    console = Console(highlight=False, markup=False)
    for part in show_fit.backtested(found):
        console.print(part)
