"""Do two tables that say different things of the same show, and only those?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.diagnostics.stories import handed
from workbench.diagnostics.between import against_other_tables
from workbench.intake.dataset import Dataset

Rows = list[dict[str, object]]
ROSTER = [
    {"agent_id": "A1", "start_date": "2024-06-03", "term_date": "2024-06-10"},
    {"agent_id": "A2", "start_date": "2024-01-08", "term_date": ""},
]


def against(**tables: Rows) -> dict[str, tuple[int, list[int]]]:
    """Return by what is wrong how many rows were looked at, and which are."""
    return of(handed(**tables))


def of(dataset: Dataset) -> dict[str, tuple[int, list[int]]]:
    return {one.rule.says: (one.n, one.rows.tolist()) for one in against_other_tables(dataset)}


def contact(number: int, at: str, agent: str = "A1", **more: object) -> dict[str, object]:
    return {"contact_id": f"c{number}", "agent_id": agent, "offered_ts": at, "answer_ts": at, **more}


def test_a_leaver_serves_nobody_after_the_last_paid_day_which_counts_whole() -> None:
    """At 23:30 of that day in Berlin it is already served in time; a quarter past midnight is not. A2 is still here."""
    log = [contact(1, "2024-06-10 23:30"), contact(2, "2024-06-11 00:15"), contact(3, "2024-06-20 09:00", "A2"),
           contact(4, "2024-06-20 09:00", "ghost")]  # fmt: skip
    found = against(hris=ROSTER, contacts=log)

    assert found["served after the agent's last paid day"] == (3, [3])
    assert found["served before the agent's first paid day"] == (3, [])


def test_nobody_works_before_the_first_paid_day() -> None:
    """Contacts, states, plans and hours are held against the roster alike."""
    span = {"start": "2024-06-02 09:00", "end": "2024-06-02 10:00"}
    found = against(
        hris=ROSTER,
        contacts=[contact(1, "2024-06-02 10:00")],
        agent_state=[{"agent_id": "A1", "state": "available", **span}],
        schedule=[{"agent_id": "A1", **span}],
        timesheet=[{"agent_id": "A1", "date": "2024-06-02"}, {"agent_id": "A1", "date": "2024-06-03"}],
    )
    early = {
        says: rows for says, (_, rows) in found.items() if says.endswith("before the agent's first paid day")
    }

    assert early == {says: [2] for says in early}
    assert len(early) == 4


def test_where_no_end_is_recorded_at_all_nothing_is_known_of_leavers() -> None:
    """An empty column of last days is not the same as nobody having left."""
    found = against(
        hris=[{**row, "term_date": ""} for row in ROSTER], contacts=[contact(1, "2024-07-01 10:00")]
    )

    assert "served after the agent's last paid day" not in found


@pytest.mark.parametrize(
    ("state", "at", "wrong"),
    [
        ("break", "10:05", True),
        ("available", "10:05", False),
        ("break", "10:00:30", False),
        ("break", "10:20", None),
    ],
)
def test_an_agent_on_a_break_answers_nothing(state: str, at: str, wrong: bool | None) -> None:
    """A minute at either end is left to the clocks; where no state is recorded nothing is known."""
    states = [{"agent_id": "A2", "state": state, "start": "2024-06-03 10:00", "end": "2024-06-03 10:15"}]
    found = against(contacts=[contact(1, f"2024-06-03 {at}", "A2")], agent_state=states)
    told = found.get("answered while the agent's own state was another one")

    assert told == (None if wrong is None else (1, [2] if wrong else []))


def test_states_of_others_do_not_count() -> None:
    """The state looked at is the agent's own, whatever the order of rows: a slow twin looks at every pair."""
    dice = np.random.default_rng(7)
    words = ["available", "handling", "break", "meal"]
    day = pd.Timestamp("2024-06-03 08:00")
    states = [
        {"agent_id": f"A{who}", "state": words[dice.integers(4)], "start": str(day + pd.Timedelta(minutes=10 * n)),
         "end": str(day + pd.Timedelta(minutes=10 * n + int(dice.integers(4, 11))))}
        for who in range(4) for n in range(12)
    ]  # fmt: skip
    log = [contact(n, str(day + pd.Timedelta(seconds=int(dice.integers(0, 7200)))), f"A{dice.integers(5)}")
           for n in range(80)]  # fmt: skip
    dice.shuffle(states)  # type: ignore[arg-type]
    seen, wrong = 0, []
    for place, one in enumerate(log):
        at = pd.Timestamp(str(one["answer_ts"]))
        mine = [s for s in states if s["agent_id"] == one["agent_id"]
                and pd.Timestamp(s["start"]) <= at < pd.Timestamp(s["end"])]  # fmt: skip
        seen += len(mine)
        if mine and mine[0]["state"] in ("break", "meal"):
            minute = pd.Timedelta(minutes=1)
            if pd.Timestamp(mine[0]["start"]) + minute <= at <= pd.Timestamp(mine[0]["end"]) - minute:
                wrong.append(place + 2)

    assert wrong
    assert against(contacts=log, agent_state=states)["answered while the agent's own state was another one"] == (
        seen, wrong,
    )  # fmt: skip


