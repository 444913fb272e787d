"""python -m tools.clientgen [--only NAME] [--out DIR]: make the example clients anew."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.clientgen.expected import expected
from tools.clientgen.make import make_client
from tools.clientgen.readme import index, readme
from tools.clientgen.stories import SEEDS, STORIES
from tools.clientgen.write import write

HERE = Path(__file__).resolve().parents[2] / "data" / "example"


def main() -> None:
    """Write every client, or one, and the README of the folder."""
    parser = argparse.ArgumentParser(prog="python -m tools.clientgen", description=__doc__)
    parser.add_argument("--only", choices=sorted(STORIES), help="make this client alone")
    parser.add_argument("--out", type=Path, default=HERE, help="where to (default: data/example)")
    chosen = parser.parse_args()
    for name in [chosen.only] if chosen.only else sorted(STORIES):
        made = make_client(STORIES[name], SEEDS[name])
        truth = expected(made)
        write(made, chosen.out / name, truth, readme(made, truth))
        size = sum(path.stat().st_size for path in (chosen.out / name).iterdir())
        print(f"{name}: {len(made.tables)} tables, {size / 1e6:.2f} MB")
    if not chosen.only:
        (chosen.out / "README.md").write_bytes(index(STORIES.values()).encode())


if __name__ == "__main__":
    main()
