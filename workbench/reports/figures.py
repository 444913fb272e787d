"""How are figures drawn? One visual language, the same bytes for the same rows.

A drawing function takes rows and returns a `Figure`: the picture as SVG with real text, what it
shows in words, and the rows themselves. Colours are Okabe and Ito's, told apart by colour-blind
readers, and each also differs in shape or place. Nothing of the clock or of chance enters the SVG.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from typing import Any

from workbench.reports.section import Column, Figure, OnSlide
from workbench.reports.words import shortened

INK, SOFT, GRID = "#1b2430", "#56616f", "#d5dbe2"
BLUE, PALE, RED, AMBER, GREEN, VIOLET = (
    "#0072b2", "#a9cbe3", "#d55e00", "#e69f00", "#009e73", "#cc79a7"
)  # fmt: skip

_THEME = {
    INK: "var(--ink)", SOFT: "var(--soft)", GRID: "var(--grid)", BLUE: "var(--blue)", PALE: "var(--pale)",
    RED: "var(--red)", AMBER: "var(--amber)", GREEN: "var(--green)", VIOLET: "var(--violet)",
}  # fmt: skip

_RC: Any = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10.0,
    "text.color": INK,
    "axes.edgecolor": GRID,
    "axes.labelcolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "ytick.left": False,
    "xtick.bottom": False,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 10.0,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "text.parse_math": False,
}
_WIDTH = 6.6


def themed(svg: str) -> str:
    """Return `svg` with the colours of the page it stands in."""
    return re.sub(r"#[0-9a-f]{6}", lambda m: _THEME.get(m.group(), m.group()), svg)


def score_ranges(
    name: str, rows: Sequence[tuple[str, float | None, float, float]], caption: str, on_slide: str = ""
) -> Figure:
    """Draw scores of 0 to 100 with their bounds: a dot on a bar from worst to best.

    `rows` holds label, value (None: not assessed), low and high, from top to bottom; `on_slide` is the
    caption of the chart on a slide, where the bar is the value and a thin line its bounds.
    """
    with drawing(len(rows) * 0.36 + 0.55) as (figure, axes):
        for place, (_, value, low, high) in enumerate(rows):
            axes.barh(place, max(high - low, 0.6), left=low, height=0.5, color=PALE, linewidth=0)
            if value is not None:
                axes.plot([value, value], [place - 0.36, place + 0.36], color=INK, linewidth=3)
                right = value < 88
                axes.text(
                    value + (1.2 if right else -1.2), place, f"{value:.0f}", va="center",
                    ha="left" if right else "right", fontweight="bold",
                )  # fmt: skip
            else:
                axes.text(50, place, "not assessed", va="center", ha="center", color=SOFT, fontsize=9)
        labels_down(axes, [shortened(label, 34) for label, *_ in rows])
        axes.set_xlim(0, 100)
        axes.set_xticks(range(0, 101, 20))
        axes.grid(axis="y", visible=False)
        svg = as_svg(figure, name)
    said = "; ".join(
        f"{label} {'not assessed' if v is None else f'{v:.0f}'}, from {low:.0f} to {high:.0f}"
        for label, v, low, high in rows
    )
    return Figure(
        name=name, caption=caption, svg=svg, alt=f"Scores from 0 to 100 with their bounds: {said}.",
        columns=(Column(name="area", label="Area"), *_scores("score", "low", "high")),
        rows=tuple(rows), chart="bar", on_slide=OnSlide(caption=on_slide),
    )  # fmt: skip


def shares_beside_target(
    name: str,
    rows: Sequence[tuple[str, float | None, float | None, float | None]],
    target: float | None,
    caption: str,
    highlight: str = "",
    on_slide: str = "",
) -> Figure:
    """Draw shares (fractions) as dots with their intervals, and the target as a line.

    `rows` holds label, value, low and high; the row called `highlight` is set off; `on_slide` is the caption
    of the chart on a slide, of bars.
    """
    known = [x for _, *values in rows for x in values if x is not None]
    ends = [*known, *([target] if target is not None else [])]
    low_end = max(0.0, min(ends, default=0.0) - 0.06)
    high_end = min(1.0, max(ends, default=1.0) + 0.09)
    with drawing(len(rows) * 0.36 + 0.75) as (figure, axes):
        if target is not None:
            axes.axvline(target, color=RED, linewidth=1.6, linestyle=(0, (4, 2)))
            axes.text(
                target,
                -0.72,
                f"target {100 * target:.0f} %",
                color=SOFT,
                ha="center",
                va="bottom",
                fontsize=9,
            )
        for place, (label, value, low, high) in enumerate(rows):
            if value is None:
                axes.text((low_end + high_end) / 2, place, "unknown", va="center", ha="center", color=SOFT)
                continue
            if low is not None and high is not None:
                axes.plot([low, high], [place, place], color=PALE, linewidth=5, solid_capstyle="butt")
            own = label == highlight
            axes.plot(value, place, marker="D" if own else "o", markersize=8 if own else 7, color=BLUE)
            axes.annotate(
                f"{100 * value:.1f} %", (value, place), xytext=(9, 0), textcoords="offset points",
                va="center", fontweight="bold" if own else "normal",
            )  # fmt: skip
        labels_down(axes, [shortened(label, 34) for label, *_ in rows])
        axes.set_xlim(low_end, high_end)
        axes.xaxis.set_major_formatter(lambda x, _: f"{100 * x:.0f} %")
        axes.grid(axis="y", visible=False)
        svg = as_svg(figure, name)
    said = "; ".join(f"{label} {'unknown' if v is None else f'{100 * v:.1f} %'}" for label, v, *_ in rows)
    against = f" against a target of {100 * target:.0f} %" if target is not None else ""
    return Figure(
        name=name, caption=caption, svg=svg, alt=f"Shares{against}: {said}.",
        columns=(Column(name="label", label="Formula"), *_shares("value", "low", "high")),
        rows=tuple(rows), chart="bar", on_slide=OnSlide(caption=on_slide, target=target),
    )  # fmt: skip


def share_over_time(
    name: str,
    days: Sequence[str],
    values: Sequence[float | None],
    caption: str,
    *,
    label: str,
    target: float | None = None,
    band: tuple[Sequence[float | None], Sequence[float | None]] | None = None,
) -> Figure:
    """Draw a share (fractions) over days or months, with its limits and its target.

    `days` are what a reader calls the points ("3 Jun"); a value of None leaves a gap.
    """
    places = range(len(days))
    gaps = [float("nan") if v is None else v for v in values]
    with drawing(2.6) as (figure, axes):
        if band is not None:
            low, high = ([float("nan") if v is None else v for v in side] for side in band)
            axes.fill_between(places, low, high, color=PALE, alpha=0.55, linewidth=0, step="mid")
        if target is not None:
            axes.axhline(target, color=RED, linewidth=1.4, linestyle=(0, (4, 2)))
        axes.plot(places, gaps, color=BLUE, linewidth=1.8, marker="o", markersize=3.5)
        step = max(1, -(-len(days) // 9))
        axes.set_xticks(list(places)[::step], list(days)[::step])
        axes.yaxis.set_major_formatter(lambda y, _: f"{100 * y:.0f} %")
        axes.tick_params(axis="y", labelsize=9, labelcolor=SOFT)
        axes.grid(axis="x", visible=False)
        svg = as_svg(figure, name)
    known = [(v, d) for v, d in zip(values, days, strict=True) if v is not None]
    said = "no value is known"
    if known:
        (least, when_least), (most, when_most) = min(known), max(known)
        said = f"from {100 * least:.1f} % ({when_least}) to {100 * most:.1f} % ({when_most})"
    against = f", target {100 * target:.0f} %" if target is not None else ""
    return Figure(
        name=name, caption=caption, svg=svg, alt=f"{label} over {len(days)} points: {said}{against}.",
        columns=(Column(name="when", label="When"), *_shares("value")),
        rows=tuple(zip(days, values, strict=True)), chart="line", on_slide=OnSlide(series=label, target=target),
    )  # fmt: skip


def _scores(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name=n, label=n.capitalize(), type="number", decimals=0) for n in names)


def _shares(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name=n, label=n.capitalize(), type="number", unit="fraction") for n in names)


def labels_down(axes: Any, labels: Sequence[str]) -> None:
    """Write one label for each row, from top to bottom."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.75)


