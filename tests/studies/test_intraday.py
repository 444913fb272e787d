"""Is the rest of a day what the day so far makes probable, and do options act from now on only?"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats
from typer.testing import CliRunner

from workbench.cli import app
from workbench.errors import CallError, DataError
from workbench.resources import folder, scenario_file
from workbench.sim.records import COUNTERS
from workbench.sim.run import run
from workbench.sim.scenario import Scenario
from workbench.studies.actuals import Actuals, intervals_until, read_actuals
from workbench.studies.busyness import Busyness, busyness_after
from workbench.studies.day_so_far import Expected, SoFar
from workbench.studies.intraday import NOTHING, Intraday, intraday, one_day
from workbench.studies.intraday_options import Wishes, clock_at
from workbench.studies.lever import LEVERS


def counted(scenario: Scenario, until: str, volume: float = 1.0, seed: int = 99) -> pd.DataFrame:
    """What a real day would have shown until now: one simulated day, busier than forecast."""
    lever = LEVERS.get("volume")
    day = run(scenario.with_(lever.changes(scenario, volume)), seed, record="intervals")
    at_work = day.counts.group_us[:-1, :, 1, :].sum(axis=(1, 2)) / scenario.horizon.interval_us
    rows = []
    for i in range(intervals_until(scenario, until)):
        for q, name in enumerate(scenario.prepared.names.queues):
            c = dict(zip(COUNTERS, day.counts.queue[i, q].tolist(), strict=True))
            handle_s = (c["talk_us"] + c["hold_us"] + c["wrap_us"]) / 1e6
            rows.append(
                {
                    "interval_start": clock_at(scenario, i), "queue": name, "offered": c["offered"],
                    "aht_s": round(handle_s / c["answered"], 1) if c["answered"] else None,
                    "abandoned": c["abandoned"], "answered_in_T": c["in_time"],
                    "people": round(float(at_work[i]), 1) if q == 0 else None,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def read(scenario: Scenario, until: str, frame: pd.DataFrame, tmp_path: Path) -> Actuals:
    file = tmp_path / "so far.csv"
    frame.to_csv(file, index=False)
    return read_actuals(file, scenario, until)


@pytest.fixture(scope="module")
def small() -> Scenario:
    return Scenario.from_yaml(scenario_file("small"))


@pytest.fixture(scope="module")
def medium_rest(tmp_path_factory: pytest.TempPathFactory) -> Intraday:
    base = Scenario.from_yaml(scenario_file("medium"))
    actuals = read(base, "11:00", counted(base, "11:00", 1.1), tmp_path_factory.mktemp("medium"))
    return intraday(base, actuals, 6)


def test_busyness_by_hand() -> None:
    """Shape 100, 264 expected, 327 came: (100 + 327) / (100 + 264)."""
    b = Busyness(("q",), 264.0, 327.0, 100.0, 1.0)

    assert 427 / 364 == pytest.approx(b.mean)
    assert 427.0 == b.shape
    low, high = b.interval()
    assert low < b.mean < high


@pytest.mark.parametrize(("k", "m", "expected", "came"), [(4.0, 1.0, 30.0, 55), (80.0, 1.2, 10.0, 3)])
def test_busyness_is_bayes_rule(k: float, m: float, expected: float, came: int) -> None:
    """Prior times likelihood, integrated by quadrature, has the same mean and quantiles."""
    b = Busyness(("q",), expected, float(came), k, m)

    def weight(x: float) -> float:
        return float(stats.gamma.pdf(x, k, scale=m / k) * stats.poisson.pmf(came, x * expected))

    total = integrate.quad(weight, 0, 10, limit=400)[0]
    mean = integrate.quad(lambda x: x * weight(x), 0, 10, limit=400)[0] / total
    low, high = b.interval()

    assert mean == pytest.approx(b.mean, rel=1e-6)
    assert integrate.quad(weight, 0, low, limit=400)[0] / total == pytest.approx(0.025, abs=1e-6)
    assert integrate.quad(weight, high, 10, limit=400)[0] / total == pytest.approx(0.025, abs=1e-6)


def test_the_rest_of_a_day_lies_where_it_is_said_to_lie() -> None:
    """600 mornings and afternoons from one factor: 95 % intervals hold 93 to 97 % of the afternoons."""
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(600):
        factor = rng.gamma(30, 1 / 30)
        morning, afternoon = rng.poisson(200 * factor), rng.poisson(300 * factor)
        b = Busyness(("q",), 200.0, float(morning), 30.0, 1.0)
        # a Gamma mixture of Poissons is negative binomial
        scale = 300 * b.mean / b.shape
        low, high = stats.nbinom.ppf([0.025, 0.975], b.shape, 1 / (1 + scale))
        hits += low <= afternoon <= high

    assert 0.93 <= hits / 600 <= 0.98
    drawn = [b.draw(rng) for _ in range(4000)]
    assert np.mean(drawn) == pytest.approx(b.mean, rel=0.02)
    assert np.std(drawn) == pytest.approx(b.mean / np.sqrt(b.shape), rel=0.05)


def test_queues_that_share_a_factor_are_counted_together() -> None:
    """Orders in both languages share the shop's busyness; chat has none, so nothing is learnt of it."""
    base = Scenario.from_yaml(scenario_file("medium"))
    names = base.prepared.names.queues
    expected = np.full((4, len(names)), 10.0)
    observed = np.full((4, len(names)), 12.0)
    found = {b.queues: b for b in busyness_after(base, expected, observed)}

    assert (150 + 96) / (150 + 80) == pytest.approx(found["orders", "orders fr"].mean)
    assert 1.0 == found["chat",].mean
    assert "nothing is learnt" in found["chat",].to_data()["reason"]
    returns = found["returns",]  # interval_shape 60: each count weighs 1 / (1 + 10/60)
    assert 40 / (1 + 10 / 60) == pytest.approx(returns.expected)


