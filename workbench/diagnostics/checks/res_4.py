"""Is there transparency: does the buyer get the data it asks for?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.lifecycle import carried_by
from workbench.intake.dataset import Dataset
from workbench.intake.spec import table_specs
from workbench.wording import figure, listing

OPEN = Scale(zero=0.2, hundred=0.9, target=0.7, source="METHOD RES-4: data access; ends are ours")
EXPORT = Scale(zero=0.3, hundred=1.0, target=0.9, source="METHOD RES-4, EXIT-4, TECH-5; ends are ours")


@diagnostic("RES-4", area="rescue or switch", also=("EXIT-4",))
def data_is_open(dataset: Dataset) -> Verdict:
    """The data that a review needs is handed over, and every tool's data can be taken out.

    Why: what cannot be seen cannot be repaired, and what cannot be exported cannot be left.
    Healthy: 44 of 51 tables usable; each tool has an export.
    Unhealthy: a dashboard's picture, and a tool that lets nothing out.
    Remedy: write the data list with dates into the contract, and test an export of each tool.
    """
    specs = table_specs()
    usable = [name for name in specs if dataset.usable(name)]
    absent = [name for name in specs if name not in usable]
    given = quantity(
        "tables of the full list that were handed over and usable",
        len(usable) / len(specs),
        "fraction",
        len(specs),
        table="problems",
        scale=OPEN,
        grade="D",
        formula="usable tables / tables of data pack C",
    )
    export, shut = _export(dataset)
    said = found(
        "RES-4",
        given,
        f"{len(usable)} of {len(specs)} tables were handed over and usable (expected "
        f"{figure(OPEN.target, 'fraction')}); not there: {listing(absent, 6)}.",
        "Write the data list with dates and formats into the contract.",
        step="data",
        at_most="moderate",
    ) + found(
        "RES-4",
        export,
        f"{figure(export.value, 'fraction')} of {export.n} tools let their data out in a named format (expected "
        f"{figure(EXPORT.target, 'fraction')}).",
        "Test an export of each tool, and replace what lets nothing out.",
        step="technology",
        about=carried_by(shut),
    )
    return Verdict((given, export), said)


def _export(dataset: Dataset) -> tuple[Evidence, list[object]]:
    """Return the share of tools whose data can be taken out, and what the others are for."""
    label = "tools whose data can be taken out"
    tools = dataset.tables.get("tool_inventory")
    if tools is None:
        return missing(label, "fraction", table="tool_inventory", lack=Lack(tables=("tool_inventory",))), []
    used = tools[tools["status"] != "retired"]
    out = used["data_export_format"].notna()
    part = quantity(label, float(out.mean()) if len(used) else None, "fraction", len(used), table="tool_inventory",
                    scale=EXPORT, grade="D", rows=used.index[~out], reason="no tool is listed")  # fmt: skip
    return part, used.loc[~out, "function"].tolist()
