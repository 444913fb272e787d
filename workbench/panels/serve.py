"""How do people without Jupyter see the panels? Voilà shows them, on this machine unless a token is set.

A page is a notebook of `notebooks/`, run in a kernel of its own for whoever opens it. What the address asks for
(`?scenario=small`) fills the notebook's parameters cell, as papermill would, and only with what is offered.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import re
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench.errors import CallError, UnknownName
from workbench.resources import folder

PORT = 8866
PANELS = ("what_if", "staffing", "prices", "scoring_workshop")
"""Notebooks that are a panel; on the start page they come first."""

IDLE_S = 3600
"""A kernel whose page is gone is ended after this. [s]"""


def check_place(ip: str, port: int, token: str) -> int:
    """Return the port to listen on; 0 finds a free one.

    Raises
    ------
    CallError
        for an address that others can reach without a token, for what is no address of this machine, and for a
        port that is in use.
    """
    if not _is_local(ip) and not token.strip():
        raise CallError(
            f"ip: {ip} can be reached by others, and whoever reaches it could use this computer. "
            "Set a secret with --token, or leave --ip out."
        )
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    with socket.socket(family) as trial:
        if os.name != "nt":
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((ip, port))
        except OSError as error:
            raise CallError(_why_not(error, ip, port)) from None
        except OverflowError:
            raise CallError(
                f"port: {port} is not a port. Use 1024 to 65535, or 0 for any that is free."
            ) from None
        return int(trial.getsockname()[1])


def _is_local(ip: str) -> bool:
    try:
        return ipaddress.ip_address(ip).is_loopback
    except ValueError:
        return ip == "localhost"


def _why_not(error: OSError, ip: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port: {port} is in use on {ip}. Choose another with --port (0: any that is free), or end what uses it."
    if error.errno == errno.EACCES:
        return f"port: {port} may not be used by this account. Choose one from 1024 on with --port."
    return f"ip: {ip} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all of its addresses."


def start_page(scenarios: Mapping[str, Path]) -> list[dict[str, Any]]:
    """Return what the start page lists: panels, the what-if panel for each scenario, other notebooks."""
    known = {path.stem: path for path in sorted(folder("notebooks").glob("*.ipynb"))}
    first = [known[name] for name in PANELS if name in known]
    rest = [path for name, path in known.items() if name not in PANELS]
    groups = [
        {"title": "Panels", "pages": [_listed(path) for path in first]},
        {"title": "What if, for a scenario", "pages": [_for_scenario(n, p) for n, p in scenarios.items()]},
        {"title": "Notebooks, run from top to bottom", "pages": [_listed(path) for path in rest]},
    ]
    return [group for group in groups if group["pages"]]


def _listed(path: Path) -> dict[str, str]:
    import nbformat

    cells = nbformat.read(path, as_version=4).cells  # type: ignore[no-untyped-call]
    text = next((cell.source for cell in cells if cell.cell_type == "markdown"), path.stem)
    title, _, about = text.partition("\n")
    return {
        "title": title.lstrip("# ").strip(),
        "about": re.sub(r"[*`]", "", about.strip().partition("\n\n")[0]),
        "href": quote(path.name),
    }


def _for_scenario(name: str, path: Path) -> dict[str, Any]:
    from workbench.sim.scenario import Scenario

    note = Scenario.from_yaml(path).note
    query = f"scenario={quote(name)}"
    also = [{"title": "plan its staffing", "href": f"staffing.ipynb?{query}"}]
    return {"title": name, "about": note, "href": f"what_if.ipynb?{query}", "also": also}


def offered(files: Sequence[Path]) -> dict[str, Path]:
    """Return the scenarios that can be asked for: `files`, then those that come along, by name.

    Raises
    ------
    CallError, ScenarioError
        for two of one name, a file that is not there, or one that is not a scenario.
    """
    from workbench.resources import scenario_file
    from workbench.sim.scenario import Scenario

    found: dict[str, Path] = {}
    for file in files:
        path = scenario_file(file).resolve()
        Scenario.from_yaml(path)
        if found.setdefault(path.stem, path) != path:
            raise CallError(
                f"{file}: there is already a scenario called {path.stem}. Give one of them another name."
            )
    for path in sorted((folder("templates") / "scenarios").glob("*.yaml")):
        found.setdefault(path.stem, path)
    return found


def filled(notebook: Any, scenarios: Mapping[str, Path], asked: str, saved: Path) -> Any:
    """Return a notebook whose parameters say the scenario asked for and where to save.

    Raises
    ------
    UnknownName
        for a scenario that is not offered.
    """
    from nbformat.v4 import new_code_cell

    if asked and asked not in scenarios:
        raise UnknownName("scenario", asked, scenarios)
    values = {"folder": str(saved)} | ({"scenario_name": str(scenarios[asked])} if asked else {})
    cells = notebook.cells
    place = next((i for i, c in enumerate(cells) if "parameters" in c.metadata.get("tags", [])), None)
    if place is not None:
        taken = {k: v for k, v in values.items() if re.search(rf"^{k}\s*=", cells[place].source, re.M)}
        source = "\n".join(f"{k} = {v!r}" for k, v in taken.items())
        cells.insert(place + 1, new_code_cell(source))  # type: ignore[no-untyped-call]
    return notebook


def serve(
    scenarios: Mapping[str, Path], *, ip: str = "127.0.0.1", port: int = PORT, token: str = "", saved: Path
) -> None:
    """Show the panels until interrupted; kernels are gone when it returns.

    Raises
    ------
    CallError
        as `check_place`.
    """
    port = check_place(ip, port, token)
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        filter(None, [str(folder("templates")), os.environ.get("JUPYTER_PATH")])
    )
    from tornado.web import HTTPError
    from voila.app import Voila

    groups = start_page(scenarios)

    def fill(request: Any, notebook: Any, **_: Any) -> Any:
        try:
            return filled(notebook, scenarios, request.get_argument("scenario", ""), saved)
        except UnknownName as error:
            raise HTTPError(404, str(error), reason="No such scenario") from None

    def tell(page_config: dict[str, Any], **_: Any) -> dict[str, Any]:
        page_config["workbench"] = {"groups": groups}
        return page_config

    app = Voila()
    app.update_config(_settings(ip, port, token))
    app.initialize([])
    app.voila_configuration.prelaunch_hook = fill
    app.voila_configuration.page_config_hook = tell
    app.start()


def _settings(ip: str, port: int, token: str) -> Any:
    from traitlets.config import Config

    c = Config()
    c.Voila.root_dir = str(folder("notebooks"))
    c.Voila.ip, c.Voila.port, c.Voila.port_retries = ip, port, 0
    c.Voila.open_browser = False
    c.Voila.log_level = "ERROR"
    c.Voila.tornado_settings = {"ws_ping_interval": 30_000, "ws_ping_timeout": 30_000}
    if token:
        c.Voila.token = token
    else:
        # another site's page may not reach a panel by a name that leads to this machine
        c.Voila.tornado_settings |= {"allow_remote_access": False, "local_hostnames": ["localhost"]}
    if os.name != "nt":
        # other users of this machine cannot reach a kernel through files as they could through ports
        c.KernelManager.transport = "ipc"
    c.VoilaConfiguration.template = "workbench"
    c.VoilaConfiguration.allow_template_override = "NO"
    c.VoilaConfiguration.classic_tree = True
    c.MappingKernelManager.cull_idle_timeout = IDLE_S
    c.MappingKernelManager.cull_interval = 60
    return c
