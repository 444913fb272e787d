"""Laws that hold for every diagnostic, on a generated client: what must not change a score, and what must not crash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.diagnostics.small import small_client, small_made
from tools.clientgen.dataset import as_dataset
from workbench.diagnostics.assess import Assessment, Weights, assess, compose, run
from workbench.diagnostics.diagnostic import CHECKS, Diagnostic
from workbench.diagnostics.finding import Score, Verdict
from workbench.intake.contradictions import between
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.intake.spec import table_specs
from workbench.once import remembering

TABLES = sorted(small_client().tables)
NEAR = 1e-6
"""Sums in another order differ in the last digits. [points of 100]"""


@pytest.fixture(autouse=True, scope="module")
def _remembered() -> Iterator[None]:
    """What was worked out from tables that a test leaves alone is not worked out again, as within one assessment."""
    with remembering():
        yield


@cache
def whole() -> Assessment:
    return assess(small_client())


def users(table: str) -> Iterator[Diagnostic]:
    """The diagnostics that may look at `table`."""
    for declared in CHECKS:
        if (
            table in (*declared.needs, *declared.optional)
            or "dataset" in declared.reserved
            or table == "survey"
        ):
            yield declared


def with_other(dataset: Dataset, table: str) -> Assessment:
    """Assess a dataset that differs from the whole in one table: only who looks at it runs again."""
    verdicts: dict[str, Verdict] = dict(whole().verdicts)
    verdicts |= {declared.code: run(declared, dataset) for declared in users(table)}
    return compose(dataset, verdicts, Weights())


@cache
def kin(table: str) -> frozenset[str]:
    """The tables that are held against `table`: by an id that refers to the other, or by a rule between two."""
    specs = table_specs()
    pairs = [
        (name, c.references.partition(".")[0])
        for name, spec in specs.items()
        for c in spec.columns
        if c.references
    ]
    pairs += [(rule.table, rule.other) for rule in between()]
    return frozenset({table, *(b for a, b in pairs if a == table), *(a for a, b in pairs if b == table)})


def among_its_kin(dataset: Dataset, table: str) -> Assessment:
    """As `with_other`, but who reads all tables sees those alone that are held against the one that differs."""
    verdicts: dict[str, Verdict] = dict(whole().verdicts)
    near = replace(
        dataset, tables={name: rows for name, rows in dataset.tables.items() if name in kin(table)}
    )
    for declared in users(table):
        verdicts[declared.code] = run(declared, near if "dataset" in declared.reserved else dataset)
    return compose(dataset, verdicts, Weights())


def numbers(score: Score) -> tuple[float, ...]:
    values = (score.value, score.low, score.high, score.sampling_low, score.sampling_high, score.evidenced)
    return tuple(-1.0 if value is None else float(value) for value in values)


def same_scores(one: Assessment, other: Assessment) -> None:
    """Hold every score, interval and bound of two assessments together."""
    different = {
        code: (numbers(score), numbers(other.scores[code]))
        for code, score in one.scores.items()
        if not np.allclose(numbers(score), numbers(other.scores[code]), atol=NEAR)
    }

    assert {} == different
    assert np.allclose(numbers(one.total), numbers(other.total), atol=NEAR)


def test_the_order_of_rows_changes_no_score() -> None:
    """Every table is shuffled."""
    dataset = small_client()
    draw = np.random.default_rng(3)
    shuffled = {name: table.iloc[draw.permutation(len(table))] for name, table in dataset.tables.items()}

    same_scores(whole(), assess(replace(dataset, tables=shuffled)))


def persons() -> dict[str, list[str]]:
    """The columns of each table that hold the pseudonym of somebody on the roster."""
    found: dict[str, list[str]] = {"hris": ["agent_id", "supervisor_id"]}
    for name, spec in table_specs().items():
        columns = [c.name for c in spec.columns if c.references == "hris.agent_id"]
        if columns:
            found[name] = sorted({*columns, *found.get(name, [])})
    return found


def test_other_names_for_the_same_people_change_no_score() -> None:
    """Every pseudonym is replaced by one that sorts elsewhere."""
    dataset = small_client()
    everyone = sorted(
        {
            str(person)
            for name, columns in persons().items()
            if name in dataset.tables
            for column in columns
            for person in dataset.tables[name][column].dropna()
        }
    )
    order = np.random.default_rng(5).permutation(len(everyone))
    other = {person: f"P{place:05d}" for person, place in zip(everyone, order, strict=True)}
    tables = dict(dataset.tables)
    for name, columns in persons().items():
        if name in tables:
            tables[name] = tables[name].assign(
                **{
                    c: tables[name][c].map(other, na_action="ignore").astype(tables[name][c].dtype)
                    for c in columns
                }
            )

    same_scores(whole(), assess(replace(dataset, tables=tables)))


def test_an_export_in_another_time_zone_changes_no_score() -> None:
    """The same instants, written with Tokyo's offset."""
    made = small_made()
    elsewhere = {
        name: table.assign(
            **{
                column: values.dt.tz_convert("Asia/Tokyo")
                for column, values in table.items()
                if isinstance(values.dtype, pd.DatetimeTZDtype)
            }
        )
        for name, table in made.tables.items()
    }
    assert any(isinstance(d, pd.DatetimeTZDtype) for d in elsewhere["contacts"].dtypes)

    same_scores(whole(), assess(as_dataset(replace(made, tables=elsewhere))))


