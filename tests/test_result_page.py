"""结果查询页: what it carries, that foreign text is inert in it, and that it does in a browser what a person wants."""

import json
import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from dingji.outcome import Outcome
from dingji.pipeline import run
from dingji.reports.answer import answer
from dingji.reports.answer_words import first_line, second_line, sum_lines
from dingji.reports.explain import QUIET, REASONED, WHOLE
from dingji.reports.overview import overview
from dingji.reports.rendering import Renderer
from dingji.reports.result_page import result_page
from dingji.reports.view import OutcomeView
from dingji.scoring.trail import STEPS
from dingji.workspace import Workspace
from tests.browsing import Browser, browser
from tests.conftest import demand_program
from tests.outcome_example import changed, example, renamed
from tests.paper_reading import html_tables, pdf_pages
from tests.workspaces import PROGRAM, make_workspace

Record = dict[str, Any]
HOSTILE = {
    "ZB01": "<img src=x onerror=document.title='坏'>",
    "ZB02": "</script><script>document.title='坏'</script>",
    "ZB03": "妇科‹一›&支部",
    "ZB04": "<!--<script>\u2028\"'坏",
}


def demonstration(folder: Path) -> Outcome:
    """Return what the program's own demonstration comes to."""
    inputs = PROGRAM / "input"
    files = {path.relative_to(inputs).as_posix(): path.read_bytes() for path in inputs.rglob("*.xlsx")}
    return run(Workspace(make_workspace(folder, files))).outcome


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Return the demonstration, its branches under two units."""
    found = demonstration(tmp_path_factory.mktemp("plain"))
    return renamed(renamed(found, "ZB02", parent="二总支"), "ZB04", parent="二总支")


def page_of(outcome: Outcome) -> bytes:
    return result_page(OutcomeView(outcome), Renderer())


def data_of(page: bytes) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.decode(), re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


# --- what it carries ----------------------------------------------------------------------------------------


def own_rows(record: Record, number: int) -> list[int]:
    """Return the rows of a record that are a branch's."""
    units = [sum(record["unit"][: place + 1]) for place in range(len(record["unit"]))]
    return [row for row, unit in enumerate(units) if unit == number]


def in_row(column: int | list[int], row: int) -> int:
    return column if isinstance(column, int) else column[row]


def carried(data: dict[str, Any], number: int) -> list[tuple[str, ...]]:
    """Return a branch's steps as the page lists them: kind, part, rater, words, figure, place, reason."""
    texts = data["texts"]
    found = []
    for record in data["steps"]:
        order, turn, last = record["at"]
        for row in own_rows(record, number):
            told = [record["kind"], record["part"]]
            told += [in_row(record[name], row) for name in ("rater", "words", "figure", "file", "cells", "reason")]
            kind, part, rater, words, figure, file, cells, reason = (texts[one] for one in told)
            place = " ▸ ".join(filter(None, (file, cells)))
            key = (order, turn, in_row(record["within"], row), last, row)
            found.append((key, (kind, part, rater, words, figure, place, reason)))
    return [told for _, told in sorted(found)]


def explained(outcome: Outcome, unit: str) -> list[tuple[str, ...]]:
    """Return the same of the trail, step by step."""
    view = OutcomeView(outcome)
    steps = outcome.trail.listed([kind for kind in STEPS if kind not in QUIET], [unit])
    found: list[tuple[str, ...]] = []
    for _, _, step, source, rater, _, _, _, words, entries in zip(*steps, strict=True):
        reason = view.grounds(entries) if step in REASONED else ""
        place = "；".join(view.places.listed(entries))
        found.append((STEPS[step], source or WHOLE, view.names.get(rater, rater), words, place, reason))
    return found


def test_every_step_of_a_branch_is_carried_in_order(outcome: Outcome) -> None:
    """All that `explain` tells, and of a mark as it was given what it is of, with its figure beside."""
    data = data_of(page_of(outcome))
    plain = {"第1项 支部设置合理，按期换届（满分 4）"}
    for number, unit in enumerate(outcome.results["unit"]):
        own, told = carried(data, number), explained(outcome, unit)
        assert [(*one[:3], *one[5:]) for one in own] == [(*one[:3], *one[4:]) for one in told]
        for (kind, _, _, words, figure, *_), (_, _, _, full, *_) in zip(own, told, strict=True):
            assert words == full or (kind == "评分" and f"{words} {figure} 分" == full)
            plain.discard(words)
    assert not plain


