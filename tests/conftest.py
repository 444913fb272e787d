"""What do all tests share? The proof that what claims to serve the method is really tested.

A test cites METHOD items: ``@pytest.mark.method("EXP-5")``. With ``--take-out=FILE`` every citing
test runs once for each thing that claims to serve one of its items, with that thing taken out: its
code is swapped for code that raises (an example client's folder is hidden). The test must then fail.
A pair of thing and item is proven when a test that cites the item failed without the thing. FILE
receives the proven pairs and the citations that prove nothing; tests/test_method.py holds them
against the claims in the code.
"""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import settings

from workbench import resources
from workbench.reports.lean import skip_what_no_report_needs

if TYPE_CHECKING:
    from workbench.coverage import Claim

os.environ.setdefault("MPLBACKEND", "agg")
skip_what_no_report_needs()
settings.register_profile("workbench", deadline=None)  # two cores, shared: time proves nothing
settings.register_profile("take-out", deadline=None, database=None)

PROPERTY = "method items proven"
Proof = dict[str, Any]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--take-out",
        metavar="FILE",
        help="run each test that cites METHOD items with what serves them taken out; write proofs",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--take-out") is None:
        settings.load_profile("workbench")
        return
    settings.load_profile("take-out")
    if not hasattr(config, "workerinput"):  # with xdist, the reports come together here
        config.pluginmanager.register(Proofs(Path(config.getoption("--take-out"))))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that it is not what the others wait for in the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    ids = cited(item)
    if item.config.getoption("--take-out") is None or not ids:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    item.ihook.pytest_runtest_logreport(report=run_without(item, ids))
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def cited(item: pytest.Item) -> tuple[str, ...]:
    """Return the METHOD items that a test says it proves."""
    marks = item.iter_markers("method")
    return tuple(dict.fromkeys(identifier for mark in marks for identifier in mark.args))


def run_without(item: pytest.Item, ids: tuple[str, ...]) -> pytest.TestReport:
    """Run a test once for each thing that serves what it cites, and turn the outcome around."""
    by_thing: dict[str, list[Claim]] = {}
    for claim in all_claims(item.config):
        if claim.id in ids:
            by_thing.setdefault(str(claim), []).append(claim)
    proven, seconds, skipped = [], 0.0, ""
    for thing, claims in by_thing.items():
        with taken_out(claims[0]):
            forget(*vars(item.module).values())  # what an earlier test left in a cache
            item._initrequest()  # type: ignore[attr-defined]
            reports = runtestprotocol(item, log=False, nextitem=None)  # nextitem: tear all down
            forget(*vars(item.module).values())
        seconds += sum(report.duration for report in reports)
        if any(report.failed for report in reports):
            proven += [(thing, claim.id) for claim in claims]
        skipped = next((str(report.longrepr[2]) for report in reports if report.skipped), skipped)
    idle = [i for i in ids if i not in {identifier for _, identifier in proven}]
    failed = bool(idle) and not skipped
    return pytest.TestReport(
        nodeid=item.nodeid,
        location=item.location,
        keywords=dict.fromkeys(item.keywords, 1),
        outcome="failed" if failed else "passed",
        longrepr=complaint(idle, by_thing) if failed else None,
        when="call",
        duration=seconds,
        user_properties=[(PROPERTY, {"proven": proven, "idle": [] if skipped else idle, "skipped": skipped})],
    )


def complaint(idle: list[str], by_thing: dict[str, list[Claim]]) -> str:
    lines = []
    for identifier in idle:
        things = [thing for thing, claims in by_thing.items() if identifier in (c.id for c in claims)]
        without = " or without ".join(things)
        lines.append(
            f"It cites {identifier} and passes without {without}."
            if things
            else f"It cites {identifier}, which nothing in the code claims to serve."
        )
    return "\n".join(lines)


def all_claims(config: pytest.Config) -> tuple[Claim, ...]:
    if not hasattr(config, "_method_claims"):
        from workbench import coverage

        config._method_claims = coverage.claims()  # type: ignore[attr-defined]
    return config._method_claims  # type: ignore[attr-defined, no-any-return]


def gone(*arguments: object, **settings: object) -> None:
    raise RuntimeError("taken out by the test suite")


@contextmanager
def taken_out(claim: Claim) -> Iterator[None]:
    """Let the thing behind a claim fail for as long as the context lasts."""
    if claim.function is None:
        with example_hidden(Path(claim.name).name):
            yield
        return
    function: Callable[..., Any] = inspect.unwrap(claim.function)
    code = function.__code__
    function.__code__ = gone.__code__.replace(co_freevars=code.co_freevars)
    forget(claim.function)
    try:
        yield
    finally:
        function.__code__ = code
        forget(claim.function)


def forget(*things: object) -> None:
    """Empty those of the things that are functions with a cache."""
    for thing in things:
        if inspect.isroutine(getattr(thing, "cache_clear", None)):
            thing.cache_clear()  # type: ignore[attr-defined]


@contextmanager
def example_hidden(name: str) -> Iterator[None]:
    """Let `resources.folder("example")` be a folder in which one client is missing."""
    before = resources._PLACES["example"]
    with TemporaryDirectory() as others:
        for path in resources.folder("example").iterdir():
            if path.name != name:
                (Path(others) / path.name).symlink_to(path, target_is_directory=path.is_dir())
        resources._PLACES["example"] = (others, others)
        try:
            yield
        finally:
            resources._PLACES["example"] = before


class Proofs:
    """Gathers what the tests proved, from this process or from those of xdist, and writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.proven: set[tuple[str, str]] = set()
        self.idle: dict[str, list[str]] = {}
        self.skipped: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        proof: Proof = dict(report.user_properties).get(PROPERTY, {})  # type: ignore[assignment]
        if not proof:
            return
        self.proven |= {(thing, identifier) for thing, identifier in proof["proven"]}
        if proof["idle"]:
            self.idle[report.nodeid] = proof["idle"]
        if proof["skipped"]:
            self.skipped[report.nodeid] = proof["skipped"]

    def pytest_sessionfinish(self) -> None:
        found = {"proven": sorted(self.proven), "idle": self.idle, "skipped": self.skipped}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(found, indent=1), encoding="utf-8")
