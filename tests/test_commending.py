"""Commendation through real workbooks: candidates and places, lists as handed in, stars given, hung and taken down."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from dingji.forms.committee_forms import honour_form, nominee_form
from dingji.forms.filling import Cells
from dingji.scheme.load import load_scheme
from tests.case_books import Books, Files, Rater, Run, Setting, Unit
from tests.notices import DAY
from tests.paper_reading import word_text
from tests.small_standard import HEAD, ONE_MARK, standard
from tests.workspaces import command, make_workspace

TEXT = (
    ONE_MARK
    + """
[[quotas]]
flag = "先进推荐"
top = 3
among = "等次 in ('好', '较好')"
[[situations]]
name = "九十分以上"
when = "综合得分 >= 90"
flag = "五星条件"
[[honours]]
name = "先进党支部"
flag = "先进推荐"
places = 2
[[honours]]
name = "优秀共产党员"
by = "list"
flag = "先进推荐"
places = 2
margin = "20%"
[[honours]]
name = "五星党支部"
by = "stars"
flag = "五星条件"
[[honours]]
name = "党员示范岗"
by = "list"
"""
)
JUDGE: Rater = ("PW01", "评委一", "评定")
UNITS = [Unit(code, f"第{name}支部") for code, name in zip("ABCDE", "一二三四五", strict=True)]
MARKS = dict(zip(UNITS, ("84", "95", "91", "70", "82"), strict=True))
BOOKS = Books(standard(TEXT), "2026 年终", DAY)
INSIDE, PUBLIC = "内部/示范星级名单.docx", "公示/推荐对象公示.docx"


def run(folder: Path, files: Files, text: str = TEXT, raters: int = 1) -> Run:
    make_workspace(folder, BOOKS.roster(UNITS, [JUDGE]) | BOOKS.book(JUDGE, MARKS) | files)
    (folder / "schemes" / "small.toml").write_text(HEAD + text, encoding="utf-8")
    setting = Setting("small", 2026, "年终", ("2026-01-01", "2026-12-31"), raters=raters)
    (folder / "config.toml").write_text(setting.toml(), encoding="utf-8")
    return Run(folder, command(folder, "run"))


def nominated(rows: Sequence[tuple[str, str, str, str]]) -> Files:
    """Return 推荐名单: honour, branch, name, deeds."""
    named = {unit.code: unit.identity for unit in UNITS}
    lines: list[Cells] = [
        {"称号": honour, **named[code], "姓名（名称）": who, "事迹": told} for honour, code, who, told in rows
    ]
    return BOOKS.office(nominee_form(BOOKS.scheme, BOOKS.label), {"推荐名单": lines})


def register(rows: Sequence[Cells]) -> Files:
    """Return 星级登记."""
    return BOOKS.office(honour_form(BOOKS.scheme, "2025 年终"), {"星级登记": rows})


PEOPLE = [
    ("优秀共产党员", "B", "示例甲", "带头值守。"),
    ("优秀共产党员", "A", "示例乙", "服务群众"),
    ("优秀共产党员", "C", "示例丙", ""),
    ("党员示范岗", "D", "门诊导医台", "全年无投诉"),
]


def text_of(run_: Run, path: str) -> str:
    return word_text((run_.folder / "output" / path).read_bytes())


def test_candidates_by_rank_inside_and_by_name_outside(tmp_path: Path) -> None:
    """B 95, C 91 and A 84 for two places; in public they stand as the roster has them, without a figure."""
    done = run(tmp_path, nominated(PEOPLE))
    assert done.status == 0
    inside, public = text_of(done, INSIDE), text_of(done, PUBLIC)
    assert "一、先进党支部（候选3个，名额2个，差额1个）" in inside
    lines = ("1．第二支部，等次好，综合得分95.00，第1名。", "2．第三支部，等次好，综合得分91.00，第2名。")
    assert all(line in inside for line in (*lines, "3．第一支部，等次较好，综合得分84.00，第3名。"))
    assert "一、先进党支部（3个）\n第一支部、第二支部、第三支部。" in public
    assert not any(word in public for word in ("95", "91", "第1名", "综合得分", "等次好", "带头值守"))


def test_people_and_posts_are_printed_as_they_were_handed_in(tmp_path: Path) -> None:
    done = run(tmp_path, nominated(PEOPLE))
    inside, public = text_of(done, INSIDE), text_of(done, PUBLIC)
    assert "二、优秀共产党员（候选3个，名额2个，差额1个）" in inside
    assert "1．示例乙（第一支部）：服务群众。" in inside
    assert "2．示例甲（第二支部）：带头值守。" in inside
    assert "3．示例丙（第三支部）。" in inside
    assert "1．门诊导医台（第四支部）：全年无投诉。" in inside
    assert "示例乙（第一支部）、示例甲（第二支部）、示例丙（第三支部）。" in public
    assert "门诊导医台（第四支部）。" in public


REFUSED = [
    (("优秀共产党员", "D", "示例丁", ""), "这个党组织没有“先进推荐”的标注，不能推荐“优秀共产党员”"),
    (("优秀共产党员", "A", "示例 乙", ""), "推荐了两次，只算一次"),
    (("优秀共产党员", "A", "", "没有名字的事迹"), "没有写姓名（名称）"),
    (("优秀党员", "A", "示例戊", ""), "本轮没有“优秀党员”这个称号；是不是“优秀共产党员”"),
]


@pytest.mark.parametrize(("row", "why"), REFUSED)
def test_what_is_not_taken_is_named(tmp_path: Path, row: tuple[str, str, str, str], why: str) -> None:
    done = run(tmp_path, nominated([*PEOPLE, row]))
    line = done.sheet("问题清单", "编码")["E658"]
    assert (done.status, line["文件"]) == (1, "2026 年终/推荐名单.xlsx")
    assert why in line["问题"]
    assert "候选3个" in text_of(done, INSIDE)


def test_too_few_to_choose_from_is_said(tmp_path: Path) -> None:
    """Two places and a fifth more make three; two are there."""
    done = run(tmp_path, nominated(PEOPLE[:2]))
    line = done.sheet("问题清单", "编码")["W659"]
    assert done.status == 0
    assert "“优秀共产党员”名额 2 个，候选至少要 3 个，现在只有 2 个" in line["问题"]


def chosen(rows: Sequence[tuple[str, str, str, str, int | None]]) -> Files:
    """Return 推荐名单 as it comes back from the committee: honour, branch, name, its word and its order."""
    named = {unit.code: unit.identity for unit in UNITS}
    lines: list[Cells] = [
        {"称号": honour, **named[code], "姓名（名称）": who, "审定": word, **({"顺序": place} if place else {})}
        for honour, code, who, word, place in rows
    ]
    (raw,) = BOOKS.office(nominee_form(BOOKS.scheme, BOOKS.label), {"推荐名单": lines}).values()
    return {"审定后的推荐名单.xlsx": raw}


def candidates(done: Run) -> list[dict[str, Any]]:
    """Return the rows that the committee is given, by heading."""
    lines = list(load_workbook(done.folder / "output/上会/推荐名单.xlsx")["推荐名单"].iter_rows(values_only=True))
    head = next(place for place, line in enumerate(lines) if line[0] == "称号")
    return [dict(zip(map(str, lines[head]), line, strict=True)) for line in lines[head + 1 :] if line[1]]


CHOICE: list[tuple[str, str, str, str, int | None]] = [
    ("先进党支部", "C", "", "入选", 1),
    ("先进党支部", "B", "", "入选", 2),
    ("先进党支部", "A", "", "不入选", None),
    ("优秀共产党员", "A", "示例乙", "入选", None),
    ("优秀共产党员", "C", "示例丙", "入选", None),
]


def test_the_committee_is_given_every_candidate_and_its_choice_is_the_final_list(tmp_path: Path) -> None:
    """Beside the lists as branches handed them in: nobody is named twice by that, and the choice outlasts a run."""
    done = run(tmp_path, nominated(PEOPLE))
    assert [row["事迹"] for row in candidates(done) if row["姓名（名称）"] == "示例甲"] == ["带头值守。"]
    asked = [(row["称号"], row["党组织编码"], row["审定"]) for row in candidates(done)]
    assert asked[:3] == [("先进党支部", code, None) for code in "BCA"]
    done = run(tmp_path, nominated(PEOPLE) | chosen(CHOICE))
    assert done.status == 0
    inside, public = text_of(done, INSIDE), text_of(done, PUBLIC)
    assert "一、先进党支部（候选3个，名额2个，入选2个）" in inside
    assert "1．第三支部，等次好，综合得分91.00，第2名，入选。" in inside
    assert "3．第一支部，等次较好，综合得分84.00，第3名。" in inside
    assert "一、先进党支部（2个）\n第三支部、第二支部。" in public
    assert "二、优秀共产党员（2个）\n示例乙（第一支部）、示例丙（第三支部）。" in public
    back = {row["党组织编码"]: row for row in candidates(done) if row["称号"] == "先进党支部"}
    assert [(back[code]["审定"], back[code]["顺序"]) for code in "CBA"] == [("入选", 1), ("入选", 2), ("不入选", None)]
    again = (done.folder / "output/上会/推荐名单.xlsx").read_bytes()
    (done.folder / "input/审定后的推荐名单.xlsx").write_bytes(again)
    assert command(done.folder, "run") == 0
    assert (text_of(done, INSIDE), text_of(done, PUBLIC)) == (inside, public)


WRONG: list[tuple[str, list[tuple[str, str, str, str, int | None]], int, str]] = [
    ("E658", [("先进党支部", "E", "", "入选", None)], 1, "这个党组织没有“先进推荐”的标注"),
    ("E658", [("先进党支部", "A", "示例乙", "入选", None)], 1, "评的是党组织，不写姓名"),
    ("E682", [("先进党支部", code, "", "入选", None) for code in "ABC"], 1, "名额 2 个，审定入选 3 个"),
    ("W683", [("先进党支部", "A", "", "入选", None)], 0, "名额 2 个，审定入选 1 个"),
    ("W684", [("先进党支部", code, "", "入选", 1) for code in "AB"], 0, "1 写了不止一个"),
]


@pytest.mark.parametrize(("code", "rows", "status", "words"), WRONG)
def test_a_choice_is_held_against_places_and_eligibility(
    tmp_path: Path, code: str, rows: list[tuple[str, str, str, str, int | None]], status: int, words: str
) -> None:
    done = run(tmp_path, nominated(PEOPLE) | chosen(rows))
    assert words in done.sheet("问题清单", "编码")[code]["问题"]
    assert done.status == status


def test_two_words_on_one_candidate_are_none(tmp_path: Path) -> None:
    (other,) = chosen([("先进党支部", "C", "", "不入选", None)]).values()
    done = run(tmp_path, nominated(PEOPLE) | chosen(CHOICE) | {"另一份.xlsx": other})
    assert done.status == 1
    assert "E681" in done.sheet("问题清单", "编码")
    assert "名额2个，入选1个" in text_of(done, INSIDE)


def test_nobody_is_wanting_before_anything_is_graded(tmp_path: Path) -> None:
    """At the start of a round no list has come and no grade is known: the roll-call says that, not 差额."""
    make_workspace(tmp_path, BOOKS.roster(UNITS, [JUDGE]))
    (tmp_path / "schemes" / "small.toml").write_text(HEAD + TEXT, encoding="utf-8")
    setting = Setting("small", 2026, "年终", ("2026-01-01", "2026-12-31"), raters=1)
    (tmp_path / "config.toml").write_text(setting.toml(), encoding="utf-8")
    done = Run(tmp_path, command(tmp_path, "run"))
    assert done.status == 1
    assert "W659" not in done.sheet("问题清单", "编码")


STARS: list[Cells] = [
    {**UNITS[1].identity, "星级": "五星党支部", "授予日期": "2025-07-01", "挂牌日期": "2025-07-10"},
    {**UNITS[0].identity, "星级": "五星党支部", "授予日期": "2025-07-01", "挂牌日期": "2025-07-10"},
    {**UNITS[4].identity, "星级": "五星党支部", "授予日期": "2024-07-01", "摘牌日期": "2025-12-30", "事由": "退星"},
    {**UNITS[3].identity, "对象类型": "岗位", "对象名称": "收费窗口", "星级": "党员示范岗", "授予日期": "2025-07-01"},
]


def test_stars_are_given_kept_and_taken_down(tmp_path: Path) -> None:
    """A fell to 84, B keeps its star, C earned one, E's is down; the register is last year's form."""
    done = run(tmp_path, register(STARS) | nominated(PEOPLE))
    inside, public = text_of(done, INSIDE), text_of(done, PUBLIC)
    assert done.status == 0
    assert "三、五星党支部（本轮达到2个，在挂2个）" in inside
    for line in (
        "1．第二支部，2025年7月1日授予，2025年7月10日挂牌，仍达到，保持。",
        "2．第一支部，2025年7月1日授予，2025年7月10日挂牌，没有达到，建议摘牌。",
        "3．第五支部，2024年7月1日授予，2025年12月30日摘牌，退星。",
        "4．第三支部，建议授予。",
        "2．收费窗口（岗位，第四支部），2025年7月1日授予，由办公室掌握。",
    ):
        assert line in inside
    assert "三、五星党支部（2个）\n第二支部、第三支部。" in public
    assert "第五支部" not in public


def test_a_star_is_told_once_and_its_days_follow_each_other(tmp_path: Path) -> None:
    """B's star stands on two lists; E's was taken down before it was given; A's came down and was given again."""
    odd: list[Cells] = [
        STARS[0],
        {**STARS[2], "授予日期": "2025-07-01", "摘牌日期": "2024-12-30"},
        {**STARS[1], "挂牌日期": "2025-07-01", "摘牌日期": "2025-07-02"},
        STARS[1],
    ]
    (again,) = register([{**STARS[0], "事由": "再报"}]).values()
    done = run(tmp_path, register(odd) | {"再报.xlsx": again})
    told = [line["问题"] for line in done.sheet("问题清单", "问题").values() if line["编码"] == "W665"]
    assert sorted(words.partition("，")[0] for words in told) == ["同一个星级登记了两次", "摘牌日期在授予日期以前"]
    assert "五星党支部（本轮达到2个，在挂2个）" in text_of(done, INSIDE)


