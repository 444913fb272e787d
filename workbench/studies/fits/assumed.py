"""What is assumed or inferred in a fit, each with its grade: M measured, D documentary, A assumed?"""

from __future__ import annotations

import numpy as np

from workbench.diagnostics.finding import Grade
from workbench.intake.dataset import Dataset
from workbench.studies.fits.floor import FloorFit
from workbench.studies.fits.gaps import fit_away, gaps, stints
from workbench.studies.fits.line import LineFit
from workbench.studies.fits.presence import AWAY_S

FEWEST_GAPS = 200
NONE = 0.005
"""A factor below this is written as 0.00."""

_STAFFING: dict[str, tuple[str, Grade]] = {
    "agent_state": ("Staffing is what agents' states recorded.", "M"),
    "schedule": ("Staffing is what schedules planned; whether it was kept is not known.", "D"),
    "contacts": ("Staffing is inferred from the contacts that agents took, drawn anew in each replication.", "A"),
    "contacts in service": (
        "No agent is named: staffing is the number of contacts in service while somebody waited.", "A",
    ),
}  # fmt: skip


def assumptions(dataset: Dataset, fit: FloorFit, source: str, kept: str = "") -> tuple[tuple[str, str], ...]:
    """Return what is assumed: pairs of text and grade.

    `kept` : on how much of the schedule states tell who kept it; "" where none do.
    """
    found: list[tuple[str, str]] = [(text, "A") for text in dataset.client.assumed]
    if source == "schedule" and kept:
        found.append((f"Staffing is what schedules planned, less what was not kept: {kept}.", "D"))
    else:
        found.append(_STAFFING[source])
    if fit.away is not None and all(line.acw is None for line in fit.lines):
        found.append(
            (
                f"Wrap-up is not recorded: fitted, {fit.wrap_up.mean if fit.wrap_up else 0:.0f} s on average.",
                "A",
            )
        )
        crowd = _in_a_crowd(fit)
        if crowd:
            found.append((crowd, "M"))
    if fit.patience_factor != 1.0:
        found.append((f"Patience is multiplied by {fit.patience_factor:.2f}, fitted on the fit period.", "A"))
    if fit.wrap_up_factor != 1.0:
        none = ": what is recorded explains the days without any" if fit.wrap_up_factor < NONE else ""
        found.append(
            (
                f"Unrecorded wrap-up is multiplied by {fit.wrap_up_factor:.2f}, fitted on the fit period{none}.",
                "A",
            )
        )
    if fit.crowding.power:
        found.append(
            (f"Patience falls as (1 + in line)^-{fit.crowding.power:.2f}, from {fit.log.period}.", "M")
        )
    for line, known in zip(fit.log.lines, fit.lines, strict=True):
        if known.patience is None:
            found.append((f"{line.name}: hardly anybody abandoned; contacts wait for ever.", "A"))
        if known.talk is None:
            found.append((f"{line.name}: no talk time is recorded; 240 s, exponential.", "A"))
        found += [
            (f"{line.name}: too few contacts of its own; {part} is that of all lines.", "A")
            for part in known.pooled
        ]
    return tuple(found)


def premises(fit: FloorFit, source: str) -> dict[str, Grade]:
    """Return the grade of each part of a fitted scenario: A where `assumptions` or the report list it as assumed.

    Staffing is as sure as what it was found in: recorded states are measured, schedules are documents, and what is
    inferred from contacts rests on how long who takes none is still there.

    source : of the staffing, as for `assumptions`.
    """
    no_wrap_up = fit.away is not None and all(line.acw is None for line in fit.lines)
    handled = no_wrap_up or fit.wrap_up_factor != 1.0 or any(_lacks(line, "talk") for line in fit.lines)
    waited = fit.patience_factor != 1.0 or any(_lacks(line, "patience") for line in fit.lines)
    return {
        "arrivals": "M", "handle_time": "A" if handled else "M", "patience": "A" if waited else "M",
        "staffing": grade_of_staffing(source),
    }  # fmt: skip


def grade_of_staffing(source: str) -> Grade:
    """Return how well staffing is known that was found in states, schedules, contacts of agents, or contacts alone."""
    return _STAFFING[source][1]


def _lacks(line: LineFit, part: str) -> bool:
    return getattr(line, part) is None or part in line.pooled


def _in_a_crowd(fit: FloorFit) -> str:
    """Return how much sooner agents are available again while somebody waits; "" where too little is known."""
    s = stints(fit.log, fit.serves)
    low, high, which = gaps(s)
    crowd = s.after_us[which] <= s.end_us[which]
    if min(int(crowd.sum()), int((~crowd).sum())) < FEWEST_GAPS:
        return ""
    p = (np.arange(100) + 0.5) / 100
    parts = [fit_away(low[use], high[use]) for use in (crowd, ~crowd)]
    (w, a), (v, b) = ((part.quantiles(p, AWAY_S).mean(), part.longer_than(AWAY_S)) for part in parts)
    return (
        f"After a contact with somebody in line agents took {w:.0f} s and {a:.1%} were away for longer than "
        f"{AWAY_S / 60:.0f} minutes, else {v:.0f} s and {b:.1%}; the simulator takes the mean of both, so that long "
        "lines last longer in it."
    )
