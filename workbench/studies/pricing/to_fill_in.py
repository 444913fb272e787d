"""Where does somebody write down what repairs and a switch take? Into files with what is assumed, to be replaced."""

from __future__ import annotations

from pathlib import Path

from workbench.studies.pricing import effort, switch_file
from workbench.studies.pricing.study import Pricing
from workbench.studies.sheets import write_whole


def mistakes(efforts: Path | None, switch: Path | None) -> list[str]:
    """Return why files may not be written: one is there already, a folder is not; told before anything is computed."""
    problems = []
    for path in (efforts, switch):
        if path is not None and path.exists():
            problems.append(f"{path} is there already, and may hold what somebody wrote. Name another file.")
        elif path is not None and not path.parent.is_dir():
            problems.append(f"{path.parent} is no folder. Make it, or name another.")
    if efforts is not None and efforts == switch:
        problems.append(f"{efforts} was named for efforts and for a switch. They are two files.")
    return problems


def write(found: Pricing, efforts: Path | None, switch: Path | None) -> tuple[Path, ...]:
    """Write the files that were asked for; return them."""
    texts = []
    if efforts is not None:
        known = found.best.efforts if found.best is not None else {}
        texts.append((efforts, effort.template(found.prices, known, found.client, found.currency)))
    if switch is not None:
        texts.append((switch, switch_file.template(found.basis)))
    for path, text in texts:
        write_whole(path, text.encode())
    return tuple(path for path, _ in texts)
