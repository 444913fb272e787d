"""Is the scope realistic against the contacts that really come?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity, sentence
from workbench.diagnostics.finding import Evidence, Finding, Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import coded, filled, numbers
from workbench.wording import figure

MIX = Scale(zero=0.30, hundred=0.0, target=0.05, source="METHOD HC-5, CG-1; ends are ours")
EXCESS = Scale(zero=0.40, hundred=0.0, target=0.05, source="METHOD HC-5, FM-5; ends are ours")


@diagnostic("HC-5", area="partnership health", also=("FMB-2",))
def scope_matches_contacts(contacts: Table, client: Client, period: Period) -> Verdict:
    """The contract's mix of complexity and its handle time are those of the contacts that come.

    Why: work that was priced as simple and is not shows up as escalations, overruns and blame.
    Healthy: 24 % complex contacts where the contract says 22 %; handle time 4 % above it.
    Unhealthy: 45 % complex where the contract says 15 %, and a handle time 35 % above.
    Remedy: measure a sample of contacts by class, reopen the scope annex with it, and review it yearly.
    """
    mine = rows_within(contacts, "offered_ts", period, client)
    mix, table = _mix(mine, client, period)
    handle = _handle(mine, client, period)
    findings: list[Finding] = []
    for part in (mix, handle):
        if part.value is None:
            continue
        findings += found(
            "HC-5",
            part,
            sentence(part, "contact"),
            "Sample contacts by class of difficulty and reopen the scope annex with the result.",
            side="buyer",
            step="process",
            lever="queues.*.handle.factor",
            commitments="the promise rests on easier work than there is",
            margin="unpriced handle time",
        )
    return Verdict((mix, handle), tuple(findings), {"complexity mix": table})


def _mix(mine: pd.DataFrame, client: Client, period: Period) -> tuple[Evidence, pd.DataFrame]:
    label = "contacts in another class of difficulty than contracted"
    contracted = client.contract.get("complexity_mix")
    tag, tags = coded(mine, "complexity_tag")
    tagged = int((tag >= 0).sum())
    if not isinstance(contracted, dict) or not tagged:
        lacking = (
            "contract.complexity_mix in client.yaml" if contracted is None else "contacts.complexity_tag"
        )
        return missing(label, "fraction", table="contacts", reason=f"needs {lacking}"), pd.DataFrame()
    agreed = pd.Series({str(k).casefold(): float(v) for k, v in contracted.items()})
    agreed /= agreed.sum()
    counts = np.bincount(tag[tag >= 0], minlength=len(tags)) / tagged
    observed = pd.Series(counts, index=tags.astype("str").str.casefold()).groupby(level=0).sum()
    observed = observed.sort_values(ascending=False)
    both = pd.DataFrame({"contracted": agreed, "observed": observed}).fillna(0.0)
    distance = float((both["observed"] - both["contracted"]).abs().sum() / 2)
    margin = 1.96 * float(((both["observed"] * (1 - both["observed"])) / tagged).sum() ** 0.5) / 2
    part = quantity(
        label,
        distance,
        "fraction",
        tagged,
        table="contacts",
        period=period,
        scale=MIX,
        interval=(max(distance - margin, 0.0), distance + margin),
        formula="half the sum over classes of |observed share − contracted share|",
    )
    return part, both.rename_axis("class").reset_index()


def _handle(mine: pd.DataFrame, client: Client, period: Period) -> Evidence:
    label = "handle time above the contract's"
    contracted = client.contract.get("aht_s")
    talk, hold, after = (numbers(mine, name) for name in ("talk_s", "hold_s", "acw_s"))
    use = filled(mine, "answer_ts") & ~np.isnan(talk)
    handled = talk[use] + np.nan_to_num(hold[use]) + np.nan_to_num(after[use])
    if not isinstance(contracted, int | float) or len(handled) < 2:
        lacking = "contract.aht_s in client.yaml" if contracted is None else "contacts.talk_s"
        return missing(label, "fraction", table="contacts", reason=f"needs {lacking}")
    ratio = float(handled.mean() / contracted)
    margin = 1.96 * float(handled.std(ddof=1) / len(handled) ** 0.5 / contracted)
    over = max(ratio - 1.0, 0.0)
    return quantity(
        f"{label} of {figure(float(contracted), 's')}",
        over,
        "fraction",
        len(handled),
        table="contacts",
        period=period,
        scale=EXCESS,
        interval=(max(over - margin, 0.0), over + margin),
        formula="mean of talk, hold and after-contact work / contracted handle time − 1",
    )
