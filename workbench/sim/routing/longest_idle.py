"""Who takes a contact: whoever has been free longest, whatever the level?"""

from workbench.sim.routing import agent_policy


@agent_policy("longest_idle")
def longest_idle(
    level: int,
    breadth: int,
    idle_s: float,
    in_hand: int,
    free: int,
    quantile: float,
) -> float:
    """Prefer the agent who has been free longest."""
    return -idle_s
