"""How much of the planned knowledge transfer was held?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.evidence import missing, quantity
from workbench.diagnostics.finding import Evidence, Scale

LABEL = "planned hours of knowledge transfer that were held"


def hours_held(knowledge_transfer: pd.DataFrame | None, scale: Scale) -> Evidence:
    """Return held over planned hours, each contact type counted at most as planned (METHOD FMB-1)."""
    if knowledge_transfer is None:
        return missing(LABEL, "fraction", table="knowledge_transfer", reason="needs knowledge_transfer")
    planned = knowledge_transfer[knowledge_transfer["planned_hours"] > 0]
    hours = float(planned["planned_hours"].sum())
    held = float(planned[["planned_hours", "held_hours"]].fillna(0.0).min(axis=1).sum())
    short = planned.index[planned["held_hours"].fillna(0.0) < planned["planned_hours"]]
    return quantity(
        LABEL,
        held / hours if hours else None,
        "fraction",
        round(hours),
        table="knowledge_transfer",
        scale=scale,
        grade="D",
        rows=short,
        formula="hours held, at most as planned / hours planned",
        reason="no hours were planned",
    )
