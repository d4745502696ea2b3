"""`sample`: seeded draws of branches, members and records, as the real program writes and prints them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dingji.forms.filling import Cells
from dingji.reports.run_record import RECORD, named
from dingji.reports.samples import SAMPLES
from dingji.settings import load_settings
from tests.case_books import Books, Unit
from tests.workspaces import command, make_workspace, scheme

UNITS = [
    Unit(f"B{number}", f"{number}支部", "甲总支" if number <= 4 else "乙总支", members=3 if number < 6 else 5)
    for number in range(1, 8)
]
LIST = "output/内部/抽查名单.xlsx"
DAY = date(2026, 3, 2)
RULE = "参加集中学习"


def workspace(folder: Path, samples: str, units: list[Unit] = UNITS) -> Path:
    """Make a workspace of a roster and five records, with these draws in its settings."""
    books = Books(scheme(), "2026 年初", DAY)
    rows: list[Cells] = [
        {**unit.identity, "日期": DAY, "规则": RULE, "数量": 6, "事由": f"检查{number}"}
        for number, unit in enumerate(units[:5], start=1)
    ]
    make_workspace(folder, {**books.roster(units, []), **books.records(rows)})
    config = (folder / "config.toml").read_text("utf-8")
    before, _, after = config.partition("[[samples]]")
    (folder / "config.toml").write_text(f"{before}{samples}\n[mail]{after.partition('[mail]')[2]}", "utf-8")
    return folder


def drawn(folder: Path, number: int = 1) -> list[dict[str, str]]:
    """Return the rows of a draw by heading."""
    rows = [[str(cell or "") for cell in row] for row in load_workbook(folder / LIST)[f"抽查{number}"].values]
    top = next(place for place, row in enumerate(rows) if row[0] == "序号")
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :] if row[0].isdigit()]


def draw(name: str = "一", **keys: str) -> str:
    lines = {"name": f'"{name}"', "count": "2", "seed": "7", **keys}
    return "\n".join(["[[samples]]", *(f"{key} = {value}" for key, value in lines.items()), ""])


def codes(rows: list[dict[str, str]]) -> list[str]:
    return [row["党组织编码"] for row in rows]


def test_the_same_seed_draws_the_same_and_prints_how(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = workspace(tmp_path / "a", draw()), workspace(tmp_path / "b", draw())
    assert (command(one, "sample"), command(other, "sample")) == (0, 0)
    said = capsys.readouterr().out
    assert "一：抽党组织，种子 7，抽2个，总体7个，抽到2个。" in said
    assert len(drawn(one)) == 2
    assert (one / LIST).read_bytes() == (other / LIST).read_bytes()
    assert any("种子 7" in str(cell) for row in load_workbook(one / LIST)["抽查1"].values for cell in row)
    lists = {tuple(codes(drawn(one)))}
    for seed in ("8", "9", "10"):
        assert command(workspace(one, draw(seed=seed)), "sample") == 0
        lists.add(tuple(codes(drawn(one))))
    assert len(lists) > 1


@pytest.mark.parametrize(
    ("within", "count", "expected"),
    [
        ('"上级党组织"', "1", {"甲总支": 1, "乙总支": 1}),
        ('"上级党组织"', '"50%"', {"甲总支": 2, "乙总支": 2}),
        ('"上级党组织"', '"1%"', {"甲总支": 1, "乙总支": 1}),
        ('"上级党组织"', "9", {"甲总支": 4, "乙总支": 3}),
    ],
)
def test_each_stratum_is_drawn_by_itself(tmp_path: Path, within: str, count: str, expected: dict[str, int]) -> None:
    """Half of three branches is two; all are drawn where there are fewer than asked for."""
    folder = workspace(tmp_path, draw(within=within, count=count))
    assert command(folder, "sample") == 0
    parents = [row["上级党组织"] for row in drawn(folder)]
    assert {parent: parents.count(parent) for parent in parents} == expected


def test_a_later_draw_leaves_out_what_was_drawn_before(tmp_path: Path) -> None:
    folder = workspace(tmp_path, draw(count="4") + draw("二", count="4", without='["一"]'))
    assert command(folder, "sample") == 0
    first, second = codes(drawn(folder)), codes(drawn(folder, 2))
    assert sorted(first + second) == [unit.code for unit in UNITS]
    book = load_workbook(folder / LIST)["抽查2"]
    texts = [str(cell) for row in book.values for cell in row if cell]
    assert "“一”抽到过的4个不再抽。" in "".join(texts)
    assert "不够抽的，全部抽到" in "".join(texts)


def test_members_are_drawn_by_their_number_and_who_has_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workspace(tmp_path, draw(of='"党员"', within='"党组织"', count="2"))
    assert command(folder, "sample") == 0
    rows = drawn(folder)
    assert {unit.code: codes(rows).count(unit.code) for unit in UNITS} == dict.fromkeys((u.code for u in UNITS), 2)
    assert all(1 <= int(row["党员名册第几名"]) <= 5 for row in rows)
    assert len({(row["党组织编码"], row["党员名册第几名"]) for row in rows}) == len(rows)
    book = load_workbook(folder / "input/2026 年初/党组织名册.xlsx")
    sheet = book["名册"]
    for row in sheet.iter_rows():
        if "B3" in [cell.value for cell in row]:
            next(cell for cell in row if cell.value == 3 and cell.column > 2).value = None
    book.save(folder / "input/2026 年初/党组织名册.xlsx")
    capsys.readouterr()
    assert command(folder, "sample") == 1
    assert "没有填党员人数，没有抽：3支部" in capsys.readouterr().out


def test_records_are_drawn_with_what_they_say_and_where_they_stand(tmp_path: Path) -> None:
    folder = workspace(tmp_path, draw(of='"平时记录"', count="3"))
    assert command(folder, "sample") == 0
    rows = drawn(folder)
    assert len(rows) == 3
    for row in rows:
        assert (row["规则"], row["日期"], row["数量"]) == (RULE, "2026-03-02", "6")
        assert row["事由"] == f"检查{row['党组织编码'][1:]}"
        assert "平时记录.xlsx ▸ 平时记录" in row["出处"]


def test_a_branch_more_moves_no_lot_but_for_itself(tmp_path: Path) -> None:
    before = workspace(tmp_path / "a", draw(count="3"))
    after = workspace(tmp_path / "b", draw(count="3"), [*UNITS, Unit("B9", "新支部")])
    assert (command(before, "sample"), command(after, "sample")) == (0, 0)
    assert set(codes(drawn(after))) - set(codes(drawn(before))) <= {"B9"}


def test_a_run_keeps_the_list_and_without_draws_nothing_is_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workspace(tmp_path, draw())
    assert command(folder, "sample") == 0
    assert command(folder, "run") == 1
    assert (folder / LIST).is_file()
    assert SAMPLES in named((folder / "output" / RECORD).read_bytes())
    assert command(workspace(tmp_path / "b", ""), "sample") == 2
    assert "设置的“抽查”里还没有写" in capsys.readouterr().out


def test_a_list_that_is_asked_for_no_more_is_tidied(tmp_path: Path) -> None:
    folder = workspace(tmp_path, draw())
    assert command(folder, "sample") == 0
    assert command(workspace(folder, ""), "run") == 1
    assert not (folder / LIST).exists()


def test_no_finding_on_the_list_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What somebody wrote on a list stays beside the next one, and where no draw is asked for any more."""
    folder = workspace(tmp_path, draw())
    assert command(folder, "sample") == 0
    book = load_workbook(folder / LIST)
    book["抽查1"]["H4"] = "党务公开栏三个月没有更新"
    book.save(folder / LIST)
    before = (folder / LIST).read_bytes()
    capsys.readouterr()
    assert command(workspace(folder, draw(seed="8")), "sample") == 0
    assert "抽查名单(手改).xlsx" in capsys.readouterr().out
    workspace(folder, "")
    assert [command(folder, "run") for _ in range(2)] == [1, 1]
    assert (folder / LIST).with_stem("抽查名单(手改)").read_bytes() == before
    assert not (folder / LIST).exists()


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (draw() + draw(), "空着或重复"),
        (draw(count="0"), "抽不出来"),
        (draw(count='"120%"'), "抽不出来"),
        (draw(count="1.5"), "不是整数"),
        (draw(without='["二"]'), "前面没有“二”这次抽查"),
        (draw() + draw("二", of='"党员"', without='["一"]'), "谈不上不再抽"),
        (draw(within='"党组织"'), "不能再按党组织分层"),
        (draw().replace("seed = 7\n", ""), "samples.0"),
    ],
)
def test_mistakes_are_told_where_they_stand(samples: str, words: str) -> None:
    text = f'[round]\nyear = 2026\nname = "年初"\n[standard]\ndefault = "five-good"\n{samples}'
    settings, findings = load_settings(text.encode())
    assert settings is None
    told = "\n".join(f"{'.'.join(map(str, finding.path))} {finding.text}" for finding in findings)
    assert words in told
    assert "samples" in told


