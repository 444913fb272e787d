"""When somebody leaves, is the reason known and used?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.handoff import told_of
from workbench.diagnostics.periods import each_once, kept, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import any_of, filled, flags, spelled

CODED = Scale(zero=0.3, hundred=1.0, target=0.9, source="METHOD LC-12, HO-11; ends are ours")
USED = Scale(zero=0.0, hundred=0.9, target=0.8, source="METHOD HO-12, OR-3; ends are ours")


@diagnostic("LC-12", area="lifecycle", also=("OR-3", "HO-12"))
def exits_teach(hris: Table, exit_interview: Table | None, client: Client, period: Period) -> Verdict:
    """Each exit has a coded reason and an interview, and recruiting hears of it.

    Why: hiring repeats its mistakes as long as nobody tells it what they were.
    Healthy: 29 of 30 exits coded, 26 interviewed, 25 told to recruiting.
    Unhealthy: coded as "personal", hardly any interview, recruiting never told.
    Remedy: one form at exit, read by recruiting each month, and a log of changes to the profile.
    """
    left = each_once(rows_within(hris, "term_date", period, client), "agent_id")
    vague = ~filled(left, "term_reason")
    vague |= spelled(left, "term_reason", ("other", "unknown", "personal", "n/a", ""))
    coded = share(
        "exits with a usable reason",
        int((~vague).sum()),
        len(left),
        of="exits",
        table="hris",
        period=period,
        scale=CODED,
        rows=left.index[vague],
    )
    asked, told = _interviews(exit_interview, left["agent_id"].tolist(), period)
    return Verdict(
        (coded, asked, told),
        findings(
            "LC-12",
            (
                (coded, "exit", "Code the reason from a short list; leave out the words that say nothing."),
                (asked, "exit", "Hold an interview with each leaver within the last week."),
                (told, "interview", "Let recruiting read the interviews monthly and log what it changes."),
            ),
            step="ownership",
            lever="groups.*.shrinkage",
            margin="the same wrong hires are made again",
        ),
        told_of("HO-12", None, None, told),
    )


def _interviews(exit_interview: Table | None, left: list[str], period: Period) -> tuple[Evidence, Evidence]:
    labels = ("exits with an interview", "exit interviews that recruiting was told of")
    if exit_interview is None:
        both = [
            missing(label, "fraction", table="exit_interview", lack=Lack(tables=("exit_interview",)))
            for label in labels
        ]
        return both[0], both[1]
    mine = each_once(kept(exit_interview, any_of(exit_interview, "agent_id", left)), "agent_id")
    asked = share(
        labels[0], len(mine), len(left), of="exits", table="exit_interview", period=period, scale=CODED
    )
    fed_back, known = flags(mine, "fed_back_to_hiring")
    told = share(
        labels[1],
        int(fed_back.sum()),
        int(known.sum()),
        of="interviews",
        table="exit_interview",
        period=period,
        scale=USED,
        rows=mine.index[known & ~fed_back],
    )
    return asked, told
