"""A standard is data: no label, indicator, source, share, option, rule or situation of one stands in the code."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).parents[1]
STANDARDS = sorted(PROGRAM.glob("schemes/*.toml"))
MODULES = sorted(PROGRAM.glob("dingji/**/*.py"))
TEMPLATES = sorted(PROGRAM.glob("templates/reports/**/*.j2"))

OWN_NAMES = ("name", "flag", "no_grade", "grade", "at_least", "at_most", "title")
NAMED_KEYS = ("options", "shares", "groups", "questions", "rounds", "weight")
LISTS = ("questions", "apart", "rounds", "out_of", "to")

ALLOWED = {
    ("dingji/reports/overview.py", "满意率"): "一览表 has a column for the share of exactly this name",
    ("dingji/reports/column_dictionary.py", "满意率"): "the words for that column",
    **{("dingji/forms/small_form.py", name): "a sheet of 汇总录入" for name in ("自评", "测评", "评定", "互评")},
    ("dingji/book/declare.py", "测评"): "a sheet of a standard's workbook, of the keys that surveys have",
    ("dingji/demo/faults/office.py", "优秀"): "a grade that a faulty decision has and its standard lacks",
    ("dingji/read/cells.py", "没有"): "a word for no, where yes or no is asked",
    ("dingji/reports/answer_words.py", "差"): "so many points are lacking; no grade",
    ("dingji/round_days.py", "年终"): "what a demonstration calls the only round of a standard without rounds",
}
"""Words of standards that are the program's own vocabulary in one module, with why."""


def names_in(value: Any, key: str = "") -> Iterator[str]:  # noqa: ANN401 - whatever TOML holds
    """Yield every name that a standard gives to something."""
    if isinstance(value, dict):
        for inner, part in value.items():
            if key in NAMED_KEYS:
                yield inner
            yield from names_in(part, inner)
    elif isinstance(value, list):
        for part in value:
            if isinstance(part, str) and key in LISTS:
                yield part
            yield from names_in(part, "" if isinstance(part, dict) else key)
    elif isinstance(value, str) and key in OWN_NAMES:
        yield value


MANUAL = ("key", "Section")
"""What declares the words of the scheme reference, beside the keys of the models."""


def literals(path: Path) -> Iterator[str]:
    """Yield the texts of a module; docstrings, and what the manual says of a key, left out."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    keys = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MANUAL]
    told |= {id(part) for key in keys for part in ast.walk(key)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value.strip()


BUILT_IN = {"上期等次", "valid", "returned", "present", "due", "default", "indicators", "items", "total", "rules"}
"""Words of the language in which standards are written, where a name may stand too."""


@cache
def standards_names() -> frozenset[str]:
    """Return the names of every standard that ships; bounds (`95%`) are none."""
    named = {name for path in STANDARDS for name in names_in(tomllib.loads(path.read_text("utf-8")))}
    return frozenset(name for name in named - BUILT_IN if not name.endswith("%"))


def test_names_of_every_kind_are_found() -> None:
    kinds = {"好", "后进", "领导班子好", "党群评分", "满意率", "满意", "年初", "不按期换届", "支部班子不团结"}
    assert kinds <= standards_names()
    assert len(standards_names()) > 150


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PROGRAM).as_posix())
def test_no_module_names_anything_of_a_standard(path: Path) -> None:
    place = path.relative_to(PROGRAM).as_posix()
    names = standards_names()
    found = {text for text in literals(path) if text in names and (place, text) not in ALLOWED}
    assert found == set(), f"{place} 里写死了标准里的名称：{found}"


def test_what_is_allowed_is_still_there() -> None:
    for place, text in ALLOWED:
        assert text in set(literals(PROGRAM / place)), f"{place} 不再写 {text}，请从 ALLOWED 删去"


OWN_TITLES = ("限期整改通知书", "公开评诺表")
"""Papers that the program writes, by the name that offices give them."""


def without_titles(text: str) -> str:
    """Return a text without the titles of the program's own papers."""
    for title in OWN_TITLES:
        text = text.replace(title, "")
    return text


def test_no_long_name_stands_within_a_text_but_in_the_manuals_examples() -> None:
    names = {name for name in standards_names() if len(name) > 3}
    modules = [path for path in MODULES if "reference" not in path.parts]
    found = {
        (path.name, name)
        for path in modules
        for text in map(without_titles, literals(path))
        for name in names
        if name in text
    }
    found |= {(path.name, name) for path in TEMPLATES for name in names if name in path.read_text("utf-8")}
    assert found == set()
