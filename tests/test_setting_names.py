"""Where a finding is, for who has 设置.xlsx or a standard's workbook before him: Chinese names, sheet and row."""

from __future__ import annotations

import pytest

from dingji.reference.places import book_line, file_line, place_words
from dingji.scheme.finding import Finding, Path
from dingji.scheme.model import Scheme
from dingji.settings import Settings


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("round", "year"), "“轮次”的“年度”"),
        (("calendar", 1, "due"), "“日历”第2行“截止日期”"),
        (("calendar", 0, "due", "自评表"), "“日历”第1行“截止日期”的“自评表”"),
        (("privacy", "balots"), "“未公开”的“balots”"),
        ((), ""),
    ],
)
def test_a_setting_is_named_as_the_workbook_names_it(path: Path, words: str) -> None:
    assert place_words(Settings, path) == words


def test_a_rule_of_a_standard_is_named_table_by_table() -> None:
    path = ("indicators", 2, "rules", 0, "each")
    assert place_words(Scheme, path).startswith("“指标”第3行“规则”第1行“")
    assert place_words(Scheme, ("choices", "full")) == "“本单位自定”的“总分”"


def test_a_file_is_told_by_both_names_and_a_list_of_problems_by_the_chinese_alone() -> None:
    finding = Finding("warning", ("full",), "与 scaled 不符", 12)
    assert file_line(Scheme, "甲.toml", finding) == "甲.toml 提醒 第12行 full（“总分”）：与 scaled 不符"
    assert book_line(Scheme, "甲.toml", finding) == "甲.toml 第12行，“总分”：与“折算到总分”不符"
    assert (
        file_line(Settings, "config.toml", Finding("error", (), "文件超过 1 MB")) == "config.toml 错误：文件超过 1 MB"
    )
