"""What would Erlang C and A have said of the same days, interval by interval?

They are given what a planner gives them: arrivals and mean handle time of each interval, the people at
work, and one patience: total wait over abandonments of the fit period. All lines are one queue to them.
"""

from __future__ import annotations

import numpy as np

from workbench.queueing import QueueFigures, erlang_a, erlang_c
from workbench.studies.fits.counts import COLUMNS, Counts
from workbench.studies.fits.durations import shared_hazard_mean
from workbench.studies.fits.floor import FloorFit
from workbench.studies.fits.line import ASSUMED_TALK_S
from workbench.studies.fits.log import Floats, Log
from workbench.studies.fits.presence import Presence, on_duty_s


def erlang_replications(
    fit: FloorFit, log: Log, presence: Presence, per_hour: Floats, threshold_s: float, n: int
) -> tuple[Counts | None, Counts]:
    """Return expected counts by Erlang A and by Erlang C for `n` draws of who was there.

    Parameters
    ----------
    per_hour : arrivals by line and interval. [1/h]

    Returns
    -------
    counts of shape (n, n_intervals, columns). Erlang A is None without a single abandonment. Where
    Erlang C has no steady state (more work than people), nobody is answered in time. Fractions of people
    are people on average; an interval without anybody is one in which nobody is answered.
    """
    talk = np.array(
        [line.talk.chosen.mean if line.talk is not None else ASSUMED_TALK_S for line in fit.lines]
    )
    wrap = fit.wrap_up.mean if fit.wrap_up is not None else 0.0
    recorded_acw = np.array([line.acw.chosen.mean if line.acw is not None else 0.0 for line in fit.lines])
    rate = per_hour.sum(axis=0)
    handle = ((talk + recorded_acw + wrap) @ per_hour) / np.maximum(rate, 1e-9)
    first, after = log.bounds_us
    edges = np.arange(first, after + 1, log.interval_s * 1_000_000)
    patience = shared_hazard_mean(fit.log.column("wait_s"), ~fit.log.column("answered").astype(bool))
    volume = rate * log.interval_s / 3600.0
    found_a: list[Floats] = []
    found_c: list[Floats] = []
    for draw in range(n):
        there_s = on_duty_s(presence.draw(np.random.default_rng(draw)), edges)
        people = there_s / log.interval_s
        busy = (rate > 0) & (people > 0.05)
        people = np.where(busy, np.maximum(people, 1.0), people)  # the formulas know no part of one agent
        for into, model in ((found_a, "A"), (found_c, "C")):
            values = np.zeros((len(rate), len(COLUMNS)))
            values[:, COLUMNS.index("offered")] = volume
            values[:, COLUMNS.index("on_duty_s")] = there_s
            values[:, COLUMNS.index("abandoned")] = volume if model == "A" else 0.0
            if model == "A" and patience is not None:
                told = erlang_a(rate[busy], handle[busy], people[busy], patience, threshold_s)
                into.append(_filled(values, busy, volume, told, handle))
            elif model == "C":
                stable = busy & (rate * handle / 3600.0 < people * 0.999)
                told = erlang_c(rate[stable], handle[stable], people[stable], threshold_s)
                into.append(_filled(values, stable, volume, told, handle))
    return (Counts(np.stack(found_a)) if found_a else None), Counts(np.stack(found_c))


def _filled(values: Floats, where: np.ndarray, volume: Floats, told: QueueFigures, handle: Floats) -> Floats:
    """Return the counts with what a formula says where it says something."""

    def put(name: str, share: Floats) -> None:
        values[where, COLUMNS.index(name)] = np.nan_to_num(share) * volume[where]

    left = np.nan_to_num(told.p_abandon)
    put("abandoned", left)
    put("answered", 1.0 - left)
    put("answered within T", told.service_level_all_offered)
    put("abandoned within T", told.p_abandon_within_threshold)
    put("wait_answered_s", np.nan_to_num(told.mean_wait_s_served) * (1.0 - left))
    put("wait_abandoned_s", np.nan_to_num(told.mean_wait_s_abandoned) * left)
    values[where, COLUMNS.index("handling_s")] = (1.0 - left) * volume[where] * handle[where]
    return values
