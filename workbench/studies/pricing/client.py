"""How is a client folder priced? Read, assess, calibrate (or assume, and say so), price."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from workbench.diagnostics.assess import Assessment, assess
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Finding, Grade
from workbench.errors import CallError, DataError, ScenarioError
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.intake.read import read_client
from workbench.resources import scenario_file
from workbench.sim.mistakes import read_yaml
from workbench.sim.scenario import Scenario
from workbench.studies.asked import months_mistakes, seed_mistakes, workers_mistakes
from workbench.studies.pricing import to_fill_in
from workbench.studies.pricing.assumed_pay import assumed_pay
from workbench.studies.pricing.basis import basis_of
from workbench.studies.pricing.doubts import Triangle, weakest
from workbench.studies.pricing.effort import Efforts, read_efforts
from workbench.studies.pricing.ranges import read_range
from workbench.studies.pricing.study import Pricing, people_of, price
from workbench.studies.pricing.switch_file import SwitchFile, read_switch

Read = TypeVar("Read")

ASSUMED_AHT_S, ASSUMED_OCCUPANCY, ASSUMED_AT_WORK = 360.0, 0.80, 0.22
"""Where no contact and no interval came: handle time, occupancy, and share of the headcount at work in an opening
hour (grade A)."""


FILE_GRADES: dict[Grade, str] = {
    "M": "fitted on a log, M", "D": "written down; it does not say that it was fitted, D", "A": "assumed, A",
}  # fmt: skip


def price_client(
    path: Path,
    *,
    scenario: Path | None = None,
    pay: str = "",
    agents: float | None = None,
    budget_money: float | None = None,
    budget_hours: float | None = None,
    efforts: Path | None = None,
    switch: Path | None = None,
    to_write: tuple[Path | None, Path | None] = (None, None),
    period: str = "",
    months: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Pricing:
    """Return the prices of a client folder's findings.

    Parameters
    ----------
    scenario : a file that was calibrated before; else calibrated now, which takes longer than pricing. A file that
        does not say its grade is taken as written down (D).
    pay : "18" or "15:18:22", in the client's currency; goes before what tables say.
    agents : how many there are, where no roster says it; goes before client.yaml.
    efforts, switch : files; else efforts.yaml and switch.yaml in the client's folder, else all is assumed.
    to_write : files of both that the caller is about to write, which may not be there yet.

    Raises
    ------
    CallError
        for every word of the call that is none and every mistake in the form and the codes of its files, all at
        once and before the client is read; then, before anything is calibrated, for what files say that the client
        does not have, all of it at once.
    """
    hourly, base, days = _called(
        pay, {"budget": budget_money, "hours": budget_hours}, agents, (efforts, switch), scenario, period,
        [
            *months_mistakes(months), *seed_mistakes(seed), *workers_mistakes(workers),
            *to_fill_in.mistakes(*to_write),
        ],
    )  # fmt: skip
    tell = progress or (lambda _: None)
    dataset = read_client(path, days, date.today())
    tell("assessing")
    assessment = assess(dataset)
    taken, choice = written_down(assessment, efforts, switch)
    made: Scenario | None
    note: str
    grade: Grade
    if base is not None:
        made, grade = base, weakest_part(base)
        note = f"Scenario: {scenario} ({FILE_GRADES[base.grade or 'D']}){parts_of(base)}."
    else:
        tell("calibrating; --scenario takes a file that was calibrated before")
        made, note, grade = scenario_for(dataset, assessment, agents)
    return price(
        assessment, made, seed=seed, pay=hourly, agents=agents, assumed=assumed_pay(dataset.client.currency),
        months=months, budget_money=budget_money, budget_hours=budget_hours,
        efforts=taken, switch=choice, scenario_note=note, grade=grade, workers=workers, progress=progress,
    )  # fmt: skip


def _called(
    pay: str, budget: Mapping[str, float | None], agents: float | None, files: tuple[Path | None, Path | None],
    scenario: Path | None, period: str, numbers: Sequence[str],
) -> tuple[Triangle | None, Scenario | None, Period | None]:  # fmt: skip
    """Return pay, scenario and period, or tell every mistake of the call at once.

    files : of efforts and of a switch; their currency and findings are the client's to say.
    numbers : what is wrong with others already.
    """
    problems = []

    def tried(read: Callable[[], Read], asked: object) -> Read | None:
        try:
            return read() if asked else None
        except CallError as error:
            problems.append(str(error))
            return None

    hourly = tried(lambda: parse_pay(pay), pay)
    problems += [
        f"{name}: {value:g} is no amount. Use a number from 0 upwards."
        for name, value in budget.items()
        if value is not None and not (value >= 0 and math.isfinite(value))
    ]
    if agents is not None and not (agents >= 1 and math.isfinite(agents)):
        problems.append(f"agents: {agents:g} is no floor. Use how many there are, 1 or more.")
    problems += numbers
    days = tried(lambda: Period.parse(period), period)
    base = tried(lambda: Scenario.from_yaml(scenario_file(scenario or "")), scenario)
    efforts, switch = files
    if efforts is not None:
        codes = keys_of_checks(efforts)
        tried(partial(read_efforts, efforts, codes, None, what="diagnostic"), efforts)
    if switch is not None:
        tried(partial(read_switch, switch, None), switch)
    if problems:
        raise CallError("\n".join(problems))
    return hourly, base, days


def parse_pay(text: str) -> Triangle:
    """Read "18" or "15:18:22".

    Raises
    ------
    CallError
        for anything else.
    """
    try:
        return read_range(text, above=True)
    except ValueError as error:
        raise CallError(f"pay: {error}.") from None


def written_down(
    assessment: Assessment, efforts: Path | None = None, switch: Path | None = None
) -> tuple[Efforts, SwitchFile | None]:
    """Return what is known of efforts and of a switch: from files named, else from those in the client's folder.

    Raises
    ------
    CallError
        with every mistake of both files.
    """
    own, currency = assessment.dataset.extras, assessment.dataset.client.currency
    extras = {name: content for name, content in own.items() if isinstance(content, dict)}
    codes = keys_of(assessment.findings)
    known, choice, problems = Efforts(), None, []
    try:
        if efforts is not None:
            known = read_efforts(efforts, codes, currency)
        elif "efforts" in extras:
            known = read_efforts(extras["efforts"], codes, currency, "efforts.yaml")
    except ScenarioError as error:
        problems.append(str(error))
    try:
        if switch is not None:
            choice = read_switch(switch, currency)
        elif "switch" in extras:
            choice = read_switch(extras["switch"], currency, "switch.yaml")
    except ScenarioError as error:
        problems.append(str(error))
    if problems:
        raise CallError("\n".join(problems))
    return known, choice


def keys_of_checks(file: Path) -> tuple[str, ...]:
    """Return what prices may go by for any client: codes of all diagnostics, and of the file those like EXP-3/2."""
    known = {name for check in CHECKS for name in (check.code, *check.also)}
    try:
        data, _ = read_yaml(file)
    except CallError:
        return tuple(sorted(known))
    fixes = data.get("fixes") if isinstance(data, dict) else None
    named = map(str, fixes) if isinstance(fixes, dict) else ()
    further = {key for key in named if re.fullmatch(r"/[2-9]", key.removeprefix(key.split("/")[0]))}
    return tuple(sorted(known | {key for key in further if key.split("/")[0] in known}))


def keys_of(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return what prices of findings may go by: their codes, and EXP-3/2 where several have one code."""
    often = Counter(finding.code for finding in findings)
    further = (f"{code}/{place}" for code, n in often.items() for place in range(2, n + 1))
    return tuple(sorted([*often, *further]))


