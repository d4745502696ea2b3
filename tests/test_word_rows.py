"""Rows of a Word table that differ in their words alone: folded for the layout, and put in again."""

import pytest

from dingji.reports.word_rows import ROWS, folded, parted, unfolded
from dingji.reports.word_shorthand import full, short

PLAIN = '<w:t xml:space="preserve">{}</w:t>'


def row(*words: str) -> str:
    cells = "".join(f"<w:tc><w:p><w:r>{PLAIN.format(word)}</w:r></w:p></w:tc>" for word in words)
    return f"<w:tr><w:trPr/>{cells}</w:tr>".replace(PLAIN.format(""), '<w:t xml:space="preserve"/>')


def document(*rows: str) -> str:
    return f"<w:body><w:p/><w:tbl><w:tblPr/>{''.join(rows)}</w:tbl><w:sectPr/></w:body>"


HEADING, LINES, SUM = row("甲", "乙"), [row(str(number), "A&amp;B") for number in range(5)], row("合计", "5")
WHOLE = document(HEADING, *LINES, SUM)


def test_rows_alike_become_one_and_come_back() -> None:
    small, words = folded(WHOLE, {1, 6})
    assert small.count("<w:tr ") + small.count("<w:tr>") == 3
    assert f'<w:tr {ROWS}="5">' in small
    assert HEADING[len("<w:tr>") :] in small  # by its words a table is known
    assert "A&amp;B" not in small
    assert unfolded(small, words) == WHOLE


def test_a_paper_said_in_short_has_the_same_rows_and_words() -> None:
    told = short(WHOLE)
    assert len(told) < len(WHOLE) / 2
    assert full(told) == WHOLE
    small, words = folded(told, {1, 6})
    assert (full(small), words) == folded(WHOLE, {1, 6})
    bare, said = parted(told)
    assert (full(bare), said) == parted(WHOLE)


@pytest.mark.parametrize("seen", ["a\nb", "a\tb", "{_{", "}_}", "&nbsp;", "<wp:docPr/>", "\r"])
def test_tags_that_a_paper_is_searched_for_are_never_said_in_short(seen: str) -> None:
    told = f"<w:p><w:pPr/><w:r><w:t>{seen}</w:t></w:r></w:p><w:p/>"
    piece = f"<w:p><w:r><w:t>甲</w:t></w:r></w:p>{told}"
    assert seen in short(piece)
    assert full(short(piece)) == piece


def test_what_is_laid_out_once_holds_for_all_like_it_and_for_no_sum() -> None:
    small, words = folded(WHOLE, {1, 6})
    five = f'<w:tr {ROWS}="5"><w:trPr/>'
    shaded = [line.replace("<w:trPr/>", "<w:trPr/><w:b/>") for line in LINES]
    assert unfolded(small.replace(five, f"{five}<w:b/>"), words) == document(HEADING, *shaded, SUM)


def test_a_word_left_out_and_quotes_are_written_as_a_tree_writes_them() -> None:
    typed = document(HEADING, f"<w:tr><w:tc>{PLAIN.format('')}</w:tc><w:tc>{PLAIN.format('&#34;a&#39;')}</w:tc></w:tr>")
    small, words = folded(typed, {1})
    assert unfolded(small, words) == typed.replace(PLAIN.format(""), '<w:t xml:space="preserve"/>').replace(
        "&#34;a&#39;", "\"a'"
    )


@pytest.mark.parametrize(
    "odd",
    [
        document(HEADING, *LINES, row("行\r尾", "")),
        document(HEADING, *LINES, row("&nbsp;", "")),
        document(HEADING, *LINES, row("图<wp:docPr id='1'/>", "")),
        document(HEADING, *LINES, f"<w:tr><w:tc>{document(HEADING)}</w:tc></w:tr>"),
    ],
)
def test_what_only_a_tree_can_tell_is_left_to_it(odd: str) -> None:
    assert folded(odd, {1}) == (odd, [])
    assert unfolded(odd, []) == odd


def test_what_stands_between_two_rows_stays_there() -> None:
    mark = "<w:bookmarkEnd w:id='0'/>"
    typed = document(HEADING, LINES[0] + mark, LINES[1] + mark, LINES[2])
    small, words = folded(typed, {1})
    assert unfolded(small, words) == typed
