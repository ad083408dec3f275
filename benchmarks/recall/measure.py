"""What running a program costs, with all its descendants."""

import json
import os
import subprocess
import sys
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
    """Runs a program to the end of its last descendant, its streams kept as files in `folder`.

    Peak memory is that of its largest process; CPU that of all of them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "usage.json"
    launcher = [sys.executable, "-S", "-P", str(Path(__file__).with_name("launcher.py")), str(told)]
    with (folder / "stdout").open("wb") as output, (folder / "stderr").open("wb") as complaint:
        done = subprocess.run(  # noqa: S603 - the systems that are compared
            [*launcher, *argv], stdout=output, stderr=complaint, env={**os.environ, **(environment or {})}, check=False
        )
    return Run(
        done.returncode,
        (folder / "stdout").read_text(errors="replace"),
        (folder / "stderr").read_text(errors="replace")[-2000:],
        Usage(**json.loads(told.read_text())),
    )
