"""Renamed, merged, dissolved and new branches: whose earlier result counts is on the roster, told and never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dingji.forms.filling import Cells
from dingji.forms.office_forms import result_form, roster_form
from tests.case_books import Books, Rater, Run, Unit
from tests.small_standard import COMMITTEE, GRADES, HEAD, indicator, standard
from tests.workspaces import command, decide

RATER: Rater = ("PW1", "评委一", "评定")
CONFIG = '[round]\nyear = 2026\nname = "年终"\n{}\n[office]\nname = "示范单位党委"\n\n[standard]\ndefault = "small"\n'
HEADINGS = ("党组织编码", "党组织名称", "状态", "并入编码", "承继", "曾用名")
TEXT = (
    'rounds = ["年终"]\n' + GRADES + COMMITTEE + indicator("班子", 100)
    + '[[targets]]\nname = "晋位率"\nout_of = "一般"\nto = ["好", "较好"]\nat_least = "50%"\n'
)  # fmt: skip
MORE_THAN_BEFORE = '[[situations]]\nname = "有进步"\nwhen = "综合得分 > 上期得分"\nflag = "进步"\n'
BEFORE: Sequence[Sequence[str]] = (
    ("A1", "一支部", "一般", "70"),
    ("A2", "二支部", "好", "95"),
    ("A3", "三支部", "较好", "85"),
)
"""What 2025 年终 told."""


def rows(drawn: str) -> list[Cells]:
    """Return a roster's rows from a drawn table; `-` is a blank."""
    lines = [line.split() for line in drawn.strip().splitlines()]
    return [
        {name: "" if cell == "-" else cell for name, cell in zip_longest(HEADINGS, line, fillvalue="")}
        for line in lines
    ]


def run(folder: Path, roster: str, *, before: Sequence[Sequence[str]] = BEFORE, config: str = "") -> Run:
    """Grade the branches of a roster, each with 88, after the round before."""
    scheme = standard(TEXT)
    now, last = Books(scheme, "2026 年终", date(2026, 12, 1)), Books(scheme, "2025 年终", date(2025, 12, 1))
    (folder / "schemes").mkdir(parents=True)
    (folder / "schemes/small.toml").write_text(HEAD + TEXT, "utf-8")
    (folder / "config.toml").write_text(CONFIG.format(config), "utf-8")
    told = [dict(zip(("党组织编码", "党组织名称", "审定等次", "综合得分"), row, strict=True)) for row in before]
    listed = rows(roster)
    active = {
        Unit(str(row["党组织编码"]), str(row["党组织名称"])): "88" for row in listed if row["状态"] in ("", "正常")
    }
    people: list[Cells] = [dict(zip(("评委编号", "评委", "来源"), RATER, strict=True))]
    files = {
        **now.office(roster_form(scheme, now.label), {"名册": listed, "评委": people}),
        **last.office(result_form(scheme, last.label), {"一览表": told}),
        **now.book(RATER, active),
    }
    for name, raw in files.items():
        path = folder / "input" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return Run(folder, command(folder, "run"))


def told(run_: Run) -> dict[str, tuple[str, str]]:
    return {code: (row["上期等次"], row["晋位情况"]) for code, row in run_.overview.items()}


