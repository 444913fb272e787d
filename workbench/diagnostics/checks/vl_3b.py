"""Do skill tags agree with the contacts handled and the codes billed?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import each_once, kept, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import any_of, coded, filled, listed, places, spelled, times

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
    tags = each_once(kept(hris, filled(hris, "skill_tags")), "agent_id")
    tagged_agents = listed(tags["agent_id"])
    each = dict.fromkeys(
        (agent, tag.strip())
        for agent, text in zip(tagged_agents, listed(tags["skill_tags"]), strict=True)
        for tag in str(text).split(";")
        if tag.strip()
    )
    mine = rows_within(contacts, "offered_ts", period, client)
    (agent, agents), (queue, queues) = coded(mine, "agent_id"), coded(mine, "queue")
    has_tags = np.zeros(len(agents) + 1, bool)
    has_tags[places(agents, tagged_agents)] = True
    has_tags[-1] = False
    tagged_agent = has_tags[agent]
    taken = np.flatnonzero(~np.isnat(times(mine, "answer_ts")) & (queue >= 0) & tagged_agent)
    agent, queue = agent[taken], queue[taken]
    holder, of = places(agents, [who for who, _ in each]), places(queues, [tag for _, tag in each])
    both = np.isin(holder, agent) & np.isin(of, queue)  # of agents who worked, for queues that had contacts
    holder, of = holder[both], of[both]
    is_tagged, has_contacts = np.zeros((2, len(agents), len(queues)), bool)
    is_tagged[holder, of] = True
    has_contacts[agent, queue] = True
    right = is_tagged[agent, queue]
    tagged = share(
        "contacts handled by an agent tagged for the queue",
        int(right.sum()),
        len(taken),
        of="contacts",
        table="contacts",
        period=period,
        scale=TAGGED,
        weight=2.0,
        rows=mine.index[taken[~right]],
    )
    used = quantity(
        "skill tags that were used",
        float(has_contacts[holder, of].mean()) if len(holder) else None,
        "fraction",
        len(holder),
        table="hris",
        period=period,
        scale=USED,
        formula="tags of working agents with at least one contact of that queue / such tags",
        reason="no tag names a queue that had contacts",
    )
    billed = _billed(timesheet, tags, client, period)
    by_queue = {
        "sum": np.bincount(queue[~right], minlength=len(queues)),
        "size": np.bincount(queue, minlength=len(queues)),
    }
    table = pd.DataFrame({"queue": queues, **by_queue})
    table = table[table["size"] > 0].sort_values("queue", ignore_index=True)
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
        {"contacts without tag by queue": table},
    )


def _billed(timesheet: pd.DataFrame | None, tags: pd.DataFrame, client: Client, period: Period) -> Evidence:
    label = "days billed under a code that the agent is tagged for"
    if timesheet is None:
        return missing(label, "fraction", table="timesheet", lack=Lack(tables=("timesheet",)))
    days = rows_within(timesheet, "date", period, client)
    own = {
        agent: {tag.strip() for tag in str(text).casefold().split(";")}
        for agent, text in zip(listed(tags["agent_id"]), listed(tags["skill_tags"]), strict=True)
    }
    every_tag = {tag for tags in own.values() for tag in tags if tag}
    (code, codes), (agent, agents) = coded(days, "rate_code"), coded(days, "agent_id")
    by_skill = spelled(days, "rate_code", every_tag) & any_of(days, "agent_id", tuple(own))
    if not by_skill.any():
        return missing(label, "fraction", table="timesheet", reason="rate codes are not named after skills")
    billed = [str(one).casefold() for one in listed(codes)]
    fits = np.array([[one in own.get(who, ()) for one in billed] for who in listed(agents)])
    right = fits[agent[by_skill], code[by_skill]]
    return share(
        label, int(right.sum()), len(right), of="days", table="timesheet", period=period, scale=TAGGED,
        rows=days.index[by_skill][~right],
    )  # fmt: skip
