"""The reference as a Markdown page, written from the models and the words declared about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dingji.reference.kinds import Key, TablePlace, default_words, keys, tables
from dingji.reference.words import (
    COMPUTED_NAMES,
    FUNCTIONS,
    OPERATORS,
    ROSTER_NAMES,
    STEPS,
)
from dingji.scheme.model import Scheme
from dingji.scheme.names import COMPUTED, FORMS, ROSTER
from dingji.scheme.told import Section
from dingji.scheme.written import Table
from dingji.scoring.trail import STEPS as STEP_NAMES
from dingji.settings import Settings

OPENING = """\
# 标准和设置的写法

一个定级标准是 `schemes` 文件夹里的一个 TOML 文件，本单位本轮的设置是 `config.toml`。这里列出两种文件里能写的每一个键。
第一次写标准，先看《[把通知写成标准](教程-把通知写成标准.md)》；写好后用 `python process.py scheme lint 标准` 检查，
用 `python process.py scheme show 标准` 读成中文，与通知逐条对照。

本页由 `python -m dingji.reference` 从程序里生成，不要直接改。

几条通用的写法：

- 键用英文，名称和文字用中文；文字都放在英文双引号里。中文作键也要加引号：`{ "年初" = 30 }`。
- 标点用英文半角。文件存为 UTF-8。`#` 之后到行尾是说明，程序不读。
- 数字不加引号；比率写成 `"90%"` 或 `"1/3"`，不写 90。数都是精确计算的，三分之一就是三分之一。
- 指标、规则、来源、情形、比率的名称合在一起，不能重复，也不能用程序自带的名称（见“条件”）。
- 只写通知里有的；没有写的键，按“不写时”一栏。写错的键会指出行号，并提示可能想写的键。

编辑器（如装了 TOML 插件的 VS Code）可以自动补全和提示：在标准文件的第一行写 `#:schema ../docs/scheme.schema.json`，
在 `config.toml` 的第一行写 `#:schema docs/config.schema.json`。"""

CONDITIONS = """\
## 条件和算式

`when`、`for`、`exempt`、`among` 写条件，`of` 写算式，用的是同一种写法，放在英文双引号里，其中的文字用英文单引号：
`when = "类别 = '机关' and 满意率 < 90%"`。能读什么名称：

- `for`、`exempt`：只能读名册上的事项和轮次，因为发表的时候就要知道。
- `when`、`of`：还能读得分、比率、规则下填的事实、综合得分、上期等次；但评分的规则不能读综合得分和指标合成后的得分，
  因为那时各方还没有合成（一方的分可以读：`自评.班子建设`）。
- 写了 `flag` 的情形和名额：还能读等次、晋位情况、排名和类别内排名，因为它们在审定之后才判断。
- 名额的 `ties` 写算式，几个写在 `[ ]` 里，数大的排在前面；数小的在前面的加负号：`ties = ["满意率", "-信访量"]`。

### 运算

{operators}

数字写 `90`、`0.5`，比率写 `90%`、`1/3`，文字写 `'机关'`。比率要与比率比较：`满意率 < 90` 是错误，应写 `满意率 < 90%`。
反过来，得分、数量不能与 `90%` 比较；文字与数不能比较。填“是”或“否”的规则直接写名称（`缺席`、`not 缺席`），
写 `缺席 = '是'` 也可以。
比较的是精确的数，不是印出来的两位小数。不能连着比较：`60 <= x < 90` 要写成 `60 <= x and x < 90`。

### 函数

{functions}

有一个党组织的数还缺，`最高`、`最低`、`平均`、`名次` 就都没有结果：要等数齐了才能比；
`较大`、`较小` 的几个数缺一个，也没有结果。
`下级平均`、`下级最高`、`下级最低` 看名册上“上级党组织”写的是它的各单位：
同一个标准的、另一个标准的（先算下级）、由下级报来结果的都算；
“是”算 1、“否”算 0，所以 `下级平均(等次 = '好')` 是下级中好的占比。缺一个下级的数，或者没有下级，就没有结果。
评分的规则要读下级的综合得分，下级得另用一个标准，或者由下级报来：同一个标准的，那时还没有合成。

### 0 ÷ 0 和缺的数

