"""Draw the pictures of docs/使用手册.md from a real run: `python -m tests.make_manual_pictures`.

Workbooks are printed by the office suite, papers set by `pdf`, pages opened in the browser: what an officer sees.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openpyxl.workbook import Workbook

from tests.browsing import browser
from tests.conftest import find_program
from tests.make_demonstration import demonstration
from tests.papers import altered
from tests.workspaces import PROGRAM, command, make_workspace

FOLDER: Final = PROGRAM / "docs" / "图"
LARGEST: Final = 80_000
"""Bytes of a picture at most, and how many there may be."""
MOST: Final = 12


@dataclass(frozen=True)
class Picture:
    """One picture: the file it shows, how many points wide, and how much of its height; of a web page, points too."""

    file: str
    width: int = 760
    part: float = 1
    click: str = ""
    """What is clicked on in a page before it is taken."""


PICTURES: Final[Mapping[str, Picture]] = {
    "名册": Picture("input/党组织名册.xlsx", 1400, 0.35),
    "自评表": Picture("发放/ZB02_二支部/ZB02_二支部_自评表.xlsx", 950, 0.75),
    "测评票": Picture("发放/ZB02_二支部/ZB02_二支部_测评票（打印）.xlsx", 1100),
    "校验报告": Picture("收表/output/内部/校验报告.html", 900, 480),
    "退回的表": Picture("收表/output/内部/退回/ZB04_四支部_自评表.xlsx", 1000, 0.75),
    "结果查询页": Picture("output/内部/结果查询页.html", 900, 480),
    "一个党组织": Picture("output/内部/结果查询页.html", 900, 520, click="#list tbody a"),
    "审定表": Picture("output/上会/审定表.xlsx", 1500, 0.6),
    "公示": Picture("output/公示/公示.pdf", 700, 0.85),
    "一览表": Picture("output/上报/一览表.pdf", 1500, 0.45),
    "反馈": Picture("output/反馈/ZB03_三支部.pdf", 850, 0.9),
}


def spoilt() -> dict[str, bytes]:
    """Return the demonstration while forms come in: one mark is above its full mark, one form is not there."""
    files = dict(demonstration())
    late, faulty = "测评表/ZB05_五支部_测评表.xlsx", "自评表/ZB04_四支部_自评表.xlsx"
    del files[late]

    def type_in(book: Workbook) -> None:
        book.worksheets[0]["F12"].value = 9

    return {**files, faulty: altered(files[faulty], type_in)}


def shown(folder: Path) -> Path:
    """Return a workspace in which everything that a picture shows has been made."""
    round_ = make_workspace(folder / "定级", demonstration())
    for words in (("run",), ("forms",), ("pdf",)):
        if command(round_, *words):
            raise SystemExit(f"{words} of the demonstration has left something to be done")
    command(make_workspace(round_ / "收表", spoilt()), "check")
    return round_


def draw(pictures: Mapping[str, Picture], folder: Path, target: Path) -> None:
    """Draw pictures of files below a folder."""
    target.mkdir(parents=True, exist_ok=True)
    books = [folder / each.file for each in pictures.values() if each.file.endswith(".xlsx")]
    printed = folder / "印"
    _run("office", f"-env:UserInstallation={(folder / '套件').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(printed), *map(str, books))  # fmt: skip
    for name, picture in pictures.items():
        if picture.file.endswith(".html"):
            continue
        page = folder / picture.file
        page = printed / f"{page.stem}.pdf" if page.suffix == ".xlsx" else page
        _print(page, picture, target / f"{name}.png")
    _take({name: each for name, each in pictures.items() if each.file.endswith(".html")}, folder, target)


def _print(page: Path, picture: Picture, target: Path) -> None:
    """Draw the first page of a PDF, from above."""
    program = shutil.which("pdftoppm")
    if program is None:
        raise SystemExit("pdftoppm (poppler) draws the pictures")
    scale = ["-scale-to-x", str(picture.width), "-scale-to-y", "-1"]
    drawn = subprocess.run([program, "-singlefile", *scale, str(page)], capture_output=True, check=True).stdout
    _, size, _, points = drawn.split(b"\n", 3)
    width, height = (int(number) for number in size.split())
    target.write_bytes(png(width, points[: 3 * width * int(height * picture.part)]))


def png(width: int, points: bytes) -> bytes:
    """Return a picture of six steps of red, green and blue: enough for a form, and a third of the bytes.

    `points`: three bytes each, row by row.
    """
    steps = points.translate(bytes((value + 25) // 51 for value in range(256)))
    mixed = zip(steps[::3], steps[1::3], steps[2::3], strict=True)
    places = bytes(36 * red + 6 * green + blue for red, green, blue in mixed)
    rows = [places[start : start + width] for start in range(0, len(places), width)]
    colours = bytes(51 * step for place in range(216) for step in (place // 36, place // 6 % 6, place % 6))
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 3, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    parts = [b"IHDR" + head, b"PLTE" + colours, b"IDAT" + packed, b"IEND"]
    told = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def _take(pictures: Mapping[str, Picture], folder: Path, target: Path) -> None:
    program = find_program("browser")
    if program is None:
        raise SystemExit("a browser draws the pictures of pages")
    with browser(program, folder) as tab:
        for name, picture in pictures.items():
            tab.open((folder / picture.file).as_uri(), picture.width, int(picture.part))
            if picture.click:
                tab.click(picture.click)
            tab.picture(target / f"{name}.png")


def _run(marker: str, *words: str) -> None:
    program = find_program(marker)
    if program is None:
        raise SystemExit(f"{marker}: a program is missing")
    subprocess.run([program, *words], check=True, capture_output=True)


def main() -> None:
    """Draw them all, each over its older self."""
    with tempfile.TemporaryDirectory() as folder:
        draw(PICTURES, shown(Path(folder)), FOLDER)
    large = [path.name for path in sorted(FOLDER.glob("*.png")) if path.stat().st_size > LARGEST]
    if large:
        raise SystemExit(f"larger than {LARGEST} bytes: {'、'.join(large)}")


if __name__ == "__main__":
    main()
