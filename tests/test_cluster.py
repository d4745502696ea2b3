"""Reading by other machines and from other places: a real scheduler, real workers, a store; the same bytes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from dingji.cannot_run import CannotRunError
from dingji.engine import cluster
from dingji.engine.cluster import cluster_crew
from dingji.engine.inputs import Inputs
from dingji.engine.work import read_files, read_here
from tests.five_good_case import case_files
from tests.machines import BUCKET, put, scheduler, store, worker
from tests.papers import SELF, good, prepared
from tests.workspaces import command, decide, make_workspace, scheme

RECORD = "内部/运行记录.json"
pytestmark = [pytest.mark.cluster, pytest.mark.store]


@pytest.fixture(scope="module")
def cluster_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Start a store, a scheduler, and two workers, one with a nanny and one without; return the scheduler's file."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        environment = stack.enter_context(store())
        for name, value in environment.items():
            patch.setenv(name, value)
        file = stack.enter_context(scheduler(tmp_path_factory.mktemp("cluster")))
        stack.enter_context(worker(file, {}))
        stack.enter_context(worker(file, {}, "--no-nanny"))
        patch.setattr(cluster, "FAR_BATCH", 3)
        yield file


@pytest.fixture
def address(cluster_file: Path) -> str:
    """Return where the scheduler is."""
    told: str = json.loads(cluster_file.read_text())["address"]
    return told


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace that was run on this machine."""
    files = case_files(scheme(), mended=False)
    folder = make_workspace(tmp_path_factory.mktemp("here"), {**files, "一处/坏.xlsx": b"PK", "二\u3000处/b.xlsx": b""})
    assert command(folder, "run") == 1
    return folder


def outputs(folder: Path) -> dict[str, Any]:
    """Return what a run left, by path; of its record all but how long it took."""
    found: dict[str, Any] = {
        path.relative_to(folder / "output").as_posix(): path.read_bytes()
        for path in (folder / "output").rglob("*")
        if path.is_file()
    }
    record = json.loads(found[RECORD])
    del record["timings"]
    return {**found, RECORD: record}


def elsewhere(here: Path, folder: Path, engine: str) -> Path:
    """Return the same workspace with another engine, not yet run."""
    shutil.copytree(here, folder, ignore=shutil.ignore_patterns("output", ".cache"))
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace('kind = "local"', engine), "utf-8")
    return folder


def test_workers_on_a_shared_folder_give_the_same_bytes(address: str, here: Path, tmp_path: Path) -> None:
    folder = elsewhere(here, tmp_path / "there", f'kind = "dask"\nscheduler = "{address}"')
    assert command(folder, "run") == 1
    assert outputs(folder) == outputs(here)


@pytest.mark.parametrize("kind", ["local", "dask"])
def test_a_store_gives_the_same_bytes(address: str, here: Path, tmp_path: Path, kind: str) -> None:
    """An archive holds what came from the store, and is verified without it."""
    place = f"s3://{BUCKET}/{kind}"
    put(place, here / "input")
    folder = elsewhere(here, tmp_path / kind, f'kind = "{kind}"\nscheduler = "{address}"\ninput = "{place}"')
    shutil.rmtree(folder / "input")
    assert command(folder, "run") == 1
    assert outputs(folder) == outputs(here)


def test_what_came_from_a_store_is_frozen_with_the_round(address: str, tmp_path: Path) -> None:
    """And is verified without the store."""
    assert address
    made = make_workspace(tmp_path / "made", case_files(scheme(), mended=True))
    decide(made)
    place = f"s3://{BUCKET}/frozen"
    put(place, made / "input")
    folder = elsewhere(made, tmp_path / "frozen", f'kind = "local"\ninput = "{place}"')
    shutil.rmtree(folder / "input")
    assert command(folder, "archive", "定稿") == 0
    kept = folder / "archive/定稿/input"
    assert {path.name: path.read_bytes() for path in kept.rglob("*.xlsx")} == {
        path.name: path.read_bytes() for path in (made / "input").rglob("*.xlsx")
    }
    config = folder / "archive/定稿/config.toml"
    assert place in config.read_text("utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        assert command(folder, "verify") == 0


def test_a_worker_killed_in_the_middle_costs_a_retry(cluster_file: Path, address: str, tmp_path: Path) -> None:
    from distributed import Client  # noqa: PLC0415 - not on every machine

    jobs = [(str(tmp_path / f"{number:03}.xlsx"), f"{number // 8}/{number:03}.xlsx") for number in range(120)]
    for path, _ in jobs:
        Path(path).write_bytes(good()[SELF])
    plan, told = prepared().plan, list[int]()
    with worker(cluster_file, {}, "--no-nanny") as victim:
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(3, timeout=60)

        def kill(done: int) -> None:
            told.append(done)
            victim.kill()

        with cluster_crew(address) as crew:
            readings = read_files(jobs, plan, Inputs(str(tmp_path)), crew, kill)
        assert victim.wait(30) != 0
    assert told[0] < told[-1] == len(jobs)
    assert readings == read_here(jobs, plan)


def test_a_folder_that_workers_do_not_see_is_told(address: str, tmp_path: Path) -> None:
    jobs = [(str(tmp_path / "a.xlsx"), "a.xlsx")]
    with pytest.raises(CannotRunError, match="看不到输入文件夹"), cluster_crew(address) as crew:
        read_files(jobs, prepared().plan, Inputs(str(tmp_path / "没有")), crew)


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "SECONDS", 1)
    with pytest.raises(CannotRunError, match="连不上集群的调度器"), cluster_crew("tcp://127.0.0.1:9"):
        pass
