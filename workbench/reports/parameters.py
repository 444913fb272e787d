"""With which parameters can a report be asked for? Refused in words before anything starts.

A template names its model in its metadata (``workbench.template``); a template from outside the
package may name none of these and then takes exactly what stands in its own parameters cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from workbench.errors import CallError, suggestion
from workbench.intake.period import Period
from workbench.reports.section import Audience


class Parameters(BaseModel):
    """What every report of one client takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client: str = Field(min_length=1)
    """The client's folder, or a single log file that a source accepts."""
    period: str = ""
    """First and last day as 2024-06-01:2024-06-30, or a month as 2024-06; empty: all there is."""
    audience: Audience = "client"
    """Who reads it: client (says least), joint or internal."""
    seed: int = Field(1, ge=0, strict=True)
    """Where random numbers start, should anything be drawn."""
    sections: tuple[str, ...] = ()
    """Sections by id, in this order; empty: those of the template."""

    @field_validator("period")
    @classmethod
    def _readable_period(cls, value: str) -> str:
        if value:
            try:
                Period.parse(value)
            except CallError as error:
                raise ValueError(str(error)) from None
        return value

    @property
    def days(self) -> Period | None:
        """The period asked for; None: all there is."""
        return Period.parse(self.period) if self.period else None

    def public(self) -> dict[str, Any]:
        """Return the parameters as a report shows them: no path of this machine."""
        return self.model_dump(mode="json", exclude={"client"})


class PartnershipHealthReview(Parameters):
    """What templates/partnership_health_review.ipynb takes."""

    findings: int = Field(40, ge=1, le=500, strict=True)
    """How many findings are written out; all of them are counted and stand in JSON."""


class OperatingModelAssessment(PartnershipHealthReview):
    """What templates/operating_model_assessment.ipynb takes."""


MODELS: Mapping[str, type[Parameters]] = {
    "operating_model_assessment": OperatingModelAssessment,
    "partnership_health_review": PartnershipHealthReview,
}


def check(template: str, given: Mapping[str, Any]) -> Parameters:
    """Return the parameters of `template`, validated.

    Raises
    ------
    CallError
        naming every unknown name with the nearest known, and every value that is not accepted.
    """
    model = MODELS.get(template, Parameters)
    try:
        return model(**given)
    except ValidationError as error:
        lines = [_sentence(problem, model) for problem in error.errors()]
        raise CallError("\n".join([f"{template} cannot be run with these parameters:", *lines])) from None


def read(text: str) -> tuple[str, str | int | float | bool]:
    """Read one NAME=VALUE of the command line; numbers and yes/no become such.

    >>> read("findings=12")
    ('findings', 12)
    """
    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise CallError(f'"{text}" is not a parameter. Write it as NAME=VALUE: findings=12.')
    if value.lower() in ("true", "false"):
        return name, value.lower() == "true"
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, value


def client_path(parameters: Parameters) -> Path:
    """Return where the client's files are."""
    return Path(parameters.client)


def _sentence(problem: Any, model: type[Parameters]) -> str:
    name = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f'  There is no parameter called "{name}". {suggestion(name, model.model_fields)}'
    if problem["type"] == "missing":
        return f"  {name}: nothing came; it has to be said."
    came = repr(problem["input"])[:80]
    return f"  {name}: {came} is not accepted. {problem['msg'].removeprefix('Value error, ')}."
