"""`run --what-if`: assumptions scored again, the difference told; nothing in output/ is touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dingji.cannot_run import CannotRunError
from dingji.cli.books import bytes_of, put
from dingji.cli.console import ACT, SETTLED, say
from dingji.outcome import Outcome
from dingji.problems import describe
from dingji.read.open import open_workbook
from dingji.reports.preview import differences, told_of
from dingji.roster import Directory
from dingji.supposing.assumed import supposed, unfit
from dingji.supposing.book import TITLE, read_filled, write_blank
from dingji.workspace import Workspace


def what_if(book: str, workspace: Workspace, outcome: Outcome) -> int:
    """Write a blank 预演表 where none is named; else tell what its assumptions change. 1: it cannot be understood."""
    schemes = list(outcome.schemes.values())
    if not book:
        target = workspace.root / f"{TITLE}.xlsx"
        put(target, write_blank(schemes, outcome.settings.round.name), replace=False)
        say(f"预演表已写好：{target}；填好存盘后运行 python process.py run --what-if {target.name}")
        return SETTLED
    grids, problems = open_workbook(bytes_of(Path(book), workspace.root))
    if not grids or outcome.basis is None:
        raise CannotRunError([f"{book} {describe(problem).text}" for problem in problems])
    directory = Directory.of(outcome.branches)
    filled = read_filled(grids, schemes, lambda text: directory.find(text, "")[0] or directory.find("", text)[0])
    codes = {name: code for code, name in zip(outcome.raters["rater"], outcome.raters["name"], strict=True) if name}
    assumed = replace(filled.assumed, raters=[codes.get(rater, rater) for rater in filled.assumed.raters])
    faults = filled.faults or [*unfit(outcome.basis, assumed)]
    if faults:
        for fault in faults:
            say(fault)
        say(f"{book}：有 {len(faults)} 处要改，没有预演")
        return ACT
    scores = supposed(outcome.basis, assumed).scored()
    after = replace(outcome, results=scores.results, trail=scores.trail)
    say(f"预演，假设：{'；'.join(filled.words)}")
    lines = differences(told_of(outcome), told_of(after))
    for line in lines or ["各党组织的等次和得分都没有变动"]:
        say(f"  {line}")
    say("以上只是预演，output 没有改动")
    return SETTLED
