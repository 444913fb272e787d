"""Do people finish training, pass it and stay through it?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, share
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.periods import each_once, rows_within, time_of, wall, within
from workbench.diagnostics.sides import training_side
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import coded

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
    open_ = mine["completed"].isna()
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
    certifying = set(training.loc[training["certified"].fillna(False).astype(bool), "course"])
    tested = mine[mine["certified"].notna() & ~open_ & mine["course"].isin(certifying)]
    failed = ~tested["certified"].astype(bool)
    certified = share(
        "completed courses certified",
        int((~failed).sum()),
        len(tested),
        of="courses",
        table="training",
        period=period,
        scale=DONE,
        rows=tested.index[failed],
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
        return missing(label, "fraction", table="hris", reason="needs hris")
    if hris["term_date"].isna().all():  # a roster in which nobody ever left does not say that all stayed
        return missing(label, "fraction", table="hris", reason="hris.term_date is empty")
    people = each_once(hris, "agent_id").set_index("agent_id")
    start, term = (time_of(mine["agent_id"], people[name]) for name in ("start_date", "term_date"))
    assigned, completed = (wall(mine, name, client) for name in ("assigned", "completed"))
    first = (assigned <= start + pd.Timedelta(days=90)).to_numpy()
    gone = (term.notna() & ~(completed < term + pd.Timedelta(days=1))).to_numpy()
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
        return missing(label, "fraction", table=lacking, reason=f"needs {lacking}")
    classes = requisition[
        within(requisition["class_start"], period, client) & (requisition["class_size"] > 0)
    ]
    came = candidate[candidate["started"].notna()]["requisition"].value_counts()
    filled = came.reindex(classes["id"], fill_value=0).to_numpy()
    seats = classes["class_size"].to_numpy()
    return share(
        label,
        int(min(filled.sum(), seats.sum())),
        int(seats.sum()),
        of="seats",
        table="requisition",
        period=period,
        scale=FILLED,
        rows=classes.index[filled < seats],
    )
