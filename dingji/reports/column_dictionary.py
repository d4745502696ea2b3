"""What each column of the superior's tables is, in a sentence, for whoever imports 结果.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dingji.outcome import Outcome
from dingji.reports.overview import source_headings

FIXED: Final[Mapping[str, str]] = {
    "序号": "在本表中的次序，照名册排",
    "党组织编码": "名册里的编码，一个党组织一个，不重复",
    "党组织名称": "名册里的名称",
    "上级党组织": "名册里填的上级",
    "类别": "名册里填的类别",
    "书记": "名册里的书记",
    "党员数": "正式党员与预备党员之和",
    "满意率": "测评中满意一类的票占有效票的比率",
    "测评得分": "测评各选项按分值计算的平均分",
    "加分": "各项得分以外另加的分",
    "综合得分": "各方得分按标准合成、取位以后的分",
    "排名": "按综合得分排的名次，同分同名次",
    "测算等次": "程序按标准算出的等次",
    "拟定等次": "党委审定的等次，没有审定的是测算的，还没有定稿",
    "审定等次": "党委审定的等次，已经定稿",
    "直接定级或限档情形": "得分以外影响等次的情形",
    "上期等次": "上一轮的等次",
    "晋位情况": "与上一轮的等次相比",
    "主要问题": "失分最多的地方",
    "联系领导": "名册里的联系领导",
    "备注": "需要另外说明的",
    "单位": "这一行合计的是哪个单位、类别或层级",
    "已定级": "有等次的个数",
    "未定级": "还没有等次的个数，原因写在备注",
    "已测算": "有综合得分的个数",
    "未测算": "还没有综合得分的个数，原因写在备注",
    "最高分": "综合得分中最高的",
    "最低分": "综合得分中最低的",
    "平均分": "综合得分的平均",
}
SHARE: Final = "占比"
TOTAL: Final = "总数"


def dictionary(outcome: Outcome, headings: Sequence[str]) -> dict[str, str]:
    """Return what each heading means: a fixed column, a source's figure, a share, a grade or a total.

    A source or a grade called as a fixed column is goes before it: the standard says what stands there.
    """
    sources = {
        heading: f"“{source.name}”给的得分"
        for scheme in outcome.schemes.values()
        for heading, source in source_headings(outcome, scheme).items()
    }
    grades = {grade.name for scheme in outcome.schemes.values() for grade in scheme.grades}
    counts = {grade: f"定为“{grade}”的个数" for grade in grades}
    rates = {f"{grade}{SHARE}": f"定为“{grade}”的占已定级的比率" for grade in grades}
    totals = {f"{scheme.counted}{TOTAL}": f"{scheme.counted}的个数" for scheme in outcome.schemes.values()}
    told = {**FIXED, **counts, **rates, **totals, **sources}
    return {heading: told.get(heading, f"见标准的“{heading}”") for heading in headings}
