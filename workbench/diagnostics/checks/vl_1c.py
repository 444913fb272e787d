"""Does coaching depend on which team leader one has?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import among
from workbench.wording import counted

EVEN = Scale(zero=1.0, hundred=0.1, target=0.3, source="METHOD VL-1c; ends are ours")


@diagnostic("VL-1c", area="value leaks")
def coaching_alike(coaching: Table, hris: Table, client: Client, period: Period) -> Verdict:
    """Agents are coached about as often whoever leads their team.

    Why: a cadence that hangs on a person is not a process.
    Healthy: between 1.8 and 2.2 sessions per agent and month in every team.
    Unhealthy: 3 sessions in one team, none in another.
    Remedy: set one cadence for all teams and show each leader's count beside the others'.
    """
    label = "spread of coaching between team leaders"
    agents = hris[(hris["role"] == "agent") & hris["supervisor_id"].notna()].drop_duplicates("agent_id")
    first, last = pd.Timestamp(period.start), pd.Timestamp(period.end)
    there = agents["term_date"].fillna(last).clip(upper=last) - agents["start_date"].fillna(first).clip(
        lower=first
    )
    months = (there.dt.days + 1).clip(lower=0) / 30.4375
    by_leader = months.groupby(agents["supervisor_id"]).sum()
    by_leader = by_leader[by_leader >= 1.0]
    held = rows_within(coaching, "date", period, client)
    leader = held["agent_id"].map(agents.set_index("agent_id")["supervisor_id"])
    rate = (leader.value_counts().reindex(by_leader.index, fill_value=0) / by_leader).rename(
        "sessions per agent-month"
    )
    if len(rate) < 2 or rate.sum() == 0:
        has = f"{counted(len(rate), 'team')} and {counted(len(held), 'session')}"
        reason = f"needs two teams and one session; has {has}"
        return Verdict((missing(label, "", table="coaching", reason=reason),))
    mean = float(among(held["agent_id"], agents["agent_id"]).sum() / by_leader.sum())
    # what is left after the spread that chance alone brings to counts of this size
    noise = float((mean / by_leader).mean())
    spread = max(float(rate.var(ddof=1)) - noise, 0.0) ** 0.5 / mean
    part = quantity(
        label,
        spread,
        "times the mean",
        len(rate),
        table="coaching",
        period=period,
        scale=EVEN,
        formula="standard deviation between leaders of sessions per agent-month, chance removed / mean",
    )
    table = rate.rename_axis("team leader").reset_index()
    return Verdict(
        (part,),
        findings(
            "VL-1c",
            (
                (
                    part,
                    "team leader",
                    "Set one cadence for all teams, and show each leader's count beside the others'.",
                ),
            ),
            side="vendor",
        ),
        {"coaching by team leader": table},
    )
