"""What lies in data/example/ is what the seeded script makes."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tools.clientgen.expected import expected
from tools.clientgen.make import make_client
from tools.clientgen.readme import index, readme
from tools.clientgen.stories import SEEDS, STORIES
from tools.clientgen.write import write
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
    committed = folder("example") / name

    assert sorted(path.name for path in committed.iterdir()) == sorted(
        path.name for path in (tmp_path / name).iterdir()
    )
    changed = [
        path.name
        for path in sorted(committed.iterdir())
        if content(path) != content(tmp_path / name / path.name)
    ]
    assert changed == [], "run: make examples"


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
