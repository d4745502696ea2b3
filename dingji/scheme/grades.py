"""What makes grades of composites: bounds, situations, quotas, targets."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import BeforeValidator, Field

from dingji.scheme.told import TableWords, key
from dingji.scheme.written import Bound, Names, Number, Table, names_of

PREVIOUS = "上期等次"
"""What a situation may name in place of a grade: the branch's own of the round before."""
Paper = Literal["承诺书", "目标责任书", "公开评诺表"]
PAPERS: tuple[Paper, ...] = get_args(Paper)
"""What a branch signs after grading, and answers for through the year; made from what it is to mend."""
STEPS = ("up", "down")
"""Effects that go some grades from where a branch stands, or from what is named beside them."""
COMMITTEE, ALL = "meeting", "all"
"""How a tie at a quota's edge is settled where no formulas are written: by people, or all of them are in."""


class Rounding(Table):
    """四舍五入: to how many places, and whether before the grade is read off (取整后定等次)."""

    words: ClassVar = TableWords("取位", "综合得分的四舍五入。")
    places: Annotated[
        int,
        Field(ge=0, le=6),
        key("小数位数", "综合得分四舍五入，取几位小数；只取这一次，中间各步不取位。", "places = 1"),
    ] = 2
    before_grading: Annotated[
        bool, key("先取位再定等次", "true：先取位，再与等次界限比；false：用取位前的得分比。", "before_grading = false")
    ] = True


class Grade(Table):
    """A grade, best first: the first row that fits is taken; the last may have no condition."""

    words: ClassVar = TableWords("等次", "从高到低，一个等次一张表；取第一个达到的。")
    name: Annotated[str, key("等次", "等次的名称，通知怎么印就怎么写。", 'name = "好"')]
    start: Annotated[
        Number | None,
        key(
            "达到",
            "综合得分达到（含）这个数，就是这个等次；最后一个等次不写。不定分数、只按比例取的等次也不写，"
            "另写一条 at_most 的名额。",
            "from = 90",
        ),
    ] = Field(None, alias="from")
    when: Annotated[str, key("条件", "还要满足的条件；可以与 from 同写，也可以单独写。", 'when = "满意率 >= 90%"')] = ""
    follow_up: Annotated[
        str, key("后续工作", "定为这个等次以后要做什么，照通知写。", 'follow_up = "总结经验，发挥示范作用"')
    ] = ""
    rectify: Annotated[
        bool | None,
        key(
            "发整改通知书",
            "定为这个等次的，写 true 时发限期整改通知书。哪个等次都不写的，最后一个等次发；"
            "都不发的，在最后一个等次写 false。",
            "rectify = true",
        ),
    ] = None
    papers: Annotated[
        list[Paper],
        BeforeValidator(names_of),
        key(
            "签什么书",
            "定为这个等次的，按整改台账出承诺书、目标责任书；公开评诺表列出承诺各项的进展、销号和评议结果，"
            "台账交回或者评议过以后才出。不写就不出。",
            'papers = ["承诺书", "目标责任书"]',
        ),
    ] = []
    visits: Annotated[
        str,
        key("联系走访", "联系领导多久去一次，照通知写，印在目标责任书和限期整改通知书上。", 'visits = "每季度至少1次"'),
    ] = ""

    @property
    def followed(self) -> bool:
        """Say whether anything is asked of a branch after this grade, so that it gets 整改台账."""
        return bool(self.follow_up or self.rectify or self.papers or self.visits)


