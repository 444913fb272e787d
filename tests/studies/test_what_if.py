"""Does a what-if tell the truth: about the change, the people that undo it, and how sure that is?"""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner

from workbench.cli import app
from workbench.errors import CallError, ScenarioError
from workbench.metrics.proportion import wilson
from workbench.queueing import agents_required, erlang_a, erlang_c
from workbench.resources import folder, scenario_file
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies import show_what_if
from workbench.studies.erlang_beside import inputs, service_level
from workbench.studies.frontier import frontier
from workbench.studies.heads import difference, fewest, heads_to_hold, with_heads
from workbench.studies.lever import levers_in, names_in
from workbench.studies.replicate import extended, replicate
from workbench.studies.targets import ALL, probability_met, targets_of
from workbench.studies.tornado import elementary_effects, together, tornado
from workbench.studies.what_if import fingerprint, pulled, variant, what_if
from workbench.studies.what_if_file import lock, read_what_if, what_if_file


def queue(agents: int = 12, per_hour: float = 110.0, hours: int = 40, **more: object) -> Scenario:
    """M/M/n, or M/M/n+M with patience: what Erlang's formulas are exact for. Handle time 300 s."""
    return Scenario.parse(
        {
            "name": "line",
            "time": {"hours": hours, "interval_s": 3600, "warm_up_s": 3600},
            "queues": {
                "q": {"arrivals": {"per_hour": per_hour}, "handle": {"talk": {"mean_s": 300}}, **more}
            },
            "groups": {"g": {"agents": agents, "skills": ["q"]}},
            "money": {"pay_per_hour": 20},
        }
    )


@pytest.fixture(scope="module")
def small() -> Scenario:
    return Scenario.from_yaml(scenario_file("small"))


def test_people_that_hold_service_are_those_of_erlang_where_erlang_is_exact() -> None:
    """M/M/n+M, 20 % more calls: simulation finds as many people as the formula, two or three on 24 here."""
    base = queue(agents=26, per_hour=270.0, patience={"mean_s": 200})
    found = what_if(base, [variant(base, "more", ["volume=+20%"])], 12)
    level = float(erlang_a(270, 300, 26, 200, 20).service_level_all_offered)
    by_formula = next(
        n - 26
        for n in range(20, 60)
        if float(erlang_a(324, 300, n, 200, 20).service_level_all_offered) >= level
    )
    held = found.held["more"]

    assert held.low is not None
    assert held.high is not None
    assert held.low <= by_formula <= held.high
    assert held.high - held.low <= 1
    erlang_says = {b.model: b for b in found.erlang["more"]}
    assert erlang_says["A"].heads is not None
    assert abs(erlang_says["A"].heads - by_formula) <= 1
    assert erlang_says["A"].base == pytest.approx(level, abs=0.015)


def test_erlang_c_beside_is_the_textbook_one() -> None:
    """Without patience the simulated base and the formula agree; its answer for heads is the formula's own."""
    base = queue(agents=12, per_hour=110.0)
    found = what_if(base, [variant(base, "longer", ["handle_time=+10%"])], 8)
    c, a = found.erlang["longer"]
    wanted = float(erlang_c(110, 300, 12, 20).service_level_all_offered)
    needed = int(agents_required(110, 330, service_level=wanted, threshold_s=20))

    assert c.base == pytest.approx(wanted, abs=0.02)
    assert c.heads is not None
    assert abs(c.heads - (needed - 12)) <= 1
    assert a.heads is None
    assert "nobody abandoned" in a.reason


def test_erlang_is_given_what_was_simulated() -> None:
    """Rate, handle time and people of each interval, within the noise of eight runs."""
    given = inputs(replicate(queue(patience={"mean_s": 200}), 8))

    assert given.agents == pytest.approx(12.0)
    assert given.per_hour.mean() == pytest.approx(110, rel=0.05)
    assert given.aht_s.mean() == pytest.approx(300, rel=0.05)
    assert given.patience_s == pytest.approx(200, rel=0.25)
    assert service_level(given, given.agents, "A") < service_level(given, given.agents + 5, "A")


