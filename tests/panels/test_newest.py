"""Does the newest win, and does nothing queue up behind it?"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from workbench.panels.newest import Newest, Stopped

PATIENCE_S = 10.0


class Floor:
    """Work that goes on until somebody asks for something newer, or lets it end."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.at_work, self.let_end = threading.Event(), threading.Event()

    def __call__(self, what: str, newer: Callable[[], bool]) -> str:
        self.begun.append(what)
        self.at_work.set()
        while not self.let_end.wait(0.001):
            if newer():
                raise Stopped(f"half of {what}")
        return f"all of {what}"


def until(done: Callable[[], bool]) -> None:
    """Let the event loop go round until something is so."""

    async def wait() -> None:
        end = asyncio.get_running_loop().time() + PATIENCE_S
        while not done():
            assert asyncio.get_running_loop().time() < end
            await asyncio.sleep(0.002)

    LOOP.run_until_complete(wait())


LOOP = asyncio.new_event_loop()


@pytest.fixture
def told() -> list[tuple[str, str]]:
    return []


def newest(work: Callable[[str, Callable[[], bool]], object], told: list[tuple[str, str]]) -> Newest[str]:
    return Newest(
        work,
        lambda what, result: told.append((what, str(result))),
        lambda what, error: told.append((what, repr(error))),
        LOOP,
    )


def test_what_is_asked_meanwhile_stops_what_is_under_way(told: list[tuple[str, str]]) -> None:
    """Fifty settings of a slider are passed over: of them only the first began and the last is done."""
    work = Floor()
    runs = newest(work, told)
    runs.ask("0")
    assert work.at_work.wait(PATIENCE_S)
    for i in range(1, 50):
        runs.ask(str(i))
    until(lambda: work.begun[-1] == "49")
    work.let_end.set()
    until(lambda: ("49", "all of 49") in told)
    runs.close()

    assert ("0", "half of 0") == told[0]
    assert ("49", "all of 49") == told[-1]
    assert ["all of 49"] == [result for _, result in told if result.startswith("all")]
    assert 49 == runs.stopped
    assert len(work.begun) < 50


def test_results_come_on_the_event_loop(told: list[tuple[str, str]]) -> None:
    """Not in the thread that worked: widgets belong to the loop's."""
    threads: list[str] = []
    runs: Newest[str] = Newest(
        lambda what, newer: threads.append(threading.current_thread().name),
        lambda what, result: threads.append(threading.current_thread().name),
        lambda what, error: None,
        LOOP,
    )
    runs.ask("one")
    until(lambda: len(threads) == 2)
    runs.close()

    assert ["what-if", threading.main_thread().name] == threads


def test_a_failure_is_told_and_the_next_run_goes_on(told: list[tuple[str, str]]) -> None:
    """The thread outlives it."""

    def work(what: str, newer: Callable[[], bool]) -> str:
        if what == "bad":
            raise ValueError("no")
        return what

    runs = newest(work, told)
    runs.ask("bad")
    until(lambda: len(told) == 1)
    runs.ask("good")
    until(lambda: len(told) == 2)
    runs.close()

    assert [("bad", "ValueError('no')"), ("good", "good")] == told


def test_a_closed_panel_is_told_nothing_and_its_thread_ends(told: list[tuple[str, str]]) -> None:
    """What was under way is stopped."""
    work = Floor()
    runs = newest(work, told)
    runs.ask("one")
    assert work.at_work.wait(PATIENCE_S)
    thread = runs._thread
    assert thread is not None
    runs.close()
    thread.join(PATIENCE_S)
    LOOP.run_until_complete(asyncio.sleep(0))

    assert not thread.is_alive()
    assert [] == told


def test_a_run_that_outlives_the_event_loop_tells_nobody(told: list[tuple[str, str]]) -> None:
    """The kernel ends while a run is under way: the thread ends without an error, which pytest would report."""
    work, loop = Floor(), asyncio.new_event_loop()
    runs: Newest[str] = Newest(work, lambda what, result: told.append((what, result)), lambda *_: None, loop)
    runs.ask("one")
    assert work.at_work.wait(PATIENCE_S)
    loop.close()
    work.let_end.set()
    thread = runs._thread
    assert thread is not None
    runs.ask("two")
    runs.close()
    thread.join(PATIENCE_S)

    assert not thread.is_alive()
    assert [] == told


def test_without_an_event_loop_the_answer_is_there_at_once(told: list[tuple[str, str]]) -> None:
    """As in a script."""
    runs: Newest[str] = Newest(
        lambda what, newer: what.upper(), lambda what, result: told.append((what, result)), lambda *_: None
    )
    runs.ask("one")

    assert [("one", "ONE")] == told
