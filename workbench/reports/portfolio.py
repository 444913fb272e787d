"""Where does an account team look first, across all clients of a run?

The portfolio is built from the reports' own JSON, never by assessing again, so that it says what the
reports say. Its template is a notebook like any other; what stands here reads the batch and runs it.
It lies beside the directories of the clients, and its links are relative: the whole may be moved.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from workbench.errors import CallError, RunFailed
from workbench.intake.period import Period
from workbench.intake.rates import Rate
from workbench.reports import outdir, workers
from workbench.reports.batch import Batch, Standing, read_batch
from workbench.reports.bulk import engine_of
from workbench.reports.declare import formats_beside, formats_of
from workbench.reports.job import Failed, Job
from workbench.reports.money import Amount
from workbench.reports.notebook import Review, days
from workbench.reports.parameters import Portfolio as Asked
from workbench.reports.parameters import check
from workbench.reports.ranking import Ranking, Scored, ranked
from workbench.reports.readers import weights_of_health
from workbench.reports.report import ClientCard, Origin, Stamp, versions
from workbench.reports.templates import load
from workbench.reports.words import shortened
from workbench.reports.written import read_report
from workbench.wording import counted, money

NAME = "portfolio"
PRICED = "operating_model_assessment"
"""The template whose reports carry prices by default."""
TO_READ = (".html", ".pdf", ".pptx", ".xlsx", ".json")
"""Which format of a report a link leads to: the first that is there."""


@dataclass(frozen=True)
class Cost:
    """What the findings of a client cost a month, with the 90 % interval.

    Attributes
    ----------
    priced, unpriced : prices, and findings without one.
    months : simulated.
    lines : the money lines that the reader of its report sees.
    largest : what the largest price is of; caveat : of some price too few were measured to say how far that errs.
    """

    value: float
    low: float
    high: float
    currency: str
    priced: int
    unpriced: int
    months: int
    lines: tuple[str, ...]
    largest: str
    caveat: bool = False

    @property
    def between(self) -> str:
        """The interval in words; "+ ?": a doubt that nobody can put in numbers comes on top."""
        return f"{money(self.low)} to {money(self.high)}" + (" + ?" if self.caveat else "")


@dataclass(frozen=True)
class Member:
    """What a client's report says, as far as the portfolio needs it.

    `link` is the path of the report from the portfolio; `data` the figures of its sections by id; `beside` what was
    read of another report of the same client and period, by path, with its SHA-256.
    """

    client: str
    standing: Standing
    period: Period
    period_text: str
    audience: str
    status: str
    link: str
    sha256: str
    currency: str
    data: Mapping[str, Mapping[str, Any]]
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def movement(self) -> Mapping[str, Any] | None:
        """How it moved since its last released review; None without one."""
        moved: Mapping[str, Any] | None = self.data.get("follow up", {}).get("movement")
        return moved

    @property
    def findings(self) -> list[Mapping[str, Any]]:
        """Its findings, the most severe first."""
        return list(self.data.get("findings", {}).get("findings", ()))

    @property
    def evidenced(self) -> float:
        """The share of the evidence for its score that is at hand, 0 to 1."""
        return float(self.data.get("headline", {}).get("total", {}).get("evidenced", 1.0))

    @property
    def narrowing(self) -> list[tuple[str, float]]:
        """By how many points each thing that is missing would narrow its bounds, most first."""
        told = self.data.get("not assessed", {}).get("narrowing", ())
        return [(str(one.get("name", one["table"])), float(one["points"])) for one in told]

    @property
    def amounts(self) -> list[Amount]:
        """Its amounts, each in its own currency."""
        told = self.data.get("amounts", {}).get("amounts", ())
        return [
            Amount(str(a["what"]), self.client, float(a["amount"]), str(a["currency"]), self.period.end)
            for a in told
        ]

    @property
    def rates(self) -> list[Rate]:
        """The dated rates that came with its data."""
        told = self.data.get("amounts", {}).get("rates", ())
        return [
            Rate(date.fromisoformat(r["date"]), str(r["from"]), str(r["to"]), float(r["rate"])) for r in told
        ]

    @property
    def cost(self) -> Cost | None:
        """What its findings cost a month, as far as they are priced; None: not known."""
        told = self.data.get("prices", {}).get("prices", {})
        total = told.get("total")
        if not total:
            return None
        return Cost(
            float(total["value"]), float(total["low"]), float(total["high"]), str(told["currency"]),
            len(told.get("findings", ())), len(told.get("unpriced", ())), int(told.get("months", 0)),
            tuple(told.get("lines", ())), next((str(f["title"]) for f in told.get("findings", ())), ""),
            any(f.get("caveat") for f in told.get("findings", ())),
        )  # fmt: skip

    @property
    def no_cost(self) -> str:
        """Why it is not known what its findings cost."""
        told = self.data.get("prices", {}).get("prices")
        if told is None:
            return "its report was made without prices"
        unpriced = len(told.get("unpriced", ()))
        return f"none of {counted(unpriced, 'finding')} could be priced" if unpriced else "it has no finding"

    def scored(self) -> Scored:
        """Its score and those of its areas."""
        headline = self.data.get("headline", {})
        total = headline.get("total", {})
        areas = {str(name): told.get("value") for name, told in headline.get("areas", {}).items()}
        return Scored(
            self.client, total.get("value"), float(total.get("low", 0.0)), float(total.get("high", 100.0)), areas
        )  # fmt: skip


@dataclass(frozen=True)
class Portfolio:
    """All clients of a batch that have a report, by name, and the batch itself."""

    batch: Batch
    members: tuple[Member, ...]
    asked: Asked

    @cached_property
    def ranking(self) -> Ranking:
        """The clients in the order in which they need attention."""
        weights = weights_of_health().areas
        scored = [m.scored() for m in self.members]
        return ranked(scored, weights, seed=self.asked.seed, draws=self.asked.draws, first=self.asked.first)

    @cached_property
    def by_client(self) -> Mapping[str, Member]:
        """The members by the name that they have here."""
        return {member.client: member for member in self.members}

    @property
    def currency(self) -> str:
        """The currency in which amounts are added: the one asked for, else that of most clients."""
        if self.asked.currency or not self.members:
            return self.asked.currency
        counts = Counter(m.currency for m in self.members)
        return min(counts, key=lambda c: (-counts[c], c))

    @property
    def span(self) -> str:
        """The days that the reports are about, the first to the last."""
        first, last = min(m.period.start for m in self.members), max(m.period.end for m in self.members)
        return str(Period(first, last))


NEEDED = ("headline", "title", "follow up", "findings", "not assessed", "amounts", "judgements", "prices")
"""The sections whose figures the portfolio reads."""


def read_portfolio(asked: Asked) -> Portfolio:
    """Read the reports that a portfolio is about; one at a time, and only what is needed of each.

    Raises
    ------
    CallError
        if there is no report.
    """
    batch = read_batch(Path(asked.out), asked.reports)
    members = list(_members(batch))
    if not members:
        failed = "\n".join(f"  {one.client}: {one.failed}" for one in batch.standing)
        raise CallError(f"{asked.out}: no client has a report, so that there is no portfolio.\n{failed}")
    return Portfolio(batch, tuple(sorted(members, key=lambda m: m.client)), asked)


def _members(batch: Batch) -> Iterator[Member]:
    names = Counter(one.client for one in batch.standing)
    for one in batch.standing:
        if one.report is None:
            continue
        told = read_report(one.report)
        origin = told["origin"]
        stamps = [Stamp.model_validate(stamp) for stamp in origin.get("stamps", ())]
        beside = (one.report.with_suffix(suffix) for suffix in TO_READ)
        read = next(path for path in beside if path.is_file())
        data = {s["id"]: s["data"] for s in told["sections"] if s["id"] in NEEDED}
        prices, also = _prices_beside(one.report, origin) if "prices" not in data else ({}, {})
        yield Member(
            client=one.client if names[one.client] == 1 else f"{one.client} ({one.directory})",
            standing=one,
            period=Period.parse(f"{origin['period']['start']}:{origin['period']['end']}"),
            period_text=origin["period"]["text"],
            audience=origin["audience"],
            status="; ".join(stamp.words for stamp in stamps) or origin["status"],
            link=f"{one.directory}/{read.name}",
            sha256=hashlib.sha256(one.report.read_bytes()).hexdigest(),
            currency=origin["client"]["currency"],
            data={**data, **prices},
            beside={f"{one.directory}/{name}": sha256 for name, sha256 in also.items()},
        )


def _prices_beside(
    report: Path, origin: Mapping[str, Any]
) -> tuple[dict[str, Mapping[str, Any]], dict[str, str]]:
    """Return the prices of another report of the same client, period, audience and data, and its SHA-256.

    A health review has none by default, and the assessment of the operating model that was made beside it does.
    """
    other = report.with_name(f"{PRICED}.json")
    if other == report or not other.is_file():
        return {}, {}
    told = read_report(other)
    if any(told["origin"][name] != origin[name] for name in ("period", "audience", "inputs")):
        return {}, {}
    prices = {s["id"]: s["data"] for s in told["sections"] if s["id"] == "prices"}
    return prices, {other.name: hashlib.sha256(other.read_bytes()).hexdigest()} if prices else {}


def portfolio(**parameters: Any) -> Review:
    """Read the reports of a run, for the template of the portfolio.

    Raises
    ------
    CallError
        for a parameter that is not accepted, or a directory without reports.
    """
    asked = check(NAME, parameters)
    assert isinstance(asked, Asked)
    return portfolio_of(read_portfolio(asked))


def portfolio_of(subject: Portfolio) -> Review:
    """Return the review of a portfolio that was read already."""
    first = min(m.period.start for m in subject.members)
    last = max(m.period.end for m in subject.members)
    inputs = {f"{m.standing.directory}/{subject.batch.template}.json": m.sha256 for m in subject.members}
    inputs |= {path: sha256 for m in subject.members for path, sha256 in m.beside.items()}
    return Review(
        subject,
        subject.asked,
        Origin(
            template=NAME,
            client=ClientCard(
                id=NAME, name=counted(len(subject.members), "client"), time_zone="UTC", currency=subject.currency
            ),
            period=days(Period(first, last)), audience="internal", seed=subject.asked.seed,
            parameters=subject.asked.public(), source="reports", inputs=dict(sorted(inputs.items())),
            rows_read={}, versions=versions(),
        ),
    )  # fmt: skip


def make_portfolio(
    out: Path, *, reports: str, formats: str, currency: str = "", seed: int = 1, shown: int = 20
) -> tuple[Path, ...]:
    """Write the portfolio of the reports in `out`, beside them.

    Raises
    ------
    CallError
        for a format or a parameter that is not accepted, or where there are no reports.
    RunFailed
        if its notebook fails, with the reason.
    Busy
        if a run is writing there.
    """
    wanted = formats_of([*(part.strip() for part in formats.split(",")), *formats_beside(out, NAME)])
    given = {
        "out": str(out.resolve()),
        "reports": reports,
        "currency": currency,
        "seed": seed,
        "shown": shown,
    }
    parameters = load(NAME).check(given)
    if not out.is_dir():
        raise CallError(
            f"{out} is not a directory of reports. Make them first: workbench report CLIENTS --out {out}"
        )
    if not any(out.glob(f"*/{reports}.json")):
        read_batch(out, reports)  # refuses in words what is no batch
    with outdir.held(out) as scratch:
        files = _made(out, parameters, wanted, out, scratch)
        outdir.deliver(out, files)
    return tuple(out / name for name in files)


def made_again(out: Path, given: Mapping[str, Any]) -> bytes:
    """Return the JSON of the portfolio that the reports in `out` give now; nothing is written there.

    Raises
    ------
    CallError, RunFailed
        as `make_portfolio`.
    """
    parameters = load(NAME).check({**given, "out": str(out.resolve())})
    with tempfile.TemporaryDirectory() as name, outdir.held(Path(name)) as scratch:
        (written,) = _made(out, parameters, ("json",), Path(name), scratch).values()
    return written


def _made(
    out: Path, parameters: Mapping[str, Any], formats: tuple[str, ...], place: Path, scratch: Path
) -> Mapping[str, bytes]:
    """Return the files of the portfolio of `out`; what a run needs for itself lies in `place`."""
    template = load(NAME)
    job = Job(
        client=str(out), label=shortened(out.name), directory=".", template=NAME,
        template_path=str(template.path), template_hash=template.hash, parameters=parameters, formats=formats,
        engine=engine_of(""), made=datetime.now(UTC),
    )  # fmt: skip
    environment = outdir.own_environment(place, scratch)
    ((_, made),) = workers.run([job], workers=1, scratch=scratch.resolve(), environment=environment)
    if isinstance(made, Failed):
        raise RunFailed(f"The portfolio of {out} could not be made: {made.reason}")
    return made.files
