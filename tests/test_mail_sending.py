"""mail --send, through a real server on this machine: encrypted, once each, and going on after it was cut off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from tests.mail_server import ACCOUNT, PASSWORD, Post, serving
from tests.mailing import ADDRESSES, attached, drafts, mail, office, opened, send_list_of, set_mail, text_of
from tests.papers import good
from tests.workspaces import PROGRAM, command

VARIABLE = "DINGJI_MAIL_PASSWORD"
ALL = sorted(ADDRESSES.values())


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the right password into the environment."""
    monkeypatch.setenv(VARIABLE, PASSWORD)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a workspace in which every branch owes its 自评表."""
    return office(tmp_path, files={path: raw for path, raw in good().items() if not path.startswith("自评表/")})


def send(folder: Path, *more: str) -> int:
    """Send the reminders without a question."""
    return mail(folder, "催报", "--send", "--yes", *more)


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize("security", ["ssl", "starttls"])
def test_each_reader_gets_a_message_of_its_own(folder: Path, security: str) -> None:
    post = Post()
    with serving(post, folder, security) as server:
        set_mail(folder, server.settings())
        assert send(folder) == 0
    assert [readers for readers, _ in post.taken] == [[address] for address in ALL]
    assert post.logins == [ACCOUNT]
    message = opened(post.taken[0][1])
    assert message["From"] == "dangban@example.cn"
    assert message["Date"]
    assert "还没有收到：自评表" in text_of(message)
    assert {row["状态"] for row in send_list_of(folder) if row["草稿"]} == {"已发送"}


@pytest.mark.usefixtures("password")
def test_names_and_bytes_arrive_whole(folder: Path) -> None:
    post = Post()
    command(folder, "forms")
    with serving(post, folder) as server:
        set_mail(folder, server.settings())
        assert mail(folder, "发放", "--send", "--yes", "--only", "一支部", "ZB02") == 0
    sent = [attached(opened(raw)) for _, raw in post.taken]
    lying = [
        {path.name: path.read_bytes() for path in (folder / "发放" / f"{name}").iterdir()}
        for name in ("ZB01_一支部", "ZB02_二支部")
    ]
    assert sent == lying
    assert "ZB01_一支部_自评表.xlsx" in sent[0]


@pytest.mark.usefixtures("password")
def test_what_is_reported_arrives_at_the_superior_whole(tmp_path: Path) -> None:
    """One message, nothing of 内部 or 上会 in it, and not a second time."""
    folder, post = office(tmp_path), Post()
    with serving(post, folder) as server:
        set_mail(folder, f'{server.settings()}\nsuperior = "shangji@example.cn"')
        command(folder, "run")
        assert mail(folder, "上报", "--send", "--yes") == 0
        assert mail(folder, "上报", "--send", "--yes") == 0
    ((readers, raw),) = post.taken
    assert readers == ["shangji@example.cn"]
    sent = attached(opened(raw))
    assert sent == {path.name: path.read_bytes() for path in (folder / "output/上报").iterdir() if path.is_file()}
    shut = [path for name in ("内部", "上会") for path in (folder / "output" / name).rglob("*") if path.is_file()]
    assert not {path.read_bytes() for path in shut} & set(sent.values())
    (row,) = [row for row in send_list_of(folder) if row["种类"] == "上报"]
    assert (row["收件人"], row["状态"]) == ("上级", "已发送")


@pytest.mark.usefixtures("password")
def test_what_was_sent_is_not_sent_again_unless_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    post = Post()
    with serving(post, folder) as server:
        set_mail(folder, server.settings())
        assert send(folder, "--only", "ZB01") == 0
        capsys.readouterr()
        assert send(folder) == 0
        assert "已经发过、不再发的 1 封" in capsys.readouterr().out
        assert post.readers == ALL
        assert send(folder) == 0
        assert post.readers == ALL
        assert send(folder, "--only", "ZB03", "--again") == 0
    assert post.readers == [*ALL, "zb3@example.cn"]


@pytest.mark.usefixtures("password")
def test_a_refused_reader_stops_nobody_else_and_is_tried_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post = Post(refuses=frozenset({"zb2@example.cn"}))
    with serving(post, folder) as server:
        set_mail(folder, server.settings())
        assert send(folder) == 1
        out = capsys.readouterr().out
        assert "E605 二支部" in out
        assert "no such reader" in out
        assert "已发 4 封，没有发出 1 封" in out
        post.refuses = frozenset()
        assert send(folder) == 0
    assert sorted(post.readers) == ALL


@pytest.mark.skipif(os.name == "nt", reason="no such signal there")
def test_a_run_killed_half_way_goes_on_and_sends_nothing_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The one on its way when it was killed may have arrived: it is told, and left to the officer."""
    monkeypatch.setenv(VARIABLE, PASSWORD)
    running: list[subprocess.Popen[bytes]] = []

    def kill(readers: list[str]) -> None:
        if len(readers) == 2:
            running[0].send_signal(signal.SIGKILL)
            running[0].wait()

    post = Post(before=kill)
    code = "import sys; from pathlib import Path; from dingji.cli.main import main; main(sys.argv[1:], Path())"
    with serving(post, folder) as server:
        set_mail(folder, server.settings())
        order = ["--workspace", str(folder), "mail", "催报", "--send", "--yes"]
        running.append(subprocess.Popen([sys.executable, "-X", "utf8", "-c", code, *order], cwd=PROGRAM))
        assert running[0].wait(60) == -signal.SIGKILL
        assert len(post.taken) >= 2
        post.before = len
        capsys.readouterr()
        assert send(folder) == 1
        out = capsys.readouterr().out
        assert "E606 三支部" in out
        assert "--only ZB03" in out
        assert sorted(post.readers) == ALL
        unsure = next(row for row in send_list_of(folder) if row["编码"] == "ZB03" and row["种类"] == "催报")
        assert unsure["状态"] == "发没发出不清楚"
        assert send(folder, "--only", "ZB03", "--again") == 0
        assert send(folder) == 0
    assert sorted(post.readers) == sorted([*ALL, "zb3@example.cn"])


