"""Which contacts bring about others? Repeats of what was not resolved, transfers, and escalations.

A repeat is a further contact of the customer within seven days that is no leg of the first one. Customers come
again for new reasons too: where agents mark what they resolved, what follows a resolved contact is taken
for new matters, and only the excess after an unresolved one is brought about by it. Where nobody marks, new
matters come at the steady rate of the third to seventh day, and what comes before beyond it is repeats.
Who comes again does so with the same probability at every round, so that rounds end when hardly anybody is left.
Transfers and escalations are those whose further contact the log shows, by the number of the contact that it
came out of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from workbench.intake.dataset import Dataset
from workbench.metrics.columns import flags
from workbench.metrics.resolution import judged_by_repeat
from workbench.sim.arrivals import ROUNDS
from workbench.studies.fits.floor import FloorFit
from workbench.studies.fits.follow_ups import Retrials
from workbench.studies.fits.log import Floats, Log

FEWEST = 200
"""Contacts of a line below which its repeats are those of all lines."""
REPEAT_DELAY_S = 1800.0
"""Repeats come this long after, on average: within the day, so that a simulated week has all of them. [s]"""
SEEN = 0.5
"""Share of contacts whose resolution has to be marked, or whose customer has to be named, for it to be used."""
LEG_S = 300.0
"""A contact so soon after another is a leg of it, not a repeat. [s]"""


@dataclass(frozen=True)
class Flow:
    """What the contacts of one line bring about.

    Attributes
    ----------
    resolution : share of the answered that is resolved; None where no customer is named.
    repeat : probability of a further contact after one that was not resolved.
    basis : "marked" by agents, or "repeat": read from when customers come again; "" where neither tells.
    misroute, misroute_to, misroute_talk : share passed to another line, which, and the part of a talk before.
    escalation, escalation_to : share passed up that the log shows as a further contact, and where to.
    escalated : share marked as escalated, shown or not; None where it is not marked.
    n : answered contacts watched for seven days.
    """

    resolution: float | None = None
    repeat: float = 0.0
    basis: str = ""
    misroute: float = 0.0
    misroute_to: str = ""
    misroute_talk: float = 0.3
    escalation: float = 0.0
    escalation_to: str = ""
    escalated: float | None = None
    n: int = 0


def fit_flows(dataset: Dataset, log: Log) -> tuple[Flow, ...]:
    """Return what the contacts of each line of a log bring about."""
    contacts = dataset.tables["contacts"].loc[log.rows["row"].to_numpy()]
    rows = log.rows.assign(parent=_parents(contacts))
    for name in ("resolved", "escalated"):
        value, known = flags(contacts, f"{name}_flag")
        rows[name] = np.where(known, value.astype(float), np.nan)
    judged = judged_by_repeat(contacts).reindex(contacts.index)
    observed = judged["observed"].to_numpy(dtype=object) == True  # noqa: E712  (unknown is not observed)
    rows["observed"] = observed
    rows["repeated"] = judged["repeated"].to_numpy(dtype=object) == True  # noqa: E712
    rows["gap_days"] = _gaps(rows)
    whole = _repeats(rows)
    found = []
    for i in range(len(log.lines)):
        own = _repeats(rows[rows["line"] == i])
        if own.n < FEWEST and whole.resolution is not None:
            own = replace(whole, n=own.n)
        found.append(_passed_on(rows, i, log, own))
    return tuple(found)


def _gaps(rows: pd.DataFrame) -> np.ndarray:
    """Return days until the customer's next answered contact that is no leg of this one; infinite without."""
    own = rows[rows["answered"] & (rows["customer"] >= 0)].sort_values(
        ["customer", "arrival_us"], kind="stable"
    )
    who, when = own["customer"].to_numpy(), own["arrival_us"].to_numpy() / 1e6
    found = pd.Series(np.inf, index=rows.index)
    if len(own) > 1:
        leg = np.append(False, (who[1:] == who[:-1]) & (np.diff(when) <= LEG_S))
        own, who, when = own[~leg], who[~leg], when[~leg]
        found.loc[own.index[:-1]] = np.where(who[1:] == who[:-1], np.diff(when) / 86_400.0, np.inf)
    return np.asarray(found.to_numpy(float))


