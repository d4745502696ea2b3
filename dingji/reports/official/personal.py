"""个人信息清单: on one page, which personal data lie in the folder, in which files, until when, and for whose eyes.

Made of what is there: the roster's columns that are filled in, the kinds of form that came in and the places for names
that these have, what online questionnaires brought along. No name, number or address is printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dingji.forms.catalogue import forms_of
from dingji.forms.declare import Form
from dingji.outcome import InputFile, Outcome
from dingji.reports.foot import titled
from dingji.reports.official.common import PEN, common, joined, whole_round
from dingji.reports.withholding import Given

PERSONAL_LIST: Final = "内部/个人信息清单.docx"
TEMPLATE: Final = "个人信息清单.docx"
PERSON: Final = "人"
"""A place of a form that ends so is for somebody's name: 填表人, 计票人, 责任人, 提出单位（人）."""
NAMED: Final = frozenset({"评委", "书记", "联系领导", "联络员", "联系电话", "邮箱", "对象名称"})
"""Other places for names and for how to reach somebody."""
OF_BRANCHES: Final = {
    "secretary": "书记",
    "acting": "主持工作人",
    "leader": "联系领导",
    "contact": "联络员",
    "phone": "联系电话",
    "mail": "邮箱",
}
OF_RATERS: Final = {"name": "评委姓名", "mail": "邮箱"}
OFFICE: Final = "只限办公室"
SHOWN_PLACES: Final = 2
INPUT: Final = "input"


@dataclass(frozen=True)
class Held:
    """A line: what is held, how much of it, where, and who may see it."""

    what: str
    much: str
    where: str
    who: str = OFFICE


def personal_context(outcome: Outcome, given: Given) -> dict[str, Any]:
    """Return the fields of the list."""
    keep = outcome.settings.publish.keep
    lines = [*_roster(outcome), *_forms(outcome), *_exports(outcome), *_unknown(outcome), *_written(outcome, given)]
    return {
        **common(outcome),
        "标题": whole_round(titled(outcome, "个人信息清单")),
        "保存到": keep or PEN,
        "各行": [{"信息": line.what, "数量": line.much, "在哪里": line.where, "谁可以看": line.who} for line in lines],
    }


def _roster(outcome: Outcome) -> Iterator[Held]:
    where = _where([file for file in outcome.files if file.kind == "roster"])
    for frame, fields, whose in (
        (outcome.branches, OF_BRANCHES, f"{len(outcome.branches)}个{outcome.counted}"),
        (outcome.raters, OF_RATERS, f"{len(outcome.raters)}名评委"),
    ):
        counts = {words: int(frame[name].astype(bool).sum()) for name, words in fields.items()}
        told = [f"{words}（{count}）" for words, count in counts.items() if count]
        if told:
            yield Held(f"名册：{joined(told)}", whose, where)


def _forms(outcome: Outcome) -> Iterator[Held]:
    """Yield a line a kind of form that came in and has places for names."""
    by_kind: defaultdict[str, list[InputFile]] = defaultdict(list)
    exports = {path for path, _ in outcome.questionnaires.exports}
    for file in outcome.files:
        if file.kind and file.kind != "roster" and file.path not in exports:
            by_kind[file.kind].append(file)
    declared = _declared(outcome)
    for kind, files in by_kind.items():
        places = dict.fromkeys(place for form in declared.get(kind, ()) for place in _places(form))
        if places:
            title = declared[kind][0].title
            yield Held(f"{title}：{joined(list(places))}", f"{len(files)}个文件", _where(files))


def _declared(outcome: Outcome) -> Mapping[str, Sequence[Form]]:
    found: defaultdict[str, list[Form]] = defaultdict(list)
    label = outcome.settings.round.label
    for scheme in outcome.schemes.values():
        for form in forms_of(scheme, label):
            found[form.kind].append(form)
    return found


def _places(form: Form) -> Iterator[str]:
    """Yield the places of a form that are for a name, or for how to reach somebody."""
    heads = (cell.label for cell in form.head)
    columns = (column.heading for sheet in form.sheets for column in sheet.columns if column.reads != "count")
    yield from (place for place in (*heads, *columns) if place in NAMED or place.rstrip("）").endswith(PERSON))


def _exports(outcome: Outcome) -> Iterator[Held]:
    private = dict.fromkeys(
        column.heading for _, export in outcome.questionnaires.exports for column in export.columns if column.private
    )
    if outcome.questionnaires.exports:
        paths = {path for path, _ in outcome.questionnaires.exports}
        what = f"线上问卷带来的：{joined(list(private))}（程序不读取，文件里有）" if private else "线上问卷的答卷"
        answers = sum(export.rows for _, export in outcome.questionnaires.exports)
        yield Held(what, f"{answers}份答卷", _where([file for file in outcome.files if file.path in paths]))


def _unknown(outcome: Outcome) -> Iterator[Held]:
    exports = {path for path, _ in outcome.questionnaires.exports}
    files = [file for file in outcome.files if not file.kind and file.path not in exports]
    if files:
        yield Held("没有识别的文件：有没有个人信息，请打开看", f"{len(files)}个文件", _where(files))


def _written(outcome: Outcome, given: Given) -> Iterator[Held]:
    """Yield what the program itself writes of it, and where."""
    if len(outcome.raters):
        where = "output/内部：分类定级结果、结果查询页、校验报告、退回"
        yield Held("写出的结果：评委姓名和各自的打分", f"{len(outcome.raters)}名评委", where)
    values = dict(zip(given.overview.headings, given.overview.values, strict=True))
    shown = [name for name in ("书记", "联系领导") if any(values.get(name, ()))]
    if shown:
        yield Held(
            f"写出的一览表：{joined(shown)}", f"{len(given.overview)}行", "output/内部、output/上报", "办公室、上级"
        )
    office = outcome.settings.office
    signed = {"审核人": office.reviewer, "填表人": office.preparer, "联系电话": office.phone}
    if told := [name for name, value in signed.items() if value]:
        yield Held(f"设置和表脚：{joined(told)}", "1份", "设置、各种表的表脚", "收到表的人")
    settings = outcome.settings.mail
    others = (*settings.contacts.values(), settings.superior)
    mails = [*outcome.branches["mail"], *outcome.raters["mail"], *others]
    if count := sum(map(bool, mails)):
        yield Held("邮件草稿和发送清单：邮箱", f"{count}个", "邮件（运行过邮件命令的）")


def _where(files: Sequence[InputFile]) -> str:
    """Return where files lie: a single one by its path, several by their folders."""
    if len(files) == 1:
        return f"{INPUT}/{files[0].path}"
    folders = list(dict.fromkeys("/".join([INPUT, *file.path.split("/")[:-1]]) for file in files))
    more = f"等{len(folders)}个文件夹" if len(folders) > SHOWN_PLACES else ""
    return f"{joined(folders[:SHOWN_PLACES])}{more}"
