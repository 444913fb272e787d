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
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the example client with the most faults, as `workbench report` writes it."""
    from tests.reports.made import finished
    from workbench.diagnostics.assess import assess
    from workbench.intake.read import read_client
    from workbench.reports.declare import EXPORTERS
    from workbench.reports.notebook import review_of
    from workbench.reports.parameters import check
    from workbench.reports.readers import weights_of_health
    from workbench.resources import folder

    client = folder("example") / "brightwave_telecom"
    asked = check(
        "partnership_health_review", {"client": str(client), "audience": "internal", "findings": 12}
    )
    assessment = assess(read_client(client), weights=weights_of_health())
    page = EXPORTERS.get("html").write(finished(review_of(assessment, asked, "partnership_health_review")))
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(page)
    return path
