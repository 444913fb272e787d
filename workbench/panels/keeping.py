"""How is a what-if kept and taken up again in the panel? A name to save under, and a list of what was saved."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import ipywidgets as widgets

from workbench.errors import WorkbenchError
from workbench.panels.saved import found, load, save, stem_of, value_of
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario

FULL = widgets.Layout(width="100%")


class Panel(Protocol):
    """What is kept: sliders, and changes that have none."""

    scenario: Scenario
    folder: Path
    replications: int
    seed: int
    fixed: tuple[Change, ...]

    def levers(self) -> tuple[str, ...]:
        """Return the moves as files write them."""

    def put(self, values: Mapping[str, float], fixed: Sequence[Change] = ()) -> None:
        """Put sliders to values."""


class Keeping(widgets.VBox):  # type: ignore[misc]
    """Saves what the sliders say as a what-if file, and loads such files."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._own: set[Path] = set()
        style = {"description_width": "initial"}
        # the name travels whole when the field is left: a click may overtake letters on their way
        self.name = widgets.Text(
            description="Save as", placeholder="five points more shrinkage", continuous_update=False,
            style=style, layout=FULL,
        )  # fmt: skip
        self.save = widgets.Button(description="Save", tooltip=f"Save as a file in {panel.folder}")
        self.saved = widgets.Dropdown(description="Saved", style=style, layout=FULL)
        self.load = widgets.Button(description="Load", tooltip="Put the sliders as they were saved")
        self.said = widgets.HTML()
        self.save.on_click(self._save)
        self.load.on_click(self._load)
        self._offer()
        super().__init__([self.name, self.save, self.saved, self.load, self.said])
        self.add_class("what-if-keeping")

    def _offer(self, chosen: Path | None = None) -> None:
        kept = found(self._panel.folder)
        self.saved.options = [(label, (path, name)) for label, path, name in kept] or [("nothing yet", None)]
        self.load.disabled = not kept
        if kept:
            self.saved.value = next(((p, n) for _, p, n in kept if p == chosen), kept[0][1:])

    def _save(self, _: Any) -> None:
        panel = self._panel
        try:
            path = panel.folder / f"{stem_of(self.name.value)}.yaml"
            path = save(
                panel.folder, self.name.value, panel.scenario, panel.levers(), panel.fixed,
                replications=panel.replications, seed=panel.seed, own=path in self._own,
            )  # fmt: skip
        except (WorkbenchError, OSError) as error:
            self._say(str(error), wrong=True)
            return
        self._own.add(path)
        self._offer(path)
        self._say(f"Saved as {path}.")

    def _load(self, _: Any) -> None:
        path, name = self.saved.value
        base = self._panel.scenario
        try:
            kept = load(path, name, base)
            self._panel.put(dict(value_of(base, written) for written in kept.levers), kept.changes)
        except (WorkbenchError, OSError) as error:
            self._say(str(error), wrong=True)
            return
        self._own.add(path)
        self.name.value = path.stem
        self._say(f"Loaded {name}.")

    def _say(self, text: str, wrong: bool = False) -> None:
        kind, role = ("what-if-wrong", "alert") if wrong else ("what-if-quiet", "status")
        self.said.value = f"<p class='{kind}' role='{role}'>{html.escape(text)}</p>"
