"""How does a Genesys Cloud interval export become intervals?

Conversation aggregates come as the API answers them (JSON: results, data, metrics, stats) or as CSV with
one column for each metric (tHandle.sum, tHandle_count, nOffered). Durations are milliseconds.

- A contact is offered in the interval in which it arrives and answered in the one in which it is taken:
  within one interval answered may exceed offered. What must agree is the sum over the whole export:
  offered = answered + abandoned + flow-out. It is checked there, per queue, and not row by row.
- tHandle may hold contacting, dialling and voicemail time beside talk, hold and after-contact work, so
  that it is not the sum of its parts. aht_s is tHandle over its own count; where the parts differ from
  it by more than a hundredth, that is said.
- answered_in_T comes from oServiceLevel's numerator, else from nOverSla, which counts the late ones.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import DataError
from workbench.intake.client import Client
from workbench.intake.dataset import Part
from workbench.intake.lines import first_text, read_text
from workbench.intake.source import Raw, assumptions, joined_problems, merged, problem_rows, sha256
from workbench.wording import counted

BUCKET_S = 1800.0
"""The length of the export's usual intervals. [s]"""
HANDLE_TOLERANCE = 0.01
COUNTS = ("nOffered", "nConnected", "nOverSla", "nFlow", "nShortAbandon")
TIMES = ("tAnswered", "tAbandon", "tShortAbandon", "tFlowOut", "tTalk", "tHeld", "tAcw", "tHandle")
METRICS = (*COUNTS, *TIMES, "oServiceLevel")
GROUPS = ("interval", "intervalstart", "intervalend", "queue", "queuename", "queueid", "mediatype")
ASSUMED_OF_THE_CLIENT = (
    "Times are shown in UTC; the export names no time zone of the client.",
    "Amounts would be in EUR; the export has none.",
)
ASSUMED = ("The threshold behind the service level is 20 s; the export does not carry it.",)


class GenesysIntervals:
    """Reads one file of conversation aggregates."""

    name = "genesys_intervals"
    title = "Genesys Cloud conversation aggregates by interval (.json, or .csv with metric names)"

    def accepts(self, path: Path) -> bool:
        """Say whether the file has intervals and the metric nOffered beside another one of Genesys."""
        plain = path.name.lower().removesuffix(".gz")
        if plain.endswith(".csv"):
            header = next(csv.reader(first_text(path).splitlines()[:1]), [])
            names = {_column(name) for name in header}
            others = {f"{metric}.{stat}" for metric in TIMES for stat in ("count", "sum")}
            return "nOffered.count" in names and bool(names & others) and _has_interval(names)
        begin = first_text(path) if plain.endswith(".json") else ""
        return begin.lstrip().startswith("{") and '"results"' in begin and '"metrics"' in begin

    def read_all(self, paths: Sequence[Path]) -> Raw:
        """Read several exports as one."""
        return merged([self.read(path) for path in paths])

    def read(self, path: Path) -> Raw:
        """Read the export as a client of its own, with what nobody said listed as assumed."""
        text = read_text(path)
        is_csv = path.name.lower().removesuffix(".gz").endswith(".csv")
        wide, broken = _from_csv(text) if is_csv else (_from_json(text, path.name), {})
        if not len(wide):
            raise DataError(f"{path.name}: has no interval in it. Export it again.")
        intervals, problems = intervals_of(wide, path.name)
        refused = problem_rows(
            "intervals", path.name, list(broken), values=list(broken.values()), severity="set aside",
            message="A row of {value} under a header of another length. It is not used.",
        )  # fmt: skip
        stem = path.name.lower().removesuffix(".gz").rpartition(".")[0]
        return Raw(
            source=self.name,
            client=Client(
                id=stem,
                name=stem.replace("_", " "),
                time_zone="UTC",
                assumed=(*ASSUMED_OF_THE_CLIENT, *ASSUMED),
            ),
            tables={"intervals": intervals},
            problems=joined_problems([refused, problems, assumptions("intervals", ASSUMED)]),
            inputs={path.name: sha256(path)},
            rows_read={"intervals": len(wide) + len(broken)},
            files={"intervals": (Part(path.name, 1, int(wide.index.max())),)},
        )


SOURCE = GenesysIntervals()


