"""Does the how-to page on simulating do what it says?"""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workbench.cli import app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "simulate-and-compare.md"


def test_the_page_says_what_python_answers() -> None:
    """Every line after >>> is run, and its answer compared."""
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")

    assert tried > 15
    assert failed == 0


@pytest.mark.parametrize(
    "line", re.search(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1].splitlines()
)
def test_the_commands_of_the_page_work(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as it stands there."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, shlex.split(line)[1:], catch_exceptions=False)

    assert result.exit_code == 0
    assert "service_level" in result.stdout
