"""`scheme table|import` and `config export|import`: standards and settings as workbooks, and back."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dingji.book.cells import CellFinding
    from dingji.workspace import Workspace

SETTLED, ERRORS, UNREADABLE = 0, 1, 2
Add = Callable[..., argparse.ArgumentParser]
SETTINGS_BOOK = "设置.xlsx"
REPLACE = "--replace"
REPLACE_HELP = "覆盖已有的文件"
BEFORE = "config.上一份.toml"
"""What config.toml was before the last import."""


def add_standard_book_commands(add: Add) -> None:
    """Declare `scheme table|import`."""
    table = add("table", help="把标准写成工作簿，用 WPS 或 Excel 修改")
    table.add_argument("scheme", metavar="标准", help="标准的 id 或 TOML 文件")
    table.add_argument("book", metavar="工作簿", nargs="?", type=Path, help="写到哪里（默认 标准_<id>.xlsx）")
    table.add_argument(REPLACE, action="store_true", help=REPLACE_HELP)
    table.set_defaults(command=table_command)
    taken = add("import", help="把改好的工作簿读回 schemes 文件夹")
    taken.add_argument("book", metavar="工作簿", type=Path)
    taken.add_argument(REPLACE, action="store_true", help=REPLACE_HELP)
    taken.set_defaults(command=import_command)


def add_config_commands(add: Add) -> None:
    """Declare `config export|import`."""
    config = add("config", help="设置：写成工作簿（export）、改好后读回（import）")
    commands = config.add_subparsers(title="命令", metavar="命令", required=True)
    export = commands.add_parser("export", help="把 config.toml 写成工作簿")
    export.add_argument("book", metavar="工作簿", nargs="?", type=Path, help=f"写到哪里（默认 {SETTINGS_BOOK}）")
    export.add_argument(REPLACE, action="store_true", help=REPLACE_HELP)
    export.set_defaults(command=config_export_command)
    taken = commands.add_parser("import", help="把改好的工作簿读回 config.toml")
    taken.add_argument("book", metavar="工作簿", type=Path)
    taken.set_defaults(command=config_import_command)


def table_command(chosen: argparse.Namespace, root: Path) -> int:
    """Write a standard as a workbook, with what the linter finds beside its rows."""
    from dingji.book.standard import write_standard
    from dingji.cli_scheme import scheme_path
    from dingji.pipeline import CannotRunError

    folder: Path = chosen.workspace or root
    source = scheme_path(chosen.scheme, folder)
    if not source.is_file():
        raise CannotRunError([f"找不到标准：{source}"])
    raw, findings = write_standard(source.read_bytes())
    if not raw:
        raise CannotRunError([f"{chosen.scheme} {finding.text}" for finding in findings])
    target = chosen.book or folder / f"标准_{source.stem}.xlsx"
    _put(target, raw, replace=chosen.replace)
    print(f"标准已写成工作簿：{target}")
    if findings:
        print(f"标准里有 {len(findings)} 处要看的，写在各表最后一栏“检查”里")
    print(f"改好后用 python process.py scheme import {target.name} 读回")
    return SETTLED


def import_command(chosen: argparse.Namespace, root: Path) -> int:
    """Read a standard's workbook into schemes/; 0 done, 1 something in the book is wrong, 2 it cannot be read."""
    from dingji.book.standard import read_standard
    from dingji.pipeline import CannotRunError
    from dingji.scheme.load import load_scheme

    imported = read_standard(_bytes_of(chosen.book, chosen.workspace or root))
    if not imported.right:
        return _refused(chosen.book, imported.findings)
    _tell(imported.findings)
    target = (chosen.workspace or root) / "schemes" / f"{imported.data['id']}.toml"
    if target.is_file() and load_scheme(target.read_bytes())[0] == load_scheme(imported.text.encode())[0]:
        print(f"与 schemes/{target.name} 的内容相同，没有改动")
        return SETTLED
    if target.is_file() and not chosen.replace:
        words = f"schemes/{target.name} 已有，内容不同，没有写入"
        raise CannotRunError([f"{words}。要换成这一份，加 {REPLACE}；要另存成一个标准，先改工作簿里的“代号”"])
    _write(target, imported.text.encode())
    print(f"已写好 schemes/{target.name}；用 python process.py scheme show {target.stem} 与通知对照")
    return SETTLED


