"""How does one lever look? A slider to drag, and a field that says and takes the exact value.

The slider stands on steps from today, so that today is always one of them. The field is an ordinary number
field with its label, for the keyboard and for screen readers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from workbench.errors import CallError
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever

SCALE = {"fraction": (100.0, "%"), "factor": (100.0, "% of today"), "s": (1.0, "s")}
"""How a value is shown, by the lever's unit: times what, and called what."""


class Slider(widgets.VBox):  # type: ignore[misc]
    """One lever, or one lever for one queue, group, …

    Attributes
    ----------
    today, value : in the lever's unit.
    moved : whether it stands elsewhere than today.
    """

    def __init__(self, scenario: Scenario, lever: Lever, only: str, on_move: Callable[[], None]) -> None:
        self.lever, self.only = lever, only
        self.today = self.value = lever.today(scenario, only)
        self._scenario, self._on_move, self._quiet = scenario, on_move, False
        low, high = _range(lever, lever.bounds(scenario, only), self.today)
        self._scale, unit = SCALE.get(lever.unit, (1.0, ""))
        self.label = f"{lever.title}{f' ({only})' if only else ''}"
        kind = widgets.BoundedIntText if lever.unit in ("people", "contacts") else widgets.BoundedFloatText
        self.field = kind(
            value=self._read(self.today), min=self._read(low), max=self._read(high), step=self._scale * lever.step,
            description=f"{self.label[:1].upper()}{self.label[1:]}{f', {unit}' if unit else ''}",
            tooltip=lever.says, style={"description_width": "initial"}, layout=widgets.Layout(width="100%"),
        )  # fmt: skip
        self.handle = widgets.IntSlider(
            value=0, min=-math.floor((self.today - low) / lever.step + 1e-9),
            max=math.floor((high - self.today) / lever.step + 1e-9), readout=False,
            tooltip=f"{self.label}, in steps from today", layout=widgets.Layout(width="100%", margin="0"),
        )  # fmt: skip
        self.handle.observe(self._dragged, names="value")
        self.field.observe(self._typed, names="value")
        super().__init__([self.field, self.handle], layout=widgets.Layout(width="100%"))
        self.add_class("what-if-slider")

    @property
    def moved(self) -> bool:
        """Whether it stands elsewhere than today."""
        return not math.isclose(self.value, self.today, rel_tol=1e-9, abs_tol=1e-12)

    @property
    def name(self) -> str:
        """The lever, and after a colon what it acts on."""
        return f"{self.lever.name}:{self.only}" if self.only else self.lever.name

    def written(self) -> str:
        """Return the move as the command line and files write it: "shrinkage=+0.05"."""
        return f"{self.name}={self.value - self.today:+.10g}"

    def check(self, value: float) -> None:
        """Refuse a value that the lever cannot have.

        Raises
        ------
        CallError
            for such a value.
        """
        if not math.isfinite(value):
            raise CallError(
                f"{self.name}: {value} is not a value. Write a number; today it is {self.today:g}."
            )
        self.lever.changes(self._scenario, value, self.only)

    def put(self, value: float | None) -> None:
        """Stand on a value without telling anybody; None: on today."""
        self.value = self.today if value is None else value
        self._quiet = True
        try:
            shown = self._read(self.value)
            self.field.min, self.field.max = min(self.field.min, shown), max(self.field.max, shown)
            self.field.value = shown
            self.handle.value = self._steps()
        finally:
            self._quiet = False

    def _read(self, value: float) -> float:
        shown = self._scale * value
        return round(shown) if self.lever.unit in ("people", "contacts") else round(shown, 1)

    def _steps(self) -> int:
        steps = round((self.value - self.today) / self.lever.step)
        return int(min(max(steps, self.handle.min), self.handle.max))

    def _dragged(self, change: Any) -> None:
        if not self._quiet:
            self.put(self.today + change["new"] * self.lever.step if change["new"] else None)
            self._on_move()

    def _typed(self, change: Any) -> None:
        if not self._quiet:
            # from today as it is shown, so that 7.7 after 2.7 is five points and not a rounding more
            moved = change["new"] - self._read(self.today)
            self.put(self.today + moved / self._scale if moved else None)
            self._on_move()


def _range(lever: Lever, bounds: tuple[float, float], today: float) -> tuple[float, float]:
    """Return the ends of the slider; of people a third to each side, so that a step can be hit."""
    if lever.unit != "people":
        return bounds
    reach = max(5.0, math.ceil(today / 3))
    return max(bounds[0], today - reach), today + reach
