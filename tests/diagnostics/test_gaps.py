"""Is what we do not know named by its true reason, with what would have to be sent?"""

from __future__ import annotations

from functools import cache

import pytest

from tests.diagnostics.stories import handed
from workbench.diagnostics.assess import Assessment, assess
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.evidence import missing
from workbench.diagnostics.finding import Lack
from workbench.diagnostics.gaps import Gap, gaps_of, narrowing, worth_asking
from workbench.intake.dataset import Dataset
from workbench.intake.read import read_client
from workbench.resources import folder


@cache
def assessed(client: str) -> Assessment:
    return assess(read_client(folder("example") / client))


def gap(code: str, table: str, reason: str, dataset: Dataset, measure: str = "") -> Gap:
    """Return what one piece of missing evidence waits for."""
    (one,) = gaps_of(CHECKS.get(code), missing(measure, "", table=table, reason=reason), dataset)
    return one


LOG = handed(
    contacts=[{"contact_id": "c1", "offered_ts": "2024-06-03 09:00"}],
    sla=[{"metric": "service_level", "target": 0.8}],
)


@pytest.mark.parametrize(
    ("code", "table", "reason", "kind", "name", "send"),
    [
        ("LC-9", "hris", "needs hris", "table", "hris", "The roster: everybody"),
        ("VMF-2", "contacts", "contacts.customer_key is empty: repeats cannot be seen", "column",
         "contacts.customer_key is empty: repeats cannot be seen", "contacts.customer_key (a pseudonym"),
        ("FM-2", "contacts", "escalated_flag is known for no answered contact", "column",
         "contacts: escalated_flag is known for no answered contact", "contacts.escalated_flag ("),
        ("HC-5", "contacts", "needs contract.aht_s in client.yaml", "setting",
         "client.yaml does not say contract.aht_s", "A line for contract.aht_s in client.yaml"),
        ("VMF-8", "contacts", "7 weeks with 30 contacts; needs 8", "rows",
         "contacts: 7 weeks with 30 contacts; needs 8", "More of contacts: a longer period"),
        ("LC-9", "contacts", "no answered contact", "rows", "contacts: no answered contact", "Nothing, if it did not"),
        ("LC-9", "survey", "nobody on the vendor's side answered", "answers",
         "questionnaire: nobody on the vendor's side answered", "The questionnaire, answered on the vendor's side"),
        ("FM-4", "contacts", "needs issue", "table", "issue", "Problems of the service"),
    ],
)  # fmt: skip
def test_the_reason_says_what_is_missing(
    code: str, table: str, reason: str, kind: str, name: str, send: str
) -> None:
    """A table, a column, a setting, answers, or rows enough: each is asked for as what it is."""
    one = gap(code, table, reason, LOG)

    assert (one.kind, one.name) == (kind, name)
    assert one.send.startswith(send)


@pytest.mark.parametrize(
    ("lack", "reason", "kind", "why", "send"),
    [
        (Lack(tables=("issue",)), "needs issue", "table", "not delivered", "Problems of the service"),
        (Lack(columns=("contacts.acw_s",)), "contacts.acw_s is empty", "column", "contacts.acw_s is empty",
         "contacts.acw_s ("),
        (Lack(settings=("contract.aht_s",)), "needs contract.aht_s in client.yaml", "setting",
         "client.yaml does not say contract.aht_s", "A line for contract.aht_s"),
        (Lack(side="buyer"), "nobody on the buyer's side answered", "answers", "nobody on the buyer's side answered",
         "The questionnaire, answered on the buyer's side"),
        (Lack(beyond="contacts covers May", send="contacts of June."), "contacts covers May", "rows",
         "contacts covers May", "contacts of June."),
    ],
)  # fmt: skip
def test_the_sentence_and_the_gap_follow_from_what_a_lack_names(
    lack: Lack, reason: str, kind: str, why: str, send: str
) -> None:
    """The gap is what the fields say, and so is the reason; no name is read out of a sentence."""
    part = missing("a measure", "", table="survey" if lack.side else "contacts", lack=lack)
    (one,) = gaps_of(CHECKS.get("FM-2"), part, LOG)

    assert reason == part.reason
    assert (kind, why) == (one.kind, one.why)
    assert one.send.startswith(send)


def test_a_table_of_which_nothing_can_be_used_is_not_called_undelivered() -> None:
    """Its rows came; they have to be mended."""
    broken = handed(gov_meeting=[{"forum": "", "date_planned": "2024-06-03"}])
    one = gap("HC-2", "gov_meeting", "needs gov_meeting", broken)

    assert one.why == "delivered, but none of its 1 row can be used"
    assert "again" in one.send


def test_a_diagnostic_that_waits_for_two_tables_counts_for_each() -> None:
    """EXP-2 needs contacts and sla; each would bring all of it but the fifth that answers weigh."""
    nothing = assess(handed(hris=[{"agent_id": "A1", "start_date": "2024-01-08"}]), only=["EXP-2"])
    found = {one.name: one.points for one in narrowing(nothing) if one.kind == "table"}

    assert found == {"contacts": pytest.approx(80.0), "sla": pytest.approx(80.0)}


@pytest.mark.parametrize("client", ["quietbrook_travel", "fernhill_energy"])
def test_what_came_is_never_asked_for_as_if_it_had_not(client: str) -> None:
    """A table that can be used is named only with what it lacks; what did not come is named as such."""
    assessment = assessed(client)
    tables = assessment.dataset.tables
    for one in narrowing(assessment):
        if one.kind == "table":
            assert one.table not in tables
        else:
            assert one.name != one.table
            assert one.why != "not delivered"
        assert one.send.endswith(".")
        assert one.serves


def test_of_the_client_who_sent_little_the_log_is_missing_and_the_vendors_answers() -> None:
    """Most is left open by the contact log, and then by a side that was not asked."""
    said = [one.said for one in worth_asking(assessed("quietbrook_travel"), 2)]

    assert said == [
        "the table contacts, which was not delivered",
        "questionnaire: nobody on the vendor's side answered",
    ]


def test_of_the_healthy_client_the_contract_is_missing_and_not_the_contacts() -> None:
    """All tables came: what is open is what client.yaml does not say, and what did not happen."""
    found = {one.name: one for one in worth_asking(assessed("fernhill_energy"), 3)}

    assert set(found) == {
        "ramp: nobody was seen to become proficient",
        "client.yaml does not say contract.aht_s",
        "client.yaml does not say contract.contacts_per_month",
    }
    assert set(found["client.yaml does not say contract.aht_s"].serves) == {"FM-5", "HC-5"}
