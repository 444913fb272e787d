"""How many people does the busiest day need, in which shifts, and how sure is that?"""

from __future__ import annotations

import pandas as pd

from workbench.reports.declare import Content, section
from workbench.reports.figures_of_staffing import need_over_a_day
from workbench.reports.parameters import Parameters
from workbench.reports.section import INTERNAL, AnyBlock, Bullets, Column, DataTable, Prose
from workbench.reports.staffing import StaffingStudy
from workbench.reports.words import plainly
from workbench.wording import counted


@section("staffing need", title="How many people does it need?", order=40, reports=("staffing_what_if",))
def staffing_need(study: StaffingStudy, parameters: Parameters) -> Content:
    """Show the requirement over the day, the plan of shifts, and what a check with other random numbers says."""
    staffed, day = study.staffed, study.day
    if staffed is None or day is None:
        why = study.missing.get("plan")
        return Content([Prose.of(why)]) if why else Content(())
    beside = study.enough
    blocks: list[AnyBlock] = [
        Prose.of(
            "Of the mean week, its day with the most contacts: the cheapest people with whom every hour meets its "
            f"target, found by simulation and checked with {staffed.proposal.check.n:,} other replications."
        ),
        *([Prose.of(beside.words)] if beside is not None else []),
    ]
    requirement = staffed.requirement
    if requirement is not None and beside is not None:
        table = requirement.table()
        whole = table.groupby("start", sort=True)[["required", "erlang_a"]].sum()
        blocks.append(
            need_over_a_day(
                "people needed", beside.starts, beside.needed.tolist(),
                whole["erlang_a"].astype(float).tolist(), beside.there.tolist(),
                f"People on contacts over the day, all groups. {study.dataset.client.name}, {beside.weekday} of the "
                f"mean week of {study.dataset.period}; needed: {requirement.check.n:,} replications, there: "
                f"{beside.there_hours.n:,}, seed {beside.today.seed}.",
            )
        )  # fmt: skip
    if staffed.plan is not None:
        blocks.append(_shifts(staffed.plan.table()))
    if staffed.notes:
        blocks.append(Bullets.of([[plainly(note)] for note in staffed.notes]))
    if staffed.remedies:
        blocks.append(
            Prose.of(
                "Where it cannot be met, the cheapest ways out: "
                + "; ".join(str(r) for r in staffed.remedies)
                + "."
            )
        )
    data = {"staffing": staffed.to_data()} if parameters.audience == "internal" else {}
    return Content(blocks, data)


def _shifts(table: pd.DataFrame) -> DataTable:
    return DataTable(
        name="shifts", audience=INTERNAL,
        caption=f"{counted(int(table['people'].sum()), 'person', 'people')} on shifts",
        columns=tuple(
            Column(name=str(c), label=str(c).capitalize(), type="number" if table[c].dtype.kind in "if" else "text")
            for c in table.columns
        ),
        rows=tuple(tuple(row) for row in table.itertuples(index=False)),
    )  # fmt: skip
