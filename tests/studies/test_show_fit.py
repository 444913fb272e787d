"""Are the tables of a fit headed in plain words, and its figures written with their units?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from rich.console import Console

from workbench.studies.error_parts import COLUMNS
from workbench.studies.show_fit import ERROR_HEADS, frame


def shown(table: pd.DataFrame, **heads: object) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(frame(table, "a table", **heads))  # type: ignore[arg-type]
    return capture.get()


def test_a_fit_on_interval_counts_is_read_without_a_dictionary() -> None:
    """Handle time in seconds, abandonment in percent, a Gamma shape of 100 as the 10 % that it stands for."""
    columns = ["queue", "offered", "aht_s", "abandon_rate", "patience_s", "people_mean", "day_shape"]
    table = pd.DataFrame([("billing", 12345.0, 301.27, 0.0512, np.nan, 8.25, 100.0)], columns=columns)
    text = shown(table)

    for words in ("contacts", "handle time, mean", "abandoned", "people at work, mean", "days scatter by"):
        assert words in text
    for value in ("12,345", "301.3 s", "5.1%", "8.250", "10.0%"):
        assert value in text
    assert "_" not in text.replace("a table", "")
    assert "nan" not in text


def test_parts_of_an_error_are_written_in_points() -> None:
    """A fiftieth too good by handle times is +2 points."""
    table = pd.DataFrame([("handle time", 0.02, -0.0031, 0.004, 0.002, "as they were")], columns=COLUMNS)
    text = shown(table, heads=ERROR_HEADS)

    assert "+2.00" in text
    assert "-0.31" in text
    assert "0.40" in text
    assert "service, known to ±" in text
    assert "abandonment, to ±" in text
