"""How does a contact centre work? Told as SimPy processes: the definition, and the place to extend it.

Each process below is a short story: contacts come, lose patience, are offered a callback; agents
talk, wrap up, dial; the calendar turns. A process waits with ``self.at(time, kind, number)``, which
puts its next step in the order that run.py and ARCHITECTURE.md state. Whatever it then does happens
at once. Nothing is drawn here: chance comes from the contact's key (`variates.unit`).

To add a behaviour, derive from `Floor`, change a step, and call ``simulate(workload, floor=YourFloor)``;
docs/how-to/add-a-behaviour.md does it.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Generator, Iterable
from typing import Any, TypeAlias

import numpy as np
import simpy

from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, BLOCKED
from workbench.sim import variates as v
from workbench.sim.actors import Agent, Contact, Moment
from workbench.sim.calendar import CLOSE_LINES, DUTY
from workbench.sim.model import (
    AFTER_ABANDONED,
    AFTER_BLOCKED,
    AFTER_SERVED,
    AFTER_UNRESOLVED,
    ESCALATION,
    MISROUTE,
    OFF,
    ON,
    Model,
)
from workbench.sim.parts import US
from workbench.sim.records import (
    BALKED,
    CONTACT_TYPES,
    LINES_BUSY,
    LINES_CLOSED,
    LOST_PATIENCE,
    NOT_REACHED,
    QUEUE_DOWN,
    ROOM_FULL,
    AgentRows,
    ContactRows,
    count_intervals,
    merged_rows,
)
from workbench.sim.routing import AGENT_POLICIES, QUEUE_POLICIES
from workbench.sim.run import (
    AGENT_DONE,
    CALENDAR,
    CALLBACK_DUE,
    CALLBACK_OFFER,
    CONTACT_COMES,
    OVERFLOW,
    PATIENCE_ENDS,
    TALK_ENDS,
    Record,
    Run,
)
from workbench.sim.workload import Workload

Process: TypeAlias = Generator[simpy.Event, Any, None]


class Floor:
    """The floor of a contact centre: lines, agents, and the processes that move them."""

    def __init__(self, workload: Workload) -> None:
        self.workload = workload
        self.tables = workload.model.tables
        self.m = _as_lists(workload.model)
        self.env = simpy.Environment()
        self.rest_us = self.m.end_us
        routing = workload.scenario.routing
        self.agent_score = AGENT_POLICIES.get(routing.agent).compiled
        self.queue_score = QUEUE_POLICIES.get(routing.queue).compiled
        self.contacts = [
            Contact(number, key, queue, offered_us)
            for number, (key, queue, offered_us) in enumerate(
                zip(
                    workload.arrival_key.tolist(),
                    workload.arrival_queue.tolist(),
                    workload.arrival_us.tolist(),
                    strict=True,
                )
            )
        ]
        a = workload.agents
        self.agents = [
            Agent(number, team, self.m.team_group[team], speed, curve, hired_us)
            for number, (team, speed, curve, hired_us) in enumerate(
                zip(a.team.tolist(), a.speed.tolist(), a.curve.tolist(), a.hired_us.tolist(), strict=True)
            )
        ]
        self.team_agents: list[list[Agent]] = [[] for _ in self.m.team_group]
        for agent in self.agents:
            self.team_agents[agent.team].append(agent)
        self.lines: list[list[tuple[int, int]]] = [[] for _ in self.m.queue_channel]
        """Per queue: (line time, number) of the contacts in line, in order."""
        self.trunks_used = [0] * len(self.m.trunk_lines)

    # The processes ---------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """The time. [µs]"""
        return int(self.env.now)

    def at(self, time_us: int, kind: int, number: int) -> Moment:
        """Return the moment to wait for."""
        return Moment(self.env, time_us, kind, number)

    def run(self) -> None:
        """Let everything happen."""
        self.env.process(self.calendar())
        self.env.process(self.contacts_come())
        if self.m.drain:
            self.env.run()
        else:
            self.env.run(until=self.m.end_us)

    def calendar(self) -> Process:
        """Duties change, counted groups grow and shrink, lines close."""
        a = self.workload.agents
        columns = (a.at_us.tolist(), a.kind.tolist(), a.who.tolist(), a.value.tolist())
        for place, (time_us, kind, who, value) in enumerate(zip(*columns, strict=True)):
            yield self.at(time_us, CALENDAR, place)
            if kind == CLOSE_LINES:
                self.close_lines()
            elif kind == DUTY:
                self.change_duty(self.agents[who], value)
            else:
                self.change_number(who, value)

    def contacts_come(self) -> Process:
        """The contacts of the workload come, one after the other."""
        for contact in list(self.contacts):
            yield self.at(contact.offered_us, CONTACT_COMES, contact.number)
            self.comes(contact)

    def follow_up(self, c: Contact) -> Process:
        """A contact that another one brought about comes."""
        yield self.at(c.offered_us, CONTACT_COMES, c.number)
        self.comes(c)

    def patience(self, c: Contact, patience_us: int) -> Process:
        """Who is still in line when patience ends abandons, unless somebody has seen to it."""
        yield self.at(c.offered_us + patience_us, PATIENCE_ENDS, c.number)
        if c.in_line and not self.seen_to(c):
            self.abandon(c, LOST_PATIENCE)

    def callback_offer(self, c: Contact) -> Process:
        """Who is still in line is offered a callback; who accepts hangs up and keeps the place."""
        yield self.at(c.offered_us + self.m.callback_after_us[c.queue], CALLBACK_OFFER, c.number)
        if c.in_line and self.unit(c, v.CALLBACK_TAKEN) < self.m.callback_accept[c.queue]:
            c.callback = 1
            self.hang_up(c)

    def overflow(self, c: Contact, wait_us: int) -> Process:
        """Further teams take a contact that has waited long enough."""
        yield self.at(c.line_us + wait_us, OVERFLOW, c.number)
        if c.in_line:
            self.look_for_agent(c, len(self.lines[c.queue]))

    def talk(self, a: Agent, c: Contact, work_us: int) -> Process:
        """An agent works on a contact and wraps up, unless called away."""
        try:
            yield self.at(self.now + work_us, TALK_ENDS, c.number)
        except simpy.Interrupt:
            return
        after_us = self.talk_ends(a, c)
        if after_us:
            yield self.at(self.now + after_us, AGENT_DONE, c.number)
        self.done(a, c)

    def dial(self, a: Agent, c: Contact) -> Process:
        """An agent calls a customer back and reaches nobody."""
        q = c.queue
        yield self.at(self.now + self.m.callback_dial_us[q], AGENT_DONE, c.number)
        if c.dialled < self.m.callback_attempts[q]:
            self.env.process(self.callback_due(c))
        else:
            self.abandon(c, NOT_REACHED)
        self.done(a, c)

    def callback_due(self, c: Contact) -> Process:
        """A customer who was not reached is to be called again."""
        yield self.at(self.now + self.m.callback_retry_us[c.queue], CALLBACK_DUE, c.number)
        self.return_to_line(c)

    # What happens to a contact -----------------------------------------------------------------

    def unit(self, c: Contact, purpose: int) -> float:
        """Return the contact's number in (0, 1) for a purpose."""
        return float(v.unit(c.key, purpose, self.workload.antithetic))

    @property
    def step(self) -> int:
        """The number of the present step."""
        return int(np.searchsorted(self.workload.model.step_us, self.now, side="right")) - 1

    def comes(self, c: Contact) -> None:
        """Let a contact enter: it is blocked, taken, balks or joins the line."""
        q, s, m = c.queue, self.step, self.m
        u = self.unit(c, v.COMPLEXITY)
        c.complexity = sum(u >= upto for upto in m.complexity_upto[q][s][:-1])
        credited = self.unit(c, v.CREDIT) < m.credit_share[q]
        c.line_us = self.now - (m.credit_us[q] if credited else 0)
        if m.closed[q][s]:
            return self.block(c, QUEUE_DOWN if m.closed[q][s] == 1 else LINES_CLOSED)
        trunks = m.queue_trunks[q]
        if trunks >= 0:
            if self.trunks_used[trunks] >= m.trunk_lines[trunks]:
                return self.block(c, LINES_BUSY)
            self.trunks_used[trunks] += 1
            c.on_trunk = True
        if self.look_for_agent(c, 1):
            return None
        if 0 <= m.waiting_room[q] <= len(self.lines[q]):
            return self.block(c, ROOM_FULL)
        if self.unit(c, v.BALK) < m.balk[q][s]:
            return self.abandon(c, BALKED)
        return self.join(c)

    def join(self, c: Contact) -> None:
        """Let a contact join the line and start what may happen to it there."""
        q, m = c.queue, self.m
        if m.patience_table[q] >= 0:
            mean_us = m.patience_us[q][self.step]
            u = self.unit(c, v.PATIENCE)
            patience_us = v.duration_us(self.tables, m.patience_table[q], mean_us, u)
            self.env.process(self.patience(c, patience_us))
        if m.callback_after_us[q] >= 0:
            self.env.process(self.callback_offer(c))
        for wait_us in m.overflow_us[m.overflow_start[q] : m.overflow_start[q + 1]]:
            if c.line_us + wait_us > self.now:
                self.env.process(self.overflow(c, wait_us))
        self.stand_in_line(c)

    def stand_in_line(self, c: Contact) -> None:
        """Put a contact into its place; as the line is longer now, it looks again."""
        line = self.lines[c.queue]
        c.in_line = True
        insort(line, (c.line_us, c.number))
        while line and self.look_for_agent(self.contacts[line[0][1]], len(line)):
            pass

    def return_to_line(self, c: Contact) -> None:
        """Let a contact that was put down, or is due to be called, be taken up again or wait."""
        if not self.look_for_agent(c, 1):
            self.stand_in_line(c)

    def leave_line(self, c: Contact) -> None:
        """Take a contact out of the line if it is there."""
        if c.in_line:
            self.lines[c.queue].remove((c.line_us, c.number))
            c.in_line = False

    def seen_to(self, c: Contact) -> bool:
        """Whether a contact in line was promised a callback, or begun and put down."""
        return bool(c.callback) or c.outcome == ANSWERED

    def hang_up(self, c: Contact) -> None:
        """Free the line on which a contact came."""
        if c.on_trunk:
            self.trunks_used[self.m.queue_trunks[c.queue]] -= 1
            c.on_trunk = False

    def block(self, c: Contact, reason: int) -> None:
        """Turn a contact away."""
        self.hang_up(c)
        c.outcome, c.reason = BLOCKED, reason
        self.bring_about(c, AFTER_BLOCKED)

    def abandon(self, c: Contact, reason: int) -> None:
        """Let a contact leave without having been served."""
        self.leave_line(c)
        self.hang_up(c)
        c.outcome, c.reason, c.abandon_us = ABANDONED, reason, self.now
        self.rest_us = max(self.rest_us, self.now)
        self.bring_about(c, AFTER_ABANDONED)

    def close_lines(self) -> None:
        """Send away who waits in a channel that does not survive the night."""
        for q, line in enumerate(self.lines):
            if self.m.cleared[self.m.queue_channel[q]]:
                for number in sorted(number for _, number in line):
                    if not self.seen_to(self.contacts[number]):
                        self.abandon(self.contacts[number], LINES_CLOSED)

    # Who takes what ----------------------------------------------------------------------------

    def open_to(self, team: int, c: Contact, waiting: int) -> bool:
        """Whether a team takes this contact while so many wait."""
        q, m = c.queue, self.m
        return bool(
            m.level[q][team]
            and self.now - c.line_us >= m.after_us[q][team]
            and waiting >= m.min_waiting[q][team]
        )

    def has_room(self, a: Agent, channel: int) -> bool:
        """Whether an agent may take one more contact of a channel."""
        if a.duty != ON:
            return False
        if not a.hand:
            return True
        same = self.m.queue_channel[a.hand[0].queue] == channel
        return bool(same and len(a.hand) < self.m.concurrency[channel])

    def can_be_called_away(self, a: Agent) -> bool:
        """Whether an agent works on something that can be put down."""
        if not a.hand or not a.hand[0].talking:
            return False
        return bool(self.m.interruptible[self.m.queue_channel[a.hand[0].queue]])

    def look_for_agent(self, c: Contact, waiting: int) -> bool:
        """Give a contact to the agent whom the policy prefers; return whether there was one."""
        channel = self.m.queue_channel[c.queue]
        best: tuple[tuple[float, int, int, int], Agent] | None = None
        for team, agents in enumerate(self.team_agents):
            free = [a for a in agents if self.has_room(a, channel)]
            if free and self.open_to(team, c, waiting):
                a = min(free, key=lambda a: (len(a.hand), a.since_us, a.number))
                alike = sum(len(other.hand) == len(a.hand) for other in free)
                score = self.score(c, a, (self.now - a.since_us) / US, len(a.hand), alike)
                rank = (score, len(a.hand), a.since_us, a.number)
                best = min(best, (rank, a), key=lambda x: x[0]) if best else (rank, a)
        if best is not None:
            self.take(best[1], c)
            return True
        return not self.m.deferrable[channel] and self.call_away(c, waiting)

    def call_away(self, c: Contact, waiting: int) -> bool:
        """Give a contact to an agent who puts deferrable work down; return whether there was one."""
        best: tuple[tuple[float, int, int], Agent] | None = None
        for team, agents in enumerate(self.team_agents):
            busy = [a for a in agents if a.duty == ON and self.can_be_called_away(a)]
            if busy and self.open_to(team, c, waiting):
                a = min(busy, key=lambda a: (-a.since_us, a.number))
                rank = (self.score(c, a, 0.0, 1, len(busy)), -a.since_us, a.number)
                best = min(best, (rank, a), key=lambda x: x[0]) if best else (rank, a)
        if best is None:
            return False
        agent = best[1]
        put_down = self.put_down(agent)
        self.take(agent, c)
        self.return_to_line(put_down)
        return True

    def score(self, c: Contact, a: Agent, idle_s: float, in_hand: int, free: int) -> float:
        """Return the policy's score of an agent for a contact."""
        level, breadth = self.m.level[c.queue][a.team], self.m.breadth[a.team]
        u = self.unit(c, v.TEAM + a.team)
        return float(self.agent_score(level, breadth, idle_s, in_hand, free, u))

    def take_up_work(self, a: Agent) -> None:
        """Let an agent who has room take what waits, as the policy prefers."""
        while True:
            choices = list(self.choices(a))
            if not choices:
                return
            self.take(a, self.contacts[min(choices)[-1]])

    def choices(self, a: Agent) -> Iterable[tuple[int, float, int, int]]:
        """Yield (deferrable, score, line time, number) of each first contact that an agent may take."""
        m = self.m
        for q, line in enumerate(self.lines):
            channel = m.queue_channel[q]
            if not line or not self.has_room(a, channel):
                continue
            line_us, number = line[0]
            first = self.contacts[number]
            if self.open_to(a.team, first, len(line)):
                score = self.queue_score(
                    m.level[q][a.team],
                    m.queue_priority[q],
                    (self.now - line_us) / US,
                    m.queue_score[q],
                    m.queue_score_per_s[q],
                    len(line),
                    self.unit(first, v.PICK),
                )
                yield m.deferrable[channel], score, line_us, number

    # What an agent does ------------------------------------------------------------------------

    def take(self, a: Agent, c: Contact) -> None:
        """Let an agent take a contact: answer it, go on with it, or dial in vain."""
        self.leave_line(c)
        a.hand.append(c)
        a.since_us = self.now
        a.note(self.now)
        c.last_agent = a
        if c.callback and c.outcome != ANSWERED and not self.reached(c):
            a.until_us = max(a.until_us, self.now + self.m.callback_dial_us[c.queue])
            c.work = self.env.process(self.dial(a, c))
            return
        work_us = c.left_us
        if c.outcome != ANSWERED:
            self.answer(a, c)
            work_us = c.talk_us + c.hold_us
        a.until_us = max(a.until_us, self.now + work_us + c.wrap_us)
        c.talking = True
        c.over_us = self.now + work_us
        c.work = self.env.process(self.talk(a, c, work_us))

    def reached(self, c: Contact) -> bool:
        """Whether an attempt to call back reaches the customer."""
        reached = bool(self.unit(c, v.REACHED + c.dialled) < self.m.callback_reach[c.queue])
        c.dialled += 1
        return reached

    def week(self, a: Agent) -> int:
        """Return the agent's week of tenure."""
        weeks = len(self.m.learning_handle[0])
        return int(v.tenure_week(self.now, a.hired_us, weeks - 1))

    def answer(self, a: Agent, c: Contact) -> None:
        """Fix how long talk, hold and wrap-up of a contact take."""
        q, m = c.queue, self.m
        c.outcome, c.answer_us, c.in_hand = ANSWERED, self.now, len(a.hand)
        factor = v.handle_factor(
            m.handle_step[q][self.step],
            m.route_handle[q][a.team],
            a.speed,
            m.learning_handle[a.curve][self.week(a)],
            m.complexity_handle[q][c.complexity],
            m.stretch[m.queue_channel[q]][len(a.hand)],
        )
        c.talk_us = self.part_us(c, 0, factor, v.TALK)
        c.misrouted = self.unit(c, v.MISROUTED) < m.misroute[q][self.step]
        if c.misrouted:
            c.talk_us = v.whole_us(c.talk_us * m.misroute_talk[q])
            return
        if m.part_table[q][1] >= 0 and self.unit(c, v.HOLD_HAPPENS) < m.hold_probability[q]:
            c.hold_us = self.part_us(c, 1, factor, v.HOLD)
        c.wrap_us = self.part_us(c, 2, factor, v.WRAP_UP)

    def part_us(self, c: Contact, part: int, factor: float, purpose: int) -> int:
        """Return how long a part of the handle time takes; 0 if there is none. [µs]"""
        table, mean_us = self.m.part_table[c.queue][part], self.m.part_us[c.queue][part]
        return int(v.duration_us(self.tables, table, mean_us * factor, self.unit(c, purpose)))

    def put_down(self, a: Agent) -> Contact:
        """Let an agent put deferrable work down."""
        c = a.hand.pop()
        assert c.work is not None
        c.work.interrupt()
        c.talking = False
        c.left_us = c.over_us - self.now
        c.put_down += 1
        a.since_us = a.until_us = self.now
        a.note(self.now)
        return c

    def talk_ends(self, a: Agent, c: Contact) -> int:
        """Let the customer go; return how long the agent is still busy with the contact. [µs]"""
        c.talking = False
        c.end_us = self.now
        self.rest_us = max(self.rest_us, self.now)
        self.hang_up(c)
        if c.misrouted:
            c.transferred = 1
            key = v.mix(c.key, v.MISROUTED)
            self.send(c, MISROUTE, self.m.misroute_to[c.queue], key, self.now)
            return 0
        self.serve(a, c)
        after_us = c.wrap_us + c.stay_us
        a.until_us = max(a.until_us, self.now + after_us)
        return after_us

    def serve(self, a: Agent, c: Contact) -> None:
        """Escalate a contact, or resolve it, or not."""
        q, week, m = c.queue, self.week(a), self.m
        factors = (
            m.route_escalation[q][a.team],
            m.learning_escalation[a.curve][week],
            m.complexity_escalation[q][c.complexity],
        )
        for rule in range(m.rule_start[q], m.rule_start[q + 1]):
            if m.rule_after[rule] != AFTER_SERVED:
                continue
            chance = v.chance(m.rule_probability[rule], *factors)
            if self.comes_about(c, rule, chance):
                if m.rule_kind[rule] == ESCALATION:
                    c.escalated, c.stay_us = 1, m.rule_stay_us[rule]
                return
        chance = v.chance(
            m.resolution[q],
            m.route_resolution[q][a.team],
            m.learning_resolution[a.curve][week],
            m.complexity_resolution[q][c.complexity],
        )
        c.resolved = int(self.unit(c, v.RESOLVED) < chance)
        if not c.resolved:
            self.bring_about(c, AFTER_UNRESOLVED)

    def bring_about(self, c: Contact, ending: int) -> None:
        """Let each follow-up of an ending come about or not."""
        for rule in range(self.m.rule_start[c.queue], self.m.rule_start[c.queue + 1]):
            if self.m.rule_after[rule] == ending:
                self.comes_about(c, rule, self.m.rule_probability[rule])

    def comes_about(self, c: Contact, rule: int, chance: float) -> bool:
        """Let a follow-up come about with a probability; return whether it did."""
        m = self.m
        key = v.mix(c.key, m.rule_key[rule])
        mirror = self.workload.antithetic
        if c.attempt >= m.rule_at_most[rule] or v.unit(key, v.HAPPENS, mirror) >= chance:
            return False
        u = v.unit(key, v.DELAY, mirror)
        delay_us = v.duration_us(self.tables, m.rule_delay_table[rule], m.rule_delay_us[rule], u)
        self.send(c, m.rule_kind[rule], m.rule_to[rule], key, self.now + delay_us)
        return True

    def open_at(self, queue: int, time_us: int) -> int:
        """Return when a follow-up comes that would come at a time: then, or once its queue is open."""
        m = self.m
        if not m.when_closed[queue]:
            return time_us
        first, after = m.opening_start[queue], m.opening_start[queue + 1]
        following = bisect_right(m.opens_us, time_us, first, after)
        closed_us = m.closes_us[following - 1]
        if time_us < closed_us:
            return time_us
        if m.when_closed[queue] == 2 or following == after:
            return int(m.end_us)
        opens_us, closes_us = m.opens_us[following], m.closes_us[following]
        return int(opens_us + (time_us - closed_us) % (closes_us - opens_us))

    def send(self, parent: Contact, kind: int, queue: int, key: int, time_us: int) -> None:
        """Let a further contact come, if it comes before the horizon."""
        time_us = self.open_at(queue, time_us)
        if time_us < self.m.end_us:
            c = Contact(len(self.contacts), key, queue, time_us, parent.number, kind, parent.attempt + 1)
            self.contacts.append(c)
            self.env.process(self.follow_up(c))

    def done(self, a: Agent, c: Contact) -> None:
        """Take a contact out of the agent's hand; who is on duty takes up work."""
        a.hand.remove(c)
        a.since_us = self.now
        if not a.hand:
            a.until_us = self.now
        self.rest_us = max(self.rest_us, self.now)
        a.note(self.now)
        self.take_up_work(a)

    # What the calendar does --------------------------------------------------------------------

    def change_duty(self, a: Agent, duty: int) -> None:
        """Let a duty begin: take up work, or put down what can be."""
        a.duty = duty
        if duty == ON:
            a.since_us = self.now
        a.note(self.now)
        if duty == ON:
            self.take_up_work(a)
        elif self.can_be_called_away(a):
            self.return_to_line(self.put_down(a))

    def change_number(self, group: int, n: int) -> None:
        """Let a counted group have n agents at work."""
        agents = [a for a in self.agents if a.group == group]
        at_work = [a for a in agents if a.duty == ON]
        if len(at_work) > n:
            at_work.sort(key=lambda a: (self.can_go_us(a), -a.number))
            going = at_work[: len(at_work) - n]
            for a in going:
                a.duty = OFF
                a.note(self.now)
            for a in going:
                if self.can_be_called_away(a):
                    self.return_to_line(self.put_down(a))
        else:
            away = [a for a in agents if a.duty != ON]
            away.sort(key=lambda a: (not a.hand, a.number))
            for a in away[: n - len(at_work)]:
                self.change_duty(a, ON)

    def can_go_us(self, a: Agent) -> int:
        """Return when an agent could leave, as known now."""
        return a.until_us if a.hand and not self.can_be_called_away(a) else self.now


