"""What is sent: drafts and their list; and, only where --send says so and a person agrees, the sending itself."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from getpass import getpass
from typing import Final

from dingji.cannot_run import CannotRunError
from dingji.cli.console import ACT, SETTLED, agreed, listed, say
from dingji.cli.folders import finish_reading, templates_of
from dingji.comparing import normal
from dingji.forms.deliver import deliver
from dingji.mail.address import is_address
from dingji.mail.journal import AGAIN, BEGUN, JOURNAL, SENT, Journal
from dingji.mail.message import draft
from dingji.mail.plan import KINDS, REMINDERS, RESULTS, UPWARD, Item, Planner
from dingji.mail.send_list import SEND_LIST, draft_path, send_list
from dingji.mail.sending import BrokenOffError, connected, lacking, send
from dingji.mail_settings import Mail
from dingji.outcome import Outcome
from dingji.pipeline import Run
from dingji.problems import Problem, describe
from dingji.reports.rendering import Renderer
from dingji.reports.returned.apart import copier
from dingji.reports.returned.build import returned
from dingji.reports.roll_text import REMINDER, reminder
from dingji.workspace import Workspace

PASSWORD: Final = "DINGJI_MAIL_PASSWORD"  # noqa: S105 - the variable's name, not a password
SHOWN: Final = 20
"""So many messages that cannot be written are told; all stand in 发送清单."""


def mail_command(chosen: argparse.Namespace, workspace: Workspace, done: Run) -> int:
    """Write into 邮件/ what is to be sent, and send it where that is asked for."""
    finish_reading(done.way)
    journal = Journal(workspace.mails / JOURNAL)
    with copier(done.inputs) as copy:
        given, files = returned(done.outcome, copy, Renderer(templates_of(workspace)))
        items = Planner(done.outcome, workspace.root, given, files).items()
        wanted = _wanted(items, chosen)
        steps = journal.steps()
        kept = _write(workspace, done.outcome, items, chosen.kind, steps)
        _say_written(done.outcome, wanted, chosen, kept)
        if not chosen.send:
            return SETTLED
        try:
            return _Sending(chosen, workspace, done.outcome.settings.mail, journal).run(wanted, steps, kept)
        finally:
            _write_lists(workspace, done.outcome, items, journal.steps())


def _wanted(items: Sequence[Item], chosen: argparse.Namespace) -> list[Item]:
    """Return the lines of the kind and of the receivers that were asked for."""
    of_kind = [item for item in items if chosen.kind in ("", item.kind)]
    if not chosen.only:
        return of_kind
    names = {normal(name): name for name in chosen.only}
    found = [item for item in of_kind if {normal(item.code), normal(item.name)} & set(names)]
    told = {normal(text) for item in found for text in (item.code, item.name)}
    if strange := [name for plain, name in names.items() if plain not in told]:
        raise CannotRunError([f"没有要发给“{name}”的邮件；写编码或名称，与发送清单上的一样" for name in strange])
    return found


# --- drafts --------------------------------------------------------------------------------------------------


def _write(
    workspace: Workspace, outcome: Outcome, items: Sequence[Item], kind: str, steps: Mapping[str, str]
) -> set[str]:
    """Write drafts, list and 催报.txt; return by path below 邮件/ what somebody changed and was left so."""
    kept = set(_write_lists(workspace, outcome, items, steps))
    for each in KINDS if not kind else (kind,):
        folder = workspace.mails / each
        drafts = _drafts([item for item in items if item.kind == each], outcome.settings.mail)
        if folder.is_dir() or any(item.kind == each and item.message for item in items):
            kept |= {f"{each}/{name}" for name in deliver(folder, drafts).kept}
    return kept


def _drafts(items: Sequence[Item], settings: Mail) -> Iterator[tuple[str, bytes]]:
    sender = settings.sender if is_address(settings.sender) else ""
    for item in items:
        if item.message:
            yield f"{item.stem}.eml", draft(item.message, sender)


def _write_lists(workspace: Workspace, outcome: Outcome, items: Sequence[Item], steps: Mapping[str, str]) -> list[str]:
    lists = [(REMINDER, reminder(outcome)), (SEND_LIST, send_list(items, steps))]
    return deliver(workspace.mails, lists).kept


def _say_written(outcome: Outcome, items: Sequence[Item], chosen: argparse.Namespace, kept: set[str]) -> None:
    """Print what lies in 邮件/: the reminder, how many drafts of each kind, and what could not be written."""
    if REMINDER in kept:
        say(f"{REMINDER} 有人改过，保留原样")
    elif chosen.kind in ("", REMINDERS) and not chosen.send:
        say(f"催报文字已放在 邮件/{REMINDER}：")
        for line in reminder(outcome).decode("gbk").splitlines():
            say(line)
    counts = Counter(item.kind for item in items if item.message)
    told = "，".join(f"{kind} {count} 封" for kind, count in counts.items())
    say(f"草稿：{told}，放在 邮件 文件夹" if told else "没有写出草稿")
    if changed := sorted(kept - {REMINDER}):
        say(f"{listed(changed)} 有人改过，保留原样")
    for note in (note for item in items for note in item.notes):
        say(describe(note).text)
    _say_unwritten(items)
    if any(item.kind in (RESULTS, UPWARD) and item.message for item in items) and not outcome.final:
        say("结果还没有定稿，材料上印的是拟定等次")
    say(f"逐个的收件人、附件和没有写的原因：邮件/{SEND_LIST}")


def _say_unwritten(items: Sequence[Item]) -> None:
    """Print why messages could not be written; those without an address are counted by kind."""
    faults = [describe(item.problem).text for item in items if item.problem and item.problem.code != "W611"]
    faults = list(dict.fromkeys(faults))  # several kinds wait for the same
    for words in faults[:SHOWN]:
        say(words)
    if len(faults) > SHOWN:
        say(f"……另有 {len(faults) - SHOWN} 条，见 邮件/{SEND_LIST}")
    without = [item.name for item in items if item.problem and item.problem.code == "W611"]
    if without:
        say(f"没有邮箱、没有写的 {len(without)} 封：{listed(list(dict.fromkeys(without)))}")


# --- sending -------------------------------------------------------------------------------------------------


class _Sending:
    """One sending: what is to go, the question, and every message by itself."""

    def __init__(self, chosen: argparse.Namespace, workspace: Workspace, settings: Mail, journal: Journal) -> None:
        self.chosen, self.root, self.settings, self.journal = chosen, workspace.root, settings, journal
        self.failed = 0

    def run(self, items: Sequence[Item], steps: Mapping[str, str], kept: set[str]) -> int:
        """Send what is still to be sent; 0 where all that was asked for has now been sent."""
        if not self.chosen.kind:
            raise CannotRunError([f"发送时要写明种类：python process.py mail 种类 --send（{'、'.join(KINDS)}）"])
        if faults := lacking(self.settings, self.root):
            raise CannotRunError(faults)
        todo = list(self._still(items, steps, kept))
        self.failed += sum(item.message is None for item in items)
        if todo and self._agreed(todo):
            self._send_all(todo, steps)
        elif todo:
            say("没有发送")
            self.failed += len(todo)
        else:
            say("没有要发的")
        return ACT if self.failed else SETTLED

    def _still(self, items: Sequence[Item], steps: Mapping[str, str], kept: set[str]) -> Iterator[Item]:
        """Yield what is to be sent; say what was sent before, may have been, or was changed by hand."""
        before = 0
        for item in items:
            step = steps.get(item.message.mark, "") if item.message else None
            if step is None:
                continue
            if draft_path(item) in kept:
                self._told(Problem("W614", f"邮件/{draft_path(item)}"))
            elif step == BEGUN and not self.chosen.again:
                values = {"kind": item.kind, "who": item.code or item.name}
                self._told(Problem("E606", subject=item.name, values=values))
            elif step == SENT and not self.chosen.again:
                before += 1
            else:
                yield item
        if before:
            say(f"已经发过、不再发的 {before} 封")

    def _told(self, problem: Problem) -> None:
        say(describe(problem).text)
        self.failed += 1

    def _agreed(self, todo: Sequence[Item]) -> bool:
        """Say what would be sent, and ask; without a terminal only --yes is an answer."""
        settings = self.settings
        server = f"{settings.server}:{settings.own_port}"
        say(f"要发 {self.chosen.kind} {len(todo)} 封，经 {server}，发件邮箱 {settings.sender}")
        for item in todo[:SHOWN]:
            if item.message:
                files = f"附件 {len(item.message.files)} 个" if item.message.files else "没有附件"
                say(f"  {item.code} {item.name} <{item.message.to}> {files}")
        if len(todo) > SHOWN:
            say(f"  ……等 {len(todo)} 封")
        return agreed("发送吗？（是/否）", "没有发送", yes=self.chosen.yes)

    def _password(self) -> str:
        if not self.settings.account or PASSWORD in os.environ:
            return os.environ.get(PASSWORD, "")
        if not sys.stdin.isatty():
            raise CannotRunError([f"没有发送：没有密码。在命令行窗口里运行就会问，或者放进环境变量 {PASSWORD}"])
        return getpass(f"{self.settings.account} 的密码（不显示）：")

    def _send_all(self, todo: Sequence[Item], steps: Mapping[str, str]) -> None:
        password, sent, unsure = self._password(), 0, 0
        with connected(self.settings, self.root, password) as smtp:
            self._begin_again(todo, steps)
            try:
                for item in todo:
                    refused = send(smtp, item, self.settings.sender, self.journal)
                    sent += not refused
                    if refused:
                        self._told(Problem("E605", subject=item.name, values={"what": refused}))
            except BrokenOffError as error:
                unsure = int(error.unsure)
                say(f"连接断了（{error.words}）；再运行一次，接着发没有发的")
                if unsure:
                    say(f"{item.name} 的这一封发没发出不清楚，不会自动再发；请到发件邮箱里查")
                self.failed = max(self.failed, 1)
        left = len(todo) - sent - unsure
        say(f"已发 {sent} 封，没有发出 {left} 封，发没发出不清楚 {unsure} 封；记录在 邮件/{JOURNAL}")

    def _begin_again(self, todo: Sequence[Item], steps: Mapping[str, str]) -> None:
        """Write down that what was sent is to be sent once more, before any is: a broken run then goes on with them."""
        for item in todo:
            if item.message and steps.get(item.message.mark) in (SENT, BEGUN):
                self.journal.write(AGAIN, item.message.mark, item.kind, f"{item.code} {item.name}", item.message.to)
