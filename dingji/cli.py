"""The commands; the only room that prints, and the only one that knows every other.

Module-level imports are the standard library's: `--help` must work, and be quick, before anything is installed.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dingji.cli_archive import add_archive_commands, against_archive, archive_lines
from dingji.cli_book import add_config_commands
from dingji.cli_forms import add_demo_command, add_form_commands
from dingji.cli_scheme import add_scheme_commands
from dingji.cli_words import CANNOT_RUN, ChineseParser

if TYPE_CHECKING:
    from dingji.outcome import Outcome
    from dingji.pipeline import Progress, Run
    from dingji.workspace import Workspace

SETTLED, ACT = 0, 1
SHOWN_NAMES, SHOWN_PROBLEMS = 10, 20
"""So many problems are printed on the console; all of them stand in 校验报告 and 问题清单."""

EPILOG = """\
不带命令就是 run。常用：
  python process.py                 测算定级，结果放在 output
  python process.py check           查收情况：谁没报、什么要改
  python process.py forms           生成发放的表，放在 发放
  python process.py explain 三支部    查看某个党组织的定级依据
  python process.py test            运行程序自带的测试
退出码：0 全部办妥；1 已完成，还有事要人处理；2 没能运行（设置、标准或名册有误）。"""


def main(arguments: Sequence[str], root: Path) -> int:
    """Run one command; `root` is the program's folder, the workspace unless --workspace names another."""
    parser = make_parser()
    chosen = parser.parse_args(list(arguments) or ["run"])
    if not hasattr(chosen, "command"):
        chosen = parser.parse_args([*arguments, "run"])
    command: Callable[[argparse.Namespace, Path], int] = chosen.command
    from dingji.pipeline import CannotRunError
    from dingji.reports.rendering import TemplateFault

    try:
        return command(chosen, root)
    except (CannotRunError, TemplateFault) as error:
        say(str(error))
        say("没有运行：请先改正上面的问题。")
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - nobody reads on (`| head`)
    except Exception:  # noqa: BLE001 - a fault of the program's own must not look like status 1
        traceback.print_exc()
        say("程序出错，没有运行完，output 中的文件没有改动。请把上面的文字发给维护人员。")
    return CANNOT_RUN


def make_parser() -> argparse.ArgumentParser:
    """Declare the commands with their Chinese help."""
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
    add = commands.add_parser
    add("run", help="点名、读表、测算、定级，写出全部结果").set_defaults(command=run_command)
    add("check", help="只点名和校验，重写 校验报告 和 退回").set_defaults(command=check_command)
    add_form_commands(add)
    explain = add("explain", help="一步一步说明某个党组织的等次是怎么来的")
    explain.add_argument("branch", metavar="编码或名称")
    explain.set_defaults(command=explain_command)
    add_archive_commands(add)
    add_scheme_commands(add)
    add_config_commands(add)
    add_demo_command(add)
    return parser


def say(text: str) -> None:
    """Print a line on the console."""
    print(text, flush=True)


def workspace_of(chosen: argparse.Namespace, root: Path) -> Workspace:
    """Return the workspace that the command works on."""
    from dingji.workspace import Workspace

    return Workspace((chosen.workspace or root).resolve())


def progress_bar() -> Progress:
    """Return a progress report: a line rewritten on a terminal, nothing elsewhere."""
    if not sys.stdout.isatty():
        return lambda _done, _all: None

    def show(done: int, total: int) -> None:
        print(f"\r正在读取 {done}/{total}", end="\n" if done == total else "", flush=True)

    return show


def say_problems(outcome: Outcome, left_out: Sequence[str] = ()) -> None:
    """Print the gravest problems, and where the others stand; not those of the codes `left_out`."""
    from dingji.problems import describe, level_of

    order = ("act", "refuse", "warning", "note")
    ranked = sorted((problem for problem in outcome.problems), key=lambda problem: order.index(level_of(problem)))
    loud = [problem for problem in ranked if level_of(problem) != "note" and problem.code not in left_out]
    for problem in loud[:SHOWN_PROBLEMS]:
        say(describe(problem).text)
    if len(loud) > SHOWN_PROBLEMS:
        say(f"……另有 {len(loud) - SHOWN_PROBLEMS} 条，见 output/内部/校验报告.html")


def run_command(chosen: argparse.Namespace, root: Path) -> int:
    """Do the main job: read, score, grade, write every output."""
    from dingji.pipeline import run, unsettled

    workspace = workspace_of(chosen, root)
    done = against_archive(workspace, run(workspace, progress_bar()))
    files = files_of(workspace, done)
    held = write_outputs(workspace, files)
    say_problems(done.outcome)
    for line in (*held, *archive_lines(workspace, done.outcome)):
        say(line)
    if chosen.workspace:
        say(f"工作文件夹：{workspace.root}")
    say_returned(files)
    say(last_line(done.outcome))
    return ACT if unsettled(done.outcome) else SETTLED


