"""Do the sections of a report say what findings cost, once, with the reason where they cannot, and nothing when off?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import pytest

from tests.studies.pricing.prices import assessed, floor, found, measured, roster
from workbench.errors import DataError
from workbench.reports import notebook
from workbench.reports.declare import SECTIONS
from workbench.reports.figures_of_prices import waterfall
from workbench.reports.parameters import OperatingModelAssessment, PartnershipHealthReview
from workbench.reports.priced import Priced, priced, wanted, with_prices
from workbench.reports.readers import shown_to
from workbench.reports.section import Cards, DataTable, Figure, Heading, Section
from workbench.resources import folder
from workbench.studies.pricing import client, study
from workbench.studies.pricing.assumed_pay import assumed_pay
from workbench.studies.pricing.basis import basis_of
from workbench.studies.pricing.cadence import losses_by_cadence
from workbench.studies.pricing.incentive import Credits
from workbench.wording import money

ASKED = OperatingModelAssessment(client="nowhere", audience="internal")


@cache
def costed() -> Priced:
    assessment = assessed(
        found("FM-2", measured("contacts escalated", 0.30, 0.10, n=5000)),
        found("HC-6", measured("complex contacts escalated", 0.5, 0.1)),
        found("VIS-6", measured("attrition a year", 0.9, 0.3, n=9, unit="per year", interval=(0.4, 1.7))),
        found("RISK-1", measured("access reviews held", 0.2, 1.0)),
        hris=roster(30),
    )
    return priced(assessment, study.price(assessment, floor(escalated=0.30), seed=4, months=3))


def built(id: str, subject: Any = None, audience: str = "internal") -> Section | None:
    asked = ASKED.model_copy(update={"audience": audience})
    return SECTIONS.get(id).build(shown_to(subject or costed(), asked.audience), asked)


def table(section: Section | None, name: str) -> DataTable:
    assert section is not None
    return next(b for b in section.walk() if isinstance(b, DataTable) and b.name == name)


def test_money_stands_beside_each_finding_with_its_interval_and_lines() -> None:
    """Two findings that claim one parameter share a row; what has no price stands below with its reason."""
    section, found_ = built("prices"), costed().pricing
    assert section is not None
    assert found_ is not None
    rows = {str(row[0]): row for row in table(section, "prices").rows}
    text = section.model_dump_json()

    assert {"FM-2, HC-6", "VIS-6"} == set(rows)
    for price in found_.prices:
        row = next(r for codes, r in rows.items() if codes.startswith(price.code))
        assert price.amount.value == pytest.approx(row[2], rel=0.01)
        assert f"{money(price.amount.low)} to {money(price.amount.high)}" == row[3]
        assert price.narrows in text
    assert "replacement" in str(rows["VIS-6"][4])
    assert ["RISK-1"] == [row[0] for row in table(section, "without a price").rows]
    assert "seed 4" in text
    assert "3 months (12 replications)" in text


def test_the_waterfall_goes_from_today_to_target_and_for_a_client_from_nothing() -> None:
    """Rows add up to the total; the client's copy tells no monthly cost of the vendor's agents."""
    ours, theirs = built("from today to target"), built("from today to target", audience="client")
    assert costed().pricing is not None
    joint = costed().pricing.joint  # type: ignore[union-attr]
    assert joint is not None
    for section in (ours, theirs):
        assert section is not None
        figure = next(b for b in section.walk() if isinstance(b, Figure))
        assert sum(b.saved for b in joint.waterfall) == pytest.approx(sum(float(r[1]) for r in figure.rows))
        assert "FM-2" in figure.alt
        assert "bar" == figure.chart
    today = money(joint.waterfall[0].before)
    assert ours is not None
    assert theirs is not None
    assert today in ours.model_dump_json()
    assert today not in theirs.model_dump_json()


def test_what_costs_more_is_drawn_against_the_others_and_said() -> None:
    """A step that saves nothing and costs instead carries its sign in words."""
    figure = waterfall("way", [("A", 500.0), ("B", -200.0)], "EUR", "A way", 2000.0)

    assert "A 500; B \u2212200; together 300" in figure.alt
    assert "+200" in figure.svg
    assert "1,700" in figure.svg


def test_remedies_and_findings_carry_their_part_of_the_money() -> None:
    """The step that mends the largest; a step without a price is unknown, not zero."""
    rows = {str(row[4]): row[5] for row in table(built("order of repair"), "order of repair").rows}
    costs = [b for b in built("findings").walk() if "Costs: " in b.model_dump_json()]  # type: ignore[union-attr]

    assert rows["VIS-6"] == pytest.approx(costed().pricing.joint.share_of("VIS-6").share, rel=0.01)  # type: ignore[union-attr]
    assert rows["RISK-1"] is None
    assert any("priced once, together with FM-2" in b.model_dump_json() for b in costs)


def test_the_headline_says_what_a_month_costs_with_interval_sample_and_period() -> None:
    """One card, one sentence; nothing where nobody asked, and unknown where nothing could be priced."""
    section, found_ = built("headline"), costed().pricing
    assert section is not None
    assert found_ is not None
    assert found_.joint is not None
    total = found_.joint.total
    [card] = [c for b in section.walk() if isinstance(b, Cards) for c in b.cards if "cost a month" in c.label]
    text = section.model_dump_json()

    assert (total.value, total.low, total.high) == (card.value, card.low, card.high)
    for words in (total.between, "1–30 June 2024", "3 simulated months, seed 4", "3 of 4 findings"):
        assert words in text, words
    assert {"currency": "EUR", **total.to_data()} == section.data["a_month"]
    none = built("headline", assessed(*costed().findings))
    unknown = built("headline", priced(assessed(*costed().findings), study.price(assessed(), None)))
    assert none is not None
    assert unknown is not None
    assert "a_month" not in none.data
    assert unknown.data["a_month"] is None
    assert "not known" in unknown.model_dump_json()


def test_the_best_set_names_what_each_repair_takes_and_a_client_sees_hours_alone() -> None:
    """The account team sees money and months; a client's copy neither, nor the vendor's pay behind them."""
    ours, theirs, best = built("best set"), built("best set", audience="client"), costed().pricing.best  # type: ignore[union-attr]
    assert ours is not None
    assert theirs is not None
    assert best is not None
    rows = {str(row[0]).partition(" ")[0]: row for row in table(ours, "best set").rows}

    assert {p.code for p in costed().pricing.prices} == set(rows)  # type: ignore[union-attr]
    for code, row in rows.items():
        assert best.chosen_in[code] == row[2]
        assert best.efforts[code].hours.likely == row[4]
    assert money(best.money or 0.0) in ours.model_dump_json()
    assert "once" not in {c.name for c in table(theirs, "best set").columns}
    assert money(best.money or 0.0) not in theirs.model_dump_json()
    assert "money" not in str(theirs.data)


def test_what_only_the_account_team_may_see_is_in_no_other_copy() -> None:
    """Credits to expect, staying or switching; of a late look a client sees weeks and no loss."""
    for id in ("expected credits", "stay or switch"):
        assert all(built(id, audience=audience) is None for audience in ("client", "joint"))
    chosen = built("stay or switch")
    assert chosen is not None
    assert {"Staying is right only if", "Switching is right only if"} == {
        b.text for b in chosen.walk() if isinstance(b, Heading)
    }
    found_ = costed().pricing
    assert found_ is not None
    late = losses_by_cadence((0.05,), 0.02, 50.0, 2.0)
    with_cadence = priced(costed(), replace(found_, cadence=late, cadence_note="A point costs 50 EUR."))
    ours, theirs = (
        built("cost of noticing late", with_cadence, audience) for audience in ("internal", "client")
    )
    assert ours is not None
    assert theirs is not None

    rows = table(ours, "cost of noticing late").rows
    assert [one.loss for one in late] == pytest.approx([row[7] for row in rows], rel=0.01)
    assert [one.weeks for one in late] == [row[6] for row in table(theirs, "cost of noticing late").rows]
    assert "loss" not in str(theirs.data)
    assert "50 EUR" in ours.model_dump_json()
    assert "50 EUR" not in theirs.model_dump_json()


def test_credits_stand_formula_by_formula_with_the_90th_percentile() -> None:
    """The contract's first; expected, interval, nine years in ten."""
    one = Credits("V2", True, 120.0, 80.0, 160.0, 300.0, 5.0, 0.25, 12)
    other = replace(one, formula="V1", contract=False, expected=60.0)
    found_ = costed().pricing
    assert found_ is not None
    section = built("expected credits", priced(costed(), replace(found_, credits=(one, other))))
    [first, second] = table(section, "expected credits").rows

    assert ("V2", "yes", 120.0, "80 to 160", 300.0, None, 5.0, 0.25) == first
    assert ("V1", "no", 60.0) == second[:3]
    assert section is not None
    assert "25" in section.model_dump_json()
    assert [one.to_data(), other.to_data()] == section.data["credits"]