def _column(header: str) -> str:
    """Return a header as "metric.stat", or a group's name without punctuation; what is neither as it is."""
    for metric in METRICS:
        match = re.fullmatch(rf"{metric}(?:[._ ]+(count|sum|numerator|denominator))?", header.strip(), re.I)
        if match:
            stat = (match[1] or ("count" if metric in COUNTS else "sum")).lower()
            return f"{metric}.{stat}"
    plain = re.sub(r"[^a-z]", "", header.lower())
    return plain if plain in GROUPS else header


def _has_interval(names: set[str]) -> bool:
    return bool(names & {"interval", "intervalstart"})


def _from_csv(text: str) -> tuple[pd.DataFrame, dict[int, str]]:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = [_column(name) for name in rows[0]]
    whole = {n: cells for n, cells in enumerate(rows[1:], start=2) if len(cells) == len(header)}
    index = pd.Index(list(whole), name="row", dtype="int64")
    wide = pd.DataFrame(list(whole.values()), index=index, columns=header, dtype="str")
    broken = {
        n: f"{len(cells)} cells" for n, cells in enumerate(rows[1:], start=2) if cells and n not in whole
    }
    return wide.loc[:, ~wide.columns.duplicated()], broken


def _from_json(text: str, file: str) -> pd.DataFrame:
    try:
        answer = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(f"{file} line {error.lineno}: not JSON ({error.msg}). Export it again.") from None
    rows = list(_json_rows(answer))
    wide = pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="row"))
    return wide.set_axis(pd.Index(wide.index, name="row", dtype="int64"), axis=0)


def _json_rows(answer: Any) -> Iterator[dict[str, Any]]:
    """Yield one row for each group and interval of an answer of the API; what has another shape is passed."""
    for result in _objects(answer, "results"):
        of_group = result.get("group")
        named = of_group.items() if isinstance(of_group, dict) else ()
        group = {_column(name): str(value) for name, value in named if value is not None}
        for data in _objects(result, "data"):
            row = {**group, "interval": str(data.get("interval"))}
            for metric in _objects(data, "metrics"):
                stats = metric.get("stats")
                named = stats.items() if isinstance(stats, dict) else ()
                row.update({f"{metric.get('metric')}.{stat}": value for stat, value in named})
            yield row


def _objects(value: Any, name: str) -> list[dict[str, Any]]:
    inside = value.get(name) if isinstance(value, dict) else None
    return [one for one in inside if isinstance(one, dict)] if isinstance(inside, list) else []


