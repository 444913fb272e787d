"""Which errors can a user meet, and what does each exit with?

Every message says where, what came, what is accepted and what to do. A mistake of the user's ends in
one of these, never in a traceback; a mistake of ours ends in an ordinary exception with one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

DONE = 0
DATA_FAILED = 1
WRONG_CALL = 2
BUSY = 3
INTERRUPTED = 130

EXIT_CODES = {
    DONE: "done",
    DATA_FAILED: "the data or a client failed",
    WRONG_CALL: "wrong call",
    BUSY: "another run holds the directory",
    INTERRUPTED: "interrupted",
}


class WorkbenchError(Exception):
    """What every error here derives from; whoever calls the package may catch this one."""

    exit_code = DATA_FAILED


class DataError(WorkbenchError):
    """Met by whoever hands over a client folder or a log of which nothing can be used."""


class SourceConflict(DataError):
    """Met when two sources both accept the same path, so that nobody can say which is right."""


class RunFailed(WorkbenchError):
    """Met at the end of a run in which at least one client failed; the others are whole."""


class CallError(WorkbenchError):
    """Met by whoever calls a command or a function with words it does not take."""

    exit_code = WRONG_CALL


class UnknownName(CallError):
    """Met by whoever names something that does not exist; suggests the nearest that does."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        super().__init__(f'There is no {kind} called "{name}". {suggestion(name, self.known)}')


class ScenarioError(CallError):
    """Met by whoever writes a scenario that cannot be run; holds every problem at once."""

    def __init__(self, problems: Sequence[str], where: str = "scenario") -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n".join([f"{where}: {count}", *(f"  {p}" for p in self.problems)]))


class TooLarge(CallError):
    """Met by whoever asks for a run that would not fit into memory; names what would."""


class Busy(WorkbenchError):
    """Met by whoever starts a second run on an output directory that a first one holds."""

    exit_code = BUSY


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the sentence that helps somebody who mistyped `name`."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6) or [
        n for n in names if n.casefold() == name.casefold()
    ]
    if near:
        return f'Did you mean "{near[0]}"?'
    if not names:
        return "There are none."
    shown = ", ".join(names[:12])
    return f"Known: {shown}{', …' if len(names) > 12 else ''}."
