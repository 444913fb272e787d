"""What the browser tests of panels have in common: servers of their own, and what a page shows, read back."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from workbench.panels.curves import BOTTOM, TOP

START_S = 90.0
"""A server and a kernel start within this on a busy machine. [s]"""
HERE = ("127.0.0.1", "")


def own_home(place: Path) -> dict[str, str]:
    """An environment in which Jupyter finds and leaves nothing of the user's."""
    places = {"HOME": "home", "IPYTHONDIR": "ipython", "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTER_DATA_DIR": "data",
              "JUPYTER_CONFIG_DIR": "config", "JUPYTERLAB_SETTINGS_DIR": "settings",
              "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}  # fmt: skip
    for name in places.values():
        (place / name).mkdir(parents=True, exist_ok=True)
    return {**os.environ, **{key: str(place / name) for key, name in places.items()}}


@contextmanager
def running(
    command: Sequence[str], place: Path, environment: dict[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """A server, ended as Ctrl-C ends it."""
    log = (place / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=place, stdout=log, stderr=log, text=True, env=environment
    )
    try:
        yield server
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def answering(server: subprocess.Popen[str], address: str, log: Path) -> None:
    """Wait until a server answers, whatever it says."""
    until = time.monotonic() + START_S
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        else:
            return


@contextmanager
def visitor(browser: Browser, scheme: str = "light") -> Iterator[tuple[BrowserContext, list[str]]]:
    """Somebody with a browser of their own; gives it with every request that leaves this machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, color_scheme=scheme)  # type: ignore[arg-type]
    context.set_default_timeout(START_S * 1000)
    gone_out: list[str] = []
    context.on(
        "request", lambda r: gone_out.append(r.url) if urlsplit(r.url).hostname not in {*HERE, None} else None
    )
    yield context, gone_out
    context.close()


def ready(page: Page | Locator) -> None:
    """Wait until the panel says that all replications are done."""
    expect(page.locator(".what-if-ready")).to_be_visible(timeout=START_S * 1000)


def told(page: Page | Locator, text: str) -> None:
    """Wait until the sentence begins so, and the figures are whole."""
    expect(page.locator(".what-if-told")).to_contain_text(text, timeout=START_S * 1000)
    ready(page)


def cell(page: Page | Locator, measure: str, column: int) -> str:
    """What stands in the table, without its interval: 0 today, 1 what if, 2 difference."""
    text = page.locator(f"tr[data-measure='{measure}'] td").nth(column).inner_text()
    small = page.locator(f"tr[data-measure='{measure}'] td").nth(column).locator("small").inner_text()
    return text.removesuffix(small).strip()


def curve(page: Page | Locator, number: int, kind: str = "mean") -> list[float]:
    """The values of a curve, read back from the picture."""
    picture = page.locator("svg.what-if-picture").nth(number)
    top = float(picture.get_attribute("data-top") or "nan")
    drawn = picture.locator(f"path.{kind}").get_attribute("d") or ""
    return [(BOTTOM - float(y)) / (BOTTOM - TOP) * top for y in re.findall(r"[ML][\d.]+ ([\d.]+)", drawn)]
