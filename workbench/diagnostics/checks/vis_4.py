"""Is quality stable, team by team?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.qa_score import evaluation_scores
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
    label = "team-weeks of quality within the limits of their own chart"
    each = evaluation_scores(qa_eval[within(qa_eval["eval_ts"], period, client)])
    when = qa_eval.drop_duplicates("eval_id").set_index("eval_id")["eval_ts"]
    week = each["eval_id"].map(when).dt.tz_convert(client.time_zone).dt.tz_localize(None).dt.to_period("W")
    leader = None if hris is None else hris.drop_duplicates("agent_id").set_index("agent_id")["supervisor_id"]
    team = "all" if leader is None else each["agent_id"].map(leader).fillna("none")
    weekly = (
        each.assign(week=week, team=team)
        .groupby(["team", "week"])["score"]
        .agg(["mean", "size"])
        .reset_index()
    )
    weekly = weekly[weekly["size"] >= 3]
    points = []
    for name, rows in weekly.groupby("team"):
        if len(rows) >= 8:
            chart = xmr(rows["mean"].to_numpy(float)).points
            points.append(chart.assign(team=name, week=rows["week"].dt.start_time.to_numpy()))
    if not points:
        return Verdict(
            (missing(label, "fraction", table="qa_eval", reason="no team has 8 weeks with 3 evaluations"),)
        )
    table = pd.concat(points, ignore_index=True)
    beyond = int(table["signal"].sum())
    part = share(label, len(table) - beyond, len(table), of="team-weeks", table="qa_eval", period=period, scale=STABLE,
                 formula="points of the XmR charts within three sigma / points")  # fmt: skip
    return Verdict(
        (part,),
        findings(
            "VIS-4",
            ((part, "team-week", "Look for the cause of each point beyond the limits."),),
            side="vendor",
        ),
        {"quality charts": table},
    )
