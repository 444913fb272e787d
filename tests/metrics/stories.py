"""Small tables for the tests of metrics: times count in seconds from Monday, 3 June 2024, 09:00 UTC."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

START = pd.Timestamp("2024-06-03 09:00", tz="UTC")


def at(*seconds: float | None) -> pd.Series:
    stamps = [pd.NaT if s is None else START + pd.Timedelta(seconds=s) for s in seconds]
    return pd.Series(pd.to_datetime(stamps, utc=True).as_unit("us"))


def spans(label: str, *rows: tuple[str, str, float, float], **more: Sequence[object]) -> pd.DataFrame:
    """Rows of (agent, label, start, end) as a schedule or agent_state table."""
    agents, labels, starts, ends = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pd.DataFrame(
        {"agent_id": list(agents), label: list(labels), "start": at(*starts), "end": at(*ends), **more}
    )


def plan(*rows: tuple[str, str, float, float], **more: Sequence[object]) -> pd.DataFrame:
    return spans("activity_code", *rows, **more)


def states(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    return spans("state", *rows)
