"""Packages that only some offices need: imported where they are asked for, and told plainly where they are missing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dingji.cannot_run import CannotRunError

EXTRAS: Final = {
    "cluster": ("在集群上运行", "distributed"),
    "s3": ("从对象存储读取", "fsspec s3fs"),
    "pdf": ("做 PDF ", "typst"),
}
"""By the extra's name in pyproject.toml: what it is for, and what is installed."""


@contextmanager
def wanted_extra(name: str) -> Iterator[None]:
    """Turn a missing package into what an engineer can do about it: CannotRunError."""
    try:
        yield
    except ImportError as error:
        purpose, packages = EXTRAS[name]
        line = f'{purpose}还缺组件 {error.name or name}。安装："{sys.executable}" -m pip install {packages}'
        raise CannotRunError([line]) from error
