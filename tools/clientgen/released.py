"""python -m tools.clientgen.released: make the released reviews of the example client that has some.

The review of each period is made by `workbench report` on the client's own data and released by
`workbench release`, the earliest first, so that each of them has seen those before it. They are kept
compressed, since all examples together travel in the wheel.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tempfile

from tools.clientgen.__main__ import HERE

CLIENT = "pebblecart_shop"
"""Its reviews were held as long as all was well; nobody held one after the fall."""
RELEASES = (("2024-03", "2024-04-12"), ("2024-04", "2024-05-14"), ("2024-05", "2024-06-12"))
"""Period, and the day of release."""
BY = "M. Oostra (fictional)"


def main() -> None:
    """Make the reviews anew."""
    client = HERE / CLIENT
    shutil.rmtree(client / "reviews", ignore_errors=True)
    with tempfile.TemporaryDirectory() as out:
        for period, day in RELEASES:
            where = ["--period", period, "--out", out]
            _workbench("report", str(client), *where, "--formats", "json", "--jobs", "1")
            seen = ["--acknowledge", "first months of a fictional client"]
            _workbench("release", str(client), *where, "--by", BY, "--on", day, *seen)
    for path in sorted((client / "reviews").glob("*.json")):
        path.with_suffix(".json.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
        path.unlink()
        print(path.with_suffix(".json.gz"))


def _workbench(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "workbench", *words], check=True)


if __name__ == "__main__":
    main()
