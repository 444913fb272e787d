"""A figure is the same bytes for the same rows, says in words what it shows, and holds its rows."""

from __future__ import annotations

import re
import subprocess
import sys

from workbench.reports import figures

ROWS = [("Governance", 61.5, 40.0, 82.0), ("Exposures <&>", None, 0.0, 100.0)]


def test_same_rows_give_the_same_bytes_in_another_process() -> None:
    """Neither the clock nor the hash seed of Python enters a picture."""
    code = (
        "from workbench.reports import figures; import sys;"
        f"sys.stdout.write(figures.score_ranges('areas', {ROWS!r}, 'c').svg)"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        encoding="utf-8",
    ).stdout

    assert other == figures.score_ranges("areas", ROWS, "c").svg


def test_figure_says_in_words_what_it_shows_and_keeps_its_rows() -> None:
    """Somebody who cannot see the picture gets every number."""
    figure = figures.score_ranges("areas", ROWS, "c")

    assert figure.alt == (
        "Scores from 0 to 100 with their bounds: Governance 62, from 40 to 82; "
        "Exposures <&> not assessed, from 0 to 100."
    )
    assert tuple(ROWS) == figure.rows
    assert "Exposures &lt;&amp;&gt;" in figure.svg


def test_unknown_share_is_said_and_not_drawn_at_zero() -> None:
    """A formula that cannot be computed has no dot."""
    figure = figures.shares_beside_target("sl", [("V1", 0.6, 0.5, 0.7), ("V3", None, None, None)], 0.8, "c")

    assert "V3 unknown" in figure.alt
    assert 1 == figure.svg.count("60.0 %")
    assert ">unknown<" in figure.svg


def test_day_without_contacts_leaves_a_gap() -> None:
    """The extremes are told with their days; a missing day is no extreme."""
    figure = figures.share_over_time(
        "d", ["1 Jun", "2 Jun", "3 Jun"], [0.9, None, 0.7], "c", label="SL", target=0.8
    )

    assert "SL over 3 points: from 70.0 % (3 Jun) to 90.0 % (1 Jun), target 80 %." == figure.alt


def test_pictures_load_nothing_and_follow_the_page() -> None:
    """No address but that of the SVG language itself; every colour is one of the page's."""
    figure = figures.share_over_time("d", ["1 Jun", "2 Jun"], [0.9, 0.8], "c", label="SL", target=0.8)
    addresses = set(re.findall(r"https?://[^\"' ]+", figure.svg))

    assert {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"} >= addresses
    assert not re.search(r"#[0-9a-f]{6}", figures.themed(figure.svg))


def test_two_pictures_of_a_page_share_no_id() -> None:
    """Of the same shape, with other names."""
    one, other = (
        figures.share_over_time(name, ["1 Jun", "2 Jun"], [0.9, 0.8], "c", label="SL") for name in ("d", "e")
    )
    ids = [re.findall(r'\bid="([^"]+)"', figure.svg) for figure in (one, other)]

    assert len(ids[0]) == len(set(ids[0])) > 0
    assert set() == set(ids[0]) & set(ids[1])
    assert all(name in ids[0] for name in re.findall(r'(?:url\(#|href="#)([^")]+)', one.svg))
