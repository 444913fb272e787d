"""How is a seam between two functions judged? Owner, document, dwell, and what is lost on the way.

METHOD section 3 asks the same of each handoff: one named owner, a written procedure, the time between
two events, and whether the record arrives whole. The checks ho_*.py say which two events.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.diagnostics.documents import THERE, papers_of
from workbench.diagnostics.evidence import (
    findings,
    median_interval,
    missing,
    quantity,
    share,
    worst_of_median,
)
from workbench.diagnostics.finding import Evidence, Finding, Lack, Scale, Verdict
from workbench.diagnostics.lifecycle import HANDOFFS
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Times, filled, seconds_between
from workbench.wording import figure


def dwell(
    code: str,
    start: pd.Series,
    end: pd.Series,
    *,
    table: str,
    period: Period,
    by_row: bool = True,
    recorded: bool = True,
) -> tuple[Evidence, Evidence]:
    """Return the median time from `start` to `end`, and the share that arrived at all.

    Parameters
    ----------
    start, end : times or days of the same cases; a missing end has not arrived.
    by_row : the index of `start` names rows of `table`.
    recorded : the client's export says anywhere when such an end came; else nothing is known of arrival.
    """
    handoff = HANDOFFS[code]
    limit = handoff.healthy_days or 7.0
    scale = Scale(
        zero=5 * limit, hundred=0.5 * limit, target=limit, source=f"METHOD {code}; {limit:g} days are ours"
    )
    began, ended = _clock(start), _clock(end)
    took = seconds_between(began, ended) / 86400
    took = took[~np.isnan(took)]
    median = quantity(
        f"median days: {handoff.title}",
        max(float(np.median(took)), 0.0) if len(took) else None,
        "days",
        len(took),
        table=table,
        period=period,
        scale=scale,
        interval=median_interval(np.maximum(took, 0.0)),
        formula=f"median of end − start; 90th percentile {figure(float(np.quantile(took, 0.9)), 'days')}"
        if len(took)
        else "",
        reason="no case has both ends",
    )
    if not recorded:
        return median, missing(
            f"arrived: {handoff.title}", "fraction", table=table, reason="the end is nowhere recorded"
        )
    known, came = ~np.isnat(began), ~np.isnat(ended)
    arrived = share(
        f"arrived: {handoff.title}",
        int((known & came).sum()),
        int(known.sum()),
        of="cases",
        table=table,
        period=period,
        scale=Scale(
            zero=0.5, hundred=1.0, target=0.95, source=f"METHOD {code}: nothing is lost; the zero is ours"
        ),
        rows=start.index[known & ~came] if by_row else (),
    )
    return median, arrived


def ripe(start: pd.Series, period: Period, client: Client, days: float) -> pd.Series:
    """Return the starts that the end of the period lies at least `days` after: the rest may still arrive."""
    _, after = period.bounds(client.time_zone)
    end = after if start.dt.tz is not None else pd.Timestamp(period.end)
    return start[start <= end - pd.Timedelta(days=days)]


def owner_and_document(code: str, ownership: Table | None) -> tuple[Evidence, Evidence]:
    """Return whether exactly one role answers for the handoff, and whether it is written down."""
    title = HANDOFFS[code].title
    labels = f"one owner: {title}", f"written down: {title}"
    if ownership is None:
        a, b = (
            missing(label, "yes = 1", table="ownership", lack=Lack(tables=("ownership",)), weight=weight)
            for label, weight in zip(labels, (1.0, 0.5), strict=True)
        )
        return a, b
    said = papers_of(ownership, code)
    owner = quantity(labels[0], float(len(said.roles) == 1), "yes = 1", len(ownership), table="ownership",
                     scale=THERE, grade="D", rows=said.rows)  # fmt: skip
    written = quantity(labels[1], float(said.written), "yes = 1", len(ownership), table="ownership", scale=THERE,
                       grade="D", rows=said.rows, weight=0.5)  # fmt: skip
    return owner, written


def unreturned(
    code: str, label: str, good: pd.Series, *, of: str, table: str, period: Period | None, by_row: bool = True
) -> Evidence:
    """Return the share of cases that did not come back: `good` is True for those, missing where nobody knows.

    Shown beside the dwell and called out, and not scored: the same rows are scored where the work is done
    (revisions in LC-6, corrected invoices in EXP-3), and would count twice.
    """
    scale = Scale(zero=0.6, hundred=1.0, target=0.95, source=f"METHOD {code}: rework; ends are ours")
    return _beside(label, good, scale, of, table, period, by_row)


def carried_whole(
    code: str,
    label: str,
    fields: pd.DataFrame | pd.Series,
    *,
    of: str,
    table: str,
    period: Period | None,
    by_row: bool = True,
) -> Evidence:
    """Return the share of cases that arrived whole; not scored, as above.

    fields : what has to be filled, one row a case; or whether each case is whole.

    A column that is nowhere filled was not exported: then nothing is known, and not nothing carried.
    """
    scale = Scale(zero=0.4, hundred=1.0, target=0.95, source=f"METHOD {code}: fields carried; ends are ours")
    if isinstance(fields, pd.Series):
        return _beside(label, fields, scale, of, table, period, by_row)
    there = {str(name): filled(fields, str(name)) for name in fields.columns}
    empty = [name for name, said in there.items() if len(said) and not said.any()]
    if empty:
        reason = f"{table}.{empty[0]} is nowhere filled"
        return missing(label, "fraction", table=table, reason=reason, weight=0.0)
    whole = pd.Series(np.logical_and.reduce(list(there.values())), index=fields.index)
    return _beside(label, whole, scale, of, table, period, by_row)


def _beside(
    label: str, good: pd.Series, scale: Scale, of: str, table: str, period: Period | None, by_row: bool
) -> Evidence:
    known = good.notna().to_numpy()
    well = good.to_numpy(object)[known].astype(bool)
    rows = good.index[known][~well] if by_row else ()
    return share(label, int(well.sum()), len(well), of=of, table=table, period=period, scale=scale, rows=rows,
                 weight=0.0)  # fmt: skip


def judge_handoff(
    code: str,
    ownership: Table | None,
    measured: Sequence[tuple[Evidence, str]],
    remedy: str,
    lever: str | None = None,
    *,
    beside: Sequence[tuple[Evidence, str]] = (),
    waits: Evidence | None = None,
    rework: Evidence | None = None,
    carried: Evidence | None = None,
) -> Verdict:
    """Return the verdict on one handoff.

    Parameters
    ----------
    measured : evidence and noun of what is scored, besides the owner and the document.
    beside : what is shown and called out (minor at most) but not scored here.
    waits, rework, carried : which of all these answer the method's questions; see `seams`.
    """
    title = HANDOFFS[code].title
    owner, written = owner_and_document(code, ownership)
    said: tuple[Finding, ...] = ()
    for part, noun in measured:
        worst = worst_of_median(part) if part is waits else "severe"
        said += findings(code, [(part, noun, remedy)], step="ownership", lever=lever, at_most=worst)
    name = ((owner, "row of ownership", f"Name one accountable role for: {title}."),)
    write = ((written, "row of ownership", f"Write down what is handed over, when and by whom: {title}."),)
    said += findings(code, name, step="ownership", at_most="moderate")
    said += findings(code, write, step="ownership", at_most="minor")
    known = [(part, noun, remedy) for part, noun in beside if part.value is not None]
    said += findings(code, known, step="ownership", lever=lever, at_most="minor")
    parts = (*(part for part, _ in measured), owner, written, *(part for part, _ in beside))
    return Verdict(parts, said, told_of(code, waits, rework, carried))


def told_of(
    code: str, waits: Evidence | None, rework: Evidence | None, carried: Evidence | None
) -> dict[str, object]:
    """Return the facts by which `seams` finds a handoff's dwell, rework and fields carried."""
    return {"seam": code, "dwell": waits, "rework": rework, "carried": carried}


def _clock(values: pd.Series) -> Times:
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):  # a look-up in an empty table keeps no dtype
        return np.full(len(values), np.datetime64("NaT"), "datetime64[us]")
    return np.asarray(values.to_numpy("datetime64[us]"))
