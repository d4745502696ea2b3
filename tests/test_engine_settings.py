"""[engine] of config.toml: where the input lies, who reads it, and what is said where that cannot be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dingji.settings import Engine, load_settings
from dingji.workspace import Workspace
from tests.papers import good
from tests.workspaces import command, make_workspace

RECORD = "output/内部/运行记录.json"


def with_engine(folder: Path, lines: str) -> Path:
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace('kind = "local"', lines), "utf-8")
    return folder


def run_and_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert command(folder, "run") == 2
    return capsys.readouterr().out.splitlines()[:1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "here", good())


@pytest.mark.parametrize(
    ("missing", "lines", "text"),
    [
        ("distributed", 'kind = "dask"\nscheduler = "tcp://127.0.0.1:9"', "在集群上运行还缺组件 distributed。"),
        ("fsspec.core", 'input = "s3://somewhere/2026"', "从对象存储读取还缺组件 fsspec.core。"),
    ],
)
def test_an_extra_that_is_missing_is_told(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
    lines: str,
    text: str,
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    told = run_and_told(with_engine(folder, lines), capsys)
    assert told[0].startswith(text)
    assert f'"{sys.executable}" -m pip install' in told[0]
    assert not (folder / "output").exists()


def test_a_folder_that_is_not_there_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = run_and_told(with_engine(folder, 'input = "没有"'), capsys)
    assert told == [f"找不到设置的“运行”里“表放在哪里”写的地方：{folder / '没有'}"]


def test_another_folder_changes_nothing(folder: Path) -> None:
    """It may be told from the workspace on, or in full; what is said of it is no part of what settings decide."""
    assert command(folder, "run") == 0
    before = {name: (folder / name).read_bytes() for name in ("output/上报/一览表.html", "output/内部/校验报告.html")}
    config = (folder / RECORD).read_text("utf-8").split('"config"')[1][:80]
    (folder / "input").rename(folder / "收来的")
    with_engine(folder, 'input = "收来的"')
    assert command(folder, "run") == 0
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert (folder / RECORD).read_text("utf-8").split('"config"')[1][:80] == config
    assert Workspace(folder).input_of(Engine(input=str(folder / "收来的"))).jobs


def test_a_cluster_needs_its_scheduler() -> None:
    text = '[round]\nyear = 2026\nname = "年初"\n[standard]\ndefault = "five-good"\n[engine]\nkind = "dask"\n'
    settings, findings = load_settings(text.encode())
    assert settings is None
    assert [finding.text for finding in findings] == [
        "错误 第7行 engine.kind：用 dask 时要写 scheduler（调度器的地址）"
    ]
