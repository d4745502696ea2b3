"""What a run leaves: of many branches it lies in files until it is put into output/, and is the same."""

from pathlib import Path

import pytest

from dingji.content import chunks
from dingji.reports import outputs
from dingji.reports.rendering import PROGRAM_TEMPLATES
from tests.papers import good, outcome_of


def test_what_is_made_for_many_lies_in_files_and_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = outcome_of(good())
    few = outputs.outputs(outcome, PROGRAM_TEMPLATES, lambda _: None, tmp_path)
    assert [*tmp_path.iterdir()] == []
    monkeypatch.setattr(outputs, "MANY", 1)
    many = outputs.outputs(outcome, PROGRAM_TEMPLATES, lambda _: None, tmp_path)
    assert set(many.values()) == set(tmp_path.iterdir())
    assert {name: b"".join(chunks(content)) for name, content in many.items()} == few
