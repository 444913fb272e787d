"""Which files help to carry out what was recommended? Prefilled from the client's own data.

A RACI with the unowned handoffs marked, an onboarding checklist with owner and deadline, a sheet of
key figures with threshold, forum and action, a pack for the next calibration, and the actions
themselves. What is not known stands there as a blank to fill, never as a guess.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.diagnostics.actions import FILE_NAME as ACTIONS_FILE
from workbench.diagnostics.actions import as_frame, prefilled
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.lifecycle import HANDOFFS, STAGES
from workbench.intake.dataset import Dataset
from workbench.studies.sheets import Look, Sheet, workbook, write_whole
from workbench.wording import counted, figure

LETTERS = {"R": "does it", "A": "answers for it", "C": "is asked", "I": "is told"}

CONTACTS_TO_SCORE = 12
"""Of a calibration session: METHOD leaves it open; twelve contacts fill an hour and a half."""

ADDED_STEPS = (
    ("Contract signed and person on the roster", "HR", "5 working days before the first day"),
    ("Equipment ready", "IT and security", "2 working days before the first day"),
    ("Team leader named and met", "operations", "first day"),
    ("First evaluation discussed with the evaluator", "quality", "end of the second week on the floor"),
    ("First coaching session held", "operations", "end of the second week on the floor"),
    ("Proficiency confirmed against the ramp target", "operations", "end of the ramp"),
)
"""Steps that leave no trace in the tables asked for. Ours, to be changed."""


@dataclass(frozen=True)
class Remedy:
    """One file: its name and what makes its sheets."""

    name: str
    title: str
    make: Callable[[Assessment], list[Sheet]]


def write_remedies(assessment: Assessment, out: Path) -> list[Path]:
    """Write every remedy into the folder `out`, each file whole or not at all; return their paths."""
    written = []
    for remedy in REMEDIES:
        path = out / f"{remedy.name}.xlsx"
        write_whole(path, workbook(remedy.make(assessment)))
        written.append(path)
    path = out / ACTIONS_FILE
    write_whole(path, actions_csv(assessment).encode("utf-8-sig"))
    return [*written, path]


def raci(assessment: Assessment) -> list[Sheet]:
    """Return stages and handoffs with who does, answers, is asked and is told; what nobody owns is marked."""
    table = assessment.dataset.tables.get("ownership")
    return [
        _raci_sheet("Handoffs", {code: handoff.title for code, handoff in HANDOFFS.items()}, table),
        _raci_sheet("Stages", STAGES, table),
    ]


def _raci_sheet(name: str, titles: dict[str, str], table: pd.DataFrame | None) -> Sheet:
    rows: list[list[object]] = []
    looks: dict[tuple[int, int], Look] = {}
    open_ones = 0
    for place, (code, title) in enumerate(titles.items()):
        mine = (
            table[table["subject"] == code] if table is not None else pd.DataFrame(columns=["raci", "role"])
        )
        roles = {letter: sorted(set(mine.loc[mine["raci"] == letter, "role"])) for letter in LETTERS}
        document = mine["document_ref"].dropna() if "document_ref" in mine else pd.Series(dtype="str")
        n = len(roles["A"])
        state = "one owner" if n == 1 else "nobody answers for it" if n == 0 else f"{n} answer for it"
        if table is None:
            state = "not known"
        if n != 1:
            open_ones += 1
            looks |= {(place, 2): "marked", (place, 4): "marked"}
        rows.append(
            [code, title, state, *("; ".join(roles[letter]) for letter in LETTERS),
             document.iloc[0] if len(document) else None, None, None]
        )  # fmt: skip
        looks |= {(place, column): "to fill" for column in (8, 9)}
        if not len(document):
            looks[(place, 7)] = "marked"
    return Sheet(
        name,
        f"{name}: who answers for what",
        [("Item", 9), (name[:-1], 38), ("State", 22), *((f"{k}: {v}", 20) for k, v in LETTERS.items()),
         ("Document", 24), ("Agreed owner", 20), ("Agreed on", 12)],
        rows,
        [
            f"{open_ones} of {len(titles)} have no role, or several, known to answer for them: marked in red. "
            "Settle them in one session with all functions.",
            *(() if table is not None else ("Nobody has written down who owns what: table ownership is missing.",)),
        ],
        looks,
    )  # fmt: skip


def onboarding(assessment: Assessment) -> list[Sheet]:
    """Return every step of a new hire's first weeks with owner, deadline and how it goes now."""
    steps = [*_access_steps(assessment.dataset), *_course_steps(assessment.dataset)]
    rows: list[list[object]] = [
        [step, owner, deadline, now, None, None] for step, owner, deadline, now in steps
    ]
    rows += [[step, owner, deadline, None, None, None] for step, owner, deadline in ADDED_STEPS]
    looks: dict[tuple[int, int], Look] = {(place, c): "to fill" for place in range(len(rows)) for c in (4, 5)}
    looks |= {(place, 3): "marked" for place, row in enumerate(rows) if row[3] is None}
    return [
        Sheet(
            "Onboarding", "Onboarding checklist",
            [("Step", 44), ("Owner", 22), ("Deadline", 36), ("How it goes now", 44), ("Done on", 12), ("By", 16)],
            rows,
            [
                "One copy for each new hire. A step without an owner's mark and a date is not done.",
                "Owners and deadlines are proposals; red: no data show how it goes now.",
            ],
            looks,
        )
    ]  # fmt: skip


