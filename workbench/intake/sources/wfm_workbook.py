"""How does a planner's workbook of intervals (offered, AHT, abandoned, ASA, staffed) become intervals?

The first sheet with a row of heads that name a time, what was offered and something of handle time or answers. A
title above the heads and a line of totals below are passed over. Heads are recognised in the words that
planners use; what they say of units in brackets or behind a blank is believed, and what they do not say
is looked at: handle time below 60 at all intervals is minutes. "Staffed" is people unless its head says time.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import DataError
from workbench.intake.client import Client
from workbench.intake.dataset import Part
from workbench.intake.source import Raw, assumptions, problem_rows, sha256
from workbench.intake.spec import table_specs

HEADS = {
    "date": ("date", "day", "datum", "tag"),
    "clock": ("interval", "time", "interval start", "start", "start time", "from", "intervall", "uhrzeit"),
    "queue": ("queue", "skill", "split", "lob", "line of business", "call type", "warteschlange"),
    "channel": ("channel", "media", "media type", "kanal"),
    "offered": ("offered", "calls offered", "contacts offered", "volume", "calls", "nco", "offer", "angebotene"),
    "answered": ("answered", "handled", "calls answered", "calls handled", "nch", "acd calls", "angenommen"),
    "abandoned": ("abandoned", "calls abandoned", "abandons", "abandon", "aba", "aufgelegt", "verloren"),
    "asa_s": ("asa", "average speed of answer", "avg speed of answer", "speed of answer", "avg wait"),
    "aht_s": ("aht", "average handle time", "avg handle time", "handle time", "avg handling time"),
    "staffed": ("staffed", "staff", "agents", "agents staffed", "staffed agents", "fte", "positions staffed",
                "logged in",
                "hc", "staffed fte", "people", "staffed time", "staffed hours", "staffed minutes"),
}  # fmt: skip
_OF = {alias: name for name, aliases in HEADS.items() for alias in aliases}
NEEDED = {"offered", "aht_s"}
UNITS = {"s": 1.0, "sec": 1.0, "secs": 1.0, "seconds": 1.0, "min": 60.0, "mins": 60.0, "minutes": 60.0, "h": 3600.0,
         "hr": 3600.0, "hrs": 3600.0, "hours": 3600.0, "mm:ss": 1.0, "hh:mm:ss": 1.0}  # fmt: skip
LOOKED_AT = 15
"""Rows of a sheet among which the heads are."""
ASSUMED = ("Times are taken as UTC; the workbook names no time zone. Name it in client.yaml of a folder.",)


class WfmWorkbook:
    """Reads one workbook with a row for each interval."""

    name = "wfm_workbook"
    title = "A planner's Excel workbook with a row for each interval: date, interval, offered, AHT … (.xlsx)"

    def accepts(self, path: Path) -> bool:
        """Say whether a sheet has heads for a time, offered and handle time."""
        if not (path.is_file() and path.suffix.lower() in (".xlsx", ".xlsm")):
            return False
        try:
            found = _sheet_of(path, LOOKED_AT)
        except Exception:  # a file that cannot be opened is nobody's; reading it says why
            return False
        if found is None:
            return False
        rows, at, _ = found
        of_a_table = path.stem.casefold() in table_specs() and at == 0 and "interval_start" in rows[0]
        return not of_a_table  # which is the folder's

    def read(self, path: Path) -> Raw:
        """Read the intervals as a client of its own, with what nobody said listed as assumed."""
        found = _sheet_of(path, None)
        if found is None:
            raise DataError(f"{path.name}: no sheet has heads for a time, offered and AHT.")
        rows, at, heads = found
        table = pd.DataFrame(
            [row[: len(heads)] for row in rows[at + 1 :]],
            index=pd.RangeIndex(at + 2, len(rows) + 1, name="row"),
        )
        intervals, said, refused = _intervals(table, heads)
        if not len(intervals):
            raise DataError(f"{path.name}: no row below the heads has a day and a time. Fill them in.")
        stem = path.stem
        problems = problem_rows(
            "intervals", path.name, list(refused), values=list(refused.values()), severity="set aside",
            message="{value} is no interval: a total, a blank, or a time that cannot be read. It is not used.",
        )  # fmt: skip
        return Raw(
            source=self.name,
            client=Client(id=stem, name=stem.replace("_", " "), time_zone="UTC", assumed=(*ASSUMED, *said)),
            tables={"intervals": intervals},
            problems=pd.concat([problems, assumptions("intervals", said)], ignore_index=True),
            inputs={path.name: sha256(path)},
            rows_read={"intervals": len(table)},
            files={"intervals": (Part(path.name, 1, int(table.index.max())),)},
        )


SOURCE = WfmWorkbook()


def _head(cell: object) -> tuple[str, str]:
    """Return what a head names and the unit it says: "AHT (sec)" is aht_s in sec; "" where nothing is known."""
    text = re.sub(r"[\s_]+", " ", str(cell or "")).strip().casefold()
    unit = re.search(r"[(\[]([^)\]]+)[)\]]\s*$", text)
    bare = re.sub(r"\s*[(\[][^)\]]*[)\]]\s*$", "", text).strip()
    words, _, last = bare.rpartition(" ")
    if bare not in _OF and last in UNITS:
        return _OF.get(words, ""), last
    named = _OF.get(bare, "")
    implied = {"staffed time": "sec", "staffed hours": "h", "staffed minutes": "min"}.get(bare, "")
    return named, (unit[1].strip() if unit else implied)


def _sheet_of(
    path: Path, most: int | None
) -> tuple[list[tuple[Any, ...]], int, list[tuple[str, str]]] | None:
    """Return the rows of the first sheet with heads, the row of the heads, and what they name."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            rows = list(sheet.iter_rows(max_row=most, values_only=True))
            for at, row in enumerate(rows[:LOOKED_AT]):
                heads = [_head(cell) for cell in row]
                names = {name for name, _ in heads}
                if names >= NEEDED and names & {"clock", "date"}:
                    return rows, at, heads
    finally:
        book.close()
    return None


