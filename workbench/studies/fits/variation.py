"""Does handle time vary by hour of the day, by group and by tenure, beyond the queue?

Log-normal models with and without each are compared by AIC. What a scenario takes are ratios of means: time
taken over the time that the same contacts would have taken at the mean of their queues, with an interval
that takes days (for hours) or agents (for tenure) as what was sampled, since contacts of one agent are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from workbench.intake.dataset import Dataset
from workbench.metrics.columns import numbers, times
from workbench.studies.fits.log import Bools, Floats, Ints, Log

EDGES_WEEKS = (0, 4, 8, 13, 26)
"""Tenure is compared in these classes; from the last one on somebody is tenured. [weeks]"""
FEWEST = 50
"""Contacts of an hour or class of tenure below which nothing is said of it."""
FEWEST_AGENTS = 3
SHORTEST_WEEKS = 8
"""A log shorter than this does not show by itself who is new. [weeks]"""
PRIOR = 50.0
"""Contacts of usual length added to each hour, so that a few do not make an hour slow."""
COLUMNS = ["factor", "low", "high", "n"]


@dataclass(frozen=True)
class Variation:
    """What handle time varies with.

    Attributes
    ----------
    models : one row per model, best first: model, parameters, aic, above_best.
    by_hour : one row per local hour with contacts: hour, factor, low, high, n.
    by_tenure : one row per class of tenure: weeks, factor (over the tenured), low, high, n, agents.
    hours : (24,) factor by local hour as used; all 1 where the hour explains nothing.
    curve : factor in the first, second, ... week of tenure as used; empty where tenure explains nothing.
    source : where tenure is from: "hris", "first contact", "ramp" or "".
    start_day : by agent of the log: first day of work, days since 1970; 0 where long enough or unknown.
    """

    models: pd.DataFrame
    by_hour: pd.DataFrame
    by_tenure: pd.DataFrame
    hours: Floats
    curve: tuple[float, ...]
    source: str
    start_day: Ints

    def curve_at(self, weeks: Floats) -> Floats:
        """Return the factor of the curve after so many weeks; 1 past its end."""
        table = np.append(np.array(self.curve, float), 1.0)
        return np.asarray(table[np.clip(weeks, 0, len(self.curve)).astype(np.int64)])


def start_days(dataset: Dataset, log: Log) -> tuple[Ints, str]:
    """Return on which day each agent began, and where that is from.

    From the roster; else who first appears two weeks or more into a log of eight weeks began then.
    """
    n = len(log.agents)
    hris = dataset.tables.get("hris")
    if hris is not None and not hris.empty and "start_date" in hris.columns and n:
        began = times(hris, "start_date").astype("datetime64[D]")
        place = pd.Index(log.agents).get_indexer(hris["agent_id"].astype("str"))
        use = (place >= 0) & ~np.isnat(began)
        if use.any():
            days = np.zeros(n, np.int64)
            days[place[use]] = began[use].astype(np.int64)
            return days, "hris"
    if not n or log.period.days < 7 * SHORTEST_WEEKS:
        return np.zeros(n, np.int64), ""
    first = log.rows[log.rows["agent"] >= 0].groupby("agent")["day"].min().reindex(range(n)).fillna(0)
    began = first.to_numpy(np.int64)
    return np.where(began >= min(log.days) + 14, began, 0), "first contact"


def weeks_at(start_day: Ints, day: Ints) -> Floats:
    """Return weeks of tenure on a day; past the last class where the start is not known or lies later."""
    weeks = (day - start_day) / 7.0
    return np.where((start_day > 0) & (weeks >= 0), weeks, 10.0 * EDGES_WEEKS[-1])


def fit_variation(dataset: Dataset, log: Log, team: Ints | None = None) -> Variation:
    """Return what handle time varies with.

    Parameters
    ----------
    team : by agent of the log; None: all are one group.
    """
    start, source = start_days(dataset, log)
    rows = log.rows[log.rows["answered"]]
    handle = rows[["talk_s", "hold_s", "acw_s"]].fillna(0.0).sum(axis=1).to_numpy(float)
    rows, handle = rows[handle > 0], handle[handle > 0]
    none = Variation(
        pd.DataFrame(columns=["model", "parameters", "aic", "above_best"]),
        pd.DataFrame(columns=["hour", *COLUMNS]), pd.DataFrame(columns=["weeks", *COLUMNS, "agents"]),
        np.ones(24), (), source, start,
    )  # fmt: skip
    if len(rows) < 10 * FEWEST:
        return none
    agent, day = rows["agent"].to_numpy(), rows["day"].to_numpy()
    line, hour = rows["line"].to_numpy(), (rows["slot"].to_numpy() * log.interval_s) // 3600
    named = agent >= 0
    weeks = np.full(len(rows), 10.0 * EDGES_WEEKS[-1])
    if len(start):
        weeks[named] = weeks_at(start[agent[named]], day[named])
    tenure = np.searchsorted(EDGES_WEEKS, weeks, side="right") - 1
    group = np.where(named, team[agent], -1) if team is not None and len(team) else np.zeros(len(rows), int)
    parts = {"hour": _merged(hour), "tenure": _merged(tenure), "group": _merged(group)}
    models = compare_models(np.log(handle), line, parts)
    aic = dict(zip(models["model"], models["aic"], strict=True))
    mean = np.bincount(line, handle) / np.maximum(np.bincount(line), 1)
    by_hour = _by(hour, handle, mean[line], day).rename_axis("hour").reset_index()
    hours = np.ones(24)
    if aic.get("queue and hour", np.inf) < aic["queue"]:
        full = float(mean[line].mean())
        took = np.bincount(hour, handle, 24) + PRIOR * full
        hours = took / (np.bincount(hour, mean[line], 24) + PRIOR * full)
        hours = hours / np.average(hours, weights=np.bincount(hour, mean[line], 24))
    expected = mean[line] * hours[hour]
    better = aic.get("queue and tenure", np.inf) < aic["queue"]
    by_tenure, curve = _learning(tenure, handle, expected, agent, better)
    if not curve and source != "hris":
        known, told = _from_ramp(dataset.tables.get("ramp"))
        if told:
            by_tenure, curve, source = known, told, "ramp"
    return Variation(models, by_hour, by_tenure, hours, curve, source, start)


def _merged(part: Ints) -> Ints:
    """Return classes with those of too few contacts as one of their own."""
    values, code, n = np.unique(part, return_inverse=True, return_counts=True)
    return np.where(n[code] >= FEWEST, code, len(values))


def compare_models(log_handle: Floats, line: Ints, parts: dict[str, Ints]) -> pd.DataFrame:
    """Return log-normal models of handle time: queue alone, with each part, and with all, by AIC.

    A part that tells nothing beyond the queue (one group, no start dates) makes no model.
    """
    alone = _model((), log_handle, line, parts)
    single = [_model((name,), log_handle, line, parts) for name in parts]
    told = [name for name, model in zip(parts, single, strict=True) if model[1] > alone[1]]
    rows = [alone, *(model for model in single if model[1] > alone[1])]
    if len(told) > 1:
        rows.append(_model(tuple(told), log_handle, line, parts))
    table = pd.DataFrame(rows, columns=["model", "parameters", "aic"])
    table["above_best"] = table["aic"] - table["aic"].min()
    return table.sort_values("aic", kind="stable").reset_index(drop=True)


def _model(
    names: tuple[str, ...], log_handle: Floats, line: Ints, parts: dict[str, Ints]
) -> tuple[str, int, float]:
    """Return name, parameters and AIC of the model of queue and parts."""
    design = _dummies([line, *(parts[name] for name in names)])
    coefficients, _, rank, _ = np.linalg.lstsq(design.T @ design, design.T @ log_handle, rcond=1e-10)
    rest = log_handle - design @ coefficients
    n = len(rest)
    variance = max(float(rest @ rest) / n, 1e-12)
    # of the times themselves: the density of a log-normal has one over the time in it
    aic = n * (np.log(2 * np.pi * variance) + 1) + 2 * float(log_handle.sum()) + 2 * (int(rank) + 1)
    return "queue" + (f" and {', '.join(names)}" if names else ""), int(rank) + 1, float(aic)


def _dummies(codes: list[Ints]) -> Floats:
    columns = [np.ones(len(codes[0]))]
    for code in codes:
        columns += [(code == value).astype(float) for value in np.unique(code)[1:]]
    return np.column_stack(columns)


def _by(of: Ints, handle: Floats, expected: Floats, sampled: Ints) -> pd.DataFrame:
    """Return time taken over time expected by class, with a 95 % interval over what was sampled."""
    table = pd.DataFrame({"of": of, "took": handle, "should": expected, "unit": sampled})
    found = {}
    for value, rows in table.groupby("of"):
        if len(rows) < FEWEST:
            continue
        sums = rows.groupby("unit")[["took", "should"]].sum()
        ratio, n = float(sums["took"].sum() / sums["should"].sum()), len(sums)
        rest = (sums["took"] - ratio * sums["should"]).to_numpy()
        spread = np.sqrt(n / max(n - 1, 1) * float(rest @ rest)) / float(sums["should"].sum())
        half = float(stats.t.ppf(0.975, max(n - 1, 1))) * spread if n > 1 else np.nan
        found[value] = (ratio, ratio - half, ratio + half, len(rows))
    return pd.DataFrame.from_dict(found, orient="index", columns=COLUMNS)


def _learning(
    tenure: Ints, handle: Floats, expected: Floats, agent: Ints, better: bool
) -> tuple[pd.DataFrame, tuple[float, ...]]:
    """Return handle time by class of tenure over that of the tenured, and the curve if it is one."""
    last = len(EDGES_WEEKS) - 1
    table = _by(tenure, handle, expected, agent)
    columns = ["weeks", *COLUMNS, "agents"]
    if last not in table.index or len(table) < 2:
        return pd.DataFrame(columns=columns), ()
    agents = pd.Series(agent).groupby(tenure).nunique()
    names = [f"{a} to {b}" for a, b in pairwise(EDGES_WEEKS)] + [f"{EDGES_WEEKS[-1]} on"]
    tenured = float(table.loc[last, "factor"])
    shown = table.assign(**{name: table[name] / tenured for name in ("factor", "low", "high")})
    shown = shown.assign(weeks=[names[i] for i in shown.index], agents=agents.reindex(shown.index))
    new = shown[(shown.index < last) & (shown["agents"] >= FEWEST_AGENTS)]
    # somewhere new people must be slower for certain, all classes looked at together (Bonferroni)
    z = float(stats.norm.ppf(1 - 0.025 / max(len(new), 1)) / stats.norm.ppf(0.975))
    slower = ((new["factor"] - 1.0) > z * (new["factor"] - new["low"])).any() if len(new) else False
    if not (better and slower):
        return shown[columns], ()
    curve: list[float] = []
    for i, (a, b) in enumerate(pairwise(EDGES_WEEKS)):
        known = new["factor"].get(i)
        known = new["factor"].iloc[np.abs(new.index.to_numpy() - i).argmin()] if known is None else known
        curve += [round(float(known), 4)] * (b - a)
    return shown[columns], tuple(curve)


def _from_ramp(ramp: pd.DataFrame | None) -> tuple[pd.DataFrame, tuple[float, ...]]:
    """Return the same from a table of weekly means, weighted by contacts where they are known."""
    columns = ["weeks", *COLUMNS, "agents"]
    if ramp is None or ramp.empty:
        return pd.DataFrame(columns=columns), ()
    week, aht, n = (numbers(ramp, name) for name in ("week_since_start", "aht_s", "contacts"))
    use: Bools = ~np.isnan(week) & ~np.isnan(aht)
    weight = np.where(np.isnan(n), 1.0, n)[use]
    who = pd.factorize(ramp["agent_id"])[0][use]
    tenure = np.searchsorted(EDGES_WEEKS, week[use], side="right") - 1
    whole = np.repeat(np.arange(len(weight)), np.maximum(weight, 1).astype(np.int64))
    if len(whole) < 10 * FEWEST:
        return pd.DataFrame(columns=columns), ()
    mean = float(np.average(aht[use], weights=weight))
    return _learning(tenure[whole], aht[use][whole], np.full(len(whole), mean), who[whole], True)


__all__ = ["Variation", "compare_models", "fit_variation", "start_days", "weeks_at"]
