"""What do schedules cost that miss the work, or are not kept?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.diagnostics.periods import within
from workbench.metrics.forecast_error import locked
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Estimated, Floats, Mapping, Triangle
from workbench.studies.pricing.hours import BLOCK_H, PATH, hours_back
from workbench.studies.pricing.rule import (
    Line,
    Part,
    Said,
    Unpriced,
    all_of,
    carried,
    gap_of,
    named,
    only,
    pricing,
)

KEPT = Mapping(
    "so much of the paid time off schedule is lost to contacts; the rest is made good at other times",
    "ours", "A", Triangle(0.3, 0.6, 1.0), "agent_state: what agents did when they were off schedule",
)  # fmt: skip
OVER = "so much of the gap between required and staffed time is people paid and not needed; the rest is people lacking"
COVER = Mapping(
    OVER, "ours", "A", Triangle(0.3, 0.5, 0.7), "required and staffed time by interval, with their sign"
)
RESAMPLES = 1000


@serves("SIM-6", kind="calculator")
def hours_lost(share: Floats, of_it: Floats, labour: float, pay: Floats) -> Floats:
    """Return what a share of all paid time costs of which `of_it` is lost.

    Parameters
    ----------
    labour : what all paid hours of a month cost; pay : factor on it.
    """
    return np.asarray(labour * share * of_it * pay)


@dataclass(frozen=True)
class Gap:
    """Required against staffed time with its sign.

    Attributes
    ----------
    over : share of the gap in which more were staffed than required, with its 95 % interval.
    required_h : hours required a month.
    lacking : weekday → people who lacked on average in each BLOCK_H of the day.
    """

    over: Estimated
    required_h: float
    lacking: dict[int, Floats]
    days: int


@serves("SIM-6", kind="calculator")
def by_sign(
    required_h: pd.Series, staffed_h: pd.Series, interval_h: float, months: float, seed: int = 1
) -> Gap | None:
    """Return the gap between required and staffed hours by sign, and where in the week people lack.

    Parameters
    ----------
    required_h, staffed_h : hours by start of interval, in local time. [h]

    None where nothing is required, or with fewer than two days. The interval is a bootstrap over days.
    """
    both = pd.DataFrame({"required": required_h, "staffed": staffed_h}).dropna()
    gap = both["staffed"] - both["required"]
    day = both.index.normalize()
    sums = pd.DataFrame({"over": gap.clip(lower=0.0), "gap": gap.abs()}).groupby(day).sum().to_numpy(float)
    if len(sums) < 2 or sums[:, 1].sum() <= 0:
        return None
    drawn = sums[np.random.default_rng(seed).integers(0, len(sums), (RESAMPLES, len(sums)))].sum(axis=1)
    low, high = (float(x) for x in np.quantile(drawn[:, 0] / np.maximum(drawn[:, 1], 1e-12), (0.025, 0.975)))
    over = float(sums[:, 0].sum() / sums[:, 1].sum())
    short = (-gap).clip(lower=0.0) / interval_h
    place = pd.DataFrame(
        {"day": both.index.day_of_week, "block": both.index.hour // BLOCK_H, "date": day, "n": short}
    )
    # a block's people are the mean over its intervals that were staffed or required at all
    mean = place.groupby(["day", "block"])["n"].mean()
    lacking = {
        int(d): np.array([float(mean.get((d, b), 0.0)) for b in range(24 // BLOCK_H)])
        for d in sorted(set(place["day"]))
    }
    return Gap(
        Estimated(min(low, over), over, max(high, over), least=0.0, most=1.0),
        float(both["required"].sum()) / months,
        lacking,
        len(sums),
    )


SCHEDULES, COVERAGE = ("LC-7", "VIS-3", "SYM-4", "LC-6", "DR-5"), ("LC-1",)


@pricing("SIM-6", lines=("labour", "overtime", "penalty", "revenue"), moves={PATH: (*SCHEDULES, *COVERAGE)})
def schedules(basis: Basis) -> Iterator[Said]:
    """Paid hours off schedule, and hours staffed where nothing needs them."""
    kept = named(basis, *SCHEDULES)
    carrier = next(
        (f for f in kept if "adherence" in f.evidence[0].measure and f.code in ("LC-7", "VIS-3")), None
    )
    if carrier is None:
        yield from (
            Unpriced(
                f,
                "it says how schedules come about, not how much paid time is lost",
                "schedule and agent_state",
            )
            for f in kept
        )
    else:
        yield from _off_schedule(basis, carrier, kept)
    cover = named(basis, *COVERAGE)
    carrier = next((f for f in cover if "required and staffed" in f.evidence[0].measure), None)
    if carrier is None:
        yield from (Unpriced(f, "it is no share of staffed time", "forecast and intervals") for f in cover)
    else:
        yield from _missing_the_work(basis, carrier, cover)


def _off_schedule(basis: Basis, carrier: Finding, group: tuple[Finding, ...]) -> Iterator[Said]:
    read = gap_of(basis, carrier, carrier.evidence[0], ("labour",), high_is_bad=False)
    if isinstance(read, Unpriced):
        yield from all_of(read, group)
        return
    labour = basis.labour or 0.0

    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return only("labour", hours_lost(1 - m, k, labour, money))

    yield hours_back(
        basis, carried(carrier, group), f"schedules: {read.measure}", read, KEPT, lambda m, k: (1 - m) * k, cost,
        notes=(_all_hours(basis), "That breaks fall together is not simulated: hours come back as people are at work."),
        part=Part("floor"),
    )  # fmt: skip


def _missing_the_work(basis: Basis, carrier: Finding, group: tuple[Finding, ...]) -> Iterator[Said]:
    """Price hours that are staffed and not needed: saved, or moved to where people lack."""
    read = gap_of(basis, carrier, carrier.evidence[0], ("labour",), high_is_bad=True)
    if isinstance(read, Unpriced):
        yield from all_of(read, group)
        return
    labour, paid = basis.labour or 0.0, basis.paid_hours or 1.0
    gap = own_gap(basis)
    how, required_h = COVER, paid
    if gap is not None:
        how = Mapping(
            OVER,
            f"forecast and intervals of {gap.days} days, with their sign",
            "M",
            gap.over,
            "more days of both",
        )
        required_h = gap.required_h
    part = required_h / paid

    def moved(m: Floats, k: Floats) -> Floats:
        return np.asarray(m * np.minimum(k, 1 - k) * part)

    def saved(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return only("labour", hours_lost(m * part, np.maximum(2 * k - 1, 0.0), labour, money))

    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return only("labour", hours_lost(moved(m, k), np.ones_like(m), labour, money))

    yield hours_back(
        basis, carried(carrier, group), f"schedules: {read.measure}", read, how, moved, cost, beside=saved,
        pattern=None if gap is None else gap.lacking, part=Part("floor"), notes=(
            _all_hours(basis),
            "Hours that nothing needs are saved, or go where people lack; what lacks beyond them is not bought.",
        ),
    )  # fmt: skip


def own_gap(basis: Basis) -> Gap | None:
    """Return the client's own gap by sign, of the same rows as LC-1; None without the tables."""
    forecast, intervals = basis.table("forecast"), basis.table("intervals")
    if forecast is None or intervals is None:
        return None
    dataset = basis.dataset
    mine = forecast[
        within(forecast["interval_start"], dataset.period, dataset.client) & forecast["fte_required"].notna()
    ]
    latest = locked(mine)
    if latest.empty:
        return None
    start = latest["interval_start"]
    required = (latest["fte_required"] * latest["interval_s"] / 3600).groupby(start).sum()
    staffed = (intervals.dropna(subset=["staffed_s"]).groupby("interval_start")["staffed_s"].sum()) / 3600
    both = [s.tz_convert(dataset.client.time_zone).tz_localize(None) for s in (required.index, staffed.index)]
    return by_sign(
        required.set_axis(both[0]).groupby(level=0).sum(), staffed.set_axis(both[1]).groupby(level=0).sum(),
        float(latest["interval_s"].median()) / 3600, basis.months,
    )  # fmt: skip


def _all_hours(basis: Basis) -> str:
    return (
        f"All paid hours of a month cost {basis.labour or 0.0:,.0f} {basis.currency} ({basis.paid_source})."
    )
