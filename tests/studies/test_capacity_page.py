"""Is docs/how-to/plan-capacity.md still true? It is carried out as it is written."""

from __future__ import annotations

import doctest

import pytest

from tests.test_how_to import DOCS, files_in
from workbench.studies.capacity.plan_file import read_plan

PAGE = DOCS / "how-to" / "plan-capacity.md"


def test_the_page_can_be_carried_out(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """Its file is a plan, and its Python gives what the page shows."""
    for name, text in files_in(PAGE).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    examples = doctest.DocTestParser().get_doctest(
        PAGE.read_text(encoding="utf-8"), {}, PAGE.name, str(PAGE), 0
    )

    assert examples.examples
    assert 0 == doctest.DocTestRunner().run(examples).failed


def test_the_plan_that_comes_along_can_be_read() -> None:
    inputs = read_plan("growing_shop")

    assert 52 == inputs.weeks
    assert "medium" == inputs.scenario.name
