"""Trying an officer's template before a run uses it."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from zipfile import BadZipFile

from lxml.etree import XMLSyntaxError

from dingji.cannot_run import CannotRunError
from dingji.cli.console import ACT, SETTLED, say
from dingji.cli.folders import way_of, workspace_of
from dingji.comparing import suggestion
from dingji.demo.write import write_demo
from dingji.outcome import Outcome
from dingji.pipeline import run
from dingji.reports.official.template_check import check_template
from dingji.reports.official.template_data import PARTS, template_data
from dingji.reports.view import OutcomeView
from dingji.workspace import Workspace

EXAMPLE = "five-good"
BRANCHES, RATERS, SEED = 6, 4, 1


def check_template_command(chosen: argparse.Namespace, root: Path) -> int:
    """Say what is wrong with a template; 0 where nothing is, 1 where something is, 2 where it cannot be read."""
    path: Path = chosen.template
    if not path.is_file():
        raise CannotRunError([f"找不到模板：{path}"])
    data = template_data(OutcomeView(_outcome(workspace_of(chosen, root), root)))
    if path.name in PARTS:
        raise CannotRunError([f"“{path.name}”是别的模板共用的部件，请检查引用它的模板"])
    name = next((known for known in sorted(data, key=len, reverse=True) if _stands_for(path, known)), "")
    if not name:
        raise CannotRunError([f"不知道“{path.name}”是哪个模板{suggestion(path.name, data)}；模板有：{'、'.join(data)}"])
    try:
        found = check_template(path, name, data[name])
    except (BadZipFile, XMLSyntaxError) as error:
        raise CannotRunError([f"“{path.name}”不是 Word 文档（.docx），或者已损坏"]) from error
    for line in found:
        say(line)
    say(f"模板“{path.name}”有{len(found)}处要改" if found else f"模板“{path.name}”没有问题，试印了{len(data[name])}份")
    return ACT if found else SETTLED


def _stands_for(path: Path, known: str) -> bool:
    """Say whether a file is a template, or a draft of it: its name begins with the template's."""
    stem, dot, ending = known.partition(".")
    return path.name.startswith(stem) and path.name.endswith(f"{dot}{ending}")


def _outcome(workspace: Workspace, root: Path) -> Outcome:
    """Return what a run gives here; where nothing can be graded yet, of a fictional workspace."""
    try:
        return run(workspace, way_of(workspace)).outcome
    except CannotRunError:
        say("input 里的表还不能测算，用虚构的例子试印")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "例子"
        write_demo(target, root / "schemes" / f"{EXAMPLE}.toml", BRANCHES, RATERS, SEED)
        return run(Workspace(target)).outcome
