"""How a sheet is read, by the shape that its declaration gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dingji.read.locate import Located
from dingji.read.printed import read_printed
from dingji.read.printed_blocks import read_blocks
from dingji.read.rows import Reading
from dingji.read.sheets import read_records
from dingji.read.wide import read_wide

SHAPES: Mapping[str, Callable[[Located], Reading]] = {
    "printed": lambda located: read_blocks(located) if located.sheet.blocks else read_printed(located),
    "wide": read_wide,
    "records": read_records,
}
