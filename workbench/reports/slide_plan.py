"""What does each slide of a report say? The message of each section first, what bears it out in an appendix.

A report is read, a deck is presented: each section has a slide with its message, its headline numbers and its
picture or first table, further tables stand behind a divider, and what only somebody who checks needs stays in the
report. What stands on a slide together is decided by the room that it takes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pptx.util import Cm

from workbench.reports.printed import cell_text, printed
from workbench.reports.section import (
    AnyBlock,
    Bullets,
    Callout,
    Cards,
    Column,
    DataTable,
    Facts,
    Figure,
    Heading,
    Prose,
    Run,
    Section,
    Tone,
)
from workbench.reports.slide_messages import first_sentence, message
from workbench.reports.slide_room import (
    ABOVE,
    BOTTOM,
    card_grid,
    paragraph_height,
    title_place,
    words_height,
)
from workbench.reports.slide_table import grid_of
from workbench.reports.words import shortened
from workbench.wording import listing

Paragraph = tuple[Run, ...]

IN_THE_REPORT_ALONE = frozenset({"title", "scores", "provenance", "data problems"})
"""Sections that are read and checked, not presented."""

BEHIND = frozenset(
    {
        "named owners", "activity", "data quality", "quality measured", "amounts", "not assessed", "doubts",
        "staffing fit", "vendor office", "cost of noticing late", "judgements",
    }
)  # fmt: skip
"""Sections that bear others out."""

FINDINGS, MOST_CARDS = 3, 8
"""How many findings have a slide of their own, and how many headline numbers one slide holds."""

SPOKEN, LONGEST = 330, 800
"""A paragraph longer than so many letters ends with the last whole sentence before them; none is longer than these."""

JOINED = " · "
"""Between the sections of which one slide of the appendix shows something."""

FEWEST_BELOW = 3
"""So many rows are enough below words that lead to them."""

PICTURE, FEWEST_ROWS, GAP = Cm(8.5), 6, Cm(0.3)
"""The least height of a figure; so many rows of a table must have room, or it has a slide of its own; between parts."""

LABELLED = Cm(1.6)
"""The room that the label of a finding takes, with what is around it."""

TITLE, TITLE_SAID, OVER = 240, 110, 100
"""No title is longer, whatever a client or a finding is called; a sentence or caption that long still heads a slide;
what stands over a title."""


@dataclass(frozen=True)
class Words:
    """Paragraphs, in reading order."""

    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Table:
    """A table, and whether its caption stands above it, for the title does not say it."""

    table: DataTable
    captioned: bool = True


Part = Words | Cards | Table | Figure


@dataclass(frozen=True)
class Slide:
    """One slide: its title, what it belongs to (`over` the title), and what it shows from top to bottom."""

    title: str
    over: str = ""
    parts: tuple[Part, ...] = ()
    label: str = ""
    tone: Tone = "note"
    notes: tuple[Paragraph, ...] = ()
    """What is said of it and has no room: the speaker's notes."""

    @property
    def top(self) -> int:
        """Where what it shows begins."""
        return title_place(self.title).below


@dataclass(frozen=True)
class _Unit:
    """A heading, the words under it, and the one thing they lead to."""

    heading: str = ""
    words: tuple[Paragraph, ...] = ()
    body: Cards | DataTable | Figure | None = None


def slides_of(sections: Iterable[Section]) -> tuple[list[Slide], list[Slide]]:
    """Return the slides to present and those of the appendix."""
    front: list[Slide] = []
    back: list[Slide] = []
    for section in sections:
        if section.id in IN_THE_REPORT_ALONE:
            continue
        if section.id == "findings":
            own, others = _findings(section)
            front += own
            back += others
            continue
        units = _units(_grouped(section.blocks))
        if all(unit.body is None for unit in units) and sum(len(unit.words) for unit in units) <= 1:
            continue  # one line has no slide
        if section.id in BEHIND:
            back += _packed(section.title, units, "", speaks=False)
            continue
        shown, borne_out = _split(units)
        front += _packed(section.title, shown, message(section))
        back += _packed(section.title, borne_out, "", speaks=False)
    return front, _joined(back)


