"""How does a random number come to be, and how does it become a time?

Both engines call these scalar functions, compiled by numba, and no other source of chance. A number
is addressed, not drawn in turn: the key of a contact and a purpose name it, so a contact keeps its
handle time and its patience whatever else happens on the floor, in every variant of a scenario. A
number in (0, 1) becomes a time through a monotone table of the family's quantiles with mean one,
times a mean; a changed mean moves every time the same way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numba import njit
from scipy import special

from workbench.sim.distributions import Distribution

FOREVER = np.int64(1) << np.int64(60)
"""A time that never comes. [µs]"""

# What a number is for. The first word of a purpose is never used for anything else.
TALK, HOLD, WRAP_UP, HOLD_HAPPENS, PATIENCE, BALK, COMPLEXITY, CREDIT = range(1, 9)
CALLBACK_TAKEN, MISROUTED, RESOLVED, PICK, HAPPENS, DELAY = range(9, 15)
REACHED = 1_000
"""Plus the number of the attempt."""
TEAM = 2_000
"""Plus the number of the team: for policies that choose at random."""
GAP, INTERVAL_FACTOR, DAY_FACTOR, FORECAST = range(20, 24)
BACKLOG, RECORDED = 1 << 40, 1 << 41
"""Beyond the number of every interval: keys of contacts that no interval brings."""
LATE, LATE_BY, EARLY, EARLY_BY, AWAY, SPELL, LEAVES = range(40, 47)

OCTAVES = 40
CELLS = 128
_PLACE, _PER_PLACE = (1 << 45) - 1, 1.0 / (1 << 45)
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_ONE, _S30, _S27, _S31, _S11 = (np.uint64(n) for n in (1, 30, 27, 31, 11))


def name_key(text: str) -> np.uint64:
    """Return the word of a name, the same in every process and on every machine."""
    return np.uint64(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little"))


@njit("uint64(uint64, uint64)", cache=True, nogil=True)
def mix(key, word):  # type: ignore[no-untyped-def]
    """Return a new key from a key and a word: the `word`-th output of SplitMix64 started at `key`.

    Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
    """
    z = key + GOLDEN * (word + _ONE)
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


@njit("float64(uint64, int64, int64)", cache=True, nogil=True)
def unit(key, purpose, antithetic):  # type: ignore[no-untyped-def]
    """Return the number in (0, 1) that a key has for a purpose; its complement if antithetic."""
    u = (float(mix(key, np.uint64(purpose)) >> _S11) + 0.5) * 1.1102230246251565e-16
    if u >= 1.0:
        u = 0.9999999999999999
    return 1.0 - u if antithetic != 0 else u


@njit("float64(float64[:, :, :, ::1], int64, float64)", cache=True, nogil=True)
def variate(tables, row, u):  # type: ignore[no-untyped-def]
    """Return the quantile `u` of a family with mean one.

    Tables halve the distance to each end forty times and are straight within 128 cells of a half.

    Parameters
    ----------
    tables : array of shape (n_tables, 2, OCTAVES, CELLS + 1), from `quantile_tables`. [1]
    row : which table.
    u : in (0, 1).
    """
    side = 0 if u < 0.5 else 1
    # the exponent of a float is the octave, the next seven bits are the cell, the others the place in it
    bits = np.float64(u if side == 0 else 1.0 - u).view(np.int64)
    octave = 1021 - (bits >> 52)
    if octave < 0:
        return tables[row, side, 0, CELLS]
    if octave >= OCTAVES:
        return tables[row, side, OCTAVES - 1, 0]
    cell = (bits >> 45) & (CELLS - 1)
    low = tables[row, side, octave, cell]
    return low + (bits & _PLACE) * _PER_PLACE * (tables[row, side, octave, cell + 1] - low)


@njit("int64(float64)", cache=True, nogil=True)
def whole_us(us):  # type: ignore[no-untyped-def]
    """Return whole microseconds, at least 0 and at most FOREVER."""
    if us >= 1.152921504606847e18:
        return FOREVER
    return np.int64(us + 0.5) if us > 0.0 else np.int64(0)


@njit("int64(float64[:, :, :, ::1], int64, float64, float64)", cache=True, nogil=True)
def duration_us(tables, row, mean_us, u):  # type: ignore[no-untyped-def]
    """Return quantile `u` of a duration with that mean; 0 where the row is -1. [µs]"""
    if row < 0:
        return np.int64(0)
    return whole_us(variate(tables, row, u) * mean_us)


@njit("float64(float64, float64, float64, float64, float64, float64)", cache=True, nogil=True)
def handle_factor(step, route, agent, learning, complexity, stretch):  # type: ignore[no-untyped-def]
    """Return by how much a contact takes longer than its queue's mean, from the six causes.

    step : time of day and disturbances; route : the team's skill; agent : proficiency;
    learning : tenure; complexity : the contact; stretch : contacts in hand, this one included.
    """
    return step * route * agent * learning * complexity * stretch


@njit("float64(float64, float64, float64, float64)", cache=True, nogil=True)
def chance(base, route, learning, complexity):  # type: ignore[no-untyped-def]
    """Return a probability moved by team, tenure and complexity, at most 1."""
    p = base * route * learning * complexity
    return 1.0 if p > 1.0 else p


@njit("int64(int64, int64, int64)", cache=True, nogil=True)
def tenure_week(now_us, hired_us, last_week):  # type: ignore[no-untyped-def]
    """Return the full weeks since hiring, at most `last_week`."""
    week = (now_us - hired_us) // np.int64(604_800_000_000)
    if week < 0:
        return np.int64(0)
    return last_week if week > last_week else week


def quantile_tables(families: Sequence[Distribution]) -> np.ndarray:
    """Return the quantile tables of families, each scaled to mean one.

    Returns
    -------
    array of shape (n_families, 2, OCTAVES, CELLS + 1); side 0 counts from below, side 1 from above.
        Cell k of octave j stands for the probability 2**-(j+2) * (1 + k/CELLS). [1]
    """
    octave = np.arange(OCTAVES)[:, None]
    p = np.exp2(-(octave + 2.0)) * (1.0 + np.arange(CELLS + 1)[None, :] / CELLS)
    tables = np.empty((len(families), 2, OCTAVES, CELLS + 1))
    for row, family in enumerate(families):
        known = (family.family, family.shape, family.cv, family.values)
        if known not in _cache:
            if len(_cache) >= 256:
                _cache.clear()
            _cache[known] = _quantiles(family, p)
        tables[row, 0], tables[row, 1] = _cache[known]
    return tables


_cache: dict[tuple[object, ...], tuple[np.ndarray, np.ndarray]] = {}
"""Quantiles of families seen before: a what-if changes means more often than shapes."""


def _quantiles(family: Distribution, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper quantiles at tail probability p of the family with mean one."""
    if family.family == "constant":
        return np.ones_like(p), np.ones_like(p)
    if family.family == "empirical":
        values = np.sort(np.asarray(family.values, dtype=float))
        values = values / values.mean()
        return np.quantile(values, p), np.quantile(values, 1.0 - p)
    shape = family.shape or 1.0
    if family.family == "exponential":
        return -np.log1p(-p), -np.log(p)
    if family.family in ("gamma", "erlang"):
        return special.gammaincinv(shape, p) / shape, special.gammainccinv(shape, p) / shape
    if family.family == "weibull":
        scale = 1.0 / math.gamma(1.0 + 1.0 / shape)
        return scale * (-np.log1p(-p)) ** (1.0 / shape), scale * (-np.log(p)) ** (1.0 / shape)
    sigma = math.sqrt(math.log1p((family.cv or 1.0) ** 2))
    z = sigma * special.ndtri(p)
    return np.exp(z - sigma * sigma / 2.0), np.exp(-z - sigma * sigma / 2.0)


