"""`run` and `check` keep 退回/ as it must be: what goes back is there, what is mended has gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest

from dingji.engine import apart
from dingji.pipeline import run
from dingji.reports.returned.apart import copier
from dingji.reports.returned.faults import returns
from dingji.reports.run_record import RECORD
from dingji.seal import inflated
from dingji.workspace import Workspace
from tests.online import ASKED, Rows, assert_secret, confirm, csv_text, exported, texts, workbook
from tests.paper_reading import html_tables
from tests.papers import SELF, altered, good, repacked, typed
from tests.returned_books import LETTER, OWN_COPY, several
from tests.workspaces import command, make_workspace

MENDED = "一支部改好.xlsx"


def faulty() -> bytes:
    blank, words = typed("自评表", "1", "自评得分", None), typed("自评表", "2", "自评得分", "四分")
    return altered(good()[SELF], several(blank, words))


def mended(raw: bytes) -> bytes:
    return altered(raw, several(typed("自评表", "1", "自评得分", 4), typed("自评表", "2", "自评得分", 2)))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "党办 资料", {**good(), SELF: faulty()})


def lying(workspace: Path) -> dict[str, bytes]:
    """Return what lies in 退回/, by name; one level of folders. Letters in Word, one beside each text, are left out."""
    folder = workspace / "output" / "内部" / "退回"
    found = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}
    letters = {name for name in found if name.endswith(".docx")}
    assert letters == {f"{name.removesuffix('.txt')}.docx" for name in found if name.endswith(".txt")}
    return {name: raw for name, raw in found.items() if name not in letters}


def recorded(workspace: Path) -> dict[str, str]:
    outputs: dict[str, str] = json.loads((workspace / "output" / RECORD).read_bytes())["outputs"]
    return {name: digest for name, digest in outputs.items() if "退回/" in name and not name.endswith(".docx")}


def test_a_run_gives_back_and_takes_again(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The copy of one run, mended and dropped into input/ beside the faulty file, settles the next run."""
    sent = (workspace / "input" / SELF).read_bytes()
    assert command(workspace, "run") == 1
    assert "退回 1 个文件，放在 output/内部/退回" in capsys.readouterr().out
    first = lying(workspace)
    assert set(first) == {OWN_COPY, LETTER}
    assert set(recorded(workspace)) == {f"内部/退回/{name}" for name in first}
    assert command(workspace, "run") == 1
    assert lying(workspace) == first
    (workspace / "input" / MENDED).write_bytes(mended(first[OWN_COPY]))
    assert (workspace / "input" / SELF).read_bytes() == sent
    capsys.readouterr()
    assert command(workspace, "run") == 0
    out = capsys.readouterr().out
    assert "退回" not in out
    assert out.splitlines()[-1] == "结果已放在 output 文件夹，共5个党组织，5个已测算"
    assert not (workspace / "output" / "内部" / "退回").exists()
    assert recorded(workspace) == {}


def test_check_keeps_the_folder_as_well(workspace: Path) -> None:
    """With no run before, and after one: only 校验报告, 退回/ and their lines in the record change."""
    assert command(workspace, "check") == 1
    assert set(lying(workspace)) == {OWN_COPY, LETTER}
    copy = lying(workspace)[OWN_COPY]
    (workspace / "input" / MENDED).write_bytes(mended(copy))
    assert command(workspace, "check") == 0
    assert lying(workspace) == {}
    (workspace / "input" / MENDED).unlink()
    command(workspace, "run")
    before = {path: path.read_bytes() for path in (workspace / "output").rglob("*") if path.is_file()}
    (workspace / "input" / MENDED).write_bytes(mended(copy))
    assert command(workspace, "check") == 0
    after = {path: path.read_bytes() for path in (workspace / "output").rglob("*") if path.is_file()}
    gone = {path.name for path in before if path not in after}
    changed = {path.name for path in after if after[path] != before.get(path)}
    assert (gone, changed) == (
        {OWN_COPY, LETTER, f"{LETTER.removesuffix('.txt')}.docx"},
        {"校验报告.html", "运行记录.json"},
    )


def test_the_check_report_leads_to_what_goes_back(workspace: Path) -> None:
    assert command(workspace, "check") == 1
    page = (workspace / "output" / "内部" / "校验报告.html").read_text("utf-8")
    rows = next(grid for grid in html_tables(page.encode()) if grid[0][-1] == "通知")
    assert rows[1:] == [["一支部", "自评表", SELF, OWN_COPY, "通知"]]
    assert 'href="退回/ZB01_' in page
    assert "在“退回”文件夹里" in page
    assert "待改" in page


