"""How do people without Jupyter see the panels? `serve`."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer()


@app.command("serve")
def serve_command(
    scenario: list[Path] = typer.Argument(None, help="Further scenario files to offer."),
    port: int = typer.Option(8866, help="Port to listen on; 0: any that is free."),
    ip: str = typer.Option("127.0.0.1", help="Address to listen on; others can reach it only with a token."),
    token: str = typer.Option("", envvar="WORKBENCH_TOKEN", help="Secret that visitors must give."),
    saved: Path = typer.Option(Path("out/what_if"), help="Folder for what-ifs that are saved."),
) -> None:
    """Show the panels in a browser, for people without Jupyter; Ctrl-C ends it."""
    from workbench.panels.serve import check_place, offered, serve

    scenarios = offered(scenario or [])
    port = check_place(ip, port, token)
    shown = f"[{ip}]" if ":" in ip else ip
    typer.echo(f"The panels are at http://{shown}:{port}/{'?token=…' if token else ''}  (Ctrl-C ends it)")
    serve(scenarios, ip=ip, port=port, token=token, saved=saved.resolve())
    typer.echo("Ended; nothing computes any more.")
