"""Do the pages on adding a behaviour and a routing policy still work, as they are written?"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import numpy as np

from workbench.sim.routing import QUEUE_POLICIES
from workbench.sim.run import engine_named
from workbench.sim.scenario import Scenario
from workbench.sim.workload import draw

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"<!-- (file: (?P<file>\S+)|run|says) -->\n```\w+\n(?P<text>.*?)^```$", re.S | re.M)


def test_behaviours_of_the_page_do_what_it_says(tmp_path, monkeypatch):
    """Each piece of code is run in turn; its last line is what the next block says."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    shown, said = [], []
    for block in BLOCK.finditer((HOW_TO / "add-a-behaviour.md").read_text(encoding="utf-8")):
        text = block["text"]
        if block["file"]:
            Path(block["file"]).write_text(text, encoding="utf-8")
        elif block[1] == "run":
            *_, last = text.strip().splitlines()
            exec(text, names)
            shown.append(str(eval(last, names)))
        else:
            said.append(text.strip())

    assert len(said) == 3
    assert said == shown


def test_policy_of_the_page_does_what_it_says_in_both_engines(tmp_path, monkeypatch):
    """The file is loaded as if it lay in the folder, and both engines take it."""
    files = {}
    for block in BLOCK.finditer((HOW_TO / "add-a-routing-policy.md").read_text(encoding="utf-8")):
        files[block["file"] or block[1]] = block["text"]
    path = tmp_path / "fullest_line.py"
    path.write_text(files["workbench/sim/routing/fullest_line.py"], encoding="utf-8")
    spec = importlib.util.spec_from_file_location("how_to_fullest_line", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(QUEUE_POLICIES.by_name, "fullest_line", module.fullest_line)

    workload = draw(Scenario.from_yaml(files["centre.yaml"]), seed=1)
    for engine in ("simpy", "fast"):
        rows = engine_named(engine)(workload, "all").contact_rows
        order = np.argsort(rows.answer_us)
        taken = " ".join(workload.names.queues[q] for q in rows.queue[order])
        assert taken == files["says"].strip()