def _as_lists(model: Model) -> Any:
    """Return the model with plain lists: single numbers of arrays are slow to reach."""
    return Model(*(x.tolist() if isinstance(x, np.ndarray) and x.ndim < 4 else x for x in model))  # type: ignore[arg-type]


def simulate(workload: Workload, record: Record = "all", floor: type[Floor] = Floor) -> Run:
    """Simulate a workload; `floor` may be your own kind of Floor."""
    place = floor(workload)
    place.run()
    for a in place.agents:
        duty, handling, start_us = a.state
        a.rows.append((duty, handling, start_us, place.rest_us))
    contacts = ContactRows(
        *(
            np.array([getattr(c, name) for c in place.contacts], dtype=dtype)
            for name, dtype in CONTACT_TYPES.items()
        )
    )
    rows = [(a.number, *row) for a in place.agents for row in a.rows]
    columns = zip(*rows, strict=True) if rows else ((),) * 5
    types = (np.int32, np.int16, np.int8, np.int64, np.int64)
    agents = merged_rows(AgentRows(*(np.array(c, dtype=t) for c, t in zip(columns, types, strict=True))))
    counts = count_intervals(workload, contacts, agents)
    return Run(
        workload,
        "simpy",
        None if record == "intervals" else contacts,
        agents if record == "all" else None,
        counts,
        place.rest_us,
    )
