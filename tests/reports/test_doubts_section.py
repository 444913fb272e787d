"""The three doubts and what moves the total most stand in the report."""

from tests.reports.test_health_sections import ITEMS, answer, assessed, built, picture, table


def test_the_three_doubts_stand_apart_for_the_total() -> None:
    """One item answered by both sides at 3 of 5: 50, and anything where evidence is missing."""
    one = assessed(ITEMS, survey=[answer("HC-5", "buyer", 3), answer("HC-5", "vendor", 3)])

    section = built("doubts", one)

    total = table(section, "three doubts").rows[0]
    assert total[0] == "All areas"
    assert total[1] == 50.0
    assert total[2] < total[1] < total[3]


def test_the_widest_swing_stands_first() -> None:
    """The tornado is drawn from the widest bar to the narrowest."""
    one = assessed(ITEMS, survey=[answer("HC-5", "buyer", 3), answer("HC-5", "vendor", 3)])

    rows = picture(built("doubts", one)).rows

    widths = [abs(high - low) for _, low, high in rows]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 0
