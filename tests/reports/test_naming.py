"""Whatever a client is called, its reports stay inside the output directory, apart from all others'."""

from __future__ import annotations

import re
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.reports.naming import directory_name


@given(st.text())
def test_directory_name_is_one_plain_short_name(client_id: str) -> None:
    """No separator, no dot, no reserved name, nothing to be escaped."""
    name = directory_name(client_id)

    assert re.fullmatch(r"[a-z0-9_-]{1,60}", name)
    assert 1 == len(PurePosixPath(name).parts)
    assert not PureWindowsPath(name).is_reserved() if hasattr(PureWindowsPath, "is_reserved") else True


@given(st.text(), st.text())
def test_different_ids_have_different_names_on_every_file_system(one: str, other: str) -> None:
    """Also where case does not count."""
    if one != other:
        assert directory_name(one).casefold() != directory_name(other).casefold()


@pytest.mark.parametrize(
    ("client_id", "beginning"),
    [("../../x", "x-"), ("=HYPERLINK(1)", "hyperlink-1-"), ("con", "con-"), ("ACME", "acme-"), ("🎉", "client-"),
     ("a" * 10_000, "a" * 48 + "-"), ("", "client-")],
)  # fmt: skip
def test_odd_id_keeps_what_can_be_read_of_it(client_id: str, beginning: str) -> None:
    """And eight digits that tell it from others."""
    assert directory_name(client_id).startswith(beginning)


def test_plain_id_is_kept() -> None:
    """Most clients are called something plain."""
    assert "harbour_bank-2" == directory_name("harbour_bank-2")


def test_id_that_looks_like_a_marked_name_is_marked_itself() -> None:
    """Otherwise one client could be called what another's id became."""
    marked = directory_name("../../x")

    assert marked != directory_name(marked)
