"""What can be called from the command line? Thin: each command reads its words and calls one function.

Imports inside commands are lazy, so that ``workbench --help`` answers at once.
"""

from __future__ import annotations

import sys

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


def main() -> None:
    """Run the command line; a mistake of the user's ends in a sentence and an exit code."""
    from workbench.errors import INTERRUPTED, WRONG_CALL, WorkbenchError

    try:
        sys.exit(app(standalone_mode=False) or 0)
    except WorkbenchError as error:
        typer.echo(f"workbench: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("workbench: interrupted", err=True)
        sys.exit(INTERRUPTED)
    except Exception as error:
        import click

        if isinstance(error, click.exceptions.Abort):
            sys.exit(INTERRUPTED)
        if isinstance(error, click.exceptions.Exit):
            sys.exit(error.exit_code)
        if isinstance(error, click.ClickException):
            error.show()
            sys.exit(WRONG_CALL)
        raise
