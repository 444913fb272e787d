"""Do `workbench simulate` and `workbench compare` say what they should, and refuse what they must?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from workbench.cli import app
from workbench.errors import CallError, UnknownName

RUN = CliRunner()


def called(*words: str) -> str:
    result = RUN.invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("name", ["small", "medium", "large", "week"])
def test_every_scenario_to_start_from_can_be_simulated(name: str) -> None:
    """JSON with measures overall, by queue, by group and by interval."""
    data = json.loads(called("simulate", name, "--replications", "2", "--json"))

    assert set(data["measures"]) == {"overall", "by_queue", "by_group", "by_interval"}
    assert 0.5 < data["measures"]["overall"]["service_level"]["mean"] < 1
    assert data["replications"] == 2


def test_the_week_carries_mail_over_the_night() -> None:
    """At the end of Monday there is mail in line, and it is answered later."""
    data = json.loads(called("simulate", "week", "--replications", "2", "--json"))
    by_interval = data["measures"]["by_interval"]

    assert by_interval["2024-06-04T02:00:00+02:00"]["backlog"]["mean"] > 10
    assert data["measures"]["by_queue"]["email"]["response_level"]["mean"] > 0.5


def test_figures_are_printed_with_their_intervals() -> None:
    """A table of the whole, one by queue and one by group."""
    text = called("simulate", "medium", "--replications", "3", "--formula", "V2", "--formula", "V4")

    assert "service_level V4" in text
    assert "95 % interval" in text
    assert "specialists" in text


def test_records_are_written_on_demand(tmp_path: Path) -> None:
    """Contacts, agents' states, counters, and one contact in words."""
    words = [w for kind in ("contacts", "agents", "intervals", "trace:3") for w in ("--record", kind)]
    text = called("simulate", "small", "--replications", "1", *words, "--out", str(tmp_path))
    contacts = pd.read_csv(tmp_path / "small-contacts.csv")
    intervals = pd.read_csv(tmp_path / "small-intervals.csv")

    assert "contact 3 comes to service" in text
    assert len(contacts) == intervals.offered.sum()
    assert (tmp_path / "small-agents.csv").is_file()


def test_compare_prints_pairs() -> None:
    """Base, with the change, and the difference; as JSON too."""
    change = ["--change", "groups.team.agents=20", "--replications", "5"]
    data = json.loads(called("compare", "small", *change, "--json"))

    assert "groups.team.agents = 20" in called("compare", "small", *change)
    assert data["variants"]["changed"]["differences"]["service_level"]["low"] > 0


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (["simulate", "small", "--replications", "0"], CallError, "replications: 0"),
        (["simulate", "smal"], UnknownName, 'Did you mean "small"'),
        (["simulate", "small", "--engine", "fats"], UnknownName, 'Did you mean "fast"'),
        (["simulate", "small", "--formula", "V7"], UnknownName, "V7"),
        (["simulate", "small", "--record", "contatcs"], UnknownName, "contacts"),
        (["simulate", "small", "--record", "trace:x"], CallError, "trace:17"),
        (["compare", "small"], CallError, "Nothing is changed"),
        (["compare", "small", "--change", "groups.team.agents"], CallError, "path=value"),
        (["compare", "small", "--change", "groups.tam.agents=2"], UnknownName, "groups.team"),
    ],
)
def test_a_wrong_call_is_refused_with_what_to_do(words: list[str], error: type[Exception], said: str) -> None:
    """Where, what came, what is accepted."""
    with pytest.raises(error, match=said):
        RUN.invoke(app, words, catch_exceptions=False)


def test_a_wrong_call_ends_with_exit_code_2_and_a_sentence() -> None:
    """No traceback reaches a user."""
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "simulate", "small", "--replications", "0"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr.startswith("workbench: replications: 0 is too few.")
