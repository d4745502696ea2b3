"""定稿: a round frozen as it stands, compared with by later runs, recomputed by `verify`."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from dingji.content import Content
from tests.case_books import Run
from tests.five_good_case import case_files
from tests.workspaces import command, decide, make_workspace, scheme, without_meeting

UPWARD = "上报/上报.xlsx"


@pytest.fixture(scope="module")
def frozen_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workspace that each test gets a copy of: it takes seconds to make."""
    folder = make_workspace(tmp_path_factory.mktemp("frozen"), case_files(scheme(), mended=True))
    decide(folder)
    assert command(folder, "archive", "2026年初") == 0
    return folder


@pytest.fixture
def frozen(frozen_once: Path, tmp_path: Path) -> Path:
    """Return a workspace with its round frozen as 2026年初."""
    shutil.copytree(frozen_once, tmp_path, dirs_exist_ok=True, symlinks=True)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_archive_holds_what_the_round_came_from(frozen: Path) -> None:
    kept, now = contents(frozen / "archive/2026年初"), contents(frozen)
    for name in [name for name in now if name.split("/")[0] in ("input", "output", "config.toml")]:
        assert kept[name] == now[name], name
    assert kept["schemes/five-good.toml"] == now["schemes/five-good.toml"]
    assert "templates/reports/一览表.html.j2" in kept