@pytest.mark.parametrize(
    ("roster", "expected", "asked"),
    [
        pytest.param(
            "A1 新一支部 - - - 一支部\nA2 二支部\nA3 三支部",
            {"A1": ("一般", "晋位"), "A2": ("好", "退位"), "A3": ("较好", "保持")}, "", id="renamed",
        ),
        pytest.param(
            "B1 一支部 - - A1\nA2 二支部\nA3 三支部",
            {"B1": ("一般", "晋位"), "A2": ("好", "退位"), "A3": ("较好", "保持")}, "", id="another code",
        ),
        pytest.param(
            "A1 一支部 撤销\nA2 二支部\nA3 三支部\nA4 四支部",
            {"A2": ("好", "退位"), "A3": ("较好", "保持"), "A4": ("—", "—")}, "", id="dissolved and new",
        ),
        pytest.param(
            "A1 一支部 合并 C1 承继\nA2 二支部 合并 C1 不承继\nA3 三支部\nC1 联合支部",
            {"A3": ("较好", "保持"), "C1": ("一般", "晋位")}, "", id="merged, one carried on",
        ),
        pytest.param(
            "A1 一支部 合并 C1\nA2 二支部 合并 C1\nA3 三支部\nC1 联合支部 - - A2",
            {"A3": ("较好", "保持"), "C1": ("好", "退位")}, "", id="named by who goes on",
        ),
        pytest.param(
            "A1 一支部 合并 C1\nA2 二支部 合并 C1\nA3 三支部\nC1 联合支部 - - 不承继",
            {"A3": ("较好", "保持"), "C1": ("—", "—")}, "", id="none carried on",
        ),
        pytest.param(
            "A1 一支部 合并 C1\nA2 二支部 合并 C1\nA3 三支部\nC1 联合支部",
            {"A3": ("较好", "保持"), "C1": ("—", "—")},
            "联合支部，2025 年终的结果，一支部（A1）、二支部（A2）并入以后，上期结果承继不承继", id="merged, not said",
        ),
        pytest.param(
            "A1 一支部 合并 A3\nA2 二支部\nA3 三支部",
            {"A2": ("好", "退位"), "A3": ("—", "—")}, "一支部（A1）并入以后，上期结果承继不承继", id="into an old one",
        ),
        pytest.param(
            "A1 一支部 合并 A3 不承继\nA2 二支部\nA3 三支部",
            {"A2": ("好", "退位"), "A3": ("较好", "保持")}, "", id="into an old one, not carried on",
        ),
        pytest.param(
            "A1 一支部 合并 A3\nA2 二支部\nA3 三支部 - - 不承继",
            {"A2": ("好", "退位"), "A3": ("较好", "保持")}, "", id="an old one goes on with its own",
        ),
        pytest.param(
            "A1 一支部 合并 A3 承继\nA2 二支部\nA3 三支部",
            {"A2": ("好", "退位"), "A3": ("—", "—")}, "一支部（A1）、三支部（A3）都有结果", id="two of them",
        ),
        pytest.param(
            "A1 一支部 合并 A3 承继\nA2 二支部\nA3 三支部 - - A3",
            {"A2": ("好", "退位"), "A3": ("较好", "保持")}, "", id="two of them, one named",
        ),
        pytest.param(
            "A1 一支部 合并 A9 承继\nA2 二支部\nA3 三支部",
            {"A2": ("好", "退位"), "A3": ("较好", "保持")}, "名册中没有“A9”", id="into nobody",
        ),
        pytest.param(
            "A1 一支部 合并 A1 承继\nA2 二支部\nA3 三支部",
            {"A2": ("好", "退位"), "A3": ("较好", "保持")}, "一支部，“并入编码”写的是它自己", id="into itself",
        ),
        pytest.param(
            "A1 一支部 撤销 - 承继\nA2 二支部\nA3 三支部",
            {"A2": ("好", "退位"), "A3": ("较好", "保持")}, "没有写并入哪个党组织", id="carried on by nobody",
        ),
        pytest.param(
            "A1 一支部\nA2 二支部\nA3 三支部 - - A2",
            {"A1": ("一般", "晋位"), "A2": ("好", "退位"), "A3": ("—", "—")}, "二支部（A2）还在名册上",
            id="one that is still there",
        ),
        pytest.param(
            "A1 一支部\nA2 二支部 - - A2\nA3 三支部 - - A2",
            {"A1": ("一般", "晋位"), "A2": ("好", "退位"), "A3": ("好", "退位")}, "", id="in both places on purpose",
        ),
        pytest.param(
            "A1 一支部\nA2 二支部 - - A3\nA3 三支部 - - A2",
            {"A1": ("一般", "晋位"), "A2": ("—", "—"), "A3": ("—", "—")}, "三支部（A3）还在名册上", id="each the other",
        ),
        pytest.param(
            "A1 一支部 撤销\nA2 二支部 - - A1\nA3 三支部 - - A1",
            {"A2": ("—", "—"), "A3": ("—", "—")}, "一支部（A1）的结果有2个党组织写了承继", id="one, by two",
        ),
        pytest.param(
            "A1 一支部 合并 A2 承继\nA2 二支部 合并 A1 承继\nA3 三支部",
            {"A3": ("较好", "保持")}, "一支部、二支部的“并入编码”转了一圈", id="round in a circle",
        ),
        pytest.param(
            "A1 一支部 合并 A2 不承继\nA2 二支部 合并 C1 承继\nA3 三支部\nC1 联合支部",
            {"A3": ("较好", "保持"), "C1": ("好", "退位")}, "", id="by one after another",
        ),
        pytest.param(
            "A1 一支部 - A3 不承继\nA2 二支部\nA3 三支部",
            {"A1": ("一般", "晋位"), "A2": ("好", "退位"), "A3": ("较好", "保持")}, "“状态”没有写合并或撤销",
            id="gone and still there",
        ),
    ],
)  # fmt: skip
def test_whose_result_counts(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    roster: str,
    expected: Mapping[str, tuple[str, str]],
    asked: str,
) -> None:
    done = run(tmp_path / "w", roster)
    out = capsys.readouterr().out
    assert told(done) == expected
    assert (asked in out, done.status) == (True, 1 if asked else 0)


