"""The page reads well in a browser: for a screen reader, on a phone, in the dark, on paper, offline."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@contextmanager
def opened(
    browser: Browser, path: Path, viewport: dict[str, int] = DESKTOP, scheme: str = "light"
) -> Iterator[tuple[Page, list[str]]]:
    """Open a page; gives it with what it asked of the network and said to the console."""
    context = browser.new_context(viewport=viewport, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
    page = context.new_page()
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(path.as_uri())
    yield page, heard
    context.close()


UNFOLD = "document.querySelectorAll('details').forEach(d => d.open = true)"
SHORTEN = """
document.querySelectorAll('tbody').forEach(b => [...b.rows].slice(2).forEach(r => r.remove()));
document.querySelectorAll('ul, ol').forEach(l => [...l.children].slice(6).forEach(i => i.remove()));
document.querySelectorAll('.section').forEach(
  s => [...s.querySelectorAll(':scope > .callout')].slice(4).forEach(c => c.remove())
);
document.querySelectorAll('svg').forEach(s => [...s.querySelectorAll('path, use')].forEach(p => p.remove()));
"""
"""What repeats is written by the same lines of code: two rows, four findings and six entries stand for all."""

TEMPLATES = (
    "partnership_health_review of much", "partnership_health_review of little", "operating_model_assessment of much",
    "operating_model_assessment of little, priced", "staffing_what_if of much", "staffing_what_if of little",
    "portfolio",
)  # fmt: skip


def serious(page: Page, **options: object) -> list[tuple[str, str]]:
    """Return what axe-core holds against a page, all of it unfolded, short of what is minor."""
    page.evaluate(UNFOLD)
    page.evaluate(SHORTEN)
    asked = {"resultTypes": ["violations"], **options}
    violations = Axe().run(page, options=asked).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in violations if v["impact"] != "minor"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_axe_finds_nothing_serious_in_any_template(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    """Contrast, names, order and landmarks; and a page of an example client is small enough to be mailed."""
    with opened(browser, pages[name]) as (page, _):
        assert [] == serious(page)

    assert len(pages[name].read_bytes()) < 400_000


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")], ids=["phone", "dark"])
def test_axe_finds_nothing_serious_on_a_phone_or_in_the_dark(
    browser: Browser, pages: dict[str, Path], viewport: dict[str, int], scheme: str
) -> None:
    """What a small screen moves and the dark recolours."""
    with opened(browser, pages["operating_model_assessment of little, priced"], viewport, scheme) as (
        page,
        _,
    ):
        assert [] == serious(page)


def test_page_asks_for_nothing_but_itself(browser: Browser, report: Path) -> None:
    """One request, no message on the console."""
    with opened(browser, report) as (_, heard):
        assert [report.as_uri()] == heard


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_sticks_out_sideways(browser: Browser, report: Path, width: int) -> None:
    """Wide tables scroll inside themselves."""
    with opened(browser, report, {"width": width, "height": 800}) as (page, _):
        assert width == page.evaluate("document.documentElement.scrollWidth")


def test_headline_is_on_the_first_screen_of_a_phone(browser: Browser, report: Path) -> None:
    """A reader finds it in ten seconds."""
    with opened(browser, report, PHONE) as (page, _):
        box = page.locator(".card .value").first.bounding_box()

    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"]


def test_evidence_is_two_clicks_from_the_headline(browser: Browser, report: Path) -> None:
    """The finding, then its evidence."""
    with opened(browser, report) as (page, _):
        page.locator("#s-headline ol a").first.click()
        finding = page.locator(page.evaluate("location.hash"))
        finding.locator("summary").click()

        assert finding.locator("details p").first.is_visible()


def test_paper_shows_what_a_screen_folds_away(browser: Browser, report: Path) -> None:
    """Details stand open, the contents are gone."""
    with opened(browser, report) as (page, _):
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")

        assert page.locator(".callout details p").first.is_visible()
        assert not page.locator("nav").is_visible()


def test_figures_follow_the_colours_of_the_page(browser: Browser, report: Path) -> None:
    """Words in a figure are light in the dark."""
    colours = []
    for scheme in ("light", "dark"):
        with opened(browser, report, scheme=scheme) as (page, _):
            colours.append(page.evaluate("getComputedStyle(document.querySelector('figure svg text')).fill"))

    assert colours[0] != colours[1]


@pytest.mark.parametrize("accent", ["#c2185b", "#ffe600", "#000066"])
def test_axe_finds_nothing_serious_in_a_clients_colour(browser: Browser, tmp_path: Path, accent: str) -> None:
    """Whatever colour a client brings, links and headings can be read on paper, cards and in the dark."""
    from tests.reports.made import finished
    from tests.reports.test_own import brings, reviewed
    from workbench.reports.declare import EXPORTERS

    client = brings(tmp_path / "client", f'accent: "{accent}"\nlogo: logo.svg\n')
    path = tmp_path / "report.html"
    path.write_bytes(EXPORTERS.get("html").write(finished(reviewed(client))))
    with opened(browser, path) as (page, heard):
        found = serious(page)
        page.emulate_media(color_scheme="dark")
        found += serious(page, runOnly=["color-contrast"])
        asked = [line for line in heard if line.startswith("http")]

    assert [] == found
    assert [] == asked
