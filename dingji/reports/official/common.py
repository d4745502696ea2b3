"""What every official paper prints: who signs, when, the number left blank, how the round and the work are called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dingji.forms.layout import text_width
from dingji.naming import safe_name
from dingji.outcome import Outcome
from dingji.reports.documents import chinese_date
from dingji.reports.foot import of_work
from dingji.reports.overview import upward_heading

PEN_DATE: Final = "　　年　月　日"
PEN: Final = "＿＿＿＿＿＿"
"""Room for the pen where the settings say nothing."""
ANY_CODE: Final = "×党"
NUMERALS: Final = "一二三四五六七八九十"
LARGEST: Final = 99
TITLE_WIDTH: Final = 40
"""So many half-width characters of 二号 stand on a line of a paper."""


def paper_date(text: str) -> str:
    """Return a day as papers print it (2026年3月31日); a blank one leaves room for the pen."""
    return chinese_date(text) if text else PEN_DATE


def round_words(outcome: Outcome) -> str:
    """Return the round as a sentence has it: 2026年初, 2026年上半年."""
    settings = outcome.settings.round
    return f"{settings.year}{'' if settings.name.startswith('年') else '年'}{settings.name}"


def numeral(number: int) -> str:
    """Return a number of a heading in Chinese: 一, 十二; in figures from 100."""
    tens, ones = divmod(number, 10)
    if not 0 < number <= LARGEST:
        return str(number)
    before = "" if not tens else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return before + (NUMERALS[ones - 1] if ones else "")


def common(outcome: Outcome) -> dict[str, Any]:
    """Return the fields that all papers have, under Chinese names for the officer."""
    publish, office = outcome.settings.publish, outcome.settings.office
    return {
        "轮次": round_words(outcome),
        "工作": of_work(outcome, "") or "分类定级",
        "称呼": called(outcome),
        "署名": publish.signature or office.name,
        "成文日期": paper_date(publish.date),
        "文号": f"{publish.code or ANY_CODE}〔{outcome.settings.round.year}〕　号",
        "红头": publish.red_head,
        "程序": list(dict.fromkeys(one.procedure for one in outcome.schemes.values() if one.procedure)),
        "等次栏": upward_heading(outcome),
        "密级": publish.secrecy,
        "知悉范围": publish.readers,
        "密级行": publish.secret_line,
    }


def called(outcome: Outcome) -> str:
    """Return what those graded are called: by the standard, or in the word for all where several standards differ."""
    names = {scheme.unit for scheme in outcome.schemes.values()}
    return names.pop() if len(names) == 1 else outcome.counted


def subject(outcome: Outcome, what: str, head: str = "关于") -> str:
    """Return the title of a paper: 关于2026年初党支部分类定级结果的通报."""
    return f"{head}{round_words(outcome)}{of_work(outcome, '') or '分类定级'}{what}"


def whole_round(title: str) -> str:
    """Return a title whose round in brackets begins a line where it would else be torn: `…反馈`, `（2026 半年）`."""
    before, bracket, after = title.rpartition("（")
    return f"{before}\n{bracket}{after}" if before and text_width(title) > TITLE_WIDTH else title


def public_days(outcome: Outcome) -> str:
    """Return from when to when a list is shown, as far as the settings tell it."""
    publish = outcome.settings.publish
    days = f"（{publish.days}个工作日）" if publish.days else ""
    return f"{paper_date(publish.begins)}至{paper_date(publish.ends)}{days}"


def joined(names: Sequence[str]) -> str:
    """Return names as a sentence lists them."""
    return "、".join(names)


def parent_folder(code: str, parent: str) -> str:
    """Return how a parent unit's own papers and their folder are called; `code` is "" where the roster has none."""
    return safe_name("_".join(part for part in (code, parent or "未填") if part))