def _joined(slides: Sequence[Slide]) -> list[Slide]:
    """Return slides of the appendix, what is small below what stands before it, under its own heading."""
    joined: list[Slide] = []
    for slide in slides:
        before = joined[-1] if joined else None
        heading = Words(((Run(text=slide.title, style="strong"),),))
        parts = (*before.parts, heading, *slide.parts) if before else ()
        pictured = any(isinstance(part, Figure) for part in parts)
        tabled = any(isinstance(part, Table) for part in slide.parts)
        if (
            before
            and tabled
            and not pictured
            and before.top + sum(height(part) + GAP for part in parts) <= BOTTOM
        ):
            over = JOINED.join(dict.fromkeys(filter(None, (*before.over.split(JOINED), slide.over))))
            joined[-1] = replace(before, over=over, parts=parts, notes=(*before.notes, *slide.notes))
        else:
            joined.append(slide)
    return joined


def _split(units: Sequence[_Unit]) -> tuple[list[_Unit], list[_Unit]]:
    """Return what is presented and what bears it out: tables behind a figure or another table."""
    shown: list[_Unit] = []
    behind: list[_Unit] = []
    seen = False
    for unit in units:
        table = isinstance(unit.body, DataTable)
        (behind if table and seen else shown).append(unit)
        seen = not isinstance(unit.body, Cards) and (seen or unit.body is not None or bool(unit.heading))
    return shown, behind


def _packed(section: str, units: Sequence[_Unit], said: str, speaks: bool = True) -> list[Slide]:
    """Return the slides of a section: as much on each as has room, the first with the section's message as title.

    speaks : other slides may have a sentence as title too; in the appendix they are called after what they show.
    """
    slides: list[Slide] = []
    numbers = None  # the slide of headline numbers, if words may still stand below them
    for unit in (replace(unit, words=_without(said, unit.words)) for unit in units):
        if numbers is not None and unit.body is None:
            added = _onto(slides[numbers], unit)
            if added is not None:
                slides[numbers] = added
                continue
        added = _onto(slides[-1], unit) if slides else None
        if added is not None:
            slides[-1] = added
        elif slides and unit.body is None and not unit.heading:
            slides[-1] = _remarked(slides[-1], unit.words)
        else:
            slides += _begun(section, unit, said if not slides else "", speaks)
        if isinstance(unit.body, Cards):
            numbers = len(slides) - 1
    return slides


def _onto(slide: Slide, unit: _Unit) -> Slide | None:
    """Return the slide with a unit below what it shows; None if there is no room."""
    paragraphs = _under_heading(unit)
    if slide.parts and isinstance(
        slide.parts[-1], Figure
    ):  # it takes all that is left; words still go in front
        if unit.body is not None or unit.heading:
            return None
        parts = (*slide.parts[:-1], Words(paragraphs), slide.parts[-1])
        fits = slide.top + sum(height(part) + GAP for part in parts) <= BOTTOM
        return replace(slide, parts=parts) if fits else None
    room = BOTTOM - slide.top - sum(height(part) + GAP for part in slide.parts)
    parts = (*((Words(paragraphs),) if paragraphs else ()), *_bodies(unit, True))
    if sum(least(part) + GAP for part in parts) > room:
        return None
    return replace(slide, parts=(*slide.parts, *parts))


def _remarked(slide: Slide, words: Sequence[Paragraph]) -> Slide:
    """Return the slide with as many paragraphs below headline numbers as have room, the others in its notes."""
    room = BOTTOM - slide.top - sum(height(part) + GAP for part in slide.parts) - 2 * ABOVE
    page: list[Paragraph] = []
    if isinstance(slide.parts[-1], Cards):
        page = _page_of(words, room)
        if words_height(page) - 2 * ABOVE > room:
            page = []
    parts = (*slide.parts, Words(tuple(page))) if page else slide.parts
    return replace(slide, parts=parts, notes=(*slide.notes, *words[len(page) :]))


