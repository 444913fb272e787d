"""What does a paid hour cost where a client handed over too little to say? An assumed range, said as such (grade A).

Data packs A and B hold no wage (METHOD 0). Without any amount nothing of such a client could be told in money, and
with a single one it would look known; so it is a range from what an hour costs offshore to what it costs at home.
"""

from __future__ import annotations

from workbench.studies.pricing.basis import Pay
from workbench.studies.pricing.doubts import Triangle

BY_CURRENCY: dict[str, Triangle] = {
    "AUD": Triangle(8.0, 28.0, 42.0),
    "CAD": Triangle(7.0, 21.0, 34.0),
    "CHF": Triangle(6.0, 27.0, 42.0),
    "EUR": Triangle(5.0, 16.0, 28.0),
    "GBP": Triangle(4.0, 14.0, 24.0),
    "NZD": Triangle(8.0, 27.0, 40.0),
    "USD": Triangle(5.0, 17.0, 28.0),
}
"""Pay of an agent's hour with the employer's charges: low as offshore, likely as the usual pay where the currency is
used, high as skilled staff there. Ours, assumed (grade A), to be replaced by --pay or a table."""


def assumed_pay(currency: str) -> Pay | None:
    """Return an assumed pay; None for a currency of which nothing is assumed."""
    one = BY_CURRENCY.get(currency)
    if one is None:
        return None
    factor = Triangle(one.low / one.likely, 1.0, one.high / one.likely)
    source = f"no table says it in {currency}: from {one.low:g} offshore to {one.high:g} at home"
    return Pay(one.likely, factor, source, "A")
