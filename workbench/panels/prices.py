"""How far do we fix it? A slider for each priced finding; total and waterfall answer without simulating anew."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from workbench.errors import WorkbenchError
from workbench.panels.steps import steps
from workbench.panels.style import STYLE
from workbench.resources import folder
from workbench.studies.pricing.client import price_client
from workbench.studies.pricing.partly import Depths, Partly
from workbench.studies.pricing.price import Price
from workbench.studies.pricing.study import Pricing
from workbench.wording import counted, money

EXAMPLE = "brightwave_telecom"
STEP = 5
"""Percentage points of a slider's step."""


def prices_panel(
    client: Pricing | str | Path = "", scenario: str | Path = "", *, pay: str = "", months: int | None = None,
    seed: int = 1,
) -> widgets.Widget:  # fmt: skip
    """Return the panel for a client; display it in a notebook.

    Parameters
    ----------
    client : its folder, or its prices; empty: an example client.
    scenario : a file that was calibrated before; empty: calibrated now, which takes about a minute.
    pay, months, seed : as `price_client` takes them.
    """
    if isinstance(client, Pricing):
        return PricesPanel(client)
    try:
        found = price_client(
            Path(client) if client else folder("example") / EXAMPLE, scenario=Path(scenario) if scenario else None,
            pay=pay, months=months, seed=seed,
        )  # fmt: skip
    except WorkbenchError as error:
        return widgets.HTML(f"{STYLE}<p class='what-if-wrong' role='alert'>{html.escape(str(error))}</p>")
    return PricesPanel(found)


class HowFar(widgets.VBox):  # type: ignore[misc]
    """How far one finding is repaired: a field for keyboard and screen reader, and a slider to drag.

    Attributes
    ----------
    value : 0 to 1.
    """

    def __init__(self, price: Price, on_move: Callable[[], None]) -> None:
        self.price, self.value, self._on_move, self._quiet = price, 1.0, on_move, False
        title = price.title.partition(" (")[0]
        self.label = f"{price.code} {title}"
        self.field = widgets.BoundedIntText(
            value=100, min=0, max=100, step=STEP, description=f"{self.label}, % repaired",
            tooltip=price.findings[0].statement, style={"description_width": "initial"},
            layout=widgets.Layout(width="100%"),
        )  # fmt: skip
        self.handle = widgets.IntSlider(
            value=100, min=0, max=100, step=STEP, readout=False, tooltip=f"{self.label}, how far it is repaired",
            layout=widgets.Layout(width="100%", margin="0"),
        )  # fmt: skip
        self.field.observe(self._moved, names="value")
        self.handle.observe(self._moved, names="value")
        super().__init__([self.field, self.handle], layout=widgets.Layout(width="100%"))
        self.add_class("what-if-slider")

    def put(self, percent: int) -> None:
        """Stand on a value without telling anybody."""
        self._quiet = True
        try:
            self.field.value = self.handle.value = percent
            self.value = percent / 100
        finally:
            self._quiet = False

    def _moved(self, change: Any) -> None:
        if not self._quiet:
            self.put(change["new"])
            self._on_move()


class PricesPanel(widgets.VBox):  # type: ignore[misc]
    """Sliders for all priced findings, in the order of repair.

    Attributes
    ----------
    shown : what is shown now; None where nothing has a price.
    """

    def __init__(self, found: Pricing) -> None:
        self.found = found
        self.shown: Partly | None = None
        self._depths = Depths(found)
        by_code = {p.code: p for p in found.prices}
        order = [bar.code for bar in found.joint.waterfall] if found.joint is not None else []
        self.sliders = {code: HowFar(by_code[code], self._show) for code in order}
        self.told, self.drawn, self.listed = (widgets.HTML() for _ in range(3))
        self.none = widgets.Button(description="Repair nothing", tooltip="Put every slider to 0 %")
        self.all = widgets.Button(description="Repair all", tooltip="Put every slider to 100 %")
        self.none.on_click(lambda _: self.put(0))
        self.all.on_click(lambda _: self.put(100))
        super().__init__([self._head(), self.told, self._body()])
        self.add_class("what-if")
        self._show()

    def put(self, percent: int) -> None:
        """Put every slider to one value."""
        for slider in self.sliders.values():
            slider.put(percent)
        self._show()

    def _head(self) -> widgets.Widget:
        head = f"<h2 class='what-if-head'>{html.escape(self.found.client)}</h2>"
        note = f"What its findings cost, {self.found.currency} a month; {self.found.period}."
        return widgets.HTML(f"{STYLE}{head}<p class='what-if-quiet'>{html.escape(note)}</p>")

    def _body(self) -> widgets.Widget:
        left = widgets.VBox([*self.sliders.values(), *([self.none, self.all] if self.sliders else [])])
        right = widgets.VBox([self.drawn, self.listed, widgets.HTML(_without(self.found))])
        left.add_class("what-if-left")
        right.add_class("what-if-right")
        body = widgets.HBox([left, right])
        body.add_class("what-if-body")
        return body

    def _show(self) -> None:
        joint, currency = self.found.joint, self.found.currency
        if joint is None:
            self.told.value = "<p class='what-if-told' role='status'>Nothing could be priced.</p>"
            return
        now = self._depths({code: slider.value for code, slider in self.sliders.items()})
        self.shown = now
        said = (
            f"Repaired so far, {money(now.total.value)} {currency} a month are saved ({now.total.between}, 90 %), "
            f"of {money(joint.total.value)}."
        )
        self.told.value = f"<p class='what-if-told' role='status'>{html.escape(said)}</p>"
        self.drawn.value = steps(now.waterfall, currency, joint.waterfall[-1].after)
        self.listed.value = self._table(now)

    def _table(self, now: Partly) -> str:
        head = "".join(
            f"<th scope='col'>{name}</th>"
            for name in ("Finding", "Repaired", "Saved alone", "90 % interval", "Added here")
        )
        rows = "".join(
            f"<tr><th scope='row'>{html.escape(self.sliders[bar.code].label)}</th>"
            f"<td>{self.sliders[bar.code].field.value} %</td><td class='now'>{money(now.alone[bar.code].value)}</td>"
            f"<td>{now.alone[bar.code].between}</td><td>{money(bar.saved)}</td></tr>"
            for bar in now.waterfall
        )
        caption = html.escape(f"{self.found.currency} a month, in the order of repair. {_sample(self.found)}")
        return (
            f"<div class='what-if-scroll'><table class='what-if-table'><caption>{caption}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def _sample(found: Pricing) -> str:
    if not found.months:
        return f"Computed, not simulated; seed {found.seed}."
    return (
        f"{counted(found.months, 'simulated month')} of each scenario, {found.contacts:,} contacts, seed {found.seed}. "
        f"{found.scenario_note}"
    )


def _without(found: Pricing) -> str:
    if not found.unpriced:
        return ""
    said = f"{counted(len(found.unpriced), 'finding')} without a price, which is not a price of 0."
    rows = "".join(
        f"<li>{html.escape(one.finding.code)}: {html.escape(one.reason)}"
        f"{html.escape(f'. Missing: {one.missing}') if one.missing else ''}.</li>"
        for one in found.unpriced
    )
    return f"<details class='what-if-quiet'><summary>{said}</summary><ul>{rows}</ul></details>"
