"""One message as a mail program or a server takes it: the same message gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final

from dingji.content import Content, chunks, digest_of

POLICY: Final = policy.SMTP.clone(cte_type="7bit", max_line_length=998)
"""Lines end as on the wire, nothing in 8 bits; a Chinese file name is not broken apart."""
OPEN: Final = ("output/反馈/", "output/上报/", "output/内部/退回/", "发放/")
"""The only folders of a workspace whose files may travel: of 内部/ what goes back to its owner, of 上会/ nothing."""
TYPES: Final = {
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
UNKNOWN_TYPE: Final = "application/octet-stream"
"""Of everything else, text too: its bytes travel as they are."""
MARK: Final = 24
"""Signs of a digest that tell a message from any other."""


def is_open(path: str) -> bool:
    """Say whether a file, by its path in the workspace, lies where files may be sent from."""
    return path.startswith(OPEN) and ".." not in path.split("/")


@dataclass(frozen=True)
class Attachment:
    """A file that goes along: its path in the workspace, and its content. ValueError where it may not travel.

    `changed`: somebody completed it by hand after the program wrote it.
    """

    path: str
    content: Content
    changed: bool = False

    def __post_init__(self) -> None:
        if not is_open(self.path):
            raise ValueError(f"not to be sent: {self.path!r}")

    @property
    def name(self) -> str:
        """Return the file's own name."""
        return PurePosixPath(self.path).name

    @property
    def raw(self) -> bytes:
        """Return the bytes."""
        return b"".join(chunks(self.content))


@dataclass(frozen=True)
class Message:
    """What goes to one address. `subject` is one line."""

    to: str
    subject: str
    body: str
    files: Sequence[Attachment] = ()

    @cached_property
    def mark(self) -> str:
        """Return what tells this message from any other: made from all that its reader gets."""
        digest = sha256()
        listed = [text for file in self.files for text in (file.name, digest_of(file.content))]
        for text in (self.to, self.subject, self.body, *listed):
            raw = text.encode()
            digest.update(b"%d:%b" % (len(raw), raw))
        return f"M{digest.hexdigest()[:MARK]}"


def draft(message: Message, sender: str) -> bytes:
    """Return a message as an .eml that a mail program opens to be sent; `sender` "" is left to that program."""
    made = _made(message, sender)
    made["X-Unsent"] = "1"
    return made.as_bytes()


def outgoing(message: Message, sender: str, date: str) -> bytes:
    """Return a message as it is handed to the server, with the date, and an id that is always the same for it."""
    made = _made(message, sender)
    made["Date"] = date
    made["Message-ID"] = f"<{message.mark}@{sender.rpartition('@')[2]}>"
    return made.as_bytes()


def _made(message: Message, sender: str) -> EmailMessage:
    made = EmailMessage(policy=POLICY)
    if sender:
        made["From"] = sender
    made["To"] = message.to
    made["Subject"] = message.subject
    made.set_content(message.body, cte="base64")
    for file in message.files:
        main, _, sub = TYPES.get(PurePosixPath(file.name).suffix.lower(), UNKNOWN_TYPE).partition("/")
        made.add_attachment(file.raw, maintype=main, subtype=sub, filename=file.name)
    if message.files:  # "=_" cannot stand in base64, of which all parts are
        made.set_boundary(f"=_{message.mark}")
    return made
