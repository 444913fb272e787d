"""Is a row that says two things that cannot both be true flagged, and used all the same?"""

from __future__ import annotations

import pandas as pd
import pytest

from tests.diagnostics.stories import handed
from workbench.intake.contradictions import Rule, contradictions, in_one_row
from workbench.intake.spec import table_spec

AT = "2024-06-03 10:00"
INTERVAL = {
    "interval_start": AT,
    "queue": "sales",
    "offered": 40,
    "answered": 36,
    "abandoned": 4,
    "staffed_s": 9000,
}
CONTACT = {"contact_id": "c1", "offered_ts": "2024-06-03 09:00", "queue_ts": "2024-06-03 09:01",
           "answer_ts": "2024-06-03 09:02", "talk_s": 60}  # fmt: skip
OTHER = {**CONTACT, "contact_id": "c2"}
HIRE = {"agent_id": "A1", "hire_decision_date": "2024-05-02", "start_date": "2024-06-03"}
COURSE = {"agent_id": "A1", "course": "basics", "completed": "2024-06-05 16:00", "certified": "yes"}


def flagged(table: str, *rows: dict[str, object]) -> list[tuple[int, str]]:
    """Return the rows that contradict themselves, with what is wrong."""
    dataset = handed(**{table: list(rows)})
    problems = dataset.problems[dataset.problems["rule"].isin([rule.says for rule in contradictions()])]

    assert set(problems["severity"]) <= {"flagged"}
    assert set(problems["dimension"]) <= {"consistency"}
    assert len(rows) == len(dataset.tables[table])
    return list(zip(problems["row"].astype(int), problems["rule"], strict=True))


@pytest.mark.parametrize(
    ("table", "row", "wrong", "says"),
    [
        ("intervals", INTERVAL, {"answered": 45, "abandoned": 0}, "more answered than offered"),
        ("intervals", INTERVAL, {"abandoned": 45, "answered": 0}, "more given up than offered"),
        ("intervals", INTERVAL, {"abandoned": 9}, "more answered, given up and passed on than offered"),
        ("intervals", INTERVAL, {"flow_out": 5}, "more answered, given up and passed on than offered"),
        ("intervals", INTERVAL, {"answered_in_T": 37}, "more answered in time than answered at all"),
        ("intervals", INTERVAL, {"short_abandoned": 5}, "more given up early than given up at all"),
        ("intervals", INTERVAL, {"available_s": 9092}, "more time waiting for contacts than time logged in"),
        ("contacts", CONTACT, {"abandon_ts": "2024-06-03 09:03"}, "both answered and abandoned"),
        ("contacts", CONTACT, {"queue_ts": "2024-06-03 09:03"}, "answered before it was queued"),
        ("contacts", CONTACT, {"answer_ts": ""}, "talk time on a contact that nobody answered"),
        ("hris", HIRE, {"hire_decision_date": "2024-06-04"}, "hired after the first paid day"),
        ("training", COURSE, {"completed": ""}, "certified without having completed the course"),
        ("gov_action", {"id": "1", "raised": "2024-06-03", "due": "2024-06-03"}, {"due": "2024-06-02"},
         "due before it was raised"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_flagged_and_what_can_is_not(table: str, row: dict, wrong: dict, says: str) -> None:
    """The sound row says nothing; one cell changed is named, with the rule, in the row where it stands."""
    key = table_spec(table).key[0]
    other = {**row, **wrong, key: "2024-06-03 10:30" if table == "intervals" else "another"}

    assert flagged(table, row) == []
    assert flagged(table, row, other) == [(3, says)]


def test_contacts_that_cross_an_interval_are_no_contradiction() -> None:
    """Two contacts and 5 % may be carried over: 44 ended of 40 offered is the most."""
    assert flagged("intervals", {**INTERVAL, "answered": 40}) == []
    assert len(flagged("intervals", {**INTERVAL, "answered": 41})) == 1


def test_mail_may_be_answered_after_the_interval_in_which_it_came() -> None:
    """A backlog is worked off in other intervals: only what cannot wait is judged."""
    assert flagged("intervals", {**INTERVAL, "channel": "email", "answered": 90, "abandoned": 0}) == []


def test_what_was_not_handed_over_contradicts_nothing() -> None:
    """Without a single answer time a talk time says nothing against it; with nothing offered nobody can judge."""
    assert flagged("contacts", {"contact_id": "c1", "offered_ts": AT, "talk_s": 60}) == []
    assert in_one_row(pd.DataFrame({"offered": [float("nan")], "answered": [3.0]}).reindex(
        columns=[c.name for c in table_spec("intervals").columns]), "intervals") == []  # fmt: skip


def test_the_message_names_both_values_and_what_to_do() -> None:
    """Where, what came, what is wrong."""
    problems = handed(intervals=[{**INTERVAL, "answered_in_T": 37}]).problems
    said = problems.loc[problems["rule"] != "", "message"].tolist()

    assert said == [
        'answered_in_T "37", answered "36": more answered in time than answered at all. One of them is wrong; '
        "the row is used. Correct it"
    ]


@pytest.mark.parametrize("rule", contradictions(), ids=lambda rule: f"{rule.table}: {rule.says}")
def test_every_declared_rule_is_sound(rule: Rule) -> None:
    """Its columns are there on both sides, what is compared is of one kind, and its words are its own."""
    spec = table_spec(rule.table)
    left = [spec.column(name) for name in rule.left]
    other = table_spec(rule.other) if rule.other else spec
    right = other.column(rule.target)
    if rule.by:
        assert spec.column(rule.by).type == other.column(rule.by).type
    if rule.relation in ("not_after", "not_before"):
        assert {left[0].type, right.type} <= {"timestamp", "date"}
    if rule.relation == "at_most":
        assert len({column.unit for column in [*left, right]}) == 1

    same = [r for r in contradictions() if (r.table, r.says) == (rule.table, rule.says)]
    assert same == [rule]
