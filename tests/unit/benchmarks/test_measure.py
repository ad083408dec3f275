import sys
from pathlib import Path

from benchmarks.recall.measure import run

BURN = "import time\nwhile time.process_time() < 0.5: pass"
LEAVE_BEHIND = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {BURN!r}])"


def test_the_cpu_of_processes_that_a_program_leaves_behind_is_counted(tmp_path: Path) -> None:
    done = run([sys.executable, "-c", LEAVE_BEHIND], tmp_path)
    assert done.usage.cpu_seconds > 0.4


def test_peak_memory_is_not_that_of_the_measuring_process(tmp_path: Path) -> None:
    ballast = bytearray(200_000_000)
    done = run([sys.executable, "-c", "print('ready')"], tmp_path)
    assert len(ballast) == 200_000_000
    assert done.output == "ready\n"
    assert 1 < done.usage.peak_megabytes < 100


def test_the_exit_code_and_the_complaint_are_handed_on(tmp_path: Path) -> None:
    done = run([sys.executable, "-c", "import sys; sys.exit('no')"], tmp_path)
    assert (done.code, done.complaint) == (1, "no\n")
