"""How did each contact end, and how long did it wait? Decided here, once, for every metric.

====================  ==============================================================================
answered              an agent took it (`answer_ts`)
abandoned             the customer left the queue (`abandon_ts`, no `answer_ts`)
blocked               it was turned away before the queue (`disposition` says "blocked")
waiting               it entered and neither end is recorded: still waiting, or flowed out
not offered           it was never offered to agents: not inbound, a phantom, or a customer who
                      hung up in the voice menu (`abandon_ts` without `queue_ts`)
====================  ==============================================================================

The wait is `wait_s` as the system reports it; where that is empty, from `queue_ts` to the end. In a
log that records `queue_ts`, a contact answered without one never queued: it waited 0 s. In a log
that never records it, the clock starts at `offered_ts`, and every abandon counts as from the queue.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.metrics.columns import Bools, Floats, equals, filled, numbers, seconds_between, times
from workbench.once import once_per_table

OUTCOMES = ("answered", "abandoned", "blocked", "waiting", "not offered")
ANSWERED, ABANDONED, BLOCKED, WAITING, NOT_OFFERED = range(len(OUTCOMES))

BLOCKED_DISPOSITION = "blocked"
PHANTOM_DISPOSITION = "phantom"


@once_per_table
def contact_outcome(contacts: pd.DataFrame, *, queue_recorded: bool | None = None) -> pd.DataFrame:
    """Return outcome and wait of every contact, row for row.

    Parameters
    ----------
    contacts : the canonical table; only the columns named above are looked at.
    queue_recorded : whether the log records when a contact enters the queue. None: it does if any
        row has a queue_ts. Say it when you hand over a part of a log.

    Returns
    -------
    DataFrame with the index of `contacts`:
        outcome : category, one of OUTCOMES.
        wait_s : time in queue until answer or abandon; NaN where unknown. [s]
    """
    offered, queued = times(contacts, "offered_ts"), times(contacts, "queue_ts")
    answer, abandon = times(contacts, "answer_ts"), times(contacts, "abandon_ts")
    in_queue = ~np.isnat(queued)
    if queue_recorded is None:
        queue_recorded = bool(in_queue.any())
    answered, left = ~np.isnat(answer), ~np.isnat(abandon)

    code = np.full(len(contacts), WAITING, np.int8)
    code[left] = ABANDONED
    if queue_recorded:
        code[left & ~in_queue] = NOT_OFFERED
    code[answered] = ANSWERED
    code[equals(contacts, "disposition", BLOCKED_DISPOSITION) & ~answered] = BLOCKED
    code[equals(contacts, "disposition", PHANTOM_DISPOSITION)] = NOT_OFFERED
    code[_not_inbound(contacts)] = NOT_OFFERED

    start = np.where(in_queue | queue_recorded, queued, offered)
    wait = seconds_between(start, np.where(answered, answer, abandon))
    if queue_recorded:
        wait[answered & ~in_queue] = 0.0
    reported = numbers(contacts, "wait_s")
    wait = np.where(np.isnan(reported), wait, reported)
    wait[(code > ABANDONED) | (wait < 0)] = np.nan
    outcome = pd.Categorical.from_codes(code, categories=list(OUTCOMES))
    return pd.DataFrame({"outcome": outcome, "wait_s": wait}, index=contacts.index)


def with_outcome(contacts: pd.DataFrame) -> pd.DataFrame:
    """Return the contacts with their `outcome` and `wait_s`, to be decided once for a whole log.

    Metrics of a part of it (one queue, one day) then use what was decided on the whole.
    """
    return contacts.assign(**dict(contact_outcome(contacts).items()))


@once_per_table
def codes_and_waits(contacts: pd.DataFrame) -> tuple[NDArray[np.int8], Floats]:
    """Return outcome codes (positions in OUTCOMES) and waits; what `with_outcome` decided holds."""
    outcome = contacts.get("outcome")
    if outcome is None or tuple(getattr(outcome.dtype, "categories", ())) != OUTCOMES:
        decided = contact_outcome(contacts)
        outcome, wait = decided["outcome"], decided["wait_s"]
    else:
        wait = contacts["wait_s"]
    return outcome.cat.codes.to_numpy(np.int8), wait.to_numpy(float)


def offered_to_queue(codes: NDArray[np.int8]) -> Bools:
    """Return which contacts were offered to the queue and have an end: answered or abandoned."""
    return np.asarray((codes == ANSWERED) | (codes == ABANDONED))


def _not_inbound(contacts: pd.DataFrame) -> Bools:
    if "direction" not in contacts.columns:
        return np.zeros(len(contacts), bool)
    return filled(contacts, "direction") & ~equals(contacts, "direction", "inbound")
