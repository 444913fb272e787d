"""What a free agent takes: the line with the lowest priority number?"""

from workbench.sim.routing import queue_policy


@queue_policy("priority")
def priority(
    level: int,
    priority: float,
    wait_s: float,
    base: float,
    per_s: float,
    waiting: int,
    quantile: float,
) -> float:
    """Prefer priority 1 to 2; equal priorities leave it to who has waited longest."""
    return priority
