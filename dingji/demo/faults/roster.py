"""Faults of who it is: names and codes, forms that came twice or not at all, raters and whom they may mark."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from dingji.demo.faults.handwork import by_hand, without_stamp
from dingji.demo.faults.kit import MARKS, Alter, Case, Fault, Paper
from dingji.forms.filling import Value

MISSING: Final = "E310"


def in_roster(**cells: Value) -> Alter:
    """Return the fault of what stands in the branch's row of the roster."""

    def alter(case: Case) -> None:
        case.roster.update(cells)
        path = next(paper.path for paper in case.desk.papers if paper.form.kind == "roster")
        case.paths.append(path)

    return alter


def retyped_head(case: Case, **head: Value) -> None:
    """Copy the branch's form into a new workbook and type its head anew."""
    paper = case.own()
    paper.who = ""
    paper.head |= head
    paper.works.append(by_hand(without_stamp))


def head(**typed: Value) -> Alter:
    """Return the fault of what was typed into the head of a form without a stamp."""
    return lambda case: retyped_head(case, **typed)


def known_by_old_name(case: Case) -> None:
    """Type the name that the branch had before."""
    case.roster["曾用名"] = f"原{case.branch.name}"
    retyped_head(case, 党组织编码="", 党组织名称=f"原{case.branch.name}")


def misspelt(case: Case) -> None:
    """Type a name that is nearly the branch's."""
    retyped_head(case, 党组织编码="", 党组织名称=f"{case.branch.name.removesuffix('支部')}党支部")


def shared_name(case: Case) -> None:
    """Type a name that another branch had too."""
    other = next(guest for guest in case.desk.stage.guests if guest != case.branch)
    case.roster["曾用名"] = "联合支部"
    Case(case.desk, other).roster["曾用名"] = "联合支部"
    retyped_head(case, 党组织编码="", 党组织名称="联合支部")


def other_name(case: Case) -> None:
    """Type another branch's name beside the own code."""
    retyped_head(case, 党组织名称=case.desk.stage.branches[0].name)


def copied(case: Case) -> None:
    """Hand the same form in twice."""
    case.copied(f"{case.branch.name}_自评表(1).xlsx", case.own())


def copied_and_changed(case: Case) -> None:
    """Hand the form in twice, one mark changed."""
    copy = case.copied(f"{case.branch.name}_自评表(1).xlsx", case.own())
    next(iter(copy.printed["自评表"].values()))["自评得分"] = 0


# --- raters -----------------------------------------------------------------------------------------------


def marked(change: Callable[[Case, Paper], Any], **duty: Value) -> Alter:
    """Return the fault of a rater who marks this branch alone. `duty`: what the roster says of the rater."""

    def alter(case: Case) -> None:
        case.appointed(**duty)
        change(case, case.book())

    return alter


def typing(value: Value, index: int = 0) -> Callable[[Case, Paper], None]:
    """Return what types into one mark of the branch's row; every mark from `place` on where it is negative."""

    def change(case: Case, paper: Paper) -> None:
        if len(case.marks) == 1 and index == 0 and value is None:
            raise StopIteration  # a row with its one mark left out is no half-filled row
        row = paper.row("评定表", case.branch.code)
        for heading in case.marks if index < 0 else case.marks[index : index + 1]:
            row[heading] = value

    return change


def twice(change: Value) -> Callable[[Case, Paper], None]:
    """Return what lists the branch a second time, one mark being something else unless it is None."""

    def alter(case: Case, paper: Paper) -> None:
        again = dict(paper.row("评定表", case.branch.code))
        if change is not None:
            again[case.marks[0]] = change
        paper.rows["评定表"].append(again)

    return alter


def unknown_rater(case: Case) -> None:
    """Hand in the book of somebody who is not on the roster."""
    case.book(f"WM-{case.branch.code}")


def nameless_rater(case: Case) -> None:
    """Hand in a book that does not say whose it is."""
    case.appointed()
    paper = case.book()
    paper.who = ""
    paper.head["评委"] = ""
    paper.works.append(by_hand(without_stamp))