class Situation(Table):
    """A stated circumstance and its one effect; declared on 情形申报, or computed by `when`."""

    words: ClassVar = TableWords("情形", "通知里的特别规定，一条一张表；一条只写一个后果。")
    name: Annotated[
        str, key("情形", "情形的名称，照通知简写；情形申报表上逐条印出。", 'name = "支部班子不团结"', 'grade = "差"')
    ]
    when: Annotated[
        str,
        key(
            "条件",
            "由程序按这个条件判断；不写的，由党组织申报、办公室确认。",
            'when = "满意率 < 90%"',
            'at_most = "一般"',
        ),
    ] = ""
    only_for: Annotated[
        str, key("适用于", "这个情形只对哪些党组织有效。", "for = \"类别 = '机关'\"", 'at_most = "一般"')
    ] = Field("", alias="for")
    score: Annotated[
        Number | None, key("综合得分改为", "后果之一：综合得分改为这个数（清零写 0），再往下定等次。", "score = 0")
    ] = None
    points: Annotated[
        Number | None,
        key(
            "综合得分加减几分",
            "后果之一：各方合成、加上加分以后，综合得分再加（减）这么多分；几条都有的累计。扣分写负数。",
            'name = "被通报批评"',
            "points = -5",
        ),
    ] = None
    factor: Annotated[
        Number | None,
        key(
            "综合得分乘以几",
            "后果之一：各方合成的得分（不含加分）乘以这个系数，先乘系数，再加加分，再加减 points；几条都有的连乘。",
            "when = \"类别 = '机关'\"",
            "factor = 1.05",
        ),
    ] = None
    of: Annotated[
        str,
        key(
            "再乘以哪个数",
            "与 points 或 factor 同写：再乘以这个数（次数、名册上的系数），如每次信访扣5分，最多算三次。",
            'when = "信访量 > 0"',
            "points = -5",
            'of = "较小(信访量, 3)"',
        ),
    ] = ""
    at_least: Annotated[
        str, key("不低于哪个等次", '后果之一，直接定级：不低于这个等次；也可以写 "上期等次"。', 'at_least = "较好"')
    ] = ""
    at_most: Annotated[
        str, key("不高于哪个等次", '后果之一，限档：不高于这个等次；也可以写 "上期等次"。', 'at_most = "一般"')
    ] = ""
    grade: Annotated[
        str, key("定为哪个等次", '后果之一，否决：不论得分，就是这个等次；也可以写 "上期等次"。', 'grade = "差"')
    ] = ""
    up: Annotated[
        int | None,
        Field(ge=1),
        key(
            "升几个等次",
            '后果之一，升几个等次，最高到第一个等次。与 "上期等次" 同写的，指上期等次之上几个：'
            "如最多比上期高一个等次。",
            'at_most = "上期等次"',
            "up = 1",
        ),
    ] = None
    down: Annotated[
        int | None,
        Field(ge=1),
        key(
            "降几个等次",
            '后果之一，降几个等次，最低到最后一个等次。与 "上期等次" 同写的，指上期等次之下几个。',
            "down = 1",
        ),
    ] = None
    no_grade: Annotated[
        str,
        key(
            "不定等次，印什么字",
            "后果之一：不定等次，表上印这里写的字。",
            'when = "成立月数 < 12"',
            'no_grade = "不定等次"',
        ),
    ] = ""
    excused: Annotated[
        bool,
        key(
            "也不用交表",
            "与 no_grade 同写：写 true 时这些党组织（或党员）不参加评定，不用交自评表、测评表，评委也不用评。"
            "条件只能读名册上的事项和轮次。",
            "when = \"类别 = '离退休'\"",
            'no_grade = "不评"',
            "excused = true",
        ),
    ] = False
    flag: Annotated[
        str,
        key(
            "标注",
            "后果之一：只作标注，不改等次；审定之后才判断，所以条件里可以读等次。",
            "when = \"晋位情况 = '退位'\"",
            'flag = "重点帮扶"',
        ),
    ] = ""

    @property
    def effect(self) -> str:
        """Name the one effect, as its key is called; "" where there is none."""
        return next(iter(self.effects), "")

    @property
    def effects(self) -> list[str]:
        """Name every effect that is written; one a situation, but that a step may go with 上期等次."""
        numbers = [key for key in ("score", "points", "factor") if getattr(self, key) is not None]
        named = [key for key in ("at_least", "at_most", "grade", "no_grade", "flag") if getattr(self, key)]
        return [*numbers, *named, *(key for key in STEPS if getattr(self, key) is not None)]

    @property
    def shift(self) -> int:
        """Return by how many grades what is named is lowered, below nothing where it is raised."""
        return (self.down or 0) - (self.up or 0)

    @property
    def named(self) -> str:
        """Return the grade that the effect names, 上期等次 too; "" where it names none."""
        return self.at_least or self.at_most or self.grade


