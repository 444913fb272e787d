"""The portfolio says where to look first, from the reports alone, for one client or a thousand."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.reports.made import executed, finished
from workbench.errors import CallError
from workbench.intake.rates import Rate, rate_on
from workbench.reports.bulk import Order, plan
from workbench.reports.declare import EXPORTERS, Finished, sections_of
from workbench.reports.exporters.json import content
from workbench.reports.html import section_html
from workbench.reports.manifest import MANIFEST, Manifest
from workbench.reports.money import Amount, converted
from workbench.reports.notebook import Review
from workbench.reports.parameters import Portfolio as Asked
from workbench.reports.parameters import check
from workbench.reports.portfolio import portfolio_of, read_portfolio
from workbench.reports.ranking import Scored, ranked
from workbench.reports.report import Report
from workbench.reports.section import DataTable, Figure, beside

NAME = "partnership_health_review"
AREAS = ("governance", "partnership health", "exposures")


@cache
def base() -> dict[str, Any]:
    """Return the JSON of the hand-made client's report without what the portfolio does not read."""
    report = content(finished().report)
    kept = ("title", "findings")
    return {**report, "sections": [s for s in report["sections"] if s["id"] in kept]}


def told(name: str, **data: Any) -> dict[str, Any]:
    """Return a report's JSON: that of the hand-made client, with other figures."""
    report = copy.deepcopy(base())
    report["origin"]["client"] |= {"id": name.lower(), "name": name, "currency": data.pop("currency", "EUR")}
    report["origin"]["inputs"] = {}
    areas = data.pop("areas", (50.0, 60.0, 70.0))
    known = [a for a in areas if a is not None]
    total = {
        "value": float(np.mean(known)) if known else None,
        "low": data.pop("low", 40.0),
        "high": data.pop("high", 80.0),
    }
    headline = {"total": total, "areas": {a: {"value": v} for a, v in zip(AREAS, areas, strict=True)}}
    figures: dict[str, Any] = {
        "headline": headline,
        **{name.replace("_", " "): told for name, told in data.items()},
    }
    kept = [s for s in report["sections"] if s["id"] not in figures]
    report["sections"] = [*kept, *({"id": id, "data": told} for id, told in figures.items())]
    return report


def moves(change: float, half: float, p: float) -> dict[str, Any]:
    total = {"scope": "total", "then": 60.0, "now": 60.0 + change, "change": change, "low": change - half,
             "high": change + half, "p_value": p, "diagnostics": 80, "beyond_chance": abs(change) > half}  # fmt: skip
    return {"movement": {"since": "2024-05-31", "total": total, "areas": [], "lost_tables": ["hris"],
                         "no_longer_assessed": ["HC-2"], "restated": []}}  # fmt: skip


def batch(out: Path, reports: Mapping[str, dict[str, Any]]) -> Path:
    for directory, report in reports.items():
        (out / directory).mkdir(parents=True)
        (out / directory / f"{NAME}.json").write_text(json.dumps(report), encoding="utf-8")
        (out / directory / f"{NAME}.html").write_text("<html></html>", encoding="utf-8")
    return out


def portfolio(out: Path, **asked: Any) -> Review:
    return portfolio_of(read_portfolio(Asked(out=str(out), draws=200, **asked)))


def test_weakest_client_stands_first_and_its_rank_is_as_firm_as_weights_leave_it(tmp_path: Path) -> None:
    """Ada is the weakest in every area; Bo and Cy change places with the weights."""
    out = batch(tmp_path, {
        "cy": told("Cy", areas=(90.0, 50.0, 70.0)), "ada": told("Ada", areas=(10.0, 20.0, 30.0)),
        "bo": told("Bo", areas=(50.0, 90.0, 69.0)), "di": told("Di", areas=(None, None, None)),
    })  # fmt: skip
    section = portfolio(out).section("portfolio ranking")
    assert section is not None
    ranking = {row["client"]: row for row in section.data["ranking"]}

    assert ["Ada", "Bo", "Cy"] == list(ranking)
    assert ["Di"] == section.data["unranked"]
    assert {"1": 1.0} == ranking["Ada"]["acceptability"]
    assert ranking["Bo"]["acceptability"].keys() == {"2", "3"}
    assert 20.0 == ranking["Ada"]["value"]


