"""Was a customer's matter settled with the first contact, as far as a log can tell?

By repeat: an answered contact is settled if the same customer does not come again within a window.
By flag: if the agent says so. The two differ, the flag being the kinder one. Only contacts that were
observed for the whole window can be judged: those of the log's last days are left out, and said so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from workbench.errors import CallError
from workbench.metrics import estimate
from workbench.metrics.columns import SECOND_US, Bools, Ints, flags, numbered, times
from workbench.metrics.contact_outcome import ANSWERED, codes_and_waits
from workbench.metrics.measure import Measure
from workbench.once import once_per_table

DAY_US = 86_400 * SECOND_US


@once_per_table
def judged_by_repeat(
    contacts: pd.DataFrame,
    *,
    window_days: float = 7.0,
    same: Sequence[str] = (),
    leg_s: float = 300.0,
) -> pd.DataFrame:
    """Return every answered contact of a known customer with what came before and after it.

    Parameters
    ----------
    window_days : within which a further contact is a repeat. [days]
    same : further columns that must agree for a repeat, such as ("queue",) or ("contact_type",).
    leg_s : what follows its predecessor within this is a leg of it (a transfer, a dropped line), not
        a repeat. [s]

    Returns
    -------
    DataFrame with the index of the contacts: place (position in `contacts`), repeated (bool: another follows
    within the window),
    follows (bool: it is itself a repeat), observed (bool: the log goes on for the whole window),
    observed_before (bool: the log had begun a whole window earlier). Legs are not in it.
    """
    if window_days <= 0:
        raise CallError(f"window_days: {window_days:g} came. Accepted: a number of days above 0.")
    codes, _ = codes_and_waits(contacts)
    offered = times(contacts, "offered_ts")
    use = (codes == ANSWERED) & ~np.isnat(offered)
    use &= contacts["customer_key"].notna().to_numpy() if "customer_key" in contacts else False
    for column in same:
        use &= contacts[column].notna().to_numpy()
    at = offered.astype(np.int64)
    logged = at[~np.isnat(offered)]  # the log goes on as long as anybody comes
    first, last = (int(logged.min()), int(logged.max())) if len(logged) else (0, 0)
    keys = [name for name in ("customer_key", *same) if name in contacts]
    who = numbered(contacts, keys)[use]
    when, place = at[use], np.flatnonzero(use)
    order = np.lexsort((when, who))
    who, when, place = who[order], when[order], place[order]
    leg = _same_as_before(who) & (_since_before(when) <= leg_s * SECOND_US)
    who, when, place = who[~leg], when[~leg], place[~leg]
    follows = _same_as_before(who) & (_since_before(when) <= window_days * DAY_US)
    return pd.DataFrame(
        {
            "place": place,
            "repeated": np.append(follows[1:], False)[: len(follows)],
            "follows": follows,
            "observed": when <= last - window_days * DAY_US,
            "observed_before": when >= first + window_days * DAY_US,
        },
        index=contacts.index[place],
    )


@once_per_table
def observed_repeats(contacts: pd.DataFrame) -> tuple[Ints, Bools]:
    """Return the positions of the contacts that were observed for the whole window, and which a repeat followed."""
    judged = judged_by_repeat(contacts)
    observed = judged["observed"].to_numpy()
    return judged["place"].to_numpy()[observed], judged["repeated"].to_numpy()[observed]


def fcr(
    contacts: pd.DataFrame,
    *,
    window_days: float = 7.0,
    over: Literal["contacts", "issues"] = "contacts",
    same: Sequence[str] = (),
    leg_s: float = 300.0,
    scope: str = "",
    confidence: float = 0.95,
) -> Measure:
    """Return first-contact resolution by repeat within `window_days`.

    over : "contacts", share of contacts that nothing follows; "issues", share of chains of contacts
        that have one link. A chain counts where its beginning and its first window were observed.

    Customers come again for new reasons too, so that this is a lower estimate.
    """
    judged = judged_by_repeat(contacts, window_days=window_days, same=same, leg_s=leg_s)
    use = judged["observed"]
    if over == "issues":
        use &= judged["observed_before"] & ~judged["follows"]
    noun = "contact" if over == "contacts" else "first contact of an issue"
    blank = Measure(
        "fcr", None, "fraction", 0,
        f"no further contact of the customer within {window_days:g} days / {over}",
        f"repeat, {over}", {"window_days": window_days, "same": tuple(same), "leg_s": leg_s},
        "; ".join(filter(None, (scope, _censored(judged, window_days)))), confidence=confidence,
    )  # fmt: skip
    settled = int((use & ~judged["repeated"]).sum())
    nothing = f"no {noun} of a known customer was observed for {window_days:g} days"
    return estimate.share(blank, settled, int(use.sum()), nothing)


def repeat_rate(
    contacts: pd.DataFrame,
    *,
    window_days: float = 7.0,
    same: Sequence[str] = (),
    leg_s: float = 300.0,
    scope: str = "",
    confidence: float = 0.95,
) -> Measure:
    """Return the share of answered contacts that the same customer follows up within the window."""
    judged = judged_by_repeat(contacts, window_days=window_days, same=same, leg_s=leg_s)
    use = judged["observed"]
    blank = Measure(
        "repeat_rate", None, "fraction", 0,
        f"a further contact of the customer within {window_days:g} days / contacts", "",
        {"window_days": window_days, "same": tuple(same), "leg_s": leg_s},
        "; ".join(filter(None, (scope, _censored(judged, window_days)))), confidence=confidence,
    )  # fmt: skip
    nothing = f"no contact of a known customer was observed for {window_days:g} days"
    return estimate.share(blank, int((use & judged["repeated"]).sum()), int(use.sum()), nothing)


def contacts_per_issue(
    contacts: pd.DataFrame,
    *,
    window_days: float = 7.0,
    same: Sequence[str] = (),
    leg_s: float = 300.0,
    scope: str = "",
) -> Measure:
    """Return contacts over issues: what one matter takes; 1 / FCR only if repeats are independent."""
    judged = judged_by_repeat(contacts, window_days=window_days, same=same, leg_s=leg_s)
    blank = Measure(
        "contacts_per_issue", None, "contacts per issue", 0, "contacts / chains of contacts", "",
        {"window_days": window_days, "same": tuple(same), "leg_s": leg_s}, scope,
    )  # fmt: skip
    issues = int((~judged["follows"]).sum())
    if not issues:
        return estimate.unknown(blank, "no contact of a known customer")
    return estimate.known(blank, len(judged) / issues, issues)


def fcr_by_flag(contacts: pd.DataFrame, *, scope: str = "", confidence: float = 0.95) -> Measure:
    """Return the share of answered contacts that the agent marked as resolved, of those marked at all."""
    answered = codes_and_waits(contacts)[0] == ANSWERED
    blank = Measure(
        "fcr", None, "fraction", 0, "marked as resolved / marked", "flag",
        scope=scope, confidence=confidence,
    )  # fmt: skip
    return flag_share(blank, contacts, "resolved_flag", answered)


def flag_share(blank: Measure, contacts: pd.DataFrame, name: str, use: Bools) -> Measure:
    """Return the share of a flag among the rows in use for which it is known."""
    true, known = flags(contacts, name)
    return estimate.share(
        blank, int((true & use).sum()), int((known & use).sum()), f"{name} is known for no answered contact"
    )


def _same_as_before(who: np.ndarray) -> Bools:
    return np.concatenate([np.zeros(min(len(who), 1), bool), who[1:] == who[:-1]])


def _since_before(when: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros(min(len(when), 1), np.int64), np.diff(when)])


def _censored(judged: pd.DataFrame, window_days: float) -> str:
    late = int((~judged["observed"]).sum())
    return f"{late} of the last {window_days:g} days left out" if late else ""
