"""Which plan is cheapest as far as is known? An integer program over the columns, solved by HiGHS and CP-SAT.

Early in a search, when little is known, its relaxation is solved and rounded; later HiGHS branches, and
CP-SAT goes on where HiGHS leaves a gap.

What is known are cuts: near a plan that was simulated, the service of a goal is at most its value there
plus its slopes times the change (Atlason, Epelman and Henderson 2004). A goal that cannot be met costs far
more than any agent, so that where not everything can be met the best part of it comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from workbench.sim.model import Floats, Ints
from workbench.studies.staffing.pool import Pool

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SCALE = 100_000
"""Shares are whole numbers of so many parts."""
EFFORT = 0.2
"""CP-SAT's own measure of time, so that the clock on the wall changes no plan."""


NODES, NODES_TIMES_COLUMNS = 10, 2000
"""HiGHS stops after so many nodes, for the same reason; after more where there are few columns."""
GAP = 0.005
"""Of the cost; a plan so near to the bound is as good as the best, since cuts are known no better."""
BRANCHED = 600
"""Columns branched on, those of the least reduced cost: of thousands of shifts, breaks at other hours make most
alike, and HiGHS finds better plans in a quarter of the time where it need not look at all of them."""


@dataclass(frozen=True)
class Cut:
    """The service of a goal is at most `value` + `slope` · (on duty − `at`).

    Attributes
    ----------
    slope, at : arrays of shape (U, T).
    """

    goal: int
    value: float
    slope: Floats
    at: Floats


@dataclass(frozen=True)
class Limits:
    """The most people there may be.

    Attributes
    ----------
    units : by unit; of counts, at any one time.
    total : of all units together.
    """

    units: dict[str, int] = field(default_factory=dict)
    total: int | None = None

    def __bool__(self) -> bool:
        return bool(self.units) or self.total is not None


@dataclass(frozen=True)
class Solved:
    """A plan of the master problem.

    Attributes
    ----------
    bound : no plan that obeys the cuts and the limits costs less.
    short : by goal, by how much the cuts say that it falls short, summed.
    """

    x: Ints
    bound: float
    short: float