def test_one_table_in_several_files_changes_no_score() -> None:
    """Contacts month by month, the months in the wrong order: rows count on from file to file."""
    dataset = small_client()
    contacts = dataset.tables["contacts"]
    month = contacts["offered_ts"].dt.strftime("%Y-%m")
    parts = [contacts[month == name] for name in sorted(month.unique(), reverse=True)]
    assert len(parts) >= 3
    stacked = pd.concat(parts)
    stacked.index = pd.RangeIndex(2, len(stacked) + 2, name="row")

    same_scores(whole(), with_other(dataset.with_table("contacts", stacked), "contacts"))


def concerned(before: Assessment, after: Assessment) -> set[str]:
    """The items that concern the client in both: the others leave their area, or have no bound to compare with."""
    return {*before.scores} - {*before.not_applicable} - {*after.not_applicable}


WHAT_CAME = {"VL-3", "RES-4"}
"""Items that judge what was handed over: a table that is not there is a fact to them, and they may rise with it."""


@pytest.mark.parametrize("table", TABLES)
def test_a_table_more_never_widens_the_bounds_nor_lowers_a_lower_one(table: str) -> None:
    """Nobody looks better for having handed over less, and who hands over more is known better: item, area, total."""
    more, less = whole(), with_other(small_client().without(table), table)

    # an item that no longer concerns a client leaves its area, and one that did not concern it has no bound to
    # compare with: without the table it is missing, and what was answered counts
    both = concerned(more, less)
    assert {} == widened({code: more.scores[code] for code in both}, less.scores)
    assert not {code for code in both - WHAT_CAME if more.scores[code].high > less.scores[code].high + NEAR}
    if set(more.not_applicable) == set(less.not_applicable):
        assert {} == widened({**more.areas, "total": more.total}, {**less.areas, "total": less.total})


def widened(more: Mapping[str, Score], less: Mapping[str, Score]) -> dict[str, tuple[float, ...]]:
    """Return what has a lower bound below the one it had with less evidence, or bounds further apart."""
    return {
        name: (one.low, one.high, less[name].low, less[name].high)
        for name, one in more.items()
        if one.low < less[name].low - NEAR or one.high - one.low > less[name].high - less[name].low + NEAR
    }


def test_rows_more_never_widen_the_bounds() -> None:
    """A table of which half came says something else, but never more surely: what is missing only shrinks."""
    grown = {}
    for table in TABLES:
        rows = small_client().tables[table]
        less = among_its_kin(small_client().with_table(table, rows.iloc[: len(rows) // 2]), table)
        for code in concerned(whole(), less) - WHAT_CAME:
            width, before = (s.high - s.low for s in (whole().scores[code], less.scores[code]))
            if width > before + NEAR:
                grown[table, code] = (width, before)

    assert {} == grown


def emptied(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.iloc[:0]


def one_row(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.iloc[:1]


def one_agent(rows: pd.DataFrame) -> pd.DataFrame:
    return (
        rows[rows["agent_id"] == rows["agent_id"].dropna().iloc[0]] if "agent_id" in rows else rows.iloc[:2]
    )


def unknown(rows: pd.DataFrame) -> pd.DataFrame:
    """Every column that may be empty is."""
    name = next(n for n, t in small_client().tables.items() if list(t.columns) == list(rows.columns))
    optional = [c.name for c in table_specs()[name].columns if not c.required and c.name in rows]
    return rows.assign(**{c: rows[c].mask(np.ones(len(rows), bool)) for c in optional})


def alike(rows: pd.DataFrame) -> pd.DataFrame:
    """Every number is the same, and every flag."""
    numbers_of = [c for c in rows if pd.api.types.is_numeric_dtype(rows[c]) or rows[c].dtype == "boolean"]
    return rows.assign(**{c: rows[c].iloc[0] for c in numbers_of})


@pytest.mark.parametrize("spoil", [emptied, one_row, one_agent, unknown, alike])
def test_little_of_any_one_table_is_a_score_with_bounds_or_not_assessed_with_a_reason(spoil) -> None:  # type: ignore[no-untyped-def]
    """No crash, no bound outside 0 to 100, no missing reason."""
    for table in TABLES:
        dataset = small_client()
        spoiled = dataset.with_table(table, spoil(dataset.tables[table]))
        _orderly(among_its_kin(spoiled, table), table)


@pytest.mark.parametrize("days", [1, 7, 30])
def test_a_short_period_is_assessed_or_not_with_a_reason(days: int) -> None:
    """One month, one week, one day of the client; the tables hold more."""
    dataset = small_client()
    start = dataset.period.start
    short = Period(start, (pd.Timestamp(start) + pd.Timedelta(days=days - 1)).date())

    _orderly(assess(replace(dataset, period=short)), f"{days} days")


def test_only_one_side_and_respondents_who_disagree() -> None:
    """The other side's half stays open."""
    dataset = small_client()
    survey = dataset.tables["survey"]
    apart = survey.assign(answer=np.where(np.arange(len(survey)) % 2, 1.0, 5.0))
    for rows in (survey[survey["side"] == "buyer"], survey[survey["side"] == "vendor"], apart):
        _orderly(with_other(dataset.with_table("survey", rows), "survey"), "survey")


def _orderly(assessment: Assessment, what: str) -> None:
    for code, score in assessment.scores.items():
        assert -NEAR <= score.low <= score.high <= 100 + NEAR, (what, code, score)
        if score.value is None:
            assert score.reason or code in assessment.not_applicable, (what, code)
        else:
            assert score.low - NEAR <= score.value <= score.high + NEAR, (what, code, score)
    for finding in assessment.findings:
        assert "nan" not in finding.statement.lower().split(), (what, finding.statement)
