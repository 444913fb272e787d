"""Which measures say what the customer got, and which only what the centre did?

METHOD FMB-4 and SLA-4 name response times, handle time, abandonment and volume as activity.
"""

from __future__ import annotations

OUTCOMES = (
    "fcr",
    "resol",
    "repeat",
    "csat",
    "satisf",
    "nps",
    "complaint",
    "effort",
    "error",
    "quality",
    "qa",
    "accuracy",
    "retention",
    "churn",
)
"""A measure whose name holds one of these speaks of the customer's outcome."""


def is_outcome(name: object) -> bool:
    """Return whether a measure of that name is one of outcome.

    >>> [is_outcome(n) for n in ("service_level", "fcr", "CSAT", "aht_s")]
    [False, True, True, False]
    """
    return any(word in str(name).casefold() for word in OUTCOMES)
