"""How does the floor of real days become a workload? Recorded people and contacts, everything else drawn.

The scenario holds one agent per person and day, with the queues that the person served that day; who is
at work when is drawn per replication (`presence.py`) and takes the place of the scenario's calendar.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from workbench.intake.dataset import Dataset
from workbench.metrics.columns import SECOND_US
from workbench.sim.calendar import DUTY
from workbench.sim.distributions import Distribution
from workbench.sim.model import OFF, ON
from workbench.sim.run import Run, engine_named
from workbench.sim.scenario import Scenario
from workbench.sim.variates import stream
from workbench.sim.workload import Workload, draw
from workbench.studies.fits.arrivals import Profile
from workbench.studies.fits.concurrency import InHand, fit_concurrency
from workbench.studies.fits.gaps import Away, fit_away, gaps, served_lines, stints
from workbench.studies.fits.line import (
    AS_USUAL,
    Crowding,
    LineFit,
    agent_speeds,
    assumed_talk,
    fit_crowding,
    fit_lines,
)
from workbench.studies.fits.log import Floats, Ints, Log, local_cells
from workbench.studies.fits.presence import (
    AWAY_S,
    Presence,
    Spells,
    from_service,
    inferred,
    recorded,
)
from workbench.studies.fits.seasons import Season

N_WRAP = 200


@dataclass(frozen=True)
class FloorFit:
    """What a log says of a floor: its lines, its agents, and what is fitted to reproduce it.

    Attributes
    ----------
    away : times not available after contacts; None where no agent is named.
    speed : factor on handle times by agent.
    serves : queues by agent and day; day 0 is all days together.
    patience_factor, wrap_up_factor : fitted so that the fit period is reproduced; 1 if not.
    """

    log: Log
    lines: tuple[LineFit, ...]
    away: Away | None
    speed: Floats
    serves: dict[tuple[int, int], frozenset[str]]
    patience_factor: float = 1.0
    wrap_up_factor: float = 1.0
    crowding: Crowding = AS_USUAL
    leave_busy: float | None = None
    """Share of those who go with a contact in hand, fitted; None: the share of their time."""
    hours: Floats = field(default_factory=lambda: np.ones(24))
    """(24,) factor on handle times by local hour."""
    in_hand: tuple[InHand, ...] = ()
    """Channels of which the log tells how many contacts an agent has in hand."""

    @property
    def wrap_up(self) -> Distribution | None:
        """After-contact time that the log does not record, up to what counts as away. [s]"""
        if self.away is None:
            return None
        values = self.away.quantiles((np.arange(N_WRAP) + 0.5) / N_WRAP, AWAY_S)
        mean = float(values.mean()) * self.wrap_up_factor
        times = tuple(float(v) for v in np.round(values, 3))
        return Distribution(family="empirical", values=times, mean_s=mean) if sum(times) else None


def served_on(log: Log) -> dict[tuple[int, int], frozenset[str]]:
    """Return queues by agent and day, and by agent over all days (day 0)."""
    return {**served_lines(log, by_day=False), **served_lines(log, by_day=True)}


def fit_floor(log: Log) -> FloorFit:
    """Return what a log says of its lines and its agents."""
    lines, serves = fit_lines(log), served_on(log)
    away = None
    if log.agents:
        low, high, _ = gaps(stints(log, serves))
        if len(low) >= 30:
            away = fit_away(low, high)
    return FloorFit(
        log, lines, away, agent_speeds(log, lines), serves,
        crowding=fit_crowding(log), in_hand=fit_concurrency(log),
    )  # fmt: skip


def channels_of(fit: FloorFit) -> dict[str, Any]:
    """Return the channels of a scenario as plain data, where they are other than by default."""
    return {one.channel: one.data() for one in fit.in_hand}


def presence_of(dataset: Dataset, fit: FloorFit, log: Log) -> Presence:
    """Return who was there on the days of a log, from the best source that there is."""
    s = stints(log, {**fit.serves, **served_on(log)})
    known = recorded(dataset, log, s, fit.leave_busy)
    if known is not None:
        return known
    if fit.away is not None and len(s.agent):
        return inferred(s, fit.away, fit.leave_busy)
    return from_service(log)


def queues_of(
    fit: FloorFit,
    arrivals: list[dict[str, Any]],
    threshold_s: float,
    short_s: float,
    in_line: Floats | None = None,
) -> dict[str, Any]:
    """Return the queues of a scenario as plain data: what was fitted, with the given arrivals.

    `in_line` : how many wait on average in each interval of a pattern, for patience; None: as usual.
    """
    factor = np.array([fit.patience_factor])
    if in_line is not None:
        factor = fit.patience_factor * fit.crowding.factor(in_line)
    wrap_up = fit.wrap_up
    queues: dict[str, Any] = {}
    for line, known, came in zip(fit.log.lines, fit.lines, arrivals, strict=True):
        handle: dict[str, Any] = {"talk": _plain(known.talk.chosen if known.talk else assumed_talk())}
        if known.hold is not None:
            handle |= {"hold": _plain(known.hold.chosen), "hold_probability": known.hold_probability}
        after = with_recorded(known.acw.chosen if known.acw else None, wrap_up)
        if after is not None:
            handle["wrap_up"] = _plain(after)
        usual = {one.channel: one.usual for one in fit.in_hand}.get(line.channel, 1.0)
        if fit.hours.std() > 0:
            per_slot = np.repeat(fit.hours, 3600 // fit.log.interval_s)
            handle["factor"] = [round(float(f) / usual, 4) for f in per_slot]
        elif usual != 1.0:
            handle["factor"] = round(1.0 / usual, 4)
        data: dict[str, Any] = {
            "channel": line.channel,
            "skill": f"skill {line.queue}",
            "arrivals": came,
            "handle": handle,
            "priority": 1 + line.rank,
            "balk": known.balk,
            "service_level": {"threshold_s": threshold_s, "short_abandon_s": short_s},
        }
        if known.patience is not None:
            law = known.patience.chosen
            data["patience"] = _plain(law)
            data["patience_factor"] = [round(float(f), 4) for f in factor]
        if known.head_start_share:
            data["credit"] = {"wait_s": fit.log.head_start_s, "share": known.head_start_share}
        queues[line.name] = data
    return queues


def with_recorded(acw: Distribution | None, unrecorded: Distribution | None) -> Distribution | None:
    """Return after-contact work as recorded and what comes on top of it, as one duration."""
    if acw is None or unrecorded is None:
        return acw or unrecorded
    return acw.model_copy(update={"mean_s": acw.mean + unrecorded.mean})


def _plain(law: Distribution) -> dict[str, Any]:
    return law.model_dump(mode="json", exclude_defaults=True)


@dataclass(frozen=True)
class Days:
    """Real days as a scenario, with what turns a replication of it into those days.

    Attributes
    ----------
    place : (agents, days) number of the scenario's agent for a person and day; -1 if not there.
    start_us : when the horizon starts, since 1970. [µs]
    """

    scenario: Scenario
    presence: Presence
    place: Ints
    first_day: int
    start_us: int
    unserved_share: Floats
    time_zone: str

    def workload(self, seed: int, replication: int) -> tuple[Workload, np.ndarray, Spells]:
        """Return a replication, the arrivals that no agent serves (by number), and who is at work."""
        plain = draw(self.scenario, seed, replication)
        rng = np.random.default_rng(int(stream(seed, replication, "who was there")))
        spells = self.presence.draw(rng)
        nobody = rng.random(len(plain.arrival_us)) < self.unserved_share[plain.arrival_queue]
        at_us, kind, who, value = self._calendar(plain, spells)
        agents = replace(plain.agents, at_us=at_us, kind=kind, who=who, value=value)
        kept = replace(
            plain,
            arrival_us=plain.arrival_us[~nobody],
            arrival_queue=plain.arrival_queue[~nobody],
            arrival_key=plain.arrival_key[~nobody],
            agents=agents,
        )
        gone = np.stack([plain.arrival_us[nobody], plain.arrival_queue[nobody].astype(np.int64)])
        return kept, gone, spells

    def _calendar(self, plain: Workload, spells: Spells) -> tuple[Ints, Ints, Ints, Ints]:
        """Return when, of which kind, whose and what the events of the calendar are."""
        person, start, end = spells
        day = local_cells(start, self.time_zone, 1800)[0] - self.first_day
        who = self.place[person, np.clip(day, 0, self.place.shape[1] - 1)]
        use = (who >= 0) & (end > start) & (end > self.start_us)
        n = int(use.sum())
        at = np.concatenate([np.maximum(start[use] - self.start_us, 0), end[use] - self.start_us])
        rows = np.stack(
            [at, np.full(2 * n, DUTY), np.tile(who[use], 2), np.repeat(np.array([ON, OFF]), n)], axis=1
        )
        # someone whose spells of two local days touch is two agents; nobody else has two events at once
        rows = rows[np.lexsort((rows[:, 3] == ON, rows[:, 2], rows[:, 0]))]
        rows = rows[rows[:, 0] < plain.model.end_us]
        at_us, kind, who, value = (np.ascontiguousarray(rows[:, i].astype(np.int64)) for i in range(4))
        return at_us, kind, who, value


def days_of(
    fit: FloorFit,
    log: Log,
    presence: Presence,
    *,
    profiles: tuple[Profile, ...] | None = None,
    season: Season | None = None,
    threshold_s: float = 20.0,
    short_s: float = 5.0,
    in_line: Floats | None = None,
) -> Days:
    """Return the days of a log as a scenario with what was fitted elsewhere.

    Parameters
    ----------
    log : the days: its contacts and who took which.
    profiles, season : arrivals as foreseen, line by line; None: those recorded in `log`.
    in_line : how many wait on average in each interval; see `counts.settled`.
    """
    start_us, _ = log.bounds_us
    first_day = int(np.datetime64(str(log.period.start), "D").astype(np.int64))
    n_days = log.period.days
    if profiles is None or season is None:
        at = (log.column("arrival_us") - start_us) / SECOND_US
        line = log.column("line")
        arrivals: list[dict[str, Any]] = [{"times_s": at[line == i].tolist()} for i in range(len(log.lines))]
    else:
        arrivals = [foreseen(p, season, log.period.start, n_days) for p in profiles]
    people: dict[str, Any] = {}
    serves = {**served_on(log)}
    everything = frozenset(line.queue for line in log.lines)
    place = np.full((max(len(log.agents), _most(presence)), n_days + 1), -1, np.int64)
    rng = np.random.default_rng(0)
    person, start, _ = presence.draw(rng)
    day = local_cells(start, log.time_zone, log.interval_s)[0] - first_day
    there = {(int(a), int(d)) for a, d in zip(person, day, strict=True)} | {
        (a, d - first_day) for a, d in serves if d
    }
    keys = sorted((a, d) for a, d in there if 0 <= d < n_days)
    for a, d in keys:
        known = serves.get((a, d + first_day)) or fit.serves.get((a, 0)) or everything
        people[f"{a:05d} {d:03d}"] = {
            "shift": "as it was",
            "skills": {f"skill {queue}": 1 for queue in sorted(known)},
            "proficiency": float(fit.speed[a]) if a < len(fit.speed) else 1.0,
        }
    scenario = Scenario.parse(
        {
            "name": f"{log.period}",
            "time": {
                "start": f"{log.period.start}T00:00:00",
                "zone": log.time_zone,
                "days": n_days,
                "interval_s": log.interval_s,
            },
            "channels": channels_of(fit),
            "queues": queues_of(fit, arrivals, threshold_s, short_s, in_line),
            "groups": {"floor": {"people": people}},
            # on no day: who is at work when is drawn in `workload`, and a calendar here would be thrown away
            "shifts": {"as it was": {"start": "00:00", "end": "24:00", "days": []}},
            "routing": {"agent": "longest_idle", "queue": "priority"},
        },
        "the days as a scenario",
    )
    number = {name: i for i, name in enumerate(draw(scenario, 0).agents.names)}
    for a, d in keys:
        place[a, d] = number[f"floor.{a:05d} {d:03d}.1"]
    shares = {line.name: known.unserved_share for line, known in zip(log.lines, fit.lines, strict=True)}
    unserved = np.array([shares[name] for name in scenario.prepared.names.queues])
    return Days(scenario, presence, place, first_day, start_us, unserved, log.time_zone)


def _most(presence: Presence) -> int:
    person, _, _ = presence.draw(np.random.default_rng(0))
    return int(person.max()) + 1 if len(person) else 1


def foreseen(
    profile: Profile, season: Season, first: date, n_days: int, at_level: bool = True
) -> dict[str, Any]:
    """Return arrivals as known before for a horizon that starts on a day: rates, and how they scatter.

    Rates by weekday and interval, at the level that is foreseen for the middle of the horizon; how far that
    may be off is one factor for all lines and the whole horizon. `at_level`: False for the mean of the log.
    """
    middle = int(np.datetime64(str(first), "D").astype(np.int64)) + n_days // 2
    level, spread = season.level(middle)
    level = level if at_level else 1.0
    data: dict[str, Any] = {"per_hour": [round(float(r) * level, 4) for r in profile.per_hour.ravel()]}
    if profile.day_shape is not None:
        data["day_factor"] = {"shape": round(profile.day_shape, 3)}
    if profile.interval_shape is not None:
        data["interval_shape"] = round(profile.interval_shape, 3)
    if spread > 0:
        data["forecast_error"] = {"spread": round(min(spread, 3.0), 4), "name": "level"}
    spikes = season.special(first, n_days)
    if spikes:
        data["spikes"] = spikes
    return data


def simulate_days(days: Days, seed: int, replication: int) -> tuple[Run, np.ndarray, Spells]:
    """Simulate one replication of real days with the fast engine."""
    workload, nobody, spells = days.workload(seed, replication)
    return engine_named("fast")(workload, "intervals"), nobody, spells
