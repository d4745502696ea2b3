"""运行.bat's menu, and files dropped on it: what the program behind it does and says comes next."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dingji.forms.small_form import small_form
from dingji.forms.write import write_form
from dingji.next_step import COMMANDS, RULES, Seen, next_command, next_line
from dingji.prepare import prepare
from dingji.workspace import Workspace
from tests.five_good_case import ROUND, small_book, small_filling
from tests.papers import good
from tests.workspaces import command, decide, make_workspace, scheme

Said = Callable[[], str]
BOOK = "汇总录入.xlsx"


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    def read() -> str:
        found = capsys.readouterr()
        return found.out + found.err

    return read


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Type lines, as at a console."""

    def type_(*lines: str) -> None:
        console = io.StringIO("".join(f"{line}\n" for line in lines))
        console.isatty = lambda: True  # type: ignore[method-assign]
        monkeypatch.setattr("sys.stdin", console)

    return type_


# --- the menu ---------------------------------------------------------------------------------------------


def test_every_number_of_the_menu_runs(tmp_path: Path, said: Said, typing: Callable[..., None]) -> None:
    folder = make_workspace(tmp_path / "w", good())
    typing("1", "4", "三支部", "7", "1", "9", "x", "0")
    assert command(folder, "menu") == 0
    text = said()
    for name in (
        "1 查收情况",
        "2 测算定级",
        "5 定稿",
        "6 核对定稿",
        "7 设置",
        "8 发邮件",
        "9 打开结果文件夹",
        "0 退出",
    ):
        assert name in text
    assert "校验报告已放在" in text
    assert "三支部" in text
    assert (folder / "设置.xlsx").is_file()
    assert f"在这里：{folder / 'output'}" in text
    assert "请输入菜单上的一个数字" in text


def test_the_menu_ends_where_nobody_types(tmp_path: Path, typing: Callable[..., None]) -> None:
    folder = make_workspace(tmp_path / "w", {})
    typing()
    assert command(folder, "menu") == 0


def test_a_command_that_cannot_run_does_not_end_the_menu(
    tmp_path: Path, said: Said, typing: Callable[..., None]
) -> None:
    folder = make_workspace(tmp_path / "w", good())
    (folder / "config.toml").write_text("[round]\n", "utf-8")
    typing("1", "0")
    assert command(folder, "menu") == 0
    assert "接下来：设置或标准有错，选“查收情况”看是哪里" in said()


def test_what_comes_next_follows_the_folders(tmp_path: Path) -> None:
    """A round from the empty folder to its end, each step by the real command."""
    folder = make_workspace(tmp_path, {})
    where = Workspace(folder)
    assert "填好党组织名册" in next_line(where)
    make_workspace(folder, {"党组织名册.xlsx": good()["党组织名册.xlsx"]})
    assert "选“生成表格”，发下去" in next_line(where)
    command(folder, "forms")
    assert "把收到的表放进 input" in next_line(where)
    make_workspace(folder, good())
    assert command(folder, "run") == 0
    assert "审定表.xlsx 带到会上" in next_line(where)
    decide(folder)
    assert "上次测算以后 input 有变动" in next_line(where)
    assert command(folder, "run") == 0
    assert "上报前自查.html" in next_line(where)
    assert command(folder, "archive", "2026年初") == 0
    assert "这一轮已经定稿：发反馈和整改台账" in next_line(where)
    assert "python process.py init 新文件夹 --from 这个文件夹" in next_line(where)
    (folder / "input/审定表.xlsx").unlink()
    assert "上次测算以后 input 有变动" in next_line(where)


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (Seen(files=3, ran=True, returned=True, open=True), "output/内部/退回 里的表要改"),
        (Seen(files=3, ran=True, open=True), "还有事要人处理"),
        (Seen(files=3, ran=True, meeting=False), "选“定稿”"),
        (Seen(files=3, ran=True, changed=True, archived=True), "input 有变动"),
    ],
)
def test_rules_of_what_comes_next(seen: Seen, words: str) -> None:
    assert words in next(told for holds, told in RULES if holds(seen))


def test_no_word_runs_into_a_command_that_takes_the_place_of_what_is_offered() -> None:
    offered = re.compile(rf"选“(?:{'|'.join(COMMANDS)})”\w")
    assert [words for _, words in RULES if offered.search(words)] == []


def test_a_workspace_that_was_named_is_named_in_the_next_command(tmp_path: Path) -> None:
    workspace = Workspace(make_workspace(tmp_path / "党办 资料", {}))
    settings = prepare(workspace).settings
    assert next_command(workspace, settings).endswith("运行 python process.py forms")
    named = next_command(workspace, settings, named=True)
    assert named.endswith(f'运行 python process.py --workspace "{workspace.root}" forms')


# --- files dropped on it ----------------------------------------------------------------------------------


def office_book(settings: Mapping[str, str]) -> bytes:
    """Return the worked case in one book, with some rows of its page 设置 filled in."""
    filling = small_filling(mended=True, decided=False)
    printed = {**filling.printed, "设置": {row: {"值": value} for row, value in settings.items()}}
    return write_form(small_form(scheme(), ROUND), replace(filling, printed=printed))


def outside(tmp_path: Path, raw: bytes, name: str = BOOK) -> Path:
    target = tmp_path / "桌面" / name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(raw)
    return target


