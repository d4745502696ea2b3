"""Sentences and examples for the keys of config.toml; laid out as in `words_standard.py`."""

SETTINGS = """
office
  填报单位的名称和经办人。
    office = { name = "示范单位党委" }
round
  正在定级的是哪一轮。
    round = { year = 2026, name = "年终" }
calendar
  各轮次的起止日期和各表的截止日期，一轮一张表。
    [[calendar]]
    round = "年终"
    due = "2026-12-10"
standard
  用哪个标准。
    standard = { default = "five-good" }
choices
  标准留给本单位自定的地方（写了 choice 的表）：一个标准一张表，键写成 位置.名称.键。
    [choices.five-good]
    "sources.自评.weight" = { "年初" = 30, "年终" = 20 }
summary
  汇总表怎样分行、占比怎样取位。
    summary = { by = "类别" }
privacy
  人数太少的测评和评分，不在外面的表上印出。
    privacy = { ballots = 8 }
report
  上报的表列出什么。
    report = { places = true }
"""

OFFICE = """
name
  填报单位，印在表头和表脚。
    name = "示范单位党委"
preparer
  填表人，印在表脚。
    preparer = "党办"
reviewer
  审核人，印在表脚。
    reviewer = "党办负责人"
phone
  联系电话，印在表脚。
    phone = "0000-0000000"
date
  填报日期，印在表脚；不写就留空，程序不会自己填日期。
    date = "2026-03-31"
"""

ROUND = """
year
  年度。
    year = 2026
name
  轮次，须是标准的 rounds 里的一个；标准没有分轮次的，写什么都可以。
    name = "年终"
"""

DAYS = """
begins
  这一轮的第一天；平时记录的日期从这一天（含）起计入。不写就不限。
    begins = "2026-01-01"
ends
  这一轮的最后一天；平时记录计到这一天（含），成立月数和书记任职月数也算到这一天。
    ends = "2026-12-31"
"""

ROUND_DAYS = """
round
  哪一轮。正在定级的这一轮，起止日期写在 [round] 里也可以，写一处就行。
    round = "半年"
due
  各表哪一天（含）以前要交；收件登记的收到时间晚于它的是迟报。各表不同的，写成 表 = 日期，其余写 default。
    due = { "自评表" = "2026-06-20", default = "2026-06-25" }
"""

STANDARD_CHOICE = """
default
  schemes 文件夹里的标准，写它的 id；没有另外指定的类别都用它。
    default = "five-good"
by_category
  某些类别的党组织另用一个标准：名册里的类别 = 标准的 id。
    by_category = { "学生支部" = "seven-indicators" }
"""

SUMMARY = """
by
  汇总表按什么分行。
    by = "类别"
shares
  占比怎样取两位小数。
    shares = "forced"
"""

PRIVACY = """
ballots
  有效票少于这个数的，比率和得分只在 内部 和 上会 文件夹里出现。
    ballots = 8
raters
  评委少于这个数的，得分只在 内部 和 上会 文件夹里出现。
    raters = 5
"""

REPORT = """
places
  写 true 时，上报的一览表列出排名。
    places = true
"""