def test_a_draw_may_be_typed_with_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the same draw of the settings; a number without a seed, or one that draws nothing, is refused."""
    settled, typed = workspace(tmp_path / "a", draw(count="3", seed="9")), workspace(tmp_path / "b", draw())
    assert (command(settled, "sample"), command(typed, "sample", "3", "--seed", "9")) == (0, 0)
    assert codes(drawn(typed)) == codes(drawn(settled))
    assert len(drawn(typed)) == 3
    capsys.readouterr()
    for wrong, words in (
        (["3"], "要一起写"),
        (["--seed", "9"], "要一起写"),
        (["三个", "--seed", "9"], "抽几个写成整数"),
        (["0", "--seed", "9"], "抽不出来"),
    ):
        assert command(typed, "sample", *wrong) == 2
        said = capsys.readouterr()
        assert words in said.out + said.err


def test_a_list_drawn_otherwise_after_the_roster_changed_says_which_lots_moved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workspace(tmp_path, draw(count="3"))
    assert command(folder, "sample") == 0
    before = drawn(folder)
    capsys.readouterr()
    assert command(folder, "sample") == 0
    assert "与上次写的不同" not in capsys.readouterr().out
    left = [unit for unit in UNITS if unit.code != before[0]["党组织编码"]]
    workspace(tmp_path, draw(count="3"), left)
    assert command(folder, "sample") == 0
    said = capsys.readouterr().out
    (new,) = set(codes(drawn(folder))) - set(codes(before))
    assert f"不再抽到 1 个（{before[0]['党组织编码']} {before[0]['党组织名称']}）" in said
    assert f"新抽到 1 个（{new} " in said


def test_branches_of_one_name_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alike = [Unit("B1", "一支部", "甲总支"), Unit("B2", "一支部", "乙总支")]
    assert command(workspace(tmp_path, draw(count="2"), alike), "sample") == 0
    assert "一支部（B1）、一支部（B2）" in capsys.readouterr().out
