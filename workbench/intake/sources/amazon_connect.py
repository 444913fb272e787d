"""How do Amazon Connect contact records become contacts?

Records come as JSON lines, as a JSON list or as CSV with flattened names (Queue.EnqueueTimestamp,
queue_enqueuetimestamp). Delivery is at least once: of one ContactId the record with the latest
LastUpdateTimestamp holds, the others are counted and left out.

- answered: an agent was connected; abandoned: the customer left while queued, and no flow moved the contact
  on (METRICS: a callback or a transfer out of a queue is not an abandon); left in the flow: it ended before
  any queue, which shows as an abandon_ts without a queue_ts;
- a transfer makes a record of its own, whose parent is the contact before it in the chain;
- AgentInteractionDuration leaves hold out, so that talk, hold and after-contact work add up;
- the customer's address becomes a pseudonym at once, so that no telephone number is shown by accident (it is
  no secret from somebody who tries all numbers).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.errors import DataError
from workbench.intake.client import Client
from workbench.intake.dataset import Part
from workbench.intake.lines import first_text, read_text
from workbench.intake.source import (
    Raw,
    assumptions,
    joined_problems,
    located,
    problem_rows,
    sha256,
    stacked,
)
from workbench.wording import counted, listing

MARKS = {"contactid", "initiationtimestamp"}
"""Fields, written without punctuation, by which a record is recognised."""
DIRECTIONS = {
    "INBOUND": "inbound",
    "TRANSFER": "inbound",
    "QUEUE_TRANSFER": "inbound",
    "API": "inbound",
    "WEBRTC_API": "inbound",
    "OUTBOUND": "outbound",
    "CALLBACK": "callback",
    "DISCONNECT": "internal",
    "MONITOR": "internal",
}
MOVED_ON = ("CONTACT_FLOW_DISCONNECT", "API", "EXPIRED")
"""Disconnect reasons of a queued contact that its customer did not give up."""
ASSUMED_OF_THE_CLIENT = (
    "Times are shown in UTC; contact records name no time zone of the client.",
    "Amounts would be in EUR; contact records have none.",
)
ASSUMED = ("Contacts begun by API are taken as inbound: chats begin so, and dialled campaigns may.",)
TIMES = (
    "initiationtimestamp", "queueenqueuetimestamp", "queuedequeuetimestamp",
    "agentconnectedtoagenttimestamp", "disconnecttimestamp", "lastupdatetimestamp",
)  # fmt: skip
SECONDS = ("queueduration", "agentagentinteractionduration", "agentcustomerholdduration",
           "agentaftercontactworkduration")  # fmt: skip
OTHERS = (
    "contactid", "initialcontactid", "previouscontactid", "nextcontactid", "channel", "initiationmethod",
    "queuename", "queuearn", "agentusername", "agentarn", "disconnectreason", "customerendpointaddress",
    "transfercompletedtimestamp",
)  # fmt: skip


class AmazonConnect:
    """Reads one file of contact records."""

    name = "amazon_connect"
    title = "Amazon Connect contact records (.json, .jsonl, .ndjson or flat .csv, gzipped or not)"

    def accepts(self, path: Path) -> bool:
        """Say whether the first record of the file has the fields of a contact record."""
        plain = path.name.lower().removesuffix(".gz")
        if plain.endswith(".csv"):
            header = next(csv.reader(first_text(path).splitlines()[:1]), [])
            return {_plain(name) for name in header} >= MARKS
        if not plain.endswith((".json", ".jsonl", ".ndjson")):
            return False
        begin = first_text(path).lstrip("[ \r\n\t")
        names = begin[:20_000].lower()
        return begin.startswith("{") and '"contactid"' in names and '"initiationtimestamp"' in names

    def read(self, path: Path) -> Raw:
        """Read the records as a client of its own, with what nobody said listed as assumed."""
        return self.read_all([path])

    def read_all(self, paths: Sequence[Path]) -> Raw:
        """Read the files of one delivery; a later one may repeat contacts of an earlier one."""
        frames: list[tuple[str, pd.DataFrame]] = []
        refused = []
        for path in paths:
            flat, broken = records_of(path)
            frames.append((path.name, flat))
            refused.append(
                problem_rows("contacts", path.name, list(broken), values=list(broken.values()),
                             message="{value} is not a contact record. The row is not used.", severity="set aside")
            )  # fmt: skip
        whole, parts = stacked(frames)
        newest, repeats = latest(whole)
        contacts, problems = contacts_of(newest)
        files, rows = located(pd.Index(problems["row"].astype("int64")), parts)
        repeated = problem_rows(
            "contacts", files_named(parts), [None] if repeats else [], "ContactId", [repeats] if repeats else [],
            f"{counted(repeats, 'record')} of a contact that came more than once, as delivery at least once may: "
            "of each contact the one with the latest LastUpdateTimestamp holds, the others are left out.",
        )  # fmt: skip
        stem = paths[0].name.lower().removesuffix(".gz").rpartition(".")[0]
        return Raw(
            source=self.name,
            client=Client(
                id=stem, name=stem.replace("_", " "), time_zone="UTC",
                assumed=(*ASSUMED_OF_THE_CLIENT, *ASSUMED),
            ),
            tables={"contacts": contacts},
            problems=joined_problems(
                [*refused, repeated, problems.assign(file=files, row=rows.astype("Int64")),
                 assumptions("contacts", ASSUMED)]
            ),
            inputs={path.name: sha256(path) for path in paths},
            rows_read={"contacts": len(whole) + sum(len(wrong) for wrong in refused)},
            files={"contacts": parts},
        )  # fmt: skip


SOURCE = AmazonConnect()


def records_of(path: Path) -> tuple[pd.DataFrame, dict[int, str]]:
    """Return the records of a file, flattened, by their line; and what is no record, by its line.

    Raises
    ------
    DataError
        if there is no record in it.
    """
    text = read_text(path)
    is_csv = path.name.lower().removesuffix(".gz").endswith(".csv")
    records, broken = _csv_records(text) if is_csv else _json_records(text, path.name)
    if not records:
        raise DataError(f"{path.name}: no contact record in it can be read. Export it again.")
    flat = pd.DataFrame(list(records.values()), index=pd.Index(list(records), name="row", dtype="int64"))
    flat = flat.reindex(columns=[*OTHERS, *TIMES, *SECONDS]).astype("object")
    for name in (*OTHERS, *TIMES):  # whatever type a field came in, it is a name or a time as text
        flat[name] = flat[name].map(str, na_action="ignore").astype("object")
    return flat, broken


def files_named(parts: Sequence[Part]) -> str:
    """Name the files of a delivery."""
    return listing([part.file for part in parts], most=3)


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _flat(record: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Return nested fields under one name without punctuation: Queue.Name and queue_name are the same."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        key = before + _plain(str(name)).replace("queueinfo", "queue").replace("agentinfo", "agent")
        if isinstance(value, Mapping):
            flat.update(_flat(value, key))
        elif not isinstance(value, list):
            flat[key] = value
    return flat


def _csv_records(text: str) -> tuple[dict[int, dict[str, Any]], dict[int, str]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader)
    records, broken = {}, {}
    for n, cells in enumerate(reader, start=2):
        if len(cells) == len(header):
            records[n] = _flat(dict(zip(header, (cell or None for cell in cells), strict=True)))
        elif cells:
            broken[n] = f"A row of {len(cells)} cells under {len(header)} headers"
    return records, broken


def _json_records(text: str, file: str) -> tuple[dict[int, dict[str, Any]], dict[int, str]]:
    """Return the records by the number of their line, or of their place in the list."""
    lines: Iterable[Any]
    if text.lstrip().startswith("["):
        try:
            lines = json.loads(text)
        except json.JSONDecodeError as error:
            raise DataError(
                f"{file} line {error.lineno}: not JSON ({error.msg}). Export it again, or as JSON lines."
            ) from None
    else:
        lines = text.splitlines()
    records, broken = {}, {}
    for n, line in enumerate(lines, start=1):
        if isinstance(line, str) and not line.strip():
            continue
        try:
            record = json.loads(line) if isinstance(line, str) else line
        except json.JSONDecodeError as error:
            broken[n] = f"Text that is not JSON ({error.msg})"
            continue
        if isinstance(record, Mapping) and (flat := _flat(record)).get("contactid"):
            records[n] = flat
        else:
            broken[n] = "A record without ContactId"
    return records, broken


def latest(flat: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the latest record of each contact, in the order they came, and how many were left out."""
    updated = pd.to_datetime(flat["lastupdatetimestamp"], format="ISO8601", utc=True, errors="coerce")
    order = updated.sort_values(kind="stable", na_position="first").index
    keep = flat.loc[order].drop_duplicates("contactid", keep="last").index.sort_values()
    return flat.loc[keep], len(flat) - len(keep)


