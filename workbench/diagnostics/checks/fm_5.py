"""Why is the cost above the contract's: volume, handle time or mix?"""

from __future__ import annotations

from typing import TypeGuard

import pandas as pd

from workbench.diagnostics.coverage import where_covered
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.log_ends import log_of
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.handle_time import handle_time
from workbench.wording import figure

OVERRUN = Scale(zero=0.40, hundred=0.0, target=0.05, source="METHOD FM-5; ends are ours")


@diagnostic("FM-5", area="failure modes", also=("CG-1",))
def work_as_contracted(contacts: Table, client: Client, period: Period) -> Verdict:
    """The work that comes is the work that was priced: volume, handle time and mix.

    Why: an overrun has three causes with three owners, and is usually blamed on one.
    Healthy: 4 % more work than contracted, all of it volume.
    Unhealthy: 38 % more: 6 % volume, 12 % mix, 20 % handle time within the classes.
    Remedy: volume goes into the forecast, mix into the scope annex, handle time to the floor.
    """
    label = "work above the contract's"
    mine = rows_within(contacts, "offered_ts", period, client)
    monthly, aht = client.contract.get("contacts_per_month"), client.contract.get("aht_s")
    took = handle_time(mine)
    lacking = [name for name in ("contacts_per_month", "aht_s") if not _above_zero(client.contract.get(name))]
    if not (_above_zero(monthly) and _above_zero(aht)) or len(took.rows) < 2 or "talk_s" in took.not_recorded:
        named = f"needs contract.{' and contract.'.join(lacking)} in client.yaml"
        reason = named if lacking else "no talk time recorded"
        return Verdict((missing(label, "fraction", table="contacts", reason=reason),))
    log = log_of(contacts, "contacts", period, client)
    months = (log.days or period).days / 30.4375
    handled = pd.Series(took.handle_s, index=mine.index[took.rows])
    volume = len(mine) / months / monthly
    mixed = _mix_effect(mine.loc[handled.index], handled, client)
    time = float(handled.mean()) / aht
    work = volume * time
    half = 1.96 * float(handled.std()) / len(handled) ** 0.5 / aht * volume
    table = pd.DataFrame(
        {
            "cause": ["volume", "mix of complexity", "handle time within a class"]
            if mixed
            else ["volume", "handle time, the mix not being known"],
            "effect": [volume - 1, mixed - 1, time / mixed - 1] if mixed else [volume - 1, time - 1],
        }
    )
    over = max(work - 1.0, 0.0)
    part = quantity(
        label,
        over,
        "fraction",
        len(mine),
        table="contacts",
        period=period,
        scale=OVERRUN,
        interval=(max(work - half - 1.0, 0.0), max(work + half - 1.0, 0.0)),
        formula="contacts per month × mean handle time / contracted contacts × contracted handle time − 1; handle "
        f"time: {took.formula}",
    )
    part, *beyond = where_covered(part, log)
    told = ", ".join(f"{row['cause']} {figure(row['effect'], 'fraction')}" for _, row in table.iterrows())
    said = found(
        "FM-5",
        part,
        f"There was {figure(over, 'fraction')} ({figure(part.low, 'fraction')} to {figure(part.high, 'fraction')}) "
        f"more work than contracted in {len(mine):,} contacts (expected at most 5 %): {told}, {part.period}.",
        "Take volume into the forecast, mix into the scope annex, and handle time to the floor.",
        lever="queues.*.handle.factor",
        margin="work that nobody pays for",
    )
    return Verdict((part, *beyond), said, {"why there is more work": table})


def _above_zero(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and value > 0


def _mix_effect(mine: pd.DataFrame, handled: pd.Series, client: Client) -> float | None:
    """Return by how much the observed mix alone moves the mean handle time; None without a contracted mix."""
    contracted = client.contract.get("complexity_mix")
    classes = mine["complexity_tag"].astype("object").astype("str").str.casefold()
    means = handled.groupby(classes).mean()
    if not isinstance(contracted, dict):
        return None
    agreed = (
        pd.Series({str(k).casefold(): float(v) for k, v in contracted.items()})
        .reindex(means.index)
        .fillna(0.0)
    )
    if agreed.sum() <= 0 or (agreed * means).sum() <= 0:
        return None
    observed = classes.value_counts(normalize=True).reindex(means.index).fillna(0.0)
    return float((observed * means).sum() / ((agreed / agreed.sum()) * means).sum())