def config_export_command(chosen: argparse.Namespace, root: Path) -> int:
    """Write config.toml as a workbook."""
    from dingji.book.settings import write_settings
    from dingji.pipeline import CannotRunError

    workspace = _workspace(chosen, root)
    if not workspace.config.is_file():
        raise CannotRunError([f"找不到 config.toml：{workspace.root}"])
    raw, findings = write_settings(workspace.config.read_bytes(), _standards(workspace))
    if not raw:
        raise CannotRunError([f"config.toml {finding.text}" for finding in findings])
    target = chosen.book or workspace.root / SETTINGS_BOOK
    _put(target, raw, replace=chosen.replace)
    print(f"设置已写成工作簿：{target}")
    print(f"改好后用 python process.py config import {target.name} 读回")
    return SETTLED


def config_import_command(chosen: argparse.Namespace, root: Path) -> int:
    """Read a workbook into config.toml, of which the one before is kept; status as for `scheme import`."""
    from dingji.book.settings import read_settings
    from dingji.workspace import load_settings

    workspace = _workspace(chosen, root)
    imported = read_settings(_bytes_of(chosen.book, workspace.root), _standards(workspace))
    if not imported.right:
        return _refused(chosen.book, imported.findings)
    _tell(imported.findings)
    target = workspace.config
    before = target.read_bytes() if target.is_file() else b""
    if before and load_settings(before)[0] == load_settings(imported.text.encode())[0]:
        print("与 config.toml 的内容相同，没有改动")
        return SETTLED
    if before:
        _write(target.with_name(BEFORE), before)
        print(f"原来的 config.toml 存为 {BEFORE}")
    _write(target, imported.text.encode())
    print("已写好 config.toml")
    return SETTLED


def _workspace(chosen: argparse.Namespace, root: Path) -> Workspace:
    from dingji.workspace import Workspace

    return Workspace((chosen.workspace or root).resolve())


def _standards(workspace: Workspace) -> dict[str, bytes]:
    """Return the standards of a workspace by id, as their files hold them."""
    return {path.stem: path.read_bytes() for path in sorted(workspace.schemes.glob("*.toml"))}


def _bytes_of(book: Path, folder: Path) -> bytes:
    """Return a workbook that is named from here, or from the workspace, where they are written."""
    from dingji.pipeline import CannotRunError

    found = next((path for path in (book, folder / book) if path.is_file()), None)
    if found is None:
        raise CannotRunError([f"找不到工作簿：{book}"])
    return found.read_bytes()


def _tell(findings: Iterable[CellFinding]) -> None:
    for finding in findings:
        print(finding.text)


def _refused(book: Path, findings: Iterable[CellFinding]) -> int:
    """Print what is wrong, errors first; nothing is written."""
    listed = sorted(findings, key=lambda finding: finding.severity != "error")
    _tell(listed)
    errors = sum(finding.severity == "error" for finding in listed)
    print(f"{book.name}：{errors} 个错误，没有写入；请在工作簿里改好，存盘后再读一次")
    return ERRORS if any(finding.spot.sheet for finding in listed) else UNREADABLE


def _put(target: Path, raw: bytes, *, replace: bool) -> None:
    """Write a workbook where there is none, or where the one there is the same; another only when asked to."""
    from dingji.pipeline import CannotRunError

    if target.is_file() and target.read_bytes() != raw and not replace:
        words = f"{target} 已有，可能有人改过，没有覆盖。要覆盖，加 {REPLACE}；要留着，在命令最后写另一个文件名"
        raise CannotRunError([words])
    _write(target, raw)


def _write(target: Path, raw: bytes) -> None:
    """Write a file whole or not at all; CannotRunError where another program holds it open."""
    from dingji.pipeline import CannotRunError

    staged = target.with_name(f"{target.name}.part")
    try:
        staged.write_bytes(raw)
        staged.replace(target)
    except OSError as error:
        staged.unlink(missing_ok=True)
        raise CannotRunError([f"{target} 写不进去：可能正被其他程序打开，或者没有这个文件夹。关闭后再试"]) from error
