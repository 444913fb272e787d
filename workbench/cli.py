"""What can be called from the command line? Thin: the commands stand in `commands/`.

Each reads its words and calls one function. Imports inside commands are lazy, so that ``workbench --help``
answers at once.
"""

from __future__ import annotations

import sys

import typer

from workbench.commands import (
    client,
    diagnose,
    fit,
    method,
    plan,
    price,
    release,
    report,
    serve,
    simulate,
    staff,
    what_if,
)

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


for _part in (client, diagnose, simulate, what_if, staff, plan, fit, price, report, release, serve, method):
    app.add_typer(_part.app)


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