def test_of_deferred_work_erlang_says_nothing() -> None:
    """E-mail has no Erlang answer; the reason is given instead of a number."""
    base = Scenario.from_yaml(scenario_file("week"))
    found = what_if(base, [variant(base, "v", ["volume=+10%"])], 2, hold=False)

    assert all(b.difference is None and "deferred work" in b.reason for b in found.erlang["v"])
    assert "Erlang: email is deferred work" in found.words("v")


def test_the_interval_of_a_difference_covers_the_truth_as_often_as_it_says() -> None:
    """The difference of 300 pairs is as good as true; of 40 intervals of eight pairs 95 % should hold it.

    Fewer than 32 of 40 has probability 0.0003 if the coverage is 95 %.
    """
    short = queue(hours=3, patience={"mean_s": 120})
    changed = short.with_(pulled(short, "volume=+5%")[0])
    base, other = replicate(short, 300, 7), replicate(changed, 300, 7)
    truth = difference(base, other, "service_level").mean
    assert truth is not None
    hits = 0
    for i in range(40):
        b, o = replicate(short, 8, 100 + i), replicate(changed, 8, 100 + i)
        hits += difference(b, o, "service_level").contains(truth)

    assert hits >= 32


def test_a_hand_worked_day() -> None:
    """Two calls of a minute at 0 s and 30 s, one agent, nobody patient beyond 10 s: one is answered.

    Two agents answer both: service from 1/2 to 1, one abandonment less, an hour more to pay.
    """
    base = Scenario.parse(
        {
            "time": {"hours": 1, "interval_s": 3600},
            "queues": {
                "q": {
                    "arrivals": {"times_s": [0, 30]},
                    "handle": {"talk": {"family": "constant", "mean_s": 60}},
                    "patience": {"family": "constant", "mean_s": 10},
                }
            },
            "groups": {"g": {"agents": 1, "skills": ["q"]}},
            "money": {"pay_per_hour": 20},
        }
    )
    found = what_if(base, [variant(base, "two", ["staffing=+1"])], 2)
    rows = found.table().set_index("measure")

    assert [0.5, 1.0, 0.5] == rows.loc["service_level", ["base", "changed", "difference"]].tolist()
    assert [0.5, 0.0, -0.5] == rows.loc["abandon_rate", ["base", "changed", "difference"]].tolist()
    assert [1, 2, 1] == rows.loc["people", ["base", "changed", "difference"]].tolist()
    assert 20.0 == rows.loc["cost", "difference"]
    assert [0.0, 1.0] == rows.loc["probability: q", ["base", "changed"]].tolist()
    assert -1 == found.held["two"].n
    assert found.words("two").startswith(
        "1 person more brings 50.0 points of service level (50.0 to 50.0, 2 pairs). Erlang C says +2.4"
    )


def test_nothing_changed_is_said_to_change_nothing(small: Scenario) -> None:
    """Today's value is the base itself."""
    found = what_if(small, [variant(small, "same", ["outage=0"])], 2, hold=False)

    assert 0.0 == found.difference("service_level", "same").mean
    assert found.words("same").endswith("nothing changes.")


def test_penalty_is_unknown_without_terms_and_settled_with_them(small: Scenario) -> None:
    """Unknown is not zero; with terms the contract's formula and target are used."""
    terms = {
        "at_risk": 1000,
        "levels": {"calls": {"formula": "V4", "target": 0.9, "bands": [{"worse_than": 0.9, "share": 1.0}]}},
    }
    promised = small.with_(Change("money.terms", terms))
    without = what_if(small, [variant(small, "v", ["volume=+10%"])], 4, hold=False)
    having = what_if(promised, [variant(promised, "v", ["volume=+10%"])], 4, hold=False)

    assert without.difference("penalty", "v").mean is None
    assert "no terms" in without.difference("penalty", "v").reason
    assert "V4" == having.base.formulas[0]
    assert "calls" in having.probabilities()
    more = having.difference("penalty", "v").mean
    assert more is not None
    assert more >= 0
    missed = having.probabilities("v")["calls"]
    assert (missed.n - missed.met) * 250 == pytest.approx(4 * (having.results("v")["penalty"].mean or 0) / 4)


