"""What a run says of a standard that was changed: which keys, in Chinese, once; real workspaces, real runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.case_books import Books, Rater, Setting, Unit
from tests.notices import DAY
from tests.small_standard import HEAD, ONE_MARK, standard
from tests.workspaces import command, make_workspace

JUDGE: Rater = ("PW01", "评委一", "评定")
UNIT = Unit("A", "第一支部")
TEXT = (
    HEAD
    + ONE_MARK
    + """
[[situations]]
name = "通报批评"
at_most = "一般"
"""
)
BOOKS = Books(standard(TEXT.removeprefix(HEAD)), "2026 年终", DAY)


def write(folder: Path, text: str, year: int = 2026) -> None:
    (folder / "schemes" / "small.toml").write_text(text, encoding="utf-8")
    setting = Setting("small", year, "年终", (f"{year}-01-01", f"{year}-12-31"), raters=1)
    (folder / "config.toml").write_text(
        setting.toml().replace("\n\n[round]", "\nmeeting = false\n\n[round]"), encoding="utf-8"
    )


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    make_workspace(tmp_path, BOOKS.roster([UNIT], [JUDGE]) | BOOKS.book(JUDGE, {UNIT: "84"}))
    write(tmp_path, TEXT)
    command(tmp_path, "run")
    assert "的不同" not in capsys.readouterr().out
    return tmp_path


def said(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Run, and return what is said of standards."""
    capsys.readouterr()
    command(folder, "run")
    return [line for line in capsys.readouterr().out.splitlines() if line.startswith("标准“")]


def test_a_changed_key_is_told_once(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A comment and a blank line change nothing."""
    write(office, "# 说明\n\n" + TEXT)
    assert said(office, capsys) == []
    changed = TEXT.replace("from = 80", "from = 75").replace("weight = 100", 'weight = 100\ncombine = "median"')
    changed = changed.partition("[[situations]]")[0] + '[[quotas]]\nflag = "先进"\ntop = 1\n'
    write(office, changed)
    assert said(office, capsys) == [
        "标准“示例”与上次运行的不同：等次“较好” ▸ 达到；来源“评定” ▸ 合成办法；新增名额第1行；删去情形“通报批评”"
    ]
    assert said(office, capsys) == []


def test_the_next_round_is_held_against_the_one_frozen(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(office, "archive", "2026年终") == 0
    write(office, TEXT.replace("full = 100", 'full = 100\ntext = "支委齐全"'), 2027)
    assert said(office, capsys) == ["标准“示例”与2026 年终的不同：指标“班子” ▸ 条文"]
    assert said(office, capsys) == []