class drawing:
    """A figure of the house's width in the house's style, closed again whatever happens."""

    def __init__(self, height: float, projection: str | None = None) -> None:
        self.height, self.projection = height, projection

    def __enter__(self) -> tuple[Any, Any]:
        import matplotlib as mpl
        from matplotlib.figure import Figure as Canvas

        self._style = mpl.rc_context(_RC)
        self._style.__enter__()
        figure = Canvas(figsize=(_WIDTH, self.height), layout="constrained")
        return figure, figure.add_subplot(projection=self.projection)

    def __exit__(self, *failure: object) -> None:
        self._style.__exit__(None, None, None)


def as_svg(figure: Any, name: str) -> str:
    """Return the drawn figure as SVG: the same bytes for the same drawing, ids of its own by its name."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    with io.StringIO() as out, mpl.rc_context({"svg.hashsalt": name}):
        # `savefig` draws everything once more beforehand, to find the places that this finds as well.
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
        text = out.getvalue()
    text = text[text.index("<svg ") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    own = "g" + hashlib.blake2s(name.encode(), digest_size=4).hexdigest()
    short: dict[str, str] = {}
    for pointed_at in re.findall(r'(?:url\(#|href="#)([^")]+)', text):
        short.setdefault(pointed_at, f"{own}-{len(short)}")
    text = re.sub(r'(url\(#|href="#)([^")]+)', lambda m: m.group(1) + short[m.group(2)], text)
    text = re.sub(
        r' id="([^"]*)"', lambda m: f' id="{short[m.group(1)]}"' if m.group(1) in short else "", text
    )
    text = re.sub(r"<[^>]+>", _rounded, text)
    text = re.sub(r"\n\s*", "\n", text).strip()
    text = re.sub(
        r'(<g[^>]*)>\n((?:<use [^>]*? style="([^"]*)"/>\n)(?:<use [^>]*? style="\3"/>\n)+)</g>', _once, text
    )
    return _said_at_the_top(_unwrapped(text))


_FAMILY = "font-family: 'DejaVu Sans', sans-serif"
_JOINS = '<defs>\n<style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style>\n</defs>\n'


def _said_at_the_top(text: str) -> str:
    """Return the picture with font and joins of lines said once, and without what is drawn in no colour."""
    text = re.sub(r'<path d="[^"]*" style="fill: none"/>\n', "", text)
    text = text.replace(_JOINS, "").replace(f"; {_FAMILY}", "").replace(f"{_FAMILY}; ", "")
    text = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", text)
    text = re.sub(r"(style=\"[^\"]*\")", lambda m: m.group().replace(": ", ":").replace("; ", ";"), text)
    return text.replace("<svg ", f'<svg style="{_FAMILY};stroke-linejoin:round;stroke-linecap:butt" ', 1)


def _unwrapped(text: str) -> str:
    """Return the picture without groups that say nothing of what is in them."""
    parts: list[str] = []
    bare: list[bool] = []
    for part in re.split(r"(<g\b[^>]*>\n?|</g>\n?)", text):
        opens = part.startswith("<g") and not part.rstrip().endswith("/>")
        if opens:
            bare.append(part.strip() == "<g>")
        if (opens and bare[-1]) or (part.startswith("</g>") and bare.pop()):
            continue
        parts.append(part)
    return "".join(parts)


def _once(markers: re.Match[str]) -> str:
    """Return a group of like markers with their style said by the group."""
    group, uses, style = markers.groups()
    if " style=" in group:
        return markers.group()
    return f'{group} style="{style}">\n' + uses.replace(f' style="{style}"', "") + "</g>"


def _rounded(tag: re.Match[str]) -> str:
    """Return a tag with its places to a tenth of a point, other numbers to a hundredth; words between tags stay."""
    text = re.sub(r'(?<= )(d|x|y)="[^"]*"', _tenths, tag.group())
    return re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m.group()):.2f}".rstrip("0").rstrip("."), text)


def _tenths(attribute: re.Match[str]) -> str:
    text = re.sub(r"\d+\.\d{2,}", lambda m: f"{float(m.group()):.1f}".removesuffix(".0"), attribute.group())
    return re.sub(r"\s*([A-Za-z])\s+", r"\1", text).replace('\n"', '"')
