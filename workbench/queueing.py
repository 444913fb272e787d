"""What do Erlang B, C and A say about a queue, and how many agents does a target need?

Poisson arrivals, exponential handle times, `agents` alike, first come first served, no limit to
the queue. Erlang C waits for ever; in Erlang A a contact leaves after an exponential patience that
runs while it queues; Erlang B has no queue at all. Everything is in steady state and vectorised
over rows (intervals, queues, what-ifs), and every argument broadcasts.

How it is computed. An arrival that finds every agent busy meets a virtual wait with density
proportional to exp(h(v)), h(v) = (lambda / theta)(1 - exp(-theta v)) - n mu v (Baccelli and
Hebuterne 1981; Zeltyn and Mandelbaum 2005), and 1 / B(n, a) is the integral of exp(-s)(1 + s/a)^n
(Jagerman 1974). Both integrands are positive and log-concave, so a quadrature whose panels halve
towards the mode loses nothing to cancellation, overflow or the number of agents.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc

from workbench.errors import CallError

Floats: TypeAlias = NDArray[np.float64]

_DROP = 45.0  # exp(-45) = 3e-20 of the height at the mode lies beyond a double's last digit
_LEVELS = 16
_ROWS_AT_ONCE = 2048
_SECONDS_PER_HOUR = 3600.0


def _halving_panels() -> tuple[Floats, Floats]:
    """Return nodes and weights on [0, 1] of 12-point Gauss panels that halve towards 0."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    edges = np.concatenate([[0.0], 0.5 ** np.arange(_LEVELS - 1, -1, -1.0)])
    low, width = edges[:-1, None], np.diff(edges)[:, None]
    return (low + width * (nodes + 1) / 2).ravel(), (width * weights / 2).ravel()


_NODES, _WEIGHTS = _halving_panels()


@dataclass(frozen=True)
class QueueFigures:
    """Steady-state figures of a queue; every array has the broadcast shape of the inputs.

    The names are those of the columns that the exact table uses. Fractions are of 1, waits in
    seconds. NaN: there is no such contact (the wait of the abandoned where nobody abandons).

    Attributes
    ----------
    p_wait : an arrival finds all agents busy, those who will abandon included.
    mean_wait_s_all : mean time in queue over all offered, 0 when answered at once. [s]
    p_abandon : abandoned / offered.
    service_level_all_offered : answered within the threshold / offered (V2).
    service_level_answered : answered within the threshold / answered (V1).
    service_level_offered_excl_quick_abandons : the same over offered less those who abandoned
        within the threshold (V3).
    occupancy : time handling / time staffed.
    mean_wait_s_served, mean_wait_s_abandoned : mean wait of those answered, of those who left. [s]
    mean_queue_length : contacts waiting, on average.
    p_abandon_within_threshold : abandoned within the threshold / offered.
    offered_erlangs : arrivals per second times handle time.
    """

    p_wait: Floats
    mean_wait_s_all: Floats
    p_abandon: Floats
    service_level_all_offered: Floats
    service_level_answered: Floats
    occupancy: Floats
    service_level_offered_excl_quick_abandons: Floats
    mean_wait_s_served: Floats
    mean_wait_s_abandoned: Floats
    mean_queue_length: Floats
    p_abandon_within_threshold: Floats
    offered_erlangs: Floats


def erlang_b(offered_erlangs: ArrayLike, agents: ArrayLike) -> Floats:
    """Return the share of contacts blocked when there is no queue.

    Parameters
    ----------
    offered_erlangs : arrival rate times handle time; 0 or more.
    agents : agents or trunks, 0 or more; between whole numbers the usual continuous extension.
    """
    load, n = _broadcast(offered_erlangs=offered_erlangs, agents=agents)
    _require(np.all(load >= 0), "offered_erlangs", load, "a number of 0 or more")
    _require(np.all(n >= 0), "agents", n, "a number of 0 or more")
    blocked = np.where(n == 0, 1.0, 0.0)
    some = (load > 0) & (n > 0)
    blocked[some] = np.exp(-_log_inverse_b(load[some], n[some]))
    return blocked


