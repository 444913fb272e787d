"""How do the contacts of one line behave: talk, patience, and who goes first?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workbench.sim.distributions import Distribution
from workbench.studies.fits.durations import Fitted, fit_duration, fit_patience
from workbench.studies.fits.gaps import QUICK_S
from workbench.studies.fits.log import Floats, Log

BALK_S = 1.0
"""Who leaves within this had not begun to wait. [s]"""
FEWEST = 30
"""Fewer times than this are fitted together with those of all lines."""
ASSUMED_TALK_S = 240.0


@dataclass(frozen=True)
class LineFit:
    """What is known of one line.

    Attributes
    ----------
    talk, hold, acw, patience : None where there is nothing to fit.
    pooled : which of them are those of all lines, because the line has too few.
    balk : share of those who would have to wait and leave at once.
    head_start_share : share of contacts that enter with the log's head start.
    unserved_share : share of the answered whom no named agent took.
    """

    talk: Fitted | None
    hold: Fitted | None
    hold_probability: float
    acw: Fitted | None
    patience: Fitted | None
    pooled: tuple[str, ...]
    balk: float
    head_start_share: float
    unserved_share: float
    offered: int
    abandoned: int


def fit_lines(log: Log) -> tuple[LineFit, ...]:
    """Return the fit of each line of a log."""
    honoured = _honoured(log) if log.head_start_s else 1.0
    whole = _one(log.rows, head_start_share(log, None, honoured))
    fits = []
    for i in range(len(log.lines)):
        rows = log.rows[log.rows["line"] == i]
        own = _one(rows, head_start_share(log, i, honoured))
        pooled = []
        for part in ("talk", "patience"):
            fit = getattr(own, part)
            n = 0 if fit is None else fit.events
            if n < FEWEST and getattr(whole, part) is not None:
                own = replace(own, **{part: getattr(whole, part)})
                pooled.append(part)
        fits.append(replace(own, pooled=tuple(pooled)))
    return tuple(fits)


def _one(rows: pd.DataFrame, share: float) -> LineFit:
    answered = rows["answered"].to_numpy(bool)
    named = rows["agent"].to_numpy() >= 0
    some_named = bool(named.any())
    served = rows[answered & (named | (not some_named))]
    talk = served["talk_s"].to_numpy(float)
    # a contact without a recorded talk time took the agent no time that could be seen
    talk = talk if np.isnan(talk).all() else np.nan_to_num(talk)
    hold = served["hold_s"].to_numpy(float)
    held = hold[hold > 0]
    wait, left = rows["wait_s"].to_numpy(float), ~answered
    waited = wait > 0
    balked = waited & left & (wait <= BALK_S)
    return LineFit(
        talk=fit_duration(talk),
        hold=fit_duration(held),
        hold_probability=float(len(held) / max((~np.isnan(hold)).sum(), 1)),
        acw=fit_duration(served["acw_s"].to_numpy(float)),
        patience=fit_patience(wait[~balked], left[~balked]),
        pooled=(),
        balk=float(balked.sum() / max(waited.sum(), 1)),
        head_start_share=share,
        unserved_share=float((answered & ~named).sum() / max(answered.sum(), 1)) if some_named else 0.0,
        offered=len(rows),
        abandoned=int(left.sum()),
    )


def head_start_share(log: Log, line: int | None, honoured: float | None = None) -> float:
    """Return the share of contacts that enter the line with the log's head start.

    Counted among those who waited, because only they may carry a rank; and not every ranked contact need
    have had it: if all had, a ranked contact would never be taken before an earlier ranked one.
    `honoured` : share of the ranked that had it; None: found out here.
    """
    if not log.head_start_s:
        return 0.0
    rows = log.rows if line is None else log.rows[log.rows["line"] == line]
    waited = rows[rows["wait_s"] > QUICK_S]
    if len(waited) < FEWEST:
        return 0.0 if line is None else head_start_share(log, None, honoured)
    return float(waited["ranked"].mean()) * (_honoured(log) if honoured is None else honoured)


def _honoured(log: Log) -> float:
    """Return the share of ranked contacts that had the head start.

    Of pairs in one line of whom the one taken first came later, those of two ranked contacts need one
    with and one without it: passing over within the rank, against passing over the others, gives the
    share without.
    """
    passed = {True: [0, 0], False: [0, 0]}
    for line in range(len(log.lines)):
        rows = log.rows[(log.rows["line"] == line) & (log.rows["wait_s"] > QUICK_S)]
        came, left = rows["arrival_us"].to_numpy(), rows["left_us"].to_numpy()
        ranked, answered = rows["ranked"].to_numpy(bool), rows["answered"].to_numpy(bool)
        for i in np.flatnonzero(answered & ranked):
            low = np.searchsorted(came, left[i] - 1_800_000_000)
            high = np.searchsorted(came, left[i] - round(QUICK_S * 1e6))
            others = np.arange(low, high)
            others = others[(left[others] > left[i] + 2_000_000) & (others != i)]
            for kind in (True, False):
                of = others[ranked[others] == kind]
                passed[kind][0] += int((came[of] < came[i]).sum())
                passed[kind][1] += len(of)
    if not passed[False][0] or not passed[True][1]:
        return 1.0
    within, over = (passed[k][0] / max(passed[k][1], 1) for k in (True, False))
    return float(np.clip(1.0 - within / over, 0.0, 1.0))


def agent_speeds(log: Log, fits: tuple[LineFit, ...], prior: float = 20.0) -> Floats:
    """Return by which factor each agent takes longer than the mean of the lines served.

    Shrunk towards 1 by `prior` contacts of mean length, so that a few contacts do not make a slow agent.
    """
    rows = log.rows[log.rows["answered"] & (log.rows["agent"] >= 0)]
    mean = np.array([f.talk.chosen.mean if f.talk is not None else ASSUMED_TALK_S for f in fits])
    expected = mean[rows["line"].to_numpy()]
    agent, n = rows["agent"].to_numpy(), len(log.agents)
    took = np.bincount(agent, np.nan_to_num(rows["talk_s"].to_numpy(float)), n)
    should = np.bincount(agent, expected, n)
    extra = prior * (float(expected.mean()) if len(expected) else ASSUMED_TALK_S)
    if not took.sum():
        return np.ones(n)
    return np.asarray((took + extra) / (should + extra))


def assumed_talk() -> Distribution:
    """Return the talk time of a log that records none."""
    return Distribution(mean_s=ASSUMED_TALK_S)


@dataclass(frozen=True)
class Crowding:
    """How patience shortens when many are in line: it is (1 + in line)**-power, 1 at `usual`.

    se : standard error of the power.
    """

    power: float = 0.0
    usual: float = 0.0
    se: float = 0.0

    def factor(self, in_line: Floats) -> Floats:
        """Return the factor on patience while so many are in line."""
        return np.asarray(((1.0 + in_line) / (1.0 + self.usual)) ** -self.power)


AS_USUAL = Crowding()


def fit_crowding(log: Log) -> Crowding:
    """Return how the hazard of giving up grows with those in line at arrival.

    Poisson regression of abandonments on the logarithm of one more than those in line, with the time
    waited as exposure; no effect where it is not twice its standard error or people wait longer in a crowd.
    """
    from statsmodels.genmod import families  # not statsmodels.api, which reads in the whole package
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.tools import add_constant

    rows = log.rows[log.rows["wait_s"] > 0]
    left = ~rows["answered"].to_numpy(bool)
    if left.sum() < FEWEST:
        return AS_USUAL
    came, gone = np.sort(rows["arrival_us"].to_numpy()), np.sort(rows["left_us"].to_numpy())
    at = rows["arrival_us"].to_numpy()
    in_line = np.searchsorted(came, at) - np.searchsorted(gone, at, side="right")
    table = (
        pd.DataFrame({"in_line": in_line, "line": rows["line"], "wait": rows["wait_s"], "left": left})
        .groupby(["in_line", "line"])[["wait", "left"]]
        .sum()
        .reset_index()
    )
    seen = table.groupby("line")["left"].transform("sum") > 0
    table = table[seen & (table["wait"] > 0)]
    if table["in_line"].nunique() < 3:
        return AS_USUAL
    x = np.log1p(table["in_line"].to_numpy(float))
    own = pd.get_dummies(table["line"], drop_first=True).to_numpy(float)
    fit = GLM(
        table["left"].to_numpy(float), add_constant(np.column_stack([x, own])),
        family=families.Poisson(), offset=np.log(table["wait"].to_numpy(float)),
    ).fit()  # fmt: skip
    power, se = float(fit.params[1]), float(fit.bse[1])
    if power < 2 * se:
        return AS_USUAL
    usual = float(np.expm1(np.average(x, weights=table["wait"])))
    return Crowding(power, usual, se)
