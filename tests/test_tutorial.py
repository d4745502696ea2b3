"""The tutorial: its blocks make a standard, what it prints is what the program prints, and the standard works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dingji.cli.main import main
from dingji.pipeline import run
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.scheme.sentences import as_lines
from dingji.workspace import Workspace
from tests.workspaces import command, make_workspace

PAGE = Path(__file__).parents[1] / "docs" / "教程-把通知写成标准.md"
NUMBER = re.compile(r"\d+%?")


def blocks(kind: str) -> list[str]:
    """Return the tutorial's code blocks of a kind, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def notice() -> list[str]:
    """Return the notice's sentences, without their numbers."""
    return re.findall(r"^> \d+\. (.*)$", PAGE.read_text("utf-8"), re.MULTILINE)


def written() -> str:
    """Return the standard that a reader has at the end: every block, one after the other."""
    return "\n".join(blocks("toml"))


def loaded() -> Scheme:
    scheme, found = load_scheme(written().encode())
    assert [finding.text for finding in found] == []
    assert scheme is not None
    return scheme


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a workspace with the tutorial's standard in `schemes/`."""
    made = make_workspace(tmp_path / "workspace", {})
    (made / "schemes" / "qinghe.toml").write_text(written(), "utf-8")
    return made


def test_the_blocks_are_a_standard_with_every_way_of_giving_points() -> None:
    scheme = loaded()
    ways = {rule.way for indicator in scheme.indicators for rule in indicator.rules}
    assert ways == {"once", "each", "options", "bands"}
    assert [situation.effect for situation in scheme.situations] == ["at_most", "grade"]
    assert [grade.name for grade in scheme.grades] == ["好", "一般", "差"]
    assert [quota.grade for quota in scheme.quotas] == [["好"]]


def test_every_number_of_the_notice_is_told_by_the_standard() -> None:
    sentences = notice()
    assert len(sentences) == 12
    told = set(NUMBER.findall("\n".join(as_lines(loaded()))))
    for sentence in sentences:
        assert set(NUMBER.findall(sentence)) <= told, sentence


def test_every_sentence_of_the_notice_is_named_beside_what_it_became() -> None:
    named = {int(number) for number in re.findall(r"第(\d+)句", written())}
    assert named == set(range(1, len(notice()) + 1))


def test_what_the_tutorial_prints_is_what_the_program_prints(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settled, mistaken, sentences = (block.splitlines() for block in blocks("text"))
    assert command(folder, "scheme", "lint", "qinghe") == 0
    assert capsys.readouterr().out.splitlines() == settled
    assert command(folder, "scheme", "show", "qinghe") == 0
    told = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert [line for line in sentences if line not in told] == []
    (folder / "schemes" / "qinghe.toml").write_text(written().replace('满意率 < 85%"', '满意率 < 85"'), "utf-8")
    assert command(folder, "scheme", "lint", "qinghe") == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert [re.sub(r"第\d+行", "第××行", first)] == mistaken


def test_its_commands_work_to_the_last_branch_of_the_demonstration(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    commands = [
        line.removeprefix("python process.py ").split() for block in blocks("console") for line in block.splitlines()
    ]
    assert [command[0] for command in commands] == ["scheme"] * 4 + ["demo", "--workspace"]
    assert [main(command, folder) for command in commands] == [0, 0, 0, 1, 0, 0]  # nobody filled the sheet
    assert capsys.readouterr().out.splitlines()[-1].startswith("结果已放在 output 文件夹，共10个党组织")
    results = run(Workspace(folder / "练习")).outcome.results
    assert set(results["computed"]) <= {"好", "一般", "差"}
