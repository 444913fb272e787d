"""What do rows of interval counts say of each interval of each day, and where do they say nothing?

An empty cell is not zero: it is left out of the mean. A day on which every row offers 0 was closed. Where a row is
missing, no contact came if chance can explain that; else the record has a gap (see `holes`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workbench.intake.period import Period
from workbench.metrics.columns import SECOND_US, numbers, times
from workbench.studies.fits.arrivals import clock, weekday_of
from workbench.studies.fits.holes import holes, note_on
from workbench.studies.fits.log import Bools, Floats, Ints, local_cells
from workbench.wording import listing


@dataclass(frozen=True)
class Cells:
    """Interval counts of one queue by day and interval.

    Attributes
    ----------
    days : that are counted, since 1970.
    offered : contacts, of shape (days, intervals per day); 0 where nothing is known.
    exposure : of the same shape: how often the interval is known of.
    people : at work, of the same shape; NaN where nobody says.
    whole : (days,) nothing is missing of the day, so that its total can be compared.
    """

    days: Ints
    offered: Floats
    exposure: Floats
    people: Floats
    whole: Bools

    def by(self, times: int) -> Cells:
        """Return cells of so many intervals each; where contacts of a part are not known the sum is not."""
        if times == 1:
            return self

        def parts(values: Floats) -> Floats:
            return values.reshape(len(values), -1, times)

        exposure = parts(self.exposure).min(axis=2)
        offered = np.where(exposure > 0, parts(self.offered).sum(axis=2), 0.0)
        return replace(self, offered=offered, exposure=exposure, people=_mean(parts(self.people), 2))

    def people_by_week(self) -> Floats:
        """Return the mean of the people that are known by weekday and interval, of shape (7, intervals per day)."""
        weekday = weekday_of(self.days)
        known = np.where(self.exposure > 0, self.people, np.nan)
        return np.stack([_mean(known[weekday == w], 0) for w in range(7)])


def _mean(values: Floats, axis: int) -> Floats:
    known = ~np.isnan(values)
    n = known.sum(axis=axis)
    sums = np.where(known, values, 0.0).sum(axis=axis)
    return np.asarray(np.divide(sums, n, out=np.full(n.shape, np.nan), where=n > 0))


def cells_of(
    part: pd.DataFrame, period: Period, zone: str, length_s: int
) -> tuple[Cells, list[tuple[str, str]]]:
    """Return the cells of one queue, and what is said of days and rows that are missing: text and grade."""
    at_us = times(part, "interval_start").astype(np.int64)
    day, slot = local_cells(at_us, zone, length_s)
    offered, staffed = numbers(part, "offered"), numbers(part, "staffed_s")
    first = int(np.datetime64(str(period.start), "D").astype(np.int64))
    every = np.arange(first, first + period.days)
    inside = (day >= every[0]) & (day <= every[-1])
    place = (day[inside] - first, slot[inside])
    shape = (len(every), 86_400 // length_s)

    def summed(values: Floats) -> Floats:
        sums = np.zeros(shape)
        np.add.at(sums, place, np.nan_to_num(values[inside]))
        return sums

    rows, known = summed(np.ones(len(day))), summed(~np.isnan(offered) * 1.0)
    counts = summed(offered)
    told = summed(~np.isnan(staffed) * 1.0)
    people = np.divide(summed(staffed) / length_s, told, out=np.full(shape, np.nan), where=told > 0)
    weekday = weekday_of(every)
    usual = np.isin(weekday, weekday[counts.any(axis=1)])
    closed = known.any(axis=1) & ~counts.any(axis=1) & usual
    absent = ~rows.any(axis=1) & usual
    notes = [
        (f"{what}: {listing([str(d) for d in every[mask].astype('datetime64[D]')])}.", "A")
        for mask, what in (
            (closed, "days without a contact are left out as closed"),
            (absent, "days without a row are left out"),
        )
        if mask.any()
    ]
    use = rows.any(axis=1) & ~closed
    days, weekday = every[use], weekday[use]
    rows, known, counts, people = rows[use], known[use], counts[use], people[use]
    bounds = tuple(round(t.timestamp()) * SECOND_US for t in period.bounds(zone))
    exposure = np.where(rows > 0, known, clock(days, (bounds[0], bounds[1]), zone, length_s))
    gaps = holes(counts, exposure, weekday)
    exposure = np.where(gaps, 0.0, exposure)
    notes += note_on(gaps, days, length_s)
    elsewhere = np.stack([rows[weekday == w].any(axis=0) if (weekday == w).any() else rows[:0].any(axis=0)
                          for w in range(7)])  # fmt: skip
    silent = int(((rows == 0) & (exposure > 0) & elsewhere[weekday]).sum())
    if silent:
        notes.append(
            (f"Intervals without a row that other days of the weekday have: {silent}, counted as no contact, "
             "which chance explains.", "A")
        )  # fmt: skip
    for what, values in (("offered", offered), ("staffed", staffed)):
        empty = int(np.isnan(values).sum())
        if 0 < empty < len(values):
            notes.append(
                (f"{what} is empty in {empty:,} of {len(values):,} intervals, which is not zero: means are of the "
                 "others.", "M")
            )  # fmt: skip
    whole = ~gaps.any(axis=1) & ~((rows > 0) & (known == 0)).any(axis=1)
    return Cells(days, counts, exposure, people, np.asarray(whole)), notes
