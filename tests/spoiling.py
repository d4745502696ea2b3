"""Good forms spoilt at random, and the judgement whether a run on them still ends well.

Spoilt are bytes of the file, and bytes within its parts, so that the container stays whole. A run ends well with a
known status and no traceback, and the branches that the spoilt form is not about keep their figures.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from dingji.cannot_run import CannotRunError
from dingji.engine.work import read_here
from dingji.outcome import Outcome
from dingji.pipeline import grade, unsettled
from dingji.problems import describe
from dingji.read.reading import FileReading
from tests.papers import (
    BOOK,
    DECISIONS,
    FIRST,
    ROSTER,
    SELF,
    SITUATIONS,
    SURVEY,
    filled,
    good,
    outcome_of,
    prepared,
    read,
)
from tests.workspaces import command, make_workspace

KNOWN = (0, 1, 2)
OWN = "ZB01"
"""The branch whose forms are spoilt."""


@cache
def forms() -> Mapping[str, bytes]:
    """Return one good form of every kind by its path: the case's own, and the office's others with a row each."""
    own = {path: good()[path] for path in (SELF, SURVEY, BOOK, ROSTER, SITUATIONS, "上期结果.xlsx") if path in good()}
    record = {**FIRST, "日期": "2026-03-02", "规则": "支委集中学习", "数量": 9, "事由": "检查"}
    mended = {**FIRST, "来源": "自评", "指标": "1", "原值": 4, "更正值": 3, "理由": "抄错"}
    office = {
        "平时记录.xlsx": filled("records", [record]),
        "更正表.xlsx": filled("correction", [mended]),
        DECISIONS: filled("decision", [{**FIRST, "审定等次": "好"}]),
        "收件登记.xlsx": filled("receipt", [{"党组织编码": OWN, "表类": "自评表", "收到时间": "2026-03-05"}]),
    }
    return {**own, **office}


# --- spoiling ---------------------------------------------------------------------------------------------


def flipped(raw: bytes, random: Random) -> bytes:
    """Flip some bytes."""
    spoilt = bytearray(raw)
    for _ in range(random.choice((1, 1, 3, 30))):
        spoilt[random.randrange(len(spoilt))] ^= 1 << random.randrange(8)
    return bytes(spoilt)


def cut(raw: bytes, random: Random) -> bytes:
    """Leave out a stretch of bytes, often the whole end."""
    start = random.randrange(len(raw))
    return raw[:start] + raw[start + random.choice((1, 100, len(raw))) :]


def doubled(raw: bytes, random: Random) -> bytes:
    """Put a stretch of bytes in twice."""
    start = random.randrange(len(raw))
    end = start + random.choice((1, 10, 1000))
    return raw[:end] + raw[start:end] + raw[end:]


Spoil = Callable[[bytes, Random], bytes]
SPOIL: Sequence[Spoil] = (flipped, cut, doubled)


def within(raw: bytes, random: Random) -> bytes:
    """Spoil a part of a workbook and pack it again, so that the container is whole."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice([name for name in parts if parts[name]])
    parts[name] = random.choice(SPOIL)(parts[name], random)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, part in parts.items():
            archive.writestr(each, part)
    return buffer.getvalue()


def spoilt_form(random: Random) -> tuple[str, bytes]:
    """Return a form's path and its spoilt bytes."""
    path = random.choice(list(forms()))
    return path, random.choice((*SPOIL, within, within, within))(forms()[path], random)


# --- judging ----------------------------------------------------------------------------------------------


def composites(outcome: Outcome) -> dict[str, Fraction | None]:
    """Return the score of every branch."""
    return dict(zip(outcome.results["unit"], outcome.results["composite"], strict=True))


def outcome_with(reading: FileReading) -> Outcome | None:
    """Return the outcome of the good case with one file's reading in place of its own; None where nothing runs."""
    others = [read(raw, path) for path, raw in good().items() if path != reading.path]
    try:
        outcome = grade(prepared(), [*others, reading])
    except CannotRunError:
        return None
    assert unsettled(outcome) in (True, False)
    return outcome


def judge(reading: FileReading) -> None:
    """Assert that a spoilt file costs lines, and that branches it is not about keep their figures."""
    for problem in reading.problems:
        assert describe(problem).text.isprintable()
    outcome = outcome_with(reading)
    if outcome is None:
        assert reading.path == ROSTER, "only a roster keeps the program from running"
        return
    if reading.path in (SELF, SURVEY):
        concerned = {OWN, reading.code, *reading.columns.get("code", [])}
        before, after = composites(outcome_of(good())), composites(outcome)
        named = {
            unit
            for unit, name in zip(outcome.branches["unit"], outcome.branches["name"], strict=True)
            if name == reading.name
        }
        spared = set(before) - concerned - named
        assert {unit: after[unit] for unit in spared} == {unit: before[unit] for unit in spared}


def read_spoilt(files: Sequence[tuple[str, bytes]]) -> list[FileReading]:
    """Read files as a run does, in the reading process, which alone a file may kill."""
    with TemporaryDirectory() as folder:
        jobs = []
        for number, (path, raw) in enumerate(files):
            place = Path(folder) / f"{number}"
            place.write_bytes(raw)
            jobs.append((str(place), path))
        return read_here(jobs, prepared().plan)


def run_whole(files: Mapping[str, bytes]) -> int:
    """Run the program on the good case with these files laid over it; return its status, printing nothing."""
    told = io.StringIO()
    with TemporaryDirectory() as folder, redirect_stdout(told), redirect_stderr(told):
        status = command(make_workspace(Path(folder), {**good(), **files}), "run")
    assert "Traceback" not in told.getvalue()
    assert status in KNOWN
    return status
