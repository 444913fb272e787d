"""With which parameters can a report be asked for? Refused in words before anything starts.

A template names its model in its metadata (``workbench.template``); a template from outside the
package may name none of these and then takes exactly what stands in its own parameters cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from workbench.errors import CallError, suggestion
from workbench.intake.period import Period
from workbench.reports.section import Audience


class Asked(BaseModel):
    """What every report takes, of one client or of all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    audience: Audience = "client"
    """Who reads it: client (says least), joint or internal."""
    seed: int = Field(1, ge=0, strict=True)
    """Where random numbers start, should anything be drawn."""
    sections: tuple[str, ...] = ()
    """Sections by id, in this order, on a command line with commas between; empty: those of the template."""

    @field_validator("sections", mode="before")
    @classmethod
    def _listed_sections(cls, value: object) -> object:
        from workbench.reports.declare import SECTIONS

        ids = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        if not isinstance(ids, list | tuple) or not all(isinstance(id, str) for id in ids):
            raise ValueError("It has to be ids of sections with commas between")
        if not ids:
            return ()  # without a look at every section
        unknown = [id for id in ids if id not in SECTIONS.by_name]
        if unknown:
            said = [f'There is no section "{id[:60]}". {suggestion(id, SECTIONS.names())}' for id in unknown]
            raise ValueError(" ".join(said))
        return tuple(ids)

    def public(self) -> dict[str, Any]:
        """Return the parameters as a report shows them: no path of this machine."""
        return self.model_dump(mode="json", exclude={"client", "out"})


class Parameters(Asked):
    """What every report of one client takes."""

    client: str = Field(min_length=1)
    """The client's folder, or a single log file that a source accepts."""
    period: str = ""
    """First and last day as 2024-06-01:2024-06-30, or a month as 2024-06; empty: all there is."""

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


class PartnershipHealthReview(Parameters):
    """What templates/partnership_health_review.ipynb takes."""

    findings: int = Field(40, ge=1, le=500, strict=True)
    """How many findings are written out; all of them are counted and stand in JSON."""
    prices: bool = Field(False, strict=True)
    """Also say what each finding costs a month; the client's floor is simulated for it, about a minute."""


class OperatingModelAssessment(PartnershipHealthReview):
    """What templates/operating_model_assessment.ipynb takes."""

    prices: bool = Field(True, strict=True)
    """Say what each finding costs a month; the client's floor is simulated for it, about a minute."""


class StaffingWhatIf(Parameters):
    """What templates/staffing_what_if.ipynb takes."""

    interval: Literal[15, 30, 60] = 30
    """Minutes of an interval."""
    test_days: int = Field(0, ge=0, le=366, strict=True)
    """Days at the end that are predicted from the four weeks before; 0: a quarter of all, at most a week."""
    replications: int = Field(20, ge=2, le=10_000, strict=True)
    """Pairs behind each what-if."""
    backtest_replications: int = Field(50, ge=10, le=10_000, strict=True)
    """Behind the prediction intervals."""
    plan: bool = Field(True, strict=True)
    """Also find how many people the busiest day of the week needs, by simulation."""


class Portfolio(Asked):
    """What templates/portfolio.ipynb takes."""

    out: str = Field(min_length=1)
    """The directory of a run's reports."""
    reports: str = Field("partnership_health_review", min_length=1)
    """The template that they were made from."""
    audience: Literal["internal"] = "internal"
    """A portfolio is for the account team alone."""
    currency: str = Field("", pattern=r"^([A-Z]{3})?$")
    """In which currency amounts are added where dated rates say how; empty: that of most clients."""
    draws: int = Field(1000, ge=100, le=20_000, strict=True)
    """How often weights are drawn."""
    first: int = Field(5, ge=1, le=100, strict=True)
    """How many clients count as the weakest."""
    shown: int = Field(20, ge=1, le=200, strict=True)
    """How many clients stand in print at each end of the list; all of them are in the workbook."""


MODELS: Mapping[str, type[Asked]] = {
    "operating_model_assessment": OperatingModelAssessment,
    "partnership_health_review": PartnershipHealthReview,
    "portfolio": Portfolio,
    "staffing_what_if": StaffingWhatIf,
}


def check(template: str, given: Mapping[str, Any]) -> Asked:
    """Return the parameters of `template`, validated.

    Raises
    ------
    CallError
        naming every unknown name with the nearest known, and every value that is not accepted.
    """
    lines = mistakes(template, given)
    if lines:
        raise CallError("\n".join([f"{template} cannot be run with these parameters:", *lines]))
    return MODELS.get(template, Parameters)(**given)


def mistakes(template: str, given: Mapping[str, Any]) -> list[str]:
    """Return a line on every unknown name and every value that is not accepted; none without a model."""
    model = MODELS.get(template)
    if model is None:
        return []
    try:
        model(**given)
    except ValidationError as error:
        return [_sentence(problem, model) for problem in error.errors()]
    return []


def unlike(name: str, value: Any, default: Any) -> list[str]:
    """Return a line if a value is of another type than what a template's own cell says; else none."""
    alike = default is None or type(value) is type(default) or (type(value) is int and type(default) is float)
    if alike:
        return []
    kinds = {
        "str": "text",
        "int": "a whole number",
        "float": "a number",
        "bool": "true or false",
        "list": "a list",
    }
    kind = kinds.get(type(default).__name__, f"a {type(default).__name__}")
    return [
        f"  {name}: {value!r:.80} is not accepted. It has to be {kind}, as {default!r:.60} in the template."
    ]


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


def _sentence(problem: Any, model: type[Asked]) -> str:
    name = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f'  There is no parameter called "{name}". {suggestion(name, model.model_fields)}'
    if problem["type"] == "missing":
        return f"  {name}: nothing came; it has to be said."
    came = repr(problem["input"])[:80]
    return f"  {name}: {came} is not accepted. {_accepted(problem['msg'])}."


def _accepted(said: str) -> str:
    return said.removeprefix("Value error, ").replace("Input should be", "It has to be").rstrip(".")
