"""Do skill tags agree with the contacts handled and the codes billed?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.periods import within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period

TAGGED = Scale(zero=0.70, hundred=1.0, target=0.97, source="METHOD VL-3b; ends are ours")
USED = Scale(zero=0.4, hundred=1.0, target=0.9, source="METHOD VL-3b; ends are ours")


@diagnostic("VL-3b", area="value leaks")
def skill_tags_true(
    contacts: Table, hris: Table, timesheet: Table | None, client: Client, period: Period
) -> Verdict:
    """Agents handle the contacts for which they are tagged, and hours are billed under that skill.

    Why: a wrong tag spoils routing, coverage, reports and the invoice at once.
    Healthy: 99 % of contacts handled by an agent with the queue's tag; every tag is used.
    Unhealthy: one contact in ten handled without the tag; a third of the tags never used.
    Remedy: reconcile tags with contacts and training once, then change them only through training.
    """
    tags = hris[hris["skill_tags"].notna()].drop_duplicates("agent_id")
    held = (
        tags.assign(queue=tags["skill_tags"].astype("str").str.split(";"))[["agent_id", "queue"]]
        .explode("queue")
        .assign(queue=lambda frame: frame["queue"].str.strip())
    )
    held = held[held["queue"] != ""].drop_duplicates()
    handled = contacts[
        within(contacts["offered_ts"], period, client)
        & contacts["answer_ts"].notna()
        & contacts["queue"].notna()
        & contacts["agent_id"].isin(tags["agent_id"])
    ]
    pairs = pd.MultiIndex.from_arrays([handled["agent_id"].astype("str"), handled["queue"].astype("str")])
    known = pd.MultiIndex.from_arrays([held["agent_id"].astype("str"), held["queue"]])
    right = pairs.isin(known)
    tagged = share(
        "contacts handled by an agent tagged for the queue",
        int(right.sum()),
        len(handled),
        of="contacts",
        table="contacts",
        period=period,
        scale=TAGGED,
        weight=2.0,
        rows=handled.index[~right],
    )
    used = _used(known, pairs, handled, period)
    billed = _billed(timesheet, tags, client, period)
    table = pd.DataFrame({"queue": handled["queue"].astype("str"), "without tag": ~right})
    return Verdict(
        (tagged, used, billed),
        findings(
            "VL-3b",
            (
                (
                    tagged,
                    "contact",
                    "Reconcile tags with contacts and training, then change them by training only.",
                ),
                (used, "tag", "Take tags away that nobody uses: coverage counts on them."),
                (billed, "day", "Tie rate codes to the skill worked, and reconcile before invoicing."),
            ),
            step="data",
            lever="queues.*.misroute",
            commitments="customers wait for, or reach, the wrong person",
            margin="repeat handling, and hours billed at the wrong rate",
        ),
        {
            "contacts without tag by queue": table.groupby("queue")["without tag"]
            .agg(["sum", "size"])
            .reset_index()
        },
    )


def _used(known: pd.MultiIndex, pairs: pd.MultiIndex, handled: pd.DataFrame, period: Period) -> Evidence:
    label = "skill tags that were used"
    working = set(handled["agent_id"].astype("str"))
    mine = known[[agent in working for agent, _ in known]]
    queues = set(handled["queue"].astype("str"))
    mine = mine[[queue in queues for _, queue in mine]]
    return quantity(
        label,
        float(mine.isin(pairs.unique()).mean()) if len(mine) else None,
        "fraction",
        len(mine),
        table="hris",
        period=period,
        scale=USED,
        formula="tags of working agents with at least one contact of that queue / such tags",
        reason="no tag names a queue that had contacts",
    )


def _billed(timesheet: pd.DataFrame | None, tags: pd.DataFrame, client: Client, period: Period) -> Evidence:
    label = "days billed under a code that the agent is tagged for"
    if timesheet is None:
        return missing(label, "fraction", table="timesheet", reason="needs timesheet")
    days = timesheet[within(timesheet["date"], period, client) & timesheet["rate_code"].notna()]
    every_tag = {
        tag.strip().casefold()
        for text in tags["skill_tags"].astype("str")
        for tag in text.split(";")
        if tag.strip()
    }
    by_skill = days[days["rate_code"].astype("str").str.casefold().isin(every_tag)]
    by_skill = by_skill[by_skill["agent_id"].isin(tags["agent_id"])]
    if by_skill.empty:
        return missing(label, "fraction", table="timesheet", reason="rate codes are not named after skills")
    own = tags.set_index("agent_id")["skill_tags"].astype("str").str.casefold()
    right = [
        code.casefold() in [t.strip() for t in own[agent].split(";")]
        for agent, code in zip(by_skill["agent_id"], by_skill["rate_code"].astype("str"), strict=True)
    ]
    wrong = by_skill.index[[not r for r in right]]
    return share(
        label, sum(right), len(right), of="days", table="timesheet", period=period, scale=TAGGED, rows=wrong
    )
