"""How is decided who takes a contact, and what a free agent takes? One policy in one file.

A policy is a function on numbers, written in Python that numba compiles; both engines call the
compiled function, so they decide alike. The smallest score wins. What is equal is decided by the
engines' own rule: among agents the fewest in hand, then the longest free, then the lowest number;
among lines the longest wait, credit included, then the lowest contact number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from inspect import getsourcefile
from pathlib import Path
from typing import Any

from workbench.catalogue import Catalogue

AGENT_SIGNATURE = "float64(int64, int64, float64, int64, int64, float64)"
"""level, breadth, idle_s, in_hand, free, quantile -> score.

level : of the team's skill for the queue, 1 is first.
breadth : how many queues the team serves.
idle_s : since the team's next agent became free (or took the last contact in hand). [s]
in_hand : contacts that this agent has in hand.
free : agents of the team with as many in hand, this one included.
quantile : in (0, 1), the contact's own for this team.
"""
QUEUE_SIGNATURE = "float64(int64, float64, float64, float64, float64, int64, float64)"
"""level, priority, wait_s, base, per_s, waiting, quantile -> score.

level : of the agent's skill for the queue, 1 is first.
priority : of the queue, 1 before 2.
wait_s : of the first contact in line, credit included. [s]
base, per_s : the queue's `score` and `score_per_s`.
waiting : contacts in line.
quantile : in (0, 1), the first contact's own.
"""


@dataclass(frozen=True)
class Policy:
    """A routing policy: its name, what it chooses, and the function."""

    name: str
    chooses: str
    """"agent" or "queue"."""
    function: Callable[..., float]

    @cached_property
    def compiled(self) -> Any:
        """The function compiled by numba, with the one signature of its kind."""
        from numba import njit

        from workbench.sim.compiled import compiling

        signature = AGENT_SIGNATURE if self.chooses == "agent" else QUEUE_SIGNATURE
        file = Path(getsourcefile(self.function) or "")
        if not file.is_file():  # typed in a notebook: nothing to keep it under
            return njit(signature, nogil=True)(self.function)
        with compiling(file):
            return njit(signature, nogil=True, cache=True)(self.function)


def agent_policy(name: str) -> Callable[[Callable[..., float]], Policy]:
    """Declare a function as the policy `name` that chooses an agent; see AGENT_SIGNATURE."""
    return lambda function: Policy(name, "agent", function)


def queue_policy(name: str) -> Callable[[Callable[..., float]], Policy]:
    """Declare a function as the policy `name` that chooses a line; see QUEUE_SIGNATURE."""
    return lambda function: Policy(name, "queue", function)


def _catalogue(chooses: str) -> Catalogue[Policy]:
    return Catalogue(
        f"policy for choosing {'an agent' if chooses == 'agent' else 'a queue'}",
        "workbench.sim.routing",
        lambda thing: thing if isinstance(thing, Policy) and thing.chooses == chooses else None,
        lambda policy: policy.name,
        "workbench.routing",
    )


AGENT_POLICIES = _catalogue("agent")
QUEUE_POLICIES = _catalogue("queue")
