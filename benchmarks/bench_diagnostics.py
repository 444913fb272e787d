"""How long does an assessment take, does it stay linear, and is it as sure as it says?

Speed: each example client once the libraries are imported, and one client with 100 thousand to a
million contacts (WORKBENCH_BENCH_ROWS sets others: "100000,1000000,5000000"), each in a process of its
own. Truth: over clients made with known faults, how often a finding's interval covers the planted
value, and how many healthy clients get a severe finding (WORKBENCH_BENCH_SEEDS sets the number of healthy ones).
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.intake.dataset import Dataset

EXAMPLES = Path(__file__).resolve().parents[1] / "data" / "example"
LIMIT_EXAMPLE_S, LIMIT_MILLION_S, LIMIT_MILLION_GB = 0.3, 30.0, 4.0
SEEDS, PLANTED_SEEDS = int(os.environ.get("WORKBENCH_BENCH_SEEDS", "400")), 20
HEALTHY_SHARE = 0.95


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


def _one(rows: int) -> None:
    """Assess an enlarged client and print seconds and the peak of memory; for a process of its own."""
    import psutil

    from workbench.diagnostics.assess import assess
    from workbench.intake.read import read_client

    dataset = enlarged(read_client(EXAMPLES / "fernhill_energy"), rows)
    assess(dataset, only=["GOV-1"])
    profile = cProfile.Profile() if os.environ.get("WORKBENCH_BENCH_PROFILE") else None
    began = time.perf_counter()
    if profile:
        profile.enable()
    assess(dataset)
    seconds = time.perf_counter() - began
    if profile:
        profile.disable()
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(45)
    status = Path("/proc/self/status")
    peak = psutil.Process().memory_info().rss
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        peak = int(line.split()[1]) * 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "bytes": peak}))


def examples() -> None:
    """Print the time of each example client, the best of three, beside the time to read it."""
    from workbench.diagnostics.assess import assess
    from workbench.intake.read import read_client

    print(f"  {'client':<24}{'read s':>9}{'assess s':>10}   limit {LIMIT_EXAMPLE_S} s")
    for folder in sorted(path for path in EXAMPLES.iterdir() if path.is_dir()):
        began = time.perf_counter()
        dataset = read_client(folder)
        read = time.perf_counter() - began
        taken = []
        for _ in range(3):
            began = time.perf_counter()
            assess(dataset)
            taken.append(time.perf_counter() - began)
        verdict = "held" if min(taken) < LIMIT_EXAMPLE_S else "MISSED"
        print(f"  {folder.name:<24}{read:>9.2f}{min(taken):>10.2f}   {verdict}", flush=True)


def rows() -> None:
    """Print time and peak memory by number of contacts, and whether time grows as the rows do."""
    sizes = [int(n) for n in os.environ.get("WORKBENCH_BENCH_ROWS", "100000,1000000").split(",")]
    print(f"  {'contacts':>12}{'assess s':>10}{'µs a row':>10}{'peak GB':>9}   "
          f"limits at a million: {LIMIT_MILLION_S:.0f} s, {LIMIT_MILLION_GB:.0f} GB")  # fmt: skip
    for size in sizes:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_diagnostics", str(size)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        told = json.loads(done.stdout.splitlines()[-1])
        held = told["seconds"] < LIMIT_MILLION_S and told["bytes"] < LIMIT_MILLION_GB * 1e9
        verdict = "" if size != 1_000_000 else "held" if held else "MISSED"
        print(f"  {size:>12,}{told['seconds']:>10.1f}{1e6 * told['seconds'] / size:>10.1f}"
              f"{told['bytes'] / 1e9:>9.2f}   {verdict}", flush=True)  # fmt: skip


def coverage() -> None:
    """Print how often an interval covers the planted value: escalations, complex escalations, the contract's mix."""
    from tests.diagnostics.small import smaller
    from tools.clientgen.dataset import as_dataset
    from tools.clientgen.expected import expected
    from tools.clientgen.make import make_client
    from tools.clientgen.stories import STORIES
    from workbench.diagnostics.assess import assess
    from workbench.diagnostics.diagnostic import CHECKS

    code_of = {identifier: d.code for d in CHECKS for identifier in (d.code, *d.also)}
    found, covered, asked = Counter[str](), Counter[str](), Counter[str]()
    for seed in range(1, PLANTED_SEEDS + 1):
        made = make_client(smaller(STORIES["brightwave_telecom"]), seed)
        assessment = assess(as_dataset(made))
        for fault in expected(made)["must_find"]:
            code = code_of.get(fault["id"])
            if code is None or fault["unit"] not in ("fraction", "points") or "onset" in fault:
                continue
            name = f"{fault['id']} {fault['measure']}"[:64]
            asked[name] += 1
            verdict = assessment.verdicts[code]
            found[name] += bool(verdict.findings)
            covered[name] += any(
                e.value is not None
                and (e.value if e.low is None else e.low) - fault["tolerance"] <= fault["value"]
                <= (e.value if e.high is None else e.high) + fault["tolerance"]
                for e in verdict.evidence
            )  # fmt: skip
    print(f"  planted faults over {PLANTED_SEEDS} seeds: with a finding, interval covers the planted value")
    for name in asked:
        print(f"  {name:<66}{found[name]:>4} {covered[name]:>4} of {asked[name]}")
    total = sum(asked.values())
    print(f"  together: found {found.total() / total:.1%}, covered {covered.total() / total:.1%}", flush=True)


def healthy() -> None:
    """Print how many healthy clients have no severe finding, and which diagnostics accuse the others."""
    from tests.diagnostics.small import smaller
    from tools.clientgen.dataset import as_dataset
    from tools.clientgen.make import make_client
    from tools.clientgen.stories import STORIES
    from workbench.diagnostics.assess import assess

    clean, accused = 0, Counter[str]()
    story = smaller(STORIES["fernhill_energy"])
    for seed in range(1, SEEDS + 1):
        findings = assess(as_dataset(make_client(story, seed))).findings
        severe = {finding.code for finding in findings if finding.severity == "severe"}
        clean += not severe
        accused.update(severe)
    verdict = "held" if clean >= HEALTHY_SHARE * SEEDS else "MISSED"
    print(
        f"  healthy clients without a severe finding: {clean} of {SEEDS} (limit {HEALTHY_SHARE:.0%}): {verdict}"
    )
    for code, n in accused.most_common(10):
        print(f"    {code}: {n}")


def main() -> None:
    examples()
    rows()
    coverage()
    healthy()


if __name__ == "__main__":
    _one(int(sys.argv[1]))
