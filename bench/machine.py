"""Where and when a benchmark ran: enough to judge its figures by, nothing that names the host."""

import datetime
import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Self

_PACKAGES = (
    "jisr",
    "onnxruntime",
    "tokenizers",
    "faiss-cpu",
    "numpy",
    "sentence-transformers",
    "transformers",
    "torch",
)
_INSTRUCTIONS = ("avx2", "avx512f", "avx_vnni", "avx512_vnni", "amx_int8", "asimddp", "i8mm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The machine at one moment.

    `cores` are those the process may use. `instructions` are the ones that matter to int8 arithmetic. `load` is the
    average number of busy processes over the minute before: what else ran on the machine.
    """

    date: str
    cpu: str
    cores: int
    instructions: tuple[str, ...]
    memory_bytes: int
    system: str
    load: float
    versions: dict[str, str]

    @classmethod
    def here(cls) -> Self:
        """This machine, now."""
        processor = _processor()
        flags = (processor.get("flags") or processor.get("Features") or "").split()
        return cls(
            date=datetime.datetime.now(datetime.UTC).isoformat(timespec="minutes"),
            cpu=processor.get("model name") or platform.processor() or platform.machine(),
            cores=len(os.sched_getaffinity(0)),
            instructions=tuple(name for name in _INSTRUCTIONS if name in flags),
            memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
            system=f"{platform.system()} {platform.machine()}",
            load=os.getloadavg()[0],
            versions={"Python": platform.python_version()} | {name: version(name) for name in _PACKAGES},
        )


def _processor() -> dict[str, str]:
    """What Linux says of the first processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").partition("\n\n")[0].splitlines()
    except OSError:
        return {}
    fields = (line.partition(":") for line in lines)
    return {name.strip(): value.strip() for name, _, value in fields}
