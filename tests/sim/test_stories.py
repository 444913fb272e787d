"""What happens on a floor of one or two agents? Worked by hand, to the second, for both engines."""

from __future__ import annotations

from tests.sim.story import both_engines, constant, queue, tell
from workbench.sim.model import CLIENT_ESCALATION, ESCALATION, FRESH, MISROUTE, REPEAT, RETRIAL
from workbench.sim.records import (
    ABANDONED,
    ANSWERED,
    BALKED,
    BLOCKED,
    LINES_BUSY,
    LINES_CLOSED,
    LOST_PATIENCE,
    NOT_REACHED,
    QUEUE_DOWN,
    ROOM_FULL,
    WAITING,
)

ONE = {"desk": {"agents": 1, "skills": ["a"]}}


@both_engines
def test_second_contact_waits_for_the_first(engine):
    """One agent, two contacts ten seconds apart, a minute each: the second waits fifty seconds."""
    t = tell(engine, {"a": queue(0, 10)}, ONE)

    assert t.answer_s == [0, 60]
    assert t.end_s == [60, 120]
    assert t.states() == [("handling", 0, 120), ("available", 120, 3600)]


@both_engines
def test_wrap_up_keeps_the_agent_and_not_the_customer(engine):
    """Talk 60 s and wrap-up 30 s: the customer is gone at 60, the agent is free at 90."""
    t = tell(engine, {"a": queue(0, 10, hold=5, wrap_up=30)}, ONE)

    assert t.end_s == [65, 160]
    assert t.answer_s == [0, 95]
    assert t.wrap_s == [30, 30]
    assert t.hold_s == [5, 5]


@both_engines
def test_abandoned_contact_uses_no_agent_time(engine):
    """Who waits forty seconds with a patience of forty-five is answered; with thirty leaves."""
    t = tell(engine, {"a": queue(0, 10, 20, patience=45)}, ONE)

    assert t.outcome == [ANSWERED, ABANDONED, ANSWERED]
    assert t.abandon_s == [None, 55, None]
    assert t.reason == [0, LOST_PATIENCE, 0]
    assert t.talk_s == [60, 0, 60]
    assert t.answer_s[2] == 60
    assert t.states() == [("handling", 0, 120), ("available", 120, 3600)]


@both_engines
def test_patience_that_ends_as_the_agent_is_free_is_answered(engine):
    """At 60 s the agent is free and patience ends: the agent comes first in the order of events."""
    t = tell(engine, {"a": queue(0, 20, patience=40)}, ONE)

    assert t.outcome == [ANSWERED, ANSWERED]
    assert t.answer_s == [0, 60]


@both_engines
def test_patience_of_nothing_leaves_at_once(engine):
    """Who has no patience at all leaves at the instant of arrival, unless an agent is free."""
    t = tell(engine, {"a": queue(0, 20, patience=0)}, ONE)

    assert t.outcome == [ANSWERED, ABANDONED]
    assert t.abandon_s == [None, 20]


@both_engines
def test_contact_that_comes_as_the_agent_leaves_finds_nobody(engine):
    """The calendar comes first: at 900 s the agent is gone before the contact is there."""
    t = tell(engine, {"a": queue(900)}, {"desk": {"agents": [1, 0, 1, 0], "skills": ["a"]}})

    assert t.answer_s == [1800]
    assert t.states() == [
        ("available", 0, 900),
        ("handling", 1800, 1860),
        ("available", 1860, 2700),
    ]


@both_engines
def test_contact_in_progress_is_finished_at_the_end_and_counted_as_overrun(engine):
    """The group falls to nobody at 900 s in the middle of a talk, which goes on until 950 s."""
    t = tell(engine, {"a": queue(890)}, {"desk": {"agents": [1, 0, 0, 0], "skills": ["a"]}})

    assert t.end_s == [950]
    assert t.states() == [("available", 0, 890), ("handling", 890, 900), ("handling!", 900, 950)]


