"""Sentences and examples for the keys of a whole standard, its sources, grades, situations, quotas and targets.

A text holds a table: a key in the first column, its sentence two columns in, its example four columns in. An example
is one or more lines as they stand in a file, or a whole row in braces.
"""

STANDARD = """
id
  标准的代号，与文件名相同；只用小写英文字母、数字和连字符。
    id = "five-good"
version
  第几版；标准改动后加 1，读标准（scheme show）时印在名称后面。
    version = 2
title
  标准的名称，印在各种表的标题上。
    title = "党支部分类定级标准（五个好）"
document
  出处：哪个文件的哪一部分，便于对照。
    document = "实施方案附件2"
procedure
  通知规定的定级程序，照通知写一句话。
    procedure = "经支部自评、党员群众测评，由党委会议研究确定"
full
  总分；各指标分值合计应等于它，不等时给出提醒。
    full = 100
bounded
  “扣完为止、不超满分”管到哪一层；写 item 时，每个指标也仍然不超过它自己的满分。
    bounded = "item"
scaled
  写 true 时，按各党组织适用的指标，把得分折算到总分（有的指标不适用于某些党组织时用）。
    scaled = true
min
  综合得分（含加分）的最低分；不写就不限。
    min = 0
max
  综合得分（含加分）的最高分；不写就不限。
    max = 110
rounding
  综合得分怎样取位。
    rounding = { places = 1, before_grading = true }
rounds
  轮次。只写名称，各轮单独定级；写成 名称 = 权重，权重合计 100 的取加权平均（三次平均写 "1/3"），
  每个都是 100 的相加。
    rounds = ["年初", "年终"]
required
  除了各来源的表，还要求党组织必须交的表。
    required = "情形申报"
grades
  等次，从高到低逐个写；一个也不写，就只计总分和名次。
    [[grades]]
    name = "合格"
    from = 60
    [[grades]]
    name = "不合格"
sources
  来源：谁来评，每一方写一张表。
    [[sources]]
    name = "考核"
    form = "committee"
    weight = 100
indicators
  指标：标准的大项，每一项写一张表。
    [[indicators]]
    name = "班子建设"
    full = 100
situations
  情形：直接定级、限档、否决、不定等次、标注等特别规定。
    [[situations]]
    name = "发生违法案件"
    grade = "差"
quotas
  名额：某个等次最多或最少几个，或者从中推荐几个。
    [[quotas]]
    grade = "好"
    at_most = "40%"
targets
  目标：上期某些等次的党组织，这一期应有多少达到某些等次。
    [[targets]]
    name = "后进转化率"
    out_of = ["差"]
    to = ["好", "较好", "一般"]
    at_least = "100%"
"""

ROUNDING = """
places
  综合得分四舍五入，取几位小数；只取这一次，中间各步不取位。
    places = 1
before_grading
  true：先取位，再与等次界限比；false：用取位前的得分比。
    before_grading = false
"""

GRADE = """
name
  等次的名称，通知怎么印就怎么写。
    name = "好"
from
  综合得分达到（含）这个数，就是这个等次；最后一个等次不写。
    from = 90
when
  还要满足的条件；可以与 from 同写，也可以单独写。
    when = "满意率 >= 90%"
follow_up
  定为这个等次以后要做什么，照通知写。
    follow_up = "总结经验，发挥示范作用"
"""

SOURCE = """
name
  来源的名称，一览表的栏目由它而来；不能与其他名称相同。
    name = "党群评分"
form
  用哪种表来评；另加 records 的，平时记录计入这一方。一种也不写的，由写了 in 的其他来源合成。
    form = ["committee", "records"]
marks
  这一方在表上填什么。
    marks = "items"
weight
  占百分之几；三方平均写 "1/3"。各轮次不同的写成 轮次 = 数，没有写的轮次就没有这一方。写 0 只列示、不计入。
  写了 in 的，是占那一方的百分之几；各指标都写了 by 的，可以不写。
    weight = { "年初" = 30, "年终" = 20 }
combine
  几名评委的分怎样合成一个。
    form = "committee"
    combine = "median"
trim
  去掉几个最高分和同样多的最低分。
    form = "committee"
    trim = 1
trim_from
  评委满几名才去掉最高分和最低分；不写时，是去掉的个数合起来再多一名。
    form = "committee"
    trim = 1
    trim_from = 5
min_raters
  至少要有几名评委打了分；不够的，这一方没有分，该党组织未定级。
    form = "committee"
    min_raters = 3
in
  放在哪个来源之内；那个来源不写 form，由放在里面的各方按权重合成。
    in = "静态考评"
required
  写 false 时，这一方的表不交也不算未报。
    required = false
questions
  测评票上的问题；各题分量不同的，写成 题目 = 权重。
    questions = ["对党支部的总体评价"]
options
  票上的选项，各值多少分；测评得分是各票的平均。
    options = { "满意" = 100, "基本满意" = 60, "不满意" = 0 }
apart
  不算进任何分母的选项；写了“弃权”的，没有作答的也按弃权算。
    options = { "满意" = 100, "不满意" = 0 }
    apart = ["弃权", "不了解"]
shares
  由票数算出的比率：名称 = 算作分子的选项。名称可以用在条件里。
    options = { "满意" = 100, "基本满意" = 60, "不满意" = 0 }
    shares = { "满意率" = ["满意", "基本满意"] }
out_of
  比率以什么为分母。
    out_of = "returned"
groups
  测评人的身份和各占多少：先按身份分别算，再加权；不写就合在一起算。
    groups = { "党员" = 60, "群众" = 40 }
min_ballots
  有效票至少几张；不够的，这次测评不作数，该党组织未定级。
    min_ballots = 8
min_turnout
  参评率（收回的票 ÷ 应参加的人数）至少多少；不够的，这次测评不作数，该党组织未定级。
    min_turnout = "80%"
"""

