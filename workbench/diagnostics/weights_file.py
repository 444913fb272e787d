"""Which weights does a file declare for areas and diagnostics?

format: 1
areas: {partnership health: 2, exposures: 1}
diagnostics: {HC-2: 0.5}
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from workbench.diagnostics.assess import Weights
from workbench.errors import CallError, DataError
from workbench.intake.yaml_file import load_yaml, parsed


class _WeightsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    areas: dict[str, float] = Field(default_factory=dict)
    diagnostics: dict[str, float] = Field(default_factory=dict)


def read_weights(path: Path, under: Weights | None = None) -> Weights:
    """Read the weights in `path`; what it does not name keeps its weight in `under`, or 1.

    Raises
    ------
    CallError
        if the file cannot be read or says something that is no weight, with every mistake in it.
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
    base = under or Weights()
    weights = Weights({**base.areas, **said.areas}, {**base.diagnostics, **said.diagnostics})
    weights.refuse_unknown()
    return weights
