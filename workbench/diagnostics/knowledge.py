"""How much of the planned knowledge transfer was held?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.evidence import missing, quantity
from workbench.diagnostics.finding import Evidence, Lack, Scale
from workbench.metrics.columns import numbers

LABEL = "planned hours of knowledge transfer that were held"


def hours_held(knowledge_transfer: pd.DataFrame | None, scale: Scale) -> Evidence:
    """Return held over planned hours, each contact type counted at most as planned (METHOD FMB-1)."""
    if knowledge_transfer is None:
        return missing(
            LABEL, "fraction", table="knowledge_transfer", lack=Lack(tables=("knowledge_transfer",))
        )
    planned, done = (
        np.nan_to_num(numbers(knowledge_transfer, name)) for name in ("planned_hours", "held_hours")
    )
    due = planned > 0
    hours = float(planned[due].sum())
    held = float(np.minimum(planned, done)[due].sum())
    short = knowledge_transfer.index[due & (done < planned)]
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
