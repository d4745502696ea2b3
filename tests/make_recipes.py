"""docs/写法举例.md: every recipe tried, and what the program reads and asks written below it.

A recipe is a notice's sentence and the TOML that says it. Its tables take the place of the base standard's of the same
name; what the standard then says and asks that the base does not is written by `python -m tests.make_recipes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dingji.forms.catalogue import forms_of
from dingji.forms.declare import Column, Form, Sheet
from dingji.forms.marking_forms import rule_choices
from dingji.scheme.indicators import Rule
from dingji.scheme.lint import lint
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.scheme.sentences import sentences

PAGE = Path(__file__).parents[1] / "docs" / "写法举例.md"
RECIPE = re.compile(
    r"^### \d+\. (?P<sentence>[^\n]+)\n\n```toml\n(?P<toml>.*?)```\n(?P<told>(?:\n[读填][^\n]*\n)*)",
    re.MULTILINE | re.DOTALL,
)
BASE = re.compile(r"^```toml 底本\n(.*?)```$", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"^\[\[?(\w+)")
KINDS = frozenset({"self", "survey", "committee", "peer", "roster", "situation", "bonus", "records"})
"""Forms that a notice's sentence may change; the others are the office's own and are always the same."""
LISTS = ("规则", "情形", "加分项")
"""Columns in which one of a list is named: each of the list is told."""
ALWAYS = ("评委编号", "党组织编码", "党组织名称", "说明", "情况说明", "自评得分", "来源")
"""Columns that every form of a kind has."""
NOTHING = "不用另外填，由程序计算"


@dataclass(frozen=True)
class Recipe:
    """A notice's sentence and its TOML."""

    sentence: str
    toml: str


def recipes() -> list[Recipe]:
    """Return the recipes of the page."""
    return [Recipe(found["sentence"], found["toml"]) for found in RECIPE.finditer(PAGE.read_text("utf-8"))]


def base() -> str:
    """Return the standard on which every recipe is tried."""
    found = BASE.search(PAGE.read_text("utf-8"))
    assert found, "the page has no base standard"
    return found[1]


def with_recipe(toml: str) -> str:
    """Return the base standard in which the recipe's tables and keys stand instead of its own."""
    own = _sections(toml)
    kept = {name: text for name, text in _sections(base()).items() if name not in own}
    keys = _keys(own.get("", ""))
    head = "".join(line + "\n" for line in kept.pop("", _sections(base())[""]).splitlines() if _key(line) not in keys)
    tables = {**kept, **{name: text for name, text in own.items() if name}}
    return head + own.get("", "") + "".join(tables.values())


def _sections(toml: str) -> dict[str, str]:
    """Return the text of the tables by name, in order; under "" what stands before any."""
    sections: dict[str, str] = {"": ""}
    name = ""
    for line in toml.splitlines(keepends=True):
        found = TABLE.match(line)
        name = found[1] if found else name
        sections[name] = sections.get(name, "") + line
    return {name: text for name, text in sections.items() if text}


def _key(line: str) -> str:
    return line.partition("=")[0].strip()


def _keys(toml: str) -> set[str]:
    return {_key(line) for line in toml.splitlines()}


def loaded(toml: str) -> Scheme:
    """Return the standard; it must be without an error or a warning."""
    scheme, findings = load_scheme(toml.encode())
    assert scheme is not None, [finding.text for finding in findings]
    told = [finding.text for finding in (*findings, *lint(scheme)) if finding.severity != "notice"]
    assert not told, told
    return scheme


def read_as(scheme: Scheme) -> list[str]:
    """Return what the program reads in a standard."""
    return [line for title, lines in sentences(scheme) if title for line in lines]


def asked(scheme: Scheme) -> list[str]:
    """Return what the forms of a standard ask for."""
    rounds = list(scheme.rounds) or ["年终"]
    forms = [form for form in forms_of(scheme, f"2026 {rounds[-1]}") if form.kind in KINDS]
    return list(dict.fromkeys(line for form in forms for sheet in form.sheets for line in _asked(scheme, form, sheet)))


def _asked(scheme: Scheme, form: Form, sheet: Sheet) -> Iterator[str]:
    source = f"（{form.source}）" if form.source else ""
    where = f"{form.title}{source}" + ("" if sheet.name == form.title else f"的“{sheet.name}”")
    rules = {rule.name: rule for indicator in scheme.indicators for rule in indicator.rules}
    for column in sheet.columns:
        if column.heading in LISTS:
            yield from (f"{where}：“{name}”{_typed(rules.get(name))}" for name in column.choices)
        elif column.reads not in ("printed", "formula") and column.heading not in ALWAYS and _is_own(form, sheet):
            yield f"{where}：“{column.heading}”{_of(column)}"
    rows = (row for row in sheet.rows if sheet.shape == "printed" and row.key)
    yield from (f"{where}：“{row.key.rstrip('|').replace('|', '·')}”{_typed(rules.get(row.rule))}" for row in rows)


def _is_own(form: Form, sheet: Sheet) -> bool:
    """Say whether a standard shapes the columns of a sheet: of lists of records they are always the same."""
    return sheet.shape != "records" or form.kind == "roster"


def _typed(rule: Rule | None) -> str:
    """Return what is typed where a rule or a situation is named."""
    if rule is None:
        return ""
    choices, amounts = rule_choices(rule), "，酌情的填分值" if rule.amounts else ""
    counted = f"填数量（{rule.unit}）" if rule.unit else ""
    return ("，选" + "".join(f"“{choice}”" for choice in choices) if choices else f"，{counted}") + amounts


def _of(column: Column) -> str:
    full = f"（满分 {column.full}）" if column.full else ""
    return full + ("，选" + "".join(f"“{choice}”" for choice in column.choices) if column.choices else "")


def told(toml: str) -> str:
    """Return the two lines below a recipe."""
    plain, scheme = loaded(base()), loaded(with_recipe(toml))
    before, known = set(read_as(plain)), set(asked(plain))
    read = [line.strip().removeprefix("· ") for line in read_as(scheme) if line not in before]
    new = [line for line in asked(scheme) if line not in known]
    return f"\n读作：{' ／ '.join(read)}\n\n填表：{'；'.join(new) or NOTHING}。\n"


def page() -> str:
    """Return the page with what is read and asked below every recipe."""
    text = PAGE.read_text("utf-8")
    return RECIPE.sub(lambda found: found[0].removesuffix(found["told"]) + told(found["toml"]), text)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
