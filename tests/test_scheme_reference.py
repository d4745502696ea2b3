"""The reference and the JSON Schemas: as current as the models, complete, and true in every example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from pydantic import TypeAdapter, ValidationError

from dingji.reference import words
from dingji.reference.documents import documents
from dingji.reference.kinds import TablePlace, keys, tables
from dingji.reference.schema import TomlSchema, json_schema
from dingji.scheme.condition_values import _CELLS, Column, evaluate
from dingji.scheme.conditions import AMONG, FUNCTIONS, names_in, parse
from dingji.scheme.finding import Finding
from dingji.scheme.finding import Path as KeyPath
from dingji.scheme.lint import lint
from dingji.scheme.load import load_scheme, read_toml, validated
from dingji.scheme.model import Quota, Scheme, Situation, Source
from dingji.scheme.names import COMPUTED, ROSTER
from dingji.scheme.told import Section
from dingji.scheme.written import Bound, Limit, Names, Number, Points
from dingji.scoring.trail import STEPS
from dingji.settings import Settings
from tests.drawn import decisions, entries, marks
from tests.json_check import faults
from tests.small_standard import ONE_MARK, scored, standard

PROGRAM = Path(__file__).parents[1]
DOCUMENTS = PROGRAM / "docs"
ROOTS: tuple[type[Section], ...] = (Scheme, Settings)
PLACES = [(root, place) for root in ROOTS for place in tables(root)]
CHINESE = re.compile(r"[\u4e00-\u9fff]")

# --- as current and as complete as the models ---------------------------------------------------------------


@pytest.mark.parametrize("name", documents())
def test_the_pages_are_current(name: str) -> None:
    """After a change of a model or of the words: python -m dingji.reference."""
    assert (DOCUMENTS / name).read_text("utf-8") == documents()[name]


def test_every_key_has_one_plain_chinese_sentence_and_an_example() -> None:
    for key in (key for _, place in PLACES for key in keys(place.model)):
        assert key.words.does.endswith("。"), key
        assert CHINESE.search(key.words.does), key
        assert key.name in key.words.example, key


def _literals(hint: object) -> Iterator[str]:
    if get_origin(hint) is Literal:
        yield from (value for value in get_args(hint) if isinstance(value, str) and value)
    for part in get_args(hint) if get_origin(hint) is not Literal else ():
        yield from _literals(part)


def test_every_english_value_is_told_and_no_other() -> None:
    hints = [hint for _, place in PLACES for hint in get_type_hints(place.model, include_extras=True).values()]
    values = {value for hint in hints for value in _literals(hint) if not CHINESE.search(value)} - {"none"}
    assert values == {value for value in words.VALUES if value}


# --- every example in its place -----------------------------------------------------------------------------

FRAME = """
id = "frame"
title = "示例"
rounds = ["年初", "年终"]
rounding = { places = 2 }
roster = [{ name = "社区类型" }]
scaled = true
grades = [{ name = "好", from = 90 }, { name = "较好", from = 80 }, { name = "一般", from = 60 }, { name = "差" }]
sources = [
  { name = "党群评分", form = "survey", weight = 100, options = { "满意" = 100 }, shares = { "满意率" = ["满意"] } },
  { name = "静态考评", weight = 0 },
  { name = "述职", form = "committee", in = "静态考评", weight = 100 },
]
situations = [{ name = "情形", flag = "标注" }]
quotas = [{ flag = "标注", top = 1 }]
honours = [{ name = "称号", by = "list", flag = "标注", places = 3 }]
targets = [{ name = "目标", out_of = ["差"], to = ["好"], at_least = "50%" }]
days = [{ name = "报总结", by = "9月5日" }]
[[indicators]]
name = "班子"
full = 100
items = [{ no = 1, full = 100 }]
rules = [{ name = "规则", of = "满意率", bands = [{ from = "90%", points = 0 }, { points = -15 }] }]
[[indicators]]
name = "总体评价"
full = 0
rules = [{ name = "信访量", unit = "件" }]
[[examples]]
name = "例子"
typed = { "考核" = 90 }
expected = { "考核" = 90 }
"""
ANY_FORM = ("name", "weight")
"""Keys of a source that do not depend on its form."""
EFFECTS = (Situation, Quota)
"""Tables of which an example tells all but the name: a situation has one effect only."""


def framed(root: type[Section]) -> dict[str, Any]:
    """Return a file of a kind in which every table stands once."""
    text = FRAME if root is Scheme else (PROGRAM / "config.toml").read_text("utf-8")
    return read_toml(text.encode())[0]


def path_of(place: TablePlace) -> KeyPath:
    """Return where a frame has a table; of several the first."""
    if place.inside is None:
        return ()
    return (*path_of(place.inside), place.key, *((0,) if place.several else ()))


def parsed(example: str) -> dict[str, Any]:
    """Return an example's keys; those of a row in braces are the row's."""
    is_row = example.startswith("{")
    data, _, found = read_toml(f"row = {example}".encode() if is_row else example.encode())
    assert [finding.text for finding in found] == []
    row: dict[str, Any] = data["row"] if is_row else data
    return row


def with_example(root: type[Section], place: TablePlace, example: str) -> dict[str, Any]:
    """Lay an example over its table in the frame: its lines beside the others, a row in braces in a row's stead."""
    read, data = parsed(example), framed(root)
    table: Any = data
    for step in path_of(place):
        table = table[step]
    kept = () if example.startswith("{") else ("name",) if place.model in EFFECTS and set(read) - {"choice"} else table
    other_form = place.model is Source and read.get("form", "survey") != "survey"
    for key in set(table) - (set(ANY_FORM) if other_form else set(kept)):
        del table[key]
    table.update(read)
    return data


