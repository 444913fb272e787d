"""Do people finish training, pass it and stay through it?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import first_by, rows_within, time_of, wall, within
from workbench.diagnostics.sides import training_side
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import any_of, coded, filled, flags, listed, numbers, places

DONE = Scale(zero=0.5, hundred=1.0, target=0.95, source="METHOD LC-4; ends are ours")
STAYED = Scale(zero=0.6, hundred=0.98, target=0.92, source="METHOD LC-4: training attrition; ends are ours")
FILLED = Scale(zero=0.5, hundred=1.0, target=0.95, source="METHOD LC-4: class fill; ends are ours")


@diagnostic("LC-4", area="lifecycle")
def training_completed(
    training: Table,
    hris: Table | None,
    requisition: Table | None,
    candidate: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """Courses that were assigned are completed and passed, and classes are full.

    Why: a seat that is empty or a course that is not finished was paid all the same.
    Healthy: 97 % completed, 94 % certified, classes 96 % full.
    Unhealthy: a quarter not completed, every fifth not certified, classes half full.
    Remedy: close a class only with completion, and over-invite by the known drop-out.
    """
    mine = rows_within(training, "assigned", period, client)
    open_ = ~filled(mine, "completed")
    completed = share(
        "assigned courses completed",
        int((~open_).sum()),
        len(mine),
        of="courses",
        table="training",
        period=period,
        scale=DONE,
        rows=mine.index[open_],
    )
    certifying = listed(training["course"][flags(training, "certified")[0]].drop_duplicates())
    passed, known = flags(mine, "certified")
    tested = known & ~open_ & any_of(mine, "course", certifying)
    failed = tested & ~passed
    certified = share(
        "completed courses certified",
        int((tested & passed).sum()),
        int(tested.sum()),
        of="courses",
        table="training",
        period=period,
        scale=DONE,
        rows=mine.index[failed],
        formula="certified / completed, of the courses in which anybody was ever certified",
    )
    stayed = _stayed(mine, hris, client, period)
    fill = _fill(requisition, candidate, client, period)
    return Verdict(
        (completed, certified, stayed, fill),
        findings(
            "LC-4",
            (
                (completed, "course", "Close a class only with completion; reschedule who missed it."),
                (certified, "course", "Repeat the parts that most people fail before the test."),
                (stayed, "new hire", "Ask those who leave a class why, and show the work before it begins."),
                (fill, "seat", "Over-invite by the known drop-out."),
            ),
            side=training_side(client),
            lever="groups.*.shrinkage",
        ),
    )


def _stayed(mine: pd.DataFrame, hris: Table | None, client: Client, period: Period) -> Evidence:
    """The new people (first 90 days) who did not leave before the end of their courses."""
    label = "new people who stayed through their training"
    if hris is None:
        return missing(label, "fraction", table="hris", lack=Lack(tables=("hris",)))
    if not filled(hris, "term_date").any():  # a roster in which nobody ever left does not say that all stayed
        return missing(label, "fraction", table="hris", lack=Lack(columns=("hris.term_date",)))
    start, term = (
        time_of(mine["agent_id"], first_by(hris, "agent_id", name)).to_numpy("datetime64[us]")
        for name in ("start_date", "term_date")
    )
    assigned, completed = (wall(mine, name, client) for name in ("assigned", "completed"))
    first = assigned <= start + np.timedelta64(90, "D")
    gone = ~np.isnat(term) & ~(completed < term + np.timedelta64(1, "D"))
    agent, _ = coded(mine, "agent_id")
    new, left = (np.unique(agent[rows & (agent >= 0)]) for rows in (first, first & gone))
    return share(
        label,
        len(new) - len(left),
        len(new),
        of="new people in training",
        table="training",
        period=period,
        scale=STAYED,
        rows=mine.index[first & gone],
    )


def _fill(requisition: Table | None, candidate: Table | None, client: Client, period: Period) -> Evidence:
    label = "seats of classes that were filled"
    if requisition is None or candidate is None:
        lacking = "requisition" if requisition is None else "candidate"
        return missing(label, "fraction", table=lacking, lack=Lack(tables=(lacking,)))
    size = numbers(requisition, "class_size")
    held = np.flatnonzero(within(requisition["class_start"], period, client) & (size > 0))
    seats = size[held]
    opening, openings = coded(candidate, "requisition")
    came = np.bincount(opening[filled(candidate, "started") & (opening >= 0)], minlength=len(openings) + 1)
    taken = came[places(openings, listed(requisition["id"]))[held]]  # the last place is nobody's
    return share(
        label,
        int(min(taken.sum(), seats.sum())),
        int(seats.sum()),
        of="seats",
        table="requisition",
        period=period,
        scale=FILLED,
        rows=requisition.index[held[taken < seats]],
    )