def scenario_for(
    dataset: Dataset, assessment: Assessment, agents: float | None = None
) -> tuple[Scenario | None, str, Grade]:
    """Return a client's scenario, what it rests on, and its grade: calibrated, else assumed, else none.

    agents : how many there are, where no roster says it; goes before client.yaml.
    """
    from workbench.studies.calibrate import calibrate

    try:
        made = calibrate(dataset, dataset.period)
    except DataError as error:
        people, _ = people_of(basis_of(assessment, None), agents)
        if not people:
            return None, (
                f"{error} No roster says how many agents there are, so none is assumed; --agents, or agents in "
                "client.yaml, says it."
            ), "A"  # fmt: skip
        return assumed_scenario(dataset, people), (
            f"Scenario assumed (A): {people:.0f} agents, open 8 to 20, {ASSUMED_AHT_S:.0f} s a contact, "
            f"{ASSUMED_OCCUPANCY:.0%} occupancy. {error}"
        ), "A"  # fmt: skip
    weak = sum(grade == "A" for _, grade in made.assumed)
    note = (
        f"Scenario calibrated on {made.period}; {weak} of its {len(made.assumed)} premises are assumed"
        f"{parts_of(made.scenario)}."
    )
    return made.scenario, note, weakest_part(made.scenario)


def weakest_part(scenario: Scenario) -> Grade:
    """Return the grade of the weakest part of a scenario; what does not say its grade is written down (D)."""
    return weakest(scenario.grade or "D", *graded_parts(scenario).values())


def graded_parts(scenario: Scenario) -> dict[str, Grade]:
    """Return the grade of each part that says its own."""
    return {name: grade for name, grade in scenario.premises if grade is not None}


def parts_of(scenario: Scenario) -> str:
    """Say how well each part is known, as a clause; "" where nothing is told apart."""
    said = ", ".join(f"{name.replace('_', ' ')} {grade}" for name, grade in graded_parts(scenario).items())
    return f"; how well each part is known: {said}" if said else ""


def assumed_scenario(dataset: Dataset, headcount: float) -> Scenario:
    """Return a week of a floor of which only the headcount is known."""
    at_work = max(2, round(ASSUMED_AT_WORK * headcount / 12 * 24))
    per_hour = at_work * 3600 / ASSUMED_AHT_S * ASSUMED_OCCUPANCY
    open_ = [8 <= i // 2 < 20 for i in range(48)]
    return Scenario.parse(
        {
            "name": dataset.client.id,
            "note": "Assumed: only the headcount is known.",
            "grade": "A",
            "time": {
                "start": "2024-01-01T00:00:00",
                "zone": dataset.client.time_zone,
                "days": 7,
                "interval_s": 1800,
            },
            "queues": {
                "all": {
                    "arrivals": {"per_hour": [per_hour if o else 0.0 for o in open_]},
                    "handle": {"talk": {"mean_s": ASSUMED_AHT_S}},
                    "patience": {"mean_s": 180},
                }
            },
            "groups": {"all": {"agents": [at_work if o else 0 for o in open_], "skills": ["all"]}},
            "money": {"currency": dataset.client.currency},
        },
        "the assumed scenario",
    )
