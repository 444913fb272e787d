"""What if agents have more chats in hand at once?"""

from __future__ import annotations

from workbench.sim.arrivals import Channel
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, queues_of


def _channels(scenario: Scenario, only: str) -> dict[str, Channel]:
    used = {queue.channel for queue in queues_of(scenario, only).values()}
    found = {n: c for n, c in scenario.all_channels.items() if n in used and c.concurrency > 1}
    if not found:
        raise NotHere("on no channel in use do agents have several contacts in hand")
    return found


def _present(scenario: Scenario, only: str) -> float:
    return float(max(channel.concurrency for channel in _channels(scenario, only).values()))


def _move(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    by = round(value - _present(scenario, only))
    return tuple(
        Change(
            f"channels.{name}",
            channel.model_dump(mode="json") | {"concurrency": min(20, max(1, channel.concurrency + by))},
        )
        for name, channel in _channels(scenario, only).items()
    )


concurrency = Lever(
    name="concurrency",
    title="contacts in hand at once",
    unit="contacts",
    low=1.0,
    high=8.0,
    step=1.0,
    swing=1.0,
    says="On channels on which agents already have several in hand; how handle times stretch is as the channel "
    "says, and its last factor goes on.",
    present=_present,
    move=_move,
    acts_on="queue",
    more="{amount} more in hand at once",
    less="{amount} less in hand at once",
)