@pytest.mark.parametrize("lever", ["shrinkage=+0.05", "absence=+0.05"])
def test_people_away_from_a_counted_group_are_no_saving(small: Scenario, lever: str) -> None:
    """Who is away is paid, and not in the counts: cost and paid hours are not known, everything else is."""
    asked = [variant(small, "away", [lever]), variant(small, "fewer", ["volume=-10%"])]
    found = what_if(small, asked, 4, hold=False)
    table = found.table().set_index(["variant", "measure"])
    console = Console(width=200, record=True, file=io.StringIO())
    for part in (*show_what_if.what_if_tables(found), *show_what_if.not_comparable(found)):
        console.print(part)
    printed = console.export_text()

    for measure in ("paid_hours", "cost"):
        d = found.difference(measure, "away")
        assert (d.mean, d.low, d.high) == (None, None, None)
        assert (
            d.reason
            == "paid hours of those away are not in the counts of team, so that paid hours and cost are "
            "not comparable"
        )
        assert d.reason == found.to_data()["variants"]["away"]["measures"][measure]["reason"]
        assert np.isnan(table.loc[("away", measure), ["changed", "difference"]].to_numpy(float)).all()
        assert table.loc[("away", measure), "base"] == found.base[measure].mean
        assert found.difference(measure, "fewer").mean is not None
    assert found.difference("service_level", "away").mean is not None
    assert 2 == printed.count("not known")
    assert 1 == printed.count("Not known: paid hours of those away")


def test_people_away_from_named_people_keep_their_pay_known() -> None:
    """The medium scenario has people on shifts, of whom those away are paid: the difference is a figure."""
    medium = Scenario.from_yaml(scenario_file("medium"))
    away = variant(medium, "away", ["shrinkage=+0.05"])
    net = variant(medium, "as today", ["volume=+10%"])

    assert "" == away.not_comparable == net.not_comparable


def test_the_probability_of_a_target_counts_replications() -> None:
    """Counted by hand from each replication's own level; all targets together only where each is met."""
    base = Scenario.from_yaml(scenario_file("medium"))
    results = replicate(base, 6)
    above, below = results.counted("service_level", "queue")
    good = above / below >= [base.queues[q].service_level.target for q in results.names("queue")]
    found = probability_met(results, targets_of(base))

    for i, name in enumerate(results.names("queue")):
        assert int(good[:, i].sum()) == found[name].met
        assert wilson(found[name].met, 6) == (found[name].low, found[name].high)
    assert int(good.all(axis=1).sum()) == found[ALL].met


def test_more_replications_continue_those_that_are_there(small: Scenario) -> None:
    """Twelve are twelve, made at once or in two parts."""
    apart = extended(replicate(small, 5), 12)
    at_once = replicate(small, 12)

    assert [e.mean for e in at_once.estimates("offered", "interval")] == [
        e.mean for e in apart.estimates("offered", "interval")
    ]


def test_a_precision_is_reached(small: Scenario) -> None:
    """Pairs are added until every difference is as sure as asked, and no further."""
    found = what_if(small, [variant(small, "v", ["volume=+10%"])], 4, precision=0.006, hold=False)

    assert found.base.n > 4
    assert found.difference("service_level", "v").half_width <= 0.006


@pytest.mark.parametrize("threshold", [-7, -1, 0, 1, 5, 38])
@pytest.mark.parametrize(("start", "step"), [(0, 1), (3, 4), (-10, 2), (40, 7)])
def test_the_fewest_are_found_wherever_one_looks_first(threshold: int, start: int, step: int) -> None:
    """Doubling and halving end at the same number."""
    assert threshold == fewest(lambda k: k >= threshold, -10, 40, start=start, step=step)
    assert fewest(lambda _: False, -10, 40, start=start, step=step) is None
    assert -10 == fewest(lambda _: True, -10, 40, start=start, step=step)


