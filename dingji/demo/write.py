"""A fictional workspace for trying the program out: settings, a standard, and every form of a round filled."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from dingji.demo.files import demo_files
from dingji.round_days import ONLY_ROUND
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.settings import Settings, load_settings
from dingji.workspace import Workspace

YEAR: Final = 2026

MOST_BRANCHES: Final = 9999
NO_OPENPYXL: Final = "--faults 要用测试组件来做，还没有装。请先运行 python process.py test --version，再试一次。"
CONFIG: Final = """\
# 演示用的设置：单位、党组织和评委都是虚构的。

[office]
name = "示范单位党委"

[round]
year = {year}
name = {round}
begins = "{year}-01-01"
ends = "{year}-{ends}"

[standard]
default = "{scheme}"

[summary]
by = "上级党组织"

[publish]
date = "{after}-13"
begins = "{after}-06"
ends = "{after}-10"
department = "示范单位党办"
phone = "0000-0000000"
address = "示范楼000室"
superior = "示范单位上级党委"
rectify_by = "{after}-31"

[[samples]]
name = "第一次抽查"
count = 2
seed = 20260410
"""


class DemoError(Exception):
    """The demonstration cannot be written; the text says why, in Chinese."""


def write_demo(
    target: Path, scheme_source: Path, branches: int, raters: int, seed: int, *, faults: bool = False
) -> list[str]:
    """Write a workspace with a standard's first round into an empty folder; return lines for the console.

    DemoError where the folder is not empty, the standard cannot be read, or openpyxl is lacking, which puts the faults
    into workbooks and comes with the tests. No program files are written. `faults`: beside the branches stands one for
    every known fault, and 故障清单.xlsx says what to look for.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise DemoError(f"文件夹不是空的：{target}。请换一个新文件夹。")
    if not 1 <= branches <= MOST_BRANCHES or raters < 1:
        raise DemoError(f"党组织个数应在 1 到 {MOST_BRANCHES} 之间，评委至少 1 名。")
    if faults and find_spec("openpyxl") is None:
        raise DemoError(NO_OPENPYXL)
    raw = scheme_source.read_bytes()
    scheme, settings, config = _read(raw, scheme_source.name)
    workspace = Workspace(target)
    for folder in (workspace.inputs, workspace.outputs, workspace.schemes):
        folder.mkdir(parents=True, exist_ok=True)
    workspace.config.write_bytes(config)
    (workspace.schemes / f"{scheme.id}.toml").write_bytes(raw)
    added = ""
    if faults:
        from dingji.demo.faults.build import GUIDE, fault_files, guide  # noqa: PLC0415 - it needs openpyxl

        kit = fault_files(scheme, settings, branches, raters, seed)
        count = _write(workspace, kit.files.items())
        (target / GUIDE).write_bytes(guide(kit))
        added = f"，另有 {len(kit.made)} 个支部各有一处毛病，见 {GUIDE}"
    else:
        count = _write(workspace, demo_files(scheme, settings, branches, raters, seed))
    return [
        f"已生成虚构的演示：{target}（{branches} 个党组织，{count} 张表，轮次 {settings.round.label}{added}）",
        f'测算：python process.py --workspace "{target}"',
    ]


def _write(workspace: Workspace, files: Iterable[tuple[str, bytes]]) -> int:
    """Write files into input/ and return their number."""
    count = 0
    for path, raw in files:
        file = workspace.inputs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
        count += 1
    return count


def _read(raw: bytes, name: str) -> tuple[Scheme, Settings, bytes]:
    """Read a standard and make the settings for its first round."""
    scheme, findings = load_scheme(raw)
    if scheme is None:
        raise DemoError("\n".join(f"{name} {finding.text}" for finding in findings))
    rounds = list(scheme.rounds) or [ONLY_ROUND]
    ends = "06-30" if len(rounds) > 1 else "12-31"
    after = f"{YEAR}-07" if len(rounds) > 1 else f"{YEAR + 1}-01"
    called = json.dumps(rounds[0], ensure_ascii=False)
    text = CONFIG.format(year=YEAR, round=called, ends=ends, after=after, scheme=scheme.id)
    settings, findings = load_settings(text.encode())
    if settings is None:
        raise DemoError("\n".join(finding.text for finding in findings))
    return scheme, settings, text.encode()
