"""邮件: drafts with the right files for the right readers, a list, and a reason for each that could not be written."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from openpyxl.workbook import Workbook

from dingji.mail.address import is_address
from dingji.mail.message import Attachment, Message, draft, is_open, outgoing
from dingji.mail.plan import MEGABYTE, Owner, _gathered
from dingji.problems import Problem
from dingji.reports.publish import publish
from dingji.reports.run_record import RECORD, amended
from tests.mailing import ADDRESSES, PARENT, attached, drafts, mail, office, opened, send_list_of, set_mail, text_of
from tests.papers import BOOK, SELF, SURVEY, altered, at, good, typed, with_file
from tests.workspaces import command

FIRST = "ZB01_一支部"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace after a run, to be copied and not to be touched."""
    folder = office(tmp_path_factory.mktemp("graded"))
    assert command(folder, "run") == 0
    return folder


@pytest.fixture
def folder(graded: Path, tmp_path: Path) -> Path:
    """Return a workspace of one's own after a run."""
    return copytree(graded, tmp_path / "own")


@pytest.fixture(scope="module")
def ran(graded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace after a run, forms and mail."""
    folder = copytree(graded, tmp_path_factory.mktemp("ran") / "own")
    assert command(folder, "forms") == 0
    assert mail(folder) == 0
    return folder


def test_each_branch_gets_its_own_feedback_alone(ran: Path) -> None:
    found = {path: message for path, message in drafts(ran).items() if path.startswith("结果/")}
    assert [path.split("/")[1].partition("_")[0] for path in found] == sorted(ADDRESSES)
    for path, message in found.items():
        code = path.split("/")[1].partition("_")[0]
        assert message["To"] == ADDRESSES[code]
        files = attached(message)
        assert files
        assert all(f"{code}_" in name for name in files)
        assert files == {name: (ran / "output/反馈" / name).read_bytes() for name in files}


def test_a_form_comes_with_its_name_and_bytes(ran: Path) -> None:
    message = drafts(ran)[f"发放/{FIRST}.eml"]
    lying = {path.name: path.read_bytes() for path in (ran / "发放" / FIRST).iterdir()}
    assert attached(message) == lying
    assert f"{FIRST}_自评表.xlsx" in lying
    assert message["Subject"] == "【示范医院党委】2026 年初定级用表：一支部"
    assert text_of(message).startswith("一支部：\n")


def test_nothing_of_the_office_is_in_any_message(ran: Path) -> None:
    """Neither a file of 内部 or 上会, nor a rater's name."""
    shut = [path for name in ("内部", "上会") for path in (ran / "output" / name).rglob("*") if path.is_file()]
    contents = {path.read_bytes() for path in shut}
    assert contents
    for message in drafts(ran).values():
        assert not contents & set(attached(message).values())
        assert "评委一" not in str(message["Subject"]) + text_of(message)


def test_who_has_no_address_is_told_and_gets_nothing(ran: Path) -> None:
    rows = [row for row in send_list_of(ran) if row["编码"].startswith("PW")]
    assert [row["收件人"] for row in rows] == ["评委"] * 3
    assert all(row["状态"] == "没有写" and row["说明"].startswith("W611") for row in rows)
    assert not [path for path in drafts(ran) if "PW" in path]


def test_the_list_names_every_draft(ran: Path) -> None:
    rows = [row for row in send_list_of(ran) if row["草稿"]]
    assert sorted(row["草稿"] for row in rows) == sorted(drafts(ran))
    for row in rows:
        message = drafts(ran)[row["草稿"]]
        assert (row["邮箱"], row["主题"], row["状态"]) == (message["To"], message["Subject"], "未发送")
        assert row["附件"].split("\n") == list(attached(message))


def test_the_same_input_gives_the_same_bytes(ran: Path, tmp_path: Path) -> None:
    other = office(tmp_path)
    command(other, "run")
    command(other, "forms")
    mail(other)
    written = {path.relative_to(ran): path.read_bytes() for path in (ran / "邮件").rglob("*") if path.is_file()}
    assert written == {path.relative_to(other): path.read_bytes() for path in (other / "邮件").rglob("*.*")}


def test_results_wait_until_the_run_is_of_what_lies_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "input" / SURVEY).unlink()
    capsys.readouterr()
    assert mail(folder, "结果") == 0
    assert "W613" in capsys.readouterr().out
    assert not [path for path in drafts(folder) if path.startswith("结果/")]