def files_of(workspace: Workspace, done: Run) -> dict[str, bytes]:
    """Return every file of a run, its record among them."""
    from time import perf_counter

    from dingji.reports.outputs import outputs
    from dingji.reports.run_record import RECORD, run_record

    started = perf_counter()
    files = outputs(done.outcome, templates_of(workspace), workspace.read_input)
    timings = {**done.timings, "write": perf_counter() - started}
    return {**files, RECORD: run_record(done.outcome, files, timings)}


def write_outputs(workspace: Workspace, files: Mapping[str, bytes]) -> list[str]:
    """Put a run's files into output/; return a line for each that was held open."""
    from dingji.problems import describe
    from dingji.reports.publish import publish

    make_outputs(workspace)
    return [describe(problem).text for problem in publish(workspace.outputs, files)]


def make_outputs(workspace: Workspace) -> None:
    """Make the folder output/ where there is none; CannotRunError where something else has its name."""
    from dingji.pipeline import CannotRunError

    if workspace.outputs.exists() and not workspace.outputs.is_dir():
        raise CannotRunError(["output 是一个文件，不是文件夹；请把它改名或移走"])
    workspace.outputs.mkdir(exist_ok=True)


def say_returned(files: Iterable[str]) -> None:
    """Print how many files go back to be mended, and where they lie; nothing where there are none."""
    from dingji.reports.returned.build import ENDING, FOLDER

    count = sum(name.startswith(f"{FOLDER}/") and name.endswith(ENDING) for name in files)
    if count:
        say(f"退回 {count} 个文件，放在 output/{FOLDER}")


def last_line(outcome: Outcome) -> str:
    """Return what happened in one line."""
    from dingji.pipeline import waiting

    names = waiting(outcome)
    total = len(outcome.results)
    pending = f"，{len(names)}个待补（{listed(names)}）" if names else ""
    return f"结果已放在 output 文件夹，共{total}个党组织，{total - len(names)}个已测算{pending}"


def listed(names: Sequence[str]) -> str:
    """Return names for one console line, the first ones only where there are many."""
    return "、".join(names[:SHOWN_NAMES]) + ("等" if len(names) > SHOWN_NAMES else "")


def templates_of(workspace: Workspace) -> Path:
    """Return the workspace's folder of report templates."""
    return workspace.root / "templates" / "reports"


def check_command(chosen: argparse.Namespace, root: Path) -> int:
    """Call the roll and validate; rewrite 校验报告, 退回/ and their lines in 运行记录.json, nothing else."""
    from dingji.pipeline import run, unsettled
    from dingji.reports.check_report import MISSING_FORM
    from dingji.reports.outputs import checked
    from dingji.reports.publish import publish
    from dingji.reports.returned.build import FOLDER
    from dingji.reports.roll_text import WANTING, console_lines
    from dingji.reports.run_record import NO_RECORD, RECORD, amended
    from dingji.tables import records

    workspace = workspace_of(chosen, root)
    outcome = run(workspace, progress_bar()).outcome
    files = checked(outcome, templates_of(workspace), workspace.read_input)
    record = workspace.outputs / RECORD
    if record.is_file():
        files[RECORD] = amended(record.read_bytes(), files, [FOLDER])
    elif len(files) > 1:  # what goes back must be found again, to be taken away once it is mended
        files[RECORD] = amended(NO_RECORD, files)
    make_outputs(workspace)
    publish(workspace.outputs, files)
    say_problems(outcome, left_out=(MISSING_FORM,))  # who owes a form stands in the roll-call below
    for line in console_lines(outcome):
        say(line)
    say_returned(files)
    say("校验报告已放在 output/内部/校验报告.html")
    if any(row["status"] in WANTING for row in records(outcome.rollcall)):
        say("要催报的，运行：python process.py mail（文字放在 邮件/催报.txt，可以直接发到群里）")
    return ACT if unsettled(outcome) else SETTLED


def explain_command(chosen: argparse.Namespace, root: Path) -> int:
    """Print how a branch's grade came about."""
    from dingji.pipeline import CannotRunError, run
    from dingji.problems import describe
    from dingji.reports.explain import explain
    from dingji.roster import Directory

    outcome = run(workspace_of(chosen, root), progress_bar()).outcome
    directory = Directory.of(outcome.branches)
    unit = directory.find(chosen.branch, "")[0]
    if not unit:
        unit, problem = directory.find("", chosen.branch)
        if problem:
            raise CannotRunError([describe(problem).text])
    for line in explain(outcome, unit):
        say(line)
    return SETTLED
