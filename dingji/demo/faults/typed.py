"""Faults of one cell: what people type for a mark, and text that would do harm where it is printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from dingji.demo.faults.handwork import TEXTS, by_hand, done, first_claim, in_first_claim, replaced
from dingji.demo.faults.kit import Alter, Case, Fault
from dingji.forms.filling import Value
from dingji.scheme.indicators import Rule
from dingji.scheme.marking import things_of, typed_rules

HARMLESS: Final = "说明文字"


def claim(value: Value | Callable[[Case], Value]) -> Alter:
    """Return the fault that something was typed as the first mark of 自评表."""

    def alter(case: Case) -> None:
        lines = case.own().printed["自评表"]
        next(iter(lines.values()))["自评得分"] = value(case) if callable(value) else value

    return alter


def full_mark(words: str) -> Callable[[Case], Value]:
    """Return the first mark's full figure in words: `{}分`."""

    def typed(case: Case) -> Value:
        source = next(source for source in case.desk.stage.scheme.sources if source.main_form == "self")
        return words.format(things_of(case.desk.stage.scheme, source)[0].full)

    return typed


def wide(case: Case) -> Value:
    """Return the full mark in full-width digits."""
    return str(full_mark("{}")(case)).translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))


def remark(text: str) -> Alter:
    """Return the fault that a text stands beside the first mark, and in the head."""

    def alter(case: Case) -> None:
        paper = case.own()
        next(iter(paper.printed["自评表"].values()))["情况说明"] = text
        paper.head["填表人"] = text

    return alter


def named(text: str) -> Alter:
    """Return the fault that a text stands in the roster beside the branch, and in its form."""

    def alter(case: Case) -> None:
        case.roster["书记"] = text
        remark(text)(case)

    return alter


def of_ten_megabytes(case: Case) -> None:
    """Let a text be as long as no spreadsheet would keep it."""
    remark(HARMLESS)(case)
    case.own().works.append(replaced(TEXTS, (HARMLESS.encode(), ("长" * 3_500_000).encode())))


# --- the facts beside the marks ---------------------------------------------------------------------------


def fact(choose: Callable[[Rule], bool], type_in: Callable[[Rule], dict[str, Value]]) -> Alter:
    """Return the fault of what was typed beside the first rule that fits; StopIteration where none does."""

    def alter(case: Case) -> None:
        scheme = case.desk.stage.scheme
        source = next(source for source in scheme.sources if source.main_form == "self")
        rule = next(rule for _, rule in typed_rules(scheme, source) if choose(rule))
        case.own().printed["扣分加分"] = {rule.name: type_in(rule)}

    return alter


def is_counted(rule: Rule) -> bool:
    """Say whether a plain number is typed under a rule, and points follow for each."""
    return bool(rule.unit) and rule.unit != "%" and rule.each is not None and not rule.amounts and not rule.options


def is_fixed(rule: Rule) -> bool:
    """Say whether a rule takes a yes and gives fixed points."""
    return rule.once is not None and not rule.amounts and not rule.unit and rule.item is None


def half_struck(book: Workbook) -> None:
    """Strike the first digit of a mark through."""
    first_claim(book).value = CellRichText(TextBlock(InlineFont(strike=True), "1"), "1")


def struck(book: Workbook) -> None:
    """Strike a mark through."""
    first_claim(book).font = Font(strike=True)


def error_in_words(book: Workbook) -> None:
    """Let the remark beside a mark show an error."""
    remark_cell = first_claim(book).offset(0, 1)
    remark_cell.value, remark_cell.data_type = "#NAME?", "e"


cell = partial(Fault, "单元格")
text = partial(Fault, "文字")