def test_one_book_dropped_is_enough_for_a_run(tmp_path: Path, said: Said, typing: Callable[..., None]) -> None:
    """It is said first what will be done; the original stays; what it says of the settings holds."""
    folder = make_workspace(tmp_path / "w", {})
    raw = office_book({"填报单位.填报单位": "某某医院党委", "轮次.最后一天": "2026.6.20", "公文.受理部门": "组织科"})
    book = outside(tmp_path, raw)
    typing("是")
    assert command(folder, "take", str(book)) == 0
    text = said()
    assert f"放进 input（复制一份，原件不动）：{book}" in text
    assert "改设置：填报单位 示范医院党委 → 某某医院党委" in text
    assert "改设置：最后一天 2026-06-30 → 2026-06-20" in text
    assert "改设置：受理部门 （空着） → 组织科" in text
    assert "共5个党组织，5个已测算" in text
    assert book.read_bytes() == (folder / "input" / BOOK).read_bytes() == raw
    settings = prepare(Workspace(folder)).settings
    assert (settings.office.name, settings.round.ends, settings.publish.department) == (
        "某某医院党委", "2026-06-20", "组织科"
    )  # fmt: skip
    assert settings.calendar[0].due == "2026-03-20"
    assert (folder / "config.上一份.toml").is_file()


@pytest.mark.parametrize("answer", ["否", "", "不"])
def test_nothing_is_done_unless_it_is_agreed_to(
    tmp_path: Path, answer: str, said: Said, typing: Callable[..., None]
) -> None:
    folder = make_workspace(tmp_path / "w", {})
    config = (folder / "config.toml").read_bytes()
    typing(answer)
    assert command(folder, "take", str(outside(tmp_path, office_book({"填报单位.填报单位": "另一个"})))) == 2
    assert "没有放入，也没有运行" in said()
    assert not (folder / "input").exists()
    assert not (folder / "output").exists()
    assert (folder / "config.toml").read_bytes() == config


def test_an_older_one_of_the_same_name_is_kept_aside(tmp_path: Path, said: Said) -> None:
    folder = make_workspace(tmp_path / "w", {BOOK: small_book(scheme())})
    old = (folder / "input" / BOOK).read_bytes()
    assert command(folder, "take", "--yes", str(outside(tmp_path, office_book({})))) == 0
    assert "那一份移到 input/不采用/汇总录入(1).xlsx，不再计入" in said()
    assert (folder / "input/不采用/汇总录入(1).xlsx").read_bytes() == old
    assert (folder / "input" / BOOK).read_bytes() == office_book({})


def test_what_is_there_already_is_not_copied_again(tmp_path: Path, said: Said) -> None:
    folder = make_workspace(tmp_path / "w", {BOOK: office_book({})})
    assert command(folder, "take", str(outside(tmp_path, office_book({})))) == 0
    assert command(folder, "take", str(folder / "input" / BOOK)) == 0
    assert said().count(f"input 里已经有：{BOOK}") == 2
    assert [path.name for path in (folder / "input").iterdir()] == [BOOK]


def test_two_of_one_name_are_refused(tmp_path: Path, said: Said) -> None:
    folder = make_workspace(tmp_path / "w", {})
    other = tmp_path / "别处" / BOOK
    other.parent.mkdir()
    other.write_bytes(b"another")
    assert command(folder, "take", "--yes", str(outside(tmp_path, office_book({}))), str(other)) == 2
    assert "有两个文件都叫 汇总录入.xlsx" in said()
    assert not (folder / "input").exists()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"轮次.年度": "今年"}, "“设置”页里，应是整数，没有采用"),
        ({"轮次.最后一天": "六月底"}, "日期写成 2026-03-31 的样子"),
    ],
)
def test_a_setting_that_is_wrong_changes_nothing(
    tmp_path: Path, settings: Mapping[str, str], words: str, said: Said
) -> None:
    folder = make_workspace(tmp_path / "w", {})
    config = (folder / "config.toml").read_bytes()
    command(folder, "take", "--yes", str(outside(tmp_path, office_book(settings))))
    assert words in said()
    assert (folder / "config.toml").read_bytes() == config


def test_a_page_of_settings_put_in_by_hand_is_held_against_the_settings(tmp_path: Path, said: Said) -> None:
    """What it says is not taken, and that is said; a page that says the same says nothing."""
    same = {"填报单位.填报单位": "示范医院党委", "轮次.年度": "2026", "轮次.第一天": "2026年1月1日"}
    folder = make_workspace(tmp_path / "w", {BOOK: office_book(same | {"轮次.最后一天": "2026-06-20"})})
    assert command(folder, "run") == 0
    lines = [line for line in said().splitlines() if line.startswith("W661")]
    assert len(lines) == 1
    assert "设置 ▸ C13（最后一天）＝ 2026-06-20" in lines[0]
    assert "现在的设置（2026-06-30）不同，仍按设置" in lines[0]


def test_folders_and_what_is_not_there_are_refused(tmp_path: Path, said: Said) -> None:
    folder = make_workspace(tmp_path / "w", {})
    assert command(folder, "take", "--yes", str(tmp_path)) == 2
    assert command(folder, "take", "--yes", str(tmp_path / "没有.xlsx")) == 2
    text = said()
    assert "这是文件夹" in text
    assert "找不到文件" in text
    shutil.rmtree(folder)