def _parents(contacts: pd.DataFrame) -> np.ndarray:
    """Return the place of the contact out of which each came; -1 where none is named or known."""
    if "parent_contact_id" not in contacts.columns:
        return np.full(len(contacts), -1)
    ids = pd.Index(contacts["contact_id"].astype("str"))
    parent = contacts["parent_contact_id"]
    if not ids.is_unique or not parent.notna().any():
        return np.full(len(contacts), -1)
    return np.where(parent.notna(), ids.get_indexer(parent.astype("str")), -1)


def _repeats(rows: pd.DataFrame) -> Flow:
    answered = rows[rows["answered"]]
    watched = answered[answered["observed"]]
    escalated = answered["escalated"].mean() if answered["escalated"].notna().any() else None
    blank = Flow(escalated=None if escalated is None else float(escalated), n=len(watched))
    if not len(watched):
        return blank
    marked = watched[watched["resolved"].notna()]
    unresolved = marked[marked["resolved"] == 0]
    if len(marked) >= SEEN * len(watched) and len(unresolved) >= 30:
        usual = float(marked.loc[marked["resolved"] == 1, "repeated"].mean())
        excess = max(float(unresolved["repeated"].mean()) - usual, 0.0)
        return replace(blank, resolution=float(marked["resolved"].mean()), repeat=excess, basis="marked")
    if len(watched) < SEEN * len(answered):
        return blank
    gap = watched["gap_days"].to_numpy(float)
    stayed_3, stayed_7 = float((gap > 3).mean()), float((gap > 7).mean())
    if not stayed_7:
        return blank
    usual_3 = (stayed_7 / stayed_3) ** (3.0 / 4.0)
    excess = float(np.clip(1.0 - stayed_3 / usual_3, 0.0, 1.0))
    return replace(blank, resolution=1.0 - excess, repeat=1.0, basis="repeat")


def _passed_on(rows: pd.DataFrame, line: int, log: Log, flow: Flow) -> Flow:
    """Return the flow with what the line passed to other lines and upwards."""
    own = rows["line"].to_numpy() == line
    answered = int((own & rows["answered"].to_numpy(bool)).sum())
    children = rows[rows["parent"] >= 0]
    parent = rows.iloc[children["parent"].to_numpy()]
    use = parent["line"].to_numpy() == line
    children, parent = children[use], parent[use]
    up = parent["escalated"].to_numpy() == 1.0
    to = children["line"].to_numpy()
    if up.any():
        main = int(np.bincount(to[up]).argmax())
        flow = replace(flow, escalation=float(up.sum()) / answered, escalation_to=log.lines[main].name)
    across = ~up & (to != line)
    if across.any():
        main = int(np.bincount(to[across]).argmax())
        mine = across & (to == main)
        talk = rows["talk_s"].to_numpy(float)
        passed = parent["talk_s"].to_numpy(float)[mine]
        rest = own & rows["answered"].to_numpy(bool) & ~rows.index.isin(parent.index[mine])
        part = float(np.nanmean(passed) / np.nanmean(talk[rest])) if not np.isnan(passed).all() else 0.3
        flow = replace(
            flow, misroute=float(mine.sum()) / answered, misroute_to=log.lines[main].name,
            misroute_talk=float(np.clip(part, 0.0, 1.0)),
        )  # fmt: skip
    return flow