def test_what_is_carried_on_is_noted_and_counts_once(tmp_path: Path) -> None:
    """Of those that were 一般 one goes on as another: 1 of 1, not of 2."""
    done = run(tmp_path / "w", "A1 一支部 合并 C1 承继\nA2 二支部\nA3 三支部\nC1 联合支部")
    assert done.overview["C1"]["备注"] == "上期结果承继自一支部"
    assert "晋位率1÷1＝100.00%；目标不低于50%，已达到" in (done.folder / "output/上报/汇总表.html").read_text("utf-8")
    sheet = load_workbook(done.folder / "output/内部/分类定级结果.xlsx")["晋位对比"]
    rows = [row[:7] for row in sheet.iter_rows(values_only=True)]
    top = next(place for place, row in enumerate(rows) if row[1] == "上期个数")
    assert rows[top + 1 : top + 5] == [
        ("好", 1, "—", 0, 1, 0, "—"),
        ("较好", 1, 0, 1, 0, 0, 0),
        ("一般", 1, 1, 0, 0, 0, 1),
        ("差", 0, 0, 0, 0, 0, "—"),
    ]


def test_a_code_that_is_gone_without_a_word_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(tmp_path / "w", "B1 一支部\nA2 二支部\nA3 三支部")
    assert done.status == 1
    assert "E301" in capsys.readouterr().out


# --- another full mark -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "flagged", "status"),
    [("", "", 1), ("照旧", "进步", 0), ("按比例", "", 0), ("重置", "", 1)],
)
def test_another_full_mark_is_asked_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], choice: str, flagged: str, status: int
) -> None:
    """85 of 100 was more than 96 of 120 is; as figures 96 is more."""
    old = run(tmp_path / "old", "A1 一支部", before=())
    assert old.status == 0
    decide(old.folder)
    assert command(old.folder, "archive", "2026年终") == 0
    new = tmp_path / "new"
    assert command(old.folder, "init", str(new), "--from", str(old.folder)) == 0
    wider = TEXT.replace('rounds = ["年终"]', 'full = 120\nrounds = ["年终"]').replace("full = 100", "full = 120")
    wider += MORE_THAN_BEFORE
    (new / "schemes/small.toml").write_text(HEAD + wider, "utf-8")
    config = (new / "config.toml").read_text("utf-8")
    (new / "config.toml").write_text(
        config.replace('name = "年终"', f'name = "年终"\nother_full = "{choice}"'), "utf-8"
    )
    files = Books(standard(wider), "2027 年终", date(2027, 12, 1)).book(RATER, {Unit("A1", "一支部"): "96"})
    for name, raw in files.items():
        (new / "input" / name).parent.mkdir(parents=True, exist_ok=True)
        (new / "input" / name).write_bytes(raw)
    capsys.readouterr()
    assert command(new, "run") == status
    assert ("E624" in capsys.readouterr().out) == (not choice)
    assert (Run(new, status).overview["A1"]["备注"] or "") == flagged
