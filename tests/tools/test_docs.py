"""Are the pages that the code prints current, and do they say everything?"""

from __future__ import annotations

import pytest

from tools.docs import pages
from workbench.diagnostics.diagnostic import CHECKS
from workbench.intake.spec import table_specs


@pytest.mark.parametrize("name", sorted(pages.PAGES))
def test_a_printed_page_says_what_the_code_says(name):
    """Whoever changes what a page describes runs `make docs`."""
    assert (pages.DOCS / name).read_text(encoding="utf-8") == pages.text_of(name)


def test_every_table_and_every_column_is_on_the_reference_page():
    """Nothing that a client may hand over is undocumented."""
    lines = pages.text_of("reference/tables.md").splitlines()

    for spec in table_specs().values():
        section = lines[lines.index(f"## {spec.name}") :]
        section = section[
            : next((n for n, line in enumerate(section[1:], 1) if line.startswith("## ")), None)
        ]
        named = [line.split("`")[1] for line in section if line.startswith("| `")]
        assert named == [column.name for column in spec.columns]


def test_every_diagnostic_is_on_the_reference_page_with_all_that_it_declares():
    """What it is, why, healthy, unhealthy, remedy, needs, source; settings where it has some."""
    text = pages.text_of("reference/diagnostics.md")
    for declared in CHECKS:
        section = text.split(f"\n### {declared.code}\n")[1].split("\n### ")[0]

        for word in ("Why", "Healthy", "Unhealthy", "Remedy", "Needs", "Source", "Weight in its area"):
            assert f"\n- {word}: " in section, (declared.code, word)
        assert all(f"[{name}](tables.md#{name})" in section for name in declared.needs)
        assert all(f"`{name}`" in section for name in declared.settings)


def test_a_changed_page_is_found_and_written_again(tmp_path, monkeypatch):
    """A page that is missing and one that says something else are both out of date."""
    monkeypatch.setattr(pages, "DOCS", tmp_path)
    assert pages.outdated() == sorted(pages.PAGES, key=list(pages.PAGES).index)
    pages.write()
    (tmp_path / "reference/tables.md").write_text("old")

    assert pages.write() == ["reference/tables.md"]
    assert pages.outdated() == []
