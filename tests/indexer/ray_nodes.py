"""Two Ray nodes in a process of their own: Ray forks to start them, and a test's process may have threads of gRPC.

``python -m tests.indexer.ray_nodes`` tells the address of the first and goes on by the lines that it reads: "kill" ends
the second without a word, "add" starts another. Each is answered by a line when it is done.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any, Self

_ONE_CORE: dict[str, Any] = {"num_cpus": 1, "object_store_memory": 2**27}
_QUICK = {"health_check_period_ms": 200, "health_check_failure_threshold": 5, "health_check_timeout_ms": 1000}
"""They see each other's end within a second."""


class RayNodes:
    """Two nodes of one core each, from `with` to its end."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.indexer.ray_nodes"],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.address = self._answer()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def kill(self) -> None:
        """End the second node."""
        self._ask("kill")

    def add(self) -> None:
        """Start another node."""
        self._ask("add")

    def _ask(self, what: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        self._answer()

    def _answer(self) -> str:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("nodes: "):  # Ray may print other lines
                return line.removeprefix("nodes: ").strip()
        raise AssertionError("the nodes could not be started")


def main() -> None:
    """Start the nodes, and do what is asked for until nothing more is."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True, head_node_args=_ONE_CORE | {"include_dashboard": False, "_system_config": _QUICK}
    )
    try:
        others = [cluster.add_node(**_ONE_CORE)]
        print(f"nodes: {cluster.address}", flush=True)
        for line in sys.stdin:
            if line.strip() == "kill":
                cluster.remove_node(others.pop(), allow_graceful=False)
            else:
                others.append(cluster.add_node(**_ONE_CORE))
            print("nodes: done", flush=True)
    finally:
        cluster.shutdown()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