def erlang_c(
    contacts_per_hour: ArrayLike,
    aht_s: ArrayLike,
    agents: ArrayLike,
    threshold_s: ArrayLike = 20.0,
) -> QueueFigures:
    """Return the figures of a queue that nobody leaves (M/M/n).

    Where the load is not below the agents the queue grows without end: the wait is infinite, the
    service level 0, the occupancy 1. `p_abandon` is 0 throughout.
    """
    return erlang_a(contacts_per_hour, aht_s, agents, np.inf, threshold_s)


def erlang_a(
    contacts_per_hour: ArrayLike,
    aht_s: ArrayLike,
    agents: ArrayLike,
    patience_s: ArrayLike,
    threshold_s: ArrayLike = 20.0,
) -> QueueFigures:
    """Return the figures of a queue that contacts leave after an exponential patience (M/M/n+M).

    Parameters
    ----------
    contacts_per_hour : arrivals; 0 gives the limit of few arrivals. [per hour]
    aht_s : mean handle time, above 0. [s]
    agents : 0, or 1 and more; fractions between whole numbers are interpolated smoothly.
    patience_s : mean patience, above 0; inf is Erlang C. [s]
    threshold_s : for the service levels. [s]

    Raises
    ------
    CallError
        for a number outside those bounds.
    """
    inputs = _broadcast(
        contacts_per_hour=contacts_per_hour, aht_s=aht_s, agents=agents,
        patience_s=patience_s, threshold_s=threshold_s,
    )  # fmt: skip
    per_hour, aht, n, patience, threshold = inputs
    _require(np.all(per_hour >= 0), "contacts_per_hour", per_hour, "a number of 0 or more")
    _require(np.all(aht > 0), "aht_s", aht, "a number of seconds above 0")
    _require(np.all((n == 0) | (n >= 1)), "agents", n, "0, or a number of 1 or more")
    _require(np.all(patience > 0), "patience_s", patience, "a number of seconds above 0, or inf")
    _require(np.all(threshold >= 0), "threshold_s", threshold, "a number of seconds of 0 or more")
    shape = per_hour.shape
    rows = [np.ravel(a) for a in inputs]
    out = np.empty((len(_PARTS), rows[0].size))
    for first in range(0, rows[0].size, _ROWS_AT_ONCE):
        part = slice(first, first + _ROWS_AT_ONCE)
        out[:, part] = _parts(*(a[part] for a in rows))
    parts = dict(zip(_PARTS, (row.reshape(shape) for row in out), strict=True))
    return _figures(parts, per_hour / _SECONDS_PER_HOUR, aht, n)


_PARTS = (
    "at_once", "wait", "in_threshold", "served", "left", "left_in_threshold",
    "queued_s", "served_s", "left_s",
)  # fmt: skip
"""Shares of the offered (in_threshold and served: after a wait), then the seconds that an offered
contact queues on average: all of them, those served, those who left."""


def _figures(parts: dict[str, Floats], rate: Floats, aht: Floats, n: Floats) -> QueueFigures:
    with np.errstate(divide="ignore", invalid="ignore"):
        answered = parts["at_once"] + parts["served"]
        in_threshold = parts["at_once"] + parts["in_threshold"]
        load = rate * aht
        occupancy = np.where(n > 0, np.minimum(load * answered / n, 1.0), np.nan)
        return QueueFigures(
            p_wait=parts["wait"],
            mean_wait_s_all=parts["queued_s"],
            p_abandon=parts["left"],
            service_level_all_offered=in_threshold,
            service_level_answered=np.where(np.isinf(parts["queued_s"]), 0.0, in_threshold / answered),
            occupancy=occupancy,
            service_level_offered_excl_quick_abandons=np.where(
                parts["left_in_threshold"] < 1,
                in_threshold / (1.0 - parts["left_in_threshold"]),
                0.0,
            ),
            mean_wait_s_served=parts["served_s"] / answered,
            mean_wait_s_abandoned=parts["left_s"] / parts["left"],
            mean_queue_length=np.where(rate > 0, rate * parts["queued_s"], 0.0),
            p_abandon_within_threshold=parts["left_in_threshold"],
            offered_erlangs=load,
        )


