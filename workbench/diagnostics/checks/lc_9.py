"""Is performance judged with its uncertainty?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import coded, flags, listed
from workbench.metrics.proportion import wilson

BELOW = Scale(zero=0.35, hundred=0.0, target=0.1, source="METHOD LC-9; ends are ours")


@diagnostic("LC-9", area="lifecycle", also=("CX-6",))
def performance_of_agents(
    contacts: Table, client: Client, period: Period, *, target: float = 0.70, least: int = 30
) -> Verdict:
    """Few agents resolve less than the target beyond what chance explains.

    Why: measuring is not judging; with few contacts a good agent looks bad every other month.
    Healthy: 1 of 60 agents surely below the target.
    Unhealthy: a third surely below, and as many called so by chance alone.
    Remedy: act on agents whose interval lies below the target, and collect more for the others.
    """
    label = "agents whose resolution lies below the target beyond chance"
    mine = rows_within(contacts, "offered_ts", period, client)
    agent, agents = coded(mine, "agent_id")
    resolved, known = flags(mine, "resolved_flag")
    use = known & (agent >= 0)
    size = np.bincount(agent[use], minlength=len(agents))
    good = np.bincount(agent[use & resolved], minlength=len(agents))
    counts = sorted(
        (who, k, n)
        for who, k, n in zip(listed(agents), good.tolist(), size.tolist(), strict=True)
        if n >= least
    )
    if not counts:
        reason = f"no agent has {least} contacts with a resolution flag"
        return Verdict((missing(label, "fraction", table="contacts", reason=reason),))
    rows = [(who, k, n, *wilson(k, n), k / n) for who, k, n in counts]
    table = pd.DataFrame(rows, columns=["agent_id", "resolved", "n", "low", "high", "share"])
    lower = sum(k / n < target for _, k, n in counts)
    surely = int((table["high"] < target).sum())
    below = share(
        label,
        surely,
        len(table),
        of="agents",
        table="contacts",
        period=period,
        scale=BELOW,
        formula=f"agents whose 95 % interval ends below {target:.0%} / agents with {least} contacts",
    )
    by_chance = quantity(
        "agents below the target whom chance may explain",
        float(lower - surely),
        "agents",
        len(table),
        table="contacts",
        period=period,
        weight=0.0,
    )
    return Verdict(
        (below, by_chance),
        findings(
            "LC-9", ((below, "agent", "Coach those surely below the target; collect more for the rest."),)
        ),
        {"resolution by agent": table},
    )
