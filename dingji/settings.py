"""What config.toml says: bytes → Settings, every mistake of it at once."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator

from dingji.mail_settings import Mail
from dingji.paper_settings import Publish, publish_faults
from dingji.round_days import DATE_WORDS, Round, RoundDays, calendar_findings, is_date, iso
from dingji.sample_settings import Sample, sample_faults
from dingji.scheme.finding import Finding
from dingji.scheme.load import read_toml, validated
from dingji.scheme.positions import line_of
from dingji.scheme.told import Section, TableWords, key


class Office(Section):
    """Whose grading it is, as printed on papers."""

    words: ClassVar = TableWords("填报单位", "印在各种表的表头和表脚。")
    name: Annotated[str, key("填报单位", "填报单位，印在表头和表脚。", 'name = "示范单位党委"')] = ""
    preparer: Annotated[str, key("填表人", "填表人，印在表脚。", 'preparer = "党办"')] = ""
    reviewer: Annotated[str, key("审核人", "审核人，印在表脚。", 'reviewer = "党办负责人"')] = ""
    phone: Annotated[str, key("联系电话", "联系电话，印在表脚。", 'phone = "0000-0000000"')] = ""
    date: Annotated[
        str, key("填报日期", "填报日期，印在表脚；不写就留空，程序不会自己填日期。", 'date = "2026-03-31"')
    ] = ""
    meeting: Annotated[
        bool,
        key(
            "等次要开会审定",
            "等次由党委会议审定；写 false 时不用填审定表就能定稿，各种表上也不写“审定”。",
            "meeting = false",
        ),
    ] = True

    @field_validator("date")
    @classmethod
    def _as_read(cls, text: str) -> str:
        return iso(text)


class StandardChoice(Section):
    """Which standard grades which category of branches."""

    words: ClassVar = TableWords("标准", "用 schemes 文件夹里的哪个标准。")
    default: Annotated[
        str,
        key(
            "用哪个标准",
            "schemes 文件夹里的标准，写它的 id，在工作簿里写名称也可以；没有另外指定的类别都用它。",
            'default = "five-good"',
        ),
    ]
    by_category: Annotated[
        dict[str, str],
        key(
            "另用标准的类别",
            "某些类别的党组织另用一个标准：名册里的类别 = 标准的 id，在工作簿里写名称也可以。",
            'by_category = { "学生支部" = "seven-indicators" }',
        ),
    ] = Field(default_factory=dict)
    burdens: Annotated[
        bool,
        key(
            "减负提示",
            "检查标准（scheme lint）时，列不列出减负提示：计分涉及批示、媒体报道、留痕、笔记等的；写 false 就不列。",
            "burdens = false",
        ),
    ] = True


class Summary(Section):
    """How 汇总表 is grouped and its shares rounded."""

    words: ClassVar = TableWords("汇总表", "汇总表的分行和占比。")
    by: Annotated[Literal["上级党组织", "类别", "层级"], key("按什么分行", "汇总表按什么分行。", 'by = "类别"')] = (
        "上级党组织"
    )
    shares: Annotated[Literal["plain", "forced"], key("占比怎样取位", "占比怎样取两位小数。", 'shares = "forced"')] = (
        "plain"
    )


class Privacy(Section):
    """Floors below which a figure is withheld outside 内部/ and 上会/."""

    words: ClassVar = TableWords("未公开", "人数太少的数不对外印出，免得看出是谁投的。")
    ballots: Annotated[
        int,
        Field(ge=0),
        key("有效票少于", "有效票少于这个数的，比率和得分只在 内部 和 上会 文件夹里出现。", "ballots = 8"),
    ] = 5
    raters: Annotated[
        int,
        Field(ge=0),
        key(
            "评委少于",
            "评委（去掉最高分和最低分以后）少于这个数的，得分只在 内部 和 上会 文件夹里出现。",
            "raters = 5",
        ),
    ] = 3
    composite: Annotated[
        bool,
        key(
            "综合得分也不公开",
            "写 true 时，由人数太少的数合成的综合得分和全部排名也不上报；不写，综合得分照常上报。",
            "composite = true",
        ),
    ] = False
    grade: Annotated[
        bool,
        key(
            "等次也不公开",
            "写 true 时，由人数太少的数得出的等次和晋位情况也不上报；不写，等次照常上报。",
            "grade = true",
        ),
    ] = False


class ReportChoice(Section):
    """What the superior's copies show."""

    words: ClassVar = TableWords("上报", "上报的表列出什么。")
    places: Annotated[bool, key("列出排名", "写 true 时，上报的一览表列出排名。", "places = true")] = False


class Checks(Section):
    """What a run checks of its own outcome."""

    words: ClassVar = TableWords("自查", "程序写出结果以后自己再查什么。")
    formulas: Annotated[
        bool,
        key(
            "重算公式",
            "另装了重算组件的，把内部结果表里的公式重算一遍，与存着的数不同就报告；写 false 就不重算。",
            "formulas = false",
        ),
    ] = True


