"""Which share of answered contacts was passed on (transferred), or up (escalated)?"""

from __future__ import annotations

import pandas as pd

from workbench.metrics.contact_outcome import ANSWERED, codes_and_waits
from workbench.metrics.measure import Measure
from workbench.metrics.resolution import flag_share


def transfer_rate(contacts: pd.DataFrame, *, scope: str = "", confidence: float = 0.95) -> Measure:
    """Return transferred over answered contacts, of those where it is known."""
    return _rate("transfer_rate", "transferred / answered", "transfer_flag", contacts, scope, confidence)


def escalation_rate(contacts: pd.DataFrame, *, scope: str = "", confidence: float = 0.95) -> Measure:
    """Return escalated over answered contacts, of those where it is known."""
    return _rate("escalation_rate", "escalated / answered", "escalated_flag", contacts, scope, confidence)


def _rate(
    metric: str, formula: str, flag: str, contacts: pd.DataFrame, scope: str, confidence: float
) -> Measure:
    answered = codes_and_waits(contacts)[0] == ANSWERED
    blank = Measure(metric, None, "fraction", 0, formula, scope=scope, confidence=confidence)
    return flag_share(blank, contacts, flag, answered)
