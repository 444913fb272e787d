"""How does a scenario become arrays? Names become numbers in the order of names, seconds microseconds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.sim.arrivals import Queue
from workbench.sim.distributions import Distribution
from workbench.sim.horizon import Horizon
from workbench.sim.model import ENDINGS, KINDS, Floats, Ints, Model, Names
from workbench.sim.parts import US
from workbench.sim.people import Group, Skill
from workbench.sim.scenario import Scenario
from workbench.sim.variates import FOREVER, name_key, quantile_tables


class _Tables:
    """Collects families and gives each a row."""

    def __init__(self) -> None:
        self.families: list[Distribution] = []
        self._row: dict[tuple[object, ...], int] = {}

    def row(self, family: Distribution | None) -> int:
        if family is None:
            return -1
        key = (family.family, family.shape, family.cv, family.values)
        if key not in self._row:
            self._row[key] = len(self.families)
            self.families.append(family)
        return self._row[key]


def names_of(scenario: Scenario) -> Names:
    """Return the names behind the numbers of a scenario's model."""
    duties: list[tuple[str, bool]] = [("off", False), ("on", True)]
    away = {(n, a.paid) for s in scenario.shifts.values() for n, a in s.activities.items()}
    away |= {(n, k.paid) for g in scenario.groups.values() for n, k in g.shrinkage.items()}
    duties += [*sorted(away), ("outage", True)]
    queues = tuple(sorted(scenario.queues))
    return Names(
        queues=queues,
        groups=tuple(sorted(scenario.groups)),
        channels=tuple(sorted(scenario.all_channels)),
        duties=tuple(name for name, _ in duties),
        duty_paid=tuple(paid for _, paid in duties),
        teams=tuple((group, blocks) for group, blocks, _ in teams_of(scenario)),
        complexity=tuple(tuple(sorted(scenario.queues[q].complexity)) or ("",) for q in queues),
        rules=tuple((q, f) for q in queues for f in sorted(scenario.queues[q].follow_ups)),
    )


def teams_of(scenario: Scenario) -> list[tuple[str, tuple[str, ...], dict[str, Skill]]]:
    """Return the teams: agents of one group with the same skills, as (group, blocks, skills)."""
    teams: list[tuple[str, tuple[str, ...], dict[str, Skill]]] = []
    for name in sorted(scenario.groups):
        group = scenario.groups[name]
        if not group.people:
            teams.append((name, (), group.skills))
            continue
        own: list[tuple[dict[str, Skill], list[str]]] = []
        for block in sorted(group.people):
            people = group.people[block]
            skills = group.skills if people.skills is None else people.skills
            for known, blocks in own:
                if known == skills:
                    blocks.append(block)
                    break
            else:
                own.append((skills, [block]))
        teams += [(name, tuple(blocks), skills) for skills, blocks in own]
    return teams


def _us(seconds: float) -> int:
    return min(round(seconds * US), int(FOREVER))


def openings_of(scenario: Scenario, queue: Queue) -> list[tuple[int, int]]:
    """Return when a queue opens and closes, rising and apart, from a week before the horizon on. [µs]

    The week before tells when a queue that is closed at the start has closed.
    """
    h = scenario.horizon
    spans = sorted(
        (h.at_us(day, opening.start), h.at_us(day, opening.end))
        for opening in queue.opening.values()
        for day in range(-7, h.n_days)
        if h.day(day).weekday() in opening.days
    )
    joined: list[tuple[int, int]] = []
    for begin, end in spans:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def steps_of(scenario: Scenario) -> Ints:
    """Return when a value that depends on the time of day, or on a disturbance, may change. [µs]"""
    h = scenario.horizon
    patterns = [
        p for q in scenario.queues.values() for p in (q.handle.factor, q.patience_factor, q.balk, q.misroute)
    ]
    moments = {0}
    if any(len(p) > 1 for p in patterns):
        moments |= set(h.edges_us[:-1].tolist())
    for window in (*scenario.outages.values(), *scenario.mix_shifts.values()):
        moments |= {h.at_us(window.day, window.start), h.at_us(window.day, window.end)}
    for queue in scenario.queues.values():
        moments |= {moment for opening in openings_of(scenario, queue) for moment in opening}
    return np.array(sorted(m for m in moments if 0 <= m < h.length_us), dtype=np.int64)