def test_settings_of_mail_alone_leave_results_as_they_are(folder: Path) -> None:
    set_mail(folder, 'sender = "dangban@example.cn"')
    mail(folder, "结果")
    found = drafts(folder)
    assert len(found) == 5
    assert {message["From"] for message in found.values()} == {"dangban@example.cn"}


def test_a_pdf_beside_a_paper_goes_along(folder: Path) -> None:
    """As `pdf` leaves it: beside the paper, and named by the record."""
    made, record = {f"反馈/{FIRST}.pdf": b"%PDF-1.7"}, folder / "output" / RECORD
    publish(folder / "output", {**made, RECORD: amended(record.read_bytes(), made)})
    assert mail(folder, "结果") == 0
    (files,) = [attached(message) for message in drafts(folder).values() if str(message["To"]) == ADDRESSES["ZB01"]]
    assert {f"{FIRST}.docx", f"{FIRST}.pdf"} <= set(files)


def test_a_changed_file_is_never_attached(folder: Path) -> None:
    paper = folder / f"output/反馈/{FIRST}.docx"
    paper.write_bytes((folder / "output/上会/审定表.xlsx").read_bytes())
    mail(folder, "结果")
    assert f"结果/{FIRST}.eml" not in drafts(folder)
    assert len(drafts(folder)) == 4
    row = next(row for row in send_list_of(folder) if row["编码"] == "ZB01" and row["种类"] == "结果")
    assert row["说明"].startswith("W612")


@pytest.mark.skipif(os.name == "nt", reason="links want rights there")
def test_a_folder_that_leads_to_another_is_not_followed(folder: Path) -> None:
    """Not even where the record says that this very file lies there."""
    output = folder / "output"
    (output / "反馈").rename(output / "内部/别处")
    (output / "反馈").symlink_to(output / "内部/别处")
    mail(folder, "结果")
    assert drafts(folder) == {}
    assert {row["说明"][:4] for row in send_list_of(folder) if row["种类"] == "结果"} == {"E603"}


def test_a_record_led_astray_opens_no_shut_folder(folder: Path) -> None:
    record = folder / "output/内部/运行记录.json"
    data = json.loads(record.read_text("utf-8"))
    digest = data["outputs"]["上会/审定表.xlsx"]
    data["outputs"] = {f"反馈/../上会/{FIRST}.docx": digest, "上会/审定表.xlsx": digest}
    record.write_text(json.dumps(data), "utf-8")
    mail(folder, "结果")
    assert drafts(folder) == {}


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("output/反馈/甲.docx", True),
        ("output/上报/按上级/甲/上报.xlsx", True),
        ("output/内部/退回/甲.xlsx", True),
        ("发放/甲/甲_自评表.xlsx", True),
        ("output/内部/分类定级结果.xlsx", False),
        ("output/内部/退回单.xlsx", False),
        ("output/上会/审定表.xlsx", False),
        ("output/上会/反馈/甲.docx", False),
        ("output/上报/上报.xlsx", True),
        ("output/上报/../上会/审定表.xlsx", False),
        ("output/上报填写.xlsx", False),
        ("output/内部/上报前自查.html", False),
        ("output/反馈/../内部/甲.docx", False),
        ("input/名册.xlsx", False),
    ],
)
def test_the_folder_decides_what_may_travel(path: str, *, may: bool) -> None:
    assert is_open(path) is may
    if not may:
        with pytest.raises(ValueError, match="not to be sent"):
            Attachment(path, b"")


def test_a_form_of_whom_the_roster_knows_no_more_is_told(tmp_path: Path) -> None:
    folder = office(tmp_path)
    command(folder, "forms")
    roster = folder / "input/党组织名册.xlsx"
    roster.write_bytes(altered(roster.read_bytes(), typed("名册", "ZB01", "党组织名称", "第一支部")))
    mail(folder, "发放")
    assert len(drafts(folder)) == 4
    strange = [row for row in send_list_of(folder) if row["说明"].startswith("W615")]
    assert {Path(row["收件人"]).parent.name for row in strange} == {FIRST}


def test_what_may_be_two_owners_is_nobodys() -> None:
    owners = {"同名": [Owner("A/1", "甲", "a@example.cn", "甲"), Owner("A:1", "甲", "b@example.cn", "甲")]}
    (found,) = _gathered([("发放/同名/表.xlsx", Attachment("发放/同名/表.xlsx", b""))], owners, lambda _: "同名")
    assert isinstance(found, Problem)
    assert (found.code, found.values["candidates"]) == ("E607", "A/1 甲、A:1 甲")


