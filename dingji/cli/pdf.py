"""`pdf`: the Word papers of the last run, as PDF beside them."""

from __future__ import annotations

import argparse
from pathlib import Path, PurePosixPath
from typing import Final

from dingji.cannot_run import CannotRunError
from dingji.cli.console import ACT, SETTLED, say
from dingji.cli.folders import workspace_of
from dingji.cli.outcomes import write_outputs
from dingji.cli.progress import Display
from dingji.content import digest_of
from dingji.reports.pdf.stand_in import told_of
from dingji.reports.pdf.typeset import Press
from dingji.reports.run_record import RECORD, amended, named

FOLDERS: Final = ("公示/", "上报/", "上会/", "反馈/")
NOTHING: Final = "output 里还没有公文：先运行 python process.py，再做 PDF"
NOT_OURS: Final = "不是本程序做的，没有覆盖；把它移走或改名后再运行"


def pdf_command(chosen: argparse.Namespace, root: Path) -> int:
    """Make them; 0 all are made, 1 some could not be, 2 there are no papers, or the extra is missing."""
    workspace = workspace_of(chosen, root)
    outputs, path = workspace.outputs, workspace.outputs / RECORD
    record = path.read_bytes() if path.is_file() else b""
    written = named(record)
    papers = [name for name in sorted(written) if _is_paper(name) and (outputs / name).is_file()]
    if not papers:
        raise CannotRunError([NOTHING])
    press, show = Press(), Display()
    made: dict[str, bytes] = {}
    of: dict[str, str] = {}
    wanting = []
    for number, name in enumerate(papers, start=1):
        show("做 PDF", number, len(papers))
        target = str(PurePosixPath(name).with_suffix(".pdf"))
        foreign = target not in written and (outputs / target).exists()
        paper = (outputs / name).read_bytes()
        raw, why = (b"", NOT_OURS) if foreign else press.pdf(paper, PurePosixPath(name).stem)
        if raw:
            made[target], of[target] = raw, digest_of(paper)
        else:
            wanting.append(f"output/{target if foreign else name} {why}")
    show.clear()
    old = {name for name in written if name.endswith(".pdf") and name not in made}
    held = write_outputs(workspace, {**made, RECORD: amended(record, made, gone=old, made_of=of)})
    told = told_of(press.lacking) if made else ""
    for line in (*held, *wanting, *filter(None, [told])):
        say(line)
    say(f"做了{len(made)}个 PDF，放在 output 里各自的 Word 文件旁边；重新测算后要再做一次")
    return ACT if wanting or held else SETTLED


def _is_paper(name: str) -> bool:
    return name.startswith(FOLDERS) and name.endswith(".docx")
