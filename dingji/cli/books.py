"""`scheme table|import` and `config export|import`: standards and settings as workbooks, and back."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from dingji.book.filled import CellFinding
from dingji.book.settings import read_settings, write_settings
from dingji.book.standard import read_standard, write_standard
from dingji.cannot_run import CannotRunError
from dingji.cli.console import ACT, CANNOT_RUN, SETTLED, say
from dingji.cli.folders import scheme_path, workspace_of
from dingji.reference.places import file_line
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.settings import Settings, load_settings
from dingji.workspace import Workspace

SETTINGS_BOOK = "设置.xlsx"
BEFORE = "config.上一份.toml"
"""What config.toml was before the last import."""


def table_command(chosen: argparse.Namespace, root: Path) -> int:
    """Write a standard as a workbook, with what the linter finds beside its rows."""
    folder: Path = chosen.workspace or root
    source = scheme_path(chosen.scheme, folder)
    if not source.is_file():
        raise CannotRunError([f"找不到标准：{source}"])
    raw, findings = write_standard(source.read_bytes())
    if not raw:
        raise CannotRunError([file_line(Scheme, chosen.scheme, finding) for finding in findings])
    target = chosen.book or folder / f"标准_{source.stem}.xlsx"
    put(target, raw, replace=chosen.replace)
    say(f"标准已写成工作簿：{target}")
    if findings:
        say(f"标准里有 {len(findings)} 处要看的，写在各表最后一栏“检查”里")
    say(f"改好后用 python process.py scheme import {target.name} 读回")
    return SETTLED


def import_command(chosen: argparse.Namespace, root: Path) -> int:
    """Read a standard's workbook into schemes/; 0 done, 1 something in the book is wrong, 2 it cannot be read."""
    imported = read_standard(bytes_of(chosen.book, chosen.workspace or root))
    if not imported.right:
        return _refused(chosen.book, imported.findings)
    _tell(imported.findings)
    target = (chosen.workspace or root) / "schemes" / f"{imported.data['id']}.toml"
    if target.is_file() and load_scheme(target.read_bytes())[0] == load_scheme(imported.text.encode())[0]:
        say(f"与 schemes/{target.name} 的内容相同，没有改动")
        return SETTLED
    if target.is_file() and not chosen.replace:
        words = f"schemes/{target.name} 已有，内容不同，没有写入"
        raise CannotRunError([f"{words}。要换成这一份，加 --replace；要另存成一个标准，先改工作簿里的“代号”"])
    _write(target, imported.text.encode())
    say(f"已写好 schemes/{target.name}；用 python process.py scheme show {target.stem} 与通知对照")
    return SETTLED


def config_export_command(chosen: argparse.Namespace, root: Path) -> int:
    """Write config.toml as a workbook."""
    workspace = workspace_of(chosen, root)
    if not workspace.config.is_file():
        raise CannotRunError([f"找不到 config.toml（本单位的设置）：{workspace.root}"])
    raw, findings = write_settings(workspace.config.read_bytes(), _standards(workspace))
    if not raw:
        raise CannotRunError([file_line(Settings, "config.toml", finding) for finding in findings])
    target = chosen.book or workspace.root / SETTINGS_BOOK
    put(target, raw, replace=chosen.replace)
    say(f"设置已写成工作簿：{target}")
    say(f"改好后用 python process.py config import {target.name} 读回")
    return SETTLED


def config_import_command(chosen: argparse.Namespace, root: Path) -> int:
    """Read a workbook into config.toml, of which the one before is kept; status as for `scheme import`."""
    workspace = workspace_of(chosen, root)
    imported = read_settings(bytes_of(chosen.book, workspace.root), _standards(workspace))
    if not imported.right:
        return _refused(chosen.book, imported.findings)
    _tell(imported.findings)
    put_settings(workspace, imported.text)
    return SETTLED


def put_settings(workspace: Workspace, text: str) -> None:
    """Write config.toml, of which the one before is kept; nothing where it says the same."""
    target = workspace.config
    before = target.read_bytes() if target.is_file() else b""
    if before and load_settings(before)[0] == load_settings(text.encode())[0]:
        say("与现在的设置相同，没有改动")
        return
    if before:
        _write(target.with_name(BEFORE), before)
        say(f"原来的设置存为 {BEFORE}")
    _write(target, text.encode())
    say("设置已读回，从下次运行起使用")


def _standards(workspace: Workspace) -> dict[str, bytes]:
    """Return the standards of a workspace by id, as their files hold them."""
    return {path.stem: path.read_bytes() for path in sorted(workspace.schemes.glob("*.toml"))}


def bytes_of(book: Path, folder: Path) -> bytes:
    """Return a workbook that is named from here, or from the workspace, where they are written."""
    found = next((path for path in (book, folder / book) if path.is_file()), None)
    if found is None:
        raise CannotRunError([f"找不到工作簿：{book}"])
    return found.read_bytes()


def _tell(findings: Iterable[CellFinding]) -> None:
    for finding in findings:
        say(finding.text)


def _refused(book: Path, findings: Iterable[CellFinding]) -> int:
    """Print what is wrong, errors first; nothing is written."""
    listed = sorted(findings, key=lambda finding: finding.severity != "error")
    _tell(listed)
    errors = sum(finding.severity == "error" for finding in listed)
    say(f"{book.name}：{errors} 个错误，没有写入；请在工作簿里改好，存盘后再读一次")
    return ACT if any(finding.spot.sheet for finding in listed) else CANNOT_RUN


def put(target: Path, raw: bytes, *, replace: bool) -> None:
    """Write a workbook where there is none, or where the one there is the same; another only when asked to."""
    if target.is_file() and target.read_bytes() != raw and not replace:
        words = f"{target} 已有，可能有人改过，没有覆盖。要覆盖，加 --replace；要留着，在命令最后写另一个文件名"
        raise CannotRunError([words])
    _write(target, raw)


def _write(target: Path, raw: bytes) -> None:
    """Write a file whole or not at all; CannotRunError where another program holds it open."""
    staged = target.with_name(f"{target.name}.part")
    try:
        staged.write_bytes(raw)
        staged.replace(target)
    except OSError as error:
        staged.unlink(missing_ok=True)
        raise CannotRunError([f"{target} 写不进去：可能正被其他程序打开，或者没有这个文件夹。关闭后再试"]) from error
