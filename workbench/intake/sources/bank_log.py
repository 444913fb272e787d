"""How does the call-by-call log of a bank (menu, queue, service) become contacts?

One row is one call: it enters the voice menu ("vru"), may wait, and is served (AGENT), hangs up (HANG) or
is a record to be ignored (PHANTOM). What counts as what:

- a call is answered when its outcome is AGENT, whatever is wrong with the rest of its row;
- a call is abandoned from the queue when its outcome is HANG and it waited at least a second there;
- a hang-up that never waited left in the menu: it has an abandon_ts and no queue_ts, which metrics read as
  not offered to the queue, and which a formula over every hang-up still finds;
- a PHANTOM is no customer's call: it is kept with disposition "phantom" and direction "internal", either of
  which keeps it out of what is offered.

The wait is the log's own q_time, counted from q_start; a call that was taken at once waited 0 s from the
moment it left the menu. Rows with defects are flagged and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.errors import DataError
from workbench.intake.client import Client
from workbench.intake.dataset import Part, Severity
from workbench.intake.lines import first_line, line_ends, read_text
from workbench.intake.source import Raw, assumptions, joined_problems, merged, problem_rows, sha256
from workbench.wording import counted

COLUMNS = (
    "vru+line", "call_id", "customer_id", "priority", "type", "date", "vru_entry", "vru_exit", "vru_time",
    "q_start", "q_exit", "q_time", "outcome", "ser_start", "ser_exit", "ser_time", "server",
)  # fmt: skip
TYPES = ("PS", "PE", "IN", "NE", "NW", "TT")
OUTCOMES = ("AGENT", "HANG", "PHANTOM")
NOBODY = "NO_SERVER"
NEVER = "0:00:00"
HEAD_START_S = 90.0
"""A priority caller enters the queue as if it had waited this long already. [s]"""
LONG_SERVICE_S = 3600.0
ASSUMED_OF_THE_CLIENT = (
    "Times are those of Asia/Jerusalem; the log names no time zone.",
    "Amounts would be in ILS; the log has none.",
)
ASSUMED = (
    "Each type of call is a queue of its own name.",
    "After-call work and hold are not recorded: handle time is talk time alone.",
    "Staffing is not recorded: it can only be inferred from the calls that agents took.",
    f"A caller of priority 2 enters the queue as if it had waited {HEAD_START_S:.0f} s already.",
)


class BankLog:
    """Reads the log as one file, tab-separated, gzipped or not."""

    name = "bank_log"
    title = "The call log of a bank: menu, queue and service in one row (.tsv, .txt, gzipped or not)"

    def accepts(self, path: Path) -> bool:
        """Say whether the first line of the file is the header of such a log."""
        plain = path.name.lower().removesuffix(".gz")
        return plain.endswith((".tsv", ".txt")) and _header(first_line(path)) == COLUMNS

    def read_all(self, paths: Sequence[Path]) -> Raw:
        """Read the logs of several months as one."""
        return merged([self.read(path) for path in paths])

    def read(self, path: Path) -> Raw:
        """Read the log as a client of its own, with what nobody said listed as assumed."""
        text = read_text(path)
        log, set_aside, n_rows = _rows(text, path.name)
        contacts, problems = contacts_of(log, path.name)
        ends = {name: n for name, n in line_ends(text).items() if n}
        if len(ends) > 1:
            how = ", ".join(f"{counted(n, 'line')} in {name}" for name, n in ends.items())
            set_aside.append(
                problem_rows("contacts", path.name, [None], message=f"Mixed line ends: {how}; all are read.")
            )
        last = int(contacts.index.max()) if len(contacts) else 1
        stem = path.name.lower().removesuffix(".gz").rpartition(".")[0]
        return Raw(
            source=self.name,
            client=Client(
                id=stem, name=stem.replace("_", " "), time_zone="Asia/Jerusalem", currency="ILS",
                sector="banking", phase="no platform", assumed=(*ASSUMED_OF_THE_CLIENT, *ASSUMED),
            ),
            tables={"contacts": contacts},
            problems=joined_problems([*set_aside, problems, assumptions("contacts", ASSUMED)]),
            inputs={path.name: sha256(path)},
            rows_read={"contacts": n_rows},
            files={"contacts": (Part(path.name, 2, last),)},
            extras={"priority_head_start_s": HEAD_START_S},
        )  # fmt: skip


SOURCE = BankLog()


def _header(line: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in line.split("\t"))


def _rows(text: str, file: str) -> tuple[pd.DataFrame, list[pd.DataFrame], int]:
    """Return the log as text cells, what had to be set aside for its shape, and how many rows came."""
    lines = text.splitlines()
    cells = {n: line.split("\t") for n, line in enumerate(lines[1:], start=2) if line.strip()}
    if not cells:
        raise DataError(f"{file}: has a header and no calls below it. Export the log again.")
    whole = {n: parts for n, parts in cells.items() if len(parts) == len(COLUMNS)}
    broken = [n for n in cells if n not in whole]
    set_aside = problem_rows(
        "contacts", file, broken, values=[f"{len(cells[n])} cells" for n in broken],
        message=f"The row has {{value}}; the log has {len(COLUMNS)} in each. It is not used.",
        severity="set aside",
    )  # fmt: skip
    index = pd.Index(list(whole), name="row", dtype="int64")
    log = pd.DataFrame(list(whole.values()), index=index, columns=list(COLUMNS), dtype="str")
    return log.apply(lambda column: column.str.strip()), [set_aside], len(cells)


def contacts_of(log: pd.DataFrame, file: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the calls of a log as contacts, and what is wrong with them.

    Parameters
    ----------
    log : the cells as text, with COLUMNS; the index is the row of the file.
    file : its name, for the problems.

    Returns
    -------
    rows of `contacts` with naive local times, and problems in PROBLEM_COLUMNS.
    """
    day = pd.to_datetime(log["date"], format="%y%m%d", errors="coerce")
    entry = day + pd.to_timedelta(_since_midnight(log["vru_entry"]), unit="s")
    usable = entry.notna() & log["outcome"].isin(OUTCOMES)
    lost = _report(file, [
        (entry.isna(), "date", "{value}: the date or the time of entry cannot be read. "
         "Accepted: yymmdd and h:mm:ss. The row is not used."),
        (~log["outcome"].isin(OUTCOMES), "outcome", '"{value}" is not an outcome. '
         f"Accepted: {', '.join(OUTCOMES)}. The row is not used."),
    ], log, "set aside")  # fmt: skip
    log, entry, day = log[usable], entry[usable], day[usable]

    left_menu = _moment(day, log["vru_exit"], entry).fillna(entry)
    in_menu_s = pd.to_numeric(log["vru_time"], errors="coerce")
    entered = _moment(day, log["q_start"], entry).where(log["q_start"] != NEVER)
    waited_s = pd.to_numeric(log["q_time"], errors="coerce")
    served_s = pd.to_numeric(log["ser_time"], errors="coerce")
    agent, hang = log["outcome"] == "AGENT", log["outcome"] == "HANG"
    abandoned = hang & (waited_s > 0)
    offered = agent | abandoned
    queued = entered.fillna(left_menu)
    left_queue = queued + pd.to_timedelta(waited_s.fillna(0.0), unit="s")
    customer = log["customer_id"].where(~log["customer_id"].isin(["0", ""]))

    contacts = pd.DataFrame(
        {
            "contact_id": log["vru+line"] + "-" + log["call_id"],
            "agent_id": log["server"].where(agent & (log["server"] != NOBODY)),
            "customer_key": customer,
            "channel": "voice",
            "direction": np.where(log["outcome"] == "PHANTOM", "internal", "inbound"),
            "queue": log["type"],
            "priority": (log["priority"] == "2").astype("float64"),
            "offered_ts": entry.where(~(left_menu < entry), left_menu),
            "queue_ts": queued.where(offered),
            "answer_ts": left_queue.where(agent),
            "abandon_ts": left_queue.where(abandoned, left_menu).where(hang),
            "ivr_s": in_menu_s.where(in_menu_s >= 0),
            "wait_s": waited_s.where(offered),
            "talk_s": served_s.where(agent & (served_s > 0)),
            "disposition": log["outcome"].str.lower(),
        },
        index=log.index,
    )
    defects = _report(file, [
        (in_menu_s < 0, "vru_time", "{value} s in the menu: it was left before it was entered. "
         "The call is kept from the moment it left; its time in the menu is unknown."),
        (agent & (log["server"] == NOBODY), "server", "Served, and the log names {value}. "
         "The call is kept without an agent."),
        (agent & (served_s == 0), "ser_time", "Served for {value} s. "
         "The call is kept as answered; its talk time is unknown."),
        (served_s > LONG_SERVICE_S, "ser_time", "{value} s of service is more than an hour. "
         "The call is kept as it is."),
        (~log["type"].isin(TYPES), "type", '"{value}" is not a type of call. '
         f"Accepted: {', '.join(TYPES)}. The call is kept."),
        (hang & (waited_s == 0) & entered.notna(), "q_time", "Entered the queue and hung up within "
         "{value} s. The call is kept as one that left in the menu."),
        (hang & (served_s > 0), "ser_time", "{value} s of service for a caller who hung up. "
         "The call is kept as a hang-up, its service left out."),
    ], log, "flagged")  # fmt: skip
    summaries = [
        _summary(file, "customer_id", log["customer_id"].isin(["0", ""]), waited_s, _no_customer),
        _summary(file, "q_start", entered.isna(), waited_s, _never_queued),
        _summary(file, "outcome", log["outcome"] == "PHANTOM", waited_s, _phantom),
    ]
    return contacts, joined_problems([lost, defects, *summaries])


