"""What is wrong with the writing of a TOML file, in Chinese: as many lines at once as can be told apart."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

from dingji.scheme.finding import Finding

MOST = 50
"""More mistakes than this are not told at once."""

TWICE = "同一个键或表写了两次"
UNKNOWN = "写法不对：检查引号、逗号和括号是否成对"
COMMA = "这一行末尾少了英文逗号"
TEXT = '文字要加英文双引号，如 name = "好"'

_LINE = re.compile(r"at line (\d+)")
_ASIDE = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_HEADER = re.compile(r"^\s*\[+\s*([^\[\]]+?)\s*\]+\s*$")
_SYNTAX = (
    (re.compile(r"=\s*(?:True|False|TRUE|FALSE|是|否)\s*(?:[,}\]]|$)"), "是与否写成小写的 true 或 false"),
    (re.compile(r"[=,\[]\s*[\d.]+\s*(?:[%％]|/\d)"), '比率要加英文双引号，如 "90%"'),
    (re.compile(r"[=,\[]\s*-?[\d.]+\s*[个分人名次票张年月%％]+\s*(?:[,}\]]|$)"), "数字后面不写单位"),
    (re.compile(r"=(?=.*[\u4e00-\u9fff，、。；：])[^\"'“”‘’＝［］｛｝＃【】\[\]{}=]+$"), TEXT),
    (re.compile(r"[“”‘’＂＝［］｛｝，、。；：【】（）＃％０-９－—−＋．\u3000]"), "用了全角引号或符号；请改成英文半角"),
    (
        re.compile(r"(?:^|[{,])\s*[^\s=\[\]{},]*[\u4e00-\u9fff][^=\[\]{},]*=|^\s*\[+[^=,]*[\u4e00-\u9fff][^=,]*\]\s*$"),
        '中文键名要加英文双引号，如 "年初" = 30',
    ),
    (re.compile(r"[=\[,]\s*[\u4e00-\u9fff]"), TEXT),
    (re.compile(r"\"\"[^\s\",}\]]+\"\""), "双引号之内的文字用英文单引号，如 \"类别 = '机关'\""),
    (re.compile(r"^[^\"]*(?:\"\"[^\"]*)*\"[^\"]*$"), "英文双引号不成对"),
    (re.compile(r"^\s*[\w-]+\s*(?::|\s[\"\d\[{])[^=]*$"), "键和值之间要写英文等号 ="),
    (re.compile(r";\s*$"), "行末不写分号"),
    (re.compile(r"=\s*\d+(?:-\d+)+\s*$"), TEXT),
    (re.compile(r"=\s*-?0\d+\s*$"), "数字前面不写 0；电话、编码要加英文双引号"),
    (re.compile(r"=\s*-?\d+,\d+\s*$"), "小数点要写成英文句点"),
    (re.compile(r"\{[^}]*$"), "花括号里的内容要写在同一行里"),
)
"""What a line without its texts and comment looks like, and what is wrong with it then; the first that fits."""


def syntax_findings(text: str) -> list[Finding]:
    """Return what keeps a file from being read: line after line, while what follows a mistake can be made out."""
    lines, found = text.replace("\r\n", "\n").split("\n"), list[Finding]()
    while len(found) < MOST:
        try:
            tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError as error:
            finding = _finding(lines, str(error))
            found.append(finding)
            if not _stands_alone(lines, finding):
                break
            lines[finding.line - 1] = ""
        else:
            break
    return found


def _emptied(aside: re.Match[str]) -> str:
    """Return what stands for a text or a comment of which only its place matters."""
    return "" if aside[0].startswith("#") else '""'


def _body(line: str) -> str:
    return _ASIDE.sub(_emptied, line).rstrip()


def _finding(lines: Sequence[str], message: str) -> Finding:
    match = _LINE.search(message)
    line = int(match.group(1)) if match else 0
    body = _body(lines[line - 1]) if 0 < line <= len(lines) else ""
    if re.search("overwrite|twice|mutate", message):
        return _twice(lines, line)
    words = next((words for pattern, words in _SYNTAX if pattern.search(body)), "")
    before = _body(lines[line - 2]) if line > 1 else ""
    if not words and body.lstrip()[:1] in ("{", '"') and before.endswith(("}", '"')):
        return Finding("error", (), COMMA, line - 1)
    opened = _left_open(lines[:line] if line else lines)
    if not words and opened and (not line or _HEADER.match(body)):
        return Finding("error", (), "这一行的括号没有配上另一半", opened)
    return Finding("error", (), words or UNKNOWN, line)


def _twice(lines: Sequence[str], line: int) -> Finding:
    """Tell what stands twice; of tables in a list, the one with single brackets."""
    header = _HEADER.match(_body(lines[line - 1])) if line else None
    if header and lines[line - 1].lstrip().startswith("[["):
        single = next((place for place, one in enumerate(lines, 1) if _body(one).strip() == f"[{header[1]}]"), 0)
        if single:
            return Finding("error", (), f"可以有几张的表，表头都要写两层方括号：[[{header[1]}]]", single)
    return Finding("error", (), TWICE, line)


def _left_open(lines: Sequence[str]) -> int:
    """Return the line of a bracket that is still open at the end, the last such; 0 where none is."""
    stack: list[int] = []
    for number, line in enumerate(lines, start=1):
        body = _body(line)
        if _HEADER.match(body):
            continue
        for sign in body:
            if sign in "[{":
                stack.append(number)
            elif sign in "]}" and stack:
                stack.pop()
    return stack[-1] if stack else 0


def _stands_alone(lines: Sequence[str], finding: Finding) -> bool:
    """Say whether a line can be passed over: a mistake known for what it is, in one whole `key = value` or row."""
    body = _body(lines[finding.line - 1]) if finding.line else ""
    paired = all(body.count(left) == body.count(right) for left, right in ("[]", "{}"))
    return paired and bool(re.search("[=＝]", body)) and finding.words not in (UNKNOWN, COMMA)
