"""What do we not know, why, and what would have to be sent?

A gap is one thing that is not there: a table, a column of one that came, a setting of client.yaml, answers,
or rows enough. Which it is stands in the evidence that is missing: its table, and the reason that the check
gives, which calls tables, columns and settings by their names. A delivered table is never asked for again:
what is asked for is what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from workbench.diagnostics.assess import Assessment, counted_weight
from workbench.diagnostics.diagnostic import CHECKS, Diagnostic
from workbench.diagnostics.finding import Evidence, Lack
from workbench.diagnostics.questions import OWNER_ANSWERS, SIDES
from workbench.intake.dataset import Dataset
from workbench.intake.days import ANSWERED
from workbench.intake.delivered import why_not_there
from workbench.intake.spec import table_specs
from workbench.wording import listing

Kind = Literal["table", "column", "setting", "answers", "rows"]
SURVEY, SETTINGS = "survey", "client.yaml"
WORTH_ASKING = 0.5
"""Points of 100 below which a gap is not worth a word in front."""


@dataclass(frozen=True)
class Gap:
    """One thing that is not there.

    Attributes
    ----------
    table : where it would stand: a table, or "client.yaml".
    kind : table: it did not come, or none of its rows can be used; column: it came without a column that is
        needed; setting: client.yaml does not say it; answers: nobody was asked or answered; rows: it came, and
        what is needed did not happen in it, or not often enough.
    why : in words: "not delivered", "contacts.customer_key is empty: repeats cannot be seen".
    send : what would close it, in words; of a table that did not come what it holds.
    points : of the 100 of the client's score, how many it leaves open.
    serves : the diagnostics that wait for it, by code.
    """

    table: str
    kind: Kind
    why: str
    send: str
    points: float = 0.0
    serves: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What is missing, as short as it can be said: "contacts", or where it came, what of it."""
        if self.kind == "table" and self.why == NOT_DELIVERED:
            return self.table
        own = self.table if self.table != SURVEY else "questionnaire"
        return self.why if self.why.startswith(own) or self.why.endswith(own) else f"{own}: {self.why}"

    @property
    def said(self) -> str:
        """What is missing, in a sentence about what is not known: "the table contacts, which was not delivered"."""
        if self.kind == "table" and self.why == NOT_DELIVERED:
            return f"the table {self.table}, which was not delivered"
        if self.kind == "setting" and (named := SETTING.search(self.why)):
            owner, name = named.groups()
            return f"the {owner}'s {SETTING_WORDS.get(name, name.replace('_', ' '))}, which nobody has told"
        return self.name


SETTING = re.compile(r"\b([a-z]+)\.([a-z]+(?:_[a-z]+)*)$")
SETTING_WORDS = {"aht_s": "handle time"}
"""Settings whose names are no words."""
NOT_DELIVERED = "not delivered"


def narrowing(assessment: Assessment) -> list[Gap]:
    """Return what is missing by the points of the total's bounds that it leaves open, most first.

    A diagnostic that waits for two tables counts its width for each of them, so that the points are
    what a gap can bring and do not add up.
    """
    found: dict[tuple[str, str], Gap] = {}
    for declared, share in _shares(assessment):
        evidence = assessment.verdicts[declared.code].evidence
        whole = sum(e.weight for e in evidence)
        for part in evidence:
            if part.score is None and part.weight > 0:
                for gap in gaps_of(declared, part, assessment.dataset):
                    before = found.get((gap.table, gap.why), gap)
                    found[gap.table, gap.why] = replace(
                        before,
                        points=before.points + share * part.weight / whole,
                        serves=tuple(dict.fromkeys([*before.serves, declared.code])),
                    )
    return sorted(found.values(), key=lambda gap: (-gap.points, gap.table, gap.why))


def _shares(assessment: Assessment) -> Iterator[tuple[Diagnostic, float]]:
    """Return each diagnostic with its share of the total. [points of 100]"""
    area_weights = {a: assessment.weights.areas.get(a, 1.0) for a in assessment.areas}
    between = sum(area_weights.values()) or 1.0
    for area, area_weight in area_weights.items():
        members = [CHECKS.get(code) for code in assessment.scores if CHECKS.get(code).area == area]
        weights = [counted_weight(assessment.weights, d, assessment.verdicts) for d in members]
        for declared, weight in zip(members, weights, strict=True):
            yield declared, 100 * area_weight / between * weight / (sum(weights) or 1.0)