FAULTS: Final = (
    cell("带单位", ("N220",), "填了“4分”，照数字读", claim(full_mark("{}分"))),
    cell("全角数字", ("N220",), "用全角填的数，照数字读", claim(wide)),
    cell("前有撇号", ("N220",), "数字前有一撇，照数字读", claim(full_mark("'{}"))),
    cell("前后空格", ("N220",), "数字前后有空格，照数字读", claim(full_mark("　{} "))),
    cell("得分比满分", ("N220",), "填了“4/4”，照数字读", claim(full_mark("{0}/{0}"))),
    cell("别的满分", ("E201",), "填了“4.5/500”，不知道是几分", claim("4.5/500")),
    cell("汉字分数", ("E201",), "填了“十分”", claim("十分")),
    cell("满分二字", ("E201",), "填了“满分”", claim("满分")),
    cell("一段分数", ("E201",), "填了“3-4”", claim("3-4")),
    cell("变成日期", ("E225",), "想填 3-4，被表格程序变成了日期", done(in_first_claim(datetime(2026, 3, 4)))),  # noqa: DTZ001 - a cell knows no zone
    cell("填了对错", ("E201",), "填了 TRUE", done(in_first_claim(value=True))),
    cell("公式文字", ("E201",), "公式前多了一撇，成了文字", claim("=2+2")),
    cell("负数", ("E202",), "填了 -1", claim(-1)),
    cell("超过满分", ("E203",), "填得比满分多", claim(1000)),
    cell("漏填", ("E204",), "有一项空着，不当 0 分", claim(None)),
    cell("只有空格", ("E204",), "看着空着，里面是空格", claim("　 ")),
    cell("百分数", ("E206",), "填了“90%”", claim("90%")),
    cell("百分比格式", ("E206",), "单元格是百分比格式", done(in_first_claim(0.9, "0%"))),
    cell("七位小数", ("E208",), "小数位太多", claim(0.1234567)),
    cell("天文数字", ("E208",), "填了 1E+20", claim(1e20)),
    cell("引用出错", ("E209",), "单元格显示 #REF!", done(in_first_claim("#REF!", data_type="e"))),
    cell("公式没算", ("E209",), "公式没有算出数", done(in_first_claim("=1+1"))),
    cell("划掉一位", ("E240",), "改分时划掉了一位数字", done(by_hand(half_struck))),
    cell("整格划去", ("E240",), "分数整个划去了", done(by_hand(struck))),
    cell("说明出错", ("W248",), "说明里显示 #NAME?，旁边的分照算", done(by_hand(error_in_words))),
    cell("数量为负", ("E202",), "“数量”填了负数", fact(is_counted, lambda _: {"数量": -2})),
    cell("数量写字", ("E201",), "“数量”填了“若干”", fact(is_counted, lambda _: {"数量": "若干"})),
    cell("少填数量", ("E214",), "只填了分值，没有填数量", fact(is_counted, lambda _: {"分值": 1})),
    cell("选项不对", ("E205",), "“选项”不是下拉框里的", fact(lambda rule: bool(rule.options), lambda _: {"选项": "差不多"})),
    cell("少选选项", ("E215",), "没有选“选项”", fact(lambda rule: bool(rule.options), lambda _: {"分值": 1})),
    cell("少填分值", ("E211",), "酌情给分的没有填分值", fact(lambda rule: bool(rule.once and rule.amounts), lambda _: {"选项": "是"})),
    cell("分值出格", ("E210",), "酌情给分的超出了幅度", fact(lambda rule: bool(rule.once and rule.amounts), lambda _: {"选项": "是", "分值": 99, "说明": "见附件"})),
    cell("没写理由", ("W230", "W221"), "酌情给分的没有写说明", fact(lambda rule: bool(rule.once and rule.amounts and rule.item), lambda _: {"选项": "是", "分值": 1})),
    cell("分值不符", ("W226",), "固定分值的规则，另填了分值", fact(is_fixed, lambda _: {"选项": "是", "分值": 99})),
    cell("自评偏高", ("W221",), "自评得分与所填事实不符", fact(lambda rule: is_counted(rule) and not rule.under and rule.item is not None, lambda _: {"数量": 2})),
    text("超链接公式", (), "说明里写了 =HYPERLINK(…)，只当文字", remark('=HYPERLINK("http://example.com","点我")')),
    text("命令文字", (), "说明里写了 +cmd…，只当文字", remark("+cmd|' /C calc'!A0")),
    text("脚本文字", (), "说明里写了 <script>，只当文字", named("<script>alert(1)</script>")),
    text("模板文字", (), "说明里写了 {{7*7}}，只当文字", named("{{7*7}}{% raw %}")),
    text("控制字符", (), "说明里有看不见的字符", remark("甲\u202e乙\u200b丙\x0b丁")),
    text("生僻字", (), "名字里有生僻字", named("䶮𬱟𠮷")),
    text("十兆文字", ("E105", "E310"), "一个单元格里有十兆字", of_ten_megabytes),
)  # fmt: skip
