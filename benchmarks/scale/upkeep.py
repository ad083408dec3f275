"""How long adding, withdrawing and adding again take in a large archive, until the next search knows of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from benchmarks.scale.archive import whole
from benchmarks.scale.growth import METHOD
from firsthand.model.capture import Capture
from firsthand.model.digest import Digest
from firsthand.model.fingerprint import Fingerprint
from firsthand.model.item import Facts, Item, Keep, Kind, Provenance
from firsthand.store import fingerprints, items
from firsthand.store.database import open_for_writing, transaction
from firsthand.store.layout import Layout

_ROWS = 150


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Seconds on the clock of one transaction each, and of opening the index that knows of it."""

    add: float
    withdraw: float
    add_again: float
    open: float


def upkeep(layout: Layout) -> Upkeep:
    """Measured on the archive itself; the item ends up withdrawn."""
    random = np.random.default_rng()
    vectors = random.integers(-40, 40, (_ROWS, 512)).astype(np.int8)
    boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (_ROWS, 1))
    made = Fingerprint(METHOD, None, np.arange(_ROWS) * 0.4, boxes, np.packbits(vectors > 0, axis=1), vectors)
    now = datetime.now(UTC)
    item = Item(
        Digest(random.bytes(32).hex()),
        1,
        "added.mp4",
        Facts(Kind.VIDEO, "mp4", 60.0, 640, 360, 1500, "h264", None),
        Provenance(),
        Keep.COPY,
        now,
    )
    size, keys = whole(layout).size, []

    def add() -> None:
        with open_for_writing(layout) as db, transaction(db):
            keys.append(items.insert(db, item, None))
            fingerprints.add(db, layout, keys[0], made)

    def withdraw() -> None:
        with open_for_writing(layout) as db, transaction(db):
            items.withdraw(db, keys[0], now)

    def add_again() -> None:
        with open_for_writing(layout) as db, transaction(db):
            items.bring_back(db, keys[0], Capture(now, item.path, item.provenance))

    seconds, opened = [], 0.0
    for act, expected in ((add, size + _ROWS), (withdraw, size), (add_again, size + _ROWS)):
        seconds.append(_timed(act))
        began = time.perf_counter()
        found = whole(layout).size
        opened = time.perf_counter() - began
        if found != expected:
            raise RuntimeError(f"expected {expected} rows, got {found}")
    withdraw()
    return Upkeep(*seconds, opened)


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
