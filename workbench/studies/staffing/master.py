"""Which plan is cheapest as far as is known? An integer program over the columns, solved by CP-SAT.

What is known are cuts: near a plan that was simulated, the service of a goal is at most its value there
plus its slopes times the change (Atlason, Epelman and Henderson 2004). A goal that cannot be met costs far
more than any agent, so that where not everything can be met the best part of it comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from workbench.sim.model import Floats, Ints
from workbench.studies.staffing.pool import Pool

SCALE = 100_000
"""Shares are whole numbers of so many parts."""
EFFORT = 0.2
"""CP-SAT's own measure of time, so that the clock on the wall changes no plan."""


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
) -> Solved:
    """Return the cheapest plan that the cuts allow.

    Parameters
    ----------
    aim : array of shape (C,): the service that each goal must reach.
    start : a plan to begin with.
    near : least and most agents on duty, each (U, T): where the cuts are to be believed.
    at_least : agents on duty that must be there whatever the cuts say, shape (U, T).
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    n = len(pool.unit)
    least, most = np.zeros(n, np.int64), np.full(n, int(start.max(initial=0)) * 2 + 200)
    if near is not None and not pool.by_shifts:
        least = np.minimum(np.floor(near[0].ravel()), start).astype(np.int64)
        most = np.maximum(np.ceil(near[1].ravel()), start).astype(np.int64)
    x = [model.new_int_var(int(least[j]), int(most[j]), f"x{j}") for j in range(n)]
    cents = np.rint(pool.cost * 100).astype(np.int64)
    unit = max(int(np.gcd.reduce(cents)), 1)  # whole multiples let the solver see when it is done
    cents //= unit
    dear = max(int(cents.max(initial=1)), 1)
    short: list[cp_model.IntVar] = []

    def whole(coefficients: Floats, at_least: float) -> None:
        ints = np.rint(coefficients * SCALE).astype(np.int64)
        used = np.flatnonzero(ints)
        gap = model.new_int_var(0, 50 * SCALE, f"short{len(short)}")
        short.append(gap)
        terms = cp_model.LinearExpr.weighted_sum([x[j] for j in used], ints[used].tolist())
        model.add(terms + gap >= int(np.ceil(at_least * SCALE - 1e-3)))

    for cut in cuts:
        coefficients = (cut.slope[pool.unit] * pool.cover).sum(axis=1)
        needed = float(aim[cut.goal] - cut.value + (cut.slope * cut.at).sum())
        whole(coefficients, needed)
    if at_least is not None:
        for u, t in zip(*np.nonzero(at_least > 0), strict=True):
            whole(np.where(pool.unit == u, pool.cover[:, t], 0.0) * 0.01, float(at_least[u, t]) * 0.01)
    if near is not None and pool.by_shifts:
        _stay_near(model, pool, x, near, start)
    for name, at_most in limits.units.items():
        own = np.flatnonzero(pool.unit == [u.name for u in pool.units].index(name))
        if pool.by_shifts:
            model.add(sum(x[j] for j in own) <= at_most)
        else:
            for j in own:
                model.add(x[j] <= at_most)
    if limits.total is not None:
        if pool.by_shifts:
            model.add(sum(x) <= limits.total)
        else:
            for slot in range(pool.goals.n_slots):
                model.add(sum(x[j] for j in range(slot, n, pool.goals.n_slots)) <= limits.total)
    # a hundredth of a goal outweighs a hundred of the dearest columns
    weight = max(1, dear * 10_000 // SCALE)
    costs = cp_model.LinearExpr.weighted_sum(x, cents.tolist())
    model.minimize(costs + weight * cp_model.LinearExpr.sum(short))
    for variable, value in zip(x, start.tolist(), strict=True):
        model.add_hint(variable, value)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    solver.parameters.linearization_level = 2
    solver.parameters.relative_gap_limit = 2e-4
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solved(start, 0.0, 0.0)
    plan = np.array([solver.value(v) for v in x], dtype=np.int64)
    missing = sum(solver.value(gap) for gap in short) / SCALE
    return Solved(plan, solver.best_objective_bound * unit / 100, missing)


def _stay_near(model, pool: Pool, x, near: tuple[Floats, Floats], start: Ints) -> None:  # type: ignore[no-untyped-def]
    """Keep the agents on duty between two numbers in every slot that a unit can cover."""
    from ortools.sat.python import cp_model

    fine = 1000
    now = pool.on_duty(start)
    for u in range(len(pool.units)):
        own = np.flatnonzero(pool.unit == u)
        shares = np.rint(pool.cover[own] * fine).astype(np.int64)
        for t in range(pool.goals.n_slots):
            used = np.flatnonzero(shares[:, t])
            if not len(used):
                continue
            sum_ = cp_model.LinearExpr.weighted_sum([x[own[i]] for i in used], shares[used, t].tolist())
            low, high = min(near[0][u, t], now[u, t]), max(near[1][u, t], now[u, t])
            model.add_linear_constraint(sum_, int(np.floor(low * fine)) - 5, int(np.ceil(high * fine)) + 5)


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
