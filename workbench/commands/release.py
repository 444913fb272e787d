"""What leaves the house, and where to look first? `exceptions`, `release`, `portfolio`."""

from __future__ import annotations

from pathlib import Path

import typer

from workbench.studies.asked import check_seed

app = typer.Typer()


@app.command("exceptions")
def exceptions_command(
    out: Path = typer.Argument(Path("out/reports"), help="Directory of the reports."),
    template: str = typer.Option("partnership_health_review", help="Template that they were made from."),
    as_json: bool = typer.Option(False, "--json", help="Print one object."),
) -> None:
    """List what to look at before a batch of reports leaves the house; exit 1 if there is anything."""
    import json

    from workbench.errors import DATA_FAILED, DONE
    from workbench.reports.batch import read_batch
    from workbench.reports.exceptions import as_data, as_lines, exceptions_in

    batch = read_batch(out, template)
    found = exceptions_in(batch)
    if as_json:
        typer.echo(json.dumps(as_data(batch, found), ensure_ascii=False, indent=1))
    else:
        for line in as_lines(batch, found):
            typer.echo(line)
    raise typer.Exit(DATA_FAILED if found else DONE)


@app.command("release")
def release_command(
    client: Path = typer.Argument(help="The client's folder."),
    period: str = typer.Option(help="2024-06-01:2024-06-30, or 2024-06."),
    by: str = typer.Option(help="Who puts a name to it."),
    on: str = typer.Option(help="The day, as 2024-07-05."),
    report: Path | None = typer.Option(None, help="The report's JSON; else the one below --out."),
    out: Path = typer.Option(Path("out/reports"), help="Directory of the reports."),
    template: str = typer.Option("partnership_health_review", help="Template that it was made from."),
    reviewed: bool = typer.Option(False, "--reviewed", help="Say that it is reviewed, not yet released."),
    acknowledge: str = typer.Option("", help="Why what is exceptional in it does not stand in the way."),
    again: bool = typer.Option(False, "--again", help="Take the place of what was released for this period."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only list what is exceptional in it."),
) -> None:
    """Release a report: keep it in the client's reviews/, and put name and date on its title page."""
    from datetime import date

    from workbench.reports.lean import skip_what_no_report_needs

    skip_what_no_report_needs()
    from workbench.errors import CallError
    from workbench.intake.period import Period
    from workbench.reports.release import Release, look, release
    from workbench.reports.templates import called

    if not by.strip():
        raise CallError("--by: nobody was named. A report is released under somebody's name.")
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise CallError(f'--on: "{on}" is not a day. Write it as 2024-07-05.') from None
    asked = Release(
        client=client, period=Period.parse(period), by=by.strip(), on=day,
        status="reviewed" if reviewed else "released", report=report, out=out, template=called(template),
        because=acknowledge.strip(), again=again,
    )  # fmt: skip
    if dry_run:
        _, exceptions = look(asked)
        for one in exceptions:
            typer.echo(f"{one.kind}: {one.statement}")
        typer.echo(f"{len(exceptions)} to acknowledge. Nothing was written.")
        return
    done = release(asked)
    if done.already:
        typer.echo(f"{asked.path}: {asked.status} already, with this content. Nothing was written.")
        return
    if asked.status == "released":
        typer.echo(f"Kept: {done.kept}")
    for path in done.files:
        typer.echo(f"Written anew: {path}")


@app.command("portfolio")
def portfolio_command(
    out: Path = typer.Argument(Path("out/reports"), help="Directory of the reports."),
    template: str = typer.Option("partnership_health_review", help="Template that they were made from."),
    formats: str = typer.Option("html,json", help="Formats, with commas between."),
    currency: str = typer.Option("", help="Add amounts in this currency, where a dated rate says how."),
    seed: int = typer.Option(1, help="Where the drawn weights start.", callback=check_seed),
    shown: int = typer.Option(20, help="Clients in print at each end; all are in the workbook."),
) -> None:
    """Write one page about all clients of a run: where to look first. For the account team alone."""
    from workbench.reports.lean import skip_what_no_report_needs

    skip_what_no_report_needs()
    from workbench.reports.portfolio import make_portfolio
    from workbench.reports.templates import called

    for path in make_portfolio(
        out, reports=called(template), formats=formats, currency=currency, seed=seed, shown=shown
    ):
        typer.echo(f"Written: {path}")