SITUATION = """
name
  情形的名称，照通知简写；情形申报表上逐条印出。
    name = "支部班子不团结"
    grade = "差"
when
  由程序按这个条件判断；不写的，由党组织申报、办公室确认。
    when = "满意率 < 90%"
    at_most = "一般"
for
  这个情形只对哪些党组织有效。
    for = "类别 = '机关'"
    at_most = "一般"
score
  后果之一：综合得分改为这个数（清零写 0），再往下定等次。
    score = 0
at_least
  后果之一，直接定级：不低于这个等次。
    at_least = "较好"
at_most
  后果之一，限档：不高于这个等次；也可以写 "上期等次"。
    at_most = "一般"
grade
  后果之一，否决：不论得分，就是这个等次。
    grade = "差"
no_grade
  后果之一：不定等次，表上印这里写的字。
    when = "成立月数 < 12"
    no_grade = "不定等次"
flag
  后果之一：只作标注，不改等次；审定之后才判断，所以条件里可以读等次。
    when = "晋位情况 = '退位'"
    flag = "重点帮扶"
"""

QUOTA = """
name
  名额的名称，可以不写。
    name = "先进名额"
    grade = "好"
    at_most = "40%"
grade
  管哪个等次；与 flag 只写一个。情形定下的等次也占名额，但不因名额变动。
    grade = "好"
    at_most = "40%"
flag
  不改等次，把这几个字标注给选出来的党组织。
    flag = "重点帮扶"
    bottom = 2
at_most
  最多几个或占多少：超出的，排名最后的降一个等次。各类不同的写成 类别 = 数，其余写 default。
    grade = "好"
    at_most = { "机关" = "30%", default = "40%" }
    within = "类别"
at_least
  最少几个或占多少：不够的，从好一个等次里排名最后的补足。
    grade = "差"
    at_least = 1
about
  大约占多少：超出或不足只提醒，不改等次。
    grade = "好"
    about = "30%"
top
  取综合得分最高的几个，给 flag 的标注。
    flag = "表彰推荐"
    top = 4
bottom
  取综合得分最低的几个，给 flag 的标注。
    flag = "重点帮扶"
    bottom = { "学生支部" = 1, default = "8%" }
    within = "类别"
among
  只在满足条件的党组织中取。
    flag = "表彰推荐"
    top = 4
    among = "等次 = '好'"
places
  实际名额；取的比名额多，就是差额推荐，由党委研究。
    flag = "表彰推荐"
    top = 4
    places = 2
out_of
  比例以哪些党组织为基数。
    grade = "好"
    at_most = "40%"
    out_of = "all"
within
  分开计算：每个类别，或每个上级党组织，各算各的名额。
    grade = "好"
    at_most = "40%"
    within = "上级党组织"
round
  按比例算出的个数怎样取整；不写时，at_most 舍去零头，其余进一。
    grade = "好"
    at_most = "40%"
    round = "half_up"
min
  按比例算出来再少，也至少有这几个。
    grade = "好"
    at_most = "40%"
    min = 1
"""

TARGET = """
name
  目标的名称。
    name = "一般党支部晋位率"
out_of
  上期是这些等次的党组织，作分母。
    out_of = ["一般"]
to
  这一期达到这些等次的，作分子。
    to = ["好", "较好"]
at_least
  至少应占多少（晋位率、转化率）；写整数的，是至少几个。
    at_least = "95%"
rounds
  到哪一轮应当达到：别的轮次只列出晋位率，不提示未达到。不写时，每一轮都看。
    rounds = "年终"
"""
