"""TOML → standard: everything wrong with a file is collected at once and told in Chinese with path and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from dingji.scheme.finding import Finding, Path
from dingji.scheme.lint import lint
from dingji.scheme.model import Scheme
from dingji.scheme.overrides import override
from dingji.scheme.positions import line_of, too_deep
from dingji.scheme.syntax import syntax_findings
from dingji.scheme.told import Section

Model = TypeVar("Model", bound=Section)


LARGEST: Final = 2**20
"""Bytes of a file: no standard has a tenth of it."""
DIGITS, PLACES = 12, 12
"""Digits that a number may have before its point, and behind it."""
_LONG = re.compile(r"[\d_]{100}")


def read_toml(raw: bytes) -> tuple[dict[str, Any], str, list[Finding]]:
    """Decode and parse TOML, numbers as exact decimals; a Notepad BOM does no harm."""
    if len(raw) > LARGEST:
        return {}, "", [Finding("error", (), f"文件超过 {LARGEST // 2**20} MB")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return {}, "", [Finding("error", (), "文件不是 UTF-8 编码；请另存为 UTF-8")]
    if line := too_deep(text):
        return {}, "", [Finding("error", (), "层次太多：键里的点，或一层套一层的括号", line)]
    try:
        data = tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal)
    except tomllib.TOMLDecodeError:
        return {}, text, syntax_findings(text)
    except ValueError:  # a whole number of more digits than are taken from any text
        long = _LONG.search(text)
        return {}, text, [Finding("error", (), LONG_NUMBER, text.count("\n", 0, long.start()) + 1 if long else 0)]
    findings = [Finding("error", path, LONG_NUMBER, line_of(text, path)) for path in _long_numbers(data, ())]
    return (data if not findings else {}), text, findings


LONG_NUMBER: Final = f"数字太长：小数点前后都不能超过 {DIGITS} 位"


def _long_numbers(value: object, path: Path) -> Iterator[Path]:
    """Yield where numbers stand that no figure comes near: reckoning with some of them would never end."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _long_numbers(part, (*path, key))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _long_numbers(part, (*path, place))
    elif isinstance(value, int | Decimal) and Decimal(value).is_finite() and _is_long(Decimal(value)):
        yield path


def _is_long(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return number.adjusted() >= DIGITS or (isinstance(exponent, int) and exponent < -PLACES)


def validated(model: type[Model], data: Mapping[str, Any], text: str) -> tuple[Model | None, list[Finding]]:
    """Check data against a model; every mistake is a finding with its key path and line."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, _merged(_model_finding(model, dict(detail), text) for detail in error.errors())


_TAGS = ("function-", "dict[", "list[")
"""How the parts of a path begin by which pydantic tells alternatives apart; no key of ours does."""


def _is_tag(part: str) -> bool:
    return part == "str" or part.startswith(_TAGS)


def _model_finding(model: type[Section], detail: dict[str, Any], text: str) -> Finding:
    path: Path = tuple(part for part in detail["loc"] if isinstance(part, int) or not _is_tag(part))
    return Finding("error", path, _model_words(model, detail, path), line_of(text, path))


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """Join what is said of one value that fits none of its alternatives; where one fits in shape, only its faults."""
    by_path: dict[Path, Finding] = {}
    for finding in findings:
        known = by_path.get(finding.path)
        words = finding.words if known is None else f"{known.words}；或{finding.words}"
        by_path[finding.path] = replace(finding, words=words)
    within = {other[:depth] for other in by_path for depth in range(1, len(other))}
    return [finding for path, finding in by_path.items() if path not in within]


_KIND_WORDS = {
    "missing": "缺少必填的键",
    "number": "应是数字，不加引号",
    "quantity": '应是数字，或写成 "90%"、"1/3" 的比率',
    "string_type": "应是加引号的文字",
    "list_type": "应是列表，写在方括号里",
    "dict_type": "应是表，写在花括号里",
    "bool_type": "应是 true 或 false",
    "int_type": "应是整数",
    "string_pattern_mismatch": "只能用小写英文字母、数字和连字符",
}

_BOUNDS = {"greater_than_equal": "不能小于 {ge}", "less_than_equal": "不能大于 {le}", "greater_than": "要大于 {gt}"}
"""What is said of a number beyond its bounds, by pydantic's name for it."""


def _model_words(model: type[Section], detail: dict[str, Any], path: Path) -> str:
    if detail["type"] == "extra_forbidden":
        return f"没有这个键{_meant(model, path)}"
    if detail["type"] == "literal_error":
        return f"只能是 {detail['ctx']['expected'].replace(' or ', ', ').replace(', ', '、')} 之一"
    if detail["type"] == "value_error":
        return _KIND_WORDS.get(str(detail["ctx"]["error"]), "值不对")
    if detail["type"] == "list_type" and isinstance(detail["input"], dict) and inner_model(model, str(path[-1])):
        return f"可以有几张的表，表头都要写两层方括号：[[{path[-1]}]]"
    return _value_words(detail)


def _value_words(detail: dict[str, Any]) -> str:
    if detail["type"] == "string_type" and isinstance(detail["input"], date):
        return '日期也要加英文双引号，如 "2026-03-31"'
    bound = _BOUNDS.get(detail["type"])
    return bound.format(**detail["ctx"]) if bound else _KIND_WORDS.get(detail["type"], "值不对，类型或范围不符")


def _meant(model: type[Section], path: Path) -> str:
    """Return `；…` with the key that was likely meant, or where the key belongs, or ""."""
    if len(path) > 1 and path[-1] in known_keys(model, ()):
        return "；它要写在文件最前面，任何 [表] 之前"
    near = get_close_matches(str(path[-1]), known_keys(model, path[:-1]), n=1)
    return f"；是不是 {near[0]}" if near else ""


def known_keys(model: type[Section], path: Path) -> list[str]:
    """Return the keys that may stand in the table at a path of a model."""
    for part in path:
        if isinstance(part, str):
            model = inner_model(model, part) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def inner_model(model: type[Section], key: str) -> type[Section] | None:
    """Return the model of the table, or of the list's tables, that stands under a key."""
    field = next((field for name, field in model.model_fields.items() if key in (name, field.alias)), None)
    pending: list[Any] = [field.annotation if field else None]
    while pending:
        annotation = pending.pop()
        if isinstance(annotation, type) and issubclass(annotation, Section):
            return annotation
        pending.extend(getattr(annotation, "__args__", ()))
    return None


def load_scheme(raw: bytes, choices: Mapping[str, Any] | None = None) -> tuple[Scheme | None, list[Finding]]:
    """Read a standard from the bytes of its TOML file, with the office's `choices` laid over it.

    The standard is None where there is an error; warnings come along with it. What a text holds never changes, so
    that the last few are kept.
    """
    scheme, findings = _loaded(raw, _Choices(repr(choices or {}), choices or {}))
    return scheme, list(findings)


@dataclass(frozen=True)
class _Choices:
    """An office's choices, known by how they are written: lists and tables have no hash."""

    written: str
    told: Mapping[str, Any] = field(compare=False)


@lru_cache(maxsize=64)
def _loaded(raw: bytes, choices: _Choices) -> tuple[Scheme | None, list[Finding]]:
    data, text, findings = read_toml(raw)
    if findings:
        return None, findings
    data, findings = override(data, choices.told)
    scheme, faults = validated(Scheme, data, text)
    findings += faults
    if scheme is not None:
        findings += [replace(finding, line=line_of(text, finding.path)) for finding in lint(scheme)]
    fatal = any(finding.severity == "error" for finding in findings)
    return (None if fatal else scheme), findings
