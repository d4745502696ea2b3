"""The program as one .zip for a computer without a network: all that it needs, and nothing of anybody's grading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dingji.seal import EPOCH

FOLDERS: Final = ("dingji", "schemes", "templates", "docs", "tests", "benchmarks", "wheels")
FILES: Final = (
    *("process.py", "运行.bat", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"),
    *("requirements.txt", "requirements-test.txt", "pyproject.toml"),
)
"""What the program is made of: settings, forms, results, mail and archives are not among it."""
LEFT: Final = ("__pycache__", ".pyc")


def parts_of(root: Path) -> list[str]:
    """Return the program's files by path, in order."""
    found = [root / name for name in FILES if (root / name).is_file()]
    found += [path for folder in FOLDERS for path in (root / folder).rglob("*") if path.is_file()]
    paths = (path.relative_to(root).as_posix() for path in found if not path.is_symlink())
    return sorted(path for path in paths if not any(word in path for word in LEFT))


def has_wheels(paths: list[str]) -> bool:
    """Say whether the packages that the program needs are among its files."""
    return any(path.startswith("wheels/") and path.endswith(".whl") for path in paths)


def pack(root: Path, target: Path, paths: list[str]) -> None:
    """Write the program's files into a .zip; OSError where it cannot be written: then nothing is left of it."""
    try:
        with ZipFile(target, "x", ZIP_DEFLATED) as archive:
            for name, raw in _contents(root, paths):
                archive.writestr(ZipInfo(name, EPOCH), raw, ZIP_DEFLATED)
    except FileExistsError:
        raise
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _contents(root: Path, paths: list[str]) -> Iterator[tuple[str, bytes]]:
    return ((path, (root / path).read_bytes()) for path in paths)