def test_people_found_do_hold_and_one_fewer_does_not(small: Scenario) -> None:
    """Simulated again by hand, under the same random numbers."""
    changed = small.with_(pulled(small, "volume=+30%")[0])
    base, results = replicate(small, 10), replicate(changed, 10)
    held = heads_to_hold(base, results)
    assert held.n is not None
    assert held.n > 1
    enough = replicate(with_heads(changed, held.n), 10)
    short = replicate(with_heads(changed, held.n - 1), 10)

    assert (difference(base, enough, "service_level").mean or 0) >= 0
    assert (difference(base, short, "service_level").mean or 0) < 0


# Files


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_files_that_come_along_are_bound_to_their_bases() -> None:
    """Each can be read, and its lock is that of the scenario as it is shipped."""
    files = sorted((folder("templates") / "whatif").glob("*.yaml"))

    assert len(files) >= 2
    for file in files:
        read = read_what_if(file)
        assert fingerprint(read.base) == read.lock
        assert what_if_file(file.stem) == file


def test_a_file_tells_every_mistake_at_once(tmp_path: Path) -> None:
    """Form, levers, things, values, paths, each with its place and the nearest that exists."""
    path = written(
        tmp_path,
        """
format: 1
baselinee: small
baseline: small
replications: 1
formula: V9
variants:
  a:
    levers: [shrinkge=+0.05, "volume:servicee=+10%", handle_time=long, fcr=+0.05, "no sign"]
    changes:
      - groups.team.agnets=12
      - {path: queues.service.patience.mean, value: 20}
      - {path: queues.service.resolution, value: 2}
  b: {lever: [volume=+10%]}
""",
    )
    with pytest.raises(ScenarioError) as raised:
        read_what_if(path)
    said = str(raised.value)

    for sentence in (
        'baselinee: there is no such field. Did you mean "baseline"?',
        "replications: 1 is not accepted. Write a number of at least 2.",
        'formula: There is no service level formula called "V9".',
        'variants.a.levers.0: There is no lever called "shrinkge". Did you mean "shrinkage"?',
        'variants.a.levers.1: There is no queue called "servicee". Did you mean "service"?',
        'variants.a.levers.2: handle_time: "long" is not a value. Write 1.1 or +10%',
        "variants.a.levers.3: fcr: nobody comes back here",
        'variants.a.levers.4: "no sign" is not a lever. Write NAME=VALUE',
        'variants.a.changes.0: There is no path called "groups.team.agnets". Did you mean "groups.team.agents"?',
        'variants.a.changes.1: There is no path called "queues.service.patience.mean". Did you mean',
        "variants.a.changes.2: queues.service.resolution: 2 is not accepted. Write a number of at most 1.",
        'variants.b.lever: there is no such field. Did you mean "levers"?',
    ):
        assert sentence in said, sentence


def test_a_base_that_changed_is_refused_until_the_file_is_bound_anew(tmp_path: Path, small: Scenario) -> None:
    """Comments and the order of names are no change; a figure is. Binding keeps the comments."""
    (tmp_path / "base.yaml").write_text(small.to_yaml() + "\n# a remark\n", encoding="utf-8")
    path = written(tmp_path, "# ours\nbaseline: base.yaml\nvariants:\n  v: {levers: [volume=+10%]}  # more\n")

    assert "" == read_what_if(path).lock
    assert fingerprint(small) == lock(path) == read_what_if(path).lock
    assert path.read_text(encoding="utf-8").startswith("# ours\n")
    assert "# more" in path.read_text(encoding="utf-8")
    small.with_(Change("queues.service.patience.mean_s", 99)).to_yaml(tmp_path / "base.yaml")
    with pytest.raises(ScenarioError, match=r"locked: base.yaml has changed since .* --lock"):
        read_what_if(path)
    lock(path)
    read_what_if(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("variants:\n  v: {levers: [volume=+10%]}\n", "baseline: this is needed and missing"),
        (
            "baseline: smal\nvariants: {v: {}}\n",
            'There is no scenario file called "smal". Did you mean "small"?',
        ),
        ("- a\n- b\n", "a what-if is written as fields"),
        ("baseline: [\n", "this is not YAML"),
        ("format: 2\nbaseline: small\nvariants: {v: {}}\n", "format: 2 is not accepted. Write one of 1"),
    ],
)
def test_a_file_that_is_none_says_why(text: str, said: str, tmp_path: Path) -> None:
    """One sentence with what to do."""
    with pytest.raises(ScenarioError, match=said.replace("?", r"\?")):
        read_what_if(written(tmp_path, text))


