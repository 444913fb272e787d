"""What is saved at any value of a parameter, from a few simulated ones?

Between simulated points the mean follows a monotone cubic (Fritsch and Carlson 1980) and its error a straight
line; at today's value both are exactly zero. So a price at any depth of repair takes no further simulation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.interpolate import PchipInterpolator

from workbench.studies.pricing.doubts import Floats


@dataclass(frozen=True)
class Curve:
    """What months save at some values of a parameter.

    Attributes
    ----------
    at : array of shape (p,), rising; today's value among them.
    saved : by effect, arrays of shape (months, p); zero at today's value.
    """

    at: Floats
    saved: Mapping[str, Floats]
    today: float

    @cached_property
    def means(self) -> dict[str, Floats]:
        """Means over months, by effect: arrays of shape (p,); to a billionth, below which nothing is money."""
        return {name: np.round(months.mean(axis=0), 9) for name, months in self.saved.items()}

    def __call__(self, values: Floats, noise: Floats) -> dict[str, Floats]:
        """Return what is saved at `values`, by effect.

        Parameters
        ----------
        values : array of shape (n,); beyond the simulated ones the nearest counts.
        noise : array of shape (n, months): standard normal numbers for the error of the mean.
        """
        where = np.clip(values, self.at[0], self.at[-1])
        found = {}
        for name, months in self.saved.items():
            n = len(months)
            if len(self.at) < 2 or not months.any():
                found[name] = np.zeros(len(where))
                continue
            mean = PchipInterpolator(self.at, self.means[name])(where)
            error = noise[:, :n] @ (months - self.means[name]) / np.sqrt(n * max(n - 1, 1))
            right = np.clip(np.searchsorted(self.at, where), 1, len(self.at) - 1)
            left = right - 1
            w = (where - self.at[left]) / (self.at[right] - self.at[left])
            rows = np.arange(len(where))
            saved = mean + (1 - w) * error[rows, left] + w * error[rows, right]
            found[name] = np.where(where == self.today, 0.0, saved)
        return found


def points(today: float, values: Floats, most: int = 5) -> Floats:
    """Return at which values to simulate: evenly over the range of `values`, today's value added."""
    low, high = (float(v) for v in np.quantile(values, (0.005, 0.995)))
    low, high = min(low, today), max(high, today)
    if high - low <= 1e-12 * max(1.0, abs(high)):
        return np.array([today])
    spread = np.linspace(low, high, most)
    nearest = int(np.abs(spread - today).argmin())
    spread[nearest] = today
    return np.unique(spread)
