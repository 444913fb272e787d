"""How is a figure written for a reader? One way for findings, reports, panels and the terminal."""

from __future__ import annotations

from collections.abc import Sequence

THIN = "\u202f"
"""Narrow no-break space, between a number and its unit."""

YES_NO = "yes = 1"
"""The unit of what is there or not."""

ANSWERS = "1 to 5"
"""The unit of answers on the questionnaire's scale."""

IRREGULAR = {"person": "people"}
SINGULAR = {"people": "person", "business days": "business day", "working days": "working day"}
ONE_LETTER_MORE = (
    "weeks",
    "days",
    "months",
    "hours",
    "points",
    "contacts",
    "years",
    "quarters",
    "findings",
    "meetings",
)
"""Units that lose an s where there is one."""


def figure(value: float | None, unit: str = "", decimals: int | None = None) -> str:
    """Write a value with its unit: fractions as percent, seconds as a reader counts them.

    >>> figure(0.784, "fraction").replace(THIN, " ")
    '78.4 %'
    >>> figure(14210, "contacts").replace(THIN, " ")
    '14,210 contacts'
    >>> figure(None, "s")
    'unknown'
    """
    if value is None or value != value:
        return "unknown"
    if unit == YES_NO:
        return "yes" if value >= 1 else "no" if value <= 0 else f"{number(value, 2)} of yes"
    if unit == ANSWERS:
        return f"{number(value, _places(value, decimals, 1))} of 5"
    if unit == "fraction":
        return f"{number(100 * value, _places(100 * value, decimals, 1))}{THIN}%"
    if unit == "points":
        said = number(100 * value, _places(100 * value, decimals, 1))
        return f"{said} {_of_number(said, 'points')}"
    if unit == "s" and abs(value) >= 3600:
        return f"{number(value / 3600, 1)}{THIN}h"
    if unit == "s" and abs(value) >= 600:
        return f"{number(value / 60, _places(value / 60, decimals, 1))}{THIN}min"
    if unit in ("", "count"):
        return number(value, _places(value, decimals, 1))
    said = number(value, _places(value, decimals, 1))
    return f"{said}{THIN}{_of_number(said, unit)}"


def _of_number(said: str, unit: str) -> str:
    """Return a unit as it is said after a number: 1 week, 1.0 weeks, 2 weeks."""
    first, space, rest = unit.partition(" ")
    if said.lstrip("\u2212+") != "1":
        return unit
    if unit in SINGULAR:
        return SINGULAR[unit]
    return f"{first[:-1]}{space}{rest}" if first in ONE_LETTER_MORE else unit


def _places(value: float, wanted: int | None, most: int) -> int:
    if wanted is not None:
        return wanted
    return 0 if round(float(value), 6).is_integer() or abs(value) >= 1000 else most


def minus(text: str) -> str:
    """Write the minus of a number as such, not as a hyphen."""
    return text.replace("-", "\u2212")


def number(value: float, decimals: int = 0) -> str:
    """Write a number with a comma between thousands; a negative one with a true minus."""
    text = f"{value:,.{decimals}f}"
    return minus(text) if float(text.replace(",", "")) else text.replace("-", "")


def money(value: float) -> str:
    """Write an estimated amount as far as anybody can know it: three figures or four, no cents.

    >>> money(41234.5), money(-7), money(1234.0)
    ('41,200', '\u22127', '1,230')
    """
    return number(as_known(value))


def as_known(amount: float) -> float:
    """Return an estimated amount without the figures that nobody can know: tens from 1,000, hundreds from 10,000."""
    step = 1 if abs(amount) < 1000 else 10 if abs(amount) < 10_000 else 100
    return float(round(amount / step) * step)


def span(low: float | None, high: float | None, unit: str, decimals: int | None = None) -> str:
    """Write an interval: "61.0 % to 64.2 %", "3 to 14 business days"; empty where there is none."""
    if low is None or high is None:
        return ""
    once = unit not in ("fraction", "points", "s", "", "count", YES_NO)
    return f"{figure(low, '' if once else unit, decimals)} to {figure(high, unit, decimals)}"


def counted(n: int, singular: str, plural: str = "") -> str:
    """Write a count with its noun; the noun before "of" or "on" takes the plural.

    >>> counted(1, "month"), counted(3, "month"), counted(2, "pair of evaluations")
    ('1 month', '3 months', '2 pairs of evaluations')
    """
    if n == 1:
        return f"1 {singular}"
    if plural:
        return f"{n:,} {plural}"
    for link in (" of ", " on ", " through ", " with "):
        head, found, rest = singular.partition(link)
        if found:
            return f"{n:,} {_plural(head)}{link}{rest}"
    return f"{n:,} {_plural(singular)}"


def _plural(noun: str) -> str:
    if noun in IRREGULAR:
        return IRREGULAR[noun]
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def listing(words: Sequence[str], most: int = 5, last: str = "and") -> str:
    """Join words as a sentence does, naming at most `most` of them."""
    shown = list(words[:most])
    if len(words) > most:
        return f"{', '.join(shown)} {last} {len(words) - most} more"
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}"


def p_words(value: float) -> str:
    """Write a p-value: "p = 0.021", "p < 0.001"."""
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
