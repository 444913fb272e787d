"""A real browser, with every way out of the machine closed.

Where there is no Chromium the tests are skipped with that reason; in CI they fail instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for a module; its driver's event loop ends with it, so that other tests can run one of their own."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs chromium for these tests; .ci/run installs it")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of every template as a run writes it, of two clients each: one with everything, one with little."""
    from tests.reports.made import assessment_of, dataset_of, executed
    from tests.reports.test_portfolio import batch, portfolio, told
    from tests.reports.test_prices_section import costed
    from tests.reports.test_staffing_report import ASKED, studied
    from workbench.diagnostics.assess import assess
    from workbench.intake.read import read_client
    from workbench.reports.declare import EXPORTERS, Finished
    from workbench.reports.notebook import Review, origin, review_of
    from workbench.reports.parameters import check
    from workbench.reports.readers import weights_of_health
    from workbench.reports.report import Report
    from workbench.reports.staffing import study
    from workbench.resources import folder

    client = folder("example") / "brightwave_telecom"
    assessment = assess(read_client(client), weights=weights_of_health())
    reviews = {}
    for template in ("partnership_health_review", "operating_model_assessment"):
        asked = check(template, {"client": str(client), "audience": "internal"})
        reviews[f"{template} of much"] = review_of(assessment, asked, template)
    asked = check("partnership_health_review", {"client": "somewhere"})
    reviews["partnership_health_review of little"] = review_of(
        assessment_of(dataset_of()), asked, "partnership_health_review"
    )
    asked = check("operating_model_assessment", {"client": "somewhere", "audience": "internal"})
    reviews["operating_model_assessment of little, priced"] = review_of(
        costed(), asked, "operating_model_assessment"
    )
    empty = study(dataset_of(), ASKED)
    for name, found in (("much", studied()), ("little", empty)):
        told_of = origin(found.dataset, ASKED, "staffing_what_if")
        reviews[f"staffing_what_if of {name}"] = Review(found, ASKED, told_of)
    place = tmp_path_factory.mktemp("pages")
    some = {name.lower(): told(name, areas=areas, low=low, high=95.0) for name, areas, low in (
        ("Ada", (10.0, 20.0, 30.0), 5.0), ("Bo", (50.0, 90.0, 69.0), 60.0), ("Cy", (None, None, None), 0.0),
    )}  # fmt: skip
    reviews["portfolio"] = portfolio(batch(place / "some", some))
    written = {}
    for name, review in reviews.items():
        notebook = executed(review)
        written[name] = place / f"{name}.html"
        written[name].write_bytes(
            EXPORTERS.get("html").write(Finished(Report.from_notebook(notebook), notebook))
        )
    return written


@pytest.fixture(scope="session")
def report(pages: dict[str, Path]) -> Path:
    """The health review of the example client with the most faults."""
    return pages["partnership_health_review of much"]
