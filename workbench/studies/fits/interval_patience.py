"""How long do customers wait before they give up, as far as interval counts tell, and do they agree?

Staffing, volume and handle time give with Erlang A the mean of patience that makes as many give up as did. Where no
patience does, staffing does not explain who gave up; then patience is the mean wait of all over the share that gives
up, which is exact for exponential patience whatever the staffing (Garnett, Mandelbaum and Reiman 2002: the rate of
giving up is the number in line over mean patience). The speed of answer was not needed for the first, so that it is
a witness: where Erlang A has another one, what is recorded contradicts itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from workbench.metrics.columns import numbers
from workbench.queueing import QueueFigures, erlang_a
from workbench.studies.fits.log import Bools, Floats

RANGE_S = (5.0, 36_000.0)
SHAPE = 2.0
"""Waits go with (1 + cv²) / 2 of handle times (Allen and Cunneen): an unknown shape may halve or double them."""
SHORT_S = 5.0
"""Waits that differ by less are called alike. [s]"""
TOO_MANY = "staffed counts people who are not available for contacts (breaks, meetings, other queues)"
TOO_FEW = "staffed leaves out people who take contacts, from other queues for example"


@dataclass(frozen=True)
class Counted:
    """Rows of interval counts of one queue: arrays of one length, NaN where nothing is recorded.

    Attributes
    ----------
    offered, answered, abandoned : contacts.
    asa_s : mean wait of the answered. [s]
    people : at work on average.
    """

    offered: Floats
    answered: Floats
    abandoned: Floats
    asa_s: Floats
    people: Floats

    @classmethod
    def of(cls, part: pd.DataFrame, length_s: float) -> Counted:
        """Return the rows of a table; who was not abandoned was answered where nobody counts the answered."""
        offered, answered, left = (numbers(part, name) for name in ("offered", "answered", "abandoned"))
        answered = np.where(np.isnan(answered), np.maximum(offered - left, 0.0), answered)
        return cls(offered, answered, left, numbers(part, "asa_s"), numbers(part, "staffed_s") / length_s)

    @property
    def abandon_rate(self) -> float:
        """Abandoned over offered where both are known; NaN where nothing is."""
        known = ~np.isnan(self.abandoned) & (self.offered > 0)
        return float(self.abandoned[known].sum() / self.offered[known].sum()) if known.any() else float("nan")

    @property
    def mean_wait_answered_s(self) -> float:
        """The mean of asa_s over the answered; NaN where nothing is known. [s]"""
        known = self.waits
        return (
            float(np.average(self.asa_s[known], weights=self.answered[known]))
            if known.any()
            else float("nan")
        )

    @property
    def waits(self) -> Bools:
        """Rows that tell a speed of answer."""
        return np.asarray(~np.isnan(self.asa_s) & (self.answered > 0))


@dataclass(frozen=True)
class Patience:
    """Mean patience, where it is from, and what contradicts what.

    Attributes
    ----------
    mean_s : None where customers wait for ever. [s]
    how, grade : in words.
    failed : the bound at which Erlang A still has too few ("shortest") or too many ("longest") give up; else "".
    contradiction : what is recorded and cannot be true together; "" where it can.
    """

    mean_s: float | None
    how: str
    grade: str = "A"
    failed: str = ""
    contradiction: str = ""


def patience_of(rows: Counted, aht_s: float, length_s: float, staffed: bool) -> Patience:
    """Return the patience of a queue.

    Parameters
    ----------
    staffed : people are recorded; else they are assumed, and contradict nothing.
    """
    if np.isnan(rows.abandon_rate):
        return Patience(None, "abandonments are not recorded: customers wait for ever.")
    if not rows.abandon_rate:
        return Patience(None, "nobody gave up: customers wait for ever.")
    use = ~np.isnan(rows.abandoned) & (rows.offered > 0) & (rows.people >= 1.0)
    found, failed = None, ""
    if use.any():
        found, failed = _of_erlang(rows, use, aht_s, length_s)
    by_wait = _of_waits(rows)
    contradiction = _contradiction(rows, use, aht_s, length_s, found, failed, by_wait) if staffed else ""
    if found is not None and not failed:
        return Patience(
            found, f"patience of {found:.0f} s on average is that of Erlang A.", "A", "", contradiction
        )
    why = {
        "shortest": f"at this staffing even {RANGE_S[0]:.0f} s of patience would make fewer give up",
        "longest": f"at this staffing even {RANGE_S[1] / 3600:.0f} h of patience would make more give up",
        "": "no interval has abandonments, contacts and people",
    }[failed]
    if by_wait is None:
        how = f"abandonments do not say how long customers wait ({why}; no speed of answer): they wait for ever."
        return Patience(None, how, "A", failed, contradiction)
    how = (
        f"patience of {by_wait:.0f} s on average is the mean wait over the share that gave up, exact if it is "
        f"exponential; those who gave up are taken to have waited as long as the answered ({why})."
    )
    return Patience(by_wait, how, "A", failed, contradiction)


def _told(
    rows: Counted, use: Bools, aht_s: float, length_s: float, patience_s: float, times: float = 1.0
) -> QueueFigures:
    people = np.maximum(rows.people[use] * times, 1.0)
    return erlang_a(rows.offered[use] * 3600.0 / length_s, aht_s, people, patience_s, 20.0)


def _of_erlang(rows: Counted, use: Bools, aht_s: float, length_s: float) -> tuple[float | None, str]:
    target = float(rows.abandoned[use].sum())

    def excess(log_patience: float) -> float:
        told = _told(rows, use, aht_s, length_s, float(np.exp(log_patience)))
        return float((told.p_abandon * rows.offered[use]).sum()) - target

    low, high = (float(np.log(s)) for s in RANGE_S)
    if excess(low) < 0:
        return None, "shortest"
    if excess(high) > 0:
        return None, "longest"
    return float(np.exp(brentq(excess, low, high, xtol=1e-3))), ""


def _of_waits(rows: Counted) -> float | None:
    """Return the mean wait over the share that gives up; None where either is not known or nobody waits."""
    use = rows.waits & ~np.isnan(rows.abandoned) & (rows.offered > 0)
    left = float(rows.abandoned[use].sum())
    if not left:
        return None
    wait = float(np.average(rows.asa_s[use], weights=rows.answered[use]))
    return wait * float(rows.offered[use].sum()) / left or None


def _contradiction(
    rows: Counted, use: Bools, aht_s: float, length_s: float, patience_s: float | None, failed: str,
    by_wait: float | None,
) -> str:  # fmt: skip
    if not use.any():
        return ""
    people = float(np.average(rows.people[use], weights=rows.offered[use]))
    share = float(rows.abandoned[use].sum() / rows.offered[use].sum())
    asa = rows.mean_wait_answered_s
    known = f"speed of answer {asa:.1f} s" if not np.isnan(asa) else "speed of answer not known"
    sample = f"{int(rows.offered[use].sum()):,} contacts, {int(use.sum()):,} intervals"
    what = ""
    if failed:
        told, longest = (
            _told(rows, use, aht_s, length_s, s) for s in (RANGE_S[failed == "longest"], RANGE_S[1])
        )
        least = float(np.average(told.p_abandon, weights=rows.offered[use]))
        most = "at most" if failed == "shortest" else "at least"
        wait = float(np.average(longest.mean_wait_s_all, weights=rows.offered[use]))
        what = (
            f"with {people:.1f} people and {aht_s:.0f} s of handle time Erlang A has {most} {least:.2%} give up and at "
            f"most {wait:.1f} s of waiting under any patience of {RANGE_S[0]:.0f} s to {RANGE_S[1] / 3600:.0f} h"
        )
    elif patience_s is not None and not np.isnan(asa):
        use = use & rows.waits
        told = _told(rows, use, aht_s, length_s, patience_s)
        answered = (1.0 - told.p_abandon) * rows.offered[use]
        wait = (
            float(np.average(np.nan_to_num(told.mean_wait_s_served), weights=answered))
            if answered.any()
            else asa
        )
        if abs(wait - asa) > SHORT_S and not 1 / SHAPE <= wait / max(asa, 1e-9) <= SHAPE:
            what = (
                f"with {people:.1f} people, {aht_s:.0f} s of handle time and so many giving up, Erlang A has a speed "
                f"of answer of {wait:.1f} s, more than the unknown shape of handle times explains"
            )
    if not what:
        return ""
    would = _would_be(rows, aht_s, length_s, by_wait)
    fits, why = "", f"{TOO_MANY} or leaves some out"
    if would is not None:
        fits = f" About {would * people:.1f} people available would fit both."
        why = TOO_MANY if would < 1 else TOO_FEW
    return (
        f"staffing, speed of answer and abandonment contradict one another: recorded are abandonment {share:.2%} and "
        f"{known} ({sample}), and {what}.{fits} Likely {why}, or abandonment and speed of answer are counted over "
        "other contacts than offered."
    )


def _would_be(rows: Counted, aht_s: float, length_s: float, patience_s: float | None) -> float | None:
    """Return by what people would have to be multiplied for Erlang A to agree with both; None if nothing does."""
    use = rows.waits & ~np.isnan(rows.abandoned) & (rows.offered > 0) & (rows.people >= 1.0)
    if patience_s is None or not use.any():
        return None
    target = float(rows.abandoned[use].sum())

    def excess(log_times: float) -> float:
        told = _told(rows, use, aht_s, length_s, patience_s, float(np.exp(log_times)))
        return float((told.p_abandon * rows.offered[use]).sum()) - target

    low, high = float(np.log(0.1)), float(np.log(10.0))
    if excess(low) < 0 or excess(high) > 0:
        return None
    return float(np.exp(brentq(excess, low, high, xtol=1e-3)))
