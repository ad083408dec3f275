"""The operating system's own limits on a child, set before it meets a file."""

import math
import os
import sys
from pathlib import Path

from firsthand.sandbox.limits import Limits


def set_rlimits(limits: Limits) -> None:
    """Bounds this process for good; where the platform has no such limits only the clock is left.

    `RLIMIT_AS` counts from the address space that is taken already, so that a program with large libraries leaves
    its readers as much as a small one.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not there on Windows

    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, limits.file_bytes)
    _lower(resource.RLIMIT_NOFILE, limits.open_files)
    used = resource.getrusage(resource.RUSAGE_SELF)
    # A second between the soft and the hard limit, for the signal that tells the cause comes with the soft one.
    _lower(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + limits.cpu_seconds), grace=1)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_AS, _address_space_bytes() + limits.memory_bytes)


def _lower(which: int, wanted: int, grace: int = 0) -> None:
    import resource  # noqa: PLC0415 - not there on Windows

    hard = resource.getrlimit(which)[1]
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard - grace)
    resource.setrlimit(which, (value, value + grace))


def _address_space_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