# Tornado and frontier


def test_a_tornado_holds_what_single_what_ifs_say(small: Scenario) -> None:
    """Sorted by reach; each end is the paired difference of that one move; what does not act says why."""
    found = tornado(small, 4, only=["volume", "pay", "fcr", "outage"])
    by_name = {bar.lever.name: bar for bar in found.bars}
    alone = what_if(small, [variant(small, "v", ["volume=+10%"])], 4, hold=False).difference(
        "service_level", "v"
    )
    up = by_name["volume"].up
    assert up is not None

    assert ["outage", "volume", "pay"] == list(by_name)
    assert by_name["outage"].down is None
    assert alone == up.differences["service_level"]
    assert "nobody comes back" in found.left_out["fcr"]
    assert {"service_level", "abandon_rate", "occupancy", "cost"} == set(found.table()["measure"])


@pytest.mark.parametrize("lever", ["shrinkage", "absence"])
def test_who_is_away_from_counted_groups_is_no_saving_in_a_tornado(lever: str, small: Scenario) -> None:
    """Paid hours do not fall with shrinkage: cost is then not known, with the reason, and stands last."""
    found = tornado(small, 2, measure="cost", only=[lever, "volume"])
    table = found.table()
    own = table[table.lever == lever].set_index("measure")

    assert ["volume", lever] == [bar.lever.name for bar in found.bars]
    assert own.difference.isna().to_dict() == {
        "cost": True, "service_level": False, "abandon_rate": False, "occupancy": False,
    }  # fmt: skip
    assert "paid hours of those away" in own.reason["cost"]
    assert "paid hours of those away" in found.not_known[lever]
    assert found.to_data()["bars"][1]["up"]["differences"]["cost"]["mean"] is None
    with pytest.raises(CallError, match="paid hours of those away"):
        elementary_effects(small, 2, 2, measure="cost", only=[lever, "volume"])


def test_elementary_effects_of_a_straight_line_are_its_slope(small: Scenario) -> None:
    """Cost is pay times hours and 0.12 a call: pay moves its part by 20 % over its swing, patience hardly any."""
    found = elementary_effects(small, 3, 2, measure="cost", only=["pay", "patience"])
    rows = found.table.set_index("lever")
    results = replicate(small, 2)
    cost, answered = results["cost"].mean, results["answered"].mean
    assert cost is not None
    assert answered is not None

    assert ["pay", "patience"] == list(rows.index)
    assert rows.loc["pay", "mu_star"] == pytest.approx(0.2 * (cost - 0.12 * answered), rel=0.001)
    assert rows.loc["patience", "mu_star"] < 0.01 * cost
    assert 9 == found.settings


def test_levers_together_are_each_as_far_from_today_as_asked() -> None:
    """Absence and shrinkage overlap: five points of one and three of the other are eight."""
    base = Scenario.from_yaml(scenario_file("medium"))
    from workbench.studies.lever import LEVERS

    shrinkage, absence = LEVERS.get("shrinkage"), LEVERS.get("absence")
    changed = together(
        base,
        {"shrinkage": shrinkage.today(base) + 0.05, "absence": absence.today(base) + 0.03, "volume": 1.0},
    )

    assert shrinkage.today(changed) == pytest.approx(shrinkage.today(base) + 0.08)