def _access_steps(dataset: Dataset) -> Iterator[tuple[str, str, str, str | None]]:
    table, people = dataset.tables.get("provisioning"), dataset.tables.get("hris")
    if table is None:
        return
    starts = (
        people.set_index("agent_id")["start_date"]
        if people is not None
        else pd.Series(dtype="datetime64[us]")
    )
    first_day = table["agent_id"].map(starts[~starts.index.duplicated()])
    granted = table["granted_ts"].dt.tz_convert(dataset.client.time_zone).dt.tz_localize(None)
    for system, rows in table.groupby("system", observed=True):
        due = first_day.loc[rows.index]
        known = due.notna()
        on_time = (granted.loc[rows.index] < due + pd.Timedelta(days=1))[known]
        now = f"there on the first day: {int(on_time.sum())} of {len(on_time)}" if len(on_time) else None
        yield f"Access to {system}", "IT and security", "1 working day before the first day", now


def _course_steps(dataset: Dataset) -> Iterator[tuple[str, str, str, str | None]]:
    courses, training = dataset.tables.get("course_queue"), dataset.tables.get("training")
    needed = (
        {}
        if courses is None
        else courses.groupby("course")["queue"].agg(lambda q: ", ".join(sorted(set(q)))).to_dict()
    )
    given = [] if training is None else sorted(set(training["course"]))
    for course in sorted({*needed, *given}):
        queues = needed.get(course)
        deadline = f"before the first shift on {queues}" if queues else "before the first shift"
        now = None
        if training is not None and course in given:
            mine = training[training["course"] == course]
            now = f"completed: {int(mine['completed'].notna().sum())} of {counted(len(mine), 'person')}"
        yield f"Course {course} passed", "training", deadline, now


KPI_FIELDS = (("owner", "Owner"), ("forum", "Forum"), ("threshold", "Threshold"), ("action_rule", "Action"))


