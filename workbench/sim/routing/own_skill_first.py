"""What a free agent takes: what it serves at the first level?"""

from workbench.sim.routing import queue_policy


@queue_policy("own_skill_first")
def own_skill_first(
    level: int,
    priority: float,
    wait_s: float,
    base: float,
    per_s: float,
    waiting: int,
    quantile: float,
) -> float:
    """Prefer the lowest level of the agent's own skills."""
    return float(level)