def costs(value: float, half: float, currency: str = "EUR") -> dict[str, Any]:
    total = {"value": value, "low": value - half, "high": value + half}
    findings = [{"code": "FM-2", "title": "thin transfer: contacts escalated"}]
    return {"prices": {"currency": currency, "total": total, "findings": findings, "unpriced": [{}, {}], "months": 12,
                       "lines": ["labour"]}}  # fmt: skip


def test_money_a_month_stands_in_the_order_and_unknown_is_not_zero(tmp_path: Path) -> None:
    """With its interval and currency; converted by a dated rate, else added to nothing; who is not priced says why."""
    rate = {"date": "2024-06-01", "from": "GBP", "to": "EUR", "rate": 1.2}
    nothing = {
        "prices": {"currency": "EUR", "total": None, "findings": [], "unpriced": [{}] * 4, "lines": []}
    }
    out = batch(tmp_path, {
        "ada": told("Ada", prices=costs(1000.0, 200.0), amounts={"amounts": [], "rates": [rate]}),
        "bo": told("Bo", prices=costs(2000.0, 500.0, "GBP"), currency="GBP"),
        "cy": told("Cy", prices=costs(9000.0, 10.0, "USD"), currency="USD"), "di": told("Di"),
        "ed": told("Ed", prices=nothing),
    })  # fmt: skip
    review = portfolio(out, currency="EUR")
    ranking, prices = review.section("portfolio ranking"), review.section("portfolio prices")
    assert ranking is not None
    assert prices is not None
    place = {row["client"]: row["a_month"] for row in ranking.data["ranking"]}
    text = prices.model_dump_json()

    assert {"value": 1000.0, "low": 800.0, "high": 1200.0, "currency": "EUR"} == place["Ada"]
    assert place["Di"] is None
    assert ["Bo", "Ada", "Cy"] == [row["client"] for row in prices.data["prices"]]
    assert [2400.0, 1000.0, None] == [(row["in"] or {}).get("value") for row in prices.data["prices"]]
    assert {"Di": "its report was made without prices", "Ed": "none of 4 findings could be priced"} == {
        row["client"]: row["reason"] for row in prices.data["not_known"]
    }
    assert "3,400 EUR" in text
    assert "No dated rate into EUR came for USD" in text
    assert "1,000 EUR (800 to 1,200)" in ranking.model_dump_json()


def test_prices_of_the_assessment_beside_a_review_count_where_the_data_are_the_same(tmp_path: Path) -> None:
    """Same period, reader and inputs; other data are another client's."""
    out = batch(tmp_path, {"ada": told("Ada"), "bo": told("Bo")})
    for name, inputs in (("ada", {}), ("bo", {"contacts.csv": "changed"})):
        other = told(name.title(), prices=costs(1000.0, 200.0))
        other["origin"]["inputs"] = inputs
        (out / name / "operating_model_assessment.json").write_text(json.dumps(other), encoding="utf-8")
    review = portfolio(out)
    known = {m.client: m.cost is not None for m in review.subject.members}

    assert {"Ada": True, "Bo": False} == known
    assert "ada/operating_model_assessment.json" in review.origin.inputs


def test_missing_evidence_leaves_exactly_the_ranks_that_can_come_about() -> None:
    """Against a slow twin that tries every end of every bound."""
    rng = np.random.default_rng(4)
    for _ in range(30):
        low = rng.uniform(0, 90, 5)
        high = low + rng.uniform(0, 25, 5)
        middle = (low + high) / 2
        scored = [Scored(str(i), middle[i], low[i], high[i], {"a": middle[i]}) for i in range(5)]
        found = {
            p.client: (p.missing_first, p.missing_last) for p in ranked(scored, {}, seed=1, draws=100).places
        }
        for i in range(5):
            ranks = [
                1 + sum(v < mine for j, v in enumerate(others) if j != i)
                for mine in (low[i], high[i])
                for others in (low, high)
            ]
            assert (min(ranks), max(ranks)) == found[str(i)]


def test_area_of_which_nothing_is_known_leaves_its_weight_to_the_others() -> None:
    """As in the score itself; an area that weighs nothing is not drawn."""
    scored = [
        Scored("a", 40.0, 0, 100, {"x": 40.0, "y": None, "rescue": 99.0}),
        Scored("b", 60.0, 0, 100, {"x": 50.0, "y": 70.0, "rescue": 1.0}),
    ]
    ranking = ranked(scored, {"rescue": 0.0}, seed=1, draws=500)

    assert ["a", "b"] == [p.client for p in ranking.places]
    assert (1.0, 1.0) == (ranking.places[0].kept, ranking.agreement)