def _parts(per_hour: Floats, aht: Floats, n: Floats, patience: Floats, threshold: Floats) -> Floats:
    out = np.full((len(_PARTS), per_hour.size), np.nan)
    rate = per_hour / _SECONDS_PER_HOUR
    quiet = (rate == 0) & (n > 0)
    out[:, quiet] = np.array([1.0, 0, 0, 0, 0, 0, 0, 0, 0])[:, None]
    nobody = n == 0
    out[:, nobody] = _without_agents(patience[nobody], threshold[nobody])
    for patient in (True, False):
        rows = (rate > 0) & (n > 0) & (np.isinf(patience) == patient)
        if rows.any():
            compute = _parts_c if patient else _parts_a
            out[:, rows] = compute(rate[rows], aht[rows], n[rows], patience[rows], threshold[rows])
    return out


def _without_agents(patience: Floats, threshold: Floats) -> Floats:
    zero, one = np.zeros_like(patience), np.ones_like(patience)
    leaves = np.isfinite(patience).astype(float)
    return np.stack(
        [zero, one, zero, zero, leaves, -np.expm1(-threshold / patience), patience,
         zero, np.where(leaves > 0, patience, np.nan)]
    )  # fmt: skip


def _parts_c(rate: Floats, aht: Floats, n: Floats, _patience: Floats, threshold: Floats) -> Floats:
    load = rate * aht
    stable = load < n
    spare = np.where(stable, (n - load) / aht, 1.0)  # the rate at which a queue shrinks
    # odds of waiting: rho / (1 - rho) times B(n - 1); P(at once) is not got by a difference
    log_odds = np.full_like(load, np.inf)
    log_odds[stable] = np.log(load[stable] / (n - load)[stable]) - _log_inverse_b(load[stable], n[stable] - 1)
    wait, at_once = _logistic(log_odds), _logistic(-log_odds)
    queued = np.where(stable, wait / spare, np.inf)
    zero = np.zeros_like(load)
    soon = np.where(stable, wait * -np.expm1(-spare * threshold), 0.0)
    unknown = np.full_like(load, np.nan)
    return np.stack([at_once, wait, soon, wait, zero, zero, queued, queued, unknown])


def _parts_a(rate: Floats, aht: Floats, n: Floats, patience: Floats, threshold: Floats) -> Floats:
    leave, serve = 1.0 / patience, n / aht
    end = np.full_like(rate, np.inf)
    zero = np.zeros_like(rate)
    # all who wait, and those of them who outlast their wait, before and after the threshold
    before = _VirtualWait(rate, serve, leave, zero, threshold)
    after = _VirtualWait(rate, serve, leave, threshold, end)
    served_before = _VirtualWait(rate, serve + leave, leave, zero, threshold)
    served_after = _VirtualWait(rate, serve + leave, leave, threshold, end)
    top = np.maximum(before.log_height, after.log_height)

    def over(part: _VirtualWait, weight: Callable[[Floats], Floats] | None = None) -> Floats:
        return part.integral(weight) * np.exp(part.log_height - top)

    mass = over(before) + over(after)
    log_odds = np.log(rate * mass) + top - _log_inverse_b(rate * aht, n - 1)
    wait, at_once = _logistic(log_odds), _logistic(-log_odds)
    theta = leave[:, None]

    def leaves(v: Floats) -> Floats:
        return -np.expm1(-theta * v)

    def left_wait(v: Floats) -> Floats:  # E[patience; patience < v]
        return np.asarray(gammainc(2.0, theta * v) / theta)

    def itself(v: Floats) -> Floats:
        return v

    left_before, left_after = over(before, leaves), over(after, leaves)
    share = wait / mass
    return np.stack(
        [
            at_once,
            wait,
            share * over(served_before),
            share * (over(served_before) + over(served_after)),
            share * (left_before + left_after),
            share * (left_before - np.expm1(-leave * threshold) * over(after)),
            share * (left_before + left_after) / leave,
            share * (over(served_before, itself) + over(served_after, itself)),
            share * (over(before, left_wait) + over(after, left_wait)),
        ]
    )


