"""Does the panel of prices say what the package says, at every depth of repair, and within a second?"""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ElementTree

import pytest

from tests.studies.pricing.prices import assessed, floor, found, measured, roster
from workbench.panels.prices import PricesPanel, prices_panel
from workbench.studies.pricing.study import Pricing, price
from workbench.wording import money


@pytest.fixture(scope="module")
def pricing() -> Pricing:
    return price(
        assessed(
            found("FM-2", measured("contacts escalated", 0.30, 0.10, n=5000)),
            found("VIS-6", measured("attrition a year", 0.9, 0.3, n=9, unit="per year", interval=(0.4, 1.7))),
            found("RISK-1", measured("access reviews held", 0.2, 1.0)),
            hris=roster(30),
        ),
        floor(escalated=0.30), seed=4, months=3,
    )  # fmt: skip


@pytest.fixture
def panel(pricing: Pricing) -> PricesPanel:
    return PricesPanel(pricing)


def bars(panel: PricesPanel) -> dict[str, float]:
    """Return what each step saves, read back from the picture."""
    svg = ElementTree.fromstring(panel.drawn.value)
    span = float(svg.get("data-high", "nan")) - float(svg.get("data-low", "nan"))
    return {
        r.get("data-code", ""): float(r.get("width", "nan")) / (640 - 16) * span for r in svg.iter("rect")
    }


def test_it_begins_with_everything_repaired(panel: PricesPanel, pricing: Pricing) -> None:
    """The total with its interval; steps as high as those of the study; what has no price with its reason."""
    assert pricing.joint is not None
    total = pricing.joint.total

    assert f"{money(total.value)} EUR a month are saved" in panel.told.value
    assert f"({money(total.low)} to {money(total.high)}, 90 %)" in panel.told.value
    assert bars(panel) == pytest.approx({b.code: b.saved for b in pricing.joint.waterfall}, rel=0.01)
    assert "RISK-1" in panel.children[2].children[1].children[2].value


def test_a_slider_moves_its_own_price_alone(panel: PricesPanel, pricing: Pricing) -> None:
    """Half of the way is what the price's own curve says; the field follows, and so does the picture.

    As long as the floor is as large as today; with fewer contacts passed on it is smaller, and so is what leavers cost.
    """
    one = next(p for p in pricing.prices if p.code == "VIS-6")
    before = bars(panel)
    panel.sliders["VIS-6"].handle.value = 50
    after = bars(panel)

    assert 50 == panel.sliders["VIS-6"].field.value
    assert before["FM-2"] == pytest.approx(after["FM-2"], rel=0.01)
    assert 0.5 * before["VIS-6"] == pytest.approx(after["VIS-6"], rel=0.02)
    assert one.at(0.5).value > after["VIS-6"]
    panel.sliders["FM-2"].handle.value = 0
    assert one.at(0.5).value == pytest.approx(bars(panel)["VIS-6"], rel=0.01)
    panel.sliders["FM-2"].handle.value = 100
    assert money(one.at(0.5).value) in panel.listed.value


def test_nothing_repaired_is_exactly_nothing(panel: PricesPanel) -> None:
    """And everything again is the beginning."""
    begun = panel.told.value
    panel.none.click()
    assert "far, 0 EUR a month are saved (0 to 0, 90 %)" in panel.told.value
    panel.all.click()

    assert begun == panel.told.value


def test_it_answers_within_a_second(panel: PricesPanel) -> None:
    """Twenty values of a slider that nobody asked for before; the slowest counts."""
    slowest = 0.0
    for percent in range(1, 21):
        begun = time.perf_counter()
        panel.sliders["FM-2"].field.value = percent
        slowest = max(slowest, time.perf_counter() - begun)

    assert slowest < 1.0


def test_sliders_and_picture_have_names_for_screen_readers(panel: PricesPanel) -> None:
    """Every field says which finding it is of; the picture says its steps in words."""
    for code, slider in panel.sliders.items():
        assert re.match(rf"{code} .*, % repaired$", slider.field.description)
        assert slider.handle.tooltip
    label = ElementTree.fromstring(panel.drawn.value).get("aria-label", "")
    assert "EUR a month in the order of repair" in label
    assert all(code in label for code in panel.sliders)


def test_where_nothing_has_a_price_it_says_so(tmp_path: object) -> None:
    """No sliders, the reasons, and a mistaken call in a sentence instead of a traceback."""
    none = prices_panel(price(assessed(found("RISK-1", measured("held", 0.2, 1.0))), None, seed=1))

    assert "Nothing could be priced" in none.told.value
    assert {} == none.sliders
    assert "role='alert'" in prices_panel(str(tmp_path), pay="many").value
