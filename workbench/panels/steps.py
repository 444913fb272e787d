"""How does the way from today to target look while sliders move? A small SVG, in the colours of the page."""

from __future__ import annotations

import html
from collections.abc import Sequence

from workbench.reports.figures import AMBER, BLUE
from workbench.studies.pricing.together import Bar
from workbench.wording import money

ROW, LEFT, WIDTH = 26.0, 8.0, 640.0
INK = "currentColor"


def steps(bars: Sequence[Bar], currency: str, least: float) -> str:
    """Return the waterfall as SVG; `data-low` and `data-high` are the ends of its axis, for who reads it back.

    Parameters
    ----------
    bars : in the order of repair, from what a month costs today.
    least : what a month would cost with everything repaired, so that the axis stands still.
    """
    if not bars:
        return ""
    first, last = bars[0].before, bars[-1].after
    levels = [first, last, least, *(bar.after for bar in bars)]
    low, high = min(levels), max(levels)
    pad = 0.05 * ((high - low) or 1.0)
    low, high = low - pad, high + pad
    height = ROW * (len(bars) + 2) + 6

    def x(level: float) -> float:
        return LEFT + (level - low) / (high - low) * (WIDTH - 2 * LEFT)

    parts = [_mark("today", first, 0, x(first)), _mark("as set", last, len(bars) + 1, x(last))]
    for place, bar in enumerate(bars, start=1):
        a, b = sorted((x(bar.before), x(bar.after)))
        colour = BLUE if bar.saved >= 0 else AMBER
        y = ROW * place + 5
        parts.append(
            f"<rect class='step' data-code='{html.escape(bar.code, quote=True)}' x='{a:.2f}' y='{y:.1f}' "
            f"width='{b - a:.2f}' height='{ROW - 10:.0f}' fill='{colour}'/>"
            + _words(f"{bar.code} {money(bar.saved)}", a, b, y + 12)
        )
    said = "; ".join(f"{bar.code} {money(bar.saved)}" for bar in bars)
    alt = f"From {money(first)} to {money(last)} {currency} a month in the order of repair; saved: {said}."
    return (
        f"<svg class='what-if-picture' role='img' aria-label='{html.escape(alt, quote=True)}' "
        f"viewBox='0 0 {WIDTH:g} {height:g}' font-size='12' data-low='{low:.6f}' data-high='{high:.6f}' "
        f"style='max-width: 46em'>{''.join(parts)}</svg>"
    )


def _mark(word: str, level: float, place: int, at: float) -> str:
    y = ROW * place
    line = f"<path d='M{at:.2f} {y + 3:.1f}V{y + ROW - 3:.1f}' stroke='{INK}' stroke-width='3'/>"
    return line + _words(f"{word} {money(level)}", at, at, y + 17, bold=True)


def _words(text: str, left: float, right: float, y: float, bold: bool = False) -> str:
    """Write beside a bar: on its right, or on its left where the picture ends."""
    ends = right > 0.7 * WIDTH
    at, anchor = (left - 6, "end") if ends else (right + 6, "start")
    weight = " font-weight='700'" if bold else ""
    return f"<text x='{at:.1f}' y='{y:.1f}' text-anchor='{anchor}' fill='{INK}'{weight}>{html.escape(text)}</text>"