def errors(root: type[Section], data: dict[str, Any]) -> list[Finding]:
    """Return the errors of a file's data."""
    model, found = validated(root, data, "")
    found += lint(model) if isinstance(model, Scheme) else []
    return [finding for finding in found if finding.severity == "error"]


EXAMPLES = [
    pytest.param(root, place, key.words.example, id=f"{place.model.__name__}.{key.name}")
    for root, place in PLACES
    for key in keys(place.model)
]


@pytest.mark.parametrize("root", ROOTS)
def test_the_frame_has_every_table_and_no_errors(root: type[Section]) -> None:
    assert errors(root, framed(root)) == []
    for place in tables(root):
        with_example(root, place, "")


@pytest.mark.parametrize(("root", "place", "example"), EXAMPLES)
def test_an_example_is_right_in_its_place(root: type[Section], place: TablePlace, example: str) -> None:
    """Nothing is found at its table or within; the sums of other tables may no longer agree."""
    data = with_example(root, place, example)
    places = [path_of(place)] if place.inside else [(key,) for key in parsed(example)]
    assert [finding.text for at in places for finding in errors(root, data) if finding.path[: len(at)] == at] == []
    schema = json_schema(root)
    assert faults(data, schema, schema) == []


def test_the_example_of_choices_opens_the_standard_that_it_names() -> None:
    told = next(key for key in keys(Settings) if key.name == "choices")
    choices = read_toml(told.words.example.encode())[0]["choices"]
    for name, chosen in choices.items():
        raw = (PROGRAM / "schemes" / f"{name}.toml").read_bytes()
        scheme, found = load_scheme(raw, chosen)
        assert [finding.text for finding in found] == []
        assert scheme is not None


# --- JSON Schema --------------------------------------------------------------------------------------------

STANDARDS = sorted((PROGRAM / "schemes").glob("*.toml"))


@pytest.mark.parametrize("path", [*STANDARDS, PROGRAM / "config.toml"], ids=lambda path: path.stem)
def test_the_schemas_accept_what_ships(path: Path) -> None:
    schema = json_schema(Settings if path.stem == "config" else Scheme)
    assert faults(read_toml(path.read_bytes())[0], schema, schema) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("ful = 100", ".ful: unknown"),
        ('full = "100"', ".full: not number"),
        ("version = 1.5", ".version: not integer"),
        ('id = "五个好"', ".id: not as the pattern has it"),
        ("rounding = { places = 7 }", ".rounding.places: out of range"),
        ('bounded = "rule"', ".bounded: not one of the values"),
        ("rounds = [1]", ".rounds: none of the alternatives"),
        ("targets = [{}]", ".targets[0].name: wanting"),
    ],
)
def test_a_schema_refuses_what_the_model_refuses(wrong: str, told: str) -> None:
    data = framed(Scheme) | read_toml(wrong.encode())[0]
    schema = json_schema(Scheme)
    assert told in faults(data, schema, schema)
    assert errors(Scheme, data)


