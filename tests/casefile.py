"""How does a case in tests/cases/*.yaml become tables, and what is held against the verdict?

tests/cases/README.md says how to write one. A key that nobody knows, a measure that the diagnostic
does not have, or a case that expects nothing is an error: a mistyped case must not pass.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, cast, get_args

import pandas as pd

from workbench.diagnostics.assess import run
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Evidence, Finding, Score, Severity, Verdict
from workbench.diagnostics.scoring import score
from workbench.errors import suggestion
from workbench.intake.client import Client
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.intake.source import Raw
from workbench.intake.spec import table_spec
from workbench.intake.validate import validate
from workbench.intake.yaml_file import yaml_of

CLIENT = {"id": "case", "name": "A fictional client", "fictional": True}
KINDS = ("healthy", "unhealthy", "missing")
FILE_KEYS = ("diagnostic", "about", "client", "period", "tables", "settings", "cases")
CASE_KEYS = (
    "name", "kind", "client", "period", "tables", "without", "settings", "answers", "expect", "proves",
)  # fmt: skip
EXPECT_KEYS = ("score", "bounds", "grade", "evidence", "findings", "not_assessed", "set_aside")
EVIDENCE_KEYS = ("value", "n", "low", "high", "tolerance", "grade", "rows", "score", "reason")
FINDING_KEYS = ("code", "severity", "says", "side", "step", "lever", "remedy")
GENERATED_KEYS = ("from", "every", "cycle")
MINUTES = {"min": 1, "h": 60, "d": 24 * 60}

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Case:
    """One story: what a client handed over, and what the diagnostic must say about it."""

    file: str
    diagnostic: str
    name: str
    kind: str
    client: Mapping[str, Any]
    period: str
    tables: Mapping[str, pd.DataFrame]
    settings: Mapping[str, Any]
    expect: Mapping[str, Any]
    proves: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.diagnostic}: {self.name}"


def cases_in(path: Path) -> list[Case]:
    """Read the cases of one file."""
    written = yaml_of(path.read_text(encoding="utf-8"))
    known(path.name, written, FILE_KEYS)
    return [_case(path.name, written, one) for one in written["cases"]]


def known(where: str, written: Mapping[str, Any], keys: Sequence[str]) -> None:
    """Refuse a key that is not one of `keys`, and suggest the nearest."""
    assert isinstance(written, Mapping), f"{where}: expected names with values, came {written!r}"
    for key in written:
        assert key in keys, f'{where}: nobody knows "{key}". {suggestion(str(key), keys)}'


def _case(file: str, shared: Mapping[str, Any], own: Mapping[str, Any]) -> Case:
    where = f'{file}, case "{own.get("name", "without a name")}"'
    known(where, own, CASE_KEYS)
    known(f"{where}, expect", own.get("expect") or {}, EXPECT_KEYS)
    assert own.get("expect"), f"{where}: expects nothing, so it cannot fail"
    assert own["kind"] in KINDS, f'{where}: kind is "{own["kind"]}", not one of {", ".join(KINDS)}'
    code = shared["diagnostic"]
    written = {**(shared.get("tables") or {}), **(own.get("tables") or {})}
    left = {name: rows for name, rows in written.items() if name not in own.get("without", ())}
    tables = {name: frame(f"{where}, {name}", rows) for name, rows in left.items() if rows is not None}
    if own.get("answers"):
        asked = [{"item_id": code, "respondent": "r{n}", **answer} for answer in own["answers"]]
        tables["survey"] = frame(f"{where}, answers", asked)
    for name, rows in tables.items():
        columns = [column.name for column in table_spec(name).columns]
        known(f"{where}, {name}", dict.fromkeys(rows.columns), columns)
    cites = own.get("proves", () if own["kind"] == "missing" else (code,))
    return Case(
        file=file,
        diagnostic=code,
        name=own["name"],
        kind=own["kind"],
        client={**CLIENT, **(shared.get("client") or {}), **(own.get("client") or {})},
        period=str(own.get("period", shared.get("period"))),
        tables=tables,
        settings={**(shared.get("settings") or {}), **(own.get("settings") or {})},
        expect=own["expect"],
        proves=tuple(dict.fromkeys(cites)),
    )  # fmt: skip


# ---- rows -----------------------------------------------------------------------------------


def frame(where: str, written: Any) -> pd.DataFrame:
    """Return rows as a source hands them over: text, the first row being row 2 of its file."""
    rows = list(_rows(where, written))
    columns = list(dict.fromkeys(itertools.chain.from_iterable(rows)))
    texts = {column: [_text(row.get(column)) for row in rows] for column in columns}
    return pd.DataFrame(
        texts, index=pd.RangeIndex(2, len(rows) + 2, name="row"), columns=columns, dtype="str"
    )


def _rows(where: str, written: Any) -> Iterator[Row]:
    if isinstance(written, Mapping):
        known(where, written, ("columns", "rows"))
        for row in written["rows"]:
            assert len(row) == len(written["columns"]), f"{where}: {row} does not fit the columns"
        written = [dict(zip(written["columns"], row, strict=True)) for row in written["rows"]]
    number = 0
    for row in written:
        for repeat in range(int(row.get("repeat", 1))):
            number += 1
            yield {
                column: _cell(where, value, number, repeat)
                for column, value in row.items()
                if column != "repeat"
            }


def _cell(where: str, value: Any, number: int, repeat: int) -> Any:
    """Return a value as written, counted ("c{n}"), stepped (from, every) or taken in turn (cycle)."""
    if isinstance(value, str) and "{n" in value:
        return value.format(n=number)
    if not isinstance(value, Mapping):
        return value
    known(where, value, GENERATED_KEYS)
    if "cycle" in value:
        return value["cycle"][repeat % len(value["cycle"])]
    return _stepped(value["from"], str(value["every"]), repeat)


def _stepped(first: Any, every: str, steps: int) -> Any:
    """Add `steps` times "7d", "30min", "1 month" to a day or a time; a number to a number."""
    if isinstance(first, int | float):
        return first + float(every) * steps
    written = re.fullmatch(r"(\d+) ?(min|h|d|month)s?", every)
    assert written, f'"{every}" is not a step. Write it as 30min, 1h, 7d or 1 month'
    amount = int(written[1]) * steps
    months = written[2] == "month"
    step = pd.DateOffset(months=amount) if months else timedelta(minutes=amount * MINUTES[written[2]])
    start = pd.Timestamp(first if isinstance(first, date) else str(first))
    then = start + step
    only_day = len(str(first)) == len("2024-06-01") and then.time() == time()
    return then.date() if only_day else then.isoformat(" ")


def _text(value: Any) -> str | None:
    """Write a value as a client's export would."""
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(" ")
        case timedelta():
            return str(value.total_seconds())
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