def test_movers_are_told_from_noise_over_all_clients_at_once(tmp_path: Path) -> None:
    """Of forty clients of whom nothing changed, two have p below 0.05 by chance; one has moved indeed."""
    quiet = {f"q{i:02}": told(f"Q{i:02}", follow_up=moves(2.0, 1.9, (i + 1) / 41)) for i in range(40)}
    out = batch(tmp_path, {**quiet, "mo": told("Mo", follow_up=moves(-9.0, 2.0, 1e-6)), "new": told("New")})
    section = portfolio(out).section("portfolio movers")
    assert section is not None

    assert ["Mo"] == [m["client"] for m in section.data["movers"] if m["beyond_chance"]]
    assert 41 == len(section.data["movers"])
    assert ["New"] == section.data["without_review"]


def test_unconverted_currencies_are_never_added(tmp_path: Path) -> None:
    """100 EUR and 100 USD at 0.8 of May are 180 EUR; the 100 GBP stand apart, their rate is of July."""

    def amounts(currency: str, *rates: tuple[str, str, str, float]) -> dict[str, Any]:
        names = ("date", "from", "to", "rate")
        return {"amounts": [{"what": "billed", "currency": currency, "amount": 100.0, "lines": 1}],
                "rates": [dict(zip(names, r, strict=True)) for r in rates]}  # fmt: skip

    out = batch(tmp_path, {
        "a": told("A", amounts=amounts("EUR", ("2024-05-01", "USD", "EUR", 0.8), ("2024-04-01", "USD", "EUR", 0.5))),
        "b": told("B", amounts=amounts("USD"), currency="USD"),
        "c": told("C", amounts=amounts("GBP", ("2024-07-01", "GBP", "EUR", 1.2)), currency="GBP"),
    })  # fmt: skip
    section = portfolio(out, currency="EUR").section("portfolio amounts")
    assert section is not None

    found = {(t["what"], t["currency"]): t["amount"] for t in section.data["totals"]}
    assert {("billed", "EUR"): 180.0, ("billed", "GBP"): 100.0} == found


def test_rate_of_a_pair_works_in_both_directions_and_is_the_last_before_the_day() -> None:
    """And never one of a later day."""
    rates = [Rate(date(2024, 5, 1), "EUR", "USD", 1.25), Rate(date(2024, 6, 1), "EUR", "USD", 1.0)]
    found = rate_on(rates, "USD", "EUR", date(2024, 5, 31))

    assert found is not None
    assert (0.8, date(2024, 5, 1)) == (found.rate, found.day)
    assert rate_on(rates, "USD", "EUR", date(2024, 4, 30)) is None
    can, cannot = converted([Amount("x", "o", 5.0, "USD", date(2024, 4, 30))], rates, "EUR")
    assert ([], 1) == (can, len(cannot))


def test_tables_that_would_narrow_a_score_are_named_client_by_client(tmp_path: Path) -> None:
    """The least known client first."""
    lacking = {
        "not_assessed": {},
        "narrowing": [{"table": "hris", "points": 12.5}, {"table": "sla", "points": 0.1}],
    }
    out = batch(
        tmp_path, {"a": told("A", low=59.0, high=61.0), "b": told("B", not_assessed=lacking, low=10.0)}
    )
    section = portfolio(out).section("portfolio evidence")
    assert section is not None

    (table, by_table) = [b for b in section.walk() if isinstance(b, DataTable)]
    assert (("B", 70.0, "hris (12.5)", "", ""),) == table.rows
    assert ("hris", 1, 12.5, "B") == by_table.rows[0]


