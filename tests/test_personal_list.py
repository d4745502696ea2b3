"""个人信息清单: made of what lies in the folder, on one page, with no name, number or address of anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dingji.outcome import Outcome
from dingji.reports.official.personal import TEMPLATE, personal_context
from dingji.reports.rendering import Renderer
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import give, hidden_headings
from tests.online import exported, workbook
from tests.paper_reading import pdf_pages, word_rows, word_text
from tests.papers import good, outcome_of
from tests.test_documents import convert

PHONE, MAIL = "13900001111", "zhibu@example.cn"


def paper(outcome: Outcome) -> bytes:
    view = OutcomeView(outcome)
    return Renderer().render_word(TEMPLATE, personal_context(outcome, give(view, hidden_headings(view))))


def lines(outcome: Outcome) -> dict[str, list[str]]:
    """Return what stands in the list's rows by what is held."""
    return {row[0]: row[1:] for row in word_rows(paper(outcome))[1:]}


def reachable() -> Outcome:
    """Return the case with a telephone and an address on the roster."""
    outcome = outcome_of(good())
    first = [True, *[False] * (len(outcome.branches) - 1)]
    told = {"phone": [PHONE if each else "" for each in first], "mail": [MAIL if each else "" for each in first]}
    return replace(outcome, branches=outcome.branches.assign(**told))


def with_keep(outcome: Outcome, keep: str) -> Outcome:
    publish = outcome.settings.publish.model_copy(update={"keep": keep})
    return replace(outcome, settings=outcome.settings.model_copy(update={"publish": publish}))


def test_columns_that_are_filled_in_are_listed_and_no_others() -> None:
    assert [name for name in lines(outcome_of(good())) if name.startswith("名册")] == [
        "名册：书记（5）、联系领导（5）",
        "名册：评委姓名（3）",
    ]
    assert "名册：书记（5）、联系领导（5）、联系电话（1）、邮箱（1）" in lines(reachable())
    assert "邮件草稿和发送清单：邮箱" in lines(reachable())


def test_forms_that_came_in_are_listed_with_their_places_for_names() -> None:
    found = lines(outcome_of(good()))
    assert found["自评表：填表人"] == ["5个文件", "input/自评表", "只限办公室"]
    assert found["评定表：评委、填表人"][:2] == ["3个文件", "input/评定表"]
    assert not any("更正表" in name for name in found)
    without = {name: raw for name, raw in good().items() if not name.startswith("自评表/")}
    assert not any("自评表" in name for name in lines(outcome_of(without)))


def test_what_a_platform_brought_along_is_listed() -> None:
    rest: Mapping[str, bytes] = {name: raw for name, raw in good().items() if not name.startswith("测评表/")}
    found = lines(outcome_of({**rest, "线上测评/导出.xlsx": workbook(exported())}))
    (name,) = (name for name in found if name.startswith("线上问卷"))
    assert "来自IP" in name
    assert "您的手机号" in name
    assert found[name][1] == "input/线上测评/导出.xlsx"


def test_an_unknown_file_is_to_be_looked_at() -> None:
    found = lines(outcome_of({**good(), "通讯录.xlsx": workbook([["张三", PHONE]])}))
    assert found["没有识别的文件：有没有个人信息，请打开看"][1] == "input/通讯录.xlsx"


def test_nobody_is_named() -> None:
    outcome = reachable()
    text = word_text(paper(outcome))
    private = {PHONE, MAIL, *outcome.raters["name"], *outcome.branches["secretary"]} - {""}
    assert len(private) > 5
    assert [one for one in private if one in text] == []


def test_until_when_is_the_settings_word_or_a_blank() -> None:
    assert "保存到：2028年12月31日；" in word_text(paper(with_keep(reachable(), "2028年12月31日")))
    assert "保存到：＿＿＿" in word_text(paper(reachable()))


@pytest.mark.office
def test_it_takes_one_page(tmp_path: Path, office_program: Path) -> None:
    source = tmp_path / "清单.docx"
    source.write_bytes(paper(reachable()))
    assert len(pdf_pages(convert(office_program, source, "pdf", tmp_path))) == 1
