"""How are prices simulated as long as it takes? Months are added until their own error is small."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.curve import Curve, points
from workbench.studies.pricing.doubts import Draws, Floats, Triangle, draws
from workbench.studies.pricing.floor import EFFECTS, Floor
from workbench.studies.pricing.price import (
    Price,
    dearer,
    lines_of_pay,
    priced,
    saving_by_curve,
    saving_by_sum,
)
from workbench.studies.pricing.rule import Counted, Moved

DRAWS = 4000
FIRST_MONTHS, MOST_MONTHS = 12, 96
PRECISION = 0.10
"""Half-width of the simulation's own error, over the largest price, at which no more months are simulated."""
NOTHING = 0.001
"""Of the monthly cost of labour: below it a price is not worth more months."""
POINTS, POINTS_OF_HOURS = 5, 3
"""Values of a parameter that are simulated; of hours that come back fewer, since most are worth more as pay."""


def simulated_and_counted(
    floor: Floor | None, moved: Mapping[str, tuple[str, Moved]], counted: Sequence[tuple[str, Counted]],
    basis: Basis, seed: int, months: int | None, tell: Callable[[str], None],
) -> tuple[tuple[Price, ...], float]:  # fmt: skip
    """Return prices, the largest first, and how wide the simulation's own error is against the largest.

    Hours that are certainly worth more as pay than as service are settled after the first months.
    """
    factor = basis.pay.factor if basis.pay else Triangle(1.0, 1.0, 1.0)
    stream = {code: i for i, code in enumerate(sorted([*moved, *(s.code for _, s in counted)]))}

    def drawn(code: str, n: int) -> Draws:
        return draws(DRAWS, n, seed, stream[code])

    pay_grade = basis.pay.grade if basis.pay else None

    def summed(rule: str, one: Counted) -> Price:
        d = drawn(one.code, 2)
        return priced(
            rule, one, saving_by_sum(one, factor.at), d, basis.currency, pay_grade=pay_grade,
            pay_lines=lines_of_pay(partial(saving_by_sum, one), d),
        )  # fmt: skip

    sums = [summed(rule, one) for rule, one in counted]
    settled: dict[str, Price] = {}
    made: list[Price] = []
    width, n = 0.0, months or FIRST_MONTHS
    grids = {code: _grid(one, drawn(code, 2)) for code, (_, one) in moved.items()}
    if floor is not None:
        floor.extend(n)
    while floor is not None and moved:
        floor.extend(n)
        made, widest = [], 0.0
        for code, (rule, one) in sorted(moved.items()):
            if code in settled:
                continue
            curve = _curve(floor, code, grids[code], one.today)
            saving, d = saving_by_curve(one, curve, factor.at), drawn(code, n)
            found = priced(
                rule, one, saving, d, basis.currency, basis.graded(one.acts), pay_grade,
                lines_of_pay(partial(saving_by_curve, one, curve), d),
            )  # fmt: skip
            held = one.held()
            if held is not None:
                other = summed(rule, held)
                sure = found.amount.high + 2 * _own_error(curve, found) < other.amount.value
                found = dearer(found, other, _beside(one, drawn(code, 2), factor.at))
                if sure:
                    settled[code] = found
                    continue
            made.append(found)
            if found.way == "simulated":
                widest = max(widest, _own_error(curve, found))
        largest = max((abs(p.amount.value) for p in (*made, *sums, *settled.values())), default=0.0)
        wanted = max(PRECISION * largest, NOTHING * (basis.labour or 0.0))
        width = widest / largest if largest else 0.0
        tell(f"{n} months: half-width {widest:,.0f} of {wanted:,.0f} wanted, {floor.contacts:,} contacts")
        if months is not None or widest <= wanted or n >= MOST_MONTHS:
            break
        n = min(2 * n, MOST_MONTHS)
    whole = (*made, *settled.values(), *sums)
    return tuple(sorted(whole, key=lambda p: (-p.amount.value, p.code))), width


def _beside(one: Moved, drawn: Draws, pay: Callable[[Floats], Floats]) -> Floats:
    """Return draws of what is saved besides hours: an array of shape (n,)."""
    if one.beside is None:
        return np.zeros_like(drawn.finding)
    alone = Counted(one.findings, one.title, one.reading, one.mapping, one.path, one.beside)
    return np.asarray(sum(saving_by_sum(alone, pay)(drawn, 1.0).values()))


def _grid(one: Moved, drawn: Draws) -> Floats:
    m, k = one.reading.at(drawn.finding), one.mapping.factor.at(drawn.mapping)
    values = np.concatenate(one.ends(m, np.full_like(m, one.reading.aimed), k))
    most = POINTS if one.instead is None else POINTS_OF_HOURS
    return points(one.today, np.clip(values, one.least, one.most), most)


def _curve(floor: Floor, code: str, at: Floats, today: float) -> Curve:
    saved = [floor.saved({code: float(v)}) for v in at]
    return Curve(at, {name: np.stack([s[name] for s in saved], axis=1) for name in EFFECTS}, today)


def _own_error(curve: Curve, found: Price) -> float:
    """Return the half-width at 90 % that the simulation alone gives a price."""
    months = np.sum([curve.saved[name] for name in EFFECTS], axis=0)
    at = int(np.abs(curve.at - (found.target if found.target is not None else curve.at[0])).argmin())
    return 1.645 * float(months[:, at].std(ddof=1)) / float(np.sqrt(len(months)))
