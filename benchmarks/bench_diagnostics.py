"""How long does an assessment take, does it stay linear, and is it as sure as it says?

Speed: each example client once the libraries are imported, and one client with 100 thousand to a
million contacts (WORKBENCH_BENCH_ROWS sets others: "100000,1000000,5000000"), each in a process of its
own. Truth: over clients made with known faults, how often a finding's interval covers the planted
value, and how many healthy clients get a severe finding (WORKBENCH_BENCH_SEEDS says which healthy ones: "100", or
"101-200" to go on where another run stopped; WORKBENCH_BENCH_CLIENTS whose planted faults are looked for).
"""

from __future__ import annotations

import cProfile
import json
import math
import os
import pstats
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import gammainc
from scipy.stats import binomtest

from tools.clientgen.expected import alpha, expected
from tools.clientgen.governance import HEALTHY_HELD
from tools.clientgen.story import Story
from workbench.intake.dataset import Dataset

EXAMPLES = Path(__file__).resolve().parents[1] / "data" / "example"
LIMIT_EXAMPLE_S, LIMIT_MILLION_S, LIMIT_MILLION_GB = 0.3, 30.0, 4.0
FIRST, _, LAST = os.environ.get("WORKBENCH_BENCH_SEEDS", "1-400").rpartition("-")
SEEDS, PLANTED_SEEDS = range(int(FIRST or 1), int(LAST) + 1), 20
HEALTHY_SHARE = 0.95
DEAREST = 12
CLAIMED, DOUBT = 0.95, 0.01


def enlarged(dataset: Dataset, rows: int) -> Dataset:
    """Return the client with `rows` contacts: its own, again and again, each with an id and a customer of its own.

    The copies of a contact come within the same hour, so that weeks and months keep their shape.
    """
    contacts = dataset.tables["contacts"]
    times = -(-rows // len(contacts))
    draw = np.random.default_rng(1)
    many = pd.concat([contacts] * times, ignore_index=True).head(rows)
    copy = pd.Series(np.repeat(np.arange(times), len(contacts))[:rows].astype(str))
    shift = pd.to_timedelta(draw.integers(0, 3600, rows), unit="s")
    for column, values in many.items():
        if isinstance(values.dtype, pd.DatetimeTZDtype):
            many[column] = values + shift
    for column in ("contact_id", "customer_key", "parent_contact_id"):
        if column in many:
            many[column] = many[column].str.cat(copy, sep="-")
    many.index = pd.RangeIndex(2, rows + 2, name="row")
    return dataset.with_table("contacts", many)


def year() -> Dataset:
    """Return a healthy client with a year of every table, agents' states included."""
    from tools.clientgen.dataset import as_dataset
    from tools.clientgen.make import make_client
    from tools.clientgen.stories import STORIES

    story = STORIES["fernhill_energy"]
    return as_dataset(
        make_client(story.with_(end=story.start + timedelta(days=364), states_from=story.start), 1)
    )


def _one(rows: int) -> None:
    """Assess an enlarged client and print seconds and the peak of memory; for a process of its own."""
    import psutil

    from workbench.diagnostics.assess import assess

    dataset = enlarged(year(), rows)
    others = {name: len(table) for name, table in dataset.tables.items() if name != "contacts"}
    assess(dataset, only=["GOV-1"])
    profile = cProfile.Profile() if os.environ.get("WORKBENCH_BENCH_PROFILE") else None
    began, cpu = time.perf_counter(), time.process_time()
    if profile:
        profile.enable()
    assess(dataset)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    if profile:
        profile.disable()
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(45)
    status = Path("/proc/self/status")
    peak = psutil.Process().memory_info().rss
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        peak = int(line.split()[1]) * 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "cpu": cpu, "bytes": peak, "days": dataset.period.days,
                      "others": sum(others.values()), "tables": len(others)}))  # fmt: skip