def test_failed_and_stale_reports_are_named(tmp_path: Path) -> None:
    """With the reason, and with the files that changed."""
    folder = tmp_path / "clients" / "a"
    folder.mkdir(parents=True)
    (folder / "contacts.csv").write_text("new", encoding="utf-8")
    report = told("A")
    report["origin"]["inputs"] = {"contacts.csv": "0" * 64, "gone.csv": "1" * 64}
    out = batch(tmp_path / "out", {"a": report})
    (out / ".workbench").mkdir()
    with Manifest(out / ".workbench" / MANIFEST) as manifest:
        for directory, reason, path in (("a", "", str(folder)), ("b", "ValueError: no contacts", "/nowhere")):
            manifest.note(directory, NAME, directory, "k", begins="", files={}, reason=reason,
                          made=datetime.now(UTC), seconds=1.0, path=path)  # fmt: skip
    review = portfolio(out)
    headline, reports = review.section("portfolio"), review.section("portfolio reports")
    assert headline is not None
    assert reports is not None

    assert ({"failed": ["b"], "stale": ["A"]}) == {k: headline.data[k] for k in ("failed", "stale")}
    said = {row["client"]: row["stands"] for row in reports.data["reports"]}
    assert "ValueError: no contacts" == said["b"]
    assert "contacts.csv has changed and gone.csv is gone" in said["A"]
    assert "contacts.csv is new" in said["A"]


def test_links_are_relative_and_arrive_after_the_folder_was_moved(tmp_path: Path) -> None:
    """In the page, and beside it as a workbook's links."""
    out = batch(tmp_path / "here", {"a": told("A"), "b-1a2b3c4d": told("<b>")})
    review = portfolio(out)
    moved = tmp_path / "there"
    shutil.move(out, moved)
    page = "".join(section_html(s) for s in review.sections())

    links = [a for a in re.findall(r'href="([^"]*)"', page) if not a.startswith("#")]
    assert {f"a/{NAME}.html", f"b-1a2b3c4d/{NAME}.html"} == set(links)
    assert all((moved / link).is_file() for link in links)
    assert "<b>" not in page.replace("<b>A", "")


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x.html", "a/../../x", "javascript:alert(1)", "http://x", "a b", ""]
)
def test_only_files_below_the_portfolio_are_linked(path: str) -> None:
    """A path is what the engine made, and still it is looked at."""
    assert not beside(path)


def test_one_client_makes_a_portfolio_and_a_thousand_stay_readable(tmp_path: Path) -> None:
    """A picture of two ends, tables folded, and every client in the workbook's rows."""
    for count in (1, 400):
        rng = np.random.default_rng(count)
        out = batch(tmp_path / str(count), {
            f"c{i}": told(f"Client {i}", areas=tuple(rng.uniform(5, 95, 3))) for i in range(count)
        })  # fmt: skip
        review = portfolio(out)
        sections = list(review.sections())
        (picture,) = [b for s in sections for b in s.walk() if isinstance(b, Figure)]
        tables = {b.name: b for s in sections for b in s.walk() if isinstance(b, DataTable)}

        assert min(count, 22) == len(picture.rows)
        assert count == len(tables["ranking"].rows)
        assert 20 == tables["ranking"].shown
        assert ("strongest" in tables) == (count > 40)
        assert len("".join(section_html(s) for s in sections)) < 400_000


def test_every_format_holds_the_portfolio(tmp_path: Path) -> None:
    """And the JSON is the same bytes for the same reports."""
    out = batch(tmp_path, {"a": told("A"), "b": told("B", follow_up=moves(-9.0, 2.0, 1e-6))})
    made = []
    for _ in range(2):
        notebook = executed(portfolio(out))
        notebook.metadata["workbench"] = {"template": "portfolio"}
        made.append(Finished(Report.from_notebook(notebook), notebook))
    written = {e.name: e.write(made[0]) for e in EXPORTERS}

    assert {"html", "json", "pdf", "pptx", "xlsx"} <= written.keys()
    assert all(len(data) > 2_000 for data in written.values())
    assert written["json"] == EXPORTERS.get("json").write(made[1])


def test_portfolio_is_for_the_account_team_alone() -> None:
    """No other reader can be asked for, and no section of it is shown to one."""
    with pytest.raises(CallError, match="audience"):
        check("portfolio", {"out": "x", "audience": "client"})
    assert len(sections_of("portfolio")) >= 7
    assert {("internal",)} == {declared.audience for declared in sections_of("portfolio")}


def test_portfolio_is_not_made_of_one_client_by_report(tmp_path: Path) -> None:
    """The sentence names the command that makes it."""
    with pytest.raises(CallError, match="workbench portfolio"):
        plan(Order(clients=[str(tmp_path)], out=Path("out"), template="portfolio"), datetime.now(UTC))


def test_directory_without_reports_is_refused_in_words(tmp_path: Path) -> None:
    """With the command that makes them."""
    with pytest.raises(CallError, match="no report here made from"):
        portfolio(tmp_path)