def compile_scenario(scenario: Scenario) -> Model:
    """Return the scenario as arrays."""
    h, names, tables = scenario.horizon, names_of(scenario), _Tables()
    step_us = steps_of(scenario)
    queues = [scenario.queues[name] for name in names.queues]
    fields: dict[str, object] = {
        "end_us": h.length_us,
        "interval_us": h.interval_us,
        "drain": int(scenario.time.closing == "drain"),
        "step_us": step_us,
    }
    fields |= _lines(scenario, names, queues, tables)
    openings = [openings_of(scenario, queue) for queue in queues]
    fields |= _openings(queues, openings)
    fields |= _by_step(scenario, h, names, queues, openings, step_us)
    fields |= _kinds(scenario, h, names, queues, step_us)
    fields |= _channels(scenario, names)
    fields |= _rules(names, queues, tables)
    fields |= _teams(scenario, names, queues)
    fields |= _learning(scenario)
    fields |= counted_groups(scenario, names)
    fields["tables"] = quantile_tables(tables.families or [Distribution(mean_s=1)])
    return Model(**fields)  # type: ignore[arg-type]


def _floats(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float64)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _lines(s: Scenario, names: Names, queues: list[Queue], tables: _Tables) -> dict[str, object]:
    channel = {name: k for k, name in enumerate(names.channels)}
    pools = sorted(s.trunks)
    pool_of = {queue: i for i, p in enumerate(pools) for queue in s.trunks[p].queues}
    number = {name: i for i, name in enumerate(names.queues)}
    for_ever = [s.all_channels[q.channel].waits_for_ever for q in queues]
    callbacks = [q.callback for q in queues]
    levels = [q.service_level for q in queues]
    parts = [(q.handle.talk, q.handle.hold, q.handle.wrap_up) for q in queues]
    patience = [None if ever else q.patience for q, ever in zip(queues, for_ever, strict=True)]
    return {
        "queue_channel": _ints([channel[q.channel] for q in queues]),
        "queue_priority": _floats([q.priority for q in queues]),
        "queue_score": _floats([q.score for q in queues]),
        "queue_score_per_s": _floats([q.score_per_s for q in queues]),
        "credit_share": _floats([q.credit.share if q.credit else 0.0 for q in queues]),
        "credit_us": _ints([_us(q.credit.wait_s) if q.credit else 0 for q in queues]),
        "waiting_room": _ints([-1 if q.waiting_room is None else q.waiting_room for q in queues]),
        "queue_trunks": _ints([pool_of.get(name, -1) for name in names.queues]),
        "trunk_lines": _ints([s.trunks[p].lines for p in pools]),
        "patience_table": _ints([tables.row(p) for p in patience]),
        "part_table": _ints([tables.row(d) for p in parts for d in p]).reshape(-1, 3),
        "part_us": _floats([d.mean * US if d else 0.0 for p in parts for d in p]).reshape(-1, 3),
        "hold_probability": _floats([q.handle.hold_probability for q in queues]),
        "resolution": _floats([q.resolution for q in queues]),
        "misroute_to": _ints([number.get(q.misroute_to or "", -1) for q in queues]),
        "misroute_talk": _floats([q.misroute_talk for q in queues]),
        "callback_after_us": _ints([_us(c.offer_after_s) if c else -1 for c in callbacks]),
        "callback_accept": _floats([c.accept if c else 0.0 for c in callbacks]),
        "callback_reach": _floats([c.reach if c else 1.0 for c in callbacks]),
        "callback_attempts": _ints([c.attempts if c else 1 for c in callbacks]),
        "callback_dial_us": _ints([_us(c.dial_s) if c else 0 for c in callbacks]),
        "callback_retry_us": _ints([_us(c.retry_s) if c else 0 for c in callbacks]),
        "threshold_us": _ints([_us(x.threshold_s) for x in levels]),
        "short_abandon_us": _ints([_us(x.short_abandon_s) for x in levels]),
        "response_us": _ints(
            [-1 if x.response_hours is None else _us(x.response_hours * 3600) for x in levels]
        ),
    }


