"""Every command with its arguments, and the one that was typed, run.

Imports are the standard library's: `--help` must work, and be quick, before anything is installed. What a command
needs is loaded with its own module.
"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from pkgutil import resolve_name

from dingji.cli.console import CANNOT_RUN, clear_line, say
from dingji.cli.parser import ChineseParser

Add = Callable[..., argparse.ArgumentParser]

EPILOG = """\
不带命令就是 run。常用：
  python process.py                 测算定级，结果放在 output
  python process.py check           查收情况：谁没报、什么要改
  python process.py forms           生成发放的表，放在 发放
  python process.py explain 三支部    查看某个党组织的定级依据
  python process.py test            运行程序自带的测试
退出码：0 全部办妥；1 已完成，还有事要人处理；2 没能运行（设置、标准或名册有误）。"""
GARBAGE = 100_000
"""So many objects more than went lie about before any is looked for that holds itself: tables make hardly one."""
READING = "reading:read_first"
"""Reads the input and then does what `then` names, which is loaded meanwhile."""
MAIL_KINDS = ("结果", "上报", "退回", "催报", "发放")
ONE_SCHEME = "标准的代号（schemes 里的文件名），或者标准文件"


def main(arguments: Sequence[str], root: Path) -> int:
    """Run one command; `root` is the program's folder, the workspace unless --workspace names another."""
    parser = make_parser()
    chosen = parser.parse_args(list(arguments) or ["run"])
    if not hasattr(chosen, "command"):
        chosen = parser.parse_args([*arguments, "run"])
    gc.set_threshold(GARBAGE)  # before anything is loaded: classes and functions stay, and there are many
    command: Callable[[argparse.Namespace, Path], int] = resolve_name(f"dingji.cli.{chosen.command}")
    from dingji.cannot_run import BusyError, CannotRunError, TemplateFault
    from dingji.engine.lock import alone_in
    from dingji.reports.publish import finish

    workspace = (chosen.workspace or root).resolve()
    try:
        with alone_in(workspace) if hasattr(chosen, "alone") else nullcontext():
            if hasattr(chosen, "alone") and finish(workspace / "output"):
                say("上次运行在放置结果时中断，已经接着放好。")
            return command(chosen, root)
    except BusyError as error:
        say(str(error))
    except (CannotRunError, TemplateFault) as error:
        say(str(error))
        say("没有运行：请先改正上面的问题。")
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - nobody reads on (`| head`)
    except OSError as error:
        say(fault_of(error))
    except MemoryError:
        say("没有运行完：内存不够。请关闭其他程序再运行；表很多的，分批放进 input。")
    except Exception:  # noqa: BLE001 - a fault of the program's own must not look like status 1
        say_error()
    return CANNOT_RUN


def say_error() -> None:
    """Print the traceback of a fault of the program's own, and what to do with it."""
    clear_line()
    traceback.print_exc()
    say("程序出错，没有运行完，output 中的文件没有改动。请把上面的文字发给维护人员。")


SHUT = (errno.EACCES, errno.EPERM, errno.EROFS)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
REFUSED = {
    errno.ENAMETOOLONG: "名称或路径太长，请改短",
    errno.EISDIR: "这是一个文件夹，应是文件，请改名或移走",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹，请改名或移走",
    errno.EEXIST: "这个名称已被别的文件或断开的链接占用，请改名或移走",
    errno.ENOENT: "找不到，或者刚刚被移走",
    errno.ELOOP: "这是一个指向自己的链接，请移走",
}
"""What the machine refused, by the system's number: what is wrong, and the mend."""


def fault_of(error: OSError) -> str:
    """Return in Chinese what the machine refused: a place that is shut, a full disk, a name that cannot be."""
    where = f" {error.filename}" if error.filename else ""
    if error.errno in SHUT:
        return f"没有运行完：无法读写{where}。请关闭正在使用它的程序，并检查能否打开它、这个文件夹能否写入。"
    if error.errno in FULL:
        return "没有运行完：磁盘空间不足，请清理后再运行。"
    words = REFUSED.get(error.errno or 0, f"系统没有完成读写（错误号 {error.errno}），请检查磁盘和网络后再运行")
    return f"没有运行完：{where.strip()}：{words}。" if where else f"没有运行完：{words}。"


