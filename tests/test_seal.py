"""Sealing: two writings of one document become the same bytes, and its properties name nobody."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import openpyxl
import pytest
from docx import Document

from dingji.seal import CORE, EPOCH, FIXED_TIME, TYPES, inflated, seal


def workbook(title: str = "一览表", creator: str = "某人") -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "一支部"
    book.properties.title = title
    book.properties.creator = creator
    book.properties.lastModifiedBy = creator
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def document() -> bytes:
    paper = Document()
    paper.add_paragraph("公示")
    buffer = BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def repacked(raw: bytes) -> bytes:
    """Pack the same parts in another order, at another time, with another way of packing."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name, part in reversed(inflated(raw).items()):
            archive.writestr(name, part)
    return buffer.getvalue()


@pytest.mark.parametrize("raw", [workbook(), document()], ids=["xlsx", "docx"])
def test_same_parts_give_same_bytes_and_sealing_twice_changes_nothing(raw: bytes) -> None:
    sealed = seal(raw)
    assert repacked(raw) != raw
    assert seal(repacked(raw)) == sealed
    assert seal(sealed) == sealed


def test_order_time_and_marks_of_parts_are_fixed() -> None:
    with ZipFile(BytesIO(seal(workbook()))) as archive:
        infos = archive.infolist()
    assert [info.filename for info in infos[:2]] == [TYPES, "_rels/.rels"]
    assert [info.filename for info in infos[2:]] == sorted(info.filename for info in infos[2:])
    assert {info.date_time for info in infos} == {EPOCH}
    assert len({(info.create_system, info.external_attr, info.compress_type) for info in infos}) == 1


def test_core_properties_keep_the_title_and_no_person() -> None:
    sealed = seal(workbook(title="A&B <一览表>", creator="某人"))
    properties = openpyxl.load_workbook(BytesIO(sealed)).properties
    assert properties.title == "A&B <一览表>"
    assert "某人" not in inflated(sealed)[CORE].decode()
    assert inflated(sealed)[CORE].decode().count(FIXED_TIME) == 2


def test_content_survives() -> None:
    raw = workbook()
    before, after = inflated(raw), inflated(seal(raw))
    assert set(before) == set(after)
    assert {name for name in before if before[name] != after[name]} == {CORE}
    assert openpyxl.load_workbook(BytesIO(seal(raw))).worksheets[0]["A1"].value == "一支部"


def test_other_content_gives_other_bytes() -> None:
    assert seal(workbook(title="一览表")) != seal(workbook(title="汇总表"))


def test_a_folder_entry_is_no_part() -> None:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("word/", b"")
        archive.writestr("word/document.xml", b"<a/>")
    assert inflated(buffer.getvalue()) == {"word/document.xml": b"<a/>"}