def _begun(section: str, unit: _Unit, said: str, speaks: bool) -> Iterator[Slide]:
    """Yield the slides that a unit begins: one, unless its words leave no room for what they lead to."""
    words = unit.words
    own, captioned = _name(unit)
    title = said or unit.heading
    if speaks and not title and words and unit.body is not None:
        opening = first_sentence(words[0])
        title = opening if len(opening) <= TITLE_SAID else ""
    if title or not own:
        title, captioned = title or section, True
    else:
        title = own
    slide = _titled(section, title)
    rest = _without(title, words)
    if unit.heading and title != unit.heading:
        rest = ((Run(text=unit.heading, style="strong"),), *rest)
    bodies = _bodies(unit, captioned)
    if words_height(rest) + sum(least(part, FEWEST_BELOW) + GAP for part in bodies) <= BOTTOM - slide.top:
        yield replace(slide, parts=(*((Words(rest),) if rest else ()), *bodies))
        return
    if title == own:
        slide = _titled(section, section)
    while rest:
        page = _page_of(rest, BOTTOM - slide.top - 2 * ABOVE)
        rest = rest[len(page) :]
        yield replace(slide, parts=(Words(tuple(page)),))
    if bodies:
        own, captioned = _name(unit)
        yield replace(_titled(section, own or title), parts=_bodies(unit, captioned))


def _titled(section: str, title: str) -> Slide:
    return Slide(shortened(title, TITLE), shortened(section, OVER) if title != section else "")


def _name(unit: _Unit) -> tuple[str, bool]:
    """Return what a unit is called after what it shows, and whether a table's caption says more than that."""
    match unit.body:
        case DataTable() as table:
            names = (table.caption, table.caption.partition(";")[0], table.caption.partition(":")[0])
            name = next((name for name in names if len(name) <= TITLE_SAID), names[-1])
            return name, name != table.caption
        case Figure() as figure:
            said = re.split(r"[;.:](?= |$)", figure.on_slide.caption or figure.caption)[0]
            return (said if len(said) <= TITLE_SAID else _upper(figure.name)), True
    return "", True


def _under_heading(unit: _Unit) -> tuple[Paragraph, ...]:
    heading = ((Run(text=unit.heading, style="strong"),),) if unit.heading else ()
    return (*heading, *unit.words)


def _bodies(unit: _Unit, captioned: bool) -> tuple[Part, ...]:
    match unit.body:
        case None:
            return ()
        case DataTable() as table:
            return (Table(table, captioned),)
        case body:
            return (body,)


def height(part: Part) -> int:
    """Return how high a part is, a table with all the rows that a slide can show."""
    match part:
        case Words():
            return words_height(part.paragraphs)
        case Cards():
            return card_grid(part.cards).total
        case Table():
            return grid_of(part.table, BOTTOM, part.captioned).height
        case Figure():
            bars = part.chart == "bar" and len(part.rows) <= FEWEST_ROWS
            return int(Cm(2) + Cm(1) * len(part.rows)) if bars else int(PICTURE)


def least(part: Part, rows: int = FEWEST_ROWS) -> int:
    """Return how high a part is at least: a table with its first rows."""
    if isinstance(part, Table):
        few = part.table.model_copy(update={"rows": part.table.rows[:rows]})
        return grid_of(few, BOTTOM, part.captioned).height
    return height(part)


def _page_of(words: Sequence[Paragraph], room: int) -> list[Paragraph]:
    """Return as many paragraphs as have room, at least one; a heading stays with what follows it."""
    page: list[Paragraph] = []
    used = 0
    for runs in words:
        used += paragraph_height(runs)
        if page and used > room:
            break
        page.append(runs)
    if 1 < len(page) < len(words) and all(run.style == "strong" for run in page[-1]):
        page.pop()
    return page