# --- addresses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a@example.cn\nBcc: b@example.cn", "a@example.cn\r\n", "a@example.cn,b@example.cn", "张三 <a@example.cn>",
        "a@example", "@example.cn", "a b@example.cn", "a@-example.cn", "a..b@example.cn", "党办@example.cn",
        "a＠example.cn", "a@example.cn;", f"{'a' * 65}@example.cn", "a@b@example.cn", "",
    ],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_none(text: str) -> None:
    assert not is_address(text)


def test_usual_addresses_are_taken() -> None:
    assert all(map(is_address, ("dangban@example.cn", "a.b+c@mail.example.com.cn", "12345@qq.example")))


@pytest.mark.parametrize("address", ["a@example.cn\nBcc: b@example.cn", "a@example.cn，b@example.cn"])
def test_an_address_that_is_not_one_is_refused_and_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    folder = office(tmp_path, {"ZB01": address}, {path: raw for path, raw in good().items() if path != SELF})
    mail(folder, "催报")
    assert drafts(folder) == {}
    assert "E608 一支部" in capsys.readouterr().out
    assert next(row for row in send_list_of(folder) if row["编码"] == "ZB01")["说明"].startswith("E608")


def test_the_settings_know_whom_the_roster_does_not(tmp_path: Path) -> None:
    """The roster's own address holds where both tell one."""
    files = {path: raw for path, raw in good().items() if not path.startswith("自评表/")}
    folder = office(tmp_path, {"ZB01": "zb1@example.cn"}, files)
    set_mail(folder, 'contacts = { "ZB01" = "other@example.cn", "二支部" = "zb2@example.cn" }')
    mail(folder, "催报")
    assert {path: message["To"] for path, message in drafts(folder).items()} == {
        "催报/ZB01_一支部.eml": "zb1@example.cn",
        "催报/ZB02_二支部.eml": "zb2@example.cn",
    }


def two_parents(book: Workbook) -> None:
    """Let one branch stand under another parent unit."""
    at(book["名册"], "ZB05", "上级党组织").value = "乙总支"


