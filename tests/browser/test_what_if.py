"""The what-if panel in a real browser, as `workbench serve` shows it: what one sees is what the package computes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import START_S, answering, cell, curve, own_home, ready, running, told, visitor
from workbench.resources import scenario_file
from workbench.sim.scenario import Scenario
from workbench.studies.compare import Comparison, compare
from workbench.studies.what_if import variant
from workbench.wording import figure

pytestmark = pytest.mark.browser

SMALL = Scenario.from_yaml(scenario_file("small"))
PANEL = "voila/render/what_if.ipynb?scenario=small"


def apart(*levers: str) -> Comparison:
    """What the package computes for a setting, in this process."""
    return compare(SMALL, list(variant(SMALL, "apart", levers).changes), 20, 1)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def served(place: Path) -> Iterator[tuple[int, str]]:
    """The server's process and its address."""
    from workbench.panels.serve import check_place

    port = check_place("127.0.0.1", 0, "")
    command = ["workbench", "serve", "--port", str(port), "--saved", str(place / "kept")]
    with running(command, place, own_home(place)) as server:
        answering(server, f"http://127.0.0.1:{port}/", place / "server.log")
        yield server.pid, f"http://127.0.0.1:{port}/"


@pytest.fixture(scope="module")
def one(browser: Browser, served: tuple[int, str]) -> Iterator[Page]:
    """Somebody's page; it asked nothing of any other machine from the start page on."""
    with visitor(browser) as (context, gone_out):
        page = context.new_page()
        page.goto(served[1])
        page.get_by_role("link", name="small", exact=True).click()
        ready(page)
        yield page
        assert [] == gone_out


@pytest.fixture
def page(one: Page) -> Page:
    """The same page, with every slider back on today."""
    one.set_viewport_size({"width": 1280, "height": 1000})
    one.get_by_role("button", name="Back to today").click()
    told(one, "as it is today")
    return one


def test_a_dragged_slider_changes_text_and_picture_to_what_the_package_computes(page: Page) -> None:
    """Table, sentence and all four curves of a drag with the mouse, against a simulation made apart."""
    handle = page.get_by_role("slider", name="volume").first
    box = handle.bounding_box()
    assert box is not None
    before = curve(page, 0)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 25):
        page.mouse.move(x + 2 * step, y)
    page.mouse.up()
    told(page, "more volume")
    field = page.get_by_role("spinbutton", name="Volume")
    percent = float("nan")
    while percent != float(field.input_value()):  # the last steps of the drag may still be under way
        percent = float(field.input_value())
        told(page, f"{percent - 100:g} % more volume")
    found = apart(f"volume={percent / 100}")
    changed, d = found.variants["changed"], found.differences("service_level")[0]
    assert d.mean is not None

    assert percent > 105
    assert figure(changed["service_level"].mean, "fraction") == cell(page, "service_level", 1)
    assert figure(changed["cost"].mean, "EUR") == cell(page, "cost", 1)
    assert figure(d.mean, "points") == cell(page, "service_level", 2)

    for number, measure in enumerate(("service_level", "backlog", "occupancy", "cost")):
        scale = 100.0 if measure in ("service_level", "occupancy") else 1.0
        for kind, results in (("mean", changed), ("before", found.baseline)):
            means = [scale * (e.mean or 0.0) for e in results.estimates(measure, "interval")]
            assert means == pytest.approx(curve(page, number, kind), abs=0.0003 * max(100.0, *means))

    assert before != curve(page, 0)
    assert before == curve(page, 0, "before")


def test_everything_works_by_keyboard_alone(page: Page, place: Path) -> None:
    """Tab to the slider, arrows; tab to a field, a number; tab to the name, save. No mouse."""
    page.locator("body").evaluate("body => { body.tabIndex = -1; body.focus(); }")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => { const e = document.activeElement;"
            " return e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent; }"
        )
        reached.append(name)
        if name.startswith("volume"):
            for _ in range(3):
                page.keyboard.press("ArrowRight")
            told(page, "3 % more volume")
        elif name == "People":
            page.keyboard.press("Control+a")
            page.keyboard.type("14")
            page.keyboard.press("Enter")
            told(page, "3 % more volume and 1 person more")
        elif name == "Save as":
            page.keyboard.type("by hand")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            break
    expect(page.locator(".what-if-keeping")).to_contain_text("by hand.yaml", timeout=START_S * 1000)
    changed = apart("volume=+0.03", "staffing=+1").variants["changed"]

    assert ["Volume, % of today", "volume, in steps from today"] == [n for n in reached if "olume" in n]
    assert figure(changed["service_level"].mean, "fraction") == cell(page, "service_level", 1)
    assert "staffing=+1" in (place / "kept" / "by hand.yaml").read_text(encoding="utf-8")


