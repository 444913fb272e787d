"""A section is plain values: nothing of a client's text can become markup, and nothing is lost on the way."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import WorkbenchError
from workbench.reports.html import section_html
from workbench.reports.section import (
    INTERNAL,
    SECTION_MIME,
    Bullets,
    Callout,
    Card,
    Cards,
    Column,
    DataTable,
    Detail,
    Facts,
    Figure,
    Heading,
    Prose,
    Section,
    link,
    refuse_leak,
    strong,
)

HOSTILE = '<script>alert(1)</script>"&\' #import =HYPERLINK("x") \u202e 🎉'


def everything(text: str) -> Section:
    """Return a section that says `text` wherever text can stand."""
    column = Column(name="a", label=text)
    return Section(
        id="all", title=text,
        blocks=(
            Heading(text=text, anchor=text), Prose.of(text, strong(text), link(text, text)),
            Bullets.of([text]), Facts.of([(text or "x", text or "y")]),
            Cards(cards=(Card(label=text, text=text, note=text),)),
            DataTable(name=text, caption=text, columns=(column,), rows=((text,),), note=text),
            Figure(name=text, caption=text, alt=text or "alt", columns=(column,), rows=((text,),), svg="<svg ></svg>"),
            Callout(tone="note", title=text, label=text, anchor=text, blocks=(Prose.of(text),)),
            Detail(summary=text, blocks=(Prose.of(text),)),
        ),
    )  # fmt: skip


@given(st.text())
def test_section_comes_back_from_json_as_it_was(text: str) -> None:
    """What a notebook carries is the whole description."""
    section = everything(text)
    bundle = json.loads(json.dumps(section._repr_mimebundle_()))

    assert section == Section.model_validate(bundle[SECTION_MIME])


def test_client_text_is_never_markup() -> None:
    """Wherever a block shows text, it is escaped."""
    shown = section_html(everything(HOSTILE))

    assert "<script" not in shown
    assert 12 < shown.count("&lt;script&gt;")
    assert "onerror" not in shown.replace("&quot;", "")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None])
def test_what_is_not_a_number_is_unknown_not_zero(value: float | None) -> None:
    """A table says that a figure is unknown."""
    column = Column(name="a", label="A", type="number", unit="fraction")
    table = DataTable(name="t", caption="t", columns=(column,), rows=((value,),))

    assert ((None,),) == table.rows
    assert "unknown" in section_html(Section(id="s", title="s", blocks=(table,)))


def test_zero_stays_zero() -> None:
    """Zero is known."""
    column = Column(name="a", label="A", type="number", unit="fraction")
    table = DataTable(name="t", caption="t", columns=(column,), rows=((0.0,),))

    assert "0\u202f%" in section_html(Section(id="s", title="s", blocks=(table,)))


def test_reader_sees_only_what_is_meant_for_them() -> None:
    """Blocks for the account team alone vanish from the client's copy, inside callouts too."""
    secret = Prose.of("margin").model_copy(update={"audience": INTERNAL})
    section = Section(
        id="s", title="s",
        blocks=(secret, Callout(tone="note", title="c", blocks=(secret, Prose.of("open"))), Prose.of("plain")),
    )  # fmt: skip

    theirs = section.for_audience("client")

    assert theirs is not None
    assert "margin" not in theirs.model_dump_json()
    assert "margin" in section.model_dump_json()
    assert section.for_audience("internal") == section
    assert section.model_copy(update={"audience": INTERNAL}).for_audience("client") is None


def test_leak_is_refused_with_its_place() -> None:
    """An exporter does not write what slipped through."""
    secret = Prose.of("margin").model_copy(update={"audience": INTERNAL})
    section = Section(id="s", title="Findings", blocks=(Detail(summary="d", blocks=(secret,)),))

    with pytest.raises(WorkbenchError, match="a prose of Findings"):
        refuse_leak(section, "client")
    refuse_leak(section, "internal")
