"""How long from a slider to the new picture in the browser, and how much of that is simulation?

The page is that of `workbench serve`, in Chromium on this machine. A move is an arrow key on a slider of the
medium scenario; its time runs, by the page's own clock, from the key to the frame in which all curves of all
20 replications are new. The processor time is that of the kernel, widgets and pictures with it: halved it is above
what the replications, on two threads, take of two idle cores, since a busy machine stretches the time by the clock.
"""

from __future__ import annotations

import re
import shutil
import statistics
import tempfile
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from tests.browser.pages import answering, own_home, ready, running, visitor
from workbench.panels.serve import check_place

MOVES = 30
PICTURE_MS, SIMULATION_MS = 400.0, 200.0

WATCH = """
() => {
  window.moved = 0; window.took = null;
  document.addEventListener('keydown', () => { moved = performance.now(); took = null; }, true);
  const place = document.querySelector('.what-if-pictures').closest('.widget-html');
  new MutationObserver(() => requestAnimationFrame(() => { took ??= performance.now() - moved; }))
    .observe(place, { childList: true, subtree: true });
}
"""


def moves(page: Page) -> tuple[list[float], list[float]]:
    """Return for each move the time to the new picture, and the time of simulation in it. [ms]"""
    pictures, simulations = [], []
    page.evaluate(WATCH)
    page.locator(".what-if .noUi-handle").first.focus()
    for i in range(MOVES + 3):
        before = page.locator(".what-if-told").inner_text()
        page.keyboard.press("ArrowRight" if i % 12 < 6 else "ArrowLeft")
        page.wait_for_function(
            "text => document.querySelector('.what-if-told').innerText !== text", arg=before
        )
        ready(page)
        page.wait_for_function("() => took !== null")
        told = re.search(r"in (\d+) ms", page.locator(".what-if-ready").inner_text())
        assert told is not None
        if i >= 3 and "as it is today" not in page.locator(".what-if-told").inner_text():
            pictures.append(float(page.evaluate("took")))
            simulations.append(float(told[1]))
        page.wait_for_timeout(100)
    return pictures, simulations


def say(text: str, values: list[float], limit: float, own_ms: float | None = None) -> None:
    """Print median and ninth decile of times beside the limit of the median; `own_ms` is processor time."""
    median, late = statistics.median(values), sorted(values)[int(0.9 * len(values))]
    idle = own_ms is not None and own_ms / 2 <= limit
    verdict = "held" if median <= limit else "held by two idle cores" if idle else "MISSED"
    print(
        f"  {text:<48} median {median:5.0f} ms   nine in ten within {late:5.0f} ms   "
        f"at most {limit:g} ms   {verdict}",
        flush=True,
    )


def main() -> None:
    """Print every figure."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("  Chromium is not installed, so nothing is measured.")
        return
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        place, port = Path(made), check_place("127.0.0.1", 0, "")
        address = f"http://127.0.0.1:{port}/"
        with running(["workbench", "serve", "--port", str(port)], place, own_home(place)) as server:
            answering(server, address, place / "server.log")
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            with visitor(browser) as (context, _):
                page = context.new_page()
                page.goto(f"{address}voila/render/what_if.ipynb?scenario=medium")
                ready(page)
                kernels = psutil.Process(server.pid).children(recursive=True)
                before = sum(sum(k.cpu_times()[:2]) for k in kernels)
                pictures, simulations = moves(page)
                own = sum(sum(k.cpu_times()[:2]) for k in kernels) - before
            browser.close()
    say(f"slider to new picture, medium, {len(pictures)} moves", pictures, PICTURE_MS)
    own_ms = 1000 * own / (MOVES + 3)
    say("  of which simulation of 20 replications", simulations, SIMULATION_MS, own_ms)
    print(f"  {'  processor time of the kernel for a move':<48} {own_ms:12.0f} ms", flush=True)


if __name__ == "__main__":
    main()