def test_a_screen_reader_finds_names_for_everything(page: Page) -> None:
    """Axe finds nothing serious; every picture and slider says what it is."""
    violations = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]

    assert [] == [(v["id"], v["nodes"][0]["html"][:200]) for v in violations]
    assert page.get_by_role("slider").count() == page.locator(".noUi-handle[aria-label]").count() >= 4
    assert "Service level: highest" in (page.locator("svg[role=img]").first.get_attribute("aria-label") or "")


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_sticks_out_sideways(page: Page, width: int) -> None:
    """A wide table scrolls inside itself; the page has a moment to lay itself out anew."""
    page.set_viewport_size({"width": width, "height": 900})

    page.wait_for_function(
        """width => width >= document.scrollingElement.scrollWidth
        && [...document.querySelectorAll('svg.what-if-picture, .what-if input')]
           .every(e => e.getBoundingClientRect().right <= width)""",
        arg=width,
        timeout=20_000,
    )


def test_an_unknown_scenario_is_said_on_the_page(browser: Browser, served: tuple[int, str]) -> None:
    """With the nearest; no kernel starts for it."""
    with visitor(browser) as (context, gone_out):
        other = context.new_page()
        other.goto(f"{served[1]}voila/render/what_if.ipynb?scenario=smal")

        assert 'Did you mean "small"?' in other.locator("main").inner_text()
        assert [] == gone_out


def test_two_people_do_not_see_each_other_and_a_dead_kernel_is_said(
    page: Page, browser: Browser, served: tuple[int, str]
) -> None:
    """Both move at once and each sees their own; then one's kernel is killed, and only that one is told so."""
    mine = set(psutil.Process(served[0]).children(recursive=True))
    with visitor(browser, "dark") as (context, gone_out):
        other = context.new_page()
        other.goto(f"{served[1]}{PANEL}&theme=dark")
        told(other, "as it is today")
        field = {who: who.get_by_role("spinbutton", name="Volume") for who in (page, other)}
        for who, value in ((page, "110"), (other, "90")):
            field[who].fill(value)
            field[who].press("Enter")
        told(page, "10 % more volume")
        told(other, "10 % less volume")
        more, less = apart("volume=+0.1"), apart("volume=-0.1")

        assert figure(more.variants["changed"]["cost"].mean, "EUR") == cell(page, "cost", 1)
        assert figure(less.variants["changed"]["cost"].mean, "EUR") == cell(other, "cost", 1)
        assert ("110", "90") == (field[page].input_value(), field[other].input_value())

        dark = [v for v in Axe().run(other).response["violations"] if v["impact"] in ("serious", "critical")]
        assert [] == [(v["id"], v["nodes"][0]["html"][:200]) for v in dark]

        for process in set(psutil.Process(served[0]).children(recursive=True)) - mine:
            os.kill(process.pid, signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
        expect(other.locator("#kernel-gone")).to_be_visible(timeout=START_S * 1000)
        expect(other.locator("#kernel-gone")).to_contain_text("nothing here answers any more")

        assert not page.locator("#kernel-gone").is_visible()
        assert [] == gone_out


def test_a_lost_server_is_said(page: Page, served: tuple[int, str]) -> None:
    """Even before anybody moves anything. The last test of this file: it ends the server, as Ctrl-C does."""
    os.kill(served[0], signal.SIGINT if os.name != "nt" else signal.SIGTERM)

    expect(page.locator("#kernel-gone")).to_be_visible(timeout=START_S * 1000)
    expect(page.locator("#kernel-gone")).to_contain_text("nothing here answers")
