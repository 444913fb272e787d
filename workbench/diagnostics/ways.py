"""In how many ways is a process really run, does the way depend on the team, and is it the documented one?

METHOD VL-1 asks it of onboarding, training and coaching alike: the share of the commonest way, how far teams
differ in taking it, and conformance to the order that is written down (FIX-6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.diagnostics.evidence import missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale
from workbench.diagnostics.periods import each_once, kept, wall
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Bools, Ints, Times, coded, filled, seconds_between, spelled
from workbench.metrics.proportion import wilson
from workbench.statistics.between import spread_between
from workbench.statistics.variants import runs_of, steps_in_order, variants_of
from workbench.student import student
from workbench.wording import listing

TOP = Scale(
    zero=0.15, hundred=0.9, target=0.7, source="METHOD VL-1, VL-1b: share of the commonest way; ends are ours"
)
FIT = Scale(
    zero=0.4,
    hundred=1.0,
    target=0.9,
    source="METHOD FIX-6: as it is done against as it is written; ends are ours",
)
SPREAD = Scale(zero=0.5, hundred=0.0, target=0.15, source="METHOD VL-1b: between supervisors; ends are ours")

COMMON = 0.6
"""A step that so many of the cases have belongs to everybody's way; the rest is for some alone. Ours."""

EARLY_DAYS = 60
"""So many days from a person's first step belong to the beginning; what comes later is a change of work. Ours."""

RECENT_DAYS = 731
"""Cases that began longer before the period's end say nothing of how the process runs now. Ours."""

LEAST, LEAST_OF_A_TEAM = 5, 3
"""So many cases, and of one team, say something of a way."""


@dataclass(frozen=True)
class Process:
    """How a process is spoken of, and where it is recorded.

    Attributes
    ----------
    name : as process_document spells it ("onboarding"); compared in any case.
    table : where its steps are recorded.
    top, spread, fit : the labels of its three measures.
    case, cases : one case ("person"), and what too few of them are ("people with dated steps").
    team : by whom cases are compared ("team", "team leader").
    """

    name: str
    table: str
    top: str
    spread: str
    fit: str
    case: str
    cases: str
    team: str = "team"


ONBOARDING = Process(
    name="onboarding",
    table="provisioning",
    top="people whose access was asked for in the commonest order",
    spread="difference between teams in taking the commonest order of onboarding",
    fit="documented onboarding steps done in the documented order",
    case="person",
    cases="people with a request time for every usual system",
)

TRAINING = Process(
    name="training",
    table="training",
    top="people who took the commonest sequence of courses",
    spread="difference between teams in taking the commonest sequence",
    fit="documented training steps done in the documented order",
    case="person",
    cases="people with completed courses",
)

COACHING = Process(
    name="coaching",
    table="coaching",
    top="coaching sessions that ran the commonest way",
    spread="difference between team leaders in the way they coach",
    fit="documented coaching steps done in the documented order",
    case="session",
    cases="sessions of which a follow-up could be seen",
    team="team leader",
)
PROCESSES = {"VL-1a": ONBOARDING, "VL-1b": TRAINING, "VL-1c": COACHING}
"""By the diagnostic that looks at its ways."""


