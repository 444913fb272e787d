"""Do the inputs still give this report?

The report is made once more from the client as it is now, with the parameters it names, and compared
to the last byte; only its status, which people give and no data, may differ. Where they differ, what it
was made from is compared first: that explains the rest. A portfolio is made once more from its reports.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.errors import CallError, DataError
from workbench.reports.bulk import CLIENT_FILE, Order, client_id, make
from workbench.reports.differing import differing
from workbench.reports.portfolio import NAME as PORTFOLIO
from workbench.reports.portfolio import made_again
from workbench.reports.status import content_hash
from workbench.reports.words import shortened
from workbench.reports.written import client_of, read_report, template_of


def source_of(report: Path) -> str:
    """Return what a report (its JSON) was made from: a client's path or URL, or the directory of a portfolio's reports.

    Raises
    ------
    CallError
        if that is not known, or no longer there.
    """
    template = read_report(report)["origin"]["template"]
    return str(report.parent) if template == PORTFOLIO else client_of(report, template)


def differences(report: Path, source: str | Path, template: str = "") -> list[str]:
    """Return what differs between a report's JSON and the one that `source` gives now; empty: nothing.

    template : the notebook that it was made from; empty: by its name, or as its run kept it.

    Raises
    ------
    CallError
        if `report` is not the JSON of a report, or is about another client.
    DataError
        if the client gives no report any more, with the reason.
    """
    told = read_report(report)
    if told["origin"]["template"] == PORTFOLIO:
        written = made_again(Path(source), told["origin"]["parameters"])
    else:
        if (Path(source) / CLIENT_FILE).is_file():
            _refuse_another(report, told, source, client_id(Path(source)))
        written = _client_again(told, str(source), template or template_of(report))
    if written == report.read_bytes():
        return []
    now = json.loads(written)
    if told["origin"]["inputs"] != now["origin"]["inputs"]:  # else it is the same, and its folder was renamed
        _refuse_another(report, told, source, now["origin"]["client"]["id"])
    if content_hash(told) == content_hash(now):
        return []  # only who put a name to it, and when, is different
    return differing(told, now)


def _client_again(told: Mapping[str, Any], client: str, template: str) -> bytes:
    origin = told["origin"]
    with tempfile.TemporaryDirectory() as place:
        outcome = make(
            Order(
                clients=[client], out=Path(place), template=template, formats=("json",),
                parameters=origin["parameters"],
            )
        )  # fmt: skip
        for reason in outcome.failed.values():
            raise DataError(f"{client} gives no report any more: {reason}")
        (written,) = (path for paths in outcome.made.values() for path in paths)
        return written.read_bytes()


def _refuse_another(report: Path, told: Mapping[str, Any], source: str | Path, id: str) -> None:
    """Raise if the report is about another client: its differences would be a list of everything."""
    about = told["origin"]["client"]
    if about["id"] != id:
        raise CallError(
            f"{report} is about {shortened(about['name'], 60)} ({shortened(about['id'], 60)}), and {source} is "
            f"{shortened(id, 60)}, another client. Name the one that it is about."
        )