class Quota(Table):
    """How many may hold a grade, or receive a flag."""

    words: ClassVar = TableWords("名额", "名额或比例的规定，一条一张表；名额边上并列的，不写 ties 就留给党委研究。")
    name: Annotated[
        str, key("名额", "名额的名称，可以不写。", 'name = "先进名额"', 'grade = "好"', 'at_most = "40%"')
    ] = ""
    grade: Annotated[
        Names,
        key(
            "管哪个等次",
            "管哪个等次，几个相邻的等次合在一起算的都写上；与 flag 只写一个。情形定下的等次也占名额，但不因名额变动。",
            'grade = ["一般", "差"]',
            'at_least = "20%"',
        ),
    ] = []
    flag: Annotated[
        str, key("标注", "不改等次，把这几个字标注给选出来的党组织。", 'flag = "重点帮扶"', "bottom = 2")
    ] = ""
    at_most: Annotated[
        Bound | dict[str, Bound] | None,
        key(
            "最多",
            "最多几个或占多少：超出的，排名最后的降到下一个等次。各类不同的写成 类别 = 数，其余写 default。",
            'grade = "好"',
            'at_most = { "机关" = "30%", default = "40%" }',
            'within = "类别"',
        ),
    ] = None
    at_least: Annotated[
        Bound | dict[str, Bound] | None,
        key(
            "最少",
            "最少几个或占多少：不够的，从好一个等次里排名最后的补足；还不够，再往上一个等次里取，直到够数。",
            'grade = "差"',
            "at_least = 1",
        ),
    ] = None
    about: Annotated[
        Bound | None, key("大约", "大约占多少：超出或不足只提醒，不改等次。", 'grade = "好"', 'about = "30%"')
    ] = None
    top: Annotated[
        Bound | dict[str, Bound] | None,
        key("取最高的", "取综合得分最高的几个，给 flag 的标注。", 'flag = "表彰推荐"', "top = 4"),
    ] = None
    bottom: Annotated[
        Bound | dict[str, Bound] | None,
        key(
            "取最低的",
            "取综合得分最低的几个，给 flag 的标注。",
            'flag = "重点帮扶"',
            'bottom = { "学生支部" = 1, default = "8%" }',
            'within = "类别"',
        ),
    ] = None
    among: Annotated[
        str,
        key("只在哪些中取", "只在满足条件的党组织中取。", 'flag = "表彰推荐"', "top = 4", "among = \"等次 = '好'\""),
    ] = ""
    places: Annotated[
        int | None,
        key(
            "实际名额",
            "实际名额；取的比名额多，就是差额推荐，由党委研究。",
            'flag = "表彰推荐"',
            "top = 4",
            "places = 2",
        ),
    ] = None
    out_of: Annotated[
        Literal["graded", "all", "previous"],
        key(
            "比例的基数",
            "比例以哪些党组织为基数。上期定了级的，撤销、合并了的也算在内。",
            'grade = "好"',
            'at_most = "40%"',
            'out_of = "previous"',
        ),
    ] = "graded"
    within: Annotated[
        Literal["", "类别", "上级党组织"],
        key(
            "分开计算",
            "分开计算：每个类别，或每个上级党组织，各算各的名额。",
            'grade = "好"',
            'at_most = "40%"',
            'within = "上级党组织"',
        ),
    ] = ""
    round: Annotated[
        Literal["floor", "ceil", "half_up", ""],
        key(
            "取整",
            "按比例算出的个数怎样取整；不写时，at_most 舍去零头，其余进一。",
            'grade = "好"',
            'at_most = "40%"',
            'round = "half_up"',
        ),
    ] = ""
    ties: Annotated[
        Literal["meeting", "all"] | list[str],
        key(
            "并列怎么办",
            "名额边上综合得分并列的怎么办；写成几个算式的，依次比，数大的排在前面，比完还并列的仍由党委研究。",
            'grade = "好"',
            'at_most = "40%"',
            'ties = ["满意率", "-信访量"]',
        ),
    ] = "meeting"
    minimum: Annotated[
        int, key("至少几个", "按比例算出来再少，也至少有这几个。", 'grade = "好"', 'at_most = "40%"', "min = 1")
    ] = Field(0, alias="min")

    @property
    def what(self) -> str:
        """Return how papers call what the quota is on: its grades, or its flag."""
        return "、".join(self.grade) or self.flag

    @property
    def tie_keys(self) -> list[str]:
        """Return the formulas by which level branches are put in order; the greater figure comes first."""
        return self.ties if isinstance(self.ties, list) else []


class Target(Table):
    """A goal over rounds: of those with a grade `out_of` last time, how many reach `to`.

    `rounds`: those by whose end it is to be reached; every round where none is named.
    """

    words: ClassVar = TableWords("目标", "晋位升级的目标，一条一张表。")
    name: Annotated[str, key("目标", "目标的名称。", 'name = "一般党支部晋位率"')]
    out_of: Annotated[Names, key("上期等次", "上期是这些等次的党组织，作分母。", 'out_of = ["一般"]')]
    to: Annotated[Names, key("这一期达到", "这一期达到这些等次的，作分子。", 'to = ["好", "较好"]')]
    at_least: Annotated[
        Bound, key("至少", "至少应占多少（晋位率、转化率）；写整数的，是至少几个。", 'at_least = "95%"')
    ]
    rounds: Annotated[
        Names,
        key(
            "到哪几轮检查",
            "到哪一轮应当达到：别的轮次只列出晋位率，不提示未达到。不写时，每一轮都看。",
            'rounds = "年终"',
        ),
    ] = []
