"""Are people scheduled on queues for which they were never certified?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, sentence, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
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
    mine = schedule[within(schedule["start"], period, client) & schedule["queue"].notna()]
    placed = mine.rename_axis("row").reset_index().drop_duplicates(["agent_id", "queue"])
    needed = placed[["row", "agent_id", "queue"]].merge(course_queue[["course", "queue"]], on="queue")
    if needed.empty:
        reason = "no scheduled queue needs a course, or schedule.queue is empty"
        return Verdict((missing(label, "fraction", table="schedule", reason=reason),))
    passed = training[training["certified"].fillna(False).astype(bool)]
    held = needed.merge(passed[["agent_id", "course"]].drop_duplicates(), how="left", indicator=True)
    lacking = held[held["_merge"] == "left_only"]
    part = share(
        label,
        len(held) - len(lacking),
        len(held),
        of="pairs of agent and required course",
        table="schedule",
        period=period,
        scale=CERTIFIED,
        rows=lacking["row"],
        formula="pairs of scheduled agent and required course with a certificate / pairs",
    )
    by_queue = (
        held.assign(lacking=held["_merge"] == "left_only").groupby("queue")["lacking"].agg(["sum", "size"])
    )
    return Verdict(
        (part,),
        found(
            "VL-3a",
            part,
            f"{sentence(part, 'pair of agent and course')} {counted(lacking['agent_id'].nunique(), 'agent')} "
            f"without {counted(len(lacking), 'certificate')}.",
            "Let scheduling read the certifications; clear the records once.",
            step="data",
            lever="groups.*.skills",
            commitments="contacts reach people who were not taught",
            margin="longer handling, transfers and escalations",
            # a certificate that one named person lacks is read off the record, not inferred from a sample
            at_least="minor" if len(lacking) and part.value < CERTIFIED.target else None,
        ),
        {
            "missing certifications by queue": by_queue.rename(
                columns={"sum": "lacking", "size": "pairs"}
            ).reset_index()
        },
    )
