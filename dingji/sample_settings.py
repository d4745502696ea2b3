"""Which branches, members or records are drawn to be looked at (随机抽查): what config.toml says of each draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Final, Literal

from pydantic import ConfigDict, Field

from dingji.numbers import plain
from dingji.round_days import Mistake
from dingji.scheme.finding import nearest
from dingji.scheme.told import Section, TableWords, key
from dingji.scheme.written import Bound, Names

Of = Literal["党组织", "党员", "平时记录"]
Within = Literal["", "上级党组织", "类别", "层级", "党组织"]
BRANCHES: Final = "党组织"
MEMBERS: Final = "党员"
WHOLE: Final = ""


class Sample(Section):
    """One draw: of what, how many of each stratum, by which seed, and what was drawn before and is left out."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    words: ClassVar = TableWords("抽查", "随机抽查的抽签，一次写一张表；python process.py sample 写出名单。")
    name: Annotated[str, key("抽查名称", "这次抽查叫什么，印在名单上。", 'name = "四月抽查"')]
    of: Annotated[Of, key("抽什么", "抽党组织、党员还是平时记录。党员按党员名册的第几名抽。", 'of = "平时记录"')] = (
        BRANCHES
    )
    count: Annotated[
        Bound,
        key("抽几个", '每一层抽几个；写成 "20%" 的，按比例，不足一个的按一个。', "count = 3"),
    ]
    within: Annotated[
        Within,
        key("按什么分层", "分层各抽各的；不写就不分层，合在一起抽。", 'within = "类别"'),
    ] = WHOLE
    seed: Annotated[
        int,
        key("抽签的种子", "抽签用的数，任写一个，印在名单上；同一个数，抽出来的一样。", "seed = 20260410"),
    ]
    without: Annotated[
        Names,
        key("不再抽的", "前面哪几次抽查抽到过的，这次不再抽；写它们的抽查名称。", 'without = ["四月抽查"]'),
    ] = Field(default_factory=list)


def sample_faults(samples: Sequence[Sample]) -> Iterator[Mistake]:
    """Yield what is wrong with the draws: numbers that draw nothing, names told twice, an earlier draw that is none."""
    before: dict[str, Sample] = {}
    for index, sample in enumerate(samples):
        path = ("samples", index)
        if sample.name in before or not sample.name.strip():
            yield (*path, "name"), f"抽查名称“{sample.name}”空着或重复，每次抽查写一个不同的名称"
        whole = sample.count.value.denominator == 1
        if sample.count.value <= 0 or (sample.count.share and sample.count.value > 1):
            yield (*path, "count"), f"抽 {sample.count.written} 抽不出来，写 1 以上的整数，或者不超过 100% 的比例"
        elif not sample.count.share and not whole:
            yield (*path, "count"), f"抽 {plain(sample.count.value)} 个不是整数；按比例抽的写成百分数，如 20%"
        if sample.within == BRANCHES and sample.of == BRANCHES:
            yield (*path, "within"), "抽党组织的，不能再按党组织分层"
        for name in sample.without:
            earlier = before.get(name)
            if earlier is None:
                yield (*path, "without"), f"前面没有“{name}”这次抽查{nearest(name, list(before))}"
            elif earlier.of != sample.of:
                yield (*path, "without"), f"“{name}”抽的是{earlier.of}，这次抽的是{sample.of}，谈不上不再抽"
        before[sample.name] = sample
