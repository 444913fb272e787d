"""What does staying cost over two years, what does switching, and what must be true for either?

Both are distributions over the same draws; nothing here says which is right (METHOD EXIT-15, RES-7, RES-8).
Staying keeps what the findings cost, less what is mended; switching pays for a parallel run and a ramp, and
carries along the causes that lie with the buyer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.catalogue import serves
from workbench.errors import CallError
from workbench.studies.pricing.doubts import Floats, Triangle
from workbench.studies.pricing.price import Amount, amount

MONTHS = 24
DRAWS = 20_000


@dataclass(frozen=True)
class Switch:
    """What is assumed of a switch; every range is grade A unless the caller knows better.

    Attributes
    ----------
    transition_weeks : METHOD CAD-11: 4 to 8 weeks.
    parallel_share : of the monthly cost of the floor that is paid a second time during the transition.
    ramp_weeks, ramp_loss : how long the new floor is slower, and by how much on average.
    one_time_months : contract, knowledge transfer and tools, in monthly costs of the floor.
    mended : share of the losses that staying mends; it takes `mending_months`.
    carried_over : share of the losses that goes along: causes on the buyer's side.
    """

    transition_weeks: Triangle = field(default=Triangle(4.0, 6.0, 8.0))
    parallel_share: Triangle = field(default=Triangle(0.3, 0.6, 1.0))
    ramp_weeks: Triangle = field(default=Triangle(6.0, 10.0, 16.0))
    ramp_loss: Triangle = field(default=Triangle(0.05, 0.12, 0.25))
    one_time_months: Triangle = field(default=Triangle(0.2, 0.5, 1.0))
    mended: Triangle = field(default=Triangle(0.2, 0.5, 0.8))
    mending_months: Triangle = field(default=Triangle(3.0, 6.0, 12.0))
    carried_over: Triangle = field(default=Triangle(0.3, 0.5, 0.8))


@dataclass(frozen=True)
class Choice:
    """Staying and switching over `months`, as distributions; amounts of the whole time.

    Attributes
    ----------
    stay, switch, difference : switching less staying; negative: switching costs less.
    switch_costs_less : share of the draws in which it does.
    parts : means of what switching costs, by part.
    for_staying, for_switching : what must be true, in sentences.
    mended_even : share of the losses that staying must mend to cost no more; None: even all of them.
    """

    months: int
    currency: str
    stay: Amount
    switch: Amount
    difference: Amount
    switch_costs_less: float
    parts: dict[str, float]
    mended_even: float | None
    for_staying: tuple[str, ...]
    for_switching: tuple[str, ...]
    draws: int

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "months": self.months, "currency": self.currency, "stay": self.stay.to_data(),
            "switch": self.switch.to_data(), "difference": self.difference.to_data(),
            "switch_costs_less": self.switch_costs_less, "parts": self.parts, "mended_even": self.mended_even,
            "for_staying": list(self.for_staying), "for_switching": list(self.for_switching),
            "draws": self.draws, "grade": "A",
        }  # fmt: skip


@serves("SIM-14", kind="calculator")
def cost_of_switching(
    labour: float, losses: Floats, u: Floats, switch: Switch, months: int
) -> dict[str, Floats]:
    """Return what a switch costs over some months, by part: arrays of shape (n,).

    Parameters
    ----------
    labour : monthly cost of the floor; losses : array of shape (n,), what findings cost a month today.
    u : array of shape (8, n): numbers in (0, 1), one row for each field of `switch`.
    """
    transition, share, ramp, loss, once, _, _, over = drawn(switch, u)
    before = transition * 12 / 52
    return {
        "losses until the change": losses * np.minimum(before, months),
        "parallel run": labour * share * before,
        "ramp of the new floor": labour * loss * ramp * 12 / 52,
        "contract, knowledge, tools": labour * once,
        "losses that go along": losses * over * np.maximum(months - before, 0.0),
    }


@serves("EXIT-15", "SIM-14", kind="calculator")
def stay_or_switch(
    labour: float,
    losses: Floats,
    currency: str,
    *,
    seed: int,
    switch: Switch | None = None,
    months: int = MONTHS,
) -> Choice:
    """Return staying and switching as distributions, with what must be true for either; never a verdict.

    Parameters
    ----------
    labour : monthly cost of the floor.
    losses : draws of what the findings cost a month together; resampled.

    Raises
    ------
    CallError
        without a cost of the floor, or without draws.
    """
    if not labour > 0 or not len(losses):
        raise CallError(f"labour {labour:g} and {len(losses)} draws of losses came. Both are needed.")
    way, rng = switch or Switch(), np.random.default_rng(seed)
    u = rng.random((8, DRAWS))
    lost = np.maximum(rng.choice(losses, DRAWS), 0.0)
    parts = cost_of_switching(labour, lost, u, way, months)
    gone = np.asarray(sum(parts.values()))
    *_, mended, until, _ = drawn(way, u)
    kept = _staying(lost, mended, until, months)
    difference = gone - kept
    even = _mended_even(lost, until, gone, months)
    return Choice(
        months, currency, amount(kept), amount(gone), amount(difference), float((difference < 0).mean()),
        {name: float(values.mean()) for name, values in parts.items()}, even,
        _for_staying(even, way), _for_switching(way, lost, labour), DRAWS,
    )  # fmt: skip


def drawn(switch: Switch, u: Floats) -> tuple[Floats, ...]:
    """Return the values of every field of `switch` at `u`, in the order of the fields."""
    return tuple(
        getattr(switch, name).at(row) for name, row in zip(switch.__dataclass_fields__, u, strict=True)
    )


def _staying(losses: Floats, mended: Floats, until: Floats, months: int) -> Floats:
    """Return the losses of staying: mended evenly over `until` months, then as low as that."""
    ramp = np.minimum(until, months)
    return np.asarray(losses * (months - mended * (months - ramp / 2)))


def _mended_even(losses: Floats, until: Floats, gone: Floats, months: int) -> float | None:
    worth = float((losses * (months - np.minimum(until, months) / 2)).mean())
    excess = float((losses * months).mean() - gone.mean())
    if worth <= 0 or excess > worth:
        return None
    return max(excess / worth, 0.0)


def _for_staying(even: float | None, way: Switch) -> tuple[str, ...]:
    first = (
        "Even with all of it mended, staying costs more on average than this switch does."
        if even is None
        else f"At least {even:.0%} of the losses is mended on average, within {way.mending_months.low:.0f} to "
        f"{way.mending_months.high:.0f} months."
        if even > 0
        else "Nothing need be mended for staying to cost no more on average."
    )
    return (first, "The vendor acts on what it agrees (RES-1), and the causes can be located (RES-2).")


def _for_switching(way: Switch, losses: Floats, labour: float) -> tuple[str, ...]:
    return (
        f"No more than {way.carried_over.high:.0%} of the losses goes along: the buyer's own causes are mended in "
        "the plan (RES-7).",
        f"The transition takes {way.transition_weeks.low:.0f} to {way.transition_weeks.high:.0f} weeks (assumed), and "
        "the incumbent is obliged to take part (EXIT-13).",
        f"The new floor brings no losses of its own: today's are {losses.mean() / labour:.0%} of its monthly cost.",
    )
