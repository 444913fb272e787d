"""What would pandera say of a table? The same specs as a schema, a second witness to rules.py.

pandera took 37 s for a million rows of which a fifth are unusable, so that validation does not use it;
the tests hold its verdict against the masks. It is needed for development only and imported lazily.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.intake.cells import DTYPES
from workbench.intake.spec import ColumnSpec, TableSpec

if TYPE_CHECKING:
    import pandera.pandas as pa


def pandera_schema(spec: TableSpec) -> pa.DataFrameSchema:
    """Return the schema of a table that is read already: dtypes, required, bounds, codes, key, order.

    Validate with ``lazy=True`` and look at ``failure_cases`` for the rows that break a rule.
    """
    import pandera.pandas as pa

    orders = [
        pa.Check(
            _follows(column.name, column.not_before), name=f"{column.name} not before {column.not_before}"
        )
        for column in spec.columns
        if column.not_before
    ]
    return pa.DataFrameSchema(
        {column.name: _column(column) for column in spec.columns},
        checks=orders,
        unique=list(spec.key) or None,
        strict=True,
        name=spec.name,
    )


def _column(column: ColumnSpec) -> Any:
    import pandera.pandas as pa

    checks = []
    if DTYPES[column.type] == "float64":
        if column.low is not None:
            checks.append(pa.Check.ge(column.low))
        if column.high is not None:
            checks.append(pa.Check.le(column.high))
        if column.type == "count":
            checks.append(pa.Check(lambda values: values % 1 == 0, name="whole"))
    if column.allowed:
        checks.append(pa.Check.isin(column.allowed))
    return pa.Column(DTYPES[column.type], checks=checks, nullable=not column.required)


def _follows(late: str, early: str) -> Any:
    return lambda frame: ~(frame[late] < frame[early])
