"""Workbooks under the password that Excel sets by itself are read like others; under another one they are not."""

from __future__ import annotations

import hashlib
import struct
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dingji.demo.faults import default_password as made
from dingji.demo.faults.handwork import grids_of
from dingji.demo.faults.old_excel import LEAST, as_xls, compound
from dingji.read import default_password as own
from dingji.read.aes import added, decrypted
from dingji.read.grid import Grid
from dingji.read.guard import inspect
from dingji.read.open import open_workbook
from dingji.read.rc4 import keystream
from dingji.read.streams import stream
from tests.papers import SELF, codes, good, outcome_of, told, with_file

OTHER = "Password1".encode("utf-16-le")
SALT, ASKED = bytes(range(16)), bytes(range(16, 32))
Save = Callable[[bytes], bytes]


# --- the ciphers, by the examples of their standards --------------------------------------------------------

TEXT = "00112233445566778899aabbccddeeff"
AES = """
000102030405060708090a0b0c0d0e0f                                 | 69c4e0d86a7b0430d8cdb78070b4c55a
000102030405060708090a0b0c0d0e0f1011121314151617                 | dda97ca4864cdfe06eaf70a0ec0d7191
000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f | 8ea2b7ca516745bfeafc49904b496089
"""


@pytest.mark.parametrize("line", AES.strip().splitlines())
def test_aes_is_what_the_standard_says(line: str) -> None:
    """FIPS 197, appendix C."""
    key, hidden = (bytes.fromhex(part) for part in line.split("|"))
    assert decrypted(key, hidden * 2).hex() == TEXT * 2
    assert made.encrypted(key, bytes.fromhex(TEXT) * 2) == hidden * 2


RC4 = """
0102030405                       | b2396305f03dc027
0102030405060708090a0b0c0d0e0f10 | 9ac7cc9a609d1ef7
"""


@pytest.mark.parametrize("line", RC4.strip().splitlines())
def test_rc4_is_what_the_standard_says(line: str) -> None:
    """RFC 6229."""
    key, hidden = (bytes.fromhex(part) for part in line.split("|"))
    assert keystream(key, 8) == hidden


# --- every way in which a workbook is hidden ----------------------------------------------------------------


def standard(raw: bytes) -> bytes:
    """Return an .xlsx as Office 2007 saves it."""

    def sha1(text: bytes) -> bytes:
        return hashlib.sha1(text, usedforsecurity=False).digest()

    last = sha1(own.slow_key(sha1, SALT, 50_000) + bytes(4))
    key = sha1(bytes(byte ^ 0x36 for byte in last.ljust(64, b"\0")))[:16]
    header = struct.pack("<IIIIIIII", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + "AES\0".encode("utf-16-le")
    answer = made.encrypted(key, sha1(ASKED).ljust(32, b"\0"))
    verifier = struct.pack("<I", 16) + SALT + made.encrypted(key, ASKED) + struct.pack("<I", 20) + answer
    info = struct.pack("<HHII", 4, 2, 0x24, len(header)) + header + verifier
    blocks = raw.ljust(-(-len(raw) // 16) * 16, b"\0")
    package = struct.pack("<Q", len(raw)) + made.encrypted(key, blocks)
    return compound({"EncryptionInfo": info.ljust(LEAST, b"\0"), "EncryptedPackage": package})


def later_xls(raw: bytes, bits: int = 128) -> bytes:
    """Return an .xls as Excel 2002 and later save it, with a key of so many bits."""
    keys = own.long_keys(SALT, bits)
    answer = ASKED + hashlib.sha1(ASKED, usedforsecurity=False).digest()
    header = struct.pack("<IIIIIIII", 4, 0, 0x6801, 0x8004, bits, 1, 0, 0) + "RC4\0".encode("utf-16-le")
    hidden = added(answer, keystream(keys(0), len(answer)))
    verifier = struct.pack("<I", 16) + SALT + hidden[:16] + struct.pack("<I", 20) + hidden[16:]
    told_of = struct.pack("<HHHII", 1, 2, 2, 4, len(header)) + header + verifier
    return made.hidden(grids_of(raw), told_of, keys)


def old_xls(raw: bytes) -> bytes:
    return made.old_packaged(grids_of(raw))


WAYS: Mapping[str, Save] = {
    "agile": made.packaged,
    "standard": standard,
    "old": old_xls,
    "later": later_xls,
    "short": lambda raw: later_xls(raw, 40),
}


def plain(raw: bytes, way: str) -> list[Grid]:
    """Return the sheets as they are without any password, in that way's format."""
    return open_workbook(raw if way in ("agile", "standard") else as_xls(grids_of(raw)))[0]


@pytest.mark.parametrize("way", WAYS)
def test_a_workbook_that_excel_opens_of_itself_is_read_like_another(way: str) -> None:
    grids, problems = open_workbook(WAYS[way](good()[SELF]))
    assert problems == []
    assert [(grid.name, list(grid.rows), grid.merges) for grid in grids] == [
        (grid.name, list(grid.rows), grid.merges) for grid in plain(good()[SELF], way)
    ]


@pytest.mark.parametrize("way", WAYS)
def test_under_another_password_it_is_refused(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setattr(own, "TYPED", OTHER)
        raw = WAYS[way](good()[SELF])
    assert inspect(raw).fault is not None
    assert codes(open_workbook(raw)[1]) == ["E101"]


@pytest.mark.parametrize("way", ["agile", "old"])
def test_a_form_so_hidden_counts(way: str) -> None:
    outcome = outcome_of(with_file(SELF, WAYS[way](good()[SELF])))
    assert list(outcome.results["composite"]) == list(outcome_of(good()).results["composite"])
    assert told(outcome.problems, "E101", "E310") == []


# --- damaged ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["agile", "later"])
def test_a_damaged_one_is_refused(way: str) -> None:
    raw = WAYS[way](good()[SELF])
    names = ("EncryptionInfo",) if way in ("agile", "standard") else ("Workbook",)
    start = raw.index(stream(raw, *names)[:64])
    for at in (0, 2, 8, 26, 60):
        damaged = bytearray(raw)
        damaged[start + at] ^= 0xFF
        grids, problems = open_workbook(bytes(damaged))
        assert problems or [list(grid.rows) for grid in grids] == [list(grid.rows) for grid in plain(good()[SELF], way)]


def test_a_key_that_costs_hours_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "MOST_TURNS", made.TURNS - 1)
    assert codes(open_workbook(made.packaged(good()[SELF]))[1]) == ["E101"]


@pytest.mark.parametrize("inner", [made.packaged, old_xls])
def test_one_within_another_is_not_looked_for(inner: Save) -> None:
    assert codes(open_workbook(made.packaged(inner(good()[SELF])))[1]) != []


@pytest.mark.office
@pytest.mark.parametrize(("way", "ending"), [("agile", "xlsx"), ("standard", "xlsx"), ("old", "xls")])
def test_an_office_suite_opens_it_without_a_question(
    way: str, ending: str, tmp_path: Path, office_program: Path
) -> None:
    path = tmp_path / f"表.{ending}"
    path.write_bytes(WAYS[way](good()[SELF]))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(office_program), profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=120)
    assert "自评得分" in (tmp_path / "表.csv").read_text("utf-8")