def examples() -> None:
    """Print the time of each example client, the best of three, beside the time to read it."""
    from workbench.diagnostics.assess import assess
    from workbench.intake.read import read_client

    print(f"  {'client':<24}{'read s':>9}{'assess s':>10}{'CPU s':>8}   limit {LIMIT_EXAMPLE_S} s")
    for folder in sorted(path for path in EXAMPLES.iterdir() if path.is_dir()):
        began = time.perf_counter()
        dataset = read_client(folder)
        read = time.perf_counter() - began
        taken = []
        for _ in range(3):
            began, cpu = time.perf_counter(), time.process_time()
            assess(dataset)
            taken.append((time.perf_counter() - began, time.process_time() - cpu))
        seconds, cpu = min(taken)
        verdict = "held" if seconds < LIMIT_EXAMPLE_S else "MISSED"
        print(f"  {folder.name:<24}{read:>9.2f}{seconds:>10.2f}{cpu:>8.2f}   {verdict}", flush=True)


def checks() -> None:
    """Print which diagnostics cost most: CPU of each, the best of three, mean over the example clients.

    What several ask for counts for the first that asks.
    """
    from workbench.diagnostics.assess import run
    from workbench.diagnostics.diagnostic import CHECKS
    from workbench.intake.read import read_client
    from workbench.once import remembering

    datasets = [read_client(folder) for folder in sorted(EXAMPLES.iterdir()) if folder.is_dir()]
    total: dict[str, float] = {}
    for dataset in datasets:
        best: dict[str, float] = {}
        for _ in range(3):
            with remembering():
                for declared in CHECKS:
                    began = time.process_time()
                    run(declared, dataset)
                    taken = time.process_time() - began
                    best[declared.code] = min(taken, best.get(declared.code, taken))
        total = {code: total.get(code, 0.0) + seconds for code, seconds in best.items()}
    ms = {code: 1e3 * seconds / len(datasets) for code, seconds in total.items()}
    dearest = sorted(ms, key=ms.__getitem__, reverse=True)[:DEAREST]
    print(f"  CPU ms a client, {sum(ms.values()):.0f} in all {len(ms)} diagnostics; the dearest: "
          + ", ".join(f"{code} {ms[code]:.1f}" for code in dearest), flush=True)  # fmt: skip


def rows() -> None:
    """Print time and peak memory by number of contacts, and whether time grows as the rows do."""
    sizes = [int(n) for n in os.environ.get("WORKBENCH_BENCH_ROWS", "100000,1000000").split(",")]
    print(f"  {'contacts':>12}{'assess s':>10}{'CPU s':>10}{'µs a row':>10}{'peak GB':>9}   "
          f"limits at a million: {LIMIT_MILLION_S:.0f} s, {LIMIT_MILLION_GB:.0f} GB")  # fmt: skip
    for size in sizes:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_diagnostics", str(size)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        told = json.loads(done.stdout.splitlines()[-1])
        held = told["seconds"] < LIMIT_MILLION_S and told["bytes"] < LIMIT_MILLION_GB * 1e9
        verdict = "" if size != 1_000_000 else "held" if held else "MISSED"
        print(f"  {size:>12,}{told['seconds']:>10.1f}{told['cpu']:>10.1f}{1e6 * told['seconds'] / size:>10.1f}"
              f"{told['bytes'] / 1e9:>9.2f}   {verdict}", flush=True)  # fmt: skip
    print(f"  each with {told['days']} days of {told['tables']} other tables, {told['others']:,} rows in all")


def _roles_there(story: Story) -> float:
    """Return the chance that a role of the daily forum is there: where all four miss, the first comes after all."""
    missing = story.governance.roles_missing
    return 1 - missing + missing**4 / 4


def _answered_in_a_day(story: Story) -> float:
    """Return the chance that a gamma of shape 2 with the planted mean is at most 24 hours."""
    return float(gammainc(2, 24 / (story.governance.response_h / 2)))


def _alpha(story: Story) -> float:
    return alpha(story.quality.disagreement)


