"""The catalogue of problems: a code, one fixed level, and the words for what, why and how to mend it.

A problem is raised anywhere as data (`Problem`); only this module turns it into words, so the console, the
result workbook, the check report and the error pages say the same. Levels: `refuse` (the file or cell is not
taken), `act` (a person must decide or mend), `warning`, `note`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["refuse", "act", "warning", "note"]

BETWEEN = " ▸ "
"""What stands between file, sheet and cell of a place."""

LEVELS: Mapping[Level, str] = {"refuse": "拒收", "act": "须处理", "warning": "提醒", "note": "说明"}


@dataclass(frozen=True)
class Problem:
    """One problem at one place. `values` fills the catalogue's words; `found` is the value as typed."""

    code: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    subject: str = ""
    found: str = ""
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """A class of problems as the catalogue tells it: `words` completes the sentence, `mend` says what to do."""

    level: Level
    title: str
    words: str
    mend: str


CATALOGUE: Mapping[str, Kind] = {
    # 1xx: the file as a whole
    "E101": Kind(
        "refuse",
        "工作簿有密码",
        "工作簿设有打开密码，无法读取",
        "打开后取消密码（文件→信息→保护工作簿），保存，重新放入 input",
    ),
    "E102": Kind(
        "refuse",
        "不是工作簿",
        "文件内容不是工作簿（{what}）",
        "如是要报的表，用 WPS 或 Excel 打开，另存为 .xlsx 后放入 input；无关文件请移出 input",
    ),
    "E103": Kind("refuse", "文件损坏", "工作簿不完整或已损坏，打不开", "请填报人重新发送；能打开的，另存为 .xlsx"),
    "E104": Kind("refuse", "空文件", "文件大小为 0", "请填报人重新发送"),
    "E105": Kind("refuse", "文件过大", "{what}，超出允许范围", "把内容复制到新领的空白表里保存，重新放入 input"),
    "E106": Kind(
        "refuse", "读取失败", "读取这个文件时程序中断或超时", "把内容复制到新领的空白表里保存，重新放入 input"
    ),
    "E107": Kind(
        "refuse",
        "没有内容",
        "读不到任何单元格（空白，或特殊的保存格式）",
        "如不是空白表，用 WPS 或 Excel 打开，另存为普通 .xlsx",
    ),
    "N108": Kind("note", "忽略的宏", "工作簿带有宏，已忽略，只读取单元格", "不必处理"),
    "W109": Kind(
        "warning",
        "未识别",
        "没有识别码，标题也对不上任何一种表",
        "如是要报的表，请用发放的表填写；无关文件请移出 input",
    ),
    "E110": Kind("refuse", "其他标准的表", "这是标准“{other}”的表，本次使用“{expected}”", "换用本次发放的表填写"),
    "E111": Kind(
        "refuse",
        "旧版表",
        "表的项目与现行标准不一致（版本 {other}，现行 {expected}）",
        "换用最新发放的表填写",
    ),
    "E112": Kind(
        "refuse",
        "其他轮次的表",
        "这是“{other}”的表，本次是“{expected}”",
        "换用本轮发放的表；如轮次写错，请改 config.toml",
    ),
    "E113": Kind(
        "refuse",
        "识别码与表头不符",
        "识别码写的是“{other}”，表头填的是“{expected}”",
        "换用发给本单位的表，或把表头改回原样",
    ),
    "N114": Kind("note", "按标题识别", "没有识别码，按标题认作{kind}", "不必处理；下次请用发放的表"),
    "E115": Kind(
        "refuse", "格式不能直接读", "不能直接读取（{what}）", "用 WPS 或 Excel 打开，另存为 .xlsx 后放入 input"
    ),
    "E116": Kind(
        "refuse",
        "打不开文件",
        "系统不让读取：没有权限，或正被其他程序使用",
        "关闭正在使用它的程序，检查文件权限，再运行一次",
    ),
    "E117": Kind("refuse", "缺少栏目", "缺少工作表或栏目：{what}", "不要改动表的标题；换用发放的表填写"),
    "W118": Kind("warning", "识别码改动过", "识别码不完整，按标题认作{kind}", "换用发放的表填写更稳妥"),
    "N119": Kind("note", "不采用", "放在“不采用”文件夹中，没有读取", "如要采用，移到 input 的其他位置"),
    "E130": Kind(
        "act",
        "线上问卷待确认",
        "这是线上问卷导出的 {rows} 份答卷，{what}，没有计入",
        "运行一次后打开 output/内部/问卷对照表.xlsx，逐行核对，在“确认”栏选“是”，放进 input 再运行；无关的问卷移到 input/不采用",
    ),
    "E131": Kind(
        "act",
        "问卷选项待确认",
        "这个选项（{count} 份）标准中没有，也没有确认是哪一项，问卷没有计入",
        "在 output/内部/问卷对照表.xlsx 的“选项对照”中选定标准选项，“确认”栏选“是”，放进 input 再运行",
    ),
    "E132": Kind(
        "act",
        "问卷缺题",
        "没有哪一列确认为“{what}”，问卷没有计入",
        "在问卷对照表的“识别为”中指明是哪一列；问卷确实没有问的，改用测评表补报",
    ),
    "E133": Kind("act", "问卷对照有矛盾", "{what}，问卷没有计入", "改正问卷对照表，只留一种说法，重新运行"),
    "E134": Kind(
        "act",
        "个人信息不读取",
        "这一列是个人信息或各人自己写的话，不能用作测评，问卷没有计入",
        "在问卷对照表中把这一列改为“不用”",
    ),
    "E135": Kind(
        "act",
        "问卷没有写明党组织",
        "问卷没有党组织一列，也没有确认整个文件是哪个党组织的，没有计入",
        "在 output/内部/问卷对照表.xlsx 的“党组织对照”中选定，“确认”栏选“是”，放进 input 再运行",
    ),
    "E136": Kind(
        "act",
        "答卷的党组织不明",
        "{count} 份答卷写的党组织{what}{suggestion}，这些答卷没有计入",
        "在 output/内部/问卷对照表.xlsx 的“党组织对照”中选定（不采用的选“不用”），“确认”栏选“是”，放进 input 再运行",
    ),
    "W137": Kind(
        "warning",
        "对照表没有用上",
        "input 中没有标题与它相同的问卷；问卷改动过的，原来的确认不能照用",
        "用 output/内部 中新的问卷对照表重新核对；旧的移出 input",
    ),
    "N138": Kind("note", "线上测评的票数", "收回按答卷数计，共 {count} 份；线上测评没有发出和实到", "不必处理"),
    "N139": Kind(
        "note", "线上测评的应参加人数", "没有写明应参加人数，按名册的党员数计，共 {count} 人", "人数不符的请改名册"
    ),
    # 2xx: a cell
    "E201": Kind("refuse", "不是数字", "不能确定是多少", "只填数字，如 4.5"),
    "E202": Kind("refuse", "低于下限", "小于 {low}", "填不小于 {low} 的数"),
    "E203": Kind("refuse", "超过满分", "超过满分 {full} 分", "填 {low}–{full} 之间的数"),
    "E204": Kind("act", "漏填", "没有填写，空白不当作 0 分", "补填；确实得 0 分的填 0"),
    "E205": Kind("refuse", "选项不对", "不是可选的内容（{choices}）", "从下拉框中选一项"),
    "E206": Kind("refuse", "分数带百分号", "这里填分数，不填百分比", "把单元格格式改为“常规”，再填分数，如 4.5"),
    "E207": Kind("refuse", "比率不明", "不清楚是 {found}% 还是 {times}%", "写明百分号，如 {times}%"),
    "E208": Kind("refuse", "小数位太多", "数字过大或小数超过 6 位", "填小数不超过 6 位的数"),
    "E209": Kind("refuse", "公式出错或未计算", "单元格里的公式没有得出数值", "重新计算后保存，或直接填数字"),
    "E210": Kind("refuse", "分值超出幅度", "不在规定的 {low}–{full} 之间", "按评分办法的幅度填写"),
    "E211": Kind("refuse", "缺分值", "这条规则在 {low}–{full} 之间酌情给分，须填分值", "填写分值并说明理由"),
    "E212": Kind("refuse", "名称对不上", "标准中没有这个{what}{suggestion}", "按表上列出的名称填写"),
    "E213": Kind("refuse", "日期不明", "不是能认出的日期", "写成 2026-03-31 的样子"),
    "E214": Kind("refuse", "缺数量", "这条规则按{unit}计算，须填数量", "在“数量”栏填数字"),
    "E215": Kind("refuse", "缺选项", "这条规则须选一项（{choices}）", "在“选项”栏选一项"),
    "E216": Kind(
        "act", "缺依据", "这条规则须有记录为依据，没有写依据，这一行没有计入", "写明依据的记录；没有依据的，删去这一行"
    ),
    "E217": Kind(
        "refuse",
        "行对不上",
        "这一行按{key}是{row}，标准中这里是“{expected}”；行的次序或栏目乱了，这一行没有计入",
        "把这一行恢复成发放时的样子，或换用发放的表",
    ),
    "E218": Kind(
        "act",
        "合并的单元格",
        "与下面的 {below} 合并成了一格，分不清各项是多少",
        "取消合并，逐项填写",
    ),
    "E219": Kind("act", "缺行", "表里没有这一行，不当作 0 分", "把这一行补回来填上，或换用发放的表"),
    "N220": Kind("note", "按数字读取", "读作 {value}", "不必处理"),
    "E225": Kind("refuse", "变成了日期", "表格程序把它变成了日期或时间", "把单元格格式改为“常规”，再填数字，如 4.5"),
    "E236": Kind(
        "refuse", "栏目重复", "“{column}”有两栏都填了，不知道以哪一栏为准，这张工作表没有读", "删去或清空多余的一栏"
    ),
    "E227": Kind("act", "重复行", "同一项目出现两次，内容不同，都没有采用", "只留一行"),
    "E229": Kind("act", "填写行不完整", "这一行缺少{what}，没有计入", "补全或清空这一行"),
    "W221": Kind(
        "warning",
        "自评与事实不符",
        "按所填事实应为 {expected} 分，仍以自评得分为准",
        "请支部核对自评得分或所填数量",
    ),
    "W222": Kind("warning", "评分与扣分记录不符", "按扣分记录应为 {expected} 分，仍以所填分数为准", "请评委核对"),
    "W223": Kind("warning", "未评该党组织", "{rater}整行未填，视为不评；按其他评委计算", "如应评，请评委补填"),
    "W224": Kind("warning", "未核实", "“已核”不是“是”，这一行没有计入", "核实后在“已核”栏选“是”"),
    "W226": Kind("warning", "分值与规则不符", "按规则应为 {expected}，以规则为准", "请核对选项、数量与分值"),
    "W228": Kind(
        "warning", "其他轮次的记录", "日期{what}，没有计入", "请核对日期；各轮的起止日期写在 config.toml 的 calendar"
    ),
    "W231": Kind(
        "warning",
        "不在评定范围",
        "{rater}不评该党组织或这项指标，所填分数没有计入",
        "不必处理；如应评，请改名册中的评定范围或负责指标",
    ),
    "W232": Kind(
        "warning", "印好的内容改动过", "{rows}印的内容与标准不一样，仍按{key}读取", "请核对；换用发放的表更稳妥"
    ),
    "W233": Kind(
        "warning", "没有读的行", "标准中没有“{row}”这一行，所填内容没有计入", "填到标准列出的行里；多余的删去"
    ),
    "W234": Kind(
        "warning",
        "没有读的工作表",
        "这张工作表也填了{form}，一个工作簿只读一张，这一张没有计入",
        "另存为单独的工作簿放进 input；不用的删去",
    ),
    "W235": Kind("warning", "人数对不上", "比{other} {most} 还多", "核对人数"),
    "W230": Kind("warning", "缺理由", "酌情给分须说明理由", "在说明栏写明理由"),
    # 3xx: who it is, and the roll-call
    "E301": Kind("refuse", "名册中没有", "名册中没有这个党组织{suggestion}", "核对党组织编码；新成立的请先加入名册"),
    "E302": Kind("refuse", "名称不唯一", "这个名称对应多个党组织（{candidates}）", "填写党组织编码"),
    "E303": Kind("refuse", "编码与名称不符", "编码 {code} 在名册中是“{name}”", "核对编码与名称，改正其中一个"),
    "N304": Kind("note", "重复报送（相同）", "与 {other} 内容相同，只计一次", "不必处理；可删去其中一份"),
    "E305": Kind(
        "act",
        "重复报送（不同）",
        "与 {other} 内容不同，都没有采用",
        "留下正确的一份，另一份移到 input/不采用；同一张表里写了两行的，删去一行",
    ),
    "N306": Kind("note", "已改正重报", "退回后已改正重报（{other}），以改正后的为准", "不必处理；可删去这一份"),
    "E307": Kind(
        "refuse", "不明评委", "名册的“评委”表中没有这位评委{suggestion}", "核对评委编号；新增评委请先加入名册"
    ),
    "W308": Kind("warning", "应回避", "{rater}应回避该党组织，所填分数没有计入", "不必处理；如不应回避，请改名册"),
    "E309": Kind("refuse", "名册有误", "{what}", "改正名册后重新运行"),
    "E310": Kind("act", "未报", "没有收到{form}{hint}", "催报；收到后放入 input"),
    "N311": Kind("note", "不参加本次测算", "名册中的状态是“{status}”，没有计入", "不必处理"),
    "E312": Kind("refuse", "来源不明", "有多个来源使用这种表，表头没有写明是哪一个", "在表头“来源”处选择"),
    "E313": Kind("refuse", "没有党组织", "表头没有填写党组织编码或名称", "在表头填写党组织编码"),
    "E314": Kind("refuse", "没有评委", "表头没有填写评委", "在表头填写评委编号或评委"),
    "E315": Kind(
        "act",
        "缺截止日期",
        "标准要看“{form}”是否迟报，没有写“{round}”的截止日期",
        "在 config.toml 的 [[calendar]] 里写 due，如 2026-03-20",
    ),
    "E316": Kind(
        "act",
        "收件登记没有收到时间",
        "标准要看“{form}”是否迟报，收件登记里没有收到时间{who}",
        "在收件登记里补上这张表的收到时间",
    ),
    "W317": Kind("warning", "迟报", "晚于截止日期 {due}", "不必处理；收到时间登记错了的，请改收件登记"),
    "E318": Kind(
        "act",
        "状态不明",
        "不是能认出的状态（{choices}），暂按正常参加计算",
        "在名册“状态”栏的下拉框中选一项，正常的也可以不填",
    ),
    "E320": Kind(
        "act",
        "评没评不清楚",
        "{rater}的表里有没计入的行，评没评这个党组织不清楚；暂按其他评委计算",
        "按这张表的其他提示改正那几行",
    ),
    "W319": Kind(
        "warning", "评委已停用", "名册中{rater}的状态是“{status}”，这份评分没有计入", "不必处理；仍要计入的，请改名册"
    ),
    # 4xx: ballots
    "E401": Kind(
        "act",
        "测评无效",
        "收回 {returned} 张，多于发出 {issued} 张，本场测评无效",
        "核对票数；确实多出的，重新测评",
    ),
    "N402": Kind("note", "废票", "这张票没有一项有效填写，计为无效票", "不必处理"),
    "W403": Kind("warning", "票数偏多", "有效票 {valid} 张，多于应参加 {due} 人", "核对是否重复录入"),
    "W404": Kind(
        "warning",
        "票数太少",
        "有效票 {valid} 张，少于 {floor} 张，除内部和上会的表外不显示这些数字",
        "不必处理；注意保密",
    ),
    "E405": Kind("act", "测评人数不足", "{what}，达不到标准的要求，这次测评没有计入", "补充测评后重新报送"),
    "W406": Kind("warning", "票面完全一致", "{valid} 张票逐项相同", "请核实是否逐人填写"),
    "W407": Kind("warning", "票数对不上", "表头填有效 {head} 张，实际录入有效 {valid} 张，按录入计算", "核对票数"),
    "W412": Kind("warning", "收回与票数不符", "有效加无效是 {sum} 张，与收回不符", "核对收回、有效、无效的张数"),
    "N408": Kind("note", "该项作废", "一题填了多个答案，这一题作废", "不必处理"),
    "E409": Kind(
        "act",
        "初录复录不一致",
        "初录为“{first}”，复录（{other}）为“{second}”，这张票的该项等待核对",
        "核对原票，改正其中一份",
    ),
    "E411": Kind("act", "没有票", "“测评票”和“测评汇总”都没有填", "逐票录入，或填写汇总，只填一处"),
    "E413": Kind(
        "act",
        "没有写有效票数",
        "同一党组织有几场测评，这一场没有写有效票数，平均分合不到一起",
        "在表头填写有效票数",
    ),
    "W410": Kind("warning", "重复填写", "逐票录入和汇总都填了，按逐票录入计算", "清空“测评汇总”，或只留汇总"),
    # 5xx: situations, bonus, corrections, decisions
    "E501": Kind(
        "act",
        "测算等次已变",
        "审定表上的测算等次是“{found}”，现在是“{expected}”；审定等次照用",
        "请确认是否重新研究，并换用新的审定表",
    ),
    "W502": Kind("warning", "审定改变了{what}", "审定为“{found}”，测算为“{expected}”", "不必处理；会议记录应写明理由"),
    "E504": Kind("act", "缺理由", "与测算等次不同，没有写明理由；审定等次照用", "在“理由”栏写明"),
    "E511": Kind("act", "情形待确认", "申报了“{situation}”，办公室尚未确认", "在“办公室确认”栏选“是”或“否”"),
    "W512": Kind("warning", "没有情形申报", "没有收到情形申报，按没有直接定级或否决情形计算", "如有申报，请放入 input"),
    "W513": Kind("warning", "加分待审", "“审核意见”没有填写，没有计入", "审核后填“同意”或“不同意”"),
    "E521": Kind("act", "更正无法采用", "{what}", "核对更正表与原表"),
    "N522": Kind("note", "已更正", "原值 {original}，更正为 {value}", "不必处理"),
    "W531": Kind("warning", "上期等次不明", "“{found}”不是标准中的等次，不比较晋位", "核对上期结果"),
    "W532": Kind("warning", "标准或设置有疑点", "{what}", "对照通知核对标准或 config.toml；没有错的不必处理"),
    "W542": Kind("warning", "与建议比例不符", "{what}", "不必处理；供党委研究参考"),
    "E544": Kind(
        "act",
        "各党组织总分不同",
        "按标准中的适用范围，各党组织的总分不一样：{what}；得分不能相比",
        "在标准里写 scaled = true 折算，或核对名册中的类别等栏目",
    ),
    "W543": Kind("warning", "目标没有达到", "{what}", "不必处理；供党委研究和整改时参考"),
    "W545": Kind("warning", "标注名额并列", "{what}", "请党委研究确定；不影响定级"),
    "E541": Kind("act", "名额边缘并列", "{what}", "请党委研究确定，把结果填进审定表，放进 input 再运行"),
    # 6xx: output
    "W602": Kind("warning", "旧文件没有删掉", "本次不再生成，但被其他程序打开，没有删掉", "关闭后手工删除"),
    "W601": Kind("warning", "文件被占用", "正被其他程序打开，新结果存为 {other}", "关闭后重新运行"),
}


