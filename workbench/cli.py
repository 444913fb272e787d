"""What can be called from the command line? Thin: each command reads its words and calls one function.

Imports inside commands are lazy, so that ``workbench --help`` answers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path

import typer

app = typer.Typer(
    name="workbench",
    help="Assess and simulate contact centres and BPOs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _common() -> None:
    """Assess and simulate contact centres and BPOs."""


@app.command("version")
def version_command() -> None:
    """Print the version."""
    from workbench import __version__

    typer.echo(__version__)


@app.command("method")
def method_command(
    coverage: bool = typer.Option(False, "--coverage", help="Show what serves each item."),
    register: bool = typer.Option(False, "--register", help="Only figures, owners and cadences."),
    section: str = typer.Option("", help="Only the ids that begin so: VL, HC, BOM ..."),
    as_json: bool = typer.Option(False, "--json", help="Print a list of objects."),
) -> None:
    """List the items of the method, and what in the product serves them."""
    import json

    from rich.console import Console

    from workbench import coverage as method

    chosen = method.register(section) if register else method.chosen(section)
    if as_json:
        typer.echo(json.dumps(method.as_json(chosen), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, markup=False)
    if coverage:
        serving = method.served_by()
        console.print(method.coverage_listing(chosen, serving))
        console.print(method.section_counts(chosen, serving))
    elif register:
        console.print(method.register_listing(chosen))
    else:
        console.print(method.listing(chosen))


@app.command("check")
def check_command(
    clients: list[Path] = typer.Argument(help="Client folders, or single log files."),
    as_json: bool = typer.Option(False, "--json", help="Print a list of objects."),
) -> None:
    """Show everything that is wrong with what clients handed over; exit 1 if one of them is not usable."""
    import json
    from datetime import date

    from workbench.errors import DATA_FAILED, DONE
    from workbench.intake import check

    checked = check.check_clients(clients, today=date.today())
    if as_json:
        typer.echo(json.dumps([check.as_json(one) for one in checked], ensure_ascii=False, indent=1))
    else:
        typer.echo("\n\n".join(check.as_text(one) for one in checked))
    raise typer.Exit(DONE if all(one.usable for one in checked) else DATA_FAILED)


@app.command("assess")
def assess_command(
    clients: list[str] = typer.Argument(help="Client folders, single log files, or patterns in quotes."),
    only: list[str] = typer.Option(
        [], "--only", help="Diagnostics by id, with commas between; supplier: those for any supplier."
    ),
    weights: Path | None = typer.Option(None, help="YAML file with weights of areas and diagnostics."),
    period: str = typer.Option("", help="2024-06-01:2024-06-30, or 2024-06; else all there is."),
    details: bool = typer.Option(False, "--details", help="List every diagnostic with its score."),
    as_json: bool = typer.Option(False, "--json", help="Print a list of objects."),
) -> None:
    """Assess clients: scores with bounds, what matters most, what is not known; exit 1 if data fail."""
    import json

    from rich.console import Console

    from workbench.errors import DATA_FAILED, DONE
    from workbench.reports import assessed

    done = assessed.assess_clients(clients, only, weights, period)
    if as_json:
        typer.echo(json.dumps([assessed.as_json(one) for one in done], ensure_ascii=False, indent=1))
    else:
        console = Console(highlight=False, markup=False)
        for one in done:
            console.print(assessed.as_text(one, details))
            console.print()
    raise typer.Exit(DATA_FAILED if any(one.assessment is None for one in done) else DONE)


@app.command("report")
def report_command(
    clients: list[str] = typer.Argument(help="Client folders, single log files, or patterns in quotes."),
    template: str = typer.Option("partnership_health_review", help="Name of a template, or a notebook."),
    out: Path = typer.Option(Path("out/reports"), help="Directory for the reports."),
    formats: str = typer.Option("html,json", help="Formats, with commas between."),
    period: str = typer.Option("", help="2024-06-01:2024-06-30, or 2024-06; else all there is."),
    audience: str = typer.Option("", help="client, joint or internal."),
    param: list[str] = typer.Option([], "--param", "-p", help="NAME=VALUE, a parameter of the template."),
    jobs: int = typer.Option(0, help="Reports at a time; 0: as many as there are cores."),
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
        param=param, jobs=jobs, timeout=timeout, cell_timeout=cell_timeout, memory=memory, engine=engine,
        again=not resume, only_failed=only_failed,
    )  # fmt: skip
    with Watch() as watch:
        outcome = make(asked, watch)
    for line in summary(outcome):
        typer.echo(line)
    outcome.raise_failure()


@app.command("map")
def map_command(
    file: Path = typer.Argument(help="An export: CSV, Excel or Parquet."),
    table: str = typer.Option("", help="The table it is; else the one that fits best."),
    sheet: str = typer.Option("", help="Of a workbook; else the first."),
    out: Path | None = typer.Option(None, help="mapping.yaml to write or to add to; else it is printed."),
) -> None:
    """Propose how an export becomes a table, from its headers and its values."""
    from rich.console import Console
    from rich.table import Table as Listing

    from workbench.intake.map_file import as_yaml, explained, propose_file, remarks, write_entry

    proposal = propose_file(file, table or None, sheet or None)
    console = Console(stderr=True, highlight=False, markup=False)
    listing = Listing("Column", "From", "Sure", "Why", title=f"{file.name} as {proposal.entry.table}")
    for row in explained(proposal):
        listing.add_row(*row)
    console.print(listing)
    for remark in remarks(proposal):
        console.print(remark)
    if out is None:
        typer.echo(as_yaml(proposal.entry))
    else:
        write_entry(proposal.entry, out)
        console.print(f"Written: {out}")


@app.command("new-client")
def new_client_command(
    name: str = typer.Argument(help="The client, as people write it."),
    out: Path = typer.Option(Path(), help="Where its folder goes."),
    pack: str = typer.Option("B", help="A questionnaires, B also the usual exports, C everything."),
) -> None:
    """Make the folder of a new client: client.yaml, questionnaire, blank tables."""
    from workbench.diagnostics.questions import question_bank
    from workbench.intake.new_client import Asked, new_client

    questions = [Asked(q.item, q.text, q.sides, q.anchors) for q in question_bank().values()]
    typer.echo(str(new_client(name, out, pack, questions)))


@app.command("request")
def request_command(
    client: Path = typer.Argument(help="A client folder, or a single log file."),
    out: Path | None = typer.Option(None, help="Markdown file to write; else it is printed."),
    period: str = typer.Option("", help="2024-06-01:2024-06-30, or 2024-06; else all there is."),
) -> None:
    """Write the letter that asks for data, ordered by what each table would bring."""
    from workbench.diagnostics.assess import assess
    from workbench.intake.period import Period
    from workbench.intake.read import examine
    from workbench.studies.request import request_letter

    dataset = examine(client, Period.parse(period) if period else None)
    letter = request_letter(assess(dataset))
    if out is None:
        typer.echo(letter)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(letter, encoding="utf-8", newline="\n")
        typer.echo(f"Written: {out}")


@app.command("remedies")
def remedies_command(
    client: Path = typer.Argument(help="A client folder, or a single log file."),
    out: Path = typer.Option(Path("out/remedies"), help="Folder for the files."),
    period: str = typer.Option("", help="2024-06-01:2024-06-30, or 2024-06; else all there is."),
) -> None:
    """Write RACI, onboarding checklist, sheet of key figures, calibration pack and actions, prefilled."""
    from workbench.diagnostics.assess import assess
    from workbench.intake.period import Period
    from workbench.intake.read import read_client
    from workbench.studies.remedies import write_remedies

    dataset = read_client(client, Period.parse(period) if period else None)
    for path in write_remedies(assess(dataset), out):
        typer.echo(f"Written: {path}")


@app.command("questionnaire")
def questionnaire_command(
    client: Path = typer.Argument(help="A client folder."),
    read: list[Path] = typer.Option([], "--read", help="A filled-in workbook; may be repeated."),
    out: Path = typer.Option(Path("out/questionnaire"), help="Folder for the blank workbooks."),
    replace: bool = typer.Option(False, "--replace", help="With --read: what is read wins a conflict."),
) -> None:
    """Write one workbook of questions for each role and side, or read filled-in ones into answers.yaml."""
    from datetime import date

    from workbench.errors import DATA_FAILED, CallError
    from workbench.intake.read import examine
    from workbench.studies.questionnaire import save_workbooks, write_questionnaires

    if not client.is_dir():
        raise CallError(f"{client} is not a client folder. Answers are kept in answers.yaml of a folder.")
    who = examine(client).client
    if not read:
        written = write_questionnaires(who, client, out)
        typer.echo(f"Written: {len(written)} workbooks in {out}")
        return
    saved = save_workbooks(client, who, read, replace, date.today())
    typer.echo(f"{saved.answers} answers are in {client / 'answers.yaml'}")
    for line in (*map(str, saved.conflicts), *saved.mistakes):
        typer.echo(line, err=True)
    if saved.conflicts or saved.mistakes:
        raise typer.Exit(DATA_FAILED)


@app.command("simulate")
def simulate_command(
    scenario: Path = typer.Argument(help="A scenario file, or the name of one that comes along."),
    replications: int = typer.Option(20, help="How many; intervals come from them."),
    seed: int = typer.Option(1, help="The same seed gives the same figures."),
    engine: str = typer.Option("fast", help="fast, or simpy: the definition, slow."),
    formula: list[str] = typer.Option(["V2"], help="Service levels asked for: V1 to V5."),
    precision: float | None = typer.Option(
        None, help="Go on until the service level is known to so much: 0.005."
    ),
    record: list[str] = typer.Option(
        [], help="Also write of one replication: contacts, agents, intervals, trace:NUMBER."
    ),
    out: Path = typer.Option(Path("out/simulate"), help="Folder for records."),
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
    seed: int = typer.Option(1, help="The same seed gives the same figures."),
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


@app.command("verify")
def verify_command(
    report: Path = typer.Argument(help="The .json of a report."),
    client: Path = typer.Argument(help="The client that it is about."),
) -> None:
    """Say whether a client's data still gives a report, to the last byte."""
    from workbench.reports.lean import skip_what_no_report_needs

    skip_what_no_report_needs()
    from workbench.errors import RunFailed
    from workbench.reports.verify import differences

    found = differences(report, client)
    if found:
        raise RunFailed("\n".join([f"{report} is not what {client} gives now:", *(f"  {d}" for d in found)]))
    typer.echo(f"{report}: {client} gives the same report, to the last byte.")