@both_engines
def test_idle_agent_goes_first_when_the_group_shrinks(engine):
    """Of two agents the one who is free goes; the busy one keeps working and takes the next."""
    t = tell(engine, {"a": queue(880, 905)}, {"desk": {"agents": [2, 1, 1, 1], "skills": ["a"]}})

    assert t.agent == [0, 0]
    assert t.answer_s == [880, 940]
    assert t.states(1) == [("available", 0, 900)]


@both_engines
def test_whoever_is_done_first_goes_when_all_are_busy(engine):
    """Both are busy at 900 s; the first to be done leaves, the other one takes what waits."""
    t = tell(engine, {"a": queue(850, 880, 890)}, {"desk": {"agents": [2, 1, 1, 1], "skills": ["a"]}})

    assert t.agent == [0, 1, 1]
    assert t.answer_s == [850, 880, 940]
    assert t.states(0)[-1] == ("handling!", 900, 910)


@both_engines
def test_break_waits_for_the_contact_and_ends_on_time(engine):
    """A break from 600 to 900 s begins at 640, when the talk is over, and is not made longer."""
    shift = {
        "start": "00:00",
        "end": "01:00",
        "activities": {"break": {"start": "00:10", "minutes": 5}},
    }
    t = tell(
        engine,
        {"a": queue(580, 700)},
        {"desk": {"people": {"x": {"shift": "day"}}, "skills": ["a"]}},
        shifts={"day": shift},
    )

    assert t.answer_s == [580, 900]
    assert t.states() == [
        ("available", 0, 580),
        ("handling", 580, 600),
        ("handling!", 600, 640),
        ("break", 640, 900),
        ("handling", 900, 960),
        ("available", 960, 3600),
    ]


@both_engines
def test_all_agents_in_one_break_answer_nobody(engine):
    """While everybody is in the same break nobody is answered, and all are afterwards."""
    shift = {
        "start": "00:00",
        "end": "01:00",
        "activities": {"break": {"start": "00:10", "minutes": 10}},
    }
    t = tell(
        engine,
        {"a": queue(650, 660, 670)},
        {"desk": {"people": {"x": {"shift": "day", "count": 3}}, "skills": ["a"]}},
        shifts={"day": shift},
    )

    assert t.answer_s == [1200, 1200, 1200]
    assert t.agent == [0, 1, 2]


@both_engines
def test_waves_take_turns_in_a_break(engine):
    """Two waves: the second one's break starts ten minutes after the first one's."""
    shift = {
        "start": "00:00",
        "end": "01:00",
        "activities": {"break": {"start": "00:10", "minutes": 10, "waves": 2, "wave_minutes": 10}},
    }
    t = tell(
        engine,
        {"a": queue()},
        {"desk": {"people": {"x": {"shift": "day", "count": 3}}, "skills": ["a"]}},
        shifts={"day": shift},
    )

    assert [state for state in t.states(0) if state[0] == "break"] == [("break", 600, 1200)]
    assert [state for state in t.states(1) if state[0] == "break"] == [("break", 1200, 1800)]
    assert t.states(2) == t.states(0)


@both_engines
def test_chats_stretch_with_the_number_in_hand(engine):
    """The second of two chats takes 1.2 times as long; the third waits for room, not for all."""
    t = tell(
        engine,
        {"a": queue(0, 10, 20, talk=100, channel="chat")},
        ONE,
        channels={"chat": {"concurrency": 2, "stretch": [1.0, 1.2]}},
    )

    assert t.in_hand == [1, 2, 2]
    assert t.talk_s == [100, 120, 120]
    assert t.answer_s == [0, 10, 100]
    assert t.states()[0] == ("handling", 0, 220)


@both_engines
def test_agent_with_a_chat_takes_no_call(engine):
    """Contacts in hand are of one channel: the call waits until the chat is over."""
    queues = {"a": queue(0, talk=100, channel="chat"), "b": queue(10)}
    t = tell(engine, queues, {"desk": {"agents": 1, "skills": ["a", "b"]}})

    assert t.answer_s == [0, 100]


@both_engines
def test_chat_goes_to_the_agent_with_the_fewest_in_hand(engine):
    """Three chats, two agents with room for three each: the third goes to who is first again."""
    t = tell(
        engine,
        {"a": queue(0, 1, 2, talk=100, channel="chat")},
        {"desk": {"agents": 2, "skills": ["a"]}},
    )

    assert t.agent == [0, 1, 0]
    assert t.in_hand == [1, 1, 2]


@both_engines
def test_call_interrupts_an_e_mail_which_goes_on_afterwards(engine):
    """An e-mail of 100 s is put down at 30 for a call of 60, and done at 160."""
    queues = {"a": queue(30), "mail": queue(0, talk=100, channel="email")}
    t = tell(engine, queues, {"desk": {"agents": 1, "skills": ["a", "mail"]}})

    assert t.answer_s == [0, 30]
    assert t.end_s == [160, 90]
    assert t.put_down == [1, 0]


@both_engines
def test_work_that_is_not_interruptible_is_finished_first(engine):
    """A letter of 100 s is deferrable, but once begun it is finished; the call waits, with overrun."""
    shift = {
        "start": "00:00",
        "end": "01:00",
        "activities": {"break": {"start": "00:01", "minutes": 5}},
    }
    queues = {"a": queue(30), "post": queue(0, 5, talk=100, channel="letters")}
    t = tell(
        engine,
        queues,
        {"desk": {"people": {"x": {"shift": "day"}}, "skills": ["a", "post"]}},
        shifts={"day": shift},
        channels={"letters": {"deferrable": True, "interruptible": False}},
    )

    assert t.answer_s == [0, 420, 360]
    assert t.put_down == [0, 0, 0]
    assert t.states()[:3] == [("handling", 0, 60), ("handling!", 60, 100), ("break", 100, 360)]


@both_engines
def test_e_mail_put_down_goes_to_a_free_colleague(engine):
    """Who can only write takes over what was put down for a call."""
    queues = {"a": queue(30), "mail": queue(0, talk=100, channel="email")}
    groups = {
        "all": {"agents": 1, "skills": {"a": 1, "mail": 1}},
        "pen": {"agents": 1, "skills": {"mail": 2}},
    }
    t = tell(engine, queues, groups)

    assert t.put_down == [1, 0]
    assert t.agent == [1, 0]
    assert t.end_s == [100, 90]


@both_engines
def test_e_mail_is_put_down_for_a_break_without_overrun(engine):
    """Deferrable work does not delay a break; it is done when the agent is back."""
    shift = {
        "start": "00:00",
        "end": "01:00",
        "activities": {"break": {"start": "00:10", "minutes": 5}},
    }
    t = tell(
        engine,
        {"mail": queue(580, talk=100, channel="email")},
        {"desk": {"people": {"x": {"shift": "day"}}, "skills": ["mail"]}},
        shifts={"day": shift},
    )

    assert t.end_s == [980]
    assert ("break", 600, 900) in t.states()


@both_engines
def test_e_mail_survives_the_night_and_calls_do_not(engine):
    """At closing the call in line is sent away; the e-mail is answered the next morning."""
    queues = {"a": queue(71_000), "mail": queue(70_000, channel="email")}
    shift = {"start": "08:00", "end": "18:00"}
    t = tell(
        engine,
        queues,
        {"desk": {"people": {"x": {"shift": "day"}}, "skills": ["a", "mail"]}},
        shifts={"day": shift},
        time={"hours": None, "days": 2, "lines_close": "20:00"},
    )

    assert t.outcome == [ANSWERED, ABANDONED]
    assert t.reason == [0, LINES_CLOSED]
    assert t.abandon_s == [None, 72_000]
    assert t.answer_s == [86_400 + 8 * 3600, None]


@both_engines
def test_accepted_callback_keeps_the_place_and_outlasts_patience(engine):
    """Offered after 20 s, taken: the contact does not abandon at 30 s and is served in its turn."""
    fields = {"patience": 30, "callback": {"offer_after_s": 20}}
    t = tell(engine, {"a": queue(0, 10, **fields)}, ONE)

    assert t.callback == [0, 1]
    assert t.answer_s == [0, 60]


@both_engines
def test_callback_that_reaches_nobody_is_tried_again_and_given_up(engine):
    """Two attempts of 30 s, 100 s apart, reach nobody: the contact is lost at 220 s."""
    callback = {"offer_after_s": 20, "reach": 0, "attempts": 2, "dial_s": 30, "retry_s": 100}
    t = tell(engine, {"a": queue(0, 10, callback=callback)}, ONE)

    assert t.outcome == [ANSWERED, ABANDONED]
    assert t.reason == [0, NOT_REACHED]
    assert t.abandon_s == [None, 220]
    assert t.states() == [
        ("handling", 0, 90),
        ("available", 90, 190),
        ("handling", 190, 220),
        ("available", 220, 3600),
    ]


@both_engines
def test_retrial_comes_after_its_delay_and_belongs_to_the_same_customer(engine):
    """Who abandons at 15 s calls again 100 s later and is answered then."""
    again = {
        "kind": "retrial",
        "after": "abandoned",
        "probability": 1,
        "delay": constant(100),
    }
    t = tell(engine, {"a": queue(0, 10, patience=5, follow_ups={"again": again})}, ONE)

    assert t.offered_s == [0, 10, 115]
    assert t.kind == [FRESH, FRESH, RETRIAL]
    assert t.parent == [-1, -1, 1]
    assert t.attempt == [0, 0, 1]
    assert t.outcome == [ANSWERED, ABANDONED, ANSWERED]
    assert t.run.contacts.customer_key.tolist() == ["C000000000", "C000000001", "C000000001"]


@both_engines
def test_retrials_end_at_most(engine):
    """Nobody is ever there; each contact is followed by at most two more."""
    again = {"kind": "retrial", "after": "abandoned", "probability": 1, "at_most": 2}
    t = tell(
        engine,
        {"a": queue(10, patience=5, follow_ups={"again": again})},
        {"desk": {"agents": 0, "skills": ["a"]}},
    )

    assert t.offered_s == [10, 15, 20]
    assert t.outcome == [ABANDONED] * 3


@both_engines
def test_retrial_may_come_through_another_channel(engine):
    """Who gives up on the phone writes."""
    writes = {
        "kind": "retrial",
        "after": "abandoned",
        "probability": 1,
        "delay": constant(60),
        "to": "mail",
    }
    queues = {"a": queue(0, 10, patience=5, follow_ups={"w": writes}), "mail": queue(channel="email")}
    t = tell(engine, queues, {"desk": {"agents": 1, "skills": ["a", "mail"]}})

    assert t.run.contacts.channel.tolist() == ["voice", "voice", "email"]
    assert t.answer_s[2] == 75


@both_engines
def test_unresolved_contact_comes_back(engine):
    """Nothing is ever resolved: the customer is back an hour's quarter later, twice."""
    back = {
        "kind": "repeat",
        "after": "unresolved",
        "probability": 1,
        "delay": constant(900),
        "at_most": 2,
    }
    t = tell(engine, {"a": queue(0, resolution=0, follow_ups={"back": back})}, ONE)

    assert t.offered_s == [0, 960, 1920]
    assert t.kind == [FRESH, REPEAT, REPEAT]
    assert t.resolved == [0, 0, 0]


@both_engines
def test_cold_escalation_frees_the_first_agent_at_once(engine):
    """At 60 s the contact is in the second tier's hands and the first agent is free."""
    up = {"kind": "escalation", "after": "served", "probability": 1, "to": "expert"}
    queues = {"a": queue(0, 30, follow_ups={"up": up}), "expert": queue(talk=200)}
    groups = {**ONE, "tier2": {"agents": 1, "skills": ["expert"]}}
    t = tell(engine, queues, groups)

    assert t.kind == [FRESH, FRESH, ESCALATION, ESCALATION]
    assert t.answer_s == [0, 60, 60, 260]
    assert t.escalated == [1, 1, 0, 0]
    assert t.resolved == [-1, -1, 1, 1]
    assert t.states(0)[0] == ("handling", 0, 120)


@both_engines
def test_warm_escalation_keeps_the_first_agent_for_a_while(engine):
    """The first agent stays on for 25 s after the talk; the next contact waits for that."""
    up = {"kind": "escalation", "after": "served", "probability": 1, "to": "expert", "stay_s": 25}
    queues = {"a": queue(0, 30, follow_ups={"up": up}), "expert": queue(talk=200)}
    groups = {**ONE, "tier2": {"agents": 2, "skills": ["expert"]}}
    t = tell(engine, queues, groups)

    assert t.stay_s == [25, 25, 0, 0]
    assert t.answer_s == [0, 85, 60, 145]


@both_engines
def test_misrouted_contact_is_found_out_and_transferred(engine):
    """A third of the talk is enough to see that it is the wrong queue."""
    fields = {"misroute": 1, "misroute_to": "b", "misroute_talk": 0.25, "wrap_up": 30}
    queues = {"a": queue(0, **fields), "b": queue(talk=80)}
    groups = {**ONE, "other": {"agents": 1, "skills": ["b"]}}
    t = tell(engine, queues, groups)

    assert t.kind == [FRESH, MISROUTE]
    assert t.talk_s == [15, 80]
    assert t.wrap_s == [0, 0]
    assert t.transferred == [1, 0]
    assert t.answer_s == [0, 15]


@both_engines
def test_client_escalation_has_a_queue_and_a_clock_of_its_own(engine):
    """An unresolved contact makes the client complain in a deferred queue with a target in hours."""
    complain = {
        "kind": "client escalation",
        "after": "unresolved",
        "probability": 1,
        "delay": constant(600),
        "to": "client",
    }
    queues = {
        "a": queue(0, resolution=0, follow_ups={"complain": complain}),
        "client": queue(channel="back office", service_level={"response_hours": 0.5}),
    }
    t = tell(engine, queues, {"desk": {"agents": 1, "skills": ["a", "client"]}})

    assert t.kind == [FRESH, CLIENT_ESCALATION]
    assert t.end_s == [60, 720]


@both_engines
def test_full_lines_and_full_room_block(engine):
    """Two lines: the third caller hears the busy tone. One place to wait: the next one too."""
    trunks = {"trunks": {"lines": {"lines": 2, "queues": ["a"]}}}
    t = tell(engine, {"a": queue(0, 10, 20, 70)}, ONE, **trunks)
    assert t.outcome == [ANSWERED, ANSWERED, BLOCKED, ANSWERED]
    assert t.reason[2] == LINES_BUSY

    t = tell(engine, {"a": queue(0, 10, 20, 70, waiting_room=1)}, ONE)
    assert t.outcome == [ANSWERED, ANSWERED, BLOCKED, ANSWERED]
    assert t.reason[2] == ROOM_FULL


@both_engines
def test_who_must_wait_may_balk(engine):
    """Everybody who would have to wait leaves at once."""
    t = tell(engine, {"a": queue(0, 10, 60, balk=1)}, ONE)

    assert t.outcome == [ANSWERED, ABANDONED, ANSWERED]
    assert t.reason == [0, BALKED, 0]
    assert t.abandon_s[1] == 10


@both_engines
def test_closed_queue_blocks_and_slow_system_stretches(engine):
    """From 10 to 20 minutes the queue is down; from 30 to 40 every handle time doubles."""
    outages = {
        "line": {"start": "00:10", "end": "00:20", "queue": "a"},
        "crm": {"start": "00:30", "end": "00:40", "system": True, "handle_factor": 2},
    }
    t = tell(engine, {"a": queue(599, 600, 1199, 1200, 1800, 2400)}, ONE, outages=outages)

    assert t.outcome == [ANSWERED, BLOCKED, BLOCKED, ANSWERED, ANSWERED, ANSWERED]
    assert t.reason[1] == QUEUE_DOWN
    assert t.talk_s == [60, 0, 0, 60, 120, 60]


@both_engines
def test_site_outage_takes_its_agents_away(engine):
    """The agent of the site is away from 10 to 20 minutes; the other site goes on."""
    groups = {
        "here": {"agents": 1, "skills": ["a"], "site": "city"},
        "there": {"agents": 1, "skills": ["a"], "site": "coast"},
    }
    outages = {"flood": {"start": "00:10", "end": "00:20", "site": "coast"}}
    t = tell(engine, {"a": queue(600, 601, 1200, 1201)}, groups, outages=outages)

    assert t.answer_s == [600, 660, 1200, 1201]
    assert t.agent == [0, 0, 0, 1]


@both_engines
def test_delayed_overflow_opens_after_the_wait(engine):
    """The second team takes a contact only after it has waited twenty seconds."""
    groups = {
        "first": {"agents": 1, "skills": {"a": 1}},
        "second": {"agents": 1, "skills": {"a": {"level": 2, "after_s": 20}}},
    }
    t = tell(engine, {"a": queue(0, 10, 35)}, groups)

    assert t.agent == [0, 1, 0]
    assert t.answer_s == [0, 30, 60]


@both_engines
def test_team_that_helps_only_when_two_wait(engine):
    """The helper takes the first in line at the moment the second one comes."""
    groups = {
        "first": {"agents": 1, "skills": {"a": 1}},
        "helper": {"agents": 1, "skills": {"a": {"level": 2, "min_waiting": 2}}},
    }
    t = tell(engine, {"a": queue(0, 10, 20)}, groups)

    assert t.answer_s == [0, 20, 60]
    assert t.agent == [0, 1, 0]


@both_engines
def test_wait_credit_goes_ahead_of_an_earlier_contact(engine):
    """A caller with a credit of 30 s who comes 10 s later is taken first."""
    queues = {"a": queue(0, 10, talk=60), "vip": queue(20, credit={"wait_s": 30})}
    groups = {"desk": {"agents": 1, "skills": ["a", "vip"]}}
    t = tell(engine, queues, groups, routing={"queue": "longest_wait"})

    assert t.answer_s == [0, 120, 60]


@both_engines
def test_priority_comes_before_the_wait(engine):
    """The queue with priority 1 is served before the one with 2, though it came later."""
    queues = {"a": queue(0, 10, priority=2), "vip": queue(20, priority=1)}
    t = tell(engine, queues, {"desk": {"agents": 1, "skills": ["a", "vip"]}})

    assert t.answer_s == [0, 120, 60]


@both_engines
def test_weighted_score_lets_the_wait_overtake_the_base(engine):
    """Base 30 and 1 per second against 2 per second: after 40 s the second line leads."""
    queues = {
        "a": queue(0, 20, talk=60, score=0, score_per_s=2),
        "b": queue(30, score=30, score_per_s=1),
    }
    groups = {"desk": {"agents": 1, "skills": ["a", "b"]}}
    t = tell(engine, queues, groups, routing={"queue": "weighted_score"})

    assert t.answer_s == [0, 60, 120]


@both_engines
def test_best_skill_and_fewest_skills_choose_different_agents(engine):
    """The generalist serves the queue at level 1, the specialist can do nothing else."""
    groups = {
        "broad": {"agents": 1, "skills": {"a": 1, "b": 1}},
        "narrow": {"agents": 1, "skills": {"a": 2}},
    }
    queues = {"a": queue(0), "b": queue()}

    assert tell(engine, queues, groups, routing={"agent": "best_skill"}).agent == [0]
    assert tell(engine, queues, groups, routing={"agent": "fewest_skills"}).agent == [1]


@both_engines
def test_longest_idle_takes_turns(engine):
    """Of two free agents the one who has been free longer is next."""
    t = tell(engine, {"a": queue(0, 100, 200)}, {"desk": {"agents": 2, "skills": ["a"]}})

    assert t.agent == [0, 1, 0]


@both_engines
def test_new_hire_takes_longer_and_learns(engine):
    """In the first week the handle time is 1.5 times the tenured one's, in the second 1."""
    people = {"new": {"shift": "day", "tenure_weeks": 0}}
    t = tell(
        engine,
        {"a": queue(0, 86_400 * 7, channel="email", talk=100)},
        {"desk": {"people": people, "skills": ["a"], "learning": "curve"}},
        shifts={"day": {"start": "00:00", "end": "24:00"}},
        curves={"curve": {"handle": [1.5]}},
        time={"hours": None, "days": 8},
    )

    assert t.talk_s == [150, 100]


@both_engines
def test_drain_works_the_line_off_and_carry_over_leaves_it(engine):
    """At the end of the hour one contact waits: it stays there, or is served after the hour."""
    t = tell(engine, {"a": queue(3590, 3591)}, ONE)
    assert t.outcome == [ANSWERED, WAITING]
    assert t.end_s == [None, None]

    t = tell(engine, {"a": queue(3590, 3591)}, ONE, time={"closing": "drain"})
    assert t.outcome == [ANSWERED, ANSWERED]
    assert t.end_s == [3650, 3710]
    assert t.run.rest_us == 3710 * 1_000_000


@both_engines
def test_backlog_waits_from_the_start(engine):
    """Two items of yesterday are there when the day begins."""
    mail = queue(channel="email")
    mail["arrivals"] = {"backlog": 2}
    t = tell(engine, {"mail": mail}, {"desk": {"agents": 1, "skills": ["mail"]}})

    assert t.offered_s == [0, 0]
    assert t.answer_s == [0, 60]


@both_engines
def test_nobody_at_work_answers_nobody(engine):
    """Zero agents: everybody waits, or leaves when patience ends."""
    none = {"desk": {"agents": 0, "skills": ["a"]}}

    assert tell(engine, {"a": queue(0, 10)}, none).outcome == [WAITING, WAITING]
    assert tell(engine, {"a": queue(0, 10, patience=5)}, none).outcome == [ABANDONED, ABANDONED]


@both_engines
def test_nobody_comes(engine):
    """Zero arrivals: the agent is available all the time."""
    t = tell(engine, {"a": queue()}, ONE)

    assert t.outcome == []
    assert t.states() == [("available", 0, 3600)]
    assert t.run.contacts.empty


@both_engines
def test_infinite_patience_in_overload_ends_with_the_horizon(engine):
    """More comes than one agent can do: the line is what did not fit."""
    t = tell(engine, {"a": queue(*range(0, 3600, 30))}, ONE)

    assert t.outcome.count(ANSWERED) == 60
    assert t.outcome.count(WAITING) == 60


@both_engines
def test_trace_tells_the_story_in_words(engine):
    """One sentence for each thing that happened to a contact."""
    again = {"kind": "retrial", "after": "abandoned", "probability": 1, "delay": constant(100)}
    t = tell(engine, {"a": queue(0, 10, patience=5, follow_ups={"again": again})}, ONE)

    assert t.run.trace(1).splitlines() == [
        "00:00:10.000 contact 1 comes to a: fresh.",
        "00:00:15.000 it leaves after 5 s: patience.",
        "It brings about contact 2 in a: retrial.",
    ]
    assert "00:02:55.000 desk.1 lets it go: resolved." in t.run.trace(2)