def test_options_leave_everything_before_they_act_as_it_was(medium_rest: Intraday) -> None:
    """Counter by counter, interval by interval, in every replication; afterwards something differs."""
    start = (int(medium_rest.from_[:2]) - 8) * 4 + int(medium_rest.from_[3:]) // 15
    done = [o.name for o in medium_rest.options if not o.why_not and o.name != NOTHING]

    assert {"overtime", "moved breaks", "overflow", "voluntary time off"} == set(done)
    for name in done:
        differs = False
        for own, base in zip(medium_rest.day[name].tallies, medium_rest.day[NOTHING].tallies, strict=True):
            for counter, values in base["interval"].items():
                before = slice(0, start)
                if counter in ("pay", "paid_us", "overtime_us"):
                    continue
                if counter in ("offered", "fresh", "handling_us", "available_us"):
                    assert np.array_equal(values[before], own["interval"][counter][before]), (name, counter)
                differs |= not np.array_equal(values[start:], own["interval"][counter][start:])
        assert differs, name


def test_the_day_so_far_is_as_it_was_counted(medium_rest: Intraday) -> None:
    """What was offered and given up so far is that of the file, in the figures of the day."""
    day, rest = medium_rest.day[NOTHING], medium_rest.rest[NOTHING]
    so_far = np.array([t["overall"]["offered"][0] for t in day.tallies]) - [
        t["overall"]["offered"][0] for t in rest.tallies
    ]

    assert np.all(so_far == medium_rest.actuals.offered.sum())
    checks = {c.name: c for c in medium_rest.checks}
    assert checks["offered"].simulated == pytest.approx(checks["offered"].counted, rel=0.02)
    assert checks["people at work, mean"].simulated == pytest.approx(
        checks["people at work, mean"].counted, rel=0.03
    )


def test_time_off_is_not_paid_and_overtime_is_paid_more(medium_rest: Intraday) -> None:
    """Cost falls by the hours' pay, less contacts answered; overtime costs a quarter more than the hour."""
    off, cost = (medium_rest.difference(m, "voluntary time off") for m in ("paid_hours", "cost"))
    answered = medium_rest.difference("answered", "voluntary time off").mean or 0
    assert off.mean is not None
    assert cost.mean is not None
    assert off.mean < 0
    per_hour = (cost.mean - 0.1 * answered) / off.mean

    assert 23 <= per_hour <= 31
    hours, more = (medium_rest.difference(m, "overtime").mean or 0 for m in ("paid_hours", "cost"))
    assert 23 * 1.25 * 0.9 <= more / hours <= 31 * 1.25 * 1.2


def test_breaks_stay_within_the_shift_and_ahead_of_now(medium_rest: Intraday) -> None:
    """The option's changes make a valid scenario; none begins before it can act, or moves by more than an hour."""
    option = next(o for o in medium_rest.options if o.name == "moved breaks")
    base = medium_rest.scenario
    changed = base.with_(option.changes)

    assert option.changes
    for change in option.changes:
        _, label, _, name, _ = change.path.split(".")
        was, now = base.shifts[label].activities[name].start, changed.shifts[label].activities[name].start
        assert now >= medium_rest.from_
        assert abs(int(now[:2]) * 60 + int(now[3:]) - int(was[:2]) * 60 - int(was[3:])) <= 60
    assert (medium_rest.difference("service_level", "moved breaks").mean or 0) > 0


