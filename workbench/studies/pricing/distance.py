"""What does it cost that the two sides are at work at different hours?

From the time zones of sites and client: hours in common, days until an answer begins, and what waits meanwhile. It
prices no finding: no table holds when a question was asked and when it was answered (METHOD OFF-1, SIM-15).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from workbench.catalogue import serves
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.price import Amount, amount
from workbench.studies.pricing.rules.sim_15 import PER_DAY, response_lag_days, waiting_cost

DAY_BEGINS, DAY_ENDS = time(9), time(17)
"""Working day of either side, local. Assumed (grade A)."""
DRAWS = 1000


@dataclass(frozen=True)
class Apart:
    """One site's distance from the client.

    Attributes
    ----------
    overlap_h : of a working day of eight hours, in the middle of the period.
    lag_days : until an answer begins, on average.
    share : of the agents.
    """

    site: str
    zone: str
    overlap_h: float
    lag_days: float
    share: float


@dataclass(frozen=True)
class Distance:
    """What distance costs a month: decisions that wait for the other side's working day; None: not known."""

    sites: tuple[Apart, ...]
    decisions: float
    cost: Amount | None
    note: str

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "sites": [
                {"site": s.site, "zone": s.zone, "overlap_h": s.overlap_h, "lag_days": s.lag_days, "share": s.share}
                for s in self.sites
            ],
            "decisions": self.decisions, "cost": None if self.cost is None else self.cost.to_data(), "note": self.note,
        }  # fmt: skip


@serves("SIM-15", kind="calculator")
def distance_of(basis: Basis, seed: int = 1) -> Distance:
    """Return how far sites are from the client in hours, and what decisions cost that wait for it."""
    sites = basis.table("site")
    if sites is None or sites["time_zone"].isna().all():
        return Distance((), 0.0, None, "What distance costs is not known: needs site with time_zone.")
    period, home = basis.dataset.period, basis.dataset.client.time_zone
    day = period.start + timedelta(days=period.days // 2)
    weight = _heads(basis)
    rows = [
        (str(s), str(z)) for s, z in zip(sites["site"], sites["time_zone"], strict=True) if isinstance(z, str)
    ]
    whole = sum(weight.get(s, 0.0) for s, _ in rows)
    apart = []
    for site, zone in rows:
        overlap = overlap_h(day, home, zone)
        share = weight.get(site, 0.0) / whole if whole > 0 else 1 / len(rows)
        apart.append(Apart(site, zone, overlap, response_lag_days(overlap), share))
    lag = sum(one.lag_days * one.share for one in apart)
    actions = basis.table("gov_action")
    decisions = 0.0 if actions is None else len(actions) / basis.months
    cost = None
    if basis.pay is not None and decisions > 0:
        u = np.random.default_rng([seed, 15]).random((2, DRAWS))
        each = PER_DAY.factor.at(u[0])
        cost = amount(
            waiting_cost(np.full(DRAWS, lag), decisions, each, basis.pay.per_hour * basis.pay.factor.at(u[1]))
        )
    lacking = (
        "" if cost is not None else " What it costs is not known: needs gov_action and what an hour costs."
    )
    note = (
        f"Working days {DAY_BEGINS:%H:%M} to {DAY_ENDS:%H:%M} on either side (A); {decisions:.0f} decisions a month "
        f"(gov_action) wait {lag:.2f} days on average; {PER_DAY.says} (A, {PER_DAY.factor.low:g} to "
        f"{PER_DAY.factor.high:g}). Messages with times on both sides would measure the lag itself; none is on "
        f"record, so that no finding is priced with it.{lacking}"
    )
    return Distance(tuple(apart), decisions, cost, note)


def overlap_h(day: date, one: str, other: str) -> float:
    """Return the hours that a working day in one time zone has in common with those of another."""
    begin, end = _working_day(day, one)
    whole = timedelta()
    for shift in (-1, 0, 1):
        theirs = _working_day(day + timedelta(days=shift), other)
        whole += max(min(end, theirs[1]) - max(begin, theirs[0]), timedelta())
    return whole.total_seconds() / 3600


def _working_day(day: date, zone: str) -> tuple[datetime, datetime]:
    begin, end = (
        datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC) for clock in (DAY_BEGINS, DAY_ENDS)
    )
    return begin, end


def _heads(basis: Basis) -> dict[str, float]:
    roster = basis.table("hris")
    if roster is None or "site" not in roster:
        return {}
    return {str(site): float(n) for site, n in roster["site"].dropna().value_counts().items()}
