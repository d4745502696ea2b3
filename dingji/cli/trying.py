"""`scheme try`: a sheet for one branch's figures, and what comes of them."""

from __future__ import annotations

import argparse
from pathlib import Path

from dingji.cannot_run import CannotRunError
from dingji.cli.books import bytes_of, put
from dingji.cli.console import ACT, SETTLED, say
from dingji.cli.folders import scheme_path
from dingji.problems import describe
from dingji.read.open import open_workbook
from dingji.scheme.finding import nearest
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.trial.answers import last_round
from dingji.trial.run import NOT_GRADED, tried
from dingji.trial.sheet import TRY, read_try, told, write_try


def try_command(chosen: argparse.Namespace, root: Path) -> int:
    """Write the sheet, or reckon one that is filled in; 1 where it cannot be understood or gives no grade."""
    folder: Path = chosen.workspace or root
    path = scheme_path(chosen.scheme, folder)
    if not path.is_file():
        raise CannotRunError([f"找不到标准：{path}"])
    scheme, findings = load_scheme(path.read_bytes())
    if scheme is None:
        raise CannotRunError([f"{chosen.scheme} {finding.text}" for finding in findings])
    if chosen.book is None:
        return _write(scheme, _round(scheme, chosen.round), folder, replace=chosen.replace)
    return _reckon(scheme, chosen.book, folder)


def _round(scheme: Scheme, named: str) -> str:
    names = list(scheme.rounds)
    if named and named not in names:
        words = f"没有轮次“{named}”{nearest(named, names)}" if names else "这个标准不分轮次，不用写 --round"
        raise CannotRunError([words])
    return named or last_round(scheme)


def _write(scheme: Scheme, round_name: str, folder: Path, *, replace: bool) -> int:
    target = folder / f"{TRY}_{scheme.id}.xlsx"
    put(target, write_try(scheme, round_name), replace=replace)
    say(f"试算表已写好：{target}")
    say(f"填好存盘后，用 python process.py scheme try {scheme.id} {target.name} 算出结果")
    return SETTLED


def _reckon(scheme: Scheme, book: Path, folder: Path) -> int:
    grids, problems = open_workbook(bytes_of(book, folder))
    if not grids:
        raise CannotRunError([f"{book.name} {describe(problem).text}" for problem in problems])
    filled = read_try(scheme, grids)
    if filled.faults:
        for fault in filled.faults:
            say(fault)
        say(f"{book.name}：有 {len(filled.faults)} 处看不懂，没有计算；请改好再试")
        return ACT
    trial = tried(scheme, filled.round, filled.answers.typed)
    for line in told(scheme, filled, trial):
        say(line)
    target = folder / f"{book.stem}_结果.xlsx"
    put(target, write_try(scheme, filled.round, filled.answers, trial), replace=True)
    say(f"已写好 {target.name}：每条规定旁边是它算得的分")
    return ACT if trial.grade == NOT_GRADED and scheme.grades else SETTLED
