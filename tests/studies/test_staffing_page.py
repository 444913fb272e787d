"""Does the how-to page on staffing do what it says?"""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workbench.cli import app
from workbench.studies.staffing.shifts import read_templates

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "staff-a-floor.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_says_what_python_answers() -> None:
    """Every line after >>> is run, and its answer compared."""
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")

    assert tried > 15
    assert failed == 0


@pytest.mark.parametrize("line", re.search(r"```console\n(.*?)```", TEXT, re.S)[1].splitlines())
def test_the_commands_of_the_page_work(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as it stands there."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, shlex.split(line)[1:], catch_exceptions=False)

    assert result.exit_code == 0
    assert "Erlang A rounded up" in result.stdout
    assert ("remedy" in result.stdout) == ("--at-most" in line)


def test_the_file_of_shifts_on_the_page_is_read(tmp_path: Path) -> None:
    file = tmp_path / "shifts.yaml"
    file.write_text(re.search(r"```yaml\n(.*?)```", TEXT, re.S)[1])

    assert {"early", "late"} == set(read_templates(file))
