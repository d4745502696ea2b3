"""发送记录: what was sent, a line before and a line after each message, so that nothing is ever sent twice.

Append-only text, its fields apart by tabs; a line is on the disk before anything else happens. What was begun and has
no second line may have been sent or not: nobody here can know, so it is told and never sent again by itself.
"""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Mapping
from pathlib import Path
from time import strftime
from typing import Final

from dingji.cannot_run import CannotRunError
from dingji.problems import shown

JOURNAL: Final = "发送记录.txt"
BEGUN, SENT, FAILED, AGAIN = STEPS = ("准备发送", "已发送", "没有发出", "要再发")
HEADINGS: Final = ("时间", "步骤", "识别号", "种类", "收件人", "邮箱", "主题", "说明")
MARK_AT: Final = HEADINGS.index("识别号")
UNREADABLE: Final = f"邮件/{JOURNAL} 读不出来，不知道哪些已经发过；请用备份恢复，或者核对后移走，再运行"


class Journal:
    """The record of a workspace's sending."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def steps(self) -> Mapping[str, str]:
        """Return the last step of every message, by its mark; a line cut off half-way counts as none.

        CannotRunError where the file is another than the program's: what was sent is not known.
        """
        if not self.path.exists():
            return {}
        head, *lines = self.path.read_bytes().removeprefix(BOM_UTF8).split(b"\n")[:-1] or [b""]
        if _fields(head) != list(HEADINGS) and (head or lines):
            raise CannotRunError([UNREADABLE])
        told = [fields for fields in map(_fields, lines) if len(fields) == len(HEADINGS) and fields[1] in STEPS]
        return {fields[MARK_AT]: fields[1] for fields in told}

    def write(self, step: str, mark: str, *told: str) -> None:
        """Add a line, and wait until the disk has it. `told`: kind, whom, address, subject, remark."""
        fields = [strftime("%Y-%m-%d %H:%M:%S"), step, mark, *(shown(text, 200) for text in told)]
        fields += [""] * (len(HEADINGS) - len(fields))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            start = ("" if self._ends_well() else "\n") if file.tell() else "\ufeff" + "\t".join(HEADINGS) + "\n"
            file.write((start + "\t".join(fields) + "\n").encode())
            file.flush()
            os.fsync(file.fileno())

    def _ends_well(self) -> bool:
        """Say whether the last line was written whole."""
        with self.path.open("rb") as file:
            if not file.seek(0, os.SEEK_END):
                return True
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"


def _fields(line: bytes) -> list[str]:
    """Return the fields of a line; none where it was cut off within a sign."""
    try:
        return line.decode().rstrip("\r").split("\t")
    except UnicodeDecodeError:
        return []
