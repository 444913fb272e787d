"""A client brings its colour, logo, words, order and template along, and nothing in the package is touched."""

from __future__ import annotations

import io
import json
import shutil
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell
from pptx import Presentation

from tests.reports.made import assessment_of, dataset_of, finished
from workbench.errors import DataError
from workbench.reports.brand import NIGHT, SHEET, contrast, readable
from workbench.reports.bulk import Order, plan
from workbench.reports.declare import EXPORTERS
from workbench.reports.logo import read_logo
from workbench.reports.notebook import Review, review_of
from workbench.reports.own import NOTHING, read_own
from workbench.reports.parameters import check
from workbench.resources import template

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10" fill="#a1b2c3"/></svg>'
SAYS = """\
format: 1
accent: "#c2185b"
logo: logo.svg
heading: Quarterly partnership review
footer: Confidential to Harbour & Northline
titles:
  headline: In one page
sections:
  partnership_health_review: [findings, headline]
"""


def png(width: int = 40, height: int = 20) -> bytes:
    """A PNG of one colour, made by hand."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + b"\x10\x20\x30" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def brings(folder: Path, says: str = SAYS, logo: str | bytes = LOGO, name: str = "logo.svg") -> Path:
    """A client's folder with a folder `report` in it."""
    (folder / "report").mkdir(parents=True)
    (folder / "report" / "report.yaml").write_text(says, encoding="utf-8")
    (folder / "report" / name).write_bytes(logo.encode() if isinstance(logo, str) else logo)
    return folder


def reviewed(client: Path) -> Review:
    asked = check("partnership_health_review", {"client": str(client)})
    return review_of(assessment_of(dataset_of()), asked, "partnership_health_review", read_own(client))


def test_contrast_is_that_of_the_standard() -> None:
    """#767676 is the palest grey that passes on white, by a hair; #777777 fails."""
    assert 21 == pytest.approx(contrast("#000000", "#ffffff"))
    assert 4.54 == round(contrast("#767676", "#ffffff"), 2)
    assert 4.48 == round(contrast("#777777", "#ffffff"), 2)


@given(st.integers(0, 0xFFFFFF), st.sampled_from([SHEET, NIGHT]))
def test_every_colour_gets_a_readable_shade(number: int, ground: str) -> None:
    """One that can be read already is kept."""
    colour = f"#{number:06x}"
    shade = readable(colour, ground)

    assert contrast(shade, ground) >= 4.5
    assert shade == colour or contrast(colour, ground) < 4.5


def test_client_without_the_folder_brings_nothing(tmp_path: Path) -> None:
    """Most clients."""
    assert NOTHING == read_own(tmp_path)


def test_all_mistakes_are_said_together(tmp_path: Path) -> None:
    """With what is accepted, and the nearest name."""
    says = SAYS.replace("headline:", "headlines:").replace("findings,", "findingz,")
    with pytest.raises(DataError) as refused:
        read_own(brings(tmp_path / "a", says, "<html/>"))
    for words in ('no section "headlines". Did you mean "headline"', 'no section "findingz". Did you mean "findings"',
                  "report/logo.svg: is XML, but no SVG"):  # fmt: skip
        assert words in str(refused.value)
    with pytest.raises(DataError) as refused:
        read_own(brings(tmp_path / "b", 'accent: red\nlogo: ../../etc/passwd\nlogos: x\nheading: "a\\nb"\n'))
    for words in ('"red" is not a colour', "is not the name of a file", 'Did you mean "logo"', "on one line"):
        assert words in str(refused.value)


@pytest.mark.parametrize(
    ("logo", "why"),
    [
        (b"GIF89a", "neither PNG nor SVG"),
        (png()[:-6], "damaged PNG"),
        (png()[:40] + b"x" + png()[41:], "damaged PNG"),
        (png(8, 8), "each side may have 16"),
        (png(400, 20), "neither side may be over"),
        (b" " * 400_000, "a logo may have 300,000"),
        (LOGO.replace("<rect", "<script/><rect"), "which is no drawing"),
        (LOGO.replace("<rect", "<foreignObject/><rect"), "which is no drawing"),
        (LOGO.replace("<rect", '<rect onload="x()"'), "which runs something"),
        (LOGO.replace("<rect", '<image href="http://x/y.png"/><rect'), "points to http://x"),
        (LOGO.replace("<rect", "<style>@import 'x'</style><rect"), "loads something"),
        (LOGO.replace("<rect", '<rect style="fill:url(http://x)"'), "loads something"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + LOGO, "declares entities"),
        (LOGO.replace("</svg>", ""), "is not whole"),
        (LOGO.replace(' viewBox="0 0 40 10"', ""), "says no size"),
    ],
)  # fmt: skip
def test_logo_that_is_none_is_refused_in_words(tmp_path: Path, logo: str | bytes, why: str) -> None:
    """Other people open what it goes into."""
    path = tmp_path / "logo.svg"
    path.write_bytes(logo.encode() if isinstance(logo, str) else logo)
    with pytest.raises(DataError, match=why):
        read_logo(path, "report/logo.svg")


