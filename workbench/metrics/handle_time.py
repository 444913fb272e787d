"""How long does a contact take an agent, and which part of it: talk, hold, after-contact work?

A part that a log never records is left out of the sum, and the formula says so; it is not zero. A
contact that lacks a part which others have is left out. Where one agent holds several chats at a
time, handle times overlap: they are time per contact, not agent time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.metrics import estimate
from workbench.metrics.columns import Floats, numbers
from workbench.metrics.contact_outcome import ANSWERED, codes_and_waits
from workbench.metrics.measure import Measure
from workbench.once import once_per_table

PARTS: Mapping[str, str] = {"talk_s": "talk", "hold_s": "hold", "acw_s": "after-contact work"}
CONCURRENT_CHANNELS = ("chat", "messaging", "email", "back office")


@dataclass(frozen=True)
class HandleTime:
    """Handle time of the answered contacts whose recorded parts are all known. [s]"""

    rows: np.ndarray
    """Positions of those contacts in the table."""
    parts: Mapping[str, Floats]
    not_recorded: tuple[str, ...]
    left_out: int
    """Answered contacts that lack a part that others have."""

    @property
    def handle_s(self) -> Floats:
        """The sum of the recorded parts, one for each of `rows`. [s]"""
        return np.asarray(np.sum([*self.parts.values(), np.zeros(len(self.rows))], axis=0))

    @property
    def formula(self) -> str:
        """What is summed, as a reader would write it."""
        said = " + ".join(PARTS[name] for name in self.parts) or "nothing"
        if self.not_recorded:
            said += f" ({', '.join(PARTS[n] for n in self.not_recorded)} not recorded)"
        return said


@once_per_table
def handle_time(contacts: pd.DataFrame) -> HandleTime:
    """Return the handle time of every answered contact, with what could not be summed."""
    codes, _ = codes_and_waits(contacts)
    answered = codes == ANSWERED
    values = {name: numbers(contacts, name) for name in PARTS}
    recorded = {name: v for name, v in values.items() if not np.isnan(v[answered]).all()}
    use = answered.copy()
    for value in recorded.values():
        use &= ~np.isnan(value)
    if not recorded:
        use &= False
    return HandleTime(
        rows=np.flatnonzero(use),
        parts={name: v[use] for name, v in recorded.items()},
        not_recorded=tuple(name for name in PARTS if name not in recorded),
        left_out=int(answered.sum() - use.sum()),
    )


def aht(contacts: pd.DataFrame, *, scope: str = "", confidence: float = 0.95) -> Measure:
    """Return the average handle time of answered contacts (`aht_s`), with Student's interval. [s]"""
    took = handle_time(contacts)
    blank = Measure(
        "aht_s", None, "s", 0, f"({took.formula}) / answered", _variant(took),
        scope="; ".join(filter(None, (scope, _notes(contacts, took)))), confidence=confidence,
    )  # fmt: skip
    reason = "no answered contact with a known handle time"
    return estimate.mean(blank, took.handle_s, reason, bounds=(0.0, math.inf))


def aht_parts(contacts: pd.DataFrame, *, scope: str = "") -> tuple[Measure, ...]:
    """Return the mean talk, hold and after-contact time; one that is not recorded is unknown. [s]"""
    took = handle_time(contacts)
    out = []
    for name, title in PARTS.items():
        blank = Measure(f"mean_{name}", None, "s", 0, f"{title} / answered", scope=scope)
        if name in took.parts:
            out.append(estimate.mean(blank, took.parts[name], bounds=(0.0, math.inf)))
        else:
            out.append(estimate.unknown(blank, f"{title} is not recorded"))
    return tuple(out)


def handle_time_by(contacts: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return handle time per group: n, aht_s, its parts, median, 90th percentile, squared variation.

    One row for each combination of the columns `by` that occurs, groups of unknown name included.
    """
    took = handle_time(contacts)
    frame = contacts.iloc[took.rows][list(by)].assign(handle_s=took.handle_s, **took.parts)
    groups = frame.groupby(list(by), dropna=False, observed=True)
    table = groups["handle_s"].agg(n="size", aht_s="mean", p50_s="median")
    table["p90_s"] = groups["handle_s"].quantile(0.9)
    table["scv"] = groups["handle_s"].var(ddof=1) / table["aht_s"] ** 2
    for name in PARTS:
        table[name] = groups[name].mean() if name in took.parts else np.nan
    return table.reset_index()


def aht_of_intervals(intervals: pd.DataFrame, *, scope: str = "", confidence: float = 0.95) -> Measure:
    """Return the handle time of an interval export, weighted by answered contacts. [s]

    What the export adds up is its own affair; some count dialling and voicemail into it.
    """
    each, answered = numbers(intervals, "aht_s"), numbers(intervals, "answered")
    each = np.where(answered == 0, 0.0, each)
    blank = Measure(
        "aht_s", None, "s", 0, "sum of answered × aht_s / answered, as exported", "export",
        scope=scope, confidence=confidence,
    )  # fmt: skip
    use = ~(np.isnan(each) | np.isnan(answered))
    handled = float(answered[use].sum())
    return estimate.ratio(
        blank, (each * answered)[use], answered[use], handled, "no interval with answered and aht_s"
    )


def _variant(took: HandleTime) -> str:
    return "+".join(name.removesuffix("_s") for name in took.parts)


def _notes(contacts: pd.DataFrame, took: HandleTime) -> str:
    notes = []
    if took.left_out and len(took.rows):
        notes.append(f"{took.left_out} with an unknown part left out")
    if "channel" in contacts.columns and contacts["channel"].isin(CONCURRENT_CHANNELS).any():
        notes.append("contacts held at the same time overlap: this is not agent time")
    return "; ".join(notes)
