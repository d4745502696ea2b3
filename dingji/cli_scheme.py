"""The `scheme` commands: read a standard back, check it, compare two."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dingji.cli_book import add_standard_book_commands

if TYPE_CHECKING:
    from dingji.scheme.finding import Finding
    from dingji.scheme.model import Scheme

SETTLED, ERRORS, UNREADABLE = 0, 1, 2
Add = Callable[..., argparse.ArgumentParser]


def add_scheme_commands(add: Add) -> None:
    """Declare `scheme show|lint|diff|table|import`."""
    scheme = add("scheme", help="标准：读成中文（show）、查矛盾（lint）、比较（diff）、工作簿（table、import）")
    commands = scheme.add_subparsers(title="命令", metavar="命令", required=True)
    show = commands.add_parser("show", help="把标准读成一句一句的中文，与通知对照")
    show.add_argument("scheme", metavar="标准", help="标准的 id 或 TOML 文件")
    show.set_defaults(command=show_command)
    lint = commands.add_parser("lint", help="查标准自身的错误和矛盾")
    lint.add_argument("scheme", metavar="标准", help="标准的 id 或 TOML 文件")
    lint.set_defaults(command=lint_command)
    diff = commands.add_parser("diff", help="比较两个标准：原规定、新规定、变化")
    diff.add_argument("before", metavar="原标准")
    diff.add_argument("after", metavar="新标准")
    diff.set_defaults(command=diff_command)
    add_standard_book_commands(commands.add_parser)


def scheme_path(named: str, root: Path) -> Path:
    """Return the file of a standard that is named by its id, or by its path."""
    path = Path(named)
    return path if path.suffix == ".toml" else root / "schemes" / f"{named}.toml"


def _load(named: str, chosen: argparse.Namespace, root: Path) -> tuple[Scheme | None, list[Finding]]:
    from dingji.pipeline import CannotRunError
    from dingji.scheme.load import load_scheme

    path = scheme_path(named, chosen.workspace or root)
    if not path.is_file():
        raise CannotRunError([f"找不到标准：{path}"])
    return load_scheme(path.read_bytes())


def _loaded(named: str, chosen: argparse.Namespace, root: Path) -> Scheme:
    from dingji.pipeline import CannotRunError

    scheme, findings = _load(named, chosen, root)
    if scheme is None:
        raise CannotRunError([f"{named} {finding.text}" for finding in findings])
    return scheme


def show_command(chosen: argparse.Namespace, root: Path) -> int:
    """Print a standard in sentences."""
    from dingji.scheme.sentences import as_lines

    for line in as_lines(_loaded(chosen.scheme, chosen, root)):
        print(line)
    return SETTLED


def lint_command(chosen: argparse.Namespace, root: Path) -> int:
    """Print what is wrong with a standard: errors first, then warnings; 0 no errors, 1 errors, 2 unreadable."""
    _, findings = _load(chosen.scheme, chosen, root)
    errors = [finding for finding in findings if finding.severity == "error"]
    for finding in [*errors, *(finding for finding in findings if finding.severity != "error")]:
        print(finding.text)
    print(f"{chosen.scheme}：{len(errors)} 个错误，{len(findings) - len(errors)} 个提醒")
    unreadable = any(not finding.path for finding in errors)
    return UNREADABLE if unreadable else ERRORS if errors else SETTLED


def diff_command(chosen: argparse.Namespace, root: Path) -> int:
    """Print the sentences in which two standards differ."""
    from dingji.scheme.compare import compare

    changes = compare(_loaded(chosen.before, chosen, root), _loaded(chosen.after, chosen, root))
    for change in changes:
        print(f"【{change.section}】{change.kind}")
        print(f"  原规定：{change.before or '（无）'}")
        print(f"  新规定：{change.after or '（无）'}")
    print(f"共 {len(changes)} 处变化")
    return SETTLED
