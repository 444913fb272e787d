"""The other notebooks in a real browser, through one Voilà: what one sees is what the package computes."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import START_S, answering, own_home, running, visitor
from tests.panels.test_staffing_panel import FLOOR
from tests.studies import floors
from tests.studies.pricing.prices import assessed, floor, found, measured, roster
from workbench.intake.period import Period
from workbench.intake.read import read_client
from workbench.panels.serve import check_place
from workbench.resources import folder
from workbench.studies.backtest import backtest
from workbench.studies.pricing.partly import Depths
from workbench.studies.pricing.study import Pricing, price
from workbench.studies.staffing.staff import Request, staff
from workbench.wording import money, number

pytestmark = pytest.mark.browser

FIT, TEST = "2024-06-03:2024-06-09", "2024-06-10:2024-06-11"
REPOSITORY = Path(__file__).resolve().parents[2]
PRICED = """
import sys
sys.path.insert(0, {repository!r})
from tests.browser.test_notebooks import priced
client, scenario, pay, months, seed = priced(), "", "", None, 1
"""


def priced() -> Pricing:
    """Findings on a small floor, priced on two months; the kernel and the test work it out apart."""
    findings = (
        found("FM-2", measured("contacts escalated", 0.30, 0.10, n=5000)),
        found("VIS-6", measured("attrition a year", 0.9, 0.3, n=9, unit="per year", interval=(0.4, 1.7))),
        found("RISK-1", measured("access reviews held", 0.2, 1.0)),
    )
    return price(assessed(*findings, hris=roster(30)), floor(escalated=0.30), seed=4, months=2)


def filled(name: str, parameters: str, place: Path) -> None:
    """Put a notebook into a folder, with other parameters."""
    shutil.copy(folder("notebooks") / f"{name}.ipynb", place)
    notebook = nbformat.read(place / f"{name}.ipynb", as_version=4)
    cell = next(c for c in notebook.cells if "parameters" in c.metadata.get("tags", []))
    cell.source = parameters
    nbformat.write(notebook, place / f"{name}.ipynb")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the notebooks, a scenario, and a client of ten days."""
    found = tmp_path_factory.mktemp("notebooks")
    FLOOR.to_yaml(found / "floor.yaml")
    client = found / "client"
    client.mkdir()
    (client / "client.yaml").write_text(
        "format: 1\nid: fictional\nname: Fictional\ntime_zone: Europe/Berlin\ncurrency: EUR\nfictional: true\n"
    )
    floors.contacts(floors.scenario(days=9)).to_csv(client / "contacts.csv", index=False)
    filled("staffing", f"scenario_name = {str(found / 'floor.yaml')!r}", found)
    filled(
        "calibrate_and_validate",
        f"client, fit, test, replications = {str(client)!r}, {FIT!r}, {TEST!r}, 4", found,
    )  # fmt: skip
    filled("prices", PRICED.format(repository=str(REPOSITORY)), found)
    return found


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    port = check_place("127.0.0.1", 0, "")
    command = ["voila", str(place), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1",
               "--template=workbench", "--show_tracebacks=True"]  # fmt: skip
    environment = {**own_home(place), "JUPYTER_PATH": str(folder("templates")), "PYTHONPATH": str(REPOSITORY)}
    with running(command, place, environment) as server:
        answering(server, f"http://127.0.0.1:{port}/static/", place / "server.log")
        yield f"http://127.0.0.1:{port}/voila/render/"


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Somebody's browser; it asks nothing of any other machine."""
    with visitor(browser) as (context, gone_out):
        yield context.new_page()
        assert [] == gone_out


def seen(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if os.environ.get("BROWSER_PICTURES"):
        page.screenshot(path=f"{os.environ['BROWSER_PICTURES']}/{name}.png", full_page=True)


def test_a_staffing_plan_is_the_one_the_package_finds(page: Page, address: str) -> None:
    """Targets by the hour, a click on Plan, the kernel at rest: people and cost of a search made apart."""
    page.goto(f"{address}staffing.ipynb")
    page.get_by_role("combobox", name="Targets hold in every").select_option("hour")
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.locator(".what-if-told")).to_contain_text("EUR as scheduled", timeout=START_S * 1000)
    expect(page.locator(".what-if-ready")).to_contain_text("checked with")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_disabled()
    proposal = staff(FLOOR, Request(per="hour")).proposal
    seen(page, "staffing")

    said = page.locator(".what-if-told").inner_text()
    assert f"{sum(proposal.people.values())} pe" in said
    assert f"{number(proposal.cost)} EUR" in said
    assert page.locator("svg.what-if-picture").count() == 2


def test_a_fit_and_its_test_are_those_of_the_package(page: Page, address: str, place: Path) -> None:
    """No control to move: the whole notebook runs, and its figures are those computed apart."""
    page.goto(f"{address}calibrate_and_validate.ipynb")
    expect(page.get_by_text("What did nobody record?")).to_be_visible(timeout=START_S * 1000)
    expect(page.locator("table.dataframe").last).to_be_visible(timeout=START_S * 1000)
    found = backtest(
        read_client(place / "client"), Period.parse(FIT), Period.parse(TEST), n=4, decompose=False
    )
    total = found.scores.total["service_level"]
    seen(page, "calibrate_and_validate")

    row = page.locator(
        "table.dataframe tr", has_text=re.compile(r"^\s*\d*\s*service_level\s")
    ).first.inner_text()
    assert [f"{total[name]:.6f}" for name in ("actual", "predicted")] == row.split()[2:4]
    assert page.locator("img[src^='data:image/png']").count() == 3
    assert 0 == page.locator(".jp-RenderedText[data-mime-type*=stderr]").count()


def test_a_repair_half_done_saves_what_the_package_says(page: Page, address: str) -> None:
    """A finding put to 40 %: total in the sentence and its own saving in the table, as computed apart."""
    page.goto(f"{address}prices.ipynb")
    field = page.get_by_role("spinbutton", name=re.compile("^FM-2"))
    field.fill("40", timeout=START_S * 1000)
    field.press("Enter")
    expect(page.locator("tr", has_text="FM-2").first).to_contain_text("40 %", timeout=START_S * 1000)
    now = Depths(priced())({"FM-2": 0.4, "VIS-6": 1.0})
    seen(page, "prices")

    assert f"{money(now.total.value)} EUR a month" in page.locator(".what-if-told").inner_text()
    assert money(now.alone["FM-2"].value) in page.locator("tr", has_text="FM-2").first.inner_text()
    assert "1 finding without a price" in page.locator("details").inner_text()
