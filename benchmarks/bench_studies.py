"""How long do calibration and backtest take, and how near do they come, beside Erlang A?

A real log is measured where WORKBENCH_BENCH_LOG names one, fitted on its first two thirds; otherwise a
fictional floor of the same size, made by the simulator. Times are by the clock on the wall and by the
processor, since a busy machine stretches the first.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.intake.client import Client
from workbench.intake.dataset import PROBLEM_COLUMNS, Dataset, Provenance
from workbench.intake.period import Period
from workbench.intake.read import read_client
from workbench.sim.run import run
from workbench.sim.scenario import Scenario
from workbench.studies.backtest import Backtest, backtest
from workbench.studies.calibrate import calibrate

START, DAYS = date(2024, 6, 3), 30
LOG = "WORKBENCH_BENCH_LOG"


def fictional() -> Dataset:
    """Thirty days of 1,000 calls with eight people, contacts only."""
    rates = [0.0] * 14 + [40.0, 60.0, 80.0, 90.0, 90.0, 80.0, 70.0, 70.0, 80.0, 90.0] * 2 + [0.0] * 14
    made = Scenario.parse(
        {
            "time": {"start": f"{START}T00:00:00", "days": DAYS, "interval_s": 1800},
            "queues": {
                "calls": {
                    "arrivals": {"per_hour": rates},
                    "handle": {
                        "talk": {"family": "lognormal", "mean_s": 200, "cv": 1.2},
                        "wrap_up": {"mean_s": 15},
                    },
                    "patience": {"mean_s": 400},
                }
            },
            "groups": {"desk": {"people": {"all": {"count": 6, "shift": "day"}}, "skills": ["calls"]}},
            "shifts": {"day": {"start": "06:45", "end": "17:15"}},
        }
    )
    table = run(made, 1).contacts.drop(columns=["outcome", "wait_s"])
    return Dataset(
        Client(id="fictional", name="Fictional", fictional=True),
        Period(START, START + timedelta(days=DAYS - 1)),
        {"contacts": table.assign(acw_s=float("nan"))},
        pd.DataFrame(columns=list(PROBLEM_COLUMNS)),
        Provenance("made"),
    )


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what a work gives, wall and processor time. [s]"""
    wall, own = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - own


def say(text: str, wall: float, own: float, at_most: float) -> None:
    """Print a time beside what is asked for."""
    verdict = "held" if wall <= at_most else ("held by processor time" if own <= at_most else "MISSED")
    print(
        f"  {text:<52} {wall:6.1f} s  processor {own:6.1f} s   at most {at_most:g} s   {verdict}", flush=True
    )


def errors(found: Backtest) -> None:
    """Print predicted beside actual, the model beside Erlang A."""
    for name, scores in (("model", found.scores), ("Erlang A", found.erlang_a)):
        if scores is None:
            continue
        level, left = scores.total["service_level"], scores.total["abandon_rate"]
        print(
            f"    {name:<9} service level {level['actual']:.3f} predicted {level['predicted']:.3f}, abandonment "
            f"{left['actual']:.3f} predicted {left['predicted']:.3f}, interval error {scores.interval_error:.3f} "
            f"(noise {scores.noise_floor:.3f}), 90 % intervals hold {scores.coverage_90:.1%}",
            flush=True,
        )


def main() -> None:
    """Print every figure."""
    place = os.environ.get(LOG, "")
    dataset = read_client(Path(place)) if place else fictional()
    whole = dataset.period
    cut = whole.start + timedelta(days=whole.days * 2 // 3)
    fit, test = Period(whole.start, cut), Period(cut + timedelta(days=1), whole.end)
    print(
        f"  {Path(place).name if place else 'a fictional floor'}: {len(dataset.tables['contacts']):,} contacts, {whole}"
    )
    _, wall, own = timed(lambda: calibrate(dataset))
    say("calibration of the whole log", wall, own, 20.0)
    found, wall, own = timed(lambda: backtest(dataset, fit, test, n=100, decompose=False))
    say(f"fit of {fit.days} days, backtest of {test.days} days, 100 times", wall, own, 30.0)
    errors(found)
    _, wall, own = timed(lambda: backtest(dataset, fit, test, n=100))
    say("  and its error decomposed", wall, own, 30.0)