def make_parser() -> argparse.ArgumentParser:
    """Declare the commands with their Chinese help; `command` names the function of each as `module:function`."""
    parser = ChineseParser(
        prog="python process.py",
        usage="python process.py [--workspace 文件夹] [命令] [……]",
        description="党组织分类定级：把收齐的表放进 input，运行一次，结果在 output。",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    parser.add_argument("-h", "--help", action="help", help="显示这份说明")
    parser.add_argument("--workspace", type=Path, metavar="文件夹", help="在另一个文件夹工作（默认是本程序所在文件夹）")
    commands = parser.add_subparsers(title="命令", metavar="命令", parser_class=ChineseParser, prog=parser.prog)
    add = _described(commands.add_parser)
    _add_runs(add)
    _add_forms(add)
    _add_papers(add)
    _add_mail(add)
    _add_take(add)
    menu = add("menu", help="按数字选；运行.bat 打开的就是它")
    menu.set_defaults(command="menu:menu_command")
    _add_archive(add)
    scheme = add(
        "scheme", help="标准：读成中文（show）、查矛盾（lint）、试算（try）、比较（diff）、工作簿（table、import）"
    )
    _add_scheme(_described(scheme.add_subparsers(title="命令", metavar="命令", required=True).add_parser))
    config = add("config", help="设置：写成工作簿（export）、改好后读回（import）")
    _add_config(_described(config.add_subparsers(title="命令", metavar="命令", required=True).add_parser))
    _add_init(add)
    _add_demo(add)
    package = add("pack", help="把程序打成一个 zip 文件，拿到不能上网的电脑上用；不含设置、表和结果")
    package.add_argument("file", metavar="文件", type=Path, help="如 定级程序.zip")
    package.set_defaults(command="packing:pack_command")
    template = add("check-template", help="检查改过的公文模板：字段、括号、字体，照运行时的数据试印一遍")
    template.add_argument("template", metavar="模板", type=Path, help="如 templates/reports/公示.docx")
    template.set_defaults(command="template:check_template_command")
    return parser


def _described(add: Add) -> Add:
    """Let the help of a command itself say too what the list of commands says of it."""
    return lambda name, **told: add(name, description=f"{told['help']}。", **told)


def _add_runs(add: Add) -> None:
    main_job = add("run", help="点名、读表、测算、定级，写出全部结果")
    main_job.add_argument("--no-cache", action="store_true", help="全部重新读一遍，不用上次读过的")
    words = "预演：照预演表里的假设重新测算，只说等次有什么变动，不改 output；不写文件名就写出一张空的预演表"
    main_job.add_argument("--what-if", nargs="?", const="", default=None, metavar="预演表", help=words)
    main_job.set_defaults(command=READING, then="run:run_command", alone=True)
    check = add("check", help="只点名和校验，重写 校验报告 和 退回")
    check.add_argument(
        "--today", default="", metavar="日期", help="从哪一天看日历（默认是电脑上的日期）；别的都与日期无关"
    )
    check.set_defaults(command=READING, then="run:check_command", alone=True)


def _add_papers(add: Add) -> None:
    explain = add("explain", help="一步一步说明某个党组织的等次是怎么来的")
    explain.add_argument("branch", metavar="编码或名称", help="名册里的编码或名称，如 三支部")
    explain.set_defaults(command=READING, then="run:explain_command")
    pdf = add("pdf", help="把上次运行写出的公文做成 PDF，放在各自的 Word 文件旁边")
    pdf.set_defaults(command="pdf:pdf_command", alone=True)
    fill = add("fill", help="填写上级发的空表：栏目核对一次，填好的放在 上报")
    fill.add_argument("book", metavar="上级的表", type=Path, help="上级发的空表（.xlsx）")
    fill.set_defaults(command=READING, then="fill:fill_command", alone=True)
    sample = add("sample", help="随机抽查：照设置里的种子抽党组织、党员或平时记录，名单放在 output/内部")
    sample.add_argument("count", nargs="?", default="", metavar="个数", help="抽几个党组织，不看设置里的；要写种子")
    sample.add_argument("--seed", type=int, metavar="种子", help="抽签用的数，任写一个；同一个数抽出来的一样")
    sample.set_defaults(command=READING, then="sample:sample_command", alone=True)


def _add_take(add: Add) -> None:
    take = add("take", help="把别处填好的表放进 input 并运行；把文件拖到 运行.bat 上就是它")
    take.add_argument("files", nargs="+", metavar="文件", help="填好的表；几个文件之间用空格隔开")
    take.add_argument("--yes", action="store_true", help="放入以前不再问")
    take.set_defaults(command="take:take_command", alone=True)


def _add_forms(add: Add) -> None:
    forms = add("forms", help="生成发放给各党组织和评委的表")
    forms.add_argument("--by", choices=["上级党组织"], default="", help="按上级党组织分文件夹")
    words = "写出空白表，不用名册；写标准的代号就是那一个标准的，不写就是设置里选的"
    forms.add_argument("--blank", nargs="?", const="", default=None, metavar="标准", help=words)
    forms.set_defaults(command="forms:forms_command", alone=True)


def _add_mail(add: Add) -> None:
    mail = add("mail", help="写出邮件草稿、发送清单和催报文字，放在 邮件；加 --send 才发送")
    mail.add_argument(
        "kind",
        nargs="?",
        default="",
        choices=["", *MAIL_KINDS],
        metavar="种类",
        help=f"{'、'.join(MAIL_KINDS)}；不写就是全部",
    )
    mail.add_argument("--only", nargs="+", default=[], metavar="对象", help="只要这些收件人：编码或名称")
    mail.add_argument("--send", action="store_true", help="先列出要发的，确认后经设置里的发件服务器发出")
    mail.add_argument("--yes", action="store_true", help="发送前不再问")
    mail.add_argument("--again", action="store_true", help="发过的、发没发出不清楚的，也再发一次")
    mail.set_defaults(command=READING, then="mail:mail_command", alone=True)


def _add_archive(add: Add) -> None:
    archive = add("archive", help="定稿：把这一轮的表、设置、标准和结果原样存进 archive")
    archive.add_argument("name", metavar="名称", help="如 2026年初")
    archive.set_defaults(command="archive:archive_command", alone=True)
    verify = add("verify", help="核对定稿：文件有没有动过，重新计算是否一致")
    verify.add_argument("name", metavar="名称", nargs="?", default="", help="不写则核对全部定稿")
    verify.add_argument("--code", default="", metavar="数据校验码", help="只查这个码是哪份定稿、哪张表的")
    verify.set_defaults(command="archive:verify_command")


def _add_scheme(add: Add) -> None:
    show = add("show", help="把标准读成一句一句的中文，与通知对照")
    show.add_argument("scheme", metavar="标准", help=ONE_SCHEME)
    show.set_defaults(command="scheme:show_command")
    lint = add("lint", help="查标准自身的错误和矛盾")
    lint.add_argument("scheme", metavar="标准", help=ONE_SCHEME)
    lint.set_defaults(command="scheme:lint_command")
    attempt = add("try", help="试算：写一张表，填一个党组织的数，读回来看每条规定给多少分")
    attempt.add_argument("scheme", metavar="标准", help=ONE_SCHEME)
    attempt.add_argument("book", metavar="工作簿", nargs="?", type=Path, help="填好的试算表；不写就写出一张空的")
    attempt.add_argument("--round", default="", metavar="轮次", help="写空表时，是哪一轮")
    _add_replace(attempt)
    attempt.set_defaults(command="trying:try_command")
    diff = add("diff", help="比较两个标准：原规定、新规定、变化")
    diff.add_argument("before", metavar="原标准", help=ONE_SCHEME)
    diff.add_argument("after", metavar="新标准", help=ONE_SCHEME)
    diff.set_defaults(command="scheme:diff_command")
    table = add("table", help="把标准写成工作簿，用 WPS 或 Excel 修改")
    table.add_argument("scheme", metavar="标准", help=ONE_SCHEME)
    table.add_argument("book", metavar="工作簿", nargs="?", type=Path, help="写到哪里（默认 标准_代号.xlsx）")
    _add_replace(table)
    table.set_defaults(command="books:table_command", alone=True)
    taken = add("import", help="把改好的工作簿读回 schemes 文件夹")
    taken.add_argument("book", metavar="工作簿", type=Path, help="改好的标准工作簿")
    _add_replace(taken)
    taken.set_defaults(command="books:import_command", alone=True)


def _add_config(add: Add) -> None:
    export = add("export", help="把设置写成工作簿，用 WPS 或 Excel 修改")
    export.add_argument("book", metavar="工作簿", nargs="?", type=Path, help="写到哪里（默认 设置.xlsx）")
    _add_replace(export)
    export.set_defaults(command="books:config_export_command", alone=True)
    taken = add("import", help="把改好的工作簿读回，成为本单位的设置")
    taken.add_argument("book", metavar="工作簿", type=Path, help="改好的设置工作簿")
    taken.set_defaults(command="books:config_import_command", alone=True)


def _add_replace(command: argparse.ArgumentParser) -> None:
    command.add_argument("--replace", action="store_true", help="覆盖已有的文件")


def _add_init(add: Add) -> None:
    init = add("init", help="开新一轮：从定稿的上一轮带来名册、标准、设置和结果；第一次的，写明标准和轮次")
    init.add_argument("folder", type=Path, metavar="新文件夹", help="空的或者还没有的文件夹")
    words = "上一轮的工作文件夹（或其中的一个定稿），只读不改"
    init.add_argument("--from", dest="origin", type=Path, metavar="上一轮", help=words)
    init.add_argument("--round", default="", metavar="轮次", help='如 "2026 年终"；不写就是日历上的下一轮')
    init.add_argument("--scheme", default="", metavar="标准", help=f"{ONE_SCHEME}；不写就用上一轮的")
    init.set_defaults(command="next_round:init_command")


def _add_demo(add: Add) -> None:
    demo = add("demo", help="生成一个虚构的工作文件夹，供演示和练习")
    demo.add_argument("folder", type=Path, metavar="文件夹", help="空的或者还没有的文件夹")
    demo.add_argument("--scheme", default="five-good", metavar="标准", help=f"{ONE_SCHEME}（默认 five-good）")
    demo.add_argument("--branches", type=int, default=12, metavar="个数", help="几个党组织（默认12）")
    demo.add_argument("--raters", type=int, default=5, metavar="人数", help="几位评委（默认5）")
    demo.add_argument("--seed", type=int, default=1, metavar="种子", help="同一种子生成同样的内容")
    demo.add_argument("--faults", action="store_true", help="另加一批各有毛病的支部，练习查错用")
    demo.set_defaults(command="forms:demo_command")
