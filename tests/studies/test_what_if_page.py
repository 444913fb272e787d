"""Does the how-to page on what-ifs do what it says?"""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workbench.cli import app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "ask-what-if.md"
TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```console\n(.*?)```", TEXT, re.S) for line in block.splitlines()]
QUOTED = [
    " ".join(text.replace("\n>", " ").split()) for text in re.findall(r"^> (.*?)\n\n", TEXT, re.S | re.M)
]


def test_the_page_says_what_python_answers() -> None:
    """Every line after >>> is run, and its answer compared."""
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")

    assert tried > 10
    assert failed == 0


def test_the_commands_of_the_page_do_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as it stands there, with the files of the page; what is quoted is what they say."""
    monkeypatch.chdir(tmp_path)
    for name, text in re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", TEXT, re.S | re.M):
        Path(name).write_text(text, encoding="utf-8")
    said = ""
    for line in COMMANDS:
        result = CliRunner().invoke(app, shlex.split(line.removeprefix("$ "))[1:], catch_exceptions=False)
        assert result.exit_code == 0, line
        said += " ".join(result.output.split()) + "\n"

    assert len(QUOTED) == 2
    for text in QUOTED:
        assert text in said
    assert {"volume.xlsx", "tornado.svg", "frontier.csv"} <= {p.name for p in tmp_path.iterdir()}
