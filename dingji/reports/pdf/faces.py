"""The fonts that papers name, by the names of their files; what comes nearest to each, and where it comes from.

A program names a Chinese font in Chinese, the font file itself mostly in English: each has several names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Face:
    """A font: the names that its files go by, whether its strokes have feet, where it comes from."""

    names: Sequence[str]
    serif: bool = True
    source: str = "随 Windows 和 WPS 安装"


BY_FOUNDER: Final = "方正字库官网可下载"
FANGSONG, KAITI = ("FangSong", "FangSong_GB2312", "STFangsong"), ("KaiTi", "KaiTi_GB2312", "STKaiti")
SONG, HEI = ("SimSun", "NSimSun", "STSong", "Songti SC"), ("SimHei", "STHeiti", "Heiti SC")
BANNER: Final = Face(("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"), source=BY_FOUNDER)
FACES: Final[Mapping[str, Face]] = {
    **dict.fromkeys(("仿宋", "仿宋_GB2312"), Face(FANGSONG)),
    **dict.fromkeys(("楷体", "楷体_GB2312"), Face(KAITI)),
    "宋体": Face(SONG),
    "黑体": Face(HEI, serif=False),
    "微软雅黑": Face(("Microsoft YaHei",), serif=False),
    **dict.fromkeys(("方正小标宋简体", "方正小标宋_GBK"), BANNER),
    "Times New Roman": Face(("Times New Roman", "Liberation Serif", "Nimbus Roman")),
}
"""Any other font is looked for by its own name."""
WITH_FEET: Final = (*SONG, "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "AR PL UMing CN")
WITHOUT: Final = (
    *HEI,
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Zen Hei",
)
LATIN: Final = ("Libertinus Serif",)
"""It comes with typst."""
