"""A workbook written straight into its sealed zip holds what XlsxWriter's own would hold."""

from io import BytesIO

from xlsxwriter import Workbook

from dingji.seal import deflated, inflated, packed, seal, zipped
from dingji.sealed_book import AT_ONCE, SealedBook

PLAIN = tuple(f"第 {number} 支部" for number in range(2 * AT_ONCE))
"""So many that some are written together."""
CAREFUL = (" 前", "后 ", "两\n行", "A&B<支部>", "_x0041_", "前\x07后", "<r>x</r>", "长" * 200, "，　。", "\ufffe")
TEXTS = (*PLAIN, "甲", *CAREFUL, "|", "竖|线", "前|", " |", "前_", "x0041_后")


def write(book: Workbook) -> None:
    sheet = book.add_worksheet("表")
    for row, text in enumerate(TEXTS):
        sheet.write_string(row, 0, text)
        sheet.write_number(row, 1, row / 4)


def test_the_parts_are_those_that_a_sealed_file_has() -> None:
    stream, book = BytesIO(), SealedBook({})
    with Workbook(stream, {"in_memory": True}) as usual:
        usual.set_properties({"title": "标题<1>"})
        write(usual)
    book.set_properties({"title": "标题<1>"})
    write(book)
    assert inflated(book.sealed()) == inflated(seal(stream.getvalue()))


def test_a_part_deflated_once_serves_for_any_document() -> None:
    parts = {"b.xml": b"<b/>" * 5000, "[Content_Types].xml": b"<Types/>", "a/c.bin": b""}
    ready = {name: deflated(part) for name, part in parts.items()}
    assert zipped(ready) == packed(parts) == zipped(dict(reversed(ready.items())))
    assert inflated(zipped(ready)) == parts
