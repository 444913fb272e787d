"""One description becomes files: offline, escaped, the same bytes for the same inputs."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.reports.made import MADE, dataset_of, executed, finished, review
from workbench.errors import DataError, UnknownName
from workbench.intake.client import Client
from workbench.reports.declare import EXPORTERS, Finished
from workbench.reports.exporters.html import WorkbenchHtml
from workbench.reports.exporters.json import schema
from workbench.reports.report import Report, template_hash

HOSTILE = '<script>alert(1)</script> =HYPERLINK("http://x") #import "x" \u202eabc\u202c 🎉'


class Elements(HTMLParser):
    """Collects every element of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def page() -> str:
    return EXPORTERS.get("html").write(finished()).decode()


def test_page_loads_nothing_from_anywhere(page: str) -> None:
    """No element points outside, and the page forbids it too."""
    for tag, attributes in Elements(page).found:
        assert not {"src", "srcset", "action"} & set(attributes), tag
        assert (attributes.get("href") or "#").startswith("#"), tag
    assert "@import" not in page
    assert "url(" not in re.sub(r"url\(#[^)]*\)", "", page)
    assert "default-src 'none'" in page


def test_every_link_of_the_page_arrives(page: str) -> None:
    """Contents and findings lead to where they say; no id stands twice."""
    found = Elements(page).found
    ids = [a["id"] for _, a in found if "id" in a]
    targets = {str(a["href"])[1:] for tag, a in found if tag == "a"}

    assert len(ids) == len(set(ids))
    assert targets <= set(ids)
    assert "finding-1" in targets


def test_page_says_its_language_and_every_picture_speaks(page: str) -> None:
    """A screen reader knows how to read it."""
    found = Elements(page).found

    assert ("html", {"lang": "en"}) in found
    pictures = [a for tag, a in found if tag == "svg"]
    assert pictures
    assert all(a.get("role") == "img" and a.get("aria-label") for a in pictures)


def test_page_shows_no_code_and_stays_small(page: str) -> None:
    """A reader meets sections; the notebook keeps the code."""
    assert "health_review(" not in page
    assert "review" in page
    assert len(page.encode()) < 400_000


def test_time_of_making_is_in_the_footer_in_the_clients_zone_and_not_in_json() -> None:
    """08:30 UTC on 5 January is 09:30 in Berlin."""
    first, later = finished(made=MADE), finished(made=MADE + timedelta(days=1))
    html, json_ = EXPORTERS.get("html"), EXPORTERS.get("json")

    assert b"made 2026-01-05 09:30 CET" in html.write(first)
    assert html.write(first) != html.write(later)
    assert json_.write(first) == json_.write(later)


def test_json_follows_its_schema_and_names_no_path() -> None:
    """What is written is what is documented; the machine it was made on does not show."""
    written = EXPORTERS.get("json").write(finished())
    content = json.loads(written)

    jsonschema.Draft202012Validator(schema()).validate(content)
    assert ("workbench report", 1) == (content["kind"], content["format"])
    assert "somewhere" not in written.decode()
    assert str(Path.home()) not in written.decode()
    findings = next(s for s in content["sections"] if s["id"] == "findings")["data"]["findings"]
    assert ["HC-2", "EXP-6"] == [f["code"] for f in findings]


def test_documented_schema_is_the_one_in_the_code() -> None:
    """docs/report.schema.json is what `make docs` writes."""
    documented = Path(__file__).parents[2] / "docs" / "report.schema.json"

    assert schema() == json.loads(documented.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EXPORTERS.names())
def test_client_with_a_hostile_name_gets_a_report_in_every_format(name: str) -> None:
    """Text is data: markup, formula, direction marks, emoji, ten thousand characters."""
    for hostile in (HOSTILE, "x" * 10_000, "شركة الاتصال"):
        reviewed = review(dataset_of(Client(id=hostile, name=hostile)))
        written = EXPORTERS.get(name).write(finished(reviewed))

        assert written
        if name == "html":
            assert b"<script>alert" not in written


@pytest.mark.parametrize("name", EXPORTERS.names())
def test_exporters_say_what_they_are_for(name: str) -> None:
    """A format has a suffix and a line of documentation."""
    exporter = EXPORTERS.get(name)

    assert exporter.suffix.startswith(".")
    assert 10 < len(exporter.title)


def test_warnings_and_errors_of_a_cell_are_not_in_the_page() -> None:
    """What a library prints stays in the notebook."""
    notebook = executed(review())
    notebook.cells[0].outputs.append(
        {"output_type": "stream", "name": "stderr", "text": "/home/me: DeprecationWarning"}
    )
    page = EXPORTERS.get("html").write(Finished(Report.from_notebook(notebook), notebook, MADE))

    assert b"DeprecationWarning" not in page


def test_own_words_of_a_template_are_shown_and_hidden_cells_are_not() -> None:
    """A client's template may bring words; notes to whoever runs it are tagged "hide"."""
    notebook = executed(review())
    for words, tags in (("Our *own* words", []), ("How to run this", ["hide"])):
        notebook.cells.append(new_markdown_cell(words, metadata={"tags": tags}))
    page = EXPORTERS.get("html").write(Finished(Report.from_notebook(notebook), notebook, MADE)).decode()

    assert "Our <em>own</em> words" in page
    assert "How to run" not in page


def test_nbconvert_makes_the_same_page_from_the_notebook_alone() -> None:
    """`jupyter nbconvert --to workbench-html` needs nothing but the executed notebook."""
    body, _ = WorkbenchHtml().from_notebook_node(executed(review()))

    assert "Harbour Insurance" in body
    assert "finding-1" in body


def test_notebook_without_a_report_is_refused_in_words() -> None:
    """Somebody exports a notebook that was never executed."""
    with pytest.raises(DataError, match="Execute it first"):
        Report.from_notebook(new_notebook(cells=[new_code_cell("1", id="a")]))


def test_template_hash_is_the_same_before_and_after_execution() -> None:
    """Injected parameters and outputs are not the template."""
    before = new_notebook(cells=[new_code_cell("a = 1", id="a", metadata={"tags": ["parameters"]})])
    injected = new_code_cell("a = 2", id="b", metadata={"tags": ["injected-parameters"]})
    after = new_notebook(cells=[before.cells[0], injected])

    assert template_hash(before) == template_hash(after)
    assert template_hash(before) != template_hash(new_notebook(cells=[new_code_cell("a = 3", id="a")]))


def test_unknown_format_suggests_the_nearest() -> None:
    """htlm is html."""
    with pytest.raises(UnknownName, match='Did you mean "html"'):
        EXPORTERS.get("htlm")