@pytest.fixture(scope="module")
def below_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of two parent units after a run, to be copied and not to be touched."""
    files = dict(good())
    files["党组织名册.xlsx"] = altered(files["党组织名册.xlsx"], two_parents)
    folder = office(tmp_path_factory.mktemp("below"), {}, files)
    assert command(folder, "run") == 0
    return folder


def test_the_parent_unit_gets_the_tables_of_its_own(below_two: Path, tmp_path: Path) -> None:
    folder = copytree(below_two, tmp_path / "own")
    set_mail(folder, 'contacts = { "乙总支" = "yi@example.cn" }')
    mail(folder, "结果")
    (message,) = drafts(folder).values()
    assert message["To"] == "yi@example.cn"
    own = folder / "output/上报/按上级/乙总支"
    assert attached(message) == {path.name: path.read_bytes() for path in own.iterdir()}


def test_the_superior_gets_the_whole_of_what_is_reported_and_nobody_elses(below_two: Path, tmp_path: Path) -> None:
    """Not the folders of parent units below it: each of those has its own reader."""
    folder = copytree(below_two, tmp_path / "own")
    set_mail(folder, 'superior = "shangji@example.cn"')
    assert mail(folder, "上报") == 0
    (path, message), *others = drafts(folder).items()
    assert (path, others) == ("上报/上级.eml", [])
    assert (message["To"], message["Subject"]) == (
        "shangji@example.cn",
        "【示范医院党委】2026 年初分类定级结果上报：上级",
    )
    assert text_of(message).startswith("上级：\n\n现报上 2026 年初分类定级的结果，见附件。")
    lying = {path.name: path.read_bytes() for path in (folder / "output/上报").iterdir() if path.is_file()}
    assert {"上报.xlsx", "报告.docx", "结果.json"} <= set(lying)
    assert attached(message) == lying
    (row,) = [row for row in send_list_of(folder) if row["种类"] == "上报"]
    assert (row["收件人"], row["附件在"], row["状态"]) == ("上级", "output/上报", "未发送")


def test_the_superior_is_called_as_the_papers_call_it(tmp_path: Path) -> None:
    """Its address may also stand among those of whoever the roster lacks."""
    folder = office(tmp_path)
    config = folder / "config.toml"
    told = config.read_text("utf-8").replace('superior = ""', 'superior = "示范市委"', 1)
    config.write_text(told, "utf-8")
    set_mail(folder, 'contacts = { "示范市委" = "shiwei@example.cn" }')
    command(folder, "run")
    mail(folder, "上报")
    assert {path: message["To"] for path, message in drafts(folder).items()} == {
        "上报/示范市委.eml": "shiwei@example.cn"
    }


@pytest.mark.parametrize(("told", "code"), [("", "W611"), ('superior = "a@example.cn,b@example.cn"', "E608")])
def test_a_superior_without_one_plain_address_gets_nothing_and_is_told(folder: Path, told: str, code: str) -> None:
    set_mail(folder, told)
    mail(folder, "上报")
    assert drafts(folder) == {}
    (row,) = [row for row in send_list_of(folder) if row["种类"] == "上报"]
    assert (row["收件人"], row["状态"], row["说明"][:4]) == ("上级", "没有写", code)


@pytest.mark.parametrize("what", ["changed", "gone", "stale"])
def test_nothing_half_or_old_is_reported(folder: Path, capsys: pytest.CaptureFixture[str], what: str) -> None:
    """What was changed by hand, what is no longer there, and what the input has overtaken."""
    set_mail(folder, 'superior = "shangji@example.cn"')
    book = folder / "output/上报/上报.xlsx"
    if what == "changed":
        book.write_bytes((folder / "output/上会/审定表.xlsx").read_bytes())
    elif what == "gone":
        book.unlink()
    else:
        (folder / "input" / SURVEY).unlink()
    capsys.readouterr()
    mail(folder)
    assert not [path for path in drafts(folder) if path.startswith("上报/")]
    code = {"changed": "W612", "gone": "E603", "stale": "W613"}[what]
    (row,) = [row for row in send_list_of(folder) if row["种类"] == "上报"]
    assert row["说明"].startswith(code)
    assert capsys.readouterr().out.count(code) == 1


def test_a_paper_s_own_pdf_goes_along(folder: Path) -> None:
    """As long as it is the one that was made: another file of its name is none of the program's."""
    set_mail(folder, f'superior = "shangji@example.cn"\ncontacts = {{ "{PARENT}" = "dw@example.cn" }}')
    stray = folder / f"output/反馈/{FIRST}.pdf"
    stray.write_bytes(b"%PDF-1.7 foreign")
    mail(folder, "结果")
    words = attached(drafts(folder)[f"结果/{FIRST}.eml"])
    assert f"{FIRST}.docx" in words
    assert not [name for name in words if name.endswith(".pdf")]
    stray.unlink()
    assert command(folder, "pdf") == 0
    mail(folder)
    found = drafts(folder)
    papers = {Path(name).with_suffix(".pdf").name for name in words if name.endswith(".docx")}
    assert attached(found[f"结果/{FIRST}.eml"]) == {
        name: (folder / "output/反馈" / name).read_bytes() for name in {*words, *papers}
    }
    types = {part.get_filename(): part.get_content_type() for part in found[f"结果/{FIRST}.eml"].iter_attachments()}
    assert types[f"{FIRST}.pdf"] == "application/pdf"
    assert {"报告.docx", "报告.pdf"} <= set(attached(found["上报/上级.eml"]))


# --- what goes back, and who owes ------------------------------------------------------------------------------


def test_what_goes_back_goes_to_its_owner_with_the_letter(tmp_path: Path) -> None:
    files = with_file(SELF, altered(good()[SELF], typed("自评表", "1", "自评得分", "很好")))
    files[BOOK] = altered(files[BOOK], typed("评定表", "ZB03", "领导班子好", "很好"))
    folder = office(tmp_path, {**ADDRESSES, "PW1": "pw1@example.cn"}, files)
    mail(folder)
    found = {path: message for path, message in drafts(folder).items() if path.startswith("退回/")}
    assert [message["To"] for message in found.values()] == ["zb1@example.cn", "pw1@example.cn"]
    branch, rater = found.values()
    assert sorted(Path(name).suffix for name in attached(branch)) == [".docx", ".txt", ".xlsx"]
    assert all("一支部" in name for name in attached(branch))
    assert text_of(rater).startswith("评委：\n")
    command(folder, "run")
    back = folder / "output/内部/退回"
    assert attached(branch) == {path.name: path.read_bytes() for path in back.iterdir() if "一支部" in path.name}