def test_a_day_like_the_forecast_stays_like_the_forecast(small: Scenario, tmp_path: Path) -> None:
    """Counts equal to the forecast, handle times and people as planned: the rest is that of the scenario."""
    past = intervals_until(small, "12:00")
    rate = np.array(small.queues["service"].arrivals.per_hour[:past]) / 2
    frame = pd.DataFrame(
        {
            "interval_start": [clock_at(small, i) for i in range(past)],
            "offered": rate.astype(int),
            "people": small.groups["team"].agents[:past],  # type: ignore[index]
        }
    )
    found = intraday(small, read(small, "12:00", frame, tmp_path), 40)
    later = sum(small.queues["service"].arrivals.per_hour[past:]) / 2

    assert 1.0 == pytest.approx(found.busyness[0].mean, abs=0.01)
    assert {} == found.handle
    assert 1.0 == pytest.approx(found.people or 0)
    offered = found.rest[NOTHING]["offered"]
    assert abs((offered.mean or 0) - later) < 2 * offered.half_width  # four standard errors
    refused = {o.name: o.why_not for o in found.options if o.why_not}
    assert "agents are counts here" in refused["moved breaks"]
    assert "no other queue" in refused["overflow"]


def test_longer_contacts_so_far_are_longer_contacts_in_the_rest(small: Scenario, tmp_path: Path) -> None:
    """A third more handle time so far: the rest is simulated with it, and occupancy shows it."""
    frame = counted(small, "11:00")
    longer = frame.assign(aht_s=frame["aht_s"] * 4 / 3)
    usual = intraday(small, read(small, "11:00", frame, tmp_path), 20)
    found = intraday(small, read(small, "11:00", longer, tmp_path), 20)

    assert found.handle["service"] == pytest.approx(usual.handle["service"] * 4 / 3)
    before, after = (x.rest[NOTHING]["occupancy"].mean for x in (usual, found))
    assert before is not None
    assert after is not None
    assert after > before + 0.1


def test_a_day_of_a_week_is_cut_out() -> None:
    """Tuesday of the week; a day that is not there is refused."""
    week = Scenario.from_yaml(scenario_file("week"))

    assert "2024-06-04" == str(one_day(week, 1).time.start.date())
    assert 24 == one_day(week, 1).horizon.n_intervals
    with pytest.raises(CallError, match="days 0 to 6"):
        one_day(week, 7)


def test_a_file_tells_every_problem_at_once(small: Scenario, tmp_path: Path) -> None:
    """Cell by cell, with what came and what is accepted."""
    frame = pd.DataFrame(
        [
            ("08:00", "service", "20", "300", "1"),
            ("08:10", "service", "20", "", ""),
            ("08:30", "servicee", "-3", "long", "2.5"),
            ("quarter past", "service", "", "", ""),
            ("09:00", "service", "5", "", "9"),
            ("08:00", "service", "20", "", ""),
        ],
        columns=["interval_start", "queue", "offered", "aht_s", "abandoned"],
    )
    with pytest.raises(DataError) as raised:
        read(small, "11:00", frame, tmp_path)
    said = str(raised.value)

    for sentence in (
        'row 3, interval_start: no interval begins at "08:10"; they last 30 minutes',
        'row 4, queue: There is no queue called "servicee". Did you mean "service"?',
        'row 4, offered: "-3" is not a number of 0 or more',
        'row 4, aht_s: "long" is not a number',
        "row 4, abandoned: 2.5 is not a whole number",
        'row 5, interval_start: "quarter past" is not a time',
        "row 5, offered: is empty. Write 0 if nobody came",
        "row 6, abandoned and answered_in_T together are more than offered",
        "row 7, service at 08:00 is there twice",
    ):
        assert sentence in said, sentence