EACH: tuple[tuple[str, str, Callable[[Story], float]], ...] = (
    ("GOV-1", "required roles present", _roles_there),
    ("GOV-2", "weekly meetings held as planned", lambda s: {**HEALTHY_HELD, **s.governance.held}["weekly"]),
    ("GOV-5", "meetings that rest on platform data", lambda s: s.governance.platform_data),
    ("GOV-5", "meetings that took a decision", lambda s: 1 - math.exp(-s.governance.decisions)),
    ("GOV-6", "topics dealt with in the forum they belong to", lambda s: 1 - s.governance.misrouted_topics),
    ("HC-4", "escalations with an owner", lambda s: 1 - s.governance.escalations_unowned),
    ("HC-4", "escalations answered within 24 hours", _answered_in_a_day),
    ("VMF-11", "escalations on the formal path", lambda s: 1 - s.governance.side_channel),
    ("EXIT-1", "reports never restated", lambda s: 1 - s.governance.restated),
    ("VL-4a", "packs not edited by hand within 24 hours of the meeting", lambda s: 1 - s.governance.edited_last_day),
    ("VL-1a", "people whose access was asked for in the commonest order",
     lambda s: 1 - s.people.onboarding_variants * (1 - 1 / math.factorial(7))),
    ("LC-6", "shifts not changed after they were published", lambda s: 1 - s.people.schedule_revisions),
    ("LC-6", "shifts kept in a tool", lambda s: s.people.schedule_in_tool),
    ("LC-8", "evaluations not disputed", lambda s: 1 - s.quality.disputed),
    ("LC-10", "coaching sessions recorded in the system", lambda s: s.quality.coached_in_system),
    ("HO-2", "requests for hires that nobody typed in", lambda s: 1 - s.people.keyed_by_hand),
)  # fmt: skip
"""Looked for in every client below, in the healthy one at the size of the healthy."""

SOME: tuple[tuple[str, str, str, Callable[[Story], float]], ...] = (
    ("brightwave_telecom", "GOV-1", "daily meetings held as planned", lambda s: s.governance.held["daily"]),
    ("brightwave_telecom", "GOV-3", "monthly meetings held as planned", lambda s: s.governance.held["monthly"]),
    ("brightwave_telecom", "SYM-1", "issues seen by the vendor or a system, not by the client, customers or auditors",
     lambda s: s.governance.found_by_vendor),
    ("brightwave_telecom", "HC-3", "agreement of evaluators (Krippendorff's alpha, interval scale)", _alpha),
    ("fernhill_energy", "VL-1b", "people who took the commonest sequence of courses",
     lambda s: 1 - s.people.training_variants * (1 - 1 / math.factorial(6))),
    ("quillbay_outsourcing", "EXP-3", "invoices right the first time", lambda s: 1 - s.money.invoices_corrected),
    ("quillbay_outsourcing", "HC-3", "agreement of evaluators (Krippendorff's alpha, interval scale)", _alpha),
)  # fmt: skip

PLANTED: tuple[tuple[str, str, str, Callable[[Story], float]], ...] = (
    *((name, *row) for name in ("brightwave_telecom", "fernhill_energy", "pebblecart_shop", "quillbay_outsourcing")
      for row in EACH),
    *SOME,
)  # fmt: skip
"""Shares that the generator plants case by case with a known chance: story, diagnostic, measure, the chance.

Not what was counted while planting: an interval around a count covers that count whatever its width.
"""