def solve(
    pool: Pool,
    cuts: Sequence[Cut],
    aim: Floats,
    limits: Limits,
    start: Ints,
    *,
    near: tuple[Floats, Floats] | None = None,
    at_least: Floats | None = None,
    effort: float = EFFORT,
    exact: bool = True,
) -> Solved:
    """Return the cheapest plan that the cuts allow.

    Parameters
    ----------
    aim : array of shape (C,): the service that each goal must reach.
    start : a plan to begin with.
    near : least and most agents on duty, each (U, T): where the cuts are to be believed.
    at_least : agents on duty that must be there whatever the cuts say, shape (U, T).
    exact : branch until little is left between plan and bound; else round the relaxation.
    """
    n = len(pool.unit)
    if near is not None:
        cuts = [cut for cut in cuts if _may_bind(cut, aim, near)]
    rows = _rows(pool, cuts, aim, limits, start, near, at_least)
    least, most = np.zeros(n, np.int64), np.full(n, int(start.max(initial=0)) * 2 + 200)
    if near is not None and not pool.by_shifts:
        least = np.minimum(np.floor(near[0].ravel()), start).astype(np.int64)
        most = np.maximum(np.ceil(near[1].ravel()), start).astype(np.int64)
    cents = np.rint(pool.cost * 100).astype(np.int64)
    unit = max(int(np.gcd.reduce(cents)), 1)  # whole multiples let the solver see when it is done
    cents //= unit
    # a hundredth of a goal outweighs a hundred of the dearest columns
    weight = max(1, int(cents.max(initial=1)) * 10_000 // SCALE)
    loose = _loosely(rows, cents, weight, least, most)
    plans = [start, *_by_rounding(rows, cents, weight, least, most, loose)]
    best = min(plans, key=lambda x: _merit(rows, cents, weight, x))
    bound = loose.cost
    if exact:
        best, bound = _branched(rows, cents, weight, least, most, best, loose, effort)
    missing = float(np.maximum(rows.low - rows.of @ best, 0.0)[rows.soft].sum())
    return Solved(best, bound * unit / 100, missing)


@dataclass(frozen=True)
class _Loose:
    """The master problem without whole numbers.

    Attributes
    ----------
    x, reduced : columns and their reduced costs, shape (J,); x is None where there is no solution.
    cost : with what rows lack; no plan has less.
    """

    x: Floats | None
    reduced: Floats
    cost: float


def _branched(
    rows: _Rows, cents: Ints, weight: int, least: Ints, most: Ints, best: Ints, loose: _Loose, effort: float
) -> tuple[Ints, float]:
    """Return the plan that branching makes of the best one so far, and a bound on the cost of any."""
    n = len(cents)
    kept = np.arange(n)
    if n > BRANCHED and loose.x is not None:
        order = np.argsort(loose.reduced, kind="stable")[:BRANCHED]
        used = (loose.x > 1e-6) | (best > 0) | (least > 0)
        kept = np.union1d(order, np.flatnonzero(used))
    own = _Rows(rows.of[:, kept], rows.low, rows.high, rows.soft)
    few = (own, cents[kept], weight, least[kept], most[kept])
    found, bound = _by_highs(*few)
    plan = min([best[kept], *found], key=lambda x: _merit(own, cents[kept], weight, x))
    if _merit(own, cents[kept], weight, plan) - bound > GAP * max(float(cents[kept] @ plan), 1.0):
        other, by_cp_sat = _by_cp_sat(*few, plan, effort)
        plan = min([other, plan], key=lambda x: _merit(own, cents[kept], weight, x))
        bound = max(bound, by_cp_sat)
    whole = np.zeros(n, np.int64)
    whole[kept] = plan
    return whole, bound if len(kept) == n else loose.cost


def _may_bind(cut: Cut, aim: Floats, near: tuple[Floats, Floats]) -> bool:
    """Whether any plan within the bounds could lie below what a cut asks for."""
    least = np.where(cut.slope >= 0, near[0], near[1])
    return bool(cut.value + (cut.slope * (least - cut.at)).sum() < aim[cut.goal])


@dataclass(frozen=True)
class _Rows:
    """What the columns must obey: R rows, low ≤ of · x ≤ high, of which the soft ones may fall short."""

    of: Floats
    low: Floats
    high: Floats
    soft: np.ndarray


def _rows(
    pool: Pool,
    cuts: Sequence[Cut],
    aim: Floats,
    limits: Limits,
    start: Ints,
    near: tuple[Floats, Floats] | None,
    at_least: Floats | None,
) -> _Rows:
    made: list[tuple[Floats, float, float, bool]] = []
    for cut in cuts:
        needed = float(aim[cut.goal] - cut.value + (cut.slope * cut.at).sum())
        made.append(((cut.slope[pool.unit] * pool.cover).sum(axis=1), needed, np.inf, True))
    for u, t in zip(*np.nonzero(at_least > 0), strict=True) if at_least is not None else ():
        on_duty = np.where(pool.unit == u, pool.cover[:, t], 0.0)
        assert at_least is not None
        made.append((on_duty * 0.01, float(at_least[u, t]) * 0.01, np.inf, True))
    if near is not None and pool.by_shifts:
        now = pool.on_duty(start)
        for u, t in zip(*np.nonzero(pool.coverable), strict=True):
            on_duty = np.where(pool.unit == u, pool.cover[:, t], 0.0)
            low, high = min(near[0][u, t], now[u, t]), max(near[1][u, t], now[u, t])
            made.append((on_duty, low - 1e-3, high + 1e-3, False))
    names = [u.name for u in pool.units]
    slots = np.tile(np.arange(pool.goals.n_slots), len(names)) if not pool.by_shifts else None
    bounds = [(pool.unit == names.index(name), n) for name, n in limits.units.items()]
    if limits.total is not None:
        bounds.append((np.ones(len(pool.unit), dtype=bool), limits.total))
    for own, at_most in bounds:
        if slots is None:
            made.append((own.astype(float), -np.inf, float(at_most), False))
        else:
            made += [((own & (slots == t)).astype(float), -np.inf, float(at_most), False) for t in set(slots)]
    if not made:
        made.append((np.zeros(len(pool.unit)), -np.inf, 0.0, False))
    return _Rows(
        np.array([m[0] for m in made]), np.array([m[1] for m in made]), np.array([m[2] for m in made]),
        np.array([m[3] for m in made]),
    )  # fmt: skip


def _merit(rows: _Rows, cents: Ints, weight: int, x: Ints) -> float:
    """Return what a plan costs, shortfalls with it; infinite where a hard row is broken."""
    value = rows.of @ x
    hard = ~rows.soft
    if (value[hard] > rows.high[hard] + 1e-3).any() or (value[hard] < rows.low[hard] - 1e-3).any():
        return float("inf")
    gap = np.maximum(rows.low - value, 0.0)[rows.soft].sum()
    return float(cents @ x) + weight * SCALE * float(gap)


def _program(rows: _Rows, cents: Ints, weight: int) -> tuple[Floats, csr_matrix]:
    """Return objective and matrix of the columns, and of one gap for each soft row."""
    from scipy.sparse import csr_matrix, hstack

    soft = np.flatnonzero(rows.soft)
    place = (np.ones(len(soft)), (soft, np.arange(len(soft))))
    gaps = csr_matrix(place, shape=(len(rows.low), len(soft)))
    objective = np.concatenate([cents.astype(float), np.full(len(soft), float(weight * SCALE))])
    return objective, hstack([csr_matrix(rows.of), gaps]).tocsr()


def _by_highs(rows: _Rows, cents: Ints, weight: int, least: Ints, most: Ints) -> tuple[list[Ints], float]:
    """Return a plan by branch and bound, cut off after some nodes, where it finds one; and its bound."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    n = len(cents)
    objective, matrix = _program(rows, cents, weight)
    soft = len(objective) - n
    solved = milp(
        objective,
        integrality=np.concatenate([np.ones(n), np.zeros(soft)]),
        bounds=Bounds(
            np.concatenate([least, np.zeros(soft)]).astype(float),
            np.concatenate([most.astype(float), np.full(soft, 50.0)]),
        ),
        constraints=LinearConstraint(matrix, rows.low, rows.high),
        options={"node_limit": max(NODES, NODES_TIMES_COLUMNS // n), "mip_rel_gap": 2e-3},
    )
    bound = getattr(solved, "mip_dual_bound", None)
    plans = [] if solved.x is None else [np.rint(solved.x[:n]).astype(np.int64)]
    return plans, float(bound) if bound is not None and np.isfinite(bound) else 0.0


def _loosely(rows: _Rows, cents: Ints, weight: int, least: Ints, most: Ints) -> _Loose:
    """Return the relaxation's plan."""
    from scipy.optimize import linprog
    from scipy.sparse import vstack

    n = len(cents)
    objective, matrix = _program(rows, cents, weight)
    soft = len(objective) - n
    upper, lower = np.isfinite(rows.high), np.isfinite(rows.low)
    solved = linprog(
        objective,
        A_ub=vstack([matrix[upper], -matrix[lower]]),
        b_ub=np.concatenate([rows.high[upper], -rows.low[lower]]),
        bounds=np.column_stack(
            [np.concatenate([least, np.zeros(soft)]), np.append(most, np.full(soft, 50.0))]
        ),
        method="highs",
    )
    if solved.x is None:
        return _Loose(None, np.zeros(n), 0.0)
    return _Loose(solved.x[:n], solved.lower.marginals[:n], float(solved.fun))


def _by_rounding(rows: _Rows, cents: Ints, weight: int, least: Ints, most: Ints, loose: _Loose) -> list[Ints]:
    """Return the relaxation's plan rounded down, with people added and taken away while that is a gain."""
    if loose.x is None:
        return []
    x = np.clip(np.floor(loose.x + 1e-6).astype(np.int64), least, most)
    used = np.flatnonzero(loose.x > 1e-6)
    # what a hard row lacks weighs more than any soft one
    price = np.where(rows.soft, 1.0, 100.0) * float(weight * SCALE)
    for step in (1, -1):
        while len(used):
            able = used[(x[used] < most[used]) if step > 0 else (x[used] > least[used])]
            gain = _gains(rows, cents, price, x, able, step)
            if not len(able) or gain.max() <= 1e-9:
                break
            x[able[int(gain.argmax())]] += step
    return [x]


def _gains(rows: _Rows, cents: Ints, price: Floats, x: Ints, columns: Ints, step: int) -> Floats:
    """Return what one more in a column, or one fewer, saves in cost and in what rows lack."""
    value = rows.of @ x
    lack = rows.low - value
    felt = np.flatnonzero(lack > 1e-9) if step > 0 else np.flatnonzero(np.isfinite(rows.low))
    change = rows.of[np.ix_(felt, columns)] * step
    before = np.maximum(lack[felt], 0.0)
    after = np.maximum(lack[felt, None] - change, 0.0)
    gain = price[felt] @ (before[:, None] - after) - step * cents[columns]
    if step > 0:
        tight = np.flatnonzero(np.isfinite(rows.high) & ~rows.soft)
        over = (value[tight, None] + rows.of[np.ix_(tight, columns)] > rows.high[tight, None] + 1e-3).any(
            axis=0
        )
        gain = np.where(over, -np.inf, gain)
    found: Floats = gain
    return found


def _by_cp_sat(
    rows: _Rows, cents: Ints, weight: int, least: Ints, most: Ints, start: Ints, effort: float
) -> tuple[Ints, float]:
    """Return the plan that CP-SAT makes of a first one, and its bound on the cost."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    x = [model.new_int_var(int(a), int(b), "") for a, b in zip(least, most, strict=True)]
    short: list[cp_model.IntVar] = []
    whole = np.rint(rows.of * SCALE).astype(np.int64)
    for r in range(len(rows.low)):
        used = np.flatnonzero(whole[r])
        terms = cp_model.LinearExpr.weighted_sum([x[j] for j in used], whole[r, used].tolist())
        if rows.soft[r]:
            short.append(model.new_int_var(0, 50 * SCALE, ""))
            model.add(terms + short[-1] >= int(np.ceil(rows.low[r] * SCALE - 1e-3)))
            continue
        if np.isfinite(rows.high[r]):
            model.add(terms <= int(np.floor(rows.high[r] * SCALE + 1e-3)))
        if np.isfinite(rows.low[r]):
            model.add(terms >= int(np.ceil(rows.low[r] * SCALE - 1e-3)))
    costs = cp_model.LinearExpr.weighted_sum(x, cents.tolist())
    model.minimize(costs + weight * cp_model.LinearExpr.sum(short))
    for variable, value in zip(x, start.tolist(), strict=True):
        model.add_hint(variable, value)
    missing = np.maximum(rows.low - (whole @ start) / SCALE, 0.0)[rows.soft]
    for gap, value in zip(short, missing.tolist(), strict=True):
        model.add_hint(gap, int(np.ceil(value * SCALE)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    solver.parameters.linearization_level = 2
    solver.parameters.relative_gap_limit = 2e-4
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return start, 0.0
    return np.array([solver.value(v) for v in x], dtype=np.int64), solver.best_objective_bound


def relaxed(pool: Pool, cuts: Sequence[Cut], aim: Floats, limits: Limits) -> float | None:
    """Return what the master problem without whole numbers costs (HiGHS): a bound if the cuts hold."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix

    rows, right = [], []
    for cut in cuts:
        rows.append(-(cut.slope[pool.unit] * pool.cover).sum(axis=1))
        right.append(-(float(aim[cut.goal]) - cut.value + float((cut.slope * cut.at).sum())))
    if not rows:
        return 0.0
    if limits.total is not None and pool.by_shifts:
        rows.append(np.ones(len(pool.unit)))
        right.append(float(limits.total))
    solved = linprog(pool.cost, A_ub=csr_matrix(np.array(rows)), b_ub=right, method="highs")
    return float(solved.fun) if solved.status == 0 else None
