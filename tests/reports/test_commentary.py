"""The account manager speaks in the report, to those whom the part names."""

from __future__ import annotations

from dataclasses import replace

from tests.reports.made import dataset_of, review
from workbench.reports.commentary import blocks_of, read_commentary
from workbench.reports.section import Audience, Bullets, Heading, Prose, Run, Section

TEXT = """\
# 2024-06-03:2024-06-30 for client, joint
The sponsor **changed**.

# 2024-06-03:2024-06-30
Expect a question. ![chart](http://x.example/a.png)

# 2024-05 for client
Of another month.
"""


def section(audience: Audience, text: str = TEXT) -> Section | None:
    return review(replace(dataset_of(), extras={"commentary": text}), audience=audience).section("commentary")


def words(shown: Section | None) -> str:
    return "" if shown is None else str(shown.model_dump_json())


def test_each_part_is_shown_to_the_readers_it_names_and_to_the_account_team() -> None:
    """Of this period alone."""
    for audience in ("client", "joint"):
        assert "sponsor" in words(section(audience))
        assert "Expect a question" not in words(section(audience))
    assert {"sponsor", "question", "month"} & set(words(section("internal")).replace(".", " ").split()) == {
        "sponsor",
        "question",
    }


def test_image_is_refused_with_a_message_to_the_account_team() -> None:
    """And counted for whoever releases the client's copy."""
    assert "commentary.md line 5: an image is not accepted" in words(section("internal"))
    title = review(replace(dataset_of(), extras={"commentary": TEXT}), audience="client").section("title")
    assert title is not None
    assert 1 == title.data["commentary_unused"]


def test_reader_whom_nobody_knows_hides_the_part() -> None:
    """A slip of the pen must not show an internal word to a client."""
    parts, mistakes = read_commentary("# 2024-06 for clinet\nSecret.\n")

    assert () == parts
    assert 'Did you mean "client"?' in mistakes[0]
    assert section("client", "# 2024-06-03:2024-06-30 for clinet\nSecret.\n") is None


def test_words_before_any_heading_are_told_and_shown_to_nobody() -> None:
    """So is a period that cannot be read."""
    assert "line 1: stands before any period" in read_commentary("Hello.\n")[1][0]
    assert "is not a period" in read_commentary("# June for client\nHello.\n")[1][0]
    assert ((), ()) == read_commentary("")


def test_markdown_becomes_blocks_of_text() -> None:
    """Headings, lists, emphasis, code and the address of a link; markup of HTML is text."""
    blocks, mistakes = blocks_of(
        "## Then\n\nA *b* `c`\n\n1. one\n2. [two](http://x.example)\n\n<script>alert(1)</script>\n"
    )

    assert () == mistakes
    assert (
        Heading(text="Then"),
        Prose(runs=(Run(text="A "), Run(text="b", style="strong"), Run(text=" "), Run(text="c", style="code"))),
        Bullets(
            items=((Run(text="one"),), (Run(text="two"), Run(text=" (http://x.example)", style="quiet"))), numbered=True
        ),
        Prose(runs=(Run(text="<script>alert(1)</script>"),)),
    ) == blocks  # fmt: skip
