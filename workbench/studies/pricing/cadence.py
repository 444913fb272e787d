"""What does it cost to notice a drift late? Rate × (detect + wait for the forum + act), by chart and forum.

Charts and forums are only compared at an equal rate of false alarms (METHOD VMF-4, GOV-14). A forum further
apart than a quarter of the time between false alarms has fewer of them, whatever its chart: there is no other
way to look so seldom.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.catalogue import serves
from workbench.diagnostics.periods import in_period
from workbench.errors import CallError
from workbench.metrics.handle_time import handle_time
from workbench.metrics.resolution import judged_by_repeat
from workbench.statistics.change_point import mean_shift
from workbench.statistics.control_charts import moving_range_sigma
from workbench.statistics.run_length import WEEKS_PER_MONTH, WEEKS_PER_QUARTER, Kind, weeks_to_signal
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Floats

FORUMS: dict[str, float] = {"weekly": 1.0, "monthly": WEEKS_PER_MONTH, "quarterly": WEEKS_PER_QUARTER}
CHARTS: tuple[Kind, ...] = ("Shewhart", "CUSUM", "EWMA")
FALSE_ALARM_WEEKS = 104.0
"""Weeks between false alarms at which charts are compared: one in two years, so that a quarterly look fits."""
MOST_SIGMA = 8.0
"""A point so far out is signalled at once under every chart; the equations for larger ones are singular."""


@dataclass(frozen=True)
class Late:
    """The loss of one drift until it is corrected, under one way of looking.

    Attributes
    ----------
    detect_weeks, wait_weeks, act_weeks : until the chart signals, until the forum meets, until it is mended.
    loss : in the account's currency, of one drift.
    """

    drift: float
    chart: str
    forum: str
    detect_weeks: float
    wait_weeks: float
    act_weeks: float
    loss: float

    @property
    def weeks(self) -> float:
        """From the drift to its correction."""
        return self.detect_weeks + self.wait_weeks + self.act_weeks

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "drift": self.drift, "chart": self.chart, "forum": self.forum, "detect_weeks": self.detect_weeks,
            "wait_weeks": self.wait_weeks, "act_weeks": self.act_weeks, "weeks": self.weeks, "loss": self.loss,
        }  # fmt: skip


@serves("SIM-4", "VMF-4", "GOV-14", kind="calculator")
def loss_until_corrected(
    loss_per_week: float,
    shift: float,
    *,
    chart: Kind,
    weeks_between: float,
    act_weeks: float,
    in_control_weeks: float = FALSE_ALARM_WEEKS,
) -> tuple[float, float, float]:
    """Return detection and wait in weeks, and what one drift costs until it is corrected.

    Parameters
    ----------
    loss_per_week : while the drift lasts, in the account's currency.
    shift : of the weekly mean, in standard deviations of a weekly value.
    weeks_between : the forum looks at means of so many weeks; on average half of it is waited for.
    in_control_weeks : between false alarms; held equal to compare.
    """
    if not loss_per_week >= 0 or not act_weeks >= 0:
        raise CallError(
            f"loss_per_week {loss_per_week:g} and act_weeks {act_weeks:g} came. Accepted: 0 or more."
        )
    seen = min(shift, MOST_SIGMA / math.sqrt(weeks_between))
    detect = weeks_to_signal(
        seen,
        chart=chart,
        weeks_per_point=weeks_between,
        in_control_weeks=max(in_control_weeks, 4 * weeks_between),
    )
    wait = weeks_between / 2
    return detect, wait, loss_per_week * (detect + wait + act_weeks)


@serves("SIM-4", "GOV-14", kind="calculator")
def losses_by_cadence(
    drifts: Sequence[float], sigma: float, loss_per_week_and_point: float, act_weeks: float,
    in_control_weeks: float = FALSE_ALARM_WEEKS,
) -> tuple[Late, ...]:  # fmt: skip
    """Return the loss of each drift under every chart and forum, at an equal rate of false alarms.

    Parameters
    ----------
    drifts : sizes, in the unit of the measure (0.05: five points).
    sigma : standard deviation of a weekly value, in the same unit.
    loss_per_week_and_point : what one hundredth of it costs in a week.
    """
    found = []
    for drift in drifts:
        for chart in CHARTS:
            for forum, weeks in FORUMS.items():
                detect, wait, loss = loss_until_corrected(
                    100 * drift * loss_per_week_and_point, drift / sigma, chart=chart, weeks_between=weeks,
                    act_weeks=act_weeks, in_control_weeks=in_control_weeks,
                )  # fmt: skip
                found.append(Late(drift, chart, forum, detect, wait, act_weeks, loss))
    return tuple(found)


def weekly_loss_per_point(basis: Basis) -> float | None:
    """Return what one point less of resolution costs in a week: the contacts that come again, at an hour's cost."""
    contacts = in_period(basis.dataset, "contacts")
    if contacts is None or basis.pay is None or contacts["customer_key"].isna().all():
        return None
    took = handle_time(contacts)
    labour, hours = basis.labour, float(took.handle_s.sum()) / 3600
    if labour is None or hours <= 0:
        return None
    per_contact = labour * basis.months / max(len(took.rows), 1)
    per_week = len(took.rows) / (basis.dataset.period.days / 7)
    return 0.01 * per_week * per_contact


def weekly_resolution(basis: Basis) -> Floats:
    """Return the share of contacts not followed by another, week by week, of weeks with 30 contacts."""
    contacts = in_period(basis.dataset, "contacts")
    if contacts is None or contacts["customer_key"].isna().all():
        return np.zeros(0)
    judged = judged_by_repeat(contacts)
    judged = judged[judged["observed"]]
    week = (
        contacts.loc[judged.index, "offered_ts"]
        .dt.tz_convert(basis.dataset.client.time_zone)
        .dt.tz_localize(None)
    )
    weeks = (~judged["repeated"]).groupby(week.dt.to_period("W")).agg(["mean", "size"])
    return np.asarray(weeks.loc[weeks["size"] >= 30, "mean"], np.float64)


def own_drift(basis: Basis) -> float | None:
    """Return by how much the client's own weekly resolution once fell and stayed down; None: no fall beyond chance."""
    weeks = weekly_resolution(basis)
    if len(weeks) < 8:
        return None
    change = mean_shift(weeks, seed=1)
    if change.before is None or change.after is None or (change.p_value or 0.0) >= 0.05:
        return None
    return change.before - change.after if change.before > change.after else None


def weekly_sigma(basis: Basis) -> float | None:
    """Return the spread of a weekly resolution from moving ranges; None below six weeks."""
    weeks = weekly_resolution(basis)
    sigma = moving_range_sigma(weeks) if len(weeks) >= 6 else 0.0
    return sigma if sigma > 1e-9 else None