- 0 ÷ 0 得 1（没有任务，算完成）；其他数除以 0，得不出数。
- 缺的数参加计算，结果也是缺；与缺的数比较，既不是“是”也不是“否”。
- `and` 有一边是“否”就是“否”，`or` 有一边是“是”就是“是”，哪怕另一边缺；其余情况有缺就是缺。
- 条件的结果是缺：情形、等次不成立；`for` 仍然适用（不因为名册没有填就免评，问题清单里指出）；
  分档要用到它的，这一项没有分。

### 程序自带的名称

{names}

再往前的写 `前2期等次`、`前3期得分`（上期再往前一轮、两轮）和 `前2年等次`、`前3年名次`（两年前、三年前同名的轮次），
最远到 9。连续三次定为好：`等次 = '好' and 上期等次 = '好' and 前2期等次 = '好'`；
进步5分以上：`综合得分 - 上期得分 >= 5`。
这些都读 `input` 里那几轮的《分类定级结果.xlsx》；没有放进来的、那一轮没有这个党组织的，是不知道，不当作“不是”。

`{forms}` 之后可以写 `.迟报`、`.未报`，如 `自评表.迟报`：结果是“是”或“否”。

### 标准自己的名称

- 指标的名称：这个指标合成后的得分。`党群评分.群众反映好`：党群评分这一方给它的分。
- 来源的名称：这一方的得分。
- 比率的名称（如 `满意率`）：几方都有的，是最后写的那一方的；`党群评分.满意率` 是那一方的。
- 规则的名称：填在它下面的数量、选项或是否；写了 `of` 的规则，是那个算式的结果。

- 由支部申报的情形的名称：办公室确认了就是“是”，如 `among = "等次 = '好' and not 书记受处分"`。

“是”参加加减乘算 1，“否”算 0，所以可以数有几种情形：`班子不团结 + 信访突出 + 账目混乱 >= 2`。

名称里有括号、顿号等符号，或以数字开头的，在条件里加上中文双引号：`“作风建设（含廉政）” < 12`、
`“党群评分.学习、教育” < 10`。"""

ORDER = """\
## 计算顺序

不论标准里先写后写，程序总是按这个顺序计算；每一步都记下来，`python process.py explain 党组织` 逐步印出。

{steps}"""


def reference() -> str:
    """Return the whole reference page."""
    parts = [
        OPENING,
        "## 标准（schemes/*.toml）",
        _shared(),
        *_places(Scheme),
        _conditions(),
        ORDER.format(steps="\n".join(_steps())),
        "## 设置（config.toml）",
        *_places(Settings),
    ]
    return "\n\n".join(parts) + "\n"


def _shared() -> str:
    return f"### {Table.words.title}\n\n{Table.words.about}\n\n{_key_table(keys(Table))}"


def _places(root: type[Section]) -> Iterator[str]:
    for place in tables(root):
        yield _place(place)


def _place(place: TablePlace) -> str:
    words = place.model.words
    header = f"：{place.header}" if place.header else ""
    listed = [key for key in keys(place.model) if key.declared_in is not Table]
    own = sorted(listed, key=lambda key: place.model.__mro__.index(key.declared_in))
    return f"### {words.title}{header}\n\n{words.about}\n\n{_key_table(own)}"


def _key_table(listed: Iterable[Key]) -> str:
    rows = [(f"`{key.name}`", key.kind, default_words(key), key.words.does, code(key.words.example)) for key in listed]
    return markdown_table(("键", "写什么", "不写时", "作用", "例"), rows)


def markdown_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; a bar in a cell is kept from ending it."""
    lines = [headings, ["---"] * len(headings), *([cell.replace("|", r"\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(lines: str) -> str:
    """Return lines of code as they stand in a cell."""
    return "<br>".join(f"`{line}`" for line in lines.splitlines())


def _conditions() -> str:
    operators = [(code(signs), words, code(example)) for signs, (words, example) in OPERATORS.items()]
    functions = [(code(f"{name}(…)"), words, code(example)) for name, (words, example) in FUNCTIONS.items()]
    names = [(code(name), {**ROSTER_NAMES, **COMPUTED_NAMES}[name]) for name in (*ROSTER, *COMPUTED)]
    return CONDITIONS.format(
        operators=markdown_table(("写法", "意思", "例"), operators),
        functions=markdown_table(("写法", "意思", "例"), functions),
        names=markdown_table(("名称", "是什么"), names),
        forms="`、`".join(FORMS),
    )


def _steps() -> Iterator[str]:
    for number, (step, name) in enumerate(STEP_NAMES.items(), start=1):
        yield f"{number}. **{name}**：{STEPS[step]}"