def coverage() -> None:
    """Print how often planted faults are found, and how often intervals cover what was planted."""
    from tests.diagnostics.small import smaller
    from tools.clientgen.dataset import as_dataset
    from tools.clientgen.make import make_client
    from tools.clientgen.stories import STORIES
    from workbench.diagnostics.assess import assess
    from workbench.diagnostics.diagnostic import CHECKS

    code_of = {identifier: d.code for d in CHECKS for identifier in (d.code, *d.also)}
    covered, asked, found, planted = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    kinds, of_kind = Counter[str](), Counter[str]()
    names = dict.fromkeys(story for story, *_ in PLANTED)
    for name in os.environ.get("WORKBENCH_BENCH_CLIENTS", ",".join(names)).split(","):
        story = smaller(STORIES[name])
        for seed in range(1, PLANTED_SEEDS + 1):
            made = make_client(story, seed)
            verdicts = assess(as_dataset(made)).verdicts
            for fault in expected(made)["must_find"]:
                code = code_of.get(fault["id"])
                if code is not None and fault["unit"] in ("fraction", "points"):
                    planted[fault["id"]] += 1
                    found[fault["id"]] += bool(verdicts[code].findings)
            for _, code, measure, chance in (row for row in PLANTED if row[0] == name):
                for part in verdicts[code].evidence:
                    if part.measure == measure and part.low is not None and part.high is not None:
                        label = f"{name}: {code} {measure}"
                        hit = part.low <= chance(story) <= part.high
                        asked[label] += 1
                        covered[label] += hit
                        of_kind[f"{code} {measure}"] += 1
                        kinds[f"{code} {measure}"] += hit
    print(
        f"  planted faults with a finding, {PLANTED_SEEDS} seeds of each client: {_of(found.total(), planted.total())}"
    )
    for identifier in planted:
        if found[identifier] < planted[identifier]:
            print(f"    {identifier}: {found[identifier]} of {planted[identifier]}")
    print("  95 % intervals that cover the chance with which the generator planted")
    for kind, n in of_kind.items():
        print(f"    {kind:<82}{kinds[kind]:>4} of {n:<4} p = {_doubt(kinds[kind], n):.3f}")
    for label, n in asked.items():
        if _doubt(covered[label], n) < DOUBT:
            print(f"    apart: {label:<75}{covered[label]:>4} of {n:<4} p = {_doubt(covered[label], n):.3f}")
    total, n = covered.total(), asked.total()
    verdict = "held" if _doubt(total, n) >= DOUBT else "MISSED"
    print(f"  together {_of(total, n)}; claimed {CLAIMED:.0%}, binomial p = {_doubt(total, n):.3f} "
          f"(limit {DOUBT}): {verdict}", flush=True)  # fmt: skip


def _of(k: int, n: int) -> str:
    """Write k of n with the exact interval (Clopper and Pearson) of the share."""
    low, high = binomtest(k, n).proportion_ci(method="exact")
    return f"{k} of {n}, {k / n:.1%} ({low:.1%} to {high:.1%})"


def _doubt(covered: int, n: int) -> float:
    """Return how probable it is to cover so seldom, or so often, if intervals cover as often as they claim."""
    return float(binomtest(covered, n, CLAIMED).pvalue)


def healthy() -> None:
    """Print how many healthy clients have no severe finding, and which diagnostics accuse the others."""
    from tests.diagnostics.small import smaller
    from tools.clientgen.dataset import as_dataset
    from tools.clientgen.make import make_client
    from tools.clientgen.stories import STORIES
    from workbench.diagnostics.assess import assess

    clean, accused = 0, Counter[str]()
    story = smaller(STORIES["fernhill_energy"])
    for seed in SEEDS:
        findings = assess(as_dataset(make_client(story, seed))).findings
        severe = {finding.code for finding in findings if finding.severity == "severe"}
        clean += not severe
        accused.update(severe)
        if severe:
            print(f"    seed {seed}: {', '.join(sorted(severe))}", flush=True)
    verdict = "held" if clean >= HEALTHY_SHARE * len(SEEDS) else "MISSED"
    print(f"  healthy clients without a severe finding, seeds {SEEDS[0]} to {SEEDS[-1]}: {_of(clean, len(SEEDS))} "
          f"(limit {HEALTHY_SHARE:.0%}): {verdict}")  # fmt: skip
    for code, n in accused.most_common(10):
        print(f"    {code}: {n}")


def main() -> None:
    parts = {"examples": examples, "checks": checks, "rows": rows, "coverage": coverage, "healthy": healthy}
    for name in os.environ.get("WORKBENCH_BENCH_PARTS", ",".join(parts)).split(","):
        parts[name]()


if __name__ == "__main__":
    _one(int(sys.argv[1]))
