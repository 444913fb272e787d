"""What does a picture over the day show, in words? For those who do not see it; without matplotlib, so quickly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.studies.replicate import Results


def one_target(results: Results) -> float | None:
    """Return the target of the service level, if all queues have the same."""
    targets = {queue.service_level.target for queue in results.scenario.queues.values()}
    return targets.pop() if len(targets) == 1 else None


def in_words(name: str, times: Sequence[pd.Timestamp], mean: np.ndarray, unit: str) -> str:
    """Return where a figure is highest and lowest over the day."""
    if np.isnan(mean).all():
        return f"{name[0].upper()}{name[1:]} is not known."
    high, low = int(np.nanargmax(mean)), int(np.nanargmin(mean))
    return (
        f"{name[0].upper()}{name[1:]}: highest {mean[high]:.1f} {unit}".rstrip()
        + f" at {times[high]:%a %H:%M}, lowest {mean[low]:.1f} {unit}".rstrip()
        + f" at {times[low]:%a %H:%M}."
    )
