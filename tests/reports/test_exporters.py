"""One description becomes files: offline, escaped, the same bytes for the same inputs."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from pptx import Presentation

from tests.reports.made import MADE, dataset_of, executed, finished, review
from workbench.errors import DataError, UnknownName
from workbench.intake.client import Client
from workbench.reports.declare import EXPORTERS, Finished
from workbench.reports.exporters.html import WorkbenchHtml
from workbench.reports.exporters.json import schema
from workbench.reports.report import Report, template_hash
from workbench.reports.typeset import Words

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


def test_pdf_is_tagged_titled_and_says_what_no_font_covers() -> None:
    """PDF/UA-1 with its language; a character outside every font is visible and counted."""
    name = "Harbour 보험 保险 شركة 🎉 \x07\U0010fffd"
    reviewed = review(dataset_of(Client(id="a", name=name)))
    written = EXPORTERS.get("pdf").write(finished(reviewed))

    assert written.startswith(b"%PDF-1.7")
    for mark in (b"/StructTreeRoot", b"/Lang", b"/Outlines", b"<pdfuaid:part>1</pdfuaid:part>"):
        assert mark in written
    words = Words()
    assert "Harbour 보험 保险 شركة 🎉 ▢▢" == words.text(name)
    assert 2 == words.substituted


def test_workbook_holds_every_row_and_no_formula() -> None:
    """A client called =HYPERLINK(...) is text; numbers are numbers."""
    reviewed = review(dataset_of(Client(id="a", name='=HYPERLINK("http://x","y")')))
    book = openpyxl.load_workbook(io.BytesIO(EXPORTERS.get("xlsx").write(finished(reviewed))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert '=HYPERLINK("http://x","y")' in [cell.value for cell in cells]
    matrix = next(book[name] for name in book.sheetnames if name.endswith("service level 1"))
    assert [0.6, 0.75] == [round(row[2].value, 4) for row in list(matrix.iter_rows(min_row=4, max_row=5))]
    contents = [cell.value for cell in book["Contents"]["A"]]
    assert set(book.sheetnames) - {"Contents"} <= set(contents)


def test_slides_hold_native_charts_and_tables_that_speak() -> None:
    """They can be edited, and a screen reader hears what they show."""
    deck = Presentation(io.BytesIO(EXPORTERS.get("pptx").write(finished())))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]

    assert [shape for shape in shapes if shape.has_chart]
    assert [shape for shape in shapes if shape.has_table]
    for shape in shapes:
        if shape.has_chart or shape.has_table:
            assert shape._element._nvXxPr.cNvPr.get("descr")
    chart = next(shape.chart for shape in shapes if shape.has_chart)
    assert "Partnership health" in list(chart.plots[0].categories)
    said = " ".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    assert "6 of 12 planned meetings were held" in said


@pytest.mark.parametrize("name", EXPORTERS.names())
def test_clients_copy_holds_no_margin_in_any_format(name: str) -> None:
    """What LENS-2 says is for the account team; the same words do stand in their own copy."""
    secret = "credits cost 2 % of the fee"
    texts = {}
    for audience in ("client", "internal"):
        texts[audience] = readable(name, EXPORTERS.get(name).write(finished(review(audience=audience))))

    assert secret not in texts["client"]
    if name not in ("xlsx",):  # the workbook holds tables, and margin is prose
        assert secret in texts["internal"]


def readable(name: str, written: bytes) -> str:
    """Return the text of a file of any format."""
    if name == "pptx":
        slides = Presentation(io.BytesIO(written)).slides
        return " ".join(s.text_frame.text for slide in slides for s in slide.shapes if s.has_text_frame)
    if name == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(written))
        return " ".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row)
    if name == "pdf":
        return pdf_text(written)
    return written.decode()


def pdf_text(written: bytes) -> str:
    """Return what was told to Typst for this PDF: its text is compressed glyphs."""
    return json.dumps(TOLD[-1], ensure_ascii=False) if written else ""


TOLD: list[object] = []


@pytest.fixture(autouse=True)
def _overheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the PDF exporter tells to Typst."""
    from workbench.reports.exporters import pdf

    real = pdf.compiled
    monkeypatch.setattr(pdf, "compiled", lambda told: (TOLD.append(told), real(told))[1])


@pytest.mark.parametrize("name", ["html", "pdf", "pptx", "xlsx", "json"])
def test_jupyter_finds_every_format_by_its_name(name: str, tmp_path: Path) -> None:
    """`jupyter nbconvert --to workbench-pdf` writes what `workbench report` does."""
    exporter = get_exporter(f"workbench-{name}")()
    content, resources = exporter.from_notebook_node(executed(review()))

    assert f".{name}" == resources["output_extension"]
    assert len(content) > 1000
