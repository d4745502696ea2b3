"""运行记录.json: what was read and written, without a clock or a path of this machine."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from dingji import __version__
from dingji.problems import Problem
from dingji.reports.run_record import amended, counts, fingerprint, named, results_in, run_record
from dingji.settings import load_settings
from tests.outcome_example import example, five_good, settings

OUTPUTS = {"内部/分类定级结果.xlsx": b"book", "上报/一览表.docx": b"paper"}


def record(outputs: Mapping[str, bytes] = OUTPUTS) -> bytes:
    return run_record(example(), outputs, {"读取": 1.23456})


def test_it_names_every_input_and_output_by_hash() -> None:
    data = json.loads(record())
    assert data["version"] == __version__
    assert data["round"] == "2026 年初"
    assert data["inputs"] == {"自评/第三党支部.xlsx": {"kind": "self", "sha256": "0" * 64, "taken": True}}
    assert data["outputs"]["上报/一览表.docx"] == sha256(b"paper").hexdigest()
    assert data["schemes"] == {"five-good": fingerprint(five_good())}
    assert data["timings"] == {"读取": 1.235}


def test_it_counts_branches_and_problems() -> None:
    assert counts(example()) == {
        "branches": 6,
        "graded": 5,
        "ungraded": 1,
        "files": 1,
        "problems": {"拒收": 1, "须处理": 2, "提醒": 1, "说明": 0},
    }


def test_its_layout_is_fixed() -> None:
    raw = record()
    keys = list(json.loads(raw))
    assert raw.endswith(b"}\n")
    assert "自评/第三党支部.xlsx" in raw.decode()
    assert raw.decode().splitlines()[1].startswith(' "')
    assert keys == sorted(keys)
    assert Path.cwd().as_posix() not in raw.decode()


def test_only_timings_differ_between_runs() -> None:
    first, second = (json.loads(run_record(example(), OUTPUTS, {"读取": seconds})) for seconds in (1.0, 2.0))
    assert first.pop("timings") != second.pop("timings")
    assert first == second


def test_a_fingerprint_hears_what_is_said_not_how() -> None:
    base = b'[round]\nyear = 2026\nname = "x"\n[standard]\ndefault = "a"\n'
    commented = b'# note\n[standard]\ndefault = "a"  # why\n[round]\nname = "x"\nyear = 2026\n'
    other = base.replace(b"2026", b"2027")
    marks = []
    for raw in (base, commented, other):
        chosen, findings = load_settings(raw)
        assert chosen is not None, findings
        marks.append(fingerprint(chosen))
    assert marks[0] == marks[1] != marks[2]


def test_a_changed_standard_changes_its_fingerprint() -> None:
    changed = five_good().model_copy(update={"title": "另一个标准"})
    assert fingerprint(changed) != fingerprint(five_good())
    assert fingerprint(settings()) == fingerprint(settings())


def test_amended_renews_some_lines_and_keeps_the_rest() -> None:
    old = run_record(example(), {**OUTPUTS, "内部/退回/一.xlsx": b"1", "内部/退回/二.xlsx": b"2"}, {})
    new = json.loads(amended(old, {"内部/校验报告.html": b"report", "内部/退回/二.xlsx": b"3"}, ["内部/退回"]))
    assert set(new["outputs"]) == {*OUTPUTS, "内部/校验报告.html", "内部/退回/二.xlsx"}
    assert new["outputs"]["内部/退回/二.xlsx"] == sha256(b"3").hexdigest()
    assert new["inputs"] == json.loads(old)["inputs"]


def test_named_reads_every_output() -> None:
    assert named(record()) == set(OUTPUTS)


@pytest.mark.parametrize("raw", [b"", b"[1]", b"nonsense", b'{"outputs": 3, "held": "abc"}', b"\xff"])
def test_what_is_no_record_names_nothing(raw: bytes) -> None:
    assert named(raw) == set()


def test_problems_are_counted_by_the_catalogues_level() -> None:
    outcome = replace(example(), problems=(Problem("N220"), Problem("N220"), Problem("W224")))
    assert counts(outcome)["problems"] == {"拒收": 0, "须处理": 0, "提醒": 1, "说明": 2}


def test_what_a_record_remembers_is_taken_whole_or_not_at_all() -> None:
    told = {"名称": "一支部", "等次": "好", "综合得分": "91.00", "原因": "", "得分": {"评定": "91.0000"}, "情形": []}
    assert results_in(run_record(example(), OUTPUTS, {}, told={"甲": told}))[:2] == ("2026 年初", {"甲": told})
    for spoilt in ({**told, "得分": {"评定": 91}}, {**told, "情形": [1]}, {**told, "等次": None}, ["甲"]):
        raw = json.dumps({"results": {"甲": spoilt}, "inputs": []}).encode()
        assert results_in(raw) == ("", {}, {})
    assert results_in(b"no json") == ("", {}, {})