def test_the_answer_is_carried_in_the_words_of_explain(outcome: Outcome) -> None:
    data = data_of(page_of(outcome))
    view = OutcomeView(outcome)
    for number, unit in enumerate(outcome.results["unit"]):
        told = answer(view, unit)
        assert told is not None
        lines, sums, shown = [[data["texts"][one] for one in each] for each in data["told"][number]]
        lifted = view.lifts.get(unit, "")
        assert lines == [one for one in (first_line(told), second_line(told), lifted) if one]
        assert sums == sum_lines(told)
        assert shown == lines
        names = [data["texts"][record["name"]] for record in data["indicators"] if own_rows(record, number)]
        assert names == [one.name for one in told.indicators]


def test_score_rates(outcome: Outcome) -> None:
    data = data_of(page_of(outcome))
    texts = data["texts"]
    rates = {
        texts[record["name"]]: tuple(texts[in_row(record[name], own_rows(record, 3)[0])] for name in ("figure", "rate"))
        for record in data["indicators"]
    }
    assert rates["工作机制好"] == ("8.4", "42.00%")
    assert rates["群众反映好"] == ("16.5", "82.50%")


def test_a_screen_names_no_rater() -> None:
    """Who has not marked is for the office's eyes; the meeting sees that the branch waits."""
    waiting = changed(example(), "D001", computed="", decided="", settled=False, missing=("党委评定缺：评委二",))
    data = data_of(page_of(waiting))
    lines, _, shown = [[data["texts"][one] for one in each] for each in data["told"][0]]
    assert lines[0] == "测算等次：未定级　党委评定缺：评委二"
    assert shown[0] == "测算等次：未定级　待补"
    assert data["texts"][data["marks"][0][0]] == "待补"


def test_the_table_is_there_without_scripts(outcome: Outcome) -> None:
    """一览表 without its empty columns, counted above by grade; the same bytes each time."""
    page = page_of(outcome)
    counts, listed = html_tables(page)
    table = overview(OutcomeView(outcome), "internal")
    places = [table.headings.index(heading) for heading in listed[0]]
    assert listed[1:] == [[row[place] for place in places] for row in table.texts()]
    assert set(table.headings) - set(listed[0]) == {"加分", "审定等次"}
    assert [row[0] for row in counts] == ["好", "较好", "一般", "后进"]
    assert counts[0][2:] == ["3个", "60.00%"]
    assert page_of(outcome) == page


