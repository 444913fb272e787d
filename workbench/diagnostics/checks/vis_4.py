"""Is quality stable, team by team?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.dated_scores import dated_scores
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import first_by, weeks_of
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Floats, coded, in_order
from workbench.statistics.control_charts import xmr

STABLE = Scale(zero=0.6, hundred=1.0, target=0.95, source="METHOD VIS-4, HC-9; ends are ours")


@diagnostic("VIS-4", area="visibility")
def quality_is_stable(qa_eval: Table, hris: Table | None, client: Client, period: Period) -> Verdict:
    """Weekly quality stays within its own limits in every team.

    Why: a point beyond the limits has a cause; a point within them has none worth looking for.
    Healthy: 66 of 68 team-weeks within the limits.
    Unhealthy: every fifth beyond, in two teams.
    Remedy: look for the cause of points beyond the limits, and leave the others alone.
    """
    scores = dated_scores(qa_eval, client, period)
    score, week = scores["score"].to_numpy(), weeks_of(scores, "eval_ts", client)
    together = _points(score, pd.DataFrame({"team": "all", "week": week}))
    whole = _within_limits(
        "weeks of quality within the limits of the chart, all teams together", together, "weeks", period,
        "no 8 weeks with 3 evaluations",
    )  # fmt: skip
    label = "team-weeks of quality within the limits of their own chart"
    if hris is None:
        points = together
        teams = missing(label, "fraction", table="hris", lack=Lack(tables=("hris",)))
    else:
        leader = scores["agent_id"].map(first_by(hris, "agent_id", "supervisor_id"))
        points = _points(score, pd.DataFrame({"team": leader.fillna("none").array, "week": week}))
        teams = _within_limits(label, points, "team-weeks", period, "no team has 8 weeks with 3 evaluations")
    remedy = "Look for the cause of each point beyond the limits, and leave the others alone."
    return Verdict(
        (whole, teams),
        findings("VIS-4", ((whole, "week", remedy), (teams, "team-week", remedy)), side="vendor"),
        {"quality charts": points} if len(points) else {},
    )


def _points(score: Floats, of: pd.DataFrame) -> pd.DataFrame:
    """Return the points of one chart for each team that has enough weeks, from scores `of` teams and weeks."""
    (cell,), weekly = in_order([of], ["team", "week"])
    known = (cell >= 0) & ~np.isnan(score)
    count = np.bincount(cell[known], minlength=len(weekly))
    mean = np.bincount(cell[known], score[known], len(weekly)) / np.maximum(count, 1)
    team, teams = coded(weekly, "team")
    enough = np.bincount(team[count >= 3], minlength=len(teams))[team] >= 8
    use = np.flatnonzero((count >= 3) & enough)
    if not len(use):
        return pd.DataFrame({"signal": []}, dtype=bool)
    begins = np.flatnonzero(np.diff(team[use])) + 1  # teams stand in their order
    charts = [xmr(means).points for means in np.split(mean[use], begins)]
    columns = {name: np.concatenate([chart[name].to_numpy() for chart in charts]) for name in charts[0]}
    return pd.DataFrame({**columns, **{name: weekly[name].array.take(use) for name in weekly}})


def _within_limits(label: str, points: pd.DataFrame, of: str, period: Period, reason: str) -> Evidence:
    if points.empty:
        return missing(label, "fraction", table="qa_eval", reason=reason)
    return share(label, int((~points["signal"]).sum()), len(points), of=of, table="qa_eval", period=period,
                 scale=STABLE, formula="points of the XmR charts within three sigma / points")  # fmt: skip
