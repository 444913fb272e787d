"""Whichever engine runs it, a report is the same: a real template, to the last byte."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.reports.made import MADE, render_from, small_client
from workbench.reports.bulk import Order, plan
from workbench.reports.engine import FORK_IS_SAFE, NAME
from workbench.reports.job import STOCK, Job, Made

pytestmark = pytest.mark.skipif(not FORK_IS_SAFE, reason="fork is not safe on this system")


def both(one_worker: ProcessPoolExecutor, job: Job, scratch: Path) -> tuple[Made, Made]:
    """Return a job's report from the stock engine and from ours."""
    scratch.mkdir()
    made = []
    for engine in (STOCK, NAME):
        report = one_worker.submit(render_from, os.getcwd(), replace(job, engine=engine), scratch).result()  # noqa: PTH109
        assert isinstance(report, Made), report
        made.append(report)
    return made[0], made[1]


def parts(deck: bytes) -> dict[str, bytes]:
    """Return what is in a file of slides; a chart's workbook carries the moment at which it was written."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(deck)) as opened:
        for name in opened.namelist():
            content = opened.read(name)
            if name.endswith(".xlsx"):
                content = repr(sorted(parts(content).items())).encode()
            found[name] = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"", content)
    return found


def test_health_review_is_the_same_from_both_engines(one_worker: ProcessPoolExecutor, tmp_path: Path) -> None:
    """In all five formats."""
    formats = ("html", "json", "pdf", "xlsx", "pptx")
    order = Order([small_client(tmp_path, "harbour")], tmp_path / "out", formats=formats)
    (job,) = plan(order, MADE).jobs
    stock, ours = both(one_worker, job, tmp_path / "scratch")

    assert (
        {f"partnership_health_review.{name}" for name in formats} == stock.files.keys() == ours.files.keys()
    )
    for name, content in stock.files.items():
        if name.endswith(".pptx"):
            assert parts(content) == parts(ours.files[name])
        else:
            assert content == ours.files[name], name


def test_what_a_cell_draws_is_the_same_from_both_engines_and_another_for_another_client(
    toy: Callable[..., Path], one_worker: ProcessPoolExecutor, tmp_path: Path
) -> None:
    """The states start from the client's id and the template, not from where the client's folder lies."""
    template = toy("import random, numpy as np\nwords = str((random.random(), np.random.random()))")
    drawn = {}
    for place, name in (("here", "ada"), ("there", "ada"), ("here", "bo")):
        client = small_client(tmp_path / place, name)
        (job,) = plan(Order([client], tmp_path / "out", str(template), ("json",)), MADE).jobs
        stock, ours = both(one_worker, job, tmp_path / f"{place}-{name}")
        texts = [
            json.loads(report.files["toy.json"])["sections"][0]["blocks"][0]["runs"]
            for report in (stock, ours)
        ]
        assert texts[0] == texts[1]
        drawn[place, name] = texts[0]

    assert drawn["here", "ada"] == drawn["there", "ada"]
    assert drawn["here", "ada"] != drawn["here", "bo"]