def frozen_family(family: Distribution) -> Any:
    """Return SciPy's distribution of a family scaled to mean one: the tables' witness.

    scipy.stats takes longer to import than a run to simulate, so the tables do without it.
    """
    from scipy import stats

    shape = family.shape or 1.0
    if family.family == "exponential":
        return stats.expon()
    if family.family in ("gamma", "erlang"):
        return stats.gamma(shape, scale=1.0 / shape)
    if family.family == "weibull":
        return stats.weibull_min(shape, scale=1.0 / math.gamma(1.0 + 1.0 / shape))
    if family.family == "lognormal":
        sigma = math.sqrt(math.log1p((family.cv or 1.0) ** 2))
        return stats.lognorm(sigma, scale=math.exp(-sigma * sigma / 2.0))
    raise ValueError(family.family)


def stream(seed: int, replication: int, name: str) -> np.uint64:
    """Return the key of everything called `name` in one replication."""
    base = mix(mix(np.uint64(seed % 2**64), np.uint64(0)), np.uint64(replication))
    return np.uint64(mix(base, name_key(name)))


@njit("uint64[::1](uint64, int64)", cache=True, nogil=True)
def keys_of(key, n):  # type: ignore[no-untyped-def]
    """Return the keys 0 to n - 1 under a key."""
    keys = np.empty(n, dtype=np.uint64)
    for i in range(n):
        keys[i] = mix(key, np.uint64(i))
    return keys