def test_an_officers_own_letter_is_used(workspace: Path) -> None:
    """The letter is a template of the workspace; what is foreign in it stays plain text."""
    folder = workspace / "templates" / "reports"
    folder.mkdir(parents=True)
    (folder / "报表退回修改通知.txt.j2").write_text("{{ 主送 }} & {{ 须改正|length }}处\n{{ 原文件 }}", "utf-8")
    command(workspace, "check")
    assert lying(workspace)[LETTER].decode("utf-8-sig") == "一支部 & 2处\r\nZB01_一支部_自评表.xlsx\r\n"
    (folder / "报表退回修改通知.txt.j2").write_text("{{ 没有的字段 }}", "utf-8")
    assert command(workspace, "check") == 2


TYPED = next(path for path in good() if path.startswith("测评表/ZB01"))
Exports = Callable[[Rows], dict[str, bytes]]


def spoilt(rows: Rows) -> list[list[object]]:
    """Return an export in which two answers cannot be read."""
    place = list(rows[0]).index(ASKED[1])
    heads, first, second, *rest = ([*row] for row in rows)
    first[place], second[place] = "十分", 99
    return [heads, first, second, *rest]


EXPORTS: dict[str, tuple[Exports, str]] = {
    "that waits": (lambda rows: {"导出.xlsx": workbook(rows)}, "E130"),
    "as csv": (lambda rows: {"导出.csv": csv_text(rows)}, "E130"),
    "with faulty answers": (lambda rows: {"导出.xlsx": workbook(spoilt(rows))}, "W414"),
    "twice and differing": (lambda rows: {"导出.xlsx": workbook(rows), "再次.xlsx": workbook(rows[:-1])}, "E305"),
    "beside a typed form": (lambda rows: {"导出.xlsx": workbook(rows), TYPED: good()[TYPED]}, "E305"),
}


@pytest.mark.parametrize(("files", "code"), EXPORTS.values(), ids=EXPORTS.keys())
def test_votes_do_not_travel(tmp_path: Path, capsys: pytest.CaptureFixture[str], files: Exports, code: str) -> None:
    """An online questionnaire's export says who answered from where: it never goes back, whatever is wrong with it."""
    rest = {path: raw for path, raw in good().items() if not path.startswith("测评表/")}
    online = files(exported())
    folder = make_workspace(tmp_path, {**rest, SELF: faulty(), **online})
    assert command(folder, "run") == 1
    if code != "E130":
        confirm(folder)
        assert command(folder, "run") == 1
    assert code in capsys.readouterr().out
    typed_too = {name for name in lying(folder) if name.startswith("ZB01_一支部_测评表") and TYPED in online}
    assert set(lying(folder)) == {OWN_COPY, LETTER, *typed_too}
    assert len(typed_too) == (2 if TYPED in online else 0)
    assert_secret(texts(folder / "output"))


def test_a_copy_that_hangs_or_swells_costs_its_own_file_a_letter(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drawing of its notes is no part that the guard looks at: what opens it has a time limit of its own."""
    monkeypatch.setattr(apart, "TASK_SECONDS", 5.0)
    assert command(workspace, "check") == 1
    notes = "xl/drawings/vmlDrawing1.vml"
    swollen = repacked(lying(workspace)[OWN_COPY], lambda parts: parts.update({notes: b"<v:shape " * 2**19}))
    (workspace / "input" / SELF).write_bytes(swollen)
    started = perf_counter()
    assert command(workspace, "check") == 1
    assert perf_counter() - started < 60
    assert set(lying(workspace)) == {LETTER}
    assert "这个文件没有退回件" in lying(workspace)[LETTER].decode("utf-8-sig")


def test_copies_are_not_all_held_at_once(workspace: Path) -> None:
    """What goes back lies in files until it is put in place."""
    done = run(Workspace(workspace))
    with copier(done.inputs) as copy:
        (back,) = returns(done.outcome)
        made = copy(back)
        assert made is not None
        assert isinstance(made.content, Path)
        assert inflated(made.content.read_bytes())
        (workspace / "input" / SELF).write_bytes(good()[SELF])
        assert copy(back) is None, "a file that is no longer what was read has no copy"
    assert not made.content.exists()
