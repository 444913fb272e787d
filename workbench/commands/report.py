"""How do reports come about, and do they still hold? `report`, `verify`."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer()


@app.command("report")
def report_command(
    clients: list[str] = typer.Argument(
        help="Client folders, single log files, patterns in quotes, or URLs (s3://…)."
    ),
    template: str = typer.Option("partnership_health_review", help="Name of a template, or a notebook."),
    out: Path = typer.Option(Path("out/reports"), help="Directory for the reports."),
    formats: str = typer.Option("html,json", help="Formats, with commas between."),
    period: str = typer.Option("", help="2024-06-01:2024-06-30, or 2024-06; else all there is."),
    audience: str = typer.Option("", help="client, joint or internal."),
    param: list[str] = typer.Option([], "--param", "-p", help="NAME=VALUE, a parameter of the template."),
    jobs: int = typer.Option(0, help="Reports at a time; 0: as many as there are cores."),
    cluster: str = typer.Option(
        "", help="Address of a Dask scheduler, tcp://host:8786; its workers make the reports."
    ),
    timeout: float = typer.Option(600.0, help="Seconds that one report may take; 0: no limit."),
    cell_timeout: float = typer.Option(0.0, help="Seconds that one cell may take; 0: no limit."),
    memory: float = typer.Option(4096.0, help="MB of memory that one report may use; 0: no limit."),
    engine: str = typer.Option("", help="workbench-fork, or papermill for a fresh kernel each."),
    resume: bool = typer.Option(True, "--resume/--again", help="Leave reports alone that still stand."),
    only_failed: bool = typer.Option(False, "--only-failed", help="Only those that failed last time."),
) -> None:
    """Make the reports of one client or of many."""
    from workbench.reports.lean import skip_what_no_report_needs

    skip_what_no_report_needs()
    from workbench.reports.bulk import make, order
    from workbench.reports.progress import Watch, summary

    asked = order(
        clients, out=out, template=template, formats=formats, period=period, audience=audience,
        param=param, jobs=jobs, cluster=cluster, timeout=timeout, cell_timeout=cell_timeout, memory=memory,
        engine=engine, again=not resume, only_failed=only_failed,
    )  # fmt: skip
    with Watch() as watch:
        outcome = make(asked, watch)
    for line in summary(outcome):
        typer.echo(line)
    outcome.raise_failure()


@app.command("verify")
def verify_command(
    report: Path = typer.Argument(help="A report or a portfolio: its JSON, or another format beside it."),
    client: str = typer.Argument(
        "", help="The client that it is about; else where its run found it. Of a portfolio: its reports."
    ),
    template: str = typer.Option("", help="The notebook it was made from; else as its run kept it."),
) -> None:
    """Say whether a client's data still gives a report, to the last byte."""
    from workbench.reports.lean import skip_what_no_report_needs

    skip_what_no_report_needs()
    from workbench.errors import RunFailed
    from workbench.reports.verify import differences, source_of
    from workbench.reports.written import changed_since_written, json_of

    told = json_of(report)
    source = client or source_of(told)
    found = differences(told, source, template)
    changed = changed_since_written(report)
    if changed and report != told:
        found.append(f"{report.name} itself is not the file that the last run wrote there; make it anew")
    if found:
        raise RunFailed("\n".join([f"{report} is not what {source} gives now:", *(f"  {d}" for d in found)]))
    if report == told:
        typer.echo(f"{report}: {source} gives the same report, to the last byte.")
    elif changed is None:
        typer.echo(
            f"{told}: {source} gives the same report, to the last byte. Whether {report.name} beside it was "
            "changed since is not known: no run's manifest tells of it."
        )
    else:
        typer.echo(
            f"{report}: as the run wrote it, and {source} gives the same {told.name}, to the last byte."
        )
