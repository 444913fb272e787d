"""Does the governance fit what the vendor touches?"""

from __future__ import annotations

from workbench.diagnostics.coverage import where_covered
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.governance import FORUMS, Forum, due_in, held_in, log_of_meetings
from workbench.intake.dataset import Dataset
from workbench.wording import YES_NO, listing

FITS = Scale(
    zero=0.0,
    hundred=1.0,
    target=1.0,
    source="METHOD VMF-15: touchpoints decide the level; the levels are ours",
)
REGULATED = ("bank", "health", "insur", "payer", "energy", "telecom", "public", "financ")
FROM_TOUCHPOINTS = {"daily": 5, "weekly": 3, "monthly": 0, "quarterly": 0}
"""From so many touchpoints on, each forum. Ours: METHOD names the touchpoints, not the levels."""


@diagnostic("VMF-15", area="vendor management")
def governance_fits_scope(dataset: Dataset) -> Verdict:
    """The forums that are held fit the number of places where the vendor touches the enterprise.

    Why: a vendor who speaks with customers on regulated data is part of operations, whatever the contract says.
    Healthy: six touchpoints and all four forums held.
    Unhealthy: five touchpoints and a quarterly deck.
    Remedy: set the forums by touchpoint, not by contract value.
    """
    touched = _touchpoints(dataset)
    there = [name for name, yes in touched.items() if yes]
    unknown = [name for name, yes in touched.items() if yes is None]
    each = {forum.name: _forum(forum, dataset, len(there), len(unknown)) for forum in FORUMS}
    parts = tuple(part for forum in each.values() for part in forum)
    lacking = [name for name, (part, *_) in each.items() if part.value == 0]
    said = [
        finding
        for part in parts
        if part.value == 0 and part.weight > 0 and there
        for finding in found(
            "VMF-15",
            part,
            f"The vendor touches {len(there)} of {len(touched)} points of the enterprise ({listing(there, 6)}), "
            f"which asks for the {listing(lacking)} forum{'s' if len(lacking) > 1 else ''} (expected held); "
            f"none was held, {part.period}.",
            "Set the forums by what the vendor touches.",
            beside=[other for other in parts if other is not part],
            side="buyer",
            step="cadence",
        )
    ]
    return Verdict(parts, tuple(said[:1]), {"touchpoints": touched})


def _forum(forum: Forum, dataset: Dataset, surely: int, maybe: int) -> tuple[Evidence, ...]:
    """Return whether a forum is held that the touchpoints ask for; missing where they may ask for it.

    What is not held is judged where it was due: nothing is asked of a period shorter than its cycle, and days that
    the log of meetings does not cover are missing.
    """
    label = f"the {forum.name} forum is held, as the touchpoints ask"
    least = FROM_TOUCHPOINTS[forum.name]
    meetings = dataset.tables.get("gov_meeting")
    asked = 1.0 if surely + maybe >= least else 0.0
    if meetings is None:
        return (
            missing(label, YES_NO, table="gov_meeting", lack=Lack(tables=("gov_meeting",)), weight=asked),
        )
    held, log = held_in(meetings, forum, dataset.period) > 0, log_of_meetings(meetings, dataset.period)
    if not held and not due_in(forum, dataset.period):
        reason = f"the period is shorter than one {forum.name} cycle"
        return (missing(label, YES_NO, table="gov_meeting", reason=reason, weight=0.0),)
    if not held and surely >= least and not due_in(forum, log.days):
        reason = f"{log.reason}, shorter than one {forum.name} cycle"
        return (missing(label, YES_NO, table="gov_meeting", reason=reason, weight=asked),)
    reason = f"{surely} touchpoints are known and {maybe} are not; it is asked for from {least} on"
    part = quantity(
        label,
        float(held) if held or surely >= least else None,
        YES_NO,
        len(meetings),
        table="gov_meeting",
        period=dataset.period,
        scale=FITS,
        grade="D",
        weight=1.0 if held else asked,  # what is held counts, so that knowing less of the scope never helps
        formula=f"held at all; {surely} touchpoints",
        reason=reason,
    )
    return (part,) if held else where_covered(part, log)


def _touchpoints(dataset: Dataset) -> dict[str, bool | None]:
    """Return the six touchpoints of METHOD VMF-15 and whether the data shows each; None: nothing says."""
    client = dataset.client
    tools, ownership = dataset.tables.get("tool_inventory"), dataset.tables.get("ownership")
    functions = "" if tools is None else " ".join(tools["function"].fillna("").astype("str")).casefold()
    regulated = client.contract.get("regulated")
    if regulated is None and client.sector:
        regulated = any(w in client.sector.casefold() for w in REGULATED)
    return {
        "customer conversations": _delivered(dataset, "contacts", "intervals"),
        "regulated data": None if regulated is None else bool(regulated),
        "workforce planning": _delivered(dataset, "schedule", "forecast"),
        "quality calibration": _delivered(dataset, "calibration", "qa_eval"),
        "AI workflows": None
        if tools is None
        else " ai" in f" {functions}" or "bot" in functions or "automation" in functions,
        "daily control points": None
        if ownership is None
        else bool((ownership["subject_kind"] == "control").any()),
    }


def _delivered(dataset: Dataset, *names: str) -> bool | None:
    """A table that is there shows the touchpoint; one that is not says nothing."""
    return True if any(name in dataset.tables for name in names) else None
