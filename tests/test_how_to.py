"""Do the how-to pages still work? Each is carried out as it is written."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.casefile import KINDS, cases_in, differences, result
from workbench import coverage
from workbench.cli import app
from workbench.diagnostics.diagnostic import CHECKS, Diagnostic

DOCS = Path(__file__).resolve().parents[1] / "docs"


def files_in(page: Path) -> dict[str, str]:
    """The files that a page tells its reader to write, by path."""
    blocks = re.findall(
        r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", page.read_text(encoding="utf-8"), re.S | re.M
    )
    return dict(blocks)


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Diagnostic, Path]:
    """The diagnostic of the page and the file of its cases, as if both had been added."""
    written = files_in(DOCS / "how-to" / "add-a-diagnostic.md")
    assert ["tests/cases/BOM-6.yaml", "workbench/diagnostics/checks/bom_6.py"] == sorted(written)
    for name, text in written.items():
        (tmp_path / Path(name).name).write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("how_to_bom_6", tmp_path / "bom_6.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "how_to_bom_6", module)
    spec.loader.exec_module(module)
    declared: Diagnostic = module.time_off_decided.__diagnostic__
    monkeypatch.setitem(CHECKS.by_name, declared.code, declared)
    return declared, tmp_path / "BOM-6.yaml"


def test_the_diagnostic_of_the_page_passes_the_cases_of_the_page(added: tuple[Diagnostic, Path]) -> None:
    """All kinds of case are there, and each says what the page says."""
    cases = cases_in(added[1])

    assert set(KINDS) == {case.kind for case in cases}
    assert [] == [line for case in cases for line in differences(case, result(case))]


def test_the_diagnostic_of_the_page_counts_as_serving_its_item(added: tuple[Diagnostic, Path]) -> None:
    """Nothing but its file is needed for the coverage list."""
    assert "diagnostic BOM-6" in map(str, coverage.served_by()["BOM-6"])


def test_the_page_shows_a_difference_as_the_suite_tells_it(added: tuple[Diagnostic, Path]) -> None:
    """The sentence quoted in step 4 is the one that a wrong number brings."""
    case = next(case for case in cases_in(added[1]) if case.kind == "unhealthy")
    measure = "requests for time off decided within 24 hours"
    wrong = {"evidence": {measure: {"value": 0.5}}}

    told = differences(type(case)(**{**vars(case), "expect": wrong}), result(case))

    assert [f"{measure}, value: expected 0.5 (within 0.0005), came 0.25"] == told


def test_the_commands_of_the_pages_exist() -> None:
    """Every `workbench` command in a console block of README and docs/ is one, with options it takes."""
    pages = [DOCS.parent / "README.md", *sorted(DOCS.rglob("*.md"))]
    runner = CliRunner()
    for page in pages:
        for block in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.S):
            for command, rest in re.findall(r"^\$ workbench ([a-z-]+)(.*)$", block, re.M):
                shown = runner.invoke(app, [command, "--help"])
                assert shown.exit_code == 0, f"{page.name}: workbench {command}"
                for option in re.findall(r"--[a-z-]+", rest):
                    assert option in shown.output, f"{page.name}: workbench {command} {option}"


def test_every_link_in_the_pages_leads_somewhere() -> None:
    """Relative links of README, ARCHITECTURE, CONTRIBUTING and docs/ point at files."""
    root = DOCS.parent
    for page in [*root.glob("*.md"), *DOCS.rglob("*.md"), *root.glob("tests/cases/*.md")]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_look_of_the_page_is_accepted_and_readable(tmp_path: Path) -> None:
    """Its report.yaml and its logo, as a client's folder holds them; the sentence on pale colours is the code's."""
    from workbench.reports.brand import remark
    from workbench.reports.own import read_own

    page = DOCS / "how-to" / "brand-a-report.md"
    for name, text in files_in(page).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    own = read_own(tmp_path)
    said = " ".join(page.read_text(encoding="utf-8").split())

    assert ("#7a1f5c", "Quarterly partnership review") == (own.brand.accent, own.brand.heading)
    assert ["report/logo.svg", "report/report.yaml"] == sorted(own.inputs)
    assert "provenance" == own.sections["partnership_health_review"][-1]
    assert () == own.remarks
    assert re.sub(r"shade #\w+", "shade …", remark("#ffe600")) in said