def test_a_frontier_marks_what_is_dominated() -> None:
    """A dear group that serves nobody better is dominated by today; more people all over are not."""
    base = Scenario.parse(
        {
            "time": {"hours": 8, "interval_s": 3600},
            "queues": {
                "q": {
                    "arrivals": {"per_hour": 60},
                    "handle": {"talk": {"mean_s": 300}},
                    "patience": {"mean_s": 120},
                },
                "idle": {"handle": {"talk": {"mean_s": 300}}},
            },
            "groups": {"a": {"agents": 5, "skills": ["q"]}, "b": {"agents": 5, "skills": ["idle"]}},
            "money": {"pay_per_hour": 20},
        }
    )
    found = frontier(base, 6, reach=0.2, steps=1)
    by_name = {p.name: p for p in found.points}

    assert "" == by_name["+2 a"].dominated_by
    assert "" == by_name["\u22122 b"].dominated_by
    assert "\u22122 b" == by_name["today"].dominated_by
    assert by_name["+2 b"].dominated_by
    assert 2 * 8 * 20 == pytest.approx(by_name["+2 a"].cost_change.mean or 0)
    assert 0 == by_name["+2 b"].service_change.mean
    costs = [p.cost.mean or 0 for p in found.points]
    assert sorted(costs) == costs


# Commands


def call(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert 0 == result.exit_code, result.output
    return result.output


@pytest.mark.parametrize(("name", "n"), [("small", "4"), ("medium", "2"), ("week", "2"), ("large", "2")])
def test_what_if_answers_in_json_on_every_scenario(name: str, n: str) -> None:
    """Differences with intervals, probabilities, versions, and the sentence."""
    hold = [] if name == "small" else ["--no-hold"]
    data = json.loads(
        call("what-if", name, "--lever", "shrinkage=+0.05", "--replications", n, "--json", *hold)
    )
    one = data["variants"]["changed"]
    d = one["differences"]["service_level"]

    assert int(n) == data["replications"]
    assert 1 == data["seed"]
    assert d["low"] <= d["mean"] <= d["high"]
    assert d["mean"] == pytest.approx(
        one["measures"]["service_level"]["mean"] - data["baseline"]["measures"]["service_level"]["mean"]
    )
    assert {"python", "numba", "numpy"} <= set(data["versions"])
    assert one["words"].startswith("5 points more shrinkage c")
    assert set(data["baseline"]["targets"]) == set(one["targets"])
    assert (one["to_hold"] is None) == (name != "small")


@pytest.mark.parametrize(("name", "n"), [("small", "3"), ("medium", "2"), ("week", "2")])
def test_tornado_and_frontier_answer_in_json(name: str, n: str) -> None:
    """Few points here; the large scenario is left to the what-ifs and to intraday."""
    found = json.loads(
        call("tornado", name, "--lever", "volume", "--lever", "staffing", "--replications", n, "--json")
    )
    points = json.loads(
        call("frontier", name, "--steps", "1", "--no-by-group", "--replications", n, "--json")
    )["points"]

    assert {"volume", "staffing"} == {bar["lever"] for bar in found["bars"]}
    assert 3 == len(points)
    assert {"today"} <= {p["name"] for p in points}


def test_a_file_is_run_shown_and_written(tmp_path: Path) -> None:
    """The sentences, the table, what it rests on; the CSV holds the same figures."""
    out = tmp_path / "deep" / "table.csv"
    said = call("what-if", "sickness", "--replications", "4", "--no-hold", "--out", str(out))
    table = pd.read_csv(out)

    assert "sickness and one more person" in said
    assert "4 pairs" in said
    assert {"sickness", "sickness and one more person", "sickness and shorter wrap-up"} == set(
        table["variant"]
    )
    assert {"people", "service_level", "cost"} <= set(table["measure"])
    book = tmp_path / "table.xlsx"
    call("what-if", "sickness", "--replications", "2", "--no-hold", "--out", str(book))
    assert "variant" in pd.read_excel(book, header=None).to_string()


def test_pictures_are_written_with_their_words(tmp_path: Path) -> None:
    """SVG with the levers' names as text."""
    out = tmp_path / "tornado.svg"
    call("tornado", "small", "--lever", "volume", "--replications", "2", "--out", str(out))
    call("frontier", "small", "--steps", "1", "--replications", "2", "--out", str(tmp_path / "frontier.svg"))

    assert "volume" in out.read_text(encoding="utf-8")
    assert "today" in (tmp_path / "frontier.svg").read_text(encoding="utf-8")


def test_levers_are_listed_with_todays_values() -> None:
    """For a scenario, also why one does not act."""
    said = call("what-if", "small", "--levers")

    assert "nobody comes back here" in " ".join(said.replace("│", " ").split())
    assert "staffing[:GROUP]" in said
    assert "13" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["what-if"], "Name a what-if file"),
        (["what-if", "small"], "Say what changes"),
        (["what-if", "sickness", "--lever", "volume=+1%"], "says itself what is changed"),
        (["what-if", "smal", "--lever", "volume=+1%"], 'Did you mean "small"'),
        (["what-if", "small", "--lever", "volum=+1%"], 'Did you mean "volume"'),
        (["what-if", "small", "--lever", "volume=+1%", "--out", "a.doc"], "ends in none of .csv, .xlsx"),
        (["what-if", "small", "--lever", "volume=+1%", "--replications", "1"], "Use 2 or more"),
        (["what-if", "small", "--change", "groups.team.agnets=1"], 'Did you mean "groups.team.agents"'),
        (["tornado", "small", "--lever", "volum"], 'Did you mean "volume"'),
        (
            ["tornado", "small", "--measure", "servicelevel", "--replications", "2"],
            'Did you mean "service_level"',
        ),
        (["frontier", "small", "--reach", "10"], "10 % is 0.1"),
        (["frontier", "small", "--reach", "0", "--steps", "0"], "steps: 0 to each side"),
        (["what-if", "missing.yaml"], 'There is no what-if file or scenario called "missing.yaml"'),
        (["tornado", "small", "--lever", "volume,staffin"], 'Did you mean "staffing"'),
    ],
)
def test_a_wrong_call_says_what_is_accepted(words: list[str], said: str) -> None:
    """CallError, which the command line turns into a sentence and exit code 2."""
    result = CliRunner().invoke(app, words)

    assert isinstance(result.exception, CallError)
    assert said in str(result.exception)