@pytest.mark.usefixtures("password")
def test_a_line_cut_off_in_the_journal_counts_as_none(folder: Path) -> None:
    """Whoever had been begun is unsure then; a line begun was not yet followed by anything."""
    post = Post()
    with serving(post, folder) as server:
        set_mail(folder, server.settings())
        send(folder, "--only", "ZB01")
        journal = folder / "邮件/发送记录.txt"
        whole = journal.read_bytes()
        journal.write_bytes(whole[: whole.rindex("已发送".encode()) + 4])
        assert send(folder, "--only", "ZB01") == 1
        assert send(folder, "--only", "ZB02") == 0
        assert send(folder, "--only", "ZB01") == 1
    assert post.readers == ["zb1@example.cn", "zb2@example.cn"]


@pytest.mark.usefixtures("password")
def test_a_journal_that_cannot_be_read_stops_everything(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    post = Post()
    with serving(post, folder) as server:
        set_mail(folder, server.settings())
        (folder / "邮件").mkdir()
        for raw in ("甲\t乙\n一\t二\n".encode(), b"\xff\xfe\x00\n"):
            (folder / "邮件/发送记录.txt").write_bytes(raw)
            assert send(folder) == 2
            assert "读不出来" in capsys.readouterr().out
    assert post.taken == []


# --- who it talks to -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize("security", ["ssl", "starttls"])
def test_a_certificate_that_nobody_vouches_for_ends_it(
    folder: Path, security: str, capsys: pytest.CaptureFixture[str]
) -> None:
    post = Post()
    with serving(post, folder, security) as server:
        set_mail(folder, server.settings(certificate=""))
        assert send(folder) == 2
    assert "证书不能确认" in capsys.readouterr().out
    assert (post.taken, post.logins) == ([], [])
    assert not (folder / "邮件/发送记录.txt").exists()


def test_a_wrong_password_ends_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "wrong")
    post = Post()
    with serving(post, folder) as server:
        set_mail(folder, server.settings())
        assert send(folder) == 2
    assert "账号或密码不对" in capsys.readouterr().out
    assert post.taken == []


@pytest.mark.usefixtures("password")
def test_without_the_settings_it_says_what_is_lacking(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert send(folder) == 2
    out = capsys.readouterr().out
    assert "没有写发件服务器" in out
    assert "没有写发件邮箱" in out
    set_mail(folder, 'server = "127.0.0.1"\nport = 1\nsender = "a@example.cn"\ncertificate = "没有.pem"')
    assert send(folder) == 2
    assert "根证书 没有.pem 找不到" in capsys.readouterr().out
    set_mail(folder, 'server = "127.0.0.1"\nport = 1\nsender = "a@example.cn"')
    assert send(folder) == 2
    assert "连不上 127.0.0.1:1" in capsys.readouterr().out


@pytest.mark.usefixtures("password")
def test_nothing_goes_without_a_kind(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    set_mail(folder, 'server = "127.0.0.1"\nport = 1\nsender = "a@example.cn"')
    assert mail(folder, "--send", "--yes") == 2
    assert "要写明种类" in capsys.readouterr().out


class Terminal(StringIO):
    """What a person types."""

    def isatty(self) -> bool:
        """Return that somebody sits there."""
        return True


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize(("typed", "status", "count"), [("是\n", 0, 5), ("否\n", 1, 0), ("\n", 1, 0), ("", 1, 0)])
def test_a_person_is_asked_first(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    status: int,
    count: int,
) -> None:
    post = Post()
    with serving(post, folder) as server:
        set_mail(folder, server.settings())
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        assert mail(folder, "催报", "--send") == status
    assert "要发 催报 5 封" in capsys.readouterr().out
    assert len(post.taken) == count


@pytest.mark.usefixtures("password")
def test_without_a_terminal_only_yes_is_an_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("是\n"))
    post = Post()
    with serving(post, folder) as server:
        set_mail(folder, server.settings())
        assert mail(folder, "催报", "--send") == 2
    assert post.taken == []


@pytest.mark.usefixtures("password")
def test_a_changed_draft_is_left_to_whoever_changed_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    post = Post()
    mail(folder, "催报")
    path = folder / "邮件/催报/ZB01_一支部.eml"
    with serving(post, folder) as server:
        mail(folder, "催报")
        path.write_bytes(path.read_bytes() + b"\r\n")
        set_mail(folder, server.settings())
        assert send(folder) == 1
    assert "W614" in capsys.readouterr().out
    assert post.readers == ALL[1:]
    assert "催报/ZB01_一支部.eml" in drafts(folder)
