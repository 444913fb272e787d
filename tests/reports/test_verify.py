"""A report can be made again from what it names, and what has changed since is said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from workbench.errors import CallError
from workbench.reports.bulk import Order, make
from workbench.reports.verify import differences
from workbench.resources import folder


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("verify")
    shutil.copytree(folder("example") / "quietbrook_travel", place / "quietbrook")
    return place / "quietbrook"


@pytest.fixture(scope="module")
def report(client: Path) -> Path:
    outcome = make(Order(clients=[str(client)], out=client.parent / "out"))
    assert {} == outcome.failed
    return client.parent / "out" / "quietbrook_travel" / "partnership_health_review.json"


def test_report_is_verified_and_then_told_from_what_changed(client: Path, report: Path) -> None:
    """Elsewhere on the disk it is the same report; with a file more it is not."""
    moved = client.parent / "moved"
    shutil.copytree(client, moved)
    assert [] == differences(report, moved)

    answers = moved / "answers.yaml"
    answers.write_text(answers.read_text(encoding="utf-8") + "\n# one more line\n", encoding="utf-8")
    found = differences(report, moved)
    assert any(line.startswith("inputs, answers.yaml: ") for line in found)


def test_something_else_is_refused_in_words(client: Path, tmp_path: Path) -> None:
    """Any other JSON, or none."""
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"kind": "else"}), encoding="utf-8")
    for path in (other, tmp_path / "nothing.json"):
        with pytest.raises(CallError, match="not the JSON of a report"):
            differences(path, client)