def test_levers_may_be_written_with_commas() -> None:
    """A comma that belongs to a queue's name or to a number splits nothing."""
    assert levers_in(["volume=+10%,shrinkage:sick=+0.05", "fcr=0.8"]) == [
        "volume=+10%", "shrinkage:sick=+0.05", "fcr=0.8",
    ]  # fmt: skip
    assert levers_in(["volume:a, b=+10%", "shrinkage=+0,05"]) == ["volume:a, b=+10%", "shrinkage=+0,05"]
    assert names_in(["volume, pay", "fcr"]) == ["volume", "pay", "fcr"]


def test_every_mistake_of_a_call_is_told_at_once() -> None:
    """Two levers and two changes, each wrong in its own way."""
    call = ["what-if", "small", "--lever", "shrinkge=+0.05,volume=x"]
    result = CliRunner().invoke(app, [*call, "--change", "groups.team.agnts=4", "--change", "foo"])
    said = str(result.exception)

    assert isinstance(result.exception, CallError)
    for part in ('Did you mean "shrinkage"', '"x" is not a value', "groups.team.agents", '"foo" is not'):
        assert part in said


def test_a_hash_does_not_depend_on_the_order_of_names() -> None:
    """Nor on what is written out that is as by default."""
    base = queue()
    other = Scenario.parse({**base.to_data(defaults=True), "name": "line"})

    assert fingerprint(base) == fingerprint(other)
    assert fingerprint(base) != fingerprint(base.with_(Change("groups.g.agents", 13)))
    assert np.isfinite(base.money.pay_per_hour)
