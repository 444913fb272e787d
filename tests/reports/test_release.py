"""A report leaves the house under a name, once, with its exceptions seen, and stands afterwards."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from workbench.errors import CallError, DataError
from workbench.intake.period import Period
from workbench.reports.batch import read_batch
from workbench.reports.bulk import Order, Outcome, make
from workbench.reports.exceptions import as_data, as_lines, exceptions_in, exceptions_of
from workbench.reports.release import Release, release
from workbench.reports.status import read_status, review_path
from workbench.reports.verify import differences

JUNE = Period(date(2024, 6, 3), date(2024, 6, 3))
ROWS = "contact_id,offered_ts,answer_ts,talk_s\n"


pytestmark = pytest.mark.usefixtures("quick_runs")


@pytest.fixture
def client(tmp_path: Path) -> Path:
    folder = tmp_path / "clients" / "harbour"
    folder.mkdir(parents=True)
    (folder / "client.yaml").write_text("format: 1\nid: harbour\nname: Harbour\n", encoding="utf-8")
    rows = "".join(f"c{i},2024-06-03 08:{i:02}:00,2024-06-03 08:{i:02}:09,60\n" for i in range(20))
    (folder / "contacts.csv").write_text(ROWS + rows, encoding="utf-8")
    return folder


def reported(client: Path, out: Path, *formats: str) -> Outcome:
    outcome = make(Order(clients=[str(client)], out=out, formats=formats or ("json",), parameters={"sections": [
        "headline", "title", "judgements", "scores", "follow up"]}))  # fmt: skip
    assert {} == outcome.failed
    return outcome


def asked(client: Path, out: Path, **more: Any) -> Release:
    return Release(client=client, period=JUNE, by="A. Lind", on=date(2024, 7, 5), out=out, **more)


def test_released_report_carries_the_name_and_stands(client: Path, tmp_path: Path) -> None:
    """Report, review, release, report again: unchanged; verify says the same; every format names name and day."""
    out = tmp_path / "out"
    reported(client, out, "html", "json", "pdf", "xlsx", "pptx")
    release(asked(client, out, status="reviewed"))
    done = release(asked(client, out))
    report = out / "harbour" / "partnership_health_review.json"

    assert {"harbour"} == set(reported(client, out, "html", "json", "pdf", "xlsx", "pptx").unchanged)
    assert [] == differences(report, client)
    assert done.kept == client / "reviews" / "2024-06-03_2024-06-03.json"
    assert report.read_bytes() == done.kept.read_bytes()
    said = "reviewed by A. Lind on 5 July 2024; released by A. Lind on 5 July 2024"
    assert "released" == json.loads(report.read_text(encoding="utf-8"))["origin"]["status"]
    assert said in (out / "harbour" / "partnership_health_review.html").read_text(encoding="utf-8")
    for suffix in (".xlsx", ".pptx"):
        data = (out / "harbour" / f"partnership_health_review{suffix}").read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            assert any(said in packed.read(n).decode("utf-8", "replace") for n in packed.namelist()), suffix
    assert release(asked(client, out)).already


def test_other_content_for_a_released_period_asks_to_be_said_so(client: Path, tmp_path: Path) -> None:
    """Data that changed give a draft; it is refused, then takes the place, and both stay in the status file."""
    out = tmp_path / "out"
    reported(client, out)
    release(asked(client, out))
    with (client / "contacts.csv").open("a", encoding="utf-8") as file:
        file.write("c99,2024-06-03 09:00:00,2024-06-03 09:00:05,60\n")
    with pytest.raises(DataError, match=r"nobody can put a name to it[\s\S]*contacts\.csv"):
        release(asked(client, out, status="reviewed"))
    reported(client, out)
    told = json.loads(asked(client, out).path.read_text(encoding="utf-8"))

    assert "draft" == told["origin"]["status"]
    with pytest.raises(CallError, match=r"released by A\. Lind on 2024-07-05 with other content"):
        release(asked(client, out))
    with pytest.raises(CallError, match=r"restated figure: .* was released already"):
        release(asked(client, out, again=True))
    release(asked(client, out, again=True, because="a contact came late"))
    said = read_status(client / "reviews" / "2024-06-03_2024-06-03.status.yaml")
    assert 2 == len({s.content for s in said})
    assert ("a contact came late", 1) == (said[-1].because, len(said[-1].acknowledged))


def test_what_is_overridden_has_to_be_acknowledged(client: Path, tmp_path: Path) -> None:
    """The list is in the refusal; nothing is written before."""
    (client / "judgements.yaml").write_text(
        "format: 1\njudgements:\n  - {code: HC-2, verdict: override, score: 70, reason: minutes, author: A, "
        "date: 2024-06-04}\n",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    reported(client, out)
    with pytest.raises(CallError, match="The score of HC-2 is computed as unknown and judged as 70"):
        release(asked(client, out))

    assert not (client / "reviews").exists()
    found = exceptions_in(read_batch(out, "partnership_health_review"))
    assert [("Harbour", "overridden finding", "HC-2")] == [(e.client, e.kind, e.about) for e in found]


def test_wrong_client_period_and_place_are_refused_in_words(client: Path, tmp_path: Path) -> None:
    """Before anything is made again."""
    out = tmp_path / "out"
    with pytest.raises(CallError, match=r"is not there\. Make the report first"):
        release(asked(client, out))
    reported(client, out)
    with pytest.raises(CallError, match="is about 3 June 2024, not 4 June 2024"):
        release(replace(asked(client, out), period=Period(date(2024, 6, 4), date(2024, 6, 4))))
    other = tmp_path / "clients" / "other"
    other.mkdir()
    with pytest.raises(CallError, match="is about harbour, not about other"):
        release(replace(asked(other, out), report=asked(client, out).path))


def told(**data: Any) -> dict[str, Any]:
    return {
        "origin": {"client": {"id": "a", "name": "A"}, "template": "t", "audience": "client",
                   "period": {"start": "2024-06-01", "end": "2024-06-30", "text": "June"}},
        "sections": [{"id": id.replace("_", " "), "data": figures} for id, figures in data.items()],
    }  # fmt: skip


def scope(name: str, change: float, beyond: bool = True) -> dict[str, Any]:
    return {"scope": name, "then": 60.0, "now": 60.0 + change, "change": change, "low": change - 2, "high": change + 2,
            "p_value": 0.001, "diagnostics": 70, "beyond_chance": beyond}  # fmt: skip


def test_large_movements_lost_tables_and_restated_figures_are_exceptions() -> None:
    """A movement that is small, or may be noise, is none."""
    moved = {
        "since": "2024-05-31", "total": scope("total", -6.0),
        "areas": [scope("governance", 4.0), scope("value", -30.0, False)],
        "lost_tables": ["hris"], "no_longer_assessed": ["HC-2", "HC-3"],
        "restated": [
            {"what": "contacts", "unit": "contacts", "released": 100, "now": 90, "n_released": 100, "n_now": 90}
        ],
    }  # fmt: skip
    found = exceptions_of(told(follow_up={"movement": moved}, title={"commentary_unused": 2}))

    assert ["large movement", "lost table", "restated figure", "unused commentary"] == [e.kind for e in found]
    assert (
        "went from 60 to 54: \u22126.0 points (\u22128.0 to \u22124.0) over 70 diagnostics"
        in found[0].statement
    )
    assert [] == exceptions_of(told(follow_up={"movement": None}, title={}))


def test_list_reads_on_a_terminal_and_as_json(client: Path, tmp_path: Path) -> None:
    """Clients without an exception are counted, not listed."""
    out = tmp_path / "out"
    reported(client, out)
    batch = read_batch(out, "partnership_health_review")

    assert ["Nothing to look at in the reports of 1 client."] == as_lines(batch, [])
    found = exceptions_of(told(title={"commentary_unused": 1}))
    data = as_data(batch, found)
    assert (1, 1, []) == (data["format"], data["clients"], data["not_checked"])
    assert "A" in as_lines(batch, found)


def test_reviews_of_other_readers_and_templates_have_names_of_their_own() -> None:
    """The client's copy of the health review is the one that the next period reads first."""

    def name(template: str, audience: str) -> str:
        return review_path(Path("c"), "2024-06-01", "2024-06-30", template, audience).name

    names = [name("partnership_health_review", "client"), name("partnership_health_review", "internal"),
             name("operating_model_assessment", "client")]  # fmt: skip
    assert names[0] == "2024-06-01_2024-06-30.json"
    assert names[0] == min(names)
    assert 3 == len(set(names))
