"""Does recruiting find people who come and stay?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, median_interval, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.headcount import agents_of
from workbench.diagnostics.periods import each_once, first_by, kept, rows_within, time_of, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Bools, among, equals, filled, in_order, seconds_between, times

DAYS = Scale(zero=60.0, hundred=14.0, target=30.0, source="METHOD LC-2; ends are ours")
ACCEPTED = Scale(zero=0.4, hundred=0.9, target=0.75, source="METHOD LC-2; ends are ours")
STAYED = Scale(zero=0.6, hundred=0.95, target=0.85, source="METHOD LC-2: 90-day survival; ends are ours")
JOINED = Scale(zero=0.5, hundred=1.0, target=0.98, source="METHOD LF-9; ends are ours")


@diagnostic("LC-2", area="lifecycle", also=("LF-9",))
def recruiting_delivers(
    requisition: Table | None, candidate: Table | None, hris: Table | None, client: Client, period: Period
) -> Verdict:
    """Openings are filled in time, offers are accepted, and recruiting is joined to the roster.

    Why: the employee's way begins before day one; what recruiting knows is lost if nobody carries it over.
    Healthy: 28 days from opening to acceptance, four of five offers accepted, every hire with its candidate.
    Unhealthy: two months, every second offer declined, no link between candidate and employee.
    Remedy: carry the candidate's number into the roster, and review offers that were declined.
    """
    days = _days(requisition, candidate, client, period)
    accepted, joined = _accepted(candidate, client, period), _joined(hris, candidate, client, period)
    young = None if hris is None else _ninety_days(hris, client, period)
    stayed = _stayed(young, hris, period)
    return Verdict(
        (days, accepted, stayed, joined),
        findings(
            "LC-2",
            (
                (days, "acceptance", "Open earlier and shorten the steps between interview and offer."),
                (accepted, "offer", "Ask those who declined, and mend what they name."),
                (
                    stayed,
                    "hire",
                    "Look at the sources whose hires leave first, and at what they were promised.",
                ),
                (joined, "hire", "Carry the candidate's number into the roster on the first day."),
            ),
            lever="groups.*.shrinkage",
        ),
        {
            "acceptance by source": _by_source(candidate, client, period),
            "staying by source": _staying_by_source(young, candidate),
        },
    )


def _offers(candidate: Table | None, client: Client, period: Period) -> pd.DataFrame | None:
    return None if candidate is None else rows_within(candidate, "offered", period, client)


def _days(requisition: Table | None, candidate: Table | None, client: Client, period: Period) -> Evidence:
    label = "median days from opening to acceptance"
    offers = _offers(candidate, client, period)
    if requisition is None or offers is None:
        lacking = "requisition" if requisition is None else "candidate"
        return missing(label, "days", table=lacking, lack=Lack(tables=(lacking,)))
    opened = time_of(offers["requisition"], first_by(requisition, "id", "opened"))
    days = seconds_between(opened.to_numpy("datetime64[us]"), times(offers, "accepted")) // 86400
    days = days[~np.isnan(days)]
    return quantity(
        label,
        float(np.median(days)) if len(days) else None,
        "days",
        len(days),
        table="candidate",
        period=period,
        scale=DAYS,
        interval=median_interval(days),
        reason="no accepted offer names its opening",
    )


def _accepted(candidate: Table | None, client: Client, period: Period) -> Evidence:
    label = "offers accepted"
    offers = _offers(candidate, client, period)
    if offers is None:
        return missing(label, "fraction", table="candidate", lack=Lack(tables=("candidate",)))
    declined = offers.index[~filled(offers, "accepted")]
    return share(
        label,
        len(offers) - len(declined),
        len(offers),
        of="offers",
        table="candidate",
        period=period,
        scale=ACCEPTED,
        rows=declined,
    )


def _joined(hris: Table | None, candidate: Table | None, client: Client, period: Period) -> Evidence:
    label = "hires whose recruiting record is joined to the roster"
    if hris is None or candidate is None:
        lacking = "hris" if hris is None else "candidate"
        return missing(label, "fraction", table=lacking, lack=Lack(tables=(lacking,)))
    hires = rows_within(hris, "start_date", period, client)
    hires = kept(hires, equals(hires, "role", "agent"))
    known = among(hires["candidate_id"], candidate["id"])
    return share(
        label,
        int(known.sum()),
        len(hires),
        of="hires",
        table="hris",
        period=period,
        scale=JOINED,
        rows=hires.index[~known],
    )


def _ninety_days(hris: pd.DataFrame, client: Client, period: Period) -> pd.DataFrame:
    """Return the agents whose ninetieth day fell into the period, with `stayed` (bool)."""
    agents = each_once(agents_of(hris), "agent_id")
    day = agents["start_date"] + pd.Timedelta(days=90)
    ripe = within(day, period, client)
    stayed = ~(times(agents, "term_date") < day.to_numpy("datetime64[us]"))
    return kept(agents, ripe).assign(stayed=stayed[ripe])


def _stayed(young: pd.DataFrame | None, hris: Table | None, period: Period) -> Evidence:
    label = "hires who stayed for 90 days"
    if young is None or hris is None:
        return missing(label, "fraction", table="hris", lack=Lack(tables=("hris",)))
    if not filled(hris, "term_date").any():  # a roster in which nobody ever left does not say that all stayed
        return missing(label, "fraction", table="hris", lack=Lack(columns=("hris.term_date",)))
    return share(
        label,
        int(young["stayed"].sum()),
        len(young),
        of="hires whose 90 days end in the period",
        table="hris",
        period=period,
        scale=STAYED,
        rows=young.index[~young["stayed"]],
    )


def _staying_by_source(young: pd.DataFrame | None, candidate: Table | None) -> pd.DataFrame:
    if young is None or candidate is None or young.empty:
        return pd.DataFrame()
    source = young["candidate_id"].map(first_by(candidate, "id", "source"))
    return _tally(young["stayed"].to_numpy(), source)


def _by_source(candidate: Table | None, client: Client, period: Period) -> pd.DataFrame:
    offers = _offers(candidate, client, period)
    if offers is None or offers.empty:
        return pd.DataFrame()
    return _tally(filled(offers, "accepted"), offers["source"])


def _tally(good: Bools, source: pd.Series) -> pd.DataFrame:
    """Return how many are good, and how many there are, of each source that is named."""
    (of,), sources = in_order([source.to_frame("source")], ["source"])
    counts = {
        name: np.bincount(of[use & (of >= 0)], minlength=len(sources))
        for name, use in (("sum", good), ("size", np.ones(len(of), bool)))
    }
    return pd.DataFrame({"source": sources["source"], **counts})
