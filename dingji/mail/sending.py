"""Handing messages to the office's own mail server: always encrypted, its certificate checked, one reader a message."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate
from pathlib import Path
from typing import Final

from dingji.cannot_run import CannotRunError
from dingji.mail.address import is_address
from dingji.mail.journal import BEGUN, FAILED, SENT, Journal
from dingji.mail.message import outgoing
from dingji.mail.plan import Item
from dingji.mail_settings import Mail
from dingji.problems import shown

WAIT: Final = 60.0
"""Seconds in which a server has to answer."""
GREETING: Final = "[127.0.0.1]"
"""What this machine calls itself before the server: its own name is nobody's business."""
ACCEPTED, GO_ON = (250, 251), 354
WHERE: Final = "设置的“邮件”里"


class BrokenOffError(Exception):
    """The connection is gone; `unsure`: the message on its way may have arrived."""

    def __init__(self, words: str, *, unsure: bool) -> None:
        super().__init__(words)
        self.words, self.unsure = words, unsure


def lacking(settings: Mail, root: Path) -> list[str]:
    """Return what the settings lack for sending."""
    faults = []
    if not settings.server or not settings.server.isprintable() or " " in settings.server:
        faults.append(f"{WHERE}没有写发件服务器，或者写错了")
    if not is_address(settings.sender):
        faults.append(f"{WHERE}没有写发件邮箱，或者不是一个完整的邮箱")
    if settings.certificate and not (root / settings.certificate).is_file():
        faults.append(f"{WHERE}写的根证书 {shown(settings.certificate)} 找不到")
    return faults


@contextmanager
def connected(settings: Mail, root: Path, password: str) -> Iterator[smtplib.SMTP]:
    """Give a connection that is encrypted and logged in; CannotRunError where there can be none."""
    server = f"{settings.server}:{settings.own_port}"
    try:
        smtp = _opened(settings, root)
    except ssl.SSLCertVerificationError as error:
        raise CannotRunError(
            [f"没有发：{server} 的证书不能确认（{shown(error.verify_message)}），请问信息科"]
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise CannotRunError([f"没有发：连不上 {server}（{_said(error)}），请检查网络和{WHERE[:-1]}"]) from error
    try:
        if settings.account:
            _log_in(smtp, settings.account, password)
        yield smtp
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()


def _opened(settings: Mail, root: Path) -> smtplib.SMTP:
    own = str(root / settings.certificate) if settings.certificate else None
    context, place = ssl.create_default_context(cafile=own), (settings.server, settings.own_port)
    if settings.security == "ssl":
        return smtplib.SMTP_SSL(*place, local_hostname=GREETING, timeout=WAIT, context=context)
    smtp = smtplib.SMTP(*place, local_hostname=GREETING, timeout=WAIT)
    try:
        smtp.starttls(context=context)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, account: str, password: str) -> None:
    try:
        smtp.login(account, password)
    except smtplib.SMTPAuthenticationError as error:
        raise CannotRunError([f"没有发：账号或密码不对（{_said(error)}）；有的邮箱要用专门的授权码"]) from error
    except UnicodeEncodeError as error:
        raise CannotRunError(["没有发：账号或密码里有全角的字，请用半角输入"]) from error
    except (OSError, smtplib.SMTPException) as error:
        raise CannotRunError([f"没有发：服务器不让登录（{_said(error)}）"]) from error


def send(smtp: smtplib.SMTP, item: Item, sender: str, journal: Journal) -> str:
    """Send one message and write it down; return "" or why the server did not take it. BrokenOffError: stop here."""
    message = item.message
    if message is None:
        raise ValueError(item.name)
    told = (item.kind, f"{item.code} {item.name}".strip(), message.to, message.subject)
    raw = outgoing(message, sender, formatdate(localtime=True))
    journal.write(BEGUN, message.mark, *told)
    try:
        refused = _handed_over(smtp, sender, message.to, raw)
    except BrokenOffError as error:
        if not error.unsure:
            journal.write(FAILED, message.mark, *told, error.words)
        raise
    journal.write(FAILED if refused else SENT, message.mark, *told, refused)
    return refused


def _handed_over(smtp: smtplib.SMTP, sender: str, to: str, raw: bytes) -> str:
    """Return "" where the server has taken a message, else its words. Up to the data nothing can have been sent."""
    try:
        for code, reply in (smtp.mail(sender), smtp.rcpt(to), smtp.docmd("data")):
            if code not in (*ACCEPTED, GO_ON):
                smtp.rset()
                return _reply(code, reply)
    except (OSError, smtplib.SMTPException) as error:
        raise BrokenOffError(_said(error), unsure=False) from error
    try:
        smtp.send(_dotted(raw))
        code, reply = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise BrokenOffError(_said(error), unsure=True) from error
    return "" if code in ACCEPTED else _reply(code, reply)


def _dotted(raw: bytes) -> bytes:
    """Return a message as it goes over the wire: a dot before a line's own first dot, one alone at the end."""
    return re.sub(rb"(?m)^\.", b"..", raw).removesuffix(b"\r\n") + b"\r\n.\r\n"


def _reply(code: int, reply: bytes) -> str:
    return shown(f"{code} {reply.decode('utf-8', 'replace')}", 120)


def _said(error: Exception) -> str:
    """Return what a fault says, short: the server's own words where it gave any."""
    if isinstance(error, smtplib.SMTPResponseException):
        raw = error.smtp_error
        return _reply(error.smtp_code, raw if isinstance(raw, bytes) else raw.encode())
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return shown(words, 120)
