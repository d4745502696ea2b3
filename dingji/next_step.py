"""What comes next, in one line: by what lies in input/, output/, 发放/ and archive/, never by the clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dingji.carried import FOLDER as CARRIED
from dingji.frozen import last_of_round
from dingji.prepare import prepare
from dingji.reports.returned.build import FOLDER
from dingji.reports.run_record import RECORD
from dingji.settings import Settings
from dingji.workspace import Workspace


@dataclass(frozen=True)
class Seen:
    """What lies in a workspace.

    `kinds`: of the forms taken in the last run; `open`: whether a person must still settle something of it.
    """

    files: int = 0
    handed_out: bool = False
    ran: bool = False
    changed: bool = False
    returned: bool = False
    open: bool = False
    kinds: frozenset[str] = field(default_factory=frozenset)
    meeting: bool = True
    archived: bool = False


FROZEN = (
    "这一轮已经定稿：发反馈和整改台账，填好的台账放回 input；到下一轮，"
    "运行 python process.py init 新文件夹 --from 这个文件夹；要核对定稿的，选“核对定稿”"
)
RETURNED = (
    "output/内部/退回 里的表要改：别人报来的发回去（可以选“发邮件”），自己填的自己改；改好的放进 input，再选“测算定级”"
)
Rule = tuple[Callable[[Seen], bool], str]
RULES: tuple[Rule, ...] = (
    (
        lambda seen: seen.archived and not seen.changed,
        FROZEN,
    ),
    (lambda seen: not seen.files, "填好党组织名册（空白的在 templates/forms），放进 input，再选“生成表格”"),
    (lambda seen: not seen.ran and not seen.handed_out, "选“生成表格”，发下去；已经收到表的，放进 input，选“查收情况”"),
    (lambda seen: not seen.ran, "把收到的表放进 input，选“查收情况”；收齐了，选“测算定级”"),
    (lambda seen: seen.changed, "上次测算以后 input 有变动：选“查收情况”，看过再选“测算定级”"),
    (lambda seen: seen.returned, RETURNED),
    (
        lambda seen: seen.open,
        "还有事要人处理（没测算出来的、没读进来的、要确认的）：选“查收情况”，看是什么，办好再选“测算定级”",
    ),
    (
        lambda seen: seen.meeting and "decision" not in seen.kinds and "small" not in seen.kinds,
        "把 output/上会/审定表.xlsx 带到会上，填好放进 input，再选“测算定级”",
    ),
    (lambda _: True, "看过 output/内部/上报前自查.html，公示、上报、反馈以后，选“定稿”"),
)
"""The first that holds is told. A stop follows what is offered, for a command that is typed takes its place."""


COMMANDS = {
    "查收情况": "check",
    "测算定级": "",
    "生成表格": "forms",
    "定稿": "archive 名称",
    "核对定稿": "verify",
    "发邮件": "mail",
}
"""What is typed for what the menu offers."""


def next_line(workspace: Workspace) -> str:
    """Return what comes next, as the menu says it; CannotRunError where settings or a standard are wrong."""
    return _first(look(workspace, prepare(workspace).settings))


def next_command(workspace: Workspace, settings: Settings, *, named: bool = False) -> str:
    """Return what comes next, with the commands in place of the menu's numbers.

    `named`: whether the workspace was named before the command, as it then must be before the next one.
    """
    program = "python process.py" + f' --workspace "{workspace.root}"' * named
    words = _first(look(workspace, settings))
    for offered, command in COMMANDS.items():
        words = words.replace(f"选“{offered}”", f"运行 {program} {command}".rstrip())
    return words


def _first(seen: Seen) -> str:
    return next(words for holds, words in RULES if holds(seen))


def look(workspace: Workspace, settings: Settings) -> Seen:
    """Return what lies in a workspace with these settings."""
    record = workspace.outputs / RECORD
    inputs = workspace.input_of(settings.engine)
    files = {} if inputs.remote else {shown: Path(path) for path, shown in inputs.jobs}
    data = _data(record)
    ran = data.get("round") == settings.round.label
    known: Mapping[str, Any] = data.get("inputs", {}) if ran else {}
    lay = {path for path in known if path in files or not path.startswith(f"{CARRIED}/")}  # those lie in archive/
    newer = ran and any(path.stat().st_mtime > record.stat().st_mtime for path in files.values())
    return Seen(
        files=len(files) or inputs.remote,
        handed_out=any(_files(workspace.handouts)),
        ran=ran,
        changed=newer or (ran and not inputs.remote and lay != set(files)),
        returned=any(_files(workspace.outputs / FOLDER)),
        open=ran and bool(data.get("waits")),
        kinds=frozenset(str(one.get("kind")) for one in known.values() if one.get("taken")),
        meeting=settings.office.meeting,
        archived=last_of_round(workspace, settings.round.label) is not None,
    )


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else iter(())


def _data(record: Path) -> dict[str, Any]:
    try:
        data = json.loads(record.read_bytes()) if record.is_file() else {}
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
