"""What running a program costs, with all its children."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.recall.prediction import Usage


@dataclass(frozen=True, slots=True)
class Run:
    """A finished program: its exit code, standard output, the end of its standard error, and its cost."""

    code: int
    output: str
    complaint: str
    usage: Usage


def run(argv: Sequence[str], folder: Path, *, environment: Mapping[str, str] | None = None) -> Run:
    """Runs a program to its end, its streams kept as files in `folder`.

    Peak memory is that of its largest process (`ru_maxrss` of `wait4`, which covers descendants that were waited for).
    """
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with (folder / "stdout").open("wb") as output, (folder / "stderr").open("wb") as complaint:
        process = subprocess.Popen(argv, stdout=output, stderr=complaint, env={**os.environ, **(environment or {})})  # noqa: S603
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    usage = Usage(used.ru_utime + used.ru_stime, time.monotonic() - started, used.ru_maxrss / 1024)
    return Run(
        process.returncode,
        (folder / "stdout").read_text(errors="replace"),
        (folder / "stderr").read_text(errors="replace")[-2000:],
        usage,
    )
