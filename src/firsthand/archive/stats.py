"""What the archive amounts to."""

from dataclasses import dataclass

from firsthand.store import fingerprints, sounds, totals
from firsthand.store.database import open_for_reading
from firsthand.store.layout import Layout
from firsthand.store.totals import Totals


@dataclass(frozen=True, slots=True)
class MethodRows:
    """How many descriptors of live items one method has made."""

    method: str
    count: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Sums over live items; `withdrawn` counts those that no longer answer; `disk_bytes` is the whole folder's size."""

    totals: Totals
    kinds: dict[str, int]
    collections: dict[str, int]
    methods: tuple[MethodRows, ...]
    withdrawn: int
    disk_bytes: int


def stats(layout: Layout) -> Stats:
    """The sums.

    Raises:
        ArchiveError: the archive can't be read.
    """
    with open_for_reading(layout) as db:
        return Stats(
            totals=totals.totals(db),
            kinds=totals.count_by_kind(db),
            collections=totals.count_by_collection(db),
            methods=(
                *(
                    MethodRows(method, int(fingerprints.live_stretches(db, method).counts.sum()))
                    for method in fingerprints.methods(db)
                ),
                *(MethodRows(one.method, one.count) for one in sounds.heard(db)),
            ),
            withdrawn=totals.withdrawn_count(db),
            disk_bytes=_disk_bytes(layout),
        )


def _disk_bytes(layout: Layout) -> int:
    return sum(path.lstat().st_size for path in layout.folder.rglob("*") if path.is_file() and not path.is_symlink())
