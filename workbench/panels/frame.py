"""How is a panel laid out? Its head, the answer that stays in sight, and two columns."""

from __future__ import annotations

import html
from collections.abc import Sequence

import ipywidgets as widgets

from workbench.panels.style import STYLE
from workbench.sim.scenario import Scenario


def head(scenario: Scenario) -> widgets.Widget:
    """Return the name of a scenario and its note."""
    name, note = html.escape(scenario.name), html.escape(scenario.note)
    return widgets.HTML(f"{STYLE}<h2 class='what-if-head'>{name}</h2><p class='what-if-quiet'>{note}</p>")


def answer(*parts: widgets.Widget) -> widgets.Widget:
    """Return the sentence, which stays in sight while somebody drags on a small screen."""
    box = widgets.VBox(list(parts))
    box.add_class("what-if-answer")
    return box


def columns(left: Sequence[widgets.Widget], right: Sequence[widgets.Widget]) -> widgets.Widget:
    """Return what is set on the left, and what it leads to on the right."""
    sides = widgets.VBox(list(left)), widgets.VBox(list(right))
    for side, name in zip(sides, ("left", "right"), strict=True):
        side.add_class(f"what-if-{name}")
    body = widgets.HBox(list(sides))
    body.add_class("what-if-body")
    return body