def test_a_list_that_would_tell_a_withheld_figure_is_not_shown(tmp_path: Path) -> None:
    """One rater is fewer than three: who is among the first would tell the ranks; posts rest on no figure.

    A star goes with the composite, which the superior is told.
    """
    done = run(tmp_path, nominated(PEOPLE), raters=3)
    inside, public = text_of(done, INSIDE), text_of(done, PUBLIC)
    assert inside.count("公示时没有列出") == 2
    assert not any(word in public for word in ("先进党支部", "优秀共产党员", "示例甲"))
    assert "门诊导医台（第四支部）。" in public


def test_a_round_without_honours_has_no_paper(tmp_path: Path) -> None:
    text = TEXT.replace('name = "示例"', "").replace("[[honours]]\n", '[[honours]]\nrounds = "年中"\n')
    done = run(tmp_path, {}, 'rounds = ["年中", "年终"]\n' + text)
    assert done.status == 0
    assert not any((done.folder / "output" / path).exists() for path in (INSIDE, PUBLIC))


MISTAKES = [
    (
        'flag = "先进推荐"\nplaces = 2\n[[hon',
        'flag = "先进"\nplaces = 2\n[[hon',
        "没有名额或情形给“先进”这个标注；是不是“先进推荐”",
    ),
    ('name = "党员示范岗"', 'name = "先进党支部"', "“先进党支部”写了两次"),
    ('by = "stars"\nflag = "五星条件"', 'by = "stars"', "“五星党支部”没有写 flag，不知道哪些党组织是候选"),
    ('places = 2\nmargin = "20%"', 'margin = "20%"', "margin 是比名额多几成，要与 places（名额）同写"),
    ('name = "党员示范岗"', 'name = "党员示范岗"\nrounds = "年中"', "没有“年中”这一轮"),
]


@pytest.mark.parametrize(("right", "wrong", "words"), MISTAKES)
def test_mistakes_in_a_standard(right: str, wrong: str, words: str) -> None:
    assert right in TEXT
    _, found = load_scheme((HEAD + TEXT.replace(right, wrong)).encode())
    assert any(words in finding.words for finding in found)
