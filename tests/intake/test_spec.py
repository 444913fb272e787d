"""Do the tables say of themselves what everybody builds on?"""

from __future__ import annotations

import pytest

from workbench.errors import UnknownName
from workbench.intake.cells import DTYPES
from workbench.intake.spec import TableSpec, table_spec, table_specs

TABLES = list(table_specs().values())


def test_all_tables_of_the_method_are_there() -> None:
    """METHOD section 0 names 51 tables; owners named and sampled records are ours."""
    assert len({t.name for t in TABLES} - {"owner_answer", "accuracy_sample"}) == 51
    assert [t.name for t in TABLES][:3] == ["contacts", "intervals", "forecast"]
    assert TABLES[-1].name == "survey"


def test_data_packs_are_those_of_the_method() -> None:
    """Pack A is the questionnaire; pack B adds the ACD's intervals, a roster, QA, meetings and actions."""
    by_pack = {pack: {t.name for t in TABLES if t.pack == pack} for pack in "ABC"}

    assert by_pack["A"] == {"owner_answer", "survey"}
    assert by_pack["B"] == {"intervals", "hris", "qa_eval", "gov_meeting", "gov_action"}
    assert len(by_pack["C"]) == 46


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_table_is_sound(spec: TableSpec) -> None:
    """Names are unique, every reference leads somewhere, defaults fit their own column, money has a currency."""
    names = [column.name for column in spec.columns]

    assert len(set(names)) == len(names)
    for column in spec.columns:
        assert column.type in DTYPES
        assert column.description
        if column.references:
            table, _, target = column.references.partition(".")
            table_spec(table).column(target)
        if column.not_before:
            assert spec.column(column.not_before).type == column.type
        if column.allowed and column.default:
            assert column.default in column.allowed
        if column.low is not None and column.high is not None:
            assert column.low < column.high
    if any(column.type == "money" for column in spec.columns):
        assert spec.column("currency").default == "client.currency"
    for owner in spec.no_overlap_by:
        assert spec.column(owner).required
        assert spec.column("start").required
    assert any(column.required for column in spec.columns)


def test_unknown_names_suggest_the_nearest() -> None:
    """A name mistyped is answered with the name meant."""
    with pytest.raises(UnknownName, match='Did you mean "contacts"'):
        table_spec("contact")
    with pytest.raises(UnknownName, match='Did you mean "talk_s"'):
        table_spec("contacts").column("talks_s")
