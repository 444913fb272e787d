"""What a free agent takes: whoever has waited longest?"""

from workbench.sim.routing import queue_policy


@queue_policy("longest_wait")
def longest_wait(
    level: int,
    priority: float,
    wait_s: float,
    base: float,
    per_s: float,
    waiting: int,
    quantile: float,
) -> float:
    """Prefer the longest wait, credit included."""
    return -wait_s
