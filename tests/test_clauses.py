"""docs/条款对照.md: whatever it says serves a clause is there, and every document has its clauses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from shutil import copy

import pytest
from openpyxl import load_workbook

from dingji.cli.main import make_parser
from dingji.forms.catalogue import forms_of
from dingji.reference.kinds import tables
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from tests.make_recipes import recipes
from tests.workspaces import PROGRAM, command

PAGE = PROGRAM / "docs" / "条款对照.md"
NAMED = re.compile(r"(表|命令|文件|页|标准|键|来源|指标|规则|情形|名额|目标|表彰|日程|写法) `([^`]+)`")
DRAWS = '\n[[samples]]\nname = "四月抽查"\ncount = 2\nseed = 20260410\n'


def clauses() -> Iterator[tuple[str, str]]:
    """Yield the clause and where it is served, of every row."""
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| 条款"):
            _, clause, served, _ = (part.strip() for part in line.split("|"))
            yield clause, served


@cache
def standards() -> Mapping[str, Scheme]:
    found = {}
    for path in (PROGRAM / "schemes").glob("*.toml"):
        scheme, findings = load_scheme(path.read_bytes())
        assert scheme is not None, findings
        found[path.stem] = scheme
    return found


def of_a_standard(names: Callable[[Scheme], list[str]]) -> Callable[[str], bool]:
    """Return whether a standard, named first, has something of the kind by that name."""

    def there(text: str) -> bool:
        standard, _, name = text.partition(" ")
        return name in names(standards()[standard])

    return there


def rules(scheme: Scheme) -> list[str]:
    return [rule.name for indicator in scheme.indicators for rule in indicator.rules]


def is_key(text: str) -> bool:
    table, _, key = text.partition(".")
    places = [place for place in tables(Scheme) if place.key == table]
    return bool(places) and key in places[0].model.model_fields


@cache
def titles() -> set[str]:
    labels = ("年初", "年终")
    return {
        form.title for scheme in standards().values() for name in labels for form in forms_of(scheme, f"2026 {name}")
    }


def is_form(title: str) -> bool:
    """Say whether a standard has the form; a lower unit's result is laid out as 上期结果 is."""
    return title in {*titles(), "下级结果"}


def is_command(text: str) -> bool:
    try:
        make_parser().parse_args([*text.split(), "--help"])
    except SystemExit as left:
        return left.code == 0
    return False


KINDS: Mapping[str, Callable[[str], bool]] = {
    "表": is_form,
    "命令": is_command,
    "标准": lambda name: name in standards(),
    "键": is_key,
    "来源": of_a_standard(lambda scheme: [source.name for source in scheme.sources]),
    "指标": of_a_standard(lambda scheme: [indicator.name for indicator in scheme.indicators]),
    "规则": of_a_standard(rules),
    "情形": of_a_standard(lambda scheme: [situation.name for situation in scheme.situations]),
    "名额": of_a_standard(lambda scheme: [quota.name for quota in scheme.quotas]),
    "目标": of_a_standard(lambda scheme: [target.name for target in scheme.targets]),
    "表彰": of_a_standard(lambda scheme: [honour.name for honour in scheme.honours]),
    "写法": lambda words: any(words in recipe.sentence for recipe in recipes()),
    "日程": of_a_standard(lambda scheme: [day.name for day in scheme.days]),
}
SERVED = [(clause, kind, name) for clause, served in clauses() for kind, name in NAMED.findall(served)]


@pytest.mark.parametrize(
    ("clause", "kind", "name"), [each for each in SERVED if each[1] in KINDS], ids=lambda text: text[:20]
)
def test_what_serves_a_clause_is_there(clause: str, kind: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert KINDS[kind](name), clause
    capsys.readouterr()


def left_by(folder: Path, scheme: str) -> Iterator[str]:
    """Yield every file of a demonstration gone through, by its path there or in output/."""
    assert command(folder.parent, "demo", str(folder), "--scheme", scheme) == 0
    config = folder / "config.toml"
    if "[[samples]]" not in config.read_text("utf-8"):
        config.write_text(config.read_text("utf-8") + DRAWS, "utf-8")
    assert command(folder, "run") in (0, 1)
    for book in sorted((folder / "output/反馈").glob("整改台账_*"))[:1]:  # one ledger comes back: 公开评诺 may be held
        copy(book, folder / "input")
    for words in ("run", "mail", "sample"):
        assert command(folder, words) in (0, 1)
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix().removeprefix("output/")


def test_its_files_and_sheets_are_left_by_a_run(tmp_path: Path) -> None:
    """By the real commands on demonstrations with several parent units, one of a standard with honours all the year."""
    left = {file for scheme in ("five-good", "service") for file in left_by(tmp_path / scheme, scheme)}
    patterns = {
        name: re.escape(name).replace("编码", "[^/_]+").replace("名称", "[^/]+")
        for _, kind, name in SERVED
        if kind == "文件"
    }
    missing = [name for name, pattern in patterns.items() if not any(re.fullmatch(pattern, file) for file in left)]
    assert missing == []
    sheets = load_workbook(tmp_path / "five-good/output/内部/分类定级结果.xlsx", read_only=True).sheetnames
    assert [name for _, kind, name in SERVED if kind == "页" and name not in sheets] == []


def test_every_clause_says_where_or_why_not() -> None:
    found = list(clauses())
    assert len(found) > 60
    for clause, served in found:
        assert NAMED.search(served) or "不办：" in served, clause


def test_all_five_documents_are_there() -> None:
    heads = re.findall(r"^## .*标准 `([^`]+)`", PAGE.read_text("utf-8"), re.MULTILINE)
    assert heads == ["five-good", "three-party", "seven-indicators", "responsibility", "service"]
