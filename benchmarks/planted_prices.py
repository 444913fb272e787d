"""What do faults cost that the client generator plants, and what do the diagnostics' findings of them price?

A generated client (tools/clientgen) holds all faults at once, each of a drawn size. Its tables are read and assessed as
a client's are; what the checks find is priced. The truth comes from the story's own parameters, from what an hour costs
in it, and from factors drawn from the ranges that the mappings state (how much of a day without access is lost …):
nothing of `workbench.studies.pricing` is asked for it but those ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from tools.clientgen import HEALTHY, Made, as_dataset, make_client
from tools.clientgen.story import Queue, Story
from workbench.diagnostics.assess import Assessment, assess
from workbench.intake.dataset import Dataset
from workbench.studies.pricing.client import scenario_for
from workbench.studies.pricing.doubts import Triangle
from workbench.studies.pricing.price import Price
from workbench.studies.pricing.rules import sim_1, sim_2, sim_3, sim_4, sim_6, sim_9
from workbench.studies.pricing.study import Pricing, price

START = date(2024, 9, 2)
DAYS = 84
MONTH_D = 365.25 / 12
SOUND = HEALTHY.with_(
    start=START, end=START + timedelta(days=DAYS - 1), with_offset=False, is_healthy=False,
    queues=(Queue("billing", 220, 600, agents=26, mix=(0.55, 0.30, 0.15), course="billing course"),
            Queue("moves", 120, 600, agents=14, mix=(0.55, 0.30, 0.15), course="moves course")),
    people__attrition_per_year=0.28, work__escalated_when_new=1.0, work__volume_trend=0.0,
    work__returns_among=20_000,
)  # fmt: skip
"""A healthy operation of forty agents and twelve weeks: the same for all clients, but for the faults planted in it. New
matters of old customers come at one rate, so that contacts that come again do not become fewer by themselves."""
ONSET = START + timedelta(days=DAYS // 2)


@dataclass(frozen=True)
class Fault:
    """One fault of a client.

    Attributes
    ----------
    code : of the finding that is to carry its price; rule : that prices it.
    plant : size → changes of the story.
    low, high : between which its size is drawn.
    cost : the client, the size, the drawn factor of the mapping → what a month costs more than at what is expected.
    factor : the range that the mapping states; None: measured.
    """

    code: str
    rule: str
    what: str
    low: float
    high: float
    plant: Callable[[float], dict[str, Any]]
    cost: Callable[[Planted, float, float], float]
    factor: Triangle | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planted:
    """A generated client with its faults.

    Attributes
    ----------
    twin : the same client without a fall in resolution.
    kept : the share of scheduled time in which a client without faults keeps its schedule.
    """

    made: Made
    twin: Made
    dataset: Dataset
    kept: float

    @property
    def story(self) -> Story:
        """What is true."""
        return self.made.story

    @property
    def pay(self) -> float:
        """What an hour costs."""
        return self.story.money.agent_cost_per_hour

    @property
    def months(self) -> float:
        """Months of the period."""
        return DAYS / MONTH_D

    @property
    def labour(self) -> float:
        """What all paid hours of a month cost."""
        return float(self.made.parts["hours"]["hours"].sum()) / self.months * self.pay

    @property
    def hires(self) -> pd.Series:
        """First days of those who started in the period."""
        roster = self.made.tables["hris"]
        mine = roster[
            (roster["role"] == "agent") & roster["start_date"].between(str(START), str(self.story.end))
        ]
        return mine["start_date"]

    @property
    def heads(self) -> float:
        """Agents on average: from one who leaves to the next two weeks pass."""
        roster = self.made.tables["hris"]
        mine = roster[roster["role"] == "agent"]
        days = pd.date_range(START, periods=DAYS)
        left = mine["term_date"].fillna(pd.Timestamp(self.story.end) + pd.Timedelta(days=1))
        return float(np.mean([((mine["start_date"] <= day) & (left > day)).sum() for day in days]))

    def handled(self, made: Made, since: date = START) -> tuple[float, float]:
        """Return contacts and hours of handling of the true floor since a day."""
        table = made.tables["contacts"]
        use = table["answer_ts"].notna() & (table["offered_ts"] >= pd.Timestamp(since, tz="UTC"))
        mine = table[use]
        seconds = mine[["talk_s", "hold_s", "acw_s"]].fillna(0.0).sum(axis=1)
        return float(len(mine)), float(seconds.sum()) / 3600


def _access(client: Planted, ready: float, factor: float) -> float:
    days = client.hires.to_numpy("datetime64[D]")
    late = np.busday_count(days, days + 3).mean() if len(days) else 0.0
    return len(days) / client.months * (1 - ready) * late * 8 * factor * client.pay


def _leavers(client: Planted, rate: float, weeks: float) -> float:
    return (rate - 0.30) / 12 * client.heads * weeks * 40 * client.pay


def _off_schedule(client: Planted, lost: float, factor: float) -> float:
    return client.labour * (0.90 - client.kept * (1 - lost)) * factor


def _leak(client: Planted, share: float, factor: float) -> float:
    invoice = client.made.tables["invoice"]
    billed = float(invoice["amount"].sum()) / invoice["period"].nunique()
    hours = client.made.parts["hours"]
    # what is billed under the other code is missing under its own: both sides of it differ
    regular = float(hours.loc[hours["code"] == "REG", "hours"].sum() / hours["hours"].sum())
    return billed * (2 * share * regular - 0.01) * factor


def _not_held(client: Planted, held: float, drifts: float) -> float:
    """Cost of weeks in which the client's one drift, the planted fall in resolution, waits for the next review."""
    a_week = _come_again(client, 0.0, 0.0) / (52 / 12)
    return (1 / (2 * held) - 1 / (2 * 0.90)) * a_week * drifts / 12


