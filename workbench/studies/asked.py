"""Which numbers of a call does no study take? Told before anything is read or computed."""

from __future__ import annotations

from pathlib import Path

from workbench.errors import CallError

MOST_MONTHS = 1200
"""Of a floor, for each variant: a hundred years, more than ten times as many as prices take by themselves."""
FILES = (".csv", ".xlsx", ".json", ".yaml", ".yml")
"""What the name of a folder does not end in."""


def seed_mistakes(seed: int | None) -> list[str]:
    """Say what is wrong with a seed; None: nobody gave one."""
    if seed is None or seed >= 0:
        return []
    return [f"seed: {seed} is none. Use a whole number from 0 upwards; 1 is usual."]


def workers_mistakes(workers: int | None) -> list[str]:
    """Say what is wrong with a number of threads; None: one per core."""
    if workers is None or workers >= 1:
        return []
    return [f"workers: {workers} is too few. Use 1 or more, or none to use every core."]


def months_mistakes(months: int | None) -> list[str]:
    """Say what is wrong with a number of months to simulate; None: until the error is small."""
    if months is None or 2 <= months <= MOST_MONTHS:
        return []
    if months < 2:
        return [f"months: {months} is too few for an interval. Use 2 or more; 24 is usual."]
    return [
        f"months: {months:,} are too many. Use at most {MOST_MONTHS:,}; a hundred times as many make an interval "
        "ten times as narrow."
    ]  # fmt: skip


def check_seed(seed: int | None) -> int | None:
    """Return a seed as it came.

    Raises
    ------
    CallError
        for a negative one, which no generator of random numbers takes.
    """
    if problems := seed_mistakes(seed):
        raise CallError("\n".join(problems))
    return seed


def check_folder(out: Path | None) -> Path | None:
    """Return the folder that results are to be written into, as it came.

    Raises
    ------
    CallError
        for the name of a file, before anything is computed.
    """
    if out is not None and (out.is_file() or out.suffix.lower() in FILES):
        raise CallError(
            f"--out {out}: a folder is meant, and this is a file's name. Name one, as {out.with_suffix('')}"
        )
    return out
