"""What does it cost to notice a drift late, by chart and by forum?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.diagnostics.assess import Assessment
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.priced import pricing_of
from workbench.reports.section import CLIENT_FACING, AnyBlock, Column, DataTable, Detail, Prose, quiet
from workbench.wording import as_known, money

if TYPE_CHECKING:
    from workbench.studies.pricing.cadence import Late


@section(
    "cost of noticing late", title="What noticing late costs", order=19,
    reports=("operating_model_assessment", "partnership_health_review"),
)  # fmt: skip
def cost_of_noticing_late(assessment: Assessment, parameters: Parameters) -> Content:
    """Show the loss of a drift until it is corrected, by chart and forum; a client's copy shows the weeks."""
    from workbench.studies.pricing.cadence import middle_sizes

    found = pricing_of(assessment)
    if found is None or (not found.cadence and not found.cadence_note):
        return Content(())
    if not found.cadence:
        return Content([Prose.of(found.cadence_note)], {"cadence": []})
    ours = parameters.audience not in CLIENT_FACING
    blocks: list[AnyBlock] = [
        Prose.of(
            "A drift goes on until a chart shows it, somebody decides and the action is closed. Charts "
            "and forums are compared at the same rate of false alarms, one a year."
        ),
        *(
            _middle(found.cadence, size, found.currency, found.period, ours, f" {place}" if place > 1 else "")
            for place, size in enumerate(middle_sizes(found.cadence), start=1)
        ),
        Detail(
            summary="Every size of drift, chart and forum", on_screen_only=True,
            blocks=(_table(found.cadence, found.currency, found.period, ours),),
        ),
    ]  # fmt: skip
    if ours:
        blocks.append(Prose.of(quiet(found.cadence_note)))
    rows = [one.to_data() for one in found.cadence]
    if not ours:
        rows = [{k: v for k, v in row.items() if k not in ("loss", "low", "high")} for row in rows]
    return Content(blocks, {"cadence": rows})


def _middle(
    cadence: Sequence[Late], size: str, currency: str, period: str, ours: bool, place: str
) -> DataTable:
    """Return one size of drift, chart by forum; `place` tells its name from those of other measures."""
    mine = [late for late in cadence if late.size == size]
    forums = list(dict.fromkeys(late.forum for late in mine))
    cell = {(c.chart, c.forum): f"{c.weeks:.0f} weeks" + (f": {_loss(c)}" if ours else "") for c in mine}
    what = f", {currency} with the 90 % interval" if ours else ""
    return DataTable(
        name=f"one drift{place}", caption=f"A drift of {size} until it is corrected{what}; {period}",
        columns=(Column(name="chart", label="Chart"),
                 *(Column(name=forum, label=forum[:1].upper() + forum[1:]) for forum in forums)),
        rows=tuple(
            (chart, *(cell[chart, forum] for forum in forums)) for chart in dict.fromkeys(c.chart for c in mine)
        ),
        note="As it is: decided on as the client does today, whatever its forums are.",
    )  # fmt: skip


def _table(cadence: Sequence[Late], currency: str, period: str, ours: bool) -> DataTable:
    rows = tuple(
        (c.size, c.chart, c.forum, c.detect_weeks, c.wait_weeks, c.act_weeks, c.weeks,
         *((as_known(c.loss), _between(c)) if ours else ()))
        for c in cadence
    )  # fmt: skip
    weeks = (
        ("detect", "Until it shows"), ("wait", "Until it is decided"), ("act", "Until it is mended"),
        ("weeks", "Weeks"),
    )  # fmt: skip
    return DataTable(
        name="cost of noticing late",
        caption=f"One drift until it is corrected{f', {currency}' if ours else ''}; {period}",
        columns=(Column(name="drift", label="Drift"), Column(name="chart", label="Chart"),
                 Column(name="forum", label="Forum"),
                 *(Column(name=n, label=label, type="number", decimals=1) for n, label in weeks),
                 *((Column(name="loss", label=f"Loss, {currency}", type="number", decimals=0),
                    Column(name="interval", label="90 % interval")) if ours else ())),
        rows=rows, note="All times in weeks.",
    )  # fmt: skip


def _loss(one: Late) -> str:
    between = _between(one)
    return f"{money(one.loss)} ({between})" if between else money(one.loss)


def _between(one: Late) -> str:
    return "" if one.low is None or one.high is None else f"{money(one.low)} to {money(one.high)}"
