"""Put a run's files into `output/`: staged completely first, then put in place one by one.

Only files that the last 运行记录.json names are ever removed: what an officer keeps in `output/` stays. A
file held open by another program is left as it is, and the new one is put beside it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from dingji.problems import Problem
from dingji.reports.run_record import RECORD, held, named

STAGING: Final = ".staging"


def publish(output: Path, files: Mapping[str, bytes]) -> list[Problem]:
    """Bring `output` to these files (paths relative to it); return a problem for each file held open.

    A file that the last record names is removed when the new record, being among `files`, names it no more.
    """
    _refuse_unsafe(output, files)
    owned = _named_in(output)
    staged = _stage(output, {name: raw for name, raw in files.items() if name != RECORD})
    problems = [problem for name, source in staged.items() for problem in _put(source, output, name)]
    if RECORD in files:
        beside = {problem.values["other"] for problem in problems if "other" in problem.values}
        kept = named(files[RECORD]) | set(files) | beside
        problems += _remove(output, sorted(owned - kept))
        problems += _put_record(output, files[RECORD], problems)
    shutil.rmtree(output / STAGING)
    return problems


def is_safe(name: str) -> bool:
    """Say whether a relative path stays inside its folder on every system."""
    parts = name.split("/")
    return all(part.strip(". ") and not set(part) & set('\\:*?"<>|\0') for part in parts)


def _refuse_unsafe(output: Path, files: Mapping[str, bytes]) -> None:
    root = output.resolve()
    for name in files:
        if not is_safe(name) or not (output / name).parent.resolve().is_relative_to(root):
            raise ValueError(f"unsafe output path: {name!r}")


def _named_in(output: Path) -> set[str]:
    """Return what the last record names, without names that a tampered record would lead astray."""
    record = output / RECORD
    root = output.resolve()
    names = named(record.read_bytes()) if record.is_file() else set()
    return {name for name in names if is_safe(name) and (output / name).parent.resolve().is_relative_to(root)}


def _stage(output: Path, files: Mapping[str, bytes]) -> dict[str, Path]:
    """Write the files that differ from those in place into a fresh staging folder."""
    staging = output / STAGING
    if staging.is_symlink():
        staging.unlink()
    elif staging.exists():  # left by a run that was cut off
        shutil.rmtree(staging)
    staging.mkdir(parents=True)
    changed = {name: raw for name, raw in files.items() if not _same(output / name, raw)}
    staged = {name: staging / f"{number:06}" for number, name in enumerate(changed)}
    for name, source in staged.items():
        source.write_bytes(changed[name])
    return staged


def _same(target: Path, raw: bytes) -> bool:
    try:
        return target.stat().st_size == len(raw) and target.read_bytes() == raw
    except OSError:
        return False  # missing, or locked against reading: putting it in place will tell


def _put(source: Path, output: Path, name: str) -> list[Problem]:
    """Put one staged file in place, or beside a file that cannot be replaced."""
    target = output / name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError:
        other = _put_beside(source, target)
        return [Problem("W601", file=name, values={"other": str(PurePosixPath(name).with_name(other))})]
    return []


def _put_beside(source: Path, target: Path) -> str:
    """Put a file beside its target under the first name that is not held open too; return that name."""
    for number in ("", *range(2, 10)):
        beside = target.with_name(f"{target.stem}(新{number}){target.suffix}")
        try:
            source.replace(beside)
        except OSError:
            continue
        return beside.name
    raise PermissionError(f"{target.name} 无法写入：请关闭正在打开它的程序，并检查 output 文件夹能否写入")


def _remove(output: Path, names: list[str]) -> list[Problem]:
    """Remove files of the last run that this one no longer makes, and the folders which that leaves empty."""
    problems = []
    for name in names:
        try:
            (output / name).unlink(missing_ok=True)
        except OSError:
            problems.append(Problem("W602", file=name))
    for folder in sorted({folder for name in names for folder in _folders(name)}, reverse=True):
        if (output / folder).is_dir() and not any((output / folder).iterdir()):
            (output / folder).rmdir()
    return problems


def _folders(name: str) -> Iterator[str]:
    return (str(folder) for folder in PurePosixPath(name).parents if folder.parts)


def _put_record(output: Path, record: bytes, problems: list[Problem]) -> list[Problem]:
    """Put the record in place last; it also names what this run put beside or could not remove."""
    left = [problem.values.get("other", problem.file) for problem in problems]
    raw = held(record, left) if left else record
    if _same(output / RECORD, raw):
        return []
    source = output / STAGING / "record"
    source.write_bytes(raw)
    return _put(source, output, RECORD)