@app.command("calibrate")
def calibrate_command(
    client: Path = typer.Argument(help="A client folder, or a single log file."),
    out: Path | None = typer.Option(None, help="YAML file for the scenario; else it is printed."),
    period: str = typer.Option("", help="2024-06-01:2024-06-30, or 2024-06; else all there is."),
    interval: int = typer.Option(30, help="Minutes of an interval: 15, 30 or 60."),
    as_json: bool = typer.Option(False, "--json", help="Print scenario and fit report as JSON."),
) -> None:
    """Fit a scenario on what a client handed over, and report what it rests on."""
    import json

    from rich.console import Console

    from workbench.intake.period import Period
    from workbench.intake.read import read_client
    from workbench.studies import show_fit
    from workbench.studies.calibrate import calibrate

    show_fit.check_interval(interval)
    days = Period.parse(period) if period else None
    made = calibrate(read_client(client), days, interval_s=60 * interval)
    text = made.scenario.to_yaml(out)
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
    seed: int = typer.Option(1, help="The same seed gives the same figures."),
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


def main() -> None:
    """Run the command line; a mistake of the user's ends in a sentence and an exit code."""
    from workbench.errors import INTERRUPTED, WRONG_CALL, WorkbenchError

    try:
        sys.exit(app(prog_name="workbench", standalone_mode=False) or 0)
    except WorkbenchError as error:
        typer.echo(f"workbench: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(
            f"workbench: {where}{error.strerror or error}. Name another place, or mend this one.", err=True
        )
        sys.exit(WRONG_CALL)
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("workbench: interrupted", err=True)
        sys.exit(INTERRUPTED)
    except Exception as error:
        show = getattr(error, "show", None)  # what Typer raises for a wrong call shows itself
        if show is None:
            raise
        show()
        sys.exit(WRONG_CALL)
