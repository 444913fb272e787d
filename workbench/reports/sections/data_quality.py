"""How good are the data, table by table and in which way, and which figures does the rest spoil?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.dimensions import DIMENSIONS, OF
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Cell, Column, DataTable, Prose
from workbench.wording import counted, figure, listing, span


@section(
    "data quality", title="How good the data are, and what the rest spoils", order=27,
    reports=("operating_model_assessment",),
)  # fmt: skip
def data_quality(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show each table in six dimensions, and the diagnostics that read each weak column."""
    verdict = assessment.verdicts.get("VL-3")
    quality = None if verdict is None else verdict.facts.get("data quality by dimension")
    spoils = None if verdict is None else verdict.facts.get("what it spoils")
    if not isinstance(quality, pd.DataFrame) or not isinstance(spoils, pd.DataFrame) or quality.empty:
        return Content(())
    blocks: list[AnyBlock] = [Prose.of(_first_words(quality, spoils)), _by_dimension(quality)]
    sampled = quality[(quality["dimension"] == "accuracy") & (quality["n"] > 0)]
    if sampled.empty:
        blocks.append(
            Prose.of(
                "Accuracy is not measured: no record was held against its source. A table accuracy_sample with some "
                "fifty records of a table would show it."
            )
        )
    kinds = verdict.facts.get("rows that cannot be right") if verdict else None
    if isinstance(kinds, pd.DataFrame) and len(kinds):
        blocks.append(_cannot_be(kinds))
    if len(spoils):
        blocks.append(_spoiled(spoils, assessment))
    data = {
        "dimensions": [
            {"table": r.table, "dimension": r.dimension, "n": int(r.n), "bad": int(r.bad),
             "share": None if pd.isna(r.share) else float(r.share), "reason": r.reason}
            for r in quality.itertuples()
        ],
        "spoils": [
            {"table": r.table, "dimension": r.dimension, "column": r.column, "share": float(r.share),
             "diagnostics": list(r.spoils), "figures": _figures(assessment, r.spoils)}
            for r in spoils.itertuples()
        ],
    }  # fmt: skip
    return Content(blocks, {"data_quality": data})


def _first_words(quality: pd.DataFrame, spoils: pd.DataFrame) -> str:
    tables = quality["table"].nunique()
    said = f"{counted(tables, 'table')} came. "
    if spoils.empty:
        return said + "No column misses the target of a dimension in which it was measured."
    worst = spoils.iloc[0]
    codes = sorted({code for codes in spoils["spoils"] for code in codes})
    one = len(spoils) == 1
    return (
        f"{said}{counted(len(spoils), 'column')} in {counted(spoils['table'].nunique(), 'of them', 'of them')} "
        f"{'misses' if one else 'miss'} a target; {counted(len(codes), 'diagnostic')} of this report "
        f"{'reads' if len(codes) == 1 else 'read'} {'it' if one else 'them'}. The worst is "
        f"{worst['table']}.{worst['column']}: {figure(worst['share'], 'fraction')} of "
        f"{counted(int(worst['n']), OF[worst['dimension']])} good in {worst['dimension']}."
    )


def _by_dimension(quality: pd.DataFrame) -> DataTable:
    rows: list[tuple[Cell, ...]] = []
    for table, mine in quality.groupby("table", sort=False):
        by_dimension = mine.set_index("dimension")
        cells = [_cell(by_dimension.loc[dimension], dimension) for dimension in DIMENSIONS]
        rows.append((str(table), int(by_dimension.at["validity", "n"]), *cells))
    return DataTable(
        name="data quality by dimension",
        caption="Each table in six dimensions: share that is good, and wrong of looked at",
        columns=(
            Column(name="table", label="Table"), Column(name="rows", label="Rows", type="count"),
            *(Column(name=dimension, label=dimension.capitalize()) for dimension in DIMENSIONS),
        ),
        rows=tuple(rows),
        note="Completeness counts cells, accuracy sampled records with their 95 % interval, the others rows. "
        "A dash: not measured, because no rule, no time of entry or no sample says anything. "
        f"Targets: {_targets()}.",
        shown=60,
    )  # fmt: skip


def _targets() -> str:
    return listing([f"{name} {figure(scale.target, 'fraction')}" for name, scale in DIMENSIONS.items()], 6)


def _cell(row: pd.Series, dimension: str) -> str:
    if not row["n"]:
        return "–"
    if not row["bad"] and dimension != "accuracy":
        return figure(1.0, "fraction")
    between = span(row["low"], row["high"], "fraction") if dimension == "accuracy" else ""
    share = figure(row["share"], "fraction")
    if row["bad"] and share == figure(1.0, "fraction"):
        share = f"under {share}"
    return f"{share} ({f'{between}; ' if between else ''}{int(row['bad']):,} of {int(row['n']):,})"


def _cannot_be(kinds: pd.DataFrame) -> DataTable:
    return DataTable(
        name="rows that cannot be right",
        caption="Rows that cannot be right, by kind: what they say, or another row or table says otherwise",
        columns=(
            Column(name="table", label="Table"), Column(name="says", label="What is wrong"),
            Column(name="dimension", label="Weak in"), Column(name="bad", label="Rows", type="count"),
            Column(name="n", label="Looked at", type="count"),
            Column(name="share", label="Share", type="number", unit="fraction", decimals=1),
            Column(name="used", label="Used all the same"), Column(name="spoils", label="Diagnostics that read it"),
        ),
        rows=tuple(
            (str(r.table), str(r.says), str(r.dimension), int(r.bad), int(r.n), float(r.share),
             "yes" if r.used else "no", listing(r.spoils, 40) or "none")
            for r in kinds.itertuples()
        ),
        note="None is expected. Where two figures contradict one another nobody knows which of them is wrong.",
        shown=40,
    )  # fmt: skip


def _spoiled(spoils: pd.DataFrame, assessment: Assessment) -> DataTable:
    return DataTable(
        name="what it spoils",
        caption="Weak columns and the figures that are computed from them",
        columns=(
            Column(name="table", label="Table"), Column(name="column", label="Column"),
            Column(name="dimension", label="Weak in"),
            Column(name="share", label="Good", type="number", unit="fraction", decimals=1),
            Column(name="bad", label="Wrong", type="count"), Column(name="n", label="Looked at", type="count"),
            Column(name="spoils", label="Diagnostics that read it"),
            Column(name="figures", label="Their figures", type="count"),
        ),
        rows=tuple(
            (str(r.table), str(r.column), str(r.dimension), float(r.share), int(r.bad), int(r.n),
             listing(r.spoils, 40) or "none", len(_figures(assessment, r.spoils)))
            for r in spoils.itertuples()
        ),
        note="Read off the code of each diagnostic: the tables that it declares and the columns that it names.",
        shown=40,
    )  # fmt: skip


def _figures(assessment: Assessment, codes: tuple[str, ...]) -> list[str]:
    """Return the measures, with the code in front, that the diagnostics computed from data."""
    return [
        f"{code}: {part.measure}"
        for code in codes
        if code in assessment.verdicts and code in CHECKS.by_name
        for part in assessment.verdicts[code].evidence
        if part.value is not None and part.grade == "M"
    ]