def test_after_it_papers_print_what_was_decided(frozen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The heading is 审定等次 from then on, in the same bytes; 拟定等次 again once a figure has changed."""
    before = (frozen / "output" / UPWARD).read_bytes()
    assert command(frozen, "run") == 0
    assert "与定稿“2026年初”一致" in capsys.readouterr().out
    assert (frozen / "output" / UPWARD).read_bytes() == before
    rows = Run(frozen, 0).sheet("一览表", file=UPWARD)
    assert {code: row["审定等次"] for code, row in rows.items()}["ZB04"] == "较好"
    (frozen / "input/审定表.xlsx").unlink()
    assert command(frozen, "run") == 0
    out = capsys.readouterr().out
    assert "与定稿“2026年初”相比有5处变动：" in out
    assert "四支部（ZB04）审定等次：定稿 较好，现在 —" in out
    assert "拟定等次" in Run(frozen, 0).sheet("一览表", file=UPWARD)["ZB04"]


def test_verify_recomputes(frozen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(frozen, "verify") == 0
    assert capsys.readouterr().out == "定稿“2026年初”：一致\n"
    archive = frozen / "archive/2026年初"
    (archive / "input/情形申报.xlsx").unlink()
    (archive / "output/上报/一览表.html").write_text("换过", "utf-8")
    assert command(frozen, "verify", "2026年初") == 1
    out = capsys.readouterr().out.splitlines()
    assert "2026年初：input/情形申报.xlsx 与定稿时不同" in out
    assert "2026年初：output/上报/一览表.html 与定稿时不同" in out
    assert "2026年初：重新计算的 output/上报/一览表.html 与定稿的不同" in out
    assert out[-1] == "定稿“2026年初”：不一致"
    (archive / "config.toml").write_text("[round", "utf-8")
    assert command(frozen, "verify") == 1
    assert "2026年初：不能重新计算：config.toml" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["archive", "2026年初"], "已有定稿“2026年初”"),
        (["verify", "去年"], "没有这个定稿；现有：2026年初"),
    ],
)
def test_names_that_cannot_be(
    frozen: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert command(frozen, *arguments) == 2
    assert words in capsys.readouterr().out


def test_names_become_folders_inside_the_archive(frozen: Path) -> None:
    assert command(frozen, "archive", "../出去/定稿") == 0
    assert {path.name for path in (frozen / "archive").iterdir()} == {"2026年初", "＿..＿出去＿定稿"}


def test_nothing_is_frozen_while_somebody_must_act(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_workspace(tmp_path, case_files(scheme()))
    assert command(folder, "archive", "早了") == 1
    assert capsys.readouterr().out.splitlines()[-1] == "没有定稿：还有事要人处理，办妥后再定稿。"
    assert not (folder / "archive").exists()


def test_there_is_nothing_to_verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(make_workspace(tmp_path, {}), "verify") == 2
    assert "还没有定稿" in capsys.readouterr().out


def test_a_branch_that_the_committee_has_not_spoken_of_cannot_be_frozen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing computed may stand under the committee's name; what it has left open is named."""
    folder = make_workspace(tmp_path, case_files(scheme(), mended=True))
    assert command(folder, "archive", "2026年初") == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("没有定稿：一支部、二支部、三支部、五支部在审定表上没有审定等次")
    assert "“等次要开会审定”改成“否”" in said[1]
    assert not (folder / "archive").exists()


def test_an_office_that_holds_no_meeting_says_so_and_its_papers_never_name_one(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, case_files(scheme(), mended=True, decided=False))
    without_meeting(folder)
    assert command(folder, "archive", "2026年初") == 0
    assert not (folder / "output/上会").exists()
    upward = Run(folder, 0).sheet("一览表", file=UPWARD)
    assert {code: row["测算等次"] for code, row in upward.items()}["ZB03"] == "后进"
    inside = Run(folder, 0).sheet("一览表")["ZB03"]
    assert inside["测算等次"] == "后进"
    assert not [heading for row in (upward["ZB03"], inside) for heading in row if "审定" in str(heading)]


def test_the_place_where_archives_are_put_together_is_no_archive(frozen: Path) -> None:
    """A name that begins with a dot would be passed over by many programs, and was erased by the next archive."""
    assert command(frozen, "archive", ".staging") == 0
    assert command(frozen, "archive", "再一次") == 0
    assert {path.name for path in (frozen / "archive").iterdir()} == {"2026年初", "＿.staging", "再一次"}
    assert command(frozen, "verify") == 0


DAMAGED = (b"", b"{", b"[]", b"\xff", b'{"order": 1}', b"[" * 100_000, b'{"order": "x", "round": 1}')


@pytest.fixture(scope="module")
def twice_once(frozen_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with its round frozen under two names."""
    folder = tmp_path_factory.mktemp("twice")
    shutil.copytree(frozen_once, folder, dirs_exist_ok=True, symlinks=True)
    assert command(folder, "archive", "另一份") == 0
    return folder


@pytest.mark.parametrize("content", DAMAGED)
def test_an_archive_that_cannot_be_read_is_named_and_stops_nothing(
    twice_once: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    frozen = tmp_path / "w"
    shutil.copytree(twice_once, frozen, symlinks=True)
    (frozen / "archive/2026年初/清单.json").write_bytes(content)
    capsys.readouterr()
    words = "定稿“2026年初”的清单.json 读不出来，没有与它比较；请用备份恢复，或把那个文件夹移出 archive"
    assert command(frozen, "run") == 0
    out = capsys.readouterr().out.splitlines()
    assert (out.count(words), "与定稿“另一份”一致" in out) == (1, True)
    assert command(frozen, "verify") == 1
    out = capsys.readouterr().out.splitlines()
    assert (out[0], out[-1]) == (words, "定稿“另一份”：一致")


def test_an_archive_that_the_disk_has_no_room_for_leaves_nothing(
    frozen: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_content: Content, target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))

    monkeypatch.setattr("dingji.archive.write", full)
    capsys.readouterr()
    assert command(frozen, "archive", "第二份") == 2
    assert capsys.readouterr().out == "没有运行完：磁盘空间不足，请清理后再运行。\n"
    assert [path.name for path in (frozen / "archive").iterdir()] == ["2026年初"]


def test_a_code_on_paper_is_found_in_its_round(frozen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As it was typed off the paper; not where a figure differs, and words that are no code are refused."""
    page = (frozen / "archive/2026年初/output/上报/一览表.html").read_text("utf-8")
    code = page.partition("数据校验码：")[2][:8]
    (frozen / "output/上报/一览表.html").unlink()
    assert command(frozen, "verify", "--code", f"数据校验码：{code[:4].lower()} {code[4:]}") == 0
    out = capsys.readouterr().out
    assert f"数据校验码 {code} 在定稿“2026年初”里：上报/一览表.docx、上报/一览表.html、上报/上报.xlsx" in out
    assert f"数据校验码 {code} 在现在的结果里：上报/一览表.docx、上报/上报.xlsx" in out
    assert command(frozen, "verify", "--code", "22222222") == 1
    assert "都没有数据校验码 22222222" in capsys.readouterr().out
    assert command(frozen, "verify", "--code", "不知道") == 2
    (frozen / "archive/2026年初/output/上报/上报.xlsx").write_bytes(b"PK cut off")
    assert command(frozen, "verify", "--code", code) == 1
    out = capsys.readouterr().out
    assert "定稿“2026年初”里打不开、没有查的：上报/上报.xlsx" in out
    (line,) = [
        line for line in out.splitlines() if line.startswith(f"数据校验码 {code} 在定稿“2026年初”里：上报/一览表.docx")
    ]
    assert "上报.xlsx" not in line