@dataclass(frozen=True)
class Line:
    """A problem in words: place, sentence and mend apart, for tables; `text` is the whole line.

    `subject` is what stands in the cell (党费缴纳); `place` names it too.
    """

    code: str
    level: str
    title: str
    place: str
    found: str
    words: str
    mend: str
    subject: str = ""

    @property
    def text(self) -> str:
        """Return the one line for a console or list."""
        found = f"＝ {self.found}，" if self.found else "，" if self.place else ""
        return f"{self.code} {self.place}{found}{self.words}。改法：{self.mend}。"


def shown(text: str, limit: int = 40) -> str:
    """Return a typed value short and on one line, so that a page of text in a cell costs one line."""
    text = text[: limit * 50]  # whatever fills a cell, no more of it is looked at
    flat = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"


def place_of(problem: Problem) -> str:
    """Return file ▸ sheet ▸ cell（subject）, leaving out what is not known; the subject alone where there is no file."""
    place = BETWEEN.join(shown(part, 200) for part in (problem.file, problem.sheet, problem.cell) if part)
    if not problem.subject:
        return place
    return f"{place}（{shown(problem.subject)}）" if place else shown(problem.subject)


def describe(problem: Problem) -> Line:
    """Turn a problem into words by the catalogue; the only place that does."""
    kind = CATALOGUE[problem.code]
    values = {
        "found": shown(problem.found),
        **{key: shown(value, 200) for key, value in problem.values.items()},
    }
    return Line(
        problem.code,
        LEVELS[kind.level],
        kind.title.format_map(values),
        place_of(problem),
        shown(problem.found),
        kind.words.format_map(values),
        kind.mend.format_map(values),
        shown(problem.subject),
    )


def level_of(problem: Problem) -> Level:
    """Return the fixed level of a problem's class."""
    return CATALOGUE[problem.code].level
