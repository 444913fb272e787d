"""What happens to service if I turn this? Sliders over a scenario, simulated anew while they are dragged."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from workbench.errors import WorkbenchError
from workbench.panels.frame import answer, columns, head
from workbench.panels.keeping import Keeping
from workbench.panels.newest import Newest, Stopped
from workbench.panels.slider import Slider
from workbench.panels.told import Shown, basis, pictures, sentence, table
from workbench.resources import scenario_file
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.compare import Comparison
from workbench.studies.lever import LEVERS, Lever, applicable
from workbench.studies.replicate import Results, replicate
from workbench.studies.targets import formulas_of, targets_of
from workbench.studies.what_if import Variant, WhatIf, variant

FIRST = ("volume", "handle_time", "shrinkage", "staffing")
"""The levers that have a slider from the start, if the scenario has something for them."""


def what_if_panel(
    scenario: Scenario | str | Path,
    *,
    replications: int = 20,
    seed: int = 1,
    folder: str | Path = "out/what_if",
) -> WhatIfPanel:
    """Return the panel for a scenario; display it in a notebook.

    Parameters
    ----------
    scenario : or its file, or the name of one that comes along.
    folder : where what-ifs are saved and found again.
    replications : of the floor as it is, and of each what-if, under the same random numbers.

    Raises
    ------
    UnknownName, ScenarioError
        if there is no such scenario, or it cannot be run.
    """
    read = scenario if isinstance(scenario, Scenario) else Scenario.from_yaml(scenario_file(scenario))
    return WhatIfPanel(read, replications, seed, Path(folder))


ENOUGH = 4
"""So many replications of a run that was stopped are worth showing while somebody drags."""

Asked = tuple[tuple[str, ...], tuple[Change, ...]]
"""Levers as they are written, and changes without a slider."""


@dataclass(frozen=True)
class Rendered:
    """A simulated what-if, and what of it goes on display."""

    shown: Shown
    sentence: str
    table: str
    pictures: str


class WhatIfPanel(widgets.VBox):  # type: ignore[misc]
    """Sliders for levers, and beside them what they do: in a sentence, a table and pictures.

    Attributes
    ----------
    shown : what is on display; None until the first simulation is done.
    sliders : by lever, or "lever:what it acts on".
    fixed : changes of a loaded what-if for which there is no slider.
    """

    def __init__(self, scenario: Scenario, replications: int, seed: int, folder: Path) -> None:
        self.scenario, self.replications, self.seed, self.folder = scenario, replications, seed, folder
        self.shown: Shown | None = None
        self.sliders: dict[str, Slider] = {}
        self.fixed: tuple[Change, ...] = ()
        self._base: Results | None = None
        self._runs: Newest[Asked] = Newest(self._simulate, self._show, self._failed)
        self._levers = {lever.name: lever for lever in applicable(scenario)}
        self.status, self.told, self.figures, self.drawn = (widgets.HTML() for _ in range(4))
        self.rows = widgets.VBox()
        self.more = widgets.Dropdown(
            description="Add a slider",
            style={"description_width": "initial"},
            layout=widgets.Layout(width="100%"),
        )
        self.back = widgets.Button(description="Back to today", tooltip="Put every slider back to today")
        self.more.observe(self._chosen, names="value")
        self.back.on_click(lambda _: self.put({}))
        self.keeping = Keeping(self)
        for name in FIRST:
            if name in self._levers:
                self._add(name)
        self._offer()
        super().__init__(
            [
                head(self.scenario),
                answer(self.told, self.status),
                columns([self.rows, self.more, self.back, self.keeping], [self.drawn, self.figures]),
            ]
        )
        self.add_class("what-if")
        self.ask()

    def put(self, values: Mapping[str, float], fixed: Sequence[Change] = ()) -> None:
        """Put sliders to values, by lever or "lever:what it acts on"; the others go back to today.

        `fixed` are changes for which there is no slider.

        Raises
        ------
        UnknownName, CallError
            for a lever, a name behind the colon, or a value that cannot be; then nothing moves.
        """
        for name, value in values.items():
            (self.sliders.get(name) or self._slider(name)).check(value)
        for name in values:
            self._add(name)
        for name, slider in self.sliders.items():
            slider.put(values.get(name))
        self.fixed = tuple(fixed)
        self._offer()
        self.ask()

    def values(self) -> dict[str, float]:
        """Return the values of the sliders that do not stand on today."""
        return {name: slider.value for name, slider in self.sliders.items() if slider.moved}

    def levers(self) -> tuple[str, ...]:
        """Return the moves as the command line and files write them: "shrinkage=+0.05"."""
        return tuple(slider.written() for slider in self.sliders.values() if slider.moved)

    def ask(self) -> None:
        """Simulate what the sliders say, instead of what was asked before."""
        self._say("Simulating …" if self._base else "Simulating the floor as it is …", busy=True)
        self._runs.ask((self.levers(), self.fixed))

    def close(self) -> None:
        """Stop simulating, and take the panel away."""
        self._runs.close()
        super().close()

    def _slider(self, name: str) -> Slider:
        lever, _, only = name.partition(":")
        return Slider(self.scenario, LEVERS.get(lever), only, self.ask)

    def _add(self, name: str) -> None:
        if name not in self.sliders:
            self.sliders[name] = self._slider(name)
            self.rows.children = tuple(self.sliders.values())

    def _chosen(self, change: Any) -> None:
        if change["new"]:
            self._add(change["new"])
            self._offer()

    def _offer(self) -> None:
        """Offer a slider for every lever, and for all that it can act on, that has none."""
        offered = [
            (f"{lever.title} ({only})" if only else lever.title, name)
            for lever in self._levers.values()
            for only in ("", *_parts(self.scenario, lever))
            if (name := f"{lever.name}:{only}" if only else lever.name) not in self.sliders
        ]
        self.more.options = [("choose …", ""), *sorted(offered)]
        self.more.value = ""

    def _simulate(self, asked: Asked, newer: Callable[[], bool]) -> Rendered:
        """In the thread: simulate and write down; touches no widget."""
        if self._base is None:
            self._base = self._replicate(self.scenario)
        started = time.perf_counter()
        made = variant(self.scenario, "what if", *asked)
        results = self._replicate(made.scenario, newer) if made.changes else self._base
        took = time.perf_counter() - started
        rendered = (
            self._rendered(made, results, took) if results.n >= min(ENOUGH, self.replications) else None
        )
        if results.n < self.replications:
            raise Stopped(rendered)
        assert rendered is not None
        return rendered

    def _replicate(self, scenario: Scenario, newer: Callable[[], bool] = lambda: False) -> Results:
        """Return all replications, or those that were made before something newer was asked."""
        formulas = formulas_of(self.scenario)
        return replicate(scenario, self.replications, self.seed, formulas=formulas, until=newer)

    def _rendered(self, made: Variant, results: Results, took: float) -> Rendered:
        assert self._base is not None
        base = replace(self._base, tallies=self._base.tallies[: results.n])
        comparison = Comparison(base, {made.name: results}, {made.name: made.changes})
        found = WhatIf(self.scenario.name, comparison, {made.name: made}, targets_of(self.scenario))
        shown = Shown(found, took)
        return Rendered(shown, sentence(shown), table(shown), pictures(shown))

    def _show(self, _asked: Asked, rendered: Rendered) -> None:
        self.shown = rendered.shown
        self.told.value = f"<p class='what-if-told' role='status'>{html.escape(rendered.sentence)}</p>"
        self.figures.value, self.drawn.value = rendered.table, rendered.pictures
        whole = rendered.shown.changed.n == self.replications
        self._say(basis(rendered.shown), busy=not whole)

    def _failed(self, _asked: Asked, error: Exception) -> None:
        said = str(error) if isinstance(error, WorkbenchError) else f"The simulation broke: {error!r}"
        self.told.value = f"<p class='what-if-wrong' role='alert'>{html.escape(said)}</p>"
        self._say("Not simulated. What stands below belongs to the setting before.")
        if not isinstance(error, WorkbenchError):
            raise error

    def _say(self, text: str, busy: bool = False) -> None:
        state = "busy" if busy else "ready"
        self.status.value = f"<p class='what-if-quiet what-if-{state}'>{html.escape(text)}</p>"


def _parts(scenario: Scenario, lever: Lever) -> list[str]:
    """Return what a lever can act on alone."""
    kinds = {kind for group in scenario.groups.values() for kind in group.shrinkage}
    skills = {queue.skill or name for name, queue in scenario.queues.items()}
    known = {
        "queue": list(scenario.queues), "group": list(scenario.groups), "kind of shrinkage": sorted(kinds),
        "skill": sorted(skills),
    }.get(lever.acts_on, [])  # fmt: skip
    return [only for only in known if not lever.why_not(scenario, only)] if len(known) > 1 else []
