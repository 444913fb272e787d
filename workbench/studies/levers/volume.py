"""What if more comes, or less?"""

from __future__ import annotations

from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, expected_arrivals, queues_of


def _present(scenario: Scenario, only: str) -> float:
    expected = expected_arrivals(scenario)
    if not any(expected[name] for name in queues_of(scenario, only)):
        raise NotHere("no contacts come of themselves here, so there is no volume to change")
    return 1.0


def _move(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    changes = []
    for name, queue in queues_of(scenario, only).items():
        at, arrivals = f"queues.{name}.arrivals", queue.arrivals
        if arrivals.times_s is not None:
            changes.append(Change(f"{at}.times_s", _thinned_or_filled(arrivals.times_s, value)))
            continue
        changes.append(Change(f"{at}.per_hour", [rate * value for rate in arrivals.per_hour]))
        changes += [
            Change(f"{at}.spikes.{label}.extra_per_hour", spike.extra_per_hour * value)
            for label, spike in arrivals.spikes.items()
        ]
    return tuple(changes)


def _thinned_or_filled(times_s: tuple[float, ...], factor: float) -> list[float]:
    """Return recorded arrivals in another number; copies lie between a contact and the next."""
    found = []
    ordered = sorted(times_s)
    for i, start in enumerate(ordered):
        copies = int((i + 1) * factor + 1e-9) - int(i * factor + 1e-9)
        end = ordered[i + 1] if i + 1 < len(ordered) else start
        found += [start + (end - start) * j / copies for j in range(copies)]
    return found


volume = Lever(
    name="volume",
    title="volume",
    unit="factor",
    low=0.5,
    high=1.5,
    step=0.01,
    swing=0.10,
    says="Every rate times the factor; what comes back (retrials, repeats) follows. Recorded arrivals "
    "are thinned or filled in evenly.",
    present=_present,
    move=_move,
    acts_on="queue",
)
