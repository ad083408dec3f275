from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection

import numpy as np
import pytest

from firsthand.errors import ArchiveDamagedError
from firsthand.model.capture import Capture
from firsthand.model.fingerprint import Fingerprint
from firsthand.model.item import Item, Provenance
from firsthand.model.selection import Selection
from firsthand.store import captures, fingerprints, items
from firsthand.store.database import open_for_writing, transaction
from firsthand.store.descriptors import DescriptorFiles
from firsthand.store.index import open_index
from firsthand.store.layout import Layout


@pytest.fixture
def db(layout: Layout) -> Iterator[Connection]:
    with open_for_writing(layout) as opened:
        yield opened


@pytest.fixture
def add(db: Connection, layout: Layout, item: Callable[..., Item]) -> Callable[..., int]:
    def added(number: int, *made: Fingerprint) -> int:
        with transaction(db):
            key = items.insert(db, item(number), None)
            for one in made:
                fingerprints.add(db, layout, key, one)
        return key

    return added


def test_methods_lie_apart(
    db: Connection, layout: Layout, add: Callable[..., int], fingerprint: Callable[..., Fingerprint]
) -> None:
    key = add(1, fingerprint(1), fingerprint(2, count=2, method="other-one/12", code_bytes=16))
    assert fingerprints.methods(db) == ("other-one/12", "test/1")
    assert [(one.method, one.model, one.count) for one in fingerprints.recorded(db, key)] == [
        ("other-one/12", "sha256:abc", 2),
        ("test/1", "sha256:abc", 4),
    ]
    assert (layout.descriptors / "other-one-12" / "codes.bin").stat().st_size == 32
    assert (layout.descriptors / "test-1" / "codes.bin").stat().st_size == 32


def test_a_tail_that_was_never_committed_is_overwritten(
    db: Connection,
    layout: Layout,
    add: Callable[..., int],
    fingerprint: Callable[..., Fingerprint],
    item: Callable[..., Item],
) -> None:
    add(1, fingerprint(1))
    with pytest.raises(RuntimeError), transaction(db):  # noqa: PT012 (what is cut short)
        key = items.insert(db, item(9), None)
        fingerprints.add(db, layout, key, fingerprint(66, count=9))
        raise RuntimeError
    assert (layout.method("test/1") / "times.bin").stat().st_size == 13 * 8
    wanted = fingerprint(2, count=3)
    add(2, wanted)
    index = open_index(db, layout, "test/1")
    assert index is not None
    assert index.size == 7
    np.testing.assert_array_equal(index.columns.codes[4:], wanted.codes)


def test_files_shorter_than_their_rows_are_damage(
    db: Connection, layout: Layout, add: Callable[..., int], fingerprint: Callable[..., Fingerprint]
) -> None:
    add(1, fingerprint(1))
    for name in ("codes.bin", "times.bin"):
        path = layout.method("test/1") / name
        whole = path.read_bytes()
        path.write_bytes(whole[:-1])
        with pytest.raises(ArchiveDamagedError, match="expected 4 rows"):
            open_index(db, layout, "test/1")
        path.write_bytes(whole)
    (layout.method("test/1") / "boxes.bin").unlink()
    with pytest.raises(ArchiveDamagedError, match=r"boxes\.bin"):
        open_index(db, layout, "test/1")


def test_an_empty_fingerprint_is_remembered_and_never_found(
    db: Connection, layout: Layout, add: Callable[..., int], fingerprint: Callable[..., Fingerprint]
) -> None:
    key = add(1, fingerprint(0, count=0))
    index = open_index(db, layout, "test/1")
    assert index is not None
    assert index.size == 0
    assert index.nearest(fingerprint(1).codes, 2).rows.tolist() == [[-1, -1]] * 4
    assert [one.count for one in fingerprints.recorded(db, key)] == [0]


def test_an_index_without_the_method_is_none(db: Connection, layout: Layout) -> None:
    assert open_index(db, layout, "test/1") is None


def test_an_index_keeps_to_collections(
    db: Connection, layout: Layout, add: Callable[..., int], fingerprint: Callable[..., Fingerprint]
) -> None:
    keys = [add(number, fingerprint(number)) for number in range(3)]
    captures.record(db, keys[2], Capture(datetime.now(UTC), "x", Provenance(collection="odesa")))
    index = open_index(db, layout, "test/1", Selection(collections=("odesa",)))
    assert index is not None
    assert index.size == 4
    found = index.nearest(fingerprint(0).codes, 9)
    assert set(index.locate(found.rows[found.rows >= 0]).items.tolist()) == {keys[2]}
    assert fingerprints.methods(db, Selection(collections=("nowhere",))) == ()


@pytest.mark.parametrize("method", ["nothing", "../up/1", "Upper/1", "a/b/1", "a/", "/1"])
def test_a_method_without_a_plain_name_and_version_is_refused(
    add: Callable[..., int], fingerprint: Callable[..., Fingerprint], method: str
) -> None:
    with pytest.raises(ValueError, match="expected a method"):
        add(1, fingerprint(method=method))


def test_a_method_never_changes_its_widths(
    add: Callable[..., int], fingerprint: Callable[..., Fingerprint], db: Connection
) -> None:
    add(1, fingerprint(1))
    with pytest.raises(ValueError, match="expected 8 bytes and 3 dimensions, got 9 and 3"):
        add(2, fingerprint(2, code_bytes=9))
    assert len(list(items.live(db))) == 1


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_scattered_rows_of_a_large_file_leave_little_of_it_resident(tmp_path: Path) -> None:
    rows, width = 1 << 18, 512
    (tmp_path / "vectors.bin").write_bytes(b"\x05" * (rows * width))
    (tmp_path / "times.bin").write_bytes(bytes(8 * rows))
    (tmp_path / "boxes.bin").write_bytes(bytes(16 * rows))
    (tmp_path / "codes.bin").write_bytes(bytes(8 * rows))
    columns = DescriptorFiles(tmp_path, 8, width).mapped(rows)
    before = resident_file_megabytes()
    found = columns.gathered(np.random.default_rng(0).permutation(rows)[: 1 << 14])
    assert found.vectors.min() == found.vectors.max() == 5
    assert resident_file_megabytes() - before < 40  # of 134


def resident_file_megabytes() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssFile:")[1].split()[0]) / 1024
