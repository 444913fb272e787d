"""Are the four contents of governance all there?"""

from __future__ import annotations

import numpy as np

from workbench.diagnostics.coverage import where_covered
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.documents import one_owner, owners_of
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.governance import FORUMS, due_in, held_in, log_of_meetings
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import coded, filled, speaking, times
from workbench.wording import listing

MOST = Scale(zero=0.0, hundred=1.0, target=1.0, source="METHOD GOV-13")
THERE = Scale(zero=0.0, hundred=1.0, target=1.0, source="METHOD GOV-13: four contents; there or not")


@diagnostic("GOV-13", area="governance", also=("GOV-15", "OWN-9"))
def four_contents(
    gov_meeting: Table | None,
    process_document: Table | None,
    calibration: Table | None,
    ownership: Table | None,
    period: Period,
) -> Verdict:
    """Governance holds regular reviews, an escalation process, calibration of quality, and clear ownership.

    Why: each of the four fails without the other three.
    Healthy: all four, and a named liaison who watches day by day.
    Unhealthy: reviews only.
    Remedy: add what is missing, ownership first.
    """
    parts = (
        *_reviews(gov_meeting, period),
        _escalation(process_document),
        _calibration(calibration, period),
        one_owner("clear ownership of the relationship", ownership,
                  ["vendor relationship", "relationship", "vendor"]),
        _liaison(ownership),
    )  # fmt: skip
    known = [part for part in parts if part.value is not None]
    absent = [part.measure for part in known if part.value == 0]
    whole = quantity(
        "contents of governance that are there",
        1 - len(absent) / len(known) if known else None,
        "fraction",
        len(known),
        table="ownership",
        scale=MOST,
        grade="D",
        weight=0.0,
    )
    said = found(
        "GOV-13",
        whole,
        f"{len(known) - len(absent)} of {len(known)} contents of governance are there (expected all); "
        f"not there: {listing(absent)}.",
        "Add what is missing, ownership first.",
        step="ownership",
    )
    return Verdict((*parts, whole), said)


def _reviews(gov_meeting: Table | None, period: Period) -> tuple[Evidence, ...]:
    label = "regular reviews"
    if gov_meeting is None:
        return (missing(label, "yes = 1", table="gov_meeting", lack=Lack(tables=("gov_meeting",))),)
    held, log = (
        [held_in(gov_meeting, forum, period) for forum in FORUMS],
        log_of_meetings(gov_meeting, period),
    )
    asked = [n for n, forum in zip(held[1:3], FORUMS[1:3], strict=True) if n or due_in(forum, log.days)]
    known = 0 in asked or len(asked) == 2  # one that was due was not held, or both were
    part = quantity(label, float(0 not in asked) if known else None, "yes = 1", max(sum(held), 1),
                    table="gov_meeting", period=period, scale=THERE, formula="a weekly and a monthly were held",
                    reason=f"{log.reason}, too few days for a weekly and a monthly")  # fmt: skip
    return where_covered(part, log) if part.value == 0 else (part,)


def _escalation(process_document: Table | None) -> Evidence:
    label = "an escalation process"
    if process_document is None:
        return missing(label, "yes = 1", table="process_document", lack=Lack(tables=("process_document",)))
    mine = speaking(process_document, "process", ("escalation",))
    signed = mine & filled(process_document, "approved_date")
    return quantity(label, float(signed.any()), "yes = 1", len(process_document), table="process_document",
                    scale=THERE, grade="D", rows=process_document.index[mine])  # fmt: skip


def _calibration(calibration: Table | None, period: Period) -> Evidence:
    label = "calibration of quality"
    if calibration is None:
        return missing(label, "yes = 1", table="calibration", lack=Lack(tables=("calibration",)))
    months = round(period.days / 30.4375)
    day, (session, _) = times(calibration, "date"), coded(calibration, "session_id")
    inside = (day >= np.datetime64(period.start)) & (day <= np.datetime64(period.end))
    sessions = len(np.unique(session[inside & (session >= 0)]))
    return quantity(label, float(sessions >= months) if sessions or months else None, "yes = 1", max(sessions, 1),
                    table="calibration", period=period, scale=THERE, reason="the period is shorter than a month",
                    formula=f"sessions held / {months} months at least 1")  # fmt: skip


def _liaison(ownership: Table | None) -> Evidence:
    label = "a named liaison for day-to-day watching"
    if ownership is None:
        return missing(label, "yes = 1", table="ownership", lack=Lack(tables=("ownership",)))
    mine = owners_of(ownership, ["liaison", "client liaison", "day-to-day monitoring"])
    return quantity(label, float(len(mine) > 0), "yes = 1", len(ownership), table="ownership", scale=THERE,
                    grade="D", rows=mine.index)  # fmt: skip
