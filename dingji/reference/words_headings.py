"""A short Chinese name for every key, as it heads a column of a workbook and stands in what is said to officers.

A text holds a table: on each line a key and its name. A key that is not listed goes by its English name, and a test
names it.
"""

STANDARD = """
id 代号
version 版次
title 标准名称
document 出处
procedure 定级程序
full 总分
bounded 扣完为止管到
scaled 折算到总分
min 最低分
max 最高分
rounding 取位
rounds 轮次
required 必须交的表
grades 等次
sources 来源
indicators 指标
situations 情形
quotas 名额
targets 目标
"""

EVERY_TABLE = """
choice 本单位自定的理由
"""

ROUNDING = """
places 小数位数
before_grading 先取位再定等次
"""

GRADE = """
name 等次
from 达到
when 条件
follow_up 后续工作
"""

SOURCE = """
name 来源
form 用什么表
marks 填什么
weight 权重
combine 合成办法
trim 去掉最高最低各几个
trim_from 满几名评委才去
min_raters 至少几名评委
in 放在哪个来源之内
required 必须交
questions 问题
options 选项和分值
apart 不算进分母的选项
shares 比率
out_of 比率的分母
groups 身份和权重
min_ballots 有效票至少
min_turnout 参评率至少
"""

MARKED = """
full 分值
text 条文
for 适用于
by 只由谁评
exempt 免评条件
start 从几分起计
min 最低分
max 最高分
"""

INDICATOR = """
name 指标
items 考评内容
rules 规则
bounded 扣完为止管到
scaled 折算到分值
bonus 加分指标
same_work 同一工作几次得分
in 放在哪个指标之内
"""

ITEM = """
no 序号
"""

RULE = """
name 规则
item 第几项考评内容
of 读哪个数
unit 计量单位
once 一次给分
each 每个单位给分
options 按选项给分
bands 分档
under 低于
over 超过
per 一个单位有多大
round 取整
min 合计最低分
max 合计最高分
for 适用于
evidence 要写依据
"""

BAND = """
from 达到
when 条件
points 给分
"""

SITUATION = """
name 情形
when 条件
for 适用于
score 综合得分改为
at_least 不低于哪个等次
at_most 不高于哪个等次
grade 定为哪个等次
no_grade 不定等次，印什么字
flag 标注
"""

QUOTA = """
name 名额
grade 管哪个等次
flag 标注
at_most 最多
at_least 最少
about 大约
top 取最高的
bottom 取最低的
among 只在哪些中取
places 实际名额
out_of 比例的基数
within 分开计算
round 取整
min 至少几个
"""

TARGET = """
name 目标
out_of 上期等次
to 这一期达到
at_least 至少
rounds 到哪几轮检查
"""

SETTINGS = """
office 填报单位
round 轮次
calendar 日历
standard 标准
choices 本单位自定
summary 汇总表
privacy 未公开
report 上报
"""

OFFICE = """
name 填报单位
preparer 填表人
reviewer 审核人
phone 联系电话
date 填报日期
"""

DAYS = """
begins 第一天
ends 最后一天
"""

ROUND = """
year 年度
name 轮次
"""

ROUND_DAYS = """
round 轮次
due 截止日期
"""

STANDARD_CHOICE = """
default 用哪个标准
by_category 另用标准的类别
"""

SUMMARY = """
by 按什么分行
shares 占比怎样取位
"""

PRIVACY = """
ballots 有效票少于
raters 评委少于
"""

REPORT = """
places 列出排名
"""
