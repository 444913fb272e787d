"""The page on reviewing in bulk is carried out as it is written."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workbench.cli import app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "review-in-bulk.md"


def test_page_is_carried_out_from_report_to_portfolio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_runs: None
) -> None:
    """Every command in its order, on two clients; what the page says of them holds."""
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    (commentary,) = re.findall(r"```markdown\n(.*?)```", text, re.S)
    for name in ("harbour", "dune"):
        folder = tmp_path / "clients" / name
        folder.mkdir(parents=True)
        (folder / "client.yaml").write_text(
            f"format: 1\nid: {name}\nname: {name.title()}\n", encoding="utf-8"
        )
        days = [f"2024-{month}-{day}" for month in ("05", "06") for day in ("01", "15", "30", "31")][:-1]
        rows = [f"{d}-{i},{d} 08:{i:02}:00,{d} 08:{i:02}:09,60" for d in days for i in range(9)]
        (folder / "contacts.csv").write_text(
            "contact_id,offered_ts,answer_ts,talk_s\n" + "\n".join(rows) + "\n", encoding="utf-8"
        )
    (tmp_path / "clients" / "harbour" / "commentary.md").write_text(commentary, encoding="utf-8")

    blocks = re.findall(r"```console\n(.*?)```", text, re.S)
    commands = [c for block in blocks for c in re.findall(r"^\$ workbench (.*)$", block, re.M)]
    for command in commands:
        ended = CliRunner().invoke(app, shlex.split(command), catch_exceptions=False)
        assert 0 == ended.exit_code, f"{command}: {ended.output}"

    may = (tmp_path / "out" / "may" / "harbour" / "partnership_health_review.html").read_text(
        encoding="utf-8"
    )
    assert "released by A. Lind on 5 June 2024" in may
    assert "the weekly review is back" in may
    assert "invoice of April" not in may
    june = json.loads(
        (tmp_path / "out" / "june" / "harbour" / "partnership_health_review.json").read_text("utf-8")
    )
    data = {s["id"]: s["data"] for s in june["sections"]}
    assert "2024-05-31" == data["follow up"]["movement"]["since"]
    assert [] == data["follow up"]["movement"]["restated"]
    page = (tmp_path / "out" / "june" / "portfolio.html").read_text(encoding="utf-8")
    assert 'href="harbour/partnership_health_review.html"' in page
    assert "internal copy" in page
