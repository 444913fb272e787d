"""What does a diagnostic say, and on which evidence?

Evidence is one measured, documented, surveyed or assumed thing with its score; a Score is the
weighted mean of evidence with the bounds that missing evidence leaves; a Finding is a sentence that
somebody has to act on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from workbench.intake.period import Period

Grade = Literal["M", "D", "S", "A"]
"""M measured from system data, D documentary, S survey or interview, A assumed (METHOD section 0)."""
GRADES: tuple[Grade, ...] = ("M", "D", "S", "A")
"""The best first."""

Severity = Literal["severe", "moderate", "minor", "note"]
Side = Literal["buyer", "vendor", "both"]
RepairStep = Literal["process", "ownership", "data", "cadence", "technology", "bypass"]
"""The order of METHOD FIX-1..4 and CX-13; bypass: security, compliance and pay errors (CX-14)."""


@dataclass(frozen=True)
class Scale:
    """How a measured value becomes 0 to 100: straight between the two named values, flat beyond.

    `source` says where zero, hundred and target come from ("METHOD BOM-4; zero is ours").
    """

    zero: float
    hundred: float
    target: float
    source: str

    def score(self, value: float) -> float:
        """Return 0 to 100 for `value`."""
        position = (value - self.zero) / (self.hundred - self.zero)
        return 100.0 * min(max(position, 0.0), 1.0)

    def meets(self, value: float, expected: float) -> bool:
        """Return whether `value` is where `expected` is, or on its better side."""
        better = 1.0 if self.hundred > self.zero else -1.0
        return better * (value - expected) >= -1e-9


@dataclass(frozen=True)
class Lack:
    """What is not there, as fields; the sentence follows from them.

    Attributes
    ----------
    tables : tables that are needed and did not come, or cannot be used.
    columns : columns that came empty where they are needed, as "hris.term_date".
    settings : what client.yaml does not say, as "contract.aht_s".
    side : the side on which nobody answered.
    beyond : which days a log covers, where others are needed, in words; `send` says what would tell.
    """

    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    side: str = ""
    beyond: str = ""
    send: str = ""

    @property
    def reason(self) -> str:
        """Why something is not known, as it stands behind "not assessed, because"."""
        said = []
        if self.tables:
            said.append(f"needs {' and '.join(self.tables)}")
        if self.settings:
            said.append(f"needs {' and '.join(self.settings)} in client.yaml")
        said += [f"{column} is empty" for column in self.columns]
        if self.side:
            said.append(f"nobody on the {self.side}'s side answered")
        return "; ".join([*said, *filter(None, [self.beyond])])


@dataclass(frozen=True)
class Evidence:
    """One thing known, or missing, about one measure.

    Attributes
    ----------
    measure : in words: "service level within 20 s, V2".
    value, low, high : the measure and its sampling interval, in `unit`; value None: missing.
    expected : what a healthy client shows, in `unit`; None when it is only described.
    n : the sample.
    period : which days; None for a document or an answer.
    table : the table behind it, or "answers".
    rows : up to 200 row numbers of `table` behind what is wrong; `n_rows` counts all of them.
    score : 0 to 100 through `scale`; None when missing, or when it informs without scoring.
    weight : its share within the diagnostic; 0: shown, not scored.
    reason : why it is missing; `lack` says what of it, where that can be told by name.
    """

    measure: str
    value: float | None
    unit: str
    expected: float | None
    n: int
    period: Period | None
    table: str
    grade: Grade
    rows: tuple[int, ...] = ()
    n_rows: int = 0
    low: float | None = None
    high: float | None = None
    scale: Scale | None = None
    score: float | None = None
    score_low: float | None = None
    score_high: float | None = None
    weight: float = 1.0
    formula: str = ""
    reason: str = ""
    lack: Lack | None = None


@dataclass(frozen=True)
class Finding:
    """A sentence that somebody has to act on: number, unit, expectation, sample and period in it."""

    code: str
    severity: Severity
    statement: str
    evidence: tuple[Evidence, ...]
    remedy: str
    side: Side = "both"
    lever: str | None = None
    """The path of the scenario that it moves ("queues.*.misroute"), or None."""
    step: RepairStep = "process"
    commitments: str = ""
    """LENS-1: what it means for what was promised to the client."""
    margin: str = ""
    """LENS-2: what it means for margin."""
    about: tuple[str, ...] | None = None
    """The processes that it is about, as process_document names them; None: what its code says, or all of them."""


@dataclass(frozen=True)
class Score:
    """0 to 100 for an item, an area or a client.

    Attributes
    ----------
    value : weighted mean of what is known; None when nothing is.
    low, high : the value when all that is missing turns out worst, and best.
    sampling_low, sampling_high : the value at the ends of the measures' own intervals.
    evidenced : share of the weight for which there is evidence, 0 to 1.
    grade : the best grade such that evidence so good or better holds at least half of what carries the value;
        None when there is none. One measured sliver does not make a score measured.
    reason : why value is None.
    """

    code: str
    value: float | None
    low: float
    high: float
    grade: Grade | None
    reason: str = ""
    sampling_low: float | None = None
    sampling_high: float | None = None
    evidenced: float = 0.0
    by_grade: tuple[float, ...] = ()
    """The shares of the weight behind the value that evidence of each of GRADES holds; empty: all is of `grade`."""

    @property
    def unevidenced(self) -> bool:
        """Nothing measured or documentary stands behind it (METHOD section 0)."""
        return not any(self.by_grade[:2]) if self.by_grade else self.grade not in ("M", "D")


@dataclass(frozen=True)
class Verdict:
    """What a diagnostic returns: its evidence, scored and not, and what to act on."""

    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...] = ()
    facts: dict[str, object] = field(default_factory=dict)
    """Tables and numbers that a report section shows beside the score (frames, dicts of plain values)."""
    not_applicable: str = ""
    """Why the item does not concern this client; it then enters no score. Not for missing data."""
