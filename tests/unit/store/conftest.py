from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from firsthand.model.digest import Digest
from firsthand.model.fingerprint import Fingerprint
from firsthand.model.item import Facts, Item, Keep, Kind, Provenance
from firsthand.store.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "archive")


@pytest.fixture
def item() -> Callable[..., Item]:
    def make(number: int = 1, **changes: object) -> Item:
        plain: dict[str, object] = {
            "digest": Digest(f"{number:064x}"),
            "size_bytes": 10,
            "path": f"clips/{number}.mp4",
            "facts": Facts(Kind.VIDEO, "mp4", 1800.0, 640, 480, 45000, "h264", "aac", "broke off at 3 s"),
            "provenance": Provenance(),
            "keep": Keep.COPY,
            "added": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        }
        return Item(**{**plain, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def fingerprint() -> Callable[..., Fingerprint]:
    def make(seed: int = 0, count: int = 4, method: str = "test/1", code_bytes: int = 8) -> Fingerprint:
        random = np.random.default_rng(seed)
        return Fingerprint(
            method=method,
            model="sha256:abc",
            times=np.arange(count, dtype=np.float64),
            boxes=random.random((count, 4), np.float32),
            codes=random.integers(0, 256, (count, code_bytes), np.uint8),
            vectors=random.integers(-128, 128, (count, 3)).astype(np.int8),
        )

    return make