def _units(blocks: Iterable[AnyBlock]) -> list[_Unit]:
    """Return the blocks of a section as units; what stands right below a figure is about it, a list by itself."""
    units: list[_Unit] = []
    heading, words = "", list[Paragraph]()
    below_figure = complete = False
    for block in map(_presentable, blocks):
        match block:
            case Heading():
                if heading or words:
                    units.append(_Unit(heading, tuple(words)))
                heading, words = shortened(block.text, TITLE), []
            case Cards() | Figure() | DataTable():
                about = below_figure and words and not heading and not _text(words[-1]).endswith(":")
                if about or complete:
                    units.append(_Unit(heading, tuple(words)))
                    heading, words = "", []
                units.append(
                    _Unit(heading, tuple(words), _bounded(block) if isinstance(block, Cards) else block)
                )
                heading, words = "", []
            case _:
                words += paragraphs_of(block)
                complete = isinstance(block, Bullets)  # a list leads to nothing
                continue
        below_figure, complete = isinstance(block, Figure), False
    if heading or words:
        units.append(_Unit(heading, tuple(words)))
    return _said_once(units)


def _said_once(units: Sequence[_Unit]) -> list[_Unit]:
    """Return the units; of headings in a row under which the same words stand, one with all their names."""
    kept: list[_Unit] = []
    for (alike, words, body), group in itertools.groupby(units, lambda u: (bool(u.heading), u.words, u.body)):
        same = list(group)
        if alike and body is None and words and len(same) > 1:
            first, *others = (unit.heading for unit in same)
            kept.append(_Unit(listing([first, *(name[:1].lower() + name[1:] for name in others)]), words))
        else:
            kept += same
    return kept


def _bounded(cards: Cards) -> Cards:
    """Return as many headline numbers as a slide holds, their words as long as have room."""
    kept = [
        card.model_copy(
            update={
                "label": shortened(card.label, 70), "text": shortened(card.text, 40), "note": shortened(card.note, 170)
            }
        )
        for card in cards.cards[:MOST_CARDS]
    ]  # fmt: skip
    return cards.model_copy(update={"cards": tuple(kept)})


def _in_short(statement: str) -> str:
    """Return the first sentence of a finding without what stands in brackets, which its slide says below."""
    bare = re.sub(r" ?\([^()]*\)", "", first_sentence((Run(text=statement),)))
    return re.sub(r", \d{1,2} \w+( \d{4})? – .*$", "", bare.partition(";")[0])


def _presentable(block: AnyBlock) -> AnyBlock:
    """Return a table as a slide shows it: of a single row names and values, else what tells its rows apart."""
    if not isinstance(block, DataTable) or len(block.rows) != 1:
        return printed(block, alike=False)
    told = [(c.label, cell_text(v, c)) for c, v in zip(block.columns, block.rows[0], strict=True)]
    return block.model_copy(
        update={
            "columns": (Column(name="what", label=" "), Column(name="is", label=" ")),
            "rows": tuple((label, text) for label, text in told if text),
        }
    )


def _grouped(blocks: Sequence[AnyBlock]) -> list[AnyBlock]:
    """Return the blocks; headline numbers under three headings or more as one table, with what stands around them
    left to the report."""
    first = next((p for p, b in enumerate(blocks) if isinstance(b, Heading)), len(blocks))
    of_groups = [
        (head.text, block)
        for head, block in zip(blocks[first:], blocks[first + 1 :], strict=False)
        if isinstance(head, Heading) and isinstance(block, Cards)
    ]
    if len(of_groups) < 3:
        return list(blocks)
    labels = list(dict.fromkeys(card.label for _, cards in of_groups for card in cards.cards))
    rows = []
    for name, cards in of_groups:
        by_label = {card.label: card for card in cards.cards}
        cells = [by_label.get(label) for label in labels]
        rows.append((name, *(f"{card.text}; {card.note}" if card else "" for card in cells)))
    columns = (Column(name="of", label=" "), *(Column(name=label, label=label) for label in labels))
    table = DataTable(
        name="groups",
        caption="Pictures and tables of each are in the report",
        columns=columns,
        rows=tuple(rows),
    )
    return [*blocks[:first], table]


