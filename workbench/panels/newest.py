"""Who computes while a slider is dragged, and what becomes of what was asked before? The newest wins.

One thread works for one panel. What is asked while it works takes the place of what was asked before: a
run that is under way is stopped at its next replications, what waited is forgotten. A run that is stopped
may hand over what it has so far, so that somebody who keeps dragging sees something move. Results come
back on the event loop of the kernel, which alone may touch widgets.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, TypeVar

Asked = TypeVar("Asked")


class Stopped(Exception):
    """Something newer was asked for; `so_far` is what the run has, None if nothing worth showing."""

    def __init__(self, so_far: Any = None) -> None:
        super().__init__("something newer was asked for")
        self.so_far = so_far


class Newest(Generic[Asked]):
    """Computes what was asked for last.

    Parameters
    ----------
    work : called in the thread with what was asked and with `newer`, which tells whether something newer was
        asked; work that sees so raises `Stopped`.
    done : called on the event loop with what was asked and the result, or what a stopped run had.
    failed : called on the event loop with what was asked and the exception.
    loop : the event loop; None: the one that runs here. Where none runs, `ask` computes before it returns.

    Attributes
    ----------
    stopped : how many runs were stopped for a newer one, or forgotten before they began.
    """

    def __init__(
        self,
        work: Callable[[Asked, Callable[[], bool]], Any],
        done: Callable[[Asked, Any], None],
        failed: Callable[[Asked, Exception], None],
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._work, self._done, self._failed = work, done, failed
        self._loop = loop or _running_loop()
        self._turn = threading.Condition()
        self._number = 0
        self._waiting: tuple[int, Asked] | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self.stopped = 0

    def ask(self, what: Asked) -> None:
        """Ask for something, instead of all that was asked before."""
        with self._turn:
            self._number += 1
            self.stopped += self._waiting is not None
            self._waiting = (self._number, what)
            self._turn.notify()
        if self._loop is None:
            self._serve_one()
        elif self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="what-if", daemon=True)
            self._thread.start()

    def tell(self, to: Callable[..., None], *what: Any) -> None:
        """Call on the event loop, from the thread: to say how far a run is."""
        self._hand_over(to, *what)

    def close(self) -> None:
        """Stop what is under way, and the thread."""
        with self._turn:
            self._closed = True
            self._number += 1
            self._waiting = None
            self._turn.notify()

    def _serve(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._waiting is not None or self._closed)
                if self._closed:
                    return
            self._serve_one()

    def _serve_one(self) -> None:
        with self._turn:
            if self._waiting is None:
                return
            number, what = self._waiting
            self._waiting = None

        def newer() -> bool:
            return self._number != number

        try:
            result = self._work(what, newer)
        except Stopped as stop:
            self.stopped += 1
            if stop.so_far is not None:
                self._hand_over(self._done, what, stop.so_far)
        except Exception as error:
            self._hand_over(self._failed, what, error)
        else:
            self._hand_over(self._done, what, result)

    def _hand_over(self, to: Callable[..., None], *what: Any) -> None:
        """Call on the event loop, in the order of runs."""
        if self._closed:
            return
        if self._loop is None:
            to(*what)
        else:
            # the kernel may end, and its loop with it, at any moment: then there is nobody left to tell
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(to, *what)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