@njit("float64[::1](uint64[::1], int64, int64)", cache=True, nogil=True)
def units(keys, purpose, antithetic):  # type: ignore[no-untyped-def]
    """Return `unit` of each key."""
    out = np.empty(len(keys))
    for i in range(len(keys)):
        out[i] = unit(keys[i], purpose, antithetic)
    return out


@njit("float64[::1](float64[:, :, :, ::1], int64, float64[::1])", cache=True, nogil=True)
def variates(tables, row, u):  # type: ignore[no-untyped-def]
    """Return `variate` of each u; ones where the row is -1."""
    out = np.ones(len(u))
    if row >= 0:
        for i in range(len(u)):
            out[i] = variate(tables, row, u[i])
    return out


@njit(
    "Tuple((int64, int64, float64))"
    "(uint64, int64, int64, float64, float64, float64, int64, int64, int64[::1], uint64[::1], int64)",
    cache=True,
    nogil=True,
)
def _fill(  # type: ignore[no-untyped-def]
    key, antithetic, serial, due, passed, until, start_us, end_us, at_us, keys, n
):
    """Write down the contacts of one segment, as far as there is room.

    Returns how many there are then, and serial number and due time of the next one.
    """
    us = (end_us - start_us) / (until - passed) if until > passed else 0.0
    room, last_us = len(at_us), end_us - 1
    contact = mix(key, np.uint64(serial))
    while due < until and n < room:
        at_us[n] = min(start_us + np.int64((due - passed) * us), last_us)
        keys[n] = contact
        n += 1
        serial += 1
        contact = mix(key, np.uint64(serial))
        due -= math.log(unit(contact, GAP, antithetic))
    return n, serial, due


@njit(
    "Tuple((int64[::1], uint64[::1]))(uint64, int64, int64[::1], float64[::1], int64[::1], float64[::1])",
    cache=True,
    nogil=True,
)
def poisson_us(key, antithetic, edge_us, rate, interval, factor):  # type: ignore[no-untyped-def]
    """Return when the contacts of a Poisson stream come, and their keys.

    Each interval has exponential gaps of its own, addressed by interval and serial number, and time
    runs as fast as the rate: a changed rate moves the contacts of its interval and adds or drops
    some at its end, and no other interval notices.

    Parameters
    ----------
    key : of the queue's arrivals.
    edge_us : array of shape (n + 1,): edges of the segments. [µs]
    rate : array of shape (n,). [1/µs]
    interval : array of shape (n,): the interval of each segment.
    factor : array of shape (n_intervals,): random factors on the rates. [1]
    """
    expected = 0.0
    for s in range(len(rate)):
        expected += rate[s] * factor[interval[s]] * (edge_us[s + 1] - edge_us[s])
    room = int(expected + 6.0 * math.sqrt(expected + 1.0)) + 16
    at_us, keys = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.uint64)
    n, s = 0, 0
    while s < len(rate):
        here = interval[s]
        interval_key = mix(key, np.uint64(here))
        serial = 0
        due = -math.log(unit(mix(interval_key, np.uint64(0)), GAP, antithetic))
        passed = 0.0
        while s < len(rate) and interval[s] == here:
            until = passed + rate[s] * factor[here] * (edge_us[s + 1] - edge_us[s])
            while True:
                n, serial, due = _fill(
                    interval_key, antithetic, serial, due, passed, until,
                    edge_us[s], edge_us[s + 1], at_us, keys, n,
                )  # fmt: skip
                if due >= until:
                    break
                more_us = np.empty(2 * len(at_us), dtype=np.int64)
                more = np.empty(2 * len(keys), dtype=np.uint64)
                more_us[:n], more[:n] = at_us[:n], keys[:n]
                at_us, keys = more_us, more
            passed = until
            s += 1
    return at_us[:n], keys[:n]
