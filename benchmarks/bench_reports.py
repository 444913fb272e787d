"""How fast are reports: against stock papermill, format by format, unchanged, and for a thousand clients?

``make bench BENCH=reports`` takes some minutes. The figure that is promised for a long run, alone, on a machine
with nothing else to do::

    make bench BENCH=reports WORKBENCH_BENCH_PARTS=many WORKBENCH_BENCH_CLIENTS=1000

Parts: engines, formats, many. WORKBENCH_BENCH_CLIENTS says how many clients the last part makes (60).
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook

from workbench.diagnostics.assess import assess
from workbench.intake.read import read_client
from workbench.reports.bulk import Order, make
from workbench.reports.declare import EXPORTERS, Finished
from workbench.reports.engine import NAME as FORK
from workbench.reports.job import STOCK, Failed, Job, Made
from workbench.reports.notebook import review_of
from workbench.reports.parameters import check
from workbench.reports.readers import weights_of_health
from workbench.reports.report import Report
from workbench.resources import folder

WORKERS = 2
SMALL = """\
from workbench.reports.report import ClientCard, Days, Origin, versions
from workbench.reports.section import Prose, Section
from workbench.reports import figures
rows = [(f"area {i}", 50.0 + i, 40.0, 60.0 + i) for i in range(8)]
Origin(template="small", client=ClientCard(id=client, name=client, time_zone="UTC", currency="EUR"),
       period=Days(start="2024-06-03", end="2024-06-30", text="June"), audience="client", seed=1,
       parameters={}, source="bench", inputs={}, rows_read={}, versions=versions())
"""
SECTION = 'Section(id="s", title="S", blocks=(Prose.of("words"), figures.score_ranges("areas", rows, "c")))'


class Clock:
    """Notes when each report ended, what its own cells took, and the parent's memory."""

    def __init__(self) -> None:
        self.ends: list[float] = []
        self.cells_s: list[float] = []
        self.resident: list[int] = []
        self.handles: list[int] = []

    def planned(self, total: int) -> None:
        self.total = total

    def refused(self, label: str, reason: str) -> None:
        raise SystemExit(f"{label}: {reason}")

    def ended(self, job: Job, report: Made | Failed) -> None:
        if isinstance(report, Failed):
            raise SystemExit(f"{job.label}: {report.reason}")
        me = psutil.Process()
        self.ends.append(time.perf_counter())
        self.cells_s.append(report.cells_s)
        self.resident.append(me.memory_info().rss)
        self.handles.append(handles())

    def per_minute(self, first: int, last: int) -> float:
        """Reports a minute between two ends: the start of the workers is not among them."""
        return 60 * (last - first) / (self.ends[last] - self.ends[first])


