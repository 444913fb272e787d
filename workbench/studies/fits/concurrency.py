"""How many contacts of a channel has an agent in hand at once, and how much longer do they then take?

Counted among the agents' own contacts. Where contacts waited and nobody ever had two in hand, agents take one
at a time, whatever the channel is called; where nothing waited, nobody needed to take a second one and the log
cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.metrics.columns import SECOND_US
from workbench.sim.arrivals import CHANNELS
from workbench.studies.fits.gaps import QUICK_S
from workbench.studies.fits.log import Log

RARE = 0.01
"""A smaller share of contacts taken with so many in hand is a slip of the log."""
FEWEST = 200
"""Contacts of a channel below which nothing is counted."""
FEWEST_WAITED = 30
FEWEST_ALIKE = 30
"""Contacts with so many in hand below which they are taken to last as with one fewer."""
TOUCHING_US = 2 * SECOND_US
"""Two contacts of an agent that overlap by less follow on one another."""
_WIDE = np.int64(1) << np.int64(47)


@dataclass(frozen=True)
class InHand:
    """Contacts of one channel that an agent has in hand at once.

    Attributes
    ----------
    most : of them at once.
    stretch : handle time with 1, 2, ... in hand when a contact is taken, over that with one.
    usual : mean of `stretch` over the contacts; the recorded mean handle time holds it.
    n, waited : contacts counted, and those of them that had waited.
    """

    channel: str
    most: int
    stretch: tuple[float, ...]
    usual: float
    n: int
    waited: int

    def data(self) -> dict[str, Any]:
        """Return the channel as a scenario writes it, with all else as it is by default."""
        usual = CHANNELS[self.channel].model_dump(mode="json", exclude_defaults=True)
        stretch = [round(x, 4) for x in self.stretch] if self.most > 1 else []
        return {**usual, "concurrency": self.most, "stretch": stretch}


def fit_concurrency(log: Log) -> tuple[InHand, ...]:
    """Return what the log tells of each channel of which an agent may have several contacts in hand."""
    found = []
    for name in sorted({line.channel for line in log.lines}):
        if name in CHANNELS and CHANNELS[name].concurrency > 1:
            one = _of_channel(log, name)
            if one is not None:
                found.append(one)
    return tuple(found)


def _of_channel(log: Log, name: str) -> InHand | None:
    lines = [i for i, line in enumerate(log.lines) if line.channel == name]
    rows = log.rows[log.rows["line"].isin(lines)]
    waited = int((rows["wait_s"] > QUICK_S).sum())
    rows = rows[rows["answered"] & (rows["agent"] >= 0)]
    if len(rows) < FEWEST:
        return None
    zero_us = int(rows["left_us"].min())
    agent = rows["agent"].to_numpy() * _WIDE
    start, end = agent + rows["left_us"].to_numpy() - zero_us, agent + rows["free_us"].to_numpy() - zero_us
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    begun = np.arange(1, len(start) + 1)
    in_hand = begun - np.searchsorted(np.sort(end), start + TOUCHING_US, side="right")
    # of a contact shorter than the tolerance the end lies before its own start is over
    in_hand = np.maximum(in_hand, 1)
    share = np.bincount(in_hand) / len(in_hand)
    most = int(np.flatnonzero(np.cumsum(share[::-1])[::-1] >= RARE)[-1])
    if most < CHANNELS[name].concurrency and waited < FEWEST_WAITED:
        return None
    took = (end - start).astype(float)
    level = np.minimum(in_hand, most)
    stretch = [1.0]
    for n in range(2, most + 1):
        enough = (level == n).sum() >= FEWEST_ALIKE and (level == 1).sum() >= FEWEST_ALIKE
        stretch.append(float(took[level == n].mean() / took[level == 1].mean()) if enough else stretch[-1])
    usual = float(np.mean(np.array(stretch)[level - 1]))
    return InHand(name, most, tuple(stretch), usual, len(rows), waited)


def notes_on(found: tuple[InHand, ...]) -> list[tuple[str, str]]:
    """Return what is known of contacts in hand: pairs of text and grade."""
    notes = []
    for one in found:
        if one.most == 1:
            said = (
                f"one at a time: in {one.n:,} contacts nobody had two in hand, although {one.waited:,} waited"
            )
        else:
            longer = f"with {one.most} in hand they take {one.stretch[-1]:.2f} times as long"
            said = f"up to {one.most} at once in {one.n:,} contacts; {longer}"
        notes.append((f"{one.channel}: {said}.", "M"))
    return notes