def _since_midnight(cells: pd.Series) -> pd.Series:
    """Read h:mm:ss; NaN where it is not that. [s]"""
    parts = cells.str.extract(r"^(\d{1,2}):(\d{2}):(\d{2})$").astype("float64")
    return parts[0] * 3600 + parts[1] * 60 + parts[2]


def _moment(day: pd.Series, cells: pd.Series, entry: pd.Series) -> pd.Series:
    """Return times of day as moments; one half a day before the call began is past midnight."""
    moment = day + pd.to_timedelta(_since_midnight(cells), unit="s")
    past_midnight = moment < entry - pd.Timedelta(hours=12)
    return moment.where(~past_midnight, moment + pd.Timedelta(days=1))


def _report(
    file: str, tests: list[tuple[pd.Series, str, str]], log: pd.DataFrame, severity: Severity
) -> pd.DataFrame:
    return joined_problems(
        [
            problem_rows(
                "contacts", file, log.index[wrong], column, log.loc[wrong, column], message, severity
            )
            for wrong, column, message in tests
        ]
    )


def _summary(
    file: str, column: str, where: pd.Series, waited_s: pd.Series, sentence: Callable[[int, int], str]
) -> pd.DataFrame:
    """Return one problem for what is the custom of this log rather than a fault of single rows."""
    n = int(where.sum())
    message = sentence(n, int((where & (waited_s == 0)).sum()))
    return problem_rows("contacts", file, [None] if n else [], column, [n] if n else [], message)


def _no_customer(n: int, without_wait: int) -> str:
    return (
        f"{n:,} calls name no customer, {without_wait:,} of them without having waited. "
        "Repeat contacts can be seen among the others only."
    )


def _never_queued(n: int, _without_wait: int) -> str:
    return f"{n:,} calls never queued: their q_start of {NEVER} is no time of day."


def _phantom(n: int, _without_wait: int) -> str:
    return f"{n:,} records are PHANTOM: kept as internal, and no part of any figure about customers' calls."
