"""Headings of an online questionnaire's export: which are a platform's, which are private, which ask what we ask.

Platforms (问卷星, 腾讯问卷, 钉钉) head a column with the question as asked (`1、您对党支部工作的总体评价`,
`Q3：…（单选题）`, `5、请评价—领导班子`), and put columns of their own beside it: numbers, times,
addresses, names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher

from dingji.comparing import normal
from dingji.forms.questionnaire_form import BRANCH, GROUP, UNUSED
from dingji.read.grid import CellValue, text_of

PLATFORM = frozenset(
    (
        "提交答卷时间", "提交时间", "答卷提交时间", "填写时间", "开始时间", "结束时间", "开始答题时间", "结束答题时间",
        "所用时间", "答题时长", "填写时长", "来源详情", "来自ip", "ip", "ip地址", "提交ip", "ua", "referrer", "openid",
        "微信openid", "昵称", "微信昵称", "用户标识", "用户类型", "用户id", "填写人id", "提交人", "提交者", "填写人",
        "清洗数据结果", "智能清洗数据无效概率", "地理位置国家和地区", "地理位置省", "地理位置市", "自定义字段",
    )
)  # fmt: skip
"""Headings by which an export is told from a table that somebody made."""

ALSO_PLATFORM = frozenset(
    (
        "序号", "编号", "来源", "总分", "得分", "语言", "省份", "城市", "浏览器", "操作系统", "设备", "答卷编号",
        "答题序号", "状态", "渠道",
    )
)  # fmt: skip
_PRIVATE = re.compile(
    r"姓名|名字|手机|电话|联系方式|身份证|邮箱|微信|昵称|工号|学号|签名|签字|地理位置|住址|通讯地址|qq|e-?mail|openid"
)

HEADING_ROWS = 5
"""Rows from the top within which an export's headings stand."""
LIKE = 0.6
"""From this likeness on a question is proposed."""
SURE = 0.8
LONGEST = 120

_NUMBER = re.compile(r"^\s*(?:[Qq]\s*\d+(?:\s*[-_.]\s*\d+)*\s*[、.:)]?|第?\s*\d+\s*题?\s*[、.:)](?!\d))\s*")
_KIND = re.compile(r"[\[(【][^\[(【\])】]*(?:选|题|必填|必答)[^\[(【\])】]*[\])】]")
_FREE = re.compile(r"填空|简答|问答|上传|文件")
_PARTS = re.compile(r"[—–:→_|()\[\]【】]+|--?")
_BRANCH = re.compile(
    r"^(?:党支部|党组织|支部|党总支)(?:名称|编码|全称)?$"
    r"|(?:所在|所属|您的|选择|哪个|哪一|填写).{0,6}(?:党支部|党组织|支部|党总支|单位|部门|科室)"
)
_GROUP = re.compile(r"身份|政治面貌|人员类别|您是")


def tidy(heading: str) -> str:
    """Return a heading in plain signs, no longer than a question is."""
    return unicodedata.normalize("NFKC", heading[: LONGEST * 2]).strip()[:LONGEST]


def is_numbered(heading: str) -> bool:
    """Say whether a heading is numbered or marked as a questionnaire's question."""
    text = tidy(heading)
    return bool(_NUMBER.match(text) or _KIND.search(text))


def bare(heading: str) -> str:
    """Return the question alone, without its number and the kind of question."""
    return _KIND.sub("", _NUMBER.sub("", tidy(heading))).strip()


def is_private(heading: str) -> bool:
    """Say whether a column is the platform's own or asks who someone is: it is never read."""
    text = normal(bare(heading))
    return text in PLATFORM or text in ALSO_PLATFORM or bool(_PRIVATE.search(text))


def likeness(question: str, heading: str) -> float:
    """Return how like a heading is to what is asked, 0 to 1: as a whole, or the last part of a matrix question."""
    asked, whole = normal(question), bare(heading)
    parts = [part for part in _PARTS.split(whole) if part.strip()]
    return max((_alike(asked, normal(text)) for text in (whole, *parts[-1:])), default=0.0)


def _alike(asked: str, text: str) -> float:
    if not text or not asked:
        return 0.0
    if asked == text:
        return 1.0
    if min(len(asked), len(text)) > 1 and (asked in text or text in asked):
        return 0.7 + 0.3 * min(len(asked), len(text)) / max(len(asked), len(text))
    return SequenceMatcher(None, asked, text, autojunk=False).ratio()


def heading_row(rows: Sequence[Sequence[CellValue]], questions: Collection[str], *, certain: bool) -> int | None:
    """Return the row of an export's headings, None where it is no export.

    `certain`: a platform's own columns must stand beside questions; else numbered questions like ours are enough.
    """
    for row, line in enumerate(rows[:HEADING_ROWS]):
        headings = [text_of(value) for value in line if isinstance(value, str) and value.strip()]
        platform = any(normal(heading) in PLATFORM for heading in headings)
        numbered = any(is_numbered(heading) for heading in headings)
        doubtful = not (certain and numbered)
        if (platform if certain else numbered) and not (doubtful and not _asks(headings, questions)):
            return row
    return None


def _asks(headings: Collection[str], questions: Collection[str]) -> bool:
    return any(likeness(question, heading) >= SURE for heading in headings for question in questions)


def propose(
    headings: Mapping[str, str], answers: Mapping[str, Collection[str]], asked: Mapping[str, Collection[str]]
) -> dict[str, str]:
    """Return by column letter what each column is best taken for, 不用 where nothing is like it.

    `headings`: by letter; `answers`: what was answered in a column; `asked`: by question, what may be answered. A
    question is proposed once; answers exactly as the standard words them speak for it.
    """
    scored = []
    for place, (letter, heading) in enumerate(headings.items()):
        if is_private(heading) or _FREE.search("".join(_KIND.findall(tidy(heading)))):
            continue
        given = {normal(answer) for answer in answers.get(letter, ())}
        for order, (question, choices) in enumerate(asked.items()):
            known = bool(given) and given <= {normal(choice) for choice in choices}
            scored.append(
                (likeness(question.rpartition("：")[2], heading) + 0.4 * known, -place, -order, letter, question)
            )
        scored += [(score, -place, 0, letter, role) for role, score in _roles(bare(heading))]
    proposed: dict[str, str] = {}
    for score, _, _, letter, question in sorted(scored, reverse=True):
        if score >= LIKE and letter not in proposed and question not in proposed.values():
            proposed[letter] = question
    return {letter: proposed.get(letter, UNUSED) for letter in headings}


def _roles(heading: str) -> list[tuple[str, float]]:
    patterns = ((BRANCH, _BRANCH), (GROUP, _GROUP))
    return [(role, SURE) for role, pattern in patterns if pattern.search(heading)]
