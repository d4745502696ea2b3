"""A cluster and an object store on this machine, as processes of their own, for tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from tests.workspaces import PROGRAM

BUCKET = "round"


@contextmanager
def store() -> Iterator[Mapping[str, str]]:
    """Start an object store with an empty bucket; give the environment in which fsspec finds it."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - not on every machine

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    server.stop()


def put(address: str, folder: Path) -> None:
    """Put what lies in a folder into a store."""
    from fsspec.core import url_to_fs  # noqa: PLC0415 - not on every machine

    files, root = url_to_fs(address)
    files.mkdirs(root.split("/")[0], exist_ok=True)
    for path in folder.rglob("*"):
        if path.is_file():
            files.pipe_file(f"{root}/{path.relative_to(folder).as_posix()}", path.read_bytes())


@contextmanager
def scheduler(folder: Path) -> Iterator[Path]:
    """Start a scheduler; give the file that tells workers where it is."""
    file = folder / "scheduler.json"
    with started("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)):
        until = monotonic() + 60
        while not file.exists() and monotonic() < until:
            sleep(0.05)
        yield file


@contextmanager
def worker(scheduler_file: Path, environment: Mapping[str, str], *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a worker with one thread that has the program, as an engineer would."""
    options = ("--nworkers", "1", "--nthreads", "1", "--memory-limit", "0", *options)
    with started("worker", "--scheduler-file", str(scheduler_file), *options, **environment) as process:
        yield process


@contextmanager
def started(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start one of Dask's programs, and end it afterwards."""
    command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
    variables = {**os.environ, "PYTHONPATH": str(PROGRAM), **environment}
    with subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)
