"""Who takes a contact: any free agent with the same chance?"""

import math

from workbench.sim.routing import agent_policy


@agent_policy("random_agent")
def random_agent(
    level: int,
    breadth: int,
    idle_s: float,
    in_hand: int,
    free: int,
    quantile: float,
) -> float:
    """Race exponential clocks, one per free agent: each team wins in proportion to its free agents."""
    return -math.log(quantile) / free
