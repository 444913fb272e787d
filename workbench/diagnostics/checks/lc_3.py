"""Is a new hire ready to work on day one?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, median_interval, quantity, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period

READY = Scale(
    zero=0.4, hundred=1.0, target=0.95, source="METHOD LC-3, BOF-5: all access on day one; ends are ours"
)
DAYS = Scale(zero=10.0, hundred=0.0, target=2.0, source="METHOD BOM-3: 2 business days; the zero is ours")


@diagnostic("LC-3", area="lifecycle", also=("VIS-1", "CAD-9", "BOM-3"))
def ready_on_day_one(hris: Table, provisioning: Table, client: Client, period: Period) -> Verdict:
    """A new hire has every access on the first day, within two business days of the decision to hire.

    Why: each day without access is a paid day without a contact.
    Healthy: 19 of 20 hires with all access on the first day; 2 business days from decision.
    Unhealthy: half of them wait into the second week.
    Remedy: start provisioning at the decision, with one checklist, an owner and a deadline per step.
    """
    hires = rows_within(hris, "start_date", period, client).drop_duplicates("agent_id")
    mine = provisioning[provisioning["agent_id"].isin(hires["agent_id"])]
    granted = mine["granted_ts"].dt.tz_convert(client.time_zone).dt.tz_localize(None).dt.normalize()
    by_agent = pd.DataFrame(
        {"agent_id": mine["agent_id"], "granted": granted, "open": mine["granted_ts"].isna()}
    )
    last = by_agent.groupby("agent_id").agg(granted=("granted", "max"), open=("open", "any"))
    table = hires.set_index("agent_id")[["hire_decision_date", "start_date"]].join(last, how="inner")
    rows = dict(zip(hires["agent_id"], hires.index, strict=True))
    ready = ~table["open"] & (table["granted"] <= table["start_date"])
    first_day = share(
        "hires with all access on the first day",
        int(ready.sum()),
        len(table),
        of="hires with access records",
        table="hris",
        period=period,
        scale=READY,
        rows=[rows[agent] for agent in table.index[~ready]],
    )
    done = table[~table["open"]].dropna(subset=["hire_decision_date", "granted"])
    days = pd.Series(
        np.busday_count(
            done["hire_decision_date"].to_numpy("datetime64[D]"), done["granted"].to_numpy("datetime64[D]")
        ).astype(float),
        index=done.index,
    )
    to_provision = quantity(
        "median business days from hire decision to full access",
        float(days.median()) if len(days) else None,
        "business days",
        len(days),
        table="provisioning",
        period=period,
        scale=DAYS,
        interval=median_interval(days),
        formula="last access granted − decision to hire, Monday to Friday, holidays not known",
        reason="no hire with a decision day and all access granted",
    )
    cohort = ready.groupby(table["start_date"].dt.strftime("%Y-%m")).agg(["sum", "size"])
    return Verdict(
        (first_day, to_provision),
        findings(
            "LC-3",
            (
                (
                    first_day,
                    "hire",
                    "Give each provisioning step an owner and a deadline before the first day.",
                ),
                (to_provision, "hire", "Start provisioning at the decision to hire, not at the start."),
            ),
            lever="groups.*.attrition.replaced_after_weeks",
            commitments="classes start late",
            margin="paid days before the first contact",
        ),
        {"ready by month of start": cohort.rename(columns={"sum": "ready", "size": "hires"}).reset_index()},
    )
