"""How the width of a page is shared among a table's columns."""

import pytest

from dingji.reports.word_tables import spared


@pytest.mark.parametrize(
    ("widths", "needs", "given"),
    [
        ([100, 300], [80, 0], [100, 300]),  # there is room
        ([100, 300], [160, 0], [160, 240]),  # the text spares it
        ([100, 100, 200], [130, 90, 0], [130, 90, 180]),  # who has enough spares too, down to what it needs
        ([100, 300], [260, 0], [100, 300]),  # texts keep at least half of their room
        ([100, 100], [150, 150], [100, 100]),  # nobody can spare anything
    ],
)
def test_figures_stand_on_one_line_where_texts_can_spare_it(
    widths: list[int], needs: list[int], given: list[int]
) -> None:
    assert spared(widths, needs) == given
    assert sum(given) == sum(widths)
