"""Which credits does a client's `sla` table promise, read from the words of its rules?

Rules are written for people. These wordings are understood, in any case, with "%" or "percent":

    penalty_rule   "1 % of the fee for each point missed, at most 10 %"   a line
                   "all at 0.70"                                        a line, all lost at 0.70
                   "below 0.80: 25 %; below 0.75: 100 %"                 steps ("above" for at most)
    earnback_rule  "returned if the two following months are above target"   (or: 3 following weeks)
                   "returned if the 2 following months are 0.02 above target"

A row whose rule reads otherwise is not guessed at: it is handed back with its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.metrics.columns import flags, numbers
from workbench.metrics.penalty import Band, EarnBack, Level, Line, Steps, Terms

_NUMBER = r"(\d+(?:\.\d+)?)"
_PERCENT = rf"{_NUMBER}\s*(?:%|percent)"
_PER_POINT = re.compile(rf"{_PERCENT} of the fee (?:for each|per) point missed, at most {_PERCENT}", re.I)
_ALL_AT = re.compile(rf"all at {_NUMBER}", re.I)
_STEP = re.compile(rf"(?:below|above) {_NUMBER}\s*:\s*{_PERCENT}", re.I)
_RETURNED = re.compile(
    rf"returned if the (\w+) following (?:month|week|day|quarter|period)s? (?:is|are) (?:{_NUMBER} )?above target",
    re.I,
)
_WORDS = {"one": 1, "next": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@dataclass(frozen=True)
class SlaTerms:
    """What the table promises one client in one kind of window.

    Attributes
    ----------
    terms : of the rows that could be read; None if none could.
    not_read : a sentence for each row that could not, with its words.
    """

    client: str
    window: str
    terms: Terms | None
    not_read: tuple[str, ...]


def read_sla(sla: pd.DataFrame) -> tuple[SlaTerms, ...]:
    """Return the terms of every client and window of the canonical `sla` table.

    `at_risk` of a row is the most that the row can cost in a window; together they are what is at
    risk. Caps beyond that are not in the table: set them with dataclasses.replace.
    """
    table = sla.assign(
        _client=_text(sla, "client"), _window=_text(sla, "window"), _at_risk=numbers(sla, "at_risk"),
        _target=numbers(sla, "target"), _critical=flags(sla, "critical_flag")[0],
    )  # fmt: skip
    return tuple(
        _terms(str(client), str(window), rows)
        for (client, window), rows in table.groupby(["_client", "_window"], sort=True)
    )


def level_name(metric: str, variant: str = "", queue: str = "") -> str:
    """Return the name under which a row's results are settled: "service_level V2, sales"."""
    return " ".join(filter(None, (metric, variant))) + (f", {queue}" if queue else "")


def read_penalty_rule(text: str, target: float, direction: str = "at least") -> Steps | Line | None:
    """Return the rule that the words say; None where they say something else.

    A point is a hundredth of the metric: from 0.80 to 0.79, from 3.90 to 3.89.
    """
    sign = 1.0 if direction == "at least" else -1.0
    text = text.strip().rstrip(".")
    if found := _PER_POINT.fullmatch(text):
        each, most = (float(g) for g in found.groups())
        return Line(all_at=round(target - sign * most / each / 100, 12)) if each > 0 and most > 0 else None
    if found := _ALL_AT.fullmatch(text):
        return Line(all_at=float(found.group(1)))
    parts = [part.strip() for part in text.split(";") if part.strip()]
    steps = [_STEP.fullmatch(part) for part in parts]
    if parts and all(steps):
        return Steps(tuple(Band(float(s.group(1)), float(s.group(2)) / 100) for s in steps if s))
    return None


def read_earnback_rule(text: str) -> EarnBack | None:
    """Return the earn-back that the words say; None where they say something else."""
    found = _RETURNED.fullmatch(text.strip().rstrip("."))
    if not found:
        return None
    count = found.group(1).casefold()
    periods = _WORDS.get(count, int(count) if count.isdigit() else 0)
    return EarnBack(periods, margin=float(found.group(2) or 0)) if periods else None


def _terms(client: str, window: str, rows: pd.DataFrame) -> SlaTerms:
    levels, not_read = [], []
    pool = float(np.nansum(rows["_at_risk"]))
    currencies = sorted(set(_text(rows, "currency")) - {""})
    names = ("metric", "formula_variant", "queue", "direction", "penalty_rule", "earnback_rule")
    words = zip(*(_text(rows, name) for name in names), strict=True)
    figures = zip(rows["_target"], rows["_at_risk"], rows["_critical"], strict=True)
    for (metric, variant, queue, direction, penalty, earnback), (target, at_risk, critical) in zip(
        words, figures, strict=True
    ):
        name = level_name(metric, variant, queue)
        if np.isnan(at_risk) or np.isnan(target) or pool <= 0:
            not_read.append(f"{name}: no amount at risk, or no target")
            continue
        side = "at most" if direction == "at most" else "at least"
        rule = read_penalty_rule(penalty, target, side)
        back = read_earnback_rule(earnback)
        if rule is None:
            not_read.append(f'{name}: penalty_rule "{penalty}" is in no wording that is understood')
            continue
        if back is None and earnback:
            not_read.append(f'{name}: earnback_rule "{earnback}" is not understood; settled without it')
        levels.append(
            Level(name, target, at_risk / pool, rule, "at most" if side == "at most" else "at least",
                  critical=bool(critical), earn_back=back)
        )  # fmt: skip
    if len(currencies) != 1:
        said = ", ".join(currencies) or "none"
        return SlaTerms(client, window, None, (*not_read, f"one currency is needed; the rows say {said}"))
    terms = Terms(tuple(levels), pool, currencies[0]) if levels else None
    return SlaTerms(client, window, terms, tuple(not_read))


def _text(table: pd.DataFrame, name: str) -> list[str]:
    if name not in table.columns:
        return [""] * len(table)
    return ["" if pd.isna(value) else str(value) for value in table[name]]