def test_a_reminder_tells_a_branch_what_it_owes_and_no_rater_by_name(tmp_path: Path) -> None:
    files = {path: raw for path, raw in good().items() if path not in (SELF, BOOK)}
    folder = office(tmp_path, {**ADDRESSES, "PW1": "pw1@example.cn"}, files)
    mail(folder, "催报")
    branch, rater = drafts(folder)["催报/ZB01_一支部.eml"], drafts(folder)["催报/评委_PW1.eml"]
    assert "2026 年初定级报表，还没有收到：自评表。请尽快报送" in text_of(branch)
    assert "还没有收到：评定表" in text_of(rater)
    assert "评委一" not in text_of(rater) + str(rater["Subject"])
    assert len(drafts(folder)) == 2


def test_one_kind_leaves_the_drafts_of_the_others(ran: Path) -> None:
    before = sorted(drafts(ran))
    assert mail(ran, "催报") == 0
    assert sorted(drafts(ran)) == before


def test_a_changed_draft_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = office(tmp_path, files={path: raw for path, raw in good().items() if path != SELF})
    mail(folder, "催报")
    path = folder / "邮件/催报/ZB01_一支部.eml"
    path.write_bytes(path.read_bytes() + b"\r\n")
    changed = path.read_bytes()
    capsys.readouterr()
    mail(folder, "催报")
    assert path.read_bytes() == changed
    assert "催报/ZB01_一支部.eml 有人改过，保留原样" in capsys.readouterr().out


def test_a_receiver_that_nobody_is_ends_the_command(ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mail(ran, "结果", "--only", "六支部") == 2
    assert "没有要发给“六支部”的邮件" in capsys.readouterr().out


# --- bytes -----------------------------------------------------------------------------------------------------

MESSAGE = Message(
    "a@example.cn",
    "【甲】定级：一支部",
    "一支部：\n\n.一行以点开头\n",
    (Attachment("发放/甲/长名.xlsx", b"PK\x00\r\n.\r\n"),),
)


def test_a_draft_is_seven_bit_has_no_clock_and_comes_back_whole() -> None:
    raw = draft(MESSAGE, "")
    assert raw.isascii()
    assert b"Date" not in raw
    assert draft(MESSAGE, "") == raw
    message = opened(raw)
    assert attached(message) == {"长名.xlsx": b"PK\x00\r\n.\r\n"}
    assert text_of(message) == MESSAGE.body
    assert (message["Subject"], message["To"], message["From"]) == (MESSAGE.subject, MESSAGE.to, None)


@pytest.mark.parametrize(
    "other",
    [
        replace(MESSAGE, to="b@example.cn"),
        replace(MESSAGE, subject="另一个"),
        replace(MESSAGE, body="另一段"),
        replace(MESSAGE, files=()),
        replace(MESSAGE, files=(Attachment("发放/甲/长名.xlsx", b"PK\x01"),)),
        replace(MESSAGE, files=(Attachment("发放/甲/名.xlsx", b"PK\x00\r\n.\r\n"),)),
    ],
)
def test_whatever_the_reader_gets_makes_the_mark(other: Message) -> None:
    assert other.mark != MESSAGE.mark


@pytest.mark.parametrize("subject", ["a\nBcc: b@example.cn", "a\r\nX: y"])
def test_no_header_can_hold_a_second_line(subject: str) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        draft(replace(MESSAGE, subject=subject), "")


def test_a_name_of_two_lines_stays_one_line(tmp_path: Path) -> None:
    """Whatever stands in the roster."""
    files = {path: raw for path, raw in good().items() if not path.startswith(("自评表/ZB01", "测评表/ZB01"))}
    files["党组织名册.xlsx"] = altered(
        files["党组织名册.xlsx"], typed("名册", "ZB01", "党组织名称", "一支部\nBcc b@x.cn")
    )
    folder = office(tmp_path, files=files)
    mail(folder, "催报")
    (message,) = drafts(folder).values()
    assert message["Bcc"] is None
    assert "一支部 Bcc b@x.cn" in message["Subject"]


def test_what_goes_out_has_a_date_and_an_id_of_its_own() -> None:
    message = opened(outgoing(MESSAGE, "dangban@example.cn", "Mon, 09 Mar 2026 09:00:00 +0800"))
    assert message["Message-ID"] == f"<{MESSAGE.mark}@example.cn>"
    assert message["X-Unsent"] is None


def test_more_than_a_server_takes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dingji.mail.plan.LARGEST", 0)
    folder = office(tmp_path)
    command(folder, "forms")
    mail(folder, "发放")
    assert drafts(folder) == {}
    assert "E604" in next(row for row in send_list_of(folder) if row["编码"] == "ZB01")["说明"]
    assert MEGABYTE == 1024 * 1024
