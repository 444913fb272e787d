"""What lies in data/example/ is what the seeded script makes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tools.clientgen import released
from tools.clientgen.expected import expected
from tools.clientgen.make import make_client
from tools.clientgen.readme import index, readme
from tools.clientgen.stories import SEEDS, STORIES
from tools.clientgen.write import write
from workbench.diagnostics.assess import assess
from workbench.diagnostics.movement import movement
from workbench.diagnostics.reviews import since_last_review, totals_of_reviews
from workbench.diagnostics.wheel import trend_of_reviews
from workbench.intake.read import read_client
from workbench.intake.source import sha256
from workbench.resources import folder

MOST_BYTES = 8_000_000


def content(path: Path) -> object:
    """Return what a file holds; how it was compressed depends on the versions of zlib and pyarrow."""
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".parquet":
        return pq.read_table(path).replace_schema_metadata(None)
    return path.read_bytes()


@pytest.mark.parametrize("name", sorted(STORIES))
def test_committed_client_is_what_the_script_makes(name: str, tmp_path: Path) -> None:
    """Made again from its seed, a client has the same files with the same content."""
    made = make_client(STORIES[name], SEEDS[name])
    truth = expected(made)
    write(made, tmp_path / name, truth, readme(made, truth))
    committed = sorted(path for path in (folder("example") / name).iterdir() if path.name != "reviews")

    assert [path.name for path in committed] == sorted(path.name for path in (tmp_path / name).iterdir())
    changed = [path.name for path in committed if content(path) != content(tmp_path / name / path.name)]
    assert changed == [], "run: make examples"


def test_released_reviews_were_made_of_the_data_beside_them() -> None:
    """Three months, each on the very files that lie there, each released by name after it ended."""
    client = folder("example") / released.CLIENT
    kept = sorted((client / "reviews").glob("*.json.gz"))
    for path, (month, day) in zip(kept, released.RELEASES, strict=True):
        review = json.loads(gzip.decompress(path.read_bytes()))
        data = {n: digest for n, digest in review["origin"]["inputs"].items() if not n.startswith("reviews/")}
        stamp = path.with_name(path.name.replace(".json.gz", ".status.yaml")).read_text(encoding="utf-8")

        assert review["origin"]["period"]["start"] == f"{month}-01"
        assert data == {n: sha256(client / n) for n in data}, "run: python -m tools.clientgen.released"
        assert len(data) > 50
        assert day in stamp
        assert "status: released" in stamp


def test_past_reviews_show_a_trend_and_what_is_new_since() -> None:
    """With the whole half year they are four totals: their falls are added up, and findings are told from old ones."""
    assessment = assess(read_client(folder("example") / released.CLIENT))
    trend = trend_of_reviews(totals_of_reviews(assessment), assessment.total.value)
    since = since_last_review(assessment)

    assert list(trend["period"]) == ["to 2024-03-31", "to 2024-04-30", "to 2024-05-31", "now"]
    assert trend["fall"].notna().all()
    assert trend["fall"].max() > 0
    assert {"new", "gone", "stays"} == set(since["state"])
    assert "FM-G4" in set(since.loc[since["state"] == "new", "code"])
    moved = movement(assessment)
    assert moved is not None
    assert moved.restated == ()


def test_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two makings of one client are equal to the byte, gzip and Parquet included."""
    for turn in ("first", "second"):
        write(make_client(STORIES["quietbrook_travel"], 7), tmp_path / turn)

    for path in sorted((tmp_path / "first").iterdir()):
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_folder_says_that_its_clients_are_fictional() -> None:
    """The README of the folder and of every client says so, and is current."""
    example = folder("example")

    assert (example / "README.md").read_text(encoding="utf-8") == index(STORIES.values())
    for name in STORIES:
        assert "fictional" in (example / name / "README.md").read_text(encoding="utf-8")
        assert "fictional: true" in (example / name / "client.yaml").read_text(encoding="utf-8")


def test_examples_are_small() -> None:
    """All examples together stay under 8 MB, for they travel in the wheel."""
    size = sum(path.stat().st_size for path in folder("example").rglob("*") if path.is_file())

    assert size < MOST_BYTES