def _passed_on(client: Planted, share: float, factor: float) -> float:
    contacts, hours = client.handled(client.made)
    return contacts / client.months * (share - 0.10) * hours / contacts * factor * client.pay / 0.8


def _come_again(client: Planted, _: float, __: float) -> float:
    """Cost of those who come again, by the twin: hours of handling after the onset with and without the fall.

    They are passed on as others are, and who takes them is paid as in `_passed_on`.
    """
    since = ONSET + timedelta(days=7)
    (many, worse), (few, better) = (client.handled(made, since) for made in (client.made, client.twin))
    contacts, hours = client.handled(client.made)
    passed = client.story.work.escalated[0] * contacts / client.months * hours / contacts * client.pay / 0.8
    return client.labour * (worse - better) / worse + passed * (many - few) / many


def _harder(client: Planted, moved: float, _: float) -> float:
    """Cost of the classes that came to the floor, contacts that come again among them, against the contract's."""
    table = client.made.tables["contacts"]
    table = table[table["answer_ts"].notna()]
    seconds = table[["talk_s", "hold_s", "acw_s"]].fillna(0.0).sum(axis=1)
    took, came = (
        seconds.groupby(table["complexity_tag"]).mean(),
        table["complexity_tag"].value_counts(normalize=True),
    )
    agreed = dict(zip(("simple", "standard", "complex"), contracted(moved), strict=True))
    ratio = sum(came[k] * took[k] for k in agreed) / sum(s * took[k] for k, s in agreed.items())
    other = 0.5 * sum(abs(came[k] - s) for k, s in agreed.items())
    # from the classes that came to five in a hundred in another class
    return float(client.labour * (1 - 1 / ratio) * (other - 0.05) / other)


def contracted(moved: float) -> tuple[float, float, float]:
    """Return a contracted mix from which a share of contacts has moved, from simple ones to both others."""
    simple, standard, hard = SOUND.queues[0].mix
    return simple + moved, standard - moved / 2, hard - moved / 2


def _nothing(_: Planted, __: float, ___: float) -> float:
    return 0.0