@dataclass(frozen=True)
class Ways:
    """The ways of one process: three measures that are scored, rework that is shown, and tables."""

    top: Evidence
    spread: Evidence
    fit: Evidence
    again: Evidence | None
    facts: dict[str, object]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All of it."""
        return (self.top, self.spread, self.fit, *(() if self.again is None else (self.again,)))


@dataclass(frozen=True)
class Log:
    """The steps of a process: for each the number of its case, its name and its time.

    Attributes
    ----------
    common : where a step belongs to everybody's way.
    team : of each case; None: nobody says. Cases of no team are -1.
    teams : the names of the teams.
    """

    case: Ints
    activity: NDArray[np.object_]
    time: Times
    common: Bools
    team: Ints | None = None
    teams: Sequence[str] = ()

    def runs(self, chosen: Bools) -> dict[int, tuple[str, ...]]:
        """Return the chosen steps of each case in order, by the number of the case."""
        return runs_of(self.case[chosen], self.activity[chosen], self.time[chosen])


def ways_of(
    process: Process,
    log: Log,
    *,
    documented: Sequence[str],
    also: Mapping[str, str] | None = None,
    again: str = "",
    needs: str = "",
    unnamed: str = "",
) -> Ways:
    """Return the ways in which the cases of a log ran.

    Parameters
    ----------
    documented : the steps in their order; empty without such a document.
    also : by what other name a document may call a recorded step.
    again : the label under which the share of cases with a step done twice is shown; empty: it is not.
    needs : the table without which nothing can be said; empty: all are there.
    unnamed : the absent table that would say by what other names the document may call the steps; a
        document that names a step otherwise can then not be judged. Empty: it is there, or there is none such.
    """
    by_case = log.runs(log.common)
    runs = list(by_case.values())
    steps = set(log.activity[log.common].tolist())
    if needs or len(runs) < LEAST or len(steps) < 2:
        few = f"{len(runs)} {process.cases}; needs {LEAST}"
        alone = f"{process.table} records one step of {process.name} only, and an order takes two"
        reason = f"needs {needs}" if needs else few if len(runs) < LEAST else alone
        units = {process.top: "fraction", process.spread: "points", process.fit: "fraction"}
        top, spread, fit = (missing(label, unit, table=needs or process.table, reason=reason)
                            for label, unit in units.items())  # fmt: skip
        return Ways(top, spread, fit, None, {})
    first, last = (at.astype("datetime64[D]").item() for at in (log.time.min(), log.time.max()))
    period = Period(first, last)
    found = variants_of(runs)
    usual = found.table["variant"].iloc[0]
    alike = np.array([run == usual for run in runs], bool)
    top = share(process.top, int(alike.sum()), len(runs), of=process.cases, table=process.table, period=period,
                scale=TOP, formula=f"{len(found.table)} ways among {len(runs)}")  # fmt: skip
    twice = quantity(again, float(np.mean([len(run) > len(set(run)) for run in runs])), "fraction", len(runs),
                     table=process.table, period=period, weight=0.0) if again else None  # fmt: skip
    shown = found.table.head(10)
    facts: dict[str, object] = {
        f"ways of {process.name}": shown.assign(variant=[" → ".join(one) for one in shown["variant"]])
    }
    by_team = _by_team(log, np.array(list(by_case), int), alike)
    if by_team is not None:
        facts[f"{process.name} by {process.team}"] = by_team
    return Ways(
        top,
        _between(process, by_team, period),
        _as_written(process, log, documented, also or {}, period, unnamed),
        twice,
        facts,
    )


def beginnings(
    table: Table, case: str, activity: str, time: str, client: Client, period: Period, hris: Table | None
) -> Log:
    """Return the first weeks of those who began within two years of the period's end, with their team leaders."""
    (who, people), (what, names) = coded(table, case), coded(table, activity)
    at = wall(table, time, client)
    rows = np.flatnonzero((who >= 0) & (what >= 0) & ~np.isnat(at))
    first: Times = np.full(len(people), np.datetime64("NaT"), "datetime64[us]")
    latest_first = rows[np.argsort(at[rows], kind="stable")[::-1]]
    first[who[latest_first]] = at[latest_first]  # of several the earliest stays
    end = np.datetime64(period.end, "us")
    recent = (first > end - np.timedelta64(RECENT_DAYS, "D")) & (first < end + np.timedelta64(1, "D"))
    since = seconds_between(first[who[rows]], at[rows])
    rows = rows[recent[who[rows]] & (since <= EARLY_DAYS * 86400)]
    took = np.zeros((len(people), len(names)), bool)
    took[who[rows], what[rows]] = True
    common = took.sum(axis=0) >= COMMON * max(len(np.unique(who[rows])), 1)
    team, teams = _leaders(people, hris)
    return Log(who[rows], names.to_numpy(object)[what[rows]], at[rows], common[what[rows]], team, teams)


def complete(log: Log) -> Log:
    """Return the log in which only who has every common step dated is a case.

    A step that nobody dated is another fault than one out of order.
    """
    steps, _ = pd.factorize(log.activity)
    there = np.zeros((log.case.max(initial=-1) + 1, steps.max(initial=-1) + 1), bool)
    there[log.case[log.common], steps[log.common]] = True
    whole = there.sum(axis=1) == len(np.unique(steps[log.common]))
    return replace(log, common=log.common & whole[log.case])


def _leaders(people: pd.Index, hris: Table | None) -> tuple[Ints | None, Sequence[str]]:
    if hris is None:
        return None, ()
    once = each_once(hris, "agent_id")
    leader, leaders = coded(once, "supervisor_id")
    place = pd.Index(once["agent_id"]).get_indexer(people)
    return np.where(place >= 0, leader[place], -1), list(leaders)


def documented_steps(process_document: Table | None, name: str) -> list[str]:
    """Return the steps of a process in the order of its latest document; empty where none lists them."""
    if process_document is None:
        return []
    mine = spelled(process_document, "process", (name,)) & filled(process_document, "steps")
    written = kept(process_document, mine).sort_values("approved_date")
    if written.empty:
        return []
    steps = (step.strip() for step in str(written["steps"].iloc[-1]).split(";"))
    return list(dict.fromkeys(step for step in steps if step))