def _openings(queues: list[Queue], openings: list[list[tuple[int, int]]]) -> dict[str, object]:
    spans = [span for own in openings for span in own]
    return {
        "when_closed": _ints([1 + (q.when_closed == "lost") if q.opening else 0 for q in queues]),
        "opening_start": _ints([0, *np.cumsum([len(own) for own in openings])]),
        "opens_us": _ints([begin for begin, _ in spans]),
        "closes_us": _ints([end for _, end in spans]),
    }


def _by_step(
    s: Scenario, h: Horizon, names: Names, queues: list[Queue], openings: list[list[tuple[int, int]]],
    step_us: Ints,
) -> dict[str, object]:  # fmt: skip
    at = np.minimum(step_us // h.interval_us, h.n_intervals - 1)
    handle = np.array([h.spread(q.handle.factor)[at] for q in queues])
    closed = np.zeros((len(queues), len(step_us)), dtype=np.int64)
    for i, (queue, spans) in enumerate(zip(queues, openings, strict=True)):
        if queue.opening:
            within = [(step_us >= begin) & (step_us < end) for begin, end in spans]
            closed[i] = np.where(np.any(within, axis=0), 0, 2)
    for outage in (s.outages[name] for name in sorted(s.outages)):
        inside = (step_us >= h.at_us(outage.day, outage.start)) & (step_us < h.at_us(outage.day, outage.end))
        for i, name in enumerate(names.queues):
            if outage.queue == name:
                closed[i, inside] = 1
            if outage.system and (not outage.queues or name in outage.queues):
                handle[i, inside] *= outage.handle_factor
    patience = [
        h.spread(q.patience_factor)[at] * (q.patience.mean * US if q.patience else 0.0) for q in queues
    ]
    for_ever = [s.all_channels[q.channel].waits_for_ever for q in queues]
    return {
        "handle_step": handle,
        "patience_us": np.array(patience),
        "balk": np.array(
            [h.spread((0.0,) if e else q.balk)[at] for q, e in zip(queues, for_ever, strict=True)]
        ),
        "misroute": np.array([h.spread(q.misroute)[at] for q in queues]),
        "closed": closed,
    }


def _kinds(s: Scenario, h: Horizon, names: Names, queues: list[Queue], step_us: Ints) -> dict[str, object]:
    n, c = len(queues), max(len(kinds) for kinds in names.complexity)
    weight = np.zeros((n, len(step_us), c))
    factors = {name: np.ones((n, c)) for name in ("handle", "escalation", "resolution")}
    for i, queue in enumerate(queues):
        if not queue.complexity:
            weight[i, :, 0] = 1.0
        for j, name in enumerate(sorted(queue.complexity)):
            kind = queue.complexity[name]
            weight[i, :, j] = kind.share
            factors["handle"][i, j] = kind.handle_factor
            factors["escalation"][i, j] = kind.escalation_factor
            factors["resolution"][i, j] = kind.resolution_factor
            for shift in (s.mix_shifts[m] for m in sorted(s.mix_shifts)):
                if names.queues[i] == shift.queue and name in shift.complexity:
                    inside = (step_us >= h.at_us(shift.day, shift.start)) & (
                        step_us < h.at_us(shift.day, shift.end)
                    )
                    weight[i, inside, j] *= shift.complexity[name]
    total = weight.sum(axis=2, keepdims=True)
    weight[..., :1] = np.where(total > 0, weight[..., :1], 1.0)
    upto = np.cumsum(weight, axis=2) / weight.sum(axis=2, keepdims=True)
    upto[..., -1] = 1.0
    return {
        "complexity_upto": np.ascontiguousarray(upto),
        **{f"complexity_{name}": values for name, values in factors.items()},
    }


def _channels(s: Scenario, names: Names) -> dict[str, object]:
    channels = [s.all_channels[name] for name in names.channels]
    stretch = np.ones((len(channels), 21))
    for k, channel in enumerate(channels):
        factors = channel.stretch or (1.0,)
        stretch[k, 1:] = [factors[min(i, len(factors) - 1)] for i in range(20)]
    return {
        "concurrency": _ints([c.concurrency for c in channels]),
        "stretch": stretch,
        "deferrable": _ints([c.deferrable for c in channels]),
        "interruptible": _ints([c.deferrable and c.interruptible for c in channels]),
        "cleared": _ints([not c.survives_night for c in channels]),
    }


def _rules(names: Names, queues: list[Queue], tables: _Tables) -> dict[str, object]:
    number = {name: i for i, name in enumerate(names.queues)}
    rules = [
        (i, name, queue.follow_ups[name])
        for i, queue in enumerate(queues)
        for name in sorted(queue.follow_ups)
    ]
    keys = [name_key(f"follow-up {names.queues[i]} {name}") for i, name, _ in rules]
    owner = _ints([i for i, _, _ in rules])
    return {
        "rule_start": np.searchsorted(owner, np.arange(len(queues) + 1)).astype(np.int64),
        "rule_after": _ints([ENDINGS.index(f.after) for _, _, f in rules]),
        "rule_kind": _ints([KINDS.index(f.kind) for _, _, f in rules]),
        "rule_key": np.array(keys, dtype=np.uint64),
        "rule_probability": _floats([f.probability for _, _, f in rules]),
        "rule_to": _ints([number[f.to] if f.to is not None else i for i, _, f in rules]),
        "rule_delay_table": _ints([tables.row(f.delay) for _, _, f in rules]),
        "rule_delay_us": _floats([f.delay.mean * US if f.delay else 0.0 for _, _, f in rules]),
        "rule_at_most": _ints([f.at_most for _, _, f in rules]),
        "rule_stay_us": _ints([_us(f.stay_s) for _, _, f in rules]),
    }


def _teams(s: Scenario, names: Names, queues: list[Queue]) -> dict[str, object]:
    teams = teams_of(s)
    shape = (len(queues), len(teams))
    level, after, least = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    handle, resolution, escalation = (np.ones(shape) for _ in range(3))
    overflow: list[set[int]] = [set() for _ in queues]
    for t, (group, _, skills) in enumerate(teams):
        for i, queue in enumerate(queues):
            skill = skills.get(queue.skill or names.queues[i])
            if skill is None:
                continue
            level[i, t] = skill.level
            after[i, t] = _us(skill.after_s)
            least[i, t] = skill.min_waiting
            handle[i, t] = s.groups[group].handle_factor * skill.handle_factor
            resolution[i, t] = skill.resolution_factor
            escalation[i, t] = skill.escalation_factor
            overflow[i] |= {int(after[i, t])} - {0}
    group_number = {name: g for g, name in enumerate(names.groups)}
    return {
        "level": level,
        "after_us": after,
        "min_waiting": least,
        "route_handle": handle,
        "route_resolution": resolution,
        "route_escalation": escalation,
        "breadth": (level > 0).sum(axis=0).astype(np.int64),
        "team_group": _ints([group_number[group] for group, _, _ in teams]),
        "overflow_start": _ints([0, *np.cumsum([len(o) for o in overflow])]),
        "overflow_us": _ints([us for o in overflow for us in sorted(o)]),
    }


def curve_numbers(scenario: Scenario) -> dict[str | None, int]:
    """Return the number of each learning curve; 0 is none."""
    return {None: 0, **{name: i + 1 for i, name in enumerate(sorted(scenario.curves))}}


def _learning(s: Scenario) -> dict[str, object]:
    curves = [s.curves[name] for name in sorted(s.curves)]
    weeks = 1 + max((max(len(c.handle), len(c.escalation), len(c.resolution)) for c in curves), default=0)
    tables = {name: np.ones((len(curves) + 1, weeks)) for name in ("handle", "escalation", "resolution")}
    for i, curve in enumerate(curves):
        for name, table in tables.items():
            factors: tuple[float, ...] = getattr(curve, name)
            table[i + 1, : len(factors)] = factors
    return {f"learning_{name}": table for name, table in tables.items()}


def most_agents(group: Group) -> int:
    """Return the most agents that a counted group has at once; 0 if it is people."""
    return max(group.agents) if group.agents is not None else 0


def counted_groups(s: Scenario, names: Names) -> dict[str, Ints]:
    """Return first agent and most agents of each group; -1 and 0 where it is people."""
    first, size, n = [], [], 0
    for name in names.groups:
        group = s.groups[name]
        counted = group.agents is not None
        first.append(n if counted else -1)
        size.append(most_agents(group))
        n += most_agents(group)
    return {"group_first": _ints(first), "group_size": _ints(size)}
