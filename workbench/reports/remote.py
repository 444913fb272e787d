"""How is a client reached that lies behind a URL, from a machine that has nothing but the package?

A URL is whatever fsspec opens (s3://, gs://, https://, file://). Whoever makes the report copies the
client's files to a directory of the report's own, so that the rest sees a folder like any other; what
decides whether a report still stands is asked of the store without fetching anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from workbench.errors import CallError, DataError
from workbench.reports.own import FOLDER


def is_url(address: str) -> bool:
    """Say whether a client is named by a URL, not by a path."""
    return "://" in address


def checked(url: str) -> str:
    """Return the URL as it is kept.

    Raises
    ------
    CallError
        if it carries a secret, or there is nothing.
    """
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query:
        raise CallError(
            f"{parts.scheme}://{parts.hostname or ''}…: a name, a password or a query in a URL would end up in logs "
            "and manifests. Give credentials as the store takes them: its environment variables or configuration."
        )
    store, path = _store(url)
    if not _asked(url, store.exists, path):
        raise CallError(
            f"There is no file or folder at {url}. Look at the spelling, and whether it may be read."
        )
    return url.rstrip("/")


def fetched(url: str, place: Path) -> Path:
    """Copy a client to `place` and return its folder, or its single file, there.

    Raises
    ------
    DataError
        if it cannot be read.
    """
    return _copied(url, place, lambda _: True)


def declared(url: str, place: Path) -> Path:
    """Copy what decides the name and the look of a report alone: client.yaml and the folder `report`."""
    return _copied(url, place, lambda name: name == "client.yaml" or name.startswith(f"{FOLDER}/"))


def marks(url: str) -> dict[str, str]:
    """Return for every file of a client, by its name, what changes when the file does."""
    store, path = _store(url)
    return {
        name: hashlib.sha256(str(_asked(url, store.ukey, full)).encode()).hexdigest()
        for name, full in _files(url, store, path)
    }


def _copied(url: str, place: Path, wanted: Any) -> Path:
    store, path = _store(url)
    here = place / (PurePosixPath(path).name or "client")
    if not _asked(url, store.isdir, path):
        if wanted(here.name):
            place.mkdir(parents=True, exist_ok=True)
            _asked(url, store.get_file, path, str(here))
        return here
    here.mkdir(parents=True, exist_ok=True)
    for name, full in _files(url, store, path):
        if wanted(name):
            (here / name).parent.mkdir(parents=True, exist_ok=True)
            _asked(url, store.get_file, full, str(here / name))
    return here


def _files(url: str, store: Any, path: str) -> Iterator[tuple[str, str]]:
    if not _asked(url, store.isdir, path):
        yield PurePosixPath(path).name, path
        return
    for full in sorted(_asked(url, store.find, path)):
        name = full[len(path) :].lstrip("/")
        if ".." not in PurePosixPath(name).parts:
            yield name, full


def _store(url: str) -> tuple[Any, str]:
    import fsspec

    try:
        store, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise CallError(f"{url}: {error}") from None
    except ValueError:
        raise CallError(
            f"{url}: nobody here knows how to open that. Known: file, https, s3, gs, abfs …"
        ) from None
    return store, str(path).rstrip("/")


def _asked(url: str, what: Any, *given: Any) -> Any:
    try:
        return what(*given)
    except Exception as error:  # every store has its own
        words = " ".join(str(error).split())[:200]
        raise DataError(f"{url}: cannot be read ({type(error).__name__}: {words}).") from None
