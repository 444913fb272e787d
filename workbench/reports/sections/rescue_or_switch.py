"""Rescue or switch? For our own eyes."""

from __future__ import annotations

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Score
from workbench.diagnostics.rescue import PRIOR, STAY_FROM, SWITCH_BELOW, WARNINGS, bounds
from workbench.diagnostics.rescue import rescue_or_switch as weigh
from workbench.reports.declare import Content, section
from workbench.reports.figures_of_health import two_axes
from workbench.reports.parameters import Parameters
from workbench.reports.section import INTERNAL, Callout, Prose, quiet, strong
from workbench.wording import figure, listing


@section("rescue or switch", title="Rescue or switch", order=19, audience=INTERNAL)
def rescue_or_switch(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show the two axes with both their doubts, the warnings, and the condition; never a bare verdict."""
    result = weigh(assessment.scores, assessment.findings)
    on = listing(list(result.warnings)) or "none"
    unknown = f"; unknown: {listing(list(result.unknown_warnings))}" if result.unknown_warnings else ""
    chance = f"{figure(result.chance_of_end, 'fraction', 0)}"
    between = f"{figure(result.chance_low, 'fraction', 0)} to {figure(result.chance_high, 'fraction', 0)}"
    return Content(
        (
            Prose.of("The evidence is " if result.leaning.startswith("open") else "The evidence leans ",
                     strong(result.leaning), ". The decision stays with people."),
            two_axes(
                "rescue or switch",
                _doubts(result.fixable),
                _doubts(result.sound),
                ("Can be fixed by governance and alignment", "Open, isolated and trusted"),
                (("consider a switch", SWITCH_BELOW), ("stay and repair", STAY_FROM)),
                "Where the partnership stands. Pale: where it may lie by missing evidence; lines: by sampling, every "
                f"measure at the worse, or the better, end of its 95 % interval. {assessment.dataset.period}.",
            ),
            Prose.of(f"Warnings that are on: {on}{unknown}. Together they put the chance of an end within two years at "
                     f"{chance} ({between}). ",
                     quiet(f"Assumed: {figure(PRIOR, 'fraction', 0)} before any warning; each is this many times "
                           "likelier where a partnership ends: "
                           + ", ".join(f"{code} {ratio:g}" for code, ratio in WARNINGS.items()) + ".")),
            Callout(tone="note", title="Before any switch", blocks=(Prose.of(result.condition),)),
        ),
        {"rescue_or_switch": {"leaning": result.leaning, "fixable": result.fixable.value, "sound": result.sound.value,
                              "fixable_bounds": list(bounds(result.fixable)),
                              "sound_bounds": list(bounds(result.sound)),
                              "chance_of_end": result.chance_of_end, "warnings": list(result.warnings),
                              "unknown_warnings": list(result.unknown_warnings)}},
    )  # fmt: skip


def _doubts(axis: Score) -> tuple[float | None, ...]:
    """Return the value of an axis, its bounds by missing evidence, and those by sampling."""
    return axis.value, axis.low, axis.high, axis.sampling_low, axis.sampling_high
