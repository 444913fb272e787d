"""Are people scheduled on queues for which they were never certified?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, sentence, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import flags, in_order, listed
from workbench.wording import counted

CERTIFIED = Scale(zero=0.6, hundred=1.0, target=0.98, source="METHOD VL-3a; ends are ours")


@diagnostic("VL-3a", area="value leaks")
def scheduled_and_certified(
    schedule: Table, training: Table, course_queue: Table, client: Client, period: Period
) -> Verdict:
    """Whoever is scheduled on a queue holds the certification that it needs.

    Why: incomplete training records make a plan that the floor cannot fulfil, or fulfils badly.
    Healthy: 99 % of agents on a queue certified for it.
    Unhealthy: a quarter scheduled on queues without a record of the course.
    Remedy: let scheduling read certifications, and clear the records once with the trainers.
    """
    label = "agents scheduled on a queue who are certified for it"
    mine = rows_within(schedule, "start", period, client)
    (place,), pairs = in_order([mine], ["agent_id", "queue"])
    placed = np.flatnonzero(place >= 0)
    first = np.zeros(len(pairs), np.int64)
    first[place[placed][::-1]] = mine.index.to_numpy()[placed][::-1]
    passed, _ = flags(training, "certified")
    certified = set(zip(*(listed(training[name][passed]) for name in ("agent_id", "course")), strict=True))
    courses: dict[str | None, list[str | None]] = {}
    for queue, course in zip(listed(course_queue["queue"]), listed(course_queue["course"]), strict=True):
        courses.setdefault(queue, []).append(course)
    held = [
        (int(row), agent, queue, (agent, course) not in certified)
        for row, agent, queue in sorted(
            zip(first.tolist(), listed(pairs["agent_id"]), listed(pairs["queue"]), strict=True)
        )
        for course in courses.get(queue, ())
    ]
    if not held:
        reason = "no scheduled queue needs a course, or schedule.queue is empty"
        return Verdict((missing(label, "fraction", table="schedule", reason=reason),))
    lacking = [one for one in held if one[3]]
    part = share(
        label,
        len(held) - len(lacking),
        len(held),
        of="pairs of agent and required course",
        table="schedule",
        period=period,
        scale=CERTIFIED,
        rows=[row for row, *_ in lacking],
        formula="pairs of scheduled agent and required course with a certificate / pairs",
    )
    by_queue = pd.DataFrame(
        [(queue, sum(q == queue for *_, q, _ in lacking), sum(q == queue for *_, q, _ in held))
         for queue in sorted({queue for *_, queue, _ in held})],
        columns=["queue", "lacking", "pairs"],
    )  # fmt: skip
    return Verdict(
        (part,),
        found(
            "VL-3a",
            part,
            f"{sentence(part, 'pair of agent and course')} "
            f"{counted(len({agent for _, agent, *_ in lacking}), 'agent')} "
            f"without {counted(len(lacking), 'certificate')}.",
            "Let scheduling read the certifications; clear the records once.",
            step="data",
            lever="queues.*.handle.factor",
            commitments="contacts reach people who were not taught",
            margin="longer handling, transfers and escalations",
            # a certificate that one named person lacks is read off the record, not inferred from a sample
            at_least="minor" if len(lacking) > (1 - CERTIFIED.target) * part.n else None,
        ),
        {"missing certifications by queue": by_queue},
    )
