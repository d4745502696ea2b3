"""Exports of online questionnaires, as the platforms write them, and an officer who confirms 问卷对照表."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from tests.five_good_case import BRANCHES, INDICATORS, QUESTION, Branch, survey_filling
from tests.papers import book_of

Rows = Sequence[Sequence[object]]
MAPPING = "output/内部/问卷对照表.xlsx"
SECRETS = ("203.0.113.7", "某某昵称", "2026/3/3 09:41:27", "73秒", "13900001111", "链接分享")
"""What a platform knows of a respondent: address, nickname, time, duration, telephone, where the link came from."""
BEFORE = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")
AFTER = ("8、您的手机号", "微信昵称", "总分")
WHERE = "1、您所在的党支部（单选题）"
ASKED = (
    WHERE,
    *(f"{place}、请评价—{name}" for place, name in enumerate(INDICATORS, start=3)),
    "Q7：您对党支部工作的总体评价是（单选题）",
)
HEADINGS = (*BEFORE, *ASKED, *AFTER)


def ballots_of(branch: Branch) -> list[list[Any]]:
    """Return the answers that the typed form of a branch has, a row a respondent."""
    rows = survey_filling(branch).rows["测评票"]
    return [[*(float(row[name]) for name in INDICATORS), row[QUESTION]] for row in rows]  # type: ignore[arg-type]


def respondent(number: int, answers: Sequence[object]) -> list[object]:
    """Return an exported row around the answers."""
    address, nickname, time, duration, phone, shared = SECRETS
    return [number, time, duration, shared, shared, f"{address}(示例省)", *answers, phone, nickname, 60]


def exported(
    branches: Sequence[Branch] = BRANCHES,
    where: Callable[[Branch], str] = lambda branch: branch.name,
    said: Mapping[str, object] | None = None,
) -> list[list[object]]:
    """Return an export's rows: headings, then everybody's answers; `said` words options otherwise."""
    words = said or {}
    rows = [
        [where(branch), *marks, words.get(answer, answer)]
        for branch in branches
        for *marks, answer in ballots_of(branch)
    ]
    return [list(HEADINGS), *(respondent(number, row) for number, row in enumerate(rows, start=1))]


def without(rows: Rows, heading: str) -> list[list[object]]:
    """Return rows without one column."""
    place = list(rows[0]).index(heading)
    return [[*row[:place], *row[place + 1 :]] for row in rows]


def workbook(rows: Rows) -> bytes:
    return book_of(*rows)


def csv_text(rows: Rows) -> bytes:
    return "\r\n".join(",".join(str(cell) for cell in row) for row in rows).encode("gb18030")


# --- secrecy ------------------------------------------------------------------------------------------


def texts(folder: Path) -> list[str]:
    """Return every output, zipped parts unzipped."""
    found = []
    for path in sorted(folder.rglob("*")):
        raw = path.read_bytes() if path.is_file() else b""
        if zipfile.is_zipfile(io.BytesIO(raw)):
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                found += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        else:
            found.append(raw.decode("utf-8", "replace"))
    return found


def assert_secret(found: Sequence[str]) -> None:
    """Fail where anything that a platform knows of a respondent stands in these texts."""
    assert len("".join(found)) > 1000
    assert [secret for secret in SECRETS for text in found if secret in text] == []


# --- the officer ------------------------------------------------------------------------------------------


def lines(folder: Path, sheet: str = "问卷对照表") -> list[dict[str, Any]]:
    """Return the lines of a sheet of the proposal by heading."""
    page = openpyxl.load_workbook(folder / MAPPING)[sheet]
    rows: list[list[Any]] = [list(row) for row in page.iter_rows(values_only=True)]
    top = next(place for place, row in enumerate(rows) if row[0] == "问卷")
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :] if row[0]]


def confirm(folder: Path, changed: Mapping[str, str] | None = None, sheets: Sequence[str] = ("问卷对照表",)) -> None:
    """Confirm every line of the proposal (what is `changed` by its text first) and put it into input/."""
    book = openpyxl.load_workbook(folder / MAPPING)
    for name in sheets:
        _confirm_sheet(book[name], changed or {})
    buffer = io.BytesIO()
    book.save(buffer)
    (folder / "input" / "问卷对照表.xlsx").write_bytes(buffer.getvalue())


ANSWER = {
    "问卷对照表": (("问卷列标题",), "识别为"),
    "选项对照": (("问卷选项",), "标准选项"),
    "党组织对照": (("问卷中的写法", "文件"), "党组织"),
}
"""By sheet: what a line is about, and where the officer says what that is."""


def _confirm_sheet(page: Any, changed: Mapping[str, str]) -> None:  # noqa: ANN401 - openpyxl's sheets have many types
    texts, said = ANSWER[page.title]
    top = next(row for row in range(1, 12) if page.cell(row, 1).value == "问卷")
    places = {page.cell(top, column).value: column for column in range(1, page.max_column + 1)}
    for row in range(top + 1, page.max_row + 1):
        if not page.cell(row, 1).value:
            continue
        for key in (str(page.cell(row, places[text]).value) for text in texts):
            if key in changed:
                page.cell(row, places[said]).value = changed[key] or None
        if page.cell(row, places[said]).value:
            page.cell(row, places["确认"]).value = "是"
