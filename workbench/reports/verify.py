"""Do the inputs still give this report?

The report is made once more from the client as it is now, with the parameters it names, and compared
to the last byte; only its status, which people give and no data, may differ. Where they differ, what it
was made from is compared first: that explains the rest.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.errors import CallError, DataError
from workbench.reports.bulk import Order, make
from workbench.reports.exporters.json import KIND
from workbench.reports.report import Report
from workbench.reports.status import content_hash


def differences(report: Path, client: Path) -> list[str]:
    """Return what differs between a report's JSON and the one that `client` gives now; empty: nothing.

    Raises
    ------
    CallError
        if `report` is not the JSON of a report.
    DataError
        if the client gives no report any more, with the reason.
    """
    told = read_report(report)
    origin = told["origin"]
    with tempfile.TemporaryDirectory() as place:
        outcome = make(
            Order(
                clients=[str(client)], out=Path(place), template=origin["template"], formats=("json",),
                parameters=origin["parameters"],
            )
        )  # fmt: skip
        for reason in outcome.failed.values():
            raise DataError(f"{client} gives no report any more: {reason}")
        (written,) = (path for paths in outcome.made.values() for path in paths)
        if written.read_bytes() == report.read_bytes():
            return []
        now = json.loads(written.read_text(encoding="utf-8"))
    if content_hash(told) == content_hash(now):
        return []  # only who put a name to it, and when, is different
    return differing(told, now)


def read_report(path: Path) -> dict[str, Any]:
    """Return the JSON of a report.

    Raises
    ------
    CallError
        if it is none, or of a newer workbench.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["kind"] != KIND:
            raise KeyError("kind")
        if told["format"] > Report.model_fields["format"].default:
            raise CallError(f"{path} was written by a newer workbench. Update this installation.")
    except (OSError, ValueError, KeyError, TypeError):
        raise CallError(
            f"{path} is not the JSON of a report. Name the .json that stands beside the other formats."
        ) from None
    return dict(told)


def differing(told: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return in words what differs between two reports that are not the same."""
    return [*_origins(told["origin"], now["origin"]), *_sections(told, now)] or ["the bytes, and no value"]


def _origins(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in ("inputs", "rows_read", "versions"):
        for key in sorted(before[name].keys() | now[name].keys()):
            was, is_now = before[name].get(key), now[name].get(key)
            if was != is_now:
                yield f"{name}, {key}: {_short(was)} then, {_short(is_now)} now"
    for name in sorted(set(before) - {"inputs", "rows_read", "versions", "status", "stamps"}):
        if before[name] != now.get(name):
            yield f"{name}: {_short(before[name])} then, {_short(now.get(name))} now"


def _sections(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    were, are = ({s["id"]: s for s in told["sections"]} for told in (before, now))
    for name in sorted(were.keys() | are.keys()):
        if were.get(name) != are.get(name):
            yield f'section "{name}": {"gone" if name not in are else "new" if name not in were else "other content"}'


def _short(value: Any) -> str:
    text = "not there" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:12]}…"
