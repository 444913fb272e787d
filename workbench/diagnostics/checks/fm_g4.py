"""When did a decline begin, and who noticed?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Finding, Scale, Verdict
from workbench.diagnostics.outcomes import satisfied_rows
from workbench.diagnostics.periods import counted_by, rows_within, weeks_of
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import flags, times
from workbench.metrics.resolution import observed_repeats
from workbench.statistics.change_point import ChangePoint, mean_shift, shift_size
from workbench.wording import figure, p_words, span

DROP = Scale(
    zero=0.15, hundred=0.0, target=0.0, source="METHOD FM-G4, FM-X2; that 15 points are the worst is ours"
)
SURE = 0.01
"""A change is spoken of when chance alone would give one as good in fewer than one case in a hundred. Ours."""

BY_FLAG, NOT_REPEATED = "resolution by the agent's flag", "contacts not repeated within 7 days"
SATISFIED = "customer satisfaction"
OUTCOMES = (BY_FLAG, NOT_REPEATED, SATISFIED)


@diagnostic("FM-G4", area="failure modes", also=("FM-X2", "CX-11"))
def decline_is_dated(
    contacts: Table,
    outcome: Table | None,
    issue: Table | None,
    client: Client,
    period: Period,
    *,
    seed: int = 0,
    least_weeks: int = 10,
) -> Verdict:
    """No outcome fell during the period, or the fall is dated and was noticed soon.

    Why: partnerships decline in small steps; months later nobody can say when it began or why.
    Healthy: satisfaction, resolution and non-repeats level over 17 weeks.
    Unhealthy: satisfaction 13 points lower since the week of 14 April, spoken of first in July.
    Remedy: put each outcome on a control chart with an owner, and look at what changed in the dated weeks.
    """
    mine = rows_within(contacts, "offered_ts", period, client)
    series = _weekly(mine, outcome, client, period)
    parts: list[Evidence] = []
    said: list[Finding] = []
    facts = []
    for name in OUTCOMES:
        weekly = series.get(name)
        if weekly is None or len(weekly) < least_weeks:
            table = _table_of(name)
            reason = f"no {least_weeks} weeks of 20 rows" if weekly is not None else f"needs {table}"
            parts.append(missing(f"fall of {name}", "points", table=table, reason=reason))
            continue
        part, row = _change(name, weekly, period, seed)
        parts.append(part)
        facts.append(row)
        if row["onset"] is not None:
            said += found(
                "FM-G4",
                part,
                f"{name[:1].upper() + name[1:]} fell from {figure(row['before'], 'fraction')} to "
                f"{figure(row['after'], 'fraction')} in the week of {_day(row['onset'])} {row['onset'].year}, by "
                f"{span(part.low, part.high, 'points')} (95 % sure that it began "
                f"between {_day(row['earliest'])} and {_day(row['latest'])}; "
                f"{part.n:,} answers; expected no fall). " + _noticed(issue, row["onset"], period, client),
                "Put each outcome on a control chart with an owner; look at what changed in those weeks.",
                step="cadence",
                side="both",
                lever="queues.*.resolution",
                commitments="customers felt it for weeks before anybody spoke of it",
                margin="unresolved matters come back",
            )
    return Verdict(tuple(parts), tuple(said), {"onset of decline": pd.DataFrame(facts)})


def _weekly(
    mine: pd.DataFrame, outcome: pd.DataFrame | None, client: Client, period: Period
) -> dict[str, pd.DataFrame]:
    week, answered = weeks_of(mine, "offered_ts", client), ~np.isnat(times(mine, "answer_ts"))
    resolved, flagged = flags(mine, "resolved_flag")
    seen, repeated = observed_repeats(mine)
    series = {
        BY_FLAG: (week[flagged & answered], resolved[flagged & answered]),
        NOT_REPEATED: (week[seen], ~repeated),
    }
    if outcome is not None:
        inside = rows_within(outcome, "ts", period, client)
        at, happy = satisfied_rows(inside)
        series[SATISFIED] = (weeks_of(inside, "ts", client)[at], happy)
    weekly = {name: counted_by(when, good) for name, (when, good) in series.items()}
    return {name: each[each["n"] >= 20] for name, each in weekly.items()}


def _change(name: str, weekly: pd.DataFrame, period: Period, seed: int) -> tuple[Evidence, dict[str, Any]]:
    share = (weekly["good"] / weekly["n"]).to_numpy(float)
    change = mean_shift(share, seed=seed)
    sure = change.p_value is not None and change.p_value < SURE
    fell = sure and change.before is not None and change.after is not None and change.after < change.before
    drop = (
        float(change.before - change.after)
        if fell and change.before is not None and change.after is not None
        else 0.0
    )
    interval = None
    if fell and change.at is not None:
        size = shift_size(share, change)
        interval = None if size is None else (max(-size[1], 0.0), -size[0])
    part = quantity(
        f"fall of {name}",
        drop,
        "points",
        int(weekly["n"].sum()),
        table=_table_of(name),
        period=period,
        scale=DROP,
        interval=interval,
        formula="change point of the weekly share by profile likelihood, p by permutation; the interval of the fall "
        "holds the doubt of its date"
        + (f", {p_words(change.p_value)}" if change.p_value is not None else ""),
    )
    onset = weekly.index[change.at] if fell and change.at is not None else None
    earliest, latest = began_between(change, weekly.index) if fell else (None, None)
    return part, {
        "outcome": name,
        "onset": onset,
        "earliest": earliest,
        "latest": latest,
        "before": change.before,
        "after": change.after,
        "p": change.p_value,
        "weeks": len(weekly),
    }


def began_between(change: ChangePoint, weeks: pd.Index) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """Return the first and the last day on which a change of weekly figures may have begun.

    The interval of `change` says which week may be the first after it. A change within a week makes that
    week a mixture, and it then counts to the side to which most of it belongs. So the days run from the
    Monday of the week before the earliest to the Sunday of the latest: never less than two weeks.

    weeks : the Mondays of the series.
    """
    if change.low is None or change.high is None:
        return None, None
    return weeks[max(change.low - 1, 0)], weeks[change.high] + pd.Timedelta(days=6)


def _table_of(name: str) -> str:
    return "outcome" if name == SATISFIED else "contacts"


def _day(when: pd.Timestamp) -> str:
    return f"{when.day} {when:%B}"


def _noticed(issue: pd.DataFrame | None, onset: object, period: Period, client: Client) -> str:
    if issue is None:
        return "Who noticed is not known: issue was not delivered."
    start = pd.Timestamp(onset).tz_localize(client.time_zone, ambiguous=True, nonexistent="shift_forward")
    raised = issue["first_raised_ts"]
    later = raised[raised >= start]
    if later.empty:
        end = period.bounds(client.time_zone)[1]
        return f"Nobody had raised an issue {int((end - start).days)} days later, at the end of the period."
    return f"The first issue after it was raised {int((later.min() - start).days)} days later."
