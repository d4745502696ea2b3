"""What is made for others to fill in or to read: forms, reminders, a workspace for practice."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

    from dingji.pipeline import Prepared


def add_form_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Declare `forms` and `mail`."""
    forms = add("forms", help="生成发放给各党组织和评委的表")
    forms.add_argument("--by", choices=["上级党组织"], default="", help="按上级党组织分文件夹")
    forms.set_defaults(command=forms_command)
    add("mail", help="写出催报文字：哪个单位还缺什么表，放在 邮件").set_defaults(command=mail_command)


def add_demo_command(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Declare `demo`."""
    demo = add("demo", help="生成一个虚构的工作文件夹，供演示和练习")
    demo.add_argument("folder", type=Path, metavar="文件夹")
    demo.add_argument("--scheme", default="five-good", metavar="标准", help="标准的 id 或 TOML 文件（默认 five-good）")
    demo.add_argument("--branches", type=int, default=12, metavar="个数")
    demo.add_argument("--raters", type=int, default=5, metavar="人数")
    demo.add_argument("--seed", type=int, default=1, metavar="种子", help="同一种子生成同样的内容")
    demo.add_argument("--faults", action="store_true", help="另加一批各有毛病的支部，练习查错用")
    demo.set_defaults(command=demo_command)


def mail_command(chosen: argparse.Namespace, root: Path) -> int:
    """Write into 邮件/ what is to be sent: the text that reminds who has not handed in."""
    from dingji.cli import SETTLED, listed, progress_bar, say, workspace_of
    from dingji.forms.deliver import deliver
    from dingji.pipeline import run
    from dingji.reports.roll_text import REMINDER, reminder

    workspace = workspace_of(chosen, root)
    raw = reminder(run(workspace, progress_bar()).outcome)
    delivered = deliver(workspace.mails, [(REMINDER, raw)])
    say(f"{listed(delivered.kept)} 有人改过，保留原样" if delivered.kept else f"催报文字已放在 邮件/{REMINDER}：")
    for line in raw.decode("gbk").splitlines():
        say(line)
    return SETTLED


def forms_command(chosen: argparse.Namespace, root: Path) -> int:
    """Write the forms to hand out into 发放/; a form that somebody filled there is kept as it is."""
    from dingji.cli import SETTLED, listed, progress_bar, say, workspace_of
    from dingji.forms.deliver import deliver
    from dingji.pipeline import branches_of, prepare, read_inputs

    workspace = workspace_of(chosen, root)
    prepared = prepare(workspace)
    branches, raters, _ = branches_of(read_inputs(workspace, prepared, progress_bar()))
    delivered = deliver(workspace.handouts, _handouts(prepared, branches, raters, chosen.by))
    say(f"已生成 {delivered.written} 个文件，放在 发放 文件夹")
    if delivered.kept:
        say(f"{len(delivered.kept)} 个文件有人填写过，保留原样：{listed(delivered.kept)}")
    return SETTLED


def _handouts(prepared: Prepared, branches: DataFrame, raters: DataFrame, by: str) -> Iterator[tuple[str, bytes]]:
    """Yield the forms of every standard, each standard's in a folder of its own where there are several."""
    from dingji.forms.handout import handouts
    from dingji.intake.collect import scheme_by_unit

    label, scheme_of = prepared.settings.round.label, scheme_by_unit(branches, prepared.settings)
    for scheme_id, scheme in prepared.schemes.items():
        own = branches[branches["unit"].map(scheme_of) == scheme_id]
        folder = f"{scheme_id}/" if len(prepared.schemes) > 1 else ""
        for name, raw in handouts(scheme, label, own, raters, by, alone=len(prepared.schemes) == 1):
            yield folder + name, raw


def demo_command(chosen: argparse.Namespace, root: Path) -> int:
    """Write a fictional workspace."""
    from dingji.cli import SETTLED, say
    from dingji.cli_scheme import scheme_path
    from dingji.demo import DemoError, write_demo
    from dingji.pipeline import CannotRunError

    source = scheme_path(chosen.scheme, root)
    if not source.is_file():
        raise CannotRunError([f"找不到标准：{source}"])
    try:
        sizes = (chosen.branches, chosen.raters, chosen.seed)
        lines = write_demo(chosen.folder, source, *sizes, faults=chosen.faults)
    except DemoError as error:
        raise CannotRunError([str(error)]) from error
    for line in lines:
        say(line)
    return SETTLED
