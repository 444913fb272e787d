"""What a free agent takes: the line with the highest base plus per-second score?"""

from workbench.sim.routing import queue_policy


@queue_policy("weighted_score")
def weighted_score(
    level: int,
    priority: float,
    wait_s: float,
    base: float,
    per_s: float,
    waiting: int,
    quantile: float,
) -> float:
    """Prefer the highest score: a base and so much per second of waiting."""
    return -(base + per_s * wait_s)
