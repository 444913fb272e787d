"""Is docs/how-to/fit-and-check.md still true? Its commands are carried out on a small client."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.intake.sources.test_wfm_workbook import HEADS, written
from workbench.cli import app
from workbench.intake.spec import table_specs
from workbench.resources import folder
from workbench.sim.scenario import Scenario

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "fit-and-check.md"


def commands() -> list[list[str]]:
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    return [shlex.split(line)[1:] for block in blocks for line in block.strip().splitlines()]


def test_the_commands_of_the_page_exist() -> None:
    """Each names a command and options that there are, and clients that come along."""
    for words in commands():
        told = CliRunner().invoke(app, [words[0], "--help"]).output
        assert all(word in told for word in words if word.startswith("--"))
        if words[1].startswith("data/example/"):
            assert (folder("example") / Path(words[1]).name).is_dir()


def test_the_workbook_of_the_page_becomes_a_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three weeks of half-hours in Excel: a scenario in Excel that is read back."""
    from datetime import datetime, timedelta

    days = [datetime(2024, 6, 3) + timedelta(days=d) for d in range(21)]
    clocks = [f"{h:02d}:{m:02d}" for h in range(8, 18) for m in (0, 30)]
    rows = [[day, clock, 50, 46, 4, 25, 290, 9] for day in days for clock in clocks]
    written(tmp_path / "intervals.xlsx", [HEADS, *rows])
    monkeypatch.chdir(tmp_path)

    words = next(c for c in commands() if c[1] == "intervals.xlsx")
    result = CliRunner().invoke(app, words)

    assert 0 == result.exit_code, result.output
    assert "Not identifiable" in result.output
    assert 100.0 == Scenario.from_yaml(tmp_path / "scenario.xlsx").queues["all"].arrivals.per_hour[16]


def test_the_tables_of_the_page_exist() -> None:
    """Every table that the page names is one that the workbench reads."""
    text = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"`(\w+)`", text[text.index("| table |") : text.index("What nobody recorded")])

    assert set(named) <= set(table_specs())
