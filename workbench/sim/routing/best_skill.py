"""Who takes a contact: whoever serves it at the first level?"""

from workbench.sim.routing import agent_policy


@agent_policy("best_skill")
def best_skill(
    level: int,
    breadth: int,
    idle_s: float,
    in_hand: int,
    free: int,
    quantile: float,
) -> float:
    """Prefer the lowest level; equal levels leave it to who is free longest."""
    return float(level)
