"""Does the page on mapping an export still work, step by step?"""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

from workbench.cli import app
from workbench.intake.mapping import ColumnMapping, TableMapping
from workbench.intake.read import read_client

PAGE = Path(__file__).parents[2] / "docs/how-to/map-an-export.md"


def test_the_page_is_carried_out_as_it_is_written(tmp_path, monkeypatch):
    """Proposed, corrected, widened to later deliveries, checked."""
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    for name, content in re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", text, re.S | re.M):
        path = Path(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    commands = re.findall(r"^   workbench (.+)$", text, re.M)
    assert [command.split()[0] for command in commands] == ["map", "check"]

    assert CliRunner().invoke(app, commands[0].split()).exit_code == 0
    mapping = Path("harbour/mapping.yaml")
    proposed = mapping.read_text(encoding="utf-8")
    talk = re.search(r"talk_s:\n        from: TALK TIME\n        unit: (\w+)\n", proposed)
    assert talk is not None
    corrected = proposed.replace(talk[0], talk[0].replace(talk[1], "minutes"))
    mapping.write_text(corrected.replace("calls_june.csv", "calls_*.csv"), encoding="utf-8")
    later = Path("harbour/calls_june.csv").read_text().replace("90", "95").replace("06/1", "07/1")
    Path("harbour/calls_july.csv").write_text(later)

    checked = CliRunner().invoke(app, commands[1].split())
    assert checked.exit_code == 0, checked.output
    contacts = read_client("harbour").tables["contacts"].set_index("contact_id")
    assert contacts["talk_s"].to_dict() == {
        "951": 210,
        "952": 0,
        "953": 135,
        "901": 210,
        "902": 0,
        "903": 135,
    }
    assert contacts["answer_ts"].notna().to_dict() == {
        "951": True, "952": False, "953": True, "901": True, "902": False, "903": True,
    }  # fmt: skip


def test_every_key_of_an_entry_is_on_the_page():
    """What is undocumented fails."""
    text = PAGE.read_text(encoding="utf-8")
    told_elsewhere = {"table", "columns", "confidence", "why"}

    for model in (TableMapping, ColumnMapping):
        names = {field.alias or name for name, field in model.model_fields.items()} - told_elsewhere
        assert {name for name in names if not re.search(rf"\b{name}\b", text)} == set()
