from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from firsthand.archive.add import Acknowledged, Intake, add
from firsthand.archive.outcome import Refused
from firsthand.archive.walk import Found
from firsthand.errors import UnreadableMediaError
from firsthand.model.fingerprint import Fingerprint
from firsthand.model.item import Facts, Keep, Kind, Provenance
from firsthand.model.reading import Reading
from firsthand.store.layout import Layout


@dataclass(slots=True)
class FakeReader:
    """Reads any bytes but those that say `bad`; its descriptors are made from the bytes."""

    read: list[str] = field(default_factory=list)
    meanwhile: Callable[[Path], None] = lambda _path: None

    def __call__(self, path: Path, scratch: Path, *, on_progress: Callable[[float], None]) -> Reading:
        data = path.read_bytes()
        self.read.append(path.name)
        on_progress(0.5)
        self.meanwhile(path)
        if b"bad" in data:
            raise UnreadableMediaError(f"{path.name} is broken")
        review = scratch / "made.webm"
        review.write_bytes(data[::-1])
        codes = np.frombuffer(data[:8].ljust(8), np.uint8).reshape(1, 8)
        return Reading(
            Facts(Kind.VIDEO, "mp4", 3600.0, 4, 3, 9, "h264", None),
            (Fingerprint("fake/1", None, np.zeros(1), np.zeros((1, 4), np.float32), codes, np.zeros((1, 2), np.int8)),),
            review,
        )


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "archive")


@pytest.fixture
def reader() -> FakeReader:
    return FakeReader()


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., str]:
    """Makes a file that is a PNG by its first bytes; its path."""

    def make(name: str = "clip.png", data: bytes = b"") -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)
        return str(path)

    return make


type Put = Callable[..., list[Acknowledged | Refused]]


@pytest.fixture
def put(layout: Layout, reader: FakeReader) -> Put:
    """Adds files; what became of them."""

    def run(*paths: str, keep: Keep = Keep.COPY, **stated: str) -> list[Acknowledged | Refused]:
        return [*add(map(Found, paths), layout, Intake(keep, Provenance(**stated), reader))]  # type: ignore[arg-type]

    return run