def kpi_sheet(assessment: Assessment) -> list[Sheet]:
    """Return each key figure with owner, forum, threshold and action; what is missing is marked."""
    dataset = assessment.dataset
    table = dataset.tables.get("kpi")
    breaches = dataset.tables.get("breach")
    rows: list[list[object]] = []
    looks: dict[tuple[int, int], Look] = {}
    names = [] if table is None else list(table["kpi"])
    for place, row in enumerate(table.to_dict("records") if table is not None else ()):
        lacking = [label.lower() for column, label in KPI_FIELDS if pd.isna(row[column]) or row[column] == ""]
        past = 0 if breaches is None else int((breaches["kpi"] == row["kpi"]).sum())
        decided = (
            0
            if breaches is None
            else int(breaches.loc[breaches["kpi"] == row["kpi"], "decided_ts"].notna().sum())
        )
        rows.append(
            [row["kpi"], _plain(row["owner"]), _plain(row["forum"]), row["direction"], _plain(row["threshold"]),
             _plain(row["action_rule"]), ", ".join(lacking) or "complete",
             None if breaches is None else f"{decided} of {past} breaches decided"]
        )  # fmt: skip
        columns = {"owner": 1, "forum": 2, "threshold": 4, "action_rule": 5}
        looks |= {(place, columns[c]): "marked" for c, label in KPI_FIELDS if label.lower() in lacking}
    terms = [t.metric for t in dataset.client.sla_terms if t.metric not in names]
    for metric in dict.fromkeys(terms):
        term = next(t for t in dataset.client.sla_terms if t.metric == metric)
        looks |= {(len(rows), column): "marked" for column in (1, 2, 5)}
        rows.append(
            [
                metric,
                None,
                None,
                "at least",
                term.target,
                None,
                "owner, forum, action",
                "promised in the contract",
            ]
        )
    return [
        Sheet(
            "Key figures", "Key figure, threshold, forum, action",
            [("Key figure", 30), ("Owner", 22), ("Forum", 14), ("Good is", 12), ("Threshold", 12),
             ("What is done then", 44), ("Lacks", 28), ("So far", 28)],
            rows,
            ["A figure without owner, forum, threshold and action is a number that nobody has to act on: marked.",
             *(() if table is not None else ("Nobody has written down the key figures: table kpi is missing.",))],
            looks,
        )
    ]  # fmt: skip


def calibration(assessment: Assessment) -> list[Sheet]:
    """Return the pack for the next calibration: contacts to score, a form for each evaluator, agreement so far."""
    dataset = assessment.dataset
    qa, past = dataset.tables.get("qa_eval"), dataset.tables.get("calibration")
    items = _form_items(qa, past)
    contacts = _contacts_to_score(dataset)
    form = Sheet(
        "Scores", "Score each contact alone, before anybody speaks",
        [("Contact", 22), *((item, 14) for item in items)],
        [[contact, *(None for _ in items)] for contact, _ in contacts],
        ["One copy for each evaluator: ________________    Scores from 0 to 1; empty: not applicable.",
         "Agents and customers are not named here: the contact is what is scored."],
        {(row, 1 + column): "to fill" for row in range(len(contacts)) for column in range(len(items))},
    )  # fmt: skip
    chair = Sheet(
        "For the chair", "Why these contacts: not for evaluators before they have scored",
        [("Contact", 22), ("Chosen because", 40)],
        [list(contact) for contact in contacts],
    )  # fmt: skip
    agreement = Sheet(
        "Agreement so far", "On which items evaluators agreed least",
        [("Item", 30), ("Pairs of scores", 16), ("Mean distance, 0 to 1", 20), ("Same score", 14)],
        _agreement(past),
        ["Of all pairs of evaluators who scored the same item of the same contact. Discuss the top ones first."
         if past is not None else "No calibration was handed over: table calibration is missing."],
    )  # fmt: skip
    agenda = Sheet(
        "Agenda", "Calibration session, 90 minutes",
        [("Minutes", 10), ("What", 60), ("Who", 30)],
        [[10, "Read the definitions of the items at the top of “Agreement so far”", "quality lead"],
         [40, "Everybody scores the contacts alone", "all evaluators, both sides"],
         [30, "Compare item by item, the widest first; write down which definition changes", "quality lead"],
         [10, "Enter all scores into table calibration; fix the next date", "quality lead"]],
    )  # fmt: skip
    return [agenda, form, chair, agreement]


def _form_items(qa: pd.DataFrame | None, past: pd.DataFrame | None) -> list[str]:
    for table in (qa, past):
        if table is not None and len(table):
            return sorted(str(item) for item in table["item"].dropna().unique())
    return ["total"]