def with_flows(queues: dict[str, Any], fit: FloorFit, flows: tuple[Flow, ...], retrials: Retrials) -> None:
    """Add what contacts bring about to the queues, and take it off the arrivals, which the log counts with it.

    `queues` : as `floor.queues_of` makes them, with rates; changed in place.
    """
    lines = fit.log.lines
    total = [np.array(queues[line.name]["arrivals"]["per_hour"], float) for line in lines]
    own = [rate.copy() for rate in total]
    place = {line.name: i for i, line in enumerate(lines)}
    for i, (line, known, flow) in enumerate(zip(lines, fit.lines, flows, strict=True)):
        queue, rules = queues[line.name], {}
        gone = known.abandoned / max(known.offered, 1)
        if retrials.probability:
            rule: dict[str, Any] = {
                "after": "abandoned", "kind": "retrial", "probability": round(retrials.probability, 4),
                "at_most": ROUNDS,
            }  # fmt: skip
            if retrials.delay is not None:
                rule["delay"] = retrials.delay.model_dump(mode="json", exclude_defaults=True)
            rules["tries again"] = rule
            own[i] -= total[i] * retrials.probability * gone
        served = 1.0 - gone
        if flow.misroute:
            _misrouted(queue, flow)
            own[place[flow.misroute_to]] -= total[i] * served * flow.misroute
            served *= 1.0 - flow.misroute
        if flow.escalation:
            rules["escalated"] = {
                "after": "served", "kind": "escalation", "probability": round(flow.escalation, 4),
                "to": flow.escalation_to, "at_most": ROUNDS,
            }  # fmt: skip
            own[place[flow.escalation_to]] -= total[i] * served * flow.escalation
            served *= 1.0 - flow.escalation
        if flow.resolution is not None and flow.resolution < 1.0 and flow.repeat > 0:
            queue["resolution"] = round(flow.resolution, 4)
            rules["comes again"] = {
                "after": "unresolved", "kind": "repeat", "probability": round(flow.repeat, 4),
                "delay": {"mean_s": REPEAT_DELAY_S}, "at_most": ROUNDS,
            }  # fmt: skip
            own[i] -= total[i] * served * (1.0 - flow.resolution) * flow.repeat
        if rules:
            queue["follow_ups"] = rules
    for line, rate in zip(lines, own, strict=True):
        queues[line.name]["arrivals"]["per_hour"] = [round(float(r), 4) for r in np.maximum(rate, 0.0)]


def _misrouted(queue: dict[str, Any], flow: Flow) -> None:
    """Add misroutes to a queue; the recorded mean of talk holds their shorter ones, so the others' is longer."""
    queue |= {
        "misroute": round(flow.misroute, 4), "misroute_to": flow.misroute_to,
        "misroute_talk": round(flow.misroute_talk, 4),
    }  # fmt: skip
    shorter = 1.0 - flow.misroute + flow.misroute * flow.misroute_talk
    for part, lasts in (("talk", shorter), ("hold", 1.0), ("wrap_up", 1.0 - flow.misroute)):
        law = queue["handle"].get(part)
        if law is not None and "mean_s" in law and lasts > 0:
            queue["handle"][part] = {**law, "mean_s": round(law["mean_s"] / lasts, 4)}


def flows_table(log: Log, flows: tuple[Flow, ...]) -> pd.DataFrame:
    """Return the flows as a frame, one row per line."""
    nan: Floats | float = float("nan")
    return pd.DataFrame(
        [
            (line.name, nan if f.resolution is None else f.resolution, f.basis, f.repeat if f.basis else nan,
             f.misroute, f.misroute_to, nan if f.escalated is None else f.escalated, f.escalation, f.n)
            for line, f in zip(log.lines, flows, strict=True)
        ],
        columns=["line", "resolved", "told by", "repeat if not", "misrouted", "to", "escalated", "shown", "n"],
    )  # fmt: skip


def notes_on_flows(log: Log, flows: tuple[Flow, ...]) -> list[tuple[str, str]]:
    """Return what is assumed of flows: pairs of text and grade."""
    notes = []
    if any(f.basis for f in flows):
        notes.append(
            (
                "Repeats come half an hour later in the scenario, not days, so that a week holds all of them.",
                "A",
            )
        )
    if any(f.basis == "repeat" for f in flows):
        notes.append(
            (
                "Nobody marked what was resolved: repeats are what comes in 3 days beyond the usual.",
                "A",
            )
        )
    hidden = [f"{line.name} {f.escalated:.1%}" for line, f in zip(log.lines, flows, strict=True)
              if f.escalated and f.escalated > 0.005 and not f.escalation]  # fmt: skip
    if hidden:
        notes.append(
            (f"Escalated: {', '.join(hidden)}. The log does not show the work that follows, so the scenario has none "
             "of it; add a follow-up of kind escalation to price it.", "A")
        )  # fmt: skip
    return notes