def _intervals(
    table: pd.DataFrame, heads: list[tuple[str, str]]
) -> tuple[pd.DataFrame, tuple[str, ...], dict[int, str]]:
    """Return the intervals, what was assumed, and rows that are none with what they hold."""
    place: dict[str, int] = {}
    for i, (name, _) in enumerate(heads):
        if name:
            place.setdefault(name, i)
    unit = {name: heads[i][1] for name, i in place.items()}
    day = table[place["date"]] if "date" in place else table[place["clock"]]
    clock = table[place["clock"]] if "clock" in place else table[place["date"]]
    moments = [_moment(d, c) for d, c in zip(day, clock, strict=True)]
    start = pd.Series(moments, index=table.index, dtype="datetime64[us]")
    known = start.notna()
    blank = table.isna().all(axis=1)
    refused = {int(i): f'The row that begins "{table.loc[i].iloc[0]}"' for i in table.index[~known & ~blank]}
    table, start = table[known], start[known]
    gaps = np.diff(np.unique(start.to_numpy()).astype("datetime64[s]").astype(np.int64))
    usual = int(np.min(gaps[gaps > 0])) if (gaps > 0).any() else 1800
    length = usual if usual in (900, 1800, 3600) else 1800
    out = pd.DataFrame({"interval_start": start, "interval_s": float(length)}, index=table.index)
    for name in ("queue", "channel"):
        if name in place:
            out[name] = table[place[name]].astype("object").where(table[place[name]].notna()).map(_text)
    said = [f"An interval lasts {length // 60} minutes, the least distance between two."]
    for name in ("offered", "answered", "abandoned"):
        if name in place:
            out[name] = [_number(v) for v in table[place[name]]]
    for name in ("aht_s", "asa_s"):
        if name in place:
            seconds, told = _seconds(table[place[name]], unit[name], name)
            out[name] = seconds
            said += told
    if "staffed" in place:
        values = np.array([_number(v) for v in table[place["staffed"]]])
        factor = UNITS.get(unit["staffed"], 0.0)
        out["staffed_s"] = values * (factor or float(length))
        if not factor:
            said.append("Staffed is people on average over the interval, signed in and not on a break.")
    return out, tuple(said), refused


def _text(value: object) -> object:
    return None if value is None or value != value else str(value).strip()


def _moment(day: object, clock: object) -> object:
    """Return when an interval begins; NaT where day or time cannot be read."""
    on = _stamp(day)
    if on is None:
        return pd.NaT
    if day is clock or clock is None:
        return on
    if isinstance(clock, time):
        return pd.Timestamp.combine(on.date(), clock)
    if isinstance(clock, datetime):
        return pd.Timestamp.combine(on.date(), clock.time())
    if isinstance(clock, int | float) and not isinstance(clock, bool) and 0 <= clock < 1:
        return on.normalize() + pd.Timedelta(seconds=round(clock * 86_400))
    match = re.match(r"\s*(\d{1,2})[:.h](\d{2})\s*([ap]m)?", str(clock).casefold())
    if match is None:
        return pd.NaT
    hour = int(match[1]) % 12 + (12 if match[3] == "pm" else 0) if match[3] else int(match[1])
    return on.normalize() + pd.Timedelta(hours=hour, minutes=int(match[2])) if hour < 24 else pd.NaT


def _stamp(value: object) -> pd.Timestamp | None:
    if isinstance(value, datetime):
        return pd.Timestamp(value)
    text = str(value or "").strip()
    if not re.match(r"\d{4}-\d{2}-\d{2}", text):
        return None  # 03/04 as text may be March or April: a date cell, or 2024-04-03, is unambiguous
    found = pd.to_datetime(text, errors="coerce")
    return None if pd.isna(found) else pd.Timestamp(found).tz_localize(None)


def _number(value: object) -> float:
    if isinstance(value, bool) or value is None:
        return float("nan")
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(str(value).replace(",", "").strip())
    except ValueError:
        return float("nan")


def _seconds(column: pd.Series, unit: str, name: str) -> tuple[np.ndarray, list[str]]:
    """Return durations in seconds: numbers by their unit, clocks and texts as mm:ss or h:mm:ss."""
    values, clocks = np.full(len(column), np.nan), 0
    for i, value in enumerate(column):
        parts = str(value).split(":")
        if isinstance(value, time):
            # Excel takes 4:50 for four hours fifty; nobody handles a contact for hours
            h, m, s = value.hour, value.minute, value.second
            values[i] = h * 60 + m if s == 0 and h else h * 3600 + m * 60 + s
            clocks += 1
        elif len(parts) in (2, 3) and all(re.fullmatch(r"\d+(\.\d+)?", p.strip()) for p in parts):
            values[i] = sum(float(p) * 60.0**k for k, p in enumerate(reversed(parts)))
            clocks += 1
        else:
            values[i] = _number(value)
    label = name.removesuffix("_s").upper()
    if clocks:
        return values, [f"{label} as a clock is minutes and seconds."]
    if unit in UNITS:
        return values * UNITS[unit], []
    known = values[values > 0]
    if name == "aht_s" and len(known) and known.max() < 60:
        return values * 60.0, [f"{label} is below 60 everywhere: taken as minutes."]
    return values, [f"{label} is in seconds."]