def _findings(section: Section) -> tuple[list[Slide], list[Slide]]:
    """Return the slides of the findings that matter most, and a table of the others."""
    found = [block for block in section.blocks if isinstance(block, Callout) and block.anchor]
    own = []
    for one in found[:FINDINGS]:
        title = _in_short(one.title)
        statement = () if title == one.title.rstrip(".") else ((Run(text=shortened(one.title, LONGEST)),),)
        paragraphs = (*statement, *(p for block in one.blocks for p in paragraphs_of(block)))
        slide = Slide(shortened(title, TITLE), section.title, label=one.label, tone=one.tone)
        page = _page_of(paragraphs, BOTTOM - slide.top - LABELLED)
        own.append(replace(slide, parts=(Words(tuple(page)),), notes=tuple(paragraphs[len(page) :])))
    if not found[FINDINGS:]:
        return own, []
    table = DataTable(
        name="findings", caption="Further findings",
        columns=(Column(name="which", label="Which"), Column(name="found", label="What was found")),
        rows=tuple((one.label, one.title) for one in found[FINDINGS:]),
    )  # fmt: skip
    return own, [Slide(table.caption, section.title, (Table(table, captioned=False),))]


def paragraphs_of(block: AnyBlock) -> Iterator[Paragraph]:
    """Yield the paragraphs of a block as they are presented: no links, no explanations."""
    match block:
        case Prose():
            yield _cut(_spoken(block.runs))
        case Bullets():
            for place, item in enumerate(block.items, start=1):
                yield _cut((Run(text=f"{place}. " if block.numbered else "• "), *_unlinked(item)))
        case Facts():
            for fact in block.facts:
                yield _cut((Run(text=f"{fact.label}: ", style="quiet"), *fact.runs))
        case Callout():
            yield _cut((Run(text=block.title, style="strong"),))
            for inner in block.blocks:
                yield from paragraphs_of(inner)


def _spoken(runs: Sequence[Run]) -> Paragraph:
    """Return a paragraph with its first sentences, as many as can be read from afar."""
    kept = _unlinked(runs)
    text = _text(kept)
    if len(text) <= SPOKEN:
        return kept
    ends = [found.end() for found in re.finditer(r"(?<=[a-z\d)%])\.(?= [A-Z])", text)]
    return _from_to(kept, 0, max((e for e in ends if e <= SPOKEN), default=min(ends, default=len(text))))


def _cut(runs: Sequence[Run]) -> Paragraph:
    """Return a paragraph that no slide is too small for."""
    kept = tuple(runs)
    return kept if len(_text(kept)) <= LONGEST else (*_from_to(kept, 0, LONGEST), Run(text="…"))


def _text(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs)


def _unlinked(runs: Sequence[Run]) -> Paragraph:
    """Return the runs without those that only lead elsewhere; what a link says of the sentence itself stays."""
    kept: list[Run] = []
    for run in runs:
        before = _text(kept).rstrip()
        if run.ref and before.endswith(".") and not re.match(r"[A-Z]+\d*-", run.text):
            break  # a sentence of its own: "All prices."
        text = run.text.removesuffix(": evidence") if run.ref else run.text
        kept.append(Run(text=text, style="quiet" if run.ref and before.endswith(".") else run.style))
    return tuple(kept)


def _without(title: str, words: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Return the paragraphs without the sentence that stands in the title."""
    left: list[Paragraph] = []
    for runs in words:
        text = _text(runs)
        begins = len(text) - len(text.removeprefix("• ").lstrip())
        if title and text[begins:].startswith(title):
            rest = text[begins + len(title) :].lstrip(".: ")
            if rest and begins:  # the rest of an item says nothing without its beginning
                left.append(runs)
            elif rest:
                left.append(_from_to(runs, len(text) - len(rest), len(text)))
            continue
        left.append(runs)
    return tuple(left)


def _from_to(runs: Sequence[Run], begins: int, ends: int) -> Paragraph:
    """Return the letters from `begins` up to `ends` of a paragraph, each in its style."""
    kept, at = [], 0
    for run in runs:
        part = run.text[max(begins - at, 0) : max(ends - at, 0)]
        if part:
            kept.append(run.model_copy(update={"text": part}))
        at += len(run.text)
    return tuple(kept)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
