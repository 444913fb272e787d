"""Rescue or switch? Two axes with their uncertainty, and a condition; never a bare verdict.

METHOD section 17: what is responsive, located and governable can be rescued (RES-1 … RES-3); what is
intransparent, systemic and distrusted hardly can (RES-4 … RES-6). A switch pays only if the buyer's own
causes are repaired as well (RES-7). The warnings of EXIT-1 … EXIT-5 add up (EXIT-5a).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding, Score
from workbench.diagnostics.scoring import combine
from workbench.wording import listing

FIXABLE = ("RES-1", "FM-4", "HC-2", "GOV-5")
"""RES-1 responsive, RES-2 causes located (in FM-4), RES-3 governance that can be improved."""

SOUND = ("RES-4", "RES-5", "RES-6")
"""The counterparts of intransparency, systemic spread and lost trust; high is good."""

MEANS = {
    "RES-1": "responsiveness", "FM-4": "causes located", "HC-2": "reviews", "GOV-5": "decisions",
    "RES-4": "openness", "RES-5": "problems isolated", "RES-6": "trust",
}  # fmt: skip
"""What a member of an axis stands for, in a word or two."""

WARNINGS = {"EXIT-1": 2.0, "EXIT-2": 1.5, "EXIT-3": 2.0, "EXIT-4": 1.5, "EXIT-5": 1.5}
"""The five warnings and how many times likelier each is where a partnership ends than where it lasts.

Assumed (grade A): no published figure is known; they are shown beside the result and can be changed.
"""

JUDGED_BY = {"EXIT-4": "RES-4", "EXIT-5": "FM-4"}
"""Warnings whose measure stands in another item's diagnostic."""

STAY_FROM, SWITCH_BELOW = 60.0, 40.0
"""Both axes with all their bounds from here upwards, or below, give a leaning; between them it is open. Ours."""

PRIOR = 0.2
"""The share of partnerships that end within two years, before any warning. Assumed (grade A)."""


@dataclass(frozen=True)
class Rescue:
    """Where a partnership stands on the two axes.

    Attributes
    ----------
    fixable, sound : 0 to 100 with bounds; high is good.
    leaning : in words, "towards staying", "towards switching" or "open", and why; open whenever the bounds
        allow both. The bounds are the outer ones of missing evidence and of sampling.
    condition : what has to be repaired on the buyer's side in either case (RES-7).
    warnings, unknown_warnings : the warnings that are on, and those of which it cannot be told, by code.
    chance_of_end : after the warnings, with the assumed prior; low and high when unknown ones are off or on.
    """

    fixable: Score
    sound: Score
    leaning: str
    condition: str
    warnings: tuple[str, ...]
    unknown_warnings: tuple[str, ...]
    chance_of_end: float
    chance_low: float
    chance_high: float


@serves("RES-3", "RES-7", "RES-8", "DR-11", kind="rule")
def rescue_or_switch(scores: Mapping[str, Score], findings: Sequence[Finding]) -> Rescue:
    """Return where the partnership stands; the verdict stays with people.

    The axes are means of the scores named in FIXABLE and SOUND; what was not assessed widens them.
    """
    fixable = combine("fixable", [(1.0, _known(scores, code)) for code in FIXABLE])
    sound = combine("sound", [(1.0, _known(scores, code)) for code in SOUND])
    on, unknown, chance, low, high = warnings_add_up(scores, findings)
    buyer = [f for f in findings if f.side == "buyer" and f.severity in ("severe", "moderate")]
    named = ", ".join(dict.fromkeys(f.code for f in buyer))
    condition = (
        f"Repair the buyer's own causes first, or they come along to the next vendor: {named}."
        if buyer
        else "No severe or moderate cause was found on the buyer's side."
    )
    leaning = _leaning(scores, fixable, sound)
    return Rescue(fixable, sound, leaning, condition, on, unknown, chance, low, high)


