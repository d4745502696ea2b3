"""Workspaces whose roster has addresses, and drafts read back as a mail program reads them."""

from __future__ import annotations

from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

from tests.papers import ROSTER, altered, at, good
from tests.workspaces import command, make_workspace

ADDRESSES: Mapping[str, str] = {f"ZB0{number}": f"zb{number}@example.cn" for number in range(1, 6)}
PARENT = "示范医院党委"


def with_addresses(files: Mapping[str, bytes], addresses: Mapping[str, str] = ADDRESSES) -> dict[str, bytes]:
    """Return the files with these addresses in the roster, by code of branch or rater."""

    def type_in(book: Workbook) -> None:
        for code, address in addresses.items():
            page = book["名册" if code.startswith("ZB") else "评委"]
            at(page, code, "邮箱").value = address

    return {**files, ROSTER: altered(files[ROSTER], type_in)}


def office(folder: Path, addresses: Mapping[str, str] = ADDRESSES, files: Mapping[str, bytes] | None = None) -> Path:
    """Make a workspace of the worked case with addresses in its roster."""
    return make_workspace(folder, with_addresses(good() if files is None else files, addresses))


def set_mail(folder: Path, text: str) -> None:
    """Let the section [mail] of config.toml say this; it is the last."""
    config = folder / "config.toml"
    before, _, _ = config.read_text("utf-8").partition("[mail]")
    config.write_text(f"{before}[mail]\n{text}\n", "utf-8")


def mail(folder: Path, *arguments: str) -> int:
    """Run the command mail."""
    return command(folder, "mail", *arguments)


def opened(raw: bytes) -> EmailMessage:
    """Return a message as a mail program reads it."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def drafts(folder: Path) -> dict[str, EmailMessage]:
    """Return the drafts of a workspace by path below 邮件/."""
    place = folder / "邮件"
    return {path.relative_to(place).as_posix(): opened(path.read_bytes()) for path in sorted(place.rglob("*.eml"))}


def attached(message: EmailMessage) -> dict[str, bytes]:
    """Return what goes along by name."""
    found = {}
    for part in message.iter_attachments():
        raw = part.get_content()
        found[str(part.get_filename())] = raw if isinstance(raw, bytes) else str(raw).encode()
    return found


def text_of(message: EmailMessage) -> str:
    """Return what the reader reads."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def send_list_of(folder: Path) -> list[dict[str, str]]:
    """Return the rows of 发送清单 by heading."""
    sheet = openpyxl.load_workbook(BytesIO((folder / "邮件/发送清单.xlsx").read_bytes())).worksheets[0]
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    top = next(number for number, row in enumerate(rows) if row[0] == "序号")
    listed = [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]
    return [row for row in listed if row["种类"]]
