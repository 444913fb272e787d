"""How does a staffing plan look, beside Erlang A? In a sentence, in pictures over the day and in tables."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.panels.curves import Curve, picture
from workbench.panels.words import in_words
from workbench.studies.staffing.goals import in_words as goal_in_words
from workbench.studies.staffing.plan import Check, Plan, slot_starts
from workbench.studies.staffing.remedies import Remedy
from workbench.studies.staffing.staff import Staffing
from workbench.wording import counted, figure, number, span


def sentence(found: Staffing) -> str:
    """Return how many people it takes, what they cost, and whether that was confirmed."""
    proposal = found.proposal
    people = counted(sum(proposal.people.values()), "person")
    how = "on shifts" if isinstance(proposal, Plan) else "on the phones at the busiest time"
    counts = proposal.check.counts()
    goals = f"{counts['met']} of {sum(counts.values())} targets surely met, {counts['open']} open"
    return (
        f"{people} {how}, {number(proposal.cost)} {found.currency} as scheduled: {goals}, "
        f"{counts['missed']} missed."
    )


def basis(found: Staffing) -> str:
    """Return what the figures rest on."""
    return (
        f"{found.scenario.name}, {goal_in_words(found.goals)}. Seed {found.request.seed}; checked with "
        f"{counted(found.proposal.check.n, 'replication')} that the search never saw, "
        f"{100 * found.request.confidence:g} % intervals."
    )


def pictures(found: Staffing) -> str:
    """Return agents on duty of each group and service of each queue, beside Erlang A, as HTML."""
    proposal = found.proposal
    times = [t.tz_localize(None) for t in slot_starts(proposal.pool.goals)]
    textbook = proposal.pool.on_duty(proposal.erlang_a.x)
    drawn = [
        _duty(str(name), proposal.on_duty[name].to_numpy(float), textbook[u], times)
        for u, name in enumerate(proposal.on_duty.columns)
    ]
    drawn += [
        _service(queue, proposal.check, proposal.erlang_a.check, times)
        for queue in sorted(set(proposal.check.table["queue"]))
    ]
    return (
        "<p class='what-if-legend'><span class='what-if-key now'></span> this plan, with its band "
        "<span class='what-if-key before'></span> Erlang A rounded up "
        "<span class='what-if-key target'></span> target</p>"
        f"<div class='what-if-pictures'>{''.join(drawn)}</div>"
    )


def _duty(group: str, planned: np.ndarray, textbook: np.ndarray, times: list[pd.Timestamp]) -> str:
    name = f"agents on duty, {group}"
    return picture(
        Curve(name, planned, planned, planned, textbook), times, in_words(name, times, planned, "")
    )


def _service(queue: str, check: Check, textbook: Check, times: list[pd.Timestamp]) -> str:
    name = f"service level, {queue}"
    mean, low, high, target = (
        100 * _over(check.table, queue, column, times)
        for column in ("service_level", "low", "high", "target")
    )
    before = 100 * _over(textbook.table, queue, "service_level", times)
    targets = set(target[np.isfinite(target)])
    curve = Curve(f"{name}, %", mean, low, high, before, 100.0, targets.pop() if len(targets) == 1 else None)
    return picture(curve, times, in_words(name, times, mean, "%"))


def _over(table: pd.DataFrame, queue: str, column: str, times: list[pd.Timestamp]) -> np.ndarray:
    """Return a column of the goals of a queue, spread over the slots of each goal."""
    found = np.full(len(times), np.nan)
    for row in table[table["queue"] == queue].to_dict("records"):
        start, end = (row[edge].tz_localize(None) for edge in ("start", "end"))
        found[[start <= t < end for t in times]] = row[column]
    return found


def tables(found: Staffing) -> str:
    """Return the plan beside Erlang A, the people by shift, what falls short and what would help, as HTML."""
    proposal, book = found.proposal, found.proposal.erlang_a
    currency, several = found.currency, len(proposal.people) > 1
    rows = [
        ("Cost as scheduled", f"{number(proposal.cost)} {currency}", f"{number(book.cost)} {currency}"),
        ("People", number(sum(proposal.people.values())), number(sum(book.people.values()))),
        *((name, number(n), number(book.people[name])) for name, n in proposal.people.items() if several),
        ("Targets met / open / missed", _counts(proposal.check), _counts(book.check)),
        ("Service level, all contacts", _level(proposal.check), _level(book.check)),
    ]
    bounds = proposal.bounds
    parts = [_table("Beside Erlang A rounded up, each simulated afresh", ("", "This plan", "Erlang A"), rows)]
    if bounds.cuts is not None:
        parts.append(
            f"<p class='what-if-quiet'>No plan is to be found below {number(bounds.cuts)} {currency} "
            f"(statistical), and none can be below {number(bounds.work)} {currency} (the work alone).</p>"
        )
    if isinstance(proposal, Plan):
        frame = proposal.table().groupby(["group", "shift", "start", "end"], sort=False)["people"].sum()
        shifts = [(*map(str, key), number(n)) for key, n in frame.items()]
        parts.append(_table("People by shift", ("Group", "Shift", "From", "To", "People"), shifts))
    short = proposal.check.short
    if len(short):
        lacking = [
            (str(r["queue"]), f"{r['start']:%a %H:%M}", figure(r["service_level"], "fraction"),
             span(r["low"], r["high"], "fraction"), figure(r["target"], "fraction"))
            for r in short.to_dict("records")
        ]  # fmt: skip
        head = ("Queue", "From", "Service level", "Interval", "Target")
        parts.append(_table(f"{counted(len(short), 'target')} not met; this is the best part", head, lacking))
    parts += [f"<p>{html.escape(_remedy(remedy, currency))}</p>" for remedy in found.remedies]
    parts += [f"<p class='what-if-quiet'>{html.escape(note)}</p>" for note in found.notes]
    return "".join(parts)


def _remedy(remedy: Remedy, currency: str) -> str:
    cost = f", {number(remedy.extra_cost)} {currency} more" if remedy.extra_cost is not None else ""
    return f"{remedy.words}{cost}; {figure(remedy.met, 'fraction')} of the targets met then."


def _counts(check: Check) -> str:
    counts = check.counts()
    return f"{counts['met']} / {counts['open']} / {counts['missed']}"


def _level(check: Check) -> str:
    whole = check.overall
    said = span(whole["low"], whole["high"], "fraction")
    return f"{figure(whole['service_level'], 'fraction')}{f' ({said})' if said else ''}"


def _table(caption: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    heads = "".join(f"<th scope='col'>{html.escape(text)}</th>" for text in head)
    body = "".join(
        f"<tr><th scope='row'>{html.escape(first)}</th>{''.join(f'<td>{html.escape(text)}</td>' for text in rest)}</tr>"
        for first, *rest in rows
    )
    name = html.escape(caption, quote=True)
    return (
        f"<div class='what-if-scroll' tabindex='0' role='region' aria-label='{name}'><table class='what-if-table'>"
        f"<caption>{name}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )
