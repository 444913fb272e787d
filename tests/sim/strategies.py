"""Which scenarios can the language say? Hypothesis makes small ones that use every feature.

Half of them live on a grid: constant durations and recorded arrivals in whole half-minutes, so that
many things happen at one instant and the order of simultaneous events matters.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from workbench.sim.routing import AGENT_POLICIES, QUEUE_POLICIES
from workbench.sim.scenario import Scenario

QUEUES = ("sales", "mail", "service", "expert")
GROUPS = ("north", "south", "desk")
GRID_S = 30


@cache
@st.composite
def durations(draw: st.DrawFn, low: int, high: int, grid: bool) -> dict[str, Any]:
    """A duration with a mean from low to high seconds."""
    if grid:
        return {
            "family": "constant",
            "mean_s": GRID_S * draw(st.integers(low // GRID_S, high // GRID_S)),
        }
    mean = draw(st.integers(low, high))
    kind = draw(
        st.sampled_from(["exponential", "gamma", "erlang", "weibull", "lognormal", "empirical", "constant"])
    )
    if kind == "gamma":
        return {"family": kind, "mean_s": mean, "shape": draw(st.sampled_from([0.5, 2.5, 18.0]))}
    if kind == "erlang":
        return {"family": kind, "mean_s": mean, "shape": draw(st.sampled_from([2, 5]))}
    if kind == "weibull":
        return {"family": kind, "mean_s": mean, "shape": draw(st.sampled_from([0.7, 1.5]))}
    if kind == "lognormal":
        return {"family": kind, "mean_s": mean, "cv": draw(st.sampled_from([0.5, 1.3]))}
    if kind == "empirical":
        values = [float(low), float(mean), float(high)]
        return {"family": kind, "values": values, **({"mean_s": mean} if draw(st.booleans()) else {})}
    return {"family": kind, "mean_s": mean}


def _some(draw: st.DrawFn, **fields: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Draw which of the fields are said, and those; the others keep their defaults."""
    said = draw(st.integers(0, 2 ** len(fields) - 1))
    return {name: draw(value) for place, (name, value) in enumerate(fields.items()) if said >> place & 1}


@cache
def _by_interval(value: st.SearchStrategy[Any], n_intervals: int) -> st.SearchStrategy[Any]:
    """One value, or one for each interval."""
    return st.one_of(value, st.lists(value, min_size=n_intervals, max_size=n_intervals))


probabilities = st.sampled_from([0.0, 0.1, 0.3, 0.7, 1.0])
factors = st.sampled_from([0.0, 0.5, 0.8, 1.0, 1.3, 2.0])


@cache
@st.composite
def windows(draw: st.DrawFn, hours: int, days: int) -> dict[str, Any]:
    """A window in the first hours of one of the days."""
    start = draw(st.integers(0, hours * 60 - 15))
    end = draw(st.integers(start + 1, hours * 60 + 30))
    return {
        "start": f"{start // 60:02d}:{start % 60:02d}",
        "end": f"{end // 60:02d}:{end % 60:02d}",
        **({"day": draw(st.sampled_from(range(days - 1, -1, -1)))} if days > 1 else {}),
    }


day_factors = st.fixed_dictionaries(
    {"shape": st.sampled_from([4.0, 400.0])}, optional={"name": st.just("busy")}
)
forecast_errors = st.fixed_dictionaries(
    {"bias": st.sampled_from([-0.2, 0.1])}, optional={"spread": st.just(0.3), "name": st.just("forecast")}
)


@cache
def _storms(hours: int, days: int) -> st.SearchStrategy[dict[str, Any]]:
    def storm(window: dict[str, Any]) -> dict[str, Any]:
        return {"storm": {**window, "factor": 2.0, "extra_per_hour": 20.0}}

    return windows(hours, days).map(storm)


@cache
@st.composite
def arrivals(draw: st.DrawFn, hours: int, days: int, n_intervals: int, grid: bool) -> dict[str, Any]:
    if grid:
        last = hours * 3600 // GRID_S - 1
        moments = st.integers(0, last).map(lambda i: float(i * GRID_S))
        return {
            "times_s": draw(st.lists(moments, max_size=20 * hours)),
            **_some(draw, backlog=st.integers(1, 4)),
        }
    rates = st.integers(0, 60).map(float)
    return {
        "per_hour": draw(st.one_of(rates, st.lists(rates, min_size=n_intervals, max_size=n_intervals))),
        **_some(
            draw,
            backlog=st.integers(1, 4),
            day_factor=day_factors,
            interval_shape=st.sampled_from([2.0, 30.0]),
            forecast_error=forecast_errors,
            spikes=_storms(hours, days),
        ),
    }


credits = st.fixed_dictionaries({"wait_s": st.sampled_from([30.0, 90.0])}, optional={"share": probabilities})
service_levels = st.fixed_dictionaries(
    {"threshold_s": st.sampled_from([0.0, 30.0])},
    optional={"response_hours": st.just(1.0), "short_abandon_s": st.just(10.0)},
)
openings = st.builds(
    lambda span, days: {"start": span[0], "end": span[1], **({} if days is None else {"days": days})},
    st.sampled_from([("00:10", "00:50"), ("01:15", "01:40"), ("00:00", "02:00"), ("23:00", "24:30")]),
    st.sampled_from([None, None, [0], [1, 6]]),
)
"""On a horizon of some hours most of them close and open again within it."""


@cache
@st.composite
def queues(
    draw: st.DrawFn, name: str, names: tuple[str, ...], hours: int, days: int, n_intervals: int, grid: bool
) -> dict[str, Any]:
    """A queue; contacts move on at once only to queues later in the list, so not in a circle."""
    deferred = ["email", "letters", "back office", "tickets"]
    live = ["voice", "voice", "chat", "messages"]
    channel = draw(st.sampled_from(deferred if name == "mail" else live))
    later = names[names.index(name) + 1 :]
    for_ever = channel in ("email", "back office", "messages")
    handle = {
        "talk": draw(durations(30, 600, grid)),
        **_some(
            draw,
            hold=durations(0, 120, grid),
            hold_probability=probabilities,
            wrap_up=durations(0, 180, grid),
            factor=_by_interval(factors, n_intervals),
        ),
    }
    queue: dict[str, Any] = {
        "channel": channel,
        "arrivals": draw(arrivals(hours, days, n_intervals, grid)),
        "handle": handle,
        **_some(
            draw,
            waiting_room=st.sampled_from([6, 3, 1, 0]),
            priority=st.sampled_from([1.0, 2.0, 3.0]),
            score=st.sampled_from([-20.0, 0.0, 100.0]),
            score_per_s=st.sampled_from([0.0, 0.5, 3.0]),
            credit=credits,
            resolution=probabilities,
            service_level=service_levels,
            complexity=st.just(
                {
                    "easy": {"share": 2, "handle_factor": 0.5, "resolution_factor": 1.2},
                    "hard": {"share": 1, "handle_factor": 2.0, "escalation_factor": 3.0},
                }
            ),
        ),
        "follow_ups": draw(follow_ups(names, later, grid)),
    }
    if not for_ever:
        queue |= _some(
            draw,
            patience=durations(0, 300, grid),
            balk=_by_interval(probabilities, n_intervals),
            patience_factor=_by_interval(factors, n_intervals),
        )
    if later and draw(st.booleans()):
        queue |= {
            "misroute": draw(_by_interval(probabilities, n_intervals)),
            "misroute_to": draw(st.sampled_from(later)),
            "misroute_talk": draw(probabilities),
        }
    if channel not in deferred and draw(st.integers(0, 2)) == 0:
        queue |= {
            "opening": {label: draw(openings) for label in draw(st.sampled_from(["h", "hk"]))},
            "when_closed": draw(st.sampled_from(["later", "lost"])),
        }
        queue["arrivals"].pop("backlog", None)
    if channel in ("voice", "chat") and draw(st.booleans()):
        queue["callback"] = {
            "offer_after_s": draw(st.sampled_from([0.0, 30.0, 120.0])),
            "accept": draw(probabilities),
            "reach": draw(probabilities),
            "attempts": draw(st.integers(1, 3)),
            "dial_s": draw(st.sampled_from([0.0, 30.0])),
            "retry_s": draw(st.sampled_from([0.0, 60.0, 600.0])),
        }
    return queue


@cache
@st.composite
def follow_ups(draw: st.DrawFn, names: tuple[str, ...], later: tuple[str, ...], grid: bool) -> dict[str, Any]:
    kinds = [("retrial", "abandoned"), ("retrial", "blocked"), ("repeat", "unresolved")]
    kinds += [("client escalation", e) for e in ("abandoned", "unresolved", "served")]
    kinds += [("escalation", "served")] if later else []
    out: dict[str, Any] = {}
    for label in draw(st.lists(st.sampled_from("abcd"), unique=True, max_size=4)):
        kind, after = draw(st.sampled_from(kinds))
        at_once = kind == "escalation"
        out[label] = {
            "kind": kind,
            "after": after,
            "probability": draw(probabilities),
            "at_most": draw(st.integers(1, 3)),
            **({"to": draw(st.sampled_from(later))} if at_once else _some(draw, to=st.sampled_from(names))),
            **_some(draw, delay=durations(0, 900, grid)),
            **({"stay_s": draw(st.sampled_from([0.0, 30.0]))} if at_once else {}),
        }
    return out


@cache
@st.composite
def skill_sets(draw: st.DrawFn, names: tuple[str, ...], must: frozenset[str]) -> dict[str, Any]:
    chosen = must | frozenset(draw(st.lists(st.sampled_from(names), unique=True, min_size=1)))
    return {
        name: _some(
            draw,
            level=st.integers(1, 3),
            handle_factor=factors,
            resolution_factor=factors,
            escalation_factor=factors,
            after_s=st.sampled_from([0.0, 30.0, 45.0, 60.0]),
            min_waiting=st.integers(1, 3),
        )
        for name in sorted(chosen)
    }


@cache
def _blocks(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """People of one shift."""
    return st.fixed_dictionaries(
        {"count": st.sampled_from([2, 1, 3, 0]), "shift": st.sampled_from(["long", "short", "night"])},
        optional={
            "skills": skill_sets(names, frozenset()),
            "proficiency": factors,
            "tenure_weeks": st.sampled_from([0.0, 1.9, 30.0, (0.0, 3.0)]),
        },
    )


@cache
def _adherences(grid: bool) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"late": probabilities, "early": probabilities, "late_by": durations(0, 900, grid)},
        optional={"early_by": durations(0, 1800, grid)},
    )


leavers = st.fixed_dictionaries(
    {"weekly": st.sampled_from([(0.9,), (0.1, 1.0)])},
    optional={"replaced_after_weeks": st.sampled_from([0.0, 0.01])},
)


@cache
@st.composite
def groups(
    draw: st.DrawFn, names: tuple[str, ...], must: frozenset[str], n_intervals: int, grid: bool
) -> dict[str, Any]:
    group: dict[str, Any] = {
        "skills": draw(skill_sets(names, must)),
        **_some(draw, site=st.sampled_from(["city", "coast"]), handle_factor=factors),
    }
    counts = st.sampled_from([2, 3, 1, 4, 0])
    if draw(st.booleans()):
        by_interval = st.lists(counts, min_size=n_intervals, max_size=n_intervals)
        return {**group, "agents": draw(st.one_of(counts, by_interval))}
    block = _blocks(names)
    return {
        **group,
        "people": {label: draw(block) for label in draw(st.sampled_from(["x", "xy", "xyz"]))},
        **_some(
            draw,
            learning=st.just("curve"),
            shrinkage=st.just(
                {
                    "vacation": {"share": 0.2, "planned": True},
                    "sickness": {"share": 0.2, "paid": False},
                    "coaching": {"share": 0.15, "whole_days": False},
                }
            ),
            adherence=_adherences(grid),
            attrition=leavers,
        ),
    }


CHANNELS = {
    "chat": {"concurrency": 3, "stretch": [1.0, 1.3, 1.5], "survives_night": False},
    "messages": {"concurrency": 2, "waits_for_ever": True},
    "letters": {"deferrable": True, "interruptible": False},
    "tickets": {"deferrable": True},
}
SHIFTS = {
    "short": {
        "start": "00:15",
        "end": "01:30",
        "activities": {
            "break": {"start": "00:30", "minutes": 10, "waves": 2, "wave_minutes": 10},
            "training": {"start": "01:00", "minutes": 20, "paid": False},
        },
    },
    "long": {
        "start": "00:00",
        "end": "03:00",
        "activities": {
            "lunch": {"start": "01:00", "minutes": 30, "paid": False},
            "meeting": {"start": "00:30", "minutes": 15},
        },
    },
    "night": {"start": "22:00", "end": "25:00"},
}
CURVES = {"curve": {"handle": [1.8, 1.4], "escalation": [2.0], "resolution": [0.5, 0.7, 0.9]}}


@cache
@st.composite
def disturbances(
    draw: st.DrawFn,
    names: tuple[str, ...],
    group_names: tuple[str, ...],
    sites: tuple[str, ...],
    hours: int,
    days: int,
) -> dict[str, Any]:
    struck = st.one_of(
        st.sampled_from(names).map(lambda q: {"queue": q}),
        st.sampled_from(group_names).map(lambda g: {"group": g}),
        st.sampled_from(sites).map(lambda s: {"site": s}),
        st.just({"system": True, "handle_factor": 1.7}),
        st.just({"system": True, "handle_factor": 2.0, "queues": [names[0]]}),
    )
    return {
        label: {**draw(windows(hours, days)), **draw(struck), **_some(draw, share=probabilities)}
        for label in draw(st.sampled_from(["", "o", "op"]))
    }


@st.composite
def scenario_data(draw: st.DrawFn) -> dict[str, Any]:
    """Plain data of a scenario of one to three hours, or of two days in long intervals."""
    grid = draw(st.booleans())
    two_days = not grid and draw(st.booleans())
    days = 2 if two_days else 1
    hours = 48 if two_days else draw(st.integers(1, 3))
    busy_hours = 2 if two_days else hours
    interval_s = 6 * 3600 if two_days else draw(st.sampled_from([900, 1800, 3600]))
    n_intervals = hours * 3600 // interval_s
    names = tuple(draw(st.permutations(QUEUES)))[: draw(st.sampled_from([3, 2, 4, 1]))]
    group_names = tuple(draw(st.permutations(GROUPS)))[: draw(st.integers(1, 3))]
    own = {name: name for name in names}
    skill_of = {**own, **draw(st.dictionaries(st.sampled_from(names), st.sampled_from([*names, "common"])))}
    skills = tuple(dict.fromkeys(skill_of.values()))
    owner = {name: draw(st.sampled_from(group_names)) for name in names}
    data: dict[str, Any] = {
        "time": {
            **({"days": 2} if two_days else {"hours": hours}),
            "interval_s": interval_s,
            **_some(
                draw,
                closing=st.sampled_from(["carry over", "drain"]),
                lines_close=st.sampled_from(["00:45", "01:30"]),
                warm_up_s=st.just(600.0 if n_intervals > 1 else 0.0),
                zone=st.sampled_from(["UTC", "America/New_York"]),
            ),
        },
        "channels": CHANNELS,
        "queues": {
            name: {
                **draw(queues(name, names, busy_hours, days, n_intervals, grid)),
                **({"skill": skill_of[name]} if skill_of[name] != name else {}),
            }
            for name in names
        },
        "groups": {
            name: draw(
                groups(skills, frozenset(skill_of[q] for q in names if owner[q] == name), n_intervals, grid)
            )
            for name in group_names
        },
        "shifts": SHIFTS,
        "curves": CURVES,
        "routing": {
            "agent": draw(st.sampled_from(AGENT_POLICIES.names())),
            "queue": draw(st.sampled_from(QUEUE_POLICIES.names())),
        },
    }
    sites = tuple(sorted({g.get("site", "main") for g in data["groups"].values()}))
    data["outages"] = draw(disturbances(names, group_names, sites, busy_hours, days))
    if draw(st.booleans()):
        data["trunks"] = {"lines": {"lines": draw(st.sampled_from([8, 3, 1, 0])), "queues": list(names[:2])}}
    if not grid and draw(st.booleans()):
        kinds = {"hard": 3.0} if "complexity" in data["queues"][names[0]] else {}
        data["mix_shifts"] = {
            "m": {
                **draw(windows(1, days)), "queue": names[0], "to": names[-1],
                "share": draw(probabilities), "complexity": kinds,
            }
        }  # fmt: skip
    if two_days:
        for queue in data["queues"].values():
            rates = queue["arrivals"]["per_hour"]
            queue["arrivals"]["per_hour"] = [r / 16 for r in rates] if isinstance(rates, list) else rates / 16
    return data


def scenarios() -> st.SearchStrategy[Scenario]:
    """Valid scenarios that together use every feature of the language."""
    return scenario_data().map(Scenario.parse)