def copies(client: Path, place: Path, number: int) -> list[str]:
    """Return so many clients with ids of their own."""
    made = []
    for i in range(number):
        copy = place / f"client-{i:04d}"
        shutil.copytree(client, copy)
        told = (copy / "client.yaml").read_text(encoding="utf-8")
        lines = [f"id: client-{i:04d}" if line.startswith("id:") else line for line in told.splitlines()]
        (copy / "client.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        made.append(str(copy))
    return made


def small_template(place: Path) -> str:
    """Write a template whose own cells take next to nothing."""
    cells = [
        new_code_cell('client = "x"', id="p", metadata={"tags": ["parameters"]}),
        new_code_cell(SMALL, id="a"), new_code_cell(SECTION, id="b"),
    ]  # fmt: skip
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    path = place / "small.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return str(path)


def spent() -> float:
    """Return the processor time of this process and, where the system tells, of those below it that ended. [s]"""
    return sum(psutil.Process().cpu_times()[:4])


def handles() -> int:
    """Return how many files this process holds open; 0 where the system has no such count."""
    me = psutil.Process()
    return me.num_fds() if hasattr(me, "num_fds") else 0


def left_over() -> list[str]:
    """Return the processes below this one, but the tracker that multiprocessing keeps for itself."""
    family = psutil.Process().children(recursive=True)
    return [" ".join(p.cmdline())[:60] for p in family if "resource_tracker" not in " ".join(p.cmdline())]


def engines(title: str, clients: list[str], template: str, place: Path, **parameters: Any) -> None:
    """Print both engines side by side: the same reports, HTML included, two long-lived processes each."""
    speeds, cells = {}, {}
    for engine in (STOCK, FORK):
        clock, before = Clock(), spent()
        make(
            Order(
                clients,
                place / f"{title}-{engine}",
                template,
                ("html",),
                parameters,
                engine=engine,
                jobs=WORKERS,
            ),
            clock,
        )
        last = len(clock.ends) - 1
        speeds[engine] = clock.per_minute(WORKERS - 1, last)
        cells[engine] = statistics.mean(clock.cells_s)
        print(
            f"  {title}, {engine}: {speeds[engine]:.0f} reports a minute; each {(spent() - before) / (last + 1):.2f} s "
            f"of processor, start of the workers included, and {cells[engine]:.2f} s in its own cells; "
            f"{len(left_over())} processes left over"
        )
    limit = 60 * WORKERS / cells[FORK] if cells[FORK] else float("inf")
    print(
        f"  {title}: {speeds[FORK] / speeds[STOCK]:.1f} times stock papermill; the cells alone would allow "
        f"{limit:.0f} a minute, and {100 * speeds[FORK] / limit:.0f} % of that is reached"
    )


def formats() -> None:
    """Print what each format takes beyond the execution, on reports that differ."""
    taken: dict[str, list[float]] = {name: [] for name in EXPORTERS.names()}
    for name in ("quietbrook_travel", "fernhill_energy", "brightwave_telecom"):
        client = folder("example") / name
        asked = check("partnership_health_review", {"client": str(client)})
        reviewed = review_of(
            assess(read_client(client), weights=weights_of_health()), asked, "partnership_health_review"
        )
        outputs = [
            nbformat.v4.new_output("display_data", data=thing._repr_mimebundle_())
            for thing in (reviewed, *reviewed.sections())
        ]
        notebook = new_notebook(cells=[new_code_cell("all", id="all", outputs=outputs)])
        finished = Finished(Report.from_notebook(notebook), notebook)
        for form in taken:
            began = time.process_time()
            EXPORTERS.get(form).write(finished)
            taken[form].append(time.process_time() - began)
    for form, seconds in taken.items():
        first, *others = seconds
        print(
            f"  {form}: {statistics.mean(others):.2f} s of processor each ({first:.2f} s the first, with imports)"
        )


def many(template: str, clients: list[str], place: Path) -> None:
    """Print how flat a long run is, and what a second one takes."""
    order = Order(clients, place / "many", template, ("html",), jobs=WORKERS)
    clock = Clock()
    held = handles()
    make(order, clock)
    span = max(len(clients) // 10, 5)
    first, last = (
        clock.per_minute(span, 2 * span),
        clock.per_minute(len(clients) - span - 1, len(clients) - 1),
    )
    memory = statistics.mean(clock.resident[-span:]) / statistics.mean(clock.resident[span : 2 * span])
    print(
        f"  {len(clients)} clients: {first:.0f} a minute at first, {last:.0f} at last; memory of the parent "
        f"{100 * (memory - 1):+.1f} %, {clock.handles[-1] - clock.handles[span]:+d} handles on the way, "
        f"{handles() - held:+d} after it; {len(left_over())} processes left over"
    )
    began = time.perf_counter()
    outcome = make(order)
    each = (time.perf_counter() - began) / len(clients)
    print(f"  unchanged: {1000 * each:.1f} ms each ({len(outcome.unchanged)} of {len(clients)} left alone)")


def main() -> None:
    parts = os.environ.get("WORKBENCH_BENCH_PARTS", "engines,formats,many").split(",")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        small, client = small_template(place), folder("example") / "quietbrook_travel"
        if "engines" in parts:
            real = copies(client, place / "clients", 20)
            engines("small", copies(client, place / "others", 16), small, place)
            engines("health review", real, "partnership_health_review", place)
            engines("operating model without prices", real, "operating_model_assessment", place, prices=False)
        if "formats" in parts:
            formats()
        if "many" in parts:
            crowd = []
            for i in range(int(os.environ.get("WORKBENCH_BENCH_CLIENTS", "60"))):
                (place / "crowd" / f"c{i:04d}").mkdir(parents=True)
                crowd.append(str(place / "crowd" / f"c{i:04d}"))
            many(small, crowd, place)


if __name__ == "__main__":
    main()
