"""A client may be called anything: it gets a proper report in its own directory, in all five formats."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from pptx import Presentation

from workbench.reports.bulk import Order, make
from workbench.reports.words import shortened

NAMES = {
    "way out": "../../x",
    "formula": '=HYPERLINK("http://x","y")',
    "script": "<script>alert(1)</script>",
    "import": '#import "x": *',
    "long": "Ω" + "y" * 9_999,
    "right to left": "شركة الاتصالات",
    "emoji": "🎉 Fête ☎️",
    "nul": "Har\0bour",
    "lines": "Har\nbour\r\n\tbay",
    "reserved": "CON",
    "device": "aux.txt",
    "direction": "\u202eabc\u202c",
    "at": "@SUM(1)",
    "markup": "**bold** $x$ `y` _z_ %s {0} \\u0041",
}
OPENING = """\
from pathlib import Path
from workbench.intake.client_file import read_client_file
from workbench.reports.notebook import client_card
from workbench.reports.report import Days, Origin, versions
from workbench.reports.section import Callout, Column, DataTable, Prose, Section, strong
import sys, warnings
told = read_client_file(Path(client) / "client.yaml")
name = told.name
print("a line for the log", file=sys.stderr)
warnings.warn("beware of " + client)
Origin(template="toy", client=client_card(told), period=Days(start="2024-06-03", end="2024-06-30", text="June"),
       audience="client", seed=seed, parameters={}, source="toy", inputs={}, rows_read={}, versions=versions())
"""
SECTION = """\
Section(id="only", title="Only", blocks=(
    Prose.of(name, strong(name)), Callout(tone="note", title=name, label=name, blocks=(Prose.of(name),)),
    DataTable(name=name, caption=name, columns=(Column(name="a", label=name),), rows=((name,),), note=name)))
"""


class Page(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The directory of each client's report, all made in one run."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    place = tmp_path_factory.mktemp("odd")
    cells = [
        new_code_cell('client = "x"\nseed = 1', id="p", metadata={"tags": ["parameters"]}),
        new_code_cell(OPENING, id="a"),
        new_code_cell(SECTION, id="b"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), place / "toy.ipynb")
    clients = []
    for key, name in NAMES.items():
        folder = place / "clients" / key.replace(" ", "-")
        folder.mkdir(parents=True)
        said = json.dumps(name, ensure_ascii=False)  # YAML reads it too
        (folder / "client.yaml").write_text(f"format: 1\nid: {said}\nname: {said}\n", encoding="utf-8")
        clients.append(str(folder))
    out = place / "out"
    order = Order(clients, out, str(place / "toy.ipynb"), ("html", "pdf", "pptx", "xlsx", "json"), jobs=2)
    outcome = make(order)
    assert {} == outcome.failed
    assert {"clients", "out", "toy.ipynb"} == {p.name for p in place.iterdir()}
    found = {label: paths[0].parent for label, paths in outcome.made.items()}
    assert len(NAMES) == len(set(found.values()))
    assert {out} == {directory.parent for directory in found.values()}
    return {key: found[key.replace(" ", "-")] for key in NAMES}


def opened_html(written: bytes) -> str:
    page = Page(written.decode("utf-8"))
    assert 1 == page.tags.count("script")  # our own
    assert not {"iframe", "object", "img", "link"} & set(page.tags)
    return page.text


def opened_pdf(written: bytes) -> str:
    assert written.startswith(b"%PDF-1.7")
    assert written.rstrip().endswith(b"%%EOF")
    if shutil.which("pdftotext") is None:
        return ""
    told = subprocess.run(["pdftotext", "-", "-"], input=written, capture_output=True, check=True)
    return told.stdout.decode("utf-8", "replace")


def opened_pptx(written: bytes) -> str:
    slides = Presentation(io.BytesIO(written)).slides
    shapes = [shape for slide in slides for shape in slide.shapes]
    cells = [c.text for s in shapes if s.has_table for row in s.table.rows for c in row.cells]
    return " ".join([*(s.text_frame.text for s in shapes if s.has_text_frame), *cells])


def opened_xlsx(written: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(written))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert not [cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target]
    return " ".join(str(cell.value) for cell in cells)


def opened_json(written: bytes) -> str:
    told = json.loads(written)
    return str(told["origin"]["client"]["name"])


FORMATS = {
    "html": opened_html,
    "pdf": opened_pdf,
    "pptx": opened_pptx,
    "xlsx": opened_xlsx,
    "json": opened_json,
}


@pytest.mark.parametrize("key", NAMES)
def test_report_opens_in_every_format_and_says_the_name(reports: dict[str, Path], key: str) -> None:
    """As text and nothing else; the directory is one plain name."""
    directory = reports[key]

    assert re.fullmatch(r"[a-z0-9_-]{1,60}", directory.name)
    assert {f"toy.{name}" for name in FORMATS} == {path.name for path in directory.iterdir()}
    word = max(re.findall(r"[a-zA-Z]{1,30}", NAMES[key]) or [""], key=len)
    for name, opened in FORMATS.items():
        text = opened((directory / f"toy.{name}").read_bytes())
        assert text if name != "pdf" or shutil.which("pdftotext") else not text
        assert word[:12] in text.replace("\u200b", "") or not text, name
        if name == "json":
            assert NAMES[key] == text
        if name == "html" and key != "nul":
            assert shortened(NAMES[key], 90) in text


def test_nothing_of_the_machine_is_in_any_report(reports: dict[str, Path]) -> None:
    """No path, no variable of the environment, no warning, nothing of stderr."""
    secrets = [str(reports["nul"].parents[1]), str(Path.home()) + "/", os.environ.get("PATH", "unset"), "beware of",
               "a line for the log", "UserWarning", "site-packages"]  # fmt: skip
    for key, directory in reports.items():
        for name, opened in FORMATS.items():
            written = (directory / f"toy.{name}").read_bytes()
            text = written.decode("utf-8", "replace") if name in ("html", "json") else opened(written)
            for secret in secrets:
                assert secret not in text, (key, name, secret)


def test_what_no_font_covers_is_counted_on_the_last_page(reports: dict[str, Path]) -> None:
    """NUL has no glyph; its place is shown."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    text = opened_pdf((reports["nul"] / "toy.pdf").read_bytes())

    assert re.search(r"▢ stands in this report for \d+ characters? that no font here covers", text)
    assert "▢ stands" not in opened_pdf((reports["right to left"] / "toy.pdf").read_bytes())