def contacts_of(flat: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return flattened records (one a contact) as rows of `contacts`, and what is wrong with them."""
    problems = []
    when = {}
    for name in TIMES:
        cells = flat[name].astype("object")
        when[name] = pd.to_datetime(cells, format="ISO8601", utc=True, errors="coerce").astype(
            "datetime64[us, UTC]"
        )
        wrong = cells.notna() & when[name].isna()
        problems.append(
            problem_rows("contacts", "", flat.index[wrong], name, cells[wrong],
                         '"{value}" is not a time. Accepted: 2024-06-03T09:15:00Z. It is left empty.')
        )  # fmt: skip
    lasted = {name: pd.to_numeric(flat[name], errors="coerce").astype("float64") for name in SECONDS}
    method = flat["initiationmethod"].astype("object").fillna("").astype(str).str.upper()
    reason = flat["disconnectreason"].astype("object").fillna("").astype(str).str.upper()
    unknown = ~method.isin(DIRECTIONS)
    problems.append(
        problem_rows("contacts", "", flat.index[unknown], "InitiationMethod", method[unknown],
                     '"{value}" is not known as InitiationMethod. '
                     f"Known: {', '.join(DIRECTIONS)}. The contact is kept without a direction.")
    )  # fmt: skip
    enqueued, answer = when["queueenqueuetimestamp"], when["agentconnectedtoagenttimestamp"]
    ended = when["queuedequeuetimestamp"].fillna(when["disconnecttimestamp"])
    gone = when["disconnecttimestamp"]
    moved = reason.isin(MOVED_ON) | flat["nextcontactid"].notna()
    gave_up = answer.isna() & enqueued.notna() & gone.notna() & ~moved
    in_flow = answer.isna() & enqueued.isna() & gone.notna() & (method == "INBOUND") & ~moved
    flow_out = answer.isna() & enqueued.notna() & moved
    outcome = pd.Series("open", index=flat.index)
    for word, where in (
        ("answered", answer.notna()), ("abandoned", gave_up), ("left in the flow", in_flow),
        ("flow out", flow_out), ("ended by the flow", answer.isna() & enqueued.isna() & moved),
    ):  # fmt: skip
        outcome = outcome.where(~where, word)
    own, first, previous = flat["contactid"], flat["initialcontactid"], flat["previouscontactid"]
    parent = previous.where(previous.notna(), first.where(first != own))
    contacts = pd.DataFrame(
        {
            "contact_id": own,
            "parent_contact_id": parent,
            "agent_id": flat["agentusername"].where(flat["agentusername"].notna(), flat["agentarn"]),
            "customer_key": flat["customerendpointaddress"].map(_pseudonym, na_action="ignore"),
            "channel": flat["channel"].astype("object").str.lower(),
            "direction": method.map(DIRECTIONS),
            "queue": flat["queuename"].where(flat["queuename"].notna(), flat["queuearn"]),
            "offered_ts": when["initiationtimestamp"],
            "queue_ts": enqueued,
            "answer_ts": answer,
            "abandon_ts": ended.where(gave_up, gone).where(gave_up | in_flow),
            "wait_s": lasted["queueduration"].where(answer.notna() | gave_up),
            "talk_s": lasted["agentagentinteractionduration"].where(answer.notna()),
            "hold_s": lasted["agentcustomerholdduration"].where(answer.notna()),
            "acw_s": lasted["agentaftercontactworkduration"].where(answer.notna()),
            "transfer_flag": flat["nextcontactid"].notna() | flat["transfercompletedtimestamp"].notna(),
            "disposition": outcome,
        }
    )
    return contacts, joined_problems(problems)


def _pseudonym(address: object) -> str:
    return "c-" + hashlib.blake2b(str(address).strip().encode(), digest_size=8).hexdigest()
