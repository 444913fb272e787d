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

FIXABLE = ("RES-1", "FM-4", "HC-2", "GOV-5")
"""RES-1 responsive, RES-2 causes located (in FM-4), RES-3 governance that can be improved."""

SOUND = ("RES-4", "RES-5", "RES-6")
"""The counterparts of intransparency, systemic spread and lost trust; high is good."""

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
    leaning : in words, "towards staying", "towards switching" or "open"; open whenever the bounds allow both.
    condition : what has to be repaired on the buyer's side in either case (RES-7).
    warnings : the warnings that are on, by code.
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
    on, unknown, chance, low, high = warnings_add_up(scores)
    buyer = [f for f in findings if f.side == "buyer" and f.severity in ("severe", "moderate")]
    named = ", ".join(dict.fromkeys(f.code for f in buyer))
    condition = (
        f"Repair the buyer's own causes first, or they come along to the next vendor: {named}."
        if buyer
        else "No severe or moderate cause was found on the buyer's side."
    )
    return Rescue(fixable, sound, _leaning(fixable, sound), condition, on, unknown, chance, low, high)


@serves("EXIT-5a", kind="rule")
def warnings_add_up(
    scores: Mapping[str, Score], limit: float = 50.0
) -> tuple[tuple[str, ...], tuple[str, ...], float, float, float]:
    """Return the warnings that are on, those unknown, and the chance of an end: value, low and high.

    A warning is on where its score lies below `limit`. The chance is Bayes' rule on PRIOR with the ratios
    of WARNINGS, taken as independent; one that is off divides by the root of its ratio. An unknown warning
    does not enter the value; it counts as off in the low and as on in the high.
    """
    judged = {code: _known(scores, JUDGED_BY.get(code, code)).value for code in WARNINGS}
    on = tuple(code for code, value in judged.items() if value is not None and value < limit)
    unknown = tuple(code for code, value in judged.items() if value is None)

    def chance(codes: Sequence[str], off: Sequence[str]) -> float:
        odds: float = PRIOR / (1 - PRIOR) * math.prod(WARNINGS[code] for code in codes)
        odds /= math.prod(WARNINGS[code] ** 0.5 for code in off)
        return odds / (1 + odds)

    off = [code for code in WARNINGS if code not in on and code not in unknown]
    return on, unknown, chance(on, off), chance(on, [*off, *unknown]), chance([*on, *unknown], off)


def _known(scores: Mapping[str, Score], code: str) -> Score:
    return scores.get(code, Score(code, None, 0.0, 100.0, None, "not assessed"))


def _leaning(fixable: Score, sound: Score) -> str:
    if min(fixable.low, sound.low) >= STAY_FROM:
        return "towards staying: fixable, and trust and openness hold"
    if max(fixable.high, sound.high) < SWITCH_BELOW:
        return "towards switching: systemic, and trust is low"
    return "open: the evidence allows both"
