"""The scoring workshop in a real browser: both sides answer, score and bounds move, the file is saved."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import answering, own_home, running, visitor
from workbench.intake.answers import known_answers, known_owners
from workbench.panels.serve import check_place
from workbench.resources import folder

pytestmark = pytest.mark.browser


@pytest.fixture
def client(tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder("example") / "quietbrook_travel", tmp_path / "client"))


@pytest.fixture
def address(client: Path, tmp_path: Path) -> Iterator[str]:
    """The notebook for `client`, served by Voila with our template on this machine alone."""
    notebook = nbformat.read(folder("notebooks") / "scoring_workshop.ipynb", as_version=4)
    parameters = next(c for c in notebook.cells if "parameters" in c.metadata.get("tags", []))
    parameters.source = f"client = {str(client)!r}"
    nbformat.write(notebook, tmp_path / "workshop.ipynb")
    port = check_place("127.0.0.1", 0, "")
    command = ["voila", str(tmp_path / "workshop.ipynb"), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1",
               "--template=workbench", "--show_tracebacks=True"]  # fmt: skip
    environment = {**own_home(tmp_path), "JUPYTER_PATH": str(folder("templates"))}
    with running(command, tmp_path, environment) as server:
        answering(server, f"http://127.0.0.1:{port}/static/", tmp_path / "server.log")
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The workshop; it asks nothing of any other machine."""
    with visitor(browser) as (context, gone_out):
        opened = context.new_page()
        opened.goto(address)
        opened.locator(".workshop-card").first.wait_for()
        yield opened
        assert [] == gone_out


def answer(page: Page, item: str, side: str, value: int) -> None:
    page.locator(f'button[title="{item}, {side}: {value}"]').click()


def width_of_bounds(page: Page, item: str) -> float:
    card = page.locator(".workshop-card", has_text=f"{item} ·")
    style = card.locator(".workshop-bar s").get_attribute("style") or ""
    return float(re.findall(r"width:([\d.]+)%", style)[0])


def test_both_sides_answer_and_see_the_score_move_and_save(page: Page, client: Path) -> None:
    """Bounds narrow with each answer; after saving both stand in answers.yaml with their evidence."""
    page.locator(".widget-dropdown select").select_option("partnership health")
    page.locator(".workshop-card", has_text="HC-7 ·").wait_for()
    save = page.get_by_role("button", name=re.compile("save", re.I))
    expect(save).to_be_disabled()
    before = width_of_bounds(page, "HC-7")

    answer(page, "HC-7", "buyer", 2)
    expect(save).to_have_text(re.compile("Save 1 answer"))
    answer(page, "HC-7", "vendor", 4)
    expect(save).to_have_text(re.compile("Save 2 answers"))
    after = width_of_bounds(page, "HC-7")
    reference = page.locator(".workshop-card", has_text="HC-7 ·").locator("input[type=text]").first
    reference.fill("fee schedule, annex 3")
    reference.press("Tab")
    page.wait_for_timeout(500)
    if os.environ.get("WORKSHOP_SCREENSHOT"):
        page.screenshot(path=os.environ["WORKSHOP_SCREENSHOT"], full_page=False)
    save.click()
    expect(page.locator(".workshop-saved")).to_have_text("Saved in answers.yaml.")

    said = {
        (a.side, a.answer, a.evidence_ref)
        for a in known_answers(client / "answers.yaml")
        if a.item == "HC-7" and a.respondent == "workshop"
    }
    assert after < before
    assert {("buyer", 2, "fee schedule, annex 3"), ("vendor", 4, "")} == said

    page.locator(".widget-dropdown select").select_option("who owns what")
    card = page.locator(".workshop-card", has_text="HO-5 ·")
    owners = card.locator("input")
    owners.nth(0).fill("WFM")
    owners.nth(0).press("Tab")
    expect(save).to_have_text(re.compile("Save 1 answer"))
    owners.nth(1).fill("nobody")
    owners.nth(1).press("Tab")
    expect(save).to_have_text(re.compile("Save 2 answers"))
    if os.environ.get("WORKSHOP_SCREENSHOT"):
        page.screenshot(path=os.environ["WORKSHOP_SCREENSHOT"].replace(".png", "_owners.png"))
    save.click()
    expect(save).to_have_text("Nothing to save")

    whom = {(o.side, o.owner) for o in known_owners(client / "answers.yaml") if o.respondent == "workshop"}
    assert {("buyer", "WFM"), ("vendor", "nobody")} == whom
