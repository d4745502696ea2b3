"""The four tables that carry everything between rooms: entries, problems, results, trail.

Each table's columns stand here once, with type and unit. Figures are exact: typed ones in 10⁻⁶ units (int64,
missing allowed), computed ones as `Fraction` or None in object columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

MICRO_TYPE: Final = "Int64"
TEXT: Final = "object"
CATEGORY: Final = "category"
"""Texts that repeat: each is kept once, and a row holds its number."""

ENTRIES: Final[Mapping[str, str]] = {
    "unit": CATEGORY,  # 党组织编码 after identity is settled
    "round": CATEGORY,  # round name, such as 年初
    "form": CATEGORY,  # kind of form: self, survey, committee, records …
    "part": CATEGORY,  # one of PARTS
    "source": CATEGORY,  # source of the standard; "" for forms that feed none
    "rater": CATEGORY,  # 评委编号, ballot number, or ""
    "group": CATEGORY,  # 身份 of a ballot
    "item": CATEGORY,  # indicator name, item number, question, or "" for a total
    "rule": CATEGORY,  # rule, situation, head cell or field that the row is about; "" for a mark
    "option": CATEGORY,  # label chosen
    "value": MICRO_TYPE,  # the mark, figure or count, in millionths; missing where nothing numeric was typed
    "amount": MICRO_TYPE,  # 分值 typed, in millionths
    "work": CATEGORY,  # 同一工作
    "date": CATEGORY,  # ISO date as typed
    "reason": CATEGORY,  # 情况说明, 事由, 理由
    "evidence": CATEGORY,  # 依据
    "verdict": CATEGORY,  # 已核, 审核意见, 办公室确认
    "state": CATEGORY,  # one of STATES
    "file": CATEGORY,
    "sheet": CATEGORY,
    "cell": CATEGORY,  # A1 addresses of what was typed, in the order option, value, amount, reason; a space between
}
PARTS: Final = (
    "mark",  # a mark or a ballot's answer; item says of what
    "fact",  # what happened under a rule: 扣分加分, 评定扣分, 平时记录, 加分申报
    "votes",  # a line of a tally: votes for an option, or the mean of marks
    "head",  # a count or choice of the head, named by rule
    "record",  # a row of an office form: situation, decision, correction, receipt
    "also",  # a further cell of such a row, named by rule
)

STATES: Final = (
    "typed",  # read, and counts
    "blank",  # an expected mark that was not typed: missing
    "refused",  # typed, but not to be understood: missing
    "invalid",  # an answer of a ballot that is none: counted apart
    "void",  # anything on a ballot without a proper answer: such ballots are counted apart
    "rules",  # a blank mark to be computed from verified 评定扣分 rows
    "disputed",  # 初录 and 复录 differ: the figure waits
    "superseded",  # put right by a correction; kept for the trail
)

PROBLEMS: Final[Mapping[str, str]] = {
    "code": TEXT,
    "unit": TEXT,  # branch concerned, where known
    "file": TEXT,
    "sheet": TEXT,
    "cell": TEXT,
    "subject": TEXT,  # what stands in that cell: 党费缴纳
    "found": TEXT,  # the value found, as typed
    "values": TEXT,  # dict[str, str]: what the catalogue's words need beyond that
}

TRAIL: Final[Mapping[str, str]] = {
    "unit": TEXT,
    "round": TEXT,
    "step": TEXT,  # one of the steps named in scoring.trail.STEPS
    "source": TEXT,
    "rater": TEXT,
    "item": TEXT,  # indicator, item number, rule, question or situation the step is about
    "figure": TEXT,  # Fraction, or None where missing
    "text": TEXT,  # the outcome where it is no number: a grade, a label
    "words": TEXT,  # the step in Chinese
    "entries": TEXT,  # tuple[int, ...]: rows of the entries table behind it
}

RESULTS: Final[Mapping[str, str]] = {
    "unit": TEXT,
    "scheme": TEXT,  # id of the standard by which the branch is graded
    "scores": TEXT,  # dict[str, Fraction | None]: a figure a top-level source of the round, by its name
    "shares": TEXT,  # dict[str, Fraction | None]: a share by its name (满意率)
    "survey": TEXT,  # Fraction | None: the first survey source's mean of option points (测评得分)
    "bonus": TEXT,  # Fraction
    "composite": TEXT,  # Fraction | None: 综合得分, rounded as the standard says
    "unrounded": TEXT,  # Fraction | None: the composite before rounding
    "place": TEXT,  # int | None: 1, 2, 2, 4
    "computed": TEXT,  # 测算等次, "" where there is none
    "decided": TEXT,  # 审定等次, "" where the committee has not spoken
    "previous": TEXT,  # 上期等次
    "last_year": TEXT,  # 上年等次
    "movement": TEXT,  # 晋位情况
    "situations": TEXT,  # tuple[str, ...]: 直接定级或限档情形 that hold, those that moved nothing marked so
    "lowered": TEXT,  # which quota lowered the grade, from which to which; "" where none did
    "notes": TEXT,  # tuple[str, ...]: what is printed under 备注 of the grade: that its quota is not final yet
    "overruled": TEXT,  # the committee's reason where its grade is another than a situation gave, "" else
    "flags": TEXT,  # tuple[str, ...]
    "beside": TEXT,  # dict[str, str]: what is printed beside a flag: how many candidates for how many places …
    "follow_up": TEXT,  # what the standard asks for after this grade
    "issues": TEXT,  # tuple[tuple[str, Fraction, Fraction], ...]: weak indicators, figure, full mark
    "missing": TEXT,  # tuple[str, ...]: why there is no grade
    "assumed": TEXT,  # tuple[str, ...]: what the standard counts for what nobody handed in: 自评表未交，按0分计
    "settled": TEXT,  # bool: nothing more is waited for (不定等次 and 撤销 included)
    "borderline": TEXT,  # bool: within 0.5 of a bound
}


BRANCHES: Final[Mapping[str, str]] = {
    "unit": TEXT,  # 党组织编码
    "name": TEXT,
    "short_name": TEXT,
    "former_names": TEXT,  # as typed, names apart by 、
    "parent": TEXT,
    "level": TEXT,
    "category": TEXT,
    "secretary": TEXT,
    "secretary_since": TEXT,
    "acting": TEXT,
    "leader": TEXT,
    "full_members": TEXT,  # int | None
    "probationary_members": TEXT,  # int | None
    "members": TEXT,  # int | None: 党员数, both together
    "founded": TEXT,
    "term_ends": TEXT,
    "contact": TEXT,
    "phone": TEXT,
    "mail": TEXT,
    "state": TEXT,
    "merged_into": TEXT,
    "successor_of": TEXT,
    "own": TEXT,  # dict[str, str | Fraction | None]: what the standard's own columns say, by heading
}
"""The roster, in the order of 排序号; texts "" where blank."""

RATERS: Final[Mapping[str, str]] = {
    "rater": TEXT,  # 评委编号
    "name": TEXT,
    "source": TEXT,
    "group": TEXT,
    "items": TEXT,  # as typed: 负责指标
    "units": TEXT,  # as typed: 评定范围
    "avoids": TEXT,  # as typed: 回避党组织
    "state": TEXT,
    "mail": TEXT,
}

ROLLCALL: Final[Mapping[str, str]] = {
    "unit": TEXT,  # code of the branch whose form it is, "" for a rater's or the office's
    "rater": TEXT,
    "owner": TEXT,  # name of the branch or rater, as printed
    "parent": TEXT,
    "form": TEXT,  # as papers name it: by as much as tells it from the others
    "kind": TEXT,  # as settings and 收件登记 name it: 评定表
    "title": TEXT,  # as it is headed: 述职评议表
    "source": TEXT,
    "status": TEXT,  # one of STATUSES
    "files": TEXT,  # tuple[str, ...]
}
STATUSES: Final = ("已报", "未报", "待改", "重复", "旧版", "未识别")


KNOWN: Final[Mapping[str, Sequence[str]]] = {"part": PARTS, "state": STATES}
"""Texts that a column of the entries always has as categories, so that any of them may be set."""


def table(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Build a table with exactly these columns and types from rows that may leave some out ("")."""
    listed = list(rows)
    return from_columns(columns, {name: [row.get(name, "") for row in listed] for name in columns})