# ---- the verdict ----------------------------------------------------------------------------


def dataset(case: Case, tables: Mapping[str, pd.DataFrame] | None = None) -> Dataset:
    """Return the case's tables, or others in their place, after the same validation that a client's pass."""
    if tables is None:
        return _whole(case)
    return _validated(case, tables)


@cache
def _whole(case: Case) -> Dataset:
    """Return what several tests of one case read; nobody changes it."""
    return _validated(case, case.tables)


def _validated(case: Case, given: Mapping[str, pd.DataFrame]) -> Dataset:
    raw = Raw(
        source="case",
        client=Client(**case.client),
        tables=given,
        rows_read={name: len(rows) for name, rows in given.items()},
    )
    return validate(raw, Period.parse(case.period))


@dataclass(frozen=True)
class Result:
    """What a diagnostic says about a case."""

    dataset: Dataset
    verdict: Verdict
    score: Score


def result(case: Case, data: Dataset | None = None) -> Result:
    """Assess a case as a client's folder is assessed, with the case's settings."""
    declared = CHECKS.get(case.diagnostic)
    known(f"{case}, settings", case.settings, tuple(declared.settings))
    if case.settings:
        declared = replace(declared, assess=partial(declared.assess, **case.settings))
    data = dataset(case) if data is None else data
    verdict = run(declared, data)
    return Result(data, verdict, score(case.diagnostic, verdict.evidence))


@dataclass
class Differences:
    """Where the verdict is not as expected; all of it is told together."""

    case: Case
    lines: list[str] = field(default_factory=list)

    def same(self, what: str, expected: object, actual: object) -> None:
        if expected != actual:
            self.lines.append(f"{what}: expected {expected!r}, came {actual!r}")

    def near(self, what: str, expected: Any, actual: float | None, tolerance: float) -> None:
        """`expected` is a number, "unknown", or {from, to}."""
        if expected == "unknown":
            self.same(what, None, actual)
        elif isinstance(expected, Mapping):
            known(f"{self.case}, {what}", expected, ("from", "to"))
            low, high = expected.get("from", float("-inf")), expected.get("to", float("inf"))
            if actual is None or not low <= actual <= high:
                self.lines.append(f"{what}: expected {low} to {high}, came {actual}")
        elif actual is None or abs(actual - expected) > tolerance:
            self.lines.append(f"{what}: expected {expected} (within {tolerance}), came {actual}")


