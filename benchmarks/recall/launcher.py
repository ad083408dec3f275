"""`python launcher.py USAGE.json PROGRAM ARGUMENT…`: runs a program and writes what it and all its descendants took.

A small process in between, for two reasons: the peak memory that the kernel keeps of a new process starts at that of
the one it was forked from, and daemons that a program leaves behind (a fork server and its children) are counted only
by whoever adopts them. Linux only, as is the adoption.
"""

import ctypes
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ADOPT_ORPHANS = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2)."""


def main() -> int:
    """Runs the program to the end of its last descendant; its exit code is the program's."""
    ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1, 0, 0, 0)
    started = time.monotonic()
    process = subprocess.Popen(sys.argv[2:])  # noqa: S603 - what the benchmark measures
    code = 0
    cpu = peak = wall = 0.0
    while True:
        try:
            pid, status, used = os.wait3(0)
        except ChildProcessError:
            break
        cpu += used.ru_utime + used.ru_stime
        peak = max(peak, used.ru_maxrss / 1024)
        if pid == process.pid:
            code = process.returncode = os.waitstatus_to_exitcode(status)
            wall = time.monotonic() - started
    usage = {"cpu_seconds": cpu, "wall_seconds": wall, "peak_megabytes": peak}
    Path(sys.argv[1]).write_text(json.dumps(usage))
    return code if code >= 0 else 1


if __name__ == "__main__":
    raise SystemExit(main())
