"""Faults of the machine and of an officer's own files: each is said in Chinese, and harms nothing."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dingji.cli.console import as_shown
from dingji.content import Content
from dingji.reports.publish import JOURNAL, STAGING
from tests.papers import good
from tests.workspaces import command, make_workspace

Change = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "w", good())


def said(capsys: pytest.CaptureFixture[str]) -> str:
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err + shown.out
    return shown.out


def rewritten(name: str, pattern: str, words: str) -> Change:
    """Return what puts words into a file, in place of the first that a pattern fits."""

    def change(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert re.search(pattern, text)
        (folder / name).write_text(re.sub(pattern, lambda _: words, text, count=1), "utf-8")

    return change


def added(name: str, words: str) -> Change:
    return lambda folder: (folder / name).write_text((folder / name).read_text("utf-8") + words, "utf-8")


def linked(name: str, target: str) -> Change:
    def change(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)

    return change


CONFIG, SCHEME = "config.toml", "schemes/five-good.toml"
DEEP = "层次太多：键里的点，或一层套一层的括号"
LONG = "数字太长：小数点前后都不能超过 12 位"
OWN_FILES: dict[str, tuple[Change, str]] = {
    "an id of 300 signs": (rewritten(CONFIG, "default = .*", f'default = "{"a" * 300}"'), "名称或路径太长，请改短"),
    "a number of 5,000 digits": (rewritten(CONFIG, "year = .*", f"year = {'9' * 5_000}"), f"第11行：{LONG}"),
    "a number of 13 digits": (rewritten(CONFIG, "year = .*", f"year = {'9' * 13}"), f"（“轮次”的“年度”）：{LONG}"),
    "brackets in brackets": (added(CONFIG, f"\n[x]\na = {'[' * 5_000}{']' * 5_000}"), DEEP),
    "braces in braces": (added(CONFIG, f"\n[x]\na = {'{a=' * 5_000}1{'}' * 5_000}"), DEEP),
    "a key with 50,000 dots": (added(CONFIG, f"\n{'a.' * 50_000}a = 1\n"), DEEP),
    "a quoted key with dots": (added(CONFIG, "\n" + '"a".' * 50_000 + "a = 1\n"), DEEP),
    "a heading with dots": (added(CONFIG, f"\n[{'a.' * 50_000}a]\n"), DEEP),
    "two megabytes": (added(CONFIG, f"\n# {'x' * 2**21}"), "文件超过 1 MB"),
    "another encoding": (lambda folder: (folder / CONFIG).write_bytes(b"\xff\xfe"), "请另存为 UTF-8"),
    "a link to itself": (linked(CONFIG, CONFIG), "找不到 config.toml"),
    "a bound without end": (rewritten(SCHEME, "(?m)^from = .*", "from = 1e99999999"), LONG),
    "points without end": (rewritten(SCHEME, r"once = -?[\d.]+", "once = -1e-99999999"), LONG),
    "a share without end": (rewritten(SCHEME, "(?m)^from = .*", f'from = "{"9" * 5_000}%"'), "应是数字"),
    "a condition without end": (rewritten(SCHEME, r'when = "', f'when = "{"9" * 5_000} > 1 and '), "请拆成几条"),
}


@pytest.mark.parametrize("what", OWN_FILES)
def test_what_an_officer_writes_in_a_file_is_told_at_once(
    folder: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change, words = OWN_FILES[what]
    change(folder)
    assert command(folder, "check") == 2
    assert words in said(capsys)
    assert not (folder / "output").exists()


def test_item_numbers_far_apart_are_told_by_their_ends(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rewritten(SCHEME, r"no = 19\b", "no = 999999999")(folder)
    command(folder, "scheme", "lint", "five-good")
    assert "序号跳过了 19–999999998" in said(capsys)


PLACES: dict[str, tuple[Change, str, str]] = {
    "output is a file": (lambda folder: (folder / "output").write_bytes(b""), "run", "output 不是文件夹"),
    "output leads nowhere": (linked("output", "没有"), "run", "或者是断开的链接"),
    "output leads to itself": (linked("output", "output"), "check", "或者是断开的链接"),
    "发放 is a file": (lambda folder: (folder / "发放").write_bytes(b""), "forms", "已被别的文件或断开的链接占用"),
    "邮件 leads nowhere": (linked("邮件", "没有"), "mail", "已被别的文件或断开的链接占用"),
}


@pytest.mark.parametrize("what", PLACES)
def test_a_place_that_is_no_folder_is_named(folder: Path, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    change, typed, words = PLACES[what]
    change(folder)
    assert command(folder, typed) == 2
    assert words in said(capsys)


@pytest.mark.parametrize("record", [b"[" * 100_000, b"[]", b"{}", b'{"outputs": []}', b"\xff"])
def test_a_record_of_another_making_stops_nothing(
    folder: Path, record: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "output/内部").mkdir(parents=True)
    (folder / "output/内部/运行记录.json").write_bytes(record)
    assert command(folder, "check") == 0
    said(capsys)
    assert "内部/校验报告.html" in json.loads((folder / "output/内部/运行记录.json").read_bytes())["outputs"]


def test_a_full_disk_is_said_and_nothing_half_written_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_content: Content, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))

    with monkeypatch.context() as filling:
        filling.setattr("dingji.reports.publish.write", full)
        assert command(folder, "run") == 2
    assert said(capsys) == "没有运行完：磁盘空间不足，请清理后再运行。\n"
    assert list((folder / "output").iterdir()) == []


def test_the_next_start_finishes_what_was_begun_and_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(folder, "run") == 0
    before = (folder / "output/上报/一览表.html").read_bytes()
    staging = folder / "output" / STAGING
    staging.mkdir()
    shutil.move(folder / "output/上报/一览表.html", staging / "000000")
    (staging / JOURNAL).write_text(json.dumps([["上报/一览表.html", 0]]), "utf-8")
    capsys.readouterr()
    assert command(folder, "check") == 0
    assert said(capsys).startswith("上次运行在放置结果时中断，已经接着放好。\n")
    assert (folder / "output/上报/一览表.html").read_bytes() == before
    assert not staging.exists()


# --- the console --------------------------------------------------------------------------------------------


def test_no_sign_that_steers_a_terminal_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rewritten(SCHEME, "(?m)^title = .*", r'title = "a\u001b[31mb\u202ec\u0000"')(folder)
    assert command(folder, "scheme", "show", "five-good") == 0
    assert said(capsys).startswith("a□[31mb□c□（five-good")


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("表 ▸ A1，−5", "utf-8", "表 ▸ A1，−5"),
        ("表 ▸ A1，−5", "gbk", "表 → A1，-5"),
        ("一\n二\x1b\u200b\u3000三", "utf-8", "一\n二□□\u3000三"),
        ("\u2028\u202e\ud800", "utf-8", "□□□"),
    ],
)
def test_lines_come_as_near_as_the_console_allows(text: str, encoding: str, shown: str) -> None:
    assert as_shown(text, encoding) == shown