class _VirtualWait:
    """The unnormalised density exp(h(v)) of the virtual wait between `low` and `high`. [s]

    h(v) = (rate / leave)(1 - exp(-leave v)) - drain v; `integral` is in units of exp(log_height).
    """

    def __init__(self, rate: Floats, drain: Floats, leave: Floats, low: Floats, high: Floats) -> None:
        columns = [a[:, None] for a in (rate, drain, leave)]

        def h(v: Floats) -> Floats:
            arrivals, out, theta = columns if v.ndim == 2 else (rate, drain, leave)
            return arrivals / theta * -np.expm1(-theta * v) - out * v

        mode = np.clip(np.log(rate / drain) / leave, low, np.maximum(high, low))
        falling = rate * np.exp(-leave * mode)
        scale = 1.0 / (np.abs(falling - drain) + np.sqrt(falling * leave) + 1e-300)
        self.log_height = h(mode)
        self._nodes, self._weights = _log_concave(h, mode, scale, low, high)

    def integral(self, weight: Callable[[Floats], Floats] | None = None) -> Floats:
        """Return the integral of weight(v) exp(h(v)), a smooth positive weight."""
        values = self._weights if weight is None else self._weights * weight(self._nodes)
        return np.asarray(values.sum(axis=1))


def _log_concave(
    h: Callable[[Floats], Floats], mode: Floats, scale: Floats, low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """Return nodes and weights, shape (rows, nodes), that integrate exp(h(v) - h(mode)).

    On [low, high]; `scale` is where h has fallen by about one; the panels reach a fall of about 45.
    """
    height = h(mode)
    nodes, weights = [], []
    for sign, room in ((1.0, high - mode), (-1.0, mode - low)):
        room = np.maximum(room, 0.0)
        if not room.any():
            continue
        reach = np.minimum(scale, room)
        for _ in range(200):
            short = (height - h(mode + sign * reach) < _DROP) & (reach < room)
            if not short.any():
                break
            reach = np.where(short, np.minimum(2 * reach, room), reach)
        inside, outside = reach / 2, reach
        for _ in range(8):  # a fall much deeper than needed would thin the panels
            middle = (inside + outside) / 2
            deep = height - h(mode + sign * middle) >= _DROP
            inside, outside = np.where(deep, inside, middle), np.where(deep, middle, outside)
        at = mode[:, None] + sign * outside[:, None] * _NODES
        nodes.append(at)
        weights.append(outside[:, None] * _WEIGHTS * np.exp(h(at) - height[:, None]))
    if not nodes:
        return np.zeros((mode.size, 1)), np.zeros((mode.size, 1))
    return np.concatenate(nodes, axis=1), np.concatenate(weights, axis=1)


def _log_inverse_b(load: Floats, n: Floats) -> Floats:
    """Return log(1 / B(n, load)), load above 0, n 0 or more, one-dimensional."""
    out = np.empty_like(load)
    for first in range(0, load.size, _ROWS_AT_ONCE):
        part = slice(first, first + _ROWS_AT_ONCE)
        a, m = load[part], n[part]
        out[part] = _log_inverse_b_part(a, m)
    return out


def _log_inverse_b_part(a: Floats, m: Floats) -> Floats:
    def h(s: Floats) -> Floats:
        load, n = (a[:, None], m[:, None]) if s.ndim == 2 else (a, m)
        return n * np.log1p(s / load) - s

    mode = np.maximum(m - a, 0.0)
    slope, curve = np.abs(m / (a + mode) - 1.0), np.sqrt(m) / (a + mode)
    _, weights = _log_concave(h, mode, 1.0 / (slope + curve), np.zeros_like(a), np.full_like(a, np.inf))
    return np.asarray(np.log(weights.sum(axis=1)) + h(mode))


def wait_percentile(
    contacts_per_hour: ArrayLike,
    aht_s: ArrayLike,
    agents: ArrayLike,
    patience_s: ArrayLike = np.inf,
    share: ArrayLike = 0.9,
) -> Floats:
    """Return the wait that `share` of all offered contacts do not exceed, abandoners included. [s]

    0 where that share is answered at once; inf where an Erlang C queue grows without end.
    """
    per_hour, aht, n, patience, wanted = _broadcast(
        contacts_per_hour=contacts_per_hour, aht_s=aht_s, agents=agents,
        patience_s=patience_s, share=share,
    )  # fmt: skip
    _require(np.all((wanted > 0) & (wanted < 1)), "share", wanted, "a fraction between 0 and 1")

    def beyond(t: Floats) -> Floats:
        figures = erlang_a(per_hour, aht, n, patience, t)
        # after t are: all less answered in t, less abandoned in t
        return np.asarray(1 - figures.service_level_all_offered - figures.p_abandon_within_threshold)

    endless = np.isinf(patience) & (per_hour * aht >= n * _SECONDS_PER_HOUR) & (per_hour > 0)
    low = np.zeros_like(wanted)
    high = np.where(endless, 0.0, 1.0)
    for _ in range(60):
        more = (beyond(high) > 1 - wanted) & ~endless
        if not more.any():
            break
        high = np.where(more, 2 * high, high)
    high = np.where(beyond(low) <= 1 - wanted, 0.0, high)
    for _ in range(60):
        middle = (low + high) / 2
        late = beyond(middle) > 1 - wanted
        low, high = np.where(late, middle, low), np.where(late, high, middle)
    return np.where(endless, np.inf, (low + high) / 2)


_LEVELS_OVER: dict[str, str] = {
    "offered": "service_level_all_offered",
    "answered": "service_level_answered",
    "offered without quick abandons": "service_level_offered_excl_quick_abandons",
}


def agents_required(
    contacts_per_hour: ArrayLike,
    aht_s: ArrayLike,
    *,
    patience_s: ArrayLike = np.inf,
    threshold_s: ArrayLike = 20.0,
    service_level: ArrayLike | None = None,
    over: Literal["offered", "answered", "offered without quick abandons"] = "offered",
    max_occupancy: ArrayLike | None = None,
    max_mean_wait_s: ArrayLike | None = None,
    max_abandonment: ArrayLike | None = None,
    max_agents: int = 10_000,
) -> NDArray[np.int64]:
    """Return the fewest agents on the queue that meet every target named, row by row.

    A row without arrivals needs none. Shrinkage is not in it: see metrics.shrinkage.gross_up.

    Parameters
    ----------
    service_level, over : share answered within threshold_s, and of which contacts.
    max_mean_wait_s : of all offered contacts. [s]
    max_occupancy, max_abandonment : fractions.
    max_agents : where the search gives up.

    Raises
    ------
    CallError
        if no target is named, a fraction is not one, or `max_agents` are too few.
    """
    targets = {
        "service_level": service_level, "max_occupancy": max_occupancy,
        "max_mean_wait_s": max_mean_wait_s, "max_abandonment": max_abandonment,
    }  # fmt: skip
    named = {name: value for name, value in targets.items() if value is not None}
    if not named:
        raise CallError(f"agents_required needs a target. Name at least one of {', '.join(targets)}.")
    per_hour, aht, patience, threshold, *limits = _broadcast(
        contacts_per_hour=contacts_per_hour, aht_s=aht_s, patience_s=patience_s,
        threshold_s=threshold_s, **named,
    )  # fmt: skip
    limit = dict(zip(named, limits, strict=True))
    for name in ("service_level", "max_occupancy", "max_abandonment"):
        if name in limit:
            inside = np.all((limit[name] > 0) & (limit[name] < 1))
            _require(inside, name, limit[name], "a fraction between 0 and 1, such as 0.8")
    shape = per_hour.shape
    columns = [np.ravel(a) for a in (per_hour, aht, patience, threshold)]
    limit = {name: np.ravel(value) for name, value in limit.items()}

    def met(n: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        rate, handle, patient, within = (column[rows] for column in columns)
        figures = erlang_a(rate, handle, n, patient, within)
        good = n > 0
        if "service_level" in limit:
            good &= getattr(figures, _LEVELS_OVER[over]) >= limit["service_level"][rows]
        if "max_occupancy" in limit:
            good &= figures.occupancy <= limit["max_occupancy"][rows]
        if "max_mean_wait_s" in limit:
            good &= figures.mean_wait_s_all <= limit["max_mean_wait_s"][rows]
        if "max_abandonment" in limit:
            good &= figures.p_abandon <= limit["max_abandonment"][rows]
        return np.asarray(good)

    needed = np.zeros(columns[0].size, np.int64)
    needed[columns[0] > 0] = _fewest(met, columns, max_agents)
    return needed.reshape(shape)


def _fewest(
    met: Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]],
    columns: list[Floats],
    max_agents: int,
) -> NDArray[np.int64]:
    """Bisect between a number that fails and one that serves, for every row with arrivals."""
    rows = np.flatnonzero(columns[0] > 0)
    load = columns[0][rows] * columns[1][rows] / _SECONDS_PER_HOUR
    low = np.zeros(rows.size, np.int64)
    high = np.minimum(np.ceil(load + np.sqrt(load) + 1), max_agents).astype(np.int64)
    pending = np.arange(rows.size)
    while True:
        pending = pending[~met(high[pending], rows[pending])]
        if not pending.size:
            break
        if (high[pending] >= max_agents).any():
            worst = pending[high[pending] >= max_agents][0]
            raise CallError(
                f"Row {rows[worst]} ({columns[0][rows[worst]]:g} contacts per hour of "
                f"{columns[1][rows[worst]]:g} s) does not meet the target with {max_agents} "
                "agents. Lower the target, or raise max_agents."
            )
        low[pending] = high[pending]
        high[pending] = np.minimum(np.ceil(1.15 * high[pending] + 1), max_agents)
    pending = np.flatnonzero(high - low > 1)
    while pending.size:
        middle = (low[pending] + high[pending]) // 2
        good = met(middle, rows[pending])
        high[pending[good]] = middle[good]
        low[pending[~good]] = middle[~good]
        pending = np.flatnonzero(high - low > 1)
    return high


def _logistic(log_odds: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def _broadcast(**named: ArrayLike | None) -> list[Floats]:
    arrays = {name: np.asarray(value, float) for name, value in named.items()}
    for name, array in arrays.items():
        _require(not np.isnan(array).any(), name, array, "numbers; leave out rows that are unknown")
    try:
        return [np.array(a) for a in np.broadcast_arrays(*arrays.values())]
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise CallError(
            f"These shapes do not fit together: {shapes}. Give rows alike, or one number."
        ) from None


def _require(good: bool | np.bool_, name: str, came: Floats, accepted: str) -> None:
    if not good:
        shown = ", ".join(f"{value:g}" for value in np.ravel(came)[:3])
        raise CallError(f"{name}: {shown} came. Accepted: {accepted}.")
