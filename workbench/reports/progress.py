"""What does somebody see who waits for a thousand reports?

On a terminal a bar with the time left, elsewhere nothing that scrolls; a line for each failure as it
happens; at the end where the reports are.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from workbench.reports.bulk import Outcome
from workbench.reports.job import Failed, Job, Made
from workbench.reports.words import shortened
from workbench.wording import counted

LISTED = 24
"""Up to so many reports are named one by one at the end; above, only where they are."""


class Watch:
    """Draws the progress of a run on the error stream and reports each failure."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, soft_wrap=True, highlight=False)
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=self.console, transient=True, disable=not self.console.is_terminal,
        )  # fmt: skip
        self.task = self.bar.add_task("Reports", total=None)

    def __enter__(self) -> Watch:
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def planned(self, total: int) -> None:
        """Hear how many reports are to be made."""
        self.bar.update(self.task, total=total)

    def ended(self, job: Job, report: Made | Failed) -> None:
        """Hear of one report; a failure gets its line at once."""
        self.bar.advance(self.task)
        if isinstance(report, Failed):
            self.refused(job.label, report.reason)

    def refused(self, label: str, reason: str) -> None:
        """Print one line about a client that has no report."""
        self.bar.console.print(f"[bold]failed[/bold] {escape(shortened(label, 60))}: {escape(reason)}")


def summary(outcome: Outcome) -> list[str]:
    """Return the lines that are printed at the end of a run."""
    made = f"Reports of {counted(len(outcome.made), 'client')}" if outcome.made else "No report was made"
    said = f"{made} in {outcome.seconds:.1f} s"
    if outcome.only_failed and not (outcome.made or outcome.failed or outcome.unchanged):
        return [
            "None of these clients failed the last time here, so no report was made. Without --only-failed all are."
        ]
    if outcome.unchanged:
        said += f"; {len(outcome.unchanged)} unchanged, not made again"
    if outcome.failed:
        said += f"; {counted(len(outcome.failed), 'client')} failed"
    notes = [f"  {shortened(label, 60)}: {note}" for label, note in outcome.notes.items()]
    standing = {**outcome.unchanged, **outcome.made}
    if len(standing) > LISTED:
        return [said, f"  {_near(outcome.out)}", *notes]
    return [said, *notes, *(f"  {_near(path)}" for name in sorted(standing) for path in standing[name])]


def _near(path: Path) -> str:
    """Return a path as somebody in this directory would write it."""
    resolved = path.resolve()
    here = Path.cwd()
    return str(resolved.relative_to(here)) if resolved.is_relative_to(here) else str(resolved)
