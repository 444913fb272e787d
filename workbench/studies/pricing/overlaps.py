"""What do prices save less together than added up, where no simulation says so? Nothing may count twice.

Parameters of the scenario are simulated together (`together.py`). What is computed without contacts overlaps by rule:

- a floor that is smaller by one repair (hours freed with service held) is smaller for every other one: shares of its
  hours multiply, so that a tenth and a tenth save 19 %;
- leavers who stay need no successor, who then neither waits for access nor ramps up;
- where two prices speak of the same whole (`Whole`), the larger holds the smaller: leavers after wrong pay are among
  those beyond the usual, a fall in resolution that lasts is one of the drifts that a slow routine lets last;
- credits that better service no longer earns cannot also be open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.studies.pricing.doubts import Floats
from workbench.studies.pricing.price import Price
from workbench.studies.pricing.rule import LINES, Line, Part

LINES_OF: dict[str, tuple[Line, ...]] = {
    "leavers": LINES,
    "drifts": ("repeat handling",),
    "credits": ("penalty",),
}
"""The money lines in which two parts of a whole meet. Every price with credits in it is a part of those."""
HOURS: tuple[Line, ...] = ("labour", "repeat handling")


@dataclass(frozen=True)
class Piece:
    """What of a price decides how it overlaps.

    Attributes
    ----------
    lines : share of each money line in its amount.
    amount : its mean.
    """

    computed: bool
    part: Part
    lines: Mapping[Line, float]
    amount: float

    def of(self, lines: Iterable[Line]) -> float:
        """Return the share of some lines in its amount."""
        return sum(self.lines.get(line, 0.0) for line in lines)


@dataclass(frozen=True)
class Overlaps:
    """How much less some prices save together than added up, beyond what was simulated together.

    labour : draws of what all paid hours of a month cost, shape (n,); None: not known, and shares do not multiply.
    """

    pieces: Mapping[str, Piece]
    labour: Floats | None

    def __call__(self, amounts: Mapping[str, Floats]) -> Floats:
        """Return what is counted twice when these amounts are added up.

        Parameters
        ----------
        amounts : by code, draws of what is saved; arrays of shape (n,). Codes not in it are not repaired.
        """
        left = {code: np.asarray(x, np.float64) for code, x in amounts.items() if code in self.pieces}
        if len(left) < 2:
            return np.zeros(np.shape(next(iter(amounts.values()), np.zeros(1))))
        whole = np.sum(list(left.values()), axis=0)
        for name, lines in LINES_OF.items():
            self._one_whole(name, lines, left)
        fewer = np.sum([self._hires_fewer(code, x) for code, x in left.items()], axis=0)
        for code in left:
            if self.pieces[code].part.grows_with == "hires":
                left[code] = left[code] * (1.0 - np.clip(fewer, 0.0, 1.0))
        return np.asarray(whole - self._on_a_smaller_floor(left))

    def _hires_fewer(self, code: str, x: Floats) -> Floats:
        piece = self.pieces[code]
        return piece.part.hires_fewer * x / piece.amount if piece.amount else np.zeros_like(x)

    def _one_whole(self, name: str, lines: tuple[Line, ...], left: dict[str, Floats]) -> None:
        """Take off what several parts of a whole have in common: the largest is left whole, the others lose theirs."""
        share = {
            code: self.pieces[code].of(lines)
            for code in left
            if name in self.pieces[code].part.within or name == "credits"
        }
        mine = {code: np.maximum(s * left[code], 0.0) for code, s in share.items() if s > 0}
        # credits are simulated together already, so that those of all simulated prices are one block
        one = [code for code in mine if name == "credits" and not self.pieces[code].computed]
        blocks = [[code] for code in mine if code not in one]
        blocks += [one] if one else []
        if len(blocks) < 2:
            return
        largest = np.argmax([np.sum([mine[code] for code in block], axis=0) for block in blocks], axis=0)
        for place, block in enumerate(blocks):
            for code in block:
                left[code] = np.where(largest == place, left[code], left[code] - mine[code])

    def _on_a_smaller_floor(self, left: Mapping[str, Floats]) -> Floats:
        """Return what is saved together when each repair meets the floor that the others leave."""
        if self.labour is None:
            return np.asarray(np.sum(list(left.values()), axis=0))
        n = len(next(iter(left.values())))
        labour = self.labour[:n] if len(self.labour) >= n else np.full(n, float(self.labour.mean()))
        hours = {
            code: self.pieces[code].of(HOURS) * x
            for code, x in left.items()
            if self.pieces[code].part.grows_with
        }
        shares = {code: np.clip(h / labour, -1.0, 0.999) for code, h in hours.items()}
        simulated = np.zeros(n) + np.sum(
            [s for code, s in shares.items() if not self.pieces[code].computed], axis=0
        )
        computed = [s for code, s in shares.items() if self.pieces[code].computed]
        rest = np.prod([1.0 - s for s in computed], axis=0) if computed else np.ones(n)
        smaller = (1.0 - np.clip(simulated, -1.0, 0.999)) * rest
        saved = np.zeros(n)
        for code, x in left.items():
            piece = self.pieces[code]
            if not piece.computed or not piece.part.grows_with:
                saved = saved + x
            else:
                saved = saved + (x - hours[code]) * smaller / (1.0 - shares[code])
        return np.asarray(saved + labour * (1.0 - np.clip(simulated, -1.0, 0.999)) * (1.0 - rest))


def overlaps_of(prices: Sequence[Price], labour: Floats | None) -> Overlaps:
    """Return how prices overlap that no simulation holds together.

    labour : draws of what all paid hours of a month cost, in the order of the prices' own draws.
    """
    pieces = {}
    for p in prices:
        whole = p.amount.value
        lines = {line: a.value / whole for line, a in p.lines.items()} if whole else {}
        pieces[p.code] = Piece(p.way == "computed", p.part, lines, whole)
    return Overlaps(pieces, labour)
