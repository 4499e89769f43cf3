"""Work set aside: done by another thread where a core is free for it, else by whoever wants it when it is wanted.

So one search at a time has all cores, and many at a time do not get in each other's way.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

CORES = len(os.sched_getaffinity(0))

_Result = TypeVar("_Result")

_threads = ThreadPoolExecutor(CORES, thread_name_prefix="aside")


def aside(task: Callable[[], _Result]) -> Callable[[], _Result]:
    """What gives the result of a task, or raises what that raises: begun elsewhere by then, or else done here and now.

    The task may not set others aside itself: all threads might come to wait for work that none is left to do.
    """
    begun = _threads.submit(task)
    return lambda: task() if begun.cancel() else begun.result()
