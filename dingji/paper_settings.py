"""What official papers say of the office: who signs, when, how long a list is shown and who hears objections.

Nothing of it is ever guessed: what is left blank is a blank on paper, to be filled in by hand, and is told once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar, Final

from pydantic import Field, field_validator

from dingji.round_days import DATE_WORDS, MONTH_WORDS, Mistake, is_date, iso, iso_month
from dingji.scheme.told import Section, TableWords, key

DAYS: Final = ("date", "begins", "ends", "rectify_by")
ALWAYS: Final = {"date": "成文日期", "superior": "报告主送"}
SHOWN: Final = {
    "begins": "公示第一天",
    "ends": "公示最后一天",
    "department": "受理部门",
    "phone": "受理电话",
    "address": "受理地址",
}
"""What a paper leaves room for where it is not told: every round, and where grades are shown in public."""


class Publish(Section):
    """What papers for others' eyes print beside the figures."""

    words: ClassVar = TableWords(
        "公文", "公示、通报、报告、反馈、通知书上印的单位、日期和电话；不写的留空，打印后手填。"
    )
    code: Annotated[
        str,
        key(
            "发文机关代字",
            "印在文号里：代字〔年份〕　号，序号总是留空手填；不写代字的，印成“×党”。",
            'code = "示党"',
        ),
    ] = ""
    signature: Annotated[str, key("署名", "公文的署名；不写，就是填报单位。", 'signature = "中共示范医院委员会"')] = ""
    date: Annotated[str, key("成文日期", "公文落款的日期。", 'date = "2026-04-10"')] = ""
    begins: Annotated[str, key("公示第一天", "公示从哪一天起。", 'begins = "2026-04-01"')] = ""
    ends: Annotated[str, key("公示最后一天", "公示到哪一天（含）。", 'ends = "2026-04-08"')] = ""
    days: Annotated[int | None, Field(ge=1), key("公示几个工作日", "公示期有几个工作日；不写就不印。", "days = 5")] = (
        None
    )
    department: Annotated[str, key("受理部门", "对公示有异议的向哪个部门反映。", 'department = "党委组织科"')] = ""
    phone: Annotated[str, key("受理电话", "受理部门的电话。", 'phone = "0000-1234567"')] = ""
    address: Annotated[str, key("受理地址", "受理部门的地址。", 'address = "行政楼三层301室"')] = ""
    superior: Annotated[str, key("报告主送", "报告送哪个上级，只写一个。", 'superior = "示范市卫生健康委员会党组"')] = (
        ""
    )
    addressees: Annotated[
        str,
        key(
            "通报主送",
            "通报送哪些单位；不写，就是所属的各党总支、各党支部（照标准的叫法）。",
            'addressees = "各党总支、各党支部"',
        ),
    ] = ""
    rectify_by: Annotated[str, key("整改期限", "限期整改通知书要求哪一天前整改完。", 'rectify_by = "2026-09-30"')] = ""
    month: Annotated[
        str,
        key(
            "通报月份",
            "平时记录通报印哪一个月的；不写，就是最后有记录的那个月。",
            'month = "2026-04"',
        ),
    ] = ""
    red_head: Annotated[
        bool,
        key(
            "印红头", "写 true 时，通报、报告和通知书印发文机关标志和红线；用印好红头的纸的不用写。", "red_head = true"
        ),
    ] = False
    secrecy: Annotated[
        str, key("密级", "印在结果表、校验报告、审定表、上会材料等的标题下；不写就不印。", 'secrecy = "内部"')
    ] = ""
    readers: Annotated[str, key("知悉范围", "内部材料给哪些人看；不写就不印。", 'readers = "党委委员"')] = ""
    keep: Annotated[
        str,
        key(
            "个人信息保存到",
            "印在个人信息清单上：收来的表和结果里的个人信息保存到什么时候；不写的留空，打印后手填。",
            'keep = "2028年12月31日"',
        ),
    ] = ""
    feedback: Annotated[
        bool,
        key(
            "出反馈",
            "写 false 时，不出反馈、整改台账和按它出的书、通知、检查验收表（党组织很多、还没有开会的时候）。",
            "feedback = false",
        ),
    ] = True

    @property
    def secret_line(self) -> str:
        """Return what heads every paper that does not leave the office or the meeting; "" where nothing is told."""
        told = {"密级": self.secrecy, "知悉范围": self.readers}
        return "　　".join(f"{name}：{value}" for name, value in told.items() if value)

    @field_validator(*DAYS)
    @classmethod
    def _as_read(cls, text: str) -> str:
        return iso(text)

    @field_validator("month")
    @classmethod
    def _month_as_read(cls, text: str) -> str:
        return iso_month(text)


def publish_faults(publish: Publish) -> Iterator[Mistake]:
    """Yield what is wrong with the days of papers: dates that are none, a list that is taken down too early."""
    wrong = [name for name in DAYS if not is_date(getattr(publish, name))]
    yield from ((("publish", name), DATE_WORDS) for name in wrong)
    if not is_date(f"{publish.month}-01" if publish.month else ""):
        yield ("publish", "month"), MONTH_WORDS
    first, last, days = publish.begins, publish.ends, publish.days
    if wrong or not (first and last):
        return
    shown = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    if shown < 1:
        yield ("publish", "ends"), f"最后一天 {last} 早于第一天 {first}"
    elif days and shown < days:
        yield ("publish", "days"), f"写了 {days} 个工作日，从 {first} 到 {last} 只有 {shown} 天"


def left_to_the_pen(publish: Publish, *, graded: bool, rectified: bool) -> list[str]:
    """Return what papers leave blank for the pen, as the settings call it.

    `graded`: whether grades are shown in public; `rectified`: whether anybody is told to mend by a day.
    """
    wanted = {**ALWAYS, **(SHOWN if graded else {}), **({"rectify_by": "整改期限"} if rectified else {})}
    return [words for name, words in wanted.items() if not getattr(publish, name)]
