"""Does the letter ask first for what would narrow the score most, and only for what is missing?"""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from workbench.cli import app
from workbench.diagnostics.assess import assess
from workbench.diagnostics.gaps import narrowing
from workbench.intake.period import Period
from workbench.intake.read import examine
from workbench.studies.request import asks, request_letter

CLIENT = "format: 1\nid: harbour\nname: Harbour Lines (fictional)\ntime_zone: Europe/Berlin\n"


def client(folder: Path, **tables: str) -> Path:
    (folder / "client.yaml").write_text(CLIENT, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_tables_stand_in_the_order_of_the_points_they_leave_open(tmp_path):
    """The order is that of the scores' bounds, and every table is in the letter."""
    assessment = assess(examine(client(tmp_path)))
    wanted = asks(assessment)

    points = [ask.points for ask in wanted]
    assert points == sorted(points, reverse=True)
    assert sum(points) == pytest.approx(sum(gap.points for gap in narrowing(assessment)))
    assert {ask.table for ask in wanted} == {gap.table for gap in narrowing(assessment)}
    letter = request_letter(assessment)
    places = [letter.index(f"| {ask.table} |") for ask in wanted]
    assert places == sorted(places)


def test_a_table_that_was_handed_over_is_not_asked_for_where_it_served(tmp_path):
    """Leavers and their access answer EXP-6: the roster is needed for one question fewer."""
    before = {ask.table: ask for ask in asks(assess(examine(client(tmp_path))))}
    client(
        tmp_path,
        hris="agent_id,start_date,term_date\na1,2023-01-01,2024-06-03\na2,2023-01-01,\n",
        provisioning="agent_id,system,granted_ts,revoked_ts\na1,crm,2023-01-02 09:00,2024-06-03 17:00\n",
    )
    after = {ask.table: ask for ask in asks(assess(examine(tmp_path, Period.parse("2024-06"))))}

    assert "EXP-6" in before["provisioning"].serves
    assert "provisioning" not in after or "EXP-6" not in after["provisioning"].serves
    assert after.get("hris", before["hris"]).points <= before["hris"].points


def test_a_table_of_which_nothing_can_be_used_is_asked_for_again_with_its_count(tmp_path):
    """Two meetings without a forum are set aside: 0 of 2 rows can be used."""
    folder = client(tmp_path, gov_meeting="forum,date_planned\n,2024-06-03\n,2024-06-10\n")
    meeting = next(ask for ask in asks(assess(examine(folder))) if ask.table == "gov_meeting")

    assert meeting.state == "0 of 2 rows can be used"
    assert "0 of 2 rows can be used" in request_letter(assess(examine(folder)))


def test_the_letter_describes_the_columns_of_what_it_asks_for_first(tmp_path):
    """Whoever gets the letter needs no other page for the tables that matter most."""
    assessment = assess(examine(client(tmp_path)))
    first = next(ask.table for ask in asks(assessment) if ask.table != "survey")
    letter = request_letter(assessment)

    assert f"## {first}" in letter
    assert "| Column | Type | Needed | What it holds |" in letter
    assert "Any export will do" in letter


def test_a_name_with_markup_does_not_become_markup(tmp_path):
    """The client's own words are text in the letter, whatever they hold."""
    folder = client(tmp_path)
    (folder / "client.yaml").write_text('format: 1\nid: x\nname: "<b>**Harbour** [x](y)"\n', encoding="utf-8")
    head = request_letter(assess(examine(folder))).splitlines()[0]

    assert not set("<>*[]") & set(head)


@pytest.mark.parametrize("to_file", [True, False])
def test_the_command_prints_the_letter_or_writes_it(tmp_path, to_file):
    """The same letter either way."""
    folder = tmp_path / "harbour"
    folder.mkdir()
    client(folder)
    out = tmp_path / "letters" / "harbour.md"
    result = CliRunner().invoke(app, ["request", str(folder), *(["--out", str(out)] if to_file else [])])

    assert result.exit_code == 0, result.output
    letter = out.read_text(encoding="utf-8") if to_file else result.stdout
    assert letter.startswith("# Request for data: Harbour Lines (fictional)")


def test_what_a_delivered_table_lacks_and_what_the_contract_does_not_say_are_asked_for_apart(tmp_path):
    """Contacts are there: the letter asks for their columns, and for what nobody said in client.yaml."""
    folder = client(
        tmp_path, contacts="contact_id,offered_ts,answer_ts,talk_s\n1,2024-06-03 09:00,2024-06-03 09:01,60\n"
    )
    assessment = assess(examine(folder))
    wanted = {ask.table: ask for ask in asks(assessment)}
    letter = request_letter(assessment)

    assert wanted["contacts"].state.startswith("1 row at hand; ")
    assert "contacts.customer_key is empty: repeats cannot be seen" in {
        g.why for g in wanted["contacts"].gaps
    }
    assert "What would close it: contacts.customer_key (a pseudonym of the customer" in letter
    assert "## client.yaml" in letter
    assert "client.yaml does not say contract.aht_s (" in letter
