"""Which rows say two things that cannot both be true?

tables/_contradictions.csv declares them, one a line: what a row says twice (more answered than offered), and
what two tables say of the same (served after the agent's last paid day). Nobody can tell from a
contradiction which side is wrong: the row stays in use and is flagged. What one row says is judged here,
with validation; what two tables say needs both of them, and is judged where they are read together
(diagnostics/between.py).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

import numpy as np
import pandas as pd

from workbench.errors import WorkbenchError
from workbench.intake.cells import Mask
from workbench.intake.rules import Breach
from workbench.metrics.columns import filled, spelled

Relation = Literal[
    "at_most", "not_after", "not_before", "not_both", "only_with", "not_while", "counted_in"
]  # fmt: skip
"""at_most: the sum of the left is not above the right; not_after, not_before: two times or days; not_both: one
of the two is empty; only_with: where the left says something, the right is filled; not_while: at that time the
other table has no such state; counted_in: as many rows as the other table counts in the interval."""


@dataclass(frozen=True)
class Rule:
    """One thing that cannot be.

    Attributes
    ----------
    table, left : the table whose rows are judged, and its columns (several are added up).
    right : the column that they are held against; of another table: "hris.term_date".
    by : the column of both tables by which their rows belong together; empty within one row.
    where, among : judged only where column `where` says one of `among`; both empty: everywhere. For
        not_while the column and its words are those of the other table.
    slack, share : how far the right may be passed, in its unit and as a share of it: counting and rounding differ.
    says : what is wrong, in words: "more answered than offered".
    """

    table: str
    left: tuple[str, ...]
    relation: Relation
    right: str
    by: str
    where: str
    among: tuple[str, ...]
    slack: float
    share: float
    says: str

    @property
    def other(self) -> str:
        """The other table; empty where one row contradicts itself."""
        return self.right.partition(".")[0] if self.by else ""

    @property
    def target(self) -> str:
        """The column on the right, without its table."""
        return self.right.rpartition(".")[2]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of `table` of which one may be wrong."""
        return self.left if self.other else (*self.left, self.right)


@cache
def contradictions() -> tuple[Rule, ...]:
    """Return every declared contradiction, in the order of the file."""
    path = files("workbench.intake") / "tables" / "_contradictions.csv"
    with path.open(encoding="utf-8") as handle:
        return tuple(_rule(row) for row in csv.DictReader(handle))


def _rule(row: dict[str, str]) -> Rule:
    if row["relation"] not in get_args(Relation):
        raise WorkbenchError(f"_contradictions.csv: {row['relation']} is not a relation")
    where, _, among = row["where"].partition("=")
    return Rule(
        table=row["table"],
        left=tuple(row["left"].split(" + ")),
        relation=cast(Relation, row["relation"]),
        right=row["right"],
        by=row["by"],
        where=where,
        among=tuple(filter(None, among.split("|"))),
        slack=float(row["slack"] or 0),
        share=float(row["share"] or 0),
        says=row["says"],
    )


def within(table: str) -> tuple[Rule, ...]:
    """Return what a row of `table` may not say twice."""
    return tuple(rule for rule in contradictions() if rule.table == table and not rule.other)


def between() -> tuple[Rule, ...]:
    """Return what two tables may not say of the same."""
    return tuple(rule for rule in contradictions() if rule.other)


def in_one_row(frame: pd.DataFrame, table: str) -> list[Breach]:
    """Return the rows of a table, as read, that contradict themselves, rule by rule.

    A row that passes the same figure in several ways is named for the first of them alone.
    """
    found: list[Breach] = []
    named: dict[str, Mask] = {}
    for rule in within(table):
        rows = _rows(frame, rule)
        if rule.relation == "at_most":
            seen = named.get(rule.right, np.zeros(len(frame), bool))
            rows, named[rule.right] = rows & ~seen, rows | seen
        if rows.any():
            found.append(
                Breach(", ".join(rule.columns), rows, _messages(frame, rule, rows), "consistency", rule.says)
            )
    return found


def judged(frame: pd.DataFrame, rule: Rule) -> Mask:
    """Return the rows of the rule's table to which it applies: its `where`, and its left is filled."""
    left = filled(frame, rule.left[0])
    if not rule.where or rule.relation == "not_while":
        return left
    return left & spelled(frame, rule.where, rule.among)


def _rows(frame: pd.DataFrame, rule: Rule) -> Mask:
    there = filled(frame, rule.right)
    if not there.any():  # a column that nobody handed over contradicts nothing
        return there
    return judged(frame, rule) & (~there if rule.relation == "only_with" else there) & _apart(frame, rule)


def _apart(frame: pd.DataFrame, rule: Rule) -> Mask:
    """Return where both sides, being there, cannot both be true."""
    left, right = frame[rule.left[0]], frame[rule.right]
    match rule.relation:
        case "not_both":
            apart = left.notna()
        case "only_with":
            apart = left.fillna(False) if str(left.dtype) == "boolean" else left > 0
        case "not_after":
            apart = left > right
        case "not_before":
            apart = left < right
        case _:
            total = left + frame[list(rule.left[1:])].fillna(0.0).sum(axis=1)
            apart = total > right * (1 + rule.share) + rule.slack
    return np.asarray(apart.to_numpy(), bool)


def _messages(frame: pd.DataFrame, rule: Rule, rows: Mask) -> list[str]:
    said = frame.loc[rows, list(rule.columns)]
    names, advice = said.columns, f"{rule.says}. One of them is wrong; the row is used. Correct it"
    return [
        ", ".join(f'{name} "{_plain(value)}"' for name, value in zip(names, values, strict=True))
        + f": {advice}"
        for values in said.itertuples(index=False, name=None)
    ]


def _plain(value: object) -> str:
    if pd.isna(value):
        return "empty"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M:%S}" + (" UTC" if value.tzinfo else "")
    return str(value)