class Engine(Section):
    """Where the input lies, and who reads it: this machine or a cluster. No outcome depends on it."""

    words: ClassVar = TableWords("运行", "表放在哪里、由谁来读；结果与此无关。")
    kind: Annotated[
        Literal["local", "dask"],
        key(
            "由谁来读",
            "由谁来读表；一台电脑够用的，不用改。几台电脑一起读的办法见 docs/cluster.md。",
            'kind = "dask"',
            'scheduler = "tcp://10.0.0.5:8786"',
        ),
    ] = "local"
    scheduler: Annotated[
        str, key("调度器", "集群的调度器的地址，用 dask 时要写。", 'scheduler = "tcp://10.0.0.5:8786"')
    ] = ""
    input: Annotated[
        str,
        key(
            "表放在哪里",
            "收来的表放在哪里：另一个文件夹，或对象存储的地址；不写就是平时放表的那个文件夹。",
            'input = "s3://dingji/2026年初"',
        ),
    ] = ""


class Settings(Section):
    """Everything that config.toml says."""

    words: ClassVar = TableWords("整个设置", "工作文件夹里的 config.toml。")
    office: Annotated[Office, key("填报单位", "填报单位的名称和经办人。", 'office = { name = "示范单位党委" }')] = (
        Office()
    )
    round: Annotated[Round, key("轮次", "正在定级的是哪一轮。", 'round = { year = 2026, name = "年终" }')]
    calendar: Annotated[
        list[RoundDays],
        key(
            "日历",
            "各轮次的起止日期和各表的截止日期，一轮一张表。",
            "[[calendar]]",
            'round = "年终"',
            'due = "2026-12-10"',
        ),
    ] = Field(default_factory=list)
    standard: Annotated[StandardChoice, key("标准", "用哪个标准。", 'standard = { default = "five-good" }')]
    choices: Annotated[
        dict[str, dict[str, Any]],
        key(
            "本单位自定",
            "标准留给本单位自定的地方（写了 choice 的表）：一个标准一张表，键写成 位置.名称.键。",
            "[choices.five-good]",
            '"sources.自评.weight" = { "年初" = 30, "年终" = 20 }',
        ),
    ] = Field(default_factory=dict)
    summary: Annotated[Summary, key("汇总表", "汇总表怎样分行、占比怎样取位。", 'summary = { by = "类别" }')] = (
        Summary()
    )
    privacy: Annotated[
        Privacy, key("未公开", "人数太少的测评和评分，不在外面的表上印出。", "privacy = { ballots = 8 }")
    ] = Privacy()
    report: Annotated[ReportChoice, key("上报", "上报的表列出什么。", "report = { places = true }")] = ReportChoice()
    checks: Annotated[Checks, key("自查", "程序写出结果以后自己再查什么。", "checks = { formulas = false }")] = Checks()
    engine: Annotated[
        Engine,
        key(
            "运行",
            "表放在哪里、由谁来读；一台电脑够用的，不用写。结果与由谁来读无关。",
            'engine = { input = "//server/share/2026年初" }',
        ),
    ] = Engine()
    publish: Annotated[
        Publish,
        key("公文", "公示、通报、报告、反馈上印的单位、日期和电话。", 'publish = { days = 5, department = "组织科" }'),
    ] = Publish()
    samples: Annotated[
        list[Sample],
        key(
            "抽查",
            "随机抽查：抽哪些党组织、党员或平时记录去查，一次写一张表。",
            "[[samples]]",
            'name = "四月抽查"',
            "count = 2",
            "seed = 20260410",
        ),
    ] = Field(default_factory=list)
    mail: Annotated[
        Mail,
        key("邮件", "用哪个邮箱发、发到哪里；不由程序发送的，不用写。", 'mail = { server = "mail.example.cn" }'),
    ] = Mail()

    @property
    def current(self) -> Round:
        """Return the round being graded, with its days wherever config tells them."""
        days = self.days_of(self.round.name)
        return self.round.model_copy(update={"begins": days.begins, "ends": days.ends})

    def days_of(self, round_name: str) -> RoundDays:
        """Return what is known of a round's days; for the current one `[round]` may tell them too."""
        listed = next((days for days in self.calendar if days.round == round_name), RoundDays(round=round_name))
        if round_name != self.round.name:
            return listed
        own = {"begins": listed.begins or self.round.begins, "ends": listed.ends or self.round.ends}
        return listed.model_copy(update=own)


def load_settings(raw: bytes) -> tuple[Settings | None, list[Finding]]:
    """Read config.toml from its bytes; all mistakes at once, None where there is one."""
    data, text, findings = read_toml(raw)
    if findings:
        return None, findings
    settings, findings = validated(Settings, data, text)
    findings += _office_findings(settings, text) if settings else []
    findings += _engine_findings(settings.engine, text) if settings else []
    findings += calendar_findings(settings.round, settings.calendar, text) if settings else []
    findings += _paper_findings(settings, text) if settings else []
    return (None if findings else settings), findings


def _office_findings(settings: Settings, text: str) -> list[Finding]:
    path = ("office", "date")
    return [] if is_date(settings.office.date) else [Finding("error", path, DATE_WORDS, line_of(text, path))]


def _paper_findings(settings: Settings, text: str) -> list[Finding]:
    faults = (*publish_faults(settings.publish), *sample_faults(settings.samples))
    return [Finding("error", path, words, line_of(text, path)) for path, words in faults]


def _engine_findings(engine: Engine, text: str) -> list[Finding]:
    path = ("engine", "kind")
    lacking = engine.kind == "dask" and not engine.scheduler
    return [Finding("error", path, "用 dask 时要写 scheduler（调度器的地址）", line_of(text, path))] if lacking else []
