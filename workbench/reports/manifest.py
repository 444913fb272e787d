"""Which reports of an output directory are still right, so that they need not be made again?

A report is named by a key over everything that decides it: template, parameters, the client's files,
the versions of the libraries and our own code. The manifest keeps the key with the hash of each file
that was written; a report whose key and files are as they stand there is left alone. An interrupted
run therefore goes on where it was, and one after it finds nothing to do.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from workbench.errors import CallError
from workbench.reports.report import digest, of_earlier_periods, versions
from workbench.resources import PACKAGE

MANIFEST = "manifest.sqlite"
"""Its name, in what an output directory keeps for itself."""

FORMAT = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS reports (
    directory TEXT, template TEXT, client TEXT, key TEXT, begins TEXT, reason TEXT, files TEXT, made TEXT, seconds REAL,
    path TEXT,
    PRIMARY KEY (directory, template)
);
CREATE TABLE IF NOT EXISTS inputs (path TEXT PRIMARY KEY, size INTEGER, changed INTEGER, sha256 TEXT);
"""


_COLUMNS = {
    "directory", "template", "client", "key", "begins", "reason", "files", "made", "seconds", "path",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """What the manifest says of one report; `reason` is empty where it was made.

    `begins` is the first day of its period, as an ISO date; empty where it was not made. `client` is
    what the client was called on the terminal, `path` where its files were.
    """

    key: str
    begins: str
    reason: str
    files: Mapping[str, str]
    directory: str = ""
    client: str = ""
    path: str = ""


class Manifest:
    """The manifest of one output directory, open while a run holds the directory."""

    def __init__(self, path: Path) -> None:
        try:
            self._base = _whole(path)
        except sqlite3.OperationalError as error:
            # locked, read-only, no room: there is nothing wrong with it
            raise CallError(
                f"{path}: it cannot be opened now ({error}). Wait for the run that is writing there, or make room."
            ) from None

    def __enter__(self) -> Manifest:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(sqlite3.OperationalError):
            self._base.commit()
        self._base.close()

    def entry(self, directory: str, template: str) -> Entry | None:
        """Return what is known of a report, or None."""
        row = self._base.execute(
            "SELECT key, begins, reason, files, path FROM reports WHERE directory = ? AND template = ?",
            (directory, template),
        ).fetchone()
        return Entry(row[0], row[1], row[2], json.loads(row[3]), path=row[4] or "") if row else None

    def entries(self, template: str) -> list[Entry]:
        """Return what is known of every report made from `template`, by directory."""
        rows = self._base.execute(
            "SELECT key, begins, reason, files, directory, client, path FROM reports WHERE template = ? "
            "ORDER BY directory",
            (template,),
        )
        return [
            Entry(key, begins, reason, json.loads(files), directory, client, path or "")
            for key, begins, reason, files, directory, client, path in rows
        ]

    def rewritten(self, directory: str, template: str, files: Mapping[str, bytes]) -> None:
        """Keep that some files of a report that stands were written anew, with a name put to it."""
        known = self.entry(directory, template)
        if known is None:
            return
        hashes = {**known.files, **{n: hashlib.sha256(content).hexdigest() for n, content in files.items()}}
        self._base.execute(
            "UPDATE reports SET files = ? WHERE directory = ? AND template = ?",
            (json.dumps(hashes), directory, template),
        )
        self._base.commit()

    def stands(
        self, out: Path, directory: str, template: str, key: str, names: Iterable[str]
    ) -> tuple[Path, ...]:
        """Return the files of a report if it was made with `key`, `names` are among them, and all are as written."""
        known = self.entry(directory, template)
        if known is None or known.reason or known.key != key or not known.files.keys() >= set(names):
            return ()
        paths = {out / directory / name: expected for name, expected in known.files.items()}
        with suppress(OSError):
            if all(_sha256(path) == expected for path, expected in paths.items()):
                return tuple(paths)
        return ()

    def note(
        self, directory: str, template: str, client: str, key: str, *,
        begins: str, files: Mapping[str, bytes], reason: str, made: datetime, seconds: float, path: str = "",
    ) -> None:  # fmt: skip
        """Keep that a report was made, or why it was not: then the files of an earlier run stay known as they are."""
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        before = self.entry(directory, template) if reason else None
        if before is not None:
            hashes = dict(before.files)
        try:
            self._base.execute(
                "INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    directory,
                    template,
                    client,
                    key,
                    begins,
                    reason,
                    json.dumps(hashes),
                    made.isoformat(),
                    seconds,
                    path,
                ),
            )
            self._base.commit()
        except sqlite3.OperationalError:  # a full disk: what is not noted is made again the next time
            self._base.rollback()

    def unseen(self, client: Path) -> list[str]:
        """Return the files of a client that no run here has looked at, by name."""
        found = []
        for path in _files(client):
            query = "SELECT 1 FROM inputs WHERE path = ?"
            if self._base.execute(query, (path.as_posix(),)).fetchone() is None:
                found.append(path.relative_to(client).as_posix() if path != client else path.name)
        return found

    def inputs(self, client: Path) -> dict[str, str]:
        """Return SHA-256 of every file of a client by its name; files that did not change are not read."""
        known = {
            row[0]: row[1:]
            for row in self._base.execute(
                "SELECT path, size, changed, sha256 FROM inputs WHERE path = ? OR substr(path, 1, ?) = ?",
                (str(client), len(str(client)) + 1, f"{client}/"),
            )
        }
        found = {}
        for path in _files(client):
            status = path.stat()
            seen = known.get(path.as_posix())
            if seen is None or seen[:2] != (status.st_size, status.st_mtime_ns):
                seen = (status.st_size, status.st_mtime_ns, _sha256(path))
                with suppress(sqlite3.OperationalError):  # a full disk
                    self._base.execute(
                        "INSERT OR REPLACE INTO inputs VALUES (?, ?, ?, ?)", (path.as_posix(), *seen)
                    )
            found[path.relative_to(client).as_posix() if path != client else path.name] = seen[2]
        return found