def gaps_of(declared: Diagnostic, part: Evidence, dataset: Dataset) -> list[Gap]:
    """Return what one piece of missing evidence waits for; several where it needs several tables."""
    if part.table in ANSWERED and (why := why_not_there(dataset, part.table)):
        return [Gap(part.table, "answers", why, "The answers again, once they are mended.")]
    if part.lack is not None:
        return _lacking(part, part.lack, declared, dataset)
    if part.table == SURVEY:
        return [_answers(part)]
    lacking = [name for name in declared.needs if not dataset.usable(name)] or _needs(part.reason, dataset)
    if not lacking and part.table not in (SETTINGS, OWNER_ANSWERS) and not dataset.usable(part.table):
        lacking = [part.table]
    if lacking:
        return [_table(name, dataset) for name in lacking]
    if part.table == OWNER_ANSWERS:
        return [_answers(part)]
    if SETTINGS in (part.table, *part.reason.split()):
        return _settings(part)
    columns = _columns(part)
    if columns:
        return [_column(part, columns)]
    if part.reason.startswith(f"{part.table} covers "):
        return [Gap(part.table, "rows", part.reason, f"{part.table} of the other days of the period.")]
    send = f"Nothing, if it did not happen in these days; else the rows of {part.table} that show it."
    if re.search(r"\bneeds\b|\bweeks\b|\d", part.reason):  # it happened, and not often enough
        send = f"More of {part.table}: a longer period, if there is one."
    return [Gap(part.table, "rows", part.reason, send)]


def _lacking(part: Evidence, lack: Lack, declared: Diagnostic, dataset: Dataset) -> list[Gap]:
    """Return the gaps that the fields of a lack name."""
    if lack.side:
        return [_answers(part)]
    wanted = dict.fromkeys([*(name for name in declared.needs if not dataset.usable(name)), *lack.tables])
    gaps = [_table(name, dataset) for name in wanted if not dataset.usable(name)]
    if gaps:
        return gaps
    found = [_setting(name) for name in lack.settings]
    if lack.columns:
        found.append(_column(part, [column.partition(".")[2] for column in lack.columns]))
    if lack.beyond:
        found.append(Gap(part.table, "rows", part.reason, lack.send))
    return found


def _needs(reason: str, dataset: Dataset) -> list[str]:
    """Return the tables that a reason asks for and that cannot be used: "needs issue or escalation"."""
    asked = re.findall(r"\w+", reason) if reason.startswith("needs ") else []
    return [name for name in table_specs() if name in asked and not dataset.usable(name)]


def _columns(part: Evidence) -> list[str]:
    """Return the columns of its table that the reason of missing evidence calls by name."""
    names = [column.name for column in table_specs()[part.table].columns]
    said = set(re.findall(rf"\b{part.table}\.(\w+)", part.reason))
    said |= {word for word in re.findall(r"\w+", part.reason) if "_" in word}
    return [name for name in names if name in said]


def _table(name: str, dataset: Dataset) -> Gap:
    why = why_not_there(dataset, name)
    if not why:
        return Gap(name, "table", NOT_DELIVERED, f"{table_specs()[name].description.rstrip('.')}.")
    return Gap(
        name, "table", why, f"The table {name} again; the list of problems says what is wrong with it."
    )


def _column(part: Evidence, columns: Sequence[str]) -> Gap:
    spec = table_specs()[part.table]
    told = [f"{part.table}.{name} ({spec.column(name).description.rstrip('.').lower()})" for name in columns]
    return Gap(part.table, "column", part.reason, f"{listing(told)}: the column, filled.")


def _setting(name: str) -> Gap:
    return Gap(SETTINGS, "setting", f"{SETTINGS} does not say {name}", f"A line for {name} in {SETTINGS}.")


def _settings(part: Evidence) -> list[Gap]:
    names = [name for name in re.findall(r"\b[a-z_]+\.[a-z_]+\b", part.reason) if name != SETTINGS]
    return [_setting(name) for name in names] or [
        Gap(SETTINGS, "setting", part.reason, f"That line in {SETTINGS}.")
    ]


def _answers(part: Evidence) -> Gap:
    if part.table == OWNER_ANSWERS:
        send = "The names of owners, asked of everybody on both sides: workbench questionnaire."
        return Gap(OWNER_ANSWERS, "answers", part.reason, send)
    sides = [side for side in SIDES if side in f"{part.reason} {part.measure}"]
    whose = f"on the {sides[0]}'s side" if len(sides) == 1 else "on both sides"
    return Gap(
        SURVEY, "answers", part.reason, f"The questionnaire, answered {whose}: workbench questionnaire."
    )


def worth_asking(assessment: Assessment, most: int, least: float = WORTH_ASKING) -> list[Gap]:
    """Return the gaps that a reader is told of in front."""
    return [gap for gap in narrowing(assessment)[:most] if gap.points >= least]


def as_data(gap: Gap) -> dict[str, object]:
    """Return a gap as plain values; table and points as ever, and what it is, why and what to send."""
    return {
        "table": gap.table, "points": gap.points, "name": gap.name, "kind": gap.kind, "why": gap.why,
        "send": gap.send,
    }  # fmt: skip
