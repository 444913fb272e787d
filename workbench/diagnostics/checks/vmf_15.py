"""Does the governance fit what the vendor touches?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, quantity
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.governance import FORUMS, meetings_of
from workbench.intake.dataset import Dataset
from workbench.wording import listing

FITS = Scale(
    zero=0.0,
    hundred=1.0,
    target=1.0,
    source="METHOD VMF-15: touchpoints decide the level; the levels are ours",
)
REGULATED = ("bank", "health", "insur", "payer", "energy", "telecom", "public", "financ")
LEVELS = (
    (5, ("daily", "weekly", "monthly", "quarterly")),
    (3, ("weekly", "monthly", "quarterly")),
    (0, ("monthly", "quarterly")),
)
"""With at least so many touchpoints, these forums. Ours: METHOD names the touchpoints, not the levels."""


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
    needed = next(forums for least, forums in LEVELS if len(there) >= least)
    meetings = dataset.tables.get("gov_meeting")
    held = [
        forum.name
        for forum in FORUMS
        if meetings is not None and meetings_of(meetings, forum, dataset.period)["date_held"].notna().any()
    ]
    lacking = [name for name in needed if name not in held]
    part = quantity(
        "forums held of those that the touchpoints ask for",
        1 - len(lacking) / len(needed) if meetings is not None else None,
        "fraction",
        len(needed),
        table="gov_meeting",
        period=dataset.period,
        scale=FITS,
        grade="D",
        formula=f"{len(there)} of {len(touched)} touchpoints: {listing(there, 6)}",
        reason="needs gov_meeting",
    )
    said = found(
        "VMF-15",
        part,
        f"The vendor touches {len(there)} of {len(touched)} points of the enterprise ({listing(there, 6)}), which "
        f"asks for {len(needed)} forums; {len(needed) - len(lacking)} were held (expected all), "
        f"not: {listing(lacking)}, {dataset.period}.",
        "Set the forums by what the vendor touches.",
        side="buyer",
        step="cadence",
    )
    return Verdict((part,), said, {"touchpoints": touched})


def _touchpoints(dataset: Dataset) -> dict[str, bool]:
    """Return the six touchpoints of METHOD VMF-15 and whether the data shows each."""
    tables, client = dataset.tables, dataset.client
    tools = tables.get("tool_inventory")
    ownership = tables.get("ownership")
    functions = "" if tools is None else " ".join(tools["function"].fillna("").astype("str")).casefold()
    return {
        "customer conversations": "contacts" in tables or "intervals" in tables,
        "regulated data": bool(client.contract.get("regulated"))
        or any(w in client.sector.casefold() for w in REGULATED),
        "workforce planning": "schedule" in tables or "forecast" in tables,
        "quality calibration": "calibration" in tables or "qa_eval" in tables,
        "AI workflows": " ai" in f" {functions}" or "bot" in functions or "automation" in functions,
        "daily control points": ownership is not None
        and bool((ownership["subject_kind"] == "control").any()),
    }
