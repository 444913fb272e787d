"""How do tests and benchmarks assess a made client without writing it down?"""

from __future__ import annotations

import pandas as pd

from tools.clientgen.make import Made
from workbench.intake.client import Client
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.intake.source import Raw
from workbench.intake.validate import validate


def as_dataset(made: Made) -> Dataset:
    """Return a made client as if its folder had been read and validated."""
    tables = dict(made.tables)
    if made.answers:
        survey = pd.DataFrame(made.answers)
        tables["survey"] = survey.rename(columns={"item": "item_id", "role": "respondent_role"})
    if made.owners:
        owners = pd.DataFrame(made.owners)
        tables["owner_answer"] = owners.rename(columns={"item": "item_id", "role": "respondent_role"})
    numbered = {
        name: table.set_axis(pd.RangeIndex(2, len(table) + 2, name="row"), axis=0)
        for name, table in tables.items()
    }
    raw = Raw(
        source="made",
        client=Client.model_validate(made.client),
        tables=numbered,
        rows_read={name: len(table) for name, table in numbered.items()},
    )
    return validate(raw, Period(made.story.start, made.story.end))