def _contacts_to_score(dataset: Dataset) -> list[tuple[str, str]]:
    """Return recent evaluated contacts: first the disputed ones, then spread over the range of scores."""
    qa = dataset.tables.get("qa_eval")
    if qa is None:
        return []
    known = qa[qa["contact_id"].notna() & qa["score"].notna()]
    each = known.groupby("contact_id").agg(
        score=("score", "mean"), at=("eval_ts", "max"), disputed=("disputed", "max")
    )
    each = each[each["at"] >= each["at"].max() - pd.Timedelta(days=42)] if len(each) else each
    each = each.sort_values(["score", "at"], kind="stable")
    disputed = each[each["disputed"].fillna(False).astype(bool)].head(CONTACTS_TO_SCORE // 3)
    others = each.drop(disputed.index)
    places = np.unique(
        np.linspace(0, max(len(others) - 1, 0), CONTACTS_TO_SCORE - len(disputed)).round().astype(int)
    )
    spread = others.iloc[places] if len(others) else others
    return [
        *((str(contact), "its score was disputed") for contact in disputed.index),
        *(
            (str(contact), f"evaluated with {figure(float(score), 'fraction', 0)}")
            for contact, score in spread["score"].items()
        ),
    ]


def _agreement(past: pd.DataFrame | None) -> list[list[object]]:
    if past is None:
        return []
    known = past[past["score"].notna()]
    pairs = known.merge(known, on=["session_id", "contact_id", "item"], suffixes=("", "_other"))
    pairs = pairs[pairs["evaluator_id"] < pairs["evaluator_id_other"]]
    apart = (pairs["score"] - pairs["score_other"]).abs()
    table = pd.DataFrame({"item": pairs["item"], "apart": apart, "same": apart < 1e-9})
    table = table.groupby("item", observed=True).agg(
        n=("apart", "size"), apart=("apart", "mean"), same=("same", "mean")
    )
    table = table.sort_values(["apart"], ascending=False, kind="stable")
    return [
        [str(item), int(r.n), round(float(r.apart), 3), figure(float(r.same), "fraction", 0)]
        for item, r in table.iterrows()
    ]


def actions(assessment: Assessment) -> list[Sheet]:
    """Return the prefilled actions, to be confirmed with their owners."""
    table = as_frame(prefilled(assessment))
    widths = {"what": 60, "measure": 40, "id": 18, "owner": 22}
    rows: list[Sequence[object]] = [[_plain(v) for v in row] for row in table.itertuples(index=False)]
    looks: dict[tuple[int, int], Look] = {
        (row, list(table.columns).index("closed")): "to fill" for row in range(len(rows))
    }
    return [
        Sheet(
            "Actions", "Actions, in the order of repair",
            [(str(name), widths.get(str(name), 12)) for name in table.columns],
            rows,
            [f"Owners and days are proposals. Confirm them, and keep the list as {ACTIONS_FILE} in the client's "
             "folder: the next review opens with it."],
            looks,
        )
    ]  # fmt: skip


def actions_csv(assessment: Assessment) -> str:
    """Return the prefilled actions as actions.csv; a cell that a spreadsheet would run is quoted with '."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    table = as_frame(prefilled(assessment))
    writer.writerow(table.columns)
    for row in table.itertuples(index=False):
        writer.writerow(["" if _plain(v) is None else _harmless(_plain(v)) for v in row])
    return out.getvalue()


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.lstrip()[:1] in ("=", "+", "-", "@"):
        return f"'{value}"
    return value


def _plain(value: object) -> object:
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    return value


REMEDIES = (
    Remedy("raci", "Who answers for what", raci),
    Remedy("onboarding_checklist", "Onboarding checklist", onboarding),
    Remedy("kpi_sheet", "Key figure, threshold, forum, action", kpi_sheet),
    Remedy("calibration_pack", "Calibration pack", calibration),
    Remedy("actions", "Actions", actions),
)
