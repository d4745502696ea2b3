"""Write docs/errors/: `python -m tests.make_error_pages`, from the repository's root.

A page's example is the first line that the folder of faults gives for its code; codes that it cannot have (a run that
does not start, quotas, files held open) have theirs here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Final

from dingji.demo import write_demo
from dingji.error_pages import pages
from dingji.pipeline import run
from dingji.problem_catalogue import CATALOGUE
from dingji.problems import Line, Problem, describe, level_of
from dingji.reports.problem_list import RANKS
from dingji.workspace import Workspace

ROOT = Path(__file__).parents[1]
DOCUMENTS = ROOT / "docs" / "errors"
ONLINE = "线上测评.xlsx"
BOOK = ("评定表/PW1_评委一_评定表.xlsx", "评定扣分")

_EXAMPLES: Final = (
    Problem("E207", "平时记录.xlsx", "平时记录", "G9", subject="党费收缴率", found="0.9", values={"times": "90"}),
    Problem("W222", BOOK[0], "评定表", "D6", subject="领导班子好", found="9", values={"expected": "8"}),
    Problem("W224", *BOOK, "K6", subject="未编制党员信息表"),
    Problem("E216", "平时记录.xlsx", "平时记录", "J9", subject="大讨论活动未开展"),
    Problem("E227", "自评表/ZB01_一支部_自评表.xlsx", "自评表", "A12", subject="3"),
    Problem(
        "E309",
        "党组织名册.xlsx",
        "名册",
        "B7",
        subject="党组织编码",
        found="ZB02",
        values={"what": "党组织编码 ZB02 出现两次"},
    ),
    Problem("E312", "评定表.xlsx"),
    Problem("W323", "党组织名册.csv"),
    Problem("E405", "测评表/ZB01_一支部_测评表.xlsx", "测评票", values={"what": "参评率 62.50%，不足 80%"}),
    Problem(
        "W661", "汇总录入.xlsx", "设置", "C13", subject="最后一天", found="2026-06-20", values={"now": "2026-06-30"}
    ),
    Problem("W662", "汇总录入.xlsx", "设置", "C10", subject="年度", found="今年", values={"why": "应是整数"}),
    Problem("W512"),
    Problem("W513", "加分申报.xlsx", "加分申报", "I6", subject="表彰"),
    Problem(
        "E541",
        values={"what": "好不超过40% × 5 → 2个：“好”名额边缘并列：一支部、三支部（综合得分 92.00），待党委研究确定"},
    ),
    Problem(
        "W545",
        values={"what": "表扬1个：“表扬”名额边缘并列：一支部、三支部（综合得分 95.00），待党委研究确定"},
    ),
    Problem("E533", values={"what": "放着的上期结果是 2024 年终 的，不是上一轮（2026 年初）的，没有采用"}),
    Problem("E551", values={"what": "五星不超过10% × 20 → 2个，现有3个；审定改变的：三支部"}),
    Problem("E549", values={"what": "“好”的名额以上期已定级的党组织为基数，没有上期结果，这条名额没有计算"}),
    Problem("W550", values={"what": "“一等奖”的名额暂定：四支部还没有定级，定级以后可能变动"}),
    Problem("W542", values={"what": "“好”建议30% × 10 → 3个，现有6个"}),
    Problem(
        "W543",
        subject="后进转化",
        values={
            "what": "后进转化：上期“后进”2个，本期达到“好、较好、一般”1个，转化率1÷2＝50.00%；目标不低于100%，未达到"
        },
    ),
    Problem("E544", values={"what": "100分8个（一支部、二支部、三支部等），80分2个（离退休一支部、离退休二支部）"}),
    Problem("W532", values={"what": "schemes/five-good.toml 第12行，“总分”：各指标分值合计 100，与总分 120 不符"}),
    Problem("E315", subject="自评表", values={"form": "自评表", "round": "年初"}),
    Problem("E316", subject="自评表", unit="ZB01", values={"form": "自评表", "who": "（ZB01）"}),
    Problem("E116", "自评表/ZB01_一支部_自评表.xlsx"),
    Problem("N120", "年初/自评表.xlsx", values={"round": "2026 年初", "other": "年终/自评表.xlsx"}),
    Problem("N306", "自评表/ZB01_一支部_自评表.xlsx", values={"other": "一支部改好.xlsx"}),
    Problem(
        "W317",
        "收件登记.xlsx",
        "收件登记",
        "C6",
        subject="自评表",
        found="2026-03-23",
        unit="ZB01",
        values={"due": "2026-03-20"},
    ),
    Problem("E571", "内部/分类定级结果.xlsx", "核算", "F3", found="91.5", values={"expected": "92.0"}),
    Problem("W601", "内部/分类定级结果.xlsx", values={"other": "内部/分类定级结果(新).xlsx"}),
    Problem("W602", "上报/旧表.docx"),
    Problem("W616", "上会/审定表.xlsx", values={"other": "上会/审定表(手改).xlsx"}),
    Problem("W641", "平时记录.xlsx", "平时记录", "E9", subject="缺会", values={"other": "评定表.xlsx ▸ 评定扣分 ▸ D9"}),
    Problem("W644", "互评表/ZB01_一支部_互评表.xlsx", "评定表", "D9", values={"rater": "一支部"}),
    Problem("W642", "平时记录.xlsx", "平时记录", "K9", subject="缺会"),
    Problem(
        "N643",
        "平时记录.xlsx",
        "平时记录",
        "E9",
        subject="缺会",
        values={"other": "一支部_自评表.xlsx ▸ 扣分加分 ▸ G9", "form": "自评表"},
    ),
    Problem("E671", "上级的空表.xlsx", values={"what": "带有宏"}),
    Problem("W678", sheet="定级汇总", cell="H", subject="是否建立活动阵地"),
    Problem("E672", sheet="定级汇总", subject="表 BT3F09A1", values={"count": "2", "what": "F、H"}),
    Problem("W679", sheet="定级汇总", subject="满意率（未公开）", values={"count": "1", "what": "三支部"}),
    Problem("E673", sheet="定级汇总", values={"what": "没有一栏是“党组织编码”或“党组织名称”，不知道哪一行是谁的"}),
    Problem("E674", sheet="定级汇总", values={"there": "10", "wanted": "12"}),
    Problem("E675", sheet="定级汇总", cell="C6", found="外单位支部", values={"what": "不在上报的表里"}),
    Problem("E676", sheet="定级汇总", subject="二支部"),
    Problem("E677", sheet="定级汇总", cell="E4", subject="党员数", found="99", values={"ours": "12", "who": "一支部"}),
)
_ONLINE: Final = (
    Problem("E130", ONLINE, "Sheet1", values={"rows": "32", "what": "还没有确认各列是什么"}),
    Problem("E131", ONLINE, "Sheet1", "F2", subject="总体评价", found="非常满意", values={"count": "9"}),
    Problem("E132", ONLINE, "Sheet1", values={"what": "对党支部工作的总体评价"}),
    Problem("E133", ONLINE, "Sheet1", "F1", subject="总体评价", values={"what": "同一列确认为两道题"}),
    Problem("E134", ONLINE, "Sheet1", "C1", subject="来自IP"),
    Problem("E135", ONLINE, "Sheet1"),
    Problem(
        "E136", ONLINE, "Sheet1", "D7", found="三之部", values={"count": "2", "what": "名册中没有", "suggestion": ""}
    ),
    Problem("W137", "问卷对照表.xlsx"),
    Problem("N138", ONLINE, values={"count": "32"}),
    Problem("N139", ONLINE, values={"count": "40"}),
)
EXAMPLES: Final[Mapping[str, Line]] = {problem.code: describe(problem) for problem in (*_EXAMPLES, *_ONLINE)}


def plainly(code: str) -> Line:
    """Return an example for a code that has neither a fault nor an example of its own yet."""
    kind = CATALOGUE[code]
    named = {name for text in (kind.title, kind.words, kind.mend) for _, name, _, _ in Formatter().parse(text) if name}
    return describe(Problem(code, "示例.xlsx", values=dict.fromkeys(named - {"found"}, "…")))


def complete(found: Mapping[str, Line]) -> dict[str, Line]:
    """Return an example for every code: one that was found, one written above, or a plain one."""
    return {**{code: plainly(code) for code in CATALOGUE}, **EXAMPLES, **found}


def found() -> dict[str, Line]:
    """Return the first line of every code that the folder of faults gives, in the order of 问题清单."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "练习"
        write_demo(target, ROOT / "schemes" / "five-good.toml", 5, 3, 1, faults=True)
        problems = run(Workspace(target)).outcome.problems
    ordered = sorted(problems, key=lambda problem: (RANKS[level_of(problem)], problem.file))
    return {problem.code: describe(problem) for problem in reversed(ordered)}


def main() -> None:
    """Write the pages; one of a code that there is no more is removed."""
    DOCUMENTS.mkdir(exist_ok=True)
    written = pages(complete(found()))
    for path in DOCUMENTS.iterdir():
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (DOCUMENTS / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