def test_a_client_that_cannot_be_priced_gets_the_reason_and_its_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The section says why; the others stand without a column of money."""

    def refused(*_: Any) -> None:
        raise DataError("The log holds too few contacts to fit anything.")

    monkeypatch.setattr(client, "scenario_for", refused)
    without = with_prices(assessed(*costed().findings), 1)
    section = built("prices", without)
    assert section is not None

    assert "have no prices: The log holds too few contacts" in section.model_dump_json()
    assert built("from today to target", without) is None
    assert 5 == len(table(built("order of repair", without), "order of repair").columns)


def test_nothing_is_priced_where_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The health review does so on demand; no section that shows money, no pricing."""
    asked: list[str] = []
    monkeypatch.setattr(notebook, "with_prices", lambda *_: asked.append("priced"))
    monkeypatch.setattr(notebook, "assess", lambda *_, **__: costed())
    monkeypatch.setattr(notebook, "review_of", lambda *_: None)
    here = str(folder("example") / "quietbrook_travel")
    notebook.health_review(client=here)
    notebook.operating_model(client=here, prices=False)
    notebook.operating_model(client=here, sections=["title", "scores"])

    assert [] == asked
    notebook.operating_model(client=here)
    notebook.health_review(client=here, prices=True)
    assert 2 == len(asked)
    assert wanted(True, ("findings",))
    assert not PartnershipHealthReview(client="x").prices
    assert built("prices", assessed(*costed().findings)) is None


