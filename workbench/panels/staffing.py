"""How many people, in which shifts? A panel that plans when asked, says how far it is, and can be stopped."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from workbench.errors import WorkbenchError
from workbench.panels.frame import answer, columns, head
from workbench.panels.newest import Newest, Stopped
from workbench.panels.planned import basis, pictures, sentence, tables
from workbench.resources import scenario_file
from workbench.sim.scenario import Scenario
from workbench.studies.staffing.master import Limits
from workbench.studies.staffing.staff import Request, Staffing, staff

PER = (("interval", "interval"), ("hour", "hour"), ("day", "day"))
FULL = widgets.Layout(width="100%")


def staffing_panel(scenario: Scenario | str | Path, request: Request | None = None) -> StaffingPanel:
    """Return the panel for a scenario; display it in a notebook.

    Parameters
    ----------
    scenario : or its file, or the name of one that comes along.
    request : what the panel does not ask for: replications, seed, formula.

    Raises
    ------
    UnknownName, ScenarioError
        if there is no such scenario, or it cannot be run.
    """
    read = scenario if isinstance(scenario, Scenario) else Scenario.from_yaml(scenario_file(scenario))
    return StaffingPanel(read, request or Request())


class StaffingPanel(widgets.VBox):  # type: ignore[misc]
    """Asks how strictly targets are meant and how many people there may be; plans on a thread of its own.

    Attributes
    ----------
    found : the last plan; None before the first.
    """

    def __init__(self, scenario: Scenario, request: Request) -> None:
        self.scenario, self._request = scenario, request
        self.found: Staffing | None = None
        self._runs: Newest[Request | None] = Newest(self._plan, self._show, self._failed)
        style = {"description_width": "initial"}
        self.per = widgets.Dropdown(
            options=PER, value=request.per, description="Targets hold in every", style=style, layout=FULL
        )
        self.most = widgets.BoundedIntText(
            value=request.limits.total or 0, min=0, max=1_000_000, style=style, layout=FULL,
            description="People at most (0: as many as it takes)",
        )  # fmt: skip
        self.go = widgets.Button(description="Plan", button_style="primary", tooltip="Find and check a plan")
        self.stop = widgets.Button(
            description="Stop", disabled=True, tooltip="Stop the search; the last plan stays"
        )
        self.told, self.status, self.drawn, self.listed = (widgets.HTML() for _ in range(4))
        self.go.on_click(self._ask)
        self.stop.on_click(lambda _: self._runs.ask(None))
        super().__init__(
            [
                head(self.scenario),
                answer(self.told, self.status),
                columns([self.per, self.most, self.go, self.stop], [self.drawn, self.listed]),
            ]
        )
        self.add_class("what-if")
        self._say("Nothing is planned yet.")

    def close(self) -> None:
        """Stop planning, and take the panel away."""
        self._runs.close()
        super().close()

    def _ask(self, _: Any) -> None:
        limits = Limits(self._request.limits.units, self.most.value or None)
        self.stop.disabled = False
        self._say("Planning …", busy=True)
        self._runs.ask(replace(self._request, per=self.per.value, limits=limits))

    def _plan(self, request: Request | None, newer: Callable[[], bool]) -> tuple[Staffing, str, str] | None:
        """In the thread: search, and tell how far it is; touches no widget."""
        if request is None:
            return None

        def say(text: str) -> None:
            if newer():
                raise Stopped
            self._runs.tell(self._say, f"Planning: {text}", True)

        found = staff(self.scenario, request, say=say)
        return found, pictures(found), tables(found)

    def _show(self, _asked: Request | None, done: tuple[Staffing, str, str] | None) -> None:
        self.stop.disabled = True
        if done is None:
            self._say("Stopped." + (" What stands below is the plan before." if self.found else ""))
            return
        self.found, self.drawn.value, self.listed.value = done
        self.told.value = f"<p class='what-if-told' role='status'>{html.escape(sentence(self.found))}</p>"
        self._say(basis(self.found))

    def _failed(self, _asked: Request | None, error: Exception) -> None:
        self.stop.disabled = True
        said = str(error) if isinstance(error, WorkbenchError) else f"The search broke: {error!r}"
        self.told.value = f"<p class='what-if-wrong' role='alert'>{html.escape(said)}</p>"
        self._say("Not planned." + (" What stands below is the plan before." if self.found else ""))
        if not isinstance(error, WorkbenchError):
            raise error

    def _say(self, text: str, busy: bool = False) -> None:
        state = "busy" if busy else "ready"
        self.status.value = f"<p class='what-if-quiet what-if-{state}'>{html.escape(text)}</p>"
