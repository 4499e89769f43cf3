"""Work shared out over a Ray cluster with Ray Data. The one place that knows Ray.

Tasks go out as blocks of a dataset, results come back as a stream. Ray does again what is lost with a worker or a node.
Work is done in tasks and not in actors, whose models would be opened anew for each dataset: the processes of a cluster
stay for the tasks to come, and with them what these have opened (see `indexer.errands.NodeModel`).
"""

import logging
import os
import pickle
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from typing import Any, TypeVar

import indexer
import search
from search.errors import ClusterError, JisrError

LOCAL = "local"
"""The address of a cluster that is started on this machine and ends with the work."""

_AUTO = "auto"
_PATIENCE_S = 5
_STORE_BYTES = 2**28  # of a local cluster; Ray would take a third of the memory
_BLOCK_BYTES = 2**23
_HINT = "Install the same version of jisr[ray] on all nodes, and see what ray status says."
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # spares a warning
}

Task = TypeVar("Task")
Result = TypeVar("Result")
Work = Callable[[Task], Iterable[Result]]


class Cluster:
    """The cluster at an address, joined when it first has something to do. May be used by several threads."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._joining = Lock()
        self._is_joined = False
        self._is_over = Event()

    def spread(
        self, work: "Work[Task, Result]", tasks: Sequence[Task], *, in_order: bool, gpus: int = 0
    ) -> Iterator[Result]:
        """What comes of all tasks: in their order, or as it comes.

        `work` is of a module of `indexer`. An error of ours that it raises is raised here; raises `ClusterError` when
        the cluster cannot be reached or fails.
        """
        if not tasks:
            return
        self._join()
        import pyarrow as pa
        import ray
        import ray.data

        blocks = [pa.table({"task": pa.array([pickle.dumps(task)], pa.large_binary())}) for task in tasks]
        try:
            dataset = ray.data.from_arrow(blocks).map_batches(
                _OnNode(work),
                batch_size=None,
                batch_format="pyarrow",
                num_cpus=1,
                num_gpus=gpus,
            )
            dataset.context.execution_options.preserve_order = in_order
            for batch in dataset.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
                if self._is_over.is_set():
                    return
                for result in batch["result"]:
                    yield _told(pickle.loads(result.as_py()))  # noqa: S301 (what our own processes wrote)
        except ray.exceptions.RayError as error:
            raise ClusterError(f"The Ray cluster failed: {_reason(error)}", hint=_HINT) from error

    def give_up(self) -> None:
        """Have no more of what was spread done: what comes of it ends early."""
        self._is_over.set()

    def close(self) -> None:
        """Take leave of the cluster; a local one ends."""
        if self._is_joined:
            import ray

            ray.shutdown()
            self._is_joined = False

    def _join(self) -> None:
        with self._joining:
            if not self._is_joined:
                _join(self._address)
                self._is_joined = True


@dataclass(frozen=True, slots=True)
class _OnNode:
    """Does work on a node: a block of tasks becomes blocks of results. Our own errors are results, too."""

    work: "Work[Any, Any]"

    def __call__(self, block: Any) -> Iterator[Any]:
        import pyarrow as pa

        for task in block["task"]:
            for result in self._results(pickle.loads(task.as_py())):  # noqa: S301 (what our own process wrote)
                yield pa.table({"result": pa.array([pickle.dumps(result)], pa.large_binary())})

    def _results(self, task: Any) -> Iterator[Any]:
        try:
            yield from self.work(task)
        except JisrError as error:
            yield _Failure(error)


@dataclass(frozen=True, slots=True)
class _Failure:
    error: JisrError


def _told(result: Any) -> Any:
    if isinstance(result, _Failure):
        raise result.error
    return result


def _reason(error: Exception) -> str:
    """What happened, in a line: what our own code ran into on a node is the cause in Ray's error."""
    cause = getattr(error, "cause", None)
    told = f"{type(cause).__name__}: {cause}" if cause else str(error)
    return told.strip().partition("\n")[0]


def _join(address: str) -> None:
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ClusterError("Ray is not installed.", hint="Install it with: pip install 'jisr[ray]'") from error
    if address not in (LOCAL, _AUTO):
        _knock(address)
    options: dict[str, Any] = {"object_store_memory": _STORE_BYTES, "include_dashboard": False}
    packages = [str(Path(package.__path__[0])) for package in (search, indexer)]
    try:
        ray.init(
            address,
            log_to_driver=False,
            logging_level=logging.CRITICAL,
            runtime_env={"py_modules": packages},  # so that all nodes run this very code
            **(options if address == LOCAL else {}),
        )
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise ClusterError(
            f"The Ray cluster {address!r} cannot be joined: {_reason(error)}",
            hint="This machine has to be one of its nodes: ray start --address=HOST:PORT. Where the cluster asks for a "
            "token, RAY_AUTH_MODE has to be set to token here, too.",
        ) from error
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.target_max_block_size = _BLOCK_BYTES


def _knock(address: str) -> None:
    """Raises `ClusterError` where nothing answers, for which Ray would wait for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or "/" in host:
        raise ClusterError(
            f"{address!r} is no address of a Ray cluster.",
            hint="Give HOST:PORT of its head, as 10.0.0.4:6379, or auto, or local.",
        )
    with suppress(OSError), socket.create_connection((host, int(port)), _PATIENCE_S):
        return
    raise ClusterError(
        f"No Ray cluster answers at {address}.", hint="Start its head with: ray start --head, or say --ray local."
    )