def test_brand_is_in_every_format(tmp_path: Path) -> None:
    """Colour, logo, heading, footer, titles; JSON names the logo by its hash."""
    done = finished(reviewed(brings(tmp_path / "client")))
    page = EXPORTERS.get("html").write(done).decode()
    for words in ("Quarterly partnership review", "Confidential to Harbour &amp; Northline", "In one page",
                  "--accent:#c2185b",
                  'alt="Logo of Harbour Insurance"', "data:image/svg+xml;base64,"):  # fmt: skip
        assert words in page
    assert "Partnership health review" not in page

    told = json.loads(EXPORTERS.get("json").write(done))["origin"]
    assert ("Quarterly partnership review", 64) == (told["brand"]["heading"], len(told["brand"]["logo"]))
    assert {"report/report.yaml", "report/logo.svg"} <= set(told["inputs"])

    deck = Presentation(io.BytesIO(EXPORTERS.get("pptx").write(done)))
    cover = next(iter(deck.slides)).shapes
    assert ["Logo of Harbour Insurance"] == [
        s._element._nvXxPr.cNvPr.get("descr") for s in cover if s.shape_type == 13
    ]
    texts = [s.text_frame.text for slide in deck.slides for s in slide.shapes if s.has_text_frame]
    assert "Quarterly partnership review" in texts
    assert any("Confidential to Harbour & Northline" in text for text in texts)
    lines = [s.line.color.rgb for slide in deck.slides for s in slide.shapes if s.shape_type == 9]
    assert {"C2185B"} == {str(colour) for colour in lines}

    written = EXPORTERS.get("xlsx").write(done)
    front = openpyxl.load_workbook(io.BytesIO(written))["Contents"]
    assert "FFC2185B" == front["A1"].font.color.rgb
    assert "Confidential to Harbour & Northline" == front.oddFooter.center.text.replace(
        "&&", "&"
    )  # an ampersand is written twice there
    assert [n for n in zipfile.ZipFile(io.BytesIO(written)).namelist() if n.startswith("xl/media/")]

    pdf = EXPORTERS.get("pdf").write(done)
    assert pdf.startswith(b"%PDF")
    assert b"Logo of Harbour Insurance" in pdf
    assert pdf != EXPORTERS.get("pdf").write(finished())


def test_png_logo_is_in_every_format(tmp_path: Path) -> None:
    """Typst and slides take it out of its frame."""
    done = finished(reviewed(brings(tmp_path / "client", "logo: logo.png\n", png(), "logo.png")))
    for name in EXPORTERS.names():
        assert EXPORTERS.get(name).write(done)


def test_sections_come_in_the_clients_order_and_the_source_never_goes(tmp_path: Path) -> None:
    """What a report was computed from is its last section whoever orders them."""
    review = reviewed(brings(tmp_path / "client"))

    assert ["findings", "headline", "provenance"] == [section.id for section in review.sections()]


def test_pale_colour_is_darkened_and_the_run_says_so(tmp_path: Path) -> None:
    """Yellow cannot be read on white."""
    own = read_own(brings(tmp_path / "client", 'accent: "#ffe600"\n'))

    assert contrast(own.brand.on_paper, "#ffffff") >= 4.5
    assert "#ffe600" == own.brand.in_the_dark
    assert "accent #ffe600 is too pale for text (1.3 : 1 on white" in own.remarks[0]
    assert own.brand.on_paper in own.remarks[0]


def planned(*clients: Path, **settings: object) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """The text of each job's template, what was refused and what was noted, by the name of the client."""
    order = Order([str(c) for c in clients], Path("never"), **settings)  # type: ignore[arg-type]
    done = plan(order, datetime.now(UTC))
    return {job.label: job.notebook for job in done.jobs}, dict(done.refused), dict(done.notes)


def test_clients_own_template_takes_the_place_of_ours_for_it_alone(tmp_path: Path) -> None:
    """It is called after the one that it replaces, and the run says that somebody else's code is run."""
    plain, own = tmp_path / "plain", brings(tmp_path / "own", "format: 1\n")
    plain.mkdir()
    notebook = nbformat.read(template("partnership_health_review"), as_version=4)
    notebook.cells.append(new_markdown_cell("As agreed in our charter.", id="charter"))
    nbformat.write(notebook, own / "report" / "partnership_health_review.ipynb")
    jobs, refused, notes = planned(plain, own)

    assert {} == refused
    assert "charter" in jobs["own"]
    assert "charter" not in jobs["plain"]
    assert {"own": "made from its own template report/partnership_health_review.ipynb"} == notes


def test_mistake_in_one_clients_folder_is_its_own_failure(tmp_path: Path) -> None:
    """The others are made."""
    plain = tmp_path / "plain"
    plain.mkdir()
    coloured = brings(tmp_path / "coloured", "accent: blue\n")
    broken = brings(tmp_path / "broken", "format: 1\n")
    notebook = nbformat.read(template("partnership_health_review"), as_version=4)
    notebook.cells[-1].source = "def ("
    nbformat.write(notebook, broken / "report" / "partnership_health_review.ipynb")
    untagged = brings(tmp_path / "untagged", "format: 1\n")
    shutil.copy(template("partnership_health_review"), untagged / "report")
    notebook = nbformat.read(template("partnership_health_review"), as_version=4)
    for cell in notebook.cells:
        cell.metadata.pop("tags", None)
    nbformat.write(notebook, untagged / "report" / "partnership_health_review.ipynb")
    jobs, refused, _ = planned(plain, coloured, broken, untagged)

    assert {"plain"} == set(jobs)
    assert '"blue" is not a colour' in refused["coloured"]
    assert "this is not Python" in refused["broken"]
    assert 'no cell tagged "parameters"' in refused["untagged"]
