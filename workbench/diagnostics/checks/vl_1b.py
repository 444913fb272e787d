"""Do people learn in one way, or in as many as there are teams?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.ways import TRAINING, beginnings, documented_steps, ways_of
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period


@diagnostic("VL-1b", area="value leaks", also=("FIX-6",))
def training_runs_alike(
    training: Table,
    hris: Table | None,
    process_document: Table | None,
    course_queue: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """New people take the same courses in the same order, as the process says, in every team.

    Why: what differs by manager cannot be planned, measured or improved.
    Healthy: 88 % take the same sequence; the written order is kept; teams do not differ.
    Unhealthy: 14 sequences among 20 people, the commonest taken by three of them.
    Remedy: agree on one sequence per role, and let the system assign it.
    """
    ways = ways_of(
        TRAINING,
        beginnings(training, "agent_id", "course", "completed", client, period, hris),
        documented=documented_steps(process_document, "training"),
        also={} if course_queue is None else dict.fromkeys(course_queue["course"], "certification"),
        again="people who took a course twice",
        unnamed="course_queue" if course_queue is None else "",
    )
    return Verdict(
        ways.evidence,
        findings(
            "VL-1b",
            (
                (ways.top, "person", "Agree on one sequence for each role, and let the system assign it."),
                (ways.spread, "team", "Compare the teams' sequences and settle on one."),
                (
                    ways.fit,
                    "person",
                    "Look at the work as it is done, then correct the process or the practice.",
                ),
            ),
            lever="groups.*.shrinkage",
            about=("training",),
        ),
        ways.facts,
    )