def test_switch_has_a_cost_where_nothing_is_priced() -> None:
    """What it costs by itself and from which loss it pays; a client's copy has none of it."""
    days = pd.date_range("2024-06-03 08:00", periods=20, tz="UTC")
    one = pd.DataFrame(
        {
            "date": days.tz_localize(None).normalize(),
            "clock_in": days,
            "clock_out": days + pd.Timedelta(hours=10),
        }
    )
    sheets = pd.concat([one.assign(agent_id=f"A{i}") for i in range(10)], ignore_index=True)
    plain = assessed(*costed().findings, timesheet=sheets)
    section = built("stay or switch", plain)
    assert section is not None
    alone, said = section.data["switch_alone"], section.model_dump_json()

    assert 0 < alone["cost"]["low"] < alone["cost"]["value"] < alone["cost"]["high"]
    assert f"costs {money(alone['cost']['value'])} EUR over 24 months" in said
    assert "No finding has a price in this report" in said
    assert built("stay or switch", plain, "client") is None
    assert built("stay or switch", assessed(*costed().findings)) is None
    said_so = assessed(*costed().findings)
    told = replace(
        said_so,
        dataset=replace(said_so.dataset, client=said_so.dataset.client.model_copy(update={"agents": 40.0})),
    )
    section = built("stay or switch", told)
    assert section is not None
    labour = client.scenario_for(told.dataset, told)[0]
    assert labour is not None
    assert section.data["switch_alone"]["labour"] == pytest.approx(
        basis_of(told, labour, otherwise=assumed_pay("EUR"), grade="A").labour
    )
    assert "client.yaml says" in section.model_dump_json()


def test_finding_without_a_price_says_why_and_one_with_it_how_sure() -> None:
    """The reason of the unpriced, the grade and the interval of the priced; nothing where no price was asked for."""
    found_ = costed().pricing
    assert found_ is not None
    section = built("findings")
    assert section is not None
    costs = [b for b in section.walk() if b.block == "prose" and b.runs[0].text == "Costs: "]
    said = ["".join(run.text for run in b.runs) for b in costs]
    price = found_.price_of(costed().findings[0])
    assert price is not None

    assert len(said) == len(costed().findings)
    assert f"Costs: {money(price.amount.value)} EUR a month ({price.between}, 90 %), " in said[0]
    assert any(f"not known: {one.reason.rstrip('.')}." in line for one in found_.unpriced for line in said)
    plain = built("findings", priced(costed(), None))
    assert plain is not None
    assert "Costs: " not in plain.model_dump_json()
