"""The what-if panel in JupyterLab, in a real browser: the notebook runs, the slider moves text and picture."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterator

import nbformat
import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import START_S, answering, cell, curve, own_home, ready, running, told, visitor
from workbench.panels.serve import check_place
from workbench.resources import folder, scenario_file
from workbench.sim.scenario import Scenario
from workbench.studies.compare import compare
from workbench.studies.what_if import variant
from workbench.wording import figure

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    """JupyterLab's process, and the address of a copy of the notebook that asks for the small scenario."""
    tmp_path = tmp_path_factory.mktemp("lab")
    shutil.copy(folder("notebooks") / "what_if.ipynb", tmp_path)
    notebook = nbformat.read(tmp_path / "what_if.ipynb", as_version=4)
    parameters = next(c for c in notebook.cells if "parameters" in c.metadata.get("tags", []))
    parameters.source = parameters.source.replace('"medium"', '"small"')
    nbformat.write(notebook, tmp_path / "what_if.ipynb")
    port = check_place("127.0.0.1", 0, "")
    command = ["jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
               "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={tmp_path}",
               "--allow-root", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]  # fmt: skip
    with running(command, tmp_path, own_home(tmp_path)) as server:
        answering(server, f"http://127.0.0.1:{port}/api", tmp_path / "server.log")
        yield server.pid, f"http://127.0.0.1:{port}/lab/tree/what_if.ipynb"


@pytest.fixture(scope="module")
def page(browser: Browser, lab: tuple[int, str]) -> Iterator[Page]:
    """The notebook, run; nothing was asked of another machine."""
    with visitor(browser) as (context, gone_out):
        opened = context.new_page()
        opened.goto(lab[1])
        run_all(opened)
        ready(opened)
        yield opened
        assert [] == gone_out


def run_all(page: Page) -> None:
    """Once there is a kernel: else JupyterLab asks for one."""
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    resting(page)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def resting(page: Page) -> None:
    """Wait until there is a kernel and it is idle."""
    expect(page.get_by_role("button", name=re.compile(r"Python 3.*\| Idle"))).to_be_visible(
        timeout=START_S * 1000
    )


def test_a_slider_in_jupyterlab_changes_text_and_picture(page: Page) -> None:
    """Arrow keys on the handle; the kernel comes to rest."""
    small = Scenario.from_yaml(scenario_file("small"))
    changed = compare(small, list(variant(small, "apart", ["volume=+0.04"]).changes), 20, 1).variants[
        "changed"
    ]
    page.locator(".what-if .noUi-handle").first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    told(page, "4 % more volume")
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible(
        timeout=START_S * 1000
    )
    means = [100 * (e.mean or 0.0) for e in changed.estimates("service_level", "interval")]

    assert "104" == page.get_by_role("spinbutton", name="Volume").input_value()
    assert figure(changed["service_level"].mean, "fraction") == cell(page, "service_level", 1)
    assert means == pytest.approx(curve(page, 0), abs=0.03)


def test_a_dead_kernel_is_said_in_jupyterlab(page: Page, lab: tuple[int, str]) -> None:
    """The last test of this file: it kills the kernel. A dialog says so, and the panel is no longer offered."""
    for process in psutil.Process(lab[0]).children(recursive=True):
        os.kill(process.pid, signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("appears to have died", timeout=START_S * 1000)
    if os.environ.get("BROWSER_PICTURES"):
        page.screenshot(path=f"{os.environ['BROWSER_PICTURES']}/lab.png")

    assert "restart" in dialog.inner_text().lower()
