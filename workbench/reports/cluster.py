"""How are more reports made than one machine can? By Dask workers; this process alone writes.

A worker needs the package, in the same versions, and the clients: a path that it sees too, or a URL.
Dask makes the reports of a worker that dies elsewhere. As many are on their way as keep the workers
busy, so that a thousand reports do not pile up in their memory.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from importlib import import_module
from typing import Any

from workbench.errors import CallError, RunFailed
from workbench.reports import far
from workbench.reports.job import Failed, Job, Made

ANSWER_S, WORKERS_S = 20.0, 120.0
"""How long a scheduler may take to answer, and how long it may be without workers. [s]"""

LOOK_EVERY_S = 5.0
AHEAD = 2
"""So many reports for each thread of the cluster are on their way."""


def run(
    jobs: Iterable[Job], *, address: str, timeout_s: float | None = None
) -> Iterator[tuple[Job, Made | Failed]]:
    """Yield every job with its report or failure, as they end.

    Raises
    ------
    CallError
        if no scheduler answers at `address`, no worker comes, or workers have other versions.
    RunFailed
        if the scheduler goes away, or all workers do, in the middle of it.
    """
    waiting = deque(jobs)
    if not waiting:
        return
    client = connected(address)
    flying: dict[Any, Job] = {}
    try:
        busy_since = time.monotonic()
        while waiting or flying:
            threads = _threads(client, address)
            if threads:
                busy_since = time.monotonic()
            elif time.monotonic() - busy_since > WORKERS_S:
                raise RunFailed(f"{address}: all workers are gone. Start some and go on with --resume.")
            while waiting and len(flying) < max(1, AHEAD * threads):
                job = waiting.popleft()
                flying[client.submit(far.make, job, timeout_s, pure=False)] = job
            for future in _done(flying, client, address):
                job = flying.pop(future)
                yield job, _report(future)
                future.release()
    finally:
        with suppress(Exception):
            client.cancel(list(flying), force=True)
        with suppress(Exception):
            client.close()


def connected(address: str) -> Any:
    """Return a client of the scheduler at `address`, whose workers are known to be of our versions.

    Raises
    ------
    CallError
        as `run`.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise CallError(
            "--cluster needs Dask. Install it: pip install 'contact-centre-workbench[cluster]'"
        ) from None
    try:
        client = distributed.Client(address, timeout=ANSWER_S, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        why = " ".join(str(error).split())[:160]
        raise CallError(
            f"{address}: no Dask scheduler answers there ({why}). Start one with `dask scheduler`, and workers "
            "with `dask worker ADDRESS`; name it as tcp://host:8786."
        ) from None
    try:
        client.wait_for_workers(1, timeout=ANSWER_S)
        others = sorted(at for at, theirs in client.run(far.stamp).items() if theirs != far.stamp())
    except TimeoutError:
        client.close()
        raise CallError(
            f"{address}: the scheduler has no workers. Start some with `dask worker {address}`."
        ) from None
    except Exception as error:
        client.close()
        why = " ".join(str(error).split())[:160]
        raise CallError(
            f"{address}: its workers lack this package ({why}). Install the same version there."
        ) from None
    if others:
        client.close()
        raise CallError(
            f"{address}: {', '.join(others[:5])} would not give the same figures: this package, Python or a library "
            "has another version there. Install the same (constraints.txt), or leave these workers out."
        )
    return client


def _threads(client: Any, address: str) -> int:
    try:
        return int(sum(client.nthreads().values()))
    except Exception:
        raise _gone(address) from None


def _done(flying: dict[Any, Job], client: Any, address: str) -> list[Any]:
    """Return the reports that have ended, after waiting a while for one."""
    distributed: Any = import_module("distributed")
    try:
        with client.as_current():
            return list(
                distributed.wait(list(flying), timeout=LOOK_EVERY_S, return_when="FIRST_COMPLETED").done
            )
    except TimeoutError:
        return []
    except CancelledError:
        raise _gone(address) from None


def _gone(address: str) -> RunFailed:
    return RunFailed(f"{address}: the scheduler is gone. What was made is kept; go on with --resume.")


def _report(future: Any) -> Made | Failed:
    from distributed import KilledWorker

    try:
        report: Made | Failed = future.result()
    except KilledWorker:
        return Failed("every worker that began it died before it was done")
    except CancelledError:
        return Failed("the scheduler gave it up before it was done")
    except Exception as error:
        return Failed(
            f"its worker could not begin it ({type(error).__name__}: {' '.join(str(error).split())[:200]})"
        )
    return report
