"""What does a consultant look at first? Tables for the notebook that explores a client."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd

from workbench.diagnostics.actions import as_frame, follow_up, prefilled
from workbench.diagnostics.assess import Assessment, assess
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.doubt import doubts, tornado
from workbench.diagnostics.scoring import band_words
from workbench.intake.read import read_client
from workbench.reports.parts import GRADE_WORDS
from workbench.reports.priced import pricing_of, with_prices
from workbench.reports.readers import weights_of_health
from workbench.resources import folder as shipped
from workbench.wording import as_known

EXAMPLE = "quietbrook_travel"


def folder_of(client: Path | None) -> Path:
    """Return the client's folder; without one a copy of an example client, which may be written to."""
    if client is not None:
        return client
    place = Path(tempfile.mkdtemp(prefix="workshop-")) / EXAMPLE
    shutil.copytree(shipped("example") / EXAMPLE, place)
    return place


def assessed(client: Path | None = None, prices: bool = False, seed: int = 1) -> Assessment:
    """Return the assessment of a client; without one, of an example client.

    prices : say what each finding costs too; about a minute, for the client's floor is simulated.
    """
    place = client if client is not None else shipped("example") / "brightwave_telecom"
    assessment = assess(read_client(place, today=date.today()), weights=weights_of_health())
    return with_prices(assessment, seed) if prices else assessment


def tables(assessment: Assessment) -> pd.DataFrame:
    """Return each table with the rows that came, those that are used, and its problems."""
    dataset = assessment.dataset
    rows = [
        {
            "table": name,
            "rows read": dataset.provenance.rows_read.get(name, len(table)),
            "rows used": len(table),
            "problems": int((dataset.problems["table"] == name).sum()),
        }
        for name, table in sorted(dataset.tables.items())
    ]
    return pd.DataFrame(rows, columns=["table", "rows read", "rows used", "problems"])


def scores(assessment: Assessment) -> pd.DataFrame:
    """Return total, areas and diagnostics with score, bounds and band; the weakest area first."""
    rows = [("All together", "", assessment.total)]
    areas = sorted(assessment.areas.items(), key=lambda item: (item[1].low, item[0]))
    for area, one in areas:
        rows.append((area, "", one))
        rows += [
            ("", f"{code} {CHECKS.get(code).title}", score)
            for code, score in assessment.scores.items()
            if CHECKS.get(code).area == area
        ]
    said = [
        {"area": area, "diagnostic": what, "score": s.value, "worst": s.low, "best": s.high,
         "in words": band_words(s), "evidence": s.evidenced}
        for area, what, s in rows
    ]  # fmt: skip
    return pd.DataFrame(said).round({"score": 0, "worst": 0, "best": 0, "evidence": 2})


def findings(assessment: Assessment) -> pd.DataFrame:
    """Return the findings, the most severe first; those of a priced assessment with what each costs a month."""
    rows = [(f.code, f.severity, f.statement, f.remedy, f.side) for f in assessment.findings]
    table = pd.DataFrame(rows, columns=["code", "severity", "finding", "remedy", "side"])
    found = pricing_of(assessment)
    if found is None:
        return table
    prices = [found.price_of(finding) for finding in assessment.findings]
    known = [None if p is None else as_known(p.amount.value) for p in prices]
    table.insert(3, f"{found.currency} a month", pd.array(known, dtype="Float64"))
    table.insert(4, "90 % interval", ["no price" if p is None else p.between for p in prices])
    table.insert(5, "price is", ["" if p is None else GRADE_WORDS[p.grade] for p in prices])
    return table


def rows_behind(assessment: Assessment, code: str) -> pd.DataFrame:
    """Return the rows of the client's tables behind the evidence of one diagnostic, with file and row.

    Raises
    ------
    UnknownName
        if there is no such diagnostic.
    """
    dataset = assessment.dataset
    found = []
    for part in assessment.verdicts[CHECKS.get(code).code].evidence:
        table = dataset.tables.get(part.table)
        if table is None or not part.rows:
            continue
        rows = table.loc[table.index.intersection(list(part.rows))].copy()
        places = [dataset.provenance.located(part.table, int(row)) for row in rows.index]
        rows.insert(0, "row of file", [place for _, place in places])
        rows.insert(0, "file", [file for file, _ in places])
        rows.insert(0, "measure", part.measure)
        found.append(rows)
    return pd.concat(found) if found else pd.DataFrame(columns=["measure", "file", "row of file"])


def doubt(assessment: Assessment) -> pd.DataFrame:
    """Return the three doubts about the total and each area."""
    return doubts(assessment).scopes.round(1)


def movers(assessment: Assessment) -> pd.DataFrame:
    """Return what moves the total most."""
    return tornado(assessment, most=20).round(2)


def actions(assessment: Assessment) -> pd.DataFrame:
    """Return the prefilled actions, in the order of repair."""
    columns = ["id", "what", "owner", "owner_side", "forum", "due", "measure", "value", "expected"]
    return as_frame(prefilled(assessment))[columns]


def agreed(assessment: Assessment) -> pd.DataFrame:
    """Return what became of the actions that were agreed."""
    return follow_up(assessment).actions
