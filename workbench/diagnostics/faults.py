"""Which rows cannot be right, of which kind, how many, where is the first, and which figures do they spoil?

A kind is one rule that rows break: a value that its column does not accept, a key that came twice, times or
figures that contradict one another, a name that nobody knows, two tables that say different things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.diagnostics.between import Against
from workbench.diagnostics.dimensions import DIMENSIONS, SOURCE, Lost, of_nobody
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Finding, Scale, Severity
from workbench.diagnostics.lineage import spoiled
from workbench.diagnostics.periods import kept
from workbench.intake import rules
from workbench.intake.contradictions import Rule, between
from workbench.intake.dataset import Dataset, Provenance
from workbench.intake.spec import table_specs
from workbench.metrics.columns import Ints, any_of, equals, filled
from workbench.wording import counted, figure, listing

WRONG = {
    name: Scale(zero=1 - DIMENSIONS[name].zero, hundred=0.0, target=0.0, source=SOURCE)
    for name in ("validity", "uniqueness", "consistency")
}
"""By dimension: the share of rows that earns nothing; what cannot be is expected nowhere."""
AGREEMENT = 0.5
"""What all rules between tables weigh together in VL-3, beside 1 for usable rows."""
LEAST_SHOWN = 0.001
WORTH_A_WORD = 0.001
"""From this share of rows on a kind is at least a minor finding; below, it is a note."""


@dataclass(frozen=True)
class Fault:
    """Rows of one table that break one rule.

    Attributes
    ----------
    says : what is wrong with them: "answer_ts is before offered_ts".
    columns : table and column of each of which one may be wrong.
    rows : all of them, as the table numbers them.
    n : rows that were looked at.
    used : whether they are used all the same.
    """

    table: str
    dimension: str
    says: str
    columns: tuple[tuple[str, str], ...]
    rows: Ints
    n: int
    used: bool

    @property
    def share(self) -> float:
        """Of the rows that were looked at, how many are wrong."""
        return len(self.rows) / self.n

    @property
    def spoils(self) -> tuple[str, ...]:
        """The diagnostics that read what is wrong: where the rows are not used, all that read the table."""
        columns = self.columns if self.used else ((self.table, ""),)
        return tuple(
            sorted({code for table, column in columns for code in spoiled(table, column)} - {"VL-3"})
        )


def faults(dataset: Dataset, lost: Lost, against: Sequence[Against]) -> list[Fault]:
    """Return every kind of row that cannot be right, those of most rows first.

    Parameters
    ----------
    lost : by table and column, the rows that refer to nobody.
    against : what came of holding tables against one another.
    """
    kinds = [*_broken(dataset), *_nobody(dataset, lost), *_between(against)]
    return sorted(kinds, key=lambda one: (-len(one.rows), one.table, one.says))


def _broken(dataset: Dataset) -> Iterator[Fault]:
    """The rows that validation set aside or flagged, by table and rule."""
    problems = dataset.problems
    aside = equals(problems, "severity", "set aside")
    judged = any_of(problems, "dimension", list(WRONG)) & ~equals(problems, "rule", "")
    wrong = (judged & (aside | equals(problems, "severity", "flagged"))) | (
        aside & equals(problems, "dimension", "")
    )
    mine = kept(problems, wrong & filled(problems, "row") & ~of_nobody(problems))
    for (table, rule), rows in mine.groupby(["table", "rule"], sort=False):
        name = str(table)
        if name not in table_specs():
            continue
        first = rows.iloc[0]
        yield Fault(
            name,
            str(first["dimension"]) or "validity",
            str(rule) or "a row that cannot be read",
            tuple((name, column) for column in str(first["column"]).split(", ") if column),
            _in_table(rows, name, dataset.provenance),
            dataset.provenance.rows_read.get(name, 0) or len(rows),
            used=first["severity"] == "flagged",
        )


def _in_table(problems: pd.DataFrame, table: str, provenance: Provenance) -> Ints:
    """Return the rows of the table that problems name by file and row."""
    offsets = {part.file: part.offset for part in provenance.files.get(table, ())}
    places = problems["row"].astype("int64") + problems["file"].map(offsets).fillna(0).astype("int64")
    return np.unique(places.to_numpy())


def _nobody(dataset: Dataset, lost: Lost) -> Iterator[Fault]:
    for table, columns in lost.items():
        index = dataset.tables[table].index.to_numpy()
        for column, rows in columns.items():
            other = table_specs()[table].column(column).references.partition(".")[0]
            yield Fault(
                table, "consistency", f"{column} {rules.NOBODY} {other}", ((table, column),),
                index[rows], len(index), used=True,
            )  # fmt: skip


def _between(against: Sequence[Against]) -> Iterator[Fault]:
    for one in against:
        if len(one.rows):
            rule = one.rule
            columns = (*((rule.table, column) for column in rule.left), (rule.other, rule.target))
            yield Fault(one.table, "consistency", rule.says, columns, one.rows, one.n, used=True)


def evidence_of(fault: Fault, dataset: Dataset) -> Evidence:
    """Return the share of rows that are wrong, with the rows; what the rows lack is scored elsewhere."""
    return _share(fault.table, fault.says, fault.dimension, fault.rows, fault.n, dataset, 0.0)


def agreement(against: Sequence[Against], dataset: Dataset) -> tuple[Evidence, ...]:
    """Return what each rule between two tables came to, scored, and what could not be held against another table."""
    each = AGREEMENT / len(between())
    parts = [
        _share(one.table, one.rule.says, "consistency", one.rows, one.n, dataset, each) for one in against
    ]
    unseen = [rule for rule in between() if rule not in [one.rule for one in against]]
    if unseen:
        lacking = listing(list(dict.fromkeys(f"{rule.table} and {rule.other}" for rule in unseen)), 3)
        parts.append(
            missing(
                "rows that agree with what another table says", "fraction", weight=each * len(unseen),
                table=_absent(unseen, dataset), reason=f"nothing to hold against one another in {lacking}",
            )
        )  # fmt: skip
    return tuple(parts)


def _absent(unseen: Sequence[Rule], dataset: Dataset) -> str:
    """Return the table that would let most of these rules be judged."""
    lacking = [t for rule in unseen for t in (rule.table, rule.other) if t not in dataset.tables]
    return Counter(lacking).most_common(1)[0][0] if lacking else unseen[0].table


def _share(
    table: str, says: str, dimension: str, rows: Ints, n: int, dataset: Dataset, weight: float
) -> Evidence:
    return quantity(
        f"{table}: {says}", len(rows) / n, "fraction", n, table=table, period=dataset.period,
        scale=WRONG[dimension], rows=rows, weight=weight, formula="rows that cannot be right / rows looked at",
    )  # fmt: skip


def finding_on(fault: Fault, part: Evidence, dataset: Dataset) -> tuple[Finding, ...]:
    """Return the finding on one kind of row: what, how many of how many, where first, and what it spoils."""
    file, row = dataset.provenance.located(fault.table, fault.rows[0])
    where = f"{file}, row {row}" if file else f"row {row}"
    least = f"under {figure(LEAST_SHOWN, 'fraction')}"
    share = least if fault.share < LEAST_SHOWN else figure(fault.share, "fraction")
    became = "They are used as they are." if fault.used else "They are not used."
    spoils = (
        f"It spoils {listing(fault.spoils, 8)}." if fault.spoils else "No figure of this report rests on it."
    )
    at_least: Severity = "minor" if fault.share >= WORTH_A_WORD else "note"
    return found(
        "VL-3",
        part,
        f"{fault.table}: {fault.says}, in {len(fault.rows):,} of {counted(fault.n, 'row')} "
        f"({share}; expected none), {dataset.period}; the first is {where}. {became} {spoils}",
        f"Correct these rows of {fault.table} at their source, and check for this where they are entered.",
        step="data",
        at_least=at_least,
        commitments="figures for the client rest on it",
    )


def as_table(kinds: Sequence[Fault]) -> pd.DataFrame:
    """Return the kinds as a table: table, says, dimension, bad, n, share, used, spoils (a tuple of codes)."""
    return pd.DataFrame(
        [
            (one.table, one.says, one.dimension, len(one.rows), one.n, one.share, one.used, one.spoils)
            for one in kinds
        ],
        columns=["table", "says", "dimension", "bad", "n", "share", "used", "spoils"],
    )
