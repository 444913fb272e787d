"""What does the method ask for, and what serves it? `version` and `method`."""

from __future__ import annotations

from collections.abc import Sequence

import typer

app = typer.Typer()


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
    if not chosen:
        typer.echo(_none(method.chosen(section), [item.section for item in method.register()], section))
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


def _none(others: Sequence[object], sections: Sequence[str], section: str) -> str:
    """Say that nothing is in the register under these letters, and where something is."""
    where = ", ".join(dict.fromkeys(sections))
    left = f" Without --register {section} has {len(others)} items." if others else ""
    return f"No figure, owner or cadence of the register begins with {section}; they are in {where}.{left}"
