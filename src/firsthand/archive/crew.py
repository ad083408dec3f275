"""Work in a few threads at once, told in the order it was asked for."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait

_THREADS = 2
_LOOKAHEAD = 6
"""Tasks that may be done before an earlier one is; their results wait."""
_PATIENCE_SECONDS = 0.2


def in_order[Task, Done](
    tasks: Iterable[Task], work: Callable[[Task], Done], cut_short: Callable[[], None]
) -> Generator[Done, None, None]:
    """The results of `work`, in the order of `tasks`; whatever it raises is raised here, and ends the rest.

    No thread outlives the iterator: where it is closed early, `cut_short` is called until they have all ended.
    """
    pool = ThreadPoolExecutor(min(_THREADS, _processors()), "reading")
    waiting: deque[Future[Done]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(work, task))
            if len(waiting) > _LOOKAHEAD:
                yield waiting[0].result()
                waiting.popleft()
        while waiting:
            yield waiting[0].result()
            waiting.popleft()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        while running := [future for future in waiting if not future.done()]:
            cut_short()
            wait(running, timeout=_PATIENCE_SECONDS)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