def out_of_scope(case: Case) -> None:
    """Let a rater mark a branch that is somebody else's to mark."""
    other = next(guest for guest in case.desk.stage.guests if guest != case.branch)
    case.appointed(评定范围=other.code)
    case.book().rows["评定表"].append({**other.identity, **dict.fromkeys(case.marks, 1)})


def barred(case: Case) -> None:
    """Let a rater mark a branch that the roster bars the rater from."""
    case.appointed(回避党组织=case.branch.code)
    case.book()


def row_says(**cells: Value) -> Callable[[Case, Paper], None]:
    """Return what types into the cells by which the row names its branch."""
    return lambda case, paper: paper.row("评定表", case.branch.code).update(cells)


who = partial(Fault, "名册")
rater = partial(Fault, "评委", needs=("committee", MARKS))

FAULTS: Final = (
    who("名册没有", ("N114", "E301", MISSING), "编码不在名册里", head(党组织编码="ZB-9999", 党组织名称="")),
    who("名称相近", ("N114", "E301", MISSING), "名称差一个字：提示是不是，但不猜", misspelt),
    who("名称重复", ("N114", "E302", MISSING), "两个党组织用过同一名称，又没填编码", shared_name),
    who("编码名称不符", ("N114", "E303", MISSING), "编码是自己的，名称是别人的", other_name),
    who("没填名称", ("N114", "E313", MISSING), "抬头没有填编码和名称", head(党组织编码="", 党组织名称="")),
    who("曾用名", ("N114",), "填的是以前的名称，认得出", known_by_old_name),
    who("相同两份", ("N304",), "同一份表交了两次，只算一次", copied),
    who("不同两份", ("E305", "E305"), "交了两份，内容不同，都不算", copied_and_changed),
    who("没有交表", (MISSING,), "没有收到自评表", lambda case: case.withheld()),
    who("不参加", ("N311",), "名册里是“不参加”，交了也不算", in_roster(状态="不参加")),
    who("状态写错", ("E318",), "名册“状态”填了“停止”", in_roster(状态="停止")),
    who("人数写字", ("E201",), "名册“正式党员”填了“十八”", in_roster(正式党员="十八")),
    who("任职日期", ("E213",), "名册“书记任职时间”填了“去年”", in_roster(书记任职时间="去年")),
    who("任职到月", ("N242",), "名册“书记任职时间”只写到月，照读", in_roster(书记任职时间="2025.10")),
    rater("评委超分", ("E203",), "评委给的分超过满分", marked(typing(1000))),
    rater("评委漏评", ("E204",), "评委漏了一项", marked(typing(None))),
    rater("评委回避", (), "评委写了“回避”，按其他评委算", marked(typing("回避", -1))),
    rater("评委未评", ("W223",), "评委整行没有填", marked(typing(None, -1))),
    rater("应回避", ("W308",), "名册写明回避，评委还是评了", barred),
    rater("超出范围", ("W231",), "不归这位评委评", out_of_scope),
    rater("评委停用", ("W319",), "名册里这位评委已停用", marked(lambda _, __: None, 状态="停用")),
    rater("评委状态", ("E318",), "名册里评委“状态”填了“出差”", marked(lambda _, __: None, 状态="出差")),
    rater("不明评委", ("E307",), "名册里没有这位评委", unknown_rater),
    rater("无名评委", ("N114", "E314", MISSING), "表上没有写评委是谁", nameless_rater),
    rater("评委写错编码", ("E301",), "评定表里党组织编码填错", marked(row_says(党组织编码="ZB-9999", 党组织名称=""))),
    rater("评委漏写编码", ("E229",), "评定表里党组织编码、名称空着", marked(row_says(党组织编码="", 党组织名称=""))),
    rater("评委重复相同", ("N304",), "同一党组织写了两行，一样", marked(twice(None))),
    rater("评委重复不同", ("E305", "E305"), "同一党组织写了两行，不一样", marked(twice(0))),
)  # fmt: skip