def intervals_of(wide: pd.DataFrame, file: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return aggregates (one row for each queue, medium and interval) as `intervals`, and their problems."""
    start, end = _bounds(wide)
    number = {name: _numbers(wide, name) for name in _metric_columns()}
    offered = number["nOffered.count"].fillna(0.0)
    answered = number["tAnswered.count"].fillna(number["nConnected.count"])
    abandoned = number["tAbandon.count"]
    if number["tAnswered.count"].notna().any() or number["nConnected.count"].notna().any():
        answered = answered.fillna(0.0)  # the API leaves out a metric that counted nothing
    if abandoned.notna().any():
        abandoned = abandoned.fillna(0.0)
    late = number["nOverSla.count"]
    if late.notna().any():
        late = late.fillna(0.0)
    flow = number["tFlowOut.count"].fillna(number["nFlow.count"])
    flow = flow.fillna(0.0) if flow.notna().any() else flow
    short = number["tShortAbandon.count"].fillna(number["nShortAbandon.count"])
    within = number["oServiceLevel.numerator"].fillna(answered - late)
    handled = number["tHandle.count"].fillna(answered).where(lambda n: n > 0)
    lasted = (end - start).dt.total_seconds().fillna(BUCKET_S)
    queue = next((wide[name] for name in ("queuename", "queue", "queueid") if name in wide), None)
    intervals = pd.DataFrame(
        {
            "interval_start": start,
            "interval_s": lasted,
            "queue": "all" if queue is None else queue,
            "channel": wide["mediatype"].str.lower() if "mediatype" in wide else "voice",
            "offered": offered,
            "answered": answered,
            "answered_in_T": within.where(within >= 0),
            "abandoned": abandoned,
            "short_abandoned": short,
            "flow_out": flow,
            "asa_s": number["tAnswered.sum"] / 1000 / answered.where(answered > 0),
            "aht_s": number["tHandle.sum"] / 1000 / handled,
        },
        index=wide.index,
    )
    problems = [
        _odd_lengths(file, lasted),
        _parts_of_handle(file, number),
        _balance(file, intervals),
        _other_interval(file, intervals),
    ]
    return intervals, joined_problems(problems)


def _metric_columns() -> Iterator[str]:
    for metric in METRICS:
        yield from (f"{metric}.{stat}" for stat in ("count", "sum", "numerator"))


def _numbers(wide: pd.DataFrame, name: str) -> pd.Series:
    if name not in wide:
        return pd.Series(np.nan, index=wide.index, dtype="float64")
    return pd.to_numeric(wide[name], errors="coerce").astype("float64")


def _bounds(wide: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return when each interval begins and ends; "start/end" in one column, or two columns."""
    if "interval" in wide:
        parts = wide["interval"].astype("str").str.split("/", n=1, expand=True).reindex(columns=[0, 1])
        first, second = parts[0], parts[1]
    else:
        first = wide["intervalstart"]
        second = wide.get("intervalend", pd.Series(None, index=wide.index, dtype="object"))
    return tuple(
        pd.to_datetime(side, format="ISO8601", utc=True, errors="coerce").astype("datetime64[us, UTC]")
        for side in (first, second)
    )


def _odd_lengths(file: str, lasted: pd.Series) -> pd.DataFrame:
    odd = lasted[lasted != BUCKET_S]
    n = len(odd)
    return problem_rows(
        "intervals", file, [None] if n else [], "interval", [n] if n else [],
        f"{n:,} of {len(lasted):,} intervals do not last 30 minutes but "
        f"{', '.join(f'{s / 60:g}' for s in sorted(set(odd))[:3])} minutes; each keeps its own length.",
    )  # fmt: skip


def _parts_of_handle(file: str, number: dict[str, pd.Series]) -> pd.DataFrame:
    parts = number["tTalk.sum"].fillna(0) + number["tHeld.sum"].fillna(0) + number["tAcw.sum"].fillna(0)
    total = number["tHandle.sum"]
    known = number["tTalk.sum"].notna() & total.notna()
    differs = known & ((total - parts).abs() > HANDLE_TOLERANCE * total)
    n = int(differs.sum())
    rest_s = float((total - parts)[differs].sum()) / 1000
    return problem_rows(
        "intervals", file, [None] if n else [], "tHandle", [n] if n else [],
        f"In {n:,} of {int(known.sum()):,} intervals tHandle is not tTalk + tHeld + tAcw ({rest_s:+,.0f} s "
        "in all): contacting, dialling or voicemail time is in it. tHandle is used as it is.",
    )  # fmt: skip


def _balance(file: str, intervals: pd.DataFrame) -> pd.DataFrame:
    """Say of each queue whose contacts do not add up over the whole export by how many."""
    frames = []
    for (queue, channel), rows in intervals.groupby(["queue", "channel"], sort=True, dropna=False):
        flow = rows["flow_out"].sum() if rows["flow_out"].notna().any() else 0.0
        offered, accounted = rows["offered"].sum(), rows["answered"].sum() + rows["abandoned"].sum() + flow
        if rows[["answered", "abandoned"]].isna().all().any() or offered == accounted:
            continue
        why = (
            ""
            if rows["flow_out"].notna().any()
            else " The export has no flow-out, which may be the difference."
        )
        frames.append(
            problem_rows(
                "intervals", file, [None], "nOffered", [f"{offered:.0f}"],
                f"Queue {queue}, {channel}: {offered:,.0f} offered, but answered, abandoned and flow-out "
                f"make {accounted:,.0f} over the whole export.{why}",
            )
        )  # fmt: skip
    return joined_problems(frames)


def _other_interval(file: str, intervals: pd.DataFrame) -> pd.DataFrame:
    more = intervals["answered"] > intervals["offered"]
    n = int(more.sum())
    return problem_rows(
        "intervals", file, [None] if n else [], "tAnswered", [n] if n else [],
        f"In {counted(n, 'interval')} more contacts were answered than offered: they had arrived in an earlier one. "
        "That is how the export counts, and no fault; read service levels over days, not single intervals.",
    )  # fmt: skip
