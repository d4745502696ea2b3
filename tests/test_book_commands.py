"""`scheme table|import`, `config export|import`: what is written where, and what is never written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.book_edits import edited
from tests.workspaces import command, make_workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_workspace(tmp_path, {})


def change(path: Path, sheet: str, cell: str, value: str | float) -> None:
    path.write_bytes(edited(path.read_bytes(), {(sheet, cell): value}))


def test_a_standard_goes_out_and_comes_back_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, file = folder / "标准_five-good.xlsx", folder / "schemes/five-good.toml"
    before = file.read_bytes()
    assert command(folder, "scheme", "table", "five-good") == 0
    assert command(folder, "scheme", "import", book.name) == 0
    assert "与 schemes/five-good.toml 的内容相同，没有改动" in capsys.readouterr().out
    assert file.read_bytes() == before
    change(book, "等次", "B4", 92)
    assert command(folder, "scheme", "import", str(book)) == 2
    assert "schemes/five-good.toml 已有，内容不同，没有写入。要换成这一份，加 --replace" in capsys.readouterr().out
    assert file.read_bytes() == before
    assert command(folder, "scheme", "import", str(book), "--replace") == 0
    assert "from = 92\n" in file.read_text("utf-8")
    assert command(folder, "scheme", "lint", "five-good") == 0


def test_a_standard_of_another_id_is_a_new_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = folder / "新标准.xlsx"
    assert command(folder, "scheme", "table", "service", str(book)) == 0
    change(book, "标准", "C4", "our-own")
    capsys.readouterr()
    assert command(folder, "scheme", "import", str(book)) == 0
    assert "已写好 schemes/our-own.toml" in capsys.readouterr().out
    assert command(folder, "scheme", "show", "our-own") == 0


def test_an_edited_book_is_not_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = folder / "标准_five-good.xlsx"
    assert command(folder, "scheme", "table", "five-good") == 0
    written = book.read_bytes()
    assert command(folder, "scheme", "table", "five-good") == 0
    change(book, "等次", "B4", 92)
    kept = book.read_bytes()
    assert command(folder, "scheme", "table", "five-good") == 2
    assert "已有，可能有人改过，没有覆盖" in capsys.readouterr().out
    assert book.read_bytes() == kept
    assert command(folder, "scheme", "table", "five-good", "--replace") == 0
    assert book.read_bytes() == written


def test_a_book_with_mistakes_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = folder / "标准_five-good.xlsx"
    assert command(folder, "scheme", "table", "five-good") == 0
    change(book, "等次", "B4", "九十")
    before = (folder / "schemes/five-good.toml").read_bytes()
    assert command(folder, "scheme", "import", str(book), "--replace") == 1
    out = capsys.readouterr().out
    assert "错误 表“等次” ▸ B4 ＝ 九十：应是数字" in out
    assert "标准_five-good.xlsx：1 个错误，没有写入" in out
    assert (folder / "schemes/five-good.toml").read_bytes() == before


def test_what_the_linter_finds_is_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "schemes/five-good.toml"
    file.write_text(file.read_text("utf-8").replace("no = 1, full = 4", "no = 1, full = 3"), "utf-8")
    assert command(folder, "scheme", "table", str(file)) == 0
    assert "标准里有 1 处要看的，写在各表最后一栏“检查”里" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("scheme", "table", "nothing"), "找不到标准"),
        (("scheme", "import", "没有.xlsx"), "找不到工作簿：没有.xlsx"),
        (("config", "import", "没有.xlsx"), "找不到工作簿：没有.xlsx"),
        (("scheme", "import", "config.toml"), "文件内容不是工作簿"),
        (("config", "import", "config.toml"), "文件内容不是工作簿"),
        (("scheme", "table", "config.toml"), "没有这个键"),
        (("config", "export", "没有/设置.xlsx"), "写不进去"),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path,
    arguments: tuple[str, ...],
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    assert command(folder, *arguments) == 2
    assert words in capsys.readouterr().out


def test_settings_go_out_and_come_back_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, file = folder / "设置.xlsx", folder / "config.toml"
    before = file.read_bytes()
    assert command(folder, "config", "export") == 0
    assert command(folder, "config", "import", "设置.xlsx") == 0
    assert "与现在的设置相同，没有改动" in capsys.readouterr().out
    assert file.read_bytes() == before
    change(book, "设置", "C10", "年终")
    assert command(folder, "config", "export") == 2
    assert command(folder, "config", "import", "设置.xlsx") == 0
    assert 'name = "年终"' in file.read_text("utf-8")
    assert (folder / "config.上一份.toml").read_bytes() == before
    change(book, "设置", "C10", "年未")
    assert command(folder, "config", "import", "设置.xlsx") == 1
    assert "标准没有这个轮次，只有：年初、年终" in capsys.readouterr().out
    assert 'name = "年终"' in file.read_text("utf-8")


def test_settings_that_are_wrong_or_missing_are_not_written_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "config.toml").write_text("[round]\nyear = 1\n", "utf-8")
    assert command(folder, "config", "export") == 2
    assert "缺少必填的键" in capsys.readouterr().out
    (folder / "config.toml").unlink()
    assert command(folder, "config", "export") == 2
    assert "找不到 config.toml" in capsys.readouterr().out
