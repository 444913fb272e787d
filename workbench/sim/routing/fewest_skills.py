"""Who takes a contact: whoever can do little else?"""

from workbench.sim.routing import agent_policy


@agent_policy("fewest_skills")
def fewest_skills(
    level: int,
    breadth: int,
    idle_s: float,
    in_hand: int,
    free: int,
    quantile: float,
) -> float:
    """Prefer the agent who serves the fewest queues, so that the broad ones stay free."""
    return float(breadth)