def reported(*offered: int, queue: str = "sales") -> Rows:
    return [{"interval_start": f"2024-06-03 {10 + n // 2}:{30 * (n % 2):02d}", "interval_s": 1800, "queue": queue,
             "offered": n_offered} for n, n_offered in enumerate(offered)]  # fmt: skip


def arrivals(*counts: int, queue: str = "sales") -> Rows:
    return [contact(1000 * n + i, f"2024-06-03 {10 + n // 2}:{30 * (n % 2) + i % 30:02d}", "A2", queue=queue)
            for n, count in enumerate(counts) for i in range(count)]  # fmt: skip


def test_the_interval_report_counts_the_contacts_of_the_log() -> None:
    """Of 20, 20, 20 and 20 contacts the report may say 24 (two and a tenth), not 25, nor 15 with half as many there."""
    log = arrivals(20, 20, 20, 20)

    assert against(intervals=reported(20, 24, 25, 15), contacts=log)[SAYS] == (4, [4, 5])


SAYS = "not as many contacts as the interval report says"


def test_a_report_that_does_not_split_by_queue_is_held_against_all_queues() -> None:
    """Twelve of each of two queues are 24."""
    log = arrivals(12) + [
        {**row, "contact_id": f"m{row['contact_id']}"} for row in arrivals(12, queue="moves")
    ]

    assert against(intervals=reported(24, queue="all"), contacts=log)[SAYS] == (1, [])
    assert against(intervals=reported(24, queue="sales"), contacts=log)[SAYS] == (1, [2])
    assert SAYS not in against(intervals=reported(24, queue="other"), contacts=log)


def test_an_hour_between_the_clocks_of_two_exports_shows() -> None:
    """The day has as many contacts either way; its half hours have not."""
    log = arrivals(5, 20, 40, 20, 5, 20)
    n, rows = against(intervals=reported(40, 20, 5, 20, 5, 20), contacts=log)[SAYS]

    assert (n, len(rows)) == (6, 2)


def test_what_was_set_aside_of_the_log_excuses_as_much_of_the_count() -> None:
    """A fifth of the contacts cannot be used: 30 offered with 24 left is no contradiction, 40 is one."""
    log = arrivals(24) + [{**contact(9000 + n, "2024-06-03 10:10", "A2"), "talk_s": -1} for n in range(6)]

    assert against(intervals=reported(30), contacts=log)[SAYS] == (1, [])
    assert against(intervals=reported(40), contacts=log)[SAYS] == (1, [2])


def test_nothing_is_judged_or_outcome_before_its_contact() -> None:
    """To the second."""
    found = against(
        contacts=[contact(1, "2024-06-03 10:00")],
        qa_eval=[{"eval_id": f"e{n}", "contact_id": "c1", "agent_id": "A1", "eval_ts": at, "item": "total"}
                 for n, at in enumerate(["2024-06-03 09:59:59", "2024-06-03 10:00:00"])],
        outcome=[{"contact_id": "c1", "ts": "2024-06-03 09:00", "kind": "csat", "value": 5}],
    )  # fmt: skip

    assert found["judged before the contact came"] == (2, [2])
    assert found["an outcome before the contact came"] == (1, [2])