def differences(case: Case, found: Result) -> list[str]:
    """Hold the verdict against what the case expects; empty when all is as expected."""
    said = Differences(case)
    expect = case.expect
    if "score" in expect:
        said.near("score", expect["score"], found.score.value, 0.05)
    if "bounds" in expect:
        for what, expected, actual in zip(
            ("lower bound", "upper bound"), expect["bounds"], (found.score.low, found.score.high), strict=True
        ):
            said.near(what, expected, actual, 0.05)
    if "grade" in expect:
        said.same("grade", expect["grade"], found.score.grade)
    if "not_assessed" in expect:
        said.same("not assessed", bool(expect["not_assessed"]), found.score.value is None)
        if isinstance(expect["not_assessed"], str) and expect["not_assessed"] not in found.score.reason:
            said.lines.append(f'reason: expected "{expect["not_assessed"]}" in "{found.score.reason}"')
    aside = found.dataset.problems.query("severity == 'set aside'")
    said.same("rows set aside", expect.get("set_aside", 0), len(aside[["table", "row"]].drop_duplicates()))
    if len(aside) and "set_aside" not in expect:
        said.lines += [
            f"  {one.table} row {one.row}, {one.column}: {one.message}" for one in aside.itertuples()
        ]
    for measure, expected in (expect.get("evidence") or {}).items():
        _evidence(said, measure, expected, found.verdict.evidence)
    if "findings" in expect:
        _findings(said, expect["findings"], found.verdict.findings)
    _kind(said, found)
    return said.lines


def _evidence(said: Differences, measure: str, expected: Any, evidence: Sequence[Evidence]) -> None:
    by_measure = {_plain(one.measure): one for one in evidence}
    if measure not in by_measure:
        names = "; ".join(by_measure)
        said.lines.append(f'there is no measure "{measure}"; there are: {names}')
        return
    one = by_measure[measure]
    if not isinstance(expected, Mapping):
        expected = {"value": expected}
    known(f"{said.case}, {measure}", expected, EVIDENCE_KEYS)
    tolerance = float(expected.get("tolerance", 0.0005))
    for what, actual in (("value", one.value), ("low", one.low), ("high", one.high)):
        if what in expected:
            said.near(f"{measure}, {what}", expected[what], actual, tolerance)
    if "score" in expected:
        said.near(f"{measure}, score", expected["score"], one.score, 0.05)
    for what, actual in (("n", one.n), ("grade", one.grade)):
        if what in expected:
            said.same(f"{measure}, {what}", expected[what], actual)
    if "rows" in expected:
        said.same(f"{measure}, rows", sorted(expected["rows"]), sorted(one.rows))
    if "reason" in expected and expected["reason"] not in one.reason:
        said.lines.append(f'{measure}, reason: expected "{expected["reason"]}" in "{one.reason}"')


def _findings(said: Differences, expected: Any, findings: Sequence[Finding]) -> None:
    if isinstance(expected, int):
        said.same("number of findings", expected, len(findings))
        if expected != len(findings):
            said.lines += [f"  {one.severity}: {one.statement}" for one in findings]
        return
    left = list(findings)
    for wanted in expected:
        known(f"{said.case}, findings", wanted, FINDING_KEYS)
        if "severity" in wanted:
            assert wanted["severity"] in get_args(Severity), f"{said.case}: {wanted['severity']}"
        match = next((one for one in left if _is(one, wanted)), None)
        if match is None:
            said.lines.append(f"no finding is {dict(wanted)}")
        else:
            left.remove(match)
    said.lines += [f"a finding that was not expected: {one.severity}: {one.statement}" for one in left]


def _is(finding: Finding, wanted: Mapping[str, Any]) -> bool:
    statement = _plain(finding.statement)
    says = wanted.get("says", [])
    return (
        all(_plain(str(part)) in statement for part in (says if isinstance(says, list) else [says]))
        and _plain(wanted.get("remedy", "")) in _plain(finding.remedy)
        and all(
            wanted[key] == getattr(finding, key)
            for key in ("code", "severity", "side", "step", "lever")
            if key in wanted
        )
    )


def _plain(text: str) -> str:
    """Return text with ordinary spaces, so that a case can be typed."""
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def _kind(said: Differences, found: Result) -> None:
    """Hold what its kind says of a case: the word must not be a mere label."""
    bad = [one for one in found.verdict.findings if one.severity in ("severe", "moderate")]
    if said.case.kind == "healthy":
        said.lines += [f"healthy, and yet {one.severity}: {one.statement}" for one in bad]
    elif said.case.kind == "unhealthy" and not bad:
        said.lines.append("unhealthy, and yet there is no moderate or severe finding")
    elif said.case.kind == "missing":
        own = [one for one in found.verdict.evidence if not one.measure.startswith("answers of the")]
        open_ones = [one for one in own if one.value is None and one.weight > 0]
        if not open_ones or not found.score.low < found.score.high:
            said.lines.append("missing, and yet nothing is: the bounds of the score do not open")


def citing(case: Case) -> tuple[str, ...]:
    """Return the METHOD items that the case proves."""
    return cast("tuple[str, ...]", case.proves)
