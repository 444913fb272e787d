"""How much room does a text take on a slide?

The font of a deck is the reader's own, so the widest of those in use decides: letters as in DejaVu Sans, lines
as high as in Calibri. What is placed by these measures fits with either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pptx.util import Cm, Pt

from workbench.reports.lines import length
from workbench.reports.section import Card, Run

WIDTH, HEIGHT, EDGE = Cm(33.867), Cm(19.05), Cm(1.6)
ACROSS = WIDTH - 2 * EDGE
BOTTOM = HEIGHT - Cm(1.4)
"""Where what a slide shows ends and its foot begins."""

BESIDE, ABOVE = Cm(0.254), Cm(0.127)
"""What a text keeps from each side, and from the top and the bottom of its box."""

BROADER, BOLDER, LINE = 1.12, 1.12, 1.22
"""DejaVu Sans to Noto Sans, which `length` measures; bold to plain; the height of a line to its letters."""

BODY, AFTER = Pt(16), Pt(7)
"""The size of paragraphs, and the room after each."""


def width_of(text: str, size: int, bold: bool = False) -> int:
    """Return how wide a text on one line is at most."""
    return int(size * BROADER * (BOLDER if bold else 1.0) * length(text))


def lines_of(text: str, width: int, size: int, bold: bool = False) -> int:
    """Return how many lines `text` takes at most in letters of `size` between sides `width` apart."""
    scale = size * BROADER * (BOLDER if bold else 1.0)
    blank = scale * length(" ")
    count, used = 1, 0.0
    for word in text.split(" "):
        long = scale * length(word)
        if used and used + blank + long > width:
            count, used = count + 1, 0.0
        used += long + (blank if used else 0.0)
        while used > width:  # a word longer than a line is broken
            count, used = count + 1, used - width
    return count


def text_height(text: str, width: int, size: int, bold: bool = False) -> int:
    """Return how high a box of one paragraph is, `width` across with its insets."""
    return int(lines_of(text, width - 2 * BESIDE, size, bold) * LINE * size) + 2 * ABOVE


def paragraph_height(runs: Sequence[Run]) -> int:
    """Return how high a paragraph of a slide's body is, with the room after it."""
    text = "".join(run.text for run in runs)
    bold = sum(len(run.text) for run in runs if run.style == "strong") > len(text) / 2
    return int(lines_of(text, ACROSS - 2 * BESIDE, BODY, bold) * LINE * BODY) + AFTER


def words_height(paragraphs: Iterable[Sequence[Run]]) -> int:
    """Return how high a box of paragraphs is."""
    return sum(map(paragraph_height, paragraphs)) + 2 * ABOVE


@dataclass(frozen=True)
class Placed:
    """A title as it stands on its slide: size of its letters, where its box and what is below it begin."""

    size: Any
    top: int
    height: int

    @property
    def rule(self) -> int:
        """Where the line under the title is."""
        return self.top + self.height + Cm(0.1)

    @property
    def below(self) -> int:
        """Where what the slide shows begins."""
        return self.rule + Cm(0.35)


def title_place(title: str) -> Placed:
    """Return the largest letters in which a title takes no more than its lines: one at 26 points, two at 22, …"""
    top = Cm(1.2)
    for size, most in ((Pt(26), 1), (Pt(22), 2), (Pt(18), 3), (Pt(16), 5)):
        if lines_of(title, ACROSS - 2 * BESIDE, size, bold=True) <= most:
            break
    return Placed(size, top, max(text_height(title, ACROSS, size, bold=True), int(Cm(1.2))))


@dataclass(frozen=True)
class CardGrid:
    """How headline numbers stand: so many across, each so wide and high, the number itself so large."""

    across: int
    rows: int
    width: int
    height: int
    gap: int = int(Cm(0.4))

    @property
    def total(self) -> int:
        """How high all rows are together."""
        return self.rows * self.height + (self.rows - 1) * self.gap


LABEL, NOTE = Pt(13), Pt(12)


def number_size(card: Card, width: int, first: bool) -> Any:
    """Return the size of a headline number: the largest of three in which it stands on one line."""
    for size in (Pt(36), Pt(28), Pt(20)) if first else (Pt(28), Pt(20)):
        if lines_of(card.text, width - 2 * BESIDE, size, bold=True) == 1:
            return size
    return Pt(16)


def card_grid(cards: Sequence[Card]) -> CardGrid:
    """Return the grid of up to eight headline numbers, each row as high as the fullest of them."""
    number = max(len(cards), 1)
    across = number if number <= 5 else 3 if number == 6 else 4
    gap = CardGrid.gap
    width = (ACROSS - (max(across, 3) - 1) * gap) // max(across, 3)
    height = max(
        (
            int(
                sum(
                    lines_of(text, width - 2 * BESIDE, size, bold) * LINE * size
                    for text, size, bold in (
                        (card.label, LABEL, False),
                        (card.text, number_size(card, width, place == 0), True),
                        (card.note, NOTE, False),
                    )
                    if text
                )
            )
            + 2 * ABOVE
            for place, card in enumerate(cards)
        ),
        default=0,
    )
    return CardGrid(across, -(-number // across), width, height)