FAULTS = (
    Fault("LC-3", "SIM-1", "days at work before all access", 0.3, 0.8,
          lambda s: {"people__first_day_access": s}, _access, sim_1.IDLE.factor),
    Fault("EXP-3", "SIM-2", "hours billed under another code", 0.04, 0.12,
          lambda s: {"money__wrong_rate": s}, _leak, sim_2.LOST.factor),
    Fault("VL-3b", "SIM-2", "wrong skill tags that change nothing", 0.15, 0.30,
          lambda s: {"people__wrong_tags": s}, _nothing),
    Fault("FM-2", "SIM-3", "contacts passed on", 0.18, 0.35,
          lambda s: {"work__escalated": (s, s, s)}, _passed_on, sim_3.SECOND.factor, ("HC-6",)),
    Fault("VMF-8", "SIM-3", "contacts that come again after a fall", 0.15, 0.30,
          lambda s: {"work__onset": ONSET, "work__resolved_lost": s}, _come_again, None, ("FM-G4", "VMF-3", "VMF-2")),
    Fault("VL-3a", "SIM-3", "lacking certificates that change nothing", 0.15, 0.30,
          lambda s: {"people__uncertified": s}, _nothing),
    Fault("GOV-2", "SIM-4", "weekly reviews not held", 0.3, 0.6,
          lambda s: {"governance__held": {"weekly": s}}, _not_held, sim_4.A_YEAR, ("HC-2",)),
    Fault("LC-7", "SIM-6", "time off schedule", 0.10, 0.25,
          lambda s: {"people__adherence_lost": s}, _off_schedule, sim_6.KEPT.factor),
    Fault("VIS-6", "SIM-9", "leavers beyond the usual", 0.8, 1.6,
          lambda s: {"people__attrition_per_year": s}, _leavers, sim_9.REPLACED.factor),
    Fault("HC-5", "SIM-13", "harder work than contracted", 0.12, 0.24,
          lambda s: {"contract_mix": contracted(s)}, _harder, None, ("FM-5", "VMF-12")),
)  # fmt: skip
"""Of the fifteen rules the others have no fault to plant: see `OTHERS`."""
OTHERS: Mapping[str, str] = {
    "SIM-5": "the generator's forecast errs by one size",
    "SIM-7": "the agreement that a planted disagreement leads to is known by simulation alone",
    "SIM-8": "the generator's credits are settled right",
    "SIM-10": "BOM, BO and BOF have no diagnostic; EXP-3 is priced once, by its hours",
    "SIM-11": "no diagnostic yields BPX-3", "SIM-12": "no diagnostic yields NOT-3",
    "SIM-14": "a choice, not a loss", "SIM-15": "no diagnostic yields OFF-1",
}  # fmt: skip


def client(rng: np.random.Generator, kept: float) -> tuple[Planted, dict[str, float]]:
    """Return a client with all faults, and the size of each."""
    sizes = {fault.code: float(rng.uniform(fault.low, fault.high)) for fault in FAULTS}
    changes = {name: value for fault in FAULTS for name, value in fault.plant(sizes[fault.code]).items()}
    seed = int(rng.integers(10**6))
    made = make_client(SOUND.with_(**changes), seed)
    twin = make_client(SOUND.with_(**{**changes, "work__resolved_lost": 0.0}), seed)
    return Planted(made, twin, as_dataset(made), kept), sizes


def codes() -> list[str]:
    """Return the checks whose findings these faults lead to."""
    return [code for fault in FAULTS for code in (fault.code, *fault.also)]


def priced(dataset: Dataset, seed: int, only: list[str] | None) -> tuple[Assessment, Pricing]:
    """Return a client's assessment and its prices: calibrated on its own log, two months of each variant."""
    assessment = assess(dataset, only=only)
    scenario, note, grade = scenario_for(dataset, assessment)
    return assessment, price(
        assessment, scenario, seed=seed, months=2, workers=1, scenario_note=note, grade=grade
    )


def of(found: Pricing, fault: Fault) -> Price | None:
    """Return the price of a fault: of its rule, carried by its finding or by one that claims the same parameter."""
    mine = {fault.code, *fault.also}
    return next(
        (p for p in found.prices if p.rule == fault.rule and mine & {f.code for f in p.findings}), None
    )


def said_why(found: Pricing, assessment: Assessment, fault: Fault) -> str:
    """Return why a fault has no price: the reason given, or that no check finds it."""
    mine = {fault.code, *fault.also}
    if not any(f.code in mine for f in assessment.findings):
        return "not found"
    return next((u.reason for u in found.unpriced if u.finding.code in mine), "priced with another finding")
