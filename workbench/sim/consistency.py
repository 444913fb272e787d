"""Do the parts of a scenario fit together? Each rule yields sentences with a path and a remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from workbench.errors import suggestion
from workbench.sim.parts import US, Window, clock_s

if TYPE_CHECKING:
    from workbench.sim.arrivals import Queue
    from workbench.sim.people import Group, Shift
    from workbench.sim.scenario import Scenario


def problems(scenario: Scenario, *, horizon_known: bool = True) -> list[str]:
    """Return everything that does not fit together: first of the parts, then of parts and horizon.

    Without a known horizon, because what is written of the time is wrong, the latter is left out.
    """
    found: list[str] = []
    for rule in (_names, _queues, _groups, _shifts, _trunks, _routing, _disturbances, _transfers, _terms):
        found += rule(scenario)
    return [*found, *_horizon(scenario)] if horizon_known else found


def _unknown(path: str, kind: str, name: str, known: Iterable[str]) -> str:
    return f'{path}: there is no {kind} called "{name}". {suggestion(name, known)}'


def _names(s: Scenario) -> Iterator[str]:
    for field in ("channels", "queues", "groups", "shifts", "curves", "trunks"):
        for name in getattr(s, field):
            if not name or "." in name or name == "*":
                yield f'{field}: "{name}" cannot be a name. Use letters without dots'


def _pattern(s: Scenario, path: str, values: tuple[float, ...]) -> Iterator[str]:
    accepted = s.horizon.lengths()
    if len(values) not in accepted:
        words = ", ".join(accepted[n] for n in sorted(accepted))
        yield (
            f"{path}: {len(values)} values do not fill the horizon of {s.horizon.n_intervals} "
            f"intervals of {s.time.interval_s} s. Accepted numbers of values: {words}"
        )


def _window(path: str, window: Window) -> Iterator[str]:
    if clock_s(window.end) <= clock_s(window.start):
        yield (
            f"{path}: ends at {window.end}, not after its start at {window.start}. "
            "Past midnight write hours beyond 24"
        )


def _open_at_first(s: Scenario, queue: Queue) -> bool:
    from workbench.sim.compile import openings_of

    return any(begin <= 0 < end for begin, end in openings_of(s, queue))


def _opening(s: Scenario, path: str, queue: Queue) -> Iterator[str]:
    for label, opening in queue.opening.items():
        at = f"{path}.opening.{label}"
        start, end = clock_s(opening.start), clock_s(opening.end)
        if end <= start:
            yield (
                f"{at}: ends at {opening.end}, not after its start at {opening.start}. "
                "Past midnight write hours beyond 24, as 18:00 to 26:00"
            )
        elif end - start > 86_400:
            yield f"{at}: lasts longer than a day. Split it"
        if not opening.days or not set(opening.days) <= set(range(7)):
            yield f"{at}.days: {list(opening.days)} is no set of weekdays. Monday is 0, Sunday 6; name at least one"
    if queue.opening and s.all_channels[queue.channel].deferrable:
        yield f"{path}.opening: deferred work comes at any hour and waits. Leave opening out"


def _horizon(s: Scenario) -> Iterator[str]:
    """What takes the length of the horizon to judge: patterns, recorded arrivals, windows."""
    windows: dict[str, Window] = {}
    for name, queue in s.queues.items():
        path = f"queues.{name}"
        yield from _queue_patterns(s, path, queue)
        yield from _recorded(s, f"{path}.arrivals.times_s", queue.arrivals.times_s or ())
        if queue.arrivals.backlog and queue.opening and not _open_at_first(s, queue):
            yield (
                f"{path}.arrivals.backlog: the queue is closed when the horizon starts, so nobody is in line. "
                "Leave backlog out, or start when it opens"
            )
        windows |= {f"{path}.arrivals.spikes.{label}": w for label, w in queue.arrivals.spikes.items()}
    for name, group in s.groups.items():
        if group.agents is not None:
            yield from _pattern(s, f"groups.{name}.agents", group.agents)
    windows |= {f"outages.{name}": w for name, w in s.outages.items()}
    windows |= {f"mix_shifts.{name}": w for name, w in s.mix_shifts.items()}
    for path, window in windows.items():
        yield from _inside(s, path, window)


def _inside(s: Scenario, path: str, window: Window) -> Iterator[str]:
    if clock_s(window.start) < clock_s(window.end) and (
        s.horizon.at_us(window.day, window.start) >= s.horizon.length_us
        or s.horizon.at_us(window.day, window.end) <= 0
    ):
        yield (
            f"{path}: day {window.day}, {window.start} to {window.end}, lies outside the horizon of "
            f"{s.horizon.length_us / 3600 / US:g} h from {s.time.start:%H:%M}. Day 0 is the first"
        )


def _recorded(s: Scenario, path: str, times_s: tuple[float, ...]) -> Iterator[str]:
    end_s = s.horizon.length_us / US
    outside = [t for t in times_s if not 0 <= t < end_s]
    if outside:
        yield (
            f"{path}: {len(outside)} times lie outside the horizon of {end_s:g} s, "
            f"the first is {outside[0]}. Lengthen the horizon or leave them out"
        )


def _queues(s: Scenario) -> Iterator[str]:
    offered = {skill for group in s.groups.values() for skill in _skills(group)}
    for name, queue in s.queues.items():
        path = f"queues.{name}"
        if queue.channel not in s.all_channels:
            yield _unknown(f"{path}.channel", "channel", queue.channel, s.all_channels)
            continue
        skill = queue.skill or name
        if skill not in offered:
            yield (
                f'{path}.skill: nobody has the skill "{skill}". Give it to a group or to people, or '
                f"name another. {suggestion(skill, offered)}"
            )
        yield from _queue_arrivals(path, queue)
        yield from _queue_channel(s, path, queue)
        yield from _opening(s, path, queue)
        yield from _queue_targets(s, path, queue)


def _queue_patterns(s: Scenario, path: str, queue: Queue) -> Iterator[str]:
    yield from _pattern(s, f"{path}.arrivals.per_hour", queue.arrivals.per_hour)
    yield from _pattern(s, f"{path}.handle.factor", queue.handle.factor)
    yield from _pattern(s, f"{path}.patience_factor", queue.patience_factor)
    yield from _pattern(s, f"{path}.balk", queue.balk)
    yield from _pattern(s, f"{path}.misroute", queue.misroute)


def _queue_arrivals(path: str, queue: Queue) -> Iterator[str]:
    arrivals = queue.arrivals
    if arrivals.times_s is not None:
        for field in ("per_hour", "day_factor", "interval_shape", "forecast_error", "spikes"):
            if field in arrivals.model_fields_set and getattr(arrivals, field) not in ({}, None, (0,)):
                yield f"{path}.arrivals.{field}: times_s are recorded arrivals; leave out one of the two"
    for name, spike in arrivals.spikes.items():
        yield from _window(f"{path}.arrivals.spikes.{name}", spike)


def _queue_channel(s: Scenario, path: str, queue: Queue) -> Iterator[str]:
    channel = s.all_channels[queue.channel]
    if channel.waits_for_ever:
        if queue.patience is not None:
            yield f"{path}.patience: channel {queue.channel} waits for ever. Leave patience out"
        if any(queue.balk):
            yield f"{path}.balk: channel {queue.channel} waits for ever. Leave balk out"
    if channel.deferrable and queue.callback is not None:
        yield f"{path}.callback: deferred work is not called back. Leave callback out"
    for kind in queue.complexity:
        if not kind or "." in kind:
            yield f'{path}.complexity: "{kind}" cannot be a name. Use letters without dots'


def _queue_targets(s: Scenario, path: str, queue: Queue) -> Iterator[str]:
    if queue.misroute_to is not None and queue.misroute_to not in s.queues:
        yield _unknown(f"{path}.misroute_to", "queue", queue.misroute_to, s.queues)
    if any(queue.misroute) and queue.misroute_to is None:
        yield f"{path}.misroute_to: contacts are misrouted and nobody says to which queue. Name one"
    for name, follow_up in queue.follow_ups.items():
        at = f"{path}.follow_ups.{name}"
        if follow_up.to is not None and follow_up.to not in s.queues:
            yield _unknown(f"{at}.to", "queue", follow_up.to, s.queues)
        if follow_up.kind == "retrial" and follow_up.after not in ("abandoned", "blocked"):
            yield f"{at}.after: a retrial comes after abandoned or blocked, not {follow_up.after}"
        if follow_up.kind == "repeat" and follow_up.after != "unresolved":
            yield f"{at}.after: a repeat comes after unresolved, not {follow_up.after}"
        if follow_up.kind == "escalation" and follow_up.after != "served":
            yield f"{at}.after: an escalation comes after served, not {follow_up.after}"
        if follow_up.stay_s and follow_up.kind != "escalation":
            yield f"{at}.stay_s: only in an escalation does an agent stay on. Leave it out"


def _skills(group: Group) -> set[str]:
    own = [people.skills for people in group.people.values() if people.skills is not None]
    return {name for skills in (group.skills, *own) for name in skills}


def _groups(s: Scenario) -> Iterator[str]:
    needed = {queue.skill or name for name, queue in s.queues.items()}
    for name, group in s.groups.items():
        path = f"groups.{name}"
        if (group.agents is None) == (not group.people):
            yield f"{path}: say who works: either agents (counts by interval) or people (with shifts)"
        if group.agents is not None:
            for field in ("shrinkage", "adherence", "attrition", "learning"):
                if getattr(group, field):
                    yield (
                        f"{path}.{field}: acts on people, and this group is counted. "
                        "Describe it by people with shifts, or leave it out"
                    )
        for skill in sorted(_skills(group) - needed):
            yield (f'{path}.skills.{skill}: no queue needs the skill "{skill}". {suggestion(skill, needed)}')
        if group.learning is not None and group.learning not in s.curves:
            yield _unknown(f"{path}.learning", "curve", group.learning, s.curves)
        whole = sum(x.share for x in group.shrinkage.values() if x.whole_days)
        spells = sum(x.share for x in group.shrinkage.values() if not x.whole_days)
        if whole > 1 or spells >= 1:
            yield f"{path}.shrinkage: the shares leave no time to work. Lower them"
        for block, people in group.people.items():
            at = f"{path}.people.{block}"
            if people.shift not in s.shifts:
                yield _unknown(f"{at}.shift", "shift", people.shift, s.shifts)
            pair = people.tenure_weeks
            if isinstance(pair, tuple) and not 0 <= pair[0] <= pair[1] < 5000:
                yield f"{at}.tenure_weeks: {list(pair)} must rise from 0 or more. Swap or correct them"
            if isinstance(pair, float) and not 0 <= pair < 5000:
                yield f"{at}.tenure_weeks: {pair} is not a number of weeks from 0 to 5000"


def _shifts(s: Scenario) -> Iterator[str]:
    for name, shift in s.shifts.items():
        path = f"shifts.{name}"
        start, end = clock_s(shift.start), clock_s(shift.end)
        if end <= start:
            yield (
                f"{path}: ends at {shift.end}, not after its start at {shift.start}. "
                "A night shift ends beyond 24, as 22:00 to 30:00"
            )
            continue
        if end - start > 86_400:
            yield f"{path}: lasts longer than a day. Split it"
        if not set(shift.days) <= set(range(7)):
            yield f"{path}.days: {list(shift.days)} has no place in a week. Monday is 0, Sunday 6"
        yield from _activities(path, shift)


def _activities(path: str, shift: Shift) -> Iterator[str]:
    spans = []
    waves = max((a.waves for a in shift.activities.values()), default=1)
    for wave in range(waves):
        for name, activity in shift.activities.items():
            turn = wave % activity.waves
            begin = clock_s(activity.start) + 60 * activity.wave_minutes * turn
            spans.append((wave, begin, begin + 60 * activity.minutes, name))
    said: set[object] = set()
    for _, begin, end, name in spans:
        inside = clock_s(shift.start) <= begin and end <= clock_s(shift.end)
        if not inside and name not in said:
            said.add(name)
            yield (
                f"{path}.activities.{name}: lies outside the shift from {shift.start} to {shift.end}, "
                "all waves counted. Move or shorten it"
            )
    for (wave, _, end, name), (other_wave, begin, _, other) in pairwise(sorted(spans)):
        if wave == other_wave and begin < end and (name, other) not in said and name not in said:
            said.update({(name, other)})
            yield f"{path}.activities.{other}: begins before {name} has ended. Move one of them"


def _trunks(s: Scenario) -> Iterator[str]:
    owner: dict[str, str] = {}
    for name, trunks in s.trunks.items():
        for queue in trunks.queues:
            if queue not in s.queues:
                yield _unknown(f"trunks.{name}.queues", "queue", queue, s.queues)
            elif queue in owner:
                yield f'trunks.{name}.queues: "{queue}" uses the lines of {owner[queue]} already'
            owner.setdefault(queue, name)


def _routing(s: Scenario) -> Iterator[str]:
    from workbench.sim.routing import AGENT_POLICIES, QUEUE_POLICIES

    if s.routing.agent not in AGENT_POLICIES.by_name:
        known = AGENT_POLICIES.names()
        yield _unknown("routing.agent", "policy for choosing an agent", s.routing.agent, known)
    if s.routing.queue not in QUEUE_POLICIES.by_name:
        known = QUEUE_POLICIES.names()
        yield _unknown("routing.queue", "policy for choosing a queue", s.routing.queue, known)


def _disturbances(s: Scenario) -> Iterator[str]:
    sites = {group.site for group in s.groups.values()}
    for name, outage in s.outages.items():
        path = f"outages.{name}"
        yield from _window(path, outage)
        struck = [outage.site, outage.group, outage.queue]
        if sum(x is not None for x in struck) + outage.system != 1:
            yield f"{path}: name one thing that fails: site, group, queue, or system: true"
        for field, known in (("site", sites), ("group", s.groups), ("queue", s.queues)):
            value = getattr(outage, field)
            if value is not None and value not in known:
                yield _unknown(f"{path}.{field}", field, value, known)
        for queue in outage.queues:
            if queue not in s.queues:
                yield _unknown(f"{path}.queues", "queue", queue, s.queues)
    for name, shift in s.mix_shifts.items():
        path = f"mix_shifts.{name}"
        yield from _window(path, shift)
        for field in ("queue", "to"):
            value = getattr(shift, field)
            if value is not None and value not in s.queues:
                yield _unknown(f"{path}.{field}", "queue", value, s.queues)
            elif value is not None and shift.share and s.queues[value].arrivals.times_s is not None:
                yield f"{path}.{field}: {value} has recorded arrivals, and rates are needed. Leave it out"
        if shift.share and shift.to is None:
            yield f"{path}.to: a share of the arrivals goes nowhere. Name a queue"
        kinds = s.queues[shift.queue].complexity if shift.queue in s.queues else {}
        for kind in sorted(set(shift.complexity) - set(kinds)):
            yield _unknown(f"{path}.complexity", "complexity", kind, kinds)


def _terms(s: Scenario) -> Iterator[str]:
    terms = s.money.terms
    for name, level in terms.levels.items() if terms is not None else ():
        if level.queue is not None and level.queue not in s.queues:
            yield _unknown(f"money.terms.levels.{name}.queue", "queue", level.queue, s.queues)


def _transfers(s: Scenario) -> Iterator[str]:
    """Contacts that move on at once must not move in a circle."""
    onward: dict[str, set[str]] = {}
    for name, queue in s.queues.items():
        targets = {queue.misroute_to} if any(queue.misroute) else set()
        targets |= {f.to or name for f in queue.follow_ups.values() if f.kind == "escalation"}
        onward[name] = {t for t in targets if t in s.queues}
    seen: set[str] = set()
    for start in s.queues:
        circle = _circle(onward, [start])
        if circle and not seen & set(circle):
            seen |= set(circle)
            yield (
                f"queues.{circle[0]}: contacts go round in a circle: {' → '.join([*circle, circle[0]])}. "
                "Take out one misroute or escalation"
            )


def _circle(onward: dict[str, set[str]], way: list[str]) -> list[str]:
    for target in sorted(onward[way[-1]]):
        if target == way[0]:
            return way
        if target not in way:
            found = _circle(onward, [*way, target])
            if found:
                return found
    return []