@serves("EXIT-5a", kind="rule")
def warnings_add_up(
    scores: Mapping[str, Score], findings: Sequence[Finding] = (), limit: float = 50.0
) -> tuple[tuple[str, ...], tuple[str, ...], float, float, float]:
    """Return the warnings that are on, those unknown, and the chance of an end: value, low and high.

    A warning is on where its item has a severe finding, or where its score lies below `limit` with all its
    bounds; it is off where all of them lie at the limit or above, and unknown where the limit is inside: a mean
    may hide that one of its measures has failed, and a small sample proves neither. The chance is Bayes'
    rule on PRIOR with the ratios of WARNINGS, taken as independent; one that is off divides by the root of its
    ratio. An unknown warning does not enter the value; it counts as off in the low and as on in the high.
    """
    severe = {finding.code for finding in findings if finding.severity == "severe"}
    on: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    for code in WARNINGS:
        judged_by = JUDGED_BY.get(code, code)
        low_end, high_end = bounds(_known(scores, judged_by))
        if severe & {code, judged_by} or high_end < limit:
            on = (*on, code)
        elif low_end < limit:
            unknown = (*unknown, code)

    def chance(codes: Sequence[str], off: Sequence[str]) -> float:
        odds: float = PRIOR / (1 - PRIOR) * math.prod(WARNINGS[code] for code in codes)
        odds /= math.prod(WARNINGS[code] ** 0.5 for code in off)
        return odds / (1 + odds)

    off = [code for code in WARNINGS if code not in on and code not in unknown]
    return on, unknown, chance(on, off), chance(on, [*off, *unknown]), chance([*on, *unknown], off)


def bounds(score: Score) -> tuple[float, float]:
    """Return the outer bounds of a score: how far missing evidence or sampling may move it."""
    sampling = [end for end in (score.sampling_low, score.sampling_high) if end is not None]
    return min([score.low, *sampling]), max([score.high, *sampling])


def _known(scores: Mapping[str, Score], code: str) -> Score:
    return scores.get(code, Score(code, None, 0.0, 100.0, None, "not assessed"))


def _leaning(scores: Mapping[str, Score], fixable: Score, sound: Score) -> str:
    ends = bounds(fixable), bounds(sound)
    if min(low for low, _ in ends) >= STAY_FROM:
        weak = _beyond(scores, (*FIXABLE, *SOUND), below=STAY_FROM)
        if not weak:
            return "towards staying: fixable, and trust and openness hold"
        return f"towards staying: both axes lie above {STAY_FROM:g}, but not {listing(weak)}"
    if max(high for _, high in ends) < SWITCH_BELOW:
        strong = _beyond(scores, (*FIXABLE, *SOUND), from_=SWITCH_BELOW)
        if not strong:
            return "towards switching: systemic, and trust is low"
        return f"towards switching: both axes lie below {SWITCH_BELOW:g}, but not {listing(strong)}"
    why = []
    axes = (("what can be fixed", fixable, FIXABLE), ("what is open, isolated and trusted", sound, SOUND))
    for name, axis, _ in axes:
        low, high = bounds(axis)
        inside = [f"{limit:g}" for limit in (SWITCH_BELOW, STAY_FROM) if low < limit <= high]
        if inside:
            why.append(f"it cannot be told on which side of {listing(inside)} {name} lies ({_said(axis)})")
        else:
            where = "between the limits" if SWITCH_BELOW <= low < STAY_FROM else ""
            where = where or (f"above {STAY_FROM:g}" if low >= STAY_FROM else f"below {SWITCH_BELOW:g}")
            why.append(f"{name} lies {where} ({_said(axis)})")
    held = [code for _, axis, members in axes if axis.value is not None and axis.value >= STAY_FROM
            for code in members]  # fmt: skip
    weak = _beyond(scores, held, below=STAY_FROM)
    if weak:
        why.append(f"below {STAY_FROM:g} {'stands' if len(weak) == 1 else 'stand'} {listing(weak)}")
    return f"open: the evidence allows both; {'; '.join(why)}"


def _beyond(
    scores: Mapping[str, Score], codes: Sequence[str], *, below: float = 101.0, from_: float = 0.0
) -> list[str]:
    """Name the members of an axis whose score is known and lies from `from_` to under `below`."""
    known = [(code, _known(scores, code)) for code in codes]
    return [
        f"{code} ({MEANS[code]}: {_said(one)})"
        for code, one in known
        if one.value is not None and from_ <= one.value < below
    ]


def _said(score: Score) -> str:
    low, high = bounds(score)
    value = "not assessed" if score.value is None else f"{score.value:.0f}"
    return value if high - low < 0.5 else f"{value}, from {low:.0f} to {high:.0f}"
