"""Do training and onboarding run in one way, or in as many as there are teams?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.periods import each_once, earliest_by
from workbench.intake.dataset import Table
from workbench.metrics.columns import coded, times
from workbench.statistics.variants import conformance, rework_share, traces, variants

TOP = Scale(
    zero=0.15, hundred=0.9, target=0.7, source="METHOD VL-1, VL-1b: share of the commonest way; ends are ours"
)
FIT = Scale(
    zero=0.4,
    hundred=1.0,
    target=0.9,
    source="METHOD FIX-6: as it is done against as it is written; ends are ours",
)
SPREAD = Scale(zero=0.5, hundred=0.0, target=0.15, source="METHOD VL-1b: between supervisors; ends are ours")


COMMON = 0.6
"""A course that so many of the trained took belongs to everybody's sequence; the rest is for single queues. Ours."""


@diagnostic("VL-1b", area="value leaks", also=("FIX-6",))
def training_runs_alike(training: Table, hris: Table | None, process_document: Table | None) -> Verdict:
    """New people take the same courses in the same order, as the process says, in every team.

    Why: what differs by manager cannot be planned, measured or improved.
    Healthy: 88 % take the same sequence; the written order is kept; teams do not differ.
    Unhealthy: 14 sequences among 20 people, the commonest taken by three of them.
    Remedy: agree on one sequence per role, and let the system assign it.
    """
    log = _log(training)
    found = variants(log)
    if found.top_share is None or found.cases < 5:
        reason = f"{found.cases} people with completed courses; needs 5"
        return Verdict(
            (missing("people who took the commonest sequence", "fraction", table="training", reason=reason),)
        )
    top = quantity("people who took the commonest sequence of courses", found.top_share, "fraction", found.cases,
                   table="training", scale=TOP, formula=f"{len(found.table)} sequences")  # fmt: skip
    spread, fit = _between_teams(log, hris), _as_written(log, process_document)
    again = quantity("people who took a course twice", rework_share(log), "fraction", found.cases, table="training",
                     weight=0.0)  # fmt: skip
    table = found.table.head(10).assign(variant=lambda t: t["variant"].map(" → ".join))
    return Verdict(
        (top, spread, fit, again),
        findings(
            "VL-1b",
            (
                (top, "person", "Agree on one sequence for each role, and let the system assign it."),
                (spread, "team", "Compare the teams' sequences and settle on one."),
                (fit, "person", "Look at the work as it is done, then correct the process or the practice."),
            ),
            lever="curves.*.handle",
        ),
        {"sequences of training": table},
    )


def _log(training: pd.DataFrame) -> pd.DataFrame:
    """Return the common courses of each person's first 60 days of training, by the time they were completed."""
    (agent, agents), (course, courses) = coded(training, "agent_id"), coded(training, "course")
    at = times(training, "completed")
    first = earliest_by(training, "agent_id", "completed").to_numpy("datetime64[us]")
    early = (agent >= 0) & (at <= first[agent] + np.timedelta64(60, "D"))
    took = np.zeros((len(agents), len(courses)), bool)
    named = early & (course >= 0)
    took[agent[named], course[named]] = True
    common = took.sum(axis=0) / max(len(np.unique(agent[early])), 1) >= COMMON
    kept = training[named & common[course]]
    return kept.rename(columns={"agent_id": "case", "course": "activity", "completed": "time"})[
        ["case", "activity", "time"]
    ]


def _between_teams(log: pd.DataFrame, hris: Table | None) -> Evidence:
    label = "difference between teams in taking the commonest sequence"
    if hris is None:
        return missing(label, "points", table="hris", reason="needs hris")
    leader = each_once(hris, "agent_id").set_index("agent_id")["supervisor_id"]
    runs = traces(log)
    usual = runs.value_counts().index[0]
    team = pd.Series(runs.index.map(leader), index=runs.index)
    shares = (runs == usual).groupby(team).agg(["mean", "size"])
    shares = shares[shares["size"] >= 3]
    if len(shares) < 2:
        return missing(
            label, "points", table="training", reason="fewer than two teams with three people trained"
        )
    # chance alone makes small teams differ: take its spread away
    mean = float((shares["mean"] * shares["size"]).sum() / shares["size"].sum())
    noise = float((mean * (1 - mean) / shares["size"]).mean())
    spread = max(float(shares["mean"].var(ddof=1)) - noise, 0.0) ** 0.5
    return quantity(label, spread, "points", len(shares), table="training", scale=SPREAD,
                    formula="standard deviation between teams of the share, chance removed")  # fmt: skip


def _as_written(log: pd.DataFrame, process_document: Table | None) -> Evidence:
    label = "documented training steps done in the documented order"
    steps = None
    if process_document is not None:
        written = process_document[
            process_document["process"].str.casefold().eq("training") & process_document["steps"].notna()
        ]
        if len(written):
            steps = [
                s.strip()
                for s in str(written.sort_values("approved_date")["steps"].iloc[-1]).split(";")
                if s.strip()
            ]
    if not steps or not set(steps) & set(log["activity"]):
        return missing(
            label, "fraction", table="process_document", reason="no document lists the courses in order"
        )
    fit = conformance(log, list(dict.fromkeys(steps)))
    return quantity(label, float(fit["fitness"].mean()), "fraction", len(fit), table="training", scale=FIT,
                    formula="documented courses taken in order / documented courses, mean over people")  # fmt: skip
