"""Problems 60x, 61x: output and mail."""

from __future__ import annotations

from collections.abc import Mapping

from dingji.problem_catalogue.kind import Kind

OUTPUT: Mapping[str, Kind] = {
    "W585": Kind(
        "warning",
        "公文留有空白",
        "设置里没有写{what}，公文上留着空",
        "在设置的“公文”里填好再运行，或者打印后手填",
    ),
    "W601": Kind("warning", "文件被占用", "正被其他程序打开，新结果存为 {other}", "关闭后重新运行"),
    "W616": Kind(
        "warning",
        "改过的结果留着",
        "上次写出以后有人改过，原样留作 {other}，原来的名字放的是这次的结果",
        "改动要算数的（如填好的审定表），把留下的那份放进 input 再运行；只改了版式、文字的，照着新的再改；不要的删去",
    ),
    "W602": Kind("warning", "旧文件没有删掉", "本次不再生成，但被其他程序打开，没有删掉", "关闭后手工删除"),
    "E603": Kind(
        "refuse",
        "文件不能发",
        "打不开，或者是指向别处的链接，没有附上，这一封没有写",
        "再运行一次，让程序重新写出这个文件；链接请移走",
    ),
    "E604": Kind("act", "附件太大", "附件共 {size} MB，超过 {most} MB，这一封没有写", "用移动存储等别的办法送到"),
    "E605": Kind("act", "没有发出", "服务器没有收这一封（{what}）", "核对邮箱后再运行一次，已发的不会再发"),
    "E606": Kind(
        "act",
        "发没发出不清楚",
        "上次发到这一封时断开了，服务器收没收到不清楚，没有再发",
        "到发件邮箱的“已发送”里查，或者问收件人；确实没有收到的，运行 python process.py mail {kind} --send --again --only {who}",
    ),
    "E607": Kind(
        "act",
        "分不清是谁的",
        "这个名称对得上不止一个收件人（{candidates}），没有发",
        "在名册里把编码或名称改得不一样，重新生成后再运行",
    ),
    "E608": Kind(
        "refuse",
        "邮箱写法不对",
        "不是一个完整的邮箱（只能是一个，不带空格、换行和姓名），这一封没有写",
        "在名册的“邮箱”栏或设置的“邮件”里改成一个完整的邮箱",
    ),
    "W611": Kind(
        "warning",
        "没有邮箱",
        "名册的“邮箱”栏和设置的“邮件”里都没有，这一封没有写",
        "补上邮箱再运行一次，或者用别的办法送到",
    ),
    "W612": Kind(
        "warning",
        "文件改动过",
        "与程序写出的不同，没有附上，这一封没有写",
        "要发程序写的，删去这个文件，重新生成；要发改过的，请自行发送",
    ),
    "W613": Kind(
        "warning",
        "结果不是最新的",
        "上次运行以后，input 里的表、设置或标准有变动，结果、上报两类的邮件没有写",
        "先运行 python process.py，再运行 python process.py mail",
    ),
    "W614": Kind(
        "warning",
        "草稿改动过",
        "邮件里的这一封有人改过，程序不替您发",
        "用邮件程序打开它自行发送；要发程序写的，删去这一封再运行",
    ),
    "W615": Kind(
        "warning",
        "不知道发给谁",
        "对不上名册里的任何一个党组织或评委，没有发",
        "名册改过的，重新运行 python process.py 和 python process.py forms；或者自行发送",
    ),
    "W647": Kind(
        "warning",
        "附的是改过的",
        "程序写出以后有人改过，附的是改过的这一份",
        "发以前再看一遍；不要改过的，删去这个文件，运行 python process.py 重新生成",
    ),
    "W648": Kind(
        "warning",
        "PDF 是改以前的",
        "旁边的 Word 在做 PDF 以后又改过，这一封没有写",
        "运行 python process.py pdf 再做一次，再运行 python process.py mail",
    ),
    "W649": Kind(
        "warning",
        "不是程序写的文件",
        "放在“上报”里，没有附上",
        "要一起发的，在邮件程序里自己附上；不发的，不必处理",
    ),
}
