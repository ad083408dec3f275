import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

ROOT = str(Path(__file__).parents[4])
if ROOT not in sys.path:  # the benchmarks are no installed package
    sys.path.insert(0, ROOT)


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 (whatever the document holds)
        return json.loads(self.out)


@pytest.fixture
def firsthand(tmp_path: Path) -> Callable[..., Ended]:
    """Runs the program on an archive of its own."""

    def run(*words: str) -> Ended:
        environment = {**os.environ, "FIRSTHAND_ARCHIVE": str(tmp_path / "archive"), "COLUMNS": "100"}
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-W", "error::ResourceWarning", "-m", "firsthand", *words],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., str]:
    """Makes a picture from a seed; its name in the folder where the program runs."""

    def make(name: str = "a.png", seed: int = 0) -> str:
        small = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), np.uint8)
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(np.kron(small, np.ones((16, 16, 1), np.uint8))).save(path)
        return name

    return make