def key_of(
    template_hash: str,
    parameters: Mapping[str, Any],
    inputs: Mapping[str, str],
    begins: str,
) -> str:
    """Return the key of a report in any format: the same for the same report, wherever the client's folder lies.

    Released reviews count among the inputs where they are of periods before `begins`, so that
    releasing a report does not make it stale.
    """
    inputs = of_earlier_periods(inputs, begins)
    told = {name: value for name, value in parameters.items() if name != "client"}
    parts = [
        template_hash,
        told,
        sorted(inputs.items()),
        sorted(versions().items()),
        code_hash(),
    ]
    return digest(json.dumps(part, sort_keys=True) for part in parts)


@cache
def code_hash() -> str:
    """Return SHA-256 over the package itself: a report made by other code is another report."""
    files = sorted(
        path
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "_shipped" not in path.parts
    )
    return digest(part for path in files for part in (path.relative_to(PACKAGE).as_posix(), _sha256(path)))


def _whole(path: Path) -> sqlite3.Connection:
    """Return the manifest, a new one in place of one that is damaged: then every report is made again, as is right."""
    try:
        return _opened(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        path.unlink()
        return _opened(path)


def _opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path)
    try:
        (found,) = base.execute("PRAGMA user_version").fetchone()
        if found > FORMAT:
            raise CallError(
                f"{path} was written by a newer workbench (format {found}; this one reads up to {FORMAT}). "
                "Update this installation, or name another directory with --out."
            )
        if found < FORMAT:  # else nothing is written, so that a run may be looked at while it is going on
            base.executescript(_TABLES)
            base.execute(f"PRAGMA user_version = {FORMAT}")
        if {row[1] for row in base.execute("PRAGMA table_info(reports)")} != _COLUMNS:
            raise sqlite3.DatabaseError("other columns")
    except BaseException:
        base.close()
        raise
    return base


def _files(client: Path) -> list[Path]:
    if not client.is_dir():
        return [client]
    return [path for path in sorted(client.rglob("*")) if path.is_file()]


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
