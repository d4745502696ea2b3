"""The folder of faults, run as an officer would: every fault told as the outcome table says, no healthy branch harmed.

`tests/badfiles/outcomes.txt` is the table: a line a branch and file, with the codes told of it, and whether the branch
still has its score. The files are made by `demo --faults`; nothing binary is kept.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dingji.demo import write_demo
from dingji.demo.faults.build import FAULTS, GUIDE
from dingji.error_pages import pages
from dingji.problem_catalogue import CATALOGUE
from dingji.problems import Line
from tests.drawn import rows
from tests.make_error_pages import DOCUMENTS, EXAMPLES, complete
from tests.test_case_five_good import sheet_lines, sheet_rows
from tests.workspaces import PROGRAM, command

TABLE = Path(__file__).parent / "badfiles" / "outcomes.txt"
BRANCHES, RATERS, SEED = 5, 3, 1
RESULTS = "output/内部/分类定级结果.xlsx"
MEMORY = 512 * 1024
"""Kilobytes for all processes of the run together."""

SCRIPT = """
import sys
from pathlib import Path
from dingji.cli.main import main
status = main(["--workspace", sys.argv[1]], Path.cwd())
if sys.platform == "linux":
    import resource
    status_lines = Path("/proc/self/status").read_text().splitlines()
    [own] = (line.split()[1] for line in status_lines if line.startswith("VmHWM:"))
    print(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""
"""Run, then print the highest memory of the run itself and of its reading process, in kilobytes.

The run's own comes from its memory map: what getrusage says of a process includes what its starter, here the tests,
had taken when it forked.
"""


@dataclass(frozen=True)
class Ran:
    """A run of the folder: where it is, the exit status, what the console said, and the lines of 问题清单."""

    folder: Path
    status: int
    console: str
    problems: list[dict[str, Any]]

    def line(self, problem: Mapping[str, Any]) -> Line:
        """Return a row of 问题清单 as the catalogue told it."""
        parts = [problem[name] for name in ("文件", "工作表", "单元格") if problem[name]]
        place, subject = " ▸ ".join(parts), problem["内容"]
        if subject:
            place = f"{place}（{subject}）" if place else subject
        code, words = problem["编码"], [problem[name] or "" for name in ("找到的值", "问题", "改法")]
        return Line(code, problem["程度"], CATALOGUE[code].title, place, *words)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Make the folder and run the program on it, as a process of its own."""
    folder = tmp_path_factory.mktemp("faults") / "练习 资料"
    write_demo(folder, PROGRAM / "schemes" / "five-good.toml", BRANCHES, RATERS, SEED, faults=True)
    arguments = [sys.executable, "-X", "utf8", "-c", SCRIPT, str(folder)]
    done = subprocess.run(arguments, cwd=PROGRAM, capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert done.stderr == ""
    return Ran(folder, done.returncode, done.stdout, listed(folder / RESULTS))


def listed(path: Path) -> list[dict[str, Any]]:
    lines = sheet_lines(path.read_bytes(), "问题清单")
    header = next(place for place, line in enumerate(lines) if "编码" in line)
    return [dict(zip(map(str, lines[header]), line, strict=True)) for line in lines[header + 1 :]]


def guided(folder: Path) -> dict[str, tuple[Any, ...]]:
    """Return the rows of 故障清单 by branch."""
    rows_of = openpyxl.load_workbook(folder / GUIDE)["故障清单"].iter_rows(min_row=2, values_only=True)
    return {str(row[1]): row for row in rows_of}


def owner(problem: Mapping[str, Any]) -> str:
    """Return the fault's branch that a line is about: it names it, or its file or rater does; "" for none of them."""
    told = " ".join(str(problem[name] or "") for name in ("党组织", "内容", "文件"))
    named = [fault.branch for fault in FAULTS if fault.branch in told]
    return max(named, key=len, default="")


# --- the outcome table ------------------------------------------------------------------------------------


def outcomes(ran: Ran) -> list[tuple[str, ...]]:
    """Return what came of every fault: branch, file, codes, whether there is a score."""
    told: dict[str, dict[str, list[str]]] = {fault.branch: defaultdict(list) for fault in FAULTS}
    told[""] = defaultdict(list)
    for problem in ran.problems:
        if owner(problem) or "第" not in str(problem["党组织"]):
            told[owner(problem)][problem["文件"] or "—"].append(problem["编码"])
    scores = {
        row["党组织名称"]: row["综合得分"] for row in sheet_rows((ran.folder / RESULTS).read_bytes(), "一览表").values()
    }
    found: list[tuple[str, ...]] = []
    for branch, files in told.items():
        score = "—" if branch not in scores else "无" if scores[branch] == "—" else "有"
        lines = {file: " ".join(sorted(codes)) for file, codes in files.items()} or {"—": "无"}
        found += [(branch or "—", file, codes, score) for file, codes in sorted(lines.items())]
    return found


def test_every_fault_is_told_as_the_table_says(ran: Ran) -> None:
    expected = [tuple(row.values()) for row in rows(TABLE.read_text(encoding="utf-8"))]
    assert [row for row in outcomes(ran) if row[0] in (*guided(ran.folder), "—")] == expected
    assert ran.status == 1


def test_the_kit_says_of_each_fault_what_the_table_says() -> None:
    by_branch: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows(TABLE.read_text(encoding="utf-8")):
        by_branch[row["支部"]] += [code for code in row["代码"].split(" ") if code != "无"]
    told = {fault.branch: set(fault.codes) for fault in FAULTS if fault.branch in by_branch}
    by_branch["评委状态支部"] += by_branch.pop("—")  # the roster's row of a rater names no branch
    assert {branch: set(codes) for branch, codes in by_branch.items()} == told


def test_healthy_branches_have_the_figures_that_they_have_alone(ran: Ran, tmp_path: Path) -> None:
    write_demo(tmp_path / "好", PROGRAM / "schemes" / "five-good.toml", BRANCHES, RATERS, SEED)
    assert command(tmp_path / "好", "run") == 0
    alone, beside = (sheet_rows((folder / RESULTS).read_bytes(), "一览表") for folder in (tmp_path / "好", ran.folder))
    assert len(alone) == BRANCHES
    for code, row in alone.items():
        row.pop("排名")  # among more branches there are other places
        assert {heading: beside[code][heading] for heading in row} == row
    healthy = [problem["编码"] for problem in ran.problems if str(problem["党组织"]).startswith("第")]
    assert set(healthy) <= {"N220"}


@pytest.mark.skipif(sys.platform != "linux", reason="only there the system tells how much memory was taken")
def test_no_fault_costs_much_memory(ran: Ran) -> None:
    assert sum(map(int, ran.console.splitlines()[-1].split())) < MEMORY


def test_the_list_in_the_folder_tells_of_every_fault(ran: Ran) -> None:
    lines = guided(ran.folder).values()
    in_table = {row["支部"] for row in rows(TABLE.read_text(encoding="utf-8"))} - {"—"}
    assert {line[1] for line in lines} == in_table
    for line in lines:
        for path in str(line[2] or "").split("\n"):
            assert not path or (ran.folder / "input" / path).is_file()
        assert line[5]


# --- the same words everywhere ----------------------------------------------------------------------------


def test_console_list_and_check_report_print_the_same_words(ran: Ran) -> None:
    texts = {ran.line(problem).text for problem in ran.problems}
    console = [line for line in ran.console.splitlines() if re.match(r"[EWN]\d{3} ", line)]
    assert len(console) == 20
    assert set(console) <= texts
    page = (ran.folder / "output/内部/校验报告.html").read_text(encoding="utf-8")
    shown = html.unescape(re.sub(r"<[^>]*>", "", page))
    for problem in ran.problems:
        line = ran.line(problem)
        assert line.words in shown
        assert line.mend in shown
        assert line.text.isprintable()


def test_foreign_text_is_printed_as_text(ran: Ran) -> None:
    page = (ran.folder / "output/上报/一览表.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{7*7}}{% raw %}" in page
    assert "䶮𬱟𠮷" in page


# --- a page a code ----------------------------------------------------------------------------------------


def test_every_code_has_a_current_page(ran: Ran) -> None:
    """Rewritten by `python -m tests.make_error_pages`; the examples are the first lines of this run."""
    found = {line.code: line for line in map(ran.line, reversed(ran.problems))}
    expected = pages(complete(found))
    written = {path.name: path.read_text(encoding="utf-8") for path in DOCUMENTS.iterdir()}
    assert written == expected
    assert set(CATALOGUE) <= {name.removesuffix(".md") for name in written}


def test_examples_are_written_only_for_codes_that_no_fault_has(ran: Ran) -> None:
    assert set(EXAMPLES) <= set(CATALOGUE) - {problem["编码"] for problem in ran.problems}


# --- other standards --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["service", "three-party", "responsibility"])
def test_the_kit_can_be_made_for_every_standard(name: str, tmp_path: Path) -> None:
    """Each fault that a standard has a place for is told of by its codes, whatever else is."""
    write_demo(tmp_path / name, PROGRAM / "schemes" / f"{name}.toml", 2, 3, SEED, faults=True)
    config = tmp_path / name / "config.toml"  # what is told is looked at here, not every branch's own papers
    told_so = config.read_text("utf-8").replace("[publish]\n", "[publish]\nfeedback = false\n")
    config.write_text(f"{told_so}\n[checks]\nformulas = false\n", "utf-8")
    assert command(tmp_path / name, "run") == 1
    told: defaultdict[str, set[str]] = defaultdict(set)
    for problem in listed(tmp_path / name / RESULTS):
        told[owner(problem)].add(problem["编码"])
    for _, branch, _, codes, *_ in guided(tmp_path / name).values():
        for code in str(codes).split("、"):
            assert code == "无" or code in told[str(branch)] | told[""], branch
