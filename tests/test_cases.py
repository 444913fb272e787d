"""Does every diagnostic say what a WFM lead expects it to say? The cases are in tests/cases/."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.casefile import KINDS, Case, cases_in, dataset, differences, result
from workbench.diagnostics.diagnostic import CHECKS

FOLDER = Path(__file__).with_name("cases")
CASES: list[Case] = []
UNREADABLE: dict[str, Exception] = {}
for _path in sorted(FOLDER.glob("*.yaml")):
    try:
        CASES += cases_in(_path)
    except Exception as error:  # one file with a mistake must not hide the others
        UNREADABLE[_path.name] = error
EACH = [
    pytest.param(case, id=str(case), marks=pytest.mark.method(*case.proves) if case.proves else ())
    for case in CASES
]
ALL = pytest.mark.parametrize("case", CASES, ids=str)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.name)
def test_every_case_file_can_be_read(path: Path) -> None:
    """The error says where in the file, what came and what is accepted."""
    if path.name in UNREADABLE:
        raise UNREADABLE[path.name]


@pytest.mark.parametrize("case", EACH)
def test_the_diagnostic_says_what_the_case_expects(case: Case) -> None:
    """Every difference between the verdict and the case is listed."""
    found = differences(case, result(case))

    assert not found, f"{case.file}, {case.name}:\n" + "\n".join(found)


@pytest.mark.parametrize("code", CHECKS.names())
def test_every_diagnostic_has_a_healthy_an_unhealthy_and_a_missing_case(code: str) -> None:
    """A diagnostic whose verdict nobody wrote down beforehand is not finished."""
    kinds = {case.kind for case in CASES if case.diagnostic == code}

    lacking = [kind for kind in KINDS if kind not in kinds]
    if lacking:
        pytest.fail(f"tests/cases/{code}.yaml has no {' and no '.join(lacking)} case", pytrace=False)


def test_every_case_file_bears_the_name_of_a_diagnostic() -> None:
    """A file for a diagnostic that no longer exists would be dead weight."""
    assert [] == [path.name for path in FOLDER.glob("*.yaml") if path.stem not in CHECKS.names()]
    assert [] == [case.file for case in CASES if case.file != f"{case.diagnostic}.yaml"]


@ALL
def test_the_order_of_rows_does_not_change_a_score(case: Case) -> None:
    """An export that is sorted differently tells the same story."""
    turned = {name: rows.iloc[::-1] for name, rows in case.tables.items()}

    before, after = (vars(found.score) for found in (result(case), result(case, dataset(case, turned))))
    numbers = {name for name, value in before.items() if isinstance(value, float)}
    assert {name: before[name] for name in numbers} == pytest.approx(
        {name: after[name] for name in numbers}, abs=1e-9
    )
    assert [before[name] for name in before if name not in numbers] == [
        after[name] for name in after if name not in numbers
    ]


@ALL
def test_taking_a_table_away_never_raises_the_lower_bound(case: Case) -> None:
    """Nobody looks better for having handed over less."""
    given = dataset(case)
    whole = result(case, given).score
    for name in case.tables:
        left = result(case, given.without(name)).score

        assert left.low <= whole.low + 1e-9, name