def test_handled_is_another_name_of_answered(small: Scenario, tmp_path: Path) -> None:
    """By hand: 10 of 100 s and 30 of 200 s are 175 s on average; by what was offered it would be 150 s."""
    frame = pd.DataFrame(
        [("08:00", 30, 100.0, 10), ("08:30", 30, 200.0, 30)],
        columns=["interval_start", "offered", "aht_s", "handled"],
    )
    plan = Expected.of(small, 1, 2, 1)
    by_name = [
        SoFar.of(small, read(small, "09:00", frame.rename(columns={"handled": name}), tmp_path), plan)
        for name in ("handled", "answered")
    ]
    unweighted = SoFar.of(small, read(small, "09:00", frame.drop(columns="handled"), tmp_path), plan)

    assert [10.0, 30.0] == by_name[0].actuals.answered[:, 0].tolist()
    assert by_name[0].ratio == by_name[1].ratio
    assert 175 / 150 == pytest.approx(by_name[0].ratio["service"] / unweighted.ratio["service"])
    for wrong, said in (
        (frame.assign(answered=1), "columns handled and answered are the same; leave one out."),
        (frame.assign(answered_in_T=20), "row 2, answered_in_T is more than answered."),
        (frame.assign(handled=2.5), "row 2, answered: 2.5 is not a whole number."),
    ):
        with pytest.raises(DataError, match=said):
            read(small, "09:00", wrong, tmp_path)


def test_a_column_that_is_not_known_is_told_which_are(small: Scenario, tmp_path: Path) -> None:
    """One problem is not "1 problems", a question ends with its own mark, and no far-fetched name is offered."""
    frame = counted(small, "11:00").assign(shoe_size=44)
    with pytest.raises(DataError) as raised:
        read(small, "11:00", frame, tmp_path)
    said = str(raised.value)

    assert "so far.csv: 1 problem\n" in said
    accepted = "interval_start, queue, offered, aht_s, answered, abandoned, answered_in_T, people"
    assert f'column "shoe_size" is not known. Accepted: {accepted}; also handled for answered.' in said
    frame = counted(small, "11:00").assign(queue="servicee").head(1)
    with pytest.raises(DataError) as raised:
        read(small, "08:30", frame, tmp_path)
    assert str(raised.value).endswith('Did you mean "service"?')


def test_gaps_and_columns_are_told(small: Scenario, tmp_path: Path) -> None:
    """A missing half-hour, an unknown column, a time that is none; what lies later is not used."""
    frame = counted(small, "11:00")
    with pytest.raises(DataError, match="no row for service at 09:30"):
        read(small, "11:00", frame.drop(index=3), tmp_path)
    with pytest.raises(DataError, match=r'"ofered" is not known. Did you mean "offered"'):
        read(small, "11:00", frame.rename(columns={"offered": "ofered"}), tmp_path)
    assert 2 == read(small, "10:00", frame, tmp_path).later
    for until, said in (("11:10", "no interval of small ends then"), ("noon", "is not a time of day")):
        with pytest.raises(CallError, match=said):
            intervals_until(small, until)
    with pytest.raises(CallError, match="there is no such file"):
        read_actuals(tmp_path / "none.csv", small, "11:00")
    with pytest.raises(CallError, match="--share 2: use a share above 0 up to 1"):
        Wishes(share=2.0)


@pytest.mark.parametrize(("name", "n"), [("small", 8), ("medium", 2), ("week", 2), ("large", 2)])
def test_intraday_answers_in_json_on_every_scenario(name: str, n: int, tmp_path: Path) -> None:
    """Counts come from a simulated morning; every option has a figure or a reason."""
    base = one_day(Scenario.from_yaml(scenario_file(name)))
    file = tmp_path / "so far.csv"
    frame = counted(base, "11:00", 1.05)
    if name == "large":
        frame = frame.drop(columns="aht_s")  # a fifth of the scenarios to prepare
    frame.to_csv(file, index=False)
    words = ["intraday", name, "--until", "11:00", "--actuals", str(file), "--replications", str(n), "--json"]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    data = json.loads(result.output)

    assert n == data["replications"]
    assert {NOTHING, "overtime", "moved breaks", "overflow", "voluntary time off"} == set(data["options"])
    for option in data["options"].values():
        if not option.get("why_not"):
            d = option["differences"]["service_level"]
            assert d["low"] <= d["mean"] <= d["high"]
    assert data["approximate"]


def test_the_file_that_comes_along_is_shown_and_written(tmp_path: Path) -> None:
    """Sentences on the day so far, the table, what is approximate; the CSV has both parts of the day."""
    file = folder("templates") / "intraday" / "small.csv"
    out = tmp_path / "rest.csv"
    words = [
        "intraday",
        "small",
        "--until",
        "11:00",
        "--actuals",
        str(file),
        "--replications",
        "6",
        "--out",
        str(out),
    ]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    said = " ".join(result.output.split())

    assert "327 contacts came of themselves where 264 were forecast; the rest is expected at 1.17" in said
    assert "So far abandoned: 34 counted" in said
    assert "moved breaks: agents are counts here" in said
    assert {"rest", "day"} <= set(pd.read_csv(out)["part"].dropna())
