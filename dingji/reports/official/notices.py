"""公示, 通报 and 报告: made of what `withholding` gives away, so that nothing else can be in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from dingji.checkcode import PREFIX
from dingji.outcome import Outcome
from dingji.reports.columns import NOTHING, ReportTable
from dingji.reports.documents import printed_table
from dingji.reports.foot import sign_off, titled
from dingji.reports.official.common import PEN, called, common, joined, numeral, public_days, subject
from dingji.reports.overview import upward_heading
from dingji.reports.standing import UNGRADED
from dingji.reports.summary import labels_of
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import REASON_SIGN, WITHHELD, Given
from dingji.scheme.model import Scheme
from dingji.scoring.targets import follow_up

ADDRESSEES: Final = {"党支部": "各党总支、各党支部"}
"""Whom 通报 goes to where the settings do not say, by what those graded are called; else 各 and that."""
Row = Mapping[str, str]
Rows = Sequence[Row]


def public_rows(view: OutcomeView, given: Given) -> Rows:
    """Return number, code, name and grade as printed of each branch whose standard has grades, in roster order."""
    texts = dict(zip(given.overview.headings, given.overview.printed, strict=True))
    grades = texts.get(upward_heading(view.outcome), [])
    told = zip(texts["党组织编码"], texts["党组织名称"], grades, strict=True) if grades else ()
    graded = [each for each in told if _scheme(view, each[0]).grades]
    return [
        {"序号": str(number), "编码": code, "名称": name, "等次": grade}
        for number, (code, name, grade) in enumerate(graded, start=1)
    ]


def _scheme(view: OutcomeView, unit: str) -> Scheme:
    return view.outcome.schemes[view.results[unit]["scheme"]]


def public_context(view: OutcomeView, given: Given) -> dict[str, Any]:
    """Return the fields of 公示: number, name and grade, when, and where to object."""
    outcome = view.outcome
    publish, rows = outcome.settings.publish, public_rows(view, given)
    return {
        **common(outcome),
        "标题": subject(outcome, f"{upward_heading(outcome)}公示", head=""),
        "各行": [{name: row[name] for name in ("序号", "名称", "等次")} for row in rows],
        "附注": _withheld_notes(given) if any(row["等次"] == WITHHELD for row in rows) else [],
        "公示期": public_days(outcome),
        "受理部门": publish.department or PEN,
        "受理电话": publish.phone or PEN,
        "受理地址": publish.address or PEN,
    }


def _withheld_notes(given: Given) -> list[str]:
    return [note for note in given.overview.notes if note.startswith(REASON_SIGN)]


# --- 通报 --------------------------------------------------------------------------------------------------


def addressees(outcome: Outcome) -> str:
    """Return whom a notice goes to: as the settings say, else all that are graded, by what they are called."""
    of = called(outcome)
    return outcome.settings.publish.addressees or ADDRESSEES.get(of, f"各{of}")


def circular_context(view: OutcomeView, given: Given) -> dict[str, Any]:
    """Return the fields of 通报: names grouped by grade, in roster order within each."""
    outcome = view.outcome
    rows = public_rows(view, given)
    groups = list(_groups(view, rows))
    waiting = [row["名称"] for row in rows if row["等次"] == UNGRADED]
    return {
        **common(outcome),
        "标题": subject(outcome, "结果的通报"),
        "主送": addressees(outcome),
        "各组": [{**group, "题": f"{numeral(number)}、{group['题']}"} for number, group in enumerate(groups, start=1)],
        "附注": [f"另有{len(waiting)}个尚未定级：{joined(waiting)}。"] if waiting else [],
    }


def _groups(view: OutcomeView, rows: Rows) -> Iterator[dict[str, str]]:
    """Yield the grades that somebody has, best first, standard by standard where their labels differ."""
    schemes = [scheme for scheme in view.outcome.schemes.values() if scheme.grades]
    alike = len({labels_of(scheme) for scheme in schemes}) <= 1
    for block in [schemes] if alike else [[scheme] for scheme in schemes]:
        ids = {scheme.id for scheme in block}
        own = [row for row in rows if _scheme(view, row["编码"]).id in ids and row["等次"] != UNGRADED]
        labels = dict.fromkeys([*(labels_of(block[0]) if block else ()), *(row["等次"] for row in own)])
        for label in labels:
            names = [row["名称"] for row in own if row["等次"] == label]
            if names:
                head = label if alike else f"{block[0].title}　{label}"
                asked = joined(list(dict.fromkeys(filter(None, (follow_up(one, label) for one in block)))))
                yield {"题": f"{head}（{len(names)}个）", "名单": joined(names), "要求": asked}


# --- 报告 --------------------------------------------------------------------------------------------------


def report_context(view: OutcomeView, given: Given) -> dict[str, Any]:
    """Return the fields of 报告: counts and shares, the procedure as the standard prints it, the two tables annexed."""
    outcome, office = view.outcome, view.outcome.settings.office
    used = [scheme for scheme in outcome.schemes.values() if any(_is_of(view, scheme))]
    summary = [printed_table(table) for table in given.summary]
    return {
        **common(outcome),
        "标题": subject(outcome, "情况的报告"),
        "主送": outcome.settings.publish.superior or PEN,
        "进度": "完成" if outcome.final else "完成测算",
        "程序句": [_procedure(scheme, several=len(used) > 1) for scheme in used],
        "结果题": "定级结果" if any(scheme.grades for scheme in used) else "测算结果",
        "结果": list(counts(given.summary, used)),
        "附注": [note for table in given.summary for note in _own_notes(outcome, table)],
        "后续": [words for scheme in used for words in _following(scheme, several=len(used) > 1)],
        "附件": [titled(outcome, "汇总表"), given.overview.title],
        "联系人": office.preparer,
        "联系电话": office.phone,
        "汇总": summary,
        "汇总附注": _foot(given.summary),
        "一览": printed_table(given.overview),
        "一览附注": _foot([given.overview]),
    }


def _is_of(view: OutcomeView, scheme: Scheme) -> Iterator[bool]:
    return (result["scheme"] == scheme.id for result in view.results.values())


def _procedure(scheme: Scheme, *, several: bool) -> str:
    head = f"{scheme.title}：" if several else ""
    by = f"依据{scheme.document}，" if scheme.document else ""
    way = f"按照“{scheme.procedure}”的程序进行" if scheme.procedure else "按照标准规定的程序进行"
    return f"{head}{by}{way}。"


def counts(tables: Sequence[ReportTable], schemes: Sequence[Scheme]) -> Iterator[str]:
    """Yield 汇总表 in words: a sentence a standard, and where they are summed together, one for all before those."""
    several, pairs = len(schemes) > 1, list(zip(tables, schemes, strict=False))
    if several and tables[-1].totals > 1:
        yield _counted(tables[-1], schemes[-1], -1)
    for table, scheme in pairs:
        own = -2 if table.totals > 1 else -1
        yield (f"{scheme.title}：" if several else "") + _counted(table, scheme, own)


def _counted(table: ReportTable, scheme: Scheme, place: int) -> str:
    """Tell a row of a block: how many there are, how many have which grade."""
    row = {heading: column[place] for heading, column in zip(table.headings, table.printed, strict=True)}
    told = f"共有{scheme.unit}{row[f'{scheme.counted}总数']}个"
    told += f"，党员{row['党员数']}名" if row["党员数"] != NOTHING else ""
    if not scheme.grades:
        figures = "，".join(f"{name}{row[name]}" for name in ("最高分", "最低分", "平均分") if row[name] != NOTHING)
        return f"{told}，已测算{row['已测算']}个{f'，{figures}' if figures else ''}。{_rest(row, '未测算')}"
    grades = "，".join(f"“{label}”{row[label]}个，占{row[f'{label}占比']}" for label in labels_of(scheme))
    settled = f"其中{grades}。" if row["已定级"] != "0" else ""
    return f"{told}，已定级{row['已定级']}个。{settled}{_rest(row, '未定级')}"


def _rest(row: Mapping[str, str], heading: str) -> str:
    why = f"（{row['备注']}）" if row["备注"] not in ("", NOTHING) else ""
    return f"{heading}{row[heading]}个{why}。" if row[heading] != "0" else ""


def _own_notes(outcome: Outcome, table: ReportTable) -> list[str]:
    """Return how far targets were reached: notes of a block that are neither a remark on figures nor its foot."""
    return [note for note in table.notes if not note.startswith((REASON_SIGN, PREFIX)) and note != sign_off(outcome)]


def _foot(tables: Sequence[ReportTable]) -> list[str]:
    return [note for table in tables for note in table.notes if note.startswith((REASON_SIGN, PREFIX))]


def _following(scheme: Scheme, *, several: bool) -> Iterator[str]:
    head = f"{scheme.title}　" if several else ""
    asked = [f"对“{grade.name}”的，{grade.follow_up}" for grade in scheme.grades if grade.follow_up]
    if asked:
        yield f"{head}{'；'.join(asked)}。"