def _by_team(log: Log, cases: Ints, alike: Bools) -> pd.DataFrame | None:
    """Return team, cases, and the share of them that ran the usual way; of teams with enough cases."""
    if log.team is None:
        return None
    team = log.team[cases]
    n = np.bincount(team[team >= 0], minlength=len(log.teams))
    same = np.bincount(team[(team >= 0) & alike], minlength=len(log.teams))
    kept = np.flatnonzero(n >= LEAST_OF_A_TEAM)
    names = [str(log.teams[i]) for i in kept.tolist()]
    table = pd.DataFrame({"team": names, "cases": n[kept], "in the commonest way": same[kept] / n[kept]})
    return table.sort_values("team", ignore_index=True)


def _between(process: Process, by_team: pd.DataFrame | None, period: Period) -> Evidence:
    if by_team is None:
        return missing(process.spread, "points", table="hris", lack=Lack(tables=("hris",)))
    if len(by_team) < 2:
        reason = f"fewer than two {process.team}s with three cases each"
        return missing(process.spread, "points", table=process.table, reason=reason)
    size, seen = by_team["cases"].to_numpy(float), by_team["in the commonest way"].to_numpy(float)
    mean = float((seen * size).sum() / size.sum())
    found = spread_between(seen, mean * (1 - mean) / size)
    assert found.low is not None
    assert found.high is not None
    widest = (len(seen) / (len(seen) - 1)) ** 0.5 / 2  # half of the teams at 0, half at 1
    return quantity(process.spread, found.value, "points", len(by_team), table=process.table, period=period,
                    scale=SPREAD, interval=(found.low, min(found.high, widest)),
                    formula=f"standard deviation between {process.team}s of the share, chance removed")  # fmt: skip


def _as_written(
    process: Process,
    log: Log,
    documented: Sequence[str],
    also: Mapping[str, str],
    period: Period,
    unnamed: str,
) -> Evidence:
    place = placed(documented, {step: also.get(step, step) for step in log.activity.tolist()})
    strange = [step for i, step in enumerate(documented) if i not in place.values()]
    if unnamed and strange:
        reason = (
            f"needs {unnamed}: {process.table} may record {listing(strange)} of the document by another name"
        )
        return missing(process.fit, "fraction", table=unnamed, reason=reason)
    if not place:
        reason = f"no document lists the steps of {process.name} in order, as {process.table} names them"
        return missing(process.fit, "fraction", table="process_document", reason=reason)
    cases = np.isin(log.case, np.unique(log.case[log.common]))
    runs = list(log.runs(cases).values())
    known = {run: steps_in_order(run, place) for run in set(runs)}
    fit = np.array([known[run] for run in runs]) / len(documented)
    return quantity(process.fit, float(fit.mean()), "fraction", len(fit), table=process.table, period=period,
                    scale=FIT, interval=_of_mean(fit),
                    formula=f"documented steps done in order / all, mean over every {process.case}")  # fmt: skip


def placed(documented: Sequence[str], recorded: Mapping[str, str]) -> dict[str, int]:
    """Return the place in the document of each recorded step that it means.

    The same name in any spelling of capitals; else the last word of the other name that `recorded` gives it:
    "queue certification" stands for "billing certification".
    """
    exact = {step.casefold(): i for i, step in enumerate(documented)}
    place = {step: exact[step.casefold()] for step in recorded if step.casefold() in exact}
    taken = set(place.values())
    loose = {step.casefold().split()[-1]: i for i, step in enumerate(documented) if i not in taken}
    for step, name in recorded.items():
        last = name.casefold().split()[-1:]
        if step not in place and last and last[0] in loose:
            place[step] = loose[last[0]]
    return place


def _of_mean(values: np.ndarray) -> tuple[float, float]:
    """Return Student's interval of a mean of shares, within 0 and 1; Wilson's where all are alike."""
    n, mean = len(values), float(values.mean())
    error = float(values.std(ddof=1)) / n**0.5
    if error < 1e-12:
        return wilson(mean * n, n)
    half = student(n - 1, 0.95) * error
    return max(mean - half, 0.0), min(mean + half, 1.0)


def spoken(steps: Sequence[str], words: Mapping[str, Sequence[str]]) -> list[str]:
    """Return documented steps by our names for them: the first of `words` that a step holds names it."""
    said = (
        next((name for name, parts in words.items() if any(p in step.casefold() for p in parts)), "")
        for step in steps
    )
    return list(dict.fromkeys(name for name in said if name))