def from_columns(columns: Mapping[str, str], data: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Build a table with exactly these columns and types from whole columns."""
    return pd.DataFrame({name: _column(name, data[name], kind) for name, kind in columns.items()})


def _column(name: str, values: Sequence[Any], kind: str) -> pd.Series[Any]:
    if kind == MICRO_TYPE:
        return pd.Series(micro_column(values))
    return pd.Series(categories(name, values) if kind == CATEGORY else list(values), dtype=kind)


def micro_column(values: Sequence[Any]) -> pd.arrays.IntegerArray:
    """Return figures in millionths as a column; None, "" and what is missing in another column are missing."""
    codes, said = pd.factorize(np.array(values, dtype=object))
    missing = np.array([*(figure == "" for figure in said), True], dtype=bool)  # the last is code −1: None or NA
    figures = np.array([*(0 if figure == "" else figure for figure in said), 0], dtype=np.int64)
    return pd.arrays.IntegerArray(figures[codes], missing[codes])


def categories(name: str, values: Sequence[str], places: npt.NDArray[np.intp] | None = None) -> pd.Categorical:
    """Return texts as categories in the order in which they come. `places`: which of them each row says."""
    known = KNOWN.get(name, ())
    codes, texts = pd.factorize(np.array([*known, *values], dtype=object))
    own = codes[len(known) :]
    return pd.Categorical.from_codes(own if places is None else own[places], pd.Index(texts, dtype=object))


def _has_categories(column: pd.Series[Any]) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def texts_of(column: pd.Series[Any]) -> list[str]:
    """Return the texts of a column of categories."""
    held = cast("pd.Categorical", column.array)  # `.cat` makes an accessor each time, and a column of the codes
    texts = np.asarray(held.categories, dtype=object)
    return cast("list[str]", texts[held.codes].tolist())


def numbered(rows: pd.DataFrame, *names: str) -> tuple[npt.NDArray[np.int64], list[tuple[Any, ...]]]:
    """Return a number for each row by what it says in columns of categories, and what the rows of each number say."""
    joint = np.zeros(len(rows), dtype=np.int64)
    for name in names:
        joint = joint * len(rows[name].cat.categories) + rows[name].cat.codes.to_numpy()
    numbers = pd.factorize(joint)[0]
    first = np.flatnonzero(np.diff(np.maximum.accumulate(numbers), prepend=-1))  # numbers come in order
    return numbers, list(zip(*(texts_of(rows[name].iloc[first]) for name in names), strict=True))


def restated(column: pd.Series[Any], labels: npt.ArrayLike, texts: Sequence[str]) -> pd.Series[Any]:
    """Return a column of categories that says these texts at some labels; itself where it does so already."""
    places = column.index.get_indexer(pd.Index(np.asarray(labels, dtype=np.int64)))
    if texts_of(column.iloc[places]) == texts:
        return column
    known = column.cat.categories
    more = [text for text in dict.fromkeys(texts) if text not in known]
    held = cast("pd.Categorical", column.array).add_categories(more)
    codes = held.codes.copy()
    codes[places] = held.categories.get_indexer(pd.Index(texts, dtype=object))
    return pd.Series(pd.Categorical.from_codes(codes, held.categories), index=column.index)


def without(frame: pd.DataFrame, out: pd.Series[bool]) -> pd.DataFrame:
    """Return a table, numbered from 0, without some rows; the table itself where none goes."""
    return frame[~out].reset_index(drop=True) if out.any() else frame


def only(frame: pd.DataFrame, rows: pd.Series[bool]) -> pd.DataFrame:
    """Return some rows of a table, with their labels; the table itself where all are wanted."""
    return frame if rows.all() else frame[rows]


def stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put tables of the same columns below each other, each row with its label; a text is one category in all."""
    parts = [frame for frame in frames if len(frame)] or list(frames[:1])
    if len(parts) == 1:
        return parts[0]
    columns = {name: _stacked([part[name] for part in parts]) for name in parts[0]}
    return pd.DataFrame(columns, index=parts[0].index.append([part.index for part in parts[1:]]))


def _stacked(parts: Sequence[pd.Series[Any]]) -> Any:  # noqa: ANN401 - whatever array a column is made of
    if _has_categories(parts[0]):
        own = [np.asarray(part.cat.categories, dtype=object) for part in parts]
        codes, texts = pd.factorize(np.concatenate(own))
        ends = np.cumsum([len(each) for each in own])[:-1]
        joint = [codes[part.cat.codes.to_numpy()] for codes, part in zip(np.split(codes, ends), parts, strict=True)]
        return pd.Categorical.from_codes(np.concatenate(joint), pd.Index(texts, dtype=object))
    return pd.concat(parts).array


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries by column name."""
    columns = [texts_of(each) if _has_categories(each) else each.tolist() for _, each in frame.items()]
    names = list(frame.columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
