"""The executor of many machines: a Dask scheduler, asked for in config.toml and started by whoever runs the cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dingji.cannot_run import CannotRunError
from dingji.engine.extras import wanted_extra
from dingji.engine.work import FAR_BATCH, Crew

SECONDS: Final = 30
"""What a scheduler, and the first of its workers, may take to answer."""
RETRIES: Final = 3
"""How often a task that failed is tried again: a store that does not answer, a worker that goes away."""


@contextmanager
def cluster_crew(scheduler: str) -> Iterator[Crew]:
    """Give the workers of a scheduler; CannotRunError where there are none, or where they give up."""
    with wanted_extra("cluster"):
        from distributed import Client  # noqa: PLC0415 - an extra, installed where it is asked for
    try:
        client = Client(scheduler, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise CannotRunError([f"连不上集群的调度器 {scheduler}：{error}"]) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=SECONDS)
            threads = sum(client.nthreads().values())
            yield Crew(client.get_executor(pure=False, retries=RETRIES), threads, FAR_BATCH)
        except CannotRunError:
            raise
        except TimeoutError as error:
            raise CannotRunError([f"集群的调度器 {scheduler} 还没有工作节点"]) from error
        except Exception as error:  # a worker that died thrice, a scheduler that went away, a store that shut its door
            raise CannotRunError([f"集群没有读完：{type(error).__name__} {error}"]) from error
