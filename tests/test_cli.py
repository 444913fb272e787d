"""How does the command line answer a mistake? With a sentence and an exit code, never a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbench import cli, coverage, errors
from workbench.errors import Busy, DataError, RunFailed, UnknownName

README = Path(__file__).resolve().parents[1] / "README.md"


def call(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the command line as the console script does and return its exit code."""
    monkeypatch.setattr("sys.argv", ["workbench", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    "words", [["no-such-command"], ["method", "--no-such-option"], ["method", "--section"], []]
)
def test_a_wrong_call_is_answered_with_the_usage_and_2(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever mistypes a command is told how it is called."""
    code = call(monkeypatch, *words)

    said = capsys.readouterr()
    assert errors.WRONG_CALL == code
    assert re.search(r"^(Usage: workbench|Error: )", said.out + said.err)
    assert "Traceback" not in said.err


def test_an_unknown_name_is_answered_with_the_nearest_and_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, to the error stream."""
    code = call(monkeypatch, "method", "--section", "VMFF")

    assert errors.WRONG_CALL == code
    assert 'workbench: There is no section of the method called "VMFF". Did you mean "VMF"?\n' == (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (DataError("nothing can be used"), errors.DATA_FAILED),
        (RunFailed("one client failed"), errors.DATA_FAILED),
        (UnknownName("template", "healt", ["health"]), errors.WRONG_CALL),
        (Busy("another run holds out/"), errors.BUSY),
        (KeyboardInterrupt(), errors.INTERRUPTED),
    ],
)
def test_each_error_ends_with_its_own_exit_code(
    error: BaseException,
    expected: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A script that calls the workbench can tell bad data from a bad call."""

    def fail(_section: str) -> None:
        raise error

    monkeypatch.setattr(coverage, "chosen", fail)

    assert expected == call(monkeypatch, "method")
    assert isinstance(error, KeyboardInterrupt) or f"workbench: {error}\n" == capsys.readouterr().err


def test_a_mistake_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the user's mistakes are turned into sentences."""

    def fail(_section: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(coverage, "chosen", fail)
    monkeypatch.setattr("sys.argv", ["workbench", "method"])

    with pytest.raises(ZeroDivisionError):
        cli.main()


def test_the_readme_lists_every_exit_code() -> None:
    """One table, in the words of errors.py."""
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", README.read_text(encoding="utf-8"), re.M)

    assert {str(code): meaning for code, meaning in errors.EXIT_CODES.items()} == dict(rows)