@pytest.mark.parametrize(
    "kind", [Number, Bound, Points, Limit, Names], ids=["Number", "Bound", "Points", "Limit", "Names"]
)
@pytest.mark.parametrize(
    "value",
    [8, Decimal("0.5"), True, "90%", " 12.5% ", "1/3", "1/0", "90", "九成", "none", [1, 2], [1], [1, 2, 3], ["甲"], {}],
    ids=repr,
)
def test_a_schema_takes_the_values_that_the_model_takes(kind: Any, value: object) -> None:  # noqa: ANN401 - a type
    adapter = TypeAdapter(kind)
    schema = adapter.json_schema(schema_generator=TomlSchema)
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError:
        assert faults(value, schema, schema)
    else:
        assert faults(value, schema, schema) == []


@pytest.mark.parametrize("root", ROOTS)
def test_a_schema_explains_every_table_and_key_in_chinese(root: type[Section]) -> None:
    schema = json_schema(root)
    listed = {place.model.__name__: place.model for place in tables(root) if place.model is not root}
    assert set(schema["$defs"]) == set(listed)
    for table in (schema, *schema["$defs"].values()):
        assert all(CHINESE.search(told["description"]) for told in (table, *table["properties"].values()))


# --- conditions and the order of steps ----------------------------------------------------------------------


def test_every_built_in_name_function_and_operator_is_told_and_no_other() -> None:
    assert tuple(words.ROSTER_NAMES) == ROSTER
    assert tuple(words.COMPUTED_NAMES) == COMPUTED
    assert tuple(words.FUNCTIONS) == FUNCTIONS
    signs = {sign for signs in words.OPERATORS for sign in signs.split()}
    assert signs - {"(", ")"} == set(_CELLS) - set(AMONG)


@pytest.mark.parametrize("example", [example for _, example in (*words.FUNCTIONS.values(), *words.OPERATORS.values())])
def test_an_example_of_a_condition_can_be_read(example: str) -> None:
    assert names_in(parse(example))


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("0 / 0 = 1", True),
        ("1 / 0 = 1", None),
        ("缺 + 1 = 1", None),
        ("缺 = 缺", None),
        ("缺 = 1 and 1 = 2", False),
        ("缺 = 1 or 1 = 1", True),
        ("缺 = 1 and 1 = 1", None),
        ("1 = 1 or not 1 = 1 and 1 = 2", True),
        ("90% = 9 / 10", True),
        ("1/3 * 3 = 1", True),
    ],
)
def test_what_the_reference_says_of_conditions_is_so(condition: str, *, holds: bool | None) -> None:
    def lookup(_name: str) -> Column:
        return [None]

    assert evaluate(parse(condition), lookup, 1) == [holds]


EVERY_EFFECT = ONE_MARK + "".join(
    f'[[situations]]\nname = "情形{number}"\nwhen = "党员数 > 0"\n{effect}\n'
    for number, effect in enumerate(
        ('flag = "标注"', 'no_grade = "不定"', 'grade = "差"', 'at_most = "一般"', 'at_least = "好"', "score = 50")
    )
)


def test_steps_are_told_in_the_order_in_which_they_are_taken() -> None:
    assert list(words.STEPS) == list(STEPS)
    found = scored(
        standard(EVERY_EFFECT),
        entries(
            marks("支部 | 评委 | 总分\n甲 | 评委一 | 95", "评定"),
            decisions("支部 | 测算等次 | 审定等次 | 理由\n甲 | 不定 | 好 | 研究"),
        ),
        roster={"党员数": [Fraction(1)]},
        previous={"甲": "差"},
    )
    taken = list(found.scores.trail.table()["step"])
    after = [step for step in STEPS if step in taken]
    assert taken == after
    assert {"composite", "score", "points", "at_least", "at_most", "grade", "no_grade", "decision"} <= set(taken)
    assert taken[-2:] == ["movement", "flag"]
