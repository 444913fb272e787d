"""How does a client's data come in, and is it usable? `check`, `map`, `new-client`, `request`."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer()


@app.command("check")
def check_command(
    clients: list[str] = typer.Argument(help="Client folders, single log files, or patterns in quotes."),
    period: str = typer.Option("", help="2024-06-01:2024-06-30, or 2024-06; else all there is."),
    as_json: bool = typer.Option(False, "--json", help="Print a list of objects."),
) -> None:
    """Show everything that is wrong with what clients handed over; exit 1 if one of them is not usable."""
    import json
    from datetime import date

    from workbench.errors import DATA_FAILED, DONE
    from workbench.intake import check
    from workbench.intake.client_paths import found
    from workbench.intake.period import Period

    days = Period.parse(period) if period else None
    checked = check.check_clients(found(clients, resolved=False), date.today(), days)
    if as_json:
        typer.echo(json.dumps([check.as_json(one) for one in checked], ensure_ascii=False, indent=1))
    else:
        typer.echo("\n\n".join(check.as_text(one) for one in checked))
    raise typer.Exit(DONE if all(one.usable for one in checked) else DATA_FAILED)


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
    from shlex import quote as quoted

    from workbench.diagnostics.questions import owner_questions, question_bank
    from workbench.intake.new_client import Asked, new_client

    asked = (*question_bank().values(), *owner_questions().values())
    questions = [Asked(q.item, q.text, q.sides, q.anchors, q.kind) for q in asked]
    folder = new_client(name, out, pack, questions)
    typer.echo(f"Made: {folder}")
    typer.echo(
        f"Next: fill in {folder / 'client.yaml'} ({folder / 'README.md'} says what else goes there), then"
    )
    typer.echo(f"      workbench check {quoted(str(folder))}")


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
    from workbench.reports.readers import weights_of_health
    from workbench.studies.request import request_letter

    dataset = examine(client, Period.parse(period) if period else None)
    letter = request_letter(assess(dataset, weights=weights_of_health()))
    if out is None:
        typer.echo(letter)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(letter, encoding="utf-8", newline="\n")
        typer.echo(f"Written: {out}")
