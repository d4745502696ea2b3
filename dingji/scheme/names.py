"""The one list of names that conditions may read: the standard's own, the roster's, and what grading computes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dingji.scheme.model import Scheme, Source

ROUND = "轮次"
"""The one name of the roster that tells no branch from another."""
ROSTER = (
    "党组织编码", "党组织名称", "上级党组织", "层级", "类别", "书记", "书记任职时间", "主持工作人", "联系领导",
    "成立日期", "届满日期", "正式党员", "预备党员", "党员数", "成立月数", "书记任职月数", ROUND,
)  # fmt: skip
CATEGORY = "类别"
"""The column of the roster by which tables tell branches apart."""
NUMBERS = ("党员", "党员数", "月数")
"""How names of the roster end that are numbers."""
DATES = ("日期", "时间")
"""How names of the roster end that are dates; the others are texts."""
TOLD = ("等次", "得分", "名次")
"""What an earlier result tells of a branch."""
LAST, YEAR_BEFORE = "上期", "上年"
EARLIER = tuple(f"{when}{what}" for when in (LAST, YEAR_BEFORE) for what in TOLD)
"""What the last round told, and the round of the same name a year before."""
FURTHEST = 9
FURTHER = tuple(f"前{n}{step}{what}" for step in ("期", "年") for n in range(2, FURTHEST + 1) for what in TOLD)
"""What rounds before those told: 前2期等次 is the round before 上期's, 前2年等次 two years before this one."""
WITHINS = ("类别", "上级党组织")
"""Columns of the roster by which quotas and places are reckoned apart."""


def rank_within(column: str) -> str:
    """Return the name of the place among those that have the same in a column of the roster: 类别内排名."""
    return f"{column}内排名"


RANKS = ("排名", *map(rank_within, WITHINS))
"""Names of places; they are had only after the decision."""
AFTER_GRADING = (*RANKS, "等次", "晋位情况")
"""What a branch has only once it is graded; nobody types it."""
COMPUTED = ("加分", "综合得分", *RANKS, "等次", *EARLIER, "晋位情况")
HEADS = {"self": ("应到", "实到", "赞成"), "survey": ("应参加", "实到", "发出", "收回", "有效", "无效")}
"""Counts in the head of a source's form, read as `来源.名称`."""
LATE, UNREPORTED = ".迟报", ".未报"
SOURCE_FORMS = {"self": "自评表", "survey": "测评表", "committee": "评定表", "peer": "互评表"}
"""Forms on which sources mark, by kind."""


def form_title(source: Source) -> str:
    """Return how a source's form is headed: as the standard calls it, else by its kind."""
    return source.title or SOURCE_FORMS[source.main_form]


RATED = ("committee", "peer")
"""Kinds of form on which others than the branch itself mark by name."""
OFFICE_FORMS = {"情形申报": "situation", "加分申报": "bonus", "平时记录": "records", "收件登记": "receipt"}
"""Forms that no source needs and a standard may require, with their kinds."""
FORMS = ("自评表", "测评表", "评定表", "互评表", "情形申报", "加分申报")


NOT_READ = ("排序号", "规范简称", "曾用名", "联络员", "联系电话", "邮箱", "状态", "并入编码", "承继")
"""Columns of the roster that no condition reads."""


def roster_names(scheme: Scheme) -> tuple[str, ...]:
    """Return what `for` may read: roster facts, the standard's own columns among them, and the round."""
    return (*ROSTER, *(column.name for column in scheme.roster))


def known_names(scheme: Scheme) -> list[str]:
    """Return every name that a condition of this standard may read."""
    return [*roster_names(scheme), *COMPUTED, *FURTHER, *_roll_call(), *dict.fromkeys(_own(scheme))]


def _roll_call() -> Iterator[str]:
    for form in FORMS:
        yield f"{form}{LATE}"
        yield f"{form}{UNREPORTED}"


def declared(scheme: Scheme) -> list[str]:
    """Return the names of the situations that are declared and confirmed, which are yes or no."""
    return [situation.name for situation in scheme.situations if not situation.when]


def _own(scheme: Scheme) -> Iterator[str]:
    yield from declared(scheme)
    for indicator in scheme.indicators:
        yield indicator.name
        yield from (rule.name for rule in indicator.rules)
    for source in scheme.sources:
        yield source.name
        inner = [*source.shares, *(indicator.name for indicator in scheme.scored)]
        inner += [rule.name for indicator in scheme.indicators for rule in indicator.rules]
        inner += HEADS.get(source.main_form, ())
        yield from source.shares
        yield from (f"{source.name}.{name}" for name in inner)


def source_heading(name: str) -> str:
    """Return the heading of a source's column: 党群评分 → 党群得分, 自评 → 自评得分."""
    return f"{name.removesuffix('评分').removesuffix('得分')}得分"


def source_headings(names: Iterable[str]) -> dict[str, str]:
    """Return the sources' names by the headings of their columns.

    A second source whose heading would be the first's again (党群评分 beside 党群得分) keeps its whole name.
    """
    headings: dict[str, str] = {}
    for name in names:
        heading = source_heading(name)
        headings[f"{name}得分" if heading in headings else heading] = name
    return headings


def option_score_name(sources: Iterable[str]) -> str:
    """Return how papers name a survey's mean of option points: 测评得分, where that heads no source's column."""
    return "选项平均分" if "测评得分" in map(source_heading, sources) else "测评得分"
