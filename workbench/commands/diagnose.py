"""What is the matter with a client? `assess`, `questionnaire`, `remedies`."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer()


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
    from workbench.wording import counted

    if not client.is_dir():
        raise CallError(f"{client} is not a client folder. Answers are kept in answers.yaml of a folder.")
    dataset = examine(client)
    who = dataset.client
    if not read:
        written = write_questionnaires(who, client, out, dataset.tables.get("ownership"))
        typer.echo(f"Written: {len(written)} workbooks in {out}")
        return
    saved = save_workbooks(client, who, read, replace, date.today())
    if saved.read:
        typer.echo(f"{counted(saved.answers, 'answer')} of {counted(saved.read, 'workbook')} taken into "
                   f"{client / 'answers.yaml'}")  # fmt: skip
    else:
        typer.echo(f"Nothing was read, and {client / 'answers.yaml'} is as it was.", err=True)
    for line in (*map(str, saved.conflicts), *saved.mistakes):
        typer.echo(line, err=True)
    if saved.conflicts or saved.mistakes:
        raise typer.Exit(DATA_FAILED)


@app.command("remedies")
def remedies_command(
    client: Path = typer.Argument(help="A client folder, or a single log file."),
    out: Path = typer.Option(Path("out/remedies"), help="Folder for the files."),
    period: str = typer.Option("", help="2024-06-01:2024-06-30, or 2024-06; else all there is."),
) -> None:
    """Write RACI, onboarding checklist, sheet of key figures, calibration pack and actions, prefilled."""
    from datetime import date

    from workbench.diagnostics.assess import assess
    from workbench.intake.period import Period
    from workbench.intake.read import read_client
    from workbench.studies.remedies import write_remedies

    dataset = read_client(client, Period.parse(period) if period else None, date.today())
    for path in write_remedies(assess(dataset), out):
        typer.echo(f"Written: {path}")
