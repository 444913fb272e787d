"""Are the printed pages of docs/ current? Writes them anew, or with --check only says which are not."""

from __future__ import annotations

import argparse
import sys

from tools.docs.pages import PAGES, outdated, write


def main() -> int:
    """Return 0 when every page is current in the end, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is out of date")
    if parser.parse_args().check:
        late = outdated()
        for name in late:
            print(f"docs/{name} is out of date. Run: make docs", file=sys.stderr)
        return 1 if late else 0
    changed = write()
    print(f"{len(changed)} of {len(PAGES)} pages written{': ' if changed else ''}{', '.join(changed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
