"""Which weights does a file declare for areas and diagnostics?

format: 1
areas: {partnership health: 2, exposures: 1}
diagnostics: {HC-2: 0.5}

Or, in place of `areas`, how many times the first of two areas outweighs the second, for every pair; the
weights follow from these (Saaty's analytic hierarchy process) unless they contradict one another:

comparisons:
- [partnership health, exposures, 3]
- [partnership health, governance, 2]
- [governance, exposures, 2]
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from workbench.diagnostics.assess import Weights
from workbench.errors import CallError, DataError
from workbench.intake.yaml_file import load_yaml, parsed
from workbench.statistics.ahp import LIMIT, ahp_weights, from_pairs


class _WeightsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    areas: dict[str, float] = Field(default_factory=dict)
    diagnostics: dict[str, float] = Field(default_factory=dict)
    comparisons: list[tuple[str, str, float]] = Field(default_factory=list)


def read_weights(path: Path, under: Weights | None = None) -> Weights:
    """Read the weights in `path`; what it does not name keeps its weight in `under`, or 1.

    Raises
    ------
    CallError
        if the file cannot be read or says something that is no weight, with every mistake in it; or if its
        comparisons are not one for each pair, or contradict one another (consistency ratio above 0.10).
    UnknownName
        if it names an area or a diagnostic that does not exist; the nearest is suggested.
    """
    if not path.exists():
        raise CallError(f"There is no file {path}. Look at the spelling.")
    try:
        said, mistakes = parsed(_WeightsFile, load_yaml(path, "weights"), path.name)
    except DataError as error:
        raise CallError(str(error)) from None
    if said is None:
        raise CallError("\n".join(mistakes))
    compared, ratio = _compared(said, path.name)
    base = under or Weights()
    areas = {**base.areas, **said.areas, **compared}
    weights = Weights(areas, {**base.diagnostics, **said.diagnostics}, ratio)
    weights.refuse_unknown()
    return weights


def _compared(said: _WeightsFile, name: str) -> tuple[dict[str, float], float | None]:
    """Return the weights that follow from comparisons, their mean 1, and the consistency ratio.

    A mean of 1 leaves the compared areas together as heavy as they were beside the others.
    """
    if not said.comparisons:
        return {}, None
    if said.areas:
        raise CallError(
            f"{name}: both areas and comparisons came. Give the weights of areas in one of the two ways."
        )
    areas = list(dict.fromkeys(area for first, second, _ in said.comparisons for area in (first, second)))
    Weights(dict.fromkeys(areas, 1.0)).refuse_unknown()
    pairs: dict[tuple[str, str], float] = {}
    for first, second, times in said.comparisons:
        if first == second or (first, second) in pairs or (second, first) in pairs:
            raise CallError(f"{name}, comparisons: {first} against {second} came twice, or against "
                            "itself. Give each pair once.")  # fmt: skip
        if not 1 / 9 <= times <= 9:
            raise CallError(f"{name}, comparisons: {first} against {second} is {times:g}. Accepted: 1/9 to 9, how many "
                            "times the first outweighs the second.")  # fmt: skip
        pairs[first, second] = times
    try:
        found = ahp_weights(from_pairs(areas, pairs))
    except CallError as error:
        raise CallError(f"{name}, comparisons: {error}") from None
    if not found.consistent:
        worst = " against ".join(areas[i] for i in found.worst or ())
        raise CallError(f"{name}: the comparisons contradict one another: their consistency ratio is "
                        f"{found.consistency_ratio:.2f}, accepted is at most {LIMIT:.2f}. Look "
                        f"first at {worst}.")  # fmt: skip
    weights = found.weights * len(areas)
    return {area: float(w) for area, w in zip(areas, weights, strict=True)}, found.consistency_ratio