def test_nothing_but_its_own_script_runs(outcome: Outcome) -> None:
    page = page_of(outcome).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="(.*?)"', page)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert policy
    assert script
    digest = b64encode(sha256(script[1].encode()).digest()).decode()
    rules = dict(rule.split(" ", 1) for rule in unescape(policy[1]).split("; "))
    assert rules == {
        "default-src": "'none'", "style-src": "'unsafe-inline'", "img-src": "data:",
        "script-src": f"'sha256-{digest}'", "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip


def test_foreign_text_ends_nothing(outcome: Outcome) -> None:
    """No text typed anywhere can end the data, begin an element, or end a line of a script."""
    for unit, name in HOSTILE.items():
        outcome = renamed(outcome, unit, name=name, parent=name)
    page = page_of(outcome)
    data = data_of(page)
    text = page.decode()
    assert text.count("<script") == text.count("</script>") == 2
    assert "<img" not in text
    assert "<!--" not in text
    assert "\u2028" not in json.dumps(data, ensure_ascii=True)
    assert set(HOSTILE.values()) <= set(data["texts"])
    assert {row[2] for row in html_tables(page)[1]} >= {HOSTILE["ZB01"], HOSTILE["ZB02"], HOSTILE["ZB03"]}


# --- in a browser -------------------------------------------------------------------------------------------

NAMES = "Array.from(document.querySelectorAll('#list tbody tr:not([hidden]) a')).map(one => one.textContent)"
FOCUSED = "document.activeElement.textContent"


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Start a browser for the tests of this module."""
    program = demand_program("browser")
    if sys.platform == "win32":
        pytest.skip("这里用管道指挥浏览器，Windows 上没有 sh")
    with browser(program, tmp_path_factory.mktemp("browser")) as started:
        yield started


@pytest.fixture
def opened(tab: Browser, outcome: Outcome, tmp_path: Path) -> Browser:
    """Open the demonstration's page afresh."""
    file = tmp_path / "结果查询页.html"
    file.write_bytes(page_of(outcome))
    tab.open(file.as_uri())
    return tab


def quiet(tab: Browser) -> bool:
    """Say whether the page asked for nothing but itself, and neither failed nor was refused anything."""
    asked = {told["request"]["url"].partition("#")[0] for told in tab.told("Network.requestWillBeSent")}
    return len(asked) == 1 and not tab.told("Runtime.exceptionThrown") and not tab.told("Log.entryAdded")


@pytest.mark.browser
def test_sort_by_a_column(opened: Browser) -> None:
    """Up, down, and back to the roster's order; grades in the order of the standard."""
    headings = opened.script("Array.from(document.querySelectorAll('#list th button')).map(one => one.textContent)")
    score, grade = headings.index("综合得分"), headings.index("测算等次")
    opened.click("#list th button", score)
    assert opened.script(NAMES) == ["四支部", "三支部", "二支部", "五支部", "一支部"]
    assert opened.script(f"document.querySelectorAll('#list th')[{score}].getAttribute('aria-sort')") == "ascending"
    opened.click("#list th button", score)
    assert opened.script(NAMES) == ["一支部", "五支部", "二支部", "三支部", "四支部"]
    opened.click("#list th button", score)
    assert opened.script(NAMES) == ["一支部", "二支部", "三支部", "四支部", "五支部"]
    opened.click("#list th button", grade)
    assert opened.script(NAMES) == ["一支部", "二支部", "五支部", "四支部", "三支部"]
    assert quiet(opened)


def choose(tab: Browser, name: str, option: str) -> None:
    """Choose in one of the lists above the table."""
    tab.script(
        f"(() => {{ const list = document.getElementById('{name}');"
        f" list.value = Array.from(list.options).find(one => one.text.indexOf('{option}') === 0).value;"
        f" list.dispatchEvent(new Event('change')); }})()"
    )


@pytest.mark.browser
def test_filter_and_search(opened: Browser) -> None:
    """By unit, grade and situation together, and by a part of name or code, in full width too."""
    choose(opened, "by-parent", "二总支")
    assert opened.script(NAMES) == ["二支部", "四支部"]
    choose(opened, "by-grade", "好")
    assert opened.script(NAMES) == ["二支部"]
    assert opened.script("document.getElementById('count').textContent") == "共5个党组织，列出1个：好1个"
    opened.click("#tools button[type=reset]")
    assert len(opened.script(NAMES)) == 5
    choose(opened, "by-mark", "群众反映好低于12分")
    assert opened.script(NAMES) == ["三支部"]
    opened.click("#tools button[type=reset]")
    opened.script("document.getElementById('wanted').focus()")
    opened.type("ｚｂ04")
    assert opened.script(NAMES) == ["四支部"]
    opened.press("Escape")
    assert len(opened.script(NAMES)) == 5
    opened.type("没有的")
    assert opened.script(NAMES) == []
    assert quiet(opened)


@pytest.mark.browser
def test_open_a_branch_by_keyboard(opened: Browser, outcome: Outcome) -> None:
    """Tab into the table, arrows, Enter; then the answer, the rates, every step; arrows to the next, Escape back."""
    opened.script(
        "Array.from(document.querySelectorAll('#list th button')).filter(one => one.offsetWidth).pop().focus()"
    )
    opened.press("Tab")
    assert opened.script(FOCUSED) == "一支部"
    assert opened.script("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    opened.press("End", "ArrowDown")
    assert opened.script(FOCUSED) == "五支部"
    opened.press("Home", "ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    assert opened.script("document.getElementById('name').textContent") == "四支部（ZB04）"
    assert opened.script("document.querySelector('.why').textContent").startswith("测算等次：一般　综合得分 73.30")
    assert "42.00%" in opened.script("document.getElementById('indicators').textContent")
    rows = opened.script("Array.from(document.querySelectorAll('#steps tbody tr')).map(row => row.textContent)")
    told = explained(outcome, "ZB04")
    assert len(rows) == len(told)
    assert rows[0] == "1评分第1项 支部设置合理，按期换届（满分 4）4自评表/ZB04_四支部_自评表.xlsx ▸ 自评表 ▸ F9"
    assert all(one[4] in row for row, one in zip(rows, told, strict=True))
    opened.press("ArrowRight")
    assert opened.script("document.getElementById('name').textContent") == "五支部（ZB05）"
    opened.press("ArrowLeft", "Escape")
    assert opened.script("document.getElementById('branch').hidden")
    assert opened.script(FOCUSED) == "四支部"
    assert quiet(opened)


VISIBLE = "document.body.innerText"


@pytest.mark.browser
def test_on_the_screen_of_a_meeting_no_rater_and_no_file_is_seen(opened: Browser) -> None:
    opened.click("#list tbody a", 3)
    small = opened.script("parseFloat(getComputedStyle(document.body).fontSize)")
    seen = opened.script(VISIBLE)
    assert ".xlsx" in seen
    assert "评委一" in seen
    opened.click("#projection")
    seen = opened.script(VISIBLE)
    assert ".xlsx" not in seen
    assert "评委一" not in seen
    assert "42.00%" in seen
    assert opened.script("parseFloat(getComputedStyle(document.body).fontSize)") > 1.4 * small
    assert opened.script("document.getElementById('projection').getAttribute('aria-pressed')") == "true"
    opened.press("Escape")
    assert "备注" not in opened.script(VISIBLE)
    assert quiet(opened)


@pytest.mark.browser
def test_on_a_telephone_nothing_runs_out_of_the_screen(opened: Browser) -> None:
    opened.resize(360, 740)
    width = "document.documentElement.scrollWidth"
    assert opened.script(width) == 360
    for heading, seen in {"党组织名称": True, "综合得分": True, "上级党组织": False}.items():
        head = (
            f"Array.from(document.querySelectorAll('#list th')).find(one => one.textContent.indexOf('{heading}') === 0)"
        )
        assert bool(opened.script(f"{head}.offsetWidth")) == seen
    opened.click("#list tbody a", 3)
    assert opened.script(width) == 360
    opened.resize(1280, 900)


@pytest.mark.browser
def test_print_the_list_or_the_branch_that_is_open(opened: Browser, tmp_path: Path) -> None:
    opened.print(tmp_path / "总表.pdf")
    listed = "".join(pdf_pages(tmp_path / "总表.pdf"))
    opened.click("#list tbody a", 3)
    opened.print(tmp_path / "支部.pdf")
    one = "".join(pdf_pages(tmp_path / "支部.pdf"))
    assert "五支部" in listed
    assert "全部显示" not in listed
    assert "第1项" not in listed
    assert "五支部" not in one
    assert "返回列表" not in one
    assert "F27" in one


@pytest.mark.browser
def test_headings_are_printed_on_every_page(opened: Browser, tmp_path: Path) -> None:
    rows = "document.querySelector('#list tbody')"
    opened.script(f"Array(90).fill(0).forEach(() => {rows}.appendChild({rows}.rows[0].cloneNode(true)))")
    opened.print(tmp_path / "总表.pdf")
    pages = ["".join(page.split()) for page in pdf_pages(tmp_path / "总表.pdf")]
    assert len(pages) > 2
    assert all("党组织名称" in page for page in pages)


@pytest.mark.browser
def test_hostile_names_are_text_in_a_browser(tab: Browser, outcome: Outcome, tmp_path: Path) -> None:
    for unit, name in HOSTILE.items():
        outcome = renamed(outcome, unit, name=name, parent=name, category=name)
    page = tmp_path / "结果查询页.html"
    page.write_bytes(page_of(outcome))
    tab.open(page.as_uri())
    title = tab.script("document.title")
    for number in range(4):
        tab.click("#list tbody a", number)
        assert tab.script("document.images.length") == 0
    assert tab.script(NAMES)[:3] == list(HOSTILE.values())[:3]
    assert "坏" not in title
    assert tab.script("document.title") == title
    assert tab.script("document.scripts.length") == 2
    assert quiet(tab)


@pytest.mark.browser
def test_an_address_that_names_nothing_opens_the_list(opened: Browser) -> None:
    for wrong in ("%E4%B", "没有", "__proto__", "constructor"):
        opened.script(f"location.hash = '{wrong}'")
        assert not opened.script("document.getElementById('overview').hidden")
    assert quiet(opened)
